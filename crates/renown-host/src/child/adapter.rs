//! An adapter that lies in a child.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use renown_sdk::{
    Adapter, Failure, File, Framing, Manifest, Opened, ParamSpec, Piece, Reader, Sink, Vocabulary,
};

use super::ipc;
use super::pool::{Handle, Pool};
use super::process::Child;
use super::protocol::{Call, Cut, Place, Request};
use crate::adapter::{claimed, disk_bytes, read_one};
use crate::guard::Budget;
use crate::raw::{MOST_HEADER, MOST_PARTS};
use crate::rows::{self, Codes, Labels};
use crate::wrong::Wrong;

/// An adapter of a plugin that runs in children.
pub(super) struct Remote {
    pub(super) pool: Arc<Pool>,
    /// Which of the plugin's adapters it is.
    pub(super) number: usize,
    pub(super) manifest: &'static Manifest,
    pub(super) options: Vec<ParamSpec>,
    pub(super) labels: Arc<Labels>,
}

/// Where a file lies on disk; a child has a working folder of its own.
fn disk(file: &File<'_>) -> Option<String> {
    let path = std::path::absolute(file.disk?).ok()?;
    path.to_str().map(str::to_owned)
}

impl Adapter for Remote {
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
        let call = Call::Recognise {
            adapter: self.number,
            path: file.path.into(),
            disk: disk(file).map(Into::into),
        };
        let request = Request { call, bytes: file.head.len() as u64 };
        let beside = |relative: &str| Ok(file.siblings.read(relative));
        let answer = self.pool.call(|child| child.ask(&request, &[file.head], 0, beside));
        claimed(answer.map(|(reply, _)| reply.kind), self.manifest, self.pool.plugin())
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        static READERS: AtomicU64 = AtomicU64::new(1);
        let mut opening = Opening {
            reader: READERS.fetch_add(1, Ordering::Relaxed),
            adapter: self.number,
            path: file.path.to_owned(),
            disk: disk(file),
            kind,
            head: file.head.to_vec(),
            options: crate::options::object_of(file.options)?,
            beside: BTreeMap::new(),
        };
        let codes = Codes::new(self.manifest, vocabulary)?;
        let mut read = BTreeMap::new();
        let opened = self.pool.call(|child| {
            opening.open(child, |relative| {
                let bytes = file.siblings.read(relative);
                read.insert(relative.to_owned(), bytes.clone());
                Ok(bytes)
            })
        });
        let framing = opened.map_err(|wrong| wrong.unopened(self.pool.plugin()))?;
        opening.beside = read;
        self.pool.opened(Handle::Reader(opening.reader));
        Ok(Box::new(RemoteReader {
            pool: self.pool.clone(),
            opening,
            framing,
            disk_bytes: disk_bytes(file),
            codes,
            labels: self.labels.clone(),
        }))
    }
}

/// All that opens a file, kept to open it again in each child that is to read of it.
struct Opening {
    reader: u64,
    adapter: usize,
    path: String,
    disk: Option<String>,
    kind: &'static str,
    head: Vec<u8>,
    options: serde_json::Map<String, serde_json::Value>,
    /// The files beside it that were asked for.
    beside: BTreeMap<String, Option<Vec<u8>>>,
}

impl Opening {
    fn open(
        &self,
        child: &mut Child,
        beside: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>,
    ) -> Result<Framing, Wrong> {
        let call = Call::Open {
            adapter: self.adapter,
            reader: self.reader,
            path: (&*self.path).into(),
            disk: self.disk.as_deref().map(Into::into),
            kind: self.kind.into(),
            options: self.options.clone(),
        };
        let request = Request { call, bytes: self.head.len() as u64 };
        let (reply, _) = child.ask(&request, &[&self.head], 0, beside)?;
        child.open.insert(Handle::Reader(self.reader));
        Ok(match reply.framing {
            Some(Cut::Nothing) => Framing::Nothing,
            Some(Cut::Json) => Framing::Json,
            Some(Cut::Csv { header, quote }) => {
                Framing::Csv { header: header.min(MOST_HEADER) as usize, quote }
            }
            Some(Cut::Parts { parts }) if parts <= MOST_PARTS => Framing::Parts(parts as usize),
            Some(Cut::Parts { parts }) => {
                return Err(Wrong::Did(format!("has {parts} parts: expected at most {MOST_PARTS}")));
            }
            None => return Err(Wrong::Did("did not say how the file is to be cut".into())),
        })
    }

    /// Opens the file in a child that may be another than the first. It must be told the same.
    fn again(&self, child: &mut Child, framing: Framing) -> Result<(), Wrong> {
        if child.open.contains(&Handle::Reader(self.reader)) {
            return Ok(());
        }
        let beside = |relative: &str| {
            let read = self.beside.get(relative).cloned();
            read.ok_or_else(|| "asked for another file beside it than the first time".to_owned())
        };
        if self.open(child, beside)? == framing {
            return Ok(());
        }
        Err(Wrong::Did("wants the file cut in another way than the first time".into()))
    }
}

struct RemoteReader {
    pool: Arc<Pool>,
    opening: Opening,
    framing: Framing,
    disk_bytes: Option<u64>,
    codes: Codes,
    labels: Arc<Labels>,
}

impl Drop for RemoteReader {
    fn drop(&mut self) {
        self.pool.closed(Handle::Reader(self.opening.reader));
    }
}

impl Reader for RemoteReader {
    fn framing(&self) -> Framing {
        self.framing
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        read_one(self, piece, sink);
    }

    fn read_all(&self, pieces: &[Piece<'_>], sink: &mut dyn Sink) -> Result<(), Failure> {
        let first = pieces.first().and_then(|piece| piece.offset);
        let unread = |wrong: Wrong| wrong.unread(self.pool.plugin(), first);
        let length: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
        let most = largest_answer(self.framing, length);
        let answer = self.pool.call(|child| {
            self.opening.again(child, self.framing)?;
            let mut bytes = std::mem::take(&mut child.outbox);
            Place::lay_out(pieces, &mut bytes);
            let call = Call::Read { reader: self.opening.reader, pieces: pieces.len() };
            let request = Request { call, bytes: bytes.len() as u64 };
            let none = |_: &str| Err("asked for a file beside it while it was to read".to_owned());
            let answer = child.ask(&request, &[&bytes], most, none);
            child.outbox = bytes;
            answer
        });
        let (_, records) = answer.map_err(unread)?;
        let budget = Budget::of(self.framing, pieces, self.disk_bytes);
        sink.at(first);
        let write = |batch: &rows::Batch<'_>| rows::write(batch, &self.codes, &self.labels, pieces, sink);
        let written = ipc::decode(records).and_then(|mut stream| stream.for_each(budget, write));
        written.map_err(|what| unread(what.into()))
    }
}

/// The bytes that records of so many bytes of a file may have: a row has up to eighteen columns of eight bytes, and the
/// shortest record a few bytes of its file.
fn largest_answer(framing: Framing, bytes: usize) -> u64 {
    match framing {
        Framing::Parts(_) => 1 << 30,
        _ => (16 << 20) + 64 * bytes as u64,
    }
}
