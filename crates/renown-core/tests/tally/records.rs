//! Generated records, and the scores that a tally of them gives.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use renown_core::curve::{Curve, Scale, Score};
use renown_core::fixed::Window;
use renown_core::formula::{Bound, Column, Formula, FormulaError, Params, Prepared, Spec};
use renown_core::ledger::Ledger;
use renown_core::listing::{Reason, ReasonCode, ScoredPerson};
use renown_core::people::Roster;
use renown_core::record::{Handle, Id, Interaction, Membership, Observation, Post, Timestamp, Undo, Undone};
use renown_core::ruler::{Feature, NetworkRuler, Ruler, Standing};
use renown_core::score::{Scoring, ScoringError};
use renown_core::stat::Stat;
use renown_core::tally::{Batch, Tally};
use renown_core::words::{Word, Words};

const NETWORKS: [&str; 2] = ["photos", "notes"];
const KINDS: [&str; 3] = ["repost", "like", "post"];
const METRICS: [&str; 2] = ["views", "followers"];

/// A record in small numbers, so that generated ones meet. Ids of accounts that are 5 or more are texts.
#[derive(Clone, Debug)]
pub(crate) enum Record {
    Act {
        network: usize,
        kind: usize,
        actor: Option<u8>,
        target: Option<u8>,
        object: Option<u8>,
        id: Option<u8>,
        day: Option<i64>,
        amount: u64,
    },
    Post {
        network: usize,
        author: Option<u8>,
        id: u8,
        day: Option<i64>,
        observed: Option<i64>,
        totals: Vec<(usize, u64)>,
    },
    Seen {
        network: usize,
        metric: usize,
        account: u8,
        day: Option<i64>,
        value: u64,
    },
    Handle {
        network: usize,
        account: u8,
        handle: u8,
    },
    Member {
        network: usize,
        account: u8,
        community: u8,
        day: Option<i64>,
    },
    UndoneAct {
        network: usize,
        kind: usize,
        id: u8,
    },
    UndonePost {
        network: usize,
        id: u8,
    },
    Fate {
        network: usize,
        account: u8,
        back: bool,
        day: Option<i64>,
    },
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    let (network, kind, account, day) = (0..2_usize, 0..3_usize, 0..10_u8, proptest::option::of(1..90_i64));
    // Sums of some of these have no room in 32 bits.
    let amount = prop_oneof![5 => 0..4_u64, 1 => Just(3_000_000_000), 1 => Just(u64::from(u32::MAX))];
    let total = prop_oneof![4 => 0..5_000_u64, 1 => Just(u64::from(u32::MAX)), 1 => Just(9_000_000_000)];
    let (maybe, id) = (proptest::option::of(0..10_u8), proptest::option::of(0..6_u8));
    // A target or an object, or both.
    let aimed = prop_oneof![
        4 => (account.clone().prop_map(Some), id.clone()),
        1 => (Just(None), (0..6_u8).prop_map(Some)),
    ];
    let act = (network.clone(), kind.clone(), maybe.clone(), aimed, id, day.clone(), amount).prop_map(
        |(network, kind, actor, (target, object), id, day, amount)| Record::Act {
            network,
            kind,
            actor,
            target,
            object,
            id,
            day,
            amount,
        },
    );
    let totals = proptest::collection::vec((0..3_usize, total), 0..9);
    let post = (network.clone(), maybe, 0..6_u8, day.clone(), day.clone(), totals).prop_map(
        |(network, author, id, day, observed, totals)| Record::Post {
            network,
            author,
            id,
            day,
            observed,
            totals,
        },
    );
    let seen = (network.clone(), 0..2_usize, account.clone(), day.clone(), 0..100_u64).prop_map(
        |(network, metric, account, day, value)| Record::Seen { network, metric, account, day, value },
    );
    let handle = (network.clone(), account.clone(), 0..4_u8)
        .prop_map(|(network, account, handle)| Record::Handle { network, account, handle });
    let member = (network.clone(), account.clone(), 0..3_u8, day.clone())
        .prop_map(|(network, account, community, day)| Record::Member { network, account, community, day });
    let undone = (network.clone(), kind, 0..6_u8).prop_map(|(network, kind, id)| Record::UndoneAct {
        network,
        kind,
        id,
    });
    let gone = (network.clone(), 0..6_u8).prop_map(|(network, id)| Record::UndonePost { network, id });
    let fate = (network, account, any::<bool>(), day)
        .prop_map(|(network, account, back, day)| Record::Fate { network, account, back, day });
    prop_oneof![8 => act, 6 => post, 2 => seen, 2 => handle, 2 => member, 1 => undone, 1 => gone, 1 => fate]
}

/// Some records, the same in another order and divided among parts, and in which order the parts are merged.
pub(crate) fn divided() -> impl Strategy<Value = (Vec<Record>, Vec<Vec<Record>>, Vec<Index>)> {
    proptest::collection::vec(record(), 1..70)
        .prop_flat_map(|records| {
            let shuffled = Just(records.clone()).prop_shuffle();
            let parts = proptest::collection::vec(0..4_usize, records.len());
            (Just(records), shuffled, parts, proptest::collection::vec(any::<Index>(), 8))
        })
        .prop_map(|(records, shuffled, part_of, order)| {
            let mut parts = vec![Vec::new(); 4];
            for (record, part) in shuffled.into_iter().zip(part_of) {
                parts[part].push(record);
            }
            (records, parts, order)
        })
}

/// An account's name; some are handles.
pub(crate) fn name(account: u8) -> String {
    match account {
        0..5 => account.to_string(),
        5..8 => format!("@h{}", account - 5),
        _ => format!("user-{account}"),
    }
}

pub(crate) fn at(day: Option<i64>) -> Option<Timestamp> {
    day.and_then(|day| Timestamp::from_seconds((19_900 + day) * 86_400 + 40_000))
}

pub(crate) fn add(batch: &mut Batch, tally: &Tally, record: &Record) {
    let word = |text: &str| tally.words().intern(text).unwrap();
    let (networks, kinds) = (NETWORKS.map(word), KINDS.map(word));
    let done = match record {
        Record::Act { network, kind, actor, target, object, id, day, amount } => {
            let (actor, target) = (actor.map(name), target.map(name));
            let record = Interaction {
                at: at(*day),
                actor: actor.as_deref().map(Id::new),
                target: target.as_deref().map(Id::new),
                object: object.map(|id| Id::Number(i64::from(id))),
                id: id.map(|id| Id::Number(i64::from(id))),
                amount: *amount,
                ..Interaction::new(networks[*network], kinds[*kind])
            };
            batch.interaction(tally, &record)
        }
        Record::Post { network, author, id, day, observed, totals } => {
            let author = author.map(name);
            let mut totals: Vec<(Word, u64)> =
                totals.iter().map(|(kind, total)| (kinds[*kind], *total)).collect();
            totals.dedup_by_key(|total| total.0);
            let post = Post {
                network: networks[*network],
                id: Id::Number(i64::from(*id)),
                author: author.as_deref().map(Id::new),
                at: at(*day),
                observed_at: at(*observed),
                totals: &totals,
            };
            batch.post(tally, &post)
        }
        Record::Seen { network, metric, account, day, value } => {
            let (account, metric) = (name(*account), word(METRICS[*metric]));
            let account = Id::new(&account);
            let value = *value;
            batch.observation(
                tally,
                &Observation { at: at(*day), network: networks[*network], account, metric, value },
            )
        }
        Record::Handle { network, account, handle } => {
            let (account, handle) = (name(*account), format!("H{handle}"));
            batch.handle(&Handle { network: networks[*network], account: Id::new(&account), handle: &handle })
        }
        Record::Member { network, account, community, day } => {
            let (account, community) = (name(*account), format!("c{community}"));
            let (network, account) = (networks[*network], Id::new(&account));
            batch.membership(tally, &Membership { at: at(*day), network, account, community: &community })
        }
        Record::UndoneAct { network, kind, id } => {
            let undone = Undone::Act { kind: kinds[*kind], id: Id::Number(i64::from(*id)) };
            batch.undo(tally, &Undo { at: None, network: networks[*network], undone })
        }
        Record::UndonePost { network, id } => {
            let undone = Undone::Post(Id::Number(i64::from(*id)));
            batch.undo(tally, &Undo { at: None, network: networks[*network], undone })
        }
        Record::Fate { network, account, back, day } => {
            let account = name(*account);
            let undone = Undone::Account { account: Id::new(&account), back: *back };
            batch.undo(tally, &Undo { at: at(*day), network: networks[*network], undone })
        }
    };
    done.unwrap();
}

/// An empty tally whose words have other numbers with each `turn`.
pub(crate) fn empty(turn: usize) -> Tally {
    let words = Arc::new(Words::new());
    let mut all: Vec<&str> =
        NETWORKS.iter().chain(&KINDS).chain(&METRICS).chain(&["unused"]).copied().collect();
    all.rotate_left(turn % 8);
    for text in all {
        words.intern(text).unwrap();
    }
    Tally::new(words, None).unwrap()
}

pub(crate) fn tally_of(records: &[Record], turn: usize) -> Tally {
    let tally = empty(turn);
    let mut batch = tally.batch();
    for (index, record) in records.iter().enumerate() {
        add(&mut batch, &tally, record);
        if index % 7 == turn {
            tally.add(&mut batch);
        }
    }
    tally.add(&mut batch);
    tally
}

/// Points add up: the plainest formula.
#[derive(Debug)]
struct Sum;

impl Formula for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }
    fn docs(&self) -> &'static str {
        "adds up"
    }
    fn prepare(&self, _: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(Self))
    }
}

impl Prepared for Sum {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for column in columns {
            for (out, value) in out.iter_mut().zip(*column).filter(|(_, value)| !value.is_nan()) {
                *out += value;
            }
        }
        Ok(())
    }
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        for (out, value) in out.iter_mut().zip(row) {
            *out = if value.is_nan() { 0.0 } else { *value };
        }
        Ok(())
    }
}

fn ruler(words: &Words) -> Ruler {
    let names = [
        "followers.latest",
        "like.actors",
        "like.count",
        "like.h",
        "like.recent",
        "like.weighted",
        "repost.days",
        "repost.per_post",
        "views.growth",
    ];
    let network = |name: &str| {
        let features: Vec<Feature> = names
            .iter()
            .map(|name| {
                let (word, stat) = name.split_once('.').unwrap();
                Feature {
                    word: words.intern(word).unwrap(),
                    name: (*name).to_owned(),
                    stat: Stat::named(stat).unwrap(),
                    weight: 1.0,
                    curve: Curve::LOG,
                    cap: None,
                    half_life_days: None,
                    asked: true,
                    instead: None,
                }
            })
            .collect();
        let columns: Vec<Column<'_>> = features.iter().map(Feature::column).collect();
        let spec = Spec { columns: &columns, may_have: &|_| false, params: &Params::default() };
        NetworkRuler {
            network: words.intern(name).unwrap(),
            name: name.to_owned(),
            weight: 1.0,
            half_life_days: 30.0,
            graph: None,
            formula: Bound::new(&Sum, &spec).unwrap(),
            features,
        }
    };
    Ruler {
        window: Window { days: 90, fade_days: 30 },
        standing: Standing { rounds: 1, start: 40.0, floor: 0.5 },
        per_post_exponent: 0.5,
        power: 6.0,
        scale: Scale::new(vec![[0.0, 0.0], [30.0, 0.6], [100.0, 1.0]]).unwrap(),
        networks: vec![network("notes"), network("photos")],
    }
}

/// A person's scores, with texts in the place of words, which are numbers of a run.
pub(crate) type Scored = (String, Score, u32, u32, Vec<(Box<str>, u32)>, Vec<(Option<Box<str>>, ReasonCode)>);

/// How many accounts only acted on others.
pub(crate) fn bystanders(tally: Tally) -> usize {
    let ruler = ruler(&tally.words().clone());
    let (ledger, roster) = (Ledger::settle(tally).unwrap(), Roster { people: Vec::new(), everyone: true });
    Scoring::new(&ledger, &ruler, &roster, at(Some(80)).unwrap().day()).unwrap().bystanders()
}

pub(crate) fn scores(tally: Tally) -> Result<Vec<Scored>, ScoringError> {
    let words = tally.words().clone();
    let ruler = ruler(&words);
    let (ledger, roster) = (Ledger::settle(tally)?, Roster { people: Vec::new(), everyone: true });
    let scoring = Scoring::new(&ledger, &ruler, &roster, at(Some(80)).unwrap().day())?;
    let named = |person: ScoredPerson| {
        let parts = person.parts.iter().map(|part| (words.text(part.0), part.1)).collect();
        let reason = |reason: &Reason| (reason.network.map(|network| words.text(network)), reason.code);
        let reasons = person.reasons.iter().map(reason).collect();
        (person.person, person.score, person.percentile, person.coverage, parts, reasons)
    };
    Ok(scoring.persons().into_iter().map(named).collect())
}
