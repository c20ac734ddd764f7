//! What people may say about themselves in the book: each is an event of theirs, and stands in the audit.

use rusqlite::params;

use super::audit::{self, By};
use super::connections::{Book, Lasting};
use super::error::BookError;
use super::events::{self, EventKind};
use super::forgetting;
use super::people::{self, Consent, Known, Resident};

/// What is to be otherwise about a person; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// What they are called; nothing, if empty.
    pub name: Option<String>,
    /// All their accounts.
    pub accounts: Option<Vec<(String, String)>>,
    /// All their tags.
    pub tags: Option<Vec<String>>,
    /// Whether they are a minor.
    pub minor: Option<bool>,
    /// Whether they are not scored and count for nobody.
    pub exclude: Option<bool>,
}

impl Book {
    /// Notes that somebody was asked whether they want to be scored. They are not, until they agree.
    ///
    /// # Errors
    /// [`BookError::Refused`] if the id or an account is taken, or they asked to be forgotten.
    pub fn invite(
        &self,
        id: &str,
        name: Option<&str>,
        accounts: &[(String, String)],
        by: &By,
    ) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            if forgetting::known(change)?.is_some_and(|list| list.has(id, accounts)) {
                let why = format!(
                    "`{id}` asked to be forgotten: take them off that list first, if they want to come back"
                );
                return Err(BookError::Refused(why).into());
            }
            if people::find(change, id)?.is_some() {
                return Err(BookError::Refused(format!("`{id}` is in the book already")).into());
            }
            let resident = Resident {
                id: id.to_owned(),
                name: name.map(str::to_owned),
                consent: Consent::Invited,
                minor: false,
                exclude: false,
                accounts: Vec::new(),
                tags: Vec::new(),
                communities: Vec::new(),
                since: by.at,
            };
            let person = Known { key: people::add(change, &resident)?, corrected: false, resident };
            events::add(change, person.key, EventKind::Invited, None, by.at)?;
            people::set_accounts(change, &person, accounts, by.at)?;
            audit::add(change, &by.did("invite", Some(id)))
        })
    }

    /// Notes that somebody agreed to be scored.
    ///
    /// # Errors
    /// [`BookError::Nobody`] if they are not in the book.
    pub fn agree(&self, id: &str, by: &By) -> Result<(), BookError> {
        self.say(id, Consent::Agreed, EventKind::Agreed, "agree", by)
    }

    /// Notes that somebody took back that they agreed. From now on they are not scored, and what was published of them is no
    /// more among the lines of publications; it is theirs to see until they ask to be forgotten.
    ///
    /// # Errors
    /// [`BookError::Nobody`] if they are not in the book.
    pub fn withdraw(&self, id: &str, by: &By) -> Result<(), BookError> {
        self.say(id, Consent::Withdrawn, EventKind::Withdrew, "withdraw", by)
    }

    /// Notes that somebody said no. Likewise.
    ///
    /// # Errors
    /// [`BookError::Nobody`] if they are not in the book.
    pub fn object(&self, id: &str, by: &By) -> Result<(), BookError> {
        self.say(id, Consent::Objected, EventKind::Objected, "object", by)
    }

    fn say(
        &self,
        id: &str,
        consent: Consent,
        kind: EventKind,
        action: &str,
        by: &By,
    ) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            let person = people::must_find(change, id)?;
            if person.resident.consent != consent {
                people::set_consent(change, &person, consent)?;
                events::add(change, person.key, kind, None, by.at)?;
            }
            audit::add(change, &by.did(action, Some(id)))
        })
    }

    /// Corrects what the book says of a person. People files leave that alone from then on.
    ///
    /// # Errors
    /// [`BookError::Nobody`] if they are not in the book; [`BookError::Refused`] if an account is somebody else's.
    pub fn correct(&self, id: &str, correction: &Correction, by: &By) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            let person = people::must_find(change, id)?;
            let mut what = Vec::new();
            if let Some(name) = &correction.name {
                let name = Some(name.as_str()).filter(|name| !name.is_empty());
                people::set_name(change, &person, name)?;
                what.push("name");
            }
            if let Some(accounts) = &correction.accounts {
                people::set_accounts(change, &person, accounts, by.at)?;
                what.push("accounts");
            }
            if let Some(tags) = &correction.tags {
                change.execute("DELETE FROM tag WHERE person = ?1", [person.key])?;
                let mut add = change
                    .prepare_cached("INSERT INTO tag (person, tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
                for tag in tags {
                    add.execute(params![person.key, tag])?;
                }
                what.push("tags");
            }
            let Resident { minor, exclude, .. } = person.resident;
            if correction.minor.is_some() || correction.exclude.is_some() {
                let (minor, exclude) =
                    (correction.minor.unwrap_or(minor), correction.exclude.unwrap_or(exclude));
                people::set_marks(change, &person, minor, exclude)?;
                what.push("marks");
            }
            if what.iter().any(|what| *what != "tags") {
                change.execute("UPDATE person SET corrected = 1 WHERE key = ?1", [person.key])?;
            }
            events::add(change, person.key, EventKind::Corrected, Some(&what.join(" ")), by.at)?;
            audit::add(change, &by.did("correct", Some(id)))
        })
    }
}
