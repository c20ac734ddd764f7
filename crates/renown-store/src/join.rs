//! Rows of a table put in order, those about the same thing joined.
//!
//! | rows | told apart by | two of the same |
//! |---|---|---|
//! | acts without an id, totals without a post | all but the amount | add up |
//! | other acts and totals | all but the amount | the larger amount |
//! | posts | time, id, author and kind of the total | the newest total, then the larger |
//! | observations | time, account, metric | the larger value |
//! | handles, undos, memberships | everything | are one |
//!
//! What adds up does so within one export only. Of several exports the largest amount counts, and so of each just what
//! it has beyond the ones before is kept ([`beyond`]): what lies in a store always adds up.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take, take_record_batch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};

use crate::layout::Table;
use crate::schema::{keys, schema};

/// All rows of several batches, in order, joined.
pub(crate) fn join(table: Table, batches: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let all = concat_batches(&schema(table), batches)?;
    let rows = key_rows(table, &all)?;
    let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
    order.sort_unstable_by(|a, b| rows.row(*a as usize).cmp(&rows.row(*b as usize)));
    let groups: Vec<&[u32]> = order.chunk_by(|a, b| rows.row(*a as usize) == rows.row(*b as usize)).collect();
    let first = UInt32Array::from_iter_values(groups.iter().map(|group| group[0]));
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(all.num_columns());
    for column in &all.columns()[..keys(table)] {
        columns.push(take(column, &first, None)?);
    }
    match table {
        Table::Interactions => {
            let amounts = all.column(6).as_primitive::<Int64Type>();
            columns.push(Arc::new(Int64Array::from_iter_values(groups.iter().map(|group| {
                let amounts = group.iter().map(|row| amounts.value(*row as usize));
                if adds_up(&all, group[0] as usize) {
                    amounts.fold(0, i64::saturating_add)
                } else {
                    amounts.max().unwrap_or(0)
                }
            }))));
        }
        Table::Observations => {
            let values = all.column(3).as_primitive::<Int64Type>();
            let largest =
                |group: &&[u32]| group.iter().map(|row| values.value(*row as usize)).max().unwrap_or(0);
            columns.push(Arc::new(Int64Array::from_iter_values(groups.iter().map(largest))));
        }
        Table::Posts => {
            let totals = Totals::new(&all);
            let newest = |group: &&[u32]| {
                let newest = group.iter().max_by(|a, b| totals.compare(**a as usize, **b as usize));
                newest.copied().unwrap_or(0)
            };
            let newest = UInt32Array::from_iter_values(groups.iter().map(newest));
            for column in &all.columns()[keys(table)..] {
                columns.push(take(column, &newest, None)?);
            }
        }
        Table::Handles | Table::Undos | Table::Memberships => {}
    }
    RecordBatch::try_new(schema(table), columns)
}

/// Whether a row is an interaction of which two that are alike are two.
fn adds_up(interactions: &RecordBatch, row: usize) -> bool {
    let is_there = |column: usize| interactions.column(column).is_valid(row);
    let (actor, object, id) = (is_there(2), is_there(4), is_there(5));
    !id && (actor || !object)
}

/// What interactions have beyond others; both are joined. Of a row that adds up it is what the amount has beyond that of
/// the same row there; another one is there, or is not.
pub(crate) fn beyond(old: &RecordBatch, new: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let converter = converter(Table::Interactions)?;
    let (old_rows, new_rows) = (convert(&converter, old)?, convert(&converter, new)?);
    let (old_amounts, new_amounts) =
        (old.column(6).as_primitive::<Int64Type>(), new.column(6).as_primitive::<Int64Type>());
    let (mut kept, mut amounts, mut at) = (Vec::new(), Vec::new(), 0);
    for row in 0..new.num_rows() {
        while at < old.num_rows() && old_rows.row(at) < new_rows.row(row) {
            at += 1;
        }
        let is_known = at < old.num_rows() && old_rows.row(at) == new_rows.row(row);
        let (known, amount) = (if is_known { old_amounts.value(at) } else { -1 }, new_amounts.value(row));
        if amount > known {
            kept.push(row as u32);
            amounts.push(if is_known && adds_up(new, row) { amount - known } else { amount });
        }
    }
    let mut columns = take_record_batch(new, &UInt32Array::from(kept))?.columns().to_vec();
    columns[6] = Arc::new(Int64Array::from(amounts));
    RecordBatch::try_new(schema(Table::Interactions), columns)
}

/// Whether rows are in order, and no two of them are about the same thing.
pub(crate) fn is_joined(table: Table, batch: &RecordBatch) -> Result<bool, ArrowError> {
    let rows = key_rows(table, batch)?;
    Ok((1..batch.num_rows()).all(|row| rows.row(row - 1) < rows.row(row)))
}

fn converter(table: Table) -> Result<RowConverter, ArrowError> {
    let schema = schema(table);
    let fields = schema.fields()[..keys(table)].iter();
    RowConverter::new(fields.map(|field| SortField::new(field.data_type().clone())).collect())
}

fn convert(converter: &RowConverter, batch: &RecordBatch) -> Result<Rows, ArrowError> {
    converter.convert_columns(&batch.columns()[..keys(Table::Interactions)])
}

fn key_rows(table: Table, batch: &RecordBatch) -> Result<Rows, ArrowError> {
    converter(table)?.convert_columns(&batch.columns()[..keys(table)])
}

/// The totals of posts, as tallies compare them: by the second in which they were observed, or else that of the post,
/// then by their size. (Then, for nobody but ourselves, by the rest of the time.)
struct Totals<'b> {
    at: &'b arrow::array::TimestampMicrosecondArray,
    observed_at: &'b arrow::array::TimestampMicrosecondArray,
    amount: &'b Int64Array,
}

impl<'b> Totals<'b> {
    fn new(posts: &'b RecordBatch) -> Self {
        Self {
            at: posts.column(0).as_primitive::<TimestampMicrosecondType>(),
            observed_at: posts.column(4).as_primitive::<TimestampMicrosecondType>(),
            amount: posts.column(5).as_primitive::<Int64Type>(),
        }
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let key = |row: usize| {
            let observed = self.observed_at.is_valid(row).then(|| self.observed_at.value(row));
            let seen = observed.or_else(|| self.at.is_valid(row).then(|| self.at.value(row)));
            let amount = self.amount.is_valid(row).then(|| self.amount.value(row));
            (seen.map_or(0, |seen| seen / 1_000_000), amount, observed)
        };
        key(a).cmp(&key(b))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::{Cell, Rows};

    /// An act by an actor, with an id or without.
    type Row = (u8, bool, u64);

    fn batch(rows: &[Row]) -> RecordBatch {
        let mut batch = Rows::new(Table::Interactions);
        for (actor, has_id, amount) in rows {
            let (text, id) = (Cell::Text(Some(actor)), Cell::Text(has_id.then_some(&"id")));
            let kind = Cell::Text(Some(&"like"));
            let none = Cell::Text(None);
            batch.push(&[Cell::Time(None), kind, text, text, none, id, Cell::Count(Some(*amount))]);
        }
        join(Table::Interactions, &[batch.take()]).unwrap()
    }

    /// What a store has after exports came in this order.
    fn stored(exports: &[&[Row]]) -> RecordBatch {
        let mut files = Vec::new();
        for export in exports {
            let there = join(Table::Interactions, &files).unwrap();
            files.push(beyond(&there, &batch(export)).unwrap());
        }
        join(Table::Interactions, &files).unwrap()
    }

    proptest! {
        #[test]
        fn exports_are_one_in_any_order_and_any_number_of_times(
            one in proptest::collection::vec((0_u8..4, any::<bool>(), 0_u64..5), 0..9),
            two in proptest::collection::vec((0_u8..4, any::<bool>(), 0_u64..5), 0..9),
        ) {
            let both = stored(&[&one, &two]);
            prop_assert!(is_joined(Table::Interactions, &both).unwrap());
            prop_assert_eq!(&both, &stored(&[&two, &one]));
            prop_assert_eq!(&both, &stored(&[&one, &two, &one, &two, &two]));
            prop_assert_eq!(stored(&[&one, &one]), batch(&one));
            // Of each row what the export has that has most of it: sums of those without an id, the largest of the others.
            let amounts = both.column(6).as_primitive::<Int64Type>();
            let total: i64 = amounts.iter().flatten().sum();
            let of = |rows: &[Row], actor: u8, has_id: bool| {
                let rows = rows.iter().filter(|row| (row.0, row.1) == (actor, has_id)).map(|row| row.2);
                if has_id { rows.max().unwrap_or(0) } else { rows.sum() }
            };
            let expected: u64 = (0..4)
                .flat_map(|actor| [false, true].map(|has_id| of(&one, actor, has_id).max(of(&two, actor, has_id))))
                .sum();
            prop_assert_eq!(total as u64, expected);
        }
    }
}
