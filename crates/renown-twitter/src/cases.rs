//! Conformance cases: invented people, and the records that their files must give.

use renown_sdk::Case;

/// The manifest's example: a page of API v2 with a post, a retweet, a quote, a reply and mentions.
pub(crate) const PAGE: Case = Case {
    name: "a page of API v2",
    path: "tweets.json",
    input: r#"{
  "data": [
    {"id": "1500000000000000101", "author_id": "11", "created_at": "2026-03-02T09:00:00.000Z", "text": "Slides are up @bo_example",
     "entities": {"mentions": [{"start": 14, "end": 25, "username": "bo_example", "id": "12"}]},
     "public_metrics": {"retweet_count": 4, "reply_count": 2, "like_count": 30, "quote_count": 1, "bookmark_count": 3, "impression_count": 2500}},
    {"id": "1500000000000000102", "author_id": "12", "created_at": "2026-03-02T10:00:00.000Z", "text": "RT @ada_example: Slides are up @bo_example",
     "entities": {"mentions": [{"start": 3, "end": 15, "username": "ada_example", "id": "11"}, {"start": 31, "end": 42, "username": "bo_example", "id": "12"}]},
     "referenced_tweets": [{"type": "retweeted", "id": "1500000000000000101"}],
     "public_metrics": {"retweet_count": 4, "reply_count": 0, "like_count": 0, "quote_count": 0}},
    {"id": "1500000000000000103", "author_id": "13", "created_at": "2026-03-02T11:00:00.000Z", "text": "Worth your time, @ada_example and @bo_example",
     "entities": {"mentions": [{"start": 17, "end": 29, "username": "ada_example", "id": "11"}, {"start": 34, "end": 45, "username": "bo_example", "id": "12"}]},
     "referenced_tweets": [{"type": "quoted", "id": "1500000000000000101"}]},
    {"id": "1500000000000000104", "author_id": "12", "created_at": "2026-03-02T12:00:00.000Z", "text": "@cy_example Agreed @ada_example", "in_reply_to_user_id": "13",
     "entities": {"mentions": [{"start": 0, "end": 11, "username": "cy_example", "id": "13"}, {"start": 19, "end": 31, "username": "ada_example", "id": "11"}]},
     "referenced_tweets": [{"type": "replied_to", "id": "1500000000000000103"}]}
  ],
  "includes": {"users": [
    {"id": "11", "name": "Ada", "username": "ada_example", "created_at": "2012-01-01T00:00:00.000Z",
     "public_metrics": {"followers_count": 900, "following_count": 80, "tweet_count": 1200, "listed_count": 14, "like_count": 333}}
  ]},
  "meta": {"result_count": 4, "newest_id": "1500000000000000104", "oldest_id": "1500000000000000101"}
}"#,
    siblings: &[],
    kind: "api-v2",
    records: "
        post twitter 1500000000000000101 author=11 at=2026-03-02T09:00:00Z observed=2026-03-02T12:00:00Z bookmark=3 like=30 quote=1 reply=2 repost=4 view=2500
        handle twitter account=12 @bo_example
        interaction twitter mention at=2026-03-02T09:00:00Z actor=11 target=12 id=1500000000000000101
        interaction twitter repost at=2026-03-02T10:00:00Z actor=12 target=11 object=1500000000000000101 id=1500000000000000102
        post twitter 1500000000000000103 author=13 at=2026-03-02T11:00:00Z observed=2026-03-02T12:00:00Z
        interaction twitter quote at=2026-03-02T11:00:00Z actor=13 target=11 object=1500000000000000101 id=1500000000000000103
        handle twitter account=11 @ada_example
        handle twitter account=12 @bo_example
        interaction twitter mention at=2026-03-02T11:00:00Z actor=13 target=12 id=1500000000000000103
        post twitter 1500000000000000104 author=12 at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z
        interaction twitter reply at=2026-03-02T12:00:00Z actor=12 target=13 object=1500000000000000103 id=1500000000000000104
        handle twitter account=13 @cy_example
        handle twitter account=11 @ada_example
        interaction twitter mention at=2026-03-02T12:00:00Z actor=12 target=11 id=1500000000000000104
        handle twitter account=11 @ada_example
        observation twitter followers account=11 at=2026-03-02T12:00:00Z value=900
        observation twitter friends account=11 at=2026-03-02T12:00:00Z value=80
        observation twitter posts account=11 at=2026-03-02T12:00:00Z value=1200
        observation twitter listed account=11 at=2026-03-02T12:00:00Z value=14
        observation twitter favourites account=11 at=2026-03-02T12:00:00Z value=333",
};

/// What stands in `account.js` in the cases of archives.
const ACCOUNT: &str = r#"window.YTD.account.part0 = [ { "account" : { "email" : "ada@example.org", "username" : "Ada_Example", "accountId" : "11", "createdAt" : "2012-01-01T00:00:00.000Z", "accountDisplayName" : "Ada" } } ]"#;

/// And in `manifest.js`.
const ARCHIVE_MANIFEST: &str = r#"window.__THAR_CONFIG = { "userInfo" : { "accountId" : "11", "userName" : "Ada_Example", "displayName" : "Ada" }, "archiveInfo" : { "sizeBytes" : "123", "generationDate" : "2026-04-01T08:00:00.000Z", "isPartialArchive" : false }, "dataTypes" : { } };"#;

/// All other cases.
pub(crate) const CASES: [Case; 15] = [
    Case {
        name: "a stream of API v2 with an error, whose lines are documents of their own",
        path: "stream.jsonl",
        input: r#"
{"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect", "type": "https://api.twitter.com/2/problems/operational-disconnect"}]}

{"data": {"id": "1500000000000000105", "author_id": "13", "text": "RT @ada_example: Slides", "referenced_tweets": [{"type": "retweeted", "id": "1500000000000000101"}]}, "includes": {"tweets": [{"id": "1500000000000000101", "author_id": "11", "text": "Slides", "created_at": "2022-03-05T06:00:00.000Z"}]}, "matching_rules": [{"id": "1", "tag": "slides"}], "errors": [{"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}]}
"#,
        siblings: &[],
        kind: "api-v2",
        records: "
            pass-over error body
            pass-over errors beside a page's data
            interaction twitter repost at=2022-03-05T06:47:23.309Z actor=13 target=11 object=1500000000000000101 id=1500000000000000105
            post twitter 1500000000000000101 author=11 at=2022-03-05T06:00:00Z observed=2022-03-05T06:47:23.309Z",
    },
    Case {
        name: "retweets of a page that did not ask for referenced_tweets, and a retweet by hand",
        path: "page.json",
        input: r#"{"data": [
  {"id": "1500000000000000102", "author_id": "12", "created_at": "2026-03-02T10:00:00.000Z", "text": "RT @Ada_Example: Slides are \"up\"", "public_metrics": {"retweet_count": 49, "reply_count": 0, "like_count": 0, "quote_count": 0}},
  {"id": "1500000000000000103", "author_id": "12", "created_at": "2026-03-02T10:01:00.000Z", "text": "RT @ada_example: by hand", "public_metrics": {"retweet_count": 0, "reply_count": 1, "like_count": 2, "quote_count": 0}}
], "meta": {"result_count": 2}}"#,
        siblings: &[],
        kind: "api-v2",
        records: "
            interaction twitter repost at=2026-03-02T10:00:00Z actor=12 target=@ada_example id=1500000000000000102
            post twitter 1500000000000000103 author=12 at=2026-03-02T10:01:00Z observed=2026-03-02T10:01:00Z like=2 quote=0 reply=1 repost=0",
    },
    Case {
        name: "a bad total and a bad time lose nothing else",
        path: "page.json",
        input: r#"{"data": [{"id": "77", "author_id": "11", "created_at": "soon", "text": "x", "public_metrics": {"retweet_count": -1, "like_count": 5}},
  {"id": "78", "author_id": "11", "created_at": null, "text": "y", "public_metrics": {"retweet_count": 1e30, "like_count": "6"}}, null, {"id": "9", "name": "a list"}], "includes": {"users": null}, "meta": {"result_count": 2}}"#,
        siblings: &[],
        kind: "api-v2",
        records: "
            post twitter 77 author=11 like=5
            post twitter 78 author=11 like=6
            pass-over object that is no tweet and no user
            reject created_at: not a time such as 2026-09-30T12:00:00.000Z
            reject public_metrics.retweet_count: not a whole number from 0 to 10^18 (2 times in this document)",
    },
    Case {
        name: "flattened tweets of API v2",
        path: "flat.jsonl",
        input: r#"{"id": "1500000000000000104", "author_id": "12", "author": {"id": "12", "username": "bo_example", "public_metrics": {"followers_count": 5}}, "created_at": "2026-03-02T12:00:00.000Z", "community_id": "1490000000000000001", "text": "@ada_example thanks", "in_reply_to_user_id": "11", "referenced_tweets": [{"type": "replied_to", "id": "1500000000000000101", "author_id": "11", "text": "Slides"}], "entities": {"mentions": [{"start": 0, "username": "ada_example"}]}}
{"id": "1500000000000000106", "author_id": "12", "text": "Look", "created_at": "2026-03-03T12:00:00.000Z", "referenced_tweets": [{"type": "quoted", "id": "1500000000000000101", "author_id": "11"}]}"#,
        siblings: &[],
        kind: "api-v2-objects",
        records: "
            handle twitter account=12 @bo_example
            observation twitter followers account=12 at=2026-03-02T12:00:00Z value=5
            membership twitter account=12 community=1490000000000000001 at=2026-03-02T12:00:00Z
            post twitter 1500000000000000104 author=12 at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z
            interaction twitter reply at=2026-03-02T12:00:00Z actor=12 target=11 object=1500000000000000101 id=1500000000000000104
            post twitter 1500000000000000106 author=12 at=2026-03-03T12:00:00Z observed=2026-03-03T12:00:00Z
            interaction twitter quote at=2026-03-03T12:00:00Z actor=12 target=11 object=1500000000000000101 id=1500000000000000106",
    },
    Case {
        name: "a timeline of API v1.1 with a retweet of a quote",
        path: "timeline.json",
        input: r#"[
  {"created_at": "Mon Mar 02 12:00:00 +0000 2026", "id": 1500000000000000200, "id_str": "1500000000000000201", "text": "RT @bo_example: yes @cy_example",
   "user": {"id": 14, "id_str": "14", "screen_name": "di_example", "followers_count": 7, "friends_count": 8, "listed_count": 0, "statuses_count": 9, "favourites_count": 10},
   "entities": {"user_mentions": [{"id": 12, "id_str": "12", "screen_name": "bo_example"}, {"id": 13, "screen_name": "cy_example"}]},
   "retweet_count": 3, "favorite_count": 0, "in_reply_to_status_id": null, "favorited": false,
   "quoted_status_id_str": "1500000000000000101", "quoted_status": {"id_str": "1500000000000000101", "text": "Slides", "user": {"id_str": "11"}},
   "retweeted_status": {"created_at": "Mon Mar 02 11:00:00 +0000 2026", "id_str": "1500000000000000202", "text": "yes", "user": {"id_str": "12", "screen_name": "bo_example"},
      "entities": {"user_mentions": [{"id": 13, "screen_name": "cy_example"}]}, "retweet_count": 3, "favorite_count": 20, "reply_count": 1, "quote_count": 0,
      "quoted_status_id_str": "1500000000000000101",
      "quoted_status": {"created_at": "Mon Mar 02 10:00:00 +0000 2026", "id_str": "1500000000000000101", "text": "Slides", "user": {"id_str": "11", "screen_name": "ada_example"}, "favorite_count": 30}}}
]"#,
        siblings: &[],
        kind: "api-v1-statuses",
        records: "
            handle twitter account=14 @di_example
            observation twitter followers account=14 at=2026-03-02T12:00:00Z value=7
            observation twitter friends account=14 at=2026-03-02T12:00:00Z value=8
            observation twitter listed account=14 at=2026-03-02T12:00:00Z value=0
            observation twitter posts account=14 at=2026-03-02T12:00:00Z value=9
            observation twitter favourites account=14 at=2026-03-02T12:00:00Z value=10
            interaction twitter repost at=2026-03-02T12:00:00Z actor=14 target=12 object=1500000000000000202 id=1500000000000000201
            handle twitter account=12 @bo_example
            post twitter 1500000000000000202 author=12 at=2026-03-02T11:00:00Z observed=2026-03-02T12:00:00Z like=20 quote=0 reply=1 repost=3
            interaction twitter quote at=2026-03-02T11:00:00Z actor=12 target=11 object=1500000000000000101 id=1500000000000000202
            handle twitter account=13 @cy_example
            interaction twitter mention at=2026-03-02T11:00:00Z actor=12 target=13 id=1500000000000000202
            handle twitter account=11 @ada_example
            post twitter 1500000000000000101 author=11 at=2026-03-02T10:00:00Z observed=2026-03-02T12:00:00Z like=30",
    },
    Case {
        name: "a stream of API v1.1 with notices and events",
        path: "stream.json",
        input: r#"{"friends": [11, 12]}

{"delete": {"status": {"id": 5, "id_str": "5", "user_id": 11, "user_id_str": "11"}}}
{"limit": {"track": 3}}
{"created_at": "Mon Mar 02 12:00:00 +0000 2026", "id_str": "1500000000000000203", "text": "@ada_example @bo_example hm", "truncated": true, "user": {"id_str": "13"}, "in_reply_to_status_id_str": "1500000000000000101", "in_reply_to_user_id_str": "11", "in_reply_to_screen_name": "ada_example", "entities": {"user_mentions": []}, "extended_tweet": {"full_text": "@ada_example @bo_example hm", "entities": {"user_mentions": [{"id_str": "11", "screen_name": "ada_example"}, {"id": -1, "id_str": "-1", "screen_name": "Bo_Example"}]}}, "favorited": false}
{"direct_message": {"id": 1, "text": "private", "sender_screen_name": "bo_example"}}
{"event": "follow", "created_at": "Mon Mar 02 12:05:00 +0000 2026", "source": {"id_str": "12", "screen_name": "bo_example"}, "target": {"id_str": "11", "screen_name": "ada_example", "followers_count": 901}}
{"event": "favorite", "created_at": "Mon Mar 02 12:06:00 +0000 2026", "source": {"id_str": "12"}, "target": {"id_str": "11"}, "target_object": {"id_str": "1500000000000000101", "created_at": "Mon Mar 02 09:00:00 +0000 2026", "text": "Slides", "favorite_count": 31}}
{"event": "unfollow", "created_at": "Mon Mar 02 12:07:00 +0000 2026", "source": {"id_str": "12"}, "target": {"id_str": "11"}}
"#,
        siblings: &[],
        kind: "api-v1-statuses",
        records: "
            pass-over stream notice
            undo-post twitter 5
            undo twitter repost id=5
            undo twitter quote id=5
            undo twitter reply id=5
            undo twitter mention id=5
            pass-over limit notice
            post twitter 1500000000000000203 author=13 at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z
            interaction twitter reply at=2026-03-02T12:00:00Z actor=13 target=11 object=1500000000000000101 id=1500000000000000203
            handle twitter account=11 @ada_example
            interaction twitter mention at=2026-03-02T12:00:00Z actor=13 target=@bo_example id=1500000000000000203
            pass-over direct message
            handle twitter account=12 @bo_example
            handle twitter account=11 @ada_example
            observation twitter followers account=11 at=2026-03-02T12:05:00Z value=901
            interaction twitter follow at=2026-03-02T12:05:00Z actor=12 target=11 id=follow:12:11
            interaction twitter like at=2026-03-02T12:06:00Z actor=12 target=11 object=1500000000000000101 id=like:12:1500000000000000101
            post twitter 1500000000000000101 author=11 at=2026-03-02T09:00:00Z observed=2026-03-02T12:06:00Z like=31
            pass-over stream event other than follow and favorite",
    },
    Case {
        name: "pages of API v1.1: a search, and a friendship",
        path: "pages.jsonl",
        input: r#"{"statuses": [{"created_at": "Mon Mar 02 12:00:00 +0000 2026", "id": 1500000000000000204, "id_str": "1500000000000000204", "text": "@ada_example hello", "user": {"id_str": "13"}, "in_reply_to_status_id": null, "in_reply_to_user_id": 11, "in_reply_to_screen_name": "ada_example", "retweet_count": "100+", "favorited": false}], "search_metadata": {"completed_in": 0.01, "count": 1}}
{"relationship": {"source": {"id": 11, "id_str": "11", "screen_name": "ada_example", "following": false, "followed_by": true}, "target": {"id_str": "13", "screen_name": "cy_example", "following": true, "followed_by": false}}}
{"users": [], "next_cursor": 0}
{"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
"#,
        siblings: &[],
        kind: "api-v1",
        records: "
            post twitter 1500000000000000204 author=13 at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z
            handle twitter account=11 @ada_example
            interaction twitter mention at=2026-03-02T12:00:00Z actor=13 target=11 id=1500000000000000204
            reject retweet_count: not a whole number from 0 to 10^18
            handle twitter account=11 @ada_example
            handle twitter account=13 @cy_example
            interaction twitter follow actor=13 target=11 id=follow:13:11
            pass-over page without results
            pass-over error body",
    },
    Case {
        name: "users of API v1.1, one with a retweet whose original names no user",
        path: "users.json",
        input: r#"[{"id": 14, "id_str": "14", "screen_name": "di_example", "followers_count": 7, "friends_count": 8, "status": {"created_at": "Mon Mar 02 12:00:00 +0000 2026", "id_str": "1500000000000000205", "text": "RT @ada_example: Slides", "entities": {"user_mentions": [{"id": 11, "screen_name": "ada_example"}]}, "retweet_count": 3,
   "retweeted_status": {"created_at": "Mon Mar 02 09:00:00 +0000 2026", "id_str": "1500000000000000101", "text": "Slides", "retweet_count": 3}}},
 {"id": 15, "screen_name": "ed_example", "followers_count": 1}]"#,
        siblings: &[],
        kind: "api-v1-users",
        records: "
            handle twitter account=14 @di_example
            observation twitter followers account=14 at=2026-03-02T12:00:00Z value=7
            observation twitter friends account=14 at=2026-03-02T12:00:00Z value=8
            interaction twitter repost at=2026-03-02T12:00:00Z actor=14 target=11 object=1500000000000000101 id=1500000000000000205
            post twitter 1500000000000000101 author=11 at=2026-03-02T09:00:00Z observed=2026-03-02T12:00:00Z repost=3
            handle twitter account=15 @ed_example
            observation twitter followers account=15 value=1",
    },
    Case {
        name: "deliveries of the Account Activity API",
        path: "webhooks.jsonl",
        input: r#"{"for_user_id": "11", "favorite_events": [{"id": "a1", "created_at": "Mon Mar 02 12:06:00 +0000 2026", "user": {"id": 12, "screen_name": "bo_example"}, "favorited_status": {"id_str": "1500000000000000101", "created_at": "Mon Mar 02 09:00:00 +0000 2026", "text": "Slides", "user": {"id_str": "11"}, "favorite_count": 31}}]}
{"for_user_id": "11", "follow_events": [{"type": "follow", "created_timestamp": "1772453100000", "source": {"id": "12", "screen_name": "bo_example"}, "target": {"id": "11"}}, {"type": "unfollow", "source": {"id": "12"}, "target": {"id": "11"}}]}
{"for_user_id": "11", "direct_message_events": [{}]}"#,
        siblings: &[],
        kind: "api-v1-statuses",
        records: "
            handle twitter account=12 @bo_example
            interaction twitter like at=2026-03-02T12:06:00Z actor=12 target=11 object=1500000000000000101 id=like:12:1500000000000000101
            post twitter 1500000000000000101 author=11 at=2026-03-02T09:00:00Z observed=2026-03-02T12:06:00Z like=31
            handle twitter account=12 @bo_example
            interaction twitter follow at=2026-03-02T12:05:00Z actor=12 target=11 id=follow:12:11
            pass-over stream event other than follow and favorite
            pass-over delivery without tweets, likes and follows",
    },
    Case {
        name: "the tweets of an archive: a post, a retweet, a reply, and one in the form of 2018",
        path: "twitter-ada/data/tweets.js",
        input: r#"window.YTD.tweets.part0 = [
  { "tweet" : { "id_str" : "1500000000000000301", "id" : "1500000000000000301", "full_text" : "Slides are up @bo_example", "created_at" : "Mon Mar 02 09:00:00 +0000 2026", "community_id" : 1490000000000000002, "community_id_str" : "1490000000000000001", "favorite_count" : "12", "retweet_count" : "3", "entities" : { "user_mentions" : [ { "name" : "Bo", "screen_name" : "bo_example", "id_str" : "12", "id" : "12" } ] } } },
  { "tweet" : { "id_str" : "1500000000000000302", "full_text" : "RT @Cy_Example: \u201cyes\u201d @bo_example", "created_at" : "Mon Mar 02 10:00:00 +0000 2026", "favorite_count" : "0", "retweet_count" : "57", "entities" : { "user_mentions" : [ { "screen_name" : "cy_example", "id_str" : "13" }, { "screen_name" : "bo_example", "id_str" : "12" } ] } } },
  { "tweet" : { "id_str" : "1500000000000000303", "full_text" : "RT @gone: hm", "created_at" : "Mon Mar 02 10:30:00 +0000 2026", "entities" : { "user_mentions" : [ { "screen_name" : "gone", "id_str" : "-1" } ] } } },
  { "id_str" : "1500000000000000304", "full_text" : "@bo_example @ada_example indeed", "created_at" : "Mon Mar 02 11:00:00 +0000 2026", "favorite_count" : "many", "retweet_count" : "0", "in_reply_to_status_id_str" : "1500000000000000999", "in_reply_to_user_id_str" : "12", "in_reply_to_screen_name" : "bo_example", "entities" : { "user_mentions" : [ { "screen_name" : "bo_example", "id_str" : "12" }, { "screen_name" : "ada_example", "id_str" : "11" } ] } }
]
"#,
        siblings: &[("account.js", ACCOUNT), ("manifest.js", ARCHIVE_MANIFEST)],
        kind: "archive-tweets",
        records: "
            membership twitter account=11 community=1490000000000000001 at=2026-03-02T09:00:00Z
            post twitter 1500000000000000301 author=11 at=2026-03-02T09:00:00Z observed=2026-04-01T08:00:00Z like=12 repost=3
            handle twitter account=12 @bo_example
            interaction twitter mention at=2026-03-02T09:00:00Z actor=11 target=12 id=1500000000000000301
            handle twitter account=13 @cy_example
            interaction twitter repost at=2026-03-02T10:00:00Z actor=11 target=13 id=1500000000000000302
            interaction twitter repost at=2026-03-02T10:30:00Z actor=11 target=@gone id=1500000000000000303
            post twitter 1500000000000000304 author=11 at=2026-03-02T11:00:00Z observed=2026-04-01T08:00:00Z repost=0
            interaction twitter reply at=2026-03-02T11:00:00Z actor=11 target=12 object=1500000000000000999 id=1500000000000000304
            handle twitter account=12 @bo_example
            handle twitter account=11 @ada_example
            interaction twitter mention at=2026-03-02T11:00:00Z actor=11 target=11 id=1500000000000000304
            reject favorite_count: not a whole number from 0 to 10^18",
    },
    Case {
        name: "the likes of an archive",
        path: "twitter-ada/data/like.js",
        input: r#"window.YTD.like.part0 = [ { "like" : { "tweetId" : "1500000000000000999", "fullText" : "hm", "expandedUrl" : "https://twitter.com/i/web/status/1500000000000000999" } }, { "like" : { "fullText" : "lost" } } ]"#,
        siblings: &[("account.js", ACCOUNT)],
        kind: "archive-likes",
        records: "
            interaction twitter like actor=11 object=1500000000000000999 id=like:11:1500000000000000999
            reject like.tweetId: missing: a like has one",
    },
    Case {
        name: "the followers of an archive without account.js",
        path: "twitter-ada/data/follower.js",
        input: r#"window.YTD.follower.part0 = [ { "follower" : { "accountId" : "12", "userLink" : "https://twitter.com/intent/user?user_id=12" } } ]"#,
        siblings: &[],
        kind: "archive-followers",
        records: "interaction twitter follow actor=12 target=owner:twitter-ada id=follow:12:owner:twitter-ada",
    },
    Case {
        name: "whom the owner of an archive follows, told by manifest.js",
        path: "twitter-ada/data/following.js",
        input: r#"window.YTD.following.part0 = [ { "following" : { "accountId" : "13", "userLink" : "https://twitter.com/intent/user?user_id=13" } }, { "following" : { "accountId" : null } } ]"#,
        siblings: &[("manifest.js", ARCHIVE_MANIFEST)],
        kind: "archive-following",
        records: "
            interaction twitter follow actor=11 target=13 id=follow:11:13
            reject following.accountId: missing: a followed account has one",
    },
    Case {
        name: "the account of an archive",
        path: "twitter-ada/data/account.js",
        input: ACCOUNT,
        siblings: &[],
        kind: "archive-account",
        records: "handle twitter account=11 @Ada_Example",
    },
    Case {
        name: "an archive of 2014",
        path: "data/js/tweets/2014_05.js",
        input: r#"Grailbird.data.tweets_2014_05 =
 [ {
  "source" : "web", "id_str" : "464000000000000001", "text" : "RT @bo_example: hello", "created_at" : "2014-05-07 10:00:00 +0000", "id" : 464000000000000001,
  "entities" : { "user_mentions" : [ { "name" : "Bo", "screen_name" : "bo_example", "id_str" : "12", "id" : 12 } ] },
  "retweeted_status" : { "id_str" : "463000000000000001", "text" : "hello", "created_at" : "2014-05-04 16:00:00 +0000", "user" : { "name" : "Bo", "screen_name" : "bo_example", "id_str" : "12" } },
  "user" : { "name" : "Ada", "screen_name" : "ada_example", "id_str" : "11", "id" : 11 }
} ]"#,
        siblings: &[],
        kind: "archive-classic",
        records: "
            handle twitter account=11 @ada_example
            interaction twitter repost at=2014-05-07T10:00:00Z actor=11 target=12 object=463000000000000001 id=464000000000000001
            handle twitter account=12 @bo_example
            post twitter 463000000000000001 author=12 at=2014-05-04T16:00:00Z observed=2014-05-07T10:00:00Z",
    },
];
