//! The adapter against the SDK's conformance kit.

use renown_twitter::Twitter;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&Twitter).assert();
}

#[test]
fn is_registered() {
    assert!(renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == "twitter"));
}
