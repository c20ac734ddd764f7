//! Who moved between two lists of scores, how far, and past whom.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::curve::Score;

/// A person who has a score in both lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The person: the place in a list of names in order, or in a [`crate::listing::Directory`]. Few of those who move are told of,
    /// and a million names take longer than the moves.
    pub person: u32,
    /// The score in the first list.
    pub before: Score,
    /// The score in the second.
    pub after: Score,
    /// The rank in the first list: one more than the number of those who score higher.
    pub rank_before: u32,
    /// The rank in the second.
    pub rank_after: u32,
}

impl Move {
    /// By how much the score changed, in ten-thousandths of a point.
    pub fn change(&self) -> i64 {
        i64::from(self.after.0) - i64::from(self.before.0)
    }
}

/// All that moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Who is in both lists, the largest changes first, equals by name.
    pub both: Vec<Move>,
    /// Who is in the second list only, best first.
    pub came: Vec<(u32, Score)>,
    /// Who is in the first list only, best first.
    pub went: Vec<(u32, Score)>,
}

/// Upper ends of the histogram's bars, in ten-thousandths of a point; the bar that ends at 0 is of those who did not move,
/// and falls are counted likewise.
const BARS: [i64; 7] = [0, 1_000, 10_000, 20_000, 50_000, 100_000, i64::MAX];

/// A bar of a histogram of moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The lower end, in ten-thousandths of a point; `None` if there is none. The end that is nearer to 0 is not in the bar, the other is.
    pub low: Option<i64>,
    /// The upper end, likewise.
    pub high: Option<i64>,
    /// How many moved so.
    pub count: u64,
}

/// All names of two lists, each in the order of names.
pub(crate) fn names_of<'n>(a: &'n [(String, Score)], b: &'n [(String, Score)]) -> Vec<&'n str> {
    let mut names = Vec::with_capacity(a.len().max(b.len()));
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => x.0.as_str().min(y.0.as_str()),
            (Some(one), None) | (None, Some(one)) => one.0.as_str(),
            (None, None) => return names,
        };
        a.next_if(|of| of.0 == next);
        b.next_if(|of| of.0 == next);
        names.push(next);
    }
}

/// A list in the order of names, as a column beside such names; who is not among them is left out.
pub(crate) fn column(names: &[&str], list: &[(String, Score)]) -> Vec<Option<Score>> {
    let mut list = list.iter().peekable();
    let score = |name: &&str| {
        while list.next_if(|of| of.0.as_str() < *name).is_some() {}
        list.next_if(|of| of.0 == *name).map(|of| of.1)
    };
    names.iter().map(score).collect()
}

impl Moves {
    /// Between two lists, each as [`crate::score::Scoring::scores_by_name`] gives it; and the names that the moves' places are of.
    pub fn new<'n>(before: &'n [(String, Score)], after: &'n [(String, Score)]) -> (Self, Vec<&'n str>) {
        let names = names_of(before, after);
        (Self::between(&column(&names, before), &column(&names, after)), names)
    }

    /// Between two scorings, each as [`crate::score::Scoring::scores`] gives it: by name, of the same directory.
    pub fn between(before: &[Option<Score>], after: &[Option<Score>]) -> Self {
        let ranks = |scores: &[Option<Score>]| Ranks::of(scores.iter().copied().flatten());
        let (old, new) = rayon::join(|| ranks(before), || ranks(after));
        // The largest changes first, then by name: as numbers, which are put in order faster than persons.
        let mut both: Vec<u64> = (before.par_iter().zip(after).enumerate())
            .filter_map(|(index, (before, after))| {
                let change = (*before)?.0.abs_diff((*after)?.0);
                Some(u64::from(!change) << 32 | index as u64)
            })
            .collect();
        both.par_sort_unstable();
        let moved = |key: &u64| {
            let person = *key as u32;
            let (before, after) = (before[person as usize]?, after[person as usize]?);
            Some(Move { person, before, after, rank_before: old.rank(before), rank_after: new.rank(after) })
        };
        let alone = |here: &[Option<Score>], there: &[Option<Score>]| {
            let mut alone: Vec<(u32, Score)> = (here.iter().zip(there).zip(0..))
                .filter_map(|((here, there), person)| Some((person, (*here).filter(|_| there.is_none())?)))
                .collect();
            alone.sort_by_key(|(_, score)| Reverse(*score));
            alone
        };
        Self {
            both: both.par_iter().filter_map(moved).collect(),
            came: alone(after, before),
            went: alone(before, after),
        }
    }

    /// How many of those in both lists have another score.
    pub fn moved(&self) -> usize {
        self.both.partition_point(|moved| moved.change() != 0)
    }

    /// How many moved how far, from the largest fall to the largest rise. Uses the current rayon thread pool.
    pub fn histogram(&self) -> Vec<Bar> {
        const SIDE: usize = BARS.len() - 1;
        // The bar of those who did not move stands in the midst.
        let bar = |moved: &Move| {
            let change = moved.change();
            let side = BARS.partition_point(|end| *end < change.abs());
            if change < 0 { SIDE - side } else { SIDE + side }
        };
        let count = |mut counts: [u64; 2 * SIDE + 1], moved: &Move| {
            counts[bar(moved)] += 1;
            counts
        };
        let add = |a: [u64; 2 * SIDE + 1], b: [u64; 2 * SIDE + 1]| std::array::from_fn(|bar| a[bar] + b[bar]);
        let counts = self.both.par_iter().fold(|| [0; 2 * SIDE + 1], count).reduce(|| [0; 2 * SIDE + 1], add);
        let end = |end: i64| (end != i64::MAX).then_some(end);
        let bar = |(index, count): (usize, u64)| {
            let (low, high) = match index.checked_sub(SIDE) {
                Some(0) => (Some(0), Some(0)),
                Some(side) => (Some(BARS[side - 1]), end(BARS[side])),
                None => {
                    let side = SIDE - index;
                    (end(BARS[side]).map(|end| -end), Some(-BARS[side - 1]))
                }
            };
            Bar { low, high, count }
        };
        counts.into_iter().enumerate().map(bar).collect()
    }

    /// Who came up to a line from below it, and who fell below it, the largest changes first.
    pub fn crossed(&self, line: Score) -> (Vec<&Move>, Vec<&Move>) {
        let up = self.both.iter().filter(|moved| moved.before < line && moved.after >= line);
        let down = self.both.iter().filter(|moved| moved.before >= line && moved.after < line);
        (up.collect(), down.collect())
    }

    /// The ranks of those in both lists, before and after, in one order.
    pub fn ranks(&self) -> (Vec<u32>, Vec<u32>) {
        self.both.iter().map(|moved| (moved.rank_before, moved.rank_after)).unzip()
    }
}

/// The ranks that scores have among others.
#[derive(Debug)]
pub struct Ranks {
    /// How many stand higher, by score.
    higher: Vec<u32>,
}

impl Ranks {
    /// Among these.
    pub fn of(scores: impl IntoIterator<Item = Score>) -> Self {
        let mut higher = vec![0; Score::TOP.0 as usize + 1];
        for score in scores {
            higher[score.0.min(Score::TOP.0) as usize] += 1;
        }
        let mut sum = 0;
        for count in higher.iter_mut().rev() {
            (*count, sum) = (sum, sum + *count);
        }
        Self { higher }
    }

    /// One more than how many stand higher.
    pub fn rank(&self, score: Score) -> u32 {
        self.higher[score.0.min(Score::TOP.0) as usize] + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persons(scores: &[(&str, u32)]) -> Vec<(String, Score)> {
        let mut persons: Vec<(String, Score)> =
            scores.iter().map(|&(name, score)| (name.to_owned(), Score(score))).collect();
        persons.sort();
        persons
    }

    #[test]
    fn everybody_is_found_once() {
        let before = persons(&[("ada", 600_000), ("bo", 500_000), ("cy", 500_000), ("di", 20_000)]);
        let after = persons(&[("bo", 610_000), ("eve", 600_000), ("ada", 590_000), ("cy", 499_999)]);
        let (moves, names) = Moves::new(&before, &after);
        let name = |person: u32| names[person as usize];
        let both: Vec<_> =
            moves.both.iter().map(|m| (name(m.person), m.change(), m.rank_before, m.rank_after)).collect();
        assert_eq!(both, [("bo", 110_000, 2, 1), ("ada", -10_000, 1, 3), ("cy", -1, 2, 4)]);
        assert_eq!(names, ["ada", "bo", "cy", "di", "eve"]);
        assert_eq!(moves.came, [(4, Score(600_000))]);
        assert_eq!(moves.went, [(3, Score(20_000))]);
        let (up, down) = moves.crossed(Score(500_000));
        assert_eq!((up.len(), down.len()), (0, 1));
        assert_eq!(name(down[0].person), "cy");
    }

    #[test]
    fn equals_share_a_rank() {
        let scores = [30_000, 10_000, 30_000, 1_000_000].map(Score);
        let ranks = Ranks::of(scores);
        assert_eq!(scores.map(|score| ranks.rank(score)), [2, 4, 2, 1]);
        assert_eq!(Ranks::of([]).rank(Score::FLOOR), 1);
    }

    #[test]
    fn each_move_stands_in_one_bar() {
        let scores = [0, 1, 1_000, 1_001, 10_000, 20_000, 50_000, 100_000, 100_001, 500_000];
        let names: Vec<String> = (0..2 * scores.len()).map(|index| format!("p{index:02}")).collect();
        let mut before = Vec::new();
        let mut after = Vec::new();
        for (index, change) in scores.iter().enumerate() {
            before.extend([(names[2 * index].as_str(), 500_000), (names[2 * index + 1].as_str(), 500_000)]);
            after.extend([
                (names[2 * index].as_str(), 500_000 + change),
                (names[2 * index + 1].as_str(), 500_000 - change),
            ]);
        }
        let (before, after) = (persons(&before), persons(&after));
        let histogram = Moves::new(&before, &after).0.histogram();
        let counts: Vec<u64> = histogram.iter().map(|bar| bar.count).collect();
        assert_eq!(counts, [2, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 2]);
        assert_eq!(histogram[0].low, None);
        assert_eq!(histogram[0].high, Some(-100_000));
        assert_eq!(histogram[12].high, None);
    }
}
