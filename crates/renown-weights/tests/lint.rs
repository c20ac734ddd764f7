//! Each finding in a file that is made for it, at its place; and what is allowed.

use std::fmt::Write as _;
use std::sync::Arc;

use renown_core::columns_of::{Columns, FeatureColumn, NetworkColumns};
use renown_core::curve::Score;
use renown_core::formula::{Formula, FormulaError, Prepared, Spec};
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{Code, Known, Report, SeenNetwork, Weights};

use {renown_facebook as _, renown_tabular as _, renown_twitter as _, renown_youtube as _};

/// A file in which nothing is found; each case breaks a line of it.
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
[networks.notes]
weight = 1.0
formula = "weighted-sum"
[networks.notes.features]
"repost.weighted" = 0.25
"like.*" = 0.1
"followers.latest" = { weight = 1, curve = "log", cap = 1e6, missing = "ignored" }
"#;

/// What an adapter would declare.
fn known() -> Known {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Known {
        networks: vec![SeenNetwork {
            name: "notes".into(),
            kinds: names(&["repost", "like", "post"]),
            metrics: names(&["followers"]),
        }],
        synonyms: vec![("notes".into(), "boost".into(), "repost".into())],
    }
}

fn lint_with(text: &str, columns: Option<&Columns>) -> Report {
    let weights = Weights::parse(text, "w.toml").unwrap_or_else(|error| panic!("{error}"));
    let mut formulas = formulas();
    formulas.push(&Falling);
    weights.lint(&known(), &formulas, columns).unwrap_or_else(|error| panic!("{error}"))
}

fn lint(text: &str) -> Report {
    lint_with(text, None)
}

/// The sound file with one text in it replaced.
fn broken(from: &str, to: &str) -> String {
    assert_eq!(SOUND.matches(from).count(), 1, "{from} must stand in the file once");
    SOUND.replace(from, to)
}

/// A formula that gives fewer points for more.
#[derive(Debug)]
struct Falling;

impl Formula for Falling {
    fn name(&self) -> &'static str {
        "falling"
    }

    fn docs(&self) -> &'static str {
        "The first value, up to 5, and then less."
    }

    fn prepare(&self, _: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(Self))
    }
}

impl Prepared for Falling {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        for (out, value) in out.iter_mut().zip(columns[0]) {
            let value = if value.is_nan() { 0.0 } else { *value };
            *out = if value <= 5.0 { value } else { 25.0 / value };
        }
        Ok(())
    }

    fn parts(&self, _: &[f64], _: &mut [f64]) -> Result<(), String> {
        Err("not asked for".into())
    }
}

#[test]
fn in_a_sound_file_nothing_is_found() {
    let report = lint(SOUND);
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!((report.allowed.len(), report.measures), (0, None));
}

#[test]
fn findings_that_need_no_data() {
    let cases = [
        ("a formula that falls", Code::NotMonotone, "\"weighted-sum\"", "\"falling\""),
        ("a step", Code::Jump, "curve = \"log\"", "curve = [[0, 0], [999, 0], [1000, 5], [9000000, 6]]"),
        (
            "a straight line that is steep",
            Code::Jump,
            "\"repost.weighted\" = 0.25",
            "\"repost.weighted\" = { weight = 1, curve = [[0, 0], [100, 0], [110, 8]] }",
        ),
        ("a half-life beyond the window", Code::HalfLife, "half_life_days = 30", "half_life_days = 61"),
        (
            "a half-life of hours",
            Code::HalfLife,
            "\"repost.weighted\" = 0.25",
            "\"repost.weighted\" = { weight = 1, half_life_days = 0.5 }",
        ),
        (
            "a network's half-life",
            Code::HalfLife,
            "[networks.notes]\nweight",
            "[networks.notes]\nhalf_life_days = 80\nweight",
        ),
        ("a window with an edge", Code::WindowEdge, "fade_days = 30", "fade_days = 0"),
        ("a curve that is flat", Code::NoEffect, "curve = \"log\"", "curve = [[0, 0], [100, 0]]"),
        (
            "a formula that looks elsewhere",
            Code::NoEffect,
            "formula = \"weighted-sum\"",
            "formula = \"expression\"\nparams = { score = \"like.actors + like.count + like.weighted + like.recent + like.per_post + like.days + like.h + followers.latest\" }",
        ),
        ("a network that is left out", Code::NoEffect, "weight = 1.0", "weight = 0"),
        ("a misspelt kind", Code::UnknownFeature, "\"repost.weighted\"", "\"repsot.weighted\""),
        ("a word of the network's own", Code::UnknownFeature, "\"repost.weighted\"", "\"boost.weighted\""),
        ("a metric as a kind", Code::UnknownFeature, "\"repost.weighted\"", "\"followers.count\""),
        ("a kind as a metric", Code::UnknownFeature, "\"repost.weighted\"", "\"repost.latest\""),
        ("a glob that fits nothing", Code::UnknownFeature, "\"like.*\"", "\"react-*.count\""),
        ("a name like none", Code::UnknownFeature, "\"repost.weighted\"", "\"applause.weighted\""),
        (
            "a misspelt network",
            Code::UnknownFeature,
            "[networks.notes]\n",
            "[networks.ntoes]\nweight = 1\nformula = \"weighted-sum\"\n[networks.notes]\n",
        ),
        (
            "popularity of nothing",
            Code::UnknownFeature,
            "[per_post]",
            "[lint]\npopularity_of = [\"fans.latest\"]\n[per_post]",
        ),
        (
            "an allowance of nothing",
            Code::UnusedAllow,
            "[per_post]",
            "[[lint.allow]]\ncode = \"jump\"\nat = \"networks.notes\"\nreason = \"why not\"\n[per_post]",
        ),
    ];
    let mut gallery = String::new();
    for (name, code, from, to) in cases {
        let report = lint(&broken(from, to));
        let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [code], "{name}: {:#?}", report.findings);
        let finding = &report.findings[0];
        assert!(finding.excerpt.as_ref().is_some_and(|excerpt| excerpt.in_file), "{name}");
        writeln!(gallery, "== {name}\n{}\n", finding.rendered).unwrap();
    }
    insta::assert_snapshot!("findings_that_need_no_data", gallery);
}

#[test]
fn a_half_life_that_nothing_takes_does_nothing() {
    let text = SOUND.replace("\"repost.weighted\" = 0.25\n\"like.*\" = 0.1\n", "");
    let report = lint(&text.replace("[networks.notes]\n", "[networks.notes]\nhalf_life_days = 7\n"));
    let found: Vec<_> = report.findings.iter().map(|finding| (finding.code, finding.at.as_str())).collect();
    assert_eq!(found, [(Code::NoEffect, "networks.notes.half_life_days")]);
}

/// Forty persons with a feature each that is known of all: popularity, what is received, and the score.
fn columns(
    followers: impl Fn(usize) -> f64,
    points: impl Fn(usize) -> f64,
    score: impl Fn(usize) -> f64,
) -> Columns {
    let column = |name: &str, value: &dyn Fn(usize) -> f64, points: &dyn Fn(usize) -> f64| FeatureColumn {
        name: name.into(),
        values: (0..40).map(|person| Some(value(person))).collect(),
        points: (0..40).map(points).collect(),
    };
    let reposts =
        column("repost.weighted", &|person| (person * 7 % 40) as f64, &|person| (person * 7 % 40) as f64);
    Columns {
        scores: (0..40).map(|person| Score((score(person) * 10_000.0) as u32)).collect(),
        networks: vec![NetworkColumns {
            network: "notes".into(),
            persons: (0..40).collect(),
            features: vec![column("followers.latest", &followers, &points), reposts],
        }],
    }
}

/// Scores from 21 to 60, spread without regard to popularity.
fn score(person: usize) -> f64 {
    21.0 + (person * 11 % 40) as f64
}

const POPULARITY: &str = "[lint]\npopularity_of = [\"followers.latest\"]\n[per_post]";

#[test]
fn findings_on_data() {
    let text = broken("[per_post]", POPULARITY);
    let log = |person: usize| (person as f64 * 0.3).exp2();
    let sound = columns(log, |person| person as f64, score);
    let report = lint_with(&text, Some(&sound));
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    let measures = report.measures.expect("there are data");
    assert_eq!(measures.persons, 40);
    assert_eq!(measures.percentiles, [22.0, 30.0, 40.0, 50.0, 58.0, 60.0, 60.0]);
    assert_eq!(measures.popularity.map(|popularity| popularity.1), Some(40));
    let shares: f64 = measures.features.iter().map(|feature| feature.variance_percent).sum();
    assert!((shares - 100.0).abs() < 1e-9, "{:?}", measures.features);

    let capped = text.replace("cap = 1e6", "cap = 100");
    let cases = [
        ("a cap that many are beyond", Code::DeadRange, &capped, columns(log, |person| person as f64, score)),
        ("one that decides", Code::OneFeature, &text, columns(log, |person| 9.0 * person as f64, score)),
        ("one that tells nobody apart", Code::NoEffect, &text, columns(log, |_| 3.0, score)),
        (
            "popularity alone",
            Code::Popularity,
            &text,
            columns(log, |person| person as f64, |person| 21.0 + person as f64),
        ),
        (
            "scores that are low",
            Code::Scale,
            &text,
            columns(log, |person| person as f64, |person| score(person) / 2.0),
        ),
    ];
    let mut gallery = String::new();
    for (name, code, text, columns) in cases {
        let report = lint_with(text, Some(&columns));
        let of_code: Vec<_> = report.findings.iter().filter(|finding| finding.code == code).collect();
        assert!(!of_code.is_empty(), "{name}: {:#?}", report.findings);
        for finding in of_code {
            writeln!(gallery, "== {name}\n{}\n", finding.rendered).unwrap();
        }
    }
    insta::assert_snapshot!("findings_on_data", gallery);
}

/// Of a few persons nothing is concluded.
#[test]
fn too_few_say_nothing() {
    let mut few = columns(|_| 9.0, |_| 3.0, |_| 5.0);
    few.scores.truncate(5);
    let network = &mut few.networks[0];
    network.persons.truncate(5);
    for feature in &mut network.features {
        feature.values.truncate(5);
        feature.points.truncate(5);
    }
    let report = lint_with(&broken("[per_post]", POPULARITY), Some(&few));
    let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::OneFeature; 0]);
    assert_eq!(report.measures.and_then(|measures| measures.popularity), None);
}

#[test]
fn what_is_allowed_is_no_finding() {
    let edge = broken("fade_days = 30", "fade_days = 0");
    let allow = |code: &str, at: &str| {
        edge.clone() + &format!("[[lint.allow]]\ncode = \"{code}\"\nat = '{at}'\nreason = \"a test\"\n")
    };
    let report = lint(&allow("window-edge", "time.fade_days"));
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(report.allowed.len(), 1);
    assert_eq!((report.allowed[0].0.code, report.allowed[0].1.as_str()), (Code::WindowEdge, "a test"));
    // An allowance is of one code at one place; one of what data show may fit other data.
    for (code, at, findings) in
        [("jump", "time.fade_days", 2), ("window-edge", "time", 2), ("scale", "lint.median", 1)]
    {
        assert_eq!(lint(&allow(code, at)).findings.len(), findings, "{code} at {at}");
    }
    // Quotes around a feature's name may be left out, as in `--set`.
    let jump = broken(
        "\"repost.weighted\" = 0.25",
        "\"repost.weighted\" = { weight = 1, curve = [[0, 0], [100, 0], [110, 8]] }",
    );
    let at = ["networks.notes.features.\"repost.weighted\"", "networks.notes.features.repost.weighted"];
    for at in at {
        let report = lint(&format!("{jump}[[lint.allow]]\ncode = \"jump\"\nat = '{at}'\nreason = \"x\"\n"));
        assert!(report.findings.is_empty(), "{:#?}", report.findings);
    }
}

#[test]
fn faults_in_the_table() {
    let cases = [
        ("an unknown code", "[[lint.allow]]\ncode = \"jmup\"\nat = \"time\"\nreason = \"x\"\n"),
        ("no reason", "[[lint.allow]]\ncode = \"jump\"\nat = \"time\"\nreason = \" \"\n"),
        ("a reason that is left out", "[[lint.allow]]\ncode = \"jump\"\nat = \"time\"\n"),
        ("no path", "[[lint.allow]]\ncode = \"jump\"\nat = \"time..x\"\nreason = \"x\"\n"),
        ("a bound that cannot be", "[lint]\npopularity = 1.5\n"),
        ("a range upside down", "[lint]\nmedian = [50, 30]\n"),
        ("popularity that is no number of people", "[lint]\npopularity_of = [\"repost.per_post\"]\n"),
        ("an unknown bound", "[lint]\njump = 1\n"),
    ];
    let mut gallery = String::new();
    for (name, table) in cases {
        let error = Weights::parse(&format!("{SOUND}{table}"), "w.toml").expect_err(name);
        writeln!(gallery, "== {name}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!("faults_in_the_table", gallery);
}

#[test]
fn a_place_in_a_set_is_not_in_the_file() {
    let weights = Weights::with_sets(SOUND, "w.toml", &["time.fade_days=0"]).unwrap();
    let report = weights.lint(&known(), &formulas(), None).unwrap();
    let excerpt = report.findings[0].excerpt.as_ref().expect("a place");
    assert_eq!((excerpt.in_file, excerpt.start), (false, (1, 6)));
}

/// The bounds decide no score, and the default weights keep them.
#[test]
fn the_default_weights_pass() {
    let weights = Weights::parse(Weights::default_text(), "config/weights.toml").unwrap();
    let adapters = renown_sdk::adapters();
    let networks = adapters.iter().flat_map(|adapter| adapter.manifest().networks);
    let names = |words: &[renown_sdk::Vocable]| words.iter().map(|word| word.name.to_owned()).collect();
    let networks = networks.map(|network| SeenNetwork {
        name: network.name.into(),
        kinds: names(network.kinds),
        metrics: names(network.metrics),
    });
    let known = Known { networks: networks.collect(), synonyms: Vec::new() };
    let report = weights.lint(&known, &formulas(), None).unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    let other = Weights::with_sets(Weights::default_text(), "w.toml", &["lint.jump_points=2"]).unwrap();
    assert_eq!(other.stamp(&formulas()).unwrap(), report.stamp);
}
