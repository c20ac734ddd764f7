//! Records in small numbers, so that generated ones meet.

use std::sync::Arc;

use proptest::prelude::*;
use renown_core::record::{Id, Interaction, Observation, Post, Timestamp, Undo, Undone};
use renown_core::tally::Tally;
use renown_core::words::Words;

pub(crate) const NETWORKS: [&str; 2] = ["photos", "notes"];
pub(crate) const KINDS: [&str; 2] = ["like", "repost"];
/// The last day of all generated records, as a day of the calendar.
pub(crate) const TODAY: i64 = 20_000;
pub(crate) const WINDOW: i64 = 90;

/// A record in small numbers, so that generated ones meet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Record {
    Act { network: usize, kind: usize, actor: i64, target: i64, age: i64, amount: u64, id: Option<i64> },
    Post { network: usize, author: i64, id: i64, age: i64, likes: Option<u64>, observed_age: i64 },
    Seen { network: usize, account: i64, age: Option<i64>, followers: u64 },
    Undo { network: usize, undone: Taken },
}

/// What is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Taken {
    Act { kind: usize, id: i64 },
    Post(i64),
    Account { account: i64, back: bool, age: i64 },
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    let act =
        (0..2_usize, 0..2_usize, 0..12_i64, 0..8_i64, 0..120_i64, 1..4_u64, proptest::option::of(0..30_i64));
    let post = (0..2_usize, 0..8_i64, 0..20_i64, 0..120_i64, proptest::option::of(0..5_000_u64), 0..40_i64);
    let seen = (0..2_usize, 0..8_i64, proptest::option::of(0..120_i64), 0..100_000_u64);
    prop_oneof![
        6 => act.prop_map(|(network, kind, actor, target, age, amount, id)| Record::Act {
            // An id stands for one act: whatever else is generated, it is derived from it.
            network, kind, age: id.map_or(age, |id| id * 3), amount: id.map_or(amount, |id| u64::from(id % 5 > 0)),
            actor: id.map_or(actor, |id| id % 12), target: id.map_or(target, |id| id % 7), id,
        }),
        2 => post.prop_map(|(network, _, id, age, likes, observed_age)| Record::Post {
            network, author: id % 8, id, age, likes, observed_age,
        }),
        1 => seen.prop_map(|(network, account, age, followers)| Record::Seen { network, account, age, followers }),
    ]
}

pub(crate) fn undo() -> impl Strategy<Value = Record> {
    let taken = prop_oneof![
        (0..2_usize, 0..30_i64).prop_map(|(kind, id)| Taken::Act { kind, id }),
        (0..20_i64).prop_map(Taken::Post),
        (0..8_i64, any::<bool>(), 0..30_i64).prop_map(|(account, back, age)| Taken::Account {
            account,
            back,
            age
        }),
    ];
    (0..2_usize, taken).prop_map(|(network, undone)| Record::Undo { network, undone })
}

pub(crate) fn undos() -> impl Strategy<Value = Vec<Record>> {
    proptest::collection::vec(undo(), 0..8)
}

pub(crate) fn records() -> impl Strategy<Value = Vec<Record>> {
    proptest::collection::vec(record(), 1..60)
}

pub(crate) fn at(age: i64) -> Option<Timestamp> {
    Timestamp::from_seconds((TODAY - age) * 86_400 + 40_000)
}

pub(crate) fn tally_of(words: &Arc<Words>, records: &[Record]) -> Tally {
    let tally = Tally::new(words.clone(), None).unwrap();
    let (networks, kinds) =
        (NETWORKS.map(|name| words.intern(name).unwrap()), KINDS.map(|name| words.intern(name).unwrap()));
    let followers = words.intern("followers").unwrap();
    let mut batch = tally.batch();
    for record in records {
        match *record {
            Record::Act { network, kind, actor, target, age, amount, id } => batch
                .interaction(
                    &tally,
                    &Interaction {
                        at: at(age),
                        network: networks[network],
                        kind: kinds[kind],
                        actor: Some(Id::Number(actor)),
                        target: Some(Id::Number(target)),
                        object: None,
                        id: id.map(Id::Number),
                        amount,
                    },
                )
                .unwrap(),
            Record::Post { network, author, id, age, likes, observed_age } => batch
                .post(
                    &tally,
                    &Post {
                        network: networks[network],
                        id: Id::Number(id),
                        author: Some(Id::Number(author)),
                        at: at(age),
                        observed_at: at(observed_age),
                        totals: likes.map(|likes| (kinds[0], likes)).as_slice(),
                    },
                )
                .unwrap(),
            Record::Seen { network, account, age, followers: value } => batch
                .observation(
                    &tally,
                    &Observation {
                        at: age.and_then(at),
                        network: networks[network],
                        account: Id::Number(account),
                        metric: followers,
                        value,
                    },
                )
                .unwrap(),
            Record::Undo { network, undone } => {
                let (day, undone) = match undone {
                    Taken::Act { kind, id } => (None, Undone::Act { kind: kinds[kind], id: Id::Number(id) }),
                    Taken::Post(id) => (None, Undone::Post(Id::Number(id))),
                    Taken::Account { account, back, age } => {
                        (at(age), Undone::Account { account: Id::Number(account), back })
                    }
                };
                batch.undo(&tally, &Undo { at: day, network: networks[network], undone }).unwrap();
            }
        }
    }
    tally.add(&mut batch);
    tally
}
