//! The stock formulas: what makes one network's points of its features.
//!
//! **What it is for.** A weights file names a formula for each network; here are those that come with Renown, and the
//! register in which any linked crate announces its own with `inventory::submit! { FormulaEntry(&Mine) }`.
//!
//! **What it may depend on.** [`Formula`], the trait they implement; nothing here uses what an outside author could not.
//! **What it must not know.** Networks, features, files.

mod mean;
mod sum;

pub use inventory;
pub use mean::WeightedMean;
use renown_core::formula::Formula;
pub use sum::WeightedSum;

/// A formula that is linked into the program.
#[derive(Debug)]
pub struct FormulaEntry(pub &'static dyn Formula);

inventory::collect!(FormulaEntry);

/// All linked formulas, in the order of their names.
pub fn formulas() -> Vec<&'static dyn Formula> {
    let mut all: Vec<_> = inventory::iter::<FormulaEntry>().map(|entry| entry.0).collect();
    all.sort_by_key(|formula| formula.name());
    all
}

/// What a value counts: nothing if it is missing, which `NaN` marks and every comparison with it denies.
///
/// Written so that a loop over a column becomes one `max` instruction for several rows at a time.
fn known(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// Adds `weight · value` of each row of a column to `out`.
fn add(weight: f64, column: &[f64], out: &mut [f64]) {
    for (points, value) in out.iter_mut().zip(column) {
        *points += weight * known(*value);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

        fn points(&self, formula: &dyn Formula) -> Vec<f64> {
            // What stood in `out` before must not matter.
            let mut out = vec![f64::NAN; self.rows()];
            formula.points(&self.weights, &self.columns, &mut out);
            out
        }
    }

    fn tables() -> impl Strategy<Value = Table> {
        (1_usize..8, 1_usize..40).prop_flat_map(|(features, rows)| {
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

    proptest! {
        #[test]
        fn points_are_never_negative(table in tables()) {
            for formula in formulas() {
                prop_assert!(table.points(formula).iter().all(|points| *points >= 0.0 && points.is_finite()));
            }
        }

        #[test]
        fn more_never_lowers_points((table, feature, row) in places(), more in 0.0..60.0) {
            let mut raised = table.clone();
            let value = &mut raised.columns[feature][row];
            *value = known(*value) + more;
            for formula in formulas() {
                prop_assert!(raised.points(formula)[row] >= table.points(formula)[row]);
            }
        }

        #[test]
        fn what_goes_missing_never_raises_points((table, feature, row) in places()) {
            let mut lost = table.clone();
            lost.columns[feature][row] = f64::NAN;
            for formula in formulas() {
                prop_assert!(lost.points(formula)[row] <= table.points(formula)[row]);
            }
        }

        #[test]
        fn nobody_elses_row_matters((table, feature, row) in places(), other in 0.0..60.0) {
            let mut changed = table.clone();
            changed.columns[feature][row] = other;
            for formula in formulas() {
                let (before, after) = (table.points(formula), changed.points(formula));
                let same = |at: usize| before[at].to_bits() == after[at].to_bits();
                prop_assert!((0..table.rows()).all(|at| at == row || same(at)));
            }
        }

        /// To the last bit: both add the same terms in the same order.
        #[test]
        fn parts_add_up_to_points(table in tables()) {
            for formula in formulas() {
                for (row, points) in table.points(formula).into_iter().enumerate() {
                    let mut parts = vec![f64::NAN; table.weights.len()];
                    formula.parts(&table.weights, &table.row(row), &mut parts);
                    let sum = parts.iter().fold(0.0, |sum, part| sum + part);
                    prop_assert_eq!(sum.to_bits(), points.to_bits());
                    let missing = table.row(row).into_iter().map(f64::is_nan);
                    prop_assert!(parts.iter().zip(missing).all(|(part, missing)| !missing || *part == 0.0));
                }
            }
        }
    }

    #[test]
    fn formulas_are_found_in_the_order_of_their_plain_names() {
        let names: Vec<_> = formulas().iter().map(|formula| formula.name()).collect();
        assert_eq!(names, ["weighted-mean", "weighted-sum"]);
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(
            formulas()
                .iter()
                .all(|formula| formula.name().bytes().all(is_plain) && !formula.docs().is_empty())
        );
    }

    #[test]
    fn worked_examples() {
        let (weights, columns) =
            ([1.0, 0.5, 2.5], [vec![8.0, f64::NAN], vec![4.0, 4.0], vec![0.0, f64::NAN]]);
        let points = |formula: &dyn Formula| {
            let mut out = [0.0; 2];
            formula.points(&weights, &columns, &mut out);
            out
        };
        assert_eq!(points(&WeightedSum), [10.0, 2.0]);
        // The missing eight leave the divisor at 1 + 0.5 + 2.5.
        assert_eq!(points(&WeightedMean), [2.5, 0.5]);
    }

    #[test]
    fn no_features_or_no_weights_give_no_points() {
        for formula in formulas() {
            let mut out = [f64::NAN; 3];
            formula.points(&[], &[], &mut out);
            assert_eq!(out, [0.0; 3], "{}", formula.name());
            let mut out = [f64::NAN; 1];
            formula.points(&[0.0, 0.0], &[vec![5.0], vec![f64::NAN]], &mut out);
            assert_eq!(out, [0.0], "{}", formula.name());
        }
    }
}
