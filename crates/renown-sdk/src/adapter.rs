//! The two traits of an adapter and what they are given.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;

use crate::formula::FormulaError;
use crate::{Manifest, ParamSpec, Params, Reject, Sink, TooManyWords, Vocabulary};

/// One network's (or a few related networks') file formats.
pub trait Adapter: Send + Sync {
    /// What it reads and what it makes of it.
    fn manifest(&self) -> &'static Manifest;

    /// What a user may set about it, in a table `[adapters.NAME]` of the weights file. It reaches [`Adapter::open`] as
    /// [`File::options`].
    ///
    /// One that has a default is always there, and one that has none only where it was given.
    fn options(&self) -> &[ParamSpec] {
        &[]
    }

    /// Which of the manifest's file kinds this file is, judged by its path inside the download and its first bytes;
    /// `None` if it is not this adapter's.
    ///
    /// Claim only what you would bet on: if two adapters claim a file, the run ends with an error naming both. Claim
    /// files of your network that yield nothing, too (settings, error bodies), under a kind whose `yields` is empty,
    /// so that the user is told that they were recognised and passed over.
    ///
    /// As it stands it goes by the manifest's patterns alone ([`Manifest::kind_by_path`]), which is enough for names that
    /// nobody else gives to a file (`*.notes.jsonl`), and for no others.
    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        self.manifest().kind_by_path(file.path)
    }

    /// [`Adapter::recognise`], for adapters that can fail at it since they are not part of the program. Leave it as
    /// it is.
    ///
    /// # Errors
    /// [`Failure`].
    fn claims(&self, file: &File<'_>) -> Result<Option<&'static str>, Failure> {
        Ok(self.recognise(file))
    }

    /// A reader for a file that [`Adapter::recognise`] claimed as `kind`.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be read as a whole, whatever its records are: a missing column, say.
    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened;
}

/// What [`Adapter::open`] gives.
pub type Opened = Result<Box<dyn Reader>, OpenError>;

/// Reads the pieces of one file. Pieces are read by several threads at once and in any order, so a reader keeps no
/// state from one to the next.
pub trait Reader: Send + Sync {
    /// How the file is to be cut into pieces: as it stands, into JSON documents.
    fn framing(&self) -> Framing {
        Framing::Json
    }

    /// What stands between the fields of CSV, so that a quote is known for one that encloses a field. Needed only where it is
    /// none of comma, semicolon, tab and bar, or where a field may hold another of these before a quote.
    fn delimiter(&self) -> Option<u8> {
        None
    }

    /// Reads one piece: hands records to the sink, and what cannot be read to [`Sink::reject`]. Must not panic,
    /// whatever the bytes.
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink);

    /// Reads several pieces, one after the other, and says before each which one it is.
    ///
    /// Leave it as it is: readers that lie beyond a boundary which is dear to cross have their own.
    ///
    /// # Errors
    /// [`Failure`] of an adapter that is not part of the program. Its file is given up then.
    fn read_all(&self, pieces: &[Piece<'_>], sink: &mut dyn Sink) -> Result<(), Failure> {
        for piece in pieces {
            sink.at(piece.offset);
            self.read(piece, sink);
        }
        Ok(())
    }
}

/// A reader of files that are recognised and passed over as a whole.
#[derive(Clone, Copy, Debug)]
pub struct NothingToRead;

impl Reader for NothingToRead {
    fn framing(&self) -> Framing {
        Framing::Nothing
    }

    fn read(&self, _: &Piece<'_>, _: &mut dyn Sink) {}
}

/// What a plugin did instead of reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{plugin}: {what}")]
pub struct Failure {
    /// Where in the file, in decompressed bytes, if known.
    pub offset: Option<u64>,
    /// The plugin and its version.
    pub plugin: String,
    /// What went wrong. Quotes no content.
    pub what: String,
}

/// How a file is cut into pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Each piece is one JSON document: a line, one of several documents in a row, or an element of a top-level array.
    /// An assignment in front of the first (`window.YTD.tweets.part0 = `) is left out. An object of more than
    /// [`crate::frame::MAX_DOCUMENT`] bytes comes as several smaller ones of the same shape, its arrays cut in parts.
    Json,
    /// Each piece is a run of whole CSV records (quoted line breaks respected), without the first `header` records.
    Csv {
        /// How many records at the top of the file are left out.
        header: usize,
        /// The byte that may enclose a field, in which line breaks do not count; `None` for formats without quoting. It
        /// does so only where a field begins: first in its record, or after a delimiter ([`Reader::delimiter`]).
        quote: Option<u8>,
    },
    /// The reader opens the file itself ([`File::disk`]) and takes this many parts, numbered from 0 ([`Piece::part`]).
    Parts(usize),
    /// Nothing to read: recognised and passed over.
    Nothing,
}

/// A file as an adapter sees it before reading: unpacked and decompressed.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// Its path inside the folder or archive that the user named, with `/` between parts and without `.gz` or `.zst`.
    pub path: &'a str,
    /// Its first bytes: all of it, or at least 64 KiB.
    pub head: &'a [u8],
    /// Where it lies uncompressed on disk, for formats that are read out of order. For a file inside an archive
    /// this is a temporary copy, made only for files whose name ends in `.parquet`.
    pub disk: Option<&'a std::path::Path>,
    /// The files beside it.
    pub siblings: &'a dyn Siblings,
    /// What the user set of [`Adapter::options`], and the defaults of what they did not. Empty in
    /// [`Adapter::recognise`]: whose a file is does not depend on options.
    pub options: &'a Params,
}

/// The options of an adapter that has none.
pub static NO_OPTIONS: Params = Params::new();

impl File<'_> {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the name ends in `.extension`, in any case.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
    }

    /// The first bytes as text, what is not UTF-8 replaced.
    pub fn head_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.head)
    }
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", &self.path)
            .field("head", &self.head.len())
            .finish_non_exhaustive()
    }
}

/// The files of the same folder or archive, for exports that say in one file whose another is.
pub trait Siblings {
    /// The bytes (at most 16 MiB of them) of a file by its path relative to the folder of the file being read, `..`
    /// allowed (`../profile_information/profile_information.json`); `None` if there is none, or none that can be read.
    fn read(&self, relative: &str) -> Option<Vec<u8>>;
}

/// No siblings: a single file, or a test.
impl Siblings for () {
    fn read(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// A piece of a file.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Its bytes. Empty with [`Framing::Parts`].
    pub bytes: &'a [u8],
    /// Which part, with [`Framing::Parts`]; otherwise 0.
    pub part: usize,
    /// Where in the decompressed file its bytes begin; `None` with [`Framing::Parts`].
    pub offset: Option<u64>,
}

impl<'a> Piece<'a> {
    /// Bytes at a place of the file.
    pub fn new(bytes: &'a [u8], offset: u64) -> Self {
        Self { bytes, part: 0, offset: Some(offset) }
    }

    /// A numbered part.
    pub fn part(part: usize) -> Self {
        Self { bytes: &[], part, offset: None }
    }

    /// The piece as a JSON document ([`crate::json::from_slice`]); one that cannot be read is rejected.
    pub fn json<T: Deserialize<'a>>(&self, sink: &mut dyn Sink) -> Option<T> {
        match crate::json::from_slice(self.bytes) {
            Ok(document) => Some(document),
            Err(error) => {
                sink.reject(&Reject::whole(self, &error));
                None
            }
        }
    }
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// What the user configured does not fit the file (a map that names a missing column): a usage error.
    #[error("{0}")]
    Configuration(String),
    /// The file is broken: an error of the input data.
    #[error("{0}")]
    Data(String),
    /// The vocabulary is full.
    #[error(transparent)]
    Words(#[from] TooManyWords),
    /// The adapter is a plugin, and failed.
    #[error(transparent)]
    Plugin(#[from] Failure),
}

impl From<FormulaError> for OpenError {
    /// An option is not there, or of another type than the adapter declares.
    fn from(error: FormulaError) -> Self {
        Self::Configuration(error.to_string())
    }
}

/// An adapter in the registry; made by [`crate::register_adapter!`].
pub struct AdapterEntry(pub &'static dyn Adapter);

inventory::collect!(AdapterEntry);

/// All linked adapters, sorted by name (registration order is the linker's).
pub fn adapters() -> Vec<&'static dyn Adapter> {
    let mut all: Vec<_> = inventory::iter::<AdapterEntry>().map(|entry| entry.0).collect();
    all.sort_by_key(|adapter| adapter.manifest().name);
    all
}
