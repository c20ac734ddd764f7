//! Arrow IPC, as records cross a pipe, to and from Arrow's C stream, as they cross the plugin boundary: so one guard
//! looks at both.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray as _, Float64Array, RecordBatch, RecordBatchOptions, RecordBatchReader,
};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use arrow::ipc::{MessageHeader, root_as_message};
use renown_abi::ArrowArrayStream;

use crate::guard::{MOST_COLUMNS, Stream};

/// A stream of the batches that bytes hold.
///
/// # Errors
/// Why they are no Arrow IPC stream of columns that records have.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Stream, String> {
    check(&bytes).map_err(|what| format!("gave no Arrow IPC stream: {what}"))?;
    let mut batches = Batches { decoder: StreamDecoder::new(), rest: Buffer::from_vec(bytes), schema: None };
    batches.read_schema().map_err(|error| format!("gave no Arrow IPC stream: {error}"))?;
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    // SAFETY: both are the struct that Arrow's C stream interface fixes.
    Ok(Stream(unsafe { std::mem::transmute::<FFI_ArrowArrayStream, ArrowArrayStream>(stream) }))
}

/// Messages and buffers begin at multiples of so many bytes.
const ALIGNED: usize = 8;

/// Looks at every message of a stream: that it is a schema or a batch, and that what a batch says is in it is there. The
/// decoder takes that on trust, and panics where it is not so.
fn check(mut rest: &[u8]) -> Result<(), String> {
    let mut messages = 0;
    loop {
        let Some(([0xff, 0xff, 0xff, 0xff, length @ ..], behind)) = rest.split_first_chunk::<8>() else {
            return Err(format!("it breaks off after {messages} messages"));
        };
        let length = u32::from_le_bytes(*length) as usize;
        if length == 0 {
            return if behind.is_empty() { Ok(()) } else { Err("it goes on after its end".into()) };
        }
        let cut = || format!("its message {messages} breaks off");
        let (metadata, behind) = behind.split_at_checked(length).ok_or_else(cut)?;
        let message = root_as_message(metadata);
        let message = message.map_err(|_| format!("its message {messages} cannot be read"))?;
        let body = usize::try_from(message.bodyLength()).map_err(|_| cut())?;
        if !length.is_multiple_of(ALIGNED) || !body.is_multiple_of(ALIGNED) {
            return Err(format!("its message {messages} is not padded to {ALIGNED} bytes"));
        }
        rest = behind.split_at_checked(body).ok_or_else(cut)?.1;
        match message.header_type() {
            MessageHeader::Schema if messages == 0 && body == 0 => {}
            MessageHeader::RecordBatch if messages > 0 => {
                let batch = message.header_as_record_batch().filter(|batch| is_within(*batch, body));
                batch.ok_or_else(|| format!("its message {messages} is a batch of what is not there"))?;
            }
            _ => {
                return Err(format!(
                    "its message {messages} is not what it should be: a schema, then batches"
                ));
            }
        }
        messages += 1;
    }
}

/// Whether a batch's lengths can be, and its buffers are within its body.
fn is_within(batch: arrow::ipc::RecordBatch<'_>, body: usize) -> bool {
    let is_there = |offset: i64, length: i64| {
        let (offset, length) = (usize::try_from(offset), usize::try_from(length));
        matches!((offset, length), (Ok(offset), Ok(length))
            if offset.is_multiple_of(ALIGNED) && offset.checked_add(length).is_some_and(|end| end <= body))
    };
    batch.compression().is_none()
        && batch.length() >= 0
        && batch.buffers().iter().flatten().all(|buffer| is_there(buffer.offset(), buffer.length()))
        && batch.nodes().iter().flatten().all(|node| (0..=node.length()).contains(&node.null_count()))
}

/// Batches, decoded one by one.
struct Batches {
    decoder: StreamDecoder,
    rest: Buffer,
    schema: Option<SchemaRef>,
}

impl Batches {
    /// Reads the schema by itself: no batch is touched before its types are known to be plain.
    fn read_schema(&mut self) -> Result<(), ArrowError> {
        let refused = |what: String| ArrowError::IpcError(what);
        // A marker, the length of the message, the message; then the marker of another, by which the decoder knows that
        // the first is over.
        let length =
            self.rest.get(4..8).and_then(|length| length.try_into().ok()).map_or(0, u32::from_le_bytes);
        let end = length as usize + 12;
        if end > self.rest.len() {
            return Err(refused("it does not begin with a schema".into()));
        }
        let mut first = self.rest.slice_with_length(0, end);
        self.rest.advance(end);
        let batch = self.decode(|decoder| decoder.decode(&mut first))?;
        let schema = self.decoder.schema().filter(|_| batch.is_none());
        let schema = schema.ok_or_else(|| refused("it does not begin with a schema".into()))?;
        if schema.fields().len() > MOST_COLUMNS as usize {
            let columns = schema.fields().len();
            return Err(refused(format!(
                "its schema has {columns} columns: expected at most {MOST_COLUMNS}"
            )));
        }
        let is_plain = |kind: &DataType| {
            kind.is_primitive() || matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Boolean)
        };
        if let Some(at) = schema.fields().iter().position(|field| !is_plain(field.data_type())) {
            return Err(refused(format!("column {at} of its schema is of a type that records do not have")));
        }
        self.schema = Some(schema);
        Ok(())
    }

    /// Works with the decoder. Past `check` it still panics where a buffer ends within a value (arrow-ipc 60): an error
    /// like any other.
    fn decode<T>(
        &mut self,
        work: impl FnOnce(&mut StreamDecoder) -> Result<T, ArrowError>,
    ) -> Result<T, ArrowError> {
        let decoder = &mut self.decoder;
        catch_unwind(AssertUnwindSafe(|| work(decoder)))
            .unwrap_or_else(|_| Err(ArrowError::IpcError("it cannot be decoded".into())))
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = std::mem::take(&mut self.rest);
        let batch = self.decode(|decoder| {
            let batch = decoder.decode(&mut rest)?;
            if batch.is_none() {
                decoder.finish()?;
            }
            Ok(batch)
        });
        // After an error nothing more is read.
        if batch.is_ok() {
            self.rest = rest;
        }
        batch.transpose()
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone().unwrap_or_else(|| arrow::datatypes::Schema::empty().into())
    }
}

/// The batches of a plugin's stream as an Arrow IPC stream, for which so many bytes are a fair guess. Runs in the child: what the plugin handed out is believed.
///
/// # Errors
/// What is wrong with the stream.
pub(super) fn encode(stream: &mut Stream, guess: usize) -> Result<Vec<u8>, String> {
    let stream = stream.take();
    if stream.release.is_none() {
        return Err("handed out no stream".into());
    }
    // SAFETY: as in `decode`.
    let stream = unsafe { std::mem::transmute::<ArrowArrayStream, FFI_ArrowArrayStream>(stream) };
    let written = || -> Result<Vec<u8>, ArrowError> {
        let batches = RecordBatchStreamReader::try_new(stream)?;
        let mut writer = StreamWriter::try_new(Vec::with_capacity(guess), &batches.schema())?;
        for batch in batches {
            writer.write(&batch?)?;
        }
        writer.into_inner()
    };
    written().map_err(|error| format!("its stream broke off: {error}"))
}

/// Columns of numbers, of which those that are `NaN` are missing, as an Arrow IPC stream of one batch.
///
/// # Errors
/// They cannot be written.
pub(super) fn write_columns(names: &[&str], columns: &[&[f64]], rows: usize) -> Result<Vec<u8>, String> {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(*name, DataType::Float64, true)).collect();
    let known = |value: &f64| Some(*value).filter(|value| !value.is_nan());
    let arrays = columns
        .iter()
        .map(|column| -> ArrayRef { Arc::new(column.iter().map(known).collect::<Float64Array>()) });
    let schema = Arc::new(Schema::new(fields));
    let written = || -> Result<Vec<u8>, ArrowError> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(schema.clone(), arrays.collect(), &options)?;
        let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
        writer.write(&batch)?;
        writer.into_inner()
    };
    written().map_err(|error| format!("its columns cannot be written: {error}"))
}

/// Columns of numbers as [`write_columns`] writes them, and how many rows they have.
///
/// # Errors
/// Why the bytes are no such columns, as what whoever wrote them did.
pub(super) fn read_columns(bytes: Vec<u8>) -> Result<(Vec<Vec<f64>>, usize), String> {
    let not = |what: String| format!("gave no Arrow IPC stream: {what}");
    check(&bytes).map_err(not)?;
    let mut batches = Batches { decoder: StreamDecoder::new(), rest: Buffer::from_vec(bytes), schema: None };
    batches.read_schema().map_err(|error| not(error.to_string()))?;
    let batch = match (batches.next(), batches.next()) {
        (Some(batch), None) => batch.map_err(|error| not(error.to_string()))?,
        _ => return Err("gave a stream that is not of one batch".into()),
    };
    let column = |array: &ArrayRef| {
        let numbers = array.as_primitive_opt::<Float64Type>();
        let numbers = numbers.ok_or_else(|| "gave a column that is not of doubles".to_owned())?;
        Ok(numbers.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    };
    let columns: Result<Vec<Vec<f64>>, String> = batch.columns().iter().map(column).collect();
    Ok((columns?, batch.num_rows()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{StringArray, UInt8Array, UInt16Array};

    use super::*;
    use crate::guard::Budget;
    use renown_sdk::{Framing, Piece};

    fn stream() -> Vec<u8> {
        let columns: [(&str, ArrayRef); 3] = [
            ("record", Arc::new(UInt8Array::from(vec![0, 0, 5]))),
            ("word", Arc::new(UInt16Array::from(vec![Some(0), None, Some(1)]))),
            ("text", Arc::new(StringArray::from(vec![Some("ada"), None, Some("grüße")]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.write(&batch.slice(1, 1)).unwrap();
        writer.into_inner().unwrap()
    }

    /// How many rows the guard lets through.
    fn rows(bytes: Vec<u8>) -> Result<usize, String> {
        let budget = Budget::of(Framing::Json, &[Piece::new(b"{}", 0)], None);
        let mut rows = 0;
        decode(bytes)?.for_each(budget, |batch| {
            rows += batch.rows();
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn a_stream_passes_the_guard_and_comes_back_as_it_was() {
        assert_eq!(rows(stream()), Ok(4));
        let again = encode(&mut decode(stream()).unwrap(), 0).unwrap();
        assert_eq!(again, stream());
    }

    /// Whatever byte is another, what the guard reads is there, and no panic leaves.
    #[test]
    fn damaged_streams_are_refused_or_harmless() {
        let good = stream();
        let mut refused = 0;
        for at in 0..good.len() {
            for flip in [0x01, 0x04, 0x20, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[at] ^= flip;
                match rows(bytes) {
                    Ok(rows) => assert!(rows <= 10_002, "byte {at}"),
                    Err(_) => refused += 1,
                }
            }
            let cut = rows(good[..at].to_vec());
            assert!(cut.is_err() || cut.is_ok_and(|rows| rows <= 4), "cut at {at}");
        }
        assert!(refused > 500, "only {refused} of the damaged streams are refused");
    }

    /// Numbers come back with all their bits, what is missing as missing, and damaged ones without a panic.
    #[test]
    fn columns_come_back_as_they_were_or_are_refused() {
        let (one, two) = ([1.5, f64::NAN, 0.1 + 0.2], [f64::NAN, -0.0, f64::MAX]);
        let bytes = write_columns(&["one", "two"], &[&one, &two], 3).unwrap();
        let bits = |column: &[f64]| column.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let (columns, rows) = read_columns(bytes.clone()).unwrap();
        assert_eq!(columns.iter().map(|column| bits(column)).collect::<Vec<_>>(), [bits(&one), bits(&two)]);
        assert_eq!((rows, read_columns(write_columns(&[], &[], 7).unwrap())), (3, Ok((Vec::new(), 7))));
        assert!(read_columns(stream()).is_err(), "more than one batch");
        let mut refused = 0;
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x41;
            refused += usize::from(read_columns(bad).is_err());
            assert!(read_columns(bytes[..at].to_vec()).is_err(), "cut at {at}");
        }
        assert!(refused > 100, "only {refused} of the damaged streams are refused");
    }

    #[test]
    fn what_follows_the_end_is_refused() {
        let mut bytes = stream();
        bytes.push(0);
        assert!(rows(bytes).is_err());
    }
}
