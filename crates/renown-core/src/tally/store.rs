//! Where rows of one sort are kept, by part, and how they get there.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::accounts::PARTS;
use crate::chunks::Chunks;
use crate::columns::Columns;
use crate::scratch::{Rows, Run, Scratch, ScratchError};

/// Rows of one part, and how they are kept small.
#[derive(Debug)]
pub(crate) struct Store<T> {
    /// Sorted and joined.
    settled: Vec<T>,
    /// What came since.
    fresh: Chunks<T>,
    /// Rows that were laid aside.
    runs: Vec<Run>,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { settled: Vec::new(), fresh: Chunks::default(), runs: Vec::new() }
    }
}

/// Rows that know their part, and of which those about the same thing can be joined.
pub(crate) trait Row: Copy + Ord + Send {
    /// A part is not joined before it has so many rows.
    const ENOUGH: usize;
    /// Joins `next`, which sorts after `self`, if both are about the same thing. May move what has no room in `self`
    /// to `next` and leave it there.
    fn join(&mut self, next: &mut Self) -> bool;
    /// The part that it belongs to, once its accounts are known.
    fn part(&self) -> usize;
    /// Rows in order.
    fn sorted(rows: Chunks<Self>) -> Vec<Self> {
        rows.into_sorted()
    }
    /// Puts accounts in the place of a batch's numbers for them.
    fn resolve(&mut self, accounts: &[u32]);
}

impl<T: Row> Store<T> {
    /// Adds rows, and leaves their list empty. Joins if there is enough to join.
    pub(crate) fn take(&mut self, rows: &mut Vec<T>) {
        self.fresh.append(rows);
        self.join_if_enough();
    }

    /// Adds rows of which hardly any can be joined with one another, and joins none of them.
    pub(crate) fn append(&mut self, rows: &[T]) {
        self.fresh.extend_from_slice(rows);
    }

    /// Joins if there is enough to join.
    pub(crate) fn join_if_enough(&mut self) {
        let enough = (self.settled.len() / 3).max(T::ENOUGH.saturating_sub(self.settled.len()));
        if self.fresh.len() >= enough.max(1) {
            self.join();
        }
    }

    /// Sorts and joins.
    pub(crate) fn join(&mut self) {
        let fresh = T::sorted(std::mem::take(&mut self.fresh));
        if self.settled.is_empty() {
            self.settled = fresh;
        } else {
            self.settled.reserve_exact(fresh.len());
            self.settled.extend(fresh);
            // Two sorted runs: the stable sort sees that, and merges them.
            self.settled.sort();
        }
        self.settled.dedup_by(|next, kept| kept.join(next));
    }

    /// The same rows; none may be laid aside.
    pub(crate) fn copy(&self) -> Self {
        self.assert_gathered();
        Self { settled: self.settled.clone(), fresh: self.fresh.clone(), runs: Vec::new() }
    }

    /// The rows as they are; none may be laid aside.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &T> + Clone {
        self.assert_gathered();
        self.settled.iter().chain(self.fresh.iter())
    }

    /// All rows, sorted and joined; none may be laid aside.
    pub(crate) fn into_rows(mut self) -> Vec<T> {
        self.assert_gathered();
        self.join();
        self.settled
    }

    fn assert_gathered(&self) {
        assert!(self.runs.is_empty(), "rows that were laid aside have to be gathered");
    }

    /// The memory that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.settled.capacity() * size_of::<T>() + self.fresh.bytes()
    }
}

/// What can be done with rows that may be laid aside.
impl<T: Row + Columns> Store<T> {
    /// Lays all rows aside.
    pub(crate) fn shelve(&mut self, scratch: &Arc<dyn Scratch>) -> Result<(), ScratchError> {
        self.join();
        let rows = std::mem::take(&mut self.settled);
        if !rows.is_empty() {
            self.runs.push(Run::put(&rows, scratch)?);
        }
        Ok(())
    }

    /// Whether any rows are laid aside.
    pub(crate) fn is_shelved(&self) -> bool {
        !self.runs.is_empty()
    }

    /// All rows, sorted and joined, in memory.
    pub(crate) fn gather(mut self) -> Result<Vec<T>, ScratchError> {
        for run in std::mem::take(&mut self.runs) {
            run.for_each_block(|rows| {
                self.fresh.append(rows);
                Ok(())
            })?;
        }
        Ok(self.into_rows())
    }

    /// All rows in order: in memory and joined, or laid aside, each run joined by itself.
    pub(crate) fn in_order(mut self, scratch: Option<&Arc<dyn Scratch>>) -> Result<Rows<T>, ScratchError> {
        match scratch {
            Some(scratch) => {
                self.shelve(scratch)?;
                Ok(Rows::Shelved(self.runs))
            }
            None => Ok(Rows::Memory(self.into_rows())),
        }
    }

    /// Hands over all rows, in no order.
    pub(crate) fn drain(self, mut each: impl FnMut(T)) -> Result<(), ScratchError> {
        self.settled.into_iter().for_each(&mut each);
        self.fresh.iter().copied().for_each(&mut each);
        self.runs.into_iter().try_for_each(|run| {
            run.for_each_block(|rows| {
                rows.drain(..).for_each(&mut each);
                Ok(())
            })
        })
    }

    /// Changes every row where it is; they are sorted and joined anew when next needed.
    pub(crate) fn edit(&mut self, mut change: impl FnMut(&mut T)) -> Result<(), ScratchError> {
        // What was in order may no longer be.
        self.fresh.append(&mut std::mem::take(&mut self.settled));
        self.fresh.iter_mut().for_each(&mut change);
        for run in &mut self.runs {
            *run = run.edited(&mut change)?;
        }
        Ok(())
    }
}

/// The memory that rows take.
pub(crate) fn bytes<T: Row>(parts: &Parts<T>) -> usize {
    parts.iter().map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).bytes()).sum()
}

/// Lays the rows of all parts aside.
pub(crate) fn shelve<T: Row + Columns>(
    parts: &Parts<T>,
    scratch: &Arc<dyn Scratch>,
) -> Result<(), ScratchError> {
    (0..parts.len()).try_for_each(|part| shelve_in(parts, part, scratch))
}

/// Lays the rows of one part aside, if there are any parts.
pub(crate) fn shelve_in<T: Row + Columns>(
    parts: &Parts<T>,
    part: usize,
    scratch: &Arc<dyn Scratch>,
) -> Result<(), ScratchError> {
    let part = parts.get(part).map(|part| part.lock().unwrap_or_else(PoisonError::into_inner));
    part.map_or(Ok(()), |mut part| part.shelve(scratch))
}

pub(crate) type Parts<T> = Vec<Mutex<Store<T>>>;

/// The same rows; none may be laid aside.
pub(crate) fn copy<T: Row + Sync>(from: &Parts<T>) -> Parts<T> {
    let copy =
        |part: &Mutex<Store<T>>| Mutex::new(part.lock().unwrap_or_else(PoisonError::into_inner).copy());
    from.par_iter().map(copy).collect()
}

pub(crate) fn parts<T>() -> Parts<T> {
    (0..PARTS).map(|_| Mutex::default()).collect()
}

/// Rows on their way into their parts, so that each part is locked once for many rows.
#[derive(Debug)]
pub(crate) struct Scatter<T> {
    pub(crate) rows: Vec<T>,
    by_part: Vec<Vec<T>>,
}

impl<T: Row> Scatter<T> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), by_part: (0..PARTS).map(|_| Vec::new()).collect() }
    }

    pub(crate) fn drain_into(&mut self, parts: &Parts<T>, accounts: &[u32]) {
        for mut row in self.rows.drain(..) {
            row.resolve(accounts);
            self.by_part[row.part()].push(row);
        }
        self.flush(parts);
    }

    /// Hands a row over; parts are filled in runs.
    pub(crate) fn push_into(&mut self, parts: &Parts<T>, row: T) {
        const RUN: usize = 1_024;
        let part = row.part();
        self.by_part[part].push(row);
        if self.by_part[part].len() == RUN {
            parts[part].lock().unwrap_or_else(PoisonError::into_inner).take(&mut self.by_part[part]);
        }
    }

    pub(crate) fn flush(&mut self, parts: &Parts<T>) {
        for (rows, part) in self.by_part.iter_mut().zip(parts) {
            if !rows.is_empty() {
                part.lock().unwrap_or_else(PoisonError::into_inner).take(rows);
            }
        }
    }
}
