//! Blocks of a state on their way into a tally.

use std::sync::PoisonError;

use rayon::prelude::*;

use super::rows::{Renumber, StateRow, decode};
use super::{Section, StateError};
use crate::accounts::PARTS;
use crate::columns::Reader;
use crate::record::{Day, Id};
use crate::tally::Tally;
use crate::tally::batch::Counts;
use crate::tally::columns::day;
use crate::tally::row::{Member, SLOTS};
use crate::tally::shape::Shape;
use crate::tally::store::Parts;
use crate::words::Word;

/// One state on its way into a tally, which may hold others already.
#[derive(Debug)]
pub struct Intake<'t> {
    tally: &'t Tally,
    section: Section,
    /// The run's word for each of the state's, and whether anything uses it.
    words: Vec<(Word, bool)>,
    last_word: Option<Box<str>>,
    /// The run's number for each of the state's accounts.
    accounts: Vec<u32>,
    last_number: Option<(u16, i64)>,
    last_text: Option<(u16, Box<str>)>,
    shapes: Vec<u32>,
    newest: Option<Day>,
}

/// A block that cannot be part of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadBlock {
    /// Which one of those that were handed over.
    pub index: usize,
    /// What is wrong with it.
    pub error: StateError,
}

/// Accounts of a block: their numbers in the run, their networks, and the first and the last of them as they are sorted.
struct Named<T> {
    accounts: Vec<u32>,
    networks: Vec<u16>,
    ends: Option<[(u16, T); 2]>,
}

impl Renumber for Intake<'_> {
    fn account(&self, old: u32) -> Option<u32> {
        self.accounts.get(old as usize).copied()
    }
    fn word(&self, old: Word) -> Option<Word> {
        self.words.get(old.index()).map(|word| word.0)
    }
    fn shape(&self, old: u32) -> Option<u32> {
        self.shapes.get(old as usize).copied()
    }
}

impl<'t> Intake<'t> {
    /// Into this tally.
    pub fn new(tally: &'t Tally) -> Self {
        Self {
            tally,
            section: Section::Words,
            words: Vec::new(),
            last_word: None,
            accounts: Vec::new(),
            last_number: None,
            last_text: None,
            shapes: Vec::new(),
            newest: None,
        }
    }

    /// Takes blocks of one section, the next ones. Uses the current rayon thread pool.
    ///
    /// # Errors
    /// [`BadBlock`], the first of those that cannot be; the tally is of no use then.
    pub fn take(&mut self, section: Section, blocks: &[Vec<u8>]) -> Result<(), BadBlock> {
        if section < self.section {
            return Err(BadBlock { index: 0, error: StateError::SectionOrder });
        }
        self.section = section;
        let tally = self.tally;
        match section {
            Section::Words => each(blocks, |bytes| self.words(bytes)),
            Section::Numbers => self.numbers(blocks),
            Section::Texts => self.texts(blocks),
            Section::Shapes => each(blocks, |bytes| self.shapes(bytes)),
            Section::Counts => each(blocks, |bytes| self.counts(bytes)),
            Section::Days => each(blocks, |bytes| self.days(bytes)),
            Section::Acts => self.rows(blocks, &tally.acts),
            Section::NamedActs => self.rows(blocks, &tally.named),
            Section::PendingActs => self.rows(blocks, &tally.pending),
            Section::Posts => self.rows(blocks, &tally.posts),
            Section::Flows => self.rows(blocks, &tally.flows),
            Section::Observations => self.rows(blocks, &tally.seen),
            Section::Gone => self.rows(blocks, &tally.gone),
            Section::Fates => self.rows(blocks, &tally.fates),
            Section::Handles => self.rows(blocks, &tally.handles),
            Section::Memberships => self.members(blocks),
        }
    }

    /// Ends the state. Gives the last day of its records.
    ///
    /// # Errors
    /// [`StateError::Unused`].
    pub fn finish(self) -> Result<Option<Day>, StateError> {
        // What a state is written from has every word of its rows among those that are counted, or name networks.
        if self.words.iter().any(|(_, is_used)| !is_used) {
            return Err(StateError::Unused);
        }
        let tally = self.tally;
        join(&tally.acts);
        join(&tally.named);
        join(&tally.pending);
        join(&tally.posts);
        join(&tally.flows);
        join(&tally.seen);
        join(&tally.gone);
        join(&tally.fates);
        join(&tally.handles);
        join(&tally.members);
        Ok(self.newest)
    }

    fn words(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let mut reader = Reader::with_tail(bytes, 4)?;
        let lengths = reader.u32s();
        let mut texts = reader.tail();
        for (row, length) in lengths.enumerate() {
            let text = split_text(&mut texts, length as usize, row)?;
            if self.last_word.as_deref().is_some_and(|last| last >= text) {
                return Err(StateError::Order(row));
            }
            self.words.push((self.tally.words.intern(text)?, false));
            self.last_word = Some(text.into());
        }
        nothing_left(texts)
    }

    /// The word of a number in the state, which is used herewith.
    fn used(&mut self, word: u16, row: usize) -> Result<Word, StateError> {
        let (word, is_used) = self.words.get_mut(usize::from(word)).ok_or(StateError::Unknown(row))?;
        *is_used = true;
        Ok(*word)
    }

    fn numbers(&mut self, blocks: &[Vec<u8>]) -> Result<(), BadBlock> {
        self.expect_accounts(blocks);
        let named: Vec<_> = blocks.par_iter().map(|bytes| self.numbers_of(bytes)).collect();
        for (index, named) in named.into_iter().enumerate() {
            let last = self.last_number.take();
            self.last_number = self.add_accounts(named, last, index)?;
        }
        Ok(())
    }

    fn numbers_of(&self, bytes: &[u8]) -> Result<Named<i64>, StateError> {
        let mut reader = Reader::new(bytes, 10)?;
        let ids = reader.u16s().zip(reader.rising_u64s().map(|value| value as i64));
        self.accounts_of(ids.map(|(network, number)| Ok((network, number))), |number| Id::Number(*number))
    }

    fn texts(&mut self, blocks: &[Vec<u8>]) -> Result<(), BadBlock> {
        self.expect_accounts(blocks);
        let named: Vec<_> = blocks.par_iter().map(|bytes| self.texts_of(bytes)).collect();
        for (index, named) in named.into_iter().enumerate() {
            let last = self.last_text.take();
            self.last_text = self.add_accounts(named, last, index)?;
        }
        Ok(())
    }

    fn texts_of(&self, bytes: &[u8]) -> Result<Named<Box<str>>, StateError> {
        let mut reader = Reader::with_tail(bytes, 4)?;
        let (networks, lengths) = (reader.u16s(), reader.u16s());
        let mut texts = reader.tail();
        let ids = networks.zip(lengths).enumerate().map(|(row, (network, length))| {
            let text = split_text(&mut texts, usize::from(length), row)?;
            // What spells a number is that number, or else one account would be two.
            let is_text = matches!(Id::new(text), Id::Text(text) if !text.is_empty());
            if is_text { Ok((network, text)) } else { Err(StateError::Impossible(row)) }
        });
        let Named { accounts, networks, ends } = self.accounts_of(ids, |text| Id::Text(text))?;
        nothing_left(texts)?;
        let ends = ends.map(|ends| ends.map(|(network, text)| (network, text.into())));
        Ok(Named { accounts, networks, ends })
    }

    /// Makes room for the accounts that blocks say they name, each of which takes ten bytes there, or about as many. What a block only
    /// says is not believed beyond that.
    fn expect_accounts(&self, blocks: &[Vec<u8>]) {
        let named = |bytes: &Vec<u8>| Some(Reader::with_tail(bytes, 0).ok()?.rows().min(bytes.len() / 10));
        self.tally.accounts.expect(blocks.iter().filter_map(named).sum());
    }

    /// Finds or adds the accounts of a block, which must be sorted.
    fn accounts_of<T: Ord + Copy>(
        &self,
        ids: impl Iterator<Item = Result<(u16, T), StateError>>,
        id_of: impl Fn(&T) -> Id<'_>,
    ) -> Result<Named<T>, StateError> {
        let mut named = self.tally.accounts.named();
        let mut networks = Vec::new();
        let mut ends: Option<[(u16, T); 2]> = None;
        for (row, id) in ids.enumerate() {
            let id = id?;
            let word = self.words.get(usize::from(id.0)).ok_or(StateError::Unknown(row))?.0;
            match &mut ends {
                Some([_, last]) if *last >= id => return Err(StateError::Order(row)),
                Some([_, last]) => *last = id,
                None => ends = Some([id, id]),
            }
            if networks.last() != Some(&id.0) {
                networks.push(id.0);
            }
            named.number(word, id_of(&id.1));
        }
        let mut accounts = Vec::new();
        named.resolve(&self.tally.accounts, &mut accounts);
        Ok(Named { accounts, networks, ends })
    }

    /// Adds the accounts of the next block, which must come after the `last` one.
    fn add_accounts<T: Ord>(
        &mut self,
        named: Result<Named<T>, StateError>,
        last: Option<(u16, T)>,
        index: usize,
    ) -> Result<Option<(u16, T)>, BadBlock> {
        let bad = |error| BadBlock { index, error };
        let Named { accounts, networks, ends } = named.map_err(bad)?;
        self.accounts.extend(accounts);
        for network in networks {
            self.used(network, 0).map_err(bad)?;
        }
        let Some([first, new_last]) = ends else { return Ok(last) };
        if last.is_some_and(|last| last >= first) {
            return Err(bad(StateError::Order(0)));
        }
        Ok(Some(new_last))
    }

    fn shapes(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let mut reader = Reader::with_tail(bytes, 1)?;
        let lengths = reader.column::<1>();
        let mut words = reader.tail();
        for (row, [length]) in lengths.iter().enumerate() {
            let bytes = words.split_off(..usize::from(*length) * 2).ok_or(StateError::Length)?;
            if usize::from(*length) > SLOTS {
                return Err(StateError::Impossible(row));
            }
            let shape = bytes.as_chunks::<2>().0.iter().map(|word| self.used(u16::from_le_bytes(*word), row));
            let shape = shape.collect::<Result<Shape, _>>()?;
            let mut shapes = self.tally.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            self.shapes.push(shapes.number(&shape));
        }
        nothing_left(words)
    }

    fn counts(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let mut reader = Reader::new(bytes, 13)?;
        let rows = reader.u16s().zip(reader.u16s()).zip(reader.column::<1>()).zip(reader.u64s());
        let mut added = Vec::new();
        for (row, (((network, word), is_metric), records)) in rows.enumerate() {
            if is_metric[0] > 1 {
                return Err(StateError::Impossible(row));
            }
            let (network, word) = (self.used(network, row)?, self.used(word, row)?);
            added.push((Counts::key(network, word, is_metric[0] == 1), records));
        }
        let mut counts = self.tally.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.0.extend(added);
        counts.0.sort_unstable();
        counts.0.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        Ok(())
    }

    fn days(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let mut reader = Reader::new(bytes, 10)?;
        let mut days = self.tally.days.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, (raw, records)) in reader.u16s().zip(reader.u64s()).enumerate() {
            let day = day(raw).filter(|day| day.is_dated()).ok_or(StateError::Impossible(row))?;
            let known = &mut days[usize::from(raw)];
            *known = known.saturating_add(records);
            self.newest = self.newest.max(Some(day));
        }
        Ok(())
    }

    /// Memberships date no other record, but what is later than a last day is left out of them as well.
    fn members(&mut self, blocks: &[Vec<u8>]) -> Result<(), BadBlock> {
        self.rows(blocks, &self.tally.members)?;
        let mut newest = self.newest;
        each(blocks, |bytes| {
            decode(bytes, self, |member: Member| {
                newest = newest.max(Some(member.day).filter(|day| day.is_dated()));
            })
        })?;
        self.newest = newest;
        Ok(())
    }

    fn rows<R: StateRow>(&self, blocks: &[Vec<u8>], parts: &Parts<R>) -> Result<(), BadBlock> {
        let results: Vec<Result<(), StateError>> = blocks
            .par_iter()
            .map(|bytes| {
                // Of most sorts of rows, each part gets about as many.
                let most = bytes.len() / R::WIDTH / PARTS * 5 / 4;
                let mut by_part: Vec<Vec<R>> = (0..PARTS).map(|_| Vec::with_capacity(most)).collect();
                decode(bytes, self, |row: R| by_part[row.part()].push(row))?;
                for (rows, part) in by_part.iter().zip(parts) {
                    part.lock().unwrap_or_else(PoisonError::into_inner).append(rows);
                }
                Ok(())
            })
            .collect();
        first(results)
    }
}

/// Takes blocks one by one.
fn each(blocks: &[Vec<u8>], mut take: impl FnMut(&[u8]) -> Result<(), StateError>) -> Result<(), BadBlock> {
    let bad = |index| move |error| BadBlock { index, error };
    blocks.iter().enumerate().try_for_each(|(index, bytes)| take(bytes).map_err(bad(index)))
}

/// The first error of several blocks, whichever was found first.
fn first(results: Vec<Result<(), StateError>>) -> Result<(), BadBlock> {
    let bad = |index| move |error| BadBlock { index, error };
    results.into_iter().enumerate().try_for_each(|(index, result)| result.map_err(bad(index)))
}

/// Takes the next text off.
fn split_text<'b>(texts: &mut &'b [u8], length: usize, row: usize) -> Result<&'b str, StateError> {
    let bytes = texts.split_off(..length).ok_or(StateError::Length)?;
    std::str::from_utf8(bytes).map_err(|_| StateError::Impossible(row))
}

fn nothing_left(bytes: &[u8]) -> Result<(), StateError> {
    if bytes.is_empty() { Ok(()) } else { Err(StateError::Length) }
}

fn join<R: StateRow>(parts: &Parts<R>) {
    parts.par_iter().for_each(|part| part.lock().unwrap_or_else(PoisonError::into_inner).join_if_enough());
}
