//! Copies of a book, to be kept elsewhere and brought back.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::connections::Book;
use super::error::BookError;
use crate::store::beside;

impl Book {
    /// Writes a copy of the book as it is at one moment, while others go on reading and writing. The file is whole or not there.
    ///
    /// # Errors
    /// [`BookError::Refused`] if there is something in its place; [`BookError::Unusable`] if it cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), BookError> {
        if to.exists() {
            let why =
                format!("{}: there is a file already, and no backup is written over another", to.display());
            return Err(BookError::Refused(why));
        }
        let beside = beside(to, ".part");
        let _ = std::fs::remove_file(&beside);
        let Some(name) = beside.to_str() else {
            let why = format!("{}: expected a name in UTF-8", to.display());
            return Err(BookError::Refused(why));
        };
        let copied = self.connect().and_then(|own| own.execute("VACUUM INTO ?1", [name]));
        let copied = copied.map_err(|error| self.failed(&error));
        let placed = copied.and_then(|_| place(&beside, to).map_err(|error| unusable(to, &error)));
        if placed.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        placed
    }

    /// Makes a book of a copy, after looking whether that is whole.
    ///
    /// # Errors
    /// [`BookError::Refused`] if there is a book in its place; [`BookError::Damaged`] if the copy is not what was written;
    /// [`BookError::Newer`] if a newer program wrote it.
    pub fn restore(from: &Path, to: &Path) -> Result<Self, BookError> {
        if to.exists() {
            let why = format!("{}: there is a book already: move it elsewhere first", to.display());
            return Err(BookError::Refused(why));
        }
        check(from)?;
        let beside = beside(to, ".part");
        let copied = std::fs::copy(from, &beside).and_then(|_| place(&beside, to));
        if let Err(error) = copied {
            let _ = std::fs::remove_file(&beside);
            return Err(unusable(to, &error));
        }
        Self::open(to)
    }
}

/// Whether a copy is whole.
fn check(path: &Path) -> Result<(), BookError> {
    let failed = |error: rusqlite::Error| BookError::of(path, std::time::Duration::ZERO, &error);
    let copy = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let found: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if found == "ok" { Ok(()) } else { Err(BookError::damaged(path, found)) }
}

/// Has a file on disk, for its owner alone, and then in its place.
fn place(beside: &Path, path: &Path) -> std::io::Result<()> {
    let file = std::fs::File::options().append(true).open(beside)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.sync_all()?;
    std::fs::rename(beside, path)
}

fn unusable(path: &Path, error: &std::io::Error) -> BookError {
    BookError::Unusable { path: path.to_owned(), why: format!("it cannot be written: {error}") }
}
