//! The adapter against the SDK's conformance kit.

use std::path::Path;

use renown_wikipedia::Wikipedia;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Wikipedia).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "wikipedia"));
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/wikipedia"));
    renown_sdk::conformance::fuzz(&Wikipedia, corpus).assert();
}
