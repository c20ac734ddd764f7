//! Where JSON documents begin and end, without reading what is in them.

use memchr::{memchr, memchr3};

use super::MAX_DEPTH;

/// Why [`documents`] stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The bytes after the last whole document need more bytes (or there are none).
    More,
    /// So many of the bytes that follow are no document.
    Reject { length: usize, reason: &'static str },
    /// What follows is no document, up to the end of its line, which may not be here yet.
    SkipLine { reason: &'static str },
}

/// Where a value ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Just before this position.
    At(usize),
    /// Not within these bytes.
    Open,
    /// It cannot be valid: what was wrong, and where to go on.
    Broken { resume: usize, reason: &'static str },
}

const CUT_OFF: &str =
    "the file ends in the middle of this document: expected its closing bracket (is the download complete?)";
const NO_DOCUMENT: &str = "not JSON: expected `{` or `[`";
const LINE_BREAK: &str = "not valid JSON: the line ends inside the document, and another document follows";
pub(crate) const TOO_DEEP: &str = "nested more than 256 levels deep";

/// Calls `found(start, end)` for every whole document. Returns how many bytes were used, and why it stopped there.
/// `in_array` says whether the bytes are inside a top-level array, whose elements are the documents.
pub(super) fn documents(
    bytes: &[u8],
    at_end: bool,
    in_array: &mut bool,
    mut found: impl FnMut(usize, usize),
) -> (usize, Outcome) {
    let mut at = 0;
    loop {
        let Some(&byte) = bytes.get(at) else { return (at, Outcome::More) };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' | 0x1e => at += 1,
            b']' if *in_array => {
                *in_array = false;
                at += 1;
            }
            b'[' if !*in_array => {
                *in_array = true;
                at += 1;
            }
            b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if *in_array || byte == b'{' => {
                let end = if *in_array { None } else { line_end(bytes, at, at_end) };
                match end.map_or_else(|| value_end(bytes, at, !*in_array), End::At) {
                    End::At(end) => {
                        found(at, end);
                        at = end;
                    }
                    End::Open if at_end => {
                        let length = next_line_with_document(bytes, at).unwrap_or(bytes.len() - at);
                        return (at, Outcome::Reject { length, reason: CUT_OFF });
                    }
                    End::Open => return (at, Outcome::More),
                    End::Broken { resume, reason } => {
                        return (at, Outcome::Reject { length: resume - at, reason });
                    }
                }
            }
            b'a'..=b'z' | b'A'..=b'Z' => match assignment(&bytes[at..], at_end) {
                Assignment::Ends(length) => at += length,
                Assignment::Open => return (at, Outcome::More),
                Assignment::None => return (at, Outcome::SkipLine { reason: NO_DOCUMENT }),
            },
            _ => return (at, Outcome::SkipLine { reason: NO_DOCUMENT }),
        }
    }
}

/// The end of a document that fills its line, as in JSON lines, found without looking inside.
///
/// If a line that begins with a document's `{` ends with `}`, and the next line begins with `{` (or there is none),
/// the document ends there: inside a valid document, `}` can only be followed by `,`, `}` or `]`.
fn line_end(bytes: &[u8], start: usize, at_end: bool) -> Option<usize> {
    let line = memchr(b'\n', &bytes[start..]);
    let (end, next) = match line {
        Some(length) => {
            (start + length, bytes[start + length..].iter().find(|byte| !byte.is_ascii_whitespace()))
        }
        None if at_end => (bytes.len(), None),
        None => return None,
    };
    let follows = match next {
        Some(b'{') => true,
        Some(_) => false,
        None => at_end,
    };
    let end = start + bytes[start..end].trim_ascii_end().len();
    // Without a next line to compare with, a last line may still hold two documents in a row.
    (follows && line.is_some() && bytes[end - 1] == b'}' && !holds_another(&bytes[start..end])).then_some(end)
}

/// Whether a line holds two documents in a row (`{…}{…}`), as far as a glance can tell.
fn holds_another(line: &[u8]) -> bool {
    memchr::memmem::find(line, b"}{").is_some() || memchr::memmem::find(line, b"} {").is_some()
}

/// The end of the value that begins at `start`. `lines` says that documents may be one a line, so that a line break
/// followed by `{` where no value can begin means that the line before was broken.
pub(super) fn value_end(bytes: &[u8], start: usize, lines: bool) -> End {
    let mut depth = 0_usize;
    let mut deepest = 0_usize;
    let end = |at, deepest| {
        if deepest > MAX_DEPTH { End::Broken { resume: at, reason: TOO_DEEP } } else { End::At(at) }
    };
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at) {
                End::At(end) => {
                    at = end;
                    if depth == 0 {
                        return End::At(at);
                    }
                    continue;
                }
                other => return other,
            },
            b'{' | b'[' => {
                if lines
                    && depth > 0
                    && byte == b'{'
                    && bytes[at - 1] == b'\n'
                    && !may_precede_value(bytes, at)
                {
                    return End::Broken { resume: at, reason: LINE_BREAK };
                }
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => {
                if depth == 0 {
                    return End::At(at);
                }
                depth -= 1;
                if depth == 0 {
                    return end(at + 1, deepest);
                }
            }
            b',' | b'\n' if depth == 0 => return End::At(at),
            _ => {}
        }
        at += 1;
    }
    End::Open
}

/// Whether a document is nested more than [`MAX_DEPTH`] levels deep. `false` may be wrong by 64 levels, which the
/// parser can bear.
pub(crate) fn is_too_deep(document: &[u8]) -> bool {
    super::depth::may_exceed(document, MAX_DEPTH + 64)
}

/// The position after the string that begins at `start`. A raw line break inside is no valid JSON.
fn string_end(bytes: &[u8], start: usize) -> End {
    let mut at = start + 1;
    while let Some(rest) = bytes.get(at..) {
        let Some(found) = memchr3(b'"', b'\\', b'\n', rest) else { return End::Open };
        at += found;
        match bytes[at] {
            b'"' => return End::At(at + 1),
            b'\n' => return End::Broken { resume: at, reason: "not valid JSON: a line break inside a text" },
            _ => at += 2,
        }
    }
    End::Open
}

/// Whether the byte before `at`, white space aside, is one after which a value may begin.
fn may_precede_value(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].trim_ascii_end();
    matches!(before.last(), Some(b',' | b':' | b'['))
}

/// How far after `start` the next line begins that itself begins with `{`.
fn next_line_with_document(bytes: &[u8], start: usize) -> Option<usize> {
    memchr::memmem::find(&bytes[start..], b"\n{").map(|at| at + 1)
}

enum Assignment {
    /// `name = ` takes so many bytes.
    Ends(usize),
    /// It may yet be one.
    Open,
    None,
}

/// The `window.YTD.tweets.part0 = ` in front of a document.
fn assignment(bytes: &[u8], at_end: bool) -> Assignment {
    let name = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b' ' | b'$'))
        .count();
    match bytes.get(name) {
        Some(b'=') => Assignment::Ends(name + 1),
        None if !at_end && name < 1_024 => Assignment::Open,
        _ => Assignment::None,
    }
}
