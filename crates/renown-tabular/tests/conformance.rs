//! The manifest's cases, read by the map that they are written for.

use std::path::Path;

use renown_sdk::conformance;
use renown_tabular::{EXAMPLE_MAP, Map, Tabular};

fn example() -> Tabular {
    Tabular::new(Map::parse(EXAMPLE_MAP, "example.toml").unwrap())
}

#[test]
fn conforms() {
    conformance::check(&example()).assert();
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/tabular"));
    conformance::fuzz(&example(), corpus).assert();
}
