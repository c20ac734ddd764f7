//! Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use super::Row;
use crate::pipeline::Run;

/// How many rows are a row group, which is written in one go: its columns side by side, which is where the time goes.
const GROUP: usize = 1 << 18;

/// How many rows of a column are made at once.
const ROWS: usize = 1 << 16;

/// What makes a column of rows.
type Column<'r> = Box<dyn Fn(&[Row<'_>]) -> ArrayRef + Sync + 'r>;

/// Parquet with the columns of CSV: rank (int64), person (utf8), the others double, `network.<name>` nullable. The stamp
/// is in the file's metadata. Uses the current rayon thread pool; the bytes do not depend on its size.
pub(super) fn parquet(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    write(run, rows, out).map_err(io::Error::other)
}

fn write(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> Result<(), ParquetError> {
    let (fields, columns): (Vec<Field>, Vec<Column<'_>>) = columns(run).into_iter().unzip();
    let schema = Arc::new(Schema::new(fields));
    let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties(run)))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    for (index, rows) in rows.chunks(GROUP).enumerate() {
        let writers = factory.create_column_writers(index)?;
        let chunks =
            schema.fields().par_iter().zip(&columns).zip(writers).map(|((field, column), mut writer)| {
                for rows in rows.chunks(ROWS) {
                    let leaves = compute_leaves(field, &column(rows))?;
                    leaves.iter().try_for_each(|leaf| writer.write(leaf))?;
                }
                ArrowColumnWriter::close(writer)
            });
        let chunks: Vec<_> = chunks.collect::<Result<_, _>>()?;
        let mut group = file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
    }
    file.close().map(drop)
}

fn properties(run: &Run) -> WriterProperties {
    let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let mut stamp = vec![
        pair("renown.as_of", run.as_of.to_string()),
        pair("renown.ruler", run.by.stamp.clone()),
        pair("renown.scale", run.by.scale.clone()),
    ];
    stamp.extend(run.by.era.as_ref().map(|era| pair("renown.era", format!("{}: {}", era.from, era.memo))));
    stamp.extend(run.standing.map(|day| pair("renown.standing", day.to_string())));
    let rank = ColumnPath::from("rank");
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Hardly a name or a rank occurs twice.
        .set_column_dictionary_enabled(ColumnPath::from("person"), false)
        .set_column_dictionary_enabled(rank.clone(), false)
        .set_column_encoding(rank, Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(Some(stamp))
        .build()
}

/// Each column's name and kind, and what makes it.
fn columns(run: &Run) -> Vec<(Field, Column<'_>)> {
    let double = |name: &str, of: fn(&Row<'_>) -> u32| -> (Field, Column<'_>) {
        let column = move |rows: &[Row<'_>]| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| value(of(row)))))
        };
        (Field::new(name, DataType::Float64, false), Box::new(column))
    };
    let rank = |rows: &[Row<'_>]| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| i64::from(row.rank))))
    };
    let person = |rows: &[Row<'_>]| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.person.person.as_str())))
    };
    let mut columns: Vec<(Field, Column<'_>)> = vec![
        (Field::new("rank", DataType::Int64, false), Box::new(rank)),
        (Field::new("person", DataType::Utf8, false), Box::new(person)),
        double("score", |row| row.person.score.0),
        double("percentile", |row| row.person.percentile),
        double("coverage", |row| row.person.coverage),
    ];
    columns.extend(run.by.ruler.networks.iter().map(|ruler| -> (Field, Column<'_>) {
        let column = |rows: &[Row<'_>]| -> ArrayRef {
            let parts = rows.iter().map(|row| row.person.part(ruler.network).map(value));
            Arc::new(parts.collect::<Float64Array>())
        };
        (Field::new(format!("network.{}", ruler.name), DataType::Float64, true), Box::new(column))
    }));
    columns
}

fn value(ten_thousandths: u32) -> f64 {
    f64::from(ten_thousandths) / 10_000.0
}
