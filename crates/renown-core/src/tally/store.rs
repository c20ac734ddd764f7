//! Where rows of one sort are kept, by part, and how they get there.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::accounts::PARTS;
use crate::columns::Columns;
use crate::scratch::{Rows, Run, Scratch, ScratchError};

/// Rows of one part, and how they are kept small.
#[derive(Debug)]
pub(crate) struct Store<T> {
    rows: Vec<T>,
    settled: usize,
    /// Rows that were laid aside.
    runs: Vec<Run>,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), settled: 0, runs: Vec::new() }
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
    /// Sorts rows none of which were sorted before.
    fn sort(rows: &mut Vec<Self>) {
        rows.sort_unstable();
    }
    /// Puts accounts in the place of a batch's numbers for them.
    fn resolve(&mut self, accounts: &[u32]);
}

impl<T: Row> Store<T> {
    pub(crate) fn extend(&mut self, rows: impl ExactSizeIterator<Item = T>) {
        let enough = (self.settled + self.settled / 3).max(T::ENOUGH);
        let after = self.rows.len() + rows.len();
        if after > self.rows.capacity() && after >= T::ENOUGH / 2 {
            // As much as can come before the next joining, and not twice what there is.
            self.rows.reserve_exact(enough.max(after) - self.rows.len());
        }
        self.rows.extend(rows);
        if self.rows.len() >= enough {
            self.join();
        }
    }

    /// Adds rows of which hardly any can be joined with one another, and joins none of them.
    pub(crate) fn append(&mut self, rows: &[T]) {
        self.rows.extend_from_slice(rows);
    }

    /// Joins if there is enough to join.
    pub(crate) fn join_if_enough(&mut self) {
        self.extend([].into_iter());
    }

    /// Sorts and joins.
    pub(crate) fn join(&mut self) {
        if self.settled == 0 {
            T::sort(&mut self.rows);
        } else {
            self.rows[self.settled..].sort_unstable();
            // Two sorted runs: the stable sort sees that, and merges them.
            self.rows.sort();
        }
        self.rows.dedup_by(|next, kept| kept.join(next));
        self.settled = self.rows.len();
    }

    /// The same rows; none may be laid aside.
    pub(crate) fn copy(&self) -> Self {
        Self { rows: self.rows().to_vec(), settled: self.settled, runs: Vec::new() }
    }

    /// The rows as they are; none may be laid aside.
    pub(crate) fn rows(&self) -> &[T] {
        assert!(self.runs.is_empty(), "rows that were laid aside have to be gathered");
        &self.rows
    }

    /// All rows, in no order, and not all of them joined; none may be laid aside.
    pub(crate) fn into_unjoined(self) -> Vec<T> {
        assert!(self.runs.is_empty(), "rows that were laid aside have to be gathered");
        self.rows
    }

    /// All rows, sorted and joined; none may be laid aside.
    pub(crate) fn into_rows(mut self) -> Vec<T> {
        self.join();
        self.into_unjoined()
    }

    /// The memory that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<T>()
    }
}

/// What can be done with rows that may be laid aside.
impl<T: Row + Columns> Store<T> {
    /// Lays all rows aside.
    pub(crate) fn shelve(&mut self, scratch: &Arc<dyn Scratch>) -> Result<(), ScratchError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        self.join();
        self.runs.push(Run::put(&self.rows, scratch)?);
        (self.rows, self.settled) = (Vec::new(), 0);
        Ok(())
    }

    /// Whether any rows are laid aside.
    pub(crate) fn is_shelved(&self) -> bool {
        !self.runs.is_empty()
    }

    /// All rows, sorted and joined, in memory.
    pub(crate) fn gather(mut self) -> Result<Vec<T>, ScratchError> {
        for run in std::mem::take(&mut self.runs) {
            self.settled = 0;
            run.for_each_block(|rows| {
                self.rows.append(rows);
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
        self.rows.into_iter().for_each(&mut each);
        self.runs.into_iter().try_for_each(|run| {
            run.for_each_block(|rows| {
                rows.drain(..).for_each(&mut each);
                Ok(())
            })
        })
    }

    /// Changes every row where it is; they are sorted and joined anew when next needed.
    pub(crate) fn edit(&mut self, mut change: impl FnMut(&mut T)) -> Result<(), ScratchError> {
        self.rows.iter_mut().for_each(&mut change);
        self.settled = 0;
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
    parts.iter().try_for_each(|part| part.lock().unwrap_or_else(PoisonError::into_inner).shelve(scratch))
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
            parts[part].lock().unwrap_or_else(PoisonError::into_inner).extend(self.by_part[part].drain(..));
        }
    }

    pub(crate) fn flush(&mut self, parts: &Parts<T>) {
        for (rows, part) in self.by_part.iter_mut().zip(parts) {
            if !rows.is_empty() {
                part.lock().unwrap_or_else(PoisonError::into_inner).extend(rows.drain(..));
            }
        }
    }
}
