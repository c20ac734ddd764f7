//! Plugins that a weights file names, and options of adapters.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use renown_core::formula::{ParamKind, ParamSpec, ParamValue};
use renown_core::words::Words;
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{NamedPlugin, Weights, WeightsError};

const SOUND: &str = "version = 1\n[time]\nwindow_days = 90\nfade_days = 30\nhalf_life_days = 30\n[standing]\nrounds = 2\nstart = 40\n\
                     floor = 0.5\n[per_post]\nexponent = 0.5\n[combine]\npower = 6\n[scale]\nversion = 'x'\n\
                     knots = [[0, 0], [50, 1]]\n[networks.\"*\"]\nweight = 1\nformula = 'weighted-sum'\n";

fn spec(name: &'static str, kind: ParamKind, default: Option<ParamValue>) -> ParamSpec {
    ParamSpec { name: Cow::Borrowed(name), kind, docs: "what it is for".into(), default }
}

/// An adapter with an option of each type.
fn specs() -> [ParamSpec; 4] {
    [
        spec("languages", ParamKind::Text, Some(ParamValue::Text("en".into()))),
        spec("most", ParamKind::Number, Some(ParamValue::Number(5.0))),
        spec("drafts", ParamKind::Flag, Some(ParamValue::Flag(false))),
        spec("names", ParamKind::File, None),
    ]
}

/// The sound file with these tables, read and bound to the adapter `notes` and to one without options.
fn bound(tables: &str, sets: &[&str], path: &str) -> Result<Weights, WeightsError> {
    let mut weights = Weights::with_sets(&format!("{SOUND}{tables}"), path, sets)?;
    weights.bind_adapters(&[("notes", &specs()), ("plain", &[])])?;
    Ok(weights)
}

fn stamp(tables: &str) -> String {
    bound(tables, &[], "w.toml")
        .and_then(|weights| weights.stamp(&formulas()))
        .unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn plugins_are_handed_out_relative_to_the_file() {
    let pin = "0A".repeat(32);
    let tables = format!("[[plugin]]\npath = 'a.so'\n[[plugin]]\npath = '/b.so'\nsha256 = '{pin}'\n");
    let weights = bound(&tables, &[], "some/where/w.toml").unwrap();
    let expected = [
        NamedPlugin { path: "some/where/a.so".into(), sha256: None },
        NamedPlugin { path: "/b.so".into(), sha256: Some(pin) },
    ];
    assert_eq!(weights.plugins(), expected);
    assert_eq!(Weights::parse(Weights::default_text(), "w.toml").unwrap().plugins(), []);
}

#[test]
fn options_are_what_the_file_says_and_else_the_defaults() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("names.txt"), "ada").unwrap();
    let file = folder.join("w.toml").display().to_string();
    let tables = "[adapters.notes]\nmost = 7\nnames = 'names.txt'\n";
    let options = bound(tables, &["adapters.notes.drafts=true"], &file).unwrap().adapter_options();
    assert_eq!(options.keys().collect::<Vec<_>>(), ["notes"]);
    let notes = &options["notes"];
    assert_eq!(
        (notes.text("languages").unwrap(), notes.number("most").unwrap().to_bits()),
        ("en", 7f64.to_bits())
    );
    assert!(notes.flag("drafts").unwrap());
    assert_eq!(notes.file("names").unwrap(), b"ada");
    // One without a default is not there unless it is given.
    let without = bound("[adapters.notes]\n", &[], "w.toml").unwrap().adapter_options();
    assert_eq!(without["notes"].get("names"), None);
}

#[test]
fn the_stamp_has_options_that_are_changed_and_nothing_else() {
    let plain = stamp("");
    for same in [
        "[[plugin]]\npath = 'a.so'\n",
        "[adapters.notes]\n",
        "[adapters.plain]\n",
        "[adapters.notes]\nmost = 5\nlanguages = 'en'\ndrafts = false\n",
    ] {
        assert_eq!(stamp(same), plain, "{same}");
    }
    let mut stamps: Vec<String> = [
        "[adapters.notes]\nmost = 6\n",
        "[adapters.notes]\nlanguages = 'de'\n",
        "[adapters.notes]\nlanguages = 'de'\nmost = 6\n",
        "[adapters.notes]\ndrafts = true\n",
        "",
    ]
    .map(stamp)
    .into();
    stamps.sort();
    stamps.dedup();
    assert_eq!(stamps.len(), 5);
    let weights = bound("[adapters.notes]\nmost = 6\n", &[], "w.toml").unwrap();
    let resolved = weights.resolve(&[], &Words::new(), &formulas()).unwrap();
    assert_eq!(resolved.stamp, stamp("[adapters.notes]\nmost = 6\n"));
}

/// A stamp that leaves options out would call two rulers one.
#[test]
fn options_that_nobody_checked_give_no_stamp() {
    let weights = Weights::parse(&format!("{SOUND}[adapters.notes]\nmost = 6\n"), "w.toml").unwrap();
    let error = weights.stamp(&formulas()).unwrap_err();
    assert!(error.message().contains("cannot be checked here"), "{error}");
    assert!(weights.resolve(&[], &Words::new(), &formulas()).is_err());
}

#[test]
fn faults() {
    let cases = [
        ("a plugin without a path", "[[plugin]]\nsha256 = ''\n"),
        ("a plugin with an empty path", "[[plugin]]\npath = ''\n"),
        ("a plugin with an unknown key", "[[plugin]]\npath = 'a.so'\nsha265 = ''\n"),
        ("a digest that is none", "[[plugin]]\npath = 'a.so'\nsha256 = 'abc'\n"),
        ("one plugin as a table", "[plugin]\npath = 'a.so'\n"),
        ("an unknown adapter", "[adapters.noets]\nmost = 6\n"),
        ("an unknown option", "[adapters.notes]\nmots = 6\n"),
        ("an option of an adapter that has none", "[adapters.plain]\nmost = 6\n"),
        ("an option of another type", "[adapters.notes]\nmost = 'six'\n"),
        ("an option of a type that is none", "[adapters.notes]\nmost = [6]\n"),
        ("a number that is none", "[adapters.notes]\nmost = nan\n"),
        ("a file that is not there", "[adapters.notes]\nnames = 'no.csv'\n"),
    ];
    let mut gallery = String::new();
    for (name, tables) in cases {
        let error = bound(tables, &[], "config/weights.toml").expect_err(name);
        writeln!(gallery, "== {name}\n{error}\n").unwrap();
    }
    let set = bound("", &["adapters.notes.most=true"], "config/weights.toml").unwrap_err();
    writeln!(gallery, "== an option that is set\n{set}\n").unwrap();
    insta::assert_snapshot!("faults", gallery);
}
