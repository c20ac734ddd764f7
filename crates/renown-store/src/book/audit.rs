//! The audit: who asked what of whom, by which key and for which purpose.

use renown_core::record::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::keys::Purpose;
use super::words::time;

/// By whom and when something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// When.
    pub at: Timestamp,
    /// The id of the key that was used; none at the command line.
    pub key: Option<String>,
    /// What the request is called in logs.
    pub request_id: Option<String>,
    /// What for.
    pub purpose: Option<Purpose>,
}

impl By {
    /// Somebody who keeps the book, at the command line.
    pub fn keeper(at: Timestamp) -> Self {
        Self { at, key: None, request_id: None, purpose: None }
    }

    /// What they did.
    pub(super) fn did(&self, action: &str, person: Option<&str>) -> AuditEntry {
        let Self { at, key, request_id, purpose } = self.clone();
        let (action, person) = (action.to_owned(), person.map(str::to_owned));
        AuditEntry { at, key, request_id, action, person, purpose, outcome: "done".into() }
    }
}

/// Something that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The id of the key that was used; none at the command line.
    pub key: Option<String>,
    /// What the request is called in logs.
    pub request_id: Option<String>,
    /// What was asked.
    pub action: String,
    /// About whom. Somebody who is not in the book is not written down.
    pub person: Option<String>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// What came of it.
    pub outcome: String,
}

/// Something that was asked, with its number in the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Later ones have larger numbers.
    pub number: i64,
    /// What was asked.
    pub entry: AuditEntry,
}

impl Book {
    /// Adds entries, all or none of them. They outlive the process, and perhaps not the last of them a crash of the machine.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be written.
    pub fn audit(&self, entries: &[AuditEntry]) -> Result<(), BookError> {
        self.write(Lasting::Mostly, |change| entries.iter().try_for_each(|entry| add(change, entry)))
    }

    /// Who asked about a person, newest first.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn audit_of(&self, person: &str) -> Result<Vec<Audited>, BookError> {
        self.read(|moment| of(moment, person))
    }

    /// Up to `limit` entries before a number, newest first; or the newest of all.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn audit_page(&self, before: Option<i64>, limit: usize) -> Result<Vec<Audited>, BookError> {
        self.read(|moment| {
            let mut find = moment.prepare_cached(&format!(
                "{SELECT} WHERE audit.number < ?1 ORDER BY audit.number DESC LIMIT ?2"
            ))?;
            let rows = find.query_and_then(params![before.unwrap_or(i64::MAX), limit as i64], audited)?;
            rows.collect()
        })
    }
}

impl Book {
    /// The newest entries of one kind of action, newest first.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn audit_of_action(&self, action: &str, limit: usize) -> Result<Vec<Audited>, BookError> {
        self.read(|moment| {
            let mut find = moment.prepare_cached(&format!(
                "{SELECT} WHERE audit.action = ?1 ORDER BY audit.number DESC LIMIT ?2"
            ))?;
            find.query_and_then(params![action, limit as i64], audited)?.collect()
        })
    }
}

const SELECT: &str = "SELECT audit.number, audit.at, audit.key, audit.request_id, audit.action, person.id, \
                      audit.purpose, audit.outcome FROM audit LEFT JOIN person ON person.key = audit.person";

fn audited(row: &Row<'_>) -> Result<Audited, Trouble> {
    let purpose: Option<String> = row.get(6)?;
    let entry = AuditEntry {
        at: time(row.get(1)?)?,
        key: row.get(2)?,
        request_id: row.get(3)?,
        action: row.get(4)?,
        person: row.get(5)?,
        purpose: purpose.as_deref().map(Purpose::of_name).transpose()?,
        outcome: row.get(7)?,
    };
    Ok(Audited { number: row.get(0)?, entry })
}

/// Who asked about a person, newest first.
pub(super) fn of(moment: &Transaction<'_>, person: &str) -> Result<Vec<Audited>, Trouble> {
    let mut find =
        moment.prepare_cached(&format!("{SELECT} WHERE person.id = ?1 ORDER BY audit.number DESC"))?;
    find.query_and_then([person], audited)?.collect()
}

/// Adds an entry.
pub(super) fn add(change: &Transaction<'_>, entry: &AuditEntry) -> Result<(), Trouble> {
    let person: Option<i64> = match &entry.person {
        Some(id) => {
            let mut find = change.prepare_cached("SELECT key FROM person WHERE id = ?1")?;
            find.query_row([id], |row| row.get(0)).optional()?
        }
        None => None,
    };
    let mut add = change.prepare_cached(
        "INSERT INTO audit (at, key, request_id, action, person, purpose, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    add.execute(params![
        entry.at.micros(),
        entry.key,
        entry.request_id,
        entry.action,
        person,
        entry.purpose.map(Purpose::name),
        entry.outcome
    ])?;
    Ok(())
}
