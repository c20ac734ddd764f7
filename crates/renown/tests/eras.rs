//! Weights files with eras: old days keep the ruler that they had.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use common::folder::Folder;
use common::renown::renown;
use common::run::Ran;
use renown_weights::Weights;
use serde_json::Value;

const TOWN: &str = "examples/town";
const PEOPLE: [&str; 2] = ["--people", "examples/town/people.toml"];

/// What is put under the default weights: from the middle of September on, Twitter is worth half.
const ERA: &str =
    "\n[[era]]\nfrom = 2026-09-15\nmemo = \"Twitter was bought\"\n[era.networks.twitter]\nweight = 0.5\n";

/// The default weights with that era.
fn weights(folder: &Folder) -> String {
    folder.file("eras.toml", format!("{}{ERA}", Weights::default_text()))
}

fn score(more: &[&str]) -> Ran {
    renown([&["score", TOWN], &PEOPLE[..], more].concat())
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

#[test]
fn each_day_is_scored_by_the_ruler_that_it_had() {
    let folder = Folder::new();
    let eras = weights(&folder);
    let on = |day: &str, more: &[&str]| {
        json(&score(&[&["--as-of", day, "--format", "json", "-q", "--weights"], more].concat()))
    };
    let (default, half) =
        ("config/weights.toml", ["config/weights.toml", "--set", "networks.twitter.weight=0.5"]);
    let mut by_era = on("2026-09-15", &[&eras]);
    let era = by_era.as_object_mut().unwrap().remove("era");
    assert_eq!(era, Some(serde_json::json!({ "from": "2026-09-15", "memo": "Twitter was bought" })));
    assert_eq!(by_era, on("2026-09-15", &half));
    assert_eq!(on("2026-09-14", &[&eras]), on("2026-09-14", &[default]));
    assert_eq!(on("2026-09-14", &[&eras, "--as-published"]), on("2026-09-14", &[default]));
    let mut now = on("2026-09-14", &[&eras, "--as-now"]);
    assert_eq!(now.as_object_mut().unwrap().remove("era"), era);
    assert_eq!(now, on("2026-09-14", &half));
    assert_ne!(now, on("2026-09-14", &[default]));
    // What is set is put over whichever is in force.
    let set = ["--set", "networks.twitter.weight=0.5"];
    assert_eq!(on("2026-09-14", &[&[eras.as_str()], &set[..]].concat()), on("2026-09-14", &half));

    let both = score(&["--as-now", "--as-published"]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}

/// The newest record's day decides where none is given.
#[test]
fn the_era_is_told() {
    let folder = Folder::new();
    let eras = weights(&folder);
    let told = |more: &[&str]| {
        let ran = score(&[&["--top", "1", "--weights", &eras], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let line = ran.stderr.lines().find(|line| line.starts_with("era ")).map(str::to_owned);
        (line, ran.stdout.contains(", era from 2026-09-15 (Twitter was bought)"))
    };
    let era = |text: &str| Some(format!("era          from 2026-09-15{text}: Twitter was bought"));
    assert_eq!(told(&[]), (era(""), true));
    assert_eq!(told(&["--as-of", "2026-09-14"]), (None, false));
    assert_eq!(told(&["--as-of", "2026-09-14", "--as-now"]), (era(", later than that day (--as-now)"), true));
    let explain = renown([&["explain", "mara-lind", TOWN, "-q", "--weights", &eras], &PEOPLE[..]].concat());
    assert!(explain.stdout.contains(", era from 2026-09-15 (Twitter was bought)"), "{}", explain.stdout);
}

/// What a change is split over.
fn causes(diff: &Value) -> Vec<&str> {
    let mut causes: Vec<&str> =
        diff["people"][0]["causes"].as_object().expect("causes").keys().map(String::as_str).collect();
    causes.sort_unstable();
    causes
}

#[test]
fn two_eras_are_compared_only_if_asked_for() {
    let folder = Folder::new();
    let eras = weights(&folder);
    let diff = |more: &[&str]| {
        let days =
            ["--as-of-before", "2026-09-14", "--as-of", "2026-09-15", "--weights", &eras, "--format", "json"];
        renown([&["diff", TOWN, TOWN], &PEOPLE[..], &days, more].concat())
    };
    let refused = diff(&[]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    let why = "Between them an era begins, on 2026-09-15 (Twitter was bought): pass --as-now to score both by the newest";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
    assert!(refused.stderr.contains("--bridge"), "{}", refused.stderr);

    let bridged = json(&diff(&["--bridge"]));
    assert_eq!(bridged["same_ruler"], false);
    assert_eq!(causes(&bridged), ["data", "standing", "time", "weights"]);
    assert_eq!(bridged["before"]["era"], Value::Null);
    assert_eq!(bridged["after"]["era"]["memo"], "Twitter was bought");
    let now = json(&diff(&["--as-now"]));
    assert_eq!(now["same_ruler"], true);
    assert_eq!(causes(&now), ["data", "standing", "time"]);
}

/// Other weights are held against those in force on the same day.
#[test]
fn what_if_takes_both_sides_as_of_the_day() {
    let folder = Folder::new();
    let eras = weights(&folder);
    let moved = |more: &[&str]| {
        let args = ["--weights", &eras, "--against", "config/weights.toml", "--format", "json"];
        json(&renown([&["what-if", TOWN], &PEOPLE[..], &args, more].concat()))["same_ruler"].clone()
    };
    assert_eq!(moved(&["--as-of", "2026-09-14"]), true);
    assert_eq!(moved(&["--as-of", "2026-09-15"]), false);
    assert_eq!(moved(&["--as-of", "2026-09-14", "--as-now"]), false);
}

#[test]
fn lint_looks_at_the_newest_unless_a_day_is_given() {
    let folder = Folder::new();
    let text = format!("{}{ERA}[era.time]\nfade_days = 0\n", Weights::default_text());
    let path = folder.file("eras.toml", text);
    let newest = renown(["lint", &path]);
    assert_eq!(newest.code, 1, "{}", newest.stdout);
    assert!(newest.stdout.contains("warning[window-edge]"), "{}", newest.stdout);
    assert!(newest.stdout.contains("of the era from 2026-09-15:"), "{}", newest.stdout);
    let before = renown(["lint", &path, "--as-of", "2026-09-14"]);
    assert_eq!(before.code, 0, "{}", before.stdout);
}

/// A slip is told long before the era holds, with its line.
#[test]
fn a_slip_in_a_later_era_is_told_today() {
    let folder = Folder::new();
    let text = format!("{}{ERA}", Weights::default_text()).replace("weight = 0.5\n", "wieght = 0.5\n");
    let path = folder.file("eras.toml", &text);
    let line = 1 + text.lines().position(|line| line == "wieght = 0.5").expect("the slip");
    let ran = score(&["--as-of", "2026-09-14", "--weights", &path]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains(&format!("eras.toml:{line}:1")), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `weight`?"), "{}", ran.stderr);
}
