//! How long a record takes. It is measured, so it is no finding.

use std::time::{Duration, Instant};

use super::run::Opened;
use crate::{Adapter, Handle, Interaction, Membership, Observation, Piece, Post, Reject, Sink};

/// What reading the example over and over took.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    /// How many records, rejects and things passed over.
    pub records: u64,
    /// Of how many bytes.
    pub bytes: u64,
    /// In what time, on one thread.
    pub took: Duration,
}

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.took.as_secs_f64();
        let (nanos, rate) = (seconds * 1e9 / self.records as f64, self.bytes as f64 / seconds / 1e6);
        write!(f, "{nanos:.0} ns a record, {rate:.0} MB/s on one thread")
    }
}

/// Reads the example for a tenth of a second, in batches as large as an engine's. `None` if it gives no records, or
/// cannot be read so.
pub fn speed(adapter: &dyn Adapter) -> Option<Speed> {
    const BATCH: usize = 1 << 20;
    let example = &adapter.manifest().example;
    let opened = Opened::case(adapter, example).ok()?;
    let batches = opened.batches(example.input.as_bytes(), BATCH);
    let once: Vec<Piece<'_>> = batches.iter().flatten().map(super::run::Owned::piece).collect();
    let bytes: usize = once.iter().map(|piece| piece.bytes.len()).sum();
    let times = (BATCH / bytes.max(1)).clamp(1, 100_000);
    let pieces: Vec<Piece<'_>> = once.iter().copied().cycle().take(once.len() * times).collect();
    let (mut counter, mut rounds, start) = (Counter(0), 0, Instant::now());
    while start.elapsed() < Duration::from_millis(100) {
        opened.reader.read_all(&pieces, &mut counter).ok()?;
        rounds += 1;
    }
    let (records, bytes) = (counter.0, (bytes * times) as u64 * rounds);
    (records > 0).then(|| Speed { records, bytes, took: start.elapsed() })
}

/// Counts what comes.
struct Counter(u64);

impl Sink for Counter {
    fn interaction(&mut self, _: &Interaction<'_>) {
        self.0 += 1;
    }
    fn post(&mut self, _: &Post<'_>) {
        self.0 += 1;
    }
    fn observation(&mut self, _: &Observation<'_>) {
        self.0 += 1;
    }
    fn handle(&mut self, _: &Handle<'_>) {
        self.0 += 1;
    }
    fn membership(&mut self, _: &Membership<'_>) {
        self.0 += 1;
    }
    fn reject(&mut self, _: &Reject<'_>) {
        self.0 += 1;
    }
    fn pass_over(&mut self, _: &'static str) {
        self.0 += 1;
    }
}
