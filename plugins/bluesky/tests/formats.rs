//! The adapter over a real recording, read where it lies (`../shared/data/formats`), and over others' formats.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renown_bluesky::Bluesky;
use renown_sdk::conformance::run;

/// The folder of real formats, if it is there.
fn formats() -> Option<PathBuf> {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/formats");
    if !formats.is_dir() {
        eprintln!("skipped: {} is missing", formats.display());
        return None;
    }
    Some(formats)
}

#[test]
fn every_event_of_a_real_recording_is_read_or_passed_over_by_name() {
    let Some(formats) = formats() else { return };
    let path = formats.join("bluesky-jetstream/expected_v1.jsonl");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} is missing", path.display());
        return;
    };
    let outcome = run(&Bluesky, "expected_v1.jsonl", &bytes, &(), 1 << 20).unwrap();
    assert_eq!(outcome.kind, "jetstream");
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &outcome.records {
        let what = match record.split_once(' ').unwrap() {
            ("interaction", rest) => rest.split(' ').nth(1).unwrap(),
            ("pass-over", what) => what,
            ("undo", rest) if rest.starts_with("bluesky follow") => "undone follow",
            (form, _) => form,
        };
        *found.entry(what).or_default() += 1;
    }
    // 152 events: 105 likes, 15 reposts, 6 follows, 17 posts of which 8 are replies, 1 block, 2 records of status,
    // 4 deletes, 1 account and 1 identity event. None of the posts mentions or quotes.
    let expected = [
        ("like", 105),
        ("repost", 15),
        ("follow", 6),
        ("post", 17),
        ("reply", 8),
        ("block", 1),
        ("profile or status", 1),
        ("record of no act (another collection)", 1),
        ("undone follow", 3),
        // A post that is gone may have been a reply, a quote and a mention, too.
        ("undo-post", 1),
        ("undo", 3),
        ("account-back", 1),
        ("identity event without a handle", 1),
    ];
    assert_eq!(found, BTreeMap::from(expected));
    for batch_bytes in [1, 4096] {
        let again = run(&Bluesky, "expected_v1.jsonl", &bytes, &(), batch_bytes).unwrap();
        assert_eq!(again.records, outcome.records);
    }
}

#[test]
fn no_file_of_another_network_is_claimed() {
    let Some(formats) = formats() else { return };
    let mut seen = 0;
    for path in files_below(&formats) {
        let name = path.strip_prefix(&formats).unwrap().to_str().unwrap().to_owned();
        if name.starts_with("bluesky-") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let outcome = run(&Bluesky, &name, &bytes, &(), 1 << 20);
        assert_eq!(outcome.map(|outcome| outcome.kind), Err("not recognised".to_owned()), "{name}");
        seen += 1;
    }
    assert!(seen > 100, "only {seen} files");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}
