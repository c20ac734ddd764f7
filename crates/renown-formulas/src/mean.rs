//! Points that are an average.

use std::sync::Arc;

use renown_sdk::formula::{Formula, FormulaError, Prepared, Spec};
use renown_sdk::register_formula;

use crate::Linear;

/// `Σ weight · x / Σ weight`, the second sum over all features, known or not.
#[derive(Clone, Copy, Debug)]
pub struct WeightedMean;

register_formula!(WeightedMean);

impl Formula for WeightedMean {
    fn name(&self) -> &'static str {
        "weighted-mean"
    }

    fn docs(&self) -> &'static str {
        "The weighted mean of all features, as in OpenSSF's criticality_score, with its fault mended: a feature that is \
         missing counts as 0 and its weight stays in the divisor, so that losing data never raises points. However \
         many features a network has, its points stay between those of its least and its greatest. For features that are \
         named: by a glob, a kind that somebody is the first to receive joins the divisor of all others."
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let all: f64 = spec.columns.iter().map(|column| column.weight).sum();
        let share = |weight: f64| if all > 0.0 { weight / all } else { 0.0 };
        Ok(Arc::new(Linear { factors: spec.columns.iter().map(|column| share(column.weight)).collect() }))
    }
}
