//! Publishing: the scores of a day, as they were said then, for good.

use std::sync::Arc;

use renown_core::curve::Score;
use renown_core::interval::Interval;
use renown_core::record::{Day, Timestamp};
use rusqlite::{OptionalExtension, Transaction, params};

use super::communities;
use super::connections::{Book, Lasting, Trouble};
use super::error::BookError;
use super::parts;
use super::people;
use super::words::Words;

/// What is to be published, beside the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPublication {
    /// As of which day scores are.
    pub as_of: Day,
    /// The digest of all that decides them.
    pub stamp: String,
    /// The name of the scale.
    pub scale: String,
    /// What there is to say about it, such as why the ruler changed.
    pub memo: Option<String>,
    /// When it is published.
    pub published_at: Timestamp,
    /// Who moved how far since the publication before: a histogram, as JSON.
    pub moves: Option<String>,
    /// In which communities people take part then, by their ids, each as `network:community`; who takes part in none need not be
    /// there. It is no part of what is published: of the newest day it is told as it is now.
    pub communities: Vec<(String, Vec<String>)>,
}

/// What was published once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Later ones have larger numbers.
    pub number: i64,
    /// As of which day scores are.
    pub as_of: Day,
    /// The digest of all that decides them.
    pub stamp: String,
    /// The name of the scale.
    pub scale: String,
    /// What there is to say about it.
    pub memo: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Of how many persons.
    pub persons: u64,
    /// Of how many of them the book was told to forget: their lines are gone.
    pub forgotten: u64,
    /// Who moved how far since the publication before: a histogram, as JSON.
    pub moves: Option<String>,
    /// The publication of the same day that took its place.
    pub superseded_by: Option<i64>,
}

/// What a publication says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub person: String,
    /// Their score.
    pub score: Score,
    /// Between which scores it probably lies, if that was found.
    pub interval: Option<Interval>,
    /// One more than the number of those who score higher.
    pub rank: u32,
    /// Which share of all stand lower, those on a level counted half; in ten-thousandths of a percent.
    pub percentile: u32,
    /// How much of what the weights ask for was there; in ten-thousandths.
    pub coverage: u32,
    /// What each network gave, in ten-thousandths of a point, in the order of networks' names.
    pub parts: Vec<(Arc<str>, u32)>,
    /// Why the score, or a network's part of it, is at the floor: a code, after `network:` where it is of a part.
    pub reasons: Vec<String>,
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is published, under this number.
    Now(i64),
    /// The very same was published before, under this number.
    Already(i64),
}

impl Book {
    /// Publishes the scores of a day, wholly or not at all, with lines best first. The very same once more is nothing, whatever its
    /// memo. Another publication of the day is refused unless it is said `again`; then it supersedes the former, which stays
    /// readable.
    ///
    /// # Errors
    /// [`BookError::PublishedOtherwise`]; [`BookError::Refused`] if a line is of somebody who has not agreed or is there twice.
    pub fn publish(
        &self,
        publication: &NewPublication,
        lines: impl IntoIterator<Item = Line>,
        again: bool,
    ) -> Result<Published, BookError> {
        self.write(Lasting::Surely, |change| {
            communities::set(change, publication.as_of, &publication.communities)?;
            let former = in_force(change, publication.as_of)?;
            if let (Some(former), false) = (&former, again) {
                let digest = lines.into_iter().map(|line| hash(&line)).fold(0, u128::wrapping_add);
                return if former.is(publication, digest) {
                    Ok(Published::Already(former.number))
                } else {
                    Err(BookError::PublishedOtherwise(publication.as_of).into())
                };
            }
            let find = "SELECT coalesce(max(number), 0) + 1 FROM publication";
            let number = change.query_row(find, [], |row| row.get(0))?;
            change.execute_batch("SAVEPOINT publishing")?;
            let (persons, digest) = write_lines(change, number, lines)?;
            if let Some(former) = former {
                if former.is(publication, digest) {
                    change.execute_batch("ROLLBACK TO publishing")?;
                    return Ok(Published::Already(former.number));
                }
                change.execute(
                    "UPDATE publication SET superseded_by = ?2 WHERE number = ?1",
                    [former.number, number],
                )?;
            }
            change.execute(
                "INSERT INTO publication (number, as_of, stamp, scale, memo, published_at, persons, digest, moves) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    number,
                    i64::from(publication.as_of.raw()),
                    publication.stamp,
                    publication.scale,
                    publication.memo,
                    publication.published_at.micros(),
                    persons as i64,
                    digest.to_le_bytes(),
                    publication.moves
                ],
            )?;
            Ok(Published::Now(number))
        })
    }
}

/// The publication of a day that no other took the place of.
struct InForce {
    number: i64,
    stamp: String,
    scale: String,
    digest: u128,
}

impl InForce {
    /// Whether it is the same as one with lines of this digest.
    fn is(&self, publication: &NewPublication, digest: u128) -> bool {
        (&self.stamp, &self.scale, self.digest) == (&publication.stamp, &publication.scale, digest)
    }
}

fn in_force(change: &Transaction<'_>, day: Day) -> Result<Option<InForce>, Trouble> {
    let find =
        "SELECT number, stamp, scale, digest FROM publication WHERE as_of = ?1 AND superseded_by IS NULL";
    let found = change.query_row(find, [i64::from(day.raw())], |row| {
        let digest = u128::from_le_bytes(row.get(3)?);
        Ok(InForce { number: row.get(0)?, stamp: row.get(1)?, scale: row.get(2)?, digest })
    });
    Ok(found.optional()?)
}

/// Writes the lines of a publication; gives how many there are, and the sum of their hashes.
fn write_lines(
    change: &Transaction<'_>,
    number: i64,
    lines: impl IntoIterator<Item = Line>,
) -> Result<(u64, u128), Trouble> {
    let mut find = change.prepare_cached(people::AGREED)?;
    let mut add = change.prepare_cached(
        "INSERT INTO line (publication, place, person, score, low, high, rank, percentile, coverage, parts, reasons) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
    )?;
    let mut words = Words::new(change);
    let (mut place, mut digest, mut strangers, mut bytes) = (0_u64, 0_u128, 0_u64, Vec::new());
    for line in lines {
        let person: Option<i64> = find.query_row([&line.person], |row| row.get(0)).optional()?;
        let Some(person) = person else {
            strangers += 1;
            continue;
        };
        digest = digest.wrapping_add(hash(&line));
        let networks = line.parts.iter().map(|(network, part)| Ok((words.key(network)?, *part)));
        parts::write(&mut bytes, networks.collect::<Result<Vec<_>, Trouble>>()?);
        let reasons = if line.reasons.is_empty() { None } else { Some(words.key(&line.reasons.join(" "))?) };
        place += 1;
        let added = add.execute(params![
            number,
            place as i64,
            person,
            line.score.0,
            line.interval.map(|interval| interval.low.0),
            line.interval.map(|interval| interval.high.0),
            line.rank,
            line.percentile,
            line.coverage,
            bytes,
            reasons
        ])?;
        if added == 0 {
            let why = "cannot publish scores in which a person is there twice";
            return Err(BookError::Refused(why.into()).into());
        }
    }
    if strangers > 0 {
        return Err(BookError::Refused(format!(
            "cannot publish scores of {strangers} whom the book does not have as having agreed: score anew, by the people of the \
             book"
        ))
        .into());
    }
    Ok((place, digest))
}

/// The hash of all that a line says: XXH3, 128 bits. Those of a publication are added up, so that one can be taken out.
pub(super) fn hash(line: &Line) -> u128 {
    let mut bytes = Vec::with_capacity(128);
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    text(&mut bytes, &line.person);
    let (low, high) = line.interval.map_or((0, 0), |interval| (interval.low.0, interval.high.0));
    for number in [line.score.0, low, high, line.rank, line.percentile, line.coverage] {
        bytes.extend(number.to_le_bytes());
    }
    for (network, part) in &line.parts {
        text(&mut bytes, network);
        bytes.extend(part.to_le_bytes());
    }
    text(&mut bytes, &line.reasons.join(" "));
    twox_hash::XxHash3_128::oneshot(&bytes)
}
