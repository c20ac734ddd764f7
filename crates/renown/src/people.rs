//! `renown store people`: who is in a store's book, and what they said to being scored.

use std::path::Path;

use renown_store::book::{Book, BookError, By};
use renown_store::{Access, Store};

use crate::book;
use crate::cli::{PeopleCommand, PersonArgs};
use crate::exit::Exit;
use crate::pipeline::people_of;
use crate::summary::{counted, grouped};
use crate::write::to_stdout;

pub(crate) fn run(command: &PeopleCommand) -> anyhow::Result<Exit> {
    match command {
        PeopleCommand::Import { store, file } => import(store, file),
        PeopleCommand::List { store } => list(store),
        PeopleCommand::Agree(of) => say(of, Book::agree, "is scored from the next day on"),
        PeopleCommand::Withdraw(of) => say(of, Book::withdraw, "is not scored from the next day on"),
        PeopleCommand::Object(of) => say(of, Book::object, "is not scored"),
        PeopleCommand::Held(of) => held(of),
        PeopleCommand::Records(of) => records(of),
    }
}

fn import(path: &Path, file: &Path) -> anyhow::Result<Exit> {
    let entries = people_of(file)?;
    // A store may begin with its people.
    let store = if book::path(path).exists() {
        Store::open(path, Access::Read)?
    } else {
        Store::open_or_create(path)?
    };
    let book = Book::open(&book::path(path))?;
    let done = book::import(&store, &book, &entries)?;
    to_stdout(|out| {
        writeln!(out, "imported   {} new, {} changed", grouped(done.new), grouped(done.changed))?;
        if done.kept > 0 {
            let people = counted(done.kept, "person", "persons");
            writeln!(out, "kept       {people} as they said themselves, though the file says otherwise")?;
        }
        if done.forgotten > 0 {
            let people = counted(done.forgotten, "person", "persons");
            writeln!(out, "left out   {people} who were forgotten")?;
        }
        Ok(())
    })?;
    Ok(Exit::Ok)
}

fn list(path: &Path) -> anyhow::Result<Exit> {
    let people = book::must(path)?.people()?;
    to_stdout(|out| {
        for person in &people {
            let mut marks = Vec::new();
            marks.extend(person.minor.then_some("minor"));
            marks.extend(person.exclude.then_some("exclude"));
            let accounts = person.accounts.iter().map(|(network, id)| format!("{network}:{id}"));
            let words: Vec<String> = marks.into_iter().map(str::to_owned).chain(accounts).collect();
            writeln!(out, "{:<10} {}  {}", person.consent.name(), person.id, words.join(" "))?;
        }
        Ok(())
    })?;
    Ok(Exit::Ok)
}

fn say(
    of: &PersonArgs,
    say: impl Fn(&Book, &str, &By) -> Result<(), BookError>,
    then: &str,
) -> anyhow::Result<Exit> {
    say(&book::must(&of.store)?, &of.person, &book::by())?;
    to_stdout(|out| writeln!(out, "`{}` {then}", of.person))?;
    Ok(Exit::Ok)
}

fn records(of: &PersonArgs) -> anyhow::Result<Exit> {
    let whom = book::whom(&book::must(&of.store)?, &of.person)?;
    let records = Store::open(&of.store, Access::Read)?.records_of(&whom)?;
    let text = serde_json::to_string_pretty(&renown_server::held::Records::of(records))?;
    to_stdout(|out| writeln!(out, "{text}"))?;
    Ok(Exit::Ok)
}

fn held(of: &PersonArgs) -> anyhow::Result<Exit> {
    let book = book::must(&of.store)?;
    let held = book.held_on(&of.person)?.ok_or_else(|| BookError::Nobody(of.person.clone()))?;
    let held = renown_server::held::Held::of(held, &book.keys()?);
    let text = serde_json::to_string_pretty(&held)?;
    to_stdout(|out| writeln!(out, "{text}"))?;
    Ok(Exit::Ok)
}
