//! Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::{Row, networks, parts};
use crate::pipeline::Run;

/// How many rows are made at once.
const ROWS: usize = 1 << 16;

/// Parquet with the columns of CSV: rank (int64), person (utf8), the others double, `network.<name>` nullable. The stamp
/// is in the file's metadata.
pub(super) fn parquet(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    let mut fields = vec![
        Field::new("rank", DataType::Int64, false),
        Field::new("person", DataType::Utf8, false),
        Field::new("score", DataType::Float64, false),
        Field::new("percentile", DataType::Float64, false),
        Field::new("coverage", DataType::Float64, false),
    ];
    fields.extend(
        networks(run).iter().map(|name| Field::new(format!("network.{name}"), DataType::Float64, true)),
    );
    let schema = Arc::new(Schema::new(fields));
    let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let mut stamp = vec![
        pair("renown.as_of", run.as_of.to_string()),
        pair("renown.ruler", run.by.stamp.clone()),
        pair("renown.scale", run.by.scale.clone()),
    ];
    stamp.extend(run.by.era.as_ref().map(|era| pair("renown.era", format!("{}: {}", era.from, era.memo))));
    stamp.extend(run.standing.map(|day| pair("renown.standing", day.to_string())));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(stamp))
        .build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(io::Error::other)?;
    for chunk in rows.chunks(ROWS) {
        let batch = RecordBatch::try_new(schema.clone(), columns(run, chunk)).map_err(io::Error::other)?;
        writer.write(&batch).map_err(io::Error::other)?;
    }
    writer.close().map_err(io::Error::other)?;
    Ok(())
}

fn columns(run: &Run, rows: &[Row<'_>]) -> Vec<ArrayRef> {
    let value = |ten_thousandths: u32| f64::from(ten_thousandths) / 10_000.0;
    let floats = |of: &dyn Fn(&Row<'_>) -> u32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(value(of(row)))).collect::<Float64Array>())
    };
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| Some(row.rank as i64)).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.person.person.as_str())).collect::<StringArray>()),
        floats(&|row| row.person.score.0),
        floats(&|row| row.person.percentile),
        floats(&|row| row.person.coverage),
    ];
    for index in 0..run.by.ruler.networks.len() {
        let parts = rows.iter().map(|row| parts(run, row.person)[index].map(value));
        columns.push(Arc::new(parts.collect::<Float64Array>()));
    }
    columns
}
