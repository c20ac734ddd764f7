//! From rows of the store to the records that they were.

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use renown_core::record::{
    Handle, Id, Interaction, MAX_AMOUNT, Membership, Observation, Post, Timestamp, Undo, Undone,
};
use renown_core::tally::{BadRecord, Batch, Tally};
use renown_core::words::{TooManyWords, Word};

use crate::layout::{Partition, Table};
use crate::schema::what;

/// Why rows are not what a store writes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadRow {
    #[error(transparent)]
    Record(#[from] BadRecord),
    #[error(transparent)]
    Words(#[from] TooManyWords),
    #[error("a time before 1970 or after 2148")]
    Time,
    #[error("a negative amount")]
    Amount,
    #[error("a row of another day")]
    Day,
    #[error("something was taken back that is neither an act, a post nor an account")]
    Undone,
}

/// Takes records of a tally.
pub(crate) struct Feed<'t> {
    tally: &'t Tally,
    batch: Batch,
}

impl<'t> Feed<'t> {
    pub(crate) fn new(tally: &'t Tally) -> Self {
        Self { tally, batch: tally.batch() }
    }

    /// Adds rows of a partition.
    pub(crate) fn add(&mut self, partition: &Partition, rows: &RecordBatch) -> Result<(), BadRow> {
        let network = self.tally.words().intern(&partition.network)?;
        match partition.table {
            Table::Interactions => self.interactions(partition, network, rows)?,
            Table::Posts => self.posts(partition, network, rows)?,
            Table::Observations => self.observations(partition, network, rows)?,
            Table::Handles => self.handles(network, rows)?,
            Table::Undos => self.undos(partition, network, rows)?,
            Table::Memberships => self.memberships(partition, network, rows)?,
        }
        self.tally.add(&mut self.batch);
        Ok(())
    }

    fn add_if_full(&mut self) {
        if self.batch.is_full() {
            self.tally.add(&mut self.batch);
        }
    }

    /// The word of a text; `last` saves looking the same one up again.
    fn word(&self, text: &str, last: &mut Option<(String, Word)>) -> Result<Word, BadRow> {
        match last {
            Some((known, word)) if known == text => Ok(*word),
            _ => Ok(last.insert((text.to_owned(), self.tally.words().intern(text)?)).1),
        }
    }

    fn interactions(
        &mut self,
        partition: &Partition,
        network: Word,
        rows: &RecordBatch,
    ) -> Result<(), BadRow> {
        let (at, amount) = (times(rows, 0), counts(rows, 6));
        let [kind, actor, target, object, id] = [1, 2, 3, 4, 5].map(|column| texts(rows, column));
        let mut last = None;
        for row in 0..rows.num_rows() {
            let actor = id_at(actor, row);
            let record = Interaction {
                at: time_in(partition, at, row)?,
                network,
                kind: self.word(kind.value(row), &mut last)?,
                actor,
                target: id_at(target, row),
                object: id_at(object, row),
                id: id_at(id, row),
                amount: count_at(amount, row)?,
            };
            // Amounts that were added up may be more than a record carries.
            let most = if actor.is_some() { u64::from(u32::MAX) } else { MAX_AMOUNT };
            let mut left = record.amount;
            while left > most {
                self.batch.interaction(self.tally, &Interaction { amount: most, ..record })?;
                left -= most;
            }
            self.batch.interaction(self.tally, &Interaction { amount: left, ..record })?;
            self.add_if_full();
        }
        Ok(())
    }

    fn posts(&mut self, partition: &Partition, network: Word, rows: &RecordBatch) -> Result<(), BadRow> {
        let (at, observed, amount) = (times(rows, 0), times(rows, 4), counts(rows, 5));
        let [id, author, kind] = [1, 2, 3].map(|column| texts(rows, column));
        let (mut last, mut totals) = (None, Vec::new());
        for row in 0..rows.num_rows() {
            if kind.is_valid(row) {
                totals.push((self.word(kind.value(row), &mut last)?, count_at(amount, row)?));
            }
            // The totals that were seen together come one after another, and are one record.
            let next = row + 1;
            let goes_on = next < rows.num_rows()
                && id.value(next) == id.value(row)
                && id_at(author, next) == id_at(author, row)
                && time_at(at, next)? == time_at(at, row)?
                && time_at(observed, next)? == time_at(observed, row)?;
            if !goes_on {
                let post = Post {
                    network,
                    id: Id::new(id.value(row)),
                    author: id_at(author, row),
                    at: time_in(partition, at, row)?,
                    observed_at: time_at(observed, row)?,
                    totals: &totals,
                };
                self.batch.post(self.tally, &post)?;
                totals.clear();
                self.add_if_full();
            }
        }
        Ok(())
    }

    fn observations(
        &mut self,
        partition: &Partition,
        network: Word,
        rows: &RecordBatch,
    ) -> Result<(), BadRow> {
        let (at, value) = (times(rows, 0), counts(rows, 3));
        let [account, metric] = [1, 2].map(|column| texts(rows, column));
        let mut last = None;
        for row in 0..rows.num_rows() {
            let record = Observation {
                at: time_in(partition, at, row)?,
                network,
                account: Id::new(account.value(row)),
                metric: self.word(metric.value(row), &mut last)?,
                value: count_at(value, row)?,
            };
            self.batch.observation(self.tally, &record)?;
            self.add_if_full();
        }
        Ok(())
    }

    fn handles(&mut self, network: Word, rows: &RecordBatch) -> Result<(), BadRow> {
        let [account, handle] = [0, 1].map(|column| texts(rows, column));
        for row in 0..rows.num_rows() {
            let (account, handle) = (Id::new(account.value(row)), handle.value(row));
            self.batch.handle(&Handle { network, account, handle })?;
            self.add_if_full();
        }
        Ok(())
    }

    fn memberships(
        &mut self,
        partition: &Partition,
        network: Word,
        rows: &RecordBatch,
    ) -> Result<(), BadRow> {
        let at = times(rows, 0);
        let [account, community] = [1, 2].map(|column| texts(rows, column));
        for row in 0..rows.num_rows() {
            let (at, account) = (time_in(partition, at, row)?, Id::new(account.value(row)));
            let record = Membership { at, network, account, community: community.value(row) };
            self.batch.membership(self.tally, &record)?;
            self.add_if_full();
        }
        Ok(())
    }

    fn undos(&mut self, partition: &Partition, network: Word, rows: &RecordBatch) -> Result<(), BadRow> {
        let at = times(rows, 0);
        let [sort, kind, id] = [1, 2, 3].map(|column| texts(rows, column));
        let mut last = None;
        for row in 0..rows.num_rows() {
            let id = Id::new(id.value(row));
            let undone = match sort.value(row) {
                what::ACT if kind.is_valid(row) => {
                    Undone::Act { kind: self.word(kind.value(row), &mut last)?, id }
                }
                what::POST => Undone::Post(id),
                what::CLOSED => Undone::Account { account: id, back: false },
                what::BACK => Undone::Account { account: id, back: true },
                _ => return Err(BadRow::Undone),
            };
            self.batch.undo(self.tally, &Undo { at: time_in(partition, at, row)?, network, undone })?;
            self.add_if_full();
        }
        Ok(())
    }
}

fn texts(rows: &RecordBatch, column: usize) -> &StringArray {
    rows.column(column).as_string()
}

fn times(rows: &RecordBatch, column: usize) -> &TimestampMicrosecondArray {
    rows.column(column).as_primitive::<TimestampMicrosecondType>()
}

fn counts(rows: &RecordBatch, column: usize) -> &Int64Array {
    rows.column(column).as_primitive::<Int64Type>()
}

fn id_at(column: &StringArray, row: usize) -> Option<Id<'_>> {
    column.is_valid(row).then(|| Id::new(column.value(row)))
}

fn count_at(column: &Int64Array, row: usize) -> Result<u64, BadRow> {
    u64::try_from(column.value(row)).map_err(|_| BadRow::Amount)
}

fn time_at(column: &TimestampMicrosecondArray, row: usize) -> Result<Option<Timestamp>, BadRow> {
    if column.is_null(row) {
        return Ok(None);
    }
    Timestamp::from_micros(column.value(row)).map(Some).ok_or(BadRow::Time)
}

/// The time of a row, which must be of its partition's day.
fn time_in(
    partition: &Partition,
    column: &TimestampMicrosecondArray,
    row: usize,
) -> Result<Option<Timestamp>, BadRow> {
    let at = time_at(column, row)?;
    if renown_core::record::Day::of(at) == partition.day { Ok(at) } else { Err(BadRow::Day) }
}
