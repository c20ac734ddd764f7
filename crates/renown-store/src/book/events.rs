//! What happened, to one person or to everybody, for a chart to say so where it did.

use renown_core::record::{Day, Timestamp};
use rusqlite::{Transaction, params};

use super::connections::{Book, Trouble};
use super::error::BookError;
use super::history;
use super::words::time;

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// They were asked.
    Invited,
    /// They agreed.
    Agreed,
    /// They took that back.
    Withdrew,
    /// They said no.
    Objected,
    /// An account became theirs: the detail says which.
    Linked,
    /// An account is no more theirs.
    Unlinked,
    /// Something about them was corrected: the detail says what.
    Corrected,
    /// Scores are by another ruler from a publication on: the detail is its memo. Happens to everybody.
    Ruler,
    /// A publication has a memo. Happens to everybody.
    Memo,
}

impl EventKind {
    const ALL: [Self; 9] = [
        Self::Invited,
        Self::Agreed,
        Self::Withdrew,
        Self::Objected,
        Self::Linked,
        Self::Unlinked,
        Self::Corrected,
        Self::Ruler,
        Self::Memo,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Agreed => "agreed",
            Self::Withdrew => "withdrew",
            Self::Objected => "objected",
            Self::Linked => "linked",
            Self::Unlinked => "unlinked",
            Self::Corrected => "corrected",
            Self::Ruler => "ruler",
            Self::Memo => "memo",
        }
    }

    fn of_name(name: &str) -> Result<Self, Trouble> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or(Trouble::Damaged("it has an event of a kind that there is not"))
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was written down.
    pub at: Timestamp,
    /// Where it belongs on a chart: the day of the publication, or that of `at`.
    pub day: Day,
    /// To whom; to everybody, if `None`.
    pub person: Option<String>,
    /// What.
    pub kind: EventKind,
    /// More about it.
    pub detail: Option<String>,
    /// The publication that it came with.
    pub publication: Option<i64>,
}

impl Book {
    /// What happened to a person and to everybody, or to all people if `None`, on these days, both included; in the order of days.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn events(&self, person: Option<&str>, from: Day, to: Day) -> Result<Vec<Event>, BookError> {
        self.read(|moment| {
            let mut events = of_everybody(moment, from, to)?;
            events.extend(of_people(moment, person, from, to)?);
            // Stable: those of a day stay in the order in which they were written down.
            events.sort_by_key(|event| event.day);
            Ok(events)
        })
    }
}

/// What publications say: another ruler than that of the one before, and memos.
fn of_everybody(moment: &Transaction<'_>, from: Day, to: Day) -> Result<Vec<Event>, Trouble> {
    let mut events = Vec::new();
    let mut before: Option<String> = None;
    for publication in history::publications(moment)? {
        if publication.superseded_by.is_some() {
            continue;
        }
        let is_other = before.as_ref().is_some_and(|before| *before != publication.stamp);
        before = Some(publication.stamp);
        let kind = if is_other { EventKind::Ruler } else { EventKind::Memo };
        if (from..=to).contains(&publication.as_of) && (is_other || publication.memo.is_some()) {
            events.push(Event {
                at: publication.published_at,
                day: publication.as_of,
                person: None,
                kind,
                detail: publication.memo,
                publication: Some(publication.number),
            });
        }
    }
    Ok(events)
}

/// Likewise, of one person or of each.
pub(super) fn of_people(
    moment: &Transaction<'_>,
    person: Option<&str>,
    from: Day,
    to: Day,
) -> Result<Vec<Event>, Trouble> {
    const DAY: i64 = 86_400_000_000;
    let select = "SELECT event.at, person.id, event.kind, event.detail FROM event JOIN person ON person.key = event.person";
    let within = "event.at >= ?1 AND event.at < ?2";
    let (first, after) = ((i64::from(from.raw()) - 1) * DAY, i64::from(to.raw()) * DAY);
    let mut find = moment.prepare_cached(&match person {
        Some(_) => format!("{select} WHERE person.id = ?3 AND {within} ORDER BY event.at, event.number"),
        None => format!("{select} WHERE ?3 IS NULL AND {within} ORDER BY event.at, event.number"),
    })?;
    let mut rows = find.query(params![first, after, person])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let at = time(row.get(0)?)?;
        events.push(Event {
            at,
            day: at.day(),
            person: Some(row.get(1)?),
            kind: EventKind::of_name(row.get_ref(2)?.as_str().unwrap_or_default())?,
            detail: row.get(3)?,
            publication: None,
        });
    }
    Ok(events)
}

/// Adds an event of a person.
pub(super) fn add(
    change: &Transaction<'_>,
    person: i64,
    kind: EventKind,
    detail: Option<&str>,
    at: Timestamp,
) -> Result<(), Trouble> {
    let mut add =
        change.prepare_cached("INSERT INTO event (at, person, kind, detail) VALUES (?1, ?2, ?3, ?4)")?;
    add.execute(params![at.micros(), person, kind.name(), detail])?;
    Ok(())
}
