//! What actors gave, kept apart from how it fades: another half-life is then found without a walk through the records.

use std::ops::Range;

use foldhash::HashMap;

use crate::feature::weighed;
use crate::fixed::{Decay, Log2, product};

/// What one actor gave to one account by acts of one kind: an age in days and a share for each day on which there was something. Most give in
/// one of a few thousand ways, so each way is kept once, and told by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ways {
    /// Where each ends.
    ends: Vec<u32>,
    gifts: Vec<(u16, u32)>,
    /// The numbers of those that are a single gift.
    known: HashMap<(u16, u32), u32>,
}

impl Ways {
    /// The number of a way to give, which has a gift at least.
    pub(crate) fn number(&mut self, mut gifts: impl Iterator<Item = (u16, u32)>) -> u32 {
        let new = self.ends.len() as u32;
        let (first, second) = (gifts.next(), gifts.next());
        if let (Some(only), None) = (first, second) {
            let number = *self.known.entry(only).or_insert(new);
            if number < new {
                return number;
            }
        }
        self.gifts.extend(first.into_iter().chain(second).chain(gifts));
        self.ends.push(self.gifts.len() as u32);
        new
    }

    /// Gives back the memory of what ways are searched with, when no more come.
    pub(crate) fn search_no_more(&mut self) {
        self.known = HashMap::default();
    }

    /// What each is worth before the standing of who gives: `Σ share · 2^(−age / half-life)`, as a 32-bit fraction.
    pub(crate) fn faded(&self, decay: &Decay) -> Vec<u64> {
        let worth = |&(age, share): &(u16, u32)| Some(product(decay.at(age)?, u64::from(share)));
        self.each().map(|gifts| gifts.iter().filter_map(worth).sum()).collect()
    }

    /// What is left of one at the newest gift's age.
    pub(crate) fn newest(&self, decay: &Decay) -> Vec<u64> {
        let left = |gifts: &[(u16, u32)]| decay.at(gifts.iter().map(|gift| gift.0).min()?);
        self.each().map(|gifts| left(gifts).unwrap_or(0)).collect()
    }

    fn each(&self) -> impl Iterator<Item = &[(u16, u32)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.gifts[start as usize..end as usize])
    }
}

/// A list for each account: who gave, and in which way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    /// Where each ends.
    ends: Vec<u32>,
    pub(crate) actors: Vec<u32>,
    ways: Vec<u32>,
}

impl Lists {
    pub(crate) fn push(&mut self, actor: u32, way: u32) {
        self.actors.push(actor);
        self.ways.push(way);
    }

    /// Ends the list of an account.
    pub(crate) fn end(&mut self) {
        self.ends.push(self.actors.len() as u32);
    }

    /// Where each list lies.
    fn lists(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start as usize..end as usize)
    }

    /// What a list is worth, if ways have this worth before standing, and the actors of all lists these standings.
    pub(crate) fn weighed(&self, list: Range<usize>, log: &Log2, worth: &[u64], standings: &[u32]) -> u128 {
        let pairs = self.ways[list.clone()].iter().zip(&standings[list]);
        pairs.map(|(&way, &standing)| u128::from(weighed(log, worth[way as usize], standing))).sum()
    }

    /// The sum over a list, if ways have this worth whoever gives: logarithms, or what is left of one.
    #[inline]
    pub(crate) fn sum(&self, list: Range<usize>, worth: &[u64]) -> u128 {
        // Each is less than 2^39, so that so many fit into a word; hardly a list is longer.
        const FIT: usize = 1 << 24;
        let sum = |ways: &[u32]| u128::from(ways.iter().map(|&way| worth[way as usize]).sum::<u64>());
        let ways = &self.ways[list];
        if ways.len() <= FIT { sum(ways) } else { ways.chunks(FIT).map(sum).sum() }
    }

    /// The sum over each list.
    pub(crate) fn sums(&self, worth: &[u64]) -> impl Iterator<Item = u128> {
        self.lists().map(|list| self.sum(list, worth))
    }
}

/// All that was given by acts of one kind, as accounts of one network and part received it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) ways: Ways,
    /// By those whose standing depends on scores; at first, by all.
    pub(crate) by_scored: Lists,
    /// By those who only act: most. By each ruler they have one standing, and by most rulers the same.
    pub(crate) by_others: Lists,
}

impl Given {
    /// Sets those apart who only act.
    pub(crate) fn set_apart(&mut self, is_scored: impl Fn(u32) -> bool) {
        let all = std::mem::take(&mut self.by_scored);
        for list in all.lists() {
            for (&actor, &way) in all.actors[list.clone()].iter().zip(&all.ways[list]) {
                let list = if is_scored(actor) { &mut self.by_scored } else { &mut self.by_others };
                list.push(actor, way);
            }
            self.by_scored.end();
            self.by_others.end();
        }
    }

    /// Where the lists of each account lie, of those of either sort.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        self.by_scored.lists().zip(self.by_others.lists())
    }

    /// The sum over the lists of an account, if ways have this worth whoever gives.
    pub(crate) fn sum(&self, (by_scored, by_others): (Range<usize>, Range<usize>), worth: &[u64]) -> u128 {
        self.by_scored.sum(by_scored, worth) + self.by_others.sum(by_others, worth)
    }
}
