//! Reading all inputs on all cores into one tally.
//!
//! Threads take files from a queue; one that finds the queue empty helps with a file that another has open. A file is cut
//! into batches under a lock, which costs little beside reading them, so that one huge file keeps all cores busy as well as
//! a thousand small ones do.

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use renown_core::tally::Tally;
use renown_sdk::frame::{Batch, Framer};
use renown_sdk::{
    Adapter, Failure, File, Framing, NO_OPTIONS, OpenError, Params, Piece, Reader, Sink, Vocabulary,
};

use crate::EngineError;
use crate::decode::{self, Beside};
use crate::input::{Input, Place};
use crate::report::{PluginFailure, Report};
use crate::sink::BatchSink;
use crate::state;
use crate::tap::Tap;

/// How many bytes a thread reads at once.
const BATCH: usize = 1 << 18;

/// The adapters of a run.
#[derive(Default)]
pub struct Adapters {
    /// Those that recognise their own files.
    pub linked: Vec<&'static dyn Adapter>,
    /// One that reads what a map describes.
    pub mapped: Option<Mapped>,
    /// What the user set of their options, by the adapter's name; others have the defaults.
    pub options: BTreeMap<String, Params>,
}

/// An adapter that reads whatever fits a description that the user gave. It is asked last: a file that another adapter
/// claims is its own only if it plainly fits, and then that is one claim too many.
pub struct Mapped {
    /// The adapter.
    pub adapter: Arc<dyn Adapter>,
    /// Whether a file plainly fits the description.
    pub fits: Box<dyn Fn(&File<'_>) -> bool + Send + Sync>,
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether to keep the bytes of records that cannot be read, and not only their places.
    pub keep_records: bool,
    /// Where records go instead of into the tally, which then only counts them.
    pub tap: Option<Arc<dyn Tap>>,
}

/// How far reading is, to be watched from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes taken from disk.
    pub bytes: Arc<AtomicU64>,
    /// Records read.
    pub records: AtomicU64,
    /// Set this to stop.
    pub cancelled: Arc<AtomicBool>,
}

impl Progress {
    /// Begins anew.
    pub fn restart(&self) {
        self.bytes.store(0, Ordering::Relaxed);
        self.records.store(0, Ordering::Relaxed);
    }
}

/// A tally and what was met on the way.
#[derive(Debug)]
pub struct Ingested {
    /// The tally.
    pub tally: Tally,
    /// What was met.
    pub report: Report,
}

/// Reads inputs into a tally, on the current rayon thread pool. The tally and the report are the same whatever
/// the number of threads.
///
/// # Errors
/// [`EngineError::Data`] if a named file is of no known kind, if two adapters claim a file, or if nothing at all could be
/// recognised; [`EngineError::Usage`] if the map does not fit, or the tally has outgrown its room and there is no other;
/// [`EngineError::Interrupted`].
pub fn ingest(
    inputs: Vec<Input>,
    adapters: &Adapters,
    vocabulary: &Vocabulary,
    tally: Tally,
    options: &Options,
    progress: &Progress,
) -> Result<Ingested, EngineError> {
    let run = Run {
        adapters,
        vocabulary,
        options,
        progress,
        state: Mutex::new(State { queue: inputs.into(), ..State::default() }),
        changed: Condvar::new(),
    };
    let reports = rayon::broadcast(|_| run.work(&tally));
    let state = run.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if progress.cancelled.load(Ordering::Relaxed) {
        return Err(EngineError::Interrupted);
    }
    // The first in order, so that the same input gives the same message.
    if let Some((_, error)) = state.failures.into_iter().min_by(|a, b| a.0.cmp(&b.0)) {
        return Err(error);
    }
    let mut report = state.report;
    for part in reports {
        report.rejects.extend(part.rejects);
        report.rejected += part.rejected;
        report.records += part.records;
        report.undone += part.undone;
        for (what, count) in part.passed_over {
            *report.passed_over.entry(what).or_default() += count;
        }
    }
    report.rejects.sort();
    report.unrecognised.sort();
    report.plugin_failures.sort();
    report.bytes = progress.bytes.load(Ordering::Relaxed);
    Ok(Ingested { tally, report })
}

struct Run<'r> {
    adapters: &'r Adapters,
    vocabulary: &'r Vocabulary,
    options: &'r Options,
    progress: &'r Progress,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Input>,
    open: Vec<Arc<OpenFile>>,
    /// Files that are being opened, of which there may soon be something to read.
    opening: usize,
    failures: Vec<(String, EngineError)>,
    report: Report,
}

/// A file that threads read together.
struct OpenFile {
    name: String,
    adapter: &'static str,
    reader: Box<dyn Reader>,
    pieces: Pieces,
    /// A temporary copy that lives as long as it is read.
    _copy: Option<tempfile::NamedTempFile>,
}

enum Pieces {
    Bytes(Mutex<Option<Framer<Box<dyn Read + Send>>>>),
    /// Parts of a file that the adapter opens by itself, and how many bytes they have together.
    Parts {
        next: AtomicUsize,
        all: usize,
        bytes: u64,
    },
}

impl Run<'_> {
    /// One thread's work.
    fn work(&self, tally: &Tally) -> Report {
        let mut sink = BatchSink::new(tally, self.options);
        let mut batch = Batch::with_capacity(BATCH);
        while let Some(next) = self.next() {
            let file = match next {
                Next::Help(file) => Some(file),
                Next::Open(input) => self.open_next(&input, &mut sink),
            };
            if let Some(file) = file {
                self.read(&file, &mut batch, &mut sink);
            }
            self.stop_if_failed(&mut sink);
        }
        sink.flush();
        self.stop_if_failed(&mut sink);
        Report {
            rejects: sink.rejects,
            rejected: sink.rejected,
            passed_over: sink.passed_over,
            records: sink.records,
            undone: sink.undone,
            ..Report::default()
        }
    }

    /// Sees to it that nobody reads on into a tally that is of no use any more.
    fn stop_if_failed(&self, sink: &mut BatchSink<'_>) {
        if let Some(error) = sink.failed.take() {
            // Before all names of files: it is no fault of theirs.
            self.state().failures.push((String::new(), error.into()));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to do next; `None` when all is done.
    fn next(&self) -> Option<Next> {
        let mut state = self.state();
        loop {
            if self.progress.cancelled.load(Ordering::Relaxed) || !state.failures.is_empty() {
                return None;
            }
            if let Some(input) = state.queue.pop_front() {
                state.opening += 1;
                return Some(Next::Open(input));
            }
            if let Some(file) = state.open.first() {
                return Some(Next::Help(file.clone()));
            }
            if state.opening == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes that a plugin failed at a file.
    fn fail(&self, file: &OpenFile, failure: Failure) {
        let failed = PluginFailure { adapter: file.adapter, file: file.name.clone(), failure };
        self.state().report.plugin_failures.push(failed);
    }

    fn open_next(&self, input: &Input, sink: &mut BatchSink<'_>) -> Option<Arc<OpenFile>> {
        sink.in_file(&input.name);
        let opened = self.open(input, sink);
        let mut state = self.state();
        state.opening -= 1;
        let file = match opened {
            Ok(Opened::File(adapter, kind, file)) => {
                *state.report.files.entry((adapter, kind)).or_default() += 1;
                state.open.extend(file.clone());
                file
            }
            Ok(Opened::Unrecognised) => {
                state.report.unrecognised.push(input.name.clone());
                None
            }
            Ok(Opened::Broken) => None,
            Ok(Opened::Failed(failures)) => {
                state.report.plugin_failures.extend(failures);
                None
            }
            Err(error) => {
                state.failures.push((input.name.clone(), error));
                None
            }
        };
        drop(state);
        self.changed.notify_all();
        file
    }

    fn open(&self, input: &Input, sink: &mut BatchSink<'_>) -> Result<Opened, EngineError> {
        let decoded = match decode::open(input, &self.progress.bytes) {
            Ok(decoded) => decoded,
            Err(error) if input.explicit => return Err(EngineError::data(&input.name, error)),
            Err(error) => {
                sink.reject_at(None, None, format!("the file cannot be read: {error}"), &[]);
                return Ok(Opened::Broken);
            }
        };
        if decoded.head.is_empty() && input.explicit {
            return Err(EngineError::data(&input.name, "the file is empty: expected an export's records"));
        }
        if decoded.head.starts_with(state::MAGIC) {
            return Err(EngineError::data(&input.name, state::ELSEWHERE));
        }
        let beside = Beside(input);
        let file = File {
            path: &decoded.path,
            head: &decoded.head,
            disk: decoded.disk.as_deref(),
            siblings: &beside,
            options: &NO_OPTIONS,
        };
        let mut failures = Vec::new();
        let claimed = self.recognise(input, &file, &mut failures)?;
        if !failures.is_empty() {
            return Ok(Opened::Failed(failures));
        }
        let Some((adapter, kind)) = claimed else {
            if matches!(input.place, Place::Member(..)) && decoded.head.starts_with(b"PK\x03\x04") {
                let reason = "an archive in an archive, which is not opened: unpack the outer one first";
                sink.reject_at(None, None, reason.to_owned(), &[]);
                return Ok(Opened::Broken);
            }
            if input.explicit {
                return Err(EngineError::data(&input.name, self.unrecognised(&file)));
            }
            return Ok(Opened::Unrecognised);
        };
        let defaults = Params::of_defaults(adapter.options());
        let options = self.adapters.options.get(adapter.manifest().name).unwrap_or(&defaults);
        let reader = match adapter.open(&File { options, ..file }, kind, self.vocabulary) {
            Ok(reader) => reader,
            Err(OpenError::Configuration(why)) => {
                return Err(EngineError::Usage(format!("{}: {why}", input.name)));
            }
            Err(OpenError::Plugin(failure)) => {
                let (adapter, file) = (adapter.manifest().name, input.name.clone());
                return Ok(Opened::Failed(vec![PluginFailure { adapter, file, failure }]));
            }
            Err(error) if input.explicit => return Err(EngineError::data(&input.name, error)),
            Err(error) => {
                sink.reject_at(None, None, format!("the file cannot be read: {error}"), &[]);
                return Ok(Opened::Broken);
            }
        };
        let pieces = match reader.framing() {
            Framing::Nothing => return Ok(Opened::File(adapter.manifest().name, kind, None)),
            Framing::Parts(all) => {
                // The adapter opens the file by itself; the head was read already, and of a copy everything.
                let on_disk = decoded.disk.as_deref().filter(|_| decoded.copy.is_none());
                let bytes = on_disk.and_then(|path| path.metadata().ok()).map_or(0, |file| file.len());
                let bytes = bytes.saturating_sub(decoded.head.len() as u64);
                Pieces::Parts { next: AtomicUsize::new(0), all, bytes }
            }
            framing => {
                let framer = Framer::new(decoded.bytes, framing).delimited_by(reader.delimiter());
                Pieces::Bytes(Mutex::new(Some(framer)))
            }
        };
        let open = OpenFile {
            name: input.name.clone(),
            adapter: adapter.manifest().name,
            reader,
            pieces,
            _copy: decoded.copy,
        };
        Ok(Opened::File(adapter.manifest().name, kind, Some(Arc::new(open))))
    }

    /// Whose file it is.
    fn recognise(
        &self,
        input: &Input,
        file: &File<'_>,
        failures: &mut Vec<PluginFailure>,
    ) -> Result<Option<(&dyn Adapter, &'static str)>, EngineError> {
        let mut claims: Vec<(&dyn Adapter, &'static str)> = Vec::new();
        for adapter in &self.adapters.linked {
            match adapter.claims(file) {
                Ok(kind) => claims.extend(kind.map(|kind| (*adapter, kind))),
                Err(failure) => {
                    let (adapter, file) = (adapter.manifest().name, input.name.clone());
                    failures.push(PluginFailure { adapter, file, failure });
                }
            }
        }
        if let Some(mapped) = &self.adapters.mapped {
            let adapter = &*mapped.adapter;
            let fits = claims.is_empty() || (mapped.fits)(file);
            claims.extend(adapter.recognise(file).filter(|_| fits).map(|kind| (adapter, kind)));
        }
        match claims[..] {
            [] => Ok(None),
            [claim] => Ok(Some(claim)),
            [(one, one_kind), (other, other_kind), ..] => Err(EngineError::data(
                &input.name,
                format!(
                    "two adapters claim this file: {} (as {one_kind}) and {} (as {other_kind}). Leave one of the two \
                     out (a plugin, a map, or --without ADAPTER), or move the file out of the input",
                    one.manifest().name,
                    other.manifest().name
                ),
            )),
        }
    }

    /// What to say of a named file that is nobody's.
    fn unrecognised(&self, file: &File<'_>) -> String {
        let known: Vec<&str> = self.adapters.linked.iter().map(|adapter| adapter.manifest().name).collect();
        let table =
            ["csv", "tsv", "tab", "parquet", "ndjson", "jsonl"].iter().any(|end| file.has_extension(end));
        let is_utf16 = file.head.starts_with(b"\xff\xfe") || file.head.starts_with(b"\xfe\xff");
        let hint = match (&self.adapters.mapped, table) {
            _ if is_utf16 => " It is text in UTF-16: expected UTF-8.",
            (None, true) => " A table needs a map that says what its columns are: pass --map MAP.toml.",
            _ => "",
        };
        format!(
            "not an export of a known kind: none of the adapters {} recognises it.{hint}",
            known.join(", ")
        )
    }

    fn must_stop(&self, sink: &BatchSink<'_>) -> bool {
        self.progress.cancelled.load(Ordering::Relaxed) || sink.failed.is_some()
    }

    /// Reads a file until nothing is left of it, together with whoever else does.
    fn read(&self, file: &Arc<OpenFile>, batch: &mut Batch, sink: &mut BatchSink<'_>) {
        match &file.pieces {
            Pieces::Bytes(framer) => self.read_bytes(file, framer, batch, sink),
            Pieces::Parts { next, all, bytes } => {
                while !self.must_stop(sink) {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= *all {
                        break;
                    }
                    sink.in_file(&file.name);
                    let before = sink.records;
                    let read = file.reader.read_all(&[Piece::part(part)], sink);
                    if let Err(failure) = read {
                        next.store(*all, Ordering::Relaxed);
                        self.fail(file, failure);
                    }
                    self.progress.records.fetch_add(sink.records - before, Ordering::Relaxed);
                    let read_up_to = |part: usize| bytes * part as u64 / *all as u64;
                    let bytes = read_up_to(part + 1) - read_up_to(part);
                    self.progress.bytes.fetch_add(bytes, Ordering::Relaxed);
                }
            }
        }
        self.state().open.retain(|open| !Arc::ptr_eq(open, file));
        self.changed.notify_all();
    }

    fn read_bytes(
        &self,
        file: &OpenFile,
        framer: &Mutex<Option<Framer<Box<dyn Read + Send>>>>,
        batch: &mut Batch,
        sink: &mut BatchSink<'_>,
    ) {
        while !self.must_stop(sink) {
            {
                let mut framer = framer.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(open) = &mut *framer else { return };
                match open.fill(batch) {
                    Ok(true) => {}
                    Ok(false) => {
                        *framer = None;
                        return;
                    }
                    Err(error) => {
                        let offset = open.offset();
                        *framer = None;
                        sink.in_file(&file.name);
                        let reason = format!("the rest of the file cannot be read: {error}");
                        sink.reject_at(Some(offset), None, reason, &[]);
                        return;
                    }
                }
            }
            let before = sink.records;
            sink.in_file(&file.name);
            let pieces: Vec<Piece<'_>> =
                batch.pieces().map(|piece| Piece::new(piece.bytes, piece.offset)).collect();
            if let Err(failure) = file.reader.read_all(&pieces, sink) {
                *framer.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.fail(file, failure);
                return;
            }
            for reject in batch.rejects() {
                sink.at(None);
                sink.reject_at(Some(reject.offset), None, reject.reason.clone(), &reject.sample);
            }
            self.progress.records.fetch_add(sink.records - before, Ordering::Relaxed);
        }
    }
}

enum Next {
    Open(Input),
    Help(Arc<OpenFile>),
}

enum Opened {
    /// Recognised; without a file if there is nothing to read in it.
    File(&'static str, &'static str, Option<Arc<OpenFile>>),
    Unrecognised,
    /// Rejected as a whole.
    Broken,
    /// Plugins failed at it.
    Failed(Vec<PluginFailure>),
}
