//! Invented files and the records that they must give.

use renown_sdk::Case;

/// A page of posts with everything below them.
pub(super) const EXAMPLE: Case = Case {
    name: "a page of posts with reactions, comments and replies",
    path: "graph/feed.json",
    input: r#"{
  "data": [
    {
      "id": "700100_31",
      "from": {"name": "Harbour Bakery", "id": "700100"},
      "created_time": "2026-05-01T08:00:00+0000",
      "updated_time": "2026-05-03T09:30:00+0000",
      "message": "Rye today. Thanks to Mill Lane Farm!",
      "message_tags": [{"id": "700200", "name": "Mill Lane Farm", "type": "page", "offset": 21, "length": 14}],
      "shares": {"count": 4},
      "reactions": {"data": [{"id": "900001", "name": "Ines", "type": "LOVE"}], "summary": {"total_count": 25}},
      "like": {"data": [], "summary": {"total_count": 20}},
      "love": {"data": [], "summary": {"total_count": 5}},
      "comments": {
        "data": [
          {
            "id": "31_51",
            "from": {"name": "Ines", "id": "900001"},
            "created_time": "2026-05-01T10:00:00+0000",
            "message": "Finally!",
            "like_count": 2,
            "comments": {"data": [
              {
                "id": "31_52",
                "from": {"name": "Harbour Bakery", "id": "700100"},
                "created_time": "2026-05-01T10:05:00+0000",
                "message": "Come by."
              }
            ]}
          },
          {"id": "31_53", "created_time": "2026-05-02T10:00:00+0000", "message": "Its author is hidden."}
        ],
        "summary": {"order": "chronological", "total_count": 3, "can_comment": true}
      }
    },
    {"id": "700100_32", "parent_id": "700200_88", "created_time": "2026-04-28T08:00:00+0000"}
  ],
  "paging": {"cursors": {"before": "b", "after": "a"}}
}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
interaction facebook comment at=2026-05-01T10:00:00Z actor=900001 target=700100 object=700100_31 id=31_51
interaction facebook mention at=2026-05-01T08:00:00Z actor=700100 target=700200 id=700100_31:700200
interaction facebook reaction at=2026-05-01T08:00:00Z actor=900001 target=700100 object=700100_31 id=700100_31:900001
interaction facebook reaction at=2026-05-01T10:00:00Z target=900001 object=31_51 amount=2
interaction facebook reply at=2026-05-01T10:05:00Z actor=700100 target=900001 object=31_51 id=31_52
interaction facebook share at=2026-04-28T08:00:00Z actor=700100 target=700200 object=700200_88 id=700100_32
pass-over comment whose author is not shown
post facebook 700100_31 author=700100 at=2026-05-01T08:00:00Z observed=2026-05-03T09:30:00Z comment=3 react-like=20 react-love=5 reaction=25 share=4
post facebook 700100_32 author=700100 at=2026-04-28T08:00:00Z observed=2026-05-03T09:30:00Z
",
};

/// All other cases.
pub(super) static CASES: [Case; 26] = [
Case {
    name: "a page with its posts, its Instagram account and its insights",
    path: "graph/page.json",
    input: r#"{
  "id": "700100",
  "name": "Harbour Bakery",
  "username": "harbourbakery",
  "category": "Bakery",
  "fan_count": 1200,
  "followers_count": "1350",
  "talking_about_count": 40,
  "instagram_business_account": {"id": "178410000000001", "username": "harbour.bakery", "followers_count": 2100},
  "posts": {"data": [
    {"id": "700100_31", "created_time": "2026-05-01T08:00:00+0000", "likes": {"data": [], "summary": {"total_count": 7}}}
  ]},
  "insights": {"data": [
    {"name": "page_fans", "period": "day", "values": [{"value": 1199, "end_time": "2026-04-30T07:00:00+0000"}]},
    {"name": "page_impressions", "period": "days_28", "values": [{"value": 9, "end_time": "2026-04-30T07:00:00+0000"}]}
  ]}
}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
handle facebook account=700100 @harbourbakery
handle instagram account=178410000000001 @harbour.bakery
observation facebook fans account=700100 at=2026-04-30T07:00:00Z value=1199
observation facebook fans account=700100 at=2026-05-01T08:00:00Z value=1200
observation facebook followers account=700100 at=2026-05-01T08:00:00Z value=1350
observation facebook talking_about account=700100 at=2026-05-01T08:00:00Z value=40
observation instagram followers account=178410000000001 at=2026-05-01T08:00:00Z value=2100
post facebook 700100_31 author=700100 at=2026-05-01T08:00:00Z observed=2026-05-01T08:00:00Z react-like=7 reaction=7
",
},
Case {
    name: "several objects by id: a page, a photo, a group, a message",
    path: "graph/several.json",
    input: r#"{
  "700200": {"id": "700200", "name": "Mill Lane Farm", "fan_count": 310},
  "5501": {
    "id": "5501",
    "from": {"id": "700200"},
    "page_story_id": "700200_88",
    "created_time": "2026-04-20T12:00:00+0000",
    "reactions": {"summary": {"total_count": 12}}
  },
  "7788": {"id": "7788", "name": "Bread friends", "created_time": "2019-01-01T00:00:00+0000", "member_count": 77},
  "m_x1": {"id": "m_x1", "created_time": "2026-04-20T12:00:00+0000", "from": {"id": "900001"}}
}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
observation facebook fans account=700200 at=2026-04-20T12:00:00Z value=310
observation facebook members account=7788 at=2026-04-20T12:00:00Z value=77
pass-over direct message
post facebook 700200_88 author=700200 at=2026-04-20T12:00:00Z observed=2026-04-20T12:00:00Z reaction=12
",
},
Case {
    name: "pages of reactions and of comments, whose addresses name the post",
    path: "graph/edges.jsonl",
    input: r#"{"data": [{"id": "900001", "name": "Ines", "type": "LIKE"}, {"id": "900002", "name": "Bo", "type": "WOW"}], "paging": {"cursors": {"after": "x"}, "next": "https://graph.facebook.com/v20.0/700100_31/reactions?limit=2&after=x"}}
{"data": [{"id": "700100_31_54", "from": {"id": "900002"}, "created_time": "2026-05-04T10:00:00+0000", "message": "Mm.", "comment_count": 1, "likes": 3}], "paging": {"previous": "https://graph.facebook.com/v20.0/700100_31/comments?limit=1"}}
{"id": "31_55", "from": {"id": "900001"}, "created_time": "2026-05-04T11:00:00+0000", "message": "Yes.", "parent": {"id": "31_54", "from": {"id": "900002"}}, "permalink_url": "https://www.facebook.com/700100/posts/31/?comment_id=54&reply_comment_id=55"}
{"data": [{"id": "700200", "name": "Mill Lane Farm", "created_time": "2026-01-02T03:04:05+0000"}], "paging": {"next": "https://graph.facebook.com/v20.0/900001/likes?after=x"}}
{"data": [{"id": "900009", "name": "Who knows what for", "type": "LIKE"}]}
{"error": {"message": "Page request limit reached", "type": "OAuthException", "code": 32, "fbtrace_id": "A0"}}
{"data": []}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
interaction facebook comment at=2026-05-04T10:00:00Z actor=900002 target=700100 object=700100_31 id=31_54
interaction facebook follow at=2026-01-02T03:04:05Z actor=900001 target=700200 id=follow:900001:700200
interaction facebook reaction actor=900001 target=700100 object=700100_31 id=700100_31:900001
interaction facebook reaction actor=900002 target=700100 object=700100_31 id=700100_31:900002
interaction facebook reaction at=2026-05-04T10:00:00Z target=900002 object=31_54 amount=3
interaction facebook reply at=2026-05-04T10:00:00Z target=900002 object=31_54
interaction facebook reply at=2026-05-04T11:00:00Z actor=900001 target=900002 object=31_54 id=31_55
pass-over empty page
pass-over error body
pass-over reaction to a post that the page does not name
",
},
Case {
    name: "insights of posts and pages",
    path: "graph/insights.json",
    input: r#"{"data": [
  {"name": "post_impressions", "period": "lifetime", "values": [{"value": 420}], "id": "700100_31/insights/post_impressions/lifetime"},
  {"name": "post_reactions_by_type_total", "period": "lifetime", "values": [{"value": {"like": 20, "love": 5, "sorry": 1}}], "id": "700100_31/insights/post_reactions_by_type_total/lifetime"},
  {"name": "page_follows", "period": "day", "values": [{"value": 1350, "end_time": "2026-05-01T07:00:00+0000"}, {"value": "1351", "end_time": "2026-05-02T07:00:00+0000"}], "id": "700100/insights/page_follows/day"},
  {"name": "page_impressions", "period": "week", "values": [{"value": 900, "end_time": "2026-05-01T07:00:00+0000"}], "id": "700100/insights/page_impressions/week"}
]}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
observation facebook followers account=700100 at=2026-05-01T07:00:00Z value=1350
observation facebook followers account=700100 at=2026-05-02T07:00:00Z value=1351
pass-over insight that is no total of a post and no daily number of an account
post facebook 700100_31 author=700100 react-like=20 react-love=5 react-sad=1 reaction=26
post facebook 700100_31 author=700100 view=420
",
},
Case {
    name: "odd values lose no more than themselves",
    path: "graph/odd.json",
    input: r#"{"data": [
  null,
  {"id": 700100, "fan_count": -4, "followers_count": 12},
  {"id": "700100_33", "created_time": "yesterday", "from": [], "shares": {"count": 1e30}, "comments": 5, "reactions": null, "message_tags": {"0": [{"id": 700200}]}},
  {"id": "700100_34", "created_time": 1777622400, "from": {"id": 900001}, "likes": true, "comments": {"data": {"x": 1}, "summary": []}}
], "paging": {"cursors": {}}}
"#,
    siblings: &[],
    kind: "graph-api",
    records: "
interaction facebook mention actor=700100 target=700200 id=700100_33:700200
observation facebook followers account=700100 at=2026-05-01T08:00:00Z value=12
post facebook 700100_33 author=700100 observed=2026-05-01T08:00:00Z comment=5
post facebook 700100_34 author=900001 at=2026-05-01T08:00:00Z observed=2026-05-01T08:00:00Z
reject created_time: expected a time from 1970 to 2148, in ISO 8601 or Unix seconds
reject data: 1 elements are no objects
reject fan_count: expected a whole number from 0 to 10^18
reject likes: expected a whole number from 0 to 10^18
reject shares: expected a whole number from 0 to 10^18
",
},
Case {
    name: "an error by itself",
    path: "graph/error.json",
    input: r#"{"error": {"message": "Unsupported get request.", "type": "GraphMethodException", "code": 100, "fbtrace_id": "B1"}}
"#,
    siblings: &[],
    kind: "graph-error",
    records: "
pass-over error body
",
},
Case {
    name: "an account with its media, comments and stories",
    path: "graph/account.json",
    input: r#"{
  "id": "178410000000001",
  "username": "harbour.bakery",
  "followers_count": 2100,
  "follows_count": 90,
  "media_count": 2,
  "media": {"data": [
    {
      "id": "17900000000000001",
      "media_type": "IMAGE",
      "timestamp": "2026-05-01T08:00:00+0000",
      "like_count": 80,
      "comments_count": 2,
      "comments": {"data": [
        {
          "id": "17800000000000001",
          "text": "Rye!",
          "timestamp": "2026-05-01T09:00:00+0000",
          "username": "Ines.Bakes",
          "like_count": 1,
          "replies": {"data": [
            {
              "id": "17800000000000002",
              "text": "Yes!",
              "timestamp": "2026-05-01T09:10:00+0000",
              "user": {"id": "178410000000001"},
              "username": "harbour.bakery"
            }
          ]}
        },
        {"id": "17800000000000003", "text": "Nobody knows who wrote this.", "timestamp": "2026-05-01T09:20:00+0000"}
      ]},
      "insights": {"data": [
        {"name": "reach", "period": "lifetime", "values": [{"value": 400}], "id": "17900000000000001/insights/reach/lifetime"},
        {"name": "impressions", "period": "lifetime", "values": [{"value": 500}], "id": "17900000000000001/insights/impressions/lifetime"}
      ]}
    }
  ]},
  "stories": {"data": [{"id": "17900000000000002", "media_type": "VIDEO", "timestamp": "2026-05-02T08:00:00+0000"}]}
}
"#,
    siblings: &[],
    kind: "instagram-graph-api",
    records: "
handle instagram account=178410000000001 @harbour.bakery
interaction instagram comment at=2026-05-01T09:00:00Z actor=@ines.bakes target=178410000000001 object=17900000000000001 id=17800000000000001
interaction instagram like at=2026-05-01T09:00:00Z target=@ines.bakes object=17800000000000001
interaction instagram reply at=2026-05-01T09:10:00Z actor=178410000000001 target=@ines.bakes object=17800000000000001 id=17800000000000002
observation instagram followers account=178410000000001 at=2026-05-02T08:00:00Z value=2100
observation instagram friends account=178410000000001 at=2026-05-02T08:00:00Z value=90
observation instagram posts account=178410000000001 at=2026-05-02T08:00:00Z value=2
pass-over comment whose author is not shown
post instagram 17900000000000001 author=178410000000001 at=2026-05-01T08:00:00Z observed=2026-05-02T08:00:00Z comment=2 like=80 reach=400 view=500
post instagram 17900000000000002 author=178410000000001 at=2026-05-02T08:00:00Z observed=2026-05-02T08:00:00Z
",
},
Case {
    name: "another account's media, mentions, tags, and pages of comments",
    path: "graph/mixed.jsonl",
    input: r#"{"business_discovery": {"id": "178410000000002", "username": "mill.lane", "followers_count": 55, "media": {"data": [{"id": "17900000000000005", "timestamp": "2026-04-01T00:00:00+0000", "like_count": 9, "comments_count": 0}]}}, "id": "178410000000001"}
{"mentioned_media": {"id": "17900000000000006", "media_type": "IMAGE", "like_count": 3, "timestamp": "2026-04-02T00:00:00+0000"}, "id": "178410000000001"}
{"mentioned_comment": {"id": "17800000000000006", "text": "@harbour.bakery look", "timestamp": "2026-04-03T00:00:00+0000", "username": "bo", "media": {"id": "17900000000000007"}}, "id": "178410000000001"}
{"data": [{"id": "17900000000000008", "media_type": "IMAGE", "username": "bo", "timestamp": "2026-04-04T00:00:00+0000"}], "paging": {"next": "https://graph.facebook.com/v20.0/178410000000001/tags?after=x"}}
{"data": [{"id": "17800000000000007", "text": "One", "timestamp": "2026-04-05T00:00:00+0000", "from": {"id": "55", "username": "bo"}}], "paging": {"next": "https://graph.facebook.com/v20.0/17900000000000001/comments?after=x"}}
{"data": [{"id": "17800000000000008", "text": "Two", "timestamp": "2026-04-05T00:00:00+0000", "from": {"id": "55"}}], "paging": {"next": "https://graph.facebook.com/v20.0/17800000000000001/replies?after=x"}}
{"17900000000000009": {"id": "17900000000000009", "owner": {"id": "178410000000002"}, "username": "mill.lane", "media_type": "IMAGE", "like_count": "12", "comments_count": -1}}
{"data": [{"id": "17900000000000010", "media_type": "IMAGE", "permalink": "https://www.instagram.com/p/A/"}]}
{"data": [{"name": "reach", "period": "day", "values": [{"value": 5, "end_time": "2026-05-01T07:00:00+0000"}], "id": "178410000000001/insights/reach/day"}]}
{"error": {"message": "Limit", "type": "OAuthException", "code": 4, "fbtrace_id": "C2"}}
"#,
    siblings: &[],
    kind: "instagram-graph-api",
    records: "
handle instagram account=178410000000002 @mill.lane
handle instagram account=178410000000002 @mill.lane
interaction instagram comment at=2026-04-03T00:00:00Z actor=@bo object=17900000000000007 id=17800000000000006
interaction instagram comment at=2026-04-05T00:00:00Z actor=@bo object=17900000000000001 id=17800000000000007
interaction instagram mention at=2026-04-02T00:00:00Z target=178410000000001 object=17900000000000006 id=17900000000000006:178410000000001
interaction instagram mention at=2026-04-03T00:00:00Z actor=@bo target=178410000000001 id=17800000000000006:178410000000001
interaction instagram mention at=2026-04-04T00:00:00Z actor=@bo target=178410000000001 id=17900000000000008:178410000000001
interaction instagram reply at=2026-04-05T00:00:00Z actor=55 object=17800000000000001 id=17800000000000008
observation instagram daily_reach account=178410000000001 at=2026-05-01T07:00:00Z value=5
observation instagram followers account=178410000000002 at=2026-04-01T00:00:00Z value=55
pass-over error body
pass-over media without totals whose owner is not shown
post instagram 17900000000000005 author=178410000000002 at=2026-04-01T00:00:00Z observed=2026-04-01T00:00:00Z comment=0 like=9
post instagram 17900000000000006 at=2026-04-02T00:00:00Z observed=2026-04-02T00:00:00Z like=3
post instagram 17900000000000008 author=@bo at=2026-04-04T00:00:00Z observed=2026-04-04T00:00:00Z
post instagram 17900000000000009 author=178410000000002 like=12
reject comments_count: expected a whole number from 0 to 10^18
",
},
Case {
    name: "posts of a download, with the owner's profile beside it",
    path: "facebook/posts/your_posts_1.json",
    input: r#"[
  {
    "timestamp": 1777622400,
    "data": [{"post": "First swim of the year p\u00c3\u00a5 stranden."}],
    "title": "Ines \u00c3\u0085strand updated her status.",
    "tags": [{"name": "Bo Lind"}, "J\u00c3\u00b8rn"]
  },
  {
    "timestamp": 1777708800,
    "attachments": [{"data": [{"external_context": {"url": "https://example.org/"}}]}],
    "title": "Ines \u00c3\u0085strand shared Harbour Bakery's post."
  },
  {"data": [{"post": "Without a time."}]},
  {"timestamp": "never", "data": [{"post": "With none."}]}
]
"#,
    siblings: &[("../profile_information/profile_information.json", r#"{"profile": {"name": {"full_name": "Ines \u00c3\u0085strand"}, "profile_uri": "https://www.facebook.com/ines.astrand"}}"#)],
    kind: "download-posts",
    records: "
interaction facebook mention at=2026-05-01T08:00:00Z actor=name:Ines Åstrand target=name:Bo Lind id=post:name:Ines Åstrand:1777622400:name:Bo Lind
interaction facebook mention at=2026-05-01T08:00:00Z actor=name:Ines Åstrand target=name:Jørn id=post:name:Ines Åstrand:1777622400:name:Jørn
interaction facebook share at=2026-05-02T08:00:00Z actor=name:Ines Åstrand target=name:Harbour Bakery id=share:name:Ines Åstrand:1777708800
post facebook post:name:Ines Åstrand:1777622400 author=name:Ines Åstrand at=2026-05-01T08:00:00Z observed=2026-05-01T08:00:00Z
post facebook post:name:Ines Åstrand:1777708800 author=name:Ines Åstrand at=2026-05-02T08:00:00Z observed=2026-05-02T08:00:00Z
reject timestamp: expected a time from 1970 to 2148, in ISO 8601 or Unix seconds
reject timestamp: missing, and a post has no other name
",
},
Case {
    name: "posts of a download of 2018",
    path: "facebook/posts/your_posts.json",
    input: r#"{"status_updates": [
  {"timestamp": 1777622400, "attachments": [], "data": [{"post": "Hello."}], "title": "Ines \u00c3\u0085strand updated her status."}
]}
"#,
    siblings: &[],
    kind: "download-posts",
    records: "
post facebook post:name:Ines Åstrand:1777622400 author=name:Ines Åstrand at=2026-05-01T08:00:00Z observed=2026-05-01T08:00:00Z
",
},
Case {
    name: "what others wrote on the owner's timeline",
    path: "facebook/posts/other_people's_posts_to_your_timeline.json",
    input: r#"{"wall_posts_sent_to_you": {"activity_log_data": [
  {"timestamp": 1777622400, "attachments": [], "data": [{"post": "Happy birthday!"}], "title": "Bo Lind wrote on your timeline."},
  {"timestamp": 1777622500, "data": [{"post": "Tillykke!"}], "title": "J\u00c3\u00b8rn skrev i din tidslinje."},
  {"data": [{"post": "When was this?"}], "title": "Bo Lind wrote on your timeline."}
]}}
"#,
    siblings: &[],
    kind: "download-posts",
    records: "
interaction facebook mention actor=name:Bo Lind target=download:facebook
interaction facebook mention at=2026-05-01T08:00:00Z actor=name:Bo Lind target=download:facebook id=timeline:name:Bo Lind:1777622400
interaction facebook mention at=2026-05-01T08:01:40Z target=download:facebook id=timeline:download:facebook:1777622500
",
},
Case {
    name: "posts in groups, in the newer layout",
    path: "your_facebook_activity/groups/group_posts_and_comments.json",
    input: r#"{"group_posts_v2": [{"timestamp": 1777700000, "data": [{"post": "Who has rye sourdough?"}], "title": "Ines \u00c3\u0085strand posted in Bread friends."}]}
"#,
    siblings: &[("../../personal_information/profile_information/profile_information.json", r#"{"profile_v2": {"name": {"full_name": "Ines \u00c3\u0085strand"}}}"#)],
    kind: "download-posts",
    records: "
post facebook post:name:Ines Åstrand:1777700000 author=name:Ines Åstrand at=2026-05-02T05:33:20Z observed=2026-05-02T05:33:20Z
",
},
Case {
    name: "comments of a download, in English and Danish",
    path: "comments_and_reactions/comments.json",
    input: r#"{
  "comments_v2": [
    {
      "timestamp": 1777622500,
      "data": [{"comment": {"timestamp": 1777622499, "comment": "Cold?", "author": "Ines \u00c3\u0085strand"}}],
      "title": "Ines \u00c3\u0085strand commented on Bo Lind's photo."
    },
    {
      "timestamp": 1777622600,
      "data": [{"comment": {"timestamp": 1777622600, "comment": "Very.", "author": "Ines \u00c3\u0085strand", "group": "Swimmers"}}],
      "title": "Ines \u00c3\u0085strand replied to her own comment."
    },
    {"timestamp": 1777622700, "title": "Ines \u00c3\u0085strand har kommenteret Bo Linds billede."}
  ]
}
"#,
    siblings: &[],
    kind: "download-comments",
    records: "
interaction facebook comment at=2026-05-01T08:01:39Z actor=name:Ines Åstrand target=name:Bo Lind id=comment:name:Ines Åstrand:1777622499
pass-over act of which it is not said who received it
interaction facebook reply at=2026-05-01T08:03:20Z actor=name:Ines Åstrand target=name:Ines Åstrand id=comment:name:Ines Åstrand:1777622600
",
},
Case {
    name: "reactions of a download, in both dialects",
    path: "your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json",
    input: r#"[
  {
    "timestamp": 1777622800,
    "data": [{"reaction": {"reaction": "LIKE", "actor": "Ines \u00c3\u0085strand"}}],
    "title": "Ines \u00c3\u0085strand likes Bo Lind's photo."
  },
  {
    "timestamp": 1777622900,
    "media": [],
    "label_values": [
      {"label": "Reaction", "value": "Love"},
      {"label": "URL", "value": "https://www.facebook.com/5", "href": "https://www.facebook.com/5"},
      {"title": "Author", "dict": [{"dict": [{"label": "Name", "value": "Bo Lind"}], "title": ""}]}
    ],
    "fbid": "5"
  },
  {
    "timestamp": 1777622950,
    "label_values": [{"label": "Reaktion", "value": "Synes godt om"}, {"label": "Name", "value": "Ines \u00c3\u0085strand"}]
  }
]
"#,
    siblings: &[("../../personal_information/profile_information/profile_information.json", r#"{"profile_v2": {"name": {"full_name": "Ines \u00c3\u0085strand"}}}"#)],
    kind: "download-reactions",
    records: "
interaction facebook reaction at=2026-05-01T08:06:40Z actor=name:Ines Åstrand target=name:Bo Lind id=reaction:name:Ines Åstrand:1777622800
interaction facebook reaction at=2026-05-01T08:08:20Z actor=name:Ines Åstrand target=name:Bo Lind id=reaction:name:Ines Åstrand:1777622900
pass-over act of which it is not said who received it
",
},
Case {
    name: "friends of a download",
    path: "friends/friends.json",
    input: r#"{"friends_v2": [
  {"name": "Bo Lind", "timestamp": 1500000000},
  {"name": "J\u00c3\u00b8rn", "timestamp": 1600000000},
  {"timestamp": 1600000001}
]}
"#,
    siblings: &[("../profile_information/profile_information.json", r#"{"profile": {"name": "Ines Åstrand"}}"#)],
    kind: "download-friends",
    records: "
interaction facebook friend at=2017-07-14T02:40:00Z actor=name:Bo Lind target=name:Ines Åstrand id=friend:name:Bo Lind:name:Ines Åstrand
interaction facebook friend at=2020-09-13T12:26:40Z actor=name:Jørn target=name:Ines Åstrand id=friend:name:Jørn:name:Ines Åstrand
observation facebook friends account=name:Ines Åstrand at=2020-09-13T12:26:41Z value=3
reject name: missing or empty, expected a display name
",
},
Case {
    name: "followers of a download",
    path: "connections/followers/people_who_followed_you.json",
    input: r#"{"followers_v3": [{"name": "Bo Lind"}, {"name": "Mia", "timestamp": 1700000000}]}
"#,
    siblings: &[("../../personal_information/profile_information/profile_information.json", r#"{"profile_v2": {"name": {"full_name": "Ines \u00c3\u0085strand"}}}"#)],
    kind: "download-follows",
    records: "
interaction facebook follow actor=name:Bo Lind target=name:Ines Åstrand id=follow:name:Bo Lind:name:Ines Åstrand
interaction facebook follow at=2023-11-14T22:13:20Z actor=name:Mia target=name:Ines Åstrand id=follow:name:Mia:name:Ines Åstrand
",
},
Case {
    name: "pages liked and followed",
    path: "pages/pages_you've_liked.json",
    input: r#"{
  "page_likes_v2": [{"name": "Harbour Bakery", "timestamp": 1700000000, "url": "https://www.facebook.com/harbourbakery"}],
  "pages_followed_v2": [{"timestamp": 1700000000, "data": [{"name": "Harbour Bakery"}], "title": "Harbour Bakery"}]
}
"#,
    siblings: &[("../profile_information/profile_information.json", r#"{"profile_v2": {"name": {"full_name": "Ines \u00c3\u0085strand"}}}"#)],
    kind: "download-follows",
    records: "
interaction facebook follow at=2023-11-14T22:13:20Z actor=name:Ines Åstrand target=name:Harbour Bakery id=follow:name:Ines Åstrand:name:Harbour Bakery
interaction facebook follow at=2023-11-14T22:13:20Z actor=name:Ines Åstrand target=name:Harbour Bakery id=follow:name:Ines Åstrand:name:Harbour Bakery
",
},
Case {
    name: "a profile",
    path: "personal_information/profile_information/profile_information.json",
    input: r#"{"profile_v2": {"name": {"full_name": "Ines \u00c3\u0085strand"}, "username": "ines.astrand", "emails": {"emails": []}}}
"#,
    siblings: &[],
    kind: "download-profile",
    records: "
handle facebook account=name:Ines Åstrand @ines.astrand
",
},
Case {
    name: "Instagram posts, whose time may stand with the media",
    path: "your_instagram_activity/content/posts_1.json",
    input: r#"[
  {"media": [{"uri": "media/a.jpg", "creation_timestamp": 1777622400, "title": "Rye"}]},
  {"media": [{"uri": "media/b.jpg", "creation_timestamp": 1}, {"uri": "media/c.jpg"}], "title": "Two", "creation_timestamp": 1777622500},
  {"media": []}
]
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes", "timestamp": 0}}}]}"#)],
    kind: "instagram-download-posts",
    records: "
post instagram post:@ines.bakes:1777622400 author=@ines.bakes at=2026-05-01T08:00:00Z observed=2026-05-01T08:00:00Z
post instagram post:@ines.bakes:1777622500 author=@ines.bakes at=2026-05-01T08:01:40Z observed=2026-05-01T08:01:40Z
reject creation_timestamp: missing, and a post has no other name
",
},
Case {
    name: "Instagram reels beside stories",
    path: "instagram-ines.bakes-2026-05-20-aBc/your_instagram_activity/media/reels.json",
    input: r#"{"ig_reels_media": [{"media": [{"uri": "media/d.mp4", "creation_timestamp": 1777622600}]}], "ig_stories": [{"uri": "media/e.jpg", "creation_timestamp": 1777622700}]}
"#,
    siblings: &[],
    kind: "instagram-download-posts",
    records: "
pass-over story
post instagram post:@ines.bakes:1777622600 author=@ines.bakes at=2026-05-01T08:03:20Z observed=2026-05-01T08:03:20Z
",
},
Case {
    name: "Instagram comments, labelled in English and in German",
    path: "your_instagram_activity/comments/post_comments_1.json",
    input: r#"[
  {"media_list_data": [{"uri": ""}], "string_map_data": {"Comment": {"value": "Nice"}, "Media Owner": {"value": "harbour.bakery"}, "Time": {"timestamp": 1777622400}}},
  {"string_map_data": {"Kommentar": {"value": "Gut"}, "Medienbesitzer": {"value": "bo"}, "Uhrzeit": {"timestamp": 1777622500}}},
  {"string_map_data": {"Kommentar": {"value": "bo"}, "Uhrzeit": {"timestamp": 1777622501}}}
]
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-comments",
    records: "
interaction instagram comment at=2026-05-01T08:00:00Z actor=@ines.bakes target=@harbour.bakery id=comment:@ines.bakes:1777622400
interaction instagram comment at=2026-05-01T08:01:40Z actor=@ines.bakes target=@bo id=comment:@ines.bakes:1777622500
pass-over act of which it is not said who received it
",
},
Case {
    name: "Instagram comments of 2021",
    path: "comments/post_comments.json",
    input: r#"{"comments_media_comments": [{"title": "harbour.bakery", "media_list_data": [], "string_list_data": [{"href": "", "value": "Nice", "timestamp": 1550618520}]}]}
"#,
    siblings: &[("../account_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-comments",
    records: "
interaction instagram comment at=2019-02-19T23:22:00Z actor=@ines.bakes target=@harbour.bakery id=comment:@ines.bakes:1550618520
",
},
Case {
    name: "Instagram likes, old",
    path: "your_instagram_activity/likes/liked_posts.json",
    input: r#"{"likes_media_likes": [{"title": "Harbour.Bakery", "string_list_data": [{"href": "https://www.instagram.com/p/AbC_1/", "value": "\u00f0\u009f\u0091\u008d", "timestamp": 1777622400}]}]}
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-likes",
    records: "
interaction instagram like at=2026-05-01T08:00:00Z actor=@ines.bakes target=@harbour.bakery id=like:@ines.bakes:AbC_1:1777622400
",
},
Case {
    name: "Instagram likes, since 2025",
    path: "your_instagram_activity/likes/liked_posts.json",
    input: r#"[
  {"timestamp": 1777622400, "media": [], "label_values": [
    {"label": "URL", "value": "https://www.instagram.com/p/AbC_1/", "href": "https://www.instagram.com/p/AbC_1/"},
    {"title": "Owner", "dict": [{"title": "", "dict": [{"label": "Name", "value": "Harbour"}, {"label": "Username", "value": "harbour.bakery"}]}]}
  ], "fbid": "1"},
  {"timestamp": 1777622500, "label_values": [
    {"label": "URL", "value": "https://www.instagram.com/reel/AbC_2/"},
    {"title": "Inhaber", "dict": [{"title": "", "dict": [{"label": "URL", "value": "https://www.instagram.com/bo_b/"}, {"label": "Benutzername", "value": "bo_b"}]}]}
  ], "fbid": "2"}
]
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-likes",
    records: "
interaction instagram like at=2026-05-01T08:00:00Z actor=@ines.bakes target=@harbour.bakery id=like:@ines.bakes:AbC_1:1777622400
interaction instagram like at=2026-05-01T08:01:40Z actor=@ines.bakes target=@bo_b id=like:@ines.bakes:AbC_2:1777622500
",
},
Case {
    name: "Instagram followers",
    path: "connections/followers_and_following/followers_1.json",
    input: r#"[
  {"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/bo", "value": "bo", "timestamp": 1700000000}]},
  {"title": "", "string_list_data": []}
]
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-follows",
    records: "
interaction instagram follow at=2023-11-14T22:13:20Z actor=@bo target=@ines.bakes id=follow:@bo:@ines.bakes
reject value: missing or empty, expected a handle
",
},
Case {
    name: "whom one follows on Instagram, with the handle in either place",
    path: "connections/followers_and_following/following.json",
    input: r#"{"relationships_following": [
  {"title": "harbour.bakery", "string_list_data": [{"href": "https://www.instagram.com/_u/harbour.bakery", "timestamp": 1700000000}]},
  {"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/bo", "value": "bo", "timestamp": 1700000001}]}
]}
"#,
    siblings: &[("../../personal_information/personal_information/personal_information.json", r#"{"profile_user": [{"string_map_data": {"Username": {"value": "ines.bakes"}}}]}"#)],
    kind: "instagram-download-follows",
    records: "
interaction instagram follow at=2023-11-14T22:13:20Z actor=@ines.bakes target=@harbour.bakery id=follow:@ines.bakes:@harbour.bakery
interaction instagram follow at=2023-11-14T22:13:21Z actor=@ines.bakes target=@bo id=follow:@ines.bakes:@bo
",
},
];
