//! A formula at work: the one way to its results, and the one place where they are checked.

use std::sync::Arc;

use super::{Column, Flaw, Formula, FormulaError, Prepared, Spec, flaw};

/// A formula made ready for the features of one network.
#[derive(Clone, Debug)]
pub struct Bound {
    name: String,
    columns: Vec<String>,
    prepared: Arc<dyn Prepared>,
}

/// A formula that gave no points, or such as cannot be: a fault of the formula, not of the data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formula `{formula}` {message}")]
pub struct FormulaFailure {
    /// The formula's name.
    pub formula: String,
    /// What it did.
    pub message: String,
}

/// How far parts may be from adding up, in proportion to the points: sums in another order differ by less.
const ROUNDING: f64 = 1e-9;

impl Bound {
    /// Makes a formula ready.
    ///
    /// # Errors
    /// [`FormulaError`]: what is wrong with its parameters or weights.
    pub fn new(formula: &dyn Formula, spec: &Spec<'_>) -> Result<Self, FormulaError> {
        Ok(Self {
            name: formula.name().to_owned(),
            columns: spec.columns.iter().map(|column| column.name.to_owned()).collect(),
            prepared: formula.prepare(spec)?,
        })
    }

    /// The formula's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a column can give points.
    pub fn uses(&self, column: usize) -> bool {
        self.prepared.uses(column)
    }

    /// The first promise that it breaks on a sample of rows, as [`flaw`]; of the columns that it was made ready for.
    pub fn flaw(&self, columns: &[Column<'_>]) -> Option<Flaw> {
        flaw(&*self.prepared, columns)
    }

    /// Points of every row, as [`Prepared::points`], and found to be finite and not negative.
    ///
    /// # Errors
    /// [`FormulaFailure`], with the values of the first row whose points cannot be.
    pub fn points(&self, columns: &[impl AsRef<[f64]>], out: &mut [f64]) -> Result<(), FormulaFailure> {
        let columns: Vec<&[f64]> = columns.iter().map(AsRef::as_ref).collect();
        self.prepared.points(&columns, out).map_err(|why| self.failed(&why))?;
        let Some(bad) = out.iter().position(|points| !is_possible(*points)) else { return Ok(()) };
        let row: Vec<f64> = columns.iter().map(|column| column[bad]).collect();
        Err(self.failure(format!("gave {} points for {}", out[bad], described(&self.columns, &row))))
    }

    /// What each value of a row gave, as [`Prepared::parts`], and found to be possible and to add up to its points.
    ///
    /// # Errors
    /// [`FormulaFailure`], with the values of the row.
    pub fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), FormulaFailure> {
        let columns: Vec<&[f64]> = row.chunks(1).collect();
        let mut points = [0.0];
        self.points(&columns, &mut points)?;
        self.prepared.parts(row, out).map_err(|why| self.failed(&why))?;
        let of_row = || described(&self.columns, row);
        for ((part, value), name) in out.iter().zip(row).zip(&self.columns) {
            if !is_possible(*part) {
                return Err(self.failure(format!("gave {name} a part of {part} points in {}", of_row())));
            }
            if value.is_nan() && *part != 0.0 {
                return Err(
                    self.failure(format!("gave {name}, which is not known, {part} points in {}", of_row()))
                );
            }
        }
        let sum: f64 = out.iter().sum();
        if (sum - points[0]).abs() > ROUNDING * points[0] {
            let (points, row) = (points[0], of_row());
            return Err(self.failure(format!("gave parts that add up to {sum} of {points} points in {row}")));
        }
        Ok(())
    }

    fn failed(&self, why: &str) -> FormulaFailure {
        self.failure(format!("failed: {why}"))
    }

    fn failure(&self, message: String) -> FormulaFailure {
        FormulaFailure { formula: self.name.clone(), message }
    }
}

/// Whether these can be points.
pub(super) fn is_possible(points: f64) -> bool {
    points >= 0.0 && points.is_finite()
}

/// The known values of a row, as `repost.actors = 3, followers.latest = 7.5`; of many, the first.
pub(super) fn described<N: AsRef<str>>(names: &[N], row: &[f64]) -> String {
    const SHOWN: usize = 8;
    let mut known = names.iter().zip(row).filter(|(_, value)| !value.is_nan());
    let mut shown: Vec<String> =
        known.by_ref().take(SHOWN).map(|(name, value)| format!("{} = {value}", name.as_ref())).collect();
    match known.count() {
        0 if shown.is_empty() => return "a row of which nothing is known".to_owned(),
        0 => {}
        more => shown.push(format!("and {more} more")),
    }
    shown.join(", ")
}
