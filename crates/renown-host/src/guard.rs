//! The guard before a plugin's Arrow streams: nothing in them is used before it was looked at.
//!
//! Arrow's C interface gives pointers without sizes, so what lies behind one is the plugin's word. Everything else is
//! checked: null pointers and callbacks, types, lengths and offsets, alignment, UTF-8, and how much a stream may give.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::ffi::{CStr, c_char, c_void};

use renown_abi::{ArrowArray, ArrowArrayStream, ArrowSchema};
use renown_sdk::{Framing, Piece};

use crate::rows::{Batch, Column, NAMES, Numbers, Offsets, Texts, Validity};

/// No more columns than this in a batch.
pub(crate) const MOST_COLUMNS: i64 = 64;
/// No more rows than this in a batch, nor bytes in one of its columns.
const MOST_ROWS: i64 = 1 << 28;
const MOST_BYTES: i64 = 1 << 31;
/// No more batches without a row, one after the other.
const MOST_EMPTY: usize = 1_000;

/// How much a stream may give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) rows: u64,
}

impl Budget {
    /// For some pieces of a file. The shortest record there is takes a few bytes of its file; a document may show many
    /// totals, but no more than it has characters. A part is of a file of so many bytes, if that is known: where values
    /// repeat, a column takes next to nothing of its file, so that a byte may stand for many rows.
    pub(crate) fn of(framing: Framing, pieces: &[Piece<'_>], disk_bytes: Option<u64>) -> Self {
        const MOST: u64 = 1 << 40;
        match (framing, disk_bytes) {
            (Framing::Parts(_), None) => Self { rows: MOST },
            (Framing::Parts(_), Some(bytes)) => {
                Self { rows: bytes.saturating_mul(1_000).saturating_add(1 << 20).min(MOST) }
            }
            _ => Self { rows: 10_000 + pieces.iter().map(|piece| piece.bytes.len() as u64).sum::<u64>() },
        }
    }
}

/// A stream, released when it goes.
pub(crate) struct Stream(pub(crate) ArrowArrayStream);

impl Stream {
    /// Takes the stream out, to be released by whoever has it then.
    #[cfg(target_os = "linux")]
    pub(crate) fn take(&mut self) -> ArrowArrayStream {
        std::mem::replace(&mut self.0, ArrowArrayStream::empty())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: not released yet, since releasing sets the callback to null.
            unsafe { release(&raw mut self.0) };
        }
    }
}

struct Schema(ArrowSchema);

impl Drop for Schema {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: as of a stream.
            unsafe { release(&raw mut self.0) };
        }
    }
}

struct Array(ArrowArray);

impl Drop for Array {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: as of a stream.
            unsafe { release(&raw mut self.0) };
        }
    }
}

/// What a column is, from the schema.
struct Field {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bytes,
    Words,
    Integers,
    Amounts,
    SmallText,
    LargeText,
    /// Of a name that records do not have: not looked at.
    Other,
}

impl Stream {
    /// Hands every batch on, until the stream ends.
    ///
    /// # Errors
    /// What is wrong with the stream, or what `each` says.
    pub(crate) fn for_each(
        &mut self,
        budget: Budget,
        mut each: impl FnMut(&Batch<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.0.release.is_none() {
            return Err("handed out no stream: its `release` is null".into());
        }
        let fields = self.fields()?;
        let (mut rows, mut empty) = (0_u64, 0);
        while let Some(array) = self.next()? {
            // Before the columns are looked at: rows that cannot be there are not touched.
            length(&array.0)?;
            rows += array.0.length as u64;
            if rows > budget.rows {
                return Err(format!("gave more than {} rows for what it was to read", budget.rows));
            }
            let batch = batch(&array.0, &fields)?;
            empty = if batch.rows() == 0 { empty + 1 } else { 0 };
            if empty > MOST_EMPTY {
                return Err(format!("gave more than {MOST_EMPTY} batches without a row"));
            }
            each(&batch)?;
        }
        Ok(())
    }

    fn fields(&mut self) -> Result<Vec<Field>, String> {
        let get = self.0.get_schema.ok_or("its stream has no `get_schema`")?;
        let mut schema = Schema(ArrowSchema::empty());
        // SAFETY: the stream's own callback, and a place for a schema.
        let code = unsafe { get(&raw mut self.0, &raw mut schema.0) };
        if code != 0 {
            return Err(self.last_error("its stream has no schema", code));
        }
        if schema.0.release.is_none() {
            return Err("its stream gave a released schema: its `release` is null".into());
        }
        // SAFETY: checked field by field inside.
        unsafe { fields(&schema.0) }
    }

    fn next(&mut self) -> Result<Option<Array>, String> {
        let get = self.0.get_next.ok_or("its stream has no `get_next`")?;
        let mut array = Array(ArrowArray::empty());
        // SAFETY: the stream's own callback, and a place for a batch.
        let code = unsafe { get(&raw mut self.0, &raw mut array.0) };
        match (code, array.0.release) {
            // What was filled and cannot be released is no end: its records would be lost without a word.
            (0, None) if array.0.length != 0 || array.0.n_children != 0 => Err(format!(
                "gave a batch of {} rows without `release`, which ends a stream: set it, or leave the batch zeroed",
                array.0.length
            )),
            (0, None) => Ok(None),
            (0, Some(_)) => Ok(Some(array)),
            _ => Err(self.last_error("its stream broke off", code)),
        }
    }

    fn last_error(&mut self, what: &str, code: i32) -> String {
        // SAFETY: the stream's own callback; what it returns lives until the next call of the stream.
        let text = self.0.get_last_error.and_then(|get| unsafe { text_at(get(&raw mut self.0)) });
        match text {
            Some(text) => {
                let text: String = text.chars().filter(|char| !char.is_control()).take(500).collect();
                format!("{what}: {text}")
            }
            None => format!("{what} (code {code}, no message: `get_last_error` is to say why)"),
        }
    }
}

/// A C string, if it is one and no longer than it may be.
///
/// # Safety
/// Null, or ended by a NUL.
unsafe fn text_at<'a>(text: *const c_char) -> Option<&'a str> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller's word.
    unsafe { CStr::from_ptr(text) }.to_str().ok()
}

/// # Safety
/// An unreleased schema, whose non-null pointers are good.
unsafe fn fields(schema: &ArrowSchema) -> Result<Vec<Field>, String> {
    // SAFETY: a format is a C string by Arrow's rules.
    let format = unsafe { text_at(schema.format) };
    if format != Some("+s") {
        return Err("its schema is no struct of columns (format `+s`)".into());
    }
    if schema.n_children < 0 || schema.n_children > MOST_COLUMNS {
        return Err(format!("its schema has {} columns: expected 2 to {MOST_COLUMNS}", schema.n_children));
    }
    if schema.children.is_null() {
        return Err(format!("its schema has {} columns and no list of them", schema.n_children));
    }
    let mut fields = Vec::new();
    for at in 0..schema.n_children as usize {
        // SAFETY: within the list's length.
        let child = unsafe { (*schema.children.add(at)).as_ref() };
        let child = child.ok_or_else(|| format!("column {at} of its schema is null"))?;
        // SAFETY: C strings by Arrow's rules.
        let (name, format) = unsafe { (text_at(child.name), text_at(child.format)) };
        let name = name.ok_or_else(|| format!("column {at} of its schema has no name"))?;
        let format = format.ok_or_else(|| format!("column {at} of its schema has no type"))?;
        let kind = match format {
            _ if !child.dictionary.is_null() => Kind::Other,
            "C" => Kind::Bytes,
            "S" => Kind::Words,
            "l" => Kind::Integers,
            "L" => Kind::Amounts,
            "u" => Kind::SmallText,
            "U" => Kind::LargeText,
            format if format.starts_with("tsu:") => Kind::Integers,
            _ => Kind::Other,
        };
        if NAMES.contains(&name) {
            if kind == Kind::Other {
                return Err(format!(
                    "column `{name}` is of a type that records do not have (format `{}`): the header says of which it is",
                    format.chars().filter(|char| !char.is_control()).take(20).collect::<String>()
                ));
            }
            fields.push(Field { name: name.to_owned(), kind });
            continue;
        }
        // A name that records do not have is good for messages only.
        let name = name.chars().filter(|char| !char.is_control()).take(50).collect();
        fields.push(Field { name, kind: Kind::Other });
    }
    Ok(fields)
}

/// Whether a batch has as many rows as one may have.
fn length(array: &ArrowArray) -> Result<(), String> {
    if !(0..=MOST_ROWS).contains(&array.length) || !(0..=MOST_ROWS).contains(&array.offset) {
        return Err(format!(
            "a batch of {} rows from row {} on: expected at most {MOST_ROWS}",
            array.length, array.offset
        ));
    }
    Ok(())
}

/// The columns of a batch of a checked length, checked.
fn batch<'b>(array: &'b ArrowArray, fields: &'b [Field]) -> Result<Batch<'b>, String> {
    if array.n_children != fields.len() as i64 {
        return Err(format!("a batch of {} columns: its schema has {}", array.n_children, fields.len()));
    }
    if array.children.is_null() {
        return Err(format!("a batch of {} columns and no list of them", array.n_children));
    }
    if array.null_count > 0 {
        return Err("a batch with rows that are null as a whole".into());
    }
    let rows = array.length as usize;
    let mut columns = Vec::with_capacity(fields.len());
    for (at, field) in fields.iter().enumerate() {
        // SAFETY: within the list's length.
        let child = unsafe { (*array.children.add(at)).as_ref() };
        let child = child.ok_or_else(|| format!("column `{}` of a batch is null", field.name))?;
        if field.kind == Kind::Other {
            continue;
        }
        let column = column(child, field.kind, array.offset, rows);
        columns.push((&*field.name, column.map_err(|why| format!("column `{}`: {why}", field.name))?));
    }
    Batch::new(rows, &columns)
}

/// One column, checked.
fn column(array: &ArrowArray, kind: Kind, skipped: i64, rows: usize) -> Result<Column<'_>, String> {
    if !(0..=MOST_ROWS).contains(&array.length) || !(0..=MOST_ROWS).contains(&array.offset) {
        return Err(format!("{} rows from row {} on", array.length, array.offset));
    }
    if array.length < skipped + rows as i64 {
        return Err(format!("{} rows: its batch has {}", array.length, skipped + rows as i64));
    }
    let texts = matches!(kind, Kind::SmallText | Kind::LargeText);
    let buffers = if texts { 3 } else { 2 };
    if array.n_buffers != buffers {
        return Err(format!("{} buffers: expected {buffers}", array.n_buffers));
    }
    if array.buffers.is_null() {
        return Err(format!("a list of {buffers} buffers that is not there"));
    }
    let start = (skipped + array.offset) as usize;
    // SAFETY: the list has so many buffers.
    let buffer = |at: usize| unsafe { *array.buffers.add(at) };
    let validity = match (buffer(0), array.null_count) {
        (bits, 0) if bits.is_null() => None,
        (bits, -1) if bits.is_null() => None,
        (bits, nulls) if bits.is_null() => return Err(format!("{nulls} nulls and no validity bits")),
        // SAFETY: a bit for each row, by Arrow's rules.
        (bits, _) => {
            Some(unsafe { std::slice::from_raw_parts(bits.cast::<u8>(), (start + rows).div_ceil(8)) })
        }
    };
    let validity = Validity { bits: validity, start };
    // SAFETY: `rows` values from `start` on, by Arrow's rules; `values` checks what can be checked.
    unsafe {
        Ok(match kind {
            Kind::Bytes => Column::Bytes(Numbers { values: values(buffer(1), start, rows)?, validity }),
            Kind::Words => Column::Words(Numbers { values: values(buffer(1), start, rows)?, validity }),
            Kind::Integers => Column::Integers(Numbers { values: values(buffer(1), start, rows)?, validity }),
            Kind::Amounts => Column::Amounts(Numbers { values: values(buffer(1), start, rows)?, validity }),
            // Of no rows there need be no offsets.
            Kind::SmallText => {
                let offsets: &[i32] = values(buffer(1), start, if rows == 0 { 0 } else { rows + 1 })?;
                let text = text(buffer(2), offsets)?;
                Column::Texts(Texts { offsets: Offsets::Small(offsets), text, validity })
            }
            Kind::LargeText => {
                let offsets: &[i64] = values(buffer(1), start, if rows == 0 { 0 } else { rows + 1 })?;
                let text = text(buffer(2), offsets)?;
                Column::Texts(Texts { offsets: Offsets::Large(offsets), text, validity })
            }
            Kind::Other => return Err("of a type that records do not have".into()),
        })
    }
}

/// # Safety
/// A buffer that is not null has at least `start + count` values.
unsafe fn values<'a, T>(buffer: *const c_void, start: usize, count: usize) -> Result<&'a [T], String> {
    if count == 0 {
        return Ok(&[]);
    }
    let buffer = buffer.cast::<T>();
    if buffer.is_null() {
        return Err("no values: their buffer is null".into());
    }
    if !buffer.is_aligned() {
        return Err(format!("values that are not aligned to {} bytes", align_of::<T>()));
    }
    // SAFETY: the caller's word, and the two checks above.
    Ok(unsafe { std::slice::from_raw_parts(buffer.add(start), count) })
}

/// The text behind offsets, if the offsets never fall, the bytes are UTF-8 and no offset is inside a character.
///
/// # Safety
/// A buffer that is not null has as many bytes as the last offset says.
unsafe fn text<'a, T: Copy + Ord + Into<i64>>(
    buffer: *const c_void,
    offsets: &[T],
) -> Result<&'a str, String> {
    let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else { return Ok("") };
    let (first, last): (i64, i64) = ((*first).into(), (*last).into());
    if first < 0 {
        return Err(format!("a text that begins at {first}"));
    }
    // Quicker than a look for the first that falls.
    if !offsets.is_sorted()
        && let Some(ends) = offsets.windows(2).find(|ends| ends[1] < ends[0])
    {
        let (from, to): (i64, i64) = (ends[0].into(), ends[1].into());
        return Err(format!("offsets that fall from {from} to {to}"));
    }
    if last > MOST_BYTES {
        return Err(format!("{last} bytes of text: expected at most {MOST_BYTES}"));
    }
    if last == 0 {
        return Ok("");
    }
    if buffer.is_null() {
        return Err("texts without bytes: their buffer is null".into());
    }
    // SAFETY: the caller's word.
    let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), last as usize) };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not valid UTF-8 at byte {}", error.valid_up_to()))?;
    if text.is_ascii() {
        return Ok(text);
    }
    let mut inside = offsets.iter().map(|offset| (*offset).into());
    match inside.find(|offset| !text.is_char_boundary(*offset as usize)) {
        None => Ok(text),
        Some(offset) => Err(format!("a text that begins or ends inside a character, at byte {offset}")),
    }
}
