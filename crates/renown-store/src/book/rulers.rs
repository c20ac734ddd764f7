//! The weights files that were published, with why.

use renown_core::record::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::audit::{self, By};
use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::words::time;

/// A weights file that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruler {
    /// Later ones have larger numbers.
    pub number: i64,
    /// The file, with its comments.
    pub toml: String,
    /// Why it took the place of the one before.
    pub memo: String,
    /// When.
    pub at: Timestamp,
}

impl Book {
    /// The weights file that was published last, if any was.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn ruler(&self) -> Result<Option<Ruler>, BookError> {
        Ok(self.rulers(1)?.pop())
    }

    /// The weights files that were published last, the newest first.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn rulers(&self, most: usize) -> Result<Vec<Ruler>, BookError> {
        self.read(|moment| {
            let mut find = moment
                .prepare_cached("SELECT number, toml, memo, at FROM ruler ORDER BY number DESC LIMIT ?1")?;
            let rows = find.query_and_then(params![most as i64], ruler)?;
            rows.collect()
        })
    }

    /// Publishes a weights file: scorings from now on are by it.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be written.
    pub fn publish_ruler(&self, toml: &str, memo: &str, by: &By) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            let newest: Option<String> = change
                .query_row("SELECT toml FROM ruler ORDER BY number DESC LIMIT 1", [], |row| row.get(0))
                .optional()?;
            if newest.as_deref() != Some(toml) {
                let at = by.at.micros();
                change.execute(
                    "INSERT INTO ruler (toml, memo, at) VALUES (?1, ?2, ?3)",
                    params![toml, memo, at],
                )?;
                audit::add(change, &by.did("publish weights", None))?;
            }
            Ok(())
        })
    }
}

fn ruler(row: &Row<'_>) -> Result<Ruler, Trouble> {
    Ok(Ruler { number: row.get(0)?, toml: row.get(1)?, memo: row.get(2)?, at: time(row.get(3)?)? })
}
