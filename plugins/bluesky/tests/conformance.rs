//! The adapter against the SDK's conformance kit.

use renown_bluesky::Bluesky;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Bluesky).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "bluesky"));
}
