//! Words of the book, which stand in lines by their keys, and values of its columns.

use std::collections::HashMap;
use std::sync::Arc;

use renown_core::record::{Day, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::connections::Trouble;

/// Words looked up in a book, each once.
pub(super) struct Words<'c> {
    connection: &'c Connection,
    texts: HashMap<i64, Arc<str>>,
    keys: HashMap<Arc<str>, i64>,
}

impl<'c> Words<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, texts: HashMap::new(), keys: HashMap::new() }
    }

    /// The word of a key.
    pub(super) fn text(&mut self, key: i64) -> Result<Arc<str>, Trouble> {
        if let Some(text) = self.texts.get(&key) {
            return Ok(text.clone());
        }
        let mut find = self.connection.prepare_cached("SELECT text FROM word WHERE key = ?1")?;
        let text: Option<String> = find.query_row([key], |row| row.get(0)).optional()?;
        let text: Arc<str> =
            text.ok_or(Trouble::Damaged("a published line has a word that is not in the book"))?.into();
        self.texts.insert(key, text.clone());
        Ok(text)
    }

    /// The key of a word, which gets one if it has none.
    pub(super) fn key(&mut self, text: &str) -> Result<i64, Trouble> {
        if let Some(key) = self.keys.get(text) {
            return Ok(*key);
        }
        let mut add =
            self.connection.prepare_cached("INSERT INTO word (text) VALUES (?1) ON CONFLICT DO NOTHING")?;
        add.execute([text])?;
        let mut find = self.connection.prepare_cached("SELECT key FROM word WHERE text = ?1")?;
        let key = find.query_row([text], |row| row.get(0))?;
        self.keys.insert(text.into(), key);
        Ok(key)
    }
}

/// A time that the book has.
pub(super) fn time(micros: i64) -> Result<Timestamp, Trouble> {
    Timestamp::from_micros(micros).ok_or(Trouble::Damaged("it has a time outside 1970 to 2148"))
}

/// A day that the book has.
pub(super) fn day(raw: i64) -> Result<Day, Trouble> {
    u16::try_from(raw).map(Day::from_raw).map_err(|_| Trouble::Damaged("it has a day that is none"))
}
