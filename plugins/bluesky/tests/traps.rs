//! What goes wrong in real files, and odd input of every sort.

use renown_bluesky::Bluesky;
use renown_sdk::conformance::run;

/// The records of a file.
fn records(input: &str) -> Vec<String> {
    run(&Bluesky, "file.json", input.as_bytes(), &(), 1 << 20).expect(input).records
}

fn kind(input: &str) -> Option<&'static str> {
    run(&Bluesky, "file.json", input.as_bytes(), &(), 1 << 20).ok().map(|outcome| outcome.kind)
}

/// An event by which Bo writes a record, at 2026-03-02T10:00:00Z.
fn event(collection: &str, record: &str) -> String {
    format!(
        r#"{{"did":"did:plc:bo","time_us":1772445600000000,"kind":"commit","commit":{{"operation":"create","collection":"app.bsky.{collection}","rkey":"k","record":{record}}}}}"#
    )
}

fn post(fields: &str) -> Vec<String> {
    records(&event("feed.post", &format!(r#"{{"createdAt":"2026-03-02T09:00:00Z","text":"hi"{fields}}}"#)))
}

const POST: &str =
    "post bluesky at://did:plc:bo/app.bsky.feed.post/k author=did:plc:bo at=2026-03-02T09:00:00Z";
const ADAS: &str = r#"{"uri":"at://did:plc:ada/app.bsky.feed.post/p"}"#;

#[test]
fn an_act_is_dated_by_the_earlier_of_when_it_is_said_to_be_and_when_it_was_seen() {
    let at = |created: &str| {
        let like = event("feed.like", &format!(r#"{{"subject":{ADAS}{created}}}"#));
        let all = records(&like);
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].split(' ').find_map(|field| field.strip_prefix("at=")).map(str::to_owned)
    };
    let seen = Some("2026-03-02T10:00:00Z".to_owned());
    assert_eq!(at(r#","createdAt":"2026-03-01T10:00:00.5+02:00""#), Some("2026-03-01T08:00:00.5Z".into()));
    for odd in
        ["\"2099-01-01T00:00:00Z\"", "\"0000-01-01T00:00:00Z\"", "\"soon\"", "5", "null", "{}", "[]", "\"\""]
    {
        assert_eq!(at(&format!(r#","createdAt":{odd}"#)), seen, "{odd}");
    }
    assert_eq!(at(""), seen);
}

#[test]
fn whom_a_post_answers_or_quotes_is_not_mentioned_as_well() {
    let mention = |did: &str| {
        format!(r#"{{"features":[{{"$type":"app.bsky.richtext.facet#mention","did":"{did}"}}]}}"#)
    };
    let facets = format!("{},{},{}", mention("did:plc:ada"), mention("did:plc:cy"), mention("did:plc:dee"));
    let all = post(&format!(
        r#","facets":[{facets}],"reply":{{"parent":{ADAS},"root":{ADAS}}},"embed":{{"$type":"app.bsky.embed.recordWithMedia","media":{{}},"record":{{"record":{{"uri":"at://did:plc:cy/app.bsky.feed.post/q"}}}}}}"#
    ));
    let act = |kind: &str, fields: &str| {
        format!(
            "interaction bluesky {kind} at=2026-03-02T09:00:00Z actor=did:plc:bo {fields} id=at://did:plc:bo/app.bsky.feed.post/k"
        )
    };
    assert_eq!(
        all,
        [
            act("mention", "target=did:plc:dee"),
            act("quote", "target=did:plc:cy object=at://did:plc:cy/app.bsky.feed.post/q"),
            act("reply", "target=did:plc:ada object=at://did:plc:ada/app.bsky.feed.post/p"),
            POST.to_owned(),
        ]
    );
}

#[test]
fn only_posts_are_quoted() {
    let feed = r#","embed":{"$type":"app.bsky.embed.record","record":{"uri":"at://did:plc:ada/app.bsky.feed.generator/cats"}}"#;
    assert_eq!(post(feed), ["pass-over embed of a feed, list or starter pack", POST]);
    let other =
        r#","embed":{"$type":"org.example.embed","record":{"uri":"at://did:plc:ada/app.bsky.feed.post/p"}}"#;
    assert_eq!(post(other), [POST]);
}

#[test]
fn a_bad_field_of_a_post_loses_itself_and_not_the_post() {
    for (fields, reason) in [
        (r#","facets":5"#, "facets: not a list"),
        (r#","facets":[5,5]"#, "facets: an element that is no object (2 times in this document)"),
        (r#","facets":[{"features":{}}]"#, "facets.features: not a list"),
        (
            r#","facets":[{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"secret"}]}]"#,
            "facets.features.did: not a DID such as did:plc:…",
        ),
        (
            r#","reply":"secret""#,
            "reply.parent.uri: not an address of a record such as at://did:plc:…/app.bsky.feed.post/…",
        ),
        (
            r#","reply":{"parent":{"uri":"at://ada.example.org/app.bsky.feed.post/p"}}"#,
            "reply.parent.uri: not an address of a record such as at://did:plc:…/app.bsky.feed.post/…",
        ),
        (
            r#","embed":{"$type":"app.bsky.embed.record","record":{"uri":{"secret":1}}}"#,
            "embed.record.uri: not an address of a record such as at://did:plc:…/app.bsky.feed.post/…",
        ),
    ] {
        assert_eq!(post(fields), [POST.to_owned(), format!("reject {reason}")], "{fields}");
    }
    for nothing in [r#","embed":5"#, r#","embed":null,"facets":null,"reply":null"#, r#","embed":{"$type":7}"#]
    {
        assert_eq!(post(nothing), [POST], "{nothing}");
    }
}

#[test]
fn a_bad_event_is_one_reject_and_the_next_is_read() {
    let good = event("graph.follow", r#"{"subject":"did:plc:ada"}"#);
    for (bad, reason) in [
        (event("graph.follow", r#"{"subject":"ada.example.org"}"#), "subject: not a DID such as did:plc:…"),
        (
            event("graph.follow", r#"{"subject":{"uri":"did:plc:ada"}}"#),
            "subject: not a DID such as did:plc:…",
        ),
        (
            event("feed.like", r#"{"subject":"did:plc:ada"}"#),
            "subject.uri: not an address of a record such as at://did:plc:…/app.bsky.feed.post/…",
        ),
        (event("feed.like", "5"), "commit.record: not an object"),
        (event("feed.like", "null"), "commit.record: not an object"),
        (good.replace("did:plc:bo", "bo"), "did: not a DID such as did:plc:…"),
        (good.replace(r#""k""#, r#""a/b""#), "commit.rkey: not the key of a record"),
        (good.replace(r#""k""#, "7"), "commit.rkey: not the key of a record"),
        (good.replace("create", "undo"), "commit.operation: none of create, update and delete"),
        (good.replace(r#""create""#, "null"), "commit.operation: not a text"),
        (good.replace(r#""app.bsky.graph.follow""#, "[]"), "commit.collection: not a text"),
        (
            r#"{"did":"did:plc:bo","time_us":1,"commit":"x"}"#.into(),
            "commit, identity or account: not an object",
        ),
    ] {
        let all = records(&format!("{bad}\n{good}\n"));
        assert_eq!(all.len(), 2, "{bad}: {all:?}");
        assert!(all[0].starts_with("interaction bluesky follow"), "{all:?}");
        assert_eq!(all[1], format!("reject {reason}"));
    }
    for broken in [r#"{"did":"did:plc:bo","time_us":NaN}"#, r#"{"did":"did:plc:bo","did":"did:plc:cy"}"#] {
        let all = records(&format!("{good}\n{broken}\n{good}\n"));
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all[2].starts_with("reject line 1, column"), "{all:?}");
    }
}

#[test]
fn a_bad_time_of_an_event_is_told_and_its_record_is_kept() {
    for bad in ["-5", "1e30", "\"soon\"", "999999999999999999", "{}", "18446744073709551616"] {
        let like = event("feed.like", &format!(r#"{{"subject":{ADAS}}}"#)).replace("1772445600000000", bad);
        let all = records(&like);
        assert_eq!(all.len(), 2, "{bad}: {all:?}");
        assert!(!all[0].contains(" at="), "{all:?}");
        assert_eq!(all[1], "reject time_us: not a time in microseconds since 1970", "{bad}");
    }
}

#[test]
fn an_event_of_a_new_kind_is_passed_over() {
    let new = r#"{"did":"did:plc:bo","time_us":1772445600000000,"kind":"sync","sync":{"rev":"r"}}"#;
    assert_eq!(records(new), ["pass-over event of another kind"]);
    for (account, record) in [
        (r#"{"active":false,"status":"takendown"}"#, "account-closed bluesky account=did:plc:bo"),
        (r#"{"active":false,"status":"deleted"}"#, "account-closed bluesky account=did:plc:bo"),
        (r#"{"active":false,"status":"suspended"}"#, "account-closed bluesky account=did:plc:bo"),
        (r#"{"active":true,"status":"suspended"}"#, "account-back bluesky account=did:plc:bo"),
        (r#"{"active":false,"status":"desynchronized"}"#, "pass-over account event of another status"),
        (r#"{"active":"no"}"#, "pass-over account event of another status"),
    ] {
        let event = format!(r#"{{"did":"did:plc:bo","time_us":1,"kind":"account","account":{account}}}"#);
        let expected = record.replace("plc:bo", "plc:bo at=1970-01-01T00:00:00.000001Z");
        assert_eq!(records(&event), [expected]);
    }
}

#[test]
fn rejects_quote_no_content() {
    let inputs = [
        event("feed.like", r#"{"subject":{"uri":"at://secret/secret/secret"},"createdAt":"secret"}"#),
        event("feed.post", r#"{"createdAt":"secret","reply":{"parent":{"uri":"secret"}},"facets":["secret"]}"#)
            .replace("1772445600000000", "\"secret\""),
        r#"{"did":"secret","handle":"secret","followersCount":"secret","x":"did:plc:secret"}"#.into(),
        r#"{"posts":[{"uri":"secret","cid":"b","author":{"did":"secret","handle":["secret"]},"record":{}}],"x":"did:"}"#
            .into(),
    ];
    for input in inputs {
        let all = records(&input);
        assert!(all.iter().any(|line| line.starts_with("reject")), "{all:?}");
        assert!(all.iter().all(|line| !line.contains("secret")), "{all:?}");
    }
}

#[test]
fn keys_that_are_escaped_or_odd_are_the_same_address() {
    let escaped =
        event("feed.like", r#"{"subject":{"uri":"at:\/\/did:plc:ada\/app.bsky.feed.post\/\u0070"}}"#);
    let plain = event("feed.like", r#"{"subject":{"uri":"at://did:plc:ada/app.bsky.feed.post/p"}}"#);
    assert_eq!(records(&escaped), records(&plain));
    let odd = event("feed.like", r#"{"subject":{"uri":"at://did:plc:ada/app.bsky.feed.post/på\u0000"}}"#);
    assert!(records(&odd)[0].starts_with("reject subject.uri"));
}

#[test]
fn bad_parts_of_a_page_lose_themselves() {
    let post = r#"{"uri":"at://did:plc:ada/app.bsky.feed.post/p","cid":"b","author":{"did":"did:plc:ada"},"record":{"createdAt":"2026-03-02T09:00:00Z"},"likeCount":"7","repostCount":2.5,"replyCount":{},"quoteCount":null,"bookmarkCount":99999999999999999999}"#;
    let all = records(&format!(r#"{{"posts":[{post},5,{{"author":{{"did":5}},"uri":7}},{{}}]}}"#));
    assert_eq!(
        all,
        [
            "pass-over post that is gone or blocked",
            "pass-over post that is gone or blocked",
            "post bluesky at://did:plc:ada/app.bsky.feed.post/p author=did:plc:ada at=2026-03-02T09:00:00Z like=7",
            "reject bookmarkCount: not a whole number from 0 to 10^18",
            "reject did: not a DID such as did:plc:…",
            "reject posts: an element that is no object",
            "reject replyCount: not a whole number from 0 to 10^18",
            "reject repostCount: not a whole number from 0 to 10^18",
        ]
    );
    let line = r#"{"posts":[]}"#;
    assert_eq!(records(&format!("{line}\n{{\"posts\":[{post}]}}\n"))[0], "pass-over page without results");
}

#[test]
fn objects_of_the_api_stand_for_themselves() {
    let post = r#"{"uri":"at://did:plc:ada/app.bsky.feed.post/p","cid":"b","author":{"did":"did:plc:ada","handle":"a.example"},"record":{},"likeCount":7,"indexedAt":"2026-03-02T09:00:00Z"}"#;
    let expected = [
        "handle bluesky account=did:plc:ada @a.example",
        "post bluesky at://did:plc:ada/app.bsky.feed.post/p author=did:plc:ada at=2026-03-02T09:00:00Z observed=2026-03-02T09:00:00Z like=7",
    ];
    assert_eq!(kind(post), Some("api-objects"));
    assert_eq!(records(post), expected);
    assert_eq!(records(&format!("[{post}]")), expected);
    assert_eq!(records(&format!(r#"{{"post":{post}}}"#)), expected);
    let record = r#"{"uri":"at://did:plc:ada/app.bsky.graph.follow/f","cid":"b","value":{"$type":"app.bsky.graph.follow","subject":"did:plc:bo"}}"#;
    assert_eq!(
        records(record),
        [
            "interaction bluesky follow actor=did:plc:ada target=did:plc:bo id=at://did:plc:ada/app.bsky.graph.follow/f"
        ]
    );
}

#[test]
fn a_repost_without_an_address_is_passed_over() {
    let page = r#"{"feed":[{"post":{"uri":"at://did:plc:ada/app.bsky.feed.post/p","cid":"b","author":{"did":"did:plc:ada"},"record":{}},"reason":{"by":{"did":"did:plc:cy"},"indexedAt":"2026-03-02T09:00:00Z"}}]}"#;
    let all = records(page);
    assert_eq!(all[0], "pass-over repost without an address");
    assert_eq!(all.len(), 2, "{all:?}");
}

#[test]
fn lists_of_people_are_recognised_and_yield_nothing() {
    for (input, expected) in [
        (r#"{"subject":{"did":"did:plc:ada"},"followers":[{"did":"did:plc:bo","handle":"b"}]}"#, "api-other"),
        (
            r#"{"uri":"at://did:plc:ada/app.bsky.feed.post/p","likes":[{"actor":{"did":"did:plc:bo"}}]}"#,
            "api-other",
        ),
        (r#"{"thread":{"post":{"uri":"at://x","author":{"did":"did:plc:ada"}}}}"#, "api-other"),
    ] {
        assert_eq!(kind(input), Some(expected), "{input}");
        assert!(records(input).is_empty());
    }
}

#[test]
fn a_file_that_begins_with_what_yields_nothing_is_read_to_its_end() {
    let people = r#"{"subject":{"did":"did:plc:ada"},"followers":[]}"#;
    let profile = r#"{"did":"did:plc:ada","handle":"ada.example.org","postsCount":5}"#;
    let input = format!("{people}\n\n{profile}\n");
    assert_eq!(kind(&input), Some("api-objects"));
    let observed = "observation bluesky posts account=did:plc:ada value=5";
    assert!(records(&input).contains(&observed.to_owned()));
    assert_eq!(kind(&format!("{{\"cut off\n{}\n", event("feed.like", "{}"))), Some("jetstream"));
}

#[test]
fn shapes_that_others_share_are_left_alone() {
    for shared in [
        "",
        "[]",
        "{}",
        "did:plc:ada",
        "id,text\n1,did:plc:ada\n",
        r#"{"feed": [], "cursor": "did:plc:ada"}"#,
        r#"{"posts": [{"id": 1, "author": "did:plc:ada"}]}"#,
        r#"{"did": "did:plc:ada", "handle": "ada.example.org"}"#,
        r#"{"did": "did:plc:ada", "verificationMethod": []}"#,
        r#"{"data": [{"id": "1", "text": "did:plc:ada", "author_id": "2"}]}"#,
        r#"{"records": [{"uri": "x", "value": {"a": "did:"}}]}"#,
        r#"{"error": "InvalidRequest", "message": "did:plc:ada"}"#,
    ] {
        assert_eq!(kind(shared), None, "{shared}");
    }
}

#[test]
fn any_bytes_are_harmless() {
    let heads = [
        r#"{"did":"did:plc:bo","time_us":1,"kind":"commit","commit":{"operation":"create","record":{"subject":"#,
        r#"{"posts":[{"uri":"at://did:","cid":"b","author":{"did":"#,
        r#"{"did":"did:plc:ada","handle":"a","followersCount":"#,
    ];
    let tails: [&[u8]; 8] =
        [b"", b"\"", b"\xff\xfe\"}]}", b"null}}]}", b"{}}}]}", b"[]}]}", b"1e999}]}", b"\"\\ud800\"}}]}"];
    for head in heads {
        for tail in tails {
            let _ = run(&Bluesky, "file.json", &[head.as_bytes(), tail].concat(), &(), 16);
        }
        let deep = format!("{head}{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let _ = run(&Bluesky, "file.json", deep.as_bytes(), &(), 1 << 20);
    }
}
