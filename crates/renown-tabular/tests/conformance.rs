//! The manifest's cases, read by the map that they are written for.

use renown_sdk::conformance;
use renown_tabular::{EXAMPLE_MAP, Map, Tabular};

#[test]
fn conforms() {
    let example = Tabular::new(Map::parse(EXAMPLE_MAP, "example.toml").unwrap());
    conformance::check(&example).assert();
}
