//! The adapter against the SDK's conformance kit.

use renown_wikipedia::Wikipedia;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Wikipedia).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "wikipedia"));
}
