//! What was published: of everybody at a time, and of one person over time.

use renown_core::curve::Score;
use renown_core::interval::Interval;
use renown_core::record::Day;
use rusqlite::{Row, Transaction, params};

use super::connections::{Book, Trouble};
use super::error::BookError;
use super::parts;
use super::publish::{Line, Publication};
use super::words::{Words, day, time};

/// What a publication says of a person whose history it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// As of which day.
    pub as_of: Day,
    /// The number of the publication.
    pub publication: i64,
    /// What it says.
    pub line: Line,
}

impl Book {
    /// All publications, those that were superseded, too; in the order of their days, and of a day in that of their numbers.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn publications(&self) -> Result<Vec<Publication>, BookError> {
        self.read(publications)
    }

    /// A publication, by its number.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn publication(&self, number: i64) -> Result<Option<Publication>, BookError> {
        self.read(|moment| one(moment, &format!("{PUBLICATION} WHERE number = ?1"), number))
    }

    /// The publication of a day that no other took the place of.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn published(&self, day: Day) -> Result<Option<Publication>, BookError> {
        let find = format!("{PUBLICATION} WHERE as_of = ?1 AND superseded_by IS NULL");
        self.read(|moment| one(moment, &find, day.raw().into()))
    }

    /// That of the newest day.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn latest(&self) -> Result<Option<Publication>, BookError> {
        let find =
            format!("{PUBLICATION} WHERE as_of <= ?1 AND superseded_by IS NULL ORDER BY as_of DESC LIMIT 1");
        self.read(|moment| one(moment, &find, u16::MAX.into()))
    }

    /// The lines of a publication, best first, of those who still agree.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn lines(&self, publication: i64) -> Result<Vec<Line>, BookError> {
        self.page(publication, 0, usize::MAX)
    }

    /// Up to `limit` of them, after so many places of the list.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn page(&self, publication: i64, after: u64, limit: usize) -> Result<Vec<Line>, BookError> {
        self.read(|moment| {
            let mut words = Words::new(moment);
            let mut find = moment.prepare_cached(&format!(
                "SELECT {LINE} FROM line CROSS JOIN person ON person.key = line.person \
                 WHERE line.publication = ?1 AND line.place > ?2 \
                 AND person.consent = 'agreed' AND person.minor = 0 AND person.exclude = 0 \
                 ORDER BY line.place LIMIT ?3"
            ))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let after = i64::try_from(after).unwrap_or(i64::MAX);
            let rows =
                find.query_and_then(params![publication, after, limit], |row| line(row, &mut words))?;
            rows.collect()
        })
    }

    /// What a publication says of a person, whatever they say to that now: ask [`Book::resident`] before you show it to others.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn line(&self, publication: i64, person: &str) -> Result<Option<Line>, BookError> {
        self.read(|moment| {
            let mut words = Words::new(moment);
            let mut find = moment.prepare_cached(&format!(
                "SELECT {LINE} FROM person CROSS JOIN line ON line.publication = ?1 AND line.person = person.key \
                 WHERE person.id = ?2"
            ))?;
            let mut rows = find.query_and_then(params![publication, person], |row| line(row, &mut words))?;
            rows.next().transpose()
        })
    }

    /// What was published of a person on these days, both included, in the order of days; whatever they say to that now: ask
    /// [`Book::resident`] before you show it to others. What was superseded is not in it.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub fn history(&self, person: &str, from: Day, to: Day) -> Result<Vec<Point>, BookError> {
        self.read(|moment| history(moment, person, from, to, "AND publication.superseded_by IS NULL"))
    }
}

/// What was published of a person; `also` narrows which publications.
pub(super) fn history(
    moment: &Transaction<'_>,
    person: &str,
    from: Day,
    to: Day,
    also: &str,
) -> Result<Vec<Point>, Trouble> {
    let mut words = Words::new(moment);
    // A cross join stays in this order: for each publication, one look-up.
    let mut find = moment.prepare_cached(&format!(
        "SELECT {LINE}, publication.as_of, publication.number FROM person CROSS JOIN publication \
         CROSS JOIN line ON line.publication = publication.number AND line.person = person.key \
         WHERE person.id = ?1 AND publication.as_of BETWEEN ?2 AND ?3 {also} \
         ORDER BY publication.as_of, publication.number"
    ))?;
    let mut rows = find.query(params![person, i64::from(from.raw()), i64::from(to.raw())])?;
    let mut points = Vec::new();
    while let Some(row) = rows.next()? {
        let (as_of, publication) = (day(row.get(9)?)?, row.get(10)?);
        points.push(Point { as_of, publication, line: line(row, &mut words)? });
    }
    Ok(points)
}

const PUBLICATION: &str = "SELECT number, as_of, stamp, scale, memo, published_at, persons, forgotten, moves, superseded_by \
                           FROM publication";

fn publication(row: &Row<'_>) -> Result<Publication, Trouble> {
    let count = |column: usize| row.get(column).map(|count: i64| count.max(0) as u64);
    Ok(Publication {
        number: row.get(0)?,
        as_of: day(row.get(1)?)?,
        stamp: row.get(2)?,
        scale: row.get(3)?,
        memo: row.get(4)?,
        published_at: time(row.get(5)?)?,
        persons: count(6)?,
        forgotten: count(7)?,
        moves: row.get(8)?,
        superseded_by: row.get(9)?,
    })
}

/// All publications, in the order of their days and numbers.
pub(super) fn publications(moment: &Transaction<'_>) -> Result<Vec<Publication>, Trouble> {
    let mut find = moment.prepare_cached(&format!("{PUBLICATION} ORDER BY as_of, number"))?;
    find.query_and_then([], publication)?.collect()
}

fn one(moment: &Transaction<'_>, find: &str, by: i64) -> Result<Option<Publication>, Trouble> {
    moment.prepare_cached(find)?.query_and_then([by], publication)?.next().transpose()
}

/// The columns that [`line`] reads.
pub(super) const LINE: &str = "person.id, line.score, line.low, line.high, line.rank, line.percentile, line.coverage, \
                               line.parts, line.reasons";

pub(super) fn line(row: &Row<'_>, words: &mut Words<'_>) -> Result<Line, Trouble> {
    let interval = match (row.get(2)?, row.get(3)?) {
        (Some(low), Some(high)) => Some(Interval { low: Score(low), high: Score(high) }),
        _ => None,
    };
    let parts = parts::read(row.get_ref(7)?.as_blob().unwrap_or_default())?;
    let reasons: Option<i64> = row.get(8)?;
    let reasons = match reasons {
        Some(key) => words.text(key)?.split_whitespace().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    Ok(Line {
        person: row.get(0)?,
        score: Score(row.get(1)?),
        interval,
        rank: row.get(4)?,
        percentile: row.get(5)?,
        coverage: row.get(6)?,
        parts: parts
            .into_iter()
            .map(|(network, part)| Ok((words.text(network)?, part)))
            .collect::<Result<_, Trouble>>()?,
        reasons,
    })
}
