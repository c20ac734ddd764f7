//! The adapter's cases, and no harm from any bytes.

use std::path::Path;

use renown_youtube::YouTube;

#[test]
fn conforms() {
    renown_sdk::conformance::check(&YouTube).assert();
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/youtube"));
    renown_sdk::conformance::fuzz(&YouTube, corpus).assert();
}
