//! `renown lint` as its user sees it.
//!
//! SARIF is held against the schema that OASIS publishes with it, by the Python package jsonschema, from `target/python`, which
//! `sh scripts/setup-tests` fills.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use std::process::Command;

use common::folder::Folder;
use common::place::at;
use common::renown::renown;
use common::run::Ran;
use serde_json::Value;

const TOWN: [&str; 4] = ["--on", "examples/town", "--people", "examples/town/people.toml"];

/// A small file in which two things are found: a step, and a slip.
const STEPS: &str = r#"version = 1
[time]
window_days = 90
fade_days = 30
half_life_days = 30
[standing]
rounds = 1
start = 40.0
floor = 0.5
[per_post]
exponent = 0.5
[combine]
power = 6.0
[scale]
version = "test"
knots = [[0, 0], [10, 0.5], [30, 1]]
[networks.twitter]
weight = 1.0
formula = "weighted-sum"
[networks.twitter.features]
"repost.actors" = 1
"followers.latest" = { weight = 1.0, curve = [[0, 0], [999, 2], [1000, 8], [1200, 9]] }
"lisetd.latest" = 0.7
"#;

/// With the path of the file, which is another one each time, left out.
fn steady(ran: &Ran, path: &str) -> String {
    ran.stdout.replace(path, "weights.toml")
}

/// What rivals' rules break they break on purpose, and say so.
#[test]
fn every_preset_passes_or_says_why_not() {
    let presets = std::fs::read_dir(at("config/presets")).expect("presets");
    let mut presets: Vec<_> = presets.map(|entry| entry.expect("a file").path()).collect();
    presets.sort();
    assert!(presets.len() >= 8, "{presets:?}");
    for preset in presets {
        let ran = renown(["lint", "-q", &preset.display().to_string()]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}: {}", preset.display(), ran.stdout);
        let by_name = format!("preset:{}", preset.file_stem().expect("a name").display());
        assert_eq!(renown(["lint", "-q", &by_name]).code, 0, "{by_name}");
    }
}

#[test]
fn the_default_weights_pass() {
    for more in [&[][..], &TOWN] {
        for file in [&[][..], &["config/weights.toml"]] {
            let ran = renown([&["lint", "-q"], file, more].concat());
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
        }
    }
    let ran = renown([&["lint", "-q"], &TOWN[..]].concat());
    insta::assert_snapshot!("lint_town", ran.stdout);
    // Parts of it, named one by one, are the whole.
    let parts =
        ["lint", "-q", "--on", "examples/town/facebook", "examples/town/twitter", "examples/town/youtube"];
    assert_eq!(renown([&parts[..], &TOWN[2..]].concat()).stdout, ran.stdout);
}

#[test]
fn findings_are_shown_at_their_places() {
    let folder = Folder::new();
    let path = folder.file("weights.toml", STEPS);
    let ran = renown(["lint", &path]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
    insta::assert_snapshot!("lint_text", steady(&ran, &path));
    let json = renown(["lint", &path, "--format", "json"]);
    assert_eq!(json.code, 1);
    insta::assert_snapshot!("lint_json", steady(&json, &path));
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let text = std::fs::read_to_string(&path).expect("the weights");
    let marked: Vec<&str> = (json["findings"].as_array().expect("an array").iter())
        .map(|finding| {
            let byte = |end: usize| finding["bytes"][end].as_u64().expect("a byte") as usize;
            &text[byte(0)..byte(1)]
        })
        .collect();
    assert_eq!(marked, ["[[0, 0], [999, 2], [1000, 8], [1200, 9]]", "\"lisetd.latest\""]);
    // With data, those who are beyond the last step are found as well.
    let ran = renown([&["lint", &path, "-q", "--format", "json"], &TOWN[..]].concat());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let codes: Vec<&str> = (json["findings"].as_array().expect("an array").iter())
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(codes, ["scale", "one-feature", "jump", "dead-range", "unknown-feature"]);
    assert_eq!(json["measures"]["persons"], 95);
}

/// The same file without the two, and allowing something else.
fn allowing() -> String {
    let (sound, _) = STEPS.split_once("\"followers").expect("the features");
    format!(
        "{sound}[[lint.allow]]\ncode = \"window-edge\"\nat = \"time.fade_days\"\nreason = \"a fad is the point here\"\n"
    )
}

#[test]
fn what_is_allowed_passes_and_is_shown() {
    let folder = Folder::new();
    let path = folder.file("weights.toml", allowing());
    let ran = renown(["lint", &path, "--set", "time.fade_days=0"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("since: a fad is the point here"), "{}", ran.stdout);
    let ran = renown(["lint", &path]);
    assert_eq!(ran.code, 1, "an allowance that fits nothing: {}", ran.stdout);
    assert!(ran.stdout.contains("warning[unused-allow]"), "{}", ran.stdout);
}

#[test]
fn sarif_is_as_its_schema_says() {
    let folder = Folder::new();
    let path = folder.file("weights.toml", STEPS);
    let sarif = renown(["lint", &path, "--format", "sarif"]);
    assert_eq!(sarif.code, 1, "{}", sarif.stderr);
    insta::assert_snapshot!("lint_sarif", steady(&sarif, &path));
    let path = folder.file("weights.toml", allowing());
    let suppressed = renown(["lint", &path, "--set", "time.fade_days=0", "--format", "sarif"]);
    assert_eq!(suppressed.code, 0, "{}", suppressed.stderr);
    for (log, what) in [(&sarif.stdout, "suppressions"), (&suppressed.stdout, "region")] {
        assert!(!log.contains(what), "{log}");
        let log = folder.file("log.sarif", log);
        assert_eq!(valid(&log), "", "{log}");
    }
    // The check can fail.
    let wrong = folder.file("log.sarif", sarif.stdout.replace("\"ruleId\"", "\"ruleID\""));
    assert!(valid(&wrong).contains("'ruleID' was unexpected"), "{}", valid(&wrong));
}

/// What the schema says against a log.
fn valid(log: &str) -> String {
    const SCRIPT: &str = "import json, sys, jsonschema\n\
        schema, log = (json.load(open(path)) for path in sys.argv[1:])\n\
        for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(log):\n    print(error.message)\n";
    let python = at("target/python/bin/python3");
    let schema = at("crates/renown/tests/schemas/sarif-2.1.0.json");
    let ran = Command::new(&python).args(["-c", SCRIPT, &schema, log]).output();
    let ran = ran.unwrap_or_else(|error| panic!("{python}: {error}: run `sh scripts/setup-tests`"));
    assert!(ran.status.success(), "{}(`sh scripts/setup-tests`)", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let folder = Folder::new();
    let path = folder.file("weights.toml", STEPS.replace("half_life_days", "half_life_dyas"));
    let ran = renown(["lint", &path]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("unknown key `half_life_dyas`"), "{}", ran.stderr);
    let ran = renown(["lint", "--on", "examples/town"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("--people"), "{}", ran.stderr);
    let ran = renown(["lint", "--on", &folder.path("none"), "--everyone", "-q"]);
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
}

/// The same figures however many threads there are.
#[test]
fn threads_change_nothing() {
    let with = |threads: &str| {
        let args = ["lint", "-q", "--format", "json", "--threads", threads, "--everyone"];
        renown([&args[..], &TOWN[..2]].concat())
    };
    let (one, three) = (with("1"), with("3"));
    assert!(one.stdout.contains("variance_percent"), "{}", one.stderr);
    assert_eq!(one.stdout, three.stdout);
}

/// A budget of an attack that nobody tries would be kept whatever happens.
#[test]
fn a_budget_is_of_an_attack_that_there_is() {
    let folder = Folder::new();
    let path = folder.file("w.toml", format!("{STEPS}\n[budget]\npods = 2\n"));
    let ran = renown(["lint", &path]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stderr.contains("there is no attack `pods`") && ran.stderr.contains("`pod`"),
        "{}",
        ran.stderr
    );
}
