//! Where rows of one sort are kept, by part, and how they get there.

use std::sync::{Mutex, PoisonError};

use crate::accounts::PARTS;

/// Rows of one part, and how they are kept small.
#[derive(Debug)]
pub(crate) struct Store<T> {
    rows: Vec<T>,
    settled: usize,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), settled: 0 }
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

    /// The rows as they are.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Changes every row in place; they are joined anew when next needed.
    pub(crate) fn edit(&mut self, change: impl FnMut(&mut T)) {
        self.rows.iter_mut().for_each(change);
        self.settled = 0;
    }

    /// All rows, in no order, and not all of them joined.
    pub(crate) fn into_unjoined(self) -> Vec<T> {
        self.rows
    }

    /// All rows, sorted and joined.
    pub(crate) fn into_rows(mut self) -> Vec<T> {
        self.join();
        self.rows
    }
}
pub(crate) type Parts<T> = Vec<Mutex<Store<T>>>;

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
