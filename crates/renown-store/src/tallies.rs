//! The tally as of a day, from tallies that are kept and from what came since.
//!
//! What lies in a store adds up (`join.rs`), so the tally of all files is the sum of the tallies of any of them. A kept tally
//! is the state of some files, and no file is part of two. Those that a day may not use, since a later file is among theirs,
//! are left aside, and their files are read themselves. Files that are part of none become a new one, which takes up those
//! that are not much larger: so there are few, and a large one is seldom written again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use renown_core::record::Day;
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::{self, About, ReadWith};
use renown_engine::{EngineError, Progress, input};

use crate::feed::Feed;
use crate::layout::{Partition, Table};
use crate::manifest::TALLIES;
use crate::store::{Access, Change, Staged, Store};

/// A file that counts as of a day.
type Source = (Partition, String, u64);

/// The tally as of a day, and how it came about.
#[derive(Debug)]
pub struct DayTally {
    /// The tally.
    pub tally: Tally,
    /// How many files were read.
    pub files: usize,
    /// How many kept tallies stood for others.
    pub kept: usize,
    /// The kept tally that was made, and what it is of.
    fresh: Option<(Staged, BTreeSet<String>)>,
    /// Kept tallies that it took up.
    taken_up: Vec<String>,
}

impl DayTally {
    /// Has the store keep what was made.
    pub(crate) fn keep(self, change: &mut Change) -> Tally {
        for path in &self.taken_up {
            change.remove_tally(path);
        }
        if let Some((file, of)) = self.fresh {
            change.add_tally(file, &of);
        }
        self.tally
    }
}

/// How many times larger than what is new a kept tally may be that is taken up by it.
const TAKEN_UP: u64 = 2;

impl Store {
    /// The tally of all records up to a day, and those without a time; `anew`, from the rows alone. Uses the current rayon
    /// thread pool.
    ///
    /// # Errors
    /// [`EngineError::Data`] if a file that is needed is damaged; [`EngineError::Interrupted`].
    pub fn tally(
        &self,
        as_of: Day,
        words: &Arc<Words>,
        anew: bool,
        progress: &Progress,
    ) -> Result<DayTally, EngineError> {
        let tally = new_tally(words, Some(as_of))?;
        let (mut usable, mut direct, mut fresh): (BTreeMap<u64, Vec<String>>, _, _) =
            (BTreeMap::new(), Vec::new(), Vec::new());
        let mut later = BTreeSet::new();
        let mut left_out = 0;
        for (partition, _, entry) in self.manifest.data().filter(|(partition, ..)| partition.day > as_of) {
            debug_assert!(partition.day.is_dated());
            later.extend(entry.tally.clone());
            // As when records are read, what somebody took part in is none that is left out.
            left_out += if partition.table == Table::Memberships { 0 } else { entry.rows };
        }
        tally.leave_out(left_out);
        for (partition, path, entry) in self.manifest.data().filter(|(partition, ..)| partition.day <= as_of)
        {
            let source = (partition, path.to_owned(), entry.rows);
            match &entry.tally {
                None if !anew => fresh.push(source),
                Some(kept) if !anew && !later.contains(kept) => {}
                _ => direct.push(source),
            }
        }
        for (path, entry) in self.manifest.tallies().filter(|(path, _)| !anew && !later.contains(*path)) {
            usable.entry(entry.rows).or_default().push(path.to_owned());
        }
        let usable: Vec<(u64, String)> = usable
            .into_iter()
            .flat_map(|(rows, paths)| paths.into_iter().map(move |path| (rows, path)))
            .collect();
        if self.access == Access::Read {
            // Who only reads keeps nothing.
            direct.append(&mut fresh);
        }
        let files = direct.len() + fresh.len();
        let kept = usable.len();
        self.read_rows(&direct, &tally, progress)?;
        let mut taken_up = Vec::new();
        let mut staged = None;
        let mut rest = &usable[..];
        if !fresh.is_empty() {
            let mut rows: u64 = fresh.iter().map(|source| source.2).sum();
            while let Some(((more, _), others)) = rest.split_first()
                && *more <= TAKEN_UP.saturating_mul(rows)
            {
                rows += more;
                rest = others;
            }
            taken_up = usable[..usable.len() - rest.len()].iter().map(|(_, path)| path.clone()).collect();
            let (file, of) = self.make(&fresh, &taken_up, rows, words, progress)?;
            file.read_into(&tally, progress)?;
            staged = Some((file, of));
        }
        for (_, path) in rest {
            self.read_kept(path, &tally, progress)?;
        }
        Ok(DayTally { tally, files, kept, fresh: staged, taken_up })
    }

    /// Makes a tally to be kept of files and of other kept tallies.
    fn make(
        &self,
        fresh: &[Source],
        taken_up: &[String],
        rows: u64,
        words: &Arc<Words>,
        progress: &Progress,
    ) -> Result<(Staged, BTreeSet<String>), EngineError> {
        let tally = new_tally(words, None)?;
        self.read_rows(fresh, &tally, progress)?;
        for path in taken_up {
            self.read_kept(path, &tally, progress)?;
        }
        let about = About::new(&tally, &Report::default(), ReadWith::new());
        let mut bytes = Vec::new();
        state::write(tally, &about, &mut bytes, progress).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => EngineError::Interrupted,
            _ => self.cannot_write(&error),
        })?;
        let staged = self.stage(TALLIES, "tally", &bytes, rows).map_err(|error| self.cannot_write(&error))?;
        let of_others = self
            .manifest
            .data()
            .filter(|(.., entry)| entry.tally.as_ref().is_some_and(|tally| taken_up.contains(tally)));
        let of =
            fresh.iter().map(|source| source.1.clone()).chain(of_others.map(|(_, path, _)| path.to_owned()));
        Ok((staged, of.collect()))
    }

    /// Adds the rows of files to a tally.
    fn read_rows(&self, files: &[Source], tally: &Tally, progress: &Progress) -> Result<(), EngineError> {
        files.par_iter().try_for_each_init(
            || Feed::new(tally),
            |feed, (partition, path, _)| {
                if progress.cancelled.load(Ordering::Relaxed) {
                    return Err(EngineError::Interrupted);
                }
                let rows = self.rows_in(partition.table, path)?;
                progress.records.fetch_add(rows.num_rows() as u64, Ordering::Relaxed);
                feed.add(partition, &rows)
                    .map_err(|error| EngineError::Data(self.damaged(path, &error.to_string())))
            },
        )
    }

    /// Adds a kept tally to a tally.
    pub(crate) fn read_kept(
        &self,
        path: &str,
        tally: &Tally,
        progress: &Progress,
    ) -> Result<(), EngineError> {
        // For its digest; what is in it is checked again, block by block.
        self.read(path)?;
        read_state(&self.root().join(path), tally, progress)
    }
}

impl Staged {
    fn read_into(&self, tally: &Tally, progress: &Progress) -> Result<(), EngineError> {
        read_state(self.temporary(), tally, progress)
    }
}

fn read_state(path: &std::path::Path, tally: &Tally, progress: &Progress) -> Result<(), EngineError> {
    let (states, others) = state::sort_out(input::find(&[path.to_owned()])?)?;
    let [state] = &states[..] else {
        let name = others.first().map_or_else(|| path.display().to_string(), |other| other.name.clone());
        return Err(EngineError::Data(format!("{name}: no state of a tally")));
    };
    state.read_into(tally, progress).map(|_| ())
}

fn new_tally(words: &Arc<Words>, until: Option<Day>) -> Result<Tally, EngineError> {
    Tally::new(words.clone(), until).map_err(|error| EngineError::Data(error.to_string()))
}
