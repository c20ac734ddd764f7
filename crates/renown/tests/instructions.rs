//! How many instructions a record takes, from a file to a score: what no busy machine hides, and no lucky one.
//!
//! The counts are those of the program as tests build it, in which what is slower by its ways shows as well as in a release.
//! They are kept in `benches/instructions.toml` with the compiler and the processor that they are of, and are counted anew and
//! written there with `RENOWN_UPDATE=1`; of another compiler or processor they are told and not compared.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use common::folder::Folder;
use common::place::at;

/// How many records the smaller of two inputs has; the larger has twice as many, and the difference is what the rest takes.
const RECORDS: usize = 8_000;
/// By how much a count may rise: tables of accounts are seeded anew in each run.
const TOLERANCE: f64 = 0.05;

/// Counts by what is done.
type Counts = BTreeMap<&'static str, f64>;

/// What threads do that wait for one another, as long as it takes: of functions with these in their names nothing is counted.
const WAITING: [&str; 4] = ["rayon_core::", "crossbeam_", "sched_yield", "yield_now"];

/// The instructions that a run of the program takes.
fn count(folder: &Folder, args: &[&str]) -> u64 {
    let counts = folder.path("counts");
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--compress-strings=no"])
        .arg(format!("--callgrind-out-file={counts}"))
        .arg(env!("CARGO_BIN_EXE_renown"))
        .args(args)
        .env("RENOWN_TRUST", folder.path("trust.toml"))
        .output()
        .expect("valgrind: scripts/setup-tests installs it");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    // Under each function's name are lines of a place and a count; the one after `calls=` is what was called, counted elsewhere.
    let (mut sum, mut counts_here, mut is_of_call) = (0, false, false);
    for line in std::fs::read_to_string(&counts).expect("what callgrind wrote").lines() {
        if let Some(function) = line.strip_prefix("fn=") {
            counts_here = !WAITING.iter().any(|waiting| function.contains(waiting));
        } else if line.starts_with("calls=") {
            is_of_call = true;
        } else if line.starts_with(['+', '-', '*', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
            let count: u64 = line.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count");
            if counts_here && !is_of_call {
                sum += count;
            }
            is_of_call = false;
        }
    }
    sum
}

/// Numbers that look like chance and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// A table of acts.
fn table(records: usize) -> String {
    let mut numbers = Numbers(1);
    let mut table = String::from("time,actor,target,kind\n");
    for _ in 0..records {
        let (day, hour) = (1 + numbers.next(28), numbers.next(24));
        let (actor, target) = (numbers.next(600), numbers.next(60));
        let kind = ["like", "repost", "reply"][numbers.next(3) as usize];
        let _ = writeln!(table, "2026-09-{day:02}T{hour:02}:00:00Z,{actor},{target},{kind}");
    }
    table
}

/// Pages of an API, a post each.
fn pages(records: usize) -> String {
    let mut numbers = Numbers(2);
    let mut pages = String::new();
    for post in 0..records {
        let (author, fan) = (1 + numbers.next(60), 1 + numbers.next(600));
        let (likes, day) = (numbers.next(90), 1 + numbers.next(28));
        let _ = writeln!(
            pages,
            r#"{{"data":[{{"id":"{post}","author_id":"{author}","text":"Good morning, town","created_at":"2026-09-{day:02}T08:00:00.000Z","in_reply_to_user_id":"{fan}","public_metrics":{{"retweet_count":3,"reply_count":2,"like_count":{likes},"quote_count":0}}}}],"includes":{{"users":[{{"id":"{author}","username":"u{author}","name":"U","public_metrics":{{"followers_count":{likes},"following_count":7,"tweet_count":9,"listed_count":1}}}}]}}}}"#
        );
    }
    pages
}

/// A people file.
fn people_file(people: usize) -> String {
    let mut file = String::new();
    for person in 0..people {
        let _ = writeln!(
            file,
            "[[person]]\nid = \"p{person}\"\nconsent = true\naccounts = [\"twitter:{person}\"]\n"
        );
    }
    file
}

/// Instructions a record, by what is done with it.
fn counted() -> Counts {
    let folder = Folder::new();
    let map = folder.file(
        "map.toml",
        "network = \"twitter\"\n[columns]\nat = \"time\"\nactor = \"actor\"\ntarget = \"target\"\nkind = \"kind\"\n",
    );
    let mut counts = Counts::new();
    let mut per_record = |what, runs: [u64; 2]| {
        counts.insert(what, (runs[1] - runs[0]) as f64 / RECORDS as f64);
    };
    let sizes = [RECORDS, 2 * RECORDS];
    let last = ["--everyone", "-q", "--threads", "1", "--as-of", "2026-09-30"];
    let tables = sizes.map(|records| folder.file(&format!("{records}.csv"), table(records)));
    let score =
        |input: &String, more: &[&str]| count(&folder, &[&["score", input], &last[..], more].concat());
    per_record("score a table", tables.each_ref().map(|table| score(table, &["--map", &map])));
    let pages = sizes.map(|records| folder.file(&format!("{records}.jsonl"), pages(records)));
    per_record("score pages of an API", pages.each_ref().map(|pages| score(pages, &[])));
    let listed = sizes.map(|people| folder.file(&format!("{people}.toml"), people_file(people)));
    let among = |people: &String| score(&tables[0], &["--map", &map, "--people", people]);
    per_record("score a person of a people file", listed.each_ref().map(among));
    // A state is read so fast that it takes many records to tell them from threads that wait.
    let states = [RECORDS, 9 * RECORDS].map(|records| {
        let (table, state) =
            (folder.file("state.csv", table(records)), folder.path(&format!("{records}.tally")));
        let mut tally = Command::new(env!("CARGO_BIN_EXE_renown"));
        tally.args(["tally", &table, "--map", &map, "-q", "--as-of", "2026-09-30", "--out", &state]);
        assert!(tally.status().is_ok_and(|status| status.success()), "{tally:?}");
        state
    });
    let tried = ["--set", "networks.twitter.weight=0.5"];
    // And the least of several counts, since to wait only adds.
    let what_if = |state| {
        let counts = (0..4).map(|_| count(&folder, &[&["what-if", state], &last[..], &tried].concat()));
        counts.min().expect("several counts")
    };
    per_record("score a state twice", states.each_ref().map(|state| what_if(state)).map(|count| count / 8));
    counts
}

/// The compiler and the processor.
fn machine() -> [String; 2] {
    let told = Command::new("rustc").arg("--version").output().expect("a compiler");
    let processors = std::fs::read_to_string("/proc/cpuinfo").expect("the processors");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown", |(_, model)| model);
    [String::from_utf8_lossy(&told.stdout).trim().to_owned(), model.to_owned()]
}

#[test]
fn a_record_takes_no_more_instructions_than_it_did() {
    let path = at("benches/instructions.toml");
    let (counts, [compiler, processor]) = (counted(), machine());
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        let mut text = format!(
            "# Instructions a record, counted by callgrind in the program as tests build it; written by crates/renown/tests/instructions.rs.\n\
             compiler = \"{compiler}\"\nprocessor = \"{processor}\"\n\n[instructions]\n"
        );
        for (what, count) in &counts {
            let _ = writeln!(text, "\"{what}\" = {count:.0}");
        }
        std::fs::write(&path, text).expect("the table can be written");
    }
    let text = std::fs::read_to_string(&path).expect("the table");
    let kept: toml::Table = text.parse().expect("a table");
    let known = kept["instructions"].as_table().expect("counts");
    let mut wrong = Vec::new();
    for (what, count) in &counts {
        let before = known[*what].as_integer().expect("a count") as f64;
        let change = count / before - 1.0;
        eprintln!("{what}: {count:.0} instructions a record, {before:.0} before ({:+.1} %)", 100.0 * change);
        if change > TOLERANCE {
            wrong.push(format!("{what}: {count:.0}, {before:.0} before ({:+.1} %)", 100.0 * change));
        }
    }
    let is_same = |key: &str, now: &String| kept[key].as_str() == Some(now);
    if !is_same("compiler", &compiler) || !is_same("processor", &processor) {
        eprintln!("counted with {compiler} on {processor}, and kept of another: not compared");
        return;
    }
    assert!(
        wrong.is_empty(),
        "{}\nIf that is meant: RENOWN_UPDATE=1 cargo test --workspace --test instructions",
        wrong.join("\n")
    );
}
