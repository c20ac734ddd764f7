//! Pike's criticality, as `OpenSSF`'s `criticality_score` computes it, with its faults.

use std::borrow::Cow;
use std::sync::Arc;

use renown_core::curve::Curve;
use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec};
use renown_sdk::register_formula;

use crate::scale;

/// `scale · Σ weight · log(1 + x) / log(1 + cap) / Σ weight`, both sums over what is known.
#[derive(Clone, Copy, Debug)]
pub struct Criticality;

register_formula!(Criticality);

const SMALLER: &str = "smaller_is_better";

static PARAMS: [ParamSpec; 2] = [
    ParamSpec {
        name: Cow::Borrowed("scale"),
        kind: ParamKind::Number,
        docs: Cow::Borrowed("the points of somebody who reaches the cap of every feature; more than 0"),
        default: Some(ParamValue::Number(100.0)),
    },
    ParamSpec {
        name: Cow::Borrowed(SMALLER),
        kind: ParamKind::Text,
        docs: Cow::Borrowed(
            "the features of which less is better, with spaces between: their value is taken from their cap before \
             the logarithm",
        ),
        default: Some(ParamValue::Text(String::new())),
    },
];

impl Formula for Criticality {
    fn name(&self) -> &'static str {
        "criticality"
    }

    fn docs(&self) -> &'static str {
        "Rob Pike's formula (Quantifying Criticality, 2020) as OpenSSF's criticality_score applies it: the weighted mean \
         of log(1 + x) / log(1 + cap), with the cap of each feature as its bound and the curve \"linear\". It is here to \
         be compared with, and breaks two promises of the other formulas as its model does. What is missing leaves the \
         divisor, so that losing a bad signal raises points. What is better smaller is turned round before the \
         logarithm: it gives points for nothing, hardly falls until its cap is near, and more of it lowers points."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let smaller = smaller(spec)?;
        let mut signals = Vec::new();
        for column in spec.columns {
            if column.weight == 0.0 {
                signals.push(None);
                continue;
            }
            let wrong = |message: String| FormulaError::new(message).of_feature(column.name);
            let Some(cap) = column.cap else {
                let message = format!("under `{}` the feature `{}` needs a `cap`", self.name(), column.name);
                return Err(
                    wrong(message).help("it is the bound at which the feature gives all of its weight")
                );
            };
            if *column.curve != Curve::Linear {
                let message = format!("under `{}` the curve of `{}` is \"linear\"", self.name(), column.name);
                return Err(wrong(message).help("the formula takes the logarithm itself"));
            }
            signals.push(Some(Signal {
                weight: column.weight,
                cap,
                is_smaller_better: smaller.contains(&column.name),
            }));
        }
        Ok(Arc::new(Pike { scale: scale(spec.params)?, signals }))
    }
}

/// The features of which less is better; each must be one that the network may have.
fn smaller<'s>(spec: &Spec<'s>) -> Result<Vec<&'s str>, FormulaError> {
    let text = spec.params.text(SMALLER)?;
    for name in text.split_whitespace() {
        if spec.columns.iter().all(|column| column.name != name) && !(spec.may_have)(name) {
            let start = name.as_ptr() as usize - text.as_ptr() as usize;
            let error = FormulaError::new(format!("the network has no feature `{name}`"));
            let known = spec.columns.iter().map(|column| column.name);
            return Err(error.of_text(SMALLER, start..start + name.len()).known(known));
        }
    }
    Ok(text.split_whitespace().collect())
}

/// What a feature counts.
#[derive(Clone, Debug)]
struct Signal {
    weight: f64,
    cap: f64,
    is_smaller_better: bool,
}

impl Signal {
    /// From 0 to 1.
    fn of(&self, value: f64) -> f64 {
        let value = value.clamp(0.0, self.cap);
        let value = if self.is_smaller_better { self.cap - value } else { value };
        libm::log1p(value) / libm::log1p(self.cap)
    }
}

#[derive(Clone, Debug)]
struct Pike {
    scale: f64,
    /// `None` for what does not count.
    signals: Vec<Option<Signal>>,
}

impl Pike {
    /// What a value gives, of so much weight that is known.
    fn part(&self, signal: &Signal, value: f64, known: f64) -> f64 {
        if value.is_nan() { 0.0 } else { self.scale * (signal.weight / known) * signal.of(value) }
    }
}

impl Prepared for Pike {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        let counted = || {
            let pairs = self.signals.iter().zip(columns);
            pairs.filter_map(|(signal, column)| Some((signal.as_ref()?, column)))
        };
        let mut known = vec![0.0; out.len()];
        for (signal, column) in counted() {
            for (known, value) in known.iter_mut().zip(*column) {
                *known += if value.is_nan() { 0.0 } else { signal.weight };
            }
        }
        out.fill(0.0);
        for (signal, column) in counted() {
            for ((points, known), value) in out.iter_mut().zip(&known).zip(*column) {
                *points += self.part(signal, *value, *known);
            }
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let weight = |(signal, value): (&Option<Signal>, &f64)| {
            signal.as_ref().filter(|_| !value.is_nan()).map_or(0.0, |signal| signal.weight)
        };
        let known = self.signals.iter().zip(row).map(weight).sum();
        for ((part, signal), value) in out.iter_mut().zip(&self.signals).zip(row) {
            *part = signal.as_ref().map_or(0.0, |signal| self.part(signal, *value, known));
        }
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.signals[column].is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use renown_sdk::formula::{Bound, Column, Culprit, Flaw, Params, flaw};

    use super::*;

    const NAMES: [&str; 3] = ["comments.latest", "idle.latest", "people.latest"];

    fn columns() -> [Column<'static>; 3] {
        let column = |name, weight, cap| Column { name, weight, curve: &Curve::Linear, cap: Some(cap) };
        [column(NAMES[0], 1.0, 15.0), column(NAMES[1], 1.0, 120.0), column(NAMES[2], 2.0, 5000.0)]
    }

    fn params(smaller: &str) -> Params {
        [("scale", ParamValue::Number(1.0)), (SMALLER, ParamValue::Text(smaller.into()))]
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }

    fn bind(columns: &[Column<'_>], smaller: &str) -> Result<Bound, FormulaError> {
        let spec = Spec { columns, may_have: &|_| false, params: &params(smaller) };
        Bound::new(&Criticality, &spec)
    }

    fn points(row: [f64; 3]) -> f64 {
        let mut out = [f64::NAN];
        bind(&columns(), NAMES[1]).unwrap().points(&row.map(|value| vec![value]), &mut out).unwrap();
        out[0]
    }

    /// Of 120 months, 60 without a change should be near the middle; they give six sevenths of the signal.
    #[test]
    fn what_is_better_smaller_is_turned_round_before_the_logarithm() {
        for (months, expected) in [(0.0, 1.0), (60.0, 0.857_184), (108.0, 0.534_833), (120.0, 0.0)] {
            let of_signal = points([f64::NAN, months, f64::NAN]);
            assert!((of_signal - expected).abs() < 1e-6, "{months}: {of_signal}");
        }
    }

    #[test]
    fn what_is_missing_leaves_the_divisor_and_may_raise_points() {
        let all = points([0.0, f64::NAN, 5000.0]);
        assert!((all - 2.0 / 3.0).abs() < 1e-12, "{all}");
        let lost = points([f64::NAN, f64::NAN, 5000.0]);
        assert!((lost - 1.0).abs() < 1e-12, "{lost}");
        assert_eq!(points([f64::NAN; 3]).to_bits(), 0.0_f64.to_bits());
    }

    /// The program finds the broken promise where it looks for one.
    #[test]
    fn it_has_the_flaws_that_it_owns_up_to() {
        let columns = columns();
        let prepared = |smaller| {
            let params = params(smaller);
            Criticality.prepare(&Spec { columns: &columns, may_have: &|_| false, params: &params }).unwrap()
        };
        let nothing = Some(Flaw::ForNothing(0.25));
        assert_eq!(flaw(&*prepared(NAMES[1]), &columns), nothing);
        assert!(matches!(flaw(&*prepared(""), &columns), Some(Flaw::Falls { .. })));
    }

    #[test]
    fn what_it_needs_is_asked_for() {
        let mut without_cap = columns();
        without_cap[0].cap = None;
        let error = bind(&without_cap, "").unwrap_err();
        assert_eq!(error.message, "under `criticality` the feature `comments.latest` needs a `cap`");
        let mut bent = columns();
        bent[2].curve = &Curve::LOG;
        let error = bind(&bent, "").unwrap_err();
        assert_eq!(error.culprit, Culprit::Feature(NAMES[2].into()));
        let error = bind(&columns(), "idle.latest idl.latest").unwrap_err();
        assert_eq!(error.culprit, Culprit::Param(SMALLER.into(), Some(12..22)));
    }

    proptest! {
        #[test]
        fn points_are_from_0_to_1_and_parts_add_up_to_the_last_bit(
            row in prop::array::uniform3(prop_oneof![1 => Just(f64::NAN), 4 => 0.0..6000.0_f64]),
        ) {
            let (all, mut parts) = (points(row), [f64::NAN; 3]);
            bind(&columns(), NAMES[1]).unwrap().parts(&row, &mut parts).unwrap();
            prop_assert!((0.0..=1.0 + 1e-12).contains(&all), "{all}");
            prop_assert_eq!(parts.iter().fold(0.0, |sum, part| sum + part).to_bits(), all.to_bits());
        }
    }
}
