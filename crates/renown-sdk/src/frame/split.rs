//! A JSON object too large to hold comes as several smaller ones of the same shape.
//!
//! `{"data":[a,b,c,…],"includes":{"users":[…]},"meta":{…}}` becomes `{"data":[a,b]}`, `{"data":[c,…]}`,
//! `{"includes":{"users":[…]}}`, `{"meta":{…}}`: arrays in runs of elements, every other member by itself.

use super::scan::{End, value_end};
use super::{Batch, MAX_DOCUMENT, Span};

/// Objects are opened this deep; deeper ones are taken whole.
const OPENED: usize = 3;

/// About how many bytes of array elements go into one part.
const PART: usize = 256 << 10;

const TOO_LARGE: &str = "a value of more than 16 MiB inside a document: skipped";

/// Where in the object the stream stands.
#[derive(Debug)]
pub(super) struct Splitter {
    /// The keys of the objects (and of the array, if `in_array`) that are open, outermost first.
    keys: Vec<Vec<u8>>,
    in_array: bool,
    skip: Option<Skip>,
    /// Whether the value being skipped is all there is: then there is no object to go on with.
    only_skip: bool,
}

impl Splitter {
    /// After the `{` of the document.
    pub(super) fn new() -> Self {
        Self { keys: Vec::new(), in_array: false, skip: None, only_skip: false }
    }

    /// At a value that is to be skipped as a whole.
    pub(super) fn skipping() -> Self {
        Self { skip: Some(Skip::default()), only_skip: true, ..Self::new() }
    }

    /// Takes what is whole from `bytes`, which begin at `offset` in the file. Returns how many bytes were used, and
    /// whether the document is over.
    pub(super) fn step(
        &mut self,
        bytes: &[u8],
        offset: u64,
        at_end: bool,
        batch: &mut Batch,
    ) -> (usize, bool) {
        let mut part = Part::default();
        let mut at = 0;
        let done = loop {
            if let Some(skip) = &mut self.skip {
                let Some(length) = skip.feed(&bytes[at..]) else {
                    at = bytes.len();
                    break at_end;
                };
                at += length;
                self.skip = None;
                if self.only_skip {
                    break true;
                }
            }
            match self.next(bytes, &mut at, offset, batch, &mut part) {
                Next::Go => {}
                Next::Done => break true,
                Next::More if bytes.len() - at >= MAX_DOCUMENT => {
                    batch.reject(offset + at as u64, TOO_LARGE, &bytes[at..]);
                    at = self.value_start(bytes, at);
                    self.skip = Some(Skip::default());
                }
                Next::More if at_end => {
                    if at < bytes.len() || !self.keys.is_empty() {
                        batch.reject(
                            offset + at as u64,
                            "the file ends in the middle of this document",
                            &bytes[at..],
                        );
                    }
                    at = bytes.len();
                    break true;
                }
                Next::More => break false,
            }
        };
        self.flush(&mut part, batch);
        (at, done)
    }

    /// One step: an opened or closed container, an element or a member.
    fn next(
        &mut self,
        bytes: &[u8],
        at: &mut usize,
        offset: u64,
        batch: &mut Batch,
        part: &mut Part,
    ) -> Next {
        while matches!(bytes.get(*at), Some(b' ' | b'\t' | b'\r' | b'\n' | b',')) {
            *at += 1;
        }
        match bytes.get(*at) {
            None => Next::More,
            Some(b']' | b'}') => {
                *at += 1;
                self.flush(part, batch);
                self.in_array = false;
                if self.keys.pop().is_none() { Next::Done } else { Next::Go }
            }
            Some(_) if self.in_array => match value_end(bytes, *at, false) {
                End::At(end) if end > *at => {
                    part.add(&bytes[*at..end], offset + *at as u64);
                    *at = end;
                    if part.bytes.len() >= PART {
                        self.flush(part, batch);
                    }
                    Next::Go
                }
                End::Open => Next::More,
                End::Broken { resume, reason } => {
                    batch.reject(offset + *at as u64, reason, &bytes[*at..resume]);
                    *at = resume;
                    Next::Go
                }
                End::At(_) => {
                    *at += 1;
                    Next::Go
                }
            },
            Some(b'"') => self.member(bytes, at, offset, batch, part),
            Some(_) => {
                let End::At(end) = value_end(bytes, *at, false) else { return Next::More };
                batch.reject(offset + *at as u64, "not valid JSON: expected a key", &bytes[*at..end]);
                *at = end.max(*at + 1);
                Next::Go
            }
        }
    }

    fn member(
        &mut self,
        bytes: &[u8],
        at: &mut usize,
        offset: u64,
        batch: &mut Batch,
        part: &mut Part,
    ) -> Next {
        let End::At(key_end) = value_end(bytes, *at, false) else { return Next::More };
        let start = self.value_start(bytes, *at);
        let key = &bytes[*at..key_end];
        match bytes.get(start) {
            None => Next::More,
            Some(b'[') => self.open(key, true, at, start + 1),
            Some(b'{') if self.keys.len() + 1 < OPENED && bytes.len() - start >= PART => {
                self.open(key, false, at, start + 1)
            }
            Some(_) => match value_end(bytes, start, false) {
                End::At(end) => {
                    part.add(&bytes[*at..end], offset + *at as u64);
                    self.flush(part, batch);
                    *at = end;
                    Next::Go
                }
                _ if bytes[start] == b'{' && self.keys.len() + 1 < OPENED => {
                    self.open(key, false, at, start + 1)
                }
                _ => Next::More,
            },
        }
    }

    fn open(&mut self, key: &[u8], array: bool, at: &mut usize, inside: usize) -> Next {
        self.keys.push(key.to_vec());
        self.in_array = array;
        *at = inside;
        Next::Go
    }

    /// Where the value of the member (or the element) at `at` begins.
    fn value_start(&self, bytes: &[u8], at: usize) -> usize {
        if self.in_array {
            return at;
        }
        let End::At(key_end) = value_end(bytes, at, false) else { return at };
        let gap =
            bytes[key_end..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b':').count();
        key_end + gap
    }

    /// Writes the part as a document of its own: the keys around it, opened and closed.
    fn flush(&self, part: &mut Part, batch: &mut Batch) {
        if part.bytes.is_empty() {
            return;
        }
        let start = batch.bytes.len();
        for key in &self.keys {
            batch.bytes.push(b'{');
            batch.bytes.extend_from_slice(key);
            batch.bytes.push(b':');
        }
        batch.bytes.push(if self.in_array { b'[' } else { b'{' });
        batch.bytes.append(&mut part.bytes);
        batch.bytes.push(if self.in_array { b']' } else { b'}' });
        batch.bytes.extend(std::iter::repeat_n(b'}', self.keys.len()));
        batch.spans.push(Span { start, end: batch.bytes.len(), offset: part.offset });
    }
}

enum Next {
    Go,
    More,
    Done,
}

/// Elements or a member, gathered for one part.
#[derive(Debug, Default)]
struct Part {
    bytes: Vec<u8>,
    offset: u64,
}

impl Part {
    fn add(&mut self, bytes: &[u8], offset: u64) {
        if self.bytes.is_empty() {
            self.offset = offset;
        } else {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(bytes);
    }
}

/// Passes over one value of any size, holding none of it.
#[derive(Debug, Default)]
struct Skip {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Skip {
    /// How many bytes the value takes, if it ends within these.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => return Some(at + usize::from(self.depth == 1)),
                b'}' | b']' => self.depth -= 1,
                b',' if self.depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    }
}
