//! Whom a store forgot: keyed hashes of their ids, so that an old export does not bring them back.
//!
//! Whoever has the store has the key, and can try whether somebody is on the list; nobody can read the list without
//! trying. That is as little as can be kept if old exports are to be held against it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::layout::{Partition, Table};
use crate::schema::{accounts, posts, what};

/// The list, as the manifest has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forgotten {
    /// The key, chosen by chance when the store forgot for the first time.
    key: String,
    /// For each person who was forgotten, the hashes of all ids that are theirs.
    persons: BTreeSet<BTreeSet<String>>,
}

/// What an id is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    Account,
    /// A post, or an act.
    Post,
    /// A person, by the name in scores; the network is empty.
    Person,
}

impl Forgotten {
    /// An empty list with a new key.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 16];
        getrandom::fill(&mut key)?;
        Ok(Self { key: format!("{:032x}", u128::from_be_bytes(key)), persons: BTreeSet::new() })
    }

    /// How many persons are on it.
    pub(crate) fn len(&self) -> usize {
        self.persons.len()
    }

    /// The list made ready for looking ids up.
    pub(crate) fn known(&self) -> Known {
        let persons = self.persons.iter().cloned().collect::<Vec<_>>();
        let mut hashes = HashMap::new();
        for (person, of) in persons.iter().enumerate() {
            hashes.extend(of.iter().map(|hash| (hash.clone(), person)));
        }
        Known { key: self.key.clone(), persons, hashes }
    }
}

/// A list made ready: to look ids up, and to learn more that are of the same persons.
#[derive(Debug)]
pub(crate) struct Known {
    key: String,
    persons: Vec<BTreeSet<String>>,
    hashes: HashMap<String, usize>,
}

impl Known {
    /// The list.
    pub(crate) fn into_list(self) -> Forgotten {
        let persons = self.persons.into_iter().filter(|hashes| !hashes.is_empty()).collect();
        Forgotten { key: self.key, persons }
    }

    /// How many persons are on it.
    pub(crate) fn len(&self) -> usize {
        self.persons.iter().filter(|hashes| !hashes.is_empty()).count()
    }

    fn hash(&self, of: Of, network: &str, id: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.key);
        hash.update([of as u8]);
        hash.update((network.len() as u64).to_le_bytes());
        hash.update(network);
        // Handles have no case.
        hash.update(if id.starts_with('@') { id.to_lowercase() } else { id.to_owned() });
        let hash: [u8; 32] = hash.finalize().into();
        let half = std::array::from_fn(|byte| hash[byte]);
        format!("{:032x}", u128::from_be_bytes(half))
    }

    /// Which person an id is of, if one on the list.
    pub(crate) fn find(&self, of: Of, network: &str, id: &str) -> Option<usize> {
        if self.hashes.is_empty() { None } else { self.hashes.get(&self.hash(of, network, id)).copied() }
    }

    /// Adds a person without any id.
    pub(crate) fn add_person(&mut self) -> usize {
        self.persons.push(BTreeSet::new());
        self.persons.len() - 1
    }

    /// Says that an id is of a person.
    pub(crate) fn add(&mut self, person: usize, of: Of, network: &str, id: &str) {
        let hash = self.hash(of, network, id);
        self.persons[person].insert(hash.clone());
        self.hashes.insert(hash, person);
    }

    /// Takes a person off the list. There may be others' hashes left that were also theirs.
    pub(crate) fn lift(&mut self, person: usize) {
        self.persons[person].clear();
        self.hashes.retain(|_, of| *of != person);
    }

    /// Learns which handles rows give to accounts on the list. A handle that another account had as well is of the one whose
    /// id is first in order of text, as when scoring.
    pub(crate) fn learn_handles(&mut self, network: &str, handles: &RecordBatch) {
        let (ids, names) = (handles.column(0).as_string::<i32>(), handles.column(1).as_string::<i32>());
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (id, name) in ids.iter().flatten().zip(names.iter().flatten()) {
            let owner = owners.entry(name.to_lowercase()).or_insert(id);
            *owner = id.min(owner);
        }
        for (name, owner) in owners {
            if let Some(person) = self.find(Of::Account, network, owner) {
                self.add(person, Of::Account, network, &format!("@{name}"));
            }
        }
    }

    /// The posts and acts in rows that are of accounts on the list, and of which person each is.
    pub(crate) fn posts_in(&self, partition: &Partition, batch: &RecordBatch) -> Vec<(usize, String)> {
        let (author, id) = match partition.table {
            Table::Posts => (2, 1),
            Table::Interactions => (2, 5),
            _ => return Vec::new(),
        };
        let (authors, ids) = (batch.column(author).as_string::<i32>(), batch.column(id).as_string::<i32>());
        let theirs = |(author, id): (Option<&str>, Option<&str>)| {
            Some((self.find(Of::Account, &partition.network, author?)?, id?.to_owned()))
        };
        authors.iter().zip(ids).filter_map(theirs).collect()
    }

    /// Whether a person of scores is on the list: by their name, or as an account of their own.
    pub(crate) fn has_person(&self, name: &str) -> bool {
        let lone = name.split_once(':').and_then(|(network, id)| self.find(Of::Account, network, id));
        lone.or_else(|| self.find(Of::Person, "", name)).is_some()
    }

    /// Whether a row names nobody on the list, and nothing of theirs.
    fn leaves(
        &self,
        partition: &Partition,
        columns: &[(Of, &StringArray)],
        batch: &RecordBatch,
        row: usize,
    ) -> bool {
        columns.iter().all(|(of, column)| {
            let of = match (partition.table, of) {
                // What the id is of, another column says.
                (Table::Undos, _) => match batch.column(1).as_string::<i32>().value(row) {
                    what::CLOSED | what::BACK => Of::Account,
                    _ => Of::Post,
                },
                (_, of) => *of,
            };
            column.is_null(row) || self.find(of, &partition.network, column.value(row)).is_none()
        })
    }

    /// The rows that name somebody on the list, or something of theirs.
    pub(crate) fn naming(&self, partition: &Partition, batch: &RecordBatch) -> Vec<usize> {
        let columns = named(partition.table, batch);
        (0..batch.num_rows()).filter(|row| !self.leaves(partition, &columns, batch, *row)).collect()
    }

    /// The rows that name nobody on the list, and nothing of theirs.
    pub(crate) fn without(
        &self,
        partition: &Partition,
        batch: &RecordBatch,
    ) -> Result<RecordBatch, ArrowError> {
        let columns = named(partition.table, batch);
        let kept: BooleanArray =
            (0..batch.num_rows()).map(|row| Some(self.leaves(partition, &columns, batch, row))).collect();
        if kept.true_count() == batch.num_rows() {
            Ok(batch.clone())
        } else {
            filter_record_batch(batch, &kept)
        }
    }
}

/// The columns of rows that have ids, and what these are of.
fn named(table: Table, batch: &RecordBatch) -> Vec<(Of, &StringArray)> {
    let text = |column: &usize| batch.column(*column).as_string::<i32>();
    let accounts = accounts(table).iter().map(|column| (Of::Account, text(column)));
    accounts.chain(posts(table).iter().map(|column| (Of::Post, text(column)))).collect()
}
