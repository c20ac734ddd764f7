//! JSON written in the order it is given, so that no library's choice of key order can reach the files.

/// A JSON value whose keys keep their order.
pub enum Json {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Vec<(&'static str, Json)>),
}

/// How letters outside ASCII are written.
#[derive(Clone, Copy)]
pub enum Letters {
    /// As UTF-8.
    Utf8,
    /// As Facebook's download writes them: each byte of the UTF-8 as if it were a letter, `å` as
    /// `\u00c3\u00a5`.
    BytesAsLetters,
}

/// An object: `map! { "id": id, "text": text }`.
#[macro_export]
macro_rules! map {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::json::Json::Map(vec![$(($key, $crate::json::Json::from($value))),*])
    };
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<Json>> for Json {
    fn from(value: Vec<Json>) -> Self {
        Self::List(value)
    }
}

impl Json {
    /// An array of what the iterator gives.
    pub fn list(items: impl IntoIterator<Item = Json>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// This object with one more key at its end; anything else is left alone.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Json>) -> Self {
        if let Self::Map(fields) = &mut self {
            fields.push((key, value.into()));
        }
        self
    }

    /// One line with a line feed at its end: a document of its own, or one of a JSON-lines file.
    pub fn line(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out, Letters::Utf8, None);
        out.push(b'\n');
        out
    }

    /// Indented by two spaces, without a line feed at the end.
    pub fn pretty(&self, letters: Letters) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out, letters, Some(0));
        out
    }

    fn put(&self, out: &mut Vec<u8>, letters: Letters, depth: Option<usize>) {
        let deeper = depth.map(|depth| depth + 1);
        match self {
            Self::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Self::Number(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Self::Text(text) => put_text(out, text, letters),
            Self::List(items) => {
                put_all(out, *b"[]", depth, items, |out, item| item.put(out, letters, deeper));
            }
            Self::Map(fields) => put_all(out, *b"{}", depth, fields, |out, (key, value)| {
                put_text(out, key, letters);
                out.extend_from_slice(if depth.is_some() { b": " } else { b":" });
                value.put(out, letters, deeper);
            }),
        }
    }
}

/// Writes the items between two brackets, each on its own line when there is a depth to indent by.
fn put_all<T>(
    out: &mut Vec<u8>,
    brackets: [u8; 2],
    depth: Option<usize>,
    items: &[T],
    mut put: impl FnMut(&mut Vec<u8>, &T),
) {
    let new_line = |out: &mut Vec<u8>, more: usize| {
        if let Some(depth) = depth.filter(|_| !items.is_empty()) {
            out.push(b'\n');
            out.resize(out.len() + 2 * (depth + more), b' ');
        }
    };
    out.push(brackets[0]);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        new_line(out, 1);
        put(out, item);
    }
    new_line(out, 0);
    out.push(brackets[1]);
}

fn put_text(out: &mut Vec<u8>, text: &str, letters: Letters) {
    out.push(b'"');
    for &byte in text.as_bytes() {
        match (byte, letters) {
            (b'"' | b'\\', _) => out.extend_from_slice(&[b'\\', byte]),
            (b'\n', _) => out.extend_from_slice(b"\\n"),
            (0..0x20, _) | (0x80.., Letters::BytesAsLetters) => {
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_letters_are_escaped_both_ways() {
        let value =
            map! { "z": "å \"1\"\n", "a": Json::list([Json::Number(7), Json::Bool(true)]), "e": vec![] };
        assert_eq!(value.line(), "{\"z\":\"å \\\"1\\\"\\n\",\"a\":[7,true],\"e\":[]}\n".as_bytes());
        let pretty = String::from_utf8(value.pretty(Letters::BytesAsLetters)).unwrap();
        assert!(pretty.starts_with("{\n  \"z\": \"\\u00c3\\u00a5 "), "{pretty}");
        let _: serde_json::Value = serde_json::from_str(&pretty).unwrap();
    }
}
