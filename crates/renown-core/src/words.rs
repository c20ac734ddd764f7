//! The open vocabularies: networks, kinds and metrics are words that adapters bring; the core has no list of them.

use std::sync::RwLock;

/// A network, kind or metric, as a small number that stands for its text in one [`Words`] table.
///
/// The number depends on who asked first and so never reaches an output; texts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(pub(crate) u16);

impl Word {
    /// Its place in the table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The longest name of a network, kind or metric.
const LONGEST_NAME: usize = 64;

/// Whether `name` can be the name of a network, kind or metric, which are written in weights files and feature names.
pub fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

/// The table of all words of one run, shared by all threads.
#[derive(Debug, Default)]
pub struct Words {
    texts: RwLock<Vec<Box<str>>>,
}

/// How many different words one run may use. Real vocabularies have dozens; a table whose kind column holds free text
/// would have millions, and is told so.
pub const MAX_WORDS: usize = 4_096;

/// More than [`MAX_WORDS`] different networks, kinds and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MAX_WORDS} different networks, kinds and metrics: is a column of free text read as one of them?"
)]
pub struct TooManyWords;

impl Words {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The word for `text`, which is added if it is new.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table is full.
    pub fn intern(&self, text: &str) -> Result<Word, TooManyWords> {
        if let Some(word) = self.find(text) {
            return Ok(word);
        }
        let mut texts = self.texts.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(at) = texts.iter().position(|known| &**known == text) {
            return Ok(Word(at as u16));
        }
        if texts.len() == MAX_WORDS {
            return Err(TooManyWords);
        }
        texts.push(text.into());
        Ok(Word((texts.len() - 1) as u16))
    }

    /// The word for `text`, if it is known.
    pub fn find(&self, text: &str) -> Option<Word> {
        let texts = self.texts.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts.iter().position(|known| &**known == text).map(|at| Word(at as u16))
    }

    /// The text of a word of this table.
    pub fn text(&self, word: Word) -> Box<str> {
        let texts = self.texts.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts[word.index()].clone()
    }

    /// All texts, in the order of their words.
    pub fn texts(&self) -> Vec<Box<str>> {
        self.texts.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}
