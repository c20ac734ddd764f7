//! An open book: one connection that writes, and some that read beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::BookError;
use super::versions::{self, NEWEST};
use crate::store::make_private;

/// How long one waits for another process that writes. Publishing a million lines takes some seconds.
const WAIT: Duration = Duration::from_secs(30);

/// How many connections are kept ready for reading.
const READERS: usize = 8;

/// The pages that a connection may hold in memory, in KiB.
const WRITER_CACHE: i64 = 64 << 10;
const READER_CACHE: i64 = 8 << 10;

/// What outlives a crash of the machine. Neither a crash nor a kill leaves half a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Surely: it is on disk when the call returns.
    Surely,
    /// Perhaps not the last moments.
    Mostly,
}

/// The book of people, of what was published, and of who asked. Share it between threads.
#[derive(Debug)]
pub struct Book {
    path: PathBuf,
    wait: Duration,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Book {
    /// Opens a book, makes an empty one where there is none, and brings an older one up to date.
    ///
    /// # Errors
    /// [`BookError::Newer`] for one of a newer program; others if it cannot be opened, or is damaged.
    pub fn open(path: &Path) -> Result<Self, BookError> {
        Self::open_waiting(path, WAIT)
    }

    /// Likewise, waiting so long for another process that writes.
    ///
    /// # Errors
    /// As [`Book::open`].
    pub fn open_waiting(path: &Path, wait: Duration) -> Result<Self, BookError> {
        let failed = |error: &rusqlite::Error| BookError::of(path, wait, error);
        // SQLite gives its logs the same rights.
        make_private(path)
            .map_err(|error| BookError::Unusable { path: path.to_owned(), why: error.to_string() })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
        set_up(&writer, wait, WRITER_CACHE).map_err(|error| failed(&error))?;
        let found = versions::version(&writer).map_err(|error| failed(&error))?;
        if found > NEWEST {
            return Err(BookError::Newer { path: path.to_owned(), found, known: NEWEST });
        }
        writer.pragma_update(None, "journal_mode", "WAL").map_err(|error| failed(&error))?;
        versions::bring_up_to_date(&mut writer).map_err(|error| failed(&error))?;
        Ok(Self { path: path.to_owned(), wait, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn failed(&self, error: &rusqlite::Error) -> BookError {
        BookError::of(&self.path, self.wait, error)
    }

    pub(super) fn damaged(&self, why: impl Into<String>) -> BookError {
        BookError::damaged(&self.path, why)
    }

    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        // Whoever panicked while writing left no transaction: dropping it rolled it back.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the book, wholly or, if `change` fails, not at all.
    pub(super) fn write<T>(
        &self,
        lasting: Lasting,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>,
    ) -> Result<T, BookError> {
        let mut writer = self.writer();
        let synchronous = if lasting == Lasting::Surely { "FULL" } else { "NORMAL" };
        let write = || {
            writer.pragma_update(None, "synchronous", synchronous)?;
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(|trouble: Trouble| self.told(trouble))
    }

    /// Reads the book as it is at one moment, whatever is written meanwhile.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>,
    ) -> Result<T, BookError> {
        let mut reader = self.reader().map_err(|error| self.failed(&error))?;
        let found = reader.transaction().map_err(Trouble::from).and_then(|moment| read(&moment));
        let mut ready = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() < READERS {
            ready.push(reader);
        }
        found.map_err(|trouble| self.told(trouble))
    }

    /// A connection of one's own, beside all others.
    pub(super) fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        set_up(&connection, self.wait, READER_CACHE)?;
        Ok(connection)
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        if let Some(ready) = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(ready);
        }
        let reader = self.connect()?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(reader)
    }

    fn told(&self, trouble: Trouble) -> BookError {
        match trouble {
            Trouble::Sqlite(error) => self.failed(&error),
            Trouble::Damaged(why) => self.damaged(why),
            Trouble::Other(error) => error,
        }
    }
}

/// What ends a change or a reading early.
#[derive(Debug)]
pub(super) enum Trouble {
    Sqlite(rusqlite::Error),
    /// What is in the book cannot be.
    Damaged(&'static str),
    Other(BookError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<BookError> for Trouble {
    fn from(error: BookError) -> Self {
        Self::Other(error)
    }
}

/// After how many pages of 4 KiB the log is taken into the file: look-ups touch the same pages again and again, and each is taken over once.
const CHECKPOINT: i64 = 8_000;

fn set_up(connection: &Connection, wait: Duration, cache: i64) -> rusqlite::Result<()> {
    connection.busy_timeout(wait)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -cache)?;
    // What is removed is overwritten, and the log does not stay as long as it once was.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    Ok(())
}
