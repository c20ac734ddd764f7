//! The tally: what is kept of the records while they stream by.
//!
//! A tally is a commutative monoid: records and whole tallies can be added in any order and any grouping, and give the
//! same state. That is so because each of its five stores is one:
//!
//! | store | what | two of the same |
//! |---|---|---|
//! | acts | actor, day, target, kind → amount | add up |
//! | named acts | network, kind, act's id, actor, target → day, amount | count once: the larger day and amount |
//! | posts | network, post's id → author, day, totals | count once: the newest totals, then the larger |
//! | flows | target, day, kind → amount, nobody known to have done it | add up |
//! | observations | account, metric, time → value | the newest of each 32 days, then the larger |
//!
//! Stores are plain rows in [`PARTS`] parts. A part is sorted and its equal rows joined whenever it has grown by a third
//! of what was left the last time, so that memory follows what is distinct and not what was read, at a cost in time of a
//! few sorts.
//!
//! Many threads fill one tally: each gathers records in a [`Batch`] of its own and adds that.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;

use crate::accounts::{Account, Accounts, Named, PARTS};
use crate::record::{Day, Handle, Id, Interaction, Observation, POST, Post, Timestamp};
use crate::words::{TooManyWords, Word, Words};

/// Acts of one actor on one target, one day and kind, packed so that sorting by number groups by actor, day, target,
/// kind: 32, 16, 32, 16 bits, and the amount in the last 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Act(u128);

impl Act {
    pub(crate) fn new(actor: u32, day: Day, target: u32, kind: Word, amount: u32) -> Self {
        Self(
            (u128::from(actor) << 96)
                | (u128::from(day.raw()) << 80)
                | (u128::from(target) << 48)
                | (u128::from(kind.0) << 32)
                | u128::from(amount),
        )
    }
    pub(crate) fn actor(self) -> u32 {
        (self.0 >> 96) as u32
    }
    pub(crate) fn day(self) -> Day {
        Day::from_raw((self.0 >> 80) as u16)
    }
    pub(crate) fn target(self) -> u32 {
        (self.0 >> 48) as u32
    }
    pub(crate) fn kind(self) -> Word {
        Word((self.0 >> 32) as u16)
    }
    pub(crate) fn amount(self) -> u32 {
        self.0 as u32
    }
}

/// An act with an id of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedAct {
    /// Of network, kind and id.
    pub(crate) key: u64,
    pub(crate) actor: u32,
    pub(crate) target: u32,
    pub(crate) day: Day,
    pub(crate) kind: Word,
    pub(crate) amount: u32,
}

/// An act on a post whose author this record does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PendingAct {
    /// Of network and post.
    pub(crate) object: u64,
    /// Of network, kind and id; 0 without an id.
    pub(crate) key: u64,
    pub(crate) actor: u32,
    pub(crate) day: Day,
    pub(crate) kind: Word,
    pub(crate) amount: u32,
}

/// How many totals fit into a post's row; a post with more takes several rows.
pub(crate) const SLOTS: usize = 6;

/// A slot that holds no total.
pub(crate) const NO_TOTAL: u32 = u32::MAX;

/// A post and some of its totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PostRow {
    /// Of network and post.
    pub(crate) object: u64,
    /// Which kinds the slots are.
    pub(crate) shape: u16,
    pub(crate) day: Day,
    pub(crate) author: u32,
    /// Seconds since 1970; 0 unknown.
    pub(crate) observed: u32,
    /// Whether the row says that this was posted; otherwise it only carries totals, as of a comment.
    pub(crate) is_post: bool,
    pub(crate) totals: [u32; SLOTS],
}

/// A row whose one total takes two slots, low half first, since it is beyond 32 bits: the kind is in the other bits.
pub(crate) const WIDE: u16 = 1 << 15;

/// Slot, kind and total of each filled slot of a post row.
pub(crate) fn filled<'s>(
    shape: u16,
    totals: &'s [u32; SLOTS],
    shapes: &'s [Shape],
) -> impl Iterator<Item = (usize, Word, u64)> + 's {
    let is_wide = shape & WIDE != 0;
    let wide = (is_wide && totals[1] != NO_TOTAL).then(|| (0, Word(shape & !WIDE), wide_total(totals)));
    let kinds = if is_wide { &[][..] } else { &shapes[usize::from(shape)][..] };
    let narrow = kinds.iter().zip(totals).enumerate();
    narrow
        .filter(|(_, (_, total))| **total != NO_TOTAL)
        .map(|(slot, (kind, total))| (slot, *kind, u64::from(*total)))
        .chain(wide)
}

fn wide_total(totals: &[u32; SLOTS]) -> u64 {
    u64::from(totals[1]) << 32 | u64::from(totals[0])
}

/// The kinds of a post row's slots.
pub(crate) type Shape = Vec<Word>;

/// A total without an actor or a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flow {
    pub(crate) target: u32,
    pub(crate) kind: Word,
    pub(crate) day: Day,
    pub(crate) amount: u64,
}

/// A number seen beside an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// Account, metric and day: 32, 16 and 16 bits.
    key: u64,
    /// Seconds since 1970; 0 undated.
    at: u32,
    pub(crate) value: u64,
}

impl Seen {
    pub(crate) fn new(account: u32, metric: Word, day: Day, at: u32, value: u64) -> Self {
        Self { key: u64::from(account) << 32 | u64::from(metric.0) << 16 | u64::from(day.raw()), at, value }
    }
    pub(crate) fn account(self) -> u32 {
        (self.key >> 32) as u32
    }
    pub(crate) fn metric(self) -> Word {
        Word((self.key >> 16) as u16)
    }
    pub(crate) fn day(self) -> Day {
        Day::from_raw(self.key as u16)
    }
    pub(crate) fn of_account(self, account: u32) -> Self {
        Self { key: u64::from(account) << 32 | self.key & u64::from(u32::MAX), ..self }
    }
    /// Account, metric and the 32 days among which only the newest is kept, so that a daily count over years stays
    /// small.
    fn group(self) -> u64 {
        self.key >> 5
    }
}

/// Rows of one part, and how they are kept small.
#[derive(Debug)]
pub(crate) struct Store<T> {
    rows: Vec<T>,
    settled: usize,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), settled: 0 }
    }
}

/// Rows of which equal ones can be joined.
pub(crate) trait Row: Copy + Ord + Send {
    /// A part is not joined before it has so many rows.
    const ENOUGH: usize;
    /// Joins `next`, which sorts after `self`, if both are about the same thing.
    fn join(&mut self, next: &Self) -> bool;
}

impl<T: Row> Store<T> {
    fn extend(&mut self, rows: impl ExactSizeIterator<Item = T>) {
        let enough = (self.settled + self.settled / 3).max(T::ENOUGH);
        let after = self.rows.len() + rows.len();
        if after > self.rows.capacity() && after >= T::ENOUGH / 2 {
            // As much as can come before the next joining, and not twice what there is.
            self.rows.reserve_exact(enough.max(after) - self.rows.len());
        }
        self.rows.extend(rows);
        if self.rows.len() >= enough {
            self.join();
        }
    }

    /// Sorts and joins.
    pub(crate) fn join(&mut self) {
        self.rows[self.settled..].sort_unstable();
        if self.settled > 0 {
            // Two sorted runs: the stable sort sees that, and merges them.
            self.rows.sort();
        }
        self.rows.dedup_by(|next, kept| kept.join(next));
        self.settled = self.rows.len();
    }

    /// The rows as they are.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Changes every row in place; they are joined anew when next needed.
    pub(crate) fn edit(&mut self, change: impl FnMut(&mut T)) {
        self.rows.iter_mut().for_each(change);
        self.settled = 0;
    }

    /// All rows, sorted and joined.
    pub(crate) fn into_rows(mut self) -> Vec<T> {
        self.join();
        self.rows
    }
}

impl Row for Act {
    // Acts seldom repeat, so a part is left alone until it holds 16 MB.
    const ENOUGH: usize = 1 << 20;
    fn join(&mut self, next: &Self) -> bool {
        // What does not fit 32 bits stays in two rows: sums are taken wider later.
        let sum = u64::from(self.amount()) + u64::from(next.amount());
        let same = self.0 >> 32 == next.0 >> 32 && u32::try_from(sum).is_ok();
        if same {
            self.0 = (self.0 >> 32) << 32 | u128::from(sum);
        }
        same
    }
}

impl Row for NamedAct {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &Self) -> bool {
        let same = (self.key, self.actor, self.target) == (next.key, next.actor, next.target);
        if same {
            self.day = self.day.max(next.day);
            self.amount = self.amount.max(next.amount);
        }
        same
    }
}

impl Row for PendingAct {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &Self) -> bool {
        // Without an id two acts are two, however alike.
        self.key != 0 && self == next
    }
}

impl Row for PostRow {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &Self) -> bool {
        let same = (self.object, self.shape) == (next.object, next.shape);
        if same {
            self.author = self.author.min(next.author);
            self.day = earliest(self.day, next.day);
            self.is_post |= next.is_post;
            if next.observed > self.observed {
                self.totals = next.totals;
                self.observed = next.observed;
            } else if next.observed == self.observed && self.shape & WIDE == 0 {
                self.totals = std::array::from_fn(|slot| self.totals[slot].max(next.totals[slot]));
            } else if next.observed == self.observed && wide_total(&next.totals) > wide_total(&self.totals) {
                self.totals = next.totals;
            }
        }
        same
    }
}

impl Row for Flow {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &Self) -> bool {
        let same = (self.target, self.kind, self.day) == (next.target, next.kind, next.day);
        if same {
            self.amount = self.amount.saturating_add(next.amount);
        }
        same
    }
}

impl Row for Seen {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &Self) -> bool {
        // `next` sorts after `self`, so it is the newer, then the larger.
        let same = self.group() == next.group();
        if same {
            *self = *next;
        }
        same
    }
}

impl Row for (u32, u32) {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &Self) -> bool {
        self == next
    }
}

/// The earlier of two days, whichever is dated.
pub(crate) fn earliest(a: Day, b: Day) -> Day {
    match (a.is_dated(), b.is_dated()) {
        (true, true) => a.min(b),
        (true, false) => a,
        _ => b,
    }
}

type Parts<T> = Vec<Mutex<Store<T>>>;

fn parts<T>() -> Parts<T> {
    (0..PARTS).map(|_| Mutex::default()).collect()
}

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
    pub(crate) acts: Parts<Act>,
    pub(crate) named: Parts<NamedAct>,
    pub(crate) pending: Parts<PendingAct>,
    pub(crate) posts: Parts<PostRow>,
    pub(crate) flows: Parts<Flow>,
    pub(crate) seen: Parts<Seen>,
    /// A handle (as an account named `@handle`) and the account that has it.
    pub(crate) handles: Parts<(u32, u32)>,
    pub(crate) shapes: Mutex<Vec<Shape>>,
    /// Dated records by day.
    days: Mutex<Vec<u64>>,
    counts: Mutex<Counts>,
    later: AtomicU64,
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
            acts: parts(),
            named: parts(),
            pending: parts(),
            posts: parts(),
            flows: parts(),
            seen: parts(),
            handles: parts(),
            shapes: Mutex::default(),
            days: Mutex::new(vec![0; usize::from(Timestamp::MAX.day().raw()) + 1]),
            counts: Mutex::default(),
            later: AtomicU64::new(0),
        })
    }

    /// The table of words.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// The table of accounts.
    pub fn accounts(&self) -> &Accounts {
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
            .map(|&(key, records)| Count {
                network: Word((key >> 17) as u16),
                word: Word((key >> 1) as u16),
                is_metric: key & 1 == 1,
                records,
            })
            .collect()
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
    /// behind it, those are set aside.
    pub fn newest_day(&self, window: u16) -> (Option<Day>, u64) {
        let days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u64 = days.iter().sum();
        let mut dated = (0..days.len()).rev().filter(|&day| days[day] > 0);
        let Some(mut newest) = dated.next() else { return (None, 0) };
        let (mut aside, mut since) = (0, days[newest]);
        let mut later = newest;
        for day in dated {
            if since > all / 1_000 {
                break;
            }
            if later - day > usize::from(window) {
                newest = day;
                aside = since;
            }
            later = day;
            since += days[day];
        }
        (Some(Day::from_raw(newest as u16)), aside)
    }

    /// Adds a batch and empties it.
    pub fn add(&self, batch: &mut Batch) {
        batch.accounts.resolve(&self.accounts, &mut batch.resolved);
        batch.acts.drain_into(&self.acts, &batch.resolved);
        batch.named.drain_into(&self.named, &batch.resolved);
        batch.pending.drain_into(&self.pending, &batch.resolved);
        batch.flows.drain_into(&self.flows, &batch.resolved);
        batch.seen.drain_into(&self.seen, &batch.resolved);
        batch.handles.drain_into(&self.handles, &batch.resolved);
        self.add_posts(batch);
        {
            let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
            for (day, records) in batch.days.drain(..) {
                days[usize::from(day.raw())] += records;
            }
        }
        {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, records) in batch.counts.0.drain(..) {
                counts.add(key, records);
            }
        }
        batch.records = 0;
    }

    /// Posts first get their shapes' numbers in this tally.
    fn add_posts(&self, batch: &mut Batch) {
        if batch.shapes.len() > batch.shape_numbers.len() {
            let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            for shape in &batch.shapes[batch.shape_numbers.len()..] {
                batch.shape_numbers.push(number_of(&mut shapes, shape));
            }
        }
        for row in batch.posts.rows.iter_mut().filter(|row| row.shape & WIDE == 0) {
            row.shape = batch.shape_numbers[usize::from(row.shape)];
        }
        batch.posts.drain_into(&self.posts, &batch.resolved);
    }

    /// Adds another tally over the same words, such as that of another part of the input.
    ///
    /// # Panics
    /// If the two tallies do not share their table of words.
    pub fn merge(&self, other: &Self) {
        assert!(Arc::ptr_eq(&self.words, &other.words), "tallies merge over one table of words");
        let mut moved: Vec<Vec<u32>> = Vec::with_capacity(PARTS);
        for part in 0..PARTS {
            moved.push(
                (0..other.accounts.part_len(part))
                    .map(|place| {
                        let (network, name) = other.accounts.name(Account::new(part, place));
                        self.accounts.intern(network, Id::new(&name)).0
                    })
                    .collect(),
            );
        }
        let account = |old: u32| {
            if old == Account::NONE { old } else { moved[Account(old).part()][Account(old).place()] }
        };
        let shapes: Vec<u16> = {
            let mut mine = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            let theirs = other.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            theirs.iter().map(|shape| number_of(&mut mine, shape)).collect()
        };
        copy(&other.acts, &self.acts, |row| {
            Act::new(account(row.actor()), row.day(), account(row.target()), row.kind(), row.amount())
        });
        copy(&other.named, &self.named, |row| NamedAct {
            actor: account(row.actor),
            target: account(row.target),
            ..row
        });
        copy(&other.pending, &self.pending, |row| PendingAct { actor: account(row.actor), ..row });
        copy(&other.posts, &self.posts, |row| PostRow {
            author: account(row.author),
            shape: if row.shape & WIDE == 0 { shapes[usize::from(row.shape)] } else { row.shape },
            ..row
        });
        copy(&other.flows, &self.flows, |row| Flow { target: account(row.target), ..row });
        copy(&other.seen, &self.seen, |row| row.of_account(account(row.account())));
        copy(&other.handles, &self.handles, |(handle, owner)| (account(handle), account(owner)));
        let theirs = other.days.lock().unwrap_or_else(PoisonError::into_inner);
        let mut mine = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        for (mine, theirs) in mine.iter_mut().zip(theirs.iter()) {
            *mine += theirs;
        }
        let theirs = other.counts.lock().unwrap_or_else(PoisonError::into_inner).0.clone();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, records) in theirs {
            counts.add(key, records);
        }
        self.later.fetch_add(other.later(), Ordering::Relaxed);
    }

    /// Counts records that were left out since they are later than the last day.
    fn leave_out(&self, records: u64) {
        self.later.fetch_add(records, Ordering::Relaxed);
    }
}

/// The number of a shape, which is added if it is new.
fn number_of(shapes: &mut Vec<Shape>, shape: &Shape) -> u16 {
    let known = shapes.iter().position(|known| known == shape);
    known.unwrap_or_else(|| {
        shapes.push(shape.clone());
        shapes.len() - 1
    }) as u16
}

fn copy<T: Row + Placed>(from: &Parts<T>, to: &Parts<T>, map: impl Fn(T) -> T) {
    for part in from {
        let rows = &part.lock().unwrap_or_else(PoisonError::into_inner).rows;
        for row in rows {
            let row = map(*row);
            to[row.part()].lock().unwrap_or_else(PoisonError::into_inner).extend([row].into_iter());
        }
    }
}

/// Records by network, word and sort, packed into a number. Few enough that a walk over them is the fastest search.
#[derive(Debug, Default)]
struct Counts(Vec<(u64, u64)>);

impl Counts {
    fn key(network: Word, word: Word, is_metric: bool) -> u64 {
        u64::from(network.0) << 17 | u64::from(word.0) << 1 | u64::from(is_metric)
    }

    fn add(&mut self, key: u64, records: u64) {
        match self.0.iter_mut().find(|known| known.0 == key) {
            Some(known) => known.1 += records,
            None => self.0.push((key, records)),
        }
    }
}

/// Which handles a batch took lately. An export says with every post who goes by what: what was said before need not be
/// written down, and looked up, again.
#[derive(Debug)]
struct HandlesSeen {
    hasher: RandomState,
    /// Hashes, each in the slot that it falls in.
    hashes: Vec<u64>,
}

impl HandlesSeen {
    const SLOTS: usize = 1 << 16;

    fn new() -> Self {
        Self { hasher: RandomState::default(), hashes: Vec::new() }
    }

    /// Whether this was seen lately. (Two different ones pass for one with a chance of 2^-64.)
    fn again(&mut self, handle: &Handle<'_>) -> bool {
        if self.hashes.is_empty() {
            self.hashes.resize(Self::SLOTS, 0);
        }
        let hash = self.hasher.hash_one((handle.network, handle.account, handle.handle));
        let slot = &mut self.hashes[hash as usize % Self::SLOTS];
        std::mem::replace(slot, hash) == hash
    }
}

/// Rows know their part, once their accounts are known.
pub(crate) trait Placed: Copy {
    fn part(&self) -> usize;
    /// Puts accounts in the place of the batch's numbers for them.
    fn resolve(&mut self, accounts: &[u32]);
}

fn resolved(accounts: &[u32], number: u32) -> u32 {
    if number == Account::NONE { number } else { accounts[number as usize] }
}

impl Placed for Act {
    fn part(&self) -> usize {
        Account(self.actor()).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        *self = Self::new(
            accounts[self.actor() as usize],
            self.day(),
            accounts[self.target() as usize],
            self.kind(),
            self.amount(),
        );
    }
}
impl Placed for NamedAct {
    fn part(&self) -> usize {
        self.key as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.actor = accounts[self.actor as usize];
        self.target = accounts[self.target as usize];
    }
}
impl Placed for PendingAct {
    fn part(&self) -> usize {
        self.object as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.actor = accounts[self.actor as usize];
    }
}
impl Placed for PostRow {
    fn part(&self) -> usize {
        self.object as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.author = resolved(accounts, self.author);
    }
}
impl Placed for Flow {
    fn part(&self) -> usize {
        Account(self.target).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.target = accounts[self.target as usize];
    }
}
impl Placed for Seen {
    fn part(&self) -> usize {
        Account(self.account()).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        *self = self.of_account(accounts[self.account() as usize]);
    }
}
impl Placed for (u32, u32) {
    fn part(&self) -> usize {
        Account(self.0).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        *self = (accounts[self.0 as usize], accounts[self.1 as usize]);
    }
}

/// Rows on their way into their parts, so that each part is locked once for many rows.
#[derive(Debug)]
pub(crate) struct Scatter<T> {
    rows: Vec<T>,
    by_part: Vec<Vec<T>>,
}

impl<T: Row + Placed> Scatter<T> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), by_part: (0..PARTS).map(|_| Vec::new()).collect() }
    }

    fn drain_into(&mut self, parts: &Parts<T>, accounts: &[u32]) {
        for mut row in self.rows.drain(..) {
            row.resolve(accounts);
            self.by_part[row.part()].push(row);
        }
        self.flush(parts);
    }

    /// Hands a row over; parts are filled in runs.
    pub(crate) fn push_into(&mut self, parts: &Parts<T>, row: T) {
        const RUN: usize = 1_024;
        let part = row.part();
        self.by_part[part].push(row);
        if self.by_part[part].len() == RUN {
            parts[part].lock().unwrap_or_else(PoisonError::into_inner).extend(self.by_part[part].drain(..));
        }
    }

    pub(crate) fn flush(&mut self, parts: &Parts<T>) {
        for (rows, part) in self.by_part.iter_mut().zip(parts) {
            if !rows.is_empty() {
                part.lock().unwrap_or_else(PoisonError::into_inner).extend(rows.drain(..));
            }
        }
    }
}

/// One thread's records on their way into a [`Tally`].
#[derive(Debug)]
pub struct Batch {
    accounts: Named,
    resolved: Vec<u32>,
    /// How many records it holds.
    records: usize,
    acts: Scatter<Act>,
    named: Scatter<NamedAct>,
    pending: Scatter<PendingAct>,
    posts: Scatter<PostRow>,
    flows: Scatter<Flow>,
    seen: Scatter<Seen>,
    handles: Scatter<(u32, u32)>,
    shapes: Vec<Shape>,
    shape_numbers: Vec<u16>,
    /// Dated records by day, a run of the same day in one.
    days: Vec<(Day, u64)>,
    counts: Counts,
    handles_seen: HandlesSeen,
    salts: Vec<u64>,
}

/// A record that a tally cannot take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// An id of no characters.
    #[error("an empty id: expected the account's or post's id")]
    EmptyId,
    /// An id longer than any network's.
    #[error("an id of more than {MAX_ID} bytes")]
    LongId,
    /// Neither a target nor a post whose author could be it.
    #[error("neither a target nor an object: expected the account or the post that received it")]
    NoTarget,
    /// More than one actor can have done.
    #[error("an amount of more than 4,294,967,295 by one actor")]
    LargeAmount,
    /// More than any network counts.
    #[error("a count of more than 10^18")]
    LargeCount,
}

/// The longest id that is taken, in bytes.
pub const MAX_ID: usize = 1_024;

impl Batch {
    fn new(accounts: &Accounts) -> Self {
        Self {
            accounts: accounts.named(),
            resolved: Vec::new(),
            records: 0,
            acts: Scatter::new(),
            named: Scatter::new(),
            pending: Scatter::new(),
            posts: Scatter::new(),
            flows: Scatter::new(),
            seen: Scatter::new(),
            handles: Scatter::new(),
            shapes: Vec::new(),
            shape_numbers: Vec::new(),
            days: Vec::new(),
            counts: Counts::default(),
            handles_seen: HandlesSeen::new(),
            salts: Vec::new(),
        }
    }

    /// Whether it holds enough that it should be added.
    pub fn is_full(&self) -> bool {
        self.accounts.len() >= 1 << 18 || self.records >= 1 << 17
    }

    /// Takes an interaction.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn interaction(&mut self, tally: &Tally, record: &Interaction<'_>) -> Result<(), BadRecord> {
        for id in [record.actor, record.target, record.object, record.id].iter().flatten() {
            check_id(*id)?;
        }
        if record.amount > crate::record::MAX_AMOUNT {
            return Err(BadRecord::LargeCount);
        }
        if record.target.is_none() && record.object.is_none() {
            return Err(BadRecord::NoTarget);
        }
        let Some(day) = self.date(tally, record.at) else { return Ok(()) };
        let (network, kind) = (record.network, record.kind);
        let Some(actor) = record.actor else {
            self.total(tally, record, day);
            self.count(network, kind, false);
            return Ok(());
        };
        let amount = u32::try_from(record.amount).map_err(|_| BadRecord::LargeAmount)?;
        self.count(network, kind, false);
        match record.target {
            None => {
                let object = record.object.map_or(0, |object| self.key(tally, network, object));
                let key = record.id.map_or(0, |id| self.act_key(tally, network, kind, id));
                let actor = self.accounts.number(network, actor);
                self.pending.rows.push(PendingAct { object, key, actor, day, kind, amount });
            }
            Some(target) if actor == target || amount == 0 => {
                // Own hands: of what one does to oneself only posting is kept; and what amounts to nothing only
                // says that the network was asked.
                let amount = if kind == tally.post { u64::from(amount) } else { 0 };
                let target = self.accounts.number(network, target);
                self.flows.rows.push(Flow { target, kind, day, amount });
            }
            Some(target) => {
                let key = record.id.map(|id| self.act_key(tally, network, kind, id));
                let (actor, target) =
                    (self.accounts.number(network, actor), self.accounts.number(network, target));
                match key {
                    Some(key) => self.named.rows.push(NamedAct { key, actor, target, day, kind, amount }),
                    None => self.acts.rows.push(Act::new(actor, day, target, kind, amount)),
                }
            }
        }
        Ok(())
    }

    /// An interaction without an actor.
    fn total(&mut self, tally: &Tally, record: &Interaction<'_>, day: Day) {
        match (record.object, record.target) {
            (Some(object), author) => self.post_rows(
                tally,
                &Post {
                    network: record.network,
                    id: object,
                    author,
                    at: record.at,
                    observed_at: record.at,
                    totals: &[(record.kind, record.amount)],
                },
                day,
                false,
            ),
            (None, Some(target)) => {
                let target = self.accounts.number(record.network, target);
                self.flows.rows.push(Flow { target, kind: record.kind, day, amount: record.amount });
            }
            (None, None) => {}
        }
    }

    /// Takes a post.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn post(&mut self, tally: &Tally, post: &Post<'_>) -> Result<(), BadRecord> {
        check_id(post.id)?;
        post.author.map_or(Ok(()), check_id)?;
        if post.totals.iter().any(|(_, amount)| *amount > crate::record::MAX_AMOUNT) {
            return Err(BadRecord::LargeCount);
        }
        let Some(day) = self.date(tally, post.at) else { return Ok(()) };
        self.count(post.network, tally.post, false);
        for &(kind, _) in post.totals {
            self.count(post.network, kind, false);
        }
        self.post_rows(tally, post, day, true);
        Ok(())
    }

    fn post_rows(&mut self, tally: &Tally, post: &Post<'_>, day: Day, is_post: bool) {
        let object = self.key(tally, post.network, post.id);
        let author = post.author.map_or(Account::NONE, |author| self.accounts.number(post.network, author));
        let observed = post.observed_at.or(post.at).map_or(0, seconds);
        let row = PostRow { object, author, observed, day, is_post, shape: 0, totals: [NO_TOTAL; SLOTS] };
        let fits = |total: &(Word, u64)| total.1 < u64::from(NO_TOTAL);
        if post.totals.len() <= SLOTS && post.totals.iter().all(fits) {
            return self.post_row(row, post.totals);
        }
        let (narrow, wide): (Vec<_>, Vec<_>) = post.totals.iter().copied().partition(fits);
        for totals in narrow.chunks(SLOTS) {
            self.post_row(row, totals);
        }
        for (kind, total) in wide {
            let mut row = PostRow { shape: WIDE | kind.0, ..row };
            (row.totals[0], row.totals[1]) = (total as u32, (total >> 32) as u32);
            self.posts.rows.push(row);
        }
    }

    fn post_row(&mut self, mut row: PostRow, totals: &[(Word, u64)]) {
        let kinds = totals.iter().map(|total| total.0);
        let shape = self.shapes.iter().position(|shape| shape.iter().copied().eq(kinds.clone()));
        row.shape = shape.unwrap_or_else(|| {
            self.shapes.push(kinds.collect());
            self.shapes.len() - 1
        }) as u16;
        for (slot, &(_, total)) in totals.iter().enumerate() {
            row.totals[slot] = total as u32;
        }
        self.posts.rows.push(row);
    }

    /// Takes an observation.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn observation(&mut self, tally: &Tally, record: &Observation<'_>) -> Result<(), BadRecord> {
        check_id(record.account)?;
        if record.value > crate::record::MAX_AMOUNT {
            return Err(BadRecord::LargeCount);
        }
        let Some(day) = self.date(tally, record.at) else { return Ok(()) };
        self.count(record.network, record.metric, true);
        let account = self.accounts.number(record.network, record.account);
        let at = record.at.map_or(0, seconds);
        self.seen.rows.push(Seen::new(account, record.metric, day, at, record.value));
        Ok(())
    }

    /// Takes a handle.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn handle(&mut self, record: &Handle<'_>) -> Result<(), BadRecord> {
        check_id(record.account)?;
        check_id(Id::Text(record.handle))?;
        if self.handles_seen.again(record) {
            return Ok(());
        }
        self.records += 1;
        let mut name = String::with_capacity(record.handle.len() + 1);
        name.push('@');
        name.extend(record.handle.chars().flat_map(char::to_lowercase));
        let pair = (
            self.accounts.number(record.network, Id::Text(&name)),
            self.accounts.number(record.network, record.account),
        );
        self.handles.rows.push(pair);
        Ok(())
    }

    /// The day of a record; `None` if it is after the last day, and so left out.
    fn date(&mut self, tally: &Tally, at: Option<Timestamp>) -> Option<Day> {
        self.records += 1;
        let day = Day::of(at);
        if tally.until.is_some_and(|until| day > until) {
            tally.leave_out(1);
            return None;
        }
        if day.is_dated() {
            match self.days.last_mut() {
                Some(run) if run.0 == day => run.1 += 1,
                _ => self.days.push((day, 1)),
            }
        }
        Some(day)
    }

    fn count(&mut self, network: Word, word: Word, is_metric: bool) {
        self.counts.add(Counts::key(network, word, is_metric), 1);
    }

    /// A 64-bit key of a post or act: the same in every run, and different for different integers of a network. Two
    /// texts share one with a chance of 2^-64 a pair.
    fn key(&mut self, tally: &Tally, network: Word, id: Id<'_>) -> u64 {
        while self.salts.len() <= network.index() {
            let word = Word(self.salts.len() as u16);
            let text = tally.words.text(word);
            self.salts.push(hash_text(0, &text));
        }
        let salt = self.salts[network.index()];
        match id {
            Id::Number(number) => mix(number as u64 ^ salt),
            Id::Text(text) => hash_text(salt, text),
        }
    }

    fn act_key(&mut self, tally: &Tally, network: Word, kind: Word, id: Id<'_>) -> u64 {
        let kind = self.key(tally, kind, Id::Number(0));
        mix(self.key(tally, network, id) ^ kind).max(1)
    }
}

fn check_id(id: Id<'_>) -> Result<(), BadRecord> {
    match id {
        Id::Text("") => Err(BadRecord::EmptyId),
        Id::Text(text) if text.len() > MAX_ID => Err(BadRecord::LongId),
        _ => Ok(()),
    }
}

fn seconds(at: Timestamp) -> u32 {
    (at.micros() / 1_000_000) as u32
}

/// A bijection of 64-bit words that spreads neighbours far apart (the finaliser of splitmix64).
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// `SipHash` with fixed keys: the same in every run and on every machine.
fn hash_text(salt: u64, text: &str) -> u64 {
    #[expect(deprecated, reason = "the one SipHash in std whose algorithm is fixed by its name")]
    let mut hasher = std::hash::SipHasher::new_with_keys(0x7265_6e6f_776e, salt);
    hasher.write(text.as_bytes());
    hasher.finish()
}
