//! From the bytes on disk to the bytes of the file: members of archives, gz and zst, told apart by their first bytes.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use renown_sdk::Siblings;
use zip::CompressionMethod;

use crate::archive::{Archive, Store};
use crate::input::{Input, Place};

/// How many bytes adapters see of a file before they say whose it is.
const HEAD: usize = 64 << 10;

/// The largest file that is read beside another.
const SIBLING: u64 = 16 << 20;

/// A compressed file may expand freely up to this many bytes; beyond, at most [`EXPANSION`] times its own size so far.
/// Exports of text compress ten to thirty times; a bomb, a thousand times.
const FREE_EXPANSION: u64 = 256 << 20;
const EXPANSION: u64 = 200;

/// An opened file.
pub(crate) struct Decoded {
    /// Its first bytes.
    pub(crate) head: Vec<u8>,
    /// All of its bytes, the first ones included.
    pub(crate) bytes: Box<dyn Read + Send>,
    /// Where it lies on disk uncompressed, if it does; and the temporary copy that this may be.
    pub(crate) disk: Option<PathBuf>,
    pub(crate) copy: Option<tempfile::NamedTempFile>,
    /// Its path without `.gz` or `.zst`.
    pub(crate) path: String,
}

/// Opens an input and looks at its first bytes. `read` counts the bytes taken from disk.
pub(crate) fn open(input: &Input, read: &Arc<AtomicU64>) -> io::Result<Decoded> {
    let counted = |inner: Box<dyn Read + Send>| Counted { inner, read: read.clone(), here: Arc::default() };
    let (raw, disk) = match &input.place {
        Place::Disk(path) => (counted(Box::new(File::open(path)?)), Some(path.clone())),
        Place::Stdin => (counted(Box::new(io::stdin())), None),
        Place::Member(archive, index) => (counted(member(archive, *index)?), None),
    };
    let here = raw.here.clone();
    let mut raw: Box<dyn Read + Send> = Box::new(raw);
    if let Place::Member(archive, index) = &input.place {
        raw = inflate(raw, archive, *index, here.clone())?;
    }
    let mut start = Vec::new();
    raw.by_ref().take(4).read_to_end(&mut start)?;
    let compression = Compression::of(&start);
    let whole = Box::new(Cursor::new(start).chain(raw)) as Box<dyn Read + Send>;
    let (mut bytes, path) = match compression {
        Some(compression) => (compression.decoder(whole, here)?, without(&input.path, compression.ending())),
        None => (whole, input.path.clone()),
    };
    let mut head = Vec::new();
    let looked = bytes.by_ref().take(HEAD as u64).read_to_end(&mut head);
    // What breaks later is met again when the file is read, after everything before it was.
    if let (Err(error), true) = (looked, head.is_empty()) {
        return Err(error);
    }
    let mut copy = None;
    let mut disk = disk.filter(|_| compression.is_none());
    if disk.is_none() && head.starts_with(b"PAR1") {
        let mut file = tempfile::NamedTempFile::new()?;
        io::copy(&mut Cursor::new(&head).chain(&mut bytes), &mut file)?;
        disk = Some(file.path().to_owned());
        copy = Some(file);
    }
    let bytes = Box::new(Cursor::new(head.clone()).chain(bytes));
    Ok(Decoded { head, bytes, disk, copy, path })
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    Gz,
    Zst,
}

impl Compression {
    /// As its first bytes say.
    fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zst),
            _ => None,
        }
    }

    /// The ending that its files have.
    const fn ending(self) -> &'static str {
        match self {
            Self::Gz => "gz",
            Self::Zst => "zst",
        }
    }

    /// The decompressed bytes, under the cap; `taken` says how many compressed ones were used up.
    fn decoder(self, bytes: Box<dyn Read + Send>, taken: Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Gz => Box::new(Capped::new(MultiGzDecoder::new(bytes), taken)),
            Self::Zst => Box::new(Capped::new(zstd::stream::read::Decoder::new(bytes)?, taken)),
        })
    }
}

/// The decompressed bytes of a file on disk; `None` if it is not compressed.
pub(crate) fn unpacked(file: Positioned) -> io::Result<Option<Box<dyn Read + Send>>> {
    let mut start = Vec::new();
    file.clone().take(4).read_to_end(&mut start)?;
    let Some(compression) = Compression::of(&start) else { return Ok(None) };
    let counted = Counted { inner: Box::new(file), read: Arc::default(), here: Arc::default() };
    let here = counted.here.clone();
    compression.decoder(Box::new(counted), here).map(Some)
}

/// The path without a compression's ending, whatever its case.
fn without(path: &str, ending: &str) -> String {
    match path.rsplit_once('.') {
        Some((stem, end)) if end.eq_ignore_ascii_case(ending) => stem.to_owned(),
        _ => path.to_owned(),
    }
}

/// The stored bytes of an archive's member.
fn member(archive: &Archive, index: usize) -> io::Result<Box<dyn Read + Send>> {
    let zip = match &archive.store {
        Store::Zip(zip) => zip,
        Store::Tar(tar) => return Ok(Box::new(tar.member(index)?)),
    };
    let mut zip = zip.clone();
    let (start, size) = {
        let member = zip.by_index_raw(index).map_err(io::Error::other)?;
        if member.encrypted() {
            return Err(io::Error::other(
                "the archive's member is encrypted: unpack it with its password first",
            ));
        }
        let start =
            member.data_start().ok_or_else(|| io::Error::other("the archive's member has no place"))?;
        (start, member.compressed_size())
    };
    let mut bytes = zip.into_inner();
    bytes.seek(SeekFrom::Start(start))?;
    Ok(Box::new(bytes.take(size)))
}

fn inflate(
    raw: Box<dyn Read + Send>,
    archive: &Archive,
    index: usize,
    here: Arc<AtomicU64>,
) -> io::Result<Box<dyn Read + Send>> {
    // Tar compresses all of its members together or none.
    let Store::Zip(zip) = &archive.store else { return Ok(raw) };
    let mut zip = zip.clone();
    let member = zip.by_index_raw(index).map_err(io::Error::other)?;
    let checked =
        |inner| Checked { inner, crc: flate2::Crc::new(), expected: member.crc32(), size: member.size() };
    match member.compression() {
        CompressionMethod::Stored => Ok(Box::new(checked(raw))),
        CompressionMethod::Deflated => {
            Ok(Box::new(checked(Box::new(Capped::new(DeflateDecoder::new(raw), here)))))
        }
        other => Err(io::Error::other(format!(
            "the archive's member is compressed as {other:?}: expected stored or deflated; unpack it first"
        ))),
    }
}

/// Counts what is read from disk, for this file and for all.
struct Counted {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
    here: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        self.here.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A decoder that stops when its output is out of all proportion to its input.
struct Capped<R> {
    inner: R,
    written: u64,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Capped<R> {
    fn new(inner: R, taken: Arc<AtomicU64>) -> Self {
        Self { inner, written: 0, taken }
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.written += read as u64;
        let allowed = FREE_EXPANSION.max(self.taken.load(Ordering::Relaxed).saturating_mul(EXPANSION));
        if self.written > allowed {
            let what = format!(
                "it expands to more than {EXPANSION} times its size, as a zip bomb does: if it is what it should be, \
                 unpack it first"
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(read)
    }
}

/// Holds a member's bytes against the length and sum that its archive says they have.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: flate2::Crc,
    expected: u32,
    size: u64,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.crc.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && (self.crc.sum() != self.expected) {
            return Err(io::Error::other(format!(
                "the archive's member is damaged: its check sum is wrong after {} of {} bytes",
                self.crc.amount(),
                self.size
            )));
        }
        Ok(read)
    }
}

/// A file read from a position of one's own, so that many can read it at once.
#[derive(Clone, Debug)]
pub(crate) struct Positioned {
    file: Arc<File>,
    at: u64,
}

impl Positioned {
    pub(crate) fn new(file: File) -> Self {
        Self { file: Arc::new(file), at: 0 }
    }

    pub(crate) fn begins_with(&self, bytes: &[u8]) -> bool {
        let mut start = vec![0; bytes.len()];
        let mut here = self.clone();
        here.at = 0;
        here.read_exact(&mut start).is_ok() && start == bytes
    }
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.at)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Positioned {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        self.at = base.checked_add_signed(by).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a position before the file's beginning")
        })?;
        Ok(self.at)
    }
}

/// The files beside an input, in its folder or archive.
pub(crate) struct Beside<'i>(pub(crate) &'i Input);

impl Siblings for Beside<'_> {
    fn read(&self, relative: &str) -> Option<Vec<u8>> {
        let Input { path, place, .. } = self.0;
        match place {
            Place::Stdin => None,
            Place::Disk(disk) => {
                // Not above the folder that the user named.
                let depth = path.split('/').count() - 1;
                let above = relative.split('/').filter(|part| *part == "..").count();
                let file = File::open(joined(disk.parent()?, relative)?).ok().filter(|_| above <= depth)?;
                read_some(file)
            }
            Place::Member(archive, _) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let path = joined(Path::new(folder), relative)?.to_string_lossy().replace('\\', "/");
                let index = *archive.members.get(&path)?;
                match &archive.store {
                    Store::Zip(zip) => read_some(zip.clone().by_index(index).ok()?),
                    Store::Tar(tar) => read_some(tar.member(index).ok()?),
                }
            }
        }
    }
}

fn read_some(file: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(SIBLING).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A folder and a relative path with `..` in it, joined without asking the file system.
fn joined(folder: &Path, relative: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for part in Path::new(relative).components() {
        match part {
            Component::ParentDir => {
                if !path.pop() && fs::metadata(&path).is_err() {
                    return None;
                }
            }
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path)
}
