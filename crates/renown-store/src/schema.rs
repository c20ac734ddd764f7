//! The columns of the tables.

use std::fmt::{Display, Write as _};
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, Int64Builder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use renown_core::record::Timestamp;

use crate::layout::Table;

/// The columns of a table. The first ones, [`keys`] of them, tell rows apart.
pub(crate) fn schema(table: Table) -> SchemaRef {
    static SCHEMAS: LazyLock<Vec<SchemaRef>> = LazyLock::new(|| Table::ALL.map(new_schema).to_vec());
    SCHEMAS[table as usize].clone()
}

fn new_schema(table: Table) -> SchemaRef {
    let field = |name: &str, kind: DataType, is_optional| Field::new(name, kind, is_optional);
    let text = |name| field(name, DataType::Utf8, false);
    let text_or_none = |name| field(name, DataType::Utf8, true);
    let time = |name| field(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true);
    let fields = match table {
        Table::Interactions => vec![
            time("at"),
            text("kind"),
            text_or_none("actor"),
            text_or_none("target"),
            text_or_none("object"),
            text_or_none("id"),
            field("amount", DataType::Int64, false),
        ],
        Table::Posts => vec![
            time("at"),
            text("id"),
            text_or_none("author"),
            text_or_none("kind"),
            time("observed_at"),
            field("amount", DataType::Int64, true),
        ],
        Table::Observations => {
            vec![time("at"), text("account"), text("metric"), field("value", DataType::Int64, false)]
        }
        Table::Handles => vec![text("account"), text("handle")],
        Table::Undos => vec![time("at"), text("what"), text_or_none("kind"), text("id")],
        Table::Memberships => vec![time("at"), text("account"), text("community")],
    };
    Arc::new(Schema::new(fields))
}

/// How many columns tell the rows of a table apart; the others are what is known of each.
pub(crate) const fn keys(table: Table) -> usize {
    match table {
        Table::Interactions => 6,
        Table::Posts | Table::Undos => 4,
        Table::Observations | Table::Memberships => 3,
        Table::Handles => 2,
    }
}

/// The columns that name accounts.
pub(crate) const fn accounts(table: Table) -> &'static [usize] {
    match table {
        Table::Interactions => &[2, 3],
        Table::Posts => &[2],
        Table::Observations | Table::Memberships => &[1],
        Table::Handles => &[0],
        // As `what` says.
        Table::Undos => &[3],
    }
}

/// The columns that name posts, or acts, which on many networks are posts as well.
pub(crate) const fn posts(table: Table) -> &'static [usize] {
    match table {
        Table::Interactions => &[4, 5],
        Table::Posts => &[1],
        Table::Undos => &[3],
        Table::Observations | Table::Handles | Table::Memberships => &[],
    }
}

/// What an undo takes back.
pub(crate) mod what {
    pub(crate) const ACT: &str = "act";
    pub(crate) const POST: &str = "post";
    pub(crate) const CLOSED: &str = "account-closed";
    pub(crate) const BACK: &str = "account-back";
}

/// A column that grows.
#[derive(Debug)]
enum Column {
    Time(TimestampMicrosecondBuilder),
    Text(StringBuilder),
    Count(Int64Builder),
}

/// A cell.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'c> {
    Time(Option<Timestamp>),
    Text(Option<&'c dyn Display>),
    Count(Option<u64>),
}

/// Rows of a table that grow one by one.
#[derive(Debug)]
pub(crate) struct Rows {
    table: Table,
    columns: Vec<Column>,
    len: usize,
}

impl Rows {
    pub(crate) fn new(table: Table) -> Self {
        let column = |field: &Arc<Field>| match field.data_type() {
            DataType::Utf8 => Column::Text(StringBuilder::with_capacity(0, 0)),
            DataType::Int64 => Column::Count(Int64Builder::with_capacity(0)),
            _ => Column::Time(TimestampMicrosecondBuilder::with_capacity(0).with_timezone("UTC")),
        };
        Self { table, columns: schema(table).fields().iter().map(column).collect(), len: 0 }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Adds a row, a cell for each column in the order of the schema.
    pub(crate) fn push(&mut self, cells: &[Cell<'_>]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (Column::Time(column), Cell::Time(time)) => column.append_option(time.map(Timestamp::micros)),
                (Column::Count(column), Cell::Count(count)) => {
                    column.append_option(count.map(|count| i64::try_from(count).unwrap_or(i64::MAX)));
                }
                (Column::Text(column), Cell::Text(Some(text))) => {
                    // Into a buffer, which takes everything.
                    let _ = write!(column, "{text}");
                    column.append_value("");
                }
                (Column::Text(column), Cell::Text(None)) => column.append_null(),
                _ => unreachable!("rows of {} have other columns", self.table.name()),
            }
        }
        self.len += 1;
    }

    /// All rows as columns; there are none then.
    pub(crate) fn take(&mut self) -> RecordBatch {
        let columns: Vec<ArrayRef> = (self.columns.iter_mut())
            .map(|column| -> ArrayRef {
                match column {
                    Column::Time(column) => Arc::new(column.finish()),
                    Column::Text(column) => Arc::new(column.finish()),
                    Column::Count(column) => Arc::new(column.finish()),
                }
            })
            .collect();
        self.len = 0;
        RecordBatch::try_new(schema(self.table), columns).expect("the columns of the schema")
    }
}
