//! Typed reading of JSON, and a look at a file's outline.
//!
//! Describe a document as structs with `#[derive(serde::Deserialize)]`, borrowing text as [`Text`], ids as [`Id`] and
//! counts as [`Count`]; fields that are not named are skipped at the speed of memory.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU64;

use serde::de::{Deserialize, Deserializer, Visitor};

/// Reads one document.
///
/// # Errors
/// [`JsonError`]: where, and what was expected. It quotes no content.
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, JsonError> {
    check_depth(bytes)?;
    // It also hands texts to visitors before it has checked them.
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::at(bytes, error.valid_up_to(), "not valid UTF-8"))?;
    sonic_rs::from_str(text).map_err(|error| JsonError::new(&error))
}

/// Whether a document is no deeper than any that is read ([`crate::frame::MAX_DEPTH`]). Parsers skip unknown fields by
/// recursion, so whoever does not read by [`from_slice`] must ask this first, or a hostile document ends the process.
/// Pieces are not all looked into when they are cut.
///
/// # Errors
/// [`JsonError`] if it is deeper.
pub fn check_depth(bytes: &[u8]) -> Result<(), JsonError> {
    if crate::frame::is_too_deep(bytes) {
        return Err(JsonError { line: 1, column: 1, what: crate::frame::TOO_DEEP });
    }
    Ok(())
}

/// A document that is not what was expected. Quotes no content, since it is printed where bystanders must not be named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column} of the document: {what}")]
pub struct JsonError {
    /// Line within the document, from 1.
    pub line: usize,
    /// Column within the line, from 1.
    pub column: usize,
    /// What was wrong.
    pub what: &'static str,
}

impl JsonError {
    fn at(bytes: &[u8], offset: usize, what: &'static str) -> Self {
        let before = &bytes[..offset];
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Self { line: memchr::memchr_iter(b'\n', before).count() + 1, column: offset - start + 1, what }
    }

    fn new(error: &sonic_rs::Error) -> Self {
        use sonic_rs::error::Category;
        let what = match error.classify() {
            Category::Eof => "the document ends too soon",
            Category::Syntax => "not valid JSON",
            Category::TypeUnmatched => "a value of another type than this field has",
            Category::NotFound => "a field that must be there is missing",
            _ => "cannot be read",
        };
        Self { line: error.line(), column: error.column(), what }
    }
}

/// A text, borrowed where the document spells it without escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(pub Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// An id: a text or an integer. (An integer beyond 64 bits is not exact as a JSON number; networks write those as texts.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id<'a> {
    /// An integer.
    Number(i64),
    /// A text.
    Text(Cow<'a, str>),
}

impl Id<'_> {
    /// The id as records carry it.
    pub fn as_id(&self) -> crate::Id<'_> {
        match self {
            Self::Number(number) => crate::Id::Number(*number),
            Self::Text(text) => crate::Id::new(text),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl<'de> Visitor<'de> for IdVisitor {
            type Value = Id<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id: a text or an integer")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Id::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Id::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Id::Number(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(number)
                    .map_or_else(|_| Id::Text(Cow::Owned(number.to_string())), Id::Number))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// A count: a whole number or its text (`"1234"`, as YouTube writes it), from 0 to [`crate::MAX_AMOUNT`]. Anything
/// else (a negative number, 10^30, a fraction) is kept as [`Count::BAD`], so that one bad count does not lose the rest
/// of its document.
// One more than the count, so that an optional count is as small as a count: documents have many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(NonZeroU64);

impl Count {
    /// Not a count: reject the record's total and go on.
    pub const BAD: Self = Self(NonZeroU64::MAX);

    /// A count, if it is one.
    pub fn new(count: Option<u64>) -> Self {
        let usable = count.filter(|count| *count <= crate::MAX_AMOUNT);
        usable.map_or(Self::BAD, |count| Self(NonZeroU64::MIN.saturating_add(count)))
    }

    /// The count, if it is one.
    pub fn good(self) -> Option<u64> {
        (self != Self::BAD).then_some(self.0.get() - 1)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountVisitor;
        impl Visitor<'_> for CountVisitor {
            type Value = Count;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count: a whole number or its text")
            }
            fn visit_u64<E>(self, number: u64) -> Result<Count, E> {
                Ok(Count::new(Some(number)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Count, E> {
                Ok(Count::new(u64::try_from(number).ok()))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Count, E> {
                Ok(Count::BAD)
            }
            fn visit_str<E>(self, text: &str) -> Result<Count, E> {
                Ok(Count::new(text.parse().ok()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
                Ok(Count::BAD)
            }
        }
        deserializer.deserialize_any(CountVisitor)
    }
}

/// The key paths of a document, read from its first bytes, however they are cut off: enough to tell what it is.
///
/// Paths join keys with `.` and mark array elements with `[]`: `data[].author_id`, `[].retweeted_status`, `error.code`.
/// Of several documents in a row only the first is looked at. Keys with escapes are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What stands before the first `[` or `{`: `window.YTD.tweets.part0 = `, or nothing.
    pub prefix: String,
    paths: BTreeSet<String>,
}

/// How deep an outline looks.
const OUTLINE_DEPTH: usize = 6;

impl Outline {
    /// Of a file's first bytes.
    pub fn of(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let Some(start) = memchr::memchr2(b'{', b'[', head) else { return Self::default() };
        let prefix = String::from_utf8_lossy(&head[..start]).trim().to_owned();
        let mut outline = Self { prefix, paths: BTreeSet::new() };
        outline.walk(&head[start..]);
        outline
    }

    /// Whether the document (or one of its first elements) has this path.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether it has all of these paths.
    pub fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// Whether it has any of these paths.
    pub fn has_any(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.has(path))
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Walks tokens without recursion; `path` ends at the container or key that a value would belong to.
    fn walk(&mut self, bytes: &[u8]) {
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut path = String::new();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'{' | b'[' => {
                    open.push((byte, path.len()));
                    if byte == b'[' {
                        path.push_str("[]");
                        self.note(&path, open.len());
                    }
                }
                b'}' | b']' => {
                    if let Some((_, length)) = open.pop() {
                        path.truncate(length);
                    }
                    if open.is_empty() {
                        return;
                    }
                }
                b'"' => {
                    let Some(end) = string_end(bytes, at + 1) else { return };
                    let text = &bytes[at + 1..end];
                    at = end + 1;
                    let after = bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace());
                    let is_key = after.is_some_and(|after| bytes[at + after] == b':');
                    if let (true, Some(&(b'{', length))) = (is_key, open.last()) {
                        path.truncate(length);
                        if !path.is_empty() {
                            path.push('.');
                        }
                        path.push_str(std::str::from_utf8(text).unwrap_or("?"));
                        self.note(&path, open.len());
                    }
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn note(&mut self, path: &str, depth: usize) {
        if depth <= OUTLINE_DEPTH && path.len() <= 256 && !self.paths.contains(path) {
            self.paths.insert(path.to_owned());
        }
    }
}

/// The position of the quote that ends the string whose text begins at `from`.
fn string_end(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_lists_paths_even_of_a_cut_document() {
        let outline = Outline::of(
            br#"window.YTD.like.part0 = [ {"like": {"tweetId": "1", "x": [1, {"y": "a:\"b"}]}}, {"li"#,
        );
        assert_eq!(outline.prefix, "window.YTD.like.part0 =");
        let paths: Vec<_> = outline.paths().collect();
        assert_eq!(paths, ["[]", "[].like", "[].like.tweetId", "[].like.x", "[].like.x[]", "[].like.x[].y"]);
    }

    #[test]
    fn an_outline_of_anything_is_harmless() {
        for bytes in
            [&b""[..], b"{", b"]", b"\"", b"{\"a", b"\xff\xfe", b"{\"a\\", b"[[[[[[[[", b"}}}}{\"a\":1}"]
        {
            let _ = Outline::of(bytes);
        }
    }

    #[derive(Debug, serde::Deserialize)]
    struct Sample<'a> {
        #[serde(borrow)]
        id: Id<'a>,
        #[serde(borrow)]
        text: Option<Text<'a>>,
        likes: Option<Count>,
    }

    #[test]
    fn ids_texts_and_counts_take_what_networks_write() {
        let sample: Sample<'_> =
            from_slice(br#"{"id": "12", "text": "a\u00e5", "likes": "7", "other": [1]}"#).unwrap();
        assert_eq!(sample.id.as_id(), crate::Id::Number(12));
        assert_eq!(sample.text.as_deref(), Some("aå"));
        assert_eq!(sample.likes, Some(Count::new(Some(7))));
        let sample: Sample<'_> = from_slice(br#"{"id": 18446744073709551615, "likes": 1e30}"#).unwrap();
        assert_eq!(sample.id.as_id(), crate::Id::Text("18446744073709551615"));
        assert_eq!(sample.likes, Some(Count::BAD));
        for bad in ["-4", "1.5", "true", "\"many\"", "1000000000000000001"] {
            let text = format!("{{\"id\": 1, \"likes\": {bad}}}");
            let sample: Sample<'_> = from_slice(text.as_bytes()).unwrap();
            assert_eq!(sample.likes, Some(Count::BAD), "{bad}");
        }
    }

    #[test]
    fn errors_quote_nothing() {
        let error = from_slice::<Sample<'_>>(br#"{"id": {"secret": 1}}"#).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        assert!(from_slice::<Sample<'_>>(b"{\"id\": \"\xff\"}").is_err());
    }

    #[test]
    fn deep_documents_do_not_overflow_the_stack() {
        for open in ["{\"skipped\":", "{\"skipped\":[", "[{\"id\":"] {
            let never_closed = open.repeat(100_000) + "}";
            assert!(from_slice::<Sample<'_>>(never_closed.as_bytes()).is_err());
        }
        let deep = format!("{{\"id\": 1, \"skipped\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        let error = from_slice::<Sample<'_>>(deep.as_bytes()).unwrap_err();
        assert_eq!(error.what, crate::frame::TOO_DEEP);
    }
}
