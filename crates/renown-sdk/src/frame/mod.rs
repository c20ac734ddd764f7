//! Cutting a stream of bytes into pieces: JSON documents or runs of CSV records.
//!
//! One [`Framer`] reads a file front to back; several threads take turns to [`Framer::fill`] a [`Batch`] and then read
//! its pieces side by side. Memory stays bounded whatever the file: a batch holds about as many bytes as it was made
//! for, or one document of at most [`MAX_DOCUMENT`] bytes; larger ones come in parts (`split`), and a single value or CSV
//! record beyond that is rejected and skipped.

mod csv;
mod depth;
mod scan;
mod split;

use std::io::{self, Read};

use crate::Framing;
use csv::Quotes;
pub(crate) use scan::{TOO_DEEP, is_too_deep};
use split::Splitter;

/// The most bytes of one JSON document (or one CSV record) that are held at once.
pub const MAX_DOCUMENT: usize = 16 << 20;

/// The deepest nesting of a JSON document; deeper ones are rejected. Real exports stay under 20.
pub const MAX_DEPTH: usize = 256;

/// The records of a run that was cut, one by one.
pub(crate) fn csv_records(
    mut bytes: &[u8],
    quote: Option<u8>,
    delimiter: Option<u8>,
) -> impl Iterator<Item = &[u8]> {
    let quotes = Quotes { quote, delimiter };
    std::iter::from_fn(move || {
        let end = quotes.record_end(bytes, &mut false).unwrap_or(bytes.len());
        let (record, rest) = bytes.split_at(end);
        bytes = rest;
        (!record.is_empty()).then_some(record)
    })
}

/// Cuts the text of a CSV file into pieces of whole records, about `size` bytes each. Reading one after the other by the `csv` crate gives
/// the records that reading all of it gives.
pub fn csv_pieces(text: &str, delimiter: u8, size: usize) -> Vec<&str> {
    const QUOTE: u8 = b'"';
    let quotes = Quotes { quote: Some(QUOTE), delimiter: Some(delimiter) };
    let bytes = text.as_bytes();
    let record_end = |at: usize| {
        // Before the first quote, every line break ends a record.
        let run = &bytes[at..bytes.len().min(at + size)];
        let plain = &run[..memchr::memchr(QUOTE, run).unwrap_or(run.len())];
        let last_end = memchr::memrchr(b'\n', plain).map(|last| last + 1);
        let end = last_end.or_else(|| quotes.record_end(&bytes[at..], &mut false))?;
        Some(at + end)
    };
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(end) = record_end(at) {
        at = end;
        // At its own beginning a reader takes a byte order mark off, which it leaves everywhere else.
        let may_end = !bytes[at..].starts_with(b"\xef\xbb\xbf");
        if at - start >= size && may_end && text[start..at].contains(|of| !matches!(of, '\r' | '\n')) {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// How much of a rejected record is kept as a sample.
const SAMPLE: usize = 4_096;

/// A run of pieces, cut by [`Framer::fill`]. Made once per thread and reused.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    target: usize,
    spans: Vec<Span>,
    rejects: Vec<FrameReject>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    offset: u64,
}

/// A piece and where its file has it.
#[derive(Clone, Copy, Debug)]
pub struct FramedPiece<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The position of the first of them in the (decompressed) file.
    pub offset: u64,
}

/// Bytes that could not be cut into a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameReject {
    /// Their position in the (decompressed) file.
    pub offset: u64,
    /// What was wrong, what was expected. Quotes no content.
    pub reason: String,
    /// The first of them.
    pub sample: Vec<u8>,
}

impl Batch {
    /// A batch of about `target` bytes; a mebibyte is a good size.
    pub fn with_capacity(target: usize) -> Self {
        Self { bytes: Vec::new(), target: target.max(1), spans: Vec::new(), rejects: Vec::new() }
    }

    /// The pieces of the last fill, in the order of the file.
    pub fn pieces(&self) -> impl Iterator<Item = FramedPiece<'_>> {
        self.spans
            .iter()
            .map(|span| FramedPiece { bytes: &self.bytes[span.start..span.end], offset: span.offset })
    }

    /// What the last fill had to reject.
    pub fn rejects(&self) -> &[FrameReject] {
        &self.rejects
    }

    fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.rejects.is_empty()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.rejects.clear();
    }

    fn reject(&mut self, offset: u64, reason: &str, sample: &[u8]) {
        let sample = sample[..sample.len().min(SAMPLE)].to_vec();
        self.rejects.push(FrameReject { offset, reason: reason.to_owned(), sample });
    }
}

/// Cuts one file.
#[derive(Debug)]
pub struct Framer<R> {
    source: R,
    /// Read but not yet handed out.
    carry: Vec<u8>,
    /// The position of the first byte of `carry` in the file.
    offset: u64,
    at_end: bool,
    failed: Option<io::Error>,
    state: State,
}

#[derive(Debug)]
enum State {
    Json {
        in_array: bool,
    },
    /// Inside a document too large to hold.
    Split {
        splitter: Splitter,
        in_array: bool,
    },
    /// Past something that is no JSON, up to the next line.
    SkipLine {
        in_array: bool,
    },
    Csv {
        header: usize,
        quotes: Quotes,
    },
    /// Past a CSV record too large to hold.
    SkipRecord {
        quotes: Quotes,
        quoted: bool,
    },
}

impl<R: Read> Framer<R> {
    /// Over a file's bytes, decompressed.
    ///
    /// # Panics
    /// With a framing that has no byte pieces ([`Framing::Parts`], [`Framing::Nothing`]).
    pub fn new(source: R, framing: Framing) -> Self {
        let state = match framing {
            Framing::Json => State::Json { in_array: false },
            Framing::Csv { header, quote } => {
                State::Csv { header, quotes: Quotes { quote, delimiter: None } }
            }
            Framing::Parts(_) | Framing::Nothing => panic!("{framing:?} is not cut into byte pieces"),
        };
        Self { source, carry: Vec::new(), offset: 0, at_end: false, failed: None, state }
    }

    /// Says what stands between the fields of CSV, before anything is read: see [`crate::Reader::delimiter`].
    #[must_use]
    pub fn delimited_by(mut self, delimiter: Option<u8>) -> Self {
        if let State::Csv { quotes, .. } = &mut self.state {
            quotes.delimiter = delimiter;
        }
        self
    }

    /// Fills `batch` with the next pieces; `false` at the end of the file.
    ///
    /// # Errors
    /// What the source reports (a compressed file that ends too soon, say), once everything before it was handed out.
    pub fn fill(&mut self, batch: &mut Batch) -> io::Result<bool> {
        batch.clear();
        // A byte order mark is no part of any format.
        if self.offset == 0 && self.carry.is_empty() && !self.at_end {
            self.read_to(3);
            if self.carry.starts_with(b"\xef\xbb\xbf") {
                self.consume(3);
            }
        }
        while batch.is_empty() {
            let ended = self.at_end;
            self.step(batch);
            if ended && batch.is_empty() && self.carry.is_empty() {
                return self.failed.take().map_or(Ok(false), Err);
            }
        }
        Ok(true)
    }

    /// The position up to which the file was cut.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// One turn: reads, cuts what is whole, keeps the rest.
    fn step(&mut self, batch: &mut Batch) {
        match self.state {
            State::Json { in_array } => self.json(batch, in_array),
            State::Csv { header, quotes } => self.csv(batch, header, quotes),
            State::SkipLine { in_array } => {
                self.read_to(batch.target);
                let line = memchr::memchr(b'\n', &self.carry);
                self.consume(line.map_or(self.carry.len(), |at| at + 1));
                if line.is_some() {
                    self.state = State::Json { in_array };
                }
            }
            State::SkipRecord { quotes, mut quoted } => {
                self.read_to(batch.target);
                let end = quotes.record_end(&self.carry, &mut quoted);
                self.consume(end.unwrap_or(self.carry.len()));
                self.state = match end {
                    Some(_) => State::Csv { header: 0, quotes },
                    None => State::SkipRecord { quotes, quoted },
                };
            }
            State::Split { ref mut splitter, in_array } => {
                let mut input = std::mem::take(&mut self.carry);
                let ended = self.at_end;
                let (used, done) = splitter.step(&input, self.offset, ended, batch);
                input.drain(..used);
                self.carry = input;
                self.offset += used as u64;
                if done {
                    self.state = State::Json { in_array };
                } else {
                    self.read_to(self.carry.len() + batch.target);
                }
            }
        }
    }

    /// Reads until `carry` has at least `wanted` bytes or the file ends. An error of the source is kept until all
    /// before it is handed out.
    fn read_to(&mut self, wanted: usize) {
        while self.carry.len() < wanted && !self.at_end {
            let had = self.carry.len();
            self.carry.resize(wanted.max(had + 4_096), 0);
            let read = self.source.read(&mut self.carry[had..]);
            self.carry.truncate(had + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => self.at_end = true,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.at_end = true;
                    self.failed = Some(error);
                }
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.carry.drain(..bytes);
        self.offset += bytes as u64;
    }

    /// Hands the first `used` bytes of `carry` to the batch and keeps the rest, moving only the rest.
    fn hand_out(&mut self, used: usize, batch: &mut Batch) {
        let rest = self.carry[used..].to_vec();
        self.carry.truncate(used);
        std::mem::swap(&mut self.carry, &mut batch.bytes);
        self.carry.clear();
        self.carry.extend_from_slice(&rest);
        self.offset += used as u64;
    }

    fn json(&mut self, batch: &mut Batch, mut in_array: bool) {
        let mut wanted = batch.target;
        loop {
            self.read_to(wanted);
            let (used, outcome) = scan::documents(&self.carry, self.at_end, &mut in_array, |start, end| {
                batch.spans.push(Span { start, end, offset: self.offset + start as u64 });
            });
            self.state = State::Json { in_array };
            match outcome {
                scan::Outcome::More if used == 0 && !self.at_end && batch.is_empty() => {
                    if self.carry.len() >= MAX_DOCUMENT {
                        // Too large to hold: from here on in parts.
                        return self.begin_split(batch, in_array);
                    }
                    wanted = (self.carry.len() * 2).min(MAX_DOCUMENT);
                    continue;
                }
                scan::Outcome::More => {}
                scan::Outcome::Reject { length, reason } => {
                    let sample = &self.carry[used..(used + length).min(self.carry.len())];
                    batch.reject(self.offset + used as u64, reason, sample);
                    self.hand_out(used, batch);
                    self.consume(length);
                    return;
                }
                scan::Outcome::SkipLine { reason } => {
                    let sample = &self.carry[used..];
                    batch.reject(self.offset + used as u64, reason, sample);
                    self.hand_out(used, batch);
                    self.state = State::SkipLine { in_array };
                    return;
                }
            }
            self.hand_out(used, batch);
            return;
        }
    }

    fn begin_split(&mut self, batch: &mut Batch, in_array: bool) {
        let start = self.carry.iter().position(|byte| matches!(byte, b'{' | b'[' | b'"')).unwrap_or(0);
        if self.carry.get(start) == Some(&b'{') {
            self.consume(start + 1);
            self.state = State::Split { splitter: Splitter::new(), in_array };
        } else {
            batch.reject(self.offset, "a value of more than 16 MiB that is no object", &self.carry);
            self.state = State::Split { splitter: Splitter::skipping(), in_array };
        }
    }

    fn csv(&mut self, batch: &mut Batch, mut header: usize, quotes: Quotes) {
        let mut wanted = batch.target;
        loop {
            self.read_to(wanted);
            let (skipped, used) = quotes.records(&self.carry, self.at_end, &mut header);
            self.state = State::Csv { header, quotes };
            if used == 0 && !self.at_end {
                if self.carry.len() >= MAX_DOCUMENT {
                    batch.reject(
                        self.offset,
                        "a record of more than 16 MiB: is a quote not closed?",
                        &self.carry,
                    );
                    self.state = State::SkipRecord { quotes, quoted: false };
                    return;
                }
                wanted = (self.carry.len() * 2).clamp(64, MAX_DOCUMENT);
                continue;
            }
            if used > skipped {
                batch.spans.push(Span { start: skipped, end: used, offset: self.offset + skipped as u64 });
            }
            self.hand_out(used, batch);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All pieces and rejects of `bytes`, read in batches of `target`.
    fn frame(bytes: &[u8], framing: Framing, target: usize) -> (Vec<(u64, Vec<u8>)>, Vec<FrameReject>) {
        let mut framer = Framer::new(bytes, framing);
        let mut batch = Batch::with_capacity(target);
        let (mut pieces, mut rejects) = (Vec::new(), Vec::new());
        while framer.fill(&mut batch).unwrap() {
            pieces.extend(batch.pieces().map(|piece| (piece.offset, piece.bytes.to_vec())));
            rejects.extend_from_slice(batch.rejects());
        }
        (pieces, rejects)
    }

    fn texts(bytes: &[u8], target: usize) -> Vec<String> {
        let (pieces, rejects) = frame(bytes, Framing::Json, target);
        assert_eq!(rejects, [], "{}", String::from_utf8_lossy(bytes));
        pieces.into_iter().map(|(_, piece)| String::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn documents_in_every_arrangement() {
        let expected = ["{\"a\":1}", "{\"b\":[2,{\"c\":\"}\\\"\"}]}"];
        for arranged in [
            "{\"a\":1}\n{\"b\":[2,{\"c\":\"}\\\"\"}]}\n",
            "{\"a\":1}\r\n\r\n{\"b\":[2,{\"c\":\"}\\\"\"}]}",
            "{\"a\":1}{\"b\":[2,{\"c\":\"}\\\"\"}]}",
            "[{\"a\":1},{\"b\":[2,{\"c\":\"}\\\"\"}]}]",
            "\u{feff}[\n {\"a\":1} ,\n {\"b\":[2,{\"c\":\"}\\\"\"}]}\n]\n",
            "window.YTD.tweets.part0 = [ {\"a\":1},{\"b\":[2,{\"c\":\"}\\\"\"}]} ];",
            "[{\"a\":1}]\n[{\"b\":[2,{\"c\":\"}\\\"\"}]}]",
        ] {
            for target in [1, 3, 8, 1 << 20] {
                assert_eq!(texts(arranged.as_bytes(), target), expected, "{arranged} by {target}");
            }
        }
        assert_eq!(texts(b"", 8), [""; 0]);
        assert_eq!(texts(b"[]", 8), [""; 0]);
    }

    #[test]
    fn a_pretty_document_is_one_piece() {
        let pretty = "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": [\n{\"d\": 2}\n]\n}\n";
        assert_eq!(texts(pretty.as_bytes(), 4), [pretty.trim_end()]);
    }

    #[test]
    fn a_broken_line_costs_only_itself() {
        for broken in ["{\"a\": \"never closed", "{\"a\": 12", "garbage here", "{\"a\": {\"b\": 1}"] {
            let bytes = format!("{{\"x\":1}}\n{broken}\n{{\"y\":2}}\n{{\"z\":3}}\n");
            for target in [1, 16, 1 << 20] {
                let (pieces, rejects) = frame(bytes.as_bytes(), Framing::Json, target);
                let whole: Vec<_> = pieces
                    .iter()
                    .filter(|(_, piece)| serde_json::from_slice::<serde_json::Value>(piece).is_ok())
                    .collect();
                assert_eq!(whole.len(), 3, "{broken} by {target}: {pieces:?} {rejects:?}");
                assert_eq!(pieces.len() - whole.len() + rejects.len(), 1, "{broken} by {target}");
            }
        }
    }

    #[test]
    fn a_cut_off_download_gives_what_is_whole_and_one_reject() {
        let (pieces, rejects) = frame(b"[{\"a\":1},{\"b\":2},{\"c\":", Framing::Json, 1 << 20);
        assert_eq!(pieces.len(), 2);
        assert_eq!(rejects.len(), 1);
        assert_eq!(rejects[0].offset, 17);
        assert!(rejects[0].reason.contains("ends"), "{}", rejects[0].reason);
    }

    #[test]
    fn too_deep_is_rejected() {
        let deep = format!("[{{\"a\":{}1{}}},{{\"b\":1}}]", "[".repeat(100_000), "]".repeat(100_000));
        let (pieces, rejects) = frame(deep.as_bytes(), Framing::Json, 1 << 20);
        assert_eq!((pieces.len(), rejects.len()), (1, 1), "{rejects:?}");
        let hundred = format!("{{\"a\":{}1{}}}", "[".repeat(99), "]".repeat(99));
        assert_eq!(texts(hundred.as_bytes(), 64).len(), 1);
    }

    #[test]
    fn a_huge_document_comes_in_parts_of_its_own_shape() {
        let row = format!("{{\"id\":\"7\",\"text\":\"{}\"}}", "x".repeat(1_000));
        let rows = vec![row.as_str(); 20_000].join(",");
        let huge = format!(
            "{{\"meta\":{{\"n\":1}},\"data\":[{rows}],\"includes\":{{\"users\":[{rows}],\"one\":{{\"k\":2}}}},\"long\":\"{}\",\"end\":true}}\n{{\"next\":1}}",
            "y".repeat(MAX_DOCUMENT + (3 << 20))
        );
        let (pieces, rejects) = frame(huge.as_bytes(), Framing::Json, 1 << 20);
        assert_eq!(rejects.len(), 1, "the long text");
        let mut rows_seen = [0, 0];
        let mut others = Vec::new();
        for (_, piece) in &pieces {
            assert!(piece.len() < 4 << 20);
            let value: serde_json::Value = serde_json::from_slice(piece).unwrap();
            if let Some(rows) = value["data"].as_array() {
                rows_seen[0] += rows.len();
            } else if let Some(rows) = value["includes"]["users"].as_array() {
                rows_seen[1] += rows.len();
            } else {
                others.push(value.to_string());
            }
        }
        assert_eq!(rows_seen, [20_000, 20_000]);
        assert_eq!(
            others,
            [r#"{"meta":{"n":1}}"#, r#"{"includes":{"one":{"k":2}}}"#, r#"{"end":true}"#, r#"{"next":1}"#]
        );
    }

    #[test]
    fn csv_records_keep_quoted_line_breaks() {
        let framing = Framing::Csv { header: 1, quote: Some(b'"') };
        let text = "a,b\r\n1,\"x\ny\"\r\n2,\"\"\"\n\"\n3,z";
        for target in [1, 4, 1 << 20] {
            let (pieces, rejects) = frame(text.as_bytes(), framing, target);
            assert_eq!(rejects, []);
            let joined: Vec<u8> = pieces.iter().flat_map(|(_, piece)| piece.clone()).collect();
            assert_eq!(String::from_utf8(joined).unwrap(), &text[5..]);
            for (offset, piece) in &pieces {
                assert_eq!(&text.as_bytes()[*offset as usize..][..piece.len()], piece);
                assert!(memchr::memchr_iter(b'"', piece).count().is_multiple_of(2));
            }
        }
    }

    proptest! {
        #[test]
        fn any_batch_size_gives_the_same_pieces(
            bytes in proptest::collection::vec(
                proptest::sample::select(b"{}[]\",:\\ \n1a=w".to_vec()), 0..200), target in 1_usize..64) {
            let whole = frame(&bytes, Framing::Json, 1 << 20);
            let cut = frame(&bytes, Framing::Json, target);
            // Where the bytes are no JSON at all, samples and skips may differ with the size; what parses may not.
            let parses = |pieces: &[(u64, Vec<u8>)]| pieces.iter()
                .filter(|(_, piece)| serde_json::from_slice::<serde_json::Value>(piece).is_ok()).cloned().collect::<Vec<_>>();
            if whole.1.is_empty() && whole.0.len() == parses(&whole.0).len() {
                prop_assert_eq!(whole.0, cut.0);
            }
        }

        #[test]
        fn csv_pieces_join_to_the_file(
            bytes in proptest::collection::vec(proptest::sample::select(b"a,\"\n\r1".to_vec()), 0..200), target in 1_usize..64) {
            let framing = Framing::Csv { header: 0, quote: Some(b'"') };
            let join = |target| frame(&bytes, framing, target).0.into_iter().flat_map(|(_, piece)| piece).collect::<Vec<u8>>();
            prop_assert_eq!(join(target), bytes.clone());
        }
    }
}
