//! The formula: feature columns in, one column of points out.

/// A formula. Which one scores a network, and with which weights, is said in the weights file.
///
/// Values arrive capped and curved, as columns with one row an account; `NaN` marks what is missing. A formula keeps
/// no state and looks at no other row, so that nobody's points depend on who else is there.
pub trait Formula: Send + Sync + std::fmt::Debug {
    /// Its name in weights files: lower case letters, digits and `-`.
    fn name(&self) -> &'static str;

    /// A sentence on what it computes, and the formula's source.
    fn docs(&self) -> &'static str;

    /// Points of every row. `out` has one place a row.
    ///
    /// With non-negative weights, points must never be negative, never fall when a value rises, and never rise when a
    /// value goes missing.
    fn points(&self, weights: &[f64], columns: &[Vec<f64>], out: &mut [f64]);

    /// What each value of one row gave; adds up to its points but for rounding. Missing values give nothing.
    fn parts(&self, weights: &[f64], row: &[f64], out: &mut [f64]);
}
