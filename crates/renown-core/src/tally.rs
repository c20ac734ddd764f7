//! The tally: what is kept of the records while they stream by.
//!
//! A tally is a commutative monoid: records and whole tallies can be added in any order and any grouping, and give the
//! same state. That is so because each of its stores is one:
//!
//! | store | what | two of the same |
//! |---|---|---|
//! | acts | actor, day, target, kind → amount | add up |
//! | named acts | network, kind, act's id, actor, target → day, amount | count once: the larger day and amount |
//! | posts | network, post's id → author, day, totals | count once: the newest totals, then the larger |
//! | flows | target, day, kind → amount, done by nobody known or by oneself | add up |
//! | observations | account, metric, time → value | the newest of each 32 days, then the larger |
//! | gone | network, kind, act's id, or network, post's id | count once |
//! | fates | account, time → closed or back | the newest |
//! | memberships | account, community → day | without a day, or else the newest |
//!
//! Stores are plain rows in [`crate::accounts::PARTS`] parts. A part is sorted and its equal rows joined whenever it has grown by a third
//! of what was left the last time, so that memory follows what is distinct and not what was read, at a cost in time of a
//! few sorts. Acts whose accounts are to be looked up yet wait before that, up to a fixed number.
//!
//! Many threads fill one tally: each gathers records in a [`Batch`] of its own and adds that.

mod arrivals;
mod batch;
mod columns;
mod row;
mod shape;
pub mod state;
mod store;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrivals::Arrivals;
use batch::Counts;
pub use batch::{BadRecord, Batch, MAX_ID};
use rayon::prelude::*;
pub(crate) use row::{
    Act, COMMUNITY, Fate, Flow, Gone, Member, NO_TOTAL, NamedAct, PendingAct, PostRow, SLOTS, Seen, WIDE,
    earliest, filled, other_names,
};
pub(crate) use shape::{Shape, Shapes};
use store::{Parts, copy, parts, shelve_in};
pub(crate) use store::{Row, Scatter, Store, bytes, shelve};

use crate::accounts::{Accounts, PARTS};
use crate::columns::Columns;
use crate::record::{Day, POST, Timestamp};
use crate::scratch::{Room, ScratchError};
use crate::words::{TooManyWords, Word, Words};

/// How many records of a network and kind (or metric) were read, for the summary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// The network.
    pub network: Word,
    /// The kind or metric.
    pub word: Word,
    /// Whether it is a metric.
    pub is_metric: bool,
    /// How many records.
    pub records: u64,
}

/// What is kept of all records of a run.
#[derive(Debug)]
pub struct Tally {
    pub(crate) words: Arc<Words>,
    /// The word for [`POST`].
    pub(crate) post: Word,
    pub(crate) accounts: Accounts,
    /// Records of later days are left out, if a last day was given.
    until: Option<Day>,
    /// Acts whose accounts are to be looked up, which then are acts as all others.
    arrivals: Arrivals,
    pub(crate) acts: Parts<Act>,
    pub(crate) named: Parts<NamedAct>,
    pub(crate) pending: Parts<PendingAct>,
    pub(crate) posts: Parts<PostRow>,
    pub(crate) flows: Parts<Flow>,
    pub(crate) seen: Parts<Seen>,
    pub(crate) gone: Parts<Gone>,
    pub(crate) fates: Parts<Fate>,
    /// A handle (as an account named `@handle`) and the account that has it.
    pub(crate) handles: Parts<(u32, u32)>,
    pub(crate) members: Parts<Member>,
    pub(crate) shapes: Mutex<Shapes>,
    /// Dated records by day.
    days: Mutex<Vec<u64>>,
    counts: Mutex<Counts>,
    later: AtomicU64,
    room: Option<Room>,
}

impl Tally {
    /// An empty tally over a table of words. With `until`, records of later days are counted and left out.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table has no room for [`POST`].
    pub fn new(words: Arc<Words>, until: Option<Day>) -> Result<Self, TooManyWords> {
        Ok(Self {
            post: words.intern(POST)?,
            words,
            accounts: Accounts::default(),
            until,
            arrivals: Arrivals::default(),
            acts: parts(),
            named: parts(),
            pending: parts(),
            posts: parts(),
            flows: parts(),
            seen: parts(),
            gone: parts(),
            fates: parts(),
            handles: parts(),
            members: parts(),
            shapes: Mutex::default(),
            days: Mutex::new(vec![0; usize::from(Timestamp::MAX.day().raw()) + 1]),
            counts: Mutex::default(),
            later: AtomicU64::new(0),
            room: None,
        })
    }

    /// The same tally, empty as it is, within so much room.
    #[must_use]
    pub fn within(mut self, room: Room) -> Self {
        self.room = Some(room);
        self
    }

    /// Lays rows aside if they have outgrown the room there is; to be called now and then while batches are added. Rows of
    /// which there are as many as people and days, such as observations, are kept: only what grows with every record is laid aside.
    ///
    /// # Errors
    /// [`ScratchError`]; the tally is of no use then.
    pub fn make_room(&self) -> Result<(), ScratchError> {
        let Some(room) = &self.room else { return Ok(()) };
        // Whoever meets with too much lays the next part aside, and so on until there is room: who reads on adds no faster than that.
        for _ in 0..PARTS {
            // Of what is looked up, sorted and laid aside meanwhile, some is there twice.
            let most = room.for_rows(self.accounts.bytes())? / 4 * 3;
            let passing = self.passing_bytes();
            // Little would be gained by little, and many short runs.
            if self.lasting_bytes() + passing <= most || passing <= most / 8 {
                break;
            }
            let part = self.arrivals.find_next(&self.accounts, &self.acts);
            self.shelve_in(part, room)?;
        }
        Ok(())
    }

    /// Lays aside all rows that may be laid aside, if the tally has a room. Uses the current rayon thread pool.
    pub(crate) fn shelve(&self) -> Result<(), ScratchError> {
        let Some(room) = &self.room else { return Ok(()) };
        (0..PARTS).into_par_iter().try_for_each(|part| self.shelve_in(part, room))
    }

    fn shelve_in(&self, part: usize, room: &Room) -> Result<(), ScratchError> {
        shelve_in(&self.acts, part, &room.scratch)?;
        shelve_in(&self.named, part, &room.scratch)?;
        shelve_in(&self.pending, part, &room.scratch)?;
        shelve_in(&self.posts, part, &room.scratch)
    }

    /// The memory that rows take which are never laid aside.
    fn lasting_bytes(&self) -> usize {
        bytes(&self.flows) + bytes(&self.seen) + bytes(&self.handles) + bytes(&self.members)
    }

    /// The memory that rows take which may be laid aside.
    fn passing_bytes(&self) -> usize {
        let acts = self.arrivals.bytes() + bytes(&self.acts) + bytes(&self.named) + bytes(&self.pending);
        acts + bytes(&self.posts)
    }

    /// Whether there is a limit to memory.
    pub(crate) fn has_limit(&self) -> bool {
        self.room.is_some()
    }

    /// The room in which the tally is to be put in order; `None` if it has all it needs.
    pub(crate) fn room_to_settle(&self) -> Option<Room> {
        let room = self.room.clone()?;
        let is_shelved = any_shelved(&self.acts)
            || any_shelved(&self.named)
            || any_shelved(&self.pending)
            || any_shelved(&self.posts);
        // Acts become gifts, which are a quarter larger.
        let rows = (self.lasting_bytes() + self.passing_bytes()) / 4 * 5;
        (is_shelved || !room.holds(rows, self.accounts.bytes())).then_some(room)
    }

    /// The table of words.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// The table of accounts. Looks those up that acts still wait for, which the first time takes a while, on this thread.
    pub fn accounts(&self) -> &Accounts {
        self.arrivals.find(&self.accounts, &self.acts);
        &self.accounts
    }

    /// An empty batch for this tally.
    pub fn batch(&self) -> Batch {
        Batch::new(&self.accounts)
    }

    /// Records read, by network and word.
    pub fn counts(&self) -> Vec<Count> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .0
            .iter()
            .map(|&(key, records)| {
                let (network, word, is_metric) = Counts::of_key(key);
                Count { network, word, is_metric, records }
            })
            .collect()
    }

    /// The last day, if one was given.
    pub fn until(&self) -> Option<Day> {
        self.until
    }

    /// Records of days after the last day, which were left out.
    pub fn later(&self) -> u64 {
        self.later.load(Ordering::Relaxed)
    }

    /// The newest day that is meant: the last day with records, unless it and the few beside it stand alone in the far
    /// future. Returns it with the number of dated records after it, which were set aside.
    ///
    /// One post dated 2099 by a broken clock must not push everybody out of the window. Days are walked from the
    /// newest back; where a gap longer than `window` days has at most one in a thousand of all records
    /// behind it, those are set aside. Behind a gap of more than twenty years, which is about as old as social networks are,
    /// it is enough that they are fewer than the others; what is dated 1970, as a missing time often is, stands for nothing
    /// there.
    pub fn newest_day(&self, window: u16) -> (Option<Day>, u64) {
        newest_day(&self.days.lock().unwrap_or_else(PoisonError::into_inner), window)
    }

    /// Adds a batch of this tally and empties it.
    ///
    /// # Panics
    /// If the batch is of another tally.
    pub fn add(&self, batch: &mut Batch) {
        batch.accounts.resolve(&self.accounts, &mut batch.resolved);
        self.arrivals.add(&mut batch.arriving, &self.accounts, &self.acts);
        batch.acts.drain_into(&self.acts, &batch.resolved);
        batch.named.drain_into(&self.named, &batch.resolved);
        batch.pending.drain_into(&self.pending, &batch.resolved);
        batch.flows.drain_into(&self.flows, &batch.resolved);
        batch.seen.drain_into(&self.seen, &batch.resolved);
        batch.gone.drain_into(&self.gone, &batch.resolved);
        batch.fates.drain_into(&self.fates, &batch.resolved);
        batch.handles.drain_into(&self.handles, &batch.resolved);
        batch.members.drain_into(&self.members, &batch.resolved);
        self.add_posts(batch);
        {
            let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
            for (day, records) in batch.days.drain(..) {
                days[usize::from(day.raw())] += records;
            }
        }
        self.add_counts(batch.counts.0.drain(..));
        batch.records = 0;
    }

    /// Looks up the accounts of those acts that wait for it, on the current rayon thread pool, when all batches are added.
    pub(crate) fn find_accounts(&mut self) -> Result<(), ScratchError> {
        let (accounts, room) = (&self.accounts, &self.room);
        let has_room = || room.as_ref().map_or(Ok(()), |room| room.for_rows(accounts.bytes()).map(drop));
        self.arrivals.find_all(accounts, &self.acts, has_room)
    }

    /// Counts the records of a batch and forgets them: they were checked, and somebody else keeps them.
    pub fn count(&self, batch: &mut Batch) {
        self.add_counts(batch.counts.0.drain(..));
        *batch = self.batch();
    }

    fn add_counts(&self, more: impl IntoIterator<Item = (u64, u64)>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, records) in more {
            counts.add(key, records);
        }
    }

    /// Posts first get their shapes' numbers in this tally.
    fn add_posts(&self, batch: &mut Batch) {
        if batch.shapes.len() > batch.shape_numbers.len() {
            let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            let new = batch.shapes.iter().skip(batch.shape_numbers.len());
            batch.shape_numbers.extend(new.map(|shape| shapes.number(shape)));
        }
        for row in batch.posts.rows.iter_mut().filter(|row| row.shape & WIDE == 0) {
            row.shape = batch.shape_numbers[row.shape as usize];
        }
        batch.posts.drain_into(&self.posts, &batch.resolved);
    }

    /// The same records once more, to which others may be added. None may be laid aside. Uses the current rayon thread pool.
    ///
    /// # Panics
    /// If the tally is within a room.
    #[must_use]
    pub fn copy(&self) -> Self {
        assert!(self.room.is_none(), "a tally is copied in memory");
        self.arrivals.find(&self.accounts, &self.acts);
        Self {
            words: self.words.clone(),
            post: self.post,
            accounts: self.accounts.copy(),
            until: self.until,
            arrivals: Arrivals::default(),
            acts: copy(&self.acts),
            named: copy(&self.named),
            pending: copy(&self.pending),
            posts: copy(&self.posts),
            flows: copy(&self.flows),
            seen: copy(&self.seen),
            gone: copy(&self.gone),
            fates: copy(&self.fates),
            handles: copy(&self.handles),
            members: copy(&self.members),
            shapes: clone(&self.shapes),
            days: clone(&self.days),
            counts: clone(&self.counts),
            later: AtomicU64::new(self.later()),
            room: None,
        }
    }

    /// Counts records that were left out since they are later than the last day.
    pub fn leave_out(&self, records: u64) {
        self.later.fetch_add(records, Ordering::Relaxed);
    }
}

fn any_shelved<T: Row + Columns>(parts: &Parts<T>) -> bool {
    parts.iter().any(|part| part.lock().unwrap_or_else(PoisonError::into_inner).is_shelved())
}

fn clone<T: Clone>(of: &Mutex<T>) -> Mutex<T> {
    Mutex::new(of.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// The days of a year, and of a gap that is no pause but a broken clock.
const YEAR: usize = 365;
const AGES: usize = 20 * YEAR;

/// The newest day that is meant, as [`Tally::newest_day`], of days by their raw form with so many records each.
pub fn newest_day(days: &[u64], window: u16) -> (Option<Day>, u64) {
    let sum = |days: &[u64]| days.iter().fold(0, |sum: u64, day| sum.saturating_add(*day));
    let (few, half) = (sum(days) / 1_000, sum(days.get(YEAR..).unwrap_or_default()).div_ceil(2));
    let mut dated = (0..days.len()).rev().filter(|&day| days[day] > 0);
    let Some(mut newest) = dated.next() else { return (None, 0) };
    let (mut aside, mut since) = (0, days[newest]);
    let mut later = newest;
    for day in dated {
        if since > few && since >= half {
            break;
        }
        let gap = later - day;
        if gap > usize::from(window) && (since <= few || gap > AGES && since < half) {
            newest = day;
            aside = since;
        }
        later = day;
        since = since.saturating_add(days[day]);
    }
    (Some(Day::from_raw(newest as u16)), aside)
}
