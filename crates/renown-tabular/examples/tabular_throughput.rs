//! How fast a table is read: decodes it on some threads and counts what a sink would be given.
//!
//! ```text
//! cargo run --release -p renown-tabular --example tabular_throughput -- config/maps/interactions.toml TABLE [THREADS]
//! ```
//!
//! The table is a file of any format that the adapter reads, uncompressed. The sink does nothing but count, so that
//! what is measured is the reading. `benches/interactions.py ROWS TABLE.parquet` writes a table.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use renown_sdk::frame::{Batch, Framer};
use renown_sdk::{
    Adapter as _, File, Framing, Handle, Interaction, Observation, Piece, Post, Reader, Reject, Sink,
    Vocabulary, Words,
};
use renown_tabular::{Map, Tabular};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [map, table, threads @ ..] = arguments.as_slice() else {
        return Err("usage: throughput MAP TABLE [THREADS]".into());
    };
    let threads: usize = threads.first().map_or(Ok(2), |threads| threads.parse())?;
    let adapter = Tabular::new(Map::parse(&std::fs::read_to_string(map)?, map)?);

    let start = Instant::now();
    let disk = Path::new(table);
    let mut head = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(std::fs::File::open(disk)?, 1 << 16), &mut head)?;
    let name = disk.file_name().unwrap_or_default().to_string_lossy();
    let file =
        File { path: &name, head: &head, disk: Some(disk), siblings: &(), options: &renown_sdk::NO_OPTIONS };
    let kind = adapter.recognise(&file).ok_or("not a table")?;
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [adapter.manifest()]);
    let reader = adapter.open(&file, kind, &vocabulary)?;
    let counted = match reader.framing() {
        Framing::Nothing => Count::default(),
        Framing::Parts(parts) => read_parts(&*reader, parts, threads),
        framing => read_pieces(
            &*reader,
            Framer::new(std::fs::File::open(disk)?, framing).delimited_by(reader.delimiter()),
            threads,
        ),
    };
    let seconds = start.elapsed().as_secs_f64();

    let megabytes = std::fs::metadata(disk)?.len() as f64 / 1e6;
    println!("{counted:?}");
    println!(
        "{seconds:.3} s on {threads} threads: {:.1} M records/s, {:.0} MB/s",
        counted.records as f64 / seconds / 1e6,
        megabytes / seconds
    );
    Ok(())
}

fn read_parts(reader: &dyn Reader, parts: usize, threads: usize) -> Count {
    let next = AtomicUsize::new(0);
    on_threads(threads, || {
        let mut count = Count::default();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return count;
            }
            reader.read(&Piece::part(part), &mut count);
        }
    })
}

fn read_pieces(reader: &dyn Reader, framer: Framer<std::fs::File>, threads: usize) -> Count {
    let framer = Mutex::new(framer);
    on_threads(threads, || {
        let mut count = Count::default();
        let mut batch = Batch::with_capacity(1 << 20);
        while framer.lock().is_ok_and(|mut framer| framer.fill(&mut batch).unwrap_or(false)) {
            for piece in batch.pieces() {
                reader.read(&Piece::new(piece.bytes, piece.offset), &mut count);
            }
            count.rejects += batch.rejects().len();
        }
        count
    })
}

fn on_threads(threads: usize, work: impl Fn() -> Count + Sync) -> Count {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).fold(Count::default(), Count::plus)
    })
}

/// What was given. The digest keeps the compiler from leaving the reading out, and shows that two runs read the same.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    records: usize,
    rejects: usize,
    digest: u64,
}

impl Count {
    fn plus(self, other: Self) -> Self {
        Self {
            records: self.records + other.records,
            rejects: self.rejects + other.rejects,
            digest: self.digest.wrapping_add(other.digest),
        }
    }

    fn note(&mut self, id: Option<renown_sdk::Id<'_>>, number: u64) {
        let id = match id {
            Some(renown_sdk::Id::Number(number)) => number as u64,
            Some(renown_sdk::Id::Text(text)) => text.len() as u64,
            None => 0,
        };
        self.digest = self.digest.wrapping_add(id.wrapping_mul(31).wrapping_add(number));
    }
}

impl Sink for Count {
    fn interaction(&mut self, record: &Interaction<'_>) {
        self.records += 1;
        self.note(record.actor, record.at.map_or(0, |at| at.micros() as u64));
        self.note(record.target, record.amount);
    }

    fn post(&mut self, record: &Post<'_>) {
        self.records += 1;
        self.note(Some(record.id), record.totals.len() as u64);
    }

    fn observation(&mut self, record: &Observation<'_>) {
        self.records += 1;
        self.note(Some(record.account), record.value);
    }

    fn handle(&mut self, record: &Handle<'_>) {
        self.records += 1;
        self.note(Some(record.account), record.handle.len() as u64);
    }

    fn reject(&mut self, _: &Reject<'_>) {
        self.rejects += 1;
    }

    fn pass_over(&mut self, _: &'static str) {}
}
