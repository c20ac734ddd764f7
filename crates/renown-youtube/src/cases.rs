//! Conformance cases: inputs of invented people, and the records that they must give.

use renown_sdk::Case;

use crate::{api, takeout};

pub(crate) const EXAMPLE: Case = Case {
    name: "a page of videos",
    path: "videos.json",
    input: r#"{
  "kind": "youtube#videoListResponse",
  "etag": "e1",
  "pageInfo": {"totalResults": 2, "resultsPerPage": 2},
  "items": [
    {
      "kind": "youtube#video",
      "etag": "e2",
      "id": "oldMill0001",
      "snippet": {"publishedAt": "2026-03-01T10:00:00Z", "channelId": "UCmillwright", "title": "The old mill"},
      "status": {"privacyStatus": "public"},
      "statistics": {"viewCount": "5000000000", "likeCount": "120", "dislikeCount": "3", "favoriteCount": "0",
        "commentCount": "14"}
    },
    {
      "kind": "youtube#video",
      "etag": "e3",
      "id": "newMill0002",
      "snippet": {"publishedAt": "2026-04-02T09:30:00.500Z", "channelId": "UCmillwright", "title": "The new mill"},
      "statistics": {"viewCount": 77, "commentCount": null}
    }
  ]
}"#,
    siblings: &[],
    kind: api::API,
    records: "
        post youtube oldMill0001 author=UCmillwright at=2026-03-01T10:00:00Z observed=2026-04-02T09:30:00.5Z comment=14 dislike=3 favorite=0 like=120 view=5000000000
        post youtube newMill0002 author=UCmillwright at=2026-04-02T09:30:00.5Z observed=2026-04-02T09:30:00.5Z view=77
    ",
};

/// Most channels hold a handle; some hide their subscribers.
const CHANNELS: Case = Case {
    name: "channels, one of which hides its subscribers",
    path: "channels.json",
    input: r#"{"kind": "youtube#channelListResponse", "items": [
        {"kind": "youtube#channel", "id": "UCmillwright",
         "snippet": {"title": "Millwright", "customUrl": "@MillWright", "publishedAt": "2012-01-01T00:00:00Z"},
         "statistics": {"viewCount": "900", "subscriberCount": "1230", "hiddenSubscriberCount": false, "videoCount": "2"}},
        {"kind": "youtube#channel", "id": "UCweir",
         "statistics": {"viewCount": "10", "subscriberCount": "0", "hiddenSubscriberCount": true, "videoCount": "1"}},
        {"kind": "youtube#channel", "id": "UCbanner", "brandingSettings": {"channel": {"title": "Banner"}}}
    ]}"#,
    siblings: &[],
    kind: api::API,
    records: "
        handle youtube account=UCmillwright @MillWright
        observation youtube subscribers account=UCmillwright value=1230
        observation youtube views account=UCmillwright value=900
        observation youtube posts account=UCmillwright value=2
        observation youtube views account=UCweir value=10
        observation youtube posts account=UCweir value=1
        pass-over channel without handle or numbers
    ",
};

/// One broken item and one broken count lose nothing but themselves.
const DAMAGED: Case = Case {
    name: "a page with a broken item, a broken count and a broken time",
    path: "videos.json",
    input: r#"{"kind": "youtube#videoListResponse", "items": [
        {"kind": "youtube#video", "id": "a", "snippet": "none"},
        {"kind": "youtube#video", "id": "b", "id": "c"},
        {"kind": "youtube#video", "id": "d", "snippet": {"channelId": "UCmillwright", "publishedAt": "last spring"},
         "statistics": {"viewCount": "many", "likeCount": -1, "commentCount": 1e30, "favoriteCount": "2"}}
    ]}"#,
    siblings: &[],
    kind: api::API,
    records: "
        reject an item of the page: line 1, column 54 of the document: a value of another type than this field has
        reject an item of the page: line 1, column 42 of the document: a value of another type than this field has
        reject `snippet.publishedAt` is not a time between 1970 and 2148, such as 2019-03-21T20:37:49Z
        reject `statistics.viewCount` is not a count: expected a whole number from 0 to 10^18, or its text
        reject `statistics.likeCount` is not a count: expected a whole number from 0 to 10^18, or its text
        reject `statistics.commentCount` is not a count: expected a whole number from 0 to 10^18, or its text
        post youtube d author=UCmillwright favorite=2
    ",
};

/// The target of a first comment is the video's channel, that of a reply the first comment's author.
const THREADS: Case = Case {
    name: "comment threads with replies",
    path: "threads.json",
    input: r#"{"kind": "youtube#commentThreadListResponse", "items": [
        {"kind": "youtube#commentThread", "id": "Ug1",
         "snippet": {"channelId": "UCmillwright", "videoId": "oldMill0001", "totalReplyCount": 2,
            "topLevelComment": {"kind": "youtube#comment", "id": "Ug1", "snippet": {
                "authorDisplayName": "@WeirKeeper", "authorChannelUrl": "http://www.youtube.com/@WeirKeeper",
                "authorChannelId": {"value": "UCweir"}, "videoId": "oldMill0001", "likeCount": 4,
                "publishedAt": "2026-03-02T08:00:00Z", "updatedAt": "2026-03-02T08:00:00Z"}}},
         "replies": {"comments": [
            {"kind": "youtube#comment", "id": "Ug1.r1", "snippet": {"parentId": "Ug1", "likeCount": 0,
                "authorDisplayName": "Mill Wright", "authorChannelUrl": "http://www.youtube.com/channel/UCmillwright",
                "publishedAt": "2026-03-02T09:00:00Z"}},
            {"kind": "youtube#comment", "id": "Ug1.r2", "snippet": {"parentId": "Ug1", "likeCount": 0,
                "authorDisplayName": "", "publishedAt": "2026-03-02T09:10:00Z"}}
         ]}},
        {"kind": "youtube#commentThread", "id": "Ug2",
         "snippet": {"videoId": "oldMill0001", "topLevelComment": {"id": "Ug2", "snippet": {
            "authorDisplayName": "Old Name", "publishedAt": "2019-04-20T01:03:39.000Z"}}}},
        {"kind": "youtube#commentThread", "id": "Ug3",
         "snippet": {"channelId": "UCmillwright", "topLevelComment": {"id": "Ug3", "snippet": {
            "authorDisplayName": "@Race.Ärger", "authorChannelUrl": "http://www.youtube.com/@Race.%C3%84rger"}}}}
    ]}"#,
    siblings: &[],
    kind: api::API,
    records: "
        interaction youtube comment at=2026-03-02T08:00:00Z actor=UCweir target=UCmillwright object=oldMill0001 id=Ug1
        interaction youtube like at=2026-03-02T08:00:00Z target=UCweir object=Ug1 amount=4
        interaction youtube reply at=2026-03-02T08:00:00Z target=UCweir object=Ug1 amount=2
        handle youtube account=UCweir @WeirKeeper
        interaction youtube reply at=2026-03-02T09:00:00Z actor=UCmillwright target=UCweir object=Ug1 id=Ug1.r1
        pass-over comment without an author
        interaction youtube comment at=2019-04-20T01:03:39Z actor=name:Old Name object=oldMill0001 id=Ug2
        interaction youtube comment actor=@race.ärger target=UCmillwright id=Ug3
    ",
};

const COMMENTS: Case = Case {
    name: "comments listed by themselves",
    path: "comments.json",
    input: r#"{"kind": "youtube#commentListResponse", "items": [
        {"kind": "youtube#comment", "id": "Ug1.r1", "snippet": {"parentId": "Ug1", "authorChannelId": {"value": "UCa"},
            "publishedAt": "2026-03-02T09:00:00Z", "likeCount": "1"}},
        {"kind": "youtube#comment", "id": "Ug9.r1", "snippet": {"parentId": "Ug9", "authorChannelId": {"value": "UCa"},
            "publishedAt": "2026-03-02T10:00:00Z", "likeCount": 0}},
        {"kind": "youtube#comment", "id": "Ug1", "snippet": {"authorChannelId": {"value": "UCb"}, "channelId": "UCc",
            "videoId": "v1", "publishedAt": "2026-03-02T08:00:00Z", "likeCount": 0}},
        {"kind": "youtube#comment", "id": "Ug2", "snippet": {"authorChannelId": {"value": "UCb"},
            "publishedAt": "2019-03-02T08:00:00Z", "likeCount": 2}},
        {"kind": "youtube#comment", "id": "Ug3"}
    ]}"#,
    siblings: &[],
    kind: api::API,
    records: "
        interaction youtube reply at=2026-03-02T09:00:00Z actor=UCa target=UCb object=Ug1 id=Ug1.r1
        interaction youtube like at=2026-03-02T09:00:00Z target=UCa object=Ug1.r1
        interaction youtube reply at=2026-03-02T10:00:00Z actor=UCa object=Ug9 id=Ug9.r1
        interaction youtube comment at=2026-03-02T08:00:00Z actor=UCb target=UCc object=v1 id=Ug1
        pass-over comment on a video that is not named
        interaction youtube like at=2019-03-02T08:00:00Z target=UCb object=Ug2 amount=2
        pass-over resource without the part `snippet`
    ",
};

/// The list form, as a Takeout of 2019 has it; two who name the same pair are the same subscription.
const SUBSCRIPTIONS: Case = Case {
    name: "subscriptions in a plain list",
    path: "Takeout/YouTube/subscriptions/subscriptions.json",
    input: r#"[
        {"kind": "youtube#subscription", "id": "s1", "snippet": {"publishedAt": "2025-12-25T09:12:18.265Z",
            "resourceId": {"kind": "youtube#channel", "channelId": "UCmillwright"}, "channelId": "UCweir"}},
        {"kind": "youtube#subscription", "id": "s2", "snippet": {"publishedAt": "2025-12-26T00:00:00Z",
            "resourceId": {"kind": "youtube#channel", "channelId": "UCmillwright"}},
            "subscriberSnippet": {"channelId": "UCrace", "title": "Race"}},
        {"kind": "youtube#subscription", "id": "s3", "contentDetails": {"totalItemCount": 3}},
        {"kind": "youtube#subscription", "id": "s4", "snippet": {"channelId": ""}}
    ]"#,
    siblings: &[],
    kind: api::API,
    records: "
        interaction youtube subscribe at=2025-12-25T09:12:18.265Z actor=UCweir target=UCmillwright id=UCweir UCmillwright
        interaction youtube subscribe at=2025-12-26T00:00:00Z actor=UCrace target=UCmillwright id=UCrace UCmillwright
        pass-over resource without the part `snippet`
        reject a subscription without `snippet.channelId` or `snippet.resourceId.channelId`
    ",
};

const ACTIVITIES: Case = Case {
    name: "activities of every sort",
    path: "activities.jsonl",
    input: r#"{"kind": "youtube#activity", "id": "a1", "snippet": {"type": "upload", "channelId": "UCa", "publishedAt": "2026-01-01T00:00:00Z"}, "contentDetails": {"upload": {"videoId": "v1"}}}
{"kind": "youtube#activity", "id": "a2", "snippet": {"type": "like", "channelId": "UCa", "publishedAt": "2026-01-02T00:00:00Z"}, "contentDetails": {"like": {"resourceId": {"kind": "youtube#video", "videoId": "v2"}}}}
{"kind": "youtube#activity", "id": "a3", "snippet": {"type": "subscription", "channelId": "UCa", "publishedAt": "2026-01-03T00:00:00Z"}, "contentDetails": {"subscription": {"resourceId": {"channelId": "UCb"}}}}
{"kind": "youtube#activity", "id": "a4", "snippet": {"type": "comment", "channelId": "UCa", "publishedAt": "2026-01-04T00:00:00Z"}, "contentDetails": {"comment": {"resourceId": {"videoId": "v2", "channelId": "UCb"}}}}
{"kind": "youtube#activity", "id": "a5", "snippet": {"type": "favorite", "channelId": "UCa", "publishedAt": "2026-01-05T00:00:00Z"}, "contentDetails": {"favorite": {"resourceId": {"videoId": "v2"}}}}
{"kind": "youtube#activity", "id": "a6", "snippet": {"type": "bulletin", "channelId": "UCa", "publishedAt": "2026-01-06T00:00:00Z"}, "contentDetails": {"bulletin": {"resourceId": {"videoId": "v2"}}}}
{"kind": "youtube#activity", "id": "a7", "snippet": {"type": "recommendation", "channelId": "UCa", "publishedAt": "2026-01-07T00:00:00Z"}, "contentDetails": {"recommendation": {}}}
{"kind": "youtube#activity", "id": "a8", "snippet": {"type": "upload", "channelId": "UCa", "publishedAt": "2026-01-08T00:00:00Z"}}
{"kind": "youtube#activity", "id": "a9", "snippet": {"type": "like", "channelId": "UCa", "publishedAt": "2026-01-09T00:00:00Z"}, "contentDetails": {"like": {}}}
{"error": {"code": 403, "message": "Quota exceeded.", "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}]}}
"#,
    siblings: &[],
    kind: api::API,
    records: "
        post youtube v1 author=UCa at=2026-01-01T00:00:00Z observed=2026-01-01T00:00:00Z
        interaction youtube like at=2026-01-02T00:00:00Z actor=UCa object=v2 id=UCa v2
        interaction youtube subscribe at=2026-01-03T00:00:00Z actor=UCa target=UCb id=UCa UCb
        interaction youtube comment at=2026-01-04T00:00:00Z actor=UCa target=UCb object=v2 id=a4
        interaction youtube favorite at=2026-01-05T00:00:00Z actor=UCa object=v2 id=UCa v2
        interaction youtube share at=2026-01-06T00:00:00Z actor=UCa object=v2 id=UCa v2
        pass-over activity of another sort
        pass-over activity without the part `contentDetails`
        pass-over activity about no video or channel
        pass-over error body
    ",
};

const PLAYLISTS: Case = Case {
    name: "playlist entries: chosen, liked, favoured, uploaded",
    path: "playlistItems.json",
    input: r#"{"kind": "youtube#playlistItemListResponse", "items": [
        {"kind": "youtube#playlistItem", "id": "p1", "snippet": {"publishedAt": "2026-02-01T00:00:00Z", "channelId": "UCa",
            "playlistId": "PLmills", "resourceId": {"kind": "youtube#video", "videoId": "v1"},
            "videoOwnerChannelId": "UCb"}, "contentDetails": {"videoId": "v1", "videoPublishedAt": "2020-01-01T00:00:00Z"}},
        {"kind": "youtube#playlistItem", "id": "p2", "snippet": {"publishedAt": "2026-02-02T00:00:00Z", "channelId": "UCa",
            "playlistId": "LL", "resourceId": {"videoId": "v2"}, "videoOwnerChannelId": "UCb"}},
        {"kind": "youtube#playlistItem", "id": "p3", "snippet": {"publishedAt": "2026-02-03T00:00:00Z", "channelId": "UCa",
            "playlistId": "FLa", "resourceId": {"videoId": "v3"}}},
        {"kind": "youtube#playlistItem", "id": "p4", "snippet": {"publishedAt": "2026-02-04T00:00:00Z", "channelId": "UCa",
            "playlistId": "UUa", "resourceId": {"videoId": "v4"}}},
        {"kind": "youtube#playlistItem", "id": "p5", "snippet": {"publishedAt": "2026-02-05T00:00:00Z", "channelId": "UCa",
            "playlistId": "PLmills", "resourceId": {"videoId": "v5"}}},
        {"kind": "youtube#playlistItem", "id": "p6", "snippet": {"channelId": "UCa", "playlistId": "UUa",
            "resourceId": {"videoId": "v6"}}, "status": {"privacyStatus": "private"}}
    ]}"#,
    siblings: &[],
    kind: api::API,
    records: "
        post youtube v1 author=UCb at=2020-01-01T00:00:00Z observed=2026-02-05T00:00:00Z
        interaction youtube like at=2026-02-02T00:00:00Z actor=UCa target=UCb object=v2 id=UCa v2
        post youtube v2 author=UCb observed=2026-02-05T00:00:00Z
        interaction youtube favorite at=2026-02-03T00:00:00Z actor=UCa object=v3 id=UCa v3
        post youtube v4 author=UCa at=2026-02-04T00:00:00Z observed=2026-02-05T00:00:00Z
        pass-over playlist entry without the video's channel
        pass-over private video
    ",
};

const SEARCH: Case = Case {
    name: "search results and members, keys in the order of the alphabet",
    path: "pages.json",
    input: r#"[
        {"etag": "e", "items": [
            {"etag": "e", "id": {"kind": "youtube#video", "videoId": "v1"}, "kind": "youtube#searchResult",
             "snippet": {"channelId": "UCa", "publishedAt": "2026-01-01T00:00:00Z"}},
            {"etag": "e", "id": {"channelId": "UCa", "kind": "youtube#channel"}, "kind": "youtube#searchResult",
             "snippet": {"channelId": "UCa", "publishedAt": "2015-01-01T00:00:00Z"}}
         ], "kind": "youtube#searchListResponse"},
        {"etag": "e", "items": [
            {"etag": "e", "kind": "youtube#member", "snippet": {"creatorChannelId": "UCa",
             "memberDetails": {"channelId": "UCb", "displayName": "B"},
             "membershipsDetails": {"membershipsDuration": {"memberSince": "2025-08-23T00:34:43Z"}}}}
         ], "kind": "youtube#memberListResponse"}
    ]"#,
    siblings: &[],
    kind: api::API,
    records: "
        post youtube v1 author=UCa at=2026-01-01T00:00:00Z observed=2026-01-01T00:00:00Z
        pass-over channel or playlist in search results
        interaction youtube join at=2025-08-23T00:34:43Z actor=UCb target=UCa id=UCb UCa
    ",
};

const NO_RECORDS: Case = Case {
    name: "resources that are no records",
    path: "others.jsonl",
    input: r#"{"kind": "youtube#videoCategoryListResponse", "items": [{"kind": "youtube#videoCategory", "id": "17", "snippet": {"title": "Sports", "channelId": "UCx"}}]}
{"kind": "youtube#videoGetRatingResponse", "items": [{"videoId": "v1", "rating": "like"}]}
{"kind": "youtube#videoListResponse", "items": [{"id": "v1", "statistics": {"viewCount": "3"}}, {"id": "v2"}, {"kind": "youtube#video", "id": "v3", "status": {"privacyStatus": "private"}}]}
{"kind": "youtube#subscriptionListResponse", "items": []}
{"kind": "youtube#subscriptionListResponse"}
{"kind": "youtube#playlist", "id": "PLmills"}
{"kind": "calendar#event", "id": "e1"}
{"id": "v1"}
[1]
"#,
    siblings: &[],
    kind: api::API,
    records: "
        pass-over category
        pass-over rating by the signed-in user, who is not named
        post youtube v1 view=3
        pass-over video without channel or numbers
        pass-over private video
        pass-over playlist
        pass-over resource of another product
        reject a document without `kind`: expected `youtube#` and the sort of resource
        reject line 1, column 1 of the document: a value of another type than this field has
    ",
};

const ERROR: Case = Case {
    name: "an error body",
    path: "error.json",
    input: r#"{"error": {"errors": [{"domain": "usageLimits", "reason": "keyInvalid", "message": "Bad Request"}], "code": 400,
        "message": "Bad Request"}}"#,
    siblings: &[],
    kind: api::API,
    records: "pass-over error body",
};

/// Whose the table is, stands in another.
const TAKEOUT_SUBSCRIPTIONS: Case = Case {
    name: "Takeout's subscriptions",
    path: "Takeout/YouTube and YouTube Music/subscriptions/subscriptions.csv",
    input: "\u{feff}Channel Id,Channel Url,Channel Title\r\nUCmillwright,http://www.youtube.com/channel/UCmillwright,\"Mill,\
            \r\nWright\"\r\n,http://www.youtube.com/channel/UCweir,Weir\r\n,,Gone\r\n\r\n",
    siblings: &[("../channels/channel.csv", "Channel ID,Channel Title (Original)\nUCowner,Ada\n")],
    kind: takeout::SUBSCRIPTIONS,
    records: "
        interaction youtube subscribe actor=UCowner target=UCmillwright id=UCowner UCmillwright
        interaction youtube subscribe actor=UCowner target=UCweir id=UCowner UCweir
        reject a subscription without `Channel Id`
    ",
};

const TAKEOUT_SUBSCRIPTIONS_GERMAN: Case = Case {
    name: "Takeout's subscriptions in another language, of an unknown owner",
    path: "ada/Takeout/YouTube und YouTube Music/Abos/Abos.csv",
    input: "Kanal-ID,Kanal-URL,Kanaltitel\n\
            UCab-_0123456789ABCDEFgh,http://www.youtube.com/channel/UCab-_0123456789ABCDEFgh,Mühle\n",
    siblings: &[],
    kind: takeout::SUBSCRIPTIONS,
    records: "interaction youtube subscribe actor=owner:ada/Takeout target=UCab-_0123456789ABCDEFgh \
              id=owner:ada/Takeout UCab-_0123456789ABCDEFgh",
};

const TAKEOUT_COMMENTS: Case = Case {
    name: "Takeout's comments, with a reply, mentions and a community post",
    path: "Takeout/YouTube and YouTube Music/comments/comments.csv",
    input: r#"Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID
Ug1,UCowner,2026-03-02T08:00:00.123456+00:00,0,,,v1,"{""text"":""Lovely,
 that wheel""}",Ug1
Ug2.r1,UCowner,2026-03-03T08:00:00+00:00,0,Ug2,,v1,"{""text"":""@weir"",""mention"":{""externalChannelId"":""UCweir""}},{""text"":"" yes""}",Ug2
Ug3,UCowner,2026-03-04T08:00:00+00:00,0,,Ugkx1,,"{""takeoutSegments"":[{""text"":""@race"",""mention"":{""externalChannelId"":""UCrace""}}]}",
Ug4,UCowner,some day,0,,,v1,"externalChannelId",
,UCowner,2026-03-05T08:00:00+00:00,0,,,v1,x,
Ug6,UCowner,2026-03-05T08:00:00+00:00,0,,,,x,


"#,
    siblings: &[],
    kind: takeout::COMMENTS,
    records: "
        interaction youtube comment at=2026-03-02T08:00:00.123456Z actor=UCowner object=v1 id=Ug1
        interaction youtube reply at=2026-03-03T08:00:00Z actor=UCowner object=Ug2 id=Ug2.r1
        interaction youtube mention at=2026-03-03T08:00:00Z actor=UCowner target=UCweir id=Ug2.r1
        interaction youtube comment at=2026-03-04T08:00:00Z actor=UCowner object=Ugkx1 id=Ug3
        interaction youtube mention at=2026-03-04T08:00:00Z actor=UCowner target=UCrace id=Ug3
        reject `Comment Create Timestamp` is not a time between 1970 and 2148, such as 2019-03-21T20:37:49Z
        interaction youtube comment actor=UCowner object=v1 id=Ug4
        reject a comment without `Comment ID`
        reject a comment without `Video ID`, `Post ID` or `Parent Comment ID`
    ",
};

const TAKEOUT_COMMENTS_2024: Case = Case {
    name: "Takeout's comments in the columns of 2024, in lower case, without a channel",
    path: "Takeout/YouTube and YouTube Music/comments/comments(1).csv",
    input: "Channel ID,Comment create timestamp,Price,Comment ID,Parent comment ID,Video ID,Comment text\n\
            ,2024-04-14T07:39:35.956042+00:00,0,Ug1,,v1,\"{\"\"text\"\":\"\"x\"\"}\"\n",
    siblings: &[(
        "../comments/comments.csv",
        "Comment ID,Channel ID,Comment Create Timestamp\nUg0,UCowner,2024\n",
    )],
    kind: takeout::COMMENTS,
    records: "interaction youtube comment at=2024-04-14T07:39:35.956042Z actor=UCowner object=v1 id=Ug1",
};

const TAKEOUT_COMMENTS_GERMAN: Case = Case {
    name: "Takeout's comments in another language: what a field is, its form says",
    path: "Takeout/YouTube und YouTube Music/Kommentare/Kommentare.csv",
    input: r#"Kommentar-ID,Kanal-ID,Zeitstempel,Preis,ID des übergeordneten Kommentars,Beitrags-ID,Video-ID,Kommentartext
UgxAbCdEfGhIjKlMnOpQ4AaABAg,UCab-_0123456789ABCDEFgh,2026-03-02T08:00:00.123456+00:00,0,,,aB-3_xyzXYZ,"{""text"":""Schön""}"
UgxAbCdEfGhIjKlMnOpQ4AaABAg.9abcdefghij,UCab-_0123456789ABCDEFgh,2026-03-03T08:00:00+00:00,0,UgxAbCdEfGhIjKlMnOpQ4AaABAg,,aB-3_xyzXYZ,"{""text"":""@weir"",""mention"":{""externalChannelId"":""UCweir""}}"
UgyAbCdEfGhIjKlMnOpQ4AaABAg,,2026-03-04T08:00:00+00:00,0,,UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345,,"{""text"":""Ja""}"
,UCab-_0123456789ABCDEFgh,2026-03-05T08:00:00+00:00,0,,,aB-3_xyzXYZ,"{""text"":""Nein""}"
"#,
    siblings: &[("../Kanäle/Kanal.csv", "Kanal-ID,Kanaltitel (Original)\nUCab-_0123456789ABCDEFgh,Ada\n")],
    kind: takeout::COMMENTS,
    records: "
        interaction youtube comment at=2026-03-02T08:00:00.123456Z actor=UCab-_0123456789ABCDEFgh object=aB-3_xyzXYZ \
            id=UgxAbCdEfGhIjKlMnOpQ4AaABAg
        interaction youtube reply at=2026-03-03T08:00:00Z actor=UCab-_0123456789ABCDEFgh \
            object=UgxAbCdEfGhIjKlMnOpQ4AaABAg id=UgxAbCdEfGhIjKlMnOpQ4AaABAg.9abcdefghij
        interaction youtube mention at=2026-03-03T08:00:00Z actor=UCab-_0123456789ABCDEFgh target=UCweir \
            id=UgxAbCdEfGhIjKlMnOpQ4AaABAg.9abcdefghij
        interaction youtube comment at=2026-03-04T08:00:00Z actor=UCab-_0123456789ABCDEFgh \
            object=UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345 id=UgyAbCdEfGhIjKlMnOpQ4AaABAg
        reject a comment without `Comment ID`
    ",
};

const TAKEOUT_LIVE_CHATS: Case = Case {
    name: "Takeout's live chats",
    path: "Takeout/YouTube and YouTube Music/live chats/live chats.csv",
    input: "Live Chat ID,Channel ID,Live Chat Create Timestamp,Price,Currency code,Video ID,Live Chat Text\n\
            LC1,UCowner,2026-03-02T08:00:00+00:00,5000000,EUR,v1,\"{\"\"text\"\":\"\"Bravo\"\"}\"\n\
            LC2,UCowner,2026-03-02T08:01:00+00:00,0,,,x\n",
    siblings: &[],
    kind: takeout::LIVE_CHATS,
    records: "
        interaction youtube live-chat at=2026-03-02T08:00:00Z actor=UCowner object=v1 id=LC1
        reject a live chat message without `Live Chat ID` or `Video ID`
    ",
};

const TAKEOUT_VIDEOS: Case = Case {
    name: "Takeout's videos, with counts",
    path: "Takeout/YouTube and YouTube Music/video metadata/videos.csv",
    input: "Video ID,Approx Duration (ms),Channel ID,Video Title (Original),Privacy,Video Create Timestamp,\
            Video Publish Timestamp,Views,Likes\n\
            v1,1000,UCowner,Wheel,Public,2026-03-01T08:00:00+00:00,2026-03-02T08:00:00+00:00,12,-1\n\
            v2,1000,UCowner,Race,Unlisted,2026-03-03T08:00:00+00:00,,,0\n\
            v3,1000,UCowner,Secret,Private,2026-03-04T08:00:00+00:00,,,\n",
    siblings: &[],
    kind: takeout::VIDEOS,
    records: "
        reject `Likes` is not a count: expected a whole number from 0 to 10^18, or its text
        post youtube v1 author=UCowner at=2026-03-02T08:00:00Z observed=2026-03-02T08:00:00Z view=12
        post youtube v2 author=UCowner at=2026-03-03T08:00:00Z observed=2026-03-03T08:00:00Z like=0
        pass-over private video or post
    ",
};

const TAKEOUT_VIDEOS_FRENCH: Case = Case {
    name: "Takeout's videos in another language",
    path: "Takeout/YouTube et YouTube Music/métadonnées des vidéos/vidéos.csv",
    input: "ID vidéo,Durée,ID de la chaîne,Titre de la vidéo (d'origine),Confidentialité,Code temporel de création,\
            Code temporel de publication\n\
            aB-3_xyzXYZ,1000,UCab-_0123456789ABCDEFgh,Roue,Publique,2026-03-01T08:00:00+00:00,2026-03-02T08:00:00+00:00\n\
            aB-3_xyzXY0,1000,UCab-_0123456789ABCDEFgh,Course,Privée,2026-03-03T08:00:00+00:00,\n\
            aB-3_xyzXY1,1000,,Course,Publique,2026-03-03T08:00:00+00:00,\n",
    siblings: &[],
    kind: takeout::VIDEOS,
    records: "
        post youtube aB-3_xyzXYZ author=UCab-_0123456789ABCDEFgh at=2026-03-02T08:00:00Z observed=2026-03-02T08:00:00Z
        pass-over private video or post
        reject a video without its id or its channel's
    ",
};

const TAKEOUT_POSTS: Case = Case {
    name: "Takeout's community posts",
    path: "Takeout/YouTube and YouTube Music/posts/posts.csv",
    input: "Post ID,Channel ID,Post Create Timestamp,Post Text\nUgkx1,UCowner,2026-03-02T08:00:00+00:00,Hello\n",
    siblings: &[],
    kind: takeout::POSTS,
    records: "post youtube Ugkx1 author=UCowner at=2026-03-02T08:00:00Z observed=2026-03-02T08:00:00Z",
};

const TAKEOUT_LIKES: Case = Case {
    name: "Takeout's liked videos",
    path: "Takeout/YouTube and YouTube Music/playlists/Liked videos-videos.csv",
    input: "Video ID,Playlist Video Creation Timestamp\nv1,2026-03-02T08:00:00+00:00\n,2026-03-02T08:00:00+00:00\n",
    siblings: &[("../channels/channel.csv", "Channel ID,Channel Title (Original)\nUCowner,Ada\n")],
    kind: takeout::LIKES,
    records: "
        interaction youtube like at=2026-03-02T08:00:00Z actor=UCowner object=v1 id=UCowner v1
        reject a liked video without `Video ID`
    ",
};

const TAKEOUT_CHANNEL_URLS: Case = Case {
    name: "Takeout's channel addresses",
    path: "Takeout/YouTube and YouTube Music/channels/channel URL configs.csv",
    input: "Channel ID,Channel Vanity URL 1 Name\nUCowner,@AdaMills\nUCother,\n,@nobody\n",
    siblings: &[],
    kind: takeout::CHANNELS,
    records: "
        handle youtube account=UCowner @AdaMills
        pass-over channel without handle
        reject a channel without `Channel ID`
    ",
};

const TAKEOUT_HISTORY: Case = Case {
    name: "Takeout's history",
    path: "Takeout/YouTube and YouTube Music/history/watch-history.json",
    input: r#"[
        {"header": "YouTube", "title": "Watched The old mill", "titleUrl": "https://www.youtube.com/watch?v\u003dv1",
         "subtitles": [{"name": "Mill Wright", "url": "https://www.youtube.com/channel/UCmillwright"}],
         "time": "2026-03-02T08:00:00.125Z", "products": ["YouTube"], "activityControls": ["YouTube watch history"]},
        {"header": "YouTube Music", "title": "Watched A song", "titleUrl": "https://music.youtube.com/watch?v=v2",
         "subtitles": [{"name": "Race", "url": "https://www.youtube.com/@Race"}], "time": "2026-03-02T09:00:00Z"},
        {"header": "YouTube", "title": "Watched A video", "titleUrl": "https://www.youtube.com/watch?v=v3",
         "subtitles": [{"name": "Old", "url": "https://www.youtube.com/user/old"}], "time": "2026-03-02T10:00:00Z"},
        {"header": "YouTube", "title": "Viewed a post", "titleUrl": "https://www.youtube.com/post/Ugkx1", "time": "then"},
        {"header": "YouTube", "title": "Watched a video that has been removed", "time": "2026-03-02T11:00:00Z"},
        {"header": "YouTube", "title": "Watched Buy a mill", "titleUrl": "https://www.youtube.com/watch?v=ad1",
         "details": [{"name": "From Google Ads"}], "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": "Liked The old mill", "titleUrl": "https://www.youtube.com/watch?v=v1",
         "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": "Disliked The new mill", "titleUrl": "https://www.youtube.com/watch?v=v4",
         "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": "Subscribed to Weir", "titleUrl": "https://www.youtube.com/channel/UCweir",
         "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": "Searched for mills",
         "titleUrl": "https://www.youtube.com/results?search_query=mills", "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": "Visited a page", "titleUrl": "https://example.org/", "time": "2026-03-02T12:00:00Z"},
        {"header": "Maps", "title": "Used Maps", "time": "2026-03-02T12:00:00Z"},
        {"header": "YouTube", "title": 5}
    ]"#,
    siblings: &[("../channels/channel.csv", "Channel ID,Channel Title (Original)\nUCowner,Ada\n")],
    kind: takeout::HISTORY,
    records: "
        interaction youtube view at=2026-03-02T08:00:00.125Z actor=UCowner target=UCmillwright object=v1 id=UCowner v1 1772438400125000
        interaction youtube view at=2026-03-02T09:00:00Z actor=UCowner target=@race object=v2 id=UCowner v2 1772442000000000
        interaction youtube view at=2026-03-02T10:00:00Z actor=UCowner object=v3 id=UCowner v3 1772445600000000
        reject `time` is not a time between 1970 and 2148, such as 2019-03-21T20:37:49Z
        interaction youtube view actor=UCowner object=Ugkx1 id=UCowner Ugkx1 0
        pass-over activity about what is no longer there
        pass-over advert
        interaction youtube like at=2026-03-02T12:00:00Z actor=UCowner object=v1 id=UCowner v1
        pass-over other activity
        interaction youtube subscribe at=2026-03-02T12:00:00Z actor=UCowner target=UCweir id=UCowner UCweir
        pass-over search
        pass-over other activity
        pass-over activity on another product
        reject line 1, column 32 of the document: a value of another type than this field has
    ",
};

const TAKEOUT_HTML: Case = Case {
    name: "Takeout's history as a page to look at",
    path: "Takeout/YouTube and YouTube Music/history/watch-history.html",
    input: "<html><head><title>My Activity History</title></head><body></body></html>",
    siblings: &[],
    kind: takeout::HTML,
    records: "",
};

const TAKEOUT_OTHER: Case = Case {
    name: "a playlist of Takeout's",
    path: "Takeout/YouTube and YouTube Music/playlists/Mills-videos.csv",
    input: "Video ID,Playlist Video Creation Timestamp\nv1,2026-03-02T08:00:00+00:00\n",
    siblings: &[],
    kind: takeout::OTHER,
    records: "",
};

const TAKEOUT_OTHER_GERMAN: Case = Case {
    name: "a playlist of Takeout's in another language",
    path: "Takeout/YouTube und YouTube Music/Playlists/Mühlen-Videos.csv",
    input: "Video-ID,Zeitstempel bei Erstellung des Playlist-Videos\naB-3_xyzXYZ,2026-03-02T08:00:00+00:00\n",
    siblings: &[],
    kind: takeout::OTHER,
    records: "",
};

pub(crate) const CASES: &[Case] = &[
    CHANNELS,
    DAMAGED,
    THREADS,
    COMMENTS,
    SUBSCRIPTIONS,
    ACTIVITIES,
    PLAYLISTS,
    SEARCH,
    NO_RECORDS,
    ERROR,
    TAKEOUT_SUBSCRIPTIONS,
    TAKEOUT_SUBSCRIPTIONS_GERMAN,
    TAKEOUT_COMMENTS,
    TAKEOUT_COMMENTS_2024,
    TAKEOUT_COMMENTS_GERMAN,
    TAKEOUT_LIVE_CHATS,
    TAKEOUT_VIDEOS,
    TAKEOUT_VIDEOS_FRENCH,
    TAKEOUT_POSTS,
    TAKEOUT_LIKES,
    TAKEOUT_CHANNEL_URLS,
    TAKEOUT_HISTORY,
    TAKEOUT_HTML,
    TAKEOUT_OTHER,
    TAKEOUT_OTHER_GERMAN,
];
