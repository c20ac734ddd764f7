//! Copies of a whole store, the book with it: one file, from which everything can be served again.
//!
//! The file is a tar archive, compressed and summed by zstd: `book.sqlite` if there is a book, `store.json`, and the files that
//! it names. No lock is taken: a manifest's files are whole and never change, and if one is removed while it is copied, since
//! another run has put others in its place, the copy begins anew.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use renown_engine::{EngineError, Progress};

use crate::book::{BOOK, Book};
use crate::manifest::Manifest;
use crate::store::{MANIFEST, Store, beside, make_private, no_store, private_folder, sync_folder};

/// How often a copy begins anew before it gives up.
const TRIES: u32 = 10;

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackedUp {
    /// Files of the store.
    pub files: usize,
    /// Their bytes, and those of the book.
    pub bytes: u64,
    /// Whether there is a book with it.
    pub book: bool,
}

impl Store {
    /// Writes a copy of a store and its book, while others go on reading and writing them. The file is whole or not there.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if there is no store, there is something in the copy's place, or it cannot be written;
    /// [`EngineError::Data`] if a file of the store is not there.
    pub fn backup(root: &Path, to: &Path) -> Result<BackedUp, EngineError> {
        if !root.join(MANIFEST).exists() {
            return Err(no_store(root));
        }
        if to.exists() {
            let why =
                format!("{}: there is a file already, and no backup is written over another", to.display());
            return Err(EngineError::Usage(why));
        }
        let (part, book) = (beside(to, ".part"), beside(to, ".book"));
        let written = backup(root, &part, &book).and_then(|done| {
            fs::rename(&part, to).map_err(|error| cannot_write(to, &error))?;
            Ok(done)
        });
        for path in [&part, &book] {
            let _ = fs::remove_file(path);
        }
        written
    }

    /// Makes a store of such a copy, after looking at every file of it and every page of its book.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if there is something in its place, or it cannot be written; [`EngineError::Data`] if the copy is not
    /// what was written.
    pub fn restore(from: &Path, root: &Path, progress: &Progress) -> Result<BackedUp, EngineError> {
        if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) || root.is_file() {
            let why =
                format!("{}: there is something already: expected an empty folder or none", root.display());
            return Err(EngineError::Usage(why));
        }
        let part = beside(root, ".part");
        let restored = restore(from, &part, progress).and_then(|done| {
            let placed = match fs::remove_dir(root) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => fs::rename(&part, root),
            };
            placed.map_err(|error| cannot_write(root, &error))?;
            Ok(done)
        });
        if restored.is_err() {
            let _ = fs::remove_dir_all(&part);
        }
        restored
    }
}

fn backup(root: &Path, part: &Path, book: &Path) -> Result<BackedUp, EngineError> {
    let has_book = root.join(BOOK).exists();
    if has_book {
        let _ = fs::remove_file(book);
        Book::open(&root.join(BOOK))?.backup(book)?;
    }
    for _ in 0..TRIES {
        let _ = fs::remove_file(part);
        if let Some(done) = write(root, part, has_book.then_some(book))? {
            return Ok(done);
        }
    }
    let why = "its files were replaced faster than they can be copied, or one is missing: `renown store verify` tells";
    Err(EngineError::Data(format!("{}: {why}", root.display())))
}

/// Writes the archive; `None` if a file of the manifest was gone when its turn came.
fn write(root: &Path, part: &Path, book: Option<&Path>) -> Result<Option<BackedUp>, EngineError> {
    let unwritten = |error: io::Error| cannot_write(part, &error);
    let path = root.join(MANIFEST);
    let unread = |path: &Path, error: io::Error| EngineError::Data(format!("{}: {error}", path.display()));
    let bytes = fs::read(&path).map_err(|error| unread(&path, error))?;
    let manifest =
        Manifest::of_bytes(&bytes).map_err(|why| EngineError::Data(format!("{}: {why}", path.display())))?;

    make_private(part).map_err(unwritten)?;
    let file = File::options().write(true).open(part).map_err(unwritten)?;
    let mut packed = zstd::Encoder::new(file, 1).map_err(unwritten)?;
    packed.include_checksum(true).map_err(unwritten)?;
    let mut archive = tar::Builder::new(packed);
    let mut done = BackedUp { book: book.is_some(), ..BackedUp::default() };
    if let Some(book) = book {
        let file = File::open(book).map_err(|error| unread(book, error))?;
        let length = file.metadata().map_err(|error| unread(book, error))?.len();
        append(&mut archive, BOOK, length, file).map_err(unwritten)?;
        done.bytes += length;
    }
    append(&mut archive, MANIFEST, bytes.len() as u64, &bytes[..]).map_err(unwritten)?;
    for (path, entry) in manifest.files() {
        let file = match File::open(root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|error| unread(&root.join(path), error))?,
        };
        append(&mut archive, path, entry.bytes, file).map_err(unwritten)?;
        done.files += 1;
        done.bytes += entry.bytes;
    }
    let mut file = archive.into_inner().and_then(zstd::Encoder::finish).map_err(unwritten)?;
    file.flush().and_then(|()| file.sync_all()).map_err(unwritten)?;
    Ok(Some(done))
}

/// Adds a file that only its owner reads.
fn append(
    archive: &mut tar::Builder<impl Write>,
    path: &str,
    length: u64,
    file: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    archive.append_data(&mut header, path, file.take(length))
}

fn restore(from: &Path, part: &Path, progress: &Progress) -> Result<BackedUp, EngineError> {
    let unread =
        |error: io::Error| EngineError::Data(format!("{}: no backup that is whole: {error}", from.display()));
    let unwritten = |error: io::Error| cannot_write(part, &error);
    let file = File::open(from).map_err(|error| EngineError::Data(format!("{}: {error}", from.display())))?;
    private_folder(part).map_err(unwritten)?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).map_err(unread)?);
    let mut done = BackedUp::default();
    for entry in archive.entries().map_err(unread)? {
        let mut entry = entry.map_err(unread)?;
        // Nothing but plain files below the folder: the rest `verify` would not know either.
        let is_file = entry.header().entry_type().is_file();
        if !is_file || !entry.unpack_in(part).map_err(unread)? {
            let why = "it has something that no backup has";
            return Err(EngineError::Data(format!("{}: {why}", from.display())));
        }
        let name = entry.path().map_err(unread)?.into_owned();
        done.book |= name == Path::new(BOOK);
        done.files += usize::from(name != Path::new(BOOK) && name != Path::new(MANIFEST));
        done.bytes += entry.size();
    }
    // Whoever unpacks ends with the archive; the sum is behind it.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(unread)?;
    make_private(&part.join(crate::store::LOCK)).map_err(unwritten)?;
    fs::create_dir_all(part).and_then(|()| sync_folder(part)).map_err(unwritten)?;
    check(from, part, progress)?;
    Ok(done)
}

/// Whether what was unpacked is a store, and its book a book.
fn check(from: &Path, part: &Path, progress: &Progress) -> Result<(), EngineError> {
    let mut findings = Store::verify(part, progress)?.findings;
    if part.join(BOOK).exists() {
        findings.extend(Book::open(&part.join(BOOK))?.verify()?.findings);
    }
    match findings.first() {
        None => Ok(()),
        Some(first) => {
            let why = format!("{}: what is in it is not what was copied: {first}", from.display());
            Err(EngineError::Data(why))
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> EngineError {
    EngineError::Usage(format!("cannot write {}: {error}", path.display()))
}
