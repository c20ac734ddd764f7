//! What an attack adds to the records of those around a person.

use renown_core::ledger::Ledger;
use renown_core::record::{Day, Id, Interaction, Observation, Timestamp};
use renown_core::tally::Tally;
use renown_core::words::Word;
use renown_weights::{Names, Price};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Like,
    Share,
    Comment,
    Follow,
}

/// Who does it, or to whom it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The person for whose sake it is done.
    Person,
    /// An account that the attack brings along.
    Account(u32),
}

/// Some of what somebody did: who, to whom, what, how many days ago, and how often.
#[derive(Clone, Copy, Debug)]
struct Done {
    actor: Who,
    target: Who,
    act: Act,
    age: u64,
    amount: u64,
    /// Whether the person's posts show it among their totals.
    is_shown: bool,
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

/// What an attack adds, and takes away.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// How many join the person's audience.
    pub(super) joined: u64,
    /// The person keeps one of so many posts, and deletes the others.
    pub(super) keep_one_of: Option<usize>,
    /// What was paid for.
    pub(super) bought: Bought,
    done: Vec<Done>,
    /// Accounts that have followers of their own, and how many.
    others: Vec<(Who, u64)>,
    accounts: u32,
}

/// Where an attack takes place: what is known of the person on a network.
#[derive(Clone, Debug)]
pub(super) struct Place<'n> {
    pub(super) network: Word,
    pub(super) names: &'n Names,
    /// The person's account.
    pub(super) id: String,
    /// Their audience and when it was seen, if it was.
    pub(super) audience: Option<(Option<Timestamp>, u64)>,
    /// How many posts of theirs were read.
    pub(super) posts: usize,
    /// The day of the attack.
    pub(super) as_of: Day,
}

impl Scene {
    /// A new account.
    pub(super) fn account(&mut self) -> Who {
        self.accounts += 1;
        Who::Account(self.accounts)
    }

    /// A new account that so many follow.
    pub(super) fn account_of(&mut self, audience: u64) -> Who {
        let account = self.account();
        self.others.push((account, audience));
        account
    }

    /// Somebody does something, so many days ago.
    pub(super) fn done(&mut self, actor: Who, target: Who, act: Act, age: u64) {
        self.done.push(Done { actor, target, act, age, amount: 1, is_shown: false });
    }

    /// Somebody does something to the person's posts, whose totals then show it as well.
    pub(super) fn reacts(&mut self, actor: Who, act: Act, age: u64, amount: u64) {
        self.done.push(Done { actor, target: Who::Person, act, age, amount, is_shown: act != Act::Follow });
    }

    /// Whether the records tell enough for it to be done: whoever deletes posts must have some.
    pub(super) fn is_possible(&self, at: &Place<'_>) -> bool {
        self.keep_one_of.is_none() || at.posts > 0
    }

    /// Adds all of it to a tally.
    pub(super) fn add_to(&self, tally: &Tally, at: &Place<'_>) -> anyhow::Result<()> {
        let Place { network, names, .. } = *at;
        let mut batch = tally.batch();
        let id = |who: Who| match who {
            Who::Person => at.id.clone(),
            // With spaces, which no network has in its ids.
            Who::Account(number) => format!("renown attack {number}"),
        };
        for done in &self.done {
            let Some(kind) = name(names, done.act) else { continue };
            let (actor, target) = (id(done.actor), id(done.target));
            let act = Interaction {
                at: before(at.as_of, done.age),
                actor: Some(Id::new(&actor)),
                target: Some(Id::new(&target)),
                amount: done.amount,
                ..Interaction::new(network, tally.words().intern(kind)?)
            };
            batch.interaction(tally, &act)?;
            if done.is_shown && at.posts > 0 {
                batch.interaction(tally, &Interaction { actor: None, ..act })?;
            }
        }
        let metric = tally.words().intern(&names.audience)?;
        let mut seen = |who: Who, at: Option<Timestamp>, value: u64| {
            let id = id(who);
            batch.observation(tally, &Observation { at, network, account: Id::new(&id), metric, value })
        };
        for (who, audience) in &self.others {
            seen(*who, before(at.as_of, 0), *audience)?;
        }
        if let Some((when, audience)) = at.audience.filter(|_| self.joined > 0) {
            seen(Who::Person, when, audience.saturating_add(self.joined))?;
        }
        tally.add(&mut batch);
        if let (Some(one_of), Some(author)) =
            (self.keep_one_of, tally.accounts().find(network, Id::new(&at.id)))
        {
            tally.keep_best_posts(author, |all| all.div_ceil(one_of));
        }
        Ok(())
    }
}

impl<'n> Place<'n> {
    /// What the records say of a person on a network; `None` if they are not there.
    pub(super) fn of(
        (network, names): (&str, &'n Names),
        ledger: &Ledger,
        accounts: &[renown_core::accounts::Account],
        as_of: Day,
    ) -> Option<Self> {
        let network = ledger.words().find(network)?;
        let account = *accounts.iter().find(|account| ledger.accounts().network(**account) == network)?;
        let audience = ledger.words().find(&names.audience).and_then(|metric| ledger.latest(account, metric));
        let id = ledger.accounts().name(account).1;
        Some(Self { network, names, id, audience, posts: 0, as_of })
    }
}

/// What an act is called on a network, if it is there.
pub(super) fn name(names: &Names, act: Act) -> Option<&str> {
    match act {
        Act::Like => Some(&names.like),
        Act::Share => names.share.as_deref(),
        Act::Comment => names.comment.as_deref(),
        Act::Follow => Some(&names.follow),
    }
}

/// So many days before a day; nothing is dated where the day is not.
pub(super) fn before(day: Day, age: u64) -> Option<Timestamp> {
    let days = i64::from(day.raw()) - 1 - age as i64;
    Timestamp::from_seconds(days * 86_400).filter(|_| day.is_dated())
}
