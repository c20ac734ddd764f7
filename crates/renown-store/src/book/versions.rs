//! Versions of the book's tables. (`rusqlite_migration` would do this too, but stays some versions of rusqlite behind.)

use rusqlite::{Connection, TransactionBehavior};

/// What makes of an empty file version 1, of version 1 version 2, and so on.
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("communities.sql")];

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

#[cfg(test)]
mod tests {
    use super::super::{Book, BookError};
    use super::*;

    /// All that a file has tables, indices and triggers of.
    fn schema(connection: &Connection) -> Vec<(String, String)> {
        let mut find =
            connection.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name").unwrap();
        find.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_book_of_any_version_becomes_what_a_new_one_is() {
        let mut new = Connection::open_in_memory().unwrap();
        assert_eq!(bring_up_to_date(&mut new).unwrap(), NEWEST);
        for old in 0..=STEPS.len() {
            let mut book = Connection::open_in_memory().unwrap();
            step_through(&mut book, &STEPS[..old]).unwrap();
            assert_eq!(version(&book).unwrap(), old as u32);
            assert_eq!(bring_up_to_date(&mut book).unwrap(), NEWEST, "from version {old}");
            assert_eq!(schema(&book), schema(&new), "from version {old}");
        }
    }

    /// What a book of the first version holds, one of today holds, and more.
    #[test]
    fn what_an_older_book_says_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        let mut old = Connection::open(&path).unwrap();
        step_through(&mut old, &STEPS[..1]).unwrap();
        old.execute_batch(
            "INSERT INTO person (id, consent, minor, exclude, since) VALUES ('ann', 'agreed', 0, 0, 1), ('bob', 'invited', 0, 0, 1);
             INSERT INTO tag (person, tag) VALUES (1, 'choir');
             INSERT INTO publication (number, as_of, stamp, scale, published_at, persons, digest)
             VALUES (1, 20000, 's', 'v', 1, 1, zeroblob(16));
             INSERT INTO line (publication, place, person, score, rank, percentile, coverage, parts)
             VALUES (1, 1, 1, 400000, 1, 500000, 10000, x'')",
        )
        .unwrap();
        drop(old);
        let book = Book::open(&path).unwrap();
        let ann = book.resident("ann").unwrap().unwrap();
        assert_eq!((ann.tags, ann.communities), (vec!["choir".to_owned()], Vec::new()));
        assert_eq!(book.people().unwrap().len(), 2);
        assert_eq!(book.lines(1).unwrap()[0].score.0, 400_000);
        assert_eq!((book.communities().unwrap(), book.pulse(0).unwrap().communities), (Vec::new(), 0));
    }

    #[test]
    fn steps_are_taken_once_in_order_and_together() {
        let steps = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (2)", "INSERT INTO a VALUES (3)"];
        let mut book = Connection::open_in_memory().unwrap();
        let rows = |book: &Connection| {
            book.query_row("SELECT group_concat(x) FROM a", [], |row| row.get::<_, Option<String>>(0))
                .unwrap()
        };
        step_through(&mut book, &steps[..2]).unwrap();
        assert_eq!(rows(&book).as_deref(), Some("2"));
        // One that fails takes those before it along.
        let failing = [steps[0], steps[1], steps[2], "INSERT INTO b VALUES (4)"];
        assert!(step_through(&mut book, &failing).is_err());
        assert_eq!((version(&book).unwrap(), rows(&book).as_deref()), (2, Some("2")));
        for _ in 0..2 {
            assert_eq!(step_through(&mut book, &steps).unwrap(), 3);
            assert_eq!(rows(&book).as_deref(), Some("2,3"));
        }
    }

    #[test]
    fn a_book_of_a_newer_program_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        drop(Book::open(&path).unwrap());
        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", NEWEST + 1).unwrap();
        drop(newer);
        let before = std::fs::read(&path).unwrap();
        let error = Book::open(&path).unwrap_err();
        assert!(
            matches!(error, BookError::Newer { found, known: NEWEST, .. } if found == NEWEST + 1),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
