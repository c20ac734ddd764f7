//! All that handlers share.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use foldhash::HashSet;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use renown_core::record::Timestamp;
use renown_store::book::{Book, BookError, Key, Pulse, Scope};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::desk::Desk;
use crate::keys::Ring;
use crate::leaderboard::{Leaderboard, Row};
use crate::looks::Looks;
use crate::problem::{Kind, Problem, fault};

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
    /// Uploads at a time: each takes disk.
    pub(crate) uploading: Semaphore,
    /// What of the book was taken up. One takes up at a time, so that nothing older takes the place of something newer.
    taken_up: Mutex<Pulse>,
}

/// How many uploads are taken at once.
const UPLOADS: usize = 2;

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
    ) -> Result<Self, BookError> {
        let this = Self {
            ring: Ring::new(book.clone()),
            book,
            desk,
            board: ArcSwap::default(),
            gone: RwLock::default(),
            looks: Looks::default(),
            rates: NonZeroU32::new(options.rate).map(|rate| RateLimiter::keyed(Quota::per_second(rate))),
            counts: Counts::default(),
            ended: AtomicBool::new(false),
            uploads: options.uploads.clone(),
            most_upload: options.most_upload,
            speaks_tls: options.tls.is_some(),
            uploading: Semaphore::new(UPLOADS),
            taken_up: Mutex::default(),
        };
        this.published()?;
        Ok(this)
    }

    /// Takes up the newest publication. Whoever was forgotten since is in memory no more after this.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read; then what was served is served on.
    pub(crate) fn published(&self) -> Result<(), BookError> {
        let mut taken_up = self.taken_up.lock().unwrap_or_else(PoisonError::into_inner);
        let pulse = self.book.pulse(taken_up.said)?;
        self.board.store(Arc::new(Leaderboard::newest(&self.book)?));
        self.hide()?;
        *taken_up = pulse;
        Ok(())
    }

    /// Finds out who of the newest publication is not to be shown.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub(crate) fn people_changed(&self) -> Result<(), BookError> {
        let _alone = self.taken_up.lock().unwrap_or_else(PoisonError::into_inner);
        self.hide()
    }

    /// Takes up a person's tags and communities.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub(crate) fn relabelled(&self, person: &str) -> Result<(), BookError> {
        let _alone = self.taken_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(resident) = self.book.resident(person)? {
            let board = self.board.load().relabelled(person, &resident.tags, &resident.communities);
            self.board.store(Arc::new(board));
        }
        Ok(())
    }

    fn hide(&self) -> Result<(), BookError> {
        let hidden = self.book.hidden()?;
        *self.gone.write().unwrap_or_else(PoisonError::into_inner) = hidden.into_iter().collect();
        Ok(())
    }

    /// Takes up what another process did: published a day, or wrote down what somebody said.
    ///
    /// # Errors
    /// [`BookError`] if the book cannot be read.
    pub(crate) fn look_around(&self) -> Result<(), BookError> {
        let known = *self.taken_up.lock().unwrap_or_else(PoisonError::into_inner);
        if self.book.pulse(known.said)? == known {
            return Ok(());
        }
        self.published()?;
        self.desk.people_changed();
        Ok(())
    }

    /// Does something with the book where it holds nobody else up.
    pub(crate) async fn with_book<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Book) -> Result<T, BookError> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        Ok(tokio::task::spawn_blocking(move || work(&app.book)).await.map_err(|_| fault())??)
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

    /// Notes a look-up of everybody whom a JSON document of the desk names.
    ///
    /// # Errors
    /// As [`App::note`]; [`Kind::Internal`] if it is none.
    pub(crate) fn note_named(&self, key: &Key, json: &[u8], action: &'static str) -> Result<(), Problem> {
        let board = self.board.load_full();
        let document = serde_json::from_slice(json)
            .map_err(|error| Problem::new(Kind::Internal, format!("a document that is none: {error}")))?;
        let mut open: Vec<&Value> = vec![&document];
        let mut noted = HashSet::default();
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => {
                    let named = board.find(text).map(|place| &board.rows[place].person);
                    if let Some(person) = named.filter(|person| noted.insert((*person).clone())) {
                        self.note(key, person, action)?;
                    }
                }
                Value::Array(all) => open.extend(all),
                Value::Object(all) => open.extend(all.values()),
                _ => {}
            }
        }
        Ok(())
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
