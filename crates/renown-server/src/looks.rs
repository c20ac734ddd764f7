//! Who looked whom up: every look-up is kept, and the person can read it.
//!
//! Look-ups may come by the ten thousand in a second, so they are counted by the hour, key, person and what was looked at, and written
//! once in a while by a thread of its own. What is counted and not yet written when the process is killed, at most a second of it, is lost;
//! an ordinary end writes it all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use foldhash::HashMap;
use renown_core::record::Timestamp;
use renown_store::book::{Book, Look};

/// How long look-ups are counted before they are written.
const PAUSE: Duration = Duration::from_millis(500);
/// More different ones than this are written without waiting for that.
const MOST: usize = 200_000;

/// How many are written at once.
const FEW: usize = 200;

/// How long one rests after these at most, however long another process made them wait.
const REST: Duration = Duration::from_millis(10);

/// What was looked at, by whom, in which hour; in the order in which the book keeps it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct What {
    person: Arc<str>,
    hour: Timestamp,
    key: Arc<str>,
    action: &'static str,
}

/// How often, and when last.
#[derive(Clone, Copy, Debug)]
struct Often {
    times: u64,
    last: Timestamp,
}

/// The hour of a time.
fn hour(at: Timestamp) -> Timestamp {
    const HOUR: i64 = 3_600_000_000;
    Timestamp::from_micros(at.micros().div_euclid(HOUR) * HOUR).unwrap_or(at)
}

/// Look-ups on their way into the book.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    waiting: Mutex<HashMap<What, Often>>,
    many: Condvar,
    /// Held by whoever writes, so that nobody reads the book while what another took is on its way.
    writing: Mutex<()>,
    /// Set while the last writing failed: then nobody is looked up, for it could not be told.
    failing: AtomicBool,
}

impl Looks {
    /// Notes a look-up; `false` if such cannot be kept at the moment, and so must not be answered.
    pub(crate) fn note(
        &self,
        key: &Arc<str>,
        person: &Arc<str>,
        action: &'static str,
        now: Timestamp,
    ) -> bool {
        let what = What { hour: hour(now), key: key.clone(), person: person.clone(), action };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.failing.load(Ordering::Relaxed) && waiting.len() >= MOST {
            return false;
        }
        let often = waiting.entry(what).or_insert(Often { times: 0, last: now });
        often.times += 1;
        often.last = now;
        if waiting.len() == MOST {
            self.many.notify_one();
        }
        true
    }

    /// Whether the last writing failed.
    pub(crate) fn are_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Writes what there is, for somebody who waits for it.
    pub(crate) fn write(&self, book: &Book) {
        self.write_resting(book, || false);
    }

    /// Writes what there is, a few at a time, and rests as long after each few as they took: all at once they would take a processor from
    /// those who are answered for a tenth of a second. Only while it `may_rest`.
    pub(crate) fn write_resting(&self, book: &Book, may_rest: impl Fn() -> bool) {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() {
            return;
        }
        let mut taken: Vec<(What, Often)> = taken.into_iter().collect();
        // Hash order must not decide in which order rows lie in a file. In this one each few have pages of their own.
        taken.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let is_pressing = taken.len() >= MOST;
        let mut written = 0;
        let mut failed = None;
        for few in taken.chunks(FEW) {
            let begun = Instant::now();
            let looks: Vec<Look> = few.iter().map(look).collect();
            failed = book.looked(&looks).err();
            if failed.is_some() {
                break;
            }
            written += few.len();
            if !is_pressing && may_rest() {
                std::thread::sleep(begun.elapsed().min(REST));
            }
        }
        self.failing.store(failed.is_some(), Ordering::Relaxed);
        let Some(error) = failed else { return };
        eprintln!("error: look-ups cannot be noted, and wait: {error}");
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, often) in taken.split_off(written) {
            let now = waiting.entry(what).or_insert(Often { times: 0, ..often });
            now.times += often.times;
            now.last = now.last.max(often.last);
        }
    }

    /// Waits until it is time to write: what was written last began then.
    pub(crate) fn pause(&self, last: Instant) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.many.wait_timeout(waiting, PAUSE.saturating_sub(last.elapsed())));
    }
}

fn look((what, often): &(What, Often)) -> Look {
    Look {
        hour: what.hour,
        key: what.key.to_string(),
        person: what.person.to_string(),
        action: what.action.to_owned(),
        times: often.times,
        last: often.last,
    }
}
