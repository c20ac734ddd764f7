//! Whether intervals are honest: over simulated people whose scores only chance tells apart, by the default weights.

use std::sync::Arc;

use renown_core::details::Details;
use renown_core::ledger::Ledger;
use renown_core::people::Roster;
use renown_core::record::{Id, Interaction, Observation, Post, Timestamp};
use renown_core::score::Scoring;
use renown_core::tally::{Batch, Tally};
use renown_core::words::{Word, Words};
use renown_formulas as _;
use renown_weights::{SeenNetwork, Weights};

const TODAY: i64 = 20_000;
/// How many people of each size.
const PEOPLE: i64 = 200;
/// How many others there are who may react.
const CROWD: u64 = 20_000;

/// A sequence of numbers that is always the same (a linear congruential generator, by its upper bits).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() * end as f64) as u64
    }

    /// How many of what happens so often in the mean, each by itself (Knuth's method, in steps that do not underflow).
    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut count, mut left) = (0, mean);
        while left > 0.0 {
            let end = (-left.min(100.0)).exp();
            let mut product = self.next();
            while product > end {
                count += 1;
                product *= self.next();
            }
            left -= 100.0;
        }
        count
    }
}

struct Town {
    words: Arc<Words>,
    tally: Tally,
    batch: Batch,
    chance: Chance,
    network: Word,
}

impl Town {
    fn new() -> Self {
        let words = Arc::new(Words::new());
        let tally = Tally::new(words.clone(), None).unwrap();
        let network = words.intern("twitter").unwrap();
        Self { batch: tally.batch(), tally, chance: Chance(7), network, words }
    }

    fn word(&self, text: &str) -> Word {
        self.words.intern(text).unwrap()
    }

    fn day(&mut self) -> Option<Timestamp> {
        Timestamp::from_seconds((TODAY - self.chance.below(60) as i64) * 86_400)
    }

    /// About so many others react, each in its own way, and about half as many nameless ones to each of ten posts.
    fn person(&mut self, id: i64, mean: f64, followers: Option<u64>) {
        let kinds = ["repost", "mention", "quote", "like"].map(|kind| self.word(kind));
        for _ in 0..self.chance.poisson(mean) {
            let actor = 1_000_000 + self.chance.below(CROWD) as i64;
            let kind = kinds[self.chance.below(3) as usize];
            for _ in 0..=self.chance.poisson(0.5) {
                let act = Interaction {
                    at: self.day(),
                    actor: Some(Id::Number(actor)),
                    target: Some(Id::Number(id)),
                    ..Interaction::new(self.network, kind)
                };
                self.batch.interaction(&self.tally, &act).unwrap();
            }
        }
        for post in 0..10 {
            let totals = [(kinds[3], self.chance.poisson(mean / 2.0))];
            let at = self.day();
            let post = Post {
                network: self.network,
                id: Id::Number(id * 100 + post),
                author: Some(Id::Number(id)),
                at,
                observed_at: at,
                totals: &totals,
            };
            self.batch.post(&self.tally, &post).unwrap();
        }
        if let Some(value) = followers {
            let (at, metric) = (Timestamp::from_seconds(TODAY * 86_400), self.word("followers"));
            let seen = Observation { at, network: self.network, account: Id::Number(id), metric, value };
            self.batch.observation(&self.tally, &seen).unwrap();
        }
    }

    /// Everybody's score and what stands behind it, by their ids.
    fn details(mut self, ids: &[i64]) -> Vec<(f64, Details)> {
        self.tally.add(&mut self.batch);
        let seen = SeenNetwork {
            name: "twitter".into(),
            kinds: ["like", "mention", "post", "quote", "repost"].map(str::to_owned).into(),
            metrics: vec!["followers".into()],
        };
        let weights = Weights::parse(Weights::default_text(), "weights.toml").unwrap();
        let by = weights.resolve(&[seen], &self.words, &renown_sdk::formulas()).unwrap();
        let ledger = Ledger::settle(self.tally).unwrap();
        let roster = Roster { people: Vec::new(), everyone: true };
        let today = Timestamp::from_seconds(TODAY * 86_400).unwrap().day();
        let scoring = Scoring::new(&ledger, &by.ruler, &roster, today).unwrap();
        let details = ids.iter().map(|id| {
            let explanation = scoring.explain(&format!("twitter:{id}")).unwrap().unwrap();
            (explanation.score.value(), scoring.details(&explanation, &[]).unwrap())
        });
        details.collect()
    }
}

/// Which share of the intervals holds the mean of all scores, the truth that chance hides.
fn held(people: &[(f64, Details)], truth: f64) -> f64 {
    let holds =
        |details: &Details| (details.interval.low.value()..=details.interval.high.value()).contains(&truth);
    people.iter().filter(|(_, details)| holds(details)).count() as f64 / people.len() as f64
}

fn mean(people: &[(f64, Details)]) -> f64 {
    people.iter().map(|(score, _)| score).sum::<f64>() / people.len() as f64
}

/// Of ninety in a hundred, 85 to 95 hold. Where only a handful of people reacted, the hash groups hold one each or none, and it may be more.
#[test]
fn nine_in_ten_intervals_hold_the_truth() {
    for size in [8.0, 30.0, 120.0, 500.0] {
        let mut town = Town::new();
        let ids: Vec<i64> = (1..=PEOPLE).collect();
        for &id in &ids {
            town.person(id, size, Some(500));
        }
        let people = town.details(&ids);
        let share = held(&people, mean(&people));
        eprintln!("{size} reacted: mean {:.2}, {:.1} % held", mean(&people), share * 100.0);
        assert!((0.85..=0.95).contains(&share), "{size} reacted: {:.1} % held", share * 100.0);
    }
}

/// The truth is the score with followers; of half of the people they are missing. The other half is what the first is like.
#[test]
fn what_is_missing_stretches_the_interval() {
    let mut town = Town::new();
    let ids: Vec<i64> = (1..=PEOPLE).collect();
    for &id in &ids {
        town.person(id, 30.0, (id % 2 == 0).then_some(20_000));
    }
    let people = town.details(&ids);
    let (with, without): (Vec<_>, Vec<_>) = people.into_iter().zip(ids).partition(|(_, id)| id % 2 == 0);
    let [with, without] = [with, without].map(|half| half.into_iter().map(|(of, _)| of).collect::<Vec<_>>());
    let truth = mean(&with);
    assert!(truth > mean(&without) + 3.0, "followers are worth something");
    let share = held(&without, truth);
    eprintln!("{:.1} % held where followers are missing", share * 100.0);
    assert!((0.85..=0.95).contains(&share), "{:.1} % held", share * 100.0);
    for (score, details) in &without {
        let (down, up) = (score - details.interval.low.value(), details.interval.high.value() - score);
        assert!(up > down + 2.0, "{down:.2} down and {up:.2} up: what is missing stretches upwards only");
    }
}

/// Where an audience is missing that may be a small one, chance reaches as far up as it does where nothing is missing.
#[test]
fn what_is_missing_never_narrows_the_interval() {
    let mut town = Town::new();
    let ids: Vec<i64> = (1..=PEOPLE).collect();
    for &id in &ids {
        town.person(id, 8.0, (id % 2 == 0).then_some(60));
    }
    for ((score, details), id) in town.details(&ids).into_iter().zip(ids) {
        let (down, up) = (score - details.interval.low.value(), details.interval.high.value() - score);
        assert!(up >= down - 1e-9, "{id}: {down:.4} down and {up:.4} up");
    }
}
