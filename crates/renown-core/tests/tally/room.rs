//! A tally that has outgrown its room gives the same scores, or says why not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use renown_core::record::{Id, Interaction, Post};
use renown_core::score::ScoringError;
use renown_core::scratch::{Room, Scratch, ScratchError};
use renown_core::tally::Tally;

use crate::records::{Record, add, at, empty, record, scores, tally_of};

/// Blocks in memory.
#[derive(Debug, Default)]
struct Blocks {
    blocks: Mutex<Vec<Option<Vec<u8>>>>,
    /// How many may yet be put or asked for.
    calls_left: AtomicUsize,
}

impl Blocks {
    fn with(calls: usize) -> Arc<Self> {
        Arc::new(Self { calls_left: AtomicUsize::new(calls), ..Self::default() })
    }

    fn call(&self) -> Result<(), ScratchError> {
        let left =
            self.calls_left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| ScratchError::Failed("the disk is full".into()))
    }

    fn put_so_far(&self) -> usize {
        self.blocks.lock().unwrap().len()
    }

    fn held(&self) -> usize {
        self.blocks.lock().unwrap().iter().flatten().count()
    }
}

impl Scratch for Blocks {
    fn put(&self, block: Vec<u8>) -> Result<u64, ScratchError> {
        self.call()?;
        let mut blocks = self.blocks.lock().unwrap();
        blocks.push(Some(block));
        Ok(blocks.len() as u64 - 1)
    }

    fn get(&self, number: u64) -> Result<Vec<u8>, ScratchError> {
        self.call()?;
        let blocks = self.blocks.lock().unwrap();
        Ok(blocks[number as usize].clone().expect("a block that was forgotten is not asked for"))
    }

    fn forget(&self, number: u64) {
        let block = self.blocks.lock().unwrap()[number as usize].take();
        assert!(block.is_some(), "a block is forgotten once");
    }
}

/// Room for accounts, which are scored in as much again, and hardly any rows. It takes a few kilobytes to hold the tables of ten
/// accounts; so records come many times over, with other ids.
fn room(blocks: &Arc<Blocks>, accounts: usize) -> Room {
    Room::new(accounts, blocks.clone())
}

fn fill(tally: &Tally, records: &[Record]) -> Result<(), ScratchError> {
    let mut batch = tally.batch();
    for records in records.chunks(100) {
        for record in records {
            add(&mut batch, tally, record);
        }
        tally.add(&mut batch);
        tally.make_room()?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_laid_aside_counts_as_what_was_not(records in proptest::collection::vec(record(), 3_000..5_000), threads in 1..4_usize) {
        let expected = scores(tally_of(&records, 0)).unwrap();
        let blocks = Blocks::with(usize::MAX);
        let tally = empty(1).within(room(&blocks, 120_000));
        fill(&tally, &records).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let scored = pool.install(|| scores(tally)).unwrap();
        prop_assert!(blocks.put_so_far() > 0, "nothing was laid aside");
        prop_assert_eq!(blocks.held(), 0);
        prop_assert_eq!(scored, expected);
    }

    /// Wherever it happens, a scratch that fails is no panic and no wrong score.
    #[test]
    fn a_scratch_that_fails_is_an_error(records in proptest::collection::vec(record(), 3_000), calls in 0..600_usize) {
        let blocks = Blocks::with(calls);
        let tally = empty(1).within(room(&blocks, 120_000));
        let full = ScratchError::Failed("the disk is full".into());
        match fill(&tally, &records) {
            Err(error) => prop_assert_eq!(error, full),
            Ok(()) => match scores(tally) {
                Err(error) => prop_assert_eq!(error, ScoringError::Scratch(full)),
                Ok(scored) => prop_assert_eq!(scored, scores(tally_of(&records, 0)).unwrap()),
            },
        }
    }
}

/// More rows than a block has, several runs of them, one actor and one target with a third of all, and acts that found their posts
/// only later.
#[test]
fn many_blocks_and_lopsided_ones() {
    let fill = |tally: &Tally| {
        let word = |text: &str| tally.words().intern(text).unwrap();
        let (notes, like) = (word("notes"), word("like"));
        let mut batch = tally.batch();
        for number in 0..400_000_i64 {
            let spread = Id::Number(number.wrapping_mul(7_919) % 20_011);
            let (actor, target) = match number % 3 {
                0 => (Id::Number(-1), spread),
                1 => (spread, Id::Number(-2)),
                _ => (spread, Id::Number(number % 503)),
            };
            let object = (number % 3 == 2).then_some(Id::Number(number % 997));
            let record = Interaction {
                at: at(Some(number % 77)),
                actor: Some(actor),
                target: Some(target).filter(|_| object.is_none()),
                object,
                ..Interaction::new(notes, like)
            };
            batch.interaction(tally, &record).unwrap();
            if number % 400 == 0 {
                let (id, author) = (Id::Number(number / 400), Some(Id::Number(number % 31)));
                let post = Post {
                    network: notes,
                    id,
                    author,
                    at: at(Some(70)),
                    observed_at: None,
                    totals: &[(like, 5)],
                };
                batch.post(tally, &post).unwrap();
            }
            if batch.is_full() || number % 20_000 == 0 {
                tally.add(&mut batch);
                tally.make_room().unwrap();
            }
        }
        tally.add(&mut batch);
    };
    let (all, limited, blocks) = (empty(0), empty(1), Blocks::with(usize::MAX));
    let limited = limited.within(room(&blocks, 3_000_000));
    fill(&all);
    fill(&limited);
    let scored = scores(limited).unwrap();
    assert!(blocks.put_so_far() > 3 * 64, "{} blocks", blocks.put_so_far());
    assert_eq!(scored, scores(all).unwrap());
}

/// Accounts cannot be laid aside, so a limit that they alone go beyond is refused, and it is said how much they take.
#[test]
fn accounts_need_room() {
    let tally = empty(0).within(room(&Blocks::with(usize::MAX), 10_000));
    let records: Vec<Record> = Vec::new();
    fill(&tally, &records).unwrap();
    let word = |text: &str| tally.words().intern(text).unwrap();
    let mut batch = tally.batch();
    for number in 0..10_000 {
        let (actor, target) = (Some(Id::Number(number)), Some(Id::Number(-number - 1)));
        let record = Interaction { actor, target, ..Interaction::new(word("notes"), word("like")) };
        batch.interaction(&tally, &record).unwrap();
    }
    tally.add(&mut batch);
    let error = tally.make_room().unwrap_err();
    assert!(error.to_string().contains("give more --memory"), "{error}");
    assert!(!error.to_string().contains("  "), "{error}");
}
