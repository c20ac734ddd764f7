//! Forgetting a person: everything that names them leaves the store, and stays out.

use std::collections::BTreeSet;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use rayon::prelude::*;
use renown_engine::EngineError;

use crate::file;
use crate::forgotten::{Forgotten, Known, Of};
use crate::layout::{Partition, Table, scored_day};
use crate::manifest::folder;
use crate::store::{Change, Staged, Store};

/// Who is to be forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// The name in scores, if they are in the people file.
    pub name: Option<String>,
    /// Their accounts, as network and id or `@handle`.
    pub accounts: Vec<(String, String)>,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgot {
    /// Rows that named them or a post of theirs.
    pub rows: u64,
    /// Days whose scores had them.
    pub days: usize,
    /// Files that were written anew or removed.
    pub files: usize,
}

impl Store {
    /// Removes a person from rows, tallies and published scores, and puts them on the list of those whom no export brings
    /// back. Kept tallies are all dropped; the next day makes them anew.
    ///
    /// Theirs is what names one of their accounts, by id or by a handle that they had, and what names a post or an act
    /// of theirs.
    ///
    /// # Errors
    /// [`EngineError::Data`] if a file is damaged; [`EngineError::Usage`] if nothing can be written.
    pub fn forget(&mut self, whom: &Whom) -> Result<Forgot, EngineError> {
        let mut known = match &self.manifest.forgotten {
            Some(list) => list.known(),
            None => empty()?.known(),
        };
        self.put_on_list(whom, &mut known)?;

        let data: Vec<(Partition, String)> =
            self.manifest.data().map(|(partition, path, _)| (partition, path.to_owned())).collect();
        let rewritten: Vec<Rewritten> = (data.par_iter())
            .map(|(partition, path)| self.without_rows(partition, path, &known))
            .collect::<Result<_, EngineError>>()?;
        let scores: Vec<String> = self.manifest.scores().map(|(_, path, _)| path.to_owned()).collect();
        let scores: Vec<Rewritten> = (scores.par_iter())
            .map(|path| self.without_scores(path, &known))
            .collect::<Result<_, EngineError>>()?;

        let mut change = Change::of(self);
        let mut forgot = Forgot::default();
        let tallies: Vec<String> = self.manifest.tallies().map(|(path, _)| path.to_owned()).collect();
        for path in &tallies {
            change.remove_tally(path);
        }
        for file in rewritten.into_iter().chain(scores).filter(|file| file.removed > 0) {
            if scored_day(folder(&file.path)).is_some() {
                forgot.days += 1;
            } else {
                forgot.rows += file.removed;
            }
            forgot.files += 1;
            change.remove(&file.path);
            if let Some(staged) = file.instead {
                change.add(staged);
            }
        }
        change.manifest.forgotten = Some(known.into_list());
        self.commit(change)?;
        Ok(forgot)
    }

    /// Takes a person off the list, so that exports bring them back. Whether they were on it.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if nothing can be written.
    pub fn lift(&mut self, whom: &Whom) -> Result<bool, EngineError> {
        let Some(list) = &self.manifest.forgotten else { return Ok(false) };
        let mut known = list.known();
        let persons = persons(&known, whom);
        for person in &persons {
            known.lift(*person);
        }
        let mut change = Change::of(self);
        change.manifest.forgotten = Some(known.into_list()).filter(|list| list.len() > 0);
        self.commit(change)?;
        Ok(!persons.is_empty())
    }

    /// For each of several persons, whether they are on the list.
    pub fn forgotten_among(&self, all: &[Whom]) -> Vec<bool> {
        let known = self.manifest.forgotten.as_ref().map(Forgotten::known);
        all.iter().map(|whom| known.as_ref().is_some_and(|known| !persons(known, whom).is_empty())).collect()
    }

    /// A person as if they were the only one on a list, by all that is theirs.
    pub(crate) fn known_of(&self, whom: &Whom) -> Result<Known, EngineError> {
        let mut known = empty()?.known();
        self.put_on_list(whom, &mut known)?;
        Ok(known)
    }

    /// What is found in the rows of each file, by table, network and day.
    pub(crate) fn in_all_rows<T: Send>(
        &self,
        find: impl Fn(&Partition, &RecordBatch) -> T + Sync,
    ) -> Result<Vec<T>, EngineError> {
        let data: Vec<(Partition, &str)> =
            self.manifest.data().map(|(partition, path, _)| (partition, path)).collect();
        (data.par_iter())
            .map(|(partition, path)| Ok(find(partition, &self.rows_in(partition.table, path)?)))
            .collect()
    }

    /// Puts a person on the list: their name, accounts and handles, and their posts and acts.
    fn put_on_list(&self, whom: &Whom, known: &mut Known) -> Result<(), EngineError> {
        // Whoever is on it already may have got more accounts.
        let person = persons(known, whom).first().copied().unwrap_or_else(|| known.add_person());
        if let Some(name) = &whom.name {
            known.add(person, Of::Person, "", name);
        }
        for (network, id) in &whom.accounts {
            known.add(person, Of::Account, network, id);
        }
        let handles: BTreeSet<Partition> = (self.manifest.data())
            .map(|(partition, ..)| partition)
            .filter(|partition| partition.table == Table::Handles)
            .collect();
        for partition in handles {
            let rows = self.rows_of(&partition)?;
            for (network, id) in whom.accounts.iter().filter(|(network, _)| *network == partition.network) {
                if let Some(owner) = owner(id, &rows) {
                    known.add(person, Of::Account, network, owner);
                }
            }
            known.learn_handles(&partition.network, &rows);
        }
        let posts = self
            .in_all_rows(|partition, batch| (partition.network.clone(), known.posts_in(partition, batch)))?;
        for (network, posts) in posts {
            for (person, id) in posts {
                known.add(person, Of::Post, &network, &id);
            }
        }
        Ok(())
    }

    fn without_rows(
        &self,
        partition: &Partition,
        path: &str,
        known: &Known,
    ) -> Result<Rewritten, EngineError> {
        let batch = self.rows_in(partition.table, path)?;
        let left = known.without(partition, &batch).map_err(|error| self.not_rows(&error))?;
        let removed = (batch.num_rows() - left.num_rows()) as u64;
        let bytes = || file::to_bytes(&left).map_err(|error| self.not_rows(&error));
        self.rewritten(path, removed, left.num_rows() as u64, bytes)
    }

    fn without_scores(&self, path: &str, known: &Known) -> Result<Rewritten, EngineError> {
        let (bytes, removed, left) = scores_without(self.read(path)?, known)
            .map_err(|error| EngineError::Data(self.damaged(path, &error.to_string())))?;
        self.rewritten(path, removed, left, || Ok(bytes))
    }

    fn rewritten(
        &self,
        path: &str,
        removed: u64,
        left: u64,
        bytes: impl FnOnce() -> Result<Vec<u8>, EngineError>,
    ) -> Result<Rewritten, EngineError> {
        // A day of which nobody's scores are left was published all the same.
        let is_kept = left > 0 || scored_day(folder(path)).is_some();
        let instead = if removed > 0 && is_kept {
            let staged = self.stage(folder(path), "parquet", &bytes()?, left);
            Some(staged.map_err(|error| self.cannot_write(&error))?)
        } else {
            None
        };
        Ok(Rewritten { path: path.to_owned(), removed, instead })
    }
}

fn empty() -> Result<Forgotten, EngineError> {
    Forgotten::new().map_err(|error| EngineError::Usage(format!("the system has no random numbers: {error}")))
}

/// A file and what comes in its place.
struct Rewritten {
    path: String,
    /// How many rows were removed.
    removed: u64,
    instead: Option<Staged>,
}

/// The persons on the list whose name or account it is.
fn persons(known: &Known, whom: &Whom) -> BTreeSet<usize> {
    let by_name = whom.name.iter().filter_map(|name| known.find(Of::Person, "", name));
    let accounts = whom.accounts.iter();
    by_name.chain(accounts.filter_map(|(network, id)| known.find(Of::Account, network, id))).collect()
}

/// The account that has a handle: of several, the one whose id is first in order of text.
fn owner<'b>(handle: &str, handles: &'b RecordBatch) -> Option<&'b str> {
    let handle = handle.strip_prefix('@')?.to_lowercase();
    let (ids, names) = (handles.column(0).as_string::<i32>(), handles.column(1).as_string::<i32>());
    let pairs = ids.iter().flatten().zip(names.iter().flatten());
    pairs.filter(|(_, name)| name.to_lowercase() == handle).map(|(id, _)| id).min()
}

/// A file of scores without those who are forgotten, how many rows are gone, and how many are left.
fn scores_without(bytes: Bytes, known: &Known) -> Result<(Vec<u8>, u64, u64), ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let pairs = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let pairs = pairs.into_iter().filter(|pair| pair.key.starts_with("renown.")).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), builder.schema().clone(), Some(properties))?;
    let (mut removed, mut left) = (0, 0);
    for batch in builder.build()? {
        let batch = batch?;
        let persons = batch.column_by_name("person").and_then(|column| column.as_string_opt::<i32>());
        let persons = persons.ok_or_else(|| ParquetError::General("it has no column `person`".into()))?;
        let kept: BooleanArray =
            persons.iter().map(|name| Some(!name.is_some_and(|name| known.has_person(name)))).collect();
        let batch = filter_record_batch(&batch, &kept)?;
        removed += (kept.len() - batch.num_rows()) as u64;
        left += batch.num_rows() as u64;
        writer.write(&batch)?;
    }
    Ok((writer.into_inner()?, removed, left))
}
