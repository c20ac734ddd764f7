//! Rows of a piece, and what happens to those that cannot be read.

use renown_sdk::{Piece, Reject, Sink};

/// Gives each row that is not empty as text; rejects it if it is none, or if `read` says what is wrong with it.
pub(crate) fn each(
    piece: &Piece<'_>,
    sink: &mut dyn Sink,
    mut read: impl FnMut(&str, &mut dyn Sink) -> Result<(), &'static str>,
) {
    let mut offset = 0;
    for line in piece.bytes.split_inclusive(|&byte| byte == b'\n') {
        let row = line.trim_ascii_end();
        let done = match std::str::from_utf8(line) {
            _ if row.is_empty() => Ok(()),
            Ok(text) => read(text.trim_end_matches(['\r', '\n']), sink),
            Err(_) => Err("the row is not valid UTF-8"),
        };
        if let Err(reason) = done {
            sink.reject(&Reject { offset, row: None, reason: reason.to_owned(), record: row });
        }
        offset += line.len();
    }
}
