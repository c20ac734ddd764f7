//! Where CSV records end: at line breaks that are not inside quotes.

use memchr::{memchr, memchr2};

/// The position after the next record, or `None` if it does not end here. `quoted` says whether the bytes begin inside
/// quotes, and is brought up to date.
pub(super) fn record_end(bytes: &[u8], quote: Option<u8>, quoted: &mut bool) -> Option<usize> {
    let Some(quote) = quote else { return memchr(b'\n', bytes).map(|at| at + 1) };
    let mut at = 0;
    loop {
        // A doubled quote inside quotes leaves and enters again: the same state.
        if *quoted {
            at += memchr(quote, &bytes[at..])? + 1;
            *quoted = false;
        } else {
            at += memchr2(quote, b'\n', &bytes[at..])? + 1;
            if bytes[at - 1] == b'\n' {
                return Some(at);
            }
            *quoted = true;
        }
    }
}

/// The whole records at the beginning of `bytes`: how many bytes are header, and how many are header or whole records.
/// `header` is how many header records are still to be left out, and is brought up to date.
pub(super) fn records(bytes: &[u8], at_end: bool, header: &mut usize, quote: Option<u8>) -> (usize, usize) {
    let (mut skipped, mut used) = (0, 0);
    while let Some(length) = record_end(&bytes[used..], quote, &mut false) {
        used += length;
        if *header > 0 {
            *header -= 1;
            skipped = used;
        }
    }
    if at_end && used < bytes.len() {
        used = bytes.len();
        if *header > 0 {
            *header -= 1;
            skipped = used;
        }
    }
    (skipped, used)
}
