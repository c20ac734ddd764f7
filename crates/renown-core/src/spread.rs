//! Rows that many threads hand over to the parts where they belong, and that are put in order there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::accounts::PARTS;
use crate::chunks::Chunks;
use crate::columns::Columns;
use crate::scratch::{Room, Rows, Run, ScratchError};

/// The rows of all parts.
#[derive(Debug)]
pub(crate) struct Spread<'r, T> {
    parts: Vec<Mutex<Part<T>>>,
    sorted: fn(Chunks<T>) -> Vec<T>,
    /// How many bytes of rows may be in memory, where there is a limit, and where the others go.
    room: Option<(usize, &'r Room)>,
    /// How many bytes there are.
    bytes: AtomicUsize,
    /// Held by who lays rows aside.
    shelving: Mutex<()>,
}

#[derive(Debug)]
struct Part<T> {
    /// In no order.
    rows: Chunks<T>,
    /// Those that were laid aside.
    runs: Vec<Run>,
}

impl<'r, T: Columns + Send + Sync> Spread<'r, T> {
    /// Empty parts. Where there is a limit, they lay rows aside when there are more than so many bytes of them.
    pub(crate) fn new(room: Option<(usize, &'r Room)>, sorted: fn(Chunks<T>) -> Vec<T>) -> Self {
        let part = |_| Mutex::new(Part { rows: Chunks::default(), runs: Vec::new() });
        let parts = (0..PARTS).map(part).collect();
        Self { parts, sorted, room, bytes: AtomicUsize::new(0), shelving: Mutex::default() }
    }

    /// For one thread to fill.
    pub(crate) fn runs(&self) -> Runs<'_, 'r, T> {
        Runs { spread: self, runs: (0..PARTS).map(|_| Vec::with_capacity(RUN)).collect() }
    }

    /// The rows by part, in order.
    pub(crate) fn into_parts(self) -> Result<Vec<Rows<T>>, ScratchError> {
        let Self { parts, sorted, room, .. } = self;
        let in_order = |part: Mutex<Part<T>>| {
            let mut part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
            let Some((_, room)) = room else {
                return Ok(Rows::Memory(sorted(part.rows)));
            };
            part.shelve(sorted, room)?;
            Ok(Rows::Shelved(part.runs))
        };
        parts.into_par_iter().map(in_order).collect()
    }

    /// Lays rows aside if there are too many.
    fn make_room(&self) -> Result<(), ScratchError> {
        let Some((most, room)) = self.room else { return Ok(()) };
        // What is put in order is there twice meanwhile.
        if self.bytes.load(Ordering::Relaxed) < most / 2 {
            return Ok(());
        }
        // Whoever comes while another is at it goes on.
        let Ok(_only_one) = self.shelving.try_lock() else { return Ok(()) };
        for part in &self.parts {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            self.bytes.fetch_sub(part.rows.len() * size_of::<T>(), Ordering::Relaxed);
            part.shelve(self.sorted, room)?;
        }
        Ok(())
    }
}

impl<T: Columns> Part<T> {
    fn shelve(&mut self, sorted: fn(Chunks<T>) -> Vec<T>, room: &Room) -> Result<(), ScratchError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = sorted(std::mem::take(&mut self.rows));
        self.runs.push(Run::put(&rows, &room.scratch)?);
        Ok(())
    }
}

/// How many rows of a part are handed over at once.
const RUN: usize = 512;

/// One thread's rows on their way, a short run for each part.
pub(crate) struct Runs<'s, 'r, T> {
    spread: &'s Spread<'r, T>,
    runs: Vec<Vec<T>>,
}

impl<T: Columns + Send + Sync> Runs<'_, '_, T> {
    pub(crate) fn push(&mut self, part: usize, row: T) -> Result<(), ScratchError> {
        self.runs[part].push(row);
        if self.runs[part].len() == RUN { self.hand_over(part) } else { Ok(()) }
    }

    fn hand_over(&mut self, part: usize) -> Result<(), ScratchError> {
        // Counted before they are there, so that they are not taken off before.
        self.spread.bytes.fetch_add(self.runs[part].len() * size_of::<T>(), Ordering::Relaxed);
        {
            let mut rows = self.spread.parts[part].lock().unwrap_or_else(PoisonError::into_inner);
            rows.rows.append(&mut self.runs[part]);
        }
        self.spread.make_room()
    }

    /// Hands over what is left.
    pub(crate) fn finish(mut self) -> Result<(), ScratchError> {
        (0..PARTS).try_for_each(|part| self.hand_over(part))
    }
}
