//! `renown day`: the scores of a day, from a store and into it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::anyhow;
use renown_core::curve::Score;
use renown_core::moves::{Moves, ranked};
use renown_core::record::{Day, Timestamp};
use renown_core::score::ScoredPerson;
use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::ReadWith;
use renown_engine::{EngineError, Progress};
use renown_store::book::{BOOK, Book, Line, NewPublication, Ruler};
use renown_store::{Access, Made, Store, Whom};
use renown_weights::Weights;
use serde_json::json;

use crate::cli::{DayArgs, RunArgs};
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{Asked, Gathered, Run, day, use_threads};
use crate::{config, output, progress, states, summary};

pub(crate) fn run(args: &DayArgs) -> anyhow::Result<Exit> {
    let as_of = day(&args.as_of)?;
    let book = book_of(&args.store)?;
    let asked = match &book {
        Some(book) if args.who.people.is_none() && !args.who.everyone => {
            let weights = weights_of(book, &args.run)?;
            Asked::of_book(book, weights, args.run.as_now)?
        }
        _ => Asked::new(&args.run, &args.who)?,
    };
    use_threads(args.run.threads)?;
    let mut store = Store::open(&args.store, Access::Write)?;
    let (run, made) = gather(&store, asked, &args.run, as_of, args.anew)?;
    let scoring = run.scoring()?;
    let persons = scoring.persons();
    let how = How { again: args.again, memo: args.memo.as_deref() };
    publish(&mut store, book.as_ref(), &run, &persons, made, &how)?;
    output::scores(&args.print, &run, &persons)?;
    summary::print(args.run.quiet, None, &run, &scoring, &persons);
    Ok(Exit::Ok)
}

/// The book of a store, if it has one.
pub(crate) fn book_of(store: &Path) -> anyhow::Result<Option<Book>> {
    let path = store.join(BOOK);
    Ok(if path.exists() { Some(Book::open(&path)?) } else { None })
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

/// How scores are published.
pub(crate) struct How<'a> {
    /// Whether they may take the place of others of the same day.
    pub(crate) again: bool,
    /// What there is to say about them.
    pub(crate) memo: Option<&'a str>,
}

/// Publishes scores in a store, and in its book if it has one.
pub(crate) fn publish(
    store: &mut Store,
    book: Option<&Book>,
    run: &Run,
    persons: &[ScoredPerson],
    made: Made,
    how: &How<'_>,
) -> anyhow::Result<()> {
    let bytes = output::parquet(run, persons)?;
    store.publish(run.as_of, &bytes, persons.len() as u64, how.again, made)?;
    let Some(book) = book else { return Ok(()) };
    // Somebody may be scored whom the book does not know, as with --everyone: the book is of people who agreed.
    let residents = book.people()?;
    let agreed: std::collections::BTreeSet<&str> =
        residents.iter().filter(|one| one.is_scored()).map(|one| one.id.as_str()).collect();
    let moves = moves(book, run.as_of, persons)?;
    let publication = NewPublication {
        as_of: run.as_of,
        stamp: run.by.stamp.clone(),
        scale: run.by.scale.clone(),
        memo: how.memo.map(str::to_owned),
        published_at: now()?,
        moves,
    };
    let lines = ranked(persons).filter(|(person, _)| agreed.contains(person.person.as_str()));
    book.publish(&publication, lines.map(|(person, rank)| line(run, person, rank)), how.again)?;
    Ok(())
}

fn line(run: &Run, person: &ScoredPerson, rank: u32) -> Line {
    let parts = person.parts.iter();
    Line {
        person: person.person.clone(),
        score: person.score,
        interval: None,
        rank,
        percentile: person.percentile,
        coverage: person.coverage,
        parts: parts.map(|(network, part)| (Arc::from(&*run.ledger.words().text(*network)), *part)).collect(),
        reasons: output::reasons(run, person),
    }
}

/// Who moved how far since the newest publication of a day before.
fn moves(book: &Book, as_of: Day, persons: &[ScoredPerson]) -> anyhow::Result<Option<String>> {
    let before =
        book.publications()?.into_iter().filter(|one| one.as_of < as_of && one.superseded_by.is_none());
    let Some(before) = before.max_by_key(|one| one.as_of) else { return Ok(None) };
    let scored = |person: String, score: Score| ScoredPerson {
        person,
        score,
        percentile: 0,
        coverage: 0,
        parts: Vec::new(),
        reasons: Vec::new(),
    };
    let before: Vec<ScoredPerson> =
        book.lines(before.number)?.into_iter().map(|line| scored(line.person, line.score)).collect();
    let bars = Moves::new(&before, persons).histogram();
    let bar = |points: i64| points as f64 / 10_000.0;
    let bars: Vec<_> = bars
        .iter()
        .map(|one| json!({ "low": one.low.map(bar), "high": one.high.map(bar), "people": one.count }))
        .collect();
    Ok(Some(serde_json::Value::from(bars).to_string()))
}

/// The time, for what is published to say when it was. No score depends on it.
pub(crate) fn now() -> anyhow::Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let now = i64::try_from(since.as_micros()).ok().and_then(Timestamp::from_micros);
    now.ok_or_else(|| anyhow!("the system's clock is far off"))
}

/// Whom the store forgot is not scored, though the people file still has them: there would be their name again.
fn leave_out_forgotten(store: &Store, asked: &mut Asked) {
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
