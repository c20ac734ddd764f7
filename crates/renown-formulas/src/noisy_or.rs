//! Points that any one of several signs can bring, and each further sign less.

use std::borrow::Cow;
use std::sync::Arc;

use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec, shapley};
use renown_sdk::register_formula;

use crate::{known, scale};

/// `scale · (1 − Π (1 − weight · x / (1 + x)))`.
#[derive(Clone, Copy, Debug)]
pub struct NoisyOr;

register_formula!(NoisyOr);

static PARAMS: [ParamSpec; 1] = [ParamSpec {
    name: Cow::Borrowed("scale"),
    kind: ParamKind::Number,
    docs: Cow::Borrowed("the points of somebody of whom all signs are beyond doubt; more than 0"),
    default: Some(ParamValue::Number(50.0)),
}];

impl Formula for NoisyOr {
    fn name(&self) -> &'static str {
        "noisy-or"
    }

    fn docs(&self) -> &'static str {
        "Pearl's noisy OR (Probabilistic Reasoning in Intelligent Systems, 1988, section 4.3.2): each feature is a sign \
         of influence that speaks for it with the chance weight · x / (1 + x), and points are `scale` times the chance \
         that at least one does. Weights are chances, from 0 to 1. One strong sign is nearly enough, and no number of \
         them gives more than `scale`. Parts are Shapley values."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let scale = scale(spec.params)?;
        if let Some(column) = spec.columns.iter().find(|column| column.weight > 1.0) {
            let message =
                format!("under `{}` the weight of `{}` is a chance: from 0 to 1", self.name(), column.name);
            return Err(FormulaError::new(message).of_feature(column.name));
        }
        let chances = spec.columns.iter().map(|column| column.weight).collect();
        Ok(Arc::new(AnyOf { scale, chances }))
    }
}

#[derive(Clone, Debug)]
struct AnyOf {
    scale: f64,
    chances: Vec<f64>,
}

impl AnyOf {
    /// The chance that a sign does not speak. `1 − 1 / (1 + x)`, which is `x / (1 + x)`, never falls through rounding.
    fn silent(chance: f64, value: f64) -> f64 {
        1.0 - chance * (1.0 - 1.0 / (1.0 + known(value)))
    }

    fn of_row(&self, row: &[f64]) -> f64 {
        let signs = self.chances.iter().zip(row);
        self.scale * (1.0 - signs.fold(1.0, |all, (chance, value)| all * Self::silent(*chance, *value)))
    }
}

impl Prepared for AnyOf {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(1.0);
        for (chance, column) in self.chances.iter().zip(columns) {
            for (silent, value) in out.iter_mut().zip(*column) {
                *silent *= Self::silent(*chance, *value);
            }
        }
        for points in out {
            *points = self.scale * (1.0 - *points);
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        shapley::shares(row, |some| self.of_row(some), out);
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.chances[column] > 0.0
    }
}
