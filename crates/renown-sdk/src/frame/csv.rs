//! Where CSV records end: at line breaks that are not inside quotes.
//!
//! A quote encloses only where a field begins, as the readers of CSV have it: after the start of a record, one of the usual
//! delimiters or a carriage return. One in the midst of a field (`5" disk`) stands for itself, or the next quote, a
//! thousand lines on, would end a record that a reader sees as a thousand, and where it is cut would decide what it gives.

use memchr::{memchr, memchr2};

/// How fields are enclosed, if they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotes {
    /// The byte that encloses a field.
    pub(super) quote: Option<u8>,
    /// What stands between fields; `None` if that is one of the usual ones and nobody says which.
    pub(super) delimiter: Option<u8>,
}

impl Quotes {
    fn begins_field(self, before: u8) -> bool {
        // Readers take a carriage return for the end of a record, too.
        before == b'\r' || self.delimiter.map_or(b",;\t|".contains(&before), |delimiter| before == delimiter)
    }

    /// The position after the next record, or `None` if it does not end here. `quoted` says whether the bytes begin inside
    /// quotes, and is brought up to date.
    pub(super) fn record_end(self, bytes: &[u8], quoted: &mut bool) -> Option<usize> {
        let Some(quote) = self.quote else { return memchr(b'\n', bytes).map(|at| at + 1) };
        let mut at = 0;
        loop {
            if *quoted {
                at += memchr(quote, &bytes[at..])? + 1;
                // Doubled, it stands for itself.
                if bytes.get(at) == Some(&quote) {
                    at += 1;
                } else {
                    *quoted = false;
                }
            } else {
                at += memchr2(quote, b'\n', &bytes[at..])? + 1;
                if bytes[at - 1] == b'\n' {
                    return Some(at);
                }
                *quoted = at == 1 || self.begins_field(bytes[at - 2]);
            }
        }
    }

    /// The whole records at the beginning of `bytes`: how many bytes are header, and how many are header or whole records.
    /// `header` is how many header records are still to be left out, and is brought up to date.
    pub(super) fn records(self, bytes: &[u8], at_end: bool, header: &mut usize) -> (usize, usize) {
        let (mut skipped, mut used) = (0, 0);
        while let Some(length) = self.record_end(&bytes[used..], &mut false) {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(delimiter: Option<u8>) -> Quotes {
        Quotes { quote: Some(b'"'), delimiter }
    }

    #[test]
    fn a_delimiter_that_is_known_is_the_only_one() {
        let end = |text: &str| quotes(Some(b'^')).record_end(text.as_bytes(), &mut false);
        assert_eq!(end("a^\"b\nc\"\n"), Some(8));
        assert_eq!(end("a,\"b\nc\"\n"), Some(5));
    }

    #[test]
    fn a_quote_encloses_where_a_field_begins_and_stands_for_itself_elsewhere() {
        let first = |text: &str| {
            let end = quotes(None).record_end(text.as_bytes(), &mut false).expect("an end");
            text[..end].trim_end().to_owned()
        };
        for whole in [
            "a,\"b\nc\"",
            "\"a\nb\",c",
            "a;\"\"\"\n\"\"\"",
            "\"a\"\"\n\"\"b\"",
            "5\" disk,7",
            "a \"b\", c\"",
            "\"a\"b\"",
        ] {
            assert_eq!(first(&format!("{whole}\nnext,\"\n\"\n")), whole, "{whole:?}");
        }
    }
}
