//! What is seen of a new order at once: who leads it, who moved the farthest, and how many moved how far.
//!
//! [`crate::moves::Moves`] puts everybody in order. Whoever turns a weight asks several times a second and is shown a few, who are found
//! without that.

use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::bars::{Bar, Counts};
use crate::curve::Score;
use crate::moves::Ranks;

/// The new order in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// How many have a score in it.
    pub scored: usize,
    /// How many of those who had one have another.
    pub moved: usize,
    /// How many of those moved how far, from the largest fall to the largest rise.
    pub bars: Vec<Bar>,
    /// The first in it, equals by name.
    pub first: Vec<Seen>,
    /// Who moved the farthest, equals by name.
    pub movers: Vec<Seen>,
}

/// Somebody in two orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The person: a place in a [`crate::listing::Directory`].
    pub person: u32,
    /// The score and the rank before, if there was a score.
    pub before: Option<(Score, u32)>,
    /// The score and the rank afterwards.
    pub after: (Score, u32),
}

/// How many are looked at in one go.
const CHUNK: usize = 1 << 14;

impl Glance {
    /// Between two scorings, each as [`crate::score::Scoring::scores`] gives it, by name, of the same directory; of the `first` and the
    /// `movers` so many. Uses the current rayon thread pool.
    pub fn between(
        before: &[Option<Score>],
        after: &[Option<Score>],
        (first, movers): (usize, usize),
    ) -> Self {
        let nothing = || Found { first: Least::of(first), movers: Least::of(movers), ..Found::default() };
        let look = || {
            let chunks = before.par_chunks(CHUNK).zip(after.par_chunks(CHUNK)).enumerate();
            let of_chunk = chunks.map(|(chunk, (before, after))| {
                let mut found = nothing();
                for (person, (before, after)) in (chunk * CHUNK..).zip(before.iter().zip(after)) {
                    found.take(person, *before, *after);
                }
                found
            });
            of_chunk.reduce(nothing, Found::and)
        };
        let (found, (old, new)) =
            rayon::join(look, || rayon::join(|| Ranks::of(before), || Ranks::of(after)));
        let seen = |key: u64| {
            let person = key as u32;
            let after = after[person as usize]?;
            let before = before[person as usize].map(|before| (before, old.rank(before)));
            Some(Seen { person, before, after: (after, new.rank(after)) })
        };
        Self {
            scored: found.scored,
            moved: found.counts.moved() as usize,
            bars: found.counts.bars(),
            first: found.first.in_order().filter_map(seen).collect(),
            movers: found.movers.in_order().filter_map(seen).collect(),
        }
    }
}

/// What was found of some.
#[derive(Default)]
struct Found {
    scored: usize,
    counts: Counts,
    /// By how far from the top.
    first: Least,
    /// By how near they stayed.
    movers: Least,
}

impl Found {
    fn take(&mut self, person: usize, before: Option<Score>, after: Option<Score>) {
        let Some(after) = after else { return };
        // What is to come first is made small; equals come by name.
        let key = |first: u32| u64::from(!first) << 32 | person as u64;
        self.scored += 1;
        self.first.take(key(after.0));
        if let Some(before) = before {
            self.counts.add(i64::from(after.0) - i64::from(before.0));
            if before != after {
                self.movers.take(key(after.0.abs_diff(before.0)));
            }
        }
    }

    fn and(self, others: Self) -> Self {
        Self {
            scored: self.scored + others.scored,
            counts: self.counts.and(others.counts),
            first: self.first.and(others.first),
            movers: self.movers.and(others.movers),
        }
    }
}

/// The least of many numbers.
#[derive(Default)]
struct Least {
    /// How many.
    most: usize,
    heap: BinaryHeap<u64>,
}

impl Least {
    fn of(most: usize) -> Self {
        Self { most, heap: BinaryHeap::new() }
    }

    fn take(&mut self, number: u64) {
        if self.heap.len() < self.most {
            self.heap.push(number);
        } else if let Some(mut largest) = self.heap.peek_mut()
            && number < *largest
        {
            *largest = number;
        }
    }

    fn and(mut self, others: Self) -> Self {
        others.heap.into_iter().for_each(|number| self.take(number));
        self
    }

    fn in_order(self) -> impl Iterator<Item = u64> {
        self.heap.into_sorted_vec().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::moves::Moves;

    /// Few scores, so that there are many equals.
    fn lists() -> impl Strategy<Value = Vec<(Option<Score>, Option<Score>)>> {
        let score = || prop::option::weighted(0.8, (1_u32..40).prop_map(|score| Score(score * 25_000)));
        prop::collection::vec((score(), score()), 0..200)
    }

    proptest! {
        /// A glance shows what is in the whole.
        #[test]
        fn a_glance_is_the_beginning_of_all_moves(both in lists(), first in 0_usize..30, movers in 0_usize..30) {
            let (before, after): (Vec<_>, Vec<_>) = both.into_iter().unzip();
            let (glance, all) = (Glance::between(&before, &after, (first, movers)), Moves::between(&before, &after));
            prop_assert_eq!(glance.scored, after.iter().flatten().count());
            prop_assert_eq!(glance.moved, all.moved());
            prop_assert_eq!(glance.bars, all.histogram());
            let moved = all.both.iter().take(all.moved()).map(|moved| Seen {
                person: moved.person,
                before: Some((moved.before, moved.rank_before)),
                after: (moved.after, moved.rank_after),
            });
            prop_assert_eq!(glance.movers, moved.take(movers).collect::<Vec<_>>());
            let old = Ranks::of(&before);
            let new = Ranks::of(&after);
            let mut order: Vec<Seen> = (after.iter().zip(0..))
                .filter_map(|(after, person)| {
                    let before = before[person as usize].map(|before| (before, old.rank(before)));
                    Some(Seen { person, before, after: ((*after)?, new.rank((*after)?)) })
                })
                .collect();
            order.sort_by_key(|seen| (seen.after.1, seen.person));
            order.truncate(first);
            prop_assert_eq!(glance.first, order);
        }
    }
}
