//! The plainest formula.

use std::sync::Arc;

use renown_core::formula::{Bound, Column, Formula, FormulaError, Params, Prepared, Spec};
use renown_core::ruler::Feature;

/// Points add up: the plainest formula.
#[derive(Debug)]
pub(crate) struct Sum;

#[derive(Debug)]
pub(crate) struct SumOf(pub(crate) Vec<f64>);

impl Formula for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }
    fn docs(&self) -> &'static str {
        "adds up"
    }
    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(SumOf(spec.columns.iter().map(|column| column.weight).collect())))
    }
}

impl Prepared for SumOf {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for (weight, column) in self.0.iter().zip(columns) {
            for (out, value) in out.iter_mut().zip(*column).filter(|(_, value)| !value.is_nan()) {
                *out += weight * value;
            }
        }
        Ok(())
    }
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        for ((out, weight), value) in out.iter_mut().zip(&self.0).zip(row) {
            *out = if value.is_nan() { 0.0 } else { weight * value };
        }
        Ok(())
    }
}

/// A formula made ready for some features.
pub(crate) fn bound(formula: &dyn Formula, features: &[Feature]) -> Bound {
    let columns: Vec<Column<'_>> = features.iter().map(Feature::column).collect();
    Bound::new(formula, &Spec { columns: &columns, may_have: &|_| false, params: &Params::default() })
        .unwrap()
}
