//! Whether a book is what it should be.

use rusqlite::Transaction;

use super::connections::{Book, Trouble};
use super::error::BookError;
use super::forgetting::{self, List};
use super::history::{self, LINE};
use super::publish::hash;
use super::words::Words;
use crate::forgotten::Of;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedBook {
    /// What is wrong.
    pub findings: Vec<String>,
    /// People.
    pub people: u64,
    /// Publications.
    pub publications: u64,
    /// Lines in them, each held against the digest of its publication.
    pub lines: u64,
    /// Ids of people and accounts that were held against the list of those who are forgotten; 0 if there is nobody on it.
    pub ids: u64,
    /// How many persons are on it.
    pub forgotten: u64,
}

impl Book {
    /// Has SQLite look at every page, and holds every line against what was published, and every id against the list of those who
    /// are forgotten.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read at all.
    pub fn verify(&self) -> Result<VerifiedBook, BookError> {
        self.read(|moment| {
            let mut verified = VerifiedBook::default();
            for look in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
                let mut look = moment.prepare(look)?;
                let mut rows = look.query([])?;
                while let Some(row) = rows.next()? {
                    let found: String = row.get(0)?;
                    if found != "ok" {
                        verified.findings.push(self.damaged(found).to_string());
                    }
                }
            }
            // What is in pages that are broken says nothing.
            if verified.findings.is_empty() {
                let finding = |why: String| self.damaged(why).to_string();
                lines(moment, &mut verified, finding)?;
                ids(moment, &mut verified, finding)?;
            }
            Ok(verified)
        })
    }
}

/// Holds the lines of each publication against its digest.
fn lines(
    moment: &Transaction<'_>,
    verified: &mut VerifiedBook,
    finding: impl Fn(String) -> String,
) -> Result<(), Trouble> {
    let mut words = Words::new(moment);
    let mut find = moment.prepare(&format!(
        "SELECT {LINE} FROM line CROSS JOIN person ON person.key = line.person WHERE line.publication = ?1"
    ))?;
    let mut digest = moment.prepare("SELECT digest FROM publication WHERE number = ?1")?;
    let mut in_all = 0;
    for publication in history::publications(moment)? {
        let expected = digest.query_row([publication.number], |row| row.get(0).map(u128::from_le_bytes))?;
        let (mut lines, mut sum) = (0, 0_u128);
        for line in find.query_and_then([publication.number], |row| history::line(row, &mut words))? {
            sum = sum.wrapping_add(hash(&line?));
            lines += 1;
        }
        if sum != expected || lines + publication.forgotten != publication.persons {
            let (number, day) = (publication.number, publication.as_of);
            verified.findings.push(finding(format!(
                "the lines of publication {number}, of {day}, are not those that were published"
            )));
        }
        verified.publications += 1;
        verified.lines += lines;
        in_all += lines;
    }
    let there: i64 = moment.query_row("SELECT count(*) FROM line", [], |row| row.get(0))?;
    if there as u64 != in_all {
        verified.findings.push(finding("it has lines of persons or publications that are not in it".into()));
    }
    Ok(())
}

/// Holds all ids against the list of those who are forgotten.
fn ids(
    moment: &Transaction<'_>,
    verified: &mut VerifiedBook,
    finding: impl Fn(String) -> String,
) -> Result<(), Trouble> {
    verified.people = moment.query_row("SELECT count(*) FROM person", [], |row| row.get::<_, i64>(0))? as u64;
    let Some(List(list)) = forgetting::known(moment)? else { return Ok(()) };
    verified.forgotten = list.len() as u64;
    let mut found = 0_u64;
    let mut find = moment.prepare("SELECT id FROM person")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        verified.ids += 1;
        found += u64::from(list.find(Of::Person, "", row.get_ref(0)?.as_str().unwrap_or_default()).is_some());
    }
    let mut find = moment.prepare("SELECT network, id FROM account")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        verified.ids += 1;
        let (network, id): (String, String) = (row.get(0)?, row.get(1)?);
        found += u64::from(list.find(Of::Account, &network, &id).is_some());
    }
    if found > 0 {
        verified.findings.push(finding("it has an id of somebody whom it was told to forget".into()));
    }
    Ok(())
}
