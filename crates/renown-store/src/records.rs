//! What the records of a store say of one person, for them to have.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use renown_core::record::Timestamp;
use renown_engine::EngineError;

use crate::forget::Whom;
use crate::forgotten::{Known, Of};
use crate::layout::{Partition, Table};
use crate::schema::{accounts, posts, schema};
use crate::store::Store;

/// A record that is about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOf {
    /// The network that it is of.
    pub network: String,
    /// The table that has it.
    pub table: Table,
    /// The columns that have a value, by name. Accounts of others, and what is theirs, are left out.
    pub cells: Vec<(String, String)>,
}

impl Store {
    /// All records that name a person or a post of theirs: those that [`Store::forget`] would remove. By table, network and day. Others
    /// have rights, too: their ids are left out.
    ///
    /// # Errors
    /// [`EngineError::Data`] if a file is damaged.
    pub fn records_of(&self, whom: &Whom) -> Result<Vec<RecordOf>, EngineError> {
        let known = self.known_of(whom)?;
        let records = self.in_all_rows(|partition, batch| records_in(&known, partition, batch))?;
        Ok(records.into_iter().flatten().collect())
    }
}

fn records_in(known: &Known, partition: &Partition, batch: &RecordBatch) -> Vec<RecordOf> {
    let (table, names) = (partition.table, schema(partition.table));
    let record = |row: usize| {
        let id = |column: usize| batch.column(column).as_string::<i32>().value(row);
        let is_theirs = |of, column| known.find(of, &partition.network, id(column)).is_some();
        let acts = table == Table::Interactions && batch.column(2).is_valid(row) && is_theirs(Of::Account, 2);
        let is_told = |column: usize| {
            let is_account = table != Table::Undos && accounts(table).contains(&column);
            let is_post = table == Table::Interactions && posts(table).contains(&column);
            match (is_account, is_post) {
                (true, _) => is_theirs(Of::Account, column),
                // On what somebody acted is theirs to know.
                (_, true) => acts || is_theirs(Of::Post, column),
                _ => true,
            }
        };
        let told =
            (0..batch.num_columns()).filter(|column| batch.column(*column).is_valid(row) && is_told(*column));
        let cells = told.map(|column| (names.field(column).name().clone(), cell(batch.column(column), row)));
        RecordOf { network: partition.network.clone(), table, cells: cells.collect() }
    };
    known.naming(partition, batch).into_iter().map(record).collect()
}

/// A value of a store's tables as text.
fn cell(column: &dyn Array, row: usize) -> String {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        _ => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(row);
            Timestamp::from_micros(micros).map_or_else(String::new, |at| at.to_string())
        }
    }
}
