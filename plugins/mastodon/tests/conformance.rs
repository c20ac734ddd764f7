//! The adapter against the SDK's conformance kit.

use renown_mastodon::Mastodon;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Mastodon).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "mastodon"));
}
