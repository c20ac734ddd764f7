//! The conformance kit: one harness for every adapter, and one for every formula.
//!
//! Records are written down one a line:
//!
//! ```text
//! interaction NETWORK KIND [at=TIME] [actor=ID] [target=ID] [object=ID] [id=ID] [amount=N]      (amount 1 is left out)
//! post NETWORK ID [author=ID] [at=TIME] [observed=TIME] [KIND=N ...]
//! observation NETWORK METRIC account=ID [at=TIME] value=N
//! handle NETWORK account=ID @HANDLE
//! membership NETWORK account=ID community=COMMUNITY [at=TIME]
//! undo NETWORK KIND [at=TIME] id=ID
//! undo-post NETWORK ID [at=TIME]
//! account-closed NETWORK account=ID [at=TIME]                                                  (or account-back)
//! reject REASON
//! pass-over WHAT
//! ```
//!
//! A test of an adapter's crate is then:
//!
//! ```ignore
//! #[test]
//! fn conforms() {
//!     renown_sdk::conformance::check(&Twitter).assert();
//! }
//! ```

mod bad;
mod formula;
mod fuzz;
mod manifest;
pub mod mutate;
mod options;
mod recorder;
mod robust;
mod run;
mod same;
mod speed;
#[cfg(test)]
mod tests;

pub use formula::{check_formula, check_parts};
pub use fuzz::{Effort, files, fuzz, keep, shrunk};
pub use run::{Outcome, run, run_on_disk, run_with};
pub use speed::{Speed, speed};

use crate::{Adapter, Case};

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<String>);

impl Findings {
    /// Passes if nothing was found.
    ///
    /// # Panics
    /// With every finding, if there is one.
    pub fn assert(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n\n"));
    }
}

/// Checks an adapter:
///
/// - its manifest can be used, and files that are nobody's are not taken for its own;
/// - every case gives its records: whole, 64 bytes at a time, one record at a time, on several threads at once, and
///   again a second later;
/// - every case cut off and with flipped bytes at forty places, 500 damaged ones, and input that nobody hopes for
///   end without a panic, give the same twice and one record at a time, no more records than bytes, kinds and metrics that
///   are declared, and rejects that quote nothing.
///
/// Every finding says what failed, where, and how to mend it. Of clocks, only those are noticed that tell two moments
/// a second apart from each other.
pub fn check(adapter: &dyn Adapter) -> Findings {
    let mut findings = Findings::default();
    manifest::check(adapter.manifest(), &mut findings);
    options::check(adapter, &mut findings);
    let cases = robust::cases(adapter);
    let before = same::Before::new(adapter, &cases);
    robust::claims(adapter, &mut findings);
    let flawless = findings.0.len();
    for case in &cases {
        let place = format!("{}: case `{}`", adapter.manifest().name, case.name);
        check_case(adapter, case, &place, &mut findings);
        same::on_threads(adapter, case, &place, &mut findings);
    }
    // What is wrong with a whole file would only be told again of every damaged one.
    if findings.0.len() == flawless {
        robust::check(adapter, &mut findings);
    }
    before.check(adapter, &mut findings);
    findings
}

fn check_case(adapter: &dyn Adapter, case: &Case, place: &str, findings: &mut Findings) {
    let mut expected: Vec<String> = case.records.lines().map(str::trim).map(str::to_owned).collect();
    expected.retain(|line| !line.is_empty());
    expected.sort();
    for (batch_bytes, how) in [(1 << 20, "whole"), (1, "one record at a time"), (64, "64 bytes at a time")] {
        let outcome = match run::run_as(adapter, case, case.input.as_bytes(), run::Cut::Bytes(batch_bytes)) {
            Ok(outcome) => outcome,
            Err(stop) => return findings.0.push(format!("{place}: {stop}. A case must be read")),
        };
        if outcome.kind != case.kind {
            return findings
                .0
                .push(format!("{place}: recognised as `{}`, expected `{}`", outcome.kind, case.kind));
        }
        if outcome.records != expected {
            return findings.0.push(format!(
                "{place}, read {how}: the records are not those of the case (- is missing, + is too many). Mend the reader, or \
                 the case's `records`:\n{}",
                robust::difference(&expected, &outcome.records)
            ));
        }
        if let Some(what) = outcome.undeclared.first() {
            return findings.0.push(format!("{place}: {what} is not in the manifest. Declare it there"));
        }
    }
}
