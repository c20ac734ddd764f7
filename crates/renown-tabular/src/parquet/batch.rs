//! A batch of rows: its columns, and the networks and kinds that were looked up for it.

use std::cell::Cell as Slot;
use std::fmt::Write as _;

use arrow::array::{Array as _, AsArray, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::util::display::array_value_to_string;
use renown_sdk::Word;

use super::column::{Column, Words};
use crate::cell::{Cell, Problem};
use crate::places::Place;
use crate::plan::Plan;
use crate::rows::{self, Row};
use crate::words::Network;

/// The largest table of networks times kinds that is kept per batch; real ones have dozens of entries.
const TABLE: usize = 4_096;

/// The columns at these paths of a batch.
pub(super) fn columns(records: &RecordBatch, paths: &[Vec<String>]) -> Vec<Column> {
    paths.iter().map(|path| column(records, path)).collect()
}

/// The column at a path, through structs.
fn column(records: &RecordBatch, path: &[String]) -> Column {
    let mut nulls = None;
    let mut names = path.iter();
    let mut array = names.next().and_then(|name| records.column_by_name(name));
    for name in names {
        let Some(outer) = array.and_then(|array| array.as_struct_opt()) else { break };
        nulls = NullBuffer::union(nulls.as_ref(), outer.nulls());
        array = outer.column_by_name(name);
    }
    array.map_or_else(Column::absent, |array| Column::new(array, nulls.as_ref()))
}

/// A row as text, for those that are rejected: `column: value` of the columns that were read.
pub(super) fn row_text(records: &RecordBatch, row: usize) -> String {
    let mut text = String::new();
    for (field, array) in records.schema_ref().fields().iter().zip(records.columns()) {
        let value = array_value_to_string(array, row).unwrap_or_default();
        let _ = write!(text, "{}{}: {value}", if text.is_empty() { "" } else { ", " }, field.name());
    }
    text
}

/// The columns of one batch, and what its words are.
#[derive(Debug)]
pub(super) struct Batch<'b, 'p> {
    pub(super) plan: &'p Plan,
    columns: &'b [Column],
    network_keys: Keys<'b>,
    kind_keys: Keys<'b>,
    /// The network of each key, once it was looked up.
    networks: Vec<Slot<Option<&'p Network>>>,
    /// The kind of each pair of keys, once it was looked up.
    kinds: Vec<Slot<Option<Word>>>,
}

/// What stands for the word of a row.
#[derive(Clone, Copy, Debug)]
enum Keys<'b> {
    /// All rows have the same word: 0.
    Same,
    /// Its place in the dictionary.
    Dictionary(Words<'b>),
    /// Nothing: it is looked up by its text.
    None,
}

impl<'b> Keys<'b> {
    fn of(plan: &Plan, columns: &'b [Column], slot: usize) -> Self {
        match plan.places[slot] {
            Place::Column(at) => columns[at].words().map_or(Self::None, Self::Dictionary),
            Place::Constant(_) => Self::Same,
            Place::Absent => Self::None,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Same => 1,
            Self::Dictionary(words) => words.count,
            Self::None => 0,
        }
    }

    #[inline]
    fn key(&self, row: usize) -> Option<usize> {
        match self {
            Self::Same => Some(0),
            Self::Dictionary(words) => words.key(row),
            Self::None => None,
        }
    }
}

impl<'b, 'p> Batch<'b, 'p> {
    /// The column that a slot is in, if it is in one.
    pub(super) fn column(&self, slot: usize) -> Option<&'b Column> {
        match self.plan.places[slot] {
            Place::Column(at) => Some(&self.columns[at]),
            _ => None,
        }
    }

    /// The network and kind of a row, if they were looked up before.
    #[inline]
    pub(super) fn known_words(&self, row: usize) -> Option<(&'p Network, Word)> {
        let network = self.network_keys.key(row)?;
        let kind = network * self.kind_keys.count() + self.kind_keys.key(row)?;
        self.networks.get(network)?.get().zip(self.kinds.get(kind)?.get())
    }

    pub(super) fn new(plan: &'p Plan, columns: &'b [Column]) -> Self {
        let network_keys = Keys::of(plan, columns, plan.fields().network);
        let kind_keys = plan.fields().kind.map_or(Keys::None, |slot| Keys::of(plan, columns, slot));
        let pairs = network_keys.count().saturating_mul(kind_keys.count());
        Self {
            networks: vec![Slot::new(None); network_keys.count().min(TABLE)],
            kinds: vec![Slot::new(None); if pairs <= TABLE { pairs } else { 0 }],
            plan,
            columns,
            network_keys,
            kind_keys,
        }
    }
}

/// A row of a batch.
#[derive(Clone, Copy)]
pub(super) struct BatchRow<'r, 'b, 'p> {
    pub(super) batch: &'r Batch<'b, 'p>,
    pub(super) row: usize,
}

impl<'p> Row<'p> for BatchRow<'_, '_, 'p> {
    #[inline]
    fn column(&self, at: usize) -> Cell<'_> {
        self.batch.columns[at].cell(self.row, self.batch.plan)
    }

    #[inline]
    fn network(&self, plan: &'p Plan, scratch: &mut String) -> Result<&'p Network, Problem> {
        let known = self.batch.network_keys.key(self.row).and_then(|key| self.batch.networks.get(key));
        if let Some(network) = known.and_then(Slot::get) {
            return Ok(network);
        }
        let network = rows::network(plan, self, scratch)?;
        if let Some(known) = known {
            known.set(Some(network));
        }
        Ok(network)
    }

    #[inline]
    fn kind(
        &self,
        plan: &'p Plan,
        slot: usize,
        network: &Network,
        scratch: &mut String,
    ) -> Result<Option<Word>, Problem> {
        let keys = self.batch.network_keys.key(self.row).zip(self.batch.kind_keys.key(self.row));
        let known = keys
            .and_then(|(network, kind)| self.batch.kinds.get(network * self.batch.kind_keys.count() + kind));
        if let Some(kind) = known.and_then(Slot::get) {
            return Ok(Some(kind));
        }
        let kind = rows::kind(plan, self, slot, network, scratch)?;
        if let Some(known) = known {
            known.set(kind);
        }
        Ok(kind)
    }
}
