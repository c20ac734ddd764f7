//! An adapter that lies in a loaded library.

use std::sync::Arc;

use renown_abi::RenownAdapter;
use renown_sdk::{
    Adapter, Failure, File, Framing, Manifest, Opened, ParamSpec, Piece, Reader, Sink, Vocabulary,
};

use crate::guard::Budget;
use crate::library::Library;
use crate::manifest;
use crate::options;
use crate::raw::{RawReader, Table};
use crate::rows::{self, Codes, Labels};
use crate::wrong::Wrong;

/// An adapter of a plugin.
pub(crate) struct Loaded {
    /// The plugin's name and version, for messages.
    plugin: Arc<str>,
    table: Table,
    manifest: &'static Manifest,
    options: Vec<ParamSpec>,
    labels: Arc<Labels>,
}

/// The adapters of a library.
///
/// # Errors
/// What is wrong with a manifest.
pub(crate) fn all(library: &Library) -> Result<Vec<&'static dyn Adapter>, String> {
    let plugin: Arc<str> = format!("{} {}", library.id, library.version).into();
    let load = |table: &&'static RenownAdapter| -> Result<&'static dyn Adapter, String> {
        let (manifest, options) = manifest::parse(Table(table).manifest()?)?;
        let (plugin, table) = (plugin.clone(), Table(table));
        let loaded = Loaded { plugin, table, manifest, options, labels: Arc::default() };
        Ok(Box::leak(Box::new(loaded)))
    };
    library.adapters.iter().map(load).collect()
}

impl Adapter for Loaded {
    fn manifest(&self) -> &'static Manifest {
        self.manifest
    }

    fn options(&self) -> &[ParamSpec] {
        &self.options
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        self.claims(file).ok().flatten()
    }

    fn claims(&self, file: &File<'_>) -> Result<Option<&'static str>, Failure> {
        claimed(self.table.recognise(file), self.manifest, &self.plugin)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let codes = Codes::new(self.manifest, vocabulary)?;
        let options = options::json_of(file.options)?;
        let reader = self.table.open(file, kind, &options).map_err(|wrong| wrong.unopened(&self.plugin))?;
        Ok(Box::new(LoadedReader {
            reader,
            disk_bytes: disk_bytes(file),
            plugin: self.plugin.clone(),
            codes,
            labels: self.labels.clone(),
        }))
    }
}

/// The kind of the manifest as which a plugin claims a file, if it does.
///
/// # Errors
/// It did something else than to answer, or claims the file as what its manifest does not declare.
pub(crate) fn claimed(
    answer: Result<Option<impl AsRef<str>>, Wrong>,
    manifest: &Manifest,
    plugin: &str,
) -> Result<Option<&'static str>, Failure> {
    let declared = answer.and_then(|kind| {
        let Some(kind) = kind else { return Ok(None) };
        Ok(Some(manifest::kind(manifest, kind.as_ref())?))
    });
    declared.map_err(|wrong| wrong.unclaimed(plugin))
}

/// How large a file is, where it lies on disk.
pub(crate) fn disk_bytes(file: &File<'_>) -> Option<u64> {
    file.disk.and_then(|path| path.metadata().ok()).map(|disk| disk.len())
}

/// A reader of a plugin.
struct LoadedReader {
    reader: RawReader,
    /// How large the file is, where it lies on disk.
    disk_bytes: Option<u64>,
    plugin: Arc<str>,
    codes: Codes,
    labels: Arc<Labels>,
}

impl Reader for LoadedReader {
    fn framing(&self) -> Framing {
        self.reader.framing
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        read_one(self, piece, sink);
    }

    fn read_all(&self, pieces: &[Piece<'_>], sink: &mut dyn Sink) -> Result<(), Failure> {
        let first = pieces.first().and_then(|piece| piece.offset);
        let budget = Budget::of(self.framing(), pieces, self.disk_bytes);
        sink.at(first);
        let write = |batch: &rows::Batch<'_>| rows::write(batch, &self.codes, &self.labels, pieces, sink);
        let read = self.reader.read(pieces, |stream| stream.for_each(budget, write));
        read.map_err(|wrong| wrong.unread(&self.plugin, first))
    }
}

/// Reads a piece with a reader that can fail. One piece by itself has nobody to tell of a failure; the engine reads with
/// `read_all`.
pub(crate) fn read_one(reader: &dyn Reader, piece: &Piece<'_>, sink: &mut dyn Sink) {
    if let Err(failure) = reader.read_all(&[*piece], sink) {
        let reason = failure.to_string();
        sink.reject(&renown_sdk::Reject { offset: 0, row: None, reason, record: &[] });
    }
}
