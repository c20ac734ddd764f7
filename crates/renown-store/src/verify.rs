//! Whether a store is what it should be: every file, every row and every id.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use rayon::prelude::*;
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::{EngineError, Progress};

use crate::feed::Feed;
use crate::forgotten::{Forgotten as List, Known, Of};
use crate::join;
use crate::layout::{Partition, scored_day};
use crate::manifest::{TALLIES, folder};
use crate::scores::ScoresFile;
use crate::store::{Access, Store};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What is wrong, in the order of files.
    pub findings: Vec<String>,
    /// Files that were decoded.
    pub files: usize,
    /// Rows in them.
    pub rows: u64,
    /// Ids in them that were held against the list of those who are forgotten; 0 if there is nobody on it.
    pub ids: u64,
    /// How many persons are on it.
    pub forgotten: usize,
    /// Files that a killed run left behind: they do not count, and the next run that writes removes them.
    pub leftovers: usize,
}

/// What one file gives: its rows, and its ids that were looked up.
type Counts = (u64, u64);

impl Store {
    /// Decodes every file, and holds its bytes against its digest, its rows against what a store writes, and every id in it
    /// against the list of those who are forgotten.
    ///
    /// # Errors
    /// As [`Store::open`], where there is no manifest to go by.
    pub fn verify(root: &Path, progress: &Progress) -> Result<Verified, EngineError> {
        let (store, findings) = Self::begin(root, Access::Read)?;
        let known = store.manifest.forgotten.as_ref().map(List::known);
        let mut verified = Verified {
            findings,
            forgotten: store.manifest.forgotten.as_ref().map_or(0, List::len),
            leftovers: store.leftovers.len(),
            ..Verified::default()
        };
        if known.is_some() {
            // Whom they are about nobody knows.
            verified.findings.extend(store.leftovers.iter().map(|path| {
                let path = store.root().join(path);
                format!(
                    "{}: left behind by a run that was killed: any run that writes removes it",
                    path.display()
                )
            }));
        }
        let there: Vec<(&str, u64)> = (store.manifest.files())
            .filter(|(path, _)| store.root().join(path).exists())
            .map(|(path, entry)| (path, entry.rows))
            .collect();
        let results: Vec<Result<Counts, EngineError>> = (there.par_iter())
            .map(|(path, rows)| {
                if progress.cancelled.load(std::sync::atomic::Ordering::Relaxed) {
                    return Err(EngineError::Interrupted);
                }
                store.verify_file(path, *rows, known.as_ref(), progress)
            })
            .collect();
        for result in results {
            match result {
                Ok((rows, ids)) => {
                    verified.files += 1;
                    verified.rows += rows;
                    verified.ids += ids;
                }
                Err(EngineError::Interrupted) => return Err(EngineError::Interrupted),
                Err(error) => {
                    let text = error.to_string();
                    // A file of another length was named already.
                    let name = text.split(": ").next().unwrap_or_default();
                    if !verified.findings.iter().any(|finding| finding.split(": ").next() == Some(name)) {
                        verified.findings.push(text);
                    }
                }
            }
        }
        verified.findings.sort();
        Ok(verified)
    }

    fn verify_file(
        &self,
        path: &str,
        rows: u64,
        known: Option<&Known>,
        progress: &Progress,
    ) -> Result<Counts, EngineError> {
        let damaged = |why: &str| EngineError::Data(self.damaged(path, why));
        let folder = folder(path);
        let (found, ids) = if let Some(partition) = Partition::parse(folder) {
            let batch = self.rows_in(partition.table, path)?;
            let in_order =
                join::is_joined(partition.table, &batch).map_err(|error| damaged(&error.to_string()))?;
            if !in_order {
                return Err(damaged("its rows are not in order"));
            }
            let tally = empty()?;
            Feed::new(&tally).add(&partition, &batch).map_err(|error| damaged(&error.to_string()))?;
            let ids = known.map_or(Ok(0), |known| check_rows(known, &partition, &batch));
            (batch.num_rows() as u64, ids)
        } else if folder == TALLIES {
            let tally = empty()?;
            self.read_kept(path, &tally, progress)?;
            (0, known.map_or(Ok(0), |known| check_tally(known, &tally)))
        } else if let Some(day) = scored_day(folder) {
            let file = ScoresFile::of_bytes(self.read(path)?).map_err(|why| damaged(&why))?;
            if file.as_of != day.to_string() {
                return Err(damaged("it has the scores of another day"));
            }
            let ids = known.map_or(Ok(0), |known| check_scores(known, &file));
            (file.scores.0.len() as u64, ids)
        } else {
            return Err(damaged("the manifest has a file where none belongs"));
        };
        if folder != TALLIES && found != rows {
            return Err(damaged(&format!("it has {found} rows, and {rows} belong there")));
        }
        let ids =
            ids.map_err(|Forgotten| damaged("it has an id of somebody whom the store was told to forget"))?;
        Ok((found, ids))
    }
}

fn empty() -> Result<Tally, EngineError> {
    Tally::new(Arc::new(Words::new()), None).map_err(|error| EngineError::Data(error.to_string()))
}

/// An id of somebody who is forgotten is there.
struct Forgotten;

fn check_rows(known: &Known, partition: &Partition, batch: &RecordBatch) -> Result<u64, Forgotten> {
    let left = known.without(partition, batch).map_err(|_| Forgotten)?;
    if left.num_rows() < batch.num_rows() {
        return Err(Forgotten);
    }
    let (accounts, posts) = (crate::schema::accounts(partition.table), crate::schema::posts(partition.table));
    // A handle is the name of an account as well.
    if partition.table == crate::layout::Table::Handles {
        let handles = batch.column(1).as_string::<i32>();
        let mut names = handles.iter().flatten().map(|name| format!("@{name}"));
        if names.any(|name| known.find(Of::Account, &partition.network, &name).is_some()) {
            return Err(Forgotten);
        }
    }
    let ids = |column: &usize| (batch.num_rows() - batch.column(*column).null_count()) as u64;
    let mut columns: Vec<&usize> = accounts.iter().chain(posts).collect();
    columns.dedup();
    Ok(columns.into_iter().map(ids).sum())
}

fn check_tally(known: &Known, tally: &Tally) -> Result<u64, Forgotten> {
    let mut ids = 0;
    for (network, id) in tally.accounts().names() {
        ids += 1;
        if known.find(Of::Account, &tally.words().text(network), &id).is_some() {
            return Err(Forgotten);
        }
    }
    Ok(ids)
}

fn check_scores(known: &Known, file: &ScoresFile) -> Result<u64, Forgotten> {
    let mut ids = 0;
    for name in file.scores.0.keys() {
        ids += 1;
        if known.has_person(name) {
            return Err(Forgotten);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use renown_core::record::{Handle, Id, Interaction, Membership, Timestamp};
    use renown_engine::Tap;
    use renown_engine::state::ReadWith;

    use super::*;
    use crate::gather::Gatherer;
    use crate::store::Change;

    /// A store of two acts on somebody, once by id and once by handle, and of two who took part in a community.
    fn store(root: &Path) -> Store {
        let words = Arc::new(Words::new());
        let gatherer = Gatherer::new(words.clone());
        let (network, kind) = (words.intern("notes").unwrap(), words.intern("like").unwrap());
        let act = |target, actor| Interaction {
            at: Timestamp::from_seconds(1_780_000_000),
            actor: Some(Id::Number(actor)),
            target: Some(Id::new(target)),
            ..Interaction::new(network, kind)
        };
        let mut sink = gatherer.sink();
        sink.interaction(&act("7", 1));
        sink.interaction(&act("@seven", 2));
        sink.handle(&Handle { network, account: Id::Number(3), handle: "Three" });
        for (account, seconds) in [("5", 1_780_000_000), ("5", 1_780_000_100), ("@five", 1_780_000_000)] {
            let (at, account) = (Timestamp::from_seconds(seconds), Id::new(account));
            sink.membership(&Membership { at, network, account, community: "bread" });
        }
        drop(sink);
        let mut store = Store::open_or_create(root).unwrap();
        store.add(&gatherer, ReadWith::new(), &AtomicBool::new(false)).unwrap();
        store
    }

    /// Verification does not just repeat what forgetting did: an id on the list that a file still has is found.
    #[test]
    fn an_id_that_should_be_gone_is_found() {
        for (id, is_there) in [
            ("7", true),
            ("1", true),
            ("@Seven", true),
            ("@three", true),
            ("3", true),
            ("5", true),
            ("@Five", true),
            ("bread", false),
            ("8", false),
        ] {
            let root = tempfile::tempdir().unwrap();
            let mut store = store(root.path());
            let mut known = List::new().unwrap().known();
            let person = known.add_person();
            known.add(person, Of::Account, "notes", id);
            known.add(person, Of::Account, "other", "2");
            let mut change = Change::of(&store);
            change.manifest.forgotten = Some(known.into_list());
            store.commit(change).unwrap();
            drop(store);
            let verified = Store::verify(root.path(), &Progress::default()).unwrap();
            assert_eq!(verified.findings.len(), usize::from(is_there), "{id}: {:?}", verified.findings);
            assert!(is_there || verified.ids == 7, "{verified:?}");
        }
    }

    #[test]
    fn nothing_is_wrong_with_what_was_just_written() {
        let root = tempfile::tempdir().unwrap();
        drop(store(root.path()));
        let verified = Store::verify(root.path(), &Progress::default()).unwrap();
        assert_eq!((verified.findings.len(), verified.files, verified.rows), (0, 3, 5));
    }
}
