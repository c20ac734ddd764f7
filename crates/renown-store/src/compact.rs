//! One file for each partition, whatever order and pieces its rows came in.

use std::collections::BTreeMap;

use rayon::prelude::*;
use renown_engine::EngineError;

use crate::file;
use crate::layout::Partition;
use crate::store::{Change, Staged, Store};

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files with rows before.
    pub before: usize,
    /// And after.
    pub after: usize,
}

impl Store {
    /// Makes one file of all files of each partition, and drops kept tallies, which the next day makes anew. The same exports
    /// then make the same bytes.
    ///
    /// # Errors
    /// [`EngineError::Data`] if a file is damaged; [`EngineError::Usage`] if nothing can be written.
    pub fn compact(&mut self) -> Result<Compacted, EngineError> {
        let mut partitions: BTreeMap<Partition, Vec<String>> = BTreeMap::new();
        for (partition, path, _) in self.manifest.data() {
            partitions.entry(partition).or_default().push(path.to_owned());
        }
        let before = partitions.values().map(Vec::len).sum();
        let after = partitions.len();
        let several: Vec<(Partition, Vec<String>)> =
            partitions.into_iter().filter(|(_, paths)| paths.len() > 1).collect();
        let staged: Vec<Staged> = (several.par_iter())
            .map(|(partition, _)| {
                let rows = self.rows_of(partition)?;
                let bytes = file::to_bytes(&rows).map_err(|error| self.not_rows(&error))?;
                let staged = self.stage(&partition.to_string(), "parquet", &bytes, rows.num_rows() as u64);
                staged.map_err(|error| self.cannot_write(&error))
            })
            .collect::<Result<_, EngineError>>()?;
        let mut change = Change::of(self);
        let tallies: Vec<String> = self.manifest.tallies().map(|(path, _)| path.to_owned()).collect();
        for path in &tallies {
            change.remove_tally(path);
        }
        for path in several.iter().flat_map(|(_, paths)| paths) {
            change.remove(path);
        }
        for file in staged {
            change.add(file);
        }
        self.commit(change)?;
        Ok(Compacted { before, after })
    }
}
