//! Numbers of JSON outputs in ten-thousandths, so that adding up is exact.

use std::collections::BTreeMap;

use serde_json::Value;

use super::run::Ran;

/// A number in ten-thousandths; it must have no more digits than these.
#[track_caller]
pub(crate) fn units(value: &Value) -> i64 {
    let units = value.as_f64().expect("a number") * 10_000.0;
    assert!((units - units.round()).abs() < 1e-6, "{value} has more than four decimals");
    units.round() as i64
}

/// The document that a run must have printed.
#[track_caller]
pub(crate) fn document(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("a JSON document")
}

/// One number of each person of a document.
#[track_caller]
pub(crate) fn of_people(document: &Value, key: &str) -> BTreeMap<String, i64> {
    let people = document["people"].as_array().expect("people").iter();
    people.map(|of| (of["person"].as_str().expect("a name").to_owned(), units(&of[key]))).collect()
}
