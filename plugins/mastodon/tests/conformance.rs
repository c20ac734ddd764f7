//! The adapter against the SDK's conformance kit.

use std::path::Path;

use renown_mastodon::Mastodon;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Mastodon).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "mastodon"));
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/mastodon"));
    renown_sdk::conformance::fuzz(&Mastodon, corpus).assert();
}
