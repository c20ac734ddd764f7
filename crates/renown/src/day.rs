//! `renown day`: the scores of a day, from a store and into it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::ReadWith;
use renown_engine::{EngineError, Progress};
use renown_store::{Access, Store, Whom};

use crate::cli::DayArgs;
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{Asked, Gathered, day, use_threads};
use crate::{output, progress, states, summary};

pub(crate) fn run(args: &DayArgs) -> anyhow::Result<Exit> {
    let mut asked = Asked::new(&args.run, &args.who)?;
    let as_of = day(&args.as_of)?;
    use_threads(args.run.threads)?;
    let parts = Parts::gather(&args.run.parts, &mut asked.weights)?;
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let mut store = Store::open(&args.store, Access::Write)?;
    let name = args.store.display().to_string();
    let changed = asked.weights.changed_options();
    let ours = |adapter: &String| (adapter.clone(), changed.get(adapter).cloned().unwrap_or_default());
    let ours: ReadWith = store.read_with().keys().map(ours).collect();
    states::agree(&name, store.read_with(), &ours, "the weights file says")?;
    leave_out_forgotten(&store, &mut asked);

    let found = store.tally(as_of, &Arc::new(Words::new()), args.anew, &progress)?;
    let mut report = Report { states: found.kept as u64, ..Report::default() };
    if found.files > 0 {
        report.files.insert(("store", "parquet"), found.files as u64);
    }
    report.records = progress.records.load(Ordering::Relaxed);
    report.bytes = progress.bytes.load(Ordering::Relaxed);
    let (tally, made) = found.split(&store);
    if tally.counts().is_empty() {
        return Err(EngineError::Data(format!("{name}: no records up to {as_of}")).into());
    }
    let before = store.scores_before(as_of)?;
    let read_with = ReadWith::new();
    let gathered = Gathered { tally, report, read_with, plugin_failed: false, progress, parts, limit: None };
    let run = asked.settle(gathered, before)?;
    let scoring = run.scoring()?;
    let persons = scoring.persons();
    let bytes = output::parquet(&run, &persons)?;
    store.publish(as_of, &bytes, persons.len() as u64, args.again, made)?;
    output::scores(&args.print, &run, &persons)?;
    summary::print(args.run.quiet, None, &run, &scoring, &persons);
    Ok(Exit::Ok)
}

/// Whom the store forgot is not scored, though the people file still has them: there would be their name again.
fn leave_out_forgotten(store: &Store, asked: &mut Asked<'_>) {
    let whom = |entry: &renown_engine::people::Entry| Whom {
        name: Some(entry.id.clone()),
        accounts: entry.accounts.clone(),
    };
    let whom: Vec<Whom> = asked.entries.iter().map(whom).collect();
    let forgotten = store.forgotten_among(&whom);
    let left_out = forgotten.iter().filter(|forgotten| **forgotten).count() as u64;
    if left_out > 0 {
        let persons = summary::counted(left_out, "person", "persons");
        eprintln!("note: {persons} of the people file were forgotten by this store, and are left out");
    }
    for (entry, forgotten) in asked.entries.iter_mut().zip(forgotten) {
        entry.exclude |= forgotten;
    }
}
