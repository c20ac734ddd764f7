//! What a server holds in memory of the book: all of something at once.

use renown_core::curve::Score;
use rusqlite::Row;

use super::connections::{Book, Trouble};
use super::error::BookError;

/// How far a book is, for whoever holds some of it in memory: it differs after another process published or wrote down what somebody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// The number of the last publication; 0 before the first.
    pub published: i64,
    /// The number of the last entry that the audit has of somebody at the command line.
    pub said: i64,
    /// How often communities were written down otherwise.
    pub communities: i64,
}

impl Book {
    /// How far the book is; of the audit, what comes after `said` is looked through.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn pulse(&self, said: i64) -> Result<Pulse, BookError> {
        let pulse = "SELECT (SELECT coalesce(max(number), 0) FROM publication), \
                     (SELECT coalesce(max(number), ?1) FROM audit WHERE number > ?1 AND key IS NULL), \
                     (SELECT times FROM communities_told)";
        self.read(|moment| {
            let mut find = moment.prepare_cached(pulse)?;
            let found = find.query_row([said], |row| {
                Ok(Pulse { published: row.get(0)?, said: row.get(1)?, communities: row.get(2)? })
            });
            Ok(found?)
        })
    }

    /// Everybody's number, which stays the same as long as they are in the book and is not given out again.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn numbers(&self) -> Result<Vec<(String, u64)>, BookError> {
        self.all("SELECT id, key FROM person ORDER BY key", [], |row| Ok((row.get(0)?, number(row, 1)?)))
    }

    /// All scores of a publication, by the numbers of the persons.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn scores(&self, publication: i64) -> Result<Vec<(u64, Score)>, BookError> {
        let scores = "SELECT person, score FROM line WHERE publication = ?1 ORDER BY place";
        self.all(scores, [publication], |row| Ok((number(row, 0)?, Score(row.get(1)?))))
    }

    /// All tags, by the numbers of the persons.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn tags(&self) -> Result<Vec<(u64, String)>, BookError> {
        let tags = "SELECT person, tag FROM tag ORDER BY person, tag";
        self.all(tags, [], |row| Ok((number(row, 0)?, row.get(1)?)))
    }

    /// All communities that people took part in, by the numbers of the persons.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn communities(&self) -> Result<Vec<(u64, String)>, BookError> {
        let communities = "SELECT person, community FROM membership ORDER BY person, community";
        self.all(communities, [], |row| Ok((number(row, 0)?, row.get(1)?)))
    }

    /// Who is in the book and is not to be shown: all who have not agreed, who are minors or left out.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn hidden(&self) -> Result<Vec<String>, BookError> {
        let hidden =
            "SELECT id FROM person WHERE consent <> 'agreed' OR minor = 1 OR exclude = 1 ORDER BY key";
        self.all(hidden, [], |row| row.get(0))
    }

    fn all<T>(
        &self,
        sql: &str,
        of: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, BookError> {
        self.read(|moment| {
            let mut find = moment.prepare_cached(sql)?;
            let rows = find.query_map(of, read)?;
            rows.collect::<rusqlite::Result<Vec<T>>>().map_err(Trouble::from)
        })
    }
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|key| key as u64)
}
