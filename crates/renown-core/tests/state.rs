//! States: the same records make the same bytes, whatever was merged with what, and nothing that is read back breaks
//! anything.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use renown_core::curve::{Curve, Scale, Score};
use renown_core::fixed::Window;
use renown_core::formula::{Bound, Column, Formula, FormulaError, Params, Prepared, Spec};
use renown_core::ledger::Ledger;
use renown_core::people::Roster;
use renown_core::record::{Handle, Id, Interaction, Observation, Post, Timestamp, Undo, Undone};
use renown_core::ruler::{Feature, NetworkRuler, Ruler, Standing};
use renown_core::score::{Reason, ReasonCode, ScoredPerson, Scoring};
use renown_core::stat::Stat;
use renown_core::tally::state::{BadBlock, Intake, Section, State, StateError};
use renown_core::tally::{Batch, Tally};
use renown_core::words::{Word, Words};

const NETWORKS: [&str; 2] = ["photos", "notes"];
const KINDS: [&str; 3] = ["repost", "like", "post"];
const METRICS: [&str; 2] = ["views", "followers"];

/// A record in small numbers, so that generated ones meet. Ids of accounts that are 5 or more are texts.
#[derive(Clone, Debug)]
enum Record {
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

fn record() -> impl Strategy<Value = Record> {
    let (network, kind, account, day) = (0..2_usize, 0..3_usize, 0..10_u8, proptest::option::of(1..90_i64));
    // Sums of some of these have no room in 32 bits.
    let amount = prop_oneof![5 => 0..4_u64, 1 => Just(3_000_000_000), 1 => Just(u64::from(u32::MAX))];
    let total = prop_oneof![4 => 0..5_000_u64, 1 => Just(u64::from(u32::MAX)), 1 => Just(9_000_000_000)];
    let (maybe, id) = (proptest::option::of(0..10_u8), proptest::option::of(0..6_u8));
    let act =
        (network.clone(), kind.clone(), maybe.clone(), maybe.clone(), id.clone(), id, day.clone(), amount)
            .prop_filter_map(
                "a target or an object",
                |(network, kind, actor, target, object, id, day, amount)| {
                    (target.is_some() || object.is_some()).then_some(Record::Act {
                        network,
                        kind,
                        actor,
                        target,
                        object,
                        id,
                        day,
                        amount,
                    })
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
    let undone = (network.clone(), kind, 0..6_u8).prop_map(|(network, kind, id)| Record::UndoneAct {
        network,
        kind,
        id,
    });
    let gone = (network.clone(), 0..6_u8).prop_map(|(network, id)| Record::UndonePost { network, id });
    let fate = (network, account, any::<bool>(), day)
        .prop_map(|(network, account, back, day)| Record::Fate { network, account, back, day });
    prop_oneof![8 => act, 6 => post, 2 => seen, 2 => handle, 1 => undone, 1 => gone, 1 => fate]
}

/// Some records, the same in another order and divided among parts, and in which order the parts are merged.
fn divided() -> impl Strategy<Value = (Vec<Record>, Vec<Vec<Record>>, Vec<Index>)> {
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
fn name(account: u8) -> String {
    match account {
        0..5 => account.to_string(),
        5..8 => format!("@h{}", account - 5),
        _ => format!("user-{account}"),
    }
}

fn at(day: Option<i64>) -> Option<Timestamp> {
    day.and_then(|day| Timestamp::from_seconds((19_900 + day) * 86_400 + 40_000))
}

fn add(batch: &mut Batch, tally: &Tally, record: &Record) {
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
fn empty(turn: usize) -> Tally {
    let words = Arc::new(Words::new());
    let mut all: Vec<&str> =
        NETWORKS.iter().chain(&KINDS).chain(&METRICS).chain(&["unused"]).copied().collect();
    all.rotate_left(turn % 8);
    for text in all {
        words.intern(text).unwrap();
    }
    Tally::new(words, None).unwrap()
}

fn tally_of(records: &[Record], turn: usize) -> Tally {
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

type Bytes = Vec<(Section, Vec<u8>)>;

fn bytes_of(tally: Tally) -> Bytes {
    let state = State::new(tally);
    state.blocks().iter().map(|block| (block.section, state.encode(block))).collect()
}

fn take(tally: &Tally, bytes: &Bytes) -> Result<(), StateError> {
    let mut intake = Intake::new(tally);
    for blocks in bytes.chunk_by(|a, b| a.0 == b.0) {
        let (section, blocks) = (blocks[0].0, blocks.iter().map(|block| block.1.clone()).collect::<Vec<_>>());
        intake.take(section, &blocks).map_err(|BadBlock { index: _, error }| error)?;
    }
    intake.finish().map(|_| ())
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
    fn points(&self, columns: &[Vec<f64>], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for column in columns {
            for (out, value) in out.iter_mut().zip(column).filter(|(_, value)| !value.is_nan()) {
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
type Scored = (String, Score, u32, u32, Vec<(Box<str>, u32)>, Vec<(Option<Box<str>>, ReasonCode)>);

fn scores(tally: Tally) -> Vec<Scored> {
    let words = tally.words().clone();
    let ruler = ruler(&words);
    let (ledger, roster) = (Ledger::settle(tally), Roster { people: Vec::new(), everyone: true });
    let scoring = Scoring::new(&ledger, &ruler, &roster, at(Some(80)).unwrap().day()).unwrap();
    let named = |person: ScoredPerson| {
        let parts = person.parts.iter().map(|part| (words.text(part.0), part.1)).collect();
        let reason = |reason: &Reason| (reason.network.map(|network| words.text(network)), reason.code);
        let reasons = person.reasons.iter().map(reason).collect();
        (person.person, person.score, person.percentile, person.coverage, parts, reasons)
    };
    scoring.persons().into_iter().map(named).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Divided in any way, in any order, merged in any tree: the same bytes as in one go, and the same scores.
    #[test]
    fn any_split_and_any_tree_give_the_same_bytes((records, parts, order) in divided()) {
        let expected = bytes_of(tally_of(&records, 0));
        let mut states: Vec<Bytes> =
            parts.iter().enumerate().map(|(turn, part)| bytes_of(tally_of(part, turn + 1))).collect();
        let mut order = order.into_iter();
        while states.len() > 1 {
            let mut any = || states.swap_remove(order.next().unwrap().index(states.len()));
            let (one, other) = (any(), any());
            let tally = empty(states.len() + 5);
            take(&tally, &one).unwrap();
            take(&tally, &other).unwrap();
            states.push(bytes_of(tally));
        }
        prop_assert_eq!(&states[0], &expected);

        let read_back = empty(3);
        take(&read_back, &expected).unwrap();
        prop_assert_eq!(scores(read_back), scores(tally_of(&records, 0)));

        // One part as records, the others as states.
        let (first, others) = parts.split_first().unwrap();
        let mixed = tally_of(first, 2);
        for part in others {
            take(&mixed, &bytes_of(tally_of(part, 4))).unwrap();
        }
        prop_assert_eq!(scores(mixed), scores(tally_of(&records, 0)));
    }

    /// Bytes that were changed are refused, or are another state; nothing breaks.
    #[test]
    fn damaged_blocks_are_refused_or_another_state(
        records in proptest::collection::vec(record(), 1..40),
        damage in proptest::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of((any::<Index>(), any::<Index>())),
    ) {
        let mut bytes = bytes_of(tally_of(&records, 0));
        for (block, byte, value) in damage {
            let block = block.index(bytes.len());
            let block = &mut bytes[block].1;
            let at = byte.index(block.len());
            block[at] = value;
        }
        if let Some((block, length)) = cut {
            let block = block.index(bytes.len());
            let block = &mut bytes[block].1;
            block.truncate(length.index(block.len()));
        }
        let tally = empty(1);
        if take(&tally, &bytes).is_ok() {
            let again = empty(2);
            take(&again, &bytes).unwrap();
            let written = bytes_of(tally);
            // What is written of it is whole.
            let tally = empty(3);
            take(&tally, &written).unwrap();
            prop_assert_eq!(bytes_of(tally), written);
            scores(again);
        }
    }
}

/// Sums that have no room in 32 bits are the same rows in whichever order they came about.
#[test]
fn large_amounts_in_any_order() {
    let act = |amount| Record::Act {
        network: 0,
        kind: 1,
        actor: Some(1),
        target: Some(2),
        object: None,
        id: None,
        day: Some(3),
        amount,
    };
    let mut records = [2_000_000_000, 2_000_000_000, 1_000_000_000, 4_000_000_000, 7].map(act);
    let (bytes, scored) = (bytes_of(tally_of(&records, 0)), scores(tally_of(&records, 0)));
    for turn in 0..records.len() {
        for at in 1..records.len() {
            records.swap(0, at);
            let (one, other) = records.split_at(at);
            let tally = tally_of(one, turn);
            take(&tally, &bytes_of(tally_of(other, 1))).unwrap();
            assert_eq!(bytes_of(tally), bytes);
            let tally = tally_of(one, turn);
            take(&tally, &bytes_of(tally_of(other, 1))).unwrap();
            assert_eq!(scores(tally), scored);
        }
    }
}

/// More rows than a block has, of numbers and texts.
#[test]
fn many_blocks() {
    let fill = |tally: &Tally, numbers: &mut dyn Iterator<Item = i64>| {
        let word = |text: &str| tally.words().intern(text).unwrap();
        let mut batch = tally.batch();
        for number in numbers {
            let text = format!("somebody-{}", number % 20_000);
            let record = Interaction {
                at: at(Some(number % 77)),
                actor: Some(Id::Number(number % 80_000)),
                target: Some(Id::new(&text)),
                ..Interaction::new(word("notes"), word("like"))
            };
            batch.interaction(tally, &record).unwrap();
        }
        tally.add(&mut batch);
    };
    let (one, odd, even) = (empty(0), empty(1), empty(2));
    fill(&one, &mut (0..200_000));
    fill(&odd, &mut (0..200_000).filter(|number| number % 2 == 1).rev());
    fill(&even, &mut (0..200_000).filter(|number| number % 2 == 0));
    let expected = bytes_of(one);
    let blocks = |section| expected.iter().filter(|block| block.0 == section).count();
    assert_eq!([Section::Numbers, Section::Texts, Section::Acts].map(blocks), [2, 3, 4]);
    let merged = empty(5);
    for part in [odd, even] {
        take(&merged, &bytes_of(part)).unwrap();
    }
    assert!(bytes_of(merged) == expected);
    // Blocks in another order are refused.
    for section in [Section::Numbers, Section::Texts] {
        let mut swapped = expected.clone();
        let first = swapped.iter().position(|block| block.0 == section).unwrap();
        swapped.swap(first, first + 1);
        assert_eq!(take(&empty(0), &swapped), Err(StateError::Order(0)));
    }
    let mut swapped = expected.clone();
    swapped.rotate_left(1);
    assert!(take(&empty(0), &swapped).is_err());
}

/// A table with many columns, of which any may be empty, shows totals in more combinations than 16 bits can number.
#[test]
fn many_combinations_of_totals() {
    const COMBINATIONS: usize = 40_000;
    let kinds = |tally: &Tally| -> Vec<Word> {
        let named = |kind| tally.words().intern(&format!("kind-{kind}")).unwrap();
        [tally.words().intern("like").unwrap()].into_iter().chain((1..20).map(named)).collect()
    };
    let combinations = || (0_u32..1 << 20).filter(|bits| bits.count_ones() <= 6).take(COMBINATIONS).zip(0..);
    // Each post in one record, or in one for each total.
    let fill = |tally: &Tally, together: bool| {
        let kinds = kinds(tally);
        let mut batch = tally.batch();
        for (bits, id) in combinations() {
            let totals: Vec<(Word, u64)> =
                (0..20).filter(|kind| bits >> kind & 1 == 1).map(|kind| (kinds[kind], 3)).collect();
            for totals in totals.chunks(if together { 6 } else { 1 }) {
                let network = tally.words().intern("notes").unwrap();
                let (id, author) = (Id::Number(id), Some(Id::Number(7)));
                let post = Post { network, id, author, at: at(Some(70)), observed_at: None, totals };
                batch.post(tally, &post).unwrap();
            }
        }
        tally.add(&mut batch);
    };
    let (together, again, single) = (empty(0), empty(0), empty(1));
    fill(&together, true);
    fill(&again, true);
    fill(&single, false);
    let bytes = bytes_of(again);
    let read = empty(3);
    take(&read, &bytes).unwrap();
    assert!(bytes_of(read) == bytes);
    assert_eq!(scores(together), scores(single));
}

/// The words of adapters that brought nothing are not in the state.
#[test]
fn an_empty_tally_is_an_empty_state() {
    assert_eq!(bytes_of(empty(0)), []);
}
