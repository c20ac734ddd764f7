//! Who moved between two lists of scores, how far, and past whom.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::bars::{Bar, Counts};
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
        let (mut both, (old, new)) = rayon::join(
            || by_change(before, after),
            || rayon::join(|| Ranks::of(before), || Ranks::of(after)),
        );
        both.par_iter_mut().for_each(|moved| {
            (moved.rank_before, moved.rank_after) = (old.rank(moved.before), new.rank(moved.after));
        });
        let alone = |here: &[Option<Score>], there: &[Option<Score>]| {
            let mut alone: Vec<(u32, Score)> = (here.par_iter().zip(there).enumerate())
                .filter_map(|(person, (here, there))| {
                    Some((person as u32, (*here).filter(|_| there.is_none())?))
                })
                .collect();
            alone.sort_by_key(|(_, score)| Reverse(*score));
            alone
        };
        Self { both, came: alone(after, before), went: alone(before, after) }
    }

    /// How many of those in both lists have another score.
    pub fn moved(&self) -> usize {
        self.both.partition_point(|moved| moved.change() != 0)
    }

    /// How many moved how far, from the largest fall to the largest rise. Uses the current rayon thread pool.
    pub fn histogram(&self) -> Vec<Bar> {
        let count = |mut counts: Counts, moved: &Move| {
            counts.add(moved.change());
            counts
        };
        self.both.par_iter().fold(Counts::default, count).reduce(Counts::default, Counts::and).bars()
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

/// Who is in both lists, the largest changes first, equals in their order; not ranked yet. Counted out: there are fewer changes than persons may be, and
/// to compare a million with each other takes several times as long.
fn by_change(before: &[Option<Score>], after: &[Option<Score>]) -> Vec<Move> {
    let moves = || {
        let pairs = before.iter().zip(after).zip(0..);
        pairs.filter_map(|((before, after), person)| {
            Some(Move { person, before: (*before)?, after: (*after)?, rank_before: 0, rank_after: 0 })
        })
    };
    let change = |of: &Move| (of.before.0.abs_diff(of.after.0)).min(Score::TOP.0) as usize;
    let mut next = vec![0_u32; Score::TOP.0 as usize + 1];
    for moved in moves() {
        next[change(&moved)] += 1;
    }
    let both = count_higher(&mut next);
    let none = Move { person: 0, before: Score::FLOOR, after: Score::FLOOR, rank_before: 0, rank_after: 0 };
    let mut order = vec![none; both as usize];
    for moved in moves() {
        let place = &mut next[change(&moved)];
        order[*place as usize] = moved;
        *place += 1;
    }
    order
}

/// Turns counts of each number into how many there are of higher ones, and gives how many there are of all.
fn count_higher(counts: &mut [u32]) -> u32 {
    counts.iter_mut().rev().fold(0, |higher, count| higher + std::mem::replace(count, higher))
}

/// The ranks that scores have among others.
#[derive(Debug)]
pub struct Ranks {
    /// How many stand higher, by score.
    higher: Vec<u32>,
}

impl Ranks {
    /// Among those of a scoring, as [`crate::score::Scoring::scores`] gives them.
    pub fn of(scores: &[Option<Score>]) -> Self {
        let mut higher = vec![0; Score::TOP.0 as usize + 1];
        for score in scores.iter().flatten() {
            higher[score.0.min(Score::TOP.0) as usize] += 1;
        }
        count_higher(&mut higher);
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
        let ranks = Ranks::of(&scores.map(Some));
        assert_eq!(scores.map(|score| ranks.rank(score)), [2, 4, 2, 1]);
        assert_eq!(Ranks::of(&[]).rank(Score::FLOOR), 1);
    }
}
