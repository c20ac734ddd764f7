//! A run that is killed at any moment leaves a store that opens, and the same run once more gives the same bytes.
//!
//! `RENOWN_KILLS=200 cargo test -p renown --test store_killed -- --nocapture` kills at as many moments.

#![cfg(unix)]

mod common {
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod store;
    pub(crate) mod tree;
}

use std::process::Stdio;
use std::time::Instant;

use common::renown::renown;
use common::run::command;
use common::store::{ingest, ok};
use common::tree::{assert_same, copy, tree};

/// How many kills, unless `RENOWN_KILLS` says otherwise.
const KILLS: u32 = 12;

/// What is killed: its name, its arguments and the store that it begins with.
struct Work {
    name: &'static str,
    args: Vec<&'static str>,
    before: String,
}

#[test]
fn a_killed_run_can_be_repeated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let kills = std::env::var("RENOWN_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let (empty, some, more, forgot) = (path("empty"), path("some"), path("more"), path("forgot"));
    std::fs::create_dir(&empty).expect("a folder");
    let day = vec!["day", "--as-of", "2026-09-30", "--everyone", "-q"];
    ingest(&some, &["examples/town/twitter/search-2026-06.jsonl"], &[]);
    copy(&some, &more);
    ingest(
        &more,
        &["examples/town/twitter/search-2026-07.jsonl", "examples/town/youtube/channels-1.json"],
        &[],
    );
    copy(&more, &forgot);
    ok(renown([&["day", "--store", &forgot, "--as-of", "2026-09-29"], &day[3..]].concat()));
    // Forgetting draws a key by chance, so that the first time would never be the same.
    ok(renown(["store", "forget", "twitter:1004", &forgot]));
    let import = vec!["ingest", "examples/town/twitter/search-2026-07.jsonl", "-q"];
    let works = [
        Work { name: "the first ingest", args: import.clone(), before: empty },
        Work { name: "an ingest", args: import, before: some },
        Work { name: "a day", args: day, before: more.clone() },
        Work { name: "a compaction", args: vec!["store", "compact"], before: more },
        Work { name: "forgetting", args: vec!["store", "forget", "twitter:1005"], before: forgot },
    ];
    let (mut killed, mut seed) = (0, 7_u64);
    for work in &works {
        let whole = path("whole");
        copy_or_make(&work.before, &whole);
        let begun = Instant::now();
        assert!(start(work, &whole).wait().expect("it ends").success(), "{}", work.name);
        let length = begun.elapsed();
        let expected = tree(&whole);
        for kill in 0..kills.div_ceil(works.len() as u32) {
            // At random, from before the beginning to after the end.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let moment = length.mul_f64((seed >> 40) as f64 / f64::from(1 << 24));
            let store = path("store");
            copy_or_make(&work.before, &store);
            let mut run = start(work, &store);
            std::thread::sleep(moment);
            run.kill().expect("it can be killed");
            killed += u32::from(!run.wait().expect("it ends").success());
            if std::fs::exists(format!("{store}/store.json")).expect("the folder") {
                let verified = renown(["store", "verify", &store]);
                let only_left_over = verified.stdout.lines().filter(|line| line.starts_with("fail "));
                let only_left_over =
                    only_left_over.into_iter().all(|line| line.contains("left behind by a run"));
                assert!(only_left_over, "{} killed after {moment:?}: {}", work.name, verified.stdout);
            }
            assert!(start(work, &store).wait().expect("it ends").success(), "{} {kill}", work.name);
            assert_same(&tree(&store), &expected);
            std::fs::remove_dir_all(&store).expect("the store");
        }
        std::fs::remove_dir_all(&whole).expect("the store");
    }
    assert!(killed * 3 > kills, "only {killed} runs of {kills} were still going when they were killed");
    eprintln!("{killed} of {kills} runs were killed");
}

fn copy_or_make(from: &str, to: &str) {
    std::fs::create_dir(to).expect("a folder");
    if std::fs::exists(format!("{from}/store.json")).expect("the folder") {
        copy(from, to);
    }
}

fn start(work: &Work, store: &str) -> std::process::Child {
    let mut run = command();
    run.args(&work.args);
    if work.args[0] != "store" {
        run.arg("--store");
    }
    run.arg(store).stdout(Stdio::null()).stderr(Stdio::null());
    run.spawn().expect("it runs")
}
