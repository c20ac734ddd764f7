//! Everything that the book holds on one person, for them to have.

use renown_core::record::Day;

use super::audit::{self, Audited};
use super::connections::Book;
use super::error::BookError;
use super::events::{self, Event};
use super::history::{self, Point};
use super::keys::{self, Key};
use super::looks::{self, Look};
use super::people::{self, Resident};

/// Everything that the book holds on one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who they are, their accounts, and what they said to being scored.
    pub resident: Resident,
    /// All that was published of them, what was superseded, too.
    pub history: Vec<Point>,
    /// What happened to them.
    pub events: Vec<Event>,
    /// The keys that are theirs.
    pub keys: Vec<Key>,
    /// Who asked about them, newest first.
    pub accesses: Vec<Audited>,
    /// Who looked them up, the newest hour first.
    pub looks: Vec<Look>,
}

impl Book {
    /// Everything that the book holds on a person.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn held_on(&self, id: &str) -> Result<Option<Held>, BookError> {
        let (first, last) = (Day::UNDATED, Day::from_raw(u16::MAX));
        self.read(|moment| {
            let Some(person) = people::find(moment, id)? else { return Ok(None) };
            Ok(Some(Held {
                history: history::history(moment, id, first, last, "")?,
                events: events::of_people(moment, Some(id), first, last)?,
                keys: keys::of(moment, person.key)?,
                accesses: audit::of(moment, id)?,
                looks: looks::at(moment, id, usize::MAX)?,
                resident: person.resident,
            }))
        })
    }
}
