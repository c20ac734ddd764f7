//! Points that add up.

use renown_core::formula::Formula;

use crate::{FormulaEntry, add, known};

/// `Σ weight · x` over what is known.
#[derive(Clone, Copy, Debug)]
pub struct WeightedSum;

inventory::submit! { FormulaEntry(&WeightedSum) }

impl Formula for WeightedSum {
    fn name(&self) -> &'static str {
        "weighted-sum"
    }

    fn docs(&self) -> &'static str {
        "The sum of weight times value over all features that are known: every feature adds its own points, as in \
         Kred's published rules. A network with more features can reach more points."
    }

    fn points(&self, weights: &[f64], columns: &[Vec<f64>], out: &mut [f64]) {
        out.fill(0.0);
        for (weight, column) in weights.iter().zip(columns) {
            add(*weight, column, out);
        }
    }

    fn parts(&self, weights: &[f64], row: &[f64], out: &mut [f64]) {
        for ((part, weight), value) in out.iter_mut().zip(weights).zip(row) {
            *part = weight * known(*value);
        }
    }
}
