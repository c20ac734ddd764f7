//! Crates depend one way, and the core knows no network or formula by name.

mod common {
    pub(crate) mod place;
}

use std::collections::BTreeMap;
use std::path::Path;

use common::place::at;

/// For each crate, the crates of this workspace that it may use (tests aside).
const ALLOWED: [(&str, &[&str]); 15] = [
    ("renown-abi", &[]),
    ("renown-core", &[]),
    ("renown-sdk", &["renown-abi", "renown-core"]),
    ("renown-formulas", &["renown-core", "renown-sdk"]),
    ("renown-weights", &["renown-core"]),
    ("renown-twitter", &["renown-sdk"]),
    ("renown-facebook", &["renown-sdk"]),
    ("renown-youtube", &["renown-sdk"]),
    ("renown-tabular", &["renown-sdk"]),
    ("renown-engine", &["renown-core", "renown-sdk"]),
    ("renown-store", &["renown-core", "renown-sdk", "renown-engine"]),
    ("renown-server", &["renown-core", "renown-store"]),
    ("renown-host", &["renown-abi", "renown-sdk"]),
    ("renown-example", &[]),
    (
        "renown",
        &[
            "renown-core",
            "renown-weights",
            "renown-sdk",
            "renown-formulas",
            "renown-twitter",
            "renown-facebook",
            "renown-youtube",
            "renown-tabular",
            "renown-engine",
            "renown-store",
            "renown-server",
            "renown-host",
        ],
    ),
];

fn manifests() -> BTreeMap<String, toml::Table> {
    let crates = std::fs::read_dir(at("crates")).unwrap();
    crates
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(path.join("Cargo.toml")).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), text.parse().unwrap())
        })
        .collect()
}

#[test]
fn crates_depend_one_way() {
    for (name, manifest) in manifests() {
        let allowed = ALLOWED.iter().find(|(known, _)| *known == name);
        let allowed = allowed.unwrap_or_else(|| panic!("{name} is not in the list of crates")).1;
        for dependency in manifest
            .get("dependencies")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(toml::Table::keys)
        {
            if dependency.starts_with("renown") {
                assert!(allowed.contains(&dependency.as_str()), "{name} must not use {dependency}");
            }
        }
    }
}

#[test]
fn the_core_does_no_io() {
    let manifests = manifests();
    let dependencies: Vec<_> =
        manifests["renown-core"]["dependencies"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(dependencies, ["foldhash", "indexmap", "jiff", "libm", "rayon", "strsim", "thiserror"]);
    for (path, text) in sources("renown-core") {
        for word in [
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "println!",
            "SystemTime",
            "Instant::",
            "arrow::",
            "parquet",
        ] {
            assert!(!text.contains(word), "{path} uses {word}");
        }
    }
}

#[test]
fn core_engine_and_sdk_know_no_network_and_no_formula() {
    let mut names: Vec<String> =
        renown_sdk::formulas().iter().map(|formula| format!("\"{}\"", formula.name())).collect();
    for adapter in renown_sdk::adapters() {
        names.extend(adapter.manifest().networks.iter().map(|network| format!("\"{}\"", network.name)));
        names.push(format!("\"{}\"", adapter.manifest().name));
    }
    assert!(names.len() > 5, "{names:?}");
    for of in ["renown-core", "renown-engine", "renown-sdk"] {
        for (path, text) in sources(of) {
            let code: String = text.split("#[cfg(test)]").next().unwrap().to_owned();
            for name in &names {
                assert!(!code.contains(name.as_str()), "{path} names {name}");
            }
        }
    }
}

/// The linker drops crates that nothing refers to: these must be there.
#[test]
fn exactly_these_are_linked() {
    let adapters: Vec<_> = renown_sdk::adapters().iter().map(|adapter| adapter.manifest().name).collect();
    assert_eq!(adapters, ["facebook", "tabular", "twitter", "youtube"]);
    let formulas: Vec<_> = renown_sdk::formulas().iter().map(|formula| formula.name()).collect();
    assert_eq!(
        formulas,
        [
            "audience-or-response",
            "criticality",
            "expression",
            "h-index",
            "noisy-or",
            "percentile",
            "tiers",
            "weighted-mean",
            "weighted-sum"
        ]
    );
}

use {
    renown_facebook as _, renown_formulas as _, renown_tabular as _, renown_twitter as _, renown_youtube as _,
};

fn sources(name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(Path::new(&at(&format!("crates/{name}/src"))), &mut found);
    assert!(!found.is_empty());
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}
