//! A store of the example town with two published days.

use super::folder::Folder;
use super::renown::renown;
use super::served::Served;
use super::store::{ingest, ok};

pub(crate) const PEOPLE: &str = "examples/town/people.toml";

/// Makes it in a folder; gives its path.
pub(crate) fn town(folder: &Folder) -> String {
    let store = folder.path("store");
    ingest(&store, &["examples/town"], &[]);
    ok(renown(["store", "people", "import", &store, PEOPLE]));
    for day in ["2026-09-29", "2026-09-30"] {
        ok(renown(["day", "--store", &store, "--as-of", day, "-q"]));
    }
    store
}

/// It, served for the first time, and the key that may do everything.
pub(crate) fn served(folder: &Folder, more: &[&str]) -> (String, Served, String) {
    let store = town(folder);
    let server = Served::start(&store, &[&["--rate", "0"], more].concat()).ready();
    let key = server.said.clone();
    assert!(key.starts_with("renown_"), "{key}");
    (store, server, key)
}
