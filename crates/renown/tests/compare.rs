//! `renown compare`, and the rulers that come with the program.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use std::collections::BTreeMap;

use common::folder::Folder;
use common::place::at;
use common::renown::renown;
use common::run::Ran;
use renown_weights::PRESETS;

const TOWN: [&str; 4] = ["examples/town", "--people", "examples/town/people.toml", "-q"];

fn compare(more: &[&str]) -> Ran {
    renown(["compare"].iter().chain(&TOWN).chain(more))
}

/// The scores of the town by a ruler.
fn scores(weights: &str) -> BTreeMap<String, String> {
    let ran = renown(["score"].iter().chain(&TOWN).chain(&["--weights", weights, "--format", "csv"]));
    assert_eq!(ran.code, 0, "{weights}: {}", ran.stderr);
    let cells = ran.stdout.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    cells.map(|cells| (cells[1].to_owned(), cells[2].to_owned())).collect()
}

#[test]
fn the_town_by_three_rulers() {
    let three = [
        "--weights",
        "preset:default",
        "--weights",
        "preset:pike",
        "--weights",
        "preset:eigentrust",
        "--top",
        "8",
    ];
    let ran = compare(&three);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("compare_town", ran.stdout);
    insta::assert_snapshot!("compare_town_md", compare(&[&three[..], &["--format", "md"]].concat()).stdout);
    insta::assert_snapshot!(
        "compare_town_json",
        compare(&[&three[..], &["--format", "json"]].concat()).stdout
    );
    insta::assert_snapshot!("compare_help", renown(["compare", "--help"]).stdout);
}

/// Side by side stands what each ruler gives alone, and ranks and spreads are those of the scores.
#[test]
fn each_column_is_what_the_ruler_gives_alone() {
    let rulers = ["preset:followerwonk", "config/weights.toml", "preset:hypeauditor"];
    let weights: Vec<&str> = rulers.iter().flat_map(|ruler| ["--weights", ruler]).collect();
    let csv = compare(&[&weights[..], &["--format", "csv"]].concat()).stdout;
    let alone: Vec<_> = rulers.iter().map(|ruler| scores(ruler)).collect();
    let mut lines = csv.lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with("person,score.preset:followerwonk,rank.preset:followerwonk,"), "{header}");
    let mut people = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let mut ranks = Vec::new();
        for (index, scores) in alone.iter().enumerate() {
            let score = &scores[cells[0]];
            assert_eq!(cells[1 + 2 * index], score, "{line}");
            let value: f64 = score.parse().unwrap();
            let higher = scores.values().filter(|other| other.parse::<f64>().unwrap() > value).count();
            assert_eq!(cells[2 + 2 * index], (higher + 1).to_string(), "{line}");
            ranks.push(higher);
        }
        let spread = ranks.iter().max().unwrap() - ranks.iter().min().unwrap();
        assert_eq!(cells[7], spread.to_string(), "{line}");
        people += 1;
    }
    assert_eq!(people, alone[0].len());
}

#[test]
fn a_ruler_agrees_with_itself() {
    let json = compare(&[
        "--weights",
        "preset:kred",
        "--weights",
        at("config/presets/kred.toml").as_str(),
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect(&json.stderr);
    assert_eq!(json["agreements"][0]["tau_b"], 1.0);
    assert_eq!(json["agreements"][0]["first"]["both"], json["agreements"][0]["first"]["of"]);
    assert_eq!(json["depends_on_ruler"], serde_json::json!([]));
    // A bundled ruler is its file.
    assert_eq!(json["rulers"][0]["ruler"], json["rulers"][1]["ruler"]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = Folder::new();
    let default = std::fs::read_to_string(at("config/weights.toml")).unwrap();
    let options = folder.file("w.toml", format!("{default}\n[adapters.youtube]\nwatch_history = false\n"));
    for (weights, why) in [
        (vec!["preset:kred"], "there is nothing to compare"),
        (vec![], "there is nothing to compare"),
        (vec!["preset:kred", "preset:pyke"], "did you mean `preset:pike`?"),
        (vec!["preset:kred", "no-such-file.toml"], "cannot read no-such-file.toml"),
        (vec!["preset:kred", &options], "its options of adapters are not those of the first"),
    ] {
        let args: Vec<&str> = weights.iter().flat_map(|ruler| ["--weights", *ruler]).collect();
        let ran = compare(&args);
        assert_eq!(ran.code, 2, "{weights:?}");
        assert!(ran.stderr.contains(why), "{weights:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
}

/// Nobody but those who agreed is named, and those who know nobody by a ruler stand at its floor.
#[test]
fn every_bundled_ruler_scores_the_town() {
    let default = scores("preset:default");
    for (name, _) in PRESETS {
        let scores = scores(&format!("preset:{name}"));
        assert!(scores.keys().eq(default.keys()), "{name}");
        let values: Vec<f64> = scores.values().map(|score| score.parse().unwrap()).collect();
        assert!(values.iter().all(|value| (1.0..=100.0).contains(value)), "{name}");
        let mut different = values.clone();
        different.sort_by(f64::total_cmp);
        different.dedup();
        assert!(different.len() > 20, "{name} tells only {} apart", different.len());
        assert!(*different.last().unwrap() > 10.0, "{name}");
    }
}

/// Each file in the folder is bundled, under its name.
#[test]
fn all_presets_are_bundled() {
    let mut files: Vec<String> = std::fs::read_dir(at("config/presets"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.push("default".into());
    files.sort();
    assert_eq!(files, PRESETS.map(|preset| preset.0));
}

/// The walks are the same to the last bit on one thread and several, and in whichever order files come.
#[test]
fn ranks_are_the_same_bytes_however_they_are_read() {
    for preset in ["preset:eigentrust", "preset:tweepcred"] {
        let ran = |inputs: &[&str], more: &[&str]| {
            let who = ["--people", "examples/town/people.toml", "--weights", preset, "-q", "--format", "csv"];
            let ran = renown(["score"].iter().chain(inputs).chain(&who).chain(more));
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            ran.stdout
        };
        let whole = ran(&["examples/town"], &["--threads", "1"]);
        assert_eq!(whole, ran(&["examples/town"], &["--threads", "3"]));
        let parts = ["examples/town/youtube", "examples/town/twitter", "examples/town/facebook"];
        assert_eq!(whole, ran(&parts, &[]));
    }
}

/// The scale for small data that docs/rulers.md shows spreads those of whom Tweepcred's own puts many at 100.
#[test]
fn tweepcreds_scale_can_be_refitted() {
    let page = std::fs::read_to_string(at("docs/rulers.md")).unwrap();
    let set =
        page.split("--set '").nth(1).and_then(|rest| rest.split('\'').next()).expect("a --set in the page");
    let at_the_top = |more: &[&str]| {
        let preset = ["--weights", "preset:tweepcred", "--format", "csv"];
        let csv = renown(["score"].iter().chain(&TOWN).chain(&preset).chain(more)).stdout;
        assert!(csv.lines().count() > 100, "{csv}");
        csv.lines().filter(|line| line.contains(",100.0000,")).count()
    };
    assert!(at_the_top(&[]) > 50);
    assert_eq!(at_the_top(&["--set", set]), 0);
}

/// A rank is a feature as any other: it explains the score to the last digit.
#[test]
fn ranks_are_explained() {
    let more = ["--weights", "preset:tweepcred", "--format", "json"];
    let ran = renown(["explain", "mara-lind"].iter().chain(&TOWN).chain(&more));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let account = json["accounts"].as_array().unwrap().iter().find(|account| account["network"] == "twitter");
    let rank = &account.unwrap()["features"][0];
    assert_eq!(rank["name"], "twitter.graph.rank");
    assert!(rank["value"].as_f64().is_some_and(|rank| rank > 0.0 && rank < 0.1), "{rank}");
    // In ten-thousandths, so that adding up is exact.
    let units = |value: &serde_json::Value| (value.as_f64().unwrap() * 10_000.0).round() as i64;
    assert_eq!(units(&rank["part"]) + 10_000, units(&json["score"]));
}

/// Of an account on a network that a ruler does not know, that ruler says nothing, rather than that it is last.
#[test]
fn a_ruler_is_silent_about_networks_that_it_does_not_know() {
    let weights = ["--weights", "preset:default", "--weights", "preset:followerwonk"];
    let everyone = ["compare", "examples/town", "--everyone", "-q", "--format", "csv"];
    let ran = renown(everyone.iter().chain(&weights));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows: Vec<Vec<&str>> = ran.stdout.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let of = |network: &str| {
        let prefix = format!("{network}:");
        let rows: Vec<_> = rows.iter().filter(|row| row[0].starts_with(&prefix)).collect();
        assert!(rows.len() > 10, "{network}");
        rows
    };
    assert!(of("twitter").iter().all(|row| row[1..].iter().all(|cell| !cell.is_empty())));
    for row in of("facebook") {
        assert!(!row[1].is_empty() && row[3..5] == ["", ""] && row[5] == "0", "{row:?}");
    }
}
