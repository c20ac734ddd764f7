//! `renown store`: compact, verify, stat and forget, of the store and its book.

use std::path::Path;

use renown_engine::{EngineError, Progress};
use renown_store::book::{Book, Consent};
use renown_store::{Access, Store, Whom};

use crate::cli::StoreCommand;
use crate::exit::Exit;
use crate::pipeline::people_of;
use crate::progress;
use crate::summary::{counted, grouped, size};
use crate::write::to_stdout;
use crate::{backup, book, people};

pub(crate) fn run(command: &StoreCommand) -> anyhow::Result<Exit> {
    match command {
        StoreCommand::Compact { store } => compact(store),
        StoreCommand::Verify { store } => verify(store),
        StoreCommand::Stat { store } => stat(store),
        StoreCommand::People(command) => people::run(command),
        StoreCommand::Backup { store, file } => backup::backup(store, file),
        StoreCommand::Restore { file, store } => backup::restore(file, store),
        StoreCommand::Forget { person, store, people, lift } => {
            forget(person, store, people.as_deref(), *lift)
        }
    }
}

fn compact(path: &Path) -> anyhow::Result<Exit> {
    let done = Store::open(path, Access::Write)?.compact()?;
    let (before, after) = (grouped(done.before as u64), counted(done.after as u64, "file", "files"));
    to_stdout(|out| writeln!(out, "{after} with rows, {before} before"))?;
    Ok(Exit::Ok)
}

fn verify(path: &Path) -> anyhow::Result<Exit> {
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let mut verified = Store::verify(path, &progress)?;
    let book = book::of(path)?.map(|book| book.verify()).transpose()?;
    verified.findings.extend(book.iter().flat_map(|book| book.findings.clone()));
    to_stdout(|out| {
        let (files, rows) =
            (counted(verified.files as u64, "file", "files"), counted(verified.rows, "row", "rows"));
        writeln!(out, "decoded    {files}, {rows}")?;
        if let Some(book) = &book {
            let (people, lines) =
                (counted(book.people, "person", "persons"), counted(book.lines, "line", "lines"));
            let publications = counted(book.publications, "publication", "publications");
            writeln!(out, "book       {people}; {lines} in {publications}, as they were published")?;
        }
        if verified.leftovers > 0 {
            let files = counted(verified.leftovers as u64, "file", "files");
            writeln!(
                out,
                "left over  {files} of a run that was killed; the next run that writes removes them"
            )?;
        }
        if verified.forgotten > 0 {
            let persons = counted(verified.forgotten as u64, "person", "persons");
            writeln!(
                out,
                "forgotten  {persons}; {} were held against their list",
                counted(verified.ids, "id", "ids")
            )?;
        }
        if let Some(book) = book.iter().find(|book| book.forgotten > 0) {
            let (persons, ids) =
                (counted(book.forgotten, "person", "persons"), counted(book.ids, "id", "ids"));
            writeln!(out, "by the book {persons}; {ids} were held against their list")?;
        }
        for finding in &verified.findings {
            writeln!(out, "fail       {finding}")?;
        }
        if verified.findings.is_empty() { writeln!(out, "ok") } else { Ok(()) }
    })?;
    Ok(if verified.findings.is_empty() { Exit::Ok } else { Exit::Data })
}

fn stat(path: &Path) -> anyhow::Result<Exit> {
    let stat = Store::open(path, Access::Read)?.stat();
    let book = book::of(path)?.map(|book| book_line(path, &book)).transpose()?;
    to_stdout(|out| {
        for ((table, network), stat) in &stat.tables {
            let days = stat.days.map_or(String::new(), |(first, last)| format!(", {first} to {last}"));
            let (rows, files) = (counted(stat.rows, "row", "rows"), counted(stat.files, "file", "files"));
            writeln!(
                out,
                "{:<13} {network}: {rows} in {files}, {}{days}",
                table.name(),
                size(stat.bytes as f64)
            )?;
        }
        let (tallies, bytes) = stat.tallies;
        writeln!(out, "{:<13} {} kept, {}", "tallies", grouped(tallies), size(bytes as f64))?;
        let (days, bytes) = stat.scores;
        writeln!(out, "{:<13} {} published, {}", "scores", counted(days, "day", "days"), size(bytes as f64))?;
        if let Some(book) = &book {
            writeln!(out, "{:<13} {book}", "book")?;
        }
        if stat.forgotten > 0 {
            writeln!(out, "{:<13} {}", "forgotten", counted(stat.forgotten as u64, "person", "persons"))?;
        }
        if stat.leftovers > 0 {
            writeln!(out, "{:<13} {}", "left over", counted(stat.leftovers as u64, "file", "files"))?;
        }
        Ok(())
    })?;
    Ok(Exit::Ok)
}

/// What the book holds, in numbers.
fn book_line(store: &Path, book: &Book) -> anyhow::Result<String> {
    let people = book.people()?;
    let states = Consent::ALL.into_iter().filter_map(|consent| {
        let count = people.iter().filter(|person| person.consent == consent).count() as u64;
        (count > 0).then(|| format!("{} {consent}", grouped(count)))
    });
    let states: Vec<String> = states.collect();
    let publications = counted(book.publications()?.len() as u64, "publication", "publications");
    let bytes = std::fs::metadata(book::path(store))?.len();
    let people = counted(people.len() as u64, "person", "persons");
    let of_them = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
    Ok(format!("{people}{of_them}, {publications}, {}", size(bytes as f64)))
}

fn forget(person: &str, path: &Path, people: Option<&Path>, lift: bool) -> anyhow::Result<Exit> {
    let book = book::of(path)?;
    let whom = whom(person, people, book.as_ref())?;
    let mut store = Store::open(path, Access::Write)?;
    if lift {
        let in_book = match &book {
            Some(book) => book.lift(&whom, &book::by())?,
            None => false,
        };
        if !store.lift(&whom)? && !in_book {
            return Err(
                EngineError::Usage(format!("`{person}` is not among those whom the store forgot")).into()
            );
        }
        to_stdout(|out| writeln!(out, "taken off the list: the exports that have them bring them back"))?;
        return Ok(Exit::Ok);
    }
    let forgot = store.forget(&whom)?;
    let in_book = book.map(|book| book.forget_whom(&whom, &book::by())).transpose()?;
    to_stdout(|out| {
        let (rows, days) = (counted(forgot.rows, "row", "rows"), counted(forgot.days as u64, "day", "days"));
        writeln!(
            out,
            "removed    {rows}, and the scores of {days}; {}",
            counted(forgot.files as u64, "file", "files")
        )?;
        if let Some(done) = in_book {
            let (persons, lines) =
                (counted(done.persons, "person", "persons"), counted(done.lines, "line", "lines"));
            writeln!(out, "book       {persons}, and {lines} of publications")?;
        }
        writeln!(out, "from now on no export brings them back; `renown store forget --lift` ends that")
    })?;
    Ok(Exit::Ok)
}

/// A person of the people file or the book, or an account.
fn whom(person: &str, people: Option<&Path>, book: Option<&Book>) -> anyhow::Result<Whom> {
    let of_book = |id: &str| book.map_or(Ok(None), |book| book.resident(id));
    if let Some(path) = people {
        let entries = people_of(path)?;
        if let Some(entry) = entries.into_iter().find(|entry| entry.id == person) {
            let known = of_book(person)?.map(|known| known.accounts).unwrap_or_default();
            let accounts = entry.accounts.into_iter().chain(known).collect();
            return Ok(Whom { name: Some(entry.id), accounts });
        }
    }
    if let Some(known) = of_book(person)? {
        return Ok(Whom { name: Some(known.id), accounts: known.accounts });
    }
    match person.split_once(':') {
        Some((network, id)) if !network.is_empty() && !id.is_empty() => {
            let owner = book.map_or(Ok(None), |book| book.find_account(network, id))?;
            if let Some(known) = owner.map_or(Ok(None), |owner| of_book(&owner))? {
                return Ok(Whom { name: Some(known.id), accounts: known.accounts });
            }
            Ok(Whom { name: None, accounts: vec![(network.to_owned(), id.to_owned())] })
        }
        _ => Err(EngineError::Usage(format!(
            "`{person}`: expected an id of the store's book or of the people file (--people FILE), or an account as network:id"
        ))
        .into()),
    }
}
