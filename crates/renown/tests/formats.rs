//! What is read of which file: the generated page, and real samples.

mod common {
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use std::fmt::Write as _;
use std::path::PathBuf;

use common::place::{at, root};
use common::renown::renown;
use renown_sdk::ParamValue;
use {renown_facebook as _, renown_tabular as _, renown_twitter as _, renown_youtube as _};

/// Real data beside the checkout, if this machine has it.
fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("left out: {} is not on this machine", path.display());
    None
}

/// `docs/formats.md`, from the adapters' manifests.
fn page() -> String {
    let mut page = String::from(
        "# What Renown reads\n\n\
         Every kind of file that an adapter recognises, the records it gives, and what in it is passed over and why. Files may\n\
         lie in folders, zip or tar archives, plain or compressed with gz or zst; content decides, not the name. This page is\n\
         made from the adapters' manifests.\n",
    );
    for adapter in renown_sdk::adapters() {
        let manifest = adapter.manifest();
        let _ = write!(page, "\n## {}\n\n{}\n\n", manifest.name, cell(manifest.docs));
        page.push_str("| kind of file | usual names | what it is | yields | passed over, and why |\n|---|---|---|---|---|\n");
        for file in manifest.files {
            let names: Vec<_> = file.patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
            let yields = if file.yields.is_empty() { "nothing" } else { file.yields };
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                file.name,
                names.join(", "),
                cell(file.docs),
                cell(yields),
                cell(file.passed_over)
            );
        }
        if !adapter.options().is_empty() {
            let _ = write!(
                page,
                "\nOptions, to be set in a table `[adapters.{}]` of the weights file:\n\n\
                 | option | | default | meaning |\n|---|---|---|---|\n",
                manifest.name
            );
        }
        for option in adapter.options() {
            let default = match &option.default {
                None => String::new(),
                Some(ParamValue::Text(text)) => format!("`{text:?}`"),
                Some(ParamValue::Number(number)) => format!("`{number}`"),
                Some(ParamValue::Flag(flag)) => format!("`{flag}`"),
                Some(ParamValue::File(path, _)) => format!("`{}`", path.display()),
            };
            let _ =
                writeln!(page, "| {} | {} | {default} | {} |", option.name, option.kind, cell(&option.docs));
        }
        for network in manifest.networks {
            let _ = write!(
                page,
                "\n### The words of {}\n\n| word | | also | unit | meaning |\n|---|---|---|---|---|\n",
                network.name
            );
            for (sort, words) in [("kind", network.kinds), ("metric", network.metrics)] {
                for word in words {
                    let (also, docs) = (word.also.join(", "), cell(word.docs));
                    let _ = writeln!(page, "| {} | {sort} | {also} | {} | {docs} |", word.name, word.unit);
                }
            }
        }
    }
    page
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_page_is_up_to_date() {
    let path = at("docs/formats.md");
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page(),
        "docs/formats.md is out of date: RENOWN_UPDATE=1 cargo test -p renown --test formats"
    );
}

#[test]
fn default_weights_are_those_of_the_manifests() {
    let weights: toml::Table = renown_weights::Weights::default_text().parse().unwrap();
    for adapter in renown_sdk::adapters() {
        for network in adapter.manifest().networks {
            let features = weights["networks"][network.name]["features"].as_table().unwrap();
            for word in network.kinds.iter().chain(network.metrics) {
                let (stat, weight) = word.default_weight;
                let named = features.get(&format!("{}.{stat}", word.name));
                let in_file = named.map(|feature| feature.get("weight").unwrap_or(feature));
                let in_file = in_file.map_or(0.0, |weight| {
                    weight.as_float().or_else(|| weight.as_integer().map(|whole| whole as f64)).unwrap()
                });
                assert!(
                    (in_file - weight).abs() < 1e-9,
                    "{} {}.{stat}: {in_file} in the file, {weight} in the manifest",
                    network.name,
                    word.name
                );
            }
        }
    }
}

/// All real samples of the three networks' formats: no panic, and records of each.
#[test]
fn real_samples() {
    for (folder, network) in [
        ("twitter-api-v1.1", "twitter"),
        ("twitter-api-v2", "twitter"),
        ("facebook-graph-api", "facebook"),
        ("facebook-download-your-information", "facebook"),
        ("youtube-data-api-v3", "youtube"),
    ] {
        let Some(path) = shared("formats").map(|formats| formats.join(folder)) else { return };
        let ran = renown([
            "score".as_ref(),
            path.as_os_str(),
            "--everyone".as_ref(),
            "--format".as_ref(),
            "csv".as_ref(),
        ]);
        assert_eq!(ran.code, 0, "{folder}: {}", ran.stderr);
        assert!(ran.stdout.contains(&format!(",{network}:")), "{folder}: {}", ran.stdout);
    }
}

/// The first real log, end to end.
#[test]
fn the_higgs_log_and_klouts_own() {
    let Some(log) = shared("higgs-twitter/activity.csv.gz") else { return };
    let map = at("config/maps/higgs-twitter.toml");
    let ran = renown(["score", log.to_str().unwrap(), "--map", &map, "--everyone", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("262,390 records"), "{}", ran.stderr);
    // Every account that was addressed by somebody else.
    assert!(ran.stdout.lines().count() > 26_000);
    for (file, map) in
        [("fb.tsv", "klout-reactions-facebook.toml"), ("tw.tsv", "klout-reactions-twitter.toml")]
    {
        let log = shared(&format!("klout-opendata/user_timestamp_open_set_{file}")).unwrap();
        let ran = renown([
            "score",
            log.to_str().unwrap(),
            "--map",
            &at(&format!("config/maps/{map}")),
            "--everyone",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!ran.stderr.contains("rejected"), "{}", ran.stderr);
    }
}
