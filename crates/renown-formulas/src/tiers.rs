//! Points by rank among those of one's own size.

use std::borrow::Cow;
use std::sync::Arc;

use renown_core::curve::Curve;
use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec};
use renown_sdk::register_formula;

use crate::{known, scale};

/// `scale · Σ weight · x / (x + median) / Σ weight`, with the medians of the tier that the size falls into.
#[derive(Clone, Copy, Debug)]
pub struct Tiers;

register_formula!(Tiers);

const SIZE: &str = "size";
const TIERS: &str = "tiers";

static PARAMS: [ParamSpec; 3] = [
    ParamSpec {
        name: Cow::Borrowed("scale"),
        kind: ParamKind::Number,
        docs: Cow::Borrowed("the points of somebody who is ahead of all in everything; more than 0"),
        default: Some(ParamValue::Number(100.0)),
    },
    ParamSpec {
        name: Cow::Borrowed(SIZE),
        kind: ParamKind::Text,
        docs: Cow::Borrowed("the feature that says how large an account is, such as `followers.latest`"),
        default: None,
    },
    ParamSpec {
        name: Cow::Borrowed(TIERS),
        kind: ParamKind::Text,
        docs: Cow::Borrowed(
            "a table with commas: a line `from,FEATURE,…`, then for each tier the least size and the value that half of \
             that tier reach in each feature",
        ),
        default: None,
    },
];

impl Formula for Tiers {
    fn name(&self) -> &'static str {
        "tiers"
    }

    fn docs(&self) -> &'static str {
        "The weighted mean of each feature's rank among accounts of the same size, times `scale`: x / (x + median), a \
         log-logistic curve through the median of the tier (Fisk, The graduation of income distributions, 1961). What \
         the table has no column for is not counted; what is missing counts as 0 and stays in the divisor; who is below \
         the first tier, or of unknown size, has no points. It is here to be compared with, and breaks a promise of the \
         other formulas: whoever grows into the next tier is held against larger ones, and falls."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let size = spec.params.text(SIZE)?;
        let table = Table::read(spec.params.text(TIERS)?)?;
        for (name, param) in table.features.iter().map(|name| (name.as_str(), TIERS)).chain([(size, SIZE)]) {
            if spec.columns.iter().all(|column| column.name != name) && !(spec.may_have)(name) {
                let error = FormulaError::new(format!("the network has no feature `{name}`")).of_param(param);
                return Err(error.known(spec.columns.iter().map(|column| column.name)));
            }
        }
        let place = |name: &str| table.features.iter().position(|feature| feature == name);
        let all: f64 = (spec.columns.iter())
            .filter(|column| place(column.name).is_some())
            .map(|column| column.weight)
            .sum();
        let scale = scale(spec.params)?;
        let mut factors = Vec::new();
        for column in spec.columns {
            let feature = place(column.name).filter(|_| column.weight > 0.0);
            if (feature.is_some() || column.name == size) && *column.curve != Curve::Linear {
                let message = format!("under `{}` the curve of `{}` is \"linear\"", self.name(), column.name);
                return Err(FormulaError::new(message).of_feature(column.name));
            }
            factors.push(feature.map(|feature| (scale * (column.weight / all), feature)));
        }
        let size = spec.columns.iter().position(|column| column.name == size);
        Ok(Arc::new(Tiered { size, tiers: table.tiers, factors }))
    }
}

/// What the parameter `tiers` says.
struct Table {
    features: Vec<String>,
    tiers: Vec<Tier>,
}

/// A tier: from which size on, and the median of each feature.
#[derive(Clone, Debug)]
struct Tier {
    from: f64,
    medians: Vec<f64>,
}

impl Table {
    fn read(text: &str) -> Result<Self, FormulaError> {
        let fault = |message: String| FormulaError::new(message).of_param(TIERS);
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
        let ["from", features @ ..] = &header[..] else {
            return Err(fault("the first line of the tiers is not `from,FEATURE,…`".into()));
        };
        let mut tiers: Vec<Tier> = Vec::new();
        for line in lines {
            let cells = line.split(',').map(|cell| cell.trim().parse::<f64>());
            let numbers = cells.collect::<Result<Vec<f64>, _>>().ok().filter(|numbers| {
                numbers.len() == header.len() && numbers.iter().all(|number| number.is_finite())
            });
            match numbers.as_deref() {
                Some([from, medians @ ..])
                    if *from >= 0.0
                        && medians.iter().all(|median| *median > 0.0)
                        && tiers.last().is_none_or(|tier| tier.from < *from) =>
                {
                    tiers.push(Tier { from: *from, medians: medians.to_vec() });
                }
                _ => {
                    let message = format!("the tier `{line}` cannot be");
                    return Err(fault(message).help(format!(
                        "a tier has {} numbers: its least size, which rises from tier to tier, and medians above 0",
                        header.len()
                    )));
                }
            }
        }
        if tiers.is_empty() || features.is_empty() {
            return Err(fault("tiers need a feature and a tier at the least".into()));
        }
        Ok(Self { features: features.iter().map(|name| (*name).to_owned()).collect(), tiers })
    }
}

#[derive(Clone, Debug)]
struct Tiered {
    /// Which column is the size; `None` where this run does not have it.
    size: Option<usize>,
    tiers: Vec<Tier>,
    /// For each column that counts, the most that it gives, and which of a tier's medians is its own.
    factors: Vec<Option<(f64, usize)>>,
}

impl Tiered {
    /// The tier of this size, which may be unknown.
    fn tier(&self, size: f64) -> Option<&Tier> {
        // No tier is at or below what is not a number.
        self.tiers.iter().rev().find(|tier| tier.from <= size)
    }

    /// What a row's value gives.
    fn part(&self, column: usize, value: f64, size: f64) -> f64 {
        let (Some((factor, feature)), Some(tier)) = (self.factors[column], self.tier(size)) else {
            return 0.0;
        };
        factor * (1.0 - tier.medians[feature] / (known(value) + tier.medians[feature]))
    }
}

impl Prepared for Tiered {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        let size = |row: usize| self.size.map_or(f64::NAN, |size| columns[size][row]);
        for (row, points) in out.iter_mut().enumerate() {
            *points = (columns.iter().enumerate())
                .fold(0.0, |points, (index, column)| points + self.part(index, column[row], size(row)));
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let size = self.size.map_or(f64::NAN, |size| row[size]);
        for (index, (part, value)) in out.iter_mut().zip(row).enumerate() {
            *part = self.part(index, *value, size);
        }
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.factors[column].is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use renown_sdk::formula::{Bound, Column, Culprit, Flaw, Params, flaw};

    use super::*;

    const TABLE: &str = "from, like.per_post, reply.per_post\n100, 5, 1\n10000, 50, 10\n";

    fn columns() -> [Column<'static>; 3] {
        let column = |name, weight| Column { name, weight, curve: &Curve::Linear, cap: None };
        [column("followers.latest", 0.0), column("like.per_post", 3.0), column("reply.per_post", 1.0)]
    }

    fn params(table: &str) -> Params {
        let text = |text: &str| ParamValue::Text(text.into());
        let given =
            [("scale", ParamValue::Number(80.0)), (SIZE, text("followers.latest")), (TIERS, text(table))];
        given.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
    }

    fn bind(table: &str) -> Result<Bound, FormulaError> {
        Bound::new(&Tiers, &Spec { columns: &columns(), may_have: &|_| false, params: &params(table) })
    }

    fn points(row: [f64; 3]) -> f64 {
        let mut out = [f64::NAN];
        bind(TABLE).unwrap().points(&row.map(|value| vec![value]), &mut out).unwrap();
        out[0]
    }

    #[test]
    fn the_median_of_a_tier_is_ahead_of_half_of_it() {
        for (row, expected) in [
            ([500.0, 5.0, 1.0], 40.0),
            ([10_000.0, 50.0, 10.0], 40.0),
            ([500.0, 15.0, 1.0], 55.0),
            ([500.0, 5.0, f64::NAN], 30.0),
            ([99.0, 5.0, 1.0], 0.0),
            ([f64::NAN, 5.0, 1.0], 0.0),
        ] {
            assert!((points(row) - expected).abs() < 1e-12, "{row:?}: {}", points(row));
        }
    }

    /// One follower more takes three quarters of the points.
    #[test]
    fn growing_into_the_next_tier_costs_points() {
        let (before, after) = (points([9999.0, 5.0, 1.0]), points([10_000.0, 5.0, 1.0]));
        assert!((before - 40.0).abs() < 1e-12 && (after - 80.0 / 11.0).abs() < 1e-12, "{before} {after}");
        let params = params(TABLE);
        let spec = Spec { columns: &columns(), may_have: &|_| false, params: &params };
        let found = flaw(&*Tiers.prepare(&spec).unwrap(), &columns());
        assert!(
            matches!(&found, Some(Flaw::Falls { feature, .. }) if feature == "followers.latest"),
            "{found:?}"
        );
    }

    #[test]
    fn tables_that_cannot_be_are_refused() {
        for (table, message) in [
            ("", "the first line of the tiers is not `from,FEATURE,…`"),
            ("from\n1\n", "tiers need a feature and a tier at the least"),
            ("from,like.per_post\n", "tiers need a feature and a tier at the least"),
            ("from,hat.count\n0,1\n", "the network has no feature `hat.count`"),
            ("from,like.per_post\n0\n", "the tier `0` cannot be"),
            ("from,like.per_post\n0,0\n", "the tier `0,0` cannot be"),
            ("from,like.per_post\n5,1\n5,2\n", "the tier `5,2` cannot be"),
            ("from,like.per_post\n0,inf\n", "the tier `0,inf` cannot be"),
        ] {
            let error = bind(table).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.culprit),
                (message, Culprit::Param(TIERS.into(), None))
            );
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_last_bit(
            row in prop::array::uniform3(prop_oneof![1 => Just(f64::NAN), 4 => 0.0..20_000.0_f64]),
        ) {
            let (all, mut parts) = (points(row), [f64::NAN; 3]);
            bind(TABLE).unwrap().parts(&row, &mut parts).unwrap();
            prop_assert!((0.0..=80.0).contains(&all), "{all}");
            prop_assert_eq!(parts.iter().fold(0.0, |sum, part| sum + part).to_bits(), all.to_bits());
        }
    }
}
