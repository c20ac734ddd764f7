//! The sink behind the adapters: records into a batch, and what cannot be one kept aside.

use std::borrow::Cow;
use std::collections::BTreeMap;

use renown_core::scratch::ScratchError;
use renown_core::tally::{BadRecord, Batch, Tally};
use renown_sdk::{Handle, Interaction, Membership, Observation, Post, Reject, Sink, Undo};

use crate::ingest::Options;
use crate::report::Rejected;
use crate::tap::Tap;

/// One thread's sink.
pub(crate) struct BatchSink<'t> {
    tally: &'t Tally,
    batch: Batch,
    /// Where records go instead, once the batch has found them good.
    tap: Option<Box<dyn Sink + 't>>,
    /// Where the piece being read is.
    file: String,
    base: Option<u64>,
    keep_records: bool,
    pub(crate) rejects: Vec<Rejected>,
    pub(crate) rejected: u64,
    pub(crate) passed_over: BTreeMap<Cow<'static, str>, u64>,
    pub(crate) records: u64,
    /// How many of the records take something back.
    pub(crate) undone: u64,
    /// Why the tally is of no use any more.
    pub(crate) failed: Option<ScratchError>,
}

impl<'t> BatchSink<'t> {
    pub(crate) fn new(tally: &'t Tally, options: &'t Options) -> Self {
        Self {
            tally,
            batch: tally.batch(),
            tap: options.tap.as_deref().map(Tap::sink),
            file: String::new(),
            base: None,
            keep_records: options.keep_records,
            rejects: Vec::new(),
            rejected: 0,
            passed_over: BTreeMap::new(),
            records: 0,
            undone: 0,
            failed: None,
        }
    }

    /// Says which file the next records are in.
    pub(crate) fn in_file(&mut self, file: &str) {
        if self.file != file {
            file.clone_into(&mut self.file);
        }
        self.base = None;
    }

    /// Rejects something at a place of the file.
    pub(crate) fn reject_at(&mut self, byte: Option<u64>, row: Option<u64>, reason: String, record: &[u8]) {
        const SAMPLE: usize = 4_096;
        self.rejected += 1;
        if self.rejects.len() < crate::report::KEPT_REJECTS {
            let record =
                if self.keep_records { record[..record.len().min(SAMPLE)].to_vec() } else { Vec::new() };
            self.rejects.push(Rejected { file: self.file.clone(), byte, row, reason, record });
        }
    }

    /// Adds what was gathered to the tally.
    pub(crate) fn flush(&mut self) {
        if self.tap.is_some() {
            self.tally.count(&mut self.batch);
        } else {
            self.tally.add(&mut self.batch);
            self.failed = self.failed.take().or(self.tally.make_room().err());
        }
    }

    fn done(&mut self, result: Result<(), BadRecord>, hand_over: impl FnOnce(&mut dyn Sink)) {
        match result {
            Ok(()) => {
                self.records += 1;
                if let Some(tap) = &mut self.tap {
                    hand_over(&mut **tap);
                }
                if self.batch.is_full() {
                    self.flush();
                }
            }
            Err(bad) => self.reject_at(self.base, None, bad.to_string(), &[]),
        }
    }
}

impl Sink for BatchSink<'_> {
    fn at(&mut self, offset: Option<u64>) {
        self.base = offset;
    }

    fn interaction(&mut self, record: &Interaction<'_>) {
        let result = self.batch.interaction(self.tally, record);
        self.done(result, |tap| tap.interaction(record));
    }

    fn post(&mut self, post: &Post<'_>) {
        let result = self.batch.post(self.tally, post);
        self.done(result, |tap| tap.post(post));
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let result = self.batch.observation(self.tally, record);
        self.done(result, |tap| tap.observation(record));
    }

    fn handle(&mut self, record: &Handle<'_>) {
        let result = self.batch.handle(record);
        self.done(result, |tap| tap.handle(record));
    }

    fn membership(&mut self, record: &Membership<'_>) {
        let result = self.batch.membership(self.tally, record);
        self.done(result, |tap| tap.membership(record));
    }

    fn undo(&mut self, undo: &Undo<'_>) {
        let result = self.batch.undo(self.tally, undo);
        self.undone += u64::from(result.is_ok());
        self.done(result, |tap| tap.undo(undo));
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        let byte = self.base.map(|base| base + reject.offset as u64);
        self.reject_at(byte, reject.row, reject.reason.clone(), reject.record);
    }

    fn pass_over(&mut self, what: &'static str) {
        *self.passed_over.entry(Cow::Borrowed(what)).or_default() += 1;
    }
}
