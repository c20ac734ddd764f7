//! The people of the book: who they are, which accounts are theirs, and whether they agreed to be scored.

use std::collections::BTreeMap;
use std::fmt;

use renown_core::record::Timestamp;
use renown_engine::people::Entry;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::audit::{self, By};
use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::events::{self, EventKind};
use super::forgetting;
use super::words::time;

/// What somebody said to being scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consent {
    /// They were asked, and have not answered.
    Invited,
    /// They agreed: the only ones who are scored.
    Agreed,
    /// They agreed, and took it back.
    Withdrawn,
    /// They said no.
    Objected,
}

impl Consent {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Agreed, Self::Withdrawn, Self::Objected];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Agreed => "agreed",
            Self::Withdrawn => "withdrawn",
            Self::Objected => "objected",
        }
    }

    /// As a people file says it.
    pub const fn as_entry(self) -> Option<bool> {
        match self {
            Self::Invited => None,
            Self::Agreed => Some(true),
            Self::Withdrawn | Self::Objected => Some(false),
        }
    }

    fn of_name(name: &str) -> Result<Self, Trouble> {
        let found = Self::ALL.into_iter().find(|consent| consent.name() == name);
        found.ok_or(Trouble::Damaged("somebody's consent is in none of the states that there are"))
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A person of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The name in outputs, as in the people file.
    pub id: String,
    /// What they are called, if that is known.
    pub name: Option<String>,
    /// What they said to being scored.
    pub consent: Consent,
    /// Never scored.
    pub minor: bool,
    /// Not scored, and counts for nobody.
    pub exclude: bool,
    /// Their accounts, as network and id or `@handle`.
    pub accounts: Vec<(String, String)>,
    /// What the team sorts people by, in order.
    pub tags: Vec<String>,
    /// The communities that they took part in by the newest day that was published, as `network:community`, in order.
    pub communities: Vec<String>,
    /// Since when the book has them.
    pub since: Timestamp,
}

impl Resident {
    /// Whether they get a score.
    pub fn is_scored(&self) -> bool {
        self.consent == Consent::Agreed && !self.minor && !self.exclude
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Who was not in the book.
    pub new: u64,
    /// Who was, and is otherwise now.
    pub changed: u64,
    /// Of whom the file says something else than they themselves did: they withdrew, objected or corrected it, and that stays.
    pub kept: u64,
    /// Who was forgotten, and stays so.
    pub forgotten: u64,
}

impl Book {
    /// Takes the people of a people file in. Whoever is not in the file stays as they are; so does whoever withdrew or objected,
    /// though the file says that they agreed, and what was corrected here ([`Book::correct`]).
    ///
    /// # Errors
    /// [`BookError::Refused`] if the file gives an account to somebody which the book gives to another; nothing is taken in then.
    pub fn import(&self, entries: &[Entry], by: &By) -> Result<Imported, BookError> {
        self.write(Lasting::Surely, |change| {
            let imported = import(change, entries, by)?;
            audit::add(change, &by.did("import", None))?;
            Ok(imported)
        })
    }

    /// All people, in the order of their ids.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn people(&self) -> Result<Vec<Resident>, BookError> {
        self.read(|moment| {
            let mut tags = texts_of_all(moment, "SELECT person, tag FROM tag ORDER BY person, tag")?;
            let memberships = "SELECT person, community FROM membership ORDER BY person, community";
            let mut communities = texts_of_all(moment, memberships)?;
            let whole = |Known { key, mut resident, .. }| {
                resident.tags = tags.remove(&key).unwrap_or_default();
                resident.communities = communities.remove(&key).unwrap_or_default();
                resident
            };
            Ok(with_accounts(moment)?.into_iter().map(whole).collect())
        })
    }

    /// Whether there is anybody in it.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn has_people(&self) -> Result<bool, BookError> {
        self.read(
            |moment| Ok(moment.query_row("SELECT EXISTS (SELECT 1 FROM person)", [], |row| row.get(0))?),
        )
    }

    /// A person.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn resident(&self, id: &str) -> Result<Option<Resident>, BookError> {
        self.read(|moment| Ok(find(moment, id)?.map(|known| known.resident)))
    }

    /// The id of the person whose account this is, by the id or `@handle` that the book has it by.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn find_account(&self, network: &str, id: &str) -> Result<Option<String>, BookError> {
        self.read(|moment| owner(moment, network, &plain(id)))
    }

    /// The people as a people file has them, by whom `renown day` scores: `consent = true` is who agreed.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, BookError> {
        let entry = |resident: Resident| Entry {
            consent: resident.consent.as_entry(),
            minor: resident.minor,
            exclude: resident.exclude,
            accounts: resident.accounts,
            id: resident.id,
            name: resident.name,
            line: 0,
        };
        let all = self.read(with_accounts)?;
        Ok(all.into_iter().map(|known| entry(known.resident)).collect())
    }
}

/// A person with what only the book knows.
pub(super) struct Known {
    pub(super) key: i64,
    pub(super) corrected: bool,
    pub(super) resident: Resident,
}

/// Finds the key of somebody who agreed, by their id.
pub(super) const AGREED: &str =
    "SELECT key FROM person WHERE id = ?1 AND consent = 'agreed' AND minor = 0 AND exclude = 0";

/// The columns that [`known`] reads.
const PERSON: &str = "key, id, name, consent, minor, exclude, corrected, since";

/// A person, without accounts, tags and communities.
fn known(row: &Row<'_>) -> Result<Known, Trouble> {
    let resident = Resident {
        id: row.get(1)?,
        name: row.get(2)?,
        consent: Consent::of_name(row.get_ref(3)?.as_str().unwrap_or_default())?,
        minor: row.get(4)?,
        exclude: row.get(5)?,
        accounts: Vec::new(),
        tags: Vec::new(),
        communities: Vec::new(),
        since: time(row.get(7)?)?,
    };
    Ok(Known { key: row.get(0)?, corrected: row.get(6)?, resident })
}

/// A person, whole.
pub(super) fn find(moment: &Transaction<'_>, id: &str) -> Result<Option<Known>, Trouble> {
    let mut find = moment.prepare_cached(&format!("SELECT {PERSON} FROM person WHERE id = ?1"))?;
    let mut rows = find.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut found = known(row)?;
    let mut find =
        moment.prepare_cached("SELECT network, id FROM account WHERE person = ?1 ORDER BY place")?;
    let accounts = find.query_map([found.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.resident.accounts = accounts.collect::<Result<_, _>>()?;
    let texts = |sql: &str| -> Result<Vec<String>, Trouble> {
        let mut find = moment.prepare_cached(sql)?;
        Ok(find.query_map([found.key], |row| row.get(0))?.collect::<Result<_, _>>()?)
    };
    let tags = texts("SELECT tag FROM tag WHERE person = ?1 ORDER BY tag")?;
    let communities = texts("SELECT community FROM membership WHERE person = ?1 ORDER BY community")?;
    (found.resident.tags, found.resident.communities) = (tags, communities);
    Ok(Some(found))
}

/// Everybody, in the order of their ids, without tags and communities.
fn with_accounts(moment: &Transaction<'_>) -> Result<Vec<Known>, Trouble> {
    let mut accounts: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
    let mut find = moment.prepare("SELECT person, network, id FROM account ORDER BY person, place")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        accounts.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    let mut find = moment.prepare(&format!("SELECT {PERSON} FROM person ORDER BY id"))?;
    let mut rows = find.query([])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        let mut known = known(row)?;
        known.resident.accounts = accounts.remove(&known.key).unwrap_or_default();
        people.push(known);
    }
    Ok(people)
}

/// Everybody's texts, by the numbers of the persons.
fn texts_of_all(moment: &Transaction<'_>, sql: &str) -> Result<BTreeMap<i64, Vec<String>>, Trouble> {
    let mut texts: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut find = moment.prepare_cached(sql)?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        texts.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(texts)
}

/// The id of the person whose account this is, as the book has it.
pub(super) fn owner(moment: &Transaction<'_>, network: &str, id: &str) -> Result<Option<String>, Trouble> {
    let mut find = moment.prepare_cached(
        "SELECT person.id FROM account JOIN person ON person.key = account.person WHERE account.network = ?1 AND account.id = ?2",
    )?;
    Ok(find.query_row([network, id], |row| row.get(0)).optional()?)
}

/// Likewise, somebody who must be there.
pub(super) fn must_find(moment: &Transaction<'_>, id: &str) -> Result<Known, Trouble> {
    find(moment, id)?.ok_or_else(|| BookError::Nobody(id.to_owned()).into())
}

/// Adds a person without accounts; gives the key.
pub(super) fn add(change: &Transaction<'_>, resident: &Resident) -> Result<i64, Trouble> {
    if resident.id.is_empty() || resident.id.chars().any(char::is_control) {
        let why = "a person needs an id, without control characters".to_owned();
        return Err(BookError::Refused(why).into());
    }
    let mut add = change.prepare_cached(
        "INSERT INTO person (id, name, consent, minor, exclude, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let Resident { id, name, consent, minor, exclude, since, .. } = resident;
    Ok(add.insert(params![id, name, consent.name(), minor, exclude, since.micros()])?)
}

/// Gives a person these accounts, and no others; what that changes is an event each.
pub(super) fn set_accounts(
    change: &Transaction<'_>,
    person: &Known,
    accounts: &[(String, String)],
    at: Timestamp,
) -> Result<(), Trouble> {
    drop_accounts(change, person.key)?;
    add_accounts(change, person, accounts, at)
}

fn drop_accounts(change: &Transaction<'_>, person: i64) -> Result<(), Trouble> {
    change.prepare_cached("DELETE FROM account WHERE person = ?1")?.execute([person])?;
    drop_communities(change, person)
}

/// Drops the communities of a person, until another day tells of them.
fn drop_communities(change: &Transaction<'_>, person: i64) -> Result<(), Trouble> {
    change.prepare_cached("DELETE FROM membership WHERE person = ?1")?.execute([person])?;
    Ok(())
}

fn add_accounts(
    change: &Transaction<'_>,
    person: &Known,
    accounts: &[(String, String)],
    at: Timestamp,
) -> Result<(), Trouble> {
    let accounts = plain_accounts(accounts);
    let mut add = change.prepare_cached(
        "INSERT INTO account (network, id, person, place) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    for (place, (network, id)) in accounts.iter().enumerate() {
        if network.is_empty() || id.is_empty() {
            let why = "an account needs a network and an id, as in twitter:12345";
            return Err(BookError::Refused(why.into()).into());
        }
        if add.execute(params![network, id, person.key, place as i64])? == 0 {
            return Err(BookError::Refused(format!(
                "`{}` claims an account that somebody else in the book has: an account belongs to one person",
                person.resident.id
            ))
            .into());
        }
    }
    let before = &person.resident.accounts;
    for (kind, these, those) in
        [(EventKind::Linked, &accounts, before), (EventKind::Unlinked, before, &accounts)]
    {
        for (network, id) in these.iter().filter(|account| !those.contains(account)) {
            events::add(change, person.key, kind, Some(&format!("{network}:{id}")), at)?;
        }
    }
    Ok(())
}

/// Accounts as the book has them: each once, handles without case.
pub(super) fn plain_accounts(accounts: &[(String, String)]) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(accounts.len());
    for (network, id) in accounts {
        let account = (network.clone(), plain(id));
        if !all.contains(&account) {
            all.push(account);
        }
    }
    all
}

fn plain(id: &str) -> String {
    if id.starts_with('@') { id.to_lowercase() } else { id.to_owned() }
}

fn import(change: &Transaction<'_>, entries: &[Entry], by: &By) -> Result<Imported, Trouble> {
    let mut imported = Imported::default();
    let forgotten = forgetting::known(change)?;
    let mut with_accounts = Vec::new();
    for entry in entries {
        if forgotten.as_ref().is_some_and(|list| list.has(&entry.id, &entry.accounts)) {
            imported.forgotten += 1;
            continue;
        }
        let Some(known) = find(change, &entry.id)? else {
            with_accounts.push((new(change, entry, by)?, entry));
            imported.new += 1;
            continue;
        };
        let (mut changed, mut kept) = (false, false);
        match (known.resident.consent, entry.consent) {
            (Consent::Withdrawn | Consent::Objected, Some(true)) => kept = true,
            (Consent::Withdrawn | Consent::Objected, _) | (Consent::Agreed, Some(true)) | (_, None) => {}
            (_, Some(agreed)) => {
                let (consent, kind) = said(Some(agreed));
                set_consent(change, &known, consent)?;
                events::add(change, known.key, kind, None, by.at)?;
                changed = true;
            }
        }
        // A file without names takes none away.
        let has_other_name = entry.name.is_some() && known.resident.name != entry.name;
        let is_otherwise = (known.resident.minor, known.resident.exclude) != (entry.minor, entry.exclude)
            || has_other_name
            || known.resident.accounts != plain_accounts(&entry.accounts);
        if is_otherwise && known.corrected {
            kept = true;
        } else if is_otherwise {
            set_marks(change, &known, entry.minor, entry.exclude)?;
            if has_other_name {
                set_name(change, &known, entry.name.as_deref())?;
            }
            // All are dropped before any is given: one that moves from one person to another is nobody's meanwhile.
            drop_accounts(change, known.key)?;
            with_accounts.push((known, entry));
            changed = true;
        }
        imported.changed += u64::from(changed);
        imported.kept += u64::from(kept);
    }
    for (person, entry) in with_accounts {
        add_accounts(change, &person, &entry.accounts, by.at)?;
    }
    Ok(imported)
}

/// Somebody who was not in the book.
fn new(change: &Transaction<'_>, entry: &Entry, by: &By) -> Result<Known, Trouble> {
    let (consent, kind) = said(entry.consent);
    let resident = Resident {
        id: entry.id.clone(),
        name: entry.name.clone(),
        consent,
        minor: entry.minor,
        exclude: entry.exclude,
        accounts: Vec::new(),
        tags: Vec::new(),
        communities: Vec::new(),
        since: by.at,
    };
    let key = add(change, &resident)?;
    events::add(change, key, kind, None, by.at)?;
    Ok(Known { key, corrected: false, resident })
}

/// What a people file says of somebody's consent.
fn said(consent: Option<bool>) -> (Consent, EventKind) {
    match consent {
        None => (Consent::Invited, EventKind::Invited),
        Some(true) => (Consent::Agreed, EventKind::Agreed),
        Some(false) => (Consent::Objected, EventKind::Objected),
    }
}

/// Communities come again with the next day that is published, if the person is scored then.
pub(super) fn set_consent(change: &Transaction<'_>, person: &Known, consent: Consent) -> Result<(), Trouble> {
    let mut set = change.prepare_cached("UPDATE person SET consent = ?2 WHERE key = ?1")?;
    set.execute(params![person.key, consent.name()])?;
    drop_communities(change, person.key)
}

pub(super) fn set_name(change: &Transaction<'_>, person: &Known, name: Option<&str>) -> Result<(), Trouble> {
    let mut set = change.prepare_cached("UPDATE person SET name = ?2 WHERE key = ?1")?;
    set.execute(params![person.key, name])?;
    Ok(())
}

pub(super) fn set_marks(
    change: &Transaction<'_>,
    person: &Known,
    minor: bool,
    exclude: bool,
) -> Result<(), Trouble> {
    let mut set = change.prepare_cached("UPDATE person SET minor = ?2, exclude = ?3 WHERE key = ?1")?;
    set.execute(params![person.key, minor, exclude])?;
    drop_communities(change, person.key)
}
