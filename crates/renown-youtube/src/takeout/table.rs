//! Takeout's CSV: columns found by name, rows within a piece.

use std::borrow::Cow;

use csv::{ByteRecord, Reader, ReaderBuilder};
use renown_sdk::{Framing, Piece, Sink};

use crate::out::Out;
use crate::vocabulary::Words;

/// What stands between its fields.
pub(super) const DELIMITER: u8 = b',';

/// How every table is cut.
pub(super) const FRAMING: Framing = Framing::Csv { header: 1, quote: Some(b'"') };

/// A header line beyond this is none.
const LONGEST_HEADER: usize = 1 << 14;

/// The names of a table's columns. Their case has changed over the years, their order too.
pub(super) struct Header(Vec<String>);

impl Header {
    /// From a file's first bytes; `None` if they do not begin with a line of at least two names.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let head = &head[..head.len().min(LONGEST_HEADER)];
        // Cheap to say of most files that are no tables: no commas, or no text.
        memchr::memchr(b',', head)?;
        let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
        // (What was cut off in the middle of a letter may be text.)
        if std::str::from_utf8(line).is_err_and(|error| error.error_len().is_some()) {
            return None;
        }
        let mut record = ByteRecord::new();
        let found = reader(head).read_byte_record(&mut record).ok()?;
        let names: Option<Vec<_>> = record
            .iter()
            .map(|name| std::str::from_utf8(name).ok().map(|name| name.trim().to_ascii_lowercase()))
            .collect();
        names.filter(|names| found && names.len() > 1).map(Self)
    }

    /// The place of a column, by its name in lower case.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }

    /// The place of the first column that is there.
    pub(super) fn any_column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.column(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The first row below the header.
pub(super) fn first_row(head: &[u8]) -> Option<ByteRecord> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut reader = reader(head);
    let mut record = ByteRecord::new();
    for _ in 0..2 {
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
    }
    Some(record)
}

/// One row.
pub(super) struct Row<'r>(pub(super) &'r ByteRecord);

impl<'r> Row<'r> {
    /// A field's text without the space around it; `None` if the column or the text is missing, or is not UTF-8.
    pub(super) fn get(&self, column: Option<usize>) -> Option<&'r str> {
        let text = std::str::from_utf8(self.0.get(column?)?).ok()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// All fields with a text, in the order of the columns.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let row = self.0;
        row.iter()
            .filter_map(|field| std::str::from_utf8(field).ok())
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }
}

/// Reads the rows of a piece. Empty ones, which Takeout leaves at the end of a file, are left out.
pub(super) fn rows(
    piece: &Piece<'_>,
    words: &Words,
    sink: &mut dyn Sink,
    mut each: impl FnMut(&Row<'_>, &mut Out<'_>),
) {
    let mut out = Out::new(words, sink, piece.bytes);
    // At the beginning of any piece the csv crate would leave a byte order mark out, which in the midst of a file is none: a
    // row must not depend on where the file was cut. Empty lines are left out, so one goes before it.
    let before = usize::from(piece.bytes.starts_with(b"\xef\xbb\xbf"));
    let bytes =
        if before == 1 { Cow::Owned([b"\n", piece.bytes].concat()) } else { Cow::Borrowed(piece.bytes) };
    let mut reader = reader(&bytes);
    let mut record = ByteRecord::new();
    loop {
        let start = (reader.position().byte() as usize).saturating_sub(before);
        // Reading bytes from memory, of rows of any length, has nothing to fail at.
        if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
            return;
        }
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let end = reader.position().byte() as usize - before;
        (out.offset, out.record) = (start, piece.bytes.get(start..end).unwrap_or(piece.bytes));
        each(&Row(&record), &mut out);
    }
}

fn reader(bytes: &[u8]) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(DELIMITER).has_headers(false).flexible(true).from_reader(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_any_case_and_order_behind_a_byte_order_mark() {
        let header = Header::of(b"\xef\xbb\xbf\"Channel ID\", Video Id ,x\r\nUC1,2,3\r\n").unwrap();
        assert_eq!(header.column("channel id"), Some(0));
        assert_eq!(header.any_column(&["no such", "video id"]), Some(1));
        assert!(!header.has("y"));
    }

    #[test]
    fn what_is_no_table_has_no_header() {
        for bytes in [&b""[..], b"one", b"\xff\xfe,\xff\n", b"\n\n", b"\xef\xbb\xbf"] {
            assert!(Header::of(bytes).is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn the_first_row_is_below_the_header() {
        assert_eq!(first_row(b"\xef\xbb\xbfa,b\n1,2\n").unwrap().get(1), Some(&b"2"[..]));
        assert!(first_row(b"a,b\n").is_none());
    }
}
