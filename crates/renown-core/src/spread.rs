//! Rows that many threads hand over to the parts where they belong.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::accounts::PARTS;

/// The rows of all parts, in no order. Each part has room for all its rows from the start: growing a list of gigabytes
/// costs more than filling it.
#[derive(Debug)]
pub(crate) struct Spread<T> {
    parts: Vec<Mutex<Vec<T>>>,
}

impl<T: Send> Spread<T> {
    /// Empty parts, for rows that come from `sources`, of which `part_of` says where each will belong.
    pub(crate) fn sized<S: Sync>(sources: &[Vec<S>], part_of: impl Fn(&S) -> usize + Sync) -> Self {
        let sizes = sources.par_iter().map(|rows| {
            let mut sizes = [0_usize; PARTS];
            for row in rows {
                sizes[part_of(row)] += 1;
            }
            sizes
        });
        let add = |a: [usize; PARTS], b: [usize; PARTS]| std::array::from_fn(|part| a[part] + b[part]);
        let sizes = sizes.reduce(|| [0; PARTS], add);
        Self { parts: sizes.into_iter().map(|size| Mutex::new(Vec::with_capacity(size))).collect() }
    }

    /// For one thread to fill.
    pub(crate) fn runs(&self) -> Runs<'_, T> {
        Runs { parts: &self.parts, runs: (0..PARTS).map(|_| Vec::with_capacity(RUN)).collect() }
    }

    /// The rows by part.
    pub(crate) fn into_parts(self) -> Vec<Vec<T>> {
        self.parts.into_iter().map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }
}

/// How many rows of a part are handed over at once.
const RUN: usize = 512;

/// One thread's rows on their way, a short run for each part.
pub(crate) struct Runs<'s, T> {
    parts: &'s [Mutex<Vec<T>>],
    runs: Vec<Vec<T>>,
}

impl<T> Runs<'_, T> {
    pub(crate) fn push(&mut self, part: usize, row: T) {
        self.runs[part].push(row);
        if self.runs[part].len() == RUN {
            self.hand_over(part);
        }
    }

    fn hand_over(&mut self, part: usize) {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.runs[part]);
    }

    /// Hands over what is left.
    pub(crate) fn finish(mut self) {
        for part in 0..PARTS {
            self.hand_over(part);
        }
    }
}
