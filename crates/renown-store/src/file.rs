//! Files of rows: Parquet, always the same bytes for the same rows.

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::error::ArrowError;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::layout::Table;
use crate::schema::schema;

/// The bytes of a file of these rows.
pub(crate) fn to_bytes(batch: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    // The types are those of Parquet: readers need no others.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), batch.schema(), options)?;
    writer.write(batch)?;
    writer.into_inner()
}

/// The rows of a file.
pub(crate) fn of_bytes(table: Table, bytes: Bytes) -> Result<RecordBatch, ArrowError> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)?.with_batch_size(1 << 16).build()?;
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let schema = schema(table);
    let columns_differ =
        |batch: &RecordBatch| {
            let (theirs, ours) = (batch.schema(), &schema);
            theirs.fields().len() != ours.fields().len()
                || theirs.fields().iter().zip(ours.fields()).any(|(theirs, ours)| {
                    theirs.name() != ours.name() || theirs.data_type() != ours.data_type()
                })
        };
    if batches.iter().any(columns_differ) {
        return Err(ArrowError::SchemaError("other columns than those of its table".into()));
    }
    concat_batches(&schema, &batches)
}
