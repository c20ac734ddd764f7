//! The stock formulas: what makes one network's points of its features.
//!
//! **What it is for.** A weights file names a formula for each network; here are those that come with Renown.
//!
//! **What it may depend on.** The SDK and the core; nothing here uses what an outside author could not.
//! **What it must not know.** Networks, features, files.

mod criticality;
mod either;
mod expression;
mod h_index;
mod linear;
mod mean;
mod noisy_or;
mod percentile;
mod sum;
mod tiers;

pub use criticality::Criticality;
pub use either::AudienceOrResponse;
pub use expression::Expression;
pub use h_index::HIndex;
use linear::Linear;
pub use mean::WeightedMean;
pub use noisy_or::NoisyOr;
pub use percentile::Percentile;
use renown_sdk::formula::{FormulaError, Params};
pub use sum::WeightedSum;
pub use tiers::Tiers;

/// What a value counts: nothing if it is missing, which `NaN` marks and every comparison with it denies.
///
/// Written so that a loop over a column becomes one `max` instruction for several rows at a time.
fn known(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// The parameter `scale`: the most points that a formula gives.
fn scale(params: &Params) -> Result<f64, FormulaError> {
    const SCALE: &str = "scale";
    let scale = params.number(SCALE)?;
    if scale > 0.0 {
        return Ok(scale);
    }
    Err(FormulaError::new("the parameter `scale` must be more than 0").of_param(SCALE))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
mod tests {
    use proptest::prelude::*;
    use renown_core::curve::Curve;
    use renown_sdk::formula::{Bound, Column, Culprit, Formula, ParamValue, Spec, flaw};
    use renown_sdk::formulas;

    use super::*;

    const NAMES: [&str; 8] = ["a.h", "b.h", "c.h", "d.h", "e.h", "f.h", "g.h", "likes.latest"];

    /// Formulas that break promises as the scores do that they are models of. Their own files show that they do, and that
    /// all else holds.
    const RIVALS: [&str; 2] = ["criticality", "tiers"];

    /// All formulas that keep their promises.
    fn sound() -> Vec<&'static dyn Formula> {
        formulas().into_iter().filter(|formula| !RIVALS.contains(&formula.name())).collect()
    }

    /// What a formula needs to be tried; everything else is at its default.
    fn given(formula: &dyn Formula) -> Vec<(&'static str, ParamValue)> {
        let population = "a.h,b.h,likes.latest,c.h\n1,0,5,7\n2,0,,7\n3,40,9,7\n2,1,,7\n";
        match formula.name() {
            "expression" => {
                let score =
                    "2 * log1p(a.h) + sqrt(b.h * c.h) + max(d.h, e.h, f.h) ^ 1.5 + a.h * (1 - exp(-g.h))";
                vec![("score", ParamValue::Text(score.into()))]
            }
            "percentile" => {
                vec![("population", ParamValue::File("p.csv".into(), population.as_bytes().into()))]
            }
            _ => Vec::new(),
        }
    }

    fn bind(
        formula: &dyn Formula,
        weights: &[f64],
        given: Vec<(&'static str, ParamValue)>,
    ) -> Result<Bound, FormulaError> {
        let defaults = formula
            .params()
            .iter()
            .filter_map(|param| Some((param.name.to_string(), param.default.clone()?)));
        let params =
            defaults.chain(given.into_iter().map(|(name, value)| (name.to_owned(), value))).collect();
        let columns: Vec<Column<'_>> = NAMES
            .iter()
            .zip(weights)
            .map(|(name, weight)| Column { name, weight: *weight, curve: &Curve::Linear, cap: None })
            .collect();
        Bound::new(
            formula,
            &Spec { columns: &columns, may_have: &|name| NAMES.contains(&name), params: &params },
        )
    }

    /// Some features, their weights, and rows in which values are missing.
    #[derive(Clone, Debug)]
    struct Table {
        weights: Vec<f64>,
        columns: Vec<Vec<f64>>,
    }

    impl Table {
        fn rows(&self) -> usize {
            self.columns.first().map_or(0, Vec::len)
        }

        fn row(&self, row: usize) -> Vec<f64> {
            self.columns.iter().map(|column| column[row]).collect()
        }

        /// All sound formulas, made ready for the table.
        fn bound(&self) -> Vec<Bound> {
            let bound = |formula: &&'static dyn Formula| {
                let most = if formula.name() == "noisy-or" { 10.0 } else { 1.0 };
                let weights: Vec<f64> = self.weights.iter().map(|weight| weight / most).collect();
                bind(*formula, &weights, given(*formula)).unwrap_or_else(|error| panic!("{error}"))
            };
            sound().iter().map(bound).collect()
        }

        fn points(&self, formula: &Bound) -> Vec<f64> {
            // What stood in `out` before must not matter.
            let mut out = vec![f64::NAN; self.rows()];
            formula.points(&self.columns, &mut out).unwrap();
            out
        }
    }

    fn tables() -> impl Strategy<Value = Table> {
        (1_usize..=NAMES.len(), 1_usize..40).prop_flat_map(|(features, rows)| {
            let weight = prop_oneof![1 => Just(0.0), 4 => 0.0..10.0];
            let value = prop_oneof![1 => Just(f64::NAN), 1 => Just(0.0), 4 => 0.0..60.0];
            let columns = prop::collection::vec(prop::collection::vec(value, rows), features);
            (prop::collection::vec(weight, features), columns)
                .prop_map(|(weights, columns)| Table { weights, columns })
        })
    }

    /// A table, and one place in it.
    fn places() -> impl Strategy<Value = (Table, usize, usize)> {
        (tables(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(
            |(table, feature, row)| {
                let (feature, row) = (feature.index(table.columns.len()), row.index(table.rows()));
                (table, feature, row)
            },
        )
    }

    /// What may be lost to rounding: logarithms and powers are not monotone to the last bit; all else is.
    fn rounding(formula: &Bound) -> f64 {
        if formula.name() == "expression" { 1e-12 } else { 0.0 }
    }

    proptest! {
        /// Never negative and always finite: `Bound` refuses all else.
        #[test]
        fn points_are_never_negative(table in tables()) {
            for formula in table.bound() {
                prop_assert_eq!(table.points(&formula).len(), table.rows());
            }
        }

        #[test]
        fn more_never_lowers_points((table, feature, row) in places(), more in 0.0..60.0) {
            let mut raised = table.clone();
            let value = &mut raised.columns[feature][row];
            *value = known(*value) + more;
            for formula in table.bound() {
                let (before, after) = (table.points(&formula)[row], raised.points(&formula)[row]);
                prop_assert!(after >= before * (1.0 - rounding(&formula)), "{}: {before} {after}", formula.name());
            }
        }

        #[test]
        fn what_goes_missing_never_raises_points((table, feature, row) in places()) {
            let mut lost = table.clone();
            lost.columns[feature][row] = f64::NAN;
            for formula in table.bound() {
                let (before, after) = (table.points(&formula)[row], lost.points(&formula)[row]);
                prop_assert!(after <= before * (1.0 + rounding(&formula)), "{}: {before} {after}", formula.name());
            }
        }

        #[test]
        fn nobody_elses_row_matters((table, feature, row) in places(), other in 0.0..60.0) {
            let mut changed = table.clone();
            changed.columns[feature][row] = other;
            for formula in table.bound() {
                let (before, after) = (table.points(&formula), changed.points(&formula));
                let same = |at: usize| before[at].to_bits() == after[at].to_bits();
                prop_assert!((0..table.rows()).all(|at| at == row || same(at)));
            }
        }

        /// To the last bit.
        #[test]
        fn parts_add_up_to_points(table in tables()) {
            for formula in table.bound() {
                for (row, points) in table.points(&formula).into_iter().enumerate() {
                    let mut parts = vec![f64::NAN; table.weights.len()];
                    formula.parts(&table.row(row), &mut parts).unwrap();
                    let sum = parts.iter().fold(0.0, |sum, part| sum + part);
                    prop_assert_eq!(sum.to_bits(), points.to_bits(), "{}", formula.name());
                    let missing = table.row(row).into_iter().map(f64::is_nan);
                    prop_assert!(parts.iter().zip(missing).all(|(part, missing)| !missing || *part == 0.0));
                }
            }
        }

        /// What a formula says it does not use, it does not.
        #[test]
        fn what_is_not_used_gives_nothing((table, feature, row) in places(), other in 0.0..60.0) {
            let mut changed = table.clone();
            changed.columns[feature][row] = other;
            for formula in table.bound().into_iter().filter(|formula| !formula.uses(feature)) {
                prop_assert_eq!(table.points(&formula), changed.points(&formula));
            }
        }
    }

    #[test]
    fn formulas_are_found_in_the_order_of_their_plain_names() {
        let names: Vec<_> = formulas().iter().map(|formula| formula.name()).collect();
        assert_eq!(
            names,
            [
                "audience-or-response",
                "criticality",
                "expression",
                "h-index",
                "noisy-or",
                "percentile",
                "tiers",
                "weighted-mean",
                "weighted-sum"
            ]
        );
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        for formula in formulas() {
            assert!(formula.name().bytes().all(is_plain) && !formula.docs().is_empty());
            for param in formula.params() {
                assert!(!param.docs.is_empty(), "{}.{}", formula.name(), param.name);
            }
        }
    }

    #[test]
    fn no_formula_has_a_flaw() {
        let weights = [1.0; NAMES.len()];
        let columns: Vec<Column<'_>> =
            NAMES.iter().map(|name| Column { name, weight: 1.0, curve: &Curve::LOG, cap: None }).collect();
        for formula in sound() {
            let params = given(formula).into_iter().map(|(name, value)| (name.to_owned(), value));
            let defaults = formula
                .params()
                .iter()
                .filter_map(|param| Some((param.name.to_string(), param.default.clone()?)));
            let params = defaults.chain(params).collect();
            let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
            assert_eq!(flaw(&*formula.prepare(&spec).unwrap(), &columns), None, "{}", formula.name());
            assert!(bind(formula, &weights, given(formula)).is_ok());
        }
    }

    /// Points of two rows, and the parts of the first.
    fn worked(
        formula: &dyn Formula,
        weights: [f64; 3],
        given: Vec<(&'static str, ParamValue)>,
    ) -> ([f64; 2], [f64; 3]) {
        let columns = [vec![8.0, f64::NAN], vec![4.0, 4.0], vec![0.0, f64::NAN]];
        let bound = bind(formula, &weights, given).unwrap();
        let (mut out, mut parts) = ([0.0; 2], [0.0; 3]);
        bound.points(&columns, &mut out).unwrap();
        bound.parts(&[8.0, 4.0, 0.0], &mut parts).unwrap();
        (out, parts)
    }

    #[test]
    fn worked_examples() {
        let weights = [1.0, 0.5, 2.5];
        assert_eq!(worked(&WeightedSum, weights, vec![]), ([10.0, 2.0], [8.0, 2.0, 0.0]));
        // The missing eight leave the divisor at 1 + 0.5 + 2.5.
        assert_eq!(worked(&WeightedMean, weights, vec![]), ([2.5, 0.5], [2.0, 0.5, 0.0]));
        // `likes.latest`, a number beside the account, against what people do: 3 and 4, as in the triangle, share 5.
        let columns = ["likes.latest", "a.h"].map(|name| Column {
            name,
            weight: 1.0,
            curve: &Curve::Linear,
            cap: None,
        });
        let params = [("power".to_owned(), ParamValue::Number(2.0))].into_iter().collect();
        let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
        let (both, mut out) = (Bound::new(&AudienceOrResponse, &spec).unwrap(), [0.0; 2]);
        both.points(&[vec![3.0, 3.0], vec![4.0, f64::NAN]], &mut out).unwrap();
        assert_eq!(out, [5.0, 3.0]);
        // Each is the mean of what it adds first and what it adds last.
        both.parts(&[3.0, 4.0], &mut out).unwrap();
        assert_eq!(out, [2.0, 3.0]);
        // A power is made of squares and cubes; whoever has one of the two alone has that, to the last bit.
        for power in [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0_f64] {
            let params = [("power".to_owned(), ParamValue::Number(power))].into_iter().collect();
            let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
            Bound::new(&AudienceOrResponse, &spec)
                .unwrap()
                .points(&[vec![3.0, 3.1], vec![4.0, f64::NAN]], &mut out)
                .unwrap();
            let near = (3.0_f64.powf(power) + 4.0_f64.powf(power)).powf(1.0 / power);
            assert!((out[0] - near).abs() < 1e-12 && out[1] == 3.1, "{power}: {out:?}, {near}");
            assert_eq!(flaw(&*AudienceOrResponse.prepare(&spec).unwrap(), &columns), None, "{power}");
        }
        // The lesser one reaches 2, which both share.
        assert_eq!(worked(&HIndex, weights, vec![]), ([8.0, 2.0], [7.0, 1.0, 0.0]));
        // The chances 8/9 and 4/5, halved: 1 − (1 − 4/9)(1 − 2/5) is two thirds.
        let ([both, one], parts) =
            worked(&NoisyOr, [0.5, 0.5, 1.0], vec![("scale", ParamValue::Number(90.0))]);
        assert!((both - 60.0).abs() < 1e-9 && (one - 36.0).abs() < 1e-9, "{both} {one}");
        // Each is the mean of what it adds first and what it adds last.
        assert!((parts[0] - f64::midpoint(40.0, 24.0)).abs() < 1e-9 && parts[2] == 0.0, "{parts:?}");
        let score = |text: &str| vec![("score", ParamValue::Text(text.into()))];
        assert_eq!(worked(&Expression, weights, score("a.h * b.h + g.h")), ([16.0, 0.0], [8.0, 8.0, 0.0]));
        assert_eq!(worked(&Expression, weights, score("max(a.h, b.h)")), ([8.0, 2.0], [7.0, 1.0, 0.0]));
    }

    #[test]
    fn percentiles_are_of_the_population() {
        let population = |text: &str| {
            vec![
                ("population", ParamValue::File("p.csv".into(), text.as_bytes().into())),
                ("scale", ParamValue::Number(100.0)),
            ]
        };
        let points = |value: f64| {
            let bound = bind(&Percentile, &[2.0, 7.0], population("a.h\n0\n0\n2\n4\n")).unwrap();
            let mut out = [f64::NAN];
            bound.points(&[vec![value], vec![9.0]], &mut out).unwrap();
            assert!(!bound.uses(1));
            out[0]
        };
        // Two of four are below 2, which one half of one is level with.
        for (value, expected) in [
            (f64::NAN, 0.0),
            (0.0, 0.0),
            (1.0, 31.25),
            (2.0, 62.5),
            (3.0, 75.0),
            (4.0, 87.5),
            (8.0, 100.0),
            (1e9, 100.0),
        ] {
            assert_eq!(points(value), expected, "{value}");
        }
        for (text, message) in [
            ("", "the population is empty"),
            ("a.h\n", "the population is empty"),
            ("a.h,hat\n1,2\n", "a column `hat`, which is no feature"),
            ("a.h,a.h\n1,2\n", "two columns `a.h`"),
            (
                "a.h\n1\n-2\n",
                "line 3 of the population, column `a.h`: expected a number, 0 or more, found `-2`",
            ),
            ("a.h\ninf\n", "found `inf`"),
            ("a.h,b.h\n1\n", "cannot be read"),
        ] {
            let error = bind(&Percentile, &[1.0], population(text)).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(error.culprit, Culprit::Param("population".into(), None));
        }
    }

    #[test]
    fn what_cannot_be_is_refused_before_anything_is_scored() {
        let expression = |score: &str| {
            let error =
                bind(&Expression, &[1.0; 3], vec![("score", ParamValue::Text(score.into()))]).unwrap_err();
            assert_eq!(error.culprit, Culprit::Param("score".into(), Some(0..score.len())), "{error}");
            error.message
        };
        assert!(expression("b.h / (1 + a.h)").starts_with("points fall from "));
        assert!(expression("max(min(a.h, 1e6 - a.h / 1e3), 0)").starts_with("points fall from "));
        assert_eq!(expression("2 + a.h"), "nothing received gives 2 points");
        assert!(expression("log(a.h)").starts_with("nothing received gives -inf"));
        assert!(expression("a.h * b.h / (b.h - b.h + a.h)").starts_with("nothing received gives NaN"));
        assert!(expression("-a.h").contains(" gives -"));
        assert!(expression("exp(a.h) - 1").contains(" gives inf points"));
        let error = bind(&Expression, &[1.0], vec![("score", ParamValue::Text("1 + lkes.latest".into()))])
            .unwrap_err();
        assert_eq!(
            (error.culprit, error.known),
            (Culprit::Param("score".into(), Some(4..15)), vec!["a.h".to_owned()])
        );
        let error = bind(&NoisyOr, &[0.5, 1.5], vec![]).unwrap_err();
        assert_eq!(error.culprit, Culprit::Feature("b.h".into()));
        let error = bind(&AudienceOrResponse, &[0.5], vec![("power", ParamValue::Number(5.0))]).unwrap_err();
        assert_eq!(error.culprit, Culprit::Param("power".into(), None));
        let error = bind(&NoisyOr, &[0.5], vec![("scale", ParamValue::Number(0.0))]).unwrap_err();
        assert_eq!(error.culprit, Culprit::Param("scale".into(), None));
    }

    #[test]
    fn no_features_or_no_weights_give_no_points() {
        for formula in sound() {
            let mut out = [f64::NAN; 3];
            bind(formula, &[], given(formula)).unwrap().points(&[] as &[&[f64]], &mut out).unwrap();
            assert_eq!(out, [0.0; 3], "{}", formula.name());
            let mut out = [f64::NAN; 1];
            let bound = bind(formula, &[0.0, 0.0], given(formula)).unwrap();
            bound.points(&[vec![5.0], vec![f64::NAN]], &mut out).unwrap();
            assert_eq!(out, [0.0], "{}", formula.name());
        }
    }
}
