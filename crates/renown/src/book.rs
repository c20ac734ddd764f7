//! A store's book: opened where there is one, and published in.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use renown_core::curve::Score;
use renown_core::listing::{ScoredPerson, ranked};
use renown_core::moves::Moves;
use renown_core::record::Timestamp;
use renown_engine::EngineError;
use renown_engine::people::Entry;
use renown_store::book::{BOOK, Book, BookError, By, Imported, Line, NewPublication};
use renown_store::{Store, Whom};
use serde_json::Value;

use crate::output::{self, moved};
use crate::pipeline::Run;

/// Where a store's book lies.
pub(crate) fn path(store: &Path) -> PathBuf {
    store.join(BOOK)
}

/// A store's book, if there is one.
pub(crate) fn of(store: &Path) -> anyhow::Result<Option<Book>> {
    let path = path(store);
    Ok(if path.exists() { Some(Book::open(&path)?) } else { None })
}

/// A store's book, which must be there.
pub(crate) fn must(store: &Path) -> anyhow::Result<Book> {
    of(store)?.ok_or_else(|| {
        EngineError::Usage(format!(
            "{}: there is no book: `renown store people import {} FILE` makes one",
            path(store).display(),
            store.display()
        ))
        .into()
    })
}

/// What somebody at this command line does, now. The clock is read for nothing but this: no score depends on it.
pub(crate) fn by() -> By {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let at = i64::try_from(micros).ok().and_then(Timestamp::from_micros);
    By::keeper(at.unwrap_or(Timestamp::MAX))
}

/// Takes people in, but for those whom the store forgot.
pub(crate) fn import(store: &Store, book: &Book, entries: &[Entry]) -> anyhow::Result<Imported> {
    let whom = |entry: &Entry| Whom { name: Some(entry.id.clone()), accounts: entry.accounts.clone() };
    let forgotten = store.forgotten_among(&entries.iter().map(whom).collect::<Vec<_>>());
    let known: Vec<Entry> = (entries.iter().zip(&forgotten))
        .filter(|(_, forgotten)| !**forgotten)
        .map(|(entry, _)| entry.clone())
        .collect();
    let mut imported = book.import(&known, &by())?;
    imported.forgotten += (entries.len() - known.len()) as u64;
    Ok(imported)
}

/// Publishes scores in the book.
pub(crate) fn publish(
    book: &Book,
    run: &Run,
    persons: &[ScoredPerson],
    memo: Option<&str>,
    again: bool,
) -> anyhow::Result<()> {
    let publication = NewPublication {
        as_of: run.as_of,
        stamp: run.by.stamp.clone(),
        scale: run.by.scale.clone(),
        memo: memo.map(str::to_owned),
        published_at: by().at,
        moves: moves(book, run, persons)?,
        communities: communities(run).filter(|(_, all)| !all.is_empty()).collect(),
    };
    let words = run.ledger.words();
    let lines = ranked(persons).map(|(person, rank)| Line {
        person: person.person.clone(),
        score: person.score,
        interval: None,
        rank,
        percentile: person.percentile,
        coverage: person.coverage,
        parts: person.parts.iter().map(|(network, part)| (words.text(*network).into(), *part)).collect(),
        reasons: output::reasons(run, person),
    });
    book.publish(&publication, lines, again)?;
    Ok(())
}

/// Whoever takes part in more communities is told with those of the newest days: nobody's page is to be as long as a stranger makes it,
/// who replies to them everywhere.
const MOST_COMMUNITIES: usize = 100;

/// In which communities those who are scored took part within the window, as `network:community`.
fn communities(run: &Run) -> impl Iterator<Item = (String, Vec<String>)> {
    let window = run.by.ruler.window;
    let words = run.ledger.words().texts();
    let scored = run.roster.people.iter().filter(|person| person.is_scored(false));
    scored.map(move |person| {
        // Those of which one always is come first, then the newest.
        let mut communities = BTreeSet::new();
        for account in &person.accounts {
            let network = &words[run.ledger.accounts().network(*account).index()];
            let all = run.ledger.communities(*account).into_iter();
            let lately = all.filter(|(_, day)| window.age(*day, run.as_of).is_some());
            communities
                .extend(lately.map(|(community, day)| {
                    (day.is_dated(), Reverse(day), format!("{network}:{community}"))
                }));
        }
        let newest = communities.into_iter().map(|(_, _, community)| community).take(MOST_COMMUNITIES);
        (person.id.clone(), newest.collect())
    })
}

/// Somebody of the book, as a store knows them.
pub(crate) fn whom(book: &Book, person: &str) -> anyhow::Result<Whom> {
    let resident = book.resident(person)?.ok_or_else(|| BookError::Nobody(person.to_owned()))?;
    Ok(Whom { name: Some(resident.id), accounts: resident.accounts })
}

/// Who moved how far since the publication before, as `renown diff` counts it; nothing if there is none.
fn moves(book: &Book, run: &Run, persons: &[ScoredPerson]) -> anyhow::Result<Option<String>> {
    let publications = book.publications()?;
    let before = publications
        .iter()
        .rfind(|publication| publication.as_of < run.as_of && publication.superseded_by.is_none());
    let Some(before) = before else { return Ok(None) };
    let by_name = |mut scores: Vec<(String, Score)>| {
        scores.sort_unstable();
        scores
    };
    let before = book.lines(before.number)?.into_iter().map(|line| (line.person, line.score)).collect();
    let after = persons.iter().map(|person| (person.person.clone(), person.score)).collect();
    let (before, after) = (by_name(before), by_name(after));
    let (moves, _) = Moves::new(&before, &after);
    Ok(Some(Value::Array(moved::bars(&moves)).to_string()))
}
