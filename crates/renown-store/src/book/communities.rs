//! In which communities people take part, by the records of the newest day that was published.

use std::collections::BTreeSet;

use renown_core::record::Day;
use rusqlite::{OptionalExtension, Transaction, params};

use super::connections::Trouble;
use super::people;

/// Writes down in which communities people take part as of a day; whoever is not named takes part in none. Where a later day was
/// published, what it had stays. Of those who have not agreed nothing is written.
pub(super) fn set(
    change: &Transaction<'_>,
    as_of: Day,
    all: &[(String, Vec<String>)],
) -> Result<(), Trouble> {
    let newest: Option<u16> = change.query_row("SELECT max(as_of) FROM publication", [], |row| row.get(0))?;
    if newest.is_some_and(|newest| newest > as_of.raw()) {
        return Ok(());
    }
    let mut old = known(change)?;
    let mut find = change.prepare_cached(people::AGREED)?;
    let mut add = change.prepare_cached(
        "INSERT INTO membership (person, community) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    let mut changed = 0;
    for (person, communities) in all {
        let key: Option<i64> = find.query_row([person], |row| row.get(0)).optional()?;
        let Some(key) = key else { continue };
        for community in communities {
            // From one day to the next hardly any differ.
            let membership = (key, community.clone());
            if !old.remove(&membership) {
                changed += add.execute(params![membership.0, membership.1])?;
            }
        }
    }
    let mut remove = change.prepare_cached("DELETE FROM membership WHERE person = ?1 AND community = ?2")?;
    for (person, community) in old {
        changed += remove.execute(params![person, community])?;
    }
    if changed > 0 {
        change.execute("UPDATE communities_told SET times = times + 1", [])?;
    }
    Ok(())
}

/// All that are known, each the number of a person and a community.
fn known(moment: &Transaction<'_>) -> Result<BTreeSet<(i64, String)>, Trouble> {
    let mut find = moment.prepare_cached("SELECT person, community FROM membership")?;
    let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
