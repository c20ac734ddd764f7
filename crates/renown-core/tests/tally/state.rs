//! States: the same records make the same bytes, whatever was merged with what, and nothing that is read back breaks
//! anything.

use proptest::prelude::*;
use proptest::sample::Index;
use renown_core::record::{Id, Interaction, Post};
use renown_core::tally::Tally;
use renown_core::tally::state::{BadBlock, Intake, Section, State, StateError};
use renown_core::words::Word;

use crate::records::{Record, Scored, at, divided, empty, record, scores, tally_of};

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

fn scores_of(tally: Tally) -> Vec<Scored> {
    scores(tally).expect("all rows are in memory")
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
        prop_assert_eq!(scores_of(read_back), scores_of(tally_of(&records, 0)));

        // One part as records, the others as states.
        let (first, others) = parts.split_first().unwrap();
        let mixed = tally_of(first, 2);
        for part in others {
            take(&mixed, &bytes_of(tally_of(part, 4))).unwrap();
        }
        prop_assert_eq!(scores_of(mixed), scores_of(tally_of(&records, 0)));
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
            scores_of(again);
        }
    }
}

/// The first row of a block that cannot be is told, wherever it stands, and whatever is wrong with it.
#[test]
fn the_first_bad_row_is_told() {
    let act = |actor, day| Record::Act {
        network: 0,
        kind: 1,
        actor: Some(actor),
        target: Some(0),
        object: None,
        id: None,
        day: Some(day),
        amount: 1,
    };
    let records: Vec<Record> = (1..=200).flat_map(|actor| (3..6).map(move |day| act(actor, day))).collect();
    let bytes = bytes_of(tally_of(&records, 0));
    let (section, acts) =
        bytes.iter().position(|block| block.0 == Section::Acts).map(|at| (at, &bytes[at].1)).unwrap();
    assert_eq!(acts[..4], 600_u32.to_le_bytes());
    // After the number of rows: actors, days, targets.
    let (day_of, target_of) = (|row: usize| 4 + 600 * 4 + row * 2, |row: usize| 4 + 600 * 6 + row * 4);
    let refused = |rows: &[(usize, usize)]| {
        let mut bytes = bytes.clone();
        for (at, length) in rows {
            bytes[section].1[*at..at + length].fill(u8::MAX);
        }
        take(&empty(0), &bytes).unwrap_err()
    };
    assert_eq!(refused(&[(target_of(300), 4), (day_of(400), 2)]), StateError::Unknown(300));
    assert_eq!(refused(&[(target_of(300), 4), (day_of(299), 2)]), StateError::Impossible(299));
    assert_eq!(refused(&[(day_of(512), 2)]), StateError::Impossible(512));
    assert_eq!(refused(&[(day_of(599), 2), (target_of(599), 4)]), StateError::Impossible(599));
    // What one does to oneself is no act.
    let mut to_oneself = bytes.clone();
    // Actors are told by how far each is above the one before.
    let above = |row: usize| u32::from_le_bytes(acts[4 + 4 * row..8 + 4 * row].try_into().unwrap());
    let actor: u32 = (0..=7).map(above).sum();
    to_oneself[section].1[target_of(7)..target_of(7) + 4].copy_from_slice(&actor.to_le_bytes());
    assert_eq!(take(&empty(0), &to_oneself).unwrap_err(), StateError::Impossible(7));
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
    let (bytes, scored) = (bytes_of(tally_of(&records, 0)), scores_of(tally_of(&records, 0)));
    for turn in 0..records.len() {
        for at in 1..records.len() {
            records.swap(0, at);
            let (one, other) = records.split_at(at);
            let tally = tally_of(one, turn);
            take(&tally, &bytes_of(tally_of(other, 1))).unwrap();
            assert_eq!(bytes_of(tally), bytes);
            let tally = tally_of(one, turn);
            take(&tally, &bytes_of(tally_of(other, 1))).unwrap();
            assert_eq!(scores_of(tally), scored);
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
    assert_eq!(scores_of(together), scores_of(single));
}

/// The words of adapters that brought nothing are not in the state.
#[test]
fn an_empty_tally_is_an_empty_state() {
    assert_eq!(bytes_of(empty(0)), []);
}
