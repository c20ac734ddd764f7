//! `renown ingest`: exports into a store.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use renown_store::{Gatherer, Store};

use crate::cli::IngestArgs;
use crate::config::weights;
use crate::exit::Exit;
use crate::pipeline::{Read, Reading};
use crate::states;
use crate::summary::{self, counted};

pub(crate) fn run(args: &IngestArgs) -> anyhow::Result<Exit> {
    // For the plugins that it names and the options of adapters: no weight is applied, or kept.
    let run = &args.exports.run;
    let mut weights = weights(run.weights.as_deref(), &run.sets)?;
    let reading = Reading::new(&args.exports, &mut weights, false)?;
    let mut store = Store::open_or_create(&args.store)?;
    let name = args.store.display().to_string();
    let mut exit = Exit::Ok;
    for input in &args.inputs {
        let started = Instant::now();
        // Each is an export of its own.
        let gatherer = Arc::new(Gatherer::new(reading.words.clone()));
        let read = reading.read(std::slice::from_ref(input), None, Some(gatherer.clone()))?;
        let Read { tally, report, adapters: read_with, plugin_failed } = read;
        states::agree(&name, store.read_with(), &read_with, "this export was read with")?;
        if plugin_failed {
            exit = Exit::Plugin;
        }
        let added = store.add(&gatherer, read_with, &reading.progress.cancelled)?;
        if run.quiet {
            continue;
        }
        let rejects = args.exports.rejects.as_deref();
        let mut lines = summary::of_reading(&report, tally.words(), &tally.counts(), rejects);
        let mut text =
            format!("{} in {}", counted(added.rows, "row", "rows"), counted(added.files, "file", "files"));
        if added.known > 0 {
            let _ = write!(text, "; {} there already", counted(added.known, "interaction", "interactions"));
        }
        if added.forgotten > 0 {
            let rows = counted(added.forgotten, "row", "rows");
            let _ = write!(text, "; {rows} of people who are forgotten left out");
        }
        lines.push(("added", text));
        lines.push(("took", summary::took(&report, started)));
        summary::print_lines(&lines);
    }
    if !run.quiet {
        eprintln!(
            "note: {name} holds ids of accounts whose owners never agreed to anything: keep it as you keep the exports"
        );
    }
    Ok(exit)
}
