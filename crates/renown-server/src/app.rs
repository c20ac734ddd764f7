//! All that handlers share.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use foldhash::HashSet;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use renown_core::record::Timestamp;
use renown_store::book::{Book, Key, Scope};

use crate::desk::Desk;
use crate::keys::{Ring, unreadable};
use crate::leaderboard::{Leaderboard, Row};
use crate::looks::Looks;
use crate::problem::{Kind, Problem};

/// What a server is made of, and the bounds it keeps.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) book: Arc<Book>,
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) board: ArcSwap<Leaderboard>,
    /// Who is not to be shown any more, though the newest publication has them.
    pub(crate) gone: RwLock<HashSet<String>>,
    pub(crate) ring: Ring,
    pub(crate) looks: Looks,
    rates: Option<DefaultKeyedRateLimiter<String>>,
    pub(crate) counts: Counts,
    pub(crate) ended: AtomicBool,
    /// Where uploads wait to be read.
    pub(crate) uploads: std::path::PathBuf,
    pub(crate) most_upload: u64,
    /// Whether browsers may send cookies over nothing but TLS.
    pub(crate) speaks_tls: bool,
}

/// What the server counted since it started.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// By the hundreds of their status: 2xx to 5xx.
    pub(crate) answers: [AtomicU64; 4],
    /// Their times, in microseconds, all together.
    pub(crate) micros: AtomicU64,
    /// How many took at most so many microseconds: the bounds are [`BOUNDS`].
    pub(crate) within: [AtomicU64; BOUNDS.len()],
}

/// Upper bounds of times of answers, in microseconds.
pub(crate) const BOUNDS: [u64; 9] = [100, 250, 500, 1_000, 2_500, 10_000, 100_000, 1_000_000, 10_000_000];

impl App {
    pub(crate) fn new(
        book: Arc<Book>,
        desk: Arc<dyn Desk>,
        options: &crate::Options,
    ) -> Result<Self, Problem> {
        let board = Leaderboard::newest(&book).map_err(unreadable)?;
        let this = Self {
            ring: Ring::new(book.clone()),
            book,
            desk,
            board: ArcSwap::from_pointee(board),
            gone: RwLock::default(),
            looks: Looks::default(),
            rates: NonZeroU32::new(options.rate).map(|rate| RateLimiter::keyed(Quota::per_second(rate))),
            counts: Counts::default(),
            ended: AtomicBool::new(false),
            uploads: options.uploads.clone(),
            most_upload: options.most_upload,
            speaks_tls: options.tls.is_some(),
        };
        this.people_changed()?;
        Ok(this)
    }

    /// Takes up the newest publication.
    pub(crate) fn published(&self) -> Result<(), Problem> {
        self.board.store(Arc::new(Leaderboard::newest(&self.book).map_err(unreadable)?));
        self.people_changed()
    }

    /// Finds out who of the newest publication is not to be shown.
    pub(crate) fn people_changed(&self) -> Result<(), Problem> {
        let hidden = self.book.hidden().map_err(unreadable)?;
        *self.gone.write().unwrap_or_else(PoisonError::into_inner) = hidden.into_iter().collect();
        Ok(())
    }

    /// Whether somebody is not to be shown.
    pub(crate) fn is_gone(&self, person: &str) -> bool {
        self.gone.read().unwrap_or_else(PoisonError::into_inner).contains(person)
    }

    /// The row of a person whom the caller may look up; every look-up is noted.
    pub(crate) fn row<'b>(
        &self,
        board: &'b Leaderboard,
        key: &Key,
        person: &str,
        action: &'static str,
    ) -> Result<&'b Row, Problem> {
        may_see(key, person)?;
        let row = board.find(person).map(|place| &board.rows[place]).filter(|_| !self.is_gone(person));
        let row = row.ok_or_else(nobody)?;
        self.note(key, &row.person, action)?;
        Ok(row)
    }

    /// Notes a look-up.
    pub(crate) fn note(&self, key: &Key, person: &Arc<str>, action: &'static str) -> Result<(), Problem> {
        let key: Arc<str> = Arc::from(key.id.as_str());
        if self.looks.note(&key, person, action, now()) {
            return Ok(());
        }
        Err(Problem::new(Kind::Storage, "look-ups cannot be noted at the moment, so none is answered")
            .after(5))
    }

    /// Whether a key may ask once more at this moment.
    pub(crate) fn may_ask(&self, key: &str) -> Result<(), Problem> {
        match &self.rates {
            Some(rates) if rates.check_key(&key.to_owned()).is_err() => {
                Err(Problem::new(Kind::TooMany, "this key asks more often than it may: slow down").after(1))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a key may see a person: all with `read`, one's own with `self`.
pub(crate) fn may_see(key: &Key, person: &str) -> Result<(), Problem> {
    let is_own = key.scopes.contains(&Scope::OwnSelf) && key.person.as_deref() == Some(person);
    if is_own || key.scopes.contains(&Scope::Read) || key.scopes.contains(&Scope::Admin) {
        return Ok(());
    }
    // Whether there is such a person is none of this key's business either.
    Err(Problem::new(Kind::Forbidden, "this key sees its own person only"))
}

/// The answer for somebody who has no score, whether or not they exist.
pub(crate) fn nobody() -> Problem {
    Problem::new(Kind::NotFound, "nobody of this name has a published score")
}

/// The time. Only what the server itself does has times; no score depends on it.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).ok().and_then(Timestamp::from_micros).unwrap_or_else(at_first)
}

/// The first time there is: what a clock that is far off is taken for.
fn at_first() -> Timestamp {
    Timestamp::from_seconds(0).expect("1970 is a time")
}
