//! Arrow IPC, as records cross a pipe, to and from Arrow's C stream, as they cross the plugin boundary: so one guard
//! looks at both.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use renown_abi::ArrowArrayStream;

use crate::guard::{MOST_COLUMNS, Stream};

/// A stream of the batches that bytes hold.
///
/// # Errors
/// Why they are no Arrow IPC stream of columns that records have.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Stream, String> {
    let mut batches = Batches { decoder: StreamDecoder::new(), rest: Buffer::from_vec(bytes), schema: None };
    batches.read_schema().map_err(|error| format!("gave no Arrow IPC stream: {error}"))?;
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    // SAFETY: both are the struct that Arrow's C stream interface fixes.
    Ok(Stream(unsafe { std::mem::transmute::<FFI_ArrowArrayStream, ArrowArrayStream>(stream) }))
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
        // A marker, the length of the message, the message; then another message, of which the decoder is to see the
        // beginning to know that the first is over.
        let head: Option<&[u8; 8]> = self.rest.first_chunk();
        let Some([0xff, 0xff, 0xff, 0xff, length @ ..]) = head else {
            return Err(refused("it does not begin with a schema".into()));
        };
        let end = u32::from_le_bytes(*length) as usize + 12;
        if end > self.rest.len() {
            return Err(refused("it breaks off in its schema".into()));
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

    /// Works with the decoder. It should not panic, whatever the bytes; if it does, that is an error like any other.
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

/// The batches of a plugin's stream as an Arrow IPC stream. Runs in the child: what the plugin handed out is believed.
///
/// # Errors
/// What is wrong with the stream.
pub(super) fn encode(stream: &mut Stream) -> Result<Vec<u8>, String> {
    let stream = stream.take();
    if stream.release.is_none() {
        return Err("handed out no stream".into());
    }
    // SAFETY: as in `decode`.
    let stream = unsafe { std::mem::transmute::<ArrowArrayStream, FFI_ArrowArrayStream>(stream) };
    let written = || -> Result<Vec<u8>, ArrowError> {
        let batches = RecordBatchStreamReader::try_new(stream)?;
        let mut writer = StreamWriter::try_new(Vec::new(), &batches.schema())?;
        for batch in batches {
            writer.write(&batch?)?;
        }
        writer.into_inner()
    };
    written().map_err(|error| format!("its stream broke off: {error}"))
}
