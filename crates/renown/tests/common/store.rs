//! Filling stores.

use super::renown::renown;
use super::run::Ran;

/// A run that must end well.
#[track_caller]
pub(crate) fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

/// Adds exports to a store.
#[track_caller]
pub(crate) fn ingest(store: &str, inputs: &[&str], more: &[&str]) {
    ok(renown([&["ingest"], inputs, &["--store", store, "-q"], more].concat()));
}
