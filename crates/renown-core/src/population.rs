//! Where one account's values stand among those of all accounts of its network, and of those that are like it.
//!
//! Nobody is named: who else is there is counted, agreed or not.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;

use crate::accounts::PARTS;
use crate::ruler::NetworkRuler;
use crate::score::{Group, Scoring, ScoringError, Values};
use crate::sheet::Anew;

/// How many accounts on either side, in the order of their points, are of like size.
const LIKE: usize = 100;

/// Where a value stands among others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// How many are smaller.
    pub below: u64,
    /// How many are as large, itself among them.
    pub equal: u64,
    /// Of how many; of those of whom it is not known, none.
    pub of: u64,
}

impl Position {
    /// Which share is smaller, those as large counted half; in ten-thousandths of a percent. `None` if there is nobody.
    pub fn percentile(&self) -> Option<u32> {
        (self.of > 0).then(|| ((2 * self.below + self.equal) * 1_000_000 / (2 * self.of)) as u32)
    }

    fn count(&mut self, ours: f64, theirs: f64) {
        self.of += 1;
        self.below += u64::from(theirs < ours);
        self.equal += u64::from(theirs.to_bits() == ours.to_bits());
    }

    fn add(&mut self, other: Self) {
        self.below += other.below;
        self.equal += other.equal;
        self.of += other.of;
    }
}

/// An account held against the population of its network.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many accounts the network has that received, posted or were observed.
    pub accounts: u64,
    /// How many of them are of like size: those next to it in the order of points, and who has as many points as one of those.
    pub like: u64,
    /// For each feature, among all; `None` where the account's own value is missing.
    pub among_all: Vec<Option<Position>>,
    /// For each feature, among those of like size.
    pub among_like: Vec<Option<Position>>,
    /// For each feature whose own value is missing, but known of half of all accounts at least, what it might be: a value that nine in
    /// ten do not exceed of those who stand among whom it is known where this account stands among whom it is not.
    pub might_be: Vec<Option<f64>>,
}

impl Scoring<'_> {
    /// Holds an account with these values and points against all others of its network.
    pub(crate) fn compare(
        &self,
        ruler: &NetworkRuler,
        values: &Values,
        points: f64,
    ) -> Result<Comparison, ScoringError> {
        let mut all = self.listed_points(ruler);
        let below = all.iter().filter(|theirs| **theirs < points).count();
        let up_to = all.iter().filter(|theirs| **theirs <= points).count();
        let (first, last) = (below.saturating_sub(LIKE), (up_to + LIKE).min(all.len()).saturating_sub(1));
        // In the order of points; all of them are not put in order for the sake of two.
        let mut nth =
            |nth| all.get(nth).is_some().then(|| *all.select_nth_unstable_by(nth, f64::total_cmp).1);
        let like = nth(first).unwrap_or(points)..=nth(last).unwrap_or(points);
        let parts: Vec<Result<_, ScoringError>> = (0..PARTS)
            .into_par_iter()
            .map(|part| self.positions(part, ruler, (values, points), &like))
            .collect();
        let mut sums = vec![Against::default(); values.len()];
        for part in parts {
            for (sum, more) in sums.iter_mut().zip(part?) {
                sum.all.add(more.all);
                sum.like.add(more.like);
                sum.known.extend(more.known);
                sum.missing.add(more.missing);
            }
        }
        let might_be = sums.iter_mut().map(Against::might_be).collect();
        let (among_all, among_like) = sums.into_iter().map(|sum| (sum.all, sum.like)).unzip();
        let known = |positions: Vec<Position>| {
            positions.into_iter().zip(values).map(|(position, value)| value.map(|_| position)).collect()
        };
        Ok(Comparison {
            accounts: all.len() as u64,
            like: all.iter().filter(|theirs| like.contains(theirs)).count() as u64,
            among_all: known(among_all),
            among_like: known(among_like),
            might_be,
        })
    }

    fn positions(
        &self,
        part: usize,
        ruler: &NetworkRuler,
        (values, points): (&Values, f64),
        like: &std::ops::RangeInclusive<f64>,
    ) -> Result<Vec<Against>, ScoringError> {
        let walked;
        let (rows, anew) = if let Some(kept) = self.kept(part, ruler) {
            kept
        } else {
            walked = self.rows_of(part, &[Group::new(self, 0, ruler)])?;
            (&walked[0], Anew::new())
        };
        let all_points = &self.results[part].points;
        let their_points: Vec<f64> = rows.places().iter().map(|place| all_points[*place as usize]).collect();
        let mut sums = vec![Against::default(); values.len()];
        for ((ours, column), sum) in values.iter().zip(rows.columns_with(&anew)).zip(&mut sums) {
            for (row, &their_points) in their_points.iter().enumerate() {
                let theirs = column.get(row).copied().filter(|theirs| !theirs.is_nan());
                match (ours, theirs) {
                    (Some(ours), Some(theirs)) => {
                        sum.all.count(*ours, theirs);
                        if like.contains(&their_points) {
                            sum.like.count(*ours, theirs);
                        }
                    }
                    (None, Some(theirs)) => sum.known.push((their_points, theirs)),
                    (None, None) => sum.missing.count(points, their_points),
                    (Some(_), None) => {}
                }
            }
        }
        Ok(sums)
    }
}

/// One feature of an account, held against others.
#[derive(Clone, Debug, Default)]
struct Against {
    all: Position,
    like: Position,
    /// Where the account's own value is missing: points and value of those of whom it is known, and where the account's points stand among
    /// those of whom it is not.
    known: Vec<(f64, f64)>,
    missing: Position,
}

impl Against {
    /// See [`Comparison::might_be`].
    fn might_be(&mut self) -> Option<f64> {
        let Self { known, missing, .. } = self;
        if known.is_empty() || (known.len() as u64) < missing.of {
            return None;
        }
        let place =
            (2 * missing.below + missing.equal) as usize * known.len() / (2 * missing.of).max(1) as usize;
        let near = place.saturating_sub(LIKE)..(place + LIKE).min(known.len());
        let in_order = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
        let mut values: Vec<f64> =
            sorted_into(known, near, in_order).iter().map(|(_, value)| *value).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get((values.len() * 9).div_ceil(10).saturating_sub(1)).copied()
    }
}

/// Those of a list who would stand in these places if it were in order, in no order. To put all of it in order takes many times as long.
fn sorted_into<T>(
    list: &mut [T],
    places: Range<usize>,
    mut in_order: impl FnMut(&T, &T) -> Ordering,
) -> &[T] {
    if places.start > 0 {
        list.select_nth_unstable_by(places.start, &mut in_order);
    }
    let rest = &mut list[places.start..];
    if places.len() < rest.len() {
        rest.select_nth_unstable_by(places.len(), &mut in_order);
    }
    &rest[..places.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn those_in_these_places(mut list in proptest::collection::vec(0_u8..50, 0..60), from in 0_usize..60, to in 0_usize..60) {
            let mut expected = list.clone();
            expected.sort_unstable();
            let places = from.min(to).min(list.len())..from.max(to).min(list.len());
            prop_assume!(places.start < list.len());
            let mut found = sorted_into(&mut list, places.clone(), u8::cmp).to_vec();
            found.sort_unstable();
            prop_assert_eq!(&found[..], &expected[places]);
        }
    }
}
