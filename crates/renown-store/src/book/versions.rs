//! Versions of the book's tables. (`rusqlite_migration` would do this too, but stays some versions of rusqlite behind.)

use rusqlite::{Connection, TransactionBehavior};

/// What makes of an empty file version 1, of version 1 version 2, and so on.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

/// The newest version.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// The version of a book; 0 if it is empty.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a book to the newest version, in one step. A newer one is left as it is, and its version given.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<u32> {
    step_through(connection, &STEPS)
}

fn step_through(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<u32> {
    let found = version(connection)?;
    if found as usize >= steps.len() {
        return Ok(found);
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done some of it meanwhile.
    let found = version(&change)?;
    for step in steps.iter().skip(found as usize) {
        change.execute_batch(step)?;
    }
    let newest = found.max(steps.len() as u32);
    change.pragma_update(None, "user_version", newest)?;
    change.commit()?;
    Ok(newest)
}
