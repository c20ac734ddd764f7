//! The rows of a tally: what each holds, when two are about the same thing, and which part they belong to.

use super::shape::Shape;
use super::store::Row;
use crate::accounts::{Account, PARTS};
use crate::chunks::Chunks;
use crate::record::Day;
use crate::sort::sorted;
use crate::words::Word;

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
    /// Both as one number, by which acts are sorted first.
    pub(crate) fn of_actor_and_day(&self) -> u64 {
        (self.0 >> 80) as u64
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
    /// Before the day: should two kinds ever have the same key, they are two acts.
    pub(crate) kind: Word,
    pub(crate) day: Day,
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
    pub(crate) shape: u32,
    /// Before the day: where records differ about the author, each is kept until the ledger chooses by their names.
    pub(crate) author: u32,
    pub(crate) day: Day,
    /// Seconds since 1970; 0 unknown.
    pub(crate) observed: u32,
    /// Whether the row says that this was posted; otherwise it only carries totals, as of a comment.
    pub(crate) is_post: bool,
    pub(crate) totals: [u32; SLOTS],
}

/// A row whose one total takes two slots, low half first, since it is beyond 32 bits: the kind is in the other bits.
pub(crate) const WIDE: u32 = 1 << 31;

/// Slot, kind and total of each filled slot of a post row.
pub(crate) fn filled<'s>(
    shape: u32,
    totals: &'s [u32; SLOTS],
    shapes: &'s [Shape],
) -> impl Iterator<Item = (usize, Word, u64)> + 's {
    let is_wide = shape & WIDE != 0;
    let wide =
        (is_wide && totals[1] != NO_TOTAL).then(|| (0, Word((shape & !WIDE) as u16), wide_total(totals)));
    let kinds = if is_wide { &[][..] } else { &shapes[shape as usize][..] };
    let narrow = kinds.iter().zip(totals).enumerate();
    narrow
        .filter(|(_, (_, total))| **total != NO_TOTAL)
        .map(|(slot, (kind, total))| (slot, *kind, u64::from(*total)))
        .chain(wide)
}

pub(crate) fn wide_total(totals: &[u32; SLOTS]) -> u64 {
    u64::from(totals[1]) << 32 | u64::from(totals[0])
}

/// A total without an actor or a post; or what one did to oneself, or what amounts to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flow {
    pub(crate) target: u32,
    pub(crate) kind: Word,
    pub(crate) day: Day,
    pub(crate) amount: u64,
}

impl Flow {
    /// What is kept of what somebody did to themselves: of posting how much, and of all else only that the network was asked.
    pub(crate) fn of_own_hands(post: Word, target: u32, kind: Word, day: Day, amount: u32) -> Self {
        let amount = if kind == post { u64::from(amount) } else { 0 };
        Self { target, kind, day, amount }
    }
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
    pub(crate) fn at(self) -> u32 {
        self.at
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

/// Of an act or post that was taken back: the key by which it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone(pub(crate) u64);

/// Whether an account was closed or is there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fate {
    pub(crate) account: u32,
    /// Seconds since 1970; 0 undated.
    pub(crate) at: u32,
    /// Of two at the same time the one that closes it counts, which sorts last.
    pub(crate) closed: bool,
}

/// That an account took part in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Member {
    pub(crate) account: u32,
    /// An account of a name that begins with [`COMMUNITY`].
    pub(crate) community: u32,
    pub(crate) day: Day,
}

/// How many names are handles of other accounts, or communities; handles are sorted.
pub(crate) fn other_names(handles: &[(u32, u32)], mut communities: Vec<u32>) -> usize {
    let of_others =
        handles.chunk_by(|a, b| a.0 == b.0).filter(|owners| owners[0] != (owners[0].0, owners[0].0));
    communities.sort_unstable();
    communities.dedup();
    of_others.count() + communities.len()
}

/// What the names of communities begin with among those of accounts, as handles begin with `@`.
pub(crate) const COMMUNITY: char = '!';

impl Row for Act {
    // Acts seldom repeat, so a part is left alone until it holds 16 MB.
    const ENOUGH: usize = 1 << 20;
    fn join(&mut self, next: &mut Self) -> bool {
        if self.0 >> 32 != next.0 >> 32 {
            return false;
        }
        let sum = u64::from(self.amount()) + u64::from(next.amount());
        let most = u64::from(u32::MAX);
        self.0 = (self.0 >> 32) << 32 | u128::from(sum.min(most));
        // What does not fit 32 bits takes more rows, all but one of them full: in whichever order amounts came, the rows
        // are the same.
        if sum > most {
            next.0 = (next.0 >> 32) << 32 | u128::from(sum - most);
        }
        sum <= most
    }
    fn part(&self) -> usize {
        Account(self.actor()).part()
    }
    fn sorted(rows: Chunks<Self>) -> Vec<Self> {
        sorted(rows, |act| Account(act.actor()).place(), |act| *act)
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

impl Row for NamedAct {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &mut Self) -> bool {
        let same =
            (self.key, self.actor, self.target, self.kind) == (next.key, next.actor, next.target, next.kind);
        if same {
            self.day = self.day.max(next.day);
            self.amount = self.amount.max(next.amount);
        }
        same
    }
    fn part(&self) -> usize {
        self.key as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.actor = accounts[self.actor as usize];
        self.target = accounts[self.target as usize];
    }
}

impl Row for PendingAct {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &mut Self) -> bool {
        // Without an id two acts are two, however alike.
        self.key != 0 && *self == *next
    }
    fn part(&self) -> usize {
        self.object as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.actor = accounts[self.actor as usize];
    }
}

impl Row for PostRow {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        let same = (self.object, self.shape, self.author) == (next.object, next.shape, next.author);
        if same {
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
    fn part(&self) -> usize {
        self.object as usize % PARTS
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.author = resolved(accounts, self.author);
    }
}

impl Row for Flow {
    const ENOUGH: usize = 1 << 15;
    fn join(&mut self, next: &mut Self) -> bool {
        let same = (self.target, self.kind, self.day) == (next.target, next.kind, next.day);
        if same {
            self.amount = self.amount.saturating_add(next.amount);
        }
        same
    }
    fn part(&self) -> usize {
        Account(self.target).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.target = accounts[self.target as usize];
    }
}

impl Row for Seen {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        // `next` sorts after `self`, so it is the newer, then the larger.
        let same = self.group() == next.group();
        if same {
            *self = *next;
        }
        same
    }
    fn part(&self) -> usize {
        Account(self.account()).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        *self = self.of_account(accounts[self.account() as usize]);
    }
}

impl Row for Gone {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        *self == *next
    }
    fn part(&self) -> usize {
        self.0 as usize % PARTS
    }
    fn resolve(&mut self, _: &[u32]) {}
}

impl Row for Fate {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        // `next` sorts after `self`, so it is the newer.
        let same = self.account == next.account;
        if same {
            *self = *next;
        }
        same
    }
    fn part(&self) -> usize {
        Account(self.account).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.account = accounts[self.account as usize];
    }
}

impl Row for Member {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        let same = (self.account, self.community) == (next.account, next.community);
        // `next` sorts after `self`, so it is the newer; and what has no day comes first, and always holds.
        if same && self.day.is_dated() {
            self.day = next.day;
        }
        same
    }
    fn part(&self) -> usize {
        Account(self.account).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        self.account = accounts[self.account as usize];
        self.community = accounts[self.community as usize];
    }
}

impl Row for (u32, u32) {
    const ENOUGH: usize = 1 << 13;
    fn join(&mut self, next: &mut Self) -> bool {
        *self == *next
    }
    fn part(&self) -> usize {
        Account(self.0).part()
    }
    fn resolve(&mut self, accounts: &[u32]) {
        *self = (accounts[self.0 as usize], accounts[self.1 as usize]);
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

fn resolved(accounts: &[u32], number: u32) -> u32 {
    if number == Account::NONE { number } else { accounts[number as usize] }
}
