//! Points that add up.

use std::sync::Arc;

use renown_sdk::formula::{Formula, FormulaError, Prepared, Spec};
use renown_sdk::register_formula;

use crate::Linear;

/// `Σ weight · x` over what is known.
#[derive(Clone, Copy, Debug)]
pub struct WeightedSum;

register_formula!(WeightedSum);

impl Formula for WeightedSum {
    fn name(&self) -> &'static str {
        "weighted-sum"
    }

    fn docs(&self) -> &'static str {
        "The sum of weight times value over all features that are known: every feature adds its own points, as in \
         Kred's published rules. A network with more features can reach more points."
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(Linear { factors: spec.columns.iter().map(|column| column.weight).collect() }))
    }
}
