//! Does a formula keep its promises? Tried on a fixed sample of rows: what holds there is likely, not proven.

use std::fmt;

use super::bound::{described, is_possible};
use super::{Column, Prepared};

/// A promise that a formula breaks, with the values that show it. Values are capped and curved, as it sees them.
#[derive(Clone, Debug, PartialEq)]
pub enum Flaw {
    /// It fails.
    Fails(String),
    /// It gives points where nothing is known, or where all is zero.
    ForNothing(f64),
    /// It gives negative or infinite points, or none at all.
    Impossible {
        /// The values, by feature.
        row: Vec<(String, f64)>,
        /// The points.
        points: f64,
    },
    /// Its points fall when a value rises, or when one comes to be known.
    Falls {
        /// The feature that rises.
        feature: String,
        /// The values before; `NaN` is missing.
        before: Vec<(String, f64)>,
        /// The feature's value afterwards.
        after: f64,
        /// The points before and afterwards.
        points: [f64; 2],
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |row: &[(String, f64)]| {
            let (names, values): (Vec<&str>, Vec<f64>) =
                row.iter().map(|(name, value)| (name.as_str(), *value)).unzip();
            described(&names, &values)
        };
        match self {
            Self::Fails(why) => write!(f, "it fails: {why}"),
            Self::ForNothing(points) => write!(f, "nothing received gives {points} points"),
            Self::Impossible { row, points } => write!(f, "{} gives {points} points", shown(row)),
            Self::Falls { feature, before, after, points: [from, to] } => {
                write!(
                    f,
                    "points fall from {from} to {to} when {feature} rises to {after}, from {}",
                    shown(before)
                )
            }
        }
    }
}

/// How many pairs of rows are tried.
const PAIRS: usize = 4096;
/// The largest value that is tried, before it is capped and curved: the logarithm of about 10^12.
const LARGEST: f64 = 40.0;
/// What fractions of points may be lost to rounding.
const ROUNDING: f64 = 1e-9;

/// The first promise of [`Prepared::points`] that a formula breaks on a sample of rows; the same sample on each call.
pub fn flaw(formula: &dyn Prepared, columns: &[Column<'_>]) -> Option<Flaw> {
    let named = |row: Vec<f64>| columns.iter().map(|column| column.name.to_owned()).zip(row).collect();
    // Two rows of nothing, then pairs, of which the second has one value raised.
    let mut sample: Vec<Vec<f64>> = columns.iter().map(|column| vec![f64::NAN, column.curved(0.0)]).collect();
    let mut raised = Vec::new();
    let mut dice = Dice(0);
    for pair in 0..PAIRS * usize::from(!columns.is_empty()) {
        let chosen = dice.below(columns.len());
        raised.push(chosen);
        // Few features at a time, in turn with all: the effect of one may drown among many.
        let rarity = [1, 2, columns.len()][pair % 3];
        for (index, (column, values)) in columns.iter().zip(&mut sample).enumerate() {
            let value = if dice.below(rarity) == 0 { dice.value() } else { f64::NAN };
            let more = match dice.value() {
                more if more.is_nan() => 1.0,
                more => more,
            };
            let after =
                if index == chosen { if value.is_nan() { more } else { value + more } } else { value };
            values.extend([value, after].map(|value| curved(column, value)));
        }
    }
    let mut points = vec![f64::NAN; 2 + 2 * raised.len()];
    let lent: Vec<&[f64]> = sample.iter().map(Vec::as_slice).collect();
    if let Err(why) = formula.points(&lent, &mut points) {
        return Some(Flaw::Fails(why));
    }
    let row = |at: usize| sample.iter().map(|column| column[at]).collect::<Vec<f64>>();
    if let Some(nothing) = points[..2].iter().find(|points| **points != 0.0) {
        return Some(Flaw::ForNothing(*nothing));
    }
    if let Some(at) = points.iter().position(|points| !is_possible(*points)) {
        return Some(Flaw::Impossible { row: named(row(at)), points: points[at] });
    }
    let falls = |pair: &[f64]| pair[1] < pair[0] - ROUNDING * pair[0];
    let at = points[2..].chunks_exact(2).position(falls)?;
    let (before, chosen) = (2 + 2 * at, raised[at]);
    Some(Flaw::Falls {
        feature: columns[chosen].name.to_owned(),
        after: sample[chosen][before + 1],
        points: [points[before], points[before + 1]],
        before: named(row(before)),
    })
}

/// What is missing stays so, whatever the cap.
fn curved(column: &Column<'_>, value: f64) -> f64 {
    if value.is_nan() { value } else { column.curved(value) }
}

/// `SplitMix64` (Steele, Lea and Flood 2014): the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Missing, zero, or of any size that is found.
    fn value(&mut self) -> f64 {
        match self.below(8) {
            0 => f64::NAN,
            1 => 0.0,
            _ => libm::exp2((self.next() >> 11) as f64 / (1_u64 << 53) as f64 * (LARGEST + 4.0) - 4.0),
        }
    }
}
