//! The adapter's cases, and no harm from any bytes.

use renown_youtube::YouTube;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&YouTube).assert();
}
