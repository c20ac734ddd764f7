//! Coverage: how much was there of what the weights ask for.

use crate::fixed::rounded;
use crate::ruler::{Feature, NetworkRuler};

/// How much was there, in each row of a block, of what a ruler asks for.
pub(crate) struct Cover {
    /// The features that count, and what each is worth if it is asked for.
    worths: Vec<(usize, f64)>,
    asked: f64,
    present: Vec<f64>,
    /// How many features were there, asked for or not.
    known: Vec<f64>,
}

impl Cover {
    /// For blocks of at most so many rows.
    pub(crate) fn of(ruler: &NetworkRuler, block: usize) -> Self {
        let counts = ruler.features.iter().enumerate();
        let counts = counts.filter(|(index, feature)| feature.weight > 0.0 && ruler.formula.uses(*index));
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
            for ((present, known), value) in self.present.iter_mut().zip(&mut self.known).zip(columns[index])
            {
                // No branches, so that several rows are looked at at once.
                let is_known = f64::from(u8::from(!value.is_nan()));
                *present += worth * is_known;
                *known += is_known;
            }
        }
    }

    /// In ten-thousandths, and whether there was anything.
    pub(crate) fn of_row(&self, row: usize) -> (u16, bool) {
        let share = if self.asked > 0.0 { self.present[row] / self.asked } else { 0.0 };
        (rounded(share * 10_000.0) as u16, self.known[row] > 0.0)
    }
}
