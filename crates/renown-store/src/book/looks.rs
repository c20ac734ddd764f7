//! Who looked whom up: counted by the hour, so that it stays readable, and small, however often somebody is looked up.

use renown_core::record::Timestamp;
use rusqlite::{Row, Transaction, params};

use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::words::time;

/// Look-ups of a person by a key within an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When the hour began.
    pub hour: Timestamp,
    /// The id of the key.
    pub key: String,
    /// Whom.
    pub person: String,
    /// What was looked at.
    pub action: String,
    /// How often.
    pub times: u64,
    /// When last.
    pub last: Timestamp,
}

impl Book {
    /// Adds look-ups to those that are known. Somebody who is not in the book is not written down, nor is the id of a key that is not: they may
    /// have been forgotten since they were noted.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be written.
    pub fn looked(&self, looks: &[Look]) -> Result<(), BookError> {
        self.write(Lasting::Mostly, |change| {
            let mut add = change.prepare_cached(
                "INSERT INTO look (person, hour, key, action, times, last) \
                 SELECT person.key, ?2, coalesce((SELECT id FROM key WHERE id = ?3), ''), ?4, ?5, ?6 \
                 FROM person WHERE person.id = ?1 \
                 ON CONFLICT DO UPDATE SET times = times + excluded.times, last = max(last, excluded.last)",
            )?;
            for look in looks {
                let Look { hour, key, person, action, times, last } = look;
                add.execute(params![person, hour.micros(), key, action, *times as i64, last.micros()])?;
            }
            Ok(())
        })
    }

    /// Who looked a person up, the newest hour first.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn looks_at(&self, person: &str, most: usize) -> Result<Vec<Look>, BookError> {
        self.read(|moment| at(moment, person, most))
    }
}

/// Who looked a person up, the newest hour first.
pub(super) fn at(moment: &Transaction<'_>, person: &str, most: usize) -> Result<Vec<Look>, Trouble> {
    let mut find = moment.prepare_cached(
        "SELECT look.hour, look.key, person.id, look.action, look.times, look.last \
         FROM person JOIN look ON look.person = person.key WHERE person.id = ?1 \
         ORDER BY look.hour DESC, look.last DESC, look.key, look.action LIMIT ?2",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    find.query_and_then(params![person, most], look)?.collect()
}

/// Takes the keys of a person out of what others' records say of look-ups: such a key is as good as a name.
pub(super) fn blot(change: &Transaction<'_>, person: i64) -> Result<(), Trouble> {
    change.execute(
        "INSERT INTO look (person, hour, key, action, times, last) \
         SELECT person, hour, '', action, sum(times), max(last) FROM look \
         WHERE key IN (SELECT id FROM key WHERE person = ?1) GROUP BY person, hour, action \
         ON CONFLICT DO UPDATE SET times = times + excluded.times, last = max(last, excluded.last)",
        [person],
    )?;
    change.execute("DELETE FROM look WHERE key IN (SELECT id FROM key WHERE person = ?1)", [person])?;
    Ok(())
}

fn look(row: &Row<'_>) -> Result<Look, Trouble> {
    Ok(Look {
        hour: time(row.get(0)?)?,
        key: row.get(1)?,
        person: row.get(2)?,
        action: row.get(3)?,
        times: row.get::<_, i64>(4)? as u64,
        last: time(row.get(5)?)?,
    })
}
