//! A map bound to one file and one run: where each field is, and the words that are the same in every row.

use std::sync::Arc;

use renown_sdk::{OpenError, Vocabulary, Word};

use crate::cell::{Cell, plain_integer};
use crate::map::{Fields, Map};
use crate::places::Place;
use crate::words::WordBook;

/// What a reader needs to know of its file.
#[derive(Debug)]
pub(crate) struct Plan {
    map: Arc<Map>,
    /// Of each of the map's slots.
    pub(crate) places: Vec<Place>,
    pub(crate) words: WordBook,
    /// The kind, if every row has the same on the same network.
    kind: Option<Word>,
}

impl Plan {
    pub(crate) fn new(
        map: &Arc<Map>,
        places: Vec<Place>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, OpenError> {
        let words = WordBook::new(map, vocabulary)?;
        let same = |slot: usize| match &places[slot] {
            Place::Constant(text) => Some(text.as_str()),
            _ => None,
        };
        let wrong = |field: &str, problem: &str| {
            OpenError::Configuration(format!("{}: the `{field}` of this file is {problem}", map.path))
        };
        let mut kind = None;
        if let Some(network) = same(map.fields.network) {
            let network = words.network(network.as_bytes()).map_err(|problem| wrong("network", problem))?;
            if let Some(text) = map.fields.kind.and_then(same) {
                kind = Some(words.kind(network, text.as_bytes()).map_err(|problem| wrong("kind", problem))?);
            }
        }
        Ok(Self { map: map.clone(), kind, words, places })
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.map.fields
    }

    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// The kind of every row, if it is the same.
    pub(crate) fn kind(&self) -> Option<Word> {
        self.kind
    }

    /// Text from a file as a cell: without spaces around it, and missing if it is empty or one of the map's words for
    /// that.
    #[inline]
    pub(crate) fn text_cell<'a>(&self, text: &'a str) -> Cell<'a> {
        let text = text.trim_ascii();
        self.plain_cell(text.as_bytes()).unwrap_or(Cell::Text(text))
    }

    /// As [`Plan::text_cell`], of what may not be UTF-8.
    #[inline]
    pub(crate) fn bytes_cell<'a>(&self, text: &'a [u8]) -> Cell<'a> {
        let text = text.trim_ascii();
        self.plain_cell(text).unwrap_or(Cell::Bytes(text))
    }

    #[inline]
    fn plain_cell(&self, text: &[u8]) -> Option<Cell<'static>> {
        if text.is_empty() || self.map.missing.iter().any(|word| word.as_bytes() == text) {
            return Some(Cell::Missing);
        }
        plain_integer(text).map(Cell::Integer)
    }
}
