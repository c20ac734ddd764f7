//! What goes wrong in real files, and odd input of every sort.

use renown_sdk::conformance::{Outcome, run};
use renown_twitter::Twitter;

fn read(path: &str, input: &str) -> Outcome {
    run(&Twitter, path, input.as_bytes(), &(), 1 << 20).expect(input)
}

/// The records of a document.
fn records(input: &str) -> Vec<String> {
    read("file.json", input).records
}

/// The records of one tweet on a page of API v2.
fn page_with(tweet: &str) -> Vec<String> {
    records(&format!(r#"{{"data": [{tweet}], "meta": {{"result_count": 1}}}}"#))
}

fn kind(path: &str, input: &str) -> Option<&'static str> {
    run(&Twitter, path, input.as_bytes(), &(), 1 << 20).ok().map(|outcome| outcome.kind)
}

const AT: &str = "2026-03-02T10:00:00Z";

#[test]
fn a_retweets_target_is_looked_up_then_read_from_its_mention_then_from_its_text() {
    let retweet = r#"{"id": "50", "author_id": "2", "created_at": "2026-03-02T10:00:00Z", "text": "RT @Ada: x",
        "referenced_tweets": [{"type": "retweeted", "id": 40}] MENTIONS}"#;
    let with = |mentions: &str, includes: &str| {
        let tweet = retweet.replace("MENTIONS", mentions);
        let all = records(&format!(r#"{{"data": {tweet}, "includes": {includes}, "matching_rules": []}}"#));
        all.into_iter().find(|line| line.starts_with("interaction")).unwrap()
    };
    let mention =
        r#", "entities": {"mentions": [{"username": "bo", "id": "9"}, {"username": "ADA", "id": "7"}]}"#;
    let original = r#"{"tweets": [{"id": "40", "author_id": 1, "text": "x"}]}"#;
    let line = |target: &str| format!("interaction twitter repost at={AT} actor=2 {target}object=40 id=50");
    assert_eq!(with(mention, original), line("target=1 "));
    assert_eq!(with(mention, "{}"), line("target=7 "));
    assert_eq!(with("", "null"), line("target=@ada "));
    let wordless = r#"{"data": {"id": "50", "author_id": "2", "created_at": "2026-03-02T10:00:00Z", "text": "x", "referenced_tweets": [{"type": "retweeted", "id": "40"}]}}"#;
    assert_eq!(records(wordless), [line("")]);
}

#[test]
fn a_retweet_is_no_post_and_its_totals_and_mentions_are_not_the_retweeters() {
    let all = page_with(
        r#"{"id": "50", "author_id": "2", "text": "RT @ada: hi @bo", "public_metrics": {"retweet_count": 999},
            "entities": {"mentions": [{"username": "ada", "id": "1"}, {"username": "bo", "id": "3"}]},
            "referenced_tweets": [{"type": "retweeted", "id": "40"}]}"#,
    );
    assert_eq!(
        all,
        ["handle twitter account=1 @ada", "interaction twitter repost actor=2 target=1 object=40 id=50"]
    );
}

#[test]
fn whom_a_reply_answers_is_not_mentioned_as_well_even_if_mentions_have_no_ids() {
    let all = page_with(
        r#"{"id": "50", "author_id": "2", "text": "@ada @bo hi", "in_reply_to_user_id": "1",
            "entities": {"mentions": [{"start": 0, "username": "ada"}, {"start": 5, "username": "Bo"}]},
            "referenced_tweets": [{"type": "replied_to", "id": "40"}]}"#,
    );
    assert_eq!(
        all,
        [
            "interaction twitter mention actor=2 target=@bo id=50",
            "interaction twitter reply actor=2 target=1 object=40 id=50",
            "post twitter 50 author=2",
        ]
    );
}

#[test]
fn whom_a_tweet_quotes_is_not_mentioned_as_well() {
    let all = records(
        r#"{"data": [{"id": "50", "author_id": "2", "text": "see @ada", "referenced_tweets": [{"type": "quoted", "id": "40"}, {"type": "pinned"}],
              "entities": {"mentions": [{"start": 4, "username": "ada", "id": "1"}]}}],
            "includes": {"tweets": [{"id": "40", "author_id": "1", "text": "x"}]}, "meta": {"result_count": 1}}"#,
    );
    assert_eq!(
        all,
        [
            "handle twitter account=1 @ada",
            "interaction twitter quote actor=2 target=1 object=40 id=50",
            "post twitter 40 author=1",
            "post twitter 50 author=2",
        ]
    );
}

#[test]
fn a_reply_is_one_although_the_page_did_not_ask_for_referenced_tweets() {
    let reply = page_with(r#"{"id": "50", "author_id": "2", "text": "@ada hi", "in_reply_to_user_id": "1"}"#);
    assert_eq!(reply, ["interaction twitter reply actor=2 target=1 id=50", "post twitter 50 author=2"]);
    let quote = page_with(
        r#"{"id": "50", "author_id": "2", "text": "@ada hi", "in_reply_to_user_id": "1", "referenced_tweets": []}"#,
    );
    assert_eq!(quote, ["post twitter 50 author=2"]);
}

#[test]
fn without_an_author_a_post_stays_and_an_act_never_turns_into_a_total() {
    let all = page_with(
        r#"{"id": "50", "text": "hi @ada", "public_metrics": {"like_count": 3}, "entities": {"mentions": [{"username": "ada", "id": "1"}]}}"#,
    );
    assert_eq!(
        all,
        [
            "handle twitter account=1 @ada",
            "pass-over act whose author the file does not name",
            "post twitter 50 like=3",
        ]
    );
}

#[test]
fn a_page_dates_its_users_by_its_newest_tweet_and_not_by_their_creation() {
    let user = r#"{"id": "1", "name": "Ada", "username": "ada", "created_at": "2012-01-01T00:00:00Z", "public_metrics": {"followers_count": 5}}"#;
    let alone = records(&format!(r#"{{"data": [{user}], "meta": {{"result_count": 1}}}}"#));
    assert_eq!(alone[1], "observation twitter followers account=1 value=5");
    let pinned = r#"{"id": "1050118621198921728", "author_id": "1", "text": "x"}"#;
    let with_tweet = records(&format!(r#"{{"data": {user}, "includes": {{"tweets": [{pinned}]}}}}"#));
    assert_eq!(with_tweet[1], "observation twitter followers account=1 at=2018-10-10T20:19:24.211Z value=5");
}

#[test]
fn odd_input_is_read_rejected_or_passed_over_and_nothing_else_is_lost() {
    let page = |data: &str| {
        records(&format!(r#"{{"data": {data}, "meta": {{"result_count": 1}}, "includes": {{"users": []}}}}"#))
    };
    for nothing in ["[]", "null", "[null, null]"] {
        assert_eq!(page(nothing), ["pass-over page without results"], "{nothing}");
    }
    // Texts as numbers, numbers as texts, floats, NaN as text, null.
    assert_eq!(
        page(
            r#"[{"id": 50, "author_id": 2, "created_at": 1772445600, "text": "x", "entities": null, "referenced_tweets": null,
                  "public_metrics": {"retweet_count": "7", "like_count": 2.5, "reply_count": "NaN", "quote_count": null}}]"#
        ),
        [
            format!("post twitter 50 author=2 at={AT} observed={AT} repost=7"),
            "reject public_metrics.like_count: not a whole number from 0 to 10^18".into(),
            "reject public_metrics.reply_count: not a whole number from 0 to 10^18".into(),
        ]
    );
    // An id beyond 64 bits stays a text; an empty or missing one is told.
    assert_eq!(
        page(r#"[{"id": "99999999999999999999", "author_id": "", "text": ""}]"#),
        ["post twitter 99999999999999999999"]
    );
    assert_eq!(
        page(r#"[{"author_id": "2", "text": "x"}, {"id": "50", "author_id": "2", "text": "x"}]"#),
        ["post twitter 50 author=2", "reject id: missing: a tweet has one"]
    );
    // What does not parse is one reject, and the next line is read.
    for broken in [
        r#"{"data": 7, "meta": {"result_count": 1}}"#,
        r#"{"data": [{"id": "1", "text": "x", "author_id": {}}], "meta": {"result_count": 1}}"#,
        r#"{"data": [{"id": "1", "text": "x", "text": "y"}], "meta": {"result_count": 1}}"#,
        r#"{"data": [{"id": "1", "text": "x", "public_metrics": {"like_count": NaN}}], "meta": {"result_count": 1}}"#,
    ] {
        let good = r#"{"data": {"id": "50", "author_id": "2", "text": "x"}}"#;
        let all = records(&format!("{broken}\n{good}\n"));
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!(all[0], "post twitter 50 author=2");
        assert!(all[1].starts_with("reject line 1, column"), "{all:?}");
    }
}

#[test]
fn rejects_quote_no_content() {
    let secret = r#"{"data": [{"id": "1", "text": "secret", "author_id": {"secret": "secret"}, "username": "secret"}], "meta": {"result_count": 1}}
{"data": [{"id": "1", "text": "x", "created_at": "secret", "public_metrics": {"like_count": "secret"}}], "meta": {"result_count": 1}}"#;
    let all = records(secret);
    assert_eq!(all.iter().filter(|line| line.starts_with("reject")).count(), 3, "{all:?}");
    assert!(all.iter().all(|line| !line.contains("secret")), "{all:?}");
}

#[test]
fn any_bytes_are_harmless_under_every_kind() {
    let heads = [
        r#"{"data": [{"id": "1", "author_id": "2", "text": "x"#,
        r#"{"id_str": "1", "text": "x", "favorited": false, "user": {"screen_name": "#,
        r#"{"users": [{"screen_name": "a", "id": 1, "followers_count": "#,
        "window.YTD.tweets.part0 = [ { \"tweet\" : { \"id_str\" : ",
    ];
    let tails: [&[u8]; 8] =
        [b"", b"\"", b"\xff\xfe\"}]}", b"null}}]}", b"{}}}]}", b"[]}]}", b"1e999}]}", b"\"\\ud800\"}}]}"];
    for head in heads {
        for tail in tails {
            let bytes = [head.as_bytes(), tail].concat();
            let _ = run(&Twitter, "file.json", &bytes, &(), 16);
        }
        let deep = format!("{head}{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let _ = run(&Twitter, "file.json", deep.as_bytes(), &(), 1 << 20);
    }
}

#[test]
fn an_archive_without_its_assignment_or_with_a_byte_order_mark_is_one() {
    let bare = r#"[{"tweet": {"id_str": "50", "full_text": "hi", "favorite_count": "1"}}]"#;
    assert_eq!(read("tweets.json", bare).records, ["post twitter 50 author=owner:tweets like=1"]);
    let marked = format!("\u{feff}window.YTD.tweets.part12 = {bare}");
    assert_eq!(read("me/data/tweets-part12.js", &marked).records, ["post twitter 50 author=owner:me like=1"]);
    assert_eq!(kind("tweets.js", "window.YTD.tweets.part0 = [ ]"), Some("archive-tweets"));
    for (name, expected) in [
        ("community_tweet", "archive-tweets"),
        ("deleted_tweets", "archive-other"),
        ("direct_messages", "archive-other"),
        ("note_tweet", "archive-other"),
        ("tweet_headers", "archive-other"),
        ("ad_impressions", "archive-other"),
    ] {
        let input = format!("window.YTD.{name}.part0 = [ {{ \"tweet\" : {{ \"id_str\" : \"5\" }} }} ]");
        assert_eq!(kind("x.js", &input), Some(expected), "{name}");
    }
    assert_eq!(kind("manifest.js", "window.__THAR_CONFIG = { \"userInfo\" : { } }"), Some("archive-other"));
}

#[test]
fn a_file_that_begins_with_notices_or_errors_is_read_to_its_end() {
    let stream = "{\"limit\":{\"track\":5}}\n\n{\"id_str\":\"50\",\"text\":\"x\",\"favorited\":false,\"user\":{\"id_str\":\"2\"}}\n";
    assert_eq!(records(stream), ["pass-over limit notice", "post twitter 50 author=2"]);
    let pages = "{\"errors\":[{\"code\":88,\"message\":\"x\"}]}\n{\"data\":[{\"id\":\"50\",\"author_id\":\"2\",\"text\":\"x\"}]}\n";
    assert_eq!(records(pages), ["pass-over error body", "post twitter 50 author=2"]);
    let errors = "{\"errors\":[{\"code\":88,\"message\":\"x\"}]}\n{\"something\":1}\n";
    assert_eq!(read("e.jsonl", errors).kind, "api-error");
    assert_eq!(
        records(errors),
        ["pass-over error body", "reject not an error body, as the first documents of this file are"]
    );
}

#[test]
fn shapes_that_others_share_are_left_alone() {
    for shared in [
        r#"{"data": []}"#,
        r#"{"data": {}}"#,
        r#"{"data": [{"id": "1", "name": "Ada"}]}"#,
        r#"{"data": [{"id": "1", "text": "hi", "timestamp": "2026-01-01T00:00:00+0000", "username": "ada"}]}"#,
        r#"{"data": [{"id": "1", "username": "ada", "name": "Ada"}], "paging": {"cursors": {}}}"#,
        r#"{"id": "1", "username": "ada", "name": "Ada", "followers_count": 5}"#,
        r#"{"id": "1", "author_id": "2", "text": "a comment of some forum"}"#,
        r#"{"error": {"message": "x", "type": "OAuthException", "code": 190, "fbtrace_id": "x"}}"#,
        r#"{"error": {"errors": [{"domain": "x", "reason": "y", "message": "z"}], "code": 403, "message": "z"}}"#,
        r#"{"kind": "youtube#channelListResponse", "items": []}"#,
        r#"{"errors": [{"message": "x", "locations": []}]}"#,
        r#"{"statuses": [{"id": "1", "content": "x", "account": {"acct": "ada"}}]}"#,
        "id,text,author_id\n1,{\"data\":[{\"id\":\"1\",\"text\":\"x\",\"author_id\":\"2\"}]},2\n",
        "window.YTDx = [ ]",
        "",
    ] {
        assert_eq!(kind("file.json", shared), None, "{shared}");
    }
}
