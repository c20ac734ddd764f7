//! Forgetting a person: everything of them leaves the book, and stays out.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::audit::{self, By};
use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::history;
use super::looks;
use super::people::{self, Known as Person, plain_accounts};
use super::publish::hash;
use super::words::Words;
use crate::forget::Whom;
use crate::forgotten::{Forgotten, Known, Of};

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForgotInBook {
    /// Persons of the book.
    pub persons: u64,
    /// Lines of publications.
    pub lines: u64,
    /// Entries of the audit that no longer say about whom they are.
    pub audited: u64,
}

/// The list of those who are forgotten, ready for looking up.
pub(super) struct List(pub(super) Known);

impl List {
    /// Whether a person of this id, or with one of these accounts, is on it.
    pub(super) fn has(&self, id: &str, accounts: &[(String, String)]) -> bool {
        let mut accounts = accounts.iter();
        self.0.find(Of::Person, "", id).is_some()
            || accounts.any(|(network, id)| self.0.find(Of::Account, network, id).is_some())
    }
}

/// The list, if anybody is on it.
pub(super) fn known(moment: &Transaction<'_>) -> Result<Option<List>, Trouble> {
    let list: Option<String> =
        moment.query_row("SELECT list FROM forgotten", [], |row| row.get(0)).optional()?;
    let damaged = Trouble::Damaged("the list of those who are forgotten cannot be read");
    let list: Option<Forgotten> =
        list.map(|list| serde_json::from_str(&list)).transpose().map_err(|_| damaged)?;
    Ok(list.map(|list| List(list.known())))
}

fn keep(change: &Transaction<'_>, known: Known) -> Result<(), Trouble> {
    let list = serde_json::to_string(&known.into_list()).unwrap_or_default();
    change.execute(
        "INSERT INTO forgotten (one, list) VALUES (1, ?1) ON CONFLICT DO UPDATE SET list = excluded.list",
        [list],
    )?;
    Ok(())
}

impl Book {
    /// Removes a person, with all that was published of them, what happened to them and their keys; the audit no longer says that
    /// entries are about them. What they were called by goes on a list of keyed hashes, so that no people file brings them back.
    ///
    /// Ranks of others stay as they were said.
    ///
    /// # Errors
    /// [`BookError::Nobody`] if they are not in the book.
    pub fn forget(&self, id: &str, by: &By) -> Result<ForgotInBook, BookError> {
        self.forgetting(|change| {
            people::must_find(change, id)?;
            forget(change, &Whom { name: Some(id.to_owned()), accounts: Vec::new() }, by)
        })
    }

    /// Likewise, whoever has this name or one of these accounts. They go on the list, though nobody in the book has them.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be written.
    pub fn forget_whom(&self, whom: &Whom, by: &By) -> Result<ForgotInBook, BookError> {
        self.forgetting(|change| forget(change, whom, by))
    }

    fn forgetting(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<ForgotInBook, Trouble>,
    ) -> Result<ForgotInBook, BookError> {
        let forgot = self.write(Lasting::Surely, change)?;
        self.empty_log()?;
        Ok(forgot)
    }

    /// Takes a person off the list of those who are forgotten, so that people files bring them back. Whether they were on it.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be written.
    pub fn lift(&self, whom: &Whom, by: &By) -> Result<bool, BookError> {
        self.write(Lasting::Surely, |change| {
            let Some(List(mut known)) = known(change)? else { return Ok(false) };
            let by_name = whom.name.iter().filter_map(|id| known.find(Of::Person, "", id));
            let by_account =
                whom.accounts.iter().filter_map(|(network, id)| known.find(Of::Account, network, id));
            let persons: Vec<usize> = by_name.chain(by_account).collect();
            for person in &persons {
                known.lift(*person);
            }
            keep(change, known)?;
            if !persons.is_empty() {
                audit::add(change, &by.did("lift", None))?;
            }
            Ok(!persons.is_empty())
        })
    }

    /// Brings the log's pages into the book and empties it, so that what was removed is in neither. While others read what was
    /// there before, it waits for them, and lets the next one who writes do it if they go on reading.
    fn empty_log(&self) -> Result<(), BookError> {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let emptied = self.writer().query_row(checkpoint, [], |row| row.get::<_, i64>(0));
        emptied.map(|_| ()).map_err(|error| self.failed(&error))
    }
}

fn forget(change: &Transaction<'_>, whom: &Whom, by: &By) -> Result<ForgotInBook, Trouble> {
    let accounts = plain_accounts(&whom.accounts);
    let mut ids: BTreeSet<String> = whom.name.clone().into_iter().collect();
    for (network, id) in &accounts {
        ids.extend(people::owner(change, network, id)?);
    }
    let persons = ids.iter().filter_map(|id| people::find(change, id).transpose());
    let persons = persons.collect::<Result<Vec<Person>, Trouble>>()?;
    let theirs = persons.iter().flat_map(|person| &person.resident.accounts);
    put_on_list(change, &ids, accounts.iter().chain(theirs))?;
    let mut forgot = ForgotInBook { persons: persons.len() as u64, ..ForgotInBook::default() };
    for person in &persons {
        forgot.lines += remove_lines(change, person)?;
        // A key that is theirs alone tells as much about whom as their name.
        looks::blot(change, person.key)?;
        let mut blot = change.prepare_cached(
            "UPDATE audit SET key = NULL WHERE key IN (SELECT id FROM key WHERE person = ?1)",
        )?;
        blot.execute([person.key])?;
        let mut blot = change.prepare_cached("UPDATE audit SET person = NULL WHERE person = ?1")?;
        forgot.audited += blot.execute([person.key])? as u64;
        change.execute("DELETE FROM person WHERE key = ?1", [person.key])?;
    }
    audit::add(change, &by.did("forget", None))?;
    Ok(forgot)
}

fn put_on_list<'a>(
    change: &Transaction<'_>,
    ids: &BTreeSet<String>,
    accounts: impl Iterator<Item = &'a (String, String)>,
) -> Result<(), Trouble> {
    let mut list = match known(change)? {
        Some(List(known)) => known,
        None => Forgotten::new()
            .map_err(|error| BookError::Refused(format!("the system has no random numbers: {error}")))?
            .known(),
    };
    let on_list = list.add_person();
    for id in ids {
        list.add(on_list, Of::Person, "", id);
    }
    for (network, id) in accounts {
        list.add(on_list, Of::Account, network, id);
    }
    keep(change, list)
}

/// Removes the lines of a person, and takes them out of the digests of publications.
fn remove_lines(change: &Transaction<'_>, person: &Person) -> Result<u64, Trouble> {
    let mut words = Words::new(change);
    let mut find = change.prepare_cached(&format!(
        "SELECT {}, publication.digest FROM person CROSS JOIN publication \
         CROSS JOIN line ON line.publication = publication.number AND line.person = person.key \
         WHERE person.key = ?2 AND publication.number = ?1",
        history::LINE
    ))?;
    let mut remove = change.prepare_cached("DELETE FROM line WHERE publication = ?1 AND person = ?2")?;
    let mut count = change
        .prepare_cached("UPDATE publication SET forgotten = forgotten + 1, digest = ?2 WHERE number = ?1")?;
    let mut lines = 0;
    for publication in history::publications(change)? {
        let mut found = find.query_and_then([publication.number, person.key], |row| {
            let digest = u128::from_le_bytes(row.get(9)?);
            Ok::<_, Trouble>(digest.wrapping_sub(hash(&history::line(row, &mut words)?)))
        })?;
        let Some(digest) = found.next().transpose()? else { continue };
        drop(found);
        remove.execute([publication.number, person.key])?;
        count.execute(params![publication.number, digest.to_le_bytes()])?;
        lines += 1;
    }
    Ok(lines)
}
