//! Reads a file with an adapter as the engine would.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use super::options::with_defaults;
use super::recorder::Recorder;
use crate::frame::{Batch, Framer};
use crate::{
    Adapter, Case, Failure, File, Framing, OpenError, ParamValue, Params, Piece, Reader, Siblings, Sink,
    Vocabulary, Words,
};

/// What reading a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The kind of file as which it was recognised.
    pub kind: &'static str,
    /// The records, rejects and what was passed over, a line each in the form that the [module](super) gives, sorted.
    pub records: Vec<String>,
    /// What of them the manifest does not declare.
    pub(super) undeclared: BTreeSet<String>,
}

/// Why a file was not read.
#[derive(Debug)]
pub(super) enum Stop {
    NotRecognised,
    NotOpened(OpenError),
    /// The adapter is a plugin, and failed.
    Failed(Failure),
    Unframed(std::io::Error),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRecognised => write!(f, "not recognised"),
            Self::NotOpened(error) => write!(f, "cannot be opened: {error}"),
            Self::Failed(failure) => write!(f, "{failure}"),
            Self::Unframed(error) => write!(f, "{error}"),
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// How a file is handed to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Cut in batches of about so many bytes.
    Bytes(usize),
    /// As one batch is cut, but one piece, or one CSV record, at a time. Where bytes are no JSON, what the framer makes
    /// of them depends on how many it sees at once, so [`Cut::Bytes`] would hold the framer against the adapter.
    Pieces,
}

impl Cut {
    /// All in one batch.
    pub(super) const WHOLE: Self = Self::Bytes(1 << 20);
}

/// The files beside that of a case.
pub(super) struct CaseSiblings(pub(super) &'static [(&'static str, &'static str)]);

impl Siblings for CaseSiblings {
    fn read(&self, relative: &str) -> Option<Vec<u8>> {
        self.0.iter().find(|(path, _)| *path == relative).map(|(_, content)| content.as_bytes().to_vec())
    }
}

/// Reads a file's bytes with an adapter as the engine would, and writes down every record.
///
/// # Errors
/// A sentence, if the adapter does not recognise or cannot open the file.
pub fn run(
    adapter: &dyn Adapter,
    path: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    batch_bytes: usize,
) -> Result<Outcome, String> {
    run_with(adapter, path, bytes, siblings, batch_bytes, &[])
}

/// As [`run`], with these options; others are at their defaults.
///
/// # Errors
/// A sentence, if the adapter does not recognise or cannot open the file.
pub fn run_with(
    adapter: &dyn Adapter,
    path: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    batch_bytes: usize,
    given: &[(&str, ParamValue)],
) -> Result<Outcome, String> {
    let options = with_defaults(adapter.options(), given);
    let file = File { path, head: head(bytes), disk: None, siblings, options: &options };
    read(adapter, &file, bytes, Cut::Bytes(batch_bytes)).map_err(|stop| stop.to_string())
}

/// As [`run`], of a file that lies on disk, for formats that are read out of order ([`Framing::Parts`]).
///
/// # Errors
/// A sentence, if the file cannot be read, or the adapter does not recognise or cannot open it.
pub fn run_on_disk(adapter: &dyn Adapter, disk: &Path) -> Result<Outcome, String> {
    let bytes = std::fs::read(disk).map_err(|error| error.to_string())?;
    let path = disk.file_name().unwrap_or_default().to_string_lossy();
    let options = Params::of_defaults(adapter.options());
    let file = File { path: &path, head: head(&bytes), disk: Some(disk), siblings: &(), options: &options };
    read(adapter, &file, &bytes, Cut::WHOLE).map_err(|stop| stop.to_string())
}

/// As [`run`], with the name and the siblings of a case.
pub(super) fn run_as(adapter: &dyn Adapter, case: &Case, bytes: &[u8], cut: Cut) -> Result<Outcome, Stop> {
    let siblings = CaseSiblings(case.siblings);
    let options = Params::of_defaults(adapter.options());
    let file =
        File { path: case.path, head: head(bytes), disk: None, siblings: &siblings, options: &options };
    read(adapter, &file, bytes, cut)
}

/// What an adapter is shown of a file.
fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(1 << 16)]
}

fn read(adapter: &dyn Adapter, file: &File<'_>, bytes: &[u8], cut: Cut) -> Result<Outcome, Stop> {
    let opened = Opened::new(adapter, file)?;
    let mut recorder = opened.recorder();
    match opened.reader.framing() {
        Framing::Nothing => {}
        Framing::Parts(parts) => {
            for part in 0..parts {
                opened.reader.read_all(&[Piece::part(part)], &mut recorder)?;
            }
        }
        framing => {
            let delimiter = opened.reader.delimiter();
            let mut framer = Framer::new(Cursor::new(bytes), framing).delimited_by(delimiter);
            let mut batch = Batch::with_capacity(if let Cut::Bytes(bytes) = cut { bytes } else { 1 << 20 });
            while framer.fill(&mut batch).map_err(Stop::Unframed)? {
                let pieces: Vec<Piece<'_>> =
                    batch.pieces().map(|piece| Piece::new(piece.bytes, piece.offset)).collect();
                if cut == Cut::Pieces {
                    for piece in pieces.iter().flat_map(|piece| records(*piece, framing, delimiter)) {
                        opened.reader.read_all(&[piece], &mut recorder)?;
                    }
                } else {
                    opened.reader.read_all(&pieces, &mut recorder)?;
                }
                for reject in batch.rejects() {
                    recorder.lines.push(format!("reject {}", reject.reason));
                }
            }
        }
    }
    recorder.lines.sort();
    Ok(Outcome { kind: opened.kind, records: recorder.lines, undeclared: recorder.undeclared })
}

/// A piece as small as it may come: of CSV a record, of JSON the document that it is.
fn records(piece: Piece<'_>, framing: Framing, delimiter: Option<u8>) -> Vec<Piece<'_>> {
    let Framing::Csv { quote, .. } = framing else { return vec![piece] };
    let mut offset = piece.offset.unwrap_or(0);
    let record = |bytes| {
        let piece = Piece::new(bytes, offset);
        offset += bytes.len() as u64;
        piece
    };
    crate::frame::csv_records(piece.bytes, quote, delimiter).map(record).collect()
}

/// A file that an adapter has open.
pub(super) struct Opened<'a> {
    adapter: &'a dyn Adapter,
    pub(super) kind: &'static str,
    pub(super) reader: Box<dyn Reader>,
    words: Arc<Words>,
}

impl<'a> Opened<'a> {
    fn new(adapter: &'a dyn Adapter, file: &File<'_>) -> Result<Self, Stop> {
        let kind = adapter.claims(file)?.ok_or(Stop::NotRecognised)?;
        let vocabulary = Vocabulary::new(Arc::new(Words::new()), [adapter.manifest()]);
        let reader = adapter.open(file, kind, &vocabulary).map_err(|error| match error {
            OpenError::Plugin(failure) => Stop::Failed(failure),
            error => Stop::NotOpened(error),
        })?;
        Ok(Self { adapter, kind, reader, words: vocabulary.words().clone() })
    }

    /// Opens a case's file.
    pub(super) fn case(adapter: &'a dyn Adapter, case: &Case) -> Result<Self, Stop> {
        let siblings = CaseSiblings(case.siblings);
        let options = Params::of_defaults(adapter.options());
        let head = head(case.input.as_bytes());
        let file = File { path: case.path, head, disk: None, siblings: &siblings, options: &options };
        Self::new(adapter, &file)
    }

    pub(super) fn recorder(&self) -> Recorder {
        Recorder::new(self.adapter.manifest(), self.words.clone())
    }

    /// The file's pieces, or its parts, in batches.
    pub(super) fn batches(&self, bytes: &[u8], batch_bytes: usize) -> Vec<Vec<Owned>> {
        let framing = match self.reader.framing() {
            Framing::Nothing => return Vec::new(),
            Framing::Parts(parts) => return (0..parts).map(|part| vec![Owned::Part(part)]).collect(),
            framing => framing,
        };
        let mut framer = Framer::new(Cursor::new(bytes), framing).delimited_by(self.reader.delimiter());
        let (mut batch, mut batches) = (Batch::with_capacity(batch_bytes), Vec::new());
        while let Ok(true) = framer.fill(&mut batch) {
            batches
                .push(batch.pieces().map(|piece| Owned::Bytes(piece.bytes.to_vec(), piece.offset)).collect());
        }
        batches
    }

    /// Reads batches into a sink.
    pub(super) fn read(&self, batches: &[Vec<Owned>], sink: &mut dyn Sink) -> Result<(), Failure> {
        for batch in batches {
            let pieces: Vec<Piece<'_>> = batch.iter().map(Owned::piece).collect();
            self.reader.read_all(&pieces, sink)?;
        }
        Ok(())
    }
}

/// A piece that is kept.
pub(super) enum Owned {
    Bytes(Vec<u8>, u64),
    Part(usize),
}

impl Owned {
    pub(super) fn piece(&self) -> Piece<'_> {
        match self {
            Self::Bytes(bytes, offset) => Piece::new(bytes, *offset),
            Self::Part(part) => Piece::part(*part),
        }
    }
}
