//! Conformance cases: invented people, and the records that their files must give.

use renown_sdk::Case;

/// The manifest's example: every sort of event of the stream.
pub(crate) const STREAM: Case = Case {
    name: "a recording of Jetstream",
    path: "events.jsonl",
    input: r#"{"did":"did:plc:ada","time_us":1772445600000001,"kind":"identity","identity":{"did":"did:plc:ada","handle":"ada.example.org","seq":1,"time":"2026-03-02T10:00:00.000Z"}}
{"did":"did:plc:ada","time_us":1772445601500000,"kind":"commit","commit":{"rev":"r1","operation":"create","collection":"app.bsky.feed.post","rkey":"p1","record":{"$type":"app.bsky.feed.post","createdAt":"2026-03-02T10:00:01.000Z","langs":["en"],"text":"Slides are up @bo.example.org #slides","facets":[{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:bo"}],"index":{"byteStart":14,"byteEnd":29}},{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"slides"}],"index":{"byteStart":30,"byteEnd":37}}]},"cid":"bafy1"}}
{"did":"did:plc:bo","time_us":1772445602500000,"kind":"commit","commit":{"rev":"r2","operation":"create","collection":"app.bsky.feed.like","rkey":"l1","record":{"$type":"app.bsky.feed.like","createdAt":"2026-03-02T10:00:02.000Z","subject":{"cid":"bafy1","uri":"at://did:plc:ada/app.bsky.feed.post/p1"}},"cid":"bafy2"}}
{"did":"did:plc:cy","time_us":1772445603500000,"kind":"commit","commit":{"rev":"r3","operation":"create","collection":"app.bsky.feed.repost","rkey":"r1","record":{"$type":"app.bsky.feed.repost","createdAt":"2026-03-02T10:00:03.000Z","subject":{"cid":"bafy1","uri":"at://did:plc:ada/app.bsky.feed.post/p1"},"via":{"cid":"bafy9","uri":"at://did:plc:bo/app.bsky.feed.repost/r9"}},"cid":"bafy3"}}
{"did":"did:plc:cy","time_us":1772445604500000,"kind":"commit","commit":{"rev":"r4","operation":"create","collection":"app.bsky.graph.follow","rkey":"f1","record":{"$type":"app.bsky.graph.follow","createdAt":"2026-03-02T10:00:04.000Z","subject":"did:plc:ada"},"cid":"bafy4"}}
{"did":"did:plc:bo","time_us":1772445605500000,"kind":"commit","commit":{"rev":"r5","operation":"create","collection":"app.bsky.feed.post","rkey":"p2","record":{"$type":"app.bsky.feed.post","createdAt":"2026-03-02T10:00:05.000Z","text":"Thanks @ada.example.org @cy.example.org","reply":{"root":{"cid":"bafy1","uri":"at://did:plc:cy/app.bsky.feed.post/p0"},"parent":{"cid":"bafy1","uri":"at://did:plc:ada/app.bsky.feed.post/p1"}},"facets":[{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ada"}]},{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:cy"}]}]},"cid":"bafy5"}}
{"did":"did:plc:cy","time_us":1772445606500000,"kind":"commit","commit":{"rev":"r6","operation":"create","collection":"app.bsky.feed.post","rkey":"p3","record":{"$type":"app.bsky.feed.post","createdAt":"2026-03-02T10:00:06.000Z","text":"Worth your time","embed":{"$type":"app.bsky.embed.record","record":{"cid":"bafy1","uri":"at://did:plc:ada/app.bsky.feed.post/p1"}}},"cid":"bafy6"}}
{"did":"did:plc:bo","time_us":1772445607500000,"kind":"commit","commit":{"rev":"r7","operation":"delete","collection":"app.bsky.feed.like","rkey":"l1"}}
{"did":"did:plc:cy","time_us":1772445608500000,"kind":"account","account":{"active":false,"did":"did:plc:cy","seq":2,"status":"deactivated","time":"2026-03-02T10:00:08.000Z"}}
"#,
    siblings: &[],
    kind: "jetstream",
    records: "
        handle bluesky account=did:plc:ada @ada.example.org
        post bluesky at://did:plc:ada/app.bsky.feed.post/p1 author=did:plc:ada at=2026-03-02T10:00:01Z
        interaction bluesky mention at=2026-03-02T10:00:01Z actor=did:plc:ada target=did:plc:bo id=at://did:plc:ada/app.bsky.feed.post/p1
        interaction bluesky like at=2026-03-02T10:00:02Z actor=did:plc:bo target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:bo/app.bsky.feed.like/l1
        interaction bluesky repost at=2026-03-02T10:00:03Z actor=did:plc:cy target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:cy/app.bsky.feed.repost/r1
        interaction bluesky follow at=2026-03-02T10:00:04Z actor=did:plc:cy target=did:plc:ada id=at://did:plc:cy/app.bsky.graph.follow/f1
        post bluesky at://did:plc:bo/app.bsky.feed.post/p2 author=did:plc:bo at=2026-03-02T10:00:05Z
        interaction bluesky reply at=2026-03-02T10:00:05Z actor=did:plc:bo target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:bo/app.bsky.feed.post/p2
        interaction bluesky mention at=2026-03-02T10:00:05Z actor=did:plc:bo target=did:plc:cy id=at://did:plc:bo/app.bsky.feed.post/p2
        post bluesky at://did:plc:cy/app.bsky.feed.post/p3 author=did:plc:cy at=2026-03-02T10:00:06Z
        interaction bluesky quote at=2026-03-02T10:00:06Z actor=did:plc:cy target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:cy/app.bsky.feed.post/p3
        undo bluesky like at=2026-03-02T10:00:07.5Z id=at://did:plc:bo/app.bsky.feed.like/l1
        account-closed bluesky account=did:plc:cy at=2026-03-02T10:00:08.5Z",
};

/// All other cases.
pub(crate) const CASES: [Case; 5] = [
    Case {
        name: "events that yield nothing, and the spelling of the first recordings",
        path: "early.jsonl",
        input: r#"{"did":"did:plc:bo","time_us":1725516665234703,"type":"com","commit":{"rev":"r","type":"c","collection":"app.bsky.feed.like","rkey":"l1","record":{"$type":"app.bsky.feed.like","createdAt":"2024-09-05T06:11:04.870Z","subject":{"cid":"b","uri":"at://did:plc:ada/app.bsky.feed.generator/cats"}},"cid":"b"}}
{"did":"did:plc:bo","time_us":1725516666000000,"type":"com","commit":{"rev":"r","type":"d","collection":"app.bsky.graph.follow","rkey":"f1"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"commit","commit":{"rev":"r","operation":"update","collection":"app.bsky.actor.profile","rkey":"self","record":{"displayName":"Bo"},"cid":"b"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.graph.block","rkey":"b1","record":{"subject":"did:plc:cy"},"cid":"b"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"org.example.chess.move","rkey":"m1","record":{"subject":5,"reply":"Nf3","embed":[1],"facets":{}},"cid":"b"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"account","account":{"active":true,"did":"did:plc:bo","seq":1,"time":"2024-09-05T06:11:06.000Z"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"identity","identity":{"did":"did:plc:bo","seq":1,"time":"2024-09-05T06:11:06.000Z"}}
{"did":"did:plc:bo","time_us":1725516666000000,"kind":"identity","identity":{"did":"did:plc:bo","handle":"handle.invalid","seq":1}}
"#,
        siblings: &[],
        kind: "jetstream",
        records: "
            interaction bluesky like at=2024-09-05T06:11:04.87Z actor=did:plc:bo target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.generator/cats id=at://did:plc:bo/app.bsky.feed.like/l1
            undo bluesky follow at=2024-09-05T06:11:06Z id=at://did:plc:bo/app.bsky.graph.follow/f1
            pass-over profile or status
            pass-over block
            pass-over record of no act (another collection)
            account-back bluesky account=did:plc:bo at=2024-09-05T06:11:06Z
            pass-over identity event without a handle
            pass-over identity event without a handle",
    },
    Case {
        name: "a feed: totals, a repost, what a reply answers, and a post that is gone",
        path: "feed.json",
        input: r#"{"feed": [
  {"post": {"uri": "at://did:plc:ada/app.bsky.feed.post/p1", "cid": "b", "author": {"did": "did:plc:ada", "handle": "ada.example.org", "displayName": "Ada"},
            "record": {"$type": "app.bsky.feed.post", "createdAt": "2026-03-02T10:00:00.000Z", "text": "Slides are up"},
            "replyCount": 2, "repostCount": 4, "likeCount": 30, "quoteCount": 1, "bookmarkCount": 3, "indexedAt": "2026-03-02T10:00:01.000Z"},
   "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:cy", "handle": "cy.example.org"}, "uri": "at://did:plc:cy/app.bsky.feed.repost/r1", "cid": "b", "indexedAt": "2026-03-02T12:00:00.000Z"}},
  {"post": {"uri": "at://did:plc:bo/app.bsky.feed.post/p2", "cid": "b", "author": {"did": "did:plc:bo", "handle": "bo.example.org"},
            "record": {"createdAt": "2026-03-02T11:00:00.000Z", "text": "Thanks", "reply": {"root": {"uri": "at://did:plc:ada/app.bsky.feed.post/p1"}, "parent": {"uri": "at://did:plc:ada/app.bsky.feed.post/p1"}}},
            "replyCount": 0, "likeCount": -1, "indexedAt": "2026-03-02T11:00:01.000Z"},
   "reply": {"root": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://did:plc:ada/app.bsky.feed.post/p0", "notFound": true},
             "parent": {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://did:plc:ada/app.bsky.feed.post/p1", "blocked": true, "author": {"did": "did:plc:ada"}}},
   "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
], "cursor": "x"}"#,
        siblings: &[],
        kind: "api",
        records: "
            handle bluesky account=did:plc:ada @ada.example.org
            post bluesky at://did:plc:ada/app.bsky.feed.post/p1 author=did:plc:ada at=2026-03-02T10:00:00Z observed=2026-03-02T12:00:00Z bookmark=3 like=30 quote=1 reply=2 repost=4
            handle bluesky account=did:plc:cy @cy.example.org
            interaction bluesky repost at=2026-03-02T12:00:00Z actor=did:plc:cy target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:cy/app.bsky.feed.repost/r1
            handle bluesky account=did:plc:bo @bo.example.org
            post bluesky at://did:plc:bo/app.bsky.feed.post/p2 author=did:plc:bo at=2026-03-02T11:00:00Z observed=2026-03-02T12:00:00Z reply=0
            interaction bluesky reply at=2026-03-02T11:00:00Z actor=did:plc:bo target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:bo/app.bsky.feed.post/p2
            reject likeCount: not a whole number from 0 to 10^18
            pass-over post that is gone or blocked
            pass-over post that is gone or blocked",
    },
    Case {
        name: "notifications, with who liked, followed and replied",
        path: "notifications.json",
        input: r#"{"notifications": [
  {"uri": "at://did:plc:bo/app.bsky.feed.like/l1", "cid": "b", "author": {"did": "did:plc:bo", "handle": "bo.example.org"}, "reason": "like", "reasonSubject": "at://did:plc:ada/app.bsky.feed.post/p1",
   "record": {"$type": "app.bsky.feed.like", "createdAt": "2099-01-01T00:00:00.000Z", "subject": {"cid": "b", "uri": "at://did:plc:ada/app.bsky.feed.post/p1"}}, "isRead": true, "indexedAt": "2026-03-02T10:00:00.000Z"},
  {"uri": "at://did:plc:cy/app.bsky.graph.follow/f1", "cid": "b", "author": {"did": "did:plc:cy", "handle": "handle.invalid"}, "reason": "follow",
   "record": {"$type": "app.bsky.graph.follow", "createdAt": "2026-03-01T10:00:00.000Z", "subject": "did:plc:ada"}, "isRead": true, "indexedAt": "2026-03-01T10:00:01.000Z"}
], "seenAt": "2026-03-02T11:00:00.000Z"}"#,
        siblings: &[],
        kind: "api",
        records: "
            handle bluesky account=did:plc:bo @bo.example.org
            interaction bluesky like at=2026-03-02T10:00:00Z actor=did:plc:bo target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p1 id=at://did:plc:bo/app.bsky.feed.like/l1
            interaction bluesky follow at=2026-03-01T10:00:00Z actor=did:plc:cy target=did:plc:ada id=at://did:plc:cy/app.bsky.graph.follow/f1",
    },
    Case {
        name: "a profile",
        path: "profile.json",
        input: r#"{"did": "did:plc:ada", "handle": "Ada.Example.org", "displayName": "Ada", "followersCount": 900, "followsCount": 80, "postsCount": 1200, "indexedAt": "2026-01-01T00:00:00.000Z", "createdAt": "2023-05-01T00:00:00.000Z"}"#,
        siblings: &[],
        kind: "api-objects",
        records: "
            handle bluesky account=did:plc:ada @Ada.Example.org
            observation bluesky followers account=did:plc:ada value=900
            observation bluesky friends account=did:plc:ada value=80
            observation bluesky posts account=did:plc:ada value=1200",
    },
    Case {
        name: "listed records of a repository, dated by their keys where they carry no time",
        path: "records.json",
        input: r#"{"records": [
  {"uri": "at://did:plc:ada/app.bsky.feed.repost/3jzfcijpj2z2a", "cid": "b", "value": {"$type": "app.bsky.feed.repost", "subject": {"cid": "b", "uri": "at://did:plc:bo/app.bsky.feed.post/p2"}}},
  {"uri": "at://did:plc:ada/app.bsky.graph.list/x", "cid": "b", "value": {"$type": "app.bsky.graph.list", "name": "Cats"}},
  {"uri": "at://did:plc:ada/app.bsky.feed.post/p9", "cid": "b", "value": {"$type": "app.bsky.feed.post", "text": "x", "createdAt": "soon", "embed": {"$type": "app.bsky.embed.recordWithMedia", "media": {"$type": "app.bsky.embed.images"}, "record": {"$type": "app.bsky.embed.record", "record": {"cid": "b", "uri": "at://did:plc:bo/app.bsky.feed.post/p2"}}}}}
], "cursor": "x"}"#,
        siblings: &[],
        kind: "api",
        records: "
            interaction bluesky repost at=2023-06-30T15:03:01.887007Z actor=did:plc:ada target=did:plc:bo object=at://did:plc:bo/app.bsky.feed.post/p2 id=at://did:plc:ada/app.bsky.feed.repost/3jzfcijpj2z2a
            pass-over list or starter pack
            post bluesky at://did:plc:ada/app.bsky.feed.post/p9 author=did:plc:ada
            interaction bluesky quote actor=did:plc:ada target=did:plc:bo object=at://did:plc:bo/app.bsky.feed.post/p2 id=at://did:plc:ada/app.bsky.feed.post/p9
            reject createdAt: not a time such as 2026-09-30T12:00:00.000Z",
    },
];
