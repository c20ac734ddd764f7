//! JSON: one object a row, in lines (NDJSON) or in a top-level array.
//!
//! A column is a key of the object; `user.id` is the key `id` of the object under `user`, unless the row has a key that
//! is spelt so.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use renown_sdk::json::{JsonError, Outline, Text, check_depth};
use renown_sdk::{File, OpenError, Piece, Reader, Reject, Sink, Vocabulary};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use sonic_rs::LazyValue;

use crate::cell::{Cell, plain_integer};
use crate::map::Map;
use crate::places::{self, Place};
use crate::plan::Plan;
use crate::rows::{self, Row, Scratch};

/// The columns that the first rows have. Rows of JSON leave out what they do not have, so it takes several to see all.
fn columns(head: &[u8]) -> Vec<String> {
    let mut columns = BTreeSet::new();
    let mut add = |outline: &Outline| {
        columns.extend(outline.paths().map(|path| path.strip_prefix("[].").unwrap_or(path).to_owned()));
    };
    let whole = Outline::of(head);
    add(&whole);
    if !whole.has("[]") {
        head.split(|&byte| byte == b'\n').skip(1).for_each(|line| add(&Outline::of(line)));
    }
    columns.remove("[]");
    columns.into_iter().collect()
}

/// Whether the first rows have every column that the map needs.
pub(crate) fn has_all_columns(map: &Map, file: &File<'_>) -> bool {
    places::has_all(map, file.path, &columns(file.head))
}

/// A reader for a file.
pub(crate) fn open(
    map: &Arc<Map>,
    file: &File<'_>,
    vocabulary: &Vocabulary,
) -> Result<Box<dyn Reader>, OpenError> {
    let mut columns = columns(file.head);
    if columns.is_empty() {
        // No rows, or none that begins in the first bytes: nothing to hold the map against.
        columns = map.columns().map(str::to_owned).collect();
    }
    let mut places = places::find(map, file.path, &columns)?;
    // A column of this file is a place among the keys that are looked for.
    let mut keys = Vec::new();
    for (place, slot) in places.iter_mut().zip(&map.slots) {
        if matches!(place, Place::Column(_)) || (slot.optional && *place == Place::Absent) {
            *place = Place::Column(keys.len());
            keys.push((slot.text.as_str(), keys.len()));
        }
    }
    let plan = Plan::new(map, places, vocabulary)?;
    Ok(Box::new(NdjsonReader { plan, keys: Key::tree(&keys), columns: keys.len() }))
}

struct NdjsonReader {
    plan: Plan,
    keys: Vec<Key>,
    columns: usize,
}

impl Reader for NdjsonReader {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut scratch = Scratch::default();
        let reject = |reason, sink: &mut dyn Sink| {
            sink.reject(&Reject { offset: 0, row: None, reason, record: piece.bytes });
        };
        // A text in another encoding must not cost the row; and the parser takes bytes for text without looking.
        let document = match std::str::from_utf8(piece.bytes) {
            Ok(document) => Cow::Borrowed(document),
            Err(_) => String::from_utf8_lossy(piece.bytes),
        };
        match self.row(&document, matches!(document, Cow::Owned(_))) {
            Ok(row) => rows::give(&self.plan, &row, &mut scratch, sink),
            Err(error) => return reject(error.to_string(), sink),
        }
        for fault in scratch.faults.drain(..) {
            reject(fault.reason(&self.plan), sink);
        }
    }
}

impl NdjsonReader {
    fn row<'b>(&self, document: &'b str, is_mended: bool) -> Result<JsonRow<'b, '_>, JsonError> {
        check_depth(document.as_bytes())?;
        let mut values = vec![Value::Missing; self.columns];
        let mut parser = sonic_rs::Deserializer::from_str(document);
        let picker = Picker { keys: &self.keys, values: &mut values };
        picker.deserialize(&mut parser).and_then(|()| parser.end()).map_err(|error| said(&error))?;
        Ok(JsonRow { values, is_mended, plan: &self.plan })
    }
}

/// The SDK's words for an error, which quote no content.
fn said(error: &sonic_rs::Error) -> JsonError {
    use sonic_rs::error::Category;
    let what = match error.classify() {
        Category::Eof => "the row ends too soon",
        Category::TypeUnmatched => "expected an object, whose keys are columns",
        _ => "not valid JSON",
    };
    JsonError { line: error.line(), column: error.column(), what }
}

struct JsonRow<'b, 'p> {
    values: Vec<Value<'b>>,
    /// Whether the row had bytes that are not UTF-8, which were replaced.
    is_mended: bool,
    plan: &'p Plan,
}

impl Row<'_> for JsonRow<'_, '_> {
    fn column(&self, at: usize) -> Cell<'_> {
        match &self.values[at] {
            Value::Missing => Cell::Missing,
            Value::Text(text) => match self.plan.text_cell(text) {
                // What was not UTF-8 in the file must not become an id that many share.
                Cell::Text(text) if self.is_mended && text.contains('\u{fffd}') => Cell::Bytes(b"\xff"),
                cell => cell,
            },
            Value::Number(number) => {
                plain_integer(number.as_bytes()).map_or(Cell::Spelt(number), Cell::Integer)
            }
            Value::Other => Cell::Other,
        }
    }
}

/// A value under one of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value<'b> {
    Missing,
    Text(Cow<'b, str>),
    /// As it is spelt.
    Number(Cow<'b, str>),
    Other,
}

impl<'b> Value<'b> {
    fn of(value: &LazyValue<'b>) -> Self {
        let raw = value.as_raw_cow();
        match raw.as_bytes() {
            [b'"', text @ .., b'"'] if !text.contains(&b'\\') => match raw {
                Cow::Borrowed(raw) => Self::Text(Cow::Borrowed(&raw[1..raw.len() - 1])),
                Cow::Owned(raw) => Self::Text(Cow::Owned(raw[1..raw.len() - 1].to_owned())),
            },
            [b'"', ..] => sonic_rs::from_str(&raw).map_or(Self::Other, |text| Self::Text(Cow::Owned(text))),
            [b'-' | b'0'..=b'9', ..] => Self::Number(raw),
            b"null" => Self::Missing,
            _ => Self::Other,
        }
    }
}

/// A key that is looked for, and what is looked for in the object under it.
#[derive(Debug)]
struct Key {
    name: String,
    /// The columns that it is.
    columns: Vec<usize>,
    inner: Vec<Key>,
}

impl Key {
    /// The keys by which columns may be found: `user.id` is the key `user.id`, or `id` in the object under `user`.
    fn tree(columns: &[(&str, usize)]) -> Vec<Self> {
        let mut names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        names.extend(columns.iter().filter_map(|(column, _)| Some(column.split_once('.')?.0)));
        names.sort_unstable();
        names.dedup();
        let key = |name: &str| {
            let inner: Vec<_> = columns
                .iter()
                .filter_map(|&(column, at)| Some((column.strip_prefix(name)?.strip_prefix('.')?, at)))
                .collect();
            Self {
                name: name.to_owned(),
                columns: columns.iter().filter(|(column, _)| *column == name).map(|(_, at)| *at).collect(),
                inner: if inner.is_empty() { Vec::new() } else { Self::tree(&inner) },
            }
        };
        names.into_iter().map(key).collect()
    }
}

/// Takes the values of the keys out of an object. Goes as deep as keys have dots, no deeper.
struct Picker<'k, 'v, 'b> {
    keys: &'k [Key],
    values: &'v mut [Value<'b>],
}

impl<'b> DeserializeSeed<'b> for Picker<'_, '_, 'b> {
    type Value = ();
    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'b> Visitor<'b> for Picker<'_, '_, 'b> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Text<'b>>()? {
            let Some(key) = self.keys.iter().find(|key| *key.name == *name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: LazyValue<'b> = map.next_value()?;
            if let (false, Cow::Borrowed(raw)) = (key.inner.is_empty(), value.as_raw_cow())
                && raw.starts_with('{')
            {
                // It was checked as part of the row.
                let mut parser = sonic_rs::Deserializer::from_str(raw);
                let _ = Picker { keys: &key.inner, values: self.values }.deserialize(&mut parser);
            }
            for &column in &key.columns {
                self.values[column] = Value::of(&value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(keys: &[&str], document: &str) -> Option<Vec<String>> {
        let columns: Vec<(&str, usize)> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let keys = Key::tree(&columns);
        let mut values = vec![Value::Missing; columns.len()];
        let mut parser = sonic_rs::Deserializer::from_str(document);
        let seed = Picker { keys: &keys, values: &mut values };
        seed.deserialize(&mut parser).and_then(|()| parser.end()).ok()?;
        let shown = values.into_iter().map(|value| match value {
            Value::Missing => "-".to_owned(),
            Value::Text(text) => format!("'{text}'"),
            Value::Number(number) => number.into_owned(),
            Value::Other => "?".to_owned(),
        });
        Some(shown.collect())
    }

    #[test]
    fn keys_are_found_at_the_top_and_under_dots() {
        let keys = ["a", "b", "user.id", "user.x.y", "d.e"];
        let found = |document| values(&keys, document).map(|found| found.join(" "));
        let row = r#"{"b": "å\u00e5\n", "skip": [{"a": 1}], "a": 123456789012345678901234567890, "user": {"a": 2, "id": -7, "x": {"y": true}}, "d.e": 1.50}"#;
        assert_eq!(found(row).as_deref(), Some("123456789012345678901234567890 'åå\n' -7 ? 1.50"));
        assert_eq!(
            found(r#"{"user": null, "a": null, "b": [], "d": [], "a": 5}"#).as_deref(),
            Some("5 ? - - -")
        );
        assert_eq!(
            found(r#"{"user.id": 1, "user": {"x.y": 3, "x": {"id": 9}}}"#).as_deref(),
            Some("- - 1 3 -")
        );
        assert_eq!(found("{}").as_deref(), Some("- - - - -"));
        for bad in
            ["", "[]", "7", "null", r#"{"a": 1"#, r#"{"a": NaN}"#, r#"{"a": 1} x"#, r#"{"z": 1, "a": 0x1}"#]
        {
            assert_eq!(found(bad), None, "{bad}");
        }
    }

    #[test]
    fn columns_are_those_of_several_rows() {
        let lines = columns(b"{\"a\": 1}\n{\"b\": {\"c\": 2}}\n{\"d");
        assert_eq!(lines, ["a", "b", "b.c"]);
        assert_eq!(columns(br#"[{"a": 1}, {"b": 2}]"#), ["a", "b"]);
        assert_eq!(columns(b""), [""; 0]);
    }
}
