//! What a server holds in memory of the book: all of something at once.

use renown_core::curve::Score;
use rusqlite::Row;

use super::connections::{Book, Trouble};
use super::error::BookError;

impl Book {
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
        self.all("SELECT person, tag FROM tag ORDER BY person, tag", [], |row| {
            Ok((number(row, 0)?, row.get(1)?))
        })
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
