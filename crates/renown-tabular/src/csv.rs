//! CSV and its relatives: fields between commas, semicolons, tabs or bars.
//!
//! Quoting: fields of CSV may be quoted as RFC 4180 says. In tab-separated files a tab or line break always ends the
//! field, as the format's registration says, so that a quotation mark that opens a text cannot swallow the lines after
//! it; a field that stands between quotation marks is read without them. `quotes = true` or `false` in the map says
//! otherwise.

use std::borrow::Cow;
use std::ops::Range;

use renown_sdk::{File, Framing, NothingToRead, OpenError, Piece, Reader, Reject, Sink, Vocabulary};

use crate::cell::Cell;
use crate::map::Map;
use crate::places;
use crate::plan::Plan;
use crate::rows::{self, Row, Scratch};

const QUOTE: u8 = b'"';

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    quotes: bool,
    /// The first record: the columns' names or, without a header, as many numbers as it has fields.
    columns: Vec<String>,
    /// How many records stand before the first row.
    header: usize,
}

impl Dialect {
    /// Of a file's first bytes; `None` if there is no line in them.
    fn of(map: &Map, file: &File<'_>) -> Option<Self> {
        let likely = if file.has_extension("tsv") || file.has_extension("tab") { b"\t,;|" } else { b",;\t|" };
        let candidates = map.delimiter.map_or(&likely[..], |_| &[]);
        candidates
            .iter()
            .chain(&map.delimiter)
            .filter_map(|&delimiter| Self::with(map, file, delimiter))
            .enumerate()
            // The delimiter that shows the most of the map's columns, then the most columns, then the likeliest.
            .max_by_key(|(at, dialect)| {
                let known =
                    map.columns().filter(|name| dialect.columns.iter().any(|column| column == name)).count();
                (known, dialect.columns.len(), std::cmp::Reverse(*at))
            })
            .map(|(_, dialect)| dialect)
    }

    fn with(map: &Map, file: &File<'_>, delimiter: u8) -> Option<Self> {
        let quotes = map.quotes.unwrap_or(delimiter != b'\t');
        let head = file.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file.head);
        // Lines of nothing but spaces before the first are no header.
        let blank = head.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let first = head[..blank].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let first = first + for_excel(&head[first..]);
        let lines = head[..first].split(|&byte| byte == b'\n').count();
        let mut dialect = Self { delimiter, quotes, columns: Vec::new(), header: 0 };
        let mut record = csv::ByteRecord::new();
        if !matches!(dialect.reader(&head[first..]).read_byte_record(&mut record), Ok(true)) {
            return None;
        }
        if map.header {
            dialect.columns = record.iter().map(|name| dialect.name(name)).collect();
            dialect.header = lines;
        } else {
            dialect.columns = (1..=record.len()).map(|number| number.to_string()).collect();
            dialect.header = lines - 1;
        }
        Some(dialect)
    }

    fn name(&self, name: &[u8]) -> String {
        let name = self.unquoted(name.trim_ascii()).trim_ascii();
        String::from_utf8_lossy(name).into_owned()
    }

    fn reader<'b>(&self, bytes: &'b [u8]) -> csv::Reader<&'b [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .quoting(self.quotes)
            .quote(QUOTE)
            .from_reader(bytes)
    }

    /// A field without the quotation marks around it, where the reader leaves them.
    #[inline]
    fn unquoted<'f>(&self, field: &'f [u8]) -> &'f [u8] {
        match field {
            [QUOTE, inner @ .., QUOTE] if !self.quotes => inner,
            _ => field,
        }
    }
}

/// The length of a line such as `sep=;`, with which files begin that are made for Excel. The delimiter shows itself.
fn for_excel(head: &[u8]) -> usize {
    let end = head.iter().position(|&byte| byte == b'\n').map_or(head.len(), |at| at + 1);
    let line = head[..end].trim_ascii_end();
    let is_one = line.len() <= 5 && line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sep="));
    if is_one { end } else { 0 }
}

/// Whether bytes are text in UTF-16: by their mark or, without one, by the zeros that nearly every second byte is.
fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || head.iter().take(64).filter(|byte| **byte == 0).count() >= 8
}

/// Whether the file has every column that the map needs.
pub(crate) fn has_all_columns(map: &Map, file: &File<'_>) -> bool {
    Dialect::of(map, file).is_some_and(|dialect| places::has_all(map, file.path, &dialect.columns))
}

/// A reader for a file.
pub(crate) fn open(
    map: &std::sync::Arc<Map>,
    file: &File<'_>,
    vocabulary: &Vocabulary,
) -> Result<Box<dyn Reader>, OpenError> {
    if is_utf16(file.head) {
        return Err(OpenError::Data(
            "the file is in UTF-16; expected UTF-8: save it as \"CSV UTF-8\"".into(),
        ));
    }
    // A file without a line has no rows, which is no fault: programs that write in parts leave such.
    let Some(dialect) = Dialect::of(map, file) else { return Ok(Box::new(NothingToRead)) };
    if file.head.contains(&b'\r') && !file.head.contains(&b'\n') {
        return Err(OpenError::Data(
            "lines end in CR alone, as on the old Macintosh; expected LF or CR LF".into(),
        ));
    }
    let places = places::find(map, file.path, &dialect.columns)?;
    let plan = Plan::new(map, places, vocabulary)?;
    Ok(Box::new(CsvReader { plan, dialect }))
}

struct CsvReader {
    plan: Plan,
    dialect: Dialect,
}

impl Reader for CsvReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: self.dialect.header, quote: self.dialect.quotes.then_some(QUOTE) }
    }

    fn delimiter(&self) -> Option<u8> {
        Some(self.dialect.delimiter)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        // At the beginning of any piece the csv crate would leave a byte order mark out, which in the midst of a file is none:
        // a row must not depend on where the file was cut. Empty lines are left out, so one goes before it.
        let before = usize::from(piece.bytes.starts_with(b"\xef\xbb\xbf"));
        let bytes =
            if before == 1 { Cow::Owned([b"\n", piece.bytes].concat()) } else { Cow::Borrowed(piece.bytes) };
        let mut reader = self.dialect.reader(&bytes);
        let mut record = csv::ByteRecord::new();
        let mut scratch = Scratch::default();
        let mut start = 0;
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let end = reader.position().byte() as usize - before;
            let range = std::mem::replace(&mut start, end)..end;
            // So that whoever refuses a record of the row can say where it is.
            sink.at(piece.offset.map(|offset| offset + range.start as u64));
            if has_other_length(&record, self.dialect.columns.len()) {
                if record.iter().all(|field| field.trim_ascii().is_empty()) {
                    continue;
                }
                let reason = format!(
                    "{} fields, where the first line has {}",
                    record.len(),
                    self.dialect.columns.len()
                );
                reject(piece.bytes, range, reason, sink);
                continue;
            }
            let row = CsvRow { reader: self, record: &record };
            rows::give(&self.plan, &row, &mut scratch, sink);
            for fault in scratch.faults.drain(..) {
                reject(piece.bytes, range.clone(), fault.reason(&self.plan), sink);
            }
        }
    }
}

/// Whether fields are missing (the line broke off) or too many (a delimiter inside a text), so that none can be
/// trusted. Delimiters at the end of a line are no fields.
#[inline]
fn has_other_length(record: &csv::ByteRecord, expected: usize) -> bool {
    record.len() < expected || record.iter().skip(expected).any(|extra| !extra.trim_ascii().is_empty())
}

/// Rejects a row, which begins where the sink was told.
#[cold]
fn reject(bytes: &[u8], range: Range<usize>, reason: String, sink: &mut dyn Sink) {
    let record = bytes.get(range.clone()).unwrap_or_default();
    let before = record.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let record = record[before..].trim_ascii_end();
    sink.reject(&Reject { offset: before, row: None, reason, record });
}

struct CsvRow<'r> {
    reader: &'r CsvReader,
    record: &'r csv::ByteRecord,
}

impl Row<'_> for CsvRow<'_> {
    #[inline]
    fn column(&self, at: usize) -> Cell<'_> {
        let field = self.record.get(at).unwrap_or_default();
        self.reader.plan.bytes_cell(self.reader.dialect.unquoted(field.trim_ascii()))
    }
}
