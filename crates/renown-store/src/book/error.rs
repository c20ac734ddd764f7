//! What can go wrong with a book.

use std::path::{Path, PathBuf};

use renown_core::record::Day;
use renown_engine::EngineError;
use rusqlite::ErrorCode;

/// Why something cannot be done with a book. No message names a person whom the caller did not name.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A newer program wrote it.
    #[error(
        "{}: a book of version {found}, and this program knows version {known}: use the renown that wrote it, or a newer one",
        path.display()
    )]
    Newer {
        /// The book.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Another process writes to it, and went on doing so for longer than one waits.
    #[error(
        "{}: another process has been writing to this book for more than {seconds} s: run this again when that one is done",
        path.display()
    )]
    Busy {
        /// The book.
        path: PathBuf,
        /// How long one waited.
        seconds: u64,
    },
    /// It cannot be opened, read or written: rights, space, a failing disk.
    #[error("{}: {why}", path.display())]
    Unusable {
        /// The book.
        path: PathBuf,
        /// What the system says, and what to do.
        why: String,
    },
    /// What is in it is not what was written.
    #[error("{}: {why}: restore it from a backup", path.display())]
    Damaged {
        /// The book.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// What is asked for cannot be done, by what the book says.
    #[error("{0}")]
    Refused(String),
    /// There is no such person in the book.
    #[error("`{0}` is nobody in the book")]
    Nobody(String),
    /// There is no such key.
    #[error("there is no key `{0}` in the book")]
    NoKey(String),
    /// The day was published with other scores.
    #[error(
        "the scores of {0} were published, and would be others now: records came since, or the ruler, the people or the day \
         before changed. Published scores stay unless they are published `again`"
    )]
    PublishedOtherwise(Day),
}

impl BookError {
    pub(super) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.into() }
    }

    /// From what SQLite says of the book at this path.
    pub(super) fn of(path: &Path, waited: std::time::Duration, error: &rusqlite::Error) -> Self {
        let unusable = |why: &str| Self::Unusable { path: path.to_owned(), why: why.to_owned() };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy { path: path.to_owned(), seconds: waited.as_secs() }
            }
            Some(ErrorCode::NotADatabase) => Self::damaged(path, "it is no book, or is damaged"),
            Some(ErrorCode::DatabaseCorrupt) => Self::damaged(path, "it is damaged"),
            Some(ErrorCode::DiskFull) => {
                unusable("there is no space left to write to it: make some, and run this again")
            }
            Some(ErrorCode::ReadOnly) => {
                unusable("it cannot be written to: expected write access to the file and its folder")
            }
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => unusable(
                "it cannot be opened: expected a folder that is there, and write access to it and the file",
            ),
            Some(ErrorCode::SystemIoFailure) => unusable(&format!(
                "the system failed to read or write it ({error}): is the disk full or failing?"
            )),
            _ => unusable(&error.to_string()),
        }
    }
}

impl From<BookError> for EngineError {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Damaged { .. } => Self::Data(error.to_string()),
            _ => Self::Usage(error.to_string()),
        }
    }
}
