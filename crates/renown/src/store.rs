//! `renown store`: compact, verify, stat and forget.

use std::path::Path;

use renown_engine::{EngineError, Progress};
use renown_store::{Access, Store, Whom};

use crate::cli::StoreCommand;
use crate::exit::Exit;
use crate::pipeline::people_of;
use crate::progress;
use crate::summary::{counted, grouped, size};
use crate::write::to_stdout;

pub(crate) fn run(command: &StoreCommand) -> anyhow::Result<Exit> {
    match command {
        StoreCommand::Compact { store } => compact(store),
        StoreCommand::Verify { store } => verify(store),
        StoreCommand::Stat { store } => stat(store),
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
    let verified = Store::verify(path, &progress)?;
    to_stdout(|out| {
        let (files, rows) =
            (counted(verified.files as u64, "file", "files"), counted(verified.rows, "row", "rows"));
        writeln!(out, "decoded    {files}, {rows}")?;
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
        for finding in &verified.findings {
            writeln!(out, "fail       {finding}")?;
        }
        if verified.findings.is_empty() { writeln!(out, "ok") } else { Ok(()) }
    })?;
    Ok(if verified.findings.is_empty() { Exit::Ok } else { Exit::Data })
}

fn stat(path: &Path) -> anyhow::Result<Exit> {
    let stat = Store::open(path, Access::Read)?.stat();
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

fn forget(person: &str, path: &Path, people: Option<&Path>, lift: bool) -> anyhow::Result<Exit> {
    let whom = whom(person, people)?;
    let mut store = Store::open(path, Access::Write)?;
    if lift {
        if !store.lift(&whom)? {
            return Err(
                EngineError::Usage(format!("`{person}` is not among those whom the store forgot")).into()
            );
        }
        to_stdout(|out| writeln!(out, "taken off the list: the exports that have them bring them back"))?;
        return Ok(Exit::Ok);
    }
    let forgot = store.forget(&whom)?;
    to_stdout(|out| {
        let (rows, days) = (counted(forgot.rows, "row", "rows"), counted(forgot.days as u64, "day", "days"));
        writeln!(
            out,
            "removed    {rows}, and the scores of {days}; {}",
            counted(forgot.files as u64, "file", "files")
        )?;
        writeln!(out, "from now on no export brings them back; `renown store forget --lift` ends that")
    })?;
    Ok(Exit::Ok)
}

/// A person of the people file, or an account.
fn whom(person: &str, people: Option<&Path>) -> anyhow::Result<Whom> {
    if let Some(path) = people {
        let entries = people_of(path)?;
        if let Some(entry) = entries.into_iter().find(|entry| entry.id == person) {
            return Ok(Whom { name: Some(entry.id), accounts: entry.accounts });
        }
    }
    match person.split_once(':') {
        Some((network, id)) if !network.is_empty() && !id.is_empty() => {
            Ok(Whom { name: None, accounts: vec![(network.to_owned(), id.to_owned())] })
        }
        _ => Err(EngineError::Usage(format!(
            "`{person}`: expected an id of the people file (--people FILE), or an account as network:id"
        ))
        .into()),
    }
}
