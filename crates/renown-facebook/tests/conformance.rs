//! The conformance kit, and the traps of these formats.

use std::path::Path;

use renown_facebook::Facebook;
use renown_sdk::{Adapter, File, conformance};

#[test]
fn conforms() {
    conformance::check(&Facebook).assert();
}

/// The records of a file, by its content alone.
fn records(input: &str) -> Vec<String> {
    conformance::run(&Facebook, "x.json", input.as_bytes(), &(), 1 << 20).unwrap().records
}

#[test]
fn every_kind_of_file_that_yields_records_has_a_case() {
    let manifest = Facebook.manifest();
    for file in manifest.files.iter().filter(|file| !file.yields.is_empty()) {
        let cases = std::iter::once(&manifest.example).chain(manifest.cases);
        assert!(cases.into_iter().any(|case| case.kind == file.name), "{}", file.name);
    }
}

#[test]
fn rejects_quote_nothing_of_the_record() {
    let manifest = Facebook.manifest();
    for case in std::iter::once(&manifest.example).chain(manifest.cases) {
        let input = case.input.as_bytes();
        for at in 0..input.len() {
            for damage in [0x85, 0x02] {
                let mut damaged = input.to_vec();
                damaged[at] ^= damage;
                let Ok(outcome) = conformance::run(&Facebook, case.path, &damaged, &(), 1 << 20) else {
                    continue;
                };
                for reject in outcome.records.iter().filter(|record| record.starts_with("reject")) {
                    for private in
                        ["Ines", "nes", "Bo ", "Harbour", "arbour", "7001", "9000", "1784", "17900", "Rye"]
                    {
                        assert!(!reject.contains(private), "{reject}");
                    }
                }
            }
        }
    }
}

#[test]
fn other_networks_are_not_claimed() {
    for input in [
        "",
        "{}",
        "[]",
        r#"{"data": []}"#,
        r#"{"id": "1", "name": "a"}"#,
        r#"{"data": [{"id": "1", "text": "a", "author_id": "2", "created_at": "x"}], "meta": {"next_token": "n"}}"#,
        r#"{"data": {"id": "1", "username": "a", "public_metrics": {"followers_count": 1}}}"#,
        r#"{"id_str": "1", "followers_count": 2, "friends_count": 3, "screen_name": "a"}"#,
        r#"{"kind": "youtube#videoListResponse", "items": [{"id": "x", "statistics": {"likeCount": "1"}}]}"#,
        r#"{"did": "did:plc:x", "time_us": 1, "kind": "commit"}"#,
        r#"{"errors": [{"code": 88, "message": "Rate limit exceeded"}]}"#,
        r#"{"error": {"code": 403, "message": "x", "errors": [{"domain": "youtube.quota"}]}}"#,
        r#"window.YTD.follower.part0 = [{"follower": {"accountId": "1"}}]"#,
        r#"{"data": [{"created_time": "1465985896", "user": {"profile_picture": "x"}}]}"#,
        "id,name\n1,a\n",
    ] {
        for path in ["x.json", "comments/comments.json", "likes.json", "friends/friends.json"] {
            let file = File {
                path,
                head: input.as_bytes(),
                disk: None,
                siblings: &(),
                options: &renown_sdk::NO_OPTIONS,
            };
            assert_eq!(Facebook.recognise(&file), None, "{input} as {path}");
        }
    }
}

#[test]
fn files_of_a_download_are_recognised_by_folder_last() {
    let kind = |path: &str| {
        Facebook.recognise(&File {
            path,
            head: b"{\"x\": 1}",
            disk: None,
            siblings: &(),
            options: &renown_sdk::NO_OPTIONS,
        })
    };
    assert_eq!(kind("a/your_facebook_activity/voting/voting_location.json"), Some("download-other"));
    assert_eq!(kind("your_instagram_activity/shopping/x.json"), Some("instagram-download-other"));
    assert_eq!(kind("your_facebook_activity/posts/media/x.jpg"), None);
    assert_eq!(kind("elsewhere/x.json"), None);
}

#[test]
fn numbers_and_texts_are_the_same_id() {
    let one = records(r#"{"id": 12, "fan_count": "3", "created_time": "2026-01-01T00:00:00+0000"}"#);
    let other = records(r#"{"id": "12", "fan_count": 3, "created_time": "2026-01-01T00:00:00+0000"}"#);
    assert_eq!(one, other);
    // Made in January, counted some day: an account's creation dates no count.
    assert_eq!(one, ["observation facebook fans account=12 value=3"]);
}

#[test]
fn a_document_that_cannot_be_parsed_is_one_reject() {
    for broken in [
        r#"{"fan_count": 1, "id": NaN}"#,
        r#"{"fan_count": 1, "id": "1", "id": "2"}"#,
        r#"{"fan_count": 1, "id": }"#,
        r#"{"friends_v2": [{"name": "a" "b"}]}"#,
        r#"{"ig_reels_media": [{]}"#,
    ] {
        let records = records(broken);
        assert_eq!(records.len(), 1, "{broken}: {records:?}");
        assert!(records[0].starts_with("reject "), "{broken}: {records:?}");
    }
}

#[test]
fn empty_and_null_is_nothing_and_no_error() {
    for input in [
        r#"{"data": [], "paging": {"cursors": {}}}"#,
        r#"{"fan_count": null, "id": null}"#,
        r#"{"friends_v2": null, "comments_v2": [], "reactions_v2": {}}"#,
        r#"{"ig_reels_media": null, "ig_stories": []}"#,
        r#"{"relationships_followers": "none"}"#,
        r#"{"business_discovery": null, "id": "1"}"#,
        r#"{"business_discovery": [], "mentioned_media": 5}"#,
        r#"{"1_2": null, "3_4": {"created_time": null}}"#,
    ] {
        for record in records(input) {
            assert!(record.starts_with("pass-over"), "{input}: {record}");
        }
    }
}

#[test]
fn reactions_are_never_counted_twice() {
    let post = |totals: &str| {
        let input = format!(r#"{{"id": "1_2", "created_time": "2026-01-01T00:00:00+0000", {totals}}}"#);
        let records = records(&input);
        records[0].split_once("observed=2026-01-01T00:00:00Z ").unwrap().1.to_owned()
    };
    let total = |name: &str, count: u32| format!(r#""{name}": {{"summary": {{"total_count": {count}}}}}"#);
    assert_eq!(post(&total("reactions", 9)), "reaction=9");
    assert_eq!(post(&total("likes", 7)), "react-like=7 reaction=7");
    assert_eq!(post(&[total("likes", 7), total("reactions", 9)].join(", ")), "react-like=7 reaction=9");
    assert_eq!(
        post(&[total("like", 7), total("love", 2)].join(", ")),
        "react-like=7 react-love=2 reaction=9"
    );
    let all = [total("like", 7), total("likes", 7), total("wow", 1), total("reactions", 9)];
    assert_eq!(post(&all.join(", ")), "react-like=7 react-wow=1 reaction=9");
}

#[test]
fn the_same_reaction_and_comment_have_one_id_wherever_they_stand() {
    let nested = records(
        r#"{"id": "1_2", "created_time": "2026-01-01T00:00:00+0000", "likes": {"data": [{"id": "3"}]},
            "comments": {"data": [{"id": "1_2_9", "from": {"id": "3"}}]}}"#,
    );
    let liked = records(
        r#"{"data": [{"id": "3", "type": "LIKE"}],
            "paging": {"next": "https://graph.facebook.com/v20.0/1_2/reactions?after=x"}}"#,
    );
    let commented = records(
        r#"{"id": "2_9", "from": {"id": "3"}, "message": "a", "like_count": 0,
        "permalink_url": "https://www.facebook.com/1/posts/2/?comment_id=9"}"#,
    );
    for record in [&nested[1], &liked[0]] {
        assert!(record.contains("actor=3 target=1 object=1_2 id=1_2:3"), "{record}");
    }
    for record in [&nested[0], &commented[0]] {
        assert!(record.contains("actor=3 target=1 object=1_2 id=2_9"), "{record}");
    }
}

#[test]
fn photos_of_others_are_not_credited_to_whom_they_show() {
    let page = |query: &str| {
        let next = format!("https://graph.facebook.com/v20.0/5/photos?{query}after=x");
        let photo = r#"{"id": "8", "created_time": "2026-01-01T00:00:00+0000", "likes": {"count": 3}}"#;
        records(&format!(r#"{{"data": [{photo}], "paging": {{"next": "{next}"}}}}"#))
    };
    assert!(page("type=uploaded&")[0].contains(" author=5 "), "{:?}", page("type=uploaded&"));
    assert!(!page("type=tagged&")[0].contains("author"), "{:?}", page("type=tagged&"));
}

#[test]
fn deep_documents_are_harmless() {
    for open in ["[", "{\"data\":", "{\"comments\":{\"data\":[", "{\"fan_count\":["] {
        let deep = format!("{{\"fan_count\": 1, \"id\": \"1\", \"x\": {}", open.repeat(100_000));
        let _ = conformance::run(&Facebook, "x.json", deep.as_bytes(), &(), 1 << 20);
    }
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/facebook"));
    conformance::fuzz(&Facebook, corpus).assert();
}
