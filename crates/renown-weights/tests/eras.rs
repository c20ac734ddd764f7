//! Eras: rulers that take over on a day.
#![expect(clippy::float_cmp, reason = "numbers are read, not computed")]

use std::fmt::Write as _;

use renown_core::curve::Curve;
use renown_core::record::{Day, Timestamp};
use renown_core::ruler::{Feature, Ruler};
use renown_core::words::Words;
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{Code, Known, SeenNetwork, Weights, WeightsError};

/// A small file, to which eras are added.
const SOUND: &str = r#"version = 1
[time]
window_days = 90
fade_days = 30
half_life_days = 30
[standing]
rounds = 2
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
"repost.weighted" = { weight = 0.25, half_life_days = 3 }
"like.count" = 0.5
"followers.latest" = { weight = 1, unit = 20 }
"#;

/// Two eras that overlap.
const TWO: &str = r#"
[[era]]
from = 2026-01-01
memo = """reposts were
        bought"""

[era.time]
window_days = 60

[era.networks.twitter.features]
"repost.weighted" = 0.1
"like.count" = { weight = 0.4, cap = 1000 }

[[era]]
from = 2026-07-01
memo = "likes, too"

[era.networks.twitter.features]
"like.count" = 0.2
"followers.latest" = { curve = "sqrt" }

[era.networks.mastodon]
weight = 1
formula = "weighted-mean"
features = { "boost.count" = 1 }
"#;

fn day(text: &str) -> Day {
    let at: Timestamp = renown_sdk::time::parse(text).unwrap();
    at.day()
}

fn with(eras: &str, sets: &[&str]) -> Result<Weights, WeightsError> {
    Weights::with_sets(&format!("{SOUND}{eras}"), "w.toml", sets)
}

/// As a run does it.
fn resolved(weights: &Weights) -> Result<Ruler, WeightsError> {
    let seen = [SeenNetwork { name: "twitter".into(), kinds: vec!["like".into()], metrics: vec![] }];
    Ok(weights.resolve(&seen, &Words::new(), &formulas())?.ruler)
}

fn on(weights: &Weights, on: &str) -> Ruler {
    let weights = weights.as_of(day(on)).unwrap_or_else(|error| panic!("{error}"));
    resolved(&weights).unwrap_or_else(|error| panic!("{error}"))
}

fn feature<'r>(ruler: &'r Ruler, name: &str) -> &'r Feature {
    ruler.networks[0].features.iter().find(|feature| feature.name == name).unwrap()
}

#[test]
fn each_day_has_its_ruler() {
    let weights = with(TWO, &[]).unwrap_or_else(|error| panic!("{error}"));
    let from = |on: &str| {
        let weights = weights.as_of(day(on)).unwrap();
        weights.era().map(|era| (era.from.to_string(), era.memo.clone()))
    };
    assert_eq!(from("2025-12-31"), None);
    let first = Some(("2026-01-01".to_owned(), "reposts were bought".to_owned()));
    assert_eq!(from("2026-01-01"), first);
    assert_eq!(from("2026-06-30"), first);
    let second = Some(("2026-07-01".to_owned(), "likes, too".to_owned()));
    assert_eq!(from("2026-07-01"), second);
    assert_eq!(from("2100-01-01"), second);
    // And nobody's day is the newest's.
    assert_eq!(weights.era().map(|era| era.from), Some(day("2026-07-01")));

    let windows = ["2025-12-31", "2026-01-01", "2026-07-01"].map(|of| on(&weights, of).window.days);
    assert_eq!(windows, [90, 60, 60]);
    assert_eq!(weights.window_days(), 60);
}

/// An era changes what it says, and leaves the rest as the one before it had it.
#[test]
fn eras_are_put_over_one_another() {
    let weights = with(TWO, &[]).unwrap();
    let [before, first, second] = ["2025-12-31", "2026-01-01", "2026-07-01"].map(|of| on(&weights, of));
    let told = |ruler: &Ruler, name: &str| {
        let Feature { weight, half_life_days, cap, .. } = feature(ruler, name);
        (*weight, *half_life_days, *cap)
    };
    // A number alone is the weight.
    assert_eq!(told(&before, "repost.weighted"), (0.25, Some(3.0), None));
    assert_eq!(told(&first, "repost.weighted"), (0.1, Some(3.0), None));
    assert_eq!(told(&second, "repost.weighted"), (0.1, Some(3.0), None));
    assert_eq!(told(&before, "like.count"), (0.5, None, None));
    assert_eq!(told(&first, "like.count"), (0.4, None, Some(1000.0)));
    assert_eq!(told(&second, "like.count"), (0.2, None, Some(1000.0)));
    // A unit is of its curve.
    assert_eq!(feature(&first, "followers.latest").curve, Curve::Log { unit: 20.0 });
    assert_eq!(feature(&second, "followers.latest").curve, Curve::Sqrt);
    assert_eq!(feature(&second, "followers.latest").weight, 1.0);
}

/// Another formula begins with its own parameters.
#[test]
fn parameters_are_of_their_formula() {
    const EXPRESSION: &str =
        "[era.networks.twitter]\nformula = \"expression\"\nparams = { score = \"like.count\" }\n";
    let eras = format!(
        "[[era]]\nfrom = 2026-01-01\nmemo = \"x\"\n{EXPRESSION}\
         [[era]]\nfrom = 2026-02-01\nmemo = \"y\"\n[era.networks.twitter]\nformula = \"weighted-sum\"\n"
    );
    let weights = with(&eras, &[]).unwrap();
    let names = ["2025-01-01", "2026-01-01", "2026-02-01"]
        .map(|of| on(&weights, of).networks[0].formula.name().to_owned());
    assert_eq!(names, ["weighted-sum", "expression", "weighted-sum"]);
}

#[test]
fn the_stamp_is_of_the_rules_in_force() {
    let stamp = |weights: &Weights, on: &str| weights.as_of(day(on)).unwrap().stamp(&formulas()).unwrap();
    let (none, two) = (with("", &[]).unwrap(), with(TWO, &[]).unwrap());
    let (one, _) = TWO.rsplit_once("[[era]]").unwrap();
    let one = with(one, &[]).unwrap();
    let days = ["2025-12-31", "2026-01-01", "2026-07-01"];
    let [before, first, second] = days.map(|on| stamp(&two, on));
    assert!(before != first && first != second && before != second);
    // What is added later changes no older stamp.
    assert_eq!(days.map(|on| stamp(&none, on)), [before.clone(), before.clone(), before.clone()]);
    assert_eq!(days.map(|on| stamp(&one, on)), [before, first.clone(), first]);
    // Neither day nor memo decides a score.
    let renamed =
        with(&TWO.replace("2026-07-01", "2026-06-01").replace("likes, too", "as well"), &[]).unwrap();
    assert_eq!(stamp(&renamed, "2026-07-01"), second);
    // It is that of a file that says the same without an era.
    let same = SOUND.replace("weight = 0.25", "weight = 0.1").replace("window_days = 90", "window_days = 60");
    let same = same.replace("\"like.count\" = 0.5", "\"like.count\" = { weight = 0.4, cap = 1e3 }");
    let same = Weights::parse(&same, "w.toml").unwrap();
    assert_eq!(stamp(&same, "2026-03-01"), stamp(&two, "2026-03-01"));
}

#[test]
fn what_is_set_is_put_over_the_ruler_in_force() {
    let weights = with(TWO, &["networks.twitter.features.like.count=9", "time.window_days=70"]).unwrap();
    for of in ["2025-12-31", "2026-01-01", "2026-07-01"] {
        let ruler = on(&weights, of);
        assert_eq!((feature(&ruler, "like.count").weight, ruler.window.days), (9.0, 70), "{of}");
    }
    // What only a later era names is not there before it.
    let weights = with(TWO, &["networks.mastodon.weight=2"]).unwrap();
    assert!(weights.as_of(day("2026-07-01")).is_ok());
    let error = weights.as_of(day("2026-06-30")).unwrap_err();
    assert!(error.to_string().contains("the weights name no network `mastodon`"), "{error}");
    let error = with(TWO, &["era.memo=x"]).unwrap_err();
    assert!(error.to_string().contains("eras cannot be set"), "{error}");
}

/// Findings stand where the era says what is found.
#[test]
fn lint_looks_at_the_ruler_in_force() {
    let era = "[[era]]\nfrom = 2026-01-01\nmemo = \"x\"\n[era.time]\nfade_days = 0\n";
    let weights = with(era, &[]).unwrap();
    let known = Known::default();
    let found = |weights: &Weights| {
        let report = weights.lint(&known, &formulas(), None).unwrap();
        let edge = report.findings.into_iter().find(|finding| finding.code == Code::WindowEdge)?;
        edge.excerpt.map(|excerpt| excerpt.start.0)
    };
    let line = SOUND.lines().count() + 5;
    assert_eq!(found(&weights), Some(line));
    assert_eq!(found(&weights.as_of(day("2025-12-31")).unwrap()), None);
}

#[test]
fn faults_in_eras() {
    let era = |from: &str, memo: &str, rest: &str| format!("[[era]]\n{from}\n{memo}\n{rest}");
    let (from, memo, rest) = ("from = 2030-01-01", "memo = \"why\"", "[era.standing]\nrounds = 1\n");
    let one = era(from, memo, rest);
    let cases = [
        ("no day", era("", memo, rest)),
        ("a day in quotes", era("from = \"2030-01-01\"", memo, rest)),
        ("a time", era("from = 2030-01-01T00:00:00Z", memo, rest)),
        ("a day too late", era("from = 2300-01-01", memo, rest)),
        ("no such day", era("from = 2030-02-30", memo, rest)),
        ("no memo", era(from, "", rest)),
        ("an empty memo", era(from, "memo = \" \"", rest)),
        ("a memo that is no text", era(from, "memo = 5", rest)),
        ("nothing in it", era(from, memo, "")),
        ("a single table", one.replace("[[era]]", "[era]")),
        ("no tables", "era = [1]\n".to_owned()),
        ("a misspelt table", era(from, memo, "[era.standig]\nrounds = 1\n")),
        ("a table that is the file's", era(from, memo, "[era.adapters.youtube]\nwatch_history = true\n")),
        ("a misspelt key", era(from, memo, "[era.standing]\nround = 1\n")),
        ("a value out of its range", era(from, memo, "[era.standing]\nrounds = 99\n")),
        ("a number for a table", era(from, memo, "time = 3\n")),
        ("a misspelt formula", era(from, memo, "[era.networks.twitter]\nformula = \"weighted-sun\"\n")),
        ("a new network without a formula", era(from, memo, "[era.networks.mastodon]\nweight = 1\n")),
        ("the wrong order", format!("{one}{}", era("from = 2029-12-31", memo, rest))),
        ("a day twice", format!("{one}{one}")),
        (
            "one that a later mends",
            format!("{}{}", one.replace("= 1\n", "= 99\n"), one.replace("2030", "2031")),
        ),
    ];
    let mut gallery = String::new();
    for (name, eras) in cases {
        // `era = […]` stands before all tables.
        let text =
            if eras.starts_with("era =") { format!("{eras}{SOUND}") } else { format!("{SOUND}{eras}") };
        let read = Weights::parse(&text, "w.toml");
        // Long before any of them holds.
        let read = read.and_then(|weights| resolved(&weights.as_of(day("2020-01-01"))?));
        let error = read.map(drop).expect_err(name);
        writeln!(gallery, "== {name}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!("faults_in_eras", gallery);
}
