//! An invented person with everybody who reacts to them, as records: what attacks add to.

use std::sync::Arc;

use renown_core::curve::Score;
use renown_core::ledger::Ledger;
use renown_core::people::{Person, Roster};
use renown_core::record::{Id, Interaction, Observation, Post, Timestamp};
use renown_core::score::Scoring;
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::EngineError;
use renown_sdk::formula::Formula;
use renown_weights::{Names, Price, Weights};

use crate::pipeline::{Ruled, not_scored};

/// The person's account; all others have higher numbers.
pub(super) const TARGET: i64 = 1;
/// The last day, since 1970; which it is changes nothing.
const TODAY: i64 = 20_000;
/// Over how many days the invented person is reacted to.
const DAYS: u64 = 60;
/// How many posts they made in these.
const POSTS: u64 = 20;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Like,
    Share,
    Comment,
    Follow,
}

/// Some of what somebody did: who, to whom, what, how many days ago, and how often.
#[derive(Clone, Copy, Debug)]
struct Done {
    actor: i64,
    target: i64,
    act: Act,
    age: u64,
    amount: u64,
}

/// A post with the totals that it shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    age: u64,
    pub(super) likes: u64,
    shares: u64,
    comments: u64,
}

/// What is paid for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bought {
    pub(super) followers: u64,
    pub(super) acts: u64,
    pub(super) accounts: u64,
    pub(super) prizes: u64,
}

impl Bought {
    /// In US dollars.
    pub(super) fn cost(&self, price: &Price) -> f64 {
        self.followers as f64 * price.follower
            + self.acts as f64 * price.act
            + self.accounts as f64 * price.account
            + self.prizes as f64 * price.prize
    }
}

/// A person and those around them, on one network.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    /// How many follow the person.
    pub(super) audience: u64,
    /// How many react to them.
    pub(super) fans: u64,
    pub(super) posts: Vec<Shown>,
    /// What was paid for.
    pub(super) bought: Bought,
    done: Vec<Done>,
    /// Accounts that have followers of their own, and how many.
    others: Vec<(i64, u64)>,
    next: i64,
}

impl Scene {
    /// Somebody whom so many people like once in the time, of whom every fourth shares and every eighth comments; twenty
    /// times as many follow. Their posts are uneven, as posts are.
    pub(super) fn of_size(size: u64) -> Self {
        let mut scene = Self {
            audience: 20 * size,
            fans: size,
            posts: Vec::new(),
            bought: Bought::default(),
            done: Vec::new(),
            others: Vec::new(),
            next: TARGET + 1,
        };
        for post in 0..POSTS {
            let likes = size * [1, 2, 4, 8][(post % 4) as usize] / 4;
            let age = post * DAYS / POSTS;
            scene.posts.push(Shown { age, likes, shares: likes / 8, comments: likes / 8 });
        }
        for fan in 0..size {
            let actor = scene.account();
            scene.done(actor, TARGET, Act::Like, fan % DAYS);
            if fan % 4 == 0 {
                scene.done(actor, TARGET, Act::Share, fan % DAYS);
            }
            if fan % 8 == 0 {
                scene.done(actor, TARGET, Act::Comment, fan % DAYS);
            }
        }
        scene
    }

    /// A new account.
    pub(super) fn account(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// A new account that so many follow.
    pub(super) fn account_of(&mut self, audience: u64) -> i64 {
        let account = self.account();
        self.others.push((account, audience));
        account
    }

    /// Somebody does something, so many days ago.
    pub(super) fn done(&mut self, actor: i64, target: i64, act: Act, age: u64) {
        self.many(actor, target, act, age, 1);
    }

    /// Somebody does something many times on one day.
    fn many(&mut self, actor: i64, target: i64, act: Act, age: u64, amount: u64) {
        self.done.push(Done { actor, target, act, age, amount });
    }

    /// Somebody does something to the person's post of about that day, whose totals then show it as well.
    pub(super) fn reacts(&mut self, actor: i64, act: Act, age: u64, amount: u64) {
        self.many(actor, TARGET, act, age, amount);
        let newest = self.posts.iter_mut().min_by_key(|post| post.age.abs_diff(age));
        if let Some(post) = newest {
            match act {
                Act::Like => post.likes += amount,
                Act::Share => post.shares += amount,
                Act::Comment => post.comments += amount,
                Act::Follow => {}
            }
        }
    }

    /// The person's score, if networks call things by these names.
    pub(super) fn score(
        &self,
        (network, names): (&str, &Names),
        weights: &Weights,
        formulas: &[&'static dyn Formula],
    ) -> anyhow::Result<Score> {
        let words = Arc::new(Words::new());
        let tally = Tally::new(words.clone(), None)?;
        let mut batch = tally.batch();
        let network = words.intern(network)?;
        let kind = |act: Act| {
            let name = match act {
                Act::Like => Some(&names.like),
                Act::Share => names.share.as_ref(),
                Act::Comment => names.comment.as_ref(),
                Act::Follow => Some(&names.follow),
            };
            name.map(|name| words.intern(name)).transpose()
        };
        for done in &self.done {
            if let Some(kind) = kind(done.act)? {
                let act = Interaction {
                    at: at(done.age),
                    actor: Some(Id::Number(done.actor)),
                    target: Some(Id::Number(done.target)),
                    amount: done.amount,
                    ..Interaction::new(network, kind)
                };
                batch.interaction(&tally, &act)?;
            }
        }
        for (number, post) in (1..).zip(&self.posts) {
            let shown = [(Act::Like, post.likes), (Act::Share, post.shares), (Act::Comment, post.comments)];
            let mut totals = Vec::new();
            for (act, total) in shown {
                totals.extend(kind(act)?.map(|kind| (kind, total)));
            }
            let (id, author) = (Id::Number(number), Some(Id::Number(TARGET)));
            let post = Post { network, id, author, at: at(post.age), observed_at: at(0), totals: &totals };
            batch.post(&tally, &post)?;
        }
        let metric = words.intern(&names.audience)?;
        for (account, value) in [(TARGET, self.audience)].iter().chain(&self.others) {
            let seen =
                Observation { at: at(0), network, account: Id::Number(*account), metric, value: *value };
            batch.observation(&tally, &seen)?;
        }
        tally.add(&mut batch);
        let by = Ruled::new(weights, &words, &tally.counts(), formulas)?;
        let ledger = Ledger::settle(tally).map_err(EngineError::from)?;
        let accounts = ledger.find(network, Id::Number(TARGET)).into_iter().collect();
        let person = Person { consent: Some(true), accounts, ..Person::default() };
        let roster = Roster { people: vec![person], everyone: false };
        let as_of = at(0).map_or(renown_core::record::Day::UNDATED, Timestamp::day);
        let persons = Scoring::new(&ledger, &by.ruler, &roster, as_of).map_err(not_scored)?.persons();
        Ok(persons.first().map_or(Score::FLOOR, |person| person.score))
    }
}

fn at(age: u64) -> Option<Timestamp> {
    Timestamp::from_seconds((TODAY - age as i64) * 86_400)
}
