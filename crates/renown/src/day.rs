//! `renown day`: the scores of a day, from a store and into it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use renown_core::record::Day;
use renown_core::words::Words;
use renown_engine::people::Entry;
use renown_engine::report::Report;
use renown_engine::state::ReadWith;
use renown_engine::{EngineError, Progress};
use renown_store::book::{Book, Ruler};
use renown_store::{Access, Made, Store, Whom};
use renown_weights::Weights;

use crate::book;
use crate::cli::{DayArgs, RunArgs};
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{Asked, Gathered, Run, day, people_of, use_threads};
use crate::{config, output, progress, states, summary};

pub(crate) fn run(args: &DayArgs) -> anyhow::Result<Exit> {
    let book = book::of(&args.store)?;
    if args.memo.is_some() && (book.is_none() || args.who.everyone) {
        return Err(EngineError::Usage(
            "--memo: there is no book to write it in: `renown store people import` makes one, and with --everyone nothing is \
             published there"
                .into(),
        )
        .into());
    }
    // What is wrong with the arguments is found before the store is opened, and the people of the book after that.
    let has_people = book.as_ref().map_or(Ok(false), Book::has_people)?;
    let mut asked = if has_people {
        Asked::of(&args.run, &args.who, Vec::new(), &book::path(&args.store))?
    } else {
        Asked::new(&args.run, &args.who)?
    };
    let as_of = day(&args.as_of)?;
    use_threads(args.run.threads)?;
    let mut store = Store::open(&args.store, Access::Write)?;
    if let Some(book) = &book {
        asked.weights = weights_of(book, &args.run)?;
        asked.entries = people(&store, book, args)?;
    }
    let (run, made) = gather(&store, asked, &args.run, as_of, args.anew)?;
    let scoring = run.scoring()?;
    let persons = scoring.persons();
    let bytes = output::parquet(&run, &persons)?;
    store.publish(as_of, &bytes, persons.len() as u64, args.again, made)?;
    match &book {
        Some(_) if args.who.everyone => {
            eprintln!(
                "note: the store's book has scores only of people who agreed: nothing was published there"
            );
        }
        Some(book) => book::publish(book, &run, &persons, args.memo.as_deref(), args.again)?,
        None => {}
    }
    output::scores(&args.print, &run, &persons)?;
    summary::print(args.run.quiet, None, &run, &scoring, &persons);
    Ok(Exit::Ok)
}

/// The records of a store as of a day, ready to be scored, and what the store is to keep of their tally.
pub(crate) fn gather(
    store: &Store,
    mut asked: Asked,
    args: &RunArgs,
    as_of: Day,
    anew: bool,
) -> anyhow::Result<(Run, Made)> {
    let parts = Parts::gather(&args.parts, &mut asked.weights)?;
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let name = store.root().display().to_string();
    let changed = asked.weights.changed_options();
    let ours = |adapter: &String| (adapter.clone(), changed.get(adapter).cloned().unwrap_or_default());
    let ours: ReadWith = store.read_with().keys().map(ours).collect();
    states::agree(&name, store.read_with(), &ours, "the weights file says")?;
    leave_out_forgotten(store, &mut asked);

    let found = store.tally(as_of, &Arc::new(Words::new()), anew, &progress)?;
    let mut report = Report { states: found.kept as u64, ..Report::default() };
    if found.files > 0 {
        report.files.insert(("store", "parquet"), found.files as u64);
    }
    report.records = progress.records.load(Ordering::Relaxed);
    report.bytes = progress.bytes.load(Ordering::Relaxed);
    let (tally, made) = found.split(store);
    if tally.counts().is_empty() {
        return Err(EngineError::Data(format!("{name}: no records up to {as_of}")).into());
    }
    let before = store.scores_before(as_of)?;
    let read_with = ReadWith::new();
    let gathered = Gathered { tally, report, read_with, plugin_failed: false, progress, parts, limit: None };
    Ok((asked.settle(gathered, before)?, made))
}

/// The weights that the user names; else those that were published in the book; else the built-in ones.
pub(crate) fn weights_of(book: &Book, args: &RunArgs) -> anyhow::Result<Weights> {
    match book.ruler()? {
        Some(ruler) if args.weights.is_none() => weights_of_ruler(&ruler, args),
        _ => config::weights(args.weights.as_deref(), &args.sets),
    }
}

/// Weights as they were published, with what the user sets.
pub(crate) fn weights_of_ruler(ruler: &Ruler, args: &RunArgs) -> anyhow::Result<Weights> {
    let sets: Vec<&str> = args.sets.iter().map(String::as_str).collect();
    Ok(Weights::with_sets(&ruler.toml, "the published weights", &sets)?)
}

/// The people of the book, who say themselves whether they are scored; if there is a people file, those of them who are in it, which
/// is imported first.
fn people(store: &Store, book: &Book, args: &DayArgs) -> anyhow::Result<Vec<Entry>> {
    let Some(path) = &args.who.people else { return Ok(book.entries()?) };
    let listed = people_of(path)?;
    book::import(store, book, &listed)?;
    let listed: BTreeSet<String> = listed.into_iter().map(|entry| entry.id).collect();
    let mut entries = book.entries()?;
    let all = entries.len();
    entries.retain(|entry| listed.contains(&entry.id));
    let left_out = (all - entries.len()) as u64;
    if left_out > 0 && !args.run.quiet {
        let persons = summary::counted(left_out, "person", "persons");
        eprintln!("note: {persons} of the book are not in {}, and are left out", path.display());
    }
    Ok(entries)
}

/// Whom the store forgot is not scored, though the people file still has them: there would be their name again.
fn leave_out_forgotten(store: &Store, asked: &mut Asked) {
    let whom = |entry: &Entry| Whom { name: Some(entry.id.clone()), accounts: entry.accounts.clone() };
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
