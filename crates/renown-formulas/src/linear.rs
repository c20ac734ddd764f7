//! What adds up: each feature gives a multiple of its value, whatever the others are.

use renown_sdk::formula::Prepared;

use crate::known;

/// `Σ factor · x` over what is known.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub(crate) factors: Vec<f64>,
}

impl Prepared for Linear {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for (factor, column) in self.factors.iter().zip(columns) {
            for (points, value) in out.iter_mut().zip(*column) {
                *points += factor * known(*value);
            }
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        for ((part, factor), value) in out.iter_mut().zip(&self.factors).zip(row) {
            *part = factor * known(*value);
        }
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.factors[column] > 0.0
    }
}
