//! What an adapter hands over: interactions, posts with their totals, observations and handles.
//!
//! The words are those of `ActivityStreams` 2.0: an *actor* does something of a *kind* to an *object* that
//! belongs to a *target*. Records borrow from the bytes they were read from, so that handing one over copies
//! nothing.

use std::fmt;

use crate::words::Word;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Microseconds in a day; Renown's days are UTC and have no leap seconds.
const DAY: i64 = 86_400 * SECOND;

impl Timestamp {
    /// The first moment that a record may carry: 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The last moment that a record may carry: the end of 2148-12-31.
    pub const MAX: Self = Self(65_379 * DAY - 1);

    /// From microseconds since 1970; `None` outside [`Timestamp::MIN`]..=[`Timestamp::MAX`].
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros >= Self::MIN.0 && micros <= Self::MAX.0 { Some(Self(micros)) } else { None }
    }

    /// From whole seconds since 1970; `None` outside the range.
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        match seconds.checked_mul(SECOND) {
            Some(micros) => Self::from_micros(micros),
            None => None,
        }
    }

    /// From whole milliseconds since 1970; `None` outside the range.
    pub const fn from_millis(millis: i64) -> Option<Self> {
        match millis.checked_mul(1_000) {
            Some(micros) => Self::from_micros(micros),
            None => None,
        }
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The beginning of the UTC day it falls on.
    #[must_use]
    pub const fn midnight(self) -> Self {
        Self(self.0 - self.0 % DAY)
    }

    /// The UTC day it falls on.
    pub const fn day(self) -> Day {
        Day((self.0 / DAY) as u16 + 1)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => at.fmt(f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// A UTC day, or [`Day::UNDATED`] for what an export gives no time for.
///
/// Age is counted in whole days, so a tally needs two bytes for a time and a decay is looked up, not computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u16);

impl Day {
    /// No time is known. Sorts before every day.
    pub const UNDATED: Self = Self(0);

    /// The day of a time that may be unknown.
    pub const fn of(at: Option<Timestamp>) -> Self {
        match at {
            Some(at) => at.day(),
            None => Self::UNDATED,
        }
    }

    /// From the raw form in which tallies store it.
    pub const fn from_raw(raw: u16) -> Self {
        Self(raw)
    }

    /// The raw form in which tallies store it: 0 undated, else days since 1970 plus one.
    pub const fn raw(self) -> u16 {
        self.0
    }

    /// Whether a time is known.
    pub const fn is_dated(self) -> bool {
        self.0 != 0
    }
}

impl fmt::Display for Day {
    /// As `2026-09-30`, or `undated`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_dated() {
            return f.write_str("undated");
        }
        let at = jiff::Timestamp::from_second(i64::from(self.0 - 1) * 86_400).map_err(|_| fmt::Error)?;
        at.to_zoned(jiff::tz::TimeZone::UTC).date().fmt(f)
    }
}

/// The name that a network gives to an account, a post or an act: text, or an integer of any width.
///
/// A text that spells a 64-bit integer plainly (`"123"`, `"-5"`; not `"007"` or `"+1"`) is the same id as that integer,
/// so that a JSON string and a Parquet column meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id<'a> {
    /// A 64-bit integer.
    Number(i64),
    /// Anything else, integers beyond 64 bits included.
    Text(&'a str),
}

impl<'a> Id<'a> {
    /// From text; plainly spelt 64-bit integers become [`Id::Number`].
    pub fn new(text: &'a str) -> Self {
        plain_integer(text.as_bytes()).map_or(Self::Text(text), Self::Number)
    }

    /// Whether it is the empty text, which no network uses as an id.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(""))
    }
}

impl From<i64> for Id<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The integer that `text` spells without leading zeros, plus sign or `-0`, if it fits 64 bits.
fn plain_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 19 || (digits[0] == b'0' && (digits.len() > 1 || negative)) {
        return None;
    }
    let mut value: i64 = 0;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        let digit = i64::from(digit - b'0');
        value = value.checked_mul(10)?;
        value = if negative { value.checked_sub(digit)? } else { value.checked_add(digit)? };
    }
    Some(value)
}

/// The kind that stands for a post of one's own: its actor is its target. The one kind that the core knows by name,
/// since posts are what reactions are divided by.
pub const POST: &str = "post";

/// Something that somebody did to somebody's post or account, or a total of such things.
///
/// | `actor` | `id` | `object` | meaning |
/// |---|---|---|---|
/// | known | known | any | one act: seen again under the same id, it still counts once |
/// | known | – | any | acts without a name of their own: they add up |
/// | – | any | known | a total that the post shows: of several, the newest wins |
/// | – | any | – | a total without a post: they add up |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interaction<'a> {
    /// When it happened; for a total, when the post was made or the total was taken. `None` where the export is silent.
    pub at: Option<Timestamp>,
    /// The network, from [`crate::words::Words`].
    pub network: Word,
    /// The kind, from [`crate::words::Words`].
    pub kind: Word,
    /// Who did it; `None` where the export gives only a total.
    pub actor: Option<Id<'a>>,
    /// The account that receives it. `None` if only the post is known: the post's author is then looked up among
    /// all posts read.
    pub target: Option<Id<'a>>,
    /// The post that receives it.
    pub object: Option<Id<'a>>,
    /// The act's own id, where the network gives it one (a retweet is a tweet of its own).
    pub id: Option<Id<'a>>,
    /// How many: 1 unless a total. An act of 0 is none, and says only that the network was asked.
    pub amount: u64,
}

impl Interaction<'_> {
    /// One act of a kind on a network, of which nothing else is known yet: for `..` in what an adapter builds.
    pub const fn new(network: Word, kind: Word) -> Self {
        Self { at: None, network, kind, actor: None, target: None, object: None, id: None, amount: 1 }
    }
}

/// A post: who made it, when, and the totals that it shows.
///
/// The same post may be read many times (in two pages, or inside a retweet): it counts once, and of each kind the
/// total with the newest `observed_at` wins, then the larger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post<'a> {
    /// The network.
    pub network: Word,
    /// The post's id.
    pub id: Id<'a>,
    /// Who made it; `None` if this record does not say.
    pub author: Option<Id<'a>>,
    /// When it was made.
    pub at: Option<Timestamp>,
    /// A time at which the totals were certainly not older: when the page was fetched or, failing that, the newest
    /// post in the same page. `None` if nothing is known.
    pub observed_at: Option<Timestamp>,
    /// Kind and amount of each total that the post shows, zeros included: a zero says that the network was asked.
    pub totals: &'a [(Word, u64)],
}

/// A number that the network shows beside an account: followers, subscribers, views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation<'a> {
    /// When it was so; `None` where the export is silent.
    pub at: Option<Timestamp>,
    /// The network.
    pub network: Word,
    /// The account.
    pub account: Id<'a>,
    /// What was counted.
    pub metric: Word,
    /// The count.
    pub value: u64,
}

/// The name under which an account is addressed on its network, without the `@`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle<'a> {
    /// The network.
    pub network: Word,
    /// The account.
    pub account: Id<'a>,
    /// Its handle.
    pub handle: &'a str,
}

/// That an account took part in a community of its network: a group, a subreddit, an instance. A community is not an account:
/// where the network calls both by one name, as a page that is commented on, there is no such record.
///
/// It weighs nothing. It says who belongs together, so that one can ask for those alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership<'a> {
    /// When it did; `None` where it always does, as on the instance that the account is of.
    pub at: Option<Timestamp>,
    /// The network.
    pub network: Word,
    /// The account.
    pub account: Id<'a>,
    /// What the network calls the community: a name, or an id.
    pub community: &'a str,
}

/// Something that was taken back. It then counts for nothing, whenever it was done, and in whichever order the two are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undo<'a> {
    /// When it was taken back; `None` where the export is silent.
    pub at: Option<Timestamp>,
    /// The network.
    pub network: Word,
    /// What was taken back.
    pub undone: Undone<'a>,
}

/// What can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone<'a> {
    /// The act of a kind that has this id.
    Act {
        /// The kind.
        kind: Word,
        /// The act's own id, as in [`Interaction::id`].
        id: Id<'a>,
    },
    /// A post, with the totals that it shows. What others are known to have done with it stays.
    Post(Id<'a>),
    /// An account: what it did, and what was done to it. Of several such records about an account the newest counts.
    Account {
        /// The account.
        account: Id<'a>,
        /// Whether it is there again, and all of it counts.
        back: bool,
    },
}

/// The largest amount, total or observed value that a record may carry: 10^18. A larger one is not a count of anything.
pub const MAX_AMOUNT: u64 = 1_000_000_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_integers_meet_their_text_and_nothing_else_does() {
        assert_eq!(Id::new("123"), Id::Number(123));
        assert_eq!(Id::new("-9223372036854775808"), Id::Number(i64::MIN));
        assert_eq!(Id::new("0"), Id::Number(0));
        for text in ["007", "+1", "-0", "", "-", "9223372036854775808", "12a", "１"] {
            assert_eq!(Id::new(text), Id::Text(text), "{text}");
        }
    }

    #[test]
    fn days_are_utc_days() {
        let at = Timestamp::from_seconds(86_399).unwrap();
        assert_eq!(at.day().to_string(), "1970-01-01");
        assert_eq!(Timestamp::from_seconds(86_400).unwrap().day().to_string(), "1970-01-02");
        assert_eq!(Timestamp::MAX.day().to_string(), "2148-12-31");
        assert_eq!(Timestamp::from_seconds(-1), None);
        assert_eq!(Timestamp::from_seconds(i64::MAX), None);
    }
}
