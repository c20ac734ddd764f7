//! An export into the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use rayon::prelude::*;
use renown_engine::EngineError;
use renown_engine::state::ReadWith;

use crate::forgotten::{Known, Of};
use crate::gather::Gatherer;
use crate::layout::{Partition, Table};
use crate::store::{Change, Store};
use crate::{file, join};

/// What an export brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Rows that were written.
    pub rows: u64,
    /// In so many files.
    pub files: u64,
    /// Interactions that were there already.
    pub known: u64,
    /// Rows of persons whom the store forgot, which were left out.
    pub forgotten: u64,
}

impl Store {
    /// Adds what was gathered of one export: all of it, or nothing. Adapters read it with these options.
    ///
    /// # Errors
    /// [`EngineError::Data`] if a file that it is to be held against is damaged; [`EngineError::Usage`] if nothing can be
    /// written; [`EngineError::Interrupted`].
    pub fn add(
        &mut self,
        gathered: &Gatherer,
        read_with: ReadWith,
        cancelled: &AtomicBool,
    ) -> Result<Added, EngineError> {
        let mut partitions: BTreeMap<Partition, Vec<RecordBatch>> = BTreeMap::new();
        for (partition, batch) in gathered.take() {
            partitions.entry(partition).or_default().push(batch);
        }
        let joined: Result<Vec<(Partition, RecordBatch)>, ArrowError> = (partitions.into_par_iter())
            .map(|(partition, batches)| {
                let batch = join::join(partition.table, &batches)?;
                Ok((partition, batch))
            })
            .collect();
        let mut rows = joined.map_err(|error| self.not_rows(&error))?;
        let mut change = Change::of(self);
        change.manifest.read_with.extend(read_with);
        let mut added = Added::default();
        if let Some(list) = &mut change.manifest.forgotten {
            let mut known = list.known();
            learn(&mut known, &rows);
            let before = count(&rows);
            let left: Result<Vec<_>, ArrowError> = (rows.into_par_iter())
                .map(|(partition, batch)| Ok((partition.clone(), known.without(&partition, &batch)?)))
                .collect();
            rows = left.map_err(|error| self.not_rows(&error))?;
            added.forgotten = before - count(&rows);
            *list = known.into_list();
        }
        let before = count(&rows);
        let staged: Vec<_> = (rows.into_par_iter())
            .map(|(partition, batch)| {
                if cancelled.load(Ordering::Relaxed) {
                    return Err(EngineError::Interrupted);
                }
                let batch = self.new_rows(&partition, batch)?;
                let (rows, folder) = (batch.num_rows() as u64, partition.to_string());
                if rows == 0 {
                    return Ok(None);
                }
                let bytes = file::to_bytes(&batch).map_err(|error| self.not_rows(&error))?;
                let staged = self.stage(&folder, "parquet", &bytes, rows);
                staged.map(|staged| Some((staged, rows))).map_err(|error| self.cannot_write(&error))
            })
            .collect::<Result<_, EngineError>>()?;
        let mut written = 0;
        for (staged, rows) in staged.into_iter().flatten() {
            written += rows;
            // Posts and the like are not held against what is there, but the same ones have the same file.
            if self.manifest.get(&staged.path).is_none() {
                added.rows += rows;
                added.files += 1;
            }
            change.add(staged);
        }
        added.known = before - written;
        if cancelled.load(Ordering::Relaxed) {
            return Err(EngineError::Interrupted);
        }
        self.commit(change)?;
        Ok(added)
    }

    /// What of these rows the store does not have.
    fn new_rows(&self, partition: &Partition, batch: RecordBatch) -> Result<RecordBatch, EngineError> {
        if partition.table != Table::Interactions {
            return Ok(batch);
        }
        let there = self.rows_of(partition)?;
        if there.num_rows() == 0 {
            return Ok(batch);
        }
        join::beyond(&there, &batch).map_err(|error| self.not_rows(&error))
    }

    /// All rows of a partition, joined.
    pub(crate) fn rows_of(&self, partition: &Partition) -> Result<RecordBatch, EngineError> {
        let files = self.manifest.in_folder(&partition.to_string());
        let batches: Vec<RecordBatch> =
            files.map(|path| self.rows_in(partition.table, path)).collect::<Result<_, _>>()?;
        join::join(partition.table, &batches).map_err(|error| self.not_rows(&error))
    }

    /// The rows of a file.
    pub(crate) fn rows_in(&self, table: Table, path: &str) -> Result<RecordBatch, EngineError> {
        let bytes = self.read(path)?;
        file::of_bytes(table, bytes)
            .map_err(|error| EngineError::Data(self.damaged(path, &error.to_string())))
    }

    /// What cannot be made into a file.
    pub(crate) fn not_rows(&self, error: &(impl std::error::Error + ?Sized)) -> EngineError {
        EngineError::Data(format!("{}: rows that cannot be kept: {error}", self.root().display()))
    }
}

/// Learns what else is of persons who are forgotten.
pub(crate) fn learn(known: &mut Known, rows: &[(Partition, RecordBatch)]) {
    for (partition, batch) in rows.iter().filter(|(partition, _)| partition.table == Table::Handles) {
        known.learn_handles(&partition.network, batch);
    }
    for (partition, batch) in rows {
        for (person, id) in known.posts_in(partition, batch) {
            known.add(person, Of::Post, &partition.network, &id);
        }
    }
}

fn count(rows: &[(Partition, RecordBatch)]) -> u64 {
    rows.iter().map(|(_, batch)| batch.num_rows() as u64).sum()
}
