//! The harness for formulas.

use renown_core::curve::Curve;

use super::Findings;
use super::options::with_defaults;
use crate::formula::{Bound, Column, Formula, ParamValue, Spec, flaw};
use crate::is_plain;

/// The features that formulas are tried with.
const FEATURES: [&str; 5] = ["followers.latest", "like.h", "like.per_post", "repost.actors", "repost.count"];

/// Tries whether a formula keeps what is written at [`Prepared::points`] and [`Prepared::parts`], over a few features of
/// weight 1 and with these parameters; others are at their defaults.
///
/// [`Prepared::points`]: crate::formula::Prepared::points
/// [`Prepared::parts`]: crate::formula::Prepared::parts
pub fn check_formula(formula: &dyn Formula, given: &[(&str, ParamValue)]) -> Findings {
    check(formula, given, true)
}

/// As [`check_formula`], of a formula that does not promise that its points never fall when a value rises.
pub fn check_parts(formula: &dyn Formula, given: &[(&str, ParamValue)]) -> Findings {
    check(formula, given, false)
}

fn check(formula: &dyn Formula, given: &[(&str, ParamValue)], monotone: bool) -> Findings {
    let mut findings = Findings::default();
    let mut say = |text: String| findings.0.push(format!("formula {}: {text}", formula.name()));
    if !is_plain(formula.name()) || formula.name().contains('_') {
        say("its name must be at most 64 lower case letters, digits and -".into());
    }
    if formula.docs().is_empty() || formula.params().iter().any(|param| param.docs.is_empty()) {
        say("a formula and each of its parameters needs docs".into());
    }
    let params = with_defaults(formula.params(), given);
    let columns = FEATURES.map(|name| Column { name, weight: 1.0, curve: &Curve::LOG, cap: None });
    let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
    match formula.prepare(&spec) {
        Ok(prepared) => {
            if let Some(flaw) = flaw(&*prepared, &columns).filter(|_| monotone) {
                say(flaw.to_string());
            }
        }
        Err(error) => say(format!("cannot be made ready: {error}")),
    }
    if let Ok(bound) = Bound::new(formula, &spec) {
        for row in [
            [f64::NAN; FEATURES.len()],
            [0.0; FEATURES.len()],
            [3.5, 1.0, 0.25, 7.0, 12.0],
            [1_000.0, f64::NAN, 0.0, f64::NAN, 2.0],
        ] {
            // `Bound` holds parts against points.
            if let Err(failure) = bound.parts(&row, &mut [f64::NAN; FEATURES.len()]) {
                say(failure.message);
            }
        }
    }
    findings
}
