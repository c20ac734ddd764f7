//! The formula: feature columns in, one column of points out.
//!
//! A [`Formula`] is found by name in the weights file. For each network it is made ready once, with the network's
//! features, weights and parameters; that gives a [`Prepared`], which a [`Bound`] holds and whose results are checked
//! there, in one place. [`flaw`] tries whether a prepared formula keeps its promises.

mod bound;
mod error;
mod flaw;
mod params;
pub mod shapley;

use std::fmt;
use std::sync::Arc;

pub use bound::{Bound, FormulaFailure};
pub use error::{Culprit, FormulaError};
pub use flaw::{Flaw, flaw};
pub use params::{ParamKind, ParamSpec, ParamValue, Params};

use crate::curve::Curve;

/// A formula. Which one scores a network, and with which weights and parameters, is said in the weights file.
///
/// Names and docs may be owned by a library that was loaded at run time.
pub trait Formula: Send + Sync + fmt::Debug {
    /// Its name in weights files: lower case letters, digits and `-`.
    fn name(&self) -> &str;

    /// A sentence on what it computes, and the formula's source.
    fn docs(&self) -> &str;

    /// The parameters that it takes.
    fn params(&self) -> &[ParamSpec] {
        &[]
    }

    /// Makes it ready for one network. What can be wrong with weights and parameters is found here.
    ///
    /// # Errors
    /// [`FormulaError`]: what is wrong, and with which parameter or feature.
    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError>;
}

/// A formula that is ready for one network: it knows its columns, their weights and its parameters.
///
/// Values arrive capped and curved, as columns with one row an account; `NaN` marks what is missing. A formula looks at
/// no other row and remembers none, so that nobody's points depend on who else is there.
pub trait Prepared: Send + Sync + fmt::Debug {
    /// Points of every row. `out` has one place a row and may hold anything before.
    ///
    /// Points must be finite and never negative, be 0 where nothing is known, never fall when a value rises, and never
    /// rise when a value goes missing. Use [`Bound::points`] to call it: results are checked there.
    ///
    /// # Errors
    /// Why it cannot be computed, in words. Stock formulas cannot fail; loaded ones can.
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String>;

    /// What each value of one row gave: none negative, nothing for what is missing, adding up to the row's points but
    /// for rounding. Use [`Bound::parts`] to call it.
    ///
    /// # Errors
    /// As [`Prepared::points`].
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String>;

    /// Whether a column can give points at all. Those that cannot are shown as not counted, and not asked for.
    fn uses(&self, column: usize) -> bool {
        let _ = column;
        true
    }
}

/// What a formula is made ready with.
#[derive(Clone, Copy)]
pub struct Spec<'a> {
    /// The network's features in a run, in the order of their names.
    pub columns: &'a [Column<'a>],
    /// Whether the weights file has a feature of this name, which another run may have even if this one has not.
    pub may_have: &'a dyn Fn(&str) -> bool,
    /// All parameters that [`Formula::params`] names, but for those that have no default and need not be given.
    pub params: &'a Params,
}

/// A feature as a formula sees it.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// Its name without the network: `repost.actors`.
    pub name: &'a str,
    /// The weight, 0 or more; at 0 it is shown and must not count.
    pub weight: f64,
    /// How values were bent before they arrive.
    pub curve: &'a Curve,
    /// A value beyond which more does not count.
    pub cap: Option<f64>,
}

impl Column<'_> {
    /// A value as it arrives: capped and curved.
    pub fn curved(&self, value: f64) -> f64 {
        self.curve.at(self.cap.map_or(value, |cap| value.min(cap)))
    }
}

impl fmt::Debug for Spec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec")
            .field("columns", &self.columns)
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}
