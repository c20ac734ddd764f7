//! Keys to the book's interfaces: for what purpose, for which doors, until when. Of secrets only hashes are kept.

use std::collections::BTreeSet;

use renown_core::record::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::audit::{self, By};
use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::people;
use super::words::time;

/// What somebody wants to know scores for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To find something out about many.
    Research,
    /// To choose whom to work with.
    Marketing,
    /// A person, about themselves.
    SelfService,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Research, Self::Marketing, Self::SelfService];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Marketing => "marketing",
            Self::SelfService => "self",
        }
    }

    pub(super) fn of_name(name: &str) -> Result<Self, Trouble> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.name() == name);
        found.ok_or(Trouble::Damaged("it has a purpose that there is not"))
    }
}

/// Which doors a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Published scores of those who agreed.
    Read,
    /// All that is held on the key's own person, and their rights.
    OwnSelf,
    /// Bringing exports in.
    Ingest,
    /// Everything.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::OwnSelf, Self::Ingest, Self::Admin];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::OwnSelf => "self",
            Self::Ingest => "ingest",
            Self::Admin => "admin",
        }
    }

    fn of_name(name: &str) -> Result<Self, Trouble> {
        let found = Self::ALL.into_iter().find(|scope| scope.name() == name);
        found.ok_or(Trouble::Damaged("it has a scope that there is not"))
    }
}

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What it is called by; no secret.
    pub id: String,
    /// Whose it is, in words.
    pub name: String,
    /// What it may be used for.
    pub purpose: Purpose,
    /// Which doors it opens.
    pub scopes: BTreeSet<Scope>,
    /// Whose it is, for [`Scope::OwnSelf`].
    pub person: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it is good for nothing.
    pub expires: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Key {
    /// Whether it is good for something at this time.
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires.is_none_or(|expires| at < expires)
    }
}

impl Book {
    /// Adds a key; of its secret, the hash that the caller made.
    ///
    /// # Errors
    /// [`BookError::Refused`] if there is one of this id, or it opens the door to oneself and is nobody's; [`BookError::Nobody`] if its
    /// person is not in the book.
    pub fn add_key(&self, key: &Key, secret_hash: &str, by: &By) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            if key.scopes.contains(&Scope::OwnSelf) && key.person.is_none() {
                let why = "a key of the scope `self` needs the person whose it is";
                return Err(BookError::Refused(why.into()).into());
            }
            let person = key.person.as_deref().map(|id| people::must_find(change, id)).transpose()?;
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
            let added = change.execute(
                "INSERT INTO key (id, name, secret, purpose, scopes, person, made_at, expires, revoked_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                params![
                    key.id,
                    key.name,
                    secret_hash,
                    key.purpose.name(),
                    scopes.join(" "),
                    person.map(|person| person.key),
                    key.made_at.micros(),
                    key.expires.map(Timestamp::micros),
                    key.revoked_at.map(Timestamp::micros)
                ],
            )?;
            if added == 0 {
                let why = format!("there is a key `{}` in the book already", key.id);
                return Err(BookError::Refused(why).into());
            }
            audit::add(change, &by.did("add-key", key.person.as_deref()))
        })
    }

    /// A key, with the hash of its secret.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn key(&self, id: &str) -> Result<Option<(Key, String)>, BookError> {
        self.read(|moment| {
            let mut find = moment.prepare_cached(&format!("{SELECT} WHERE key.id = ?1"))?;
            let mut rows = find.query([id])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            Ok(Some((key(row)?, row.get(8)?)))
        })
    }

    /// All keys, in the order in which they were made.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn keys(&self) -> Result<Vec<Key>, BookError> {
        self.read(|moment| {
            let mut find = moment.prepare_cached(&format!("{SELECT} ORDER BY key.made_at, key.id"))?;
            find.query_and_then([], key)?.collect()
        })
    }

    /// Takes a key back, for good.
    ///
    /// # Errors
    /// [`BookError::NoKey`] if there is none of this id.
    pub fn revoke(&self, id: &str, by: &By) -> Result<(), BookError> {
        let set = "UPDATE key SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1";
        self.change_key(id, set, &by.at.micros(), "revoke-key", by)
    }

    /// Gives a key another secret, by its hash; the former is good for nothing from then on.
    ///
    /// # Errors
    /// [`BookError::NoKey`] if there is none of this id.
    pub fn rotate(&self, id: &str, secret_hash: &str, by: &By) -> Result<(), BookError> {
        self.change_key(id, "UPDATE key SET secret = ?2 WHERE id = ?1", &secret_hash, "rotate-key", by)
    }

    fn change_key(
        &self,
        id: &str,
        set: &str,
        to: &dyn rusqlite::ToSql,
        action: &str,
        by: &By,
    ) -> Result<(), BookError> {
        self.write(Lasting::Surely, |change| {
            if change.execute(set, params![id, to])? == 0 {
                return Err(BookError::NoKey(id.to_owned()).into());
            }
            let find = "SELECT person.id FROM key JOIN person ON person.key = key.person WHERE key.id = ?1";
            let person: Option<String> = change.query_row(find, [id], |row| row.get(0)).optional()?;
            audit::add(change, &by.did(action, person.as_deref()))
        })
    }
}

const SELECT: &str = "SELECT key.id, key.name, key.purpose, key.scopes, person.id, key.made_at, key.expires, \
                      key.revoked_at, key.secret FROM key LEFT JOIN person ON person.key = key.person";

/// A person's keys.
pub(super) fn of(moment: &Transaction<'_>, person: i64) -> Result<Vec<Key>, Trouble> {
    let mut find =
        moment.prepare_cached(&format!("{SELECT} WHERE key.person = ?1 ORDER BY key.made_at, key.id"))?;
    find.query_and_then([person], key)?.collect()
}

fn key(row: &Row<'_>) -> Result<Key, Trouble> {
    let scopes: String = row.get(3)?;
    let moment = |column: usize| {
        let micros: Option<i64> = row.get(column)?;
        micros.map(time).transpose()
    };
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        purpose: Purpose::of_name(row.get_ref(2)?.as_str().unwrap_or_default())?,
        scopes: scopes.split_whitespace().map(Scope::of_name).collect::<Result<_, _>>()?,
        person: row.get(4)?,
        made_at: time(row.get(5)?)?,
        expires: moment(6)?,
        revoked_at: moment(7)?,
    })
}
