//! An opened store: its lock, its manifest, and how both change together.
//!
//! New files are written whole in `tmp`, moved to their places, where they count for nothing yet, and flushed to disk; then
//! a new manifest takes the place of the old one in a single step, and only then are files removed that it has no more. So at
//! any moment the manifest on disk names whole files that are there. What a killed run leaves behind is called as the files of
//! a store are and is not in the manifest; the next run that writes removes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rayon::prelude::*;
use renown_engine::EngineError;
use renown_engine::state::ReadWith;

use crate::book::BOOK;
use crate::manifest::{Entry, Manifest, digest, folder, named_digest};

/// What the manifest is called.
pub(crate) const MANIFEST: &str = "store.json";
/// The file that is locked.
pub(crate) const LOCK: &str = "lock";
/// How long to wait for others that use the store.
const PATIENCE: Duration = Duration::from_secs(5);
const TEMPORARY: &str = "tmp";

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To look, beside others who do.
    Read,
    /// To change it, alone.
    Write,
}

/// An opened store, locked until it is dropped.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    pub(crate) access: Access,
    pub(crate) manifest: Manifest,
    /// What lies on disk and is not in the manifest, though it is called as a store's files are or has no place yet.
    pub(crate) leftovers: Vec<String>,
    next: AtomicU64,
    /// The system lets go of it when the process ends, however it does.
    _lock: File,
}

impl Store {
    /// Opens a store; for one that is written to, what a killed run left behind is removed.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if there is no store, or another process has it; [`EngineError::Data`] if its manifest is
    /// damaged, or a file is missing, of another length or not the store's.
    pub fn open(root: &Path, access: Access) -> Result<Self, EngineError> {
        let (mut store, trouble) = Self::begin(root, access)?;
        if let Some(first) = trouble.first() {
            return Err(EngineError::Data(several(first, trouble.len())));
        }
        if access == Access::Write {
            store.sweep().map_err(|error| store.cannot_write(&error))?;
        }
        Ok(store)
    }

    /// Likewise, for writing, and makes an empty one where there is none.
    ///
    /// # Errors
    /// As [`Store::open`]; and [`EngineError::Usage`] if the folder holds something else.
    pub fn open_or_create(root: &Path) -> Result<Self, EngineError> {
        let cannot = |error: io::Error| {
            EngineError::Usage(format!("cannot make the store {}: {error}", root.display()))
        };
        if !root.join(MANIFEST).exists() {
            let made = if root.exists() { Ok(()) } else { private_folder(root) };
            made.map_err(cannot)?;
            for entry in fs::read_dir(root).map_err(cannot)? {
                let name = entry.map_err(cannot)?.file_name();
                if name != LOCK && name != TEMPORARY && !is_book(&name.to_string_lossy()) {
                    return Err(no_store(root));
                }
            }
            let _lock = lock(root, Access::Write)?;
            // Another one may have made it meanwhile.
            if !root.join(MANIFEST).exists() {
                let made = fs::create_dir_all(root.join(TEMPORARY))
                    .and_then(|()| replace_manifest(root, &Manifest::default()));
                made.map_err(cannot)?;
            }
        }
        Self::open(root, Access::Write)
    }

    /// Opens a store and gives all that is wrong with what lies on disk, by names and lengths.
    pub(crate) fn begin(root: &Path, access: Access) -> Result<(Self, Vec<String>), EngineError> {
        if !root.join(LOCK).exists() && !root.join(MANIFEST).exists() {
            return Err(no_store(root));
        }
        let lock = lock(root, access)?;
        let path = root.join(MANIFEST);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => EngineError::Data(format!(
                "{}: it is missing, so that nothing is known of the files beside it: restore it from a copy of the store, or \
                 make the store anew from the exports",
                path.display()
            )),
            _ => EngineError::Data(format!("{}: {error}", path.display())),
        })?;
        let manifest = Manifest::of_bytes(&bytes)
            .map_err(|why| EngineError::Data(format!("{}: {why}", path.display())))?;
        let mut store = Self {
            root: root.to_owned(),
            access,
            manifest,
            leftovers: Vec::new(),
            next: AtomicU64::new(0),
            _lock: lock,
        };
        let trouble = store.compare_with_disk()?;
        Ok((store, trouble))
    }

    /// Holds the manifest against what lies on disk.
    fn compare_with_disk(&mut self) -> Result<Vec<String>, EngineError> {
        let mut on_disk = BTreeMap::new();
        list(&self.root, "", &mut on_disk)
            .map_err(|error| EngineError::Data(format!("{}: {error}", self.root.display())))?;
        let mut trouble = Vec::new();
        for (path, entry) in self.manifest.files() {
            match on_disk.remove(path) {
                None => trouble.push(self.damaged(path, "it is missing")),
                Some(length) if length != entry.bytes => trouble.push(self.damaged(
                    path,
                    &format!("it was changed: it has {length} bytes, and {} belong there", entry.bytes),
                )),
                Some(_) => {}
            }
        }
        for (path, _) in on_disk {
            if folder(&path) == TEMPORARY || named_digest(&path).is_some() {
                self.leftovers.push(path);
            } else {
                let path = self.root.join(path);
                trouble.push(format!("{}: not a file of the store: move it elsewhere", path.display()));
            }
        }
        Ok(trouble)
    }

    /// Removes what a killed run left behind.
    fn sweep(&mut self) -> io::Result<()> {
        for path in std::mem::take(&mut self.leftovers) {
            self.delete(&path)?;
        }
        remove_tree(&self.root.join(TEMPORARY))
    }

    /// Removes a file, and folders that are empty then.
    fn delete(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(path))?;
        let mut above = folder(path);
        while !above.is_empty() && fs::remove_dir(self.root.join(above)).is_ok() {
            above = folder(above);
        }
        Ok(())
    }

    /// Has files and their names on disk before the manifest counts on them: by one call for all of them, since a day's export
    /// may have hundreds.
    #[cfg(target_os = "linux")]
    fn flush(&self, _: &BTreeSet<String>, _: &BTreeSet<&str>) -> io::Result<()> {
        Ok(rustix::fs::syncfs(File::open(&self.root)?)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn flush(&self, files: &BTreeSet<String>, folders: &BTreeSet<&str>) -> io::Result<()> {
        files
            .par_iter()
            .try_for_each(|file| File::options().append(true).open(self.root.join(file))?.sync_all())?;
        folders.par_iter().try_for_each(|folder| sync_folder(&self.root.join(folder)))
    }

    /// Where it lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Which adapters read what is in it, with which options.
    pub fn read_with(&self) -> &ReadWith {
        &self.manifest.read_with
    }

    /// A message about a file that is not as it was written.
    pub(crate) fn damaged(&self, path: &str, why: &str) -> String {
        let advice = "restore it from a copy of the store, or make the store anew from the exports";
        format!("{}: {why}: {advice}", self.root.join(path).display())
    }

    pub(crate) fn cannot_write(&self, error: &io::Error) -> EngineError {
        EngineError::Usage(format!("cannot write to the store {}: {error}", self.root.display()))
    }

    /// The bytes of a file, held against the digest that it is called by.
    ///
    /// # Errors
    /// [`EngineError::Data`] if they are not those that were written.
    pub(crate) fn read(&self, path: &str) -> Result<Bytes, EngineError> {
        let bytes = fs::read(self.root.join(path))
            .map_err(|error| EngineError::Data(self.damaged(path, &error.to_string())))?;
        if named_digest(path) != Some(&digest(&bytes)) {
            return Err(EngineError::Data(self.damaged(path, "it was changed: its check sum is wrong")));
        }
        Ok(bytes.into())
    }

    /// Writes a file whose place in the store is not yet taken.
    pub(crate) fn stage(&self, folder: &str, ending: &str, bytes: &[u8], rows: u64) -> io::Result<Staged> {
        debug_assert_eq!(self.access, Access::Write);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let temporary = self.root.join(TEMPORARY).join(number.to_string());
        fs::create_dir_all(self.root.join(TEMPORARY))?;
        let mut file = File::create_new(&temporary)?;
        file.write_all(bytes)?;
        let path = format!("{folder}/{}.{ending}", digest(bytes));
        Ok(Staged { temporary, path, entry: Entry { bytes: bytes.len() as u64, rows, tally: None } })
    }

    /// Makes a change of the store count, wholly or not at all.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if it cannot be written; the store is then as it was.
    pub(crate) fn commit(&mut self, change: Change) -> Result<(), EngineError> {
        let Change { mut manifest, staged, gone } = change;
        let added: BTreeSet<String> = staged.iter().map(|file| file.path.clone()).collect();
        let folders: BTreeSet<&str> = added.iter().map(|path| folder(path)).collect();
        let placed = (|| {
            for folder in &folders {
                fs::create_dir_all(self.root.join(folder))?;
            }
            staged.par_iter().try_for_each(|file| fs::rename(&file.temporary, self.root.join(&file.path)))?;
            if added.is_empty() { Ok(()) } else { self.flush(&added, &folders) }
        })();
        placed.map_err(|error| self.cannot_write(&error))?;
        for file in staged {
            if manifest.get(&file.path).is_none() {
                manifest.add(file.path, file.entry);
            }
        }
        if manifest != self.manifest {
            replace_manifest(&self.root, &manifest).map_err(|error| self.cannot_write(&error))?;
            self.manifest = manifest;
        }
        for path in gone.iter().filter(|path| self.manifest.get(path).is_none()) {
            self.delete(path).map_err(|error| self.cannot_write(&error))?;
        }
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.access == Access::Write {
            // What is left then, the next run removes.
            let _ = remove_tree(&self.root.join(TEMPORARY));
        }
    }
}

/// A file that was written and has no place yet.
#[derive(Debug)]
pub(crate) struct Staged {
    temporary: PathBuf,
    /// Where it belongs.
    pub(crate) path: String,
    entry: Entry,
}

impl Staged {
    /// Where it lies for now.
    pub(crate) fn temporary(&self) -> &Path {
        &self.temporary
    }
}

/// What is to become of a store.
#[derive(Debug)]
pub(crate) struct Change {
    /// The manifest as it shall be, without the new files.
    pub(crate) manifest: Manifest,
    staged: Vec<Staged>,
    gone: Vec<String>,
}

impl Change {
    /// None yet.
    pub(crate) fn of(store: &Store) -> Self {
        Self { manifest: store.manifest.clone(), staged: Vec::new(), gone: Vec::new() }
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, file: Staged) {
        self.staged.push(file);
    }

    /// Adds a kept tally of files.
    pub(crate) fn add_tally(&mut self, file: Staged, of: &BTreeSet<String>) {
        self.manifest.set_tally(of, &file.path);
        self.staged.push(file);
    }

    /// Takes a file out.
    pub(crate) fn remove(&mut self, path: &str) {
        self.gone.extend(self.manifest.remove(path));
    }

    /// Takes a kept tally out; what it was made of stays.
    pub(crate) fn remove_tally(&mut self, path: &str) {
        self.gone.extend(self.manifest.remove_tally(path));
    }
}

pub(crate) fn no_store(root: &Path) -> EngineError {
    let why =
        "not a store: expected a folder that `renown ingest --store` made, or for that an empty one or none";
    EngineError::Usage(format!("{}: {why}", root.display()))
}

fn lock(root: &Path, access: Access) -> Result<File, EngineError> {
    let path = root.join(LOCK);
    let cannot = |error: io::Error| EngineError::Usage(format!("cannot lock {}: {error}", path.display()));
    let file = match access {
        Access::Write => File::options().create(true).append(true).open(&path).map_err(cannot)?,
        Access::Read => File::open(&path).map_err(cannot)?,
    };
    // Whoever serves the store reads it now and then, for a moment.
    let until = Instant::now() + PATIENCE;
    loop {
        let locked = match access {
            Access::Write => file.try_lock(),
            Access::Read => file.try_lock_shared(),
        };
        match locked {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(PATIENCE / 100),
            Err(TryLockError::WouldBlock) => break,
        }
    }
    let who = if access == Access::Write { "uses" } else { "writes to" };
    let why = format!("another run {who} the store {}: run this again when that one is done", root.display());
    Err(EngineError::Usage(why))
}

fn replace_manifest(root: &Path, manifest: &Manifest) -> io::Result<()> {
    let temporary = root.join(TEMPORARY).join(MANIFEST);
    fs::create_dir_all(root.join(TEMPORARY))?;
    let mut file = File::create(&temporary)?;
    file.write_all(&manifest.to_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, root.join(MANIFEST))?;
    sync_folder(root)
}

/// Has the names in a folder on disk before anything counts on them.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Other systems do not open folders.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a folder that only its owner looks into.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Makes an empty file that only its owner reads, if there is none.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A path with something more at its end.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether a file in a store's folder is its book, or a log that SQLite keeps beside that: none of the manifest's.
fn is_book(name: &str) -> bool {
    name.strip_prefix(BOOK).is_some_and(|ending| ["", "-wal", "-shm"].contains(&ending))
}

/// The files below a folder and their lengths, but for the manifest, the lock and the book.
fn list(root: &Path, folder: &str, files: &mut BTreeMap<String, u64>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if folder.is_empty() && ([MANIFEST, LOCK].contains(&name.as_str()) || is_book(&name)) {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            list(root, &path, files)?;
        } else {
            files.insert(path, entry.metadata()?.len());
        }
    }
    Ok(())
}

/// The first of several things that are wrong.
fn several(first: &str, all: usize) -> String {
    match all {
        1 => first.to_owned(),
        _ => format!("{first} (and {} more: `renown store verify` names them all)", all - 1),
    }
}
