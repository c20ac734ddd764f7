//! Coverage: how much was there of what the weights ask for.

use crate::fixed::rounded;
use crate::ruler::{Feature, NetworkRuler};

/// How much was there, in each row of a block, of what a ruler asks for.
pub(crate) struct Cover {
    /// The features that count and are there, and what each is worth if it is asked for.
    worths: Vec<(usize, f64)>,
    asked: f64,
    present: Vec<f64>,
    /// How many features were there, asked for or not.
    known: Vec<f64>,
}

impl Cover {
    /// For blocks of at most so many rows of these columns, of which those that are empty are missing everywhere.
    pub(crate) fn of(ruler: &NetworkRuler, columns: &[&[f64]], block: usize) -> Self {
        let counts = ruler.features.iter().enumerate();
        let counts = counts.filter(|(index, feature)| {
            feature.weight > 0.0 && ruler.formula.uses(*index) && !columns[*index].is_empty()
        });
        let worth = |feature: &Feature| if feature.asked { feature.weight } else { 0.0 };
        Self {
            worths: counts.map(|(index, feature)| (index, worth(feature))).collect(),
            asked: ruler.asked(),
            present: vec![0.0; block],
            known: vec![0.0; block],
        }
    }

    /// Looks at the columns of a block, as they are lent to the formula.
    pub(crate) fn look(&mut self, columns: &[&[f64]]) {
        self.present.fill(0.0);
        self.known.fill(0.0);
        for &(index, worth) in &self.worths {
            // No branches, and one sum at a time, so that several rows are looked at at once.
            for (present, value) in self.present.iter_mut().zip(columns[index]) {
                *present += if value.is_nan() { 0.0 } else { worth };
            }
            for (known, value) in self.known.iter_mut().zip(columns[index]) {
                *known += if value.is_nan() { 0.0 } else { 1.0 };
            }
        }
    }

    /// In ten-thousandths, and whether there was anything.
    pub(crate) fn of_row(&self, row: usize) -> (u16, bool) {
        let share = if self.asked > 0.0 { self.present[row] / self.asked } else { 0.0 };
        (rounded(share * 10_000.0) as u16, self.known[row] > 0.0)
    }
}
