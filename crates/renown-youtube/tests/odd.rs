//! Input as no manual has it: it must lose no more than itself, and name nobody.

use renown_sdk::conformance::{Outcome, run};
use renown_sdk::{Adapter, File, Siblings};
use renown_youtube::YouTube;

/// What the adapter makes of a file, in pieces of every size.
fn read(path: &str, input: &str) -> Outcome {
    let whole = run(&YouTube, path, input.as_bytes(), &(), 1 << 20).unwrap();
    for batch_bytes in [1, 7, 100] {
        let cut = run(&YouTube, path, input.as_bytes(), &(), batch_bytes).unwrap();
        assert_eq!(cut.records, whole.records, "in batches of {batch_bytes}");
    }
    whole
}

fn claimed(path: &str, input: &[u8]) -> Option<&'static str> {
    YouTube.recognise(&File {
        path,
        head: input,
        disk: None,
        siblings: &(),
        options: &renown_sdk::NO_OPTIONS,
    })
}

#[test]
fn fields_of_wrong_types_lose_one_resource_and_no_more() {
    let good = r#"{"kind": "youtube#video", "id": "good", "snippet": {"channelId": "UCa"}}"#;
    for bad in [
        "null",
        "7",
        "[]",
        "\"x\"",
        r#"{"kind": 5}"#,
        r#"{"kind": "youtube#video", "id": [1]}"#,
        r#"{"kind": "youtube#video", "id": "v", "snippet": []}"#,
        r#"{"kind": "youtube#video", "id": "v", "snippet": {"channelId": true}}"#,
        r#"{"kind": "youtube#video", "id": "v", "statistics": {"viewCount": {}}}"#,
        r#"{"kind": "youtube#video", "id": "v", "statistics": {}, "statistics": {}}"#,
        r#"{"kind": "youtube#video", "snippet": {"channelId": "UCa"}}"#,
        r#"{"kind": "youtube#comment", "id": "", "snippet": {"parentId": "p"}}"#,
        r#"{"kind": "youtube#commentThread", "snippet": {"topLevelComment": {}}}"#,
        r#"{"kind": "youtube#searchResult", "id": {"videoId": "v"}, "snippet": {}}"#,
        r#"{"kind": "youtube#member", "snippet": {"memberDetails": null}}"#,
        r#"{"kind": "youtube#activity", "snippet": {"type": "like"}}"#,
        r#"{"kind": "youtube#activity", "snippet": {"type": "upload", "channelId": "UCa"}, "contentDetails": {"upload": {}}}"#,
    ] {
        let page = format!(r#"{{"kind": "youtube#videoListResponse", "items": [{bad}, {good}]}}"#);
        let records = read("page.json", &page).records;
        assert_eq!(records.len(), 2, "{bad}: {records:?}");
        assert!(records.contains(&"post youtube good author=UCa".to_owned()), "{bad}: {records:?}");
        assert!(records.iter().any(|record| record.starts_with("reject ")), "{bad}: {records:?}");
    }
}

#[test]
fn nothing_where_something_is_expected_is_nothing() {
    for resource in [
        r#"{"kind": "youtube#channel", "id": "UCa", "snippet": null, "statistics": null}"#,
        r#"{"kind": "youtube#video", "id": "v", "snippet": null, "statistics": null, "status": null}"#,
        r#"{"kind": "youtube#playlistItem", "snippet": {"resourceId": null}, "contentDetails": null}"#,
        r#"{"kind": "youtube#subscription", "snippet": null}"#,
        r#"{"kind": "youtube#commentThread", "snippet": {"topLevelComment": null}, "replies": null}"#,
        r#"{"kind": "youtube#activity", "snippet": {"channelId": "UCa"}, "contentDetails": null}"#,
        r#"{"kind": "youtube#searchResult", "id": null, "snippet": null}"#,
    ] {
        let records = read("one.json", resource).records;
        assert!(records.len() == 1 && records[0].starts_with("pass-over"), "{resource}: {records:?}");
    }
    for empty in [
        r#"{"kind": "youtube#videoListResponse", "items": []}"#,
        r#"{"kind": "youtube#videoListResponse", "items": null}"#,
        r#"{"kind": "youtube#videoListResponse", "items": [], "error": null}"#,
    ] {
        assert!(read("page.json", empty).records.is_empty(), "{empty}");
    }
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    let records = read(
        "one.json",
        r#"{"kind": "youtube#video", "id": 12345678901, "snippet": {"channelId": 5, "publishedAt": 1553200669},
            "statistics": {"viewCount": 3, "likeCount": "4", "commentCount": "NaN", "favoriteCount": 1000000000000000001}}"#,
    )
    .records;
    assert_eq!(
        records,
        [
            "post youtube 12345678901 author=5 at=2019-03-21T20:37:49Z observed=2019-03-21T20:37:49Z like=4 view=3",
            "reject `statistics.commentCount` is not a count: expected a whole number from 0 to 10^18, or its text",
            "reject `statistics.favoriteCount` is not a count: expected a whole number from 0 to 10^18, or its text",
        ]
    );
}

#[test]
fn rejects_name_nobody() {
    for (path, input) in [
        (
            "p.json",
            r#"{"kind": "youtube#videoListResponse", "items": [{"kind": "youtube#video", "id": ["secret"]}, 7]}"#,
        ),
        ("p.json", r#"{"kind": "youtube#channel", "id": "secret", "statistics": {"viewCount": "secret"}}"#),
        (
            "p.json",
            r#"{"kind": "youtube#video", "id": "secret", "snippet": {"publishedAt": "secret"}, "statistics": {}}"#,
        ),
        ("p.json", "{\"kind\": \"youtube#video\", \"id\": \"\u{1}secret"),
        ("subscriptions.csv", "Channel Id,Channel Url,Channel Title\n,,secret\n"),
        ("comments.csv", "Comment ID,Channel ID,Comment Create Timestamp\nsecret,secret,secret\n"),
        ("w.json", r#"[{"header": "YouTube", "title": ["secret"], "time": "secret"}]"#),
    ] {
        let records = read(path, input).records;
        let rejects: Vec<_> = records.iter().filter(|record| record.starts_with("reject")).collect();
        assert!(!rejects.is_empty(), "{input}");
        assert!(!rejects.iter().any(|reject| reject.contains("secret")), "{rejects:?}");
    }
}

#[test]
fn bytes_that_are_no_text_lose_their_record() {
    let page = b"{\"kind\": \"youtube#videoListResponse\", \"items\": [{\"kind\": \"youtube#video\", \"id\": \"\xff\"}]}";
    let records = run(&YouTube, "page.json", page, &(), 1 << 20).unwrap().records;
    assert_eq!(records.len(), 1);
    assert!(records[0].starts_with("reject"), "{records:?}");

    let table = b"Channel Id,Channel Url,Channel Title\n\xff,\xff,\xff\nUCa,,\xff\n\"UCb\n";
    let records = run(&YouTube, "ada/x/subscriptions.csv", table, &(), 1 << 20).unwrap().records;
    assert_eq!(
        records,
        [
            "interaction youtube subscribe actor=owner:ada target=UCa id=owner:ada UCa",
            "interaction youtube subscribe actor=owner:ada target=UCb id=owner:ada UCb",
            "reject a subscription without `Channel Id`",
        ]
    );
}

#[test]
fn rows_may_be_short_and_columns_in_any_order() {
    let records = read(
        "ada/comments/comments.csv",
        "VIDEO ID,comment create TIMESTAMP,Channel Id,COMMENT ID\r\nv1,2026-03-02 08:00:00 UTC,UCa,Ug1\r\nv1\r\nv2,,,Ug2\r\n",
    )
    .records;
    assert_eq!(
        records,
        [
            "interaction youtube comment actor=owner:ada object=v2 id=Ug2",
            "interaction youtube comment at=2026-03-02T08:00:00Z actor=UCa object=v1 id=Ug1",
            "reject a comment without `Comment ID`",
        ]
    );
}

#[test]
fn a_page_of_any_size_is_one_page() {
    let items: Vec<_> = (0..5_000)
        .map(|item| {
            format!(r#"{{"kind": "youtube#video", "id": "v{item}", "snippet": {{"channelId": "UCa"}}}}"#)
        })
        .collect();
    let page = format!(r#"{{"kind": "youtube#videoListResponse", "items": [{}]}}"#, items.join(",\n"));
    assert_eq!(read("page.json", &page).records.len(), 5_000);
}

#[test]
fn only_what_is_surely_of_this_network_is_claimed() {
    for (path, input) in [
        ("a.json", ""),
        ("a.json", "[]"),
        ("a.json", "{\"data\": []}"),
        ("a.json", r#"{"kind": "books#volume"}"#),
        ("a.json", r#"{"text": "\"kind\": \"youtube#video\""}"#),
        ("a.json", r#"{"deep": {"kind": "youtube#video"}}"#),
        (
            "a.json",
            r#"{"error": {"message": "x", "type": "OAuthException", "code": 190, "fbtrace_id": "x"}}"#,
        ),
        ("a.json", r#"[{"header": "Maps", "title": "Used Maps", "time": "2026-03-02T12:00:00Z"}]"#),
        ("a.csv", "video_id,title,channel_title\nv1,x,y\n"),
        ("a.csv", "Video ID,Title\nv1,x\n"),
        ("a.html", "<html></html>"),
        ("YouTube/a.xml", "<feed></feed>"),
        ("YouTube/a.csv", "one,two\n1,2\n"),
        ("YouTube/a.txt", "hello"),
        ("YouTube/a.mp4", "\0\0\0\x18ftypmp42,"),
    ] {
        assert_eq!(claimed(path, input.as_bytes()), None, "{path}: {input}");
    }
}

#[test]
fn a_head_that_is_cut_off_is_still_known() {
    let start = r#"{"etag": "e", "items": [{"etag": "e", "id": "v", "kind": "youtube#video", "snippet": {"title": "an"#;
    assert_eq!(claimed("a.json", start.as_bytes()), Some("api-v3"));
    assert_eq!(
        claimed("a.csv", b"\xef\xbb\xbfComment ID,Channel ID,Comment Create Timestamp,Pr"),
        Some("takeout-comments")
    );
}

#[test]
fn the_owner_is_told_by_the_first_file_that_knows() {
    struct Beside(&'static str);
    impl Siblings for Beside {
        fn read(&self, relative: &str) -> Option<Vec<u8>> {
            (relative == self.0).then(|| b"Channel ID,Video ID,Live Chat ID\nUCme,v,l\n".to_vec())
        }
    }
    let table = b"Channel Id,Channel Url,Channel Title\nUCa,,x\n";
    for beside in ["../channels/channel.csv", "../live chats/live chats.csv", "../video metadata/videos.csv"]
    {
        let records =
            run(&YouTube, "t/subscriptions/subscriptions.csv", table, &Beside(beside), 64).unwrap().records;
        assert_eq!(records, ["interaction youtube subscribe actor=UCme target=UCa id=UCme UCa"], "{beside}");
    }
}

#[test]
fn views_of_a_history_can_be_left_out_and_nothing_else() {
    use renown_sdk::ParamValue;
    use renown_sdk::conformance::run_with;
    let manifest = YouTube.manifest();
    let case = manifest.cases.iter().find(|case| case.name == "Takeout's history").expect("the case");
    let read = |views: bool| {
        let given = [("watch_history", ParamValue::Flag(views))];
        run_with(&YouTube, case.path, case.input.as_bytes(), &(), 1 << 20, &given).expect("records").records
    };
    let (with, without) = (read(true), read(false));
    let is_view = |record: &&String| record.starts_with("interaction youtube view ");
    assert_eq!(with.iter().filter(is_view).count(), 4);
    assert_eq!(without.iter().filter(is_view).count(), 0);
    let passed = "pass-over view, which the option watch_history leaves out";
    assert_eq!(without.iter().filter(|record| *record == passed).count(), 4);
    let others = |records: &[String]| -> Vec<String> {
        let acts = records.iter().filter(|record| record.starts_with("interaction") && !is_view(record));
        acts.cloned().collect()
    };
    assert_eq!(others(&with), others(&without));
    assert_eq!(others(&with).len(), 2);
}
