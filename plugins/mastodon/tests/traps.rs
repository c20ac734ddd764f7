//! What goes wrong in real files, and odd input of every sort.

use renown_mastodon::Mastodon;
use renown_sdk::conformance::run;

fn kind(path: &str, input: &str) -> Option<&'static str> {
    run(&Mastodon, path, input.as_bytes(), &(), 1 << 20).ok().map(|outcome| outcome.kind)
}

fn records(path: &str, input: &str) -> Vec<String> {
    run(&Mastodon, path, input.as_bytes(), &(), 1 << 20).expect(input).records
}

/// A status with further fields.
fn status(fields: &str) -> String {
    format!(
        r#"{{"id": "1", "uri": "https://a.example/users/ada/statuses/1", "created_at": "2026-03-02T12:00:00Z", "reblogs_count": 1,
            "account": {{"id": "11", "acct": "ada", "uri": "https://a.example/users/ada"}}{fields}}}"#
    )
}

const POST: &str = "post mastodon https://a.example/users/ada/statuses/1 author=https://a.example/users/ada \
                    at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z repost=1";

#[test]
fn empty_collections_are_read_and_silent() {
    for name in ["outbox.json", "likes.json", "bookmarks.json"] {
        for items in ["[]", "null", "{}"] {
            let input =
                format!(r#"{{"id": "{name}", "type": "OrderedCollection", "orderedItems": {items}}}"#);
            let all = records(name, &input);
            assert!(!all.iter().any(|record| record.starts_with("interaction")), "{name}: {all:?}");
        }
    }
}

#[test]
fn fields_of_other_types_lose_no_more_than_themselves() {
    for field in [
        r#", "mentions": [null, 7, {"acct": {}}]"#,
        r#", "reblog": [], "quote": "none", "visibility": null"#,
        r#", "favourites_count": null, "in_reply_to_id": false, "in_reply_to_account_id": {}"#,
        r#", "quote": {"state": "pending", "quoted_status": null}"#,
    ] {
        let all = records("status.json", &status(field));
        assert!(all.contains(&POST.to_owned()), "{field}: {all:?}");
        assert!(!all.iter().any(|record| record.starts_with("interaction")), "{field}: {all:?}");
    }
}

#[test]
fn odd_names_are_kept_as_they_are_and_addresses_in_lower_case() {
    let all = records(
        "status.json",
        &status(r#", "mentions": [{"acct": "ÆDÅ\u200d@bücher.example"}, {"acct": "a b@x"}, {"acct": "@"}]"#),
    );
    let mentions: Vec<_> = all.iter().filter(|record| record.contains(" mention ")).collect();
    assert_eq!(mentions.len(), 1, "{all:?}");
    assert!(mentions[0].contains("target=@ædå\u{200d}@bücher.example"), "{mentions:?}");
}

#[test]
fn a_mention_of_oneself_and_twice_of_another_loses_nothing() {
    let bo = r#"{"acct": "bo@b.example"}"#;
    let all = records("status.json", &status(&format!(r#", "mentions": [{bo}, {bo}]"#)));
    assert_eq!(all.iter().filter(|record| record.contains("target=@bo@b.example")).count(), 2, "{all:?}");
}

#[test]
fn private_letters_leave_no_trace() {
    let letter = status(r#", "visibility": "direct", "mentions": [{"acct": "bo@b.example"}]"#);
    assert_eq!(records("status.json", &letter), ["pass-over direct message"]);
    let liked = format!(
        r#"[{{"id": "1", "type": "favourite", "created_at": "2026-03-02T12:00:00Z", "account": {{"acct": "bo@b.example"}}, "status": {letter}}}]"#
    );
    assert_eq!(records("notifications.json", &liked), ["pass-over direct message"]);
}

#[test]
fn without_a_post_of_the_owners_follows_are_the_files_owners() {
    let follow = r#"[{"id": "1", "type": "follow", "created_at": "2026-03-02T12:00:00Z", "account": {"acct": "bo@b.example"}}]"#;
    assert_eq!(
        records("me/notifications.json", follow),
        [
            "interaction mastodon follow at=2026-03-02T12:00:00Z actor=@bo@b.example target=owner:me id=follow:@bo@b.example:owner:me"
        ]
    );
}

#[test]
fn a_long_outbox_is_cut_and_read_to_its_end() {
    let activity = r#"{"type": "Announce", "actor": "https://a.example/users/ada", "object": "https://b.example/notes/NUMBER"}"#;
    let padding = "x".repeat(1 << 10);
    let activities: Vec<_> = (0..20_000)
        .map(|number| {
            let one = activity.replace("NUMBER", &number.to_string());
            one.replace("\"type\"", &format!("\"summary\": \"{padding}\", \"type\""))
        })
        .collect();
    let outbox = format!(
        r#"{{"id": "outbox.json", "type": "OrderedCollection", "orderedItems": [{}]}}"#,
        activities.join(",")
    );
    let all = records("outbox.json", &outbox);
    assert_eq!(all.iter().filter(|record| record.contains(" repost ")).count(), 20_000);
    assert!(!all.iter().any(|record| record.starts_with("reject")));
}

#[test]
fn rejects_quote_no_content() {
    let input = format!(
        "{}\n{}\n",
        status(r#", "favourites_count": "secret", "created_at": "secret""#).replacen("created_at", "made", 1),
        r#"{"uri": "secret", "account": {"acct": "secret@secret.example"}, secret}"#
    );
    let all = records("statuses.jsonl", &input);
    assert!(all.iter().filter(|record| record.starts_with("reject")).count() >= 3, "{all:?}");
    let rows = records("following_accounts.csv", "Account address,Show boosts\nsecret,true\n\u{fffd}@\n");
    for record in all.iter().chain(&rows).filter(|record| record.starts_with("reject")) {
        assert!(!record.contains("secret"), "{record}");
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn any_bytes_are_harmless_under_every_kind() {
    let heads = [
        r#"{"uri": "u", "created_at": "x", "reblogs_count": 0, "account": {"acct": "#,
        r#"{"id": "1", "type": "follow", "created_at": "x", "account": {"acct": "#,
        r#"{"id": "outbox.json", "type": "OrderedCollection", "orderedItems": [{"actor": "#,
        r#"{"id": "likes.json", "type": "OrderedCollection", "orderedItems": ["#,
        r#"{"id": "1", "type": "Person", "preferredUsername": "a", "inbox": "", "outbox": "#,
        "Account address,Show boosts\n\"a@b",
    ];
    let tails: [&[u8]; 8] =
        [b"", b"\"", b"\xff\xfe\"}]}", b"null}}]}", b"{}}}]}", b"[]}]}", b"1e999}]}", b"\"\\ud800\"}}]}"];
    for head in heads {
        for tail in tails {
            let bytes = [head.as_bytes(), tail].concat();
            let _ = run(&Mastodon, "file.csv", &bytes, &(), 16);
        }
        let deep = format!("{head}{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let _ = run(&Mastodon, "file.json", deep.as_bytes(), &(), 1 << 20);
    }
}

#[test]
fn what_is_of_others_is_left_alone() {
    for (path, input) in [
        ("tweets.js", "window.YTD.tweets.part0 = [ ]"),
        (
            "page.json",
            r#"{"data": [{"id": "1", "text": "x", "author_id": "2"}], "meta": {"result_count": 1}}"#,
        ),
        (
            "following.json",
            r#"{"relationships_following": [{"string_list_data": [{"href": "x", "value": "y"}]}]}"#,
        ),
        ("posts.json", r#"[{"timestamp": 1, "data": [{"post": "x"}], "title": "y"}]"#),
        ("list.json", r#"{"kind": "youtube#videoListResponse", "items": [{"id": "x"}]}"#),
        (
            "collection.json",
            r#"{"type": "OrderedCollection", "orderedItems": ["https://a.example/users/bo"]}"#,
        ),
        ("likes.csv", "Account,Show\nx,y\n"),
        ("lists.csv", "name,members\nfriends,12\n"),
        ("bookmarks.csv", "url,title\nhttps://a.example,A\n"),
        ("blocked_accounts.csv", "name,reason\nbo,spam\n"),
        ("events.csv", "at,actor,target,kind\n1,a@b.example,c@d.example,like\n"),
        ("", ""),
    ] {
        assert_eq!(kind(path, input), None, "{path}: {input}");
    }
}
