//! What goes wrong in real files, and odd input of every sort.

use renown_sdk::conformance::run;
use renown_wikipedia::Wikipedia;

fn kind(path: &str, input: &[u8]) -> Option<&'static str> {
    run(&Wikipedia, path, input, &(), 1 << 20).ok().map(|outcome| outcome.kind)
}

fn records(path: &str, input: &[u8]) -> Vec<String> {
    run(&Wikipedia, path, input, &(), 1 << 20).unwrap().records
}

const HOUR: &str = "pageviews-20260101-130000";

#[test]
fn what_is_not_plainly_wikipedias_is_left_alone() {
    for (path, input) in [
        ("pageviews-20260101-130000", "dear diary"),
        ("pageviews.csv", "page,views\na,1\n"),
        ("log.txt", "en Main_Page 42 0\n"),
        ("pageviewsonly.txt", "en Main_Page 42 0\n"),
        ("links.tsv", "a\tb\n"),
        ("links.tsv", "from\tto\na\tb\n"),
        ("commonswiki-links.tsv", "a\tb\n"),
        ("enwiki-pages.tsv", "id\ttitle\tviews\n1\ta\t2\n"),
        ("enwiki.json", "{\"a\": 1}"),
        ("dump.sql", "-- MySQL dump 10\nCREATE TABLE `page` (\n"),
        ("dump.sql", "-- MySQL dump 10\nCREATE TABLE `users` (\n"),
        ("", ""),
    ] {
        assert_eq!(kind(path, input.as_bytes()), None, "{path}: {input}");
    }
    assert_eq!(
        kind("enwiki-20260101-page.sql", b"-- MySQL dump 10\nCREATE TABLE `page` (\n"),
        Some("sql-dump")
    );
}

#[test]
fn odd_titles_are_kept_as_they_are() {
    let all = records(HOUR, "en 🜍 1 0\nen %22Aune%22 2 0\nen a\u{200d}b 3 0\nen \"quoted 4 0\n".as_bytes());
    let targets: Vec<_> = all.iter().filter_map(|record| record.split("target=").nth(1)).collect();
    assert_eq!(targets, ["en:\"quoted amount=4", "en:%22Aune%22 amount=2", "en:a\u{200d}b amount=3", "en:🜍"]);
}

#[test]
fn bytes_that_are_no_text_lose_their_row_only() {
    let all = records(HOUR, b"en Aune 1 0\nen A\xffune 2 0\nen Aune 3 0\n");
    assert_eq!(all.len(), 3);
    assert!(all.contains(&"reject the row is not valid UTF-8".to_owned()), "{all:?}");
    let all = records("enwiki-links.tsv", b"a\tb\na\t\xff\n\tb\na\tb\tc\n-\tb\n");
    assert_eq!(all.iter().filter(|record| record.starts_with("reject")).count(), 4, "{all:?}");
}

#[test]
fn the_largest_count_is_read_and_larger_ones_are_rejected() {
    let all = records(
        HOUR,
        b"en Aune 1000000000000000000 0\nen Aune 1000000000000000001 0\nen Aune 0 0\nen Aune 007 0\n",
    );
    assert_eq!(all.iter().filter(|record| record.starts_with("reject")).count(), 1, "{all:?}");
    assert!(all.iter().any(|record| record.ends_with("amount=1000000000000000000")));
}

#[test]
fn undated_files_are_read_undated() {
    assert_eq!(
        records("pageviews.txt", b"en Aune 5 0\n"),
        ["interaction wikipedia view target=en:Aune amount=5"]
    );
    assert_eq!(
        records("pageviews-20261399-000000", b"en Aune 1 0\n"),
        ["interaction wikipedia view target=en:Aune"]
    );
}

#[test]
fn rejects_quote_no_content() {
    let rows = records(HOUR, b"en Aune 1 0\nen secret secret 0\nsecret\nen Aune 2 0\n");
    let links = records("enwiki-links.tsv", b"a\tb\nsecret\n");
    let rejects: Vec<_> = rows.iter().chain(&links).filter(|record| record.starts_with("reject")).collect();
    assert_eq!(rejects.len(), 3);
    assert!(rejects.iter().all(|reject| !reject.contains("secret")), "{rejects:?}");
}

#[test]
fn any_bytes_are_harmless_under_every_kind() {
    let heads = [
        (HOUR, "en Aune 1 0\nen "),
        ("enwiki-20260101-links.tsv", "from\tto\na\t"),
        ("enwiki-links.tsv", "a\tb\n"),
    ];
    let tails: [&[u8]; 7] = [b"", b"\0", b"\xff\xfe\n", b"\t\t\t\n", b"    \n", b"\r\n\r", b"\xf0\x9f"];
    for (path, head) in heads {
        for tail in tails {
            let bytes = [head.as_bytes(), tail].concat();
            for batch_bytes in [1, 16, 1 << 20] {
                let _ = run(&Wikipedia, path, &bytes, &(), batch_bytes);
            }
        }
        let long = [head.as_bytes(), "x".repeat(1 << 20).as_bytes()].concat();
        let _ = run(&Wikipedia, path, &long, &(), 1 << 20);
    }
}
