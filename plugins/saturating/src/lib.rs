//! A formula as a plugin: the example for authors of their own.
//!
//! **What it is for.** [`Saturating`] gives each feature its points by Michaelis and Menten's rule, under which more always
//! counts, but never without end. All that a formula needs is here: its name and docs, a parameter or two, `prepare`,
//! which refuses what cannot be, and the arithmetic.
//!
//! **What it may depend on.** The SDK. **What it must not know.** Networks, files, people.

use std::borrow::Cow;
use std::sync::Arc;

use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec};

/// `scale · Σ weight · x / (x + half)`.
#[derive(Clone, Copy, Debug)]
pub struct Saturating;

renown_sdk::register_formula!(Saturating);
renown_sdk::export_plugin!();

static PARAMS: [ParamSpec; 2] = [
    ParamSpec {
        name: Cow::Borrowed("scale"),
        kind: ParamKind::Number,
        docs: Cow::Borrowed("the points that a feature of weight 1 comes near to; more than 0"),
        default: Some(ParamValue::Number(10.0)),
    },
    ParamSpec {
        name: Cow::Borrowed("half"),
        kind: ParamKind::Number,
        docs: Cow::Borrowed(
            "the value, after the curve, at which a feature has given half of that; more than 0",
        ),
        default: Some(ParamValue::Number(5.0)),
    },
];

impl Formula for Saturating {
    fn name(&self) -> &'static str {
        "saturating"
    }

    fn docs(&self) -> &'static str {
        "The sum of scale · weight · x / (x + half) over all features that are known (Michaelis and Menten, Die Kinetik der \
         Invertinwirkung, 1913): no single feature gives more than its weight times `scale`."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let positive = |name: &str| match spec.params.number(name)? {
            number if number > 0.0 => Ok(number),
            _ => Err(FormulaError::new(format!("the parameter `{name}` must be more than 0")).of_param(name)),
        };
        let (scale, half) = (positive("scale")?, positive("half")?);
        let most = spec.columns.iter().map(|column| scale * column.weight).collect();
        Ok(Arc::new(Ready { half, most }))
    }
}

/// Half-way, and the most that each feature can give.
#[derive(Debug)]
struct Ready {
    half: f64,
    most: Vec<f64>,
}

impl Ready {
    fn part(&self, column: usize, value: f64) -> f64 {
        // What is missing is NaN, which is not more than 0 and gives nothing. `1 − half / (x + half)`, which is
        // `x / (x + half)`, never falls through rounding.
        if value > 0.0 { self.most[column] * (1.0 - self.half / (value + self.half)) } else { 0.0 }
    }
}

impl Prepared for Ready {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for (column, values) in columns.iter().enumerate() {
            for (points, value) in out.iter_mut().zip(*values) {
                *points += self.part(column, *value);
            }
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        for (column, (part, value)) in out.iter_mut().zip(row).enumerate() {
            *part = self.part(column, *value);
        }
        Ok(())
    }
}
