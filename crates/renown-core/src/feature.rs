//! Features: named columns `<network>.<kind or metric>.<stat>`, computed from a ledger.

use crate::accounts::Account;
use crate::fixed::{Decay, Log2, Window, product, to_f64};
use crate::given::Ways;
use crate::ledger::{Gift, Posted};
use crate::record::Day;
use crate::ruler::NetworkRuler;
use crate::stat::Stat;
use crate::tally::{Flow, Seen, Shape, filled};
use crate::words::Word;

/// What was found about an account besides its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Something lay outside the window.
    pub(crate) outside: bool,
}

/// Computes the features of accounts of one network. Reused from account to account.
#[derive(Clone)]
pub(crate) struct Extractor<'r> {
    shapes: &'r [Shape],
    post: Word,
    as_of: Day,
    log: &'r Log2,
    per_post_exponent: f64,
    window: Window,
    /// How much is left of what does not decay.
    fade: Decay,
    /// For each word, its place in `kinds`, or `NOWHERE`.
    place_of: Vec<u16>,
    kinds: Vec<KindPlan>,
    sums: Vec<KindSums>,
    found: Found,
    /// The rank of the account at hand.
    rank: Option<f64>,
    /// The kinds that the account at hand has something of: the others' sums are zero as they are.
    touched: Vec<u16>,
    features: Vec<FeaturePlan>,
    /// Who gave what, if it is asked for.
    noted: Option<Noted>,
}

/// Who gave what, by the kinds of which something fades.
#[derive(Clone, Debug, Default)]
pub(crate) struct Noted {
    /// The kinds.
    pub(crate) kinds: Vec<Word>,
    /// By kind, the actors of the account at hand and the numbers of their ways.
    pub(crate) pairs: Vec<Vec<(u32, u32)>>,
    /// By kind, the ways of all accounts.
    pub(crate) ways: Vec<Ways>,
    /// Whether something of a kind that has a feature `recent` came from nobody known.
    pub(crate) has_recent_totals: bool,
}

const NOWHERE: u16 = u16::MAX;

/// What a kind's features need.
#[derive(Clone)]
struct KindPlan {
    word: Word,
    /// Its place among what is noted.
    noted: usize,
    weighted: Vec<Decay>,
    recent: Vec<Decay>,
    days: bool,
    h: bool,
}

impl KindPlan {
    /// Whether a feature counts it less by age.
    fn fades(&self) -> bool {
        !self.weighted.is_empty() || !self.recent.is_empty()
    }
}

#[derive(Clone)]
struct FeaturePlan {
    own: StatPlan,
    /// What stands in for it where it is missing.
    instead: Option<StatPlan>,
}

#[derive(Clone)]
struct StatPlan {
    stat: Stat,
    word: Word,
    /// Of a kind's stat: the kind's place, and which of its decays.
    kind: usize,
    decay: usize,
}

/// Sums over one account's records of one kind.
#[derive(Clone, Default)]
struct KindSums {
    /// Whether it is to be reset before the next account.
    touched: bool,
    /// Whether anything is known, and whether it is known who acted.
    present: bool,
    acted: bool,
    known: u128,
    actors: u128,
    weighted: Vec<u128>,
    recent: Vec<u128>,
    total: u128,
    total_recent: Vec<u128>,
    days: Vec<u64>,
    /// How many posts show a total, and what those in the window show.
    shown: u64,
    posts: Vec<u64>,
}

impl<'r> Extractor<'r> {
    pub(crate) fn new(
        ruler: &NetworkRuler,
        (window, per_post_exponent, as_of): (Window, f64, Day),
        (shapes, post, words): (&'r [Shape], Word, usize),
        log: &'r Log2,
    ) -> Self {
        let mut this = Self {
            shapes,
            post,
            as_of,
            log,
            per_post_exponent,
            window,
            fade: Decay::new(f64::INFINITY, window),
            place_of: vec![NOWHERE; words],
            kinds: Vec::new(),
            sums: Vec::new(),
            found: Found::default(),
            rank: None,
            touched: Vec::new(),
            features: Vec::new(),
            noted: None,
        };
        // Posts are always counted: what is received is divided by them.
        this.kind(post);
        for feature in &ruler.features {
            let half_life = ruler.half_life_of(feature);
            let own = this.plan((feature.word, feature.stat), half_life);
            let instead = feature.instead.map(|instead| this.plan(instead, half_life));
            this.features.push(FeaturePlan { own, instead });
        }
        for (sums, plan) in this.sums.iter_mut().zip(&this.kinds) {
            sums.weighted.resize(plan.weighted.len(), 0);
            sums.recent.resize(plan.recent.len(), 0);
            sums.total_recent.resize(plan.recent.len(), 0);
            sums.days.resize(if plan.days { usize::from(window.days) / 64 + 1 } else { 0 }, 0);
        }
        this
    }

    /// Plans a statistic, so that what it needs is summed up.
    fn plan(&mut self, (word, stat): (Word, Stat), half_life_days: f64) -> StatPlan {
        let (mut kind, mut decay) = (0, 0);
        if stat.is_of_kind() {
            kind = self.kind(word);
            let of = Decay::new(half_life_days, self.window);
            let plan = &mut self.kinds[kind];
            match stat {
                Stat::Weighted => {
                    decay = plan.weighted.len();
                    plan.weighted.push(of);
                }
                Stat::Recent => {
                    decay = plan.recent.len();
                    plan.recent.push(of);
                }
                Stat::Days => plan.days = true,
                Stat::H => plan.h = true,
                _ => {}
            }
        }
        StatPlan { stat, word, kind, decay }
    }

    fn kind(&mut self, word: Word) -> usize {
        if self.place_of[word.index()] == NOWHERE {
            self.place_of[word.index()] = self.kinds.len() as u16;
            self.kinds.push(KindPlan {
                word,
                noted: 0,
                weighted: Vec::new(),
                recent: Vec::new(),
                days: false,
                h: false,
            });
            self.sums.push(KindSums::default());
        }
        usize::from(self.place_of[word.index()])
    }

    /// Likewise, noting who gave what.
    pub(crate) fn noting(mut self) -> Self {
        let mut noted = Noted::default();
        for plan in self.kinds.iter_mut().filter(|plan| plan.fades()) {
            plan.noted = noted.kinds.len();
            noted.kinds.push(plan.word);
        }
        noted.pairs.resize(noted.kinds.len(), Vec::new());
        noted.ways.resize(noted.kinds.len(), Ways::default());
        self.noted = Some(noted);
        self
    }

    /// Who gave what.
    pub(crate) fn noted(&self) -> Option<&Noted> {
        self.noted.as_ref()
    }

    /// Likewise, when no account comes any more.
    pub(crate) fn into_noted(self) -> Option<Noted> {
        self.noted
    }

    /// Begins an account of this rank, whose rows are handed over next.
    pub(crate) fn begin(&mut self, rank: Option<f64>) {
        for place in self.touched.drain(..) {
            self.sums[usize::from(place)].reset();
        }
        for pairs in self.noted.iter_mut().flat_map(|noted| &mut noted.pairs) {
            pairs.clear();
        }
        self.found = Found::default();
        self.rank = rank;
    }

    /// Takes gifts by kind and actor, all of an actor at once, with the standing of each gift's actor: 0 if they count for
    /// nobody. What is given by `own`, the accounts of the same person, counts for nothing.
    pub(crate) fn gifts(&mut self, gifts: &[Gift], mut standings: &[u32], own: &[Account]) {
        for kind in gifts.chunk_by(|a, b| a.kind == b.kind) {
            let (of_kind, rest) = standings.split_at(kind.len());
            self.gifts_of_kind(kind, of_kind, own);
            standings = rest;
        }
    }

    /// Takes posts.
    pub(crate) fn posts(&mut self, posts: &[Posted]) {
        for post in posts {
            if post.is_post {
                self.total(self.post, post.day, 1);
            }
            let shapes = self.shapes;
            for (_, kind, amount) in filled(post.shape, &post.totals, shapes) {
                self.total(kind, post.day, amount);
                self.of_post(kind, post.day, amount);
            }
        }
    }

    /// Takes what nobody is known to have given.
    pub(crate) fn flows(&mut self, flows: &[Flow]) {
        for flow in flows {
            self.total(flow.kind, flow.day, flow.amount);
        }
    }

    /// Computes all features into `values`, with all numbers that were seen beside the account; what is missing is `None`.
    pub(crate) fn finish(&self, seen: &[Seen], values: &mut Vec<Option<f64>>) -> Found {
        values.clear();
        values.extend(self.features.iter().map(|feature| {
            let instead = || self.value(feature.instead.as_ref()?, seen);
            self.value(&feature.own, seen).or_else(instead)
        }));
        self.found
    }

    /// How many posts the account at hand made, of what is left of each.
    pub(crate) fn posts_made(&self) -> f64 {
        to_f64(self.sums[usize::from(self.place_of[self.post.index()])].count())
    }

    /// What a feature of the account at hand divides by posts; `None` if that is missing.
    pub(crate) fn divided(&self, feature: usize) -> Option<f64> {
        let sums = &self.sums[self.features[feature].own.kind];
        (sums.present && self.posts_made() > 0.0).then(|| to_f64(sums.count()))
    }

    /// The age in days of what happened on a day; `None` outside the window.
    fn age(&self, day: Day) -> Option<u16> {
        self.window.age(day, self.as_of)
    }

    /// What is left of one of this age.
    fn left(&self, age: u16) -> u64 {
        self.fade.at(age).unwrap_or(0)
    }

    /// Remembers that an account has something of a kind.
    fn touch(&mut self, place: u16) {
        let sums = &mut self.sums[usize::from(place)];
        if !sums.touched {
            sums.touched = true;
            self.touched.push(place);
        }
    }

    /// Acts of one kind, in the order of their actors.
    fn gifts_of_kind(&mut self, gifts: &[Gift], standings: &[u32], own: &[Account]) {
        let place = self.place_of[gifts[0].kind.index()];
        if place == NOWHERE {
            return;
        }
        self.touch(place);
        let (log, as_of, window, fade) = (self.log, self.as_of, self.window, &self.fade);
        let (plan, sums) = (&self.kinds[usize::from(place)], &mut self.sums[usize::from(place)]);
        let mut at = 0;
        for by_actor in gifts.chunk_by(|a, b| a.actor == b.actor) {
            let standing = standings[at];
            at += by_actor.len();
            if standing == 0 || own.iter().any(|own| own.0 == by_actor[0].actor) {
                continue;
            }
            sums.present = true;
            sums.acted = true;
            let mut newest = None;
            for gift in by_actor {
                let Some(age) = window.age(gift.day, as_of) else {
                    self.found.outside = true;
                    continue;
                };
                newest = Some(newest.map_or(age, |newest: u16| newest.min(age)));
                sums.known += u128::from(gift.amount) * u128::from(fade.at(age).unwrap_or(0));
                if plan.days && gift.day.is_dated() {
                    sums.days[usize::from(age) / 64] |= 1 << (age % 64);
                }
            }
            let Some(newest) = newest else { continue };
            sums.actors += u128::from(fade.at(newest).unwrap_or(0));
            for (decay, sum) in plan.recent.iter().zip(&mut sums.recent) {
                *sum += u128::from(decay.at(newest).unwrap_or(0));
            }
            if let (Some(noted), true) = (&mut self.noted, plan.fades()) {
                let gifts =
                    by_actor.iter().filter_map(|gift| Some((window.age(gift.day, as_of)?, gift.share)));
                let way = noted.ways[plan.noted].number(gifts);
                noted.pairs[plan.noted].push((by_actor[0].actor, way));
            }
            for (decay, sum) in plan.weighted.iter().zip(&mut sums.weighted) {
                let given: u64 = by_actor
                    .iter()
                    .filter_map(|gift| {
                        Some(product(decay.at(window.age(gift.day, as_of)?)?, u64::from(gift.share)))
                    })
                    .sum();
                *sum += u128::from(weighed(log, given, standing));
            }
        }
    }

    /// An amount that nobody is known to have given.
    fn total(&mut self, kind: Word, day: Day, amount: u64) {
        let place = self.place_of[kind.index()];
        if place == NOWHERE {
            return;
        }
        self.touch(place);
        let left = self.age(day).map(|age| (age, self.left(age)));
        let (plan, sums) = (&self.kinds[usize::from(place)], &mut self.sums[usize::from(place)]);
        sums.present = true;
        let Some((age, left)) = left else {
            self.found.outside = true;
            return;
        };
        if let (Some(noted), false, 1..) = (&mut self.noted, plan.recent.is_empty(), amount) {
            noted.has_recent_totals = true;
        }
        sums.total += u128::from(amount) * u128::from(left);
        for (decay, sum) in plan.recent.iter().zip(&mut sums.total_recent) {
            *sum += u128::from(decay.at(age).unwrap_or(0)) * u128::from(amount);
        }
        if plan.days && day.is_dated() && amount > 0 {
            sums.days[usize::from(age) / 64] |= 1 << (age % 64);
        }
    }

    /// What a post shows; it is among the totals, too.
    fn of_post(&mut self, kind: Word, day: Day, amount: u64) {
        let place = self.place_of[kind.index()];
        if place == NOWHERE || !self.kinds[usize::from(place)].h {
            return;
        }
        let left = self.age(day).map(|age| product(self.left(age), amount));
        let sums = &mut self.sums[usize::from(place)];
        sums.shown += 1;
        sums.posts.extend(left);
    }

    fn value(&self, feature: &StatPlan, seen: &[Seen]) -> Option<f64> {
        if feature.stat.is_of_metric() {
            return self.metric(feature, seen);
        }
        if feature.stat == Stat::Rank {
            return self.rank;
        }
        let sums = &self.sums[feature.kind];
        if !sums.present {
            return None;
        }
        let count = to_f64(sums.count());
        match feature.stat {
            Stat::Count => Some(count),
            Stat::Actors => sums.acted.then_some(to_f64(sums.actors)),
            Stat::Weighted => sums.acted.then(|| to_f64(sums.weighted[feature.decay])),
            Stat::Recent => Some(to_f64(sums.recent[feature.decay].max(sums.total_recent[feature.decay]))),
            Stat::PerPost => {
                let posts = self.posts_made();
                (posts > 0.0).then(|| per_post(count, posts, self.per_post_exponent))
            }
            Stat::Days => Some(to_f64(self.days(&sums.days))),
            Stat::H => (sums.shown > 0).then(|| h_index(sums.posts.clone()) as f64),
            Stat::Latest | Stat::Growth | Stat::Rank => None,
        }
    }

    /// Days of the ages whose bits are set.
    fn days(&self, bits: &[u64]) -> u128 {
        let mut days = 0;
        for (word, &bits) in bits.iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                days += u128::from(self.left(word as u16 * 64 + rest.trailing_zeros() as u16));
                rest &= rest - 1;
            }
        }
        days
    }

    fn metric(&self, feature: &StatPlan, seen: &[Seen]) -> Option<f64> {
        let start = seen.partition_point(|seen| seen.metric() < feature.word);
        let end = seen.partition_point(|seen| seen.metric() <= feature.word);
        let mut usable = seen[start..end].iter().filter(|seen| self.age(seen.day()).is_some());
        // Rows are in the order of time, undated ones first.
        let newest = usable.next_back()?;
        if feature.stat == Stat::Latest {
            return Some(self.faded(newest.value, newest.day()));
        }
        let oldest = usable.find(|seen| seen.day().is_dated()).filter(|_| newest.day().is_dated())?;
        Some(self.faded(newest.value.saturating_sub(oldest.value), newest.day()))
    }

    fn faded(&self, value: u64, seen: Day) -> f64 {
        to_f64(u128::from(value) * u128::from(self.age(seen).map_or(0, |age| self.left(age))))
    }
}

/// So much for each post. What is left of a single post is no divisor: as it fades, so is what it won to fade.
pub(crate) fn per_post(count: f64, posts: f64, exponent: f64) -> f64 {
    count / libm::pow(posts.max(1.0), exponent)
}

/// What one actor adds to `weighted`.
pub(crate) fn weighed(log: &Log2, given: u64, standing: u32) -> u64 {
    log.of_one_plus(product(given, u64::from(standing)))
}

/// The largest `h` so that `h` of the amounts are `h` or more.
fn h_index(mut amounts: Vec<u64>) -> usize {
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    amounts.iter().zip(1..).take_while(|(amount, rank)| *amount >= rank).count()
}

impl KindSums {
    fn reset(&mut self) {
        self.touched = false;
        self.shown = 0;
        self.posts.clear();
        self.present = false;
        self.acted = false;
        self.known = 0;
        self.actors = 0;
        self.total = 0;
        // Most are empty, and to fill nothing is a call as well.
        for sums in [&mut self.weighted, &mut self.recent, &mut self.total_recent] {
            if !sums.is_empty() {
                sums.fill(0);
            }
        }
        if !self.days.is_empty() {
            self.days.fill(0);
        }
    }

    /// The larger of what is known by actor and what totals say: two views of the same acts.
    fn count(&self) -> u128 {
        self.known.max(self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_is_the_number_of_amounts_that_reach_it() {
        for (amounts, h) in [
            (&[][..], 0),
            (&[0, 0], 0),
            (&[1], 1),
            (&[1000], 1),
            (&[3, 0, 6, 1, 5], 3),
            (&[4, 4, 4, 4], 4),
            (&[u64::MAX; 3], 3),
        ] {
            assert_eq!(h_index(amounts.to_vec()), h, "{amounts:?}");
        }
    }
}
