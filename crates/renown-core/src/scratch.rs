//! Rows that memory has no room for.
//!
//! A tally that is given a [`Room`] keeps its rows in it. What is more goes to a [`Scratch`], as sorted runs cut into blocks, and comes
//! back merged, a piece at a time. It is a matter of memory alone: what comes out is the same.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::columns::{Columns, Reader, encode};

/// A place for blocks of bytes, such as a temporary file. Whoever does I/O provides it.
pub trait Scratch: fmt::Debug + Send + Sync {
    /// Keeps a block, and says under which number.
    ///
    /// # Errors
    /// [`ScratchError`], such as when the disk is full.
    fn put(&self, block: Vec<u8>) -> Result<u64, ScratchError>;

    /// A block that is kept, as it was put.
    ///
    /// # Errors
    /// [`ScratchError`], such as when it cannot be read or is not what was put.
    fn get(&self, number: u64) -> Result<Vec<u8>, ScratchError>;

    /// A block that nobody will ask for again.
    fn forget(&self, number: u64);
}

/// Why a scratch does not do what it should, for the user to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScratchError {
    /// What is the matter, and what to do.
    #[error("{0}")]
    Failed(String),
    /// The user wants no result any more.
    #[error("interrupted")]
    Interrupted,
}

/// How much memory accounts and rows may take, and where rows go beyond that.
#[derive(Clone, Debug)]
pub struct Room {
    pub(crate) bytes: usize,
    pub(crate) scratch: Arc<dyn Scratch>,
}

impl Room {
    /// So many bytes.
    pub fn new(bytes: usize, scratch: Arc<dyn Scratch>) -> Self {
        Self { bytes, scratch }
    }

    /// What is left for rows beside accounts that take so many bytes.
    pub(crate) fn for_rows(&self, accounts: usize) -> Result<usize, ScratchError> {
        match self.bytes.checked_sub(SCORING * accounts) {
            Some(_) => Ok(self.bytes - accounts),
            None => Err(ScratchError::Failed(format!(
                "all accounts together take {} MB, and as much again while they are scored: no room is left of {} MB. \
                 Accounts cannot be laid aside; give more --memory",
                accounts >> 20,
                self.bytes >> 20
            ))),
        }
    }

    /// Whether rows and accounts that take so many bytes have room until they are scored.
    pub(crate) fn holds(&self, rows: usize, accounts: usize) -> bool {
        rows + SCORING * accounts <= self.bytes
    }
}

/// How much more than by themselves accounts take when they are scored: standings, points, persons.
const SCORING: usize = 2;

/// How many rows are in a block.
const BLOCK: usize = if cfg!(test) { 4 } else { 1 << 14 };

/// Sorted rows in a scratch, which forgets them with this.
#[derive(Debug)]
pub(crate) struct Run {
    scratch: Arc<dyn Scratch>,
    blocks: Vec<u64>,
}

impl Drop for Run {
    fn drop(&mut self) {
        for block in &self.blocks {
            self.scratch.forget(*block);
        }
    }
}

impl Run {
    /// Puts rows there.
    pub(crate) fn put<T: Columns>(sorted: &[T], scratch: &Arc<dyn Scratch>) -> Result<Self, ScratchError> {
        let mut this = Self { scratch: scratch.clone(), blocks: Vec::new() };
        for rows in sorted.chunks(BLOCK) {
            this.blocks.push(scratch.put(encode(rows))?);
        }
        Ok(this)
    }

    /// Adds the rows of a block to others.
    fn block<T: Columns>(&self, index: usize, rows: &mut Vec<T>) -> Result<(), ScratchError> {
        let bytes = self.scratch.get(self.blocks[index])?;
        let changed = || ScratchError::Failed("rows that were laid aside came back changed".into());
        let mut reader = Reader::new(&bytes, T::WIDTH).map_err(|_| changed())?;
        for row in T::read(&mut reader) {
            rows.push(row.ok_or_else(changed)?);
        }
        Ok(())
    }

    /// Hands over all rows, block by block.
    pub(crate) fn for_each_block<T: Columns>(
        &self,
        mut each: impl FnMut(&mut Vec<T>) -> Result<(), ScratchError>,
    ) -> Result<(), ScratchError> {
        let mut rows = Vec::new();
        for index in 0..self.blocks.len() {
            rows.clear();
            self.block(index, &mut rows)?;
            each(&mut rows)?;
        }
        Ok(())
    }

    /// The same rows after a change.
    pub(crate) fn edited<T: Columns>(&self, mut change: impl FnMut(&mut T)) -> Result<Self, ScratchError> {
        let mut edited = Self { scratch: self.scratch.clone(), blocks: Vec::new() };
        self.for_each_block(|rows| {
            rows.iter_mut().for_each(&mut change);
            edited.blocks.push(self.scratch.put(encode(rows))?);
            Ok(())
        })?;
        Ok(edited)
    }
}

/// Rows in order: in memory, or in sorted runs that are merged as they are read.
#[derive(Debug)]
pub(crate) enum Rows<T> {
    Memory(Vec<T>),
    Shelved(Vec<Run>),
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl<T> Rows<T> {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Memory(rows) => rows.is_empty(),
            Self::Shelved(runs) => runs.is_empty(),
        }
    }
}

impl<T: Columns + Ord> Rows<T> {
    /// The rows of one group, by which all are sorted first.
    pub(crate) fn of_group<G: Ord>(
        &self,
        group_of: impl Fn(&T) -> G,
        group: &G,
    ) -> Result<Cow<'_, [T]>, ScratchError> {
        let within = |rows: &[T]| {
            let start = rows.partition_point(|row| group_of(row) < *group);
            start..start + rows[start..].partition_point(|row| group_of(row) == *group)
        };
        let runs = match self {
            Self::Memory(rows) => return Ok(rows[within(rows)].into()),
            Self::Shelved(runs) => runs,
        };
        let mut merge = Merge::new(runs);
        loop {
            let piece = merge.next(&group_of)?;
            if piece.last().is_none_or(|last| group_of(last) >= *group) {
                return Ok(piece[within(&piece)].to_vec().into());
            }
        }
    }
}

/// Sorted runs on their way into one order.
#[derive(Debug)]
pub(crate) struct Merge<'r, T> {
    cursors: Vec<Cursor<'r, T>>,
}

/// What is read of a run, and not yet handed on.
#[derive(Debug)]
struct Cursor<'r, T> {
    run: &'r Run,
    next_block: usize,
    rows: Vec<T>,
    /// The first row that was not handed on.
    start: usize,
}

impl<T: Columns> Cursor<'_, T> {
    fn has_more_blocks(&self) -> bool {
        self.next_block < self.run.blocks.len()
    }

    /// Reads the next block behind the rows that are left.
    fn read(&mut self) -> Result<(), ScratchError> {
        self.rows.drain(..std::mem::take(&mut self.start));
        self.next_block += 1;
        self.run.block(self.next_block - 1, &mut self.rows)
    }

    fn left(&self) -> &[T] {
        &self.rows[self.start..]
    }
}

impl<'r, T: Columns + Ord> Merge<'r, T> {
    pub(crate) fn new(runs: &'r [Run]) -> Self {
        let cursor = |run| Cursor { run, next_block: 0, rows: Vec::new(), start: 0 };
        Self { cursors: runs.iter().map(cursor).collect() }
    }

    /// The next rows in order; none at the end. Those of one group, which rows of a run are sorted by, are in one piece.
    ///
    /// A piece is what lies before the first group that some run may have more of than was read.
    pub(crate) fn next<G: Ord>(&mut self, group: impl Fn(&T) -> G) -> Result<Vec<T>, ScratchError> {
        for cursor in &mut self.cursors {
            if cursor.left().is_empty() && cursor.has_more_blocks() {
                cursor.read()?;
            }
        }
        loop {
            let unfinished = self.cursors.iter().filter(|cursor| cursor.has_more_blocks());
            let bound = unfinished.filter_map(|cursor| cursor.left().last()).map(&group).min();
            let mut piece = Vec::new();
            for cursor in &mut self.cursors {
                let left = cursor.left();
                let before = |bound: &G| left.partition_point(|row| group(row) < *bound);
                let taken = bound.as_ref().map_or(left.len(), before);
                piece.extend_from_slice(&left[..taken]);
                cursor.start += taken;
            }
            let Some(bound) = bound.filter(|_| piece.is_empty()) else {
                // Runs that are sorted: the stable sort sees that, and merges them.
                piece.sort();
                return Ok(piece);
            };
            // The first group goes beyond what was read of it.
            for cursor in &mut self.cursors {
                if cursor.has_more_blocks() && cursor.left().last().is_some_and(|last| group(last) == bound) {
                    cursor.read()?;
                }
            }
        }
    }
}

/// Rows in order, walked once from the first to the last.
#[derive(Debug)]
pub(crate) struct Walk<'r, T: Clone> {
    piece: Cow<'r, [T]>,
    at: usize,
    rest: Option<Merge<'r, T>>,
}

impl<'r, T: Columns + Ord> Walk<'r, T> {
    /// From the first row on.
    pub(crate) fn new(rows: &'r Rows<T>) -> Self {
        match rows {
            Rows::Memory(rows) => Self { piece: rows.into(), at: 0, rest: None },
            Rows::Shelved(runs) => Self { piece: Vec::new().into(), at: 0, rest: Some(Merge::new(runs)) },
        }
    }

    /// Makes sure that there is a row at hand unless all were walked; rows of one `group` come together. Whether this
    /// brought a new piece.
    pub(crate) fn refill<G: Ord>(&mut self, group: impl Fn(&T) -> G) -> Result<bool, ScratchError> {
        let Some(rest) = self.rest.as_mut().filter(|_| self.at == self.piece.len()) else { return Ok(false) };
        self.piece = rest.next(group)?.into();
        self.at = 0;
        if self.piece.is_empty() {
            self.rest = None;
        }
        Ok(true)
    }

    /// The rows at hand, the walked ones among them.
    pub(crate) fn piece(&self) -> &[T] {
        &self.piece
    }

    /// The row at hand.
    pub(crate) fn head(&self) -> Option<&T> {
        self.piece.get(self.at)
    }

    /// Walks past the rows at hand for which `is` holds, and says where in the piece they are.
    pub(crate) fn take_while(&mut self, is: impl Fn(&T) -> bool) -> Range<usize> {
        let start = self.at;
        self.at += self.piece[start..].iter().take_while(|row| is(row)).count();
        start..self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Mutex;

    /// Blocks in memory, each with whether it was forgotten.
    #[derive(Debug, Default)]
    struct Blocks(Mutex<Vec<(Vec<u8>, bool)>>);

    impl Scratch for Blocks {
        fn put(&self, block: Vec<u8>) -> Result<u64, ScratchError> {
            let mut blocks = self.0.lock().unwrap();
            blocks.push((block, false));
            Ok(blocks.len() as u64 - 1)
        }
        fn get(&self, number: u64) -> Result<Vec<u8>, ScratchError> {
            let (block, is_forgotten) = self.0.lock().unwrap()[number as usize].clone();
            assert!(!is_forgotten);
            Ok(block)
        }
        fn forget(&self, number: u64) {
            self.0.lock().unwrap()[number as usize].1 = true;
        }
    }

    proptest! {
        /// Runs of many blocks, groups that are longer than a block, and empty runs.
        #[test]
        fn merged_runs_are_all_rows_in_order_and_no_group_is_divided(
            runs in proptest::collection::vec(proptest::collection::vec((0_u32..12, 0_u32..9), 0..60), 0..7),
        ) {
            let blocks = Arc::new(Blocks::default());
            let scratch: Arc<dyn Scratch> = blocks.clone();
            let mut expected: Vec<(u32, u32)> = runs.concat();
            expected.sort_unstable();
            let put = |mut rows: Vec<(u32, u32)>| {
                rows.sort_unstable();
                Run::put(&rows, &scratch).unwrap()
            };
            let rows: Rows<(u32, u32)> = Rows::Shelved(runs.into_iter().map(put).collect());
            let mut walk = Walk::new(&rows);
            let mut walked = Vec::new();
            while walk.refill(|row| row.0).unwrap() && walk.head().is_some() {
                prop_assert!(walked.last().is_none_or(|last: &(u32, u32)| last.0 < walk.piece()[0].0));
                let all = walk.take_while(|_| true);
                walked.extend_from_slice(&walk.piece()[all]);
            }
            prop_assert_eq!(&walked, &expected);
            let sorted = Rows::Memory(expected.clone());
            for group in 0..13 {
                let of_group = rows.of_group(|row| row.0, &group).unwrap();
                prop_assert_eq!(&of_group, &sorted.of_group(|row| row.0, &group).unwrap());
                prop_assert_eq!(of_group.len(), expected.iter().filter(|row| row.0 == group).count());
            }
            drop(rows);
            prop_assert!(blocks.0.lock().unwrap().iter().all(|(_, is_forgotten)| *is_forgotten));
        }
    }
}
