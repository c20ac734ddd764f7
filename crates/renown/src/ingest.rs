//! `renown ingest`: exports into a store.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use renown_store::{Gatherer, Store};

use crate::cli::IngestArgs;
use crate::config::weights;
use crate::exit::Exit;
use crate::pipeline::{Read, Reading};
use crate::states;
use crate::summary::{self, Line, counted};

pub(crate) fn run(args: &IngestArgs) -> anyhow::Result<Exit> {
    // For the plugins that it names and the options of adapters: no weight is applied, or kept.
    let run = &args.exports.run;
    let mut weights = weights(run.weights.as_deref(), &run.sets)?;
    let reading = Reading::new(&args.exports, &mut weights, false)?;
    let mut store = Store::open_or_create(&args.store)?;
    let name = args.store.display();
    let mut exit = Exit::Ok;
    for input in &args.inputs {
        let one = add(&mut store, &reading, input)?;
        if one.plugin_failed {
            exit = Exit::Plugin;
        }
        if !run.quiet {
            summary::print_lines(&one.told);
        }
    }
    if !run.quiet {
        eprintln!(
            "note: {name} holds ids of accounts whose owners never agreed to anything: keep it as you keep the exports"
        );
    }
    Ok(exit)
}

/// What came of one export.
pub(crate) struct One {
    /// What is to be told of it.
    pub(crate) told: Vec<Line>,
    /// How many rows are new.
    pub(crate) rows: u64,
    /// How many records could not be read.
    pub(crate) rejected: u64,
    pub(crate) plugin_failed: bool,
}

/// Adds an export to a store, wholly or not at all.
pub(crate) fn add(store: &mut Store, reading: &Reading<'_>, input: &PathBuf) -> anyhow::Result<One> {
    let started = Instant::now();
    let gatherer = Arc::new(Gatherer::new(reading.words.clone()));
    let read = reading.read(std::slice::from_ref(input), None, Some(gatherer.clone()))?;
    let Read { tally, report, adapters: read_with, plugin_failed } = read;
    let name = store.root().display().to_string();
    states::agree(&name, store.read_with(), &read_with, "this export was read with")?;
    let added = store.add(&gatherer, read_with, &reading.progress.cancelled)?;
    let mut told = summary::of_reading(&report, tally.words(), &tally.counts(), reading.rejects());
    let mut text =
        format!("{} in {}", counted(added.rows, "row", "rows"), counted(added.files, "file", "files"));
    if added.known > 0 {
        let _ = write!(text, "; {} there already", counted(added.known, "interaction", "interactions"));
    }
    if added.forgotten > 0 {
        let rows = counted(added.forgotten, "row", "rows");
        let _ = write!(text, "; {rows} of people who are forgotten left out");
    }
    told.push(("added", text));
    told.push(("took", summary::took(&report, started)));
    Ok(One { told, rows: added.rows, rejected: report.rejected, plugin_failed })
}
