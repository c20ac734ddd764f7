//! People of the book a page at a time, for those who keep it.

use rusqlite::params;

use super::connections::Book;
use super::error::BookError;
use super::people::{self, Consent, Resident};

impl Book {
    /// Up to `limit` people in the order of their ids, after one of them: all, or those who said this, with this text in their id or
    /// name, whatever its case.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn browse(
        &self,
        after: Option<&str>,
        consent: Option<Consent>,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Resident>, BookError> {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = (!text.is_empty()).then(|| format!("%{escaped}%"));
        self.read(|moment| {
            let mut find = moment.prepare_cached(
                "SELECT id FROM person WHERE id > ?1 AND (?2 IS NULL OR consent = ?2) \
                 AND (?3 IS NULL OR id LIKE ?3 ESCAPE '\\' OR name LIKE ?3 ESCAPE '\\') ORDER BY id LIMIT ?4",
            )?;
            let bounds =
                params![after.unwrap_or_default(), consent.map(Consent::name), pattern, limit as i64];
            let ids: Vec<String> = find.query_map(bounds, |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut people = Vec::with_capacity(ids.len());
            for id in ids {
                people.extend(people::find(moment, &id)?.map(|known| known.resident));
            }
            Ok(people)
        })
    }
}
