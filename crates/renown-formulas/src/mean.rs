//! Points that are an average.

use renown_core::formula::Formula;

use crate::{FormulaEntry, add, known};

/// `Σ weight · x / Σ weight`, the second sum over all features, known or not.
#[derive(Clone, Copy, Debug)]
pub struct WeightedMean;

inventory::submit! { FormulaEntry(&WeightedMean) }

impl WeightedMean {
    /// The share that each weight has in all.
    fn shares(weights: &[f64]) -> impl Iterator<Item = f64> {
        let all: f64 = weights.iter().sum();
        weights.iter().map(move |weight| if all > 0.0 { weight / all } else { 0.0 })
    }
}

impl Formula for WeightedMean {
    fn name(&self) -> &'static str {
        "weighted-mean"
    }

    fn docs(&self) -> &'static str {
        "The weighted mean of all features, as in OpenSSF's criticality_score, with its fault mended: a feature that is \
         missing counts as 0 and its weight stays in the divisor, so that losing data never raises points. However \
         many features a network has, its points stay between those of its least and its greatest."
    }

    fn points(&self, weights: &[f64], columns: &[Vec<f64>], out: &mut [f64]) {
        out.fill(0.0);
        for (share, column) in Self::shares(weights).zip(columns) {
            add(share, column, out);
        }
    }

    fn parts(&self, weights: &[f64], row: &[f64], out: &mut [f64]) {
        for ((part, share), value) in out.iter_mut().zip(Self::shares(weights)).zip(row) {
            *part = share * known(*value);
        }
    }
}
