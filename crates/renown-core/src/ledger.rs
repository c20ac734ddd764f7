//! The ledger: a tally put in order, ready to be scored as often as one likes.
//!
//! Everything that needs all records at once happens here and once: handles are joined with accounts, acts on posts get
//! the post's author as their target, acts that were read twice count once, a post's newest totals win, and each act
//! learns what else its actor did that day. No weight is applied, so that a changed weight costs a scoring and never a
//! reading.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::accounts::{Account, Accounts, PARTS};
use crate::fixed::ONE;
use crate::record::Day;
use crate::sort::sort;
use crate::spread::Spread;
use crate::tally::{
    Act, Fate, Flow, Gone, NO_TOTAL, NamedAct, PostRow, SLOTS, Scatter, Seen, Shape, Store, Tally, earliest,
    filled,
};
use crate::words::{Word, Words};

/// What one actor gave one target on one day in one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gift {
    pub(crate) target: u32,
    pub(crate) kind: Word,
    pub(crate) actor: u32,
    pub(crate) day: Day,
    pub(crate) amount: u32,
    /// `amount / (1 + amount + what the actor gave to others that day)`, as a 32-bit fraction: always below one. Acts on
    /// the same target in other kinds are not among the others, or else receiving more could count less.
    pub(crate) share: u32,
}

impl Gift {
    /// By target, kind, actor and day, as one number: one comparison instead of four. (Rows that are equal in all four
    /// are added up, so that their order does not matter.)
    fn order(&self) -> u128 {
        u128::from(self.target) << 64
            | u128::from(self.kind.0) << 48
            | u128::from(self.actor) << 16
            | u128::from(self.day.raw())
    }
}

/// A post with the totals that won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posted {
    pub(crate) author: u32,
    pub(crate) day: Day,
    pub(crate) shape: u32,
    /// Whether this row stands for the post itself; further rows of the same post only carry more totals.
    pub(crate) is_post: bool,
    pub(crate) totals: [u32; SLOTS],
}

/// One part of the ledger, each list sorted by account first.
#[derive(Debug, Default)]
pub(crate) struct LedgerPart {
    pub(crate) gifts: Vec<Gift>,
    pub(crate) posts: Vec<Posted>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) seen: Vec<Seen>,
}

impl LedgerPart {
    /// Whether nothing is known of any account of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.gifts.is_empty() && self.posts.is_empty() && self.flows.is_empty() && self.seen.is_empty()
    }
}

/// A tally put in order.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) words: Arc<Words>,
    pub(crate) post: Word,
    pub(crate) accounts: Accounts,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) parts: Vec<LedgerPart>,
    /// Handles and the accounts that have them, sorted.
    aliases: Vec<(u32, u32)>,
}

impl Ledger {
    /// Puts a tally in order. Uses the current rayon thread pool.
    pub fn settle(mut tally: Tally) -> Self {
        let aliases = aliases(&mut tally);
        rename(&mut tally, &aliases);
        place_pending(&mut tally);
        let gone: Vec<Vec<Gone>> = take(&mut tally.gone).into_iter().map(Store::into_rows).collect();
        count_named_once(&mut tally, &gone);
        let closed = closed(&mut tally);
        let posts = settle_posts(&mut tally, &gone, &closed);
        let gifts = settle_acts(&mut tally, &closed);
        let flows = take(&mut tally.flows);
        let seen = take(&mut tally.seen);
        let parts = gifts
            .into_par_iter()
            .zip(posts)
            .zip(flows)
            .zip(seen)
            .map(|(((mut gifts, mut posts), flows), seen)| {
                sort(&mut gifts, |gift| Account(gift.target).place(), Gift::order);
                posts.sort_unstable();
                let (mut flows, mut seen) = (flows.into_rows(), seen.into_rows());
                flows.retain(|flow| !closed.has(flow.target));
                seen.retain(|seen| !closed.has(seen.account()));
                LedgerPart { gifts, posts, flows, seen }
            })
            .collect();
        let shapes = tally.shapes.into_inner().unwrap_or_else(PoisonError::into_inner).into_list();
        Self { words: tally.words, post: tally.post, accounts: tally.accounts, shapes, parts, aliases }
    }

    /// The table of words.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// The table of accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The account that has a handle (given with its `@`), or that goes by this id.
    pub fn find(&self, network: Word, id: crate::record::Id<'_>) -> Option<Account> {
        let account = match id {
            crate::record::Id::Text(text) if text.starts_with('@') => {
                let lower = text.to_lowercase();
                self.accounts.find(network, crate::record::Id::Text(&lower))
            }
            id => self.accounts.find(network, id),
        }?;
        Some(Account(owner(&self.aliases, account.0)))
    }
}

fn take<T>(parts: &mut Vec<Mutex<T>>) -> Vec<T> {
    std::mem::take(parts)
        .into_iter()
        .map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

/// Each handle and the account that has it. Of several accounts with one handle over time, the one with the first id in
/// order of text: any rule will do as long as it is the same each time.
fn aliases(tally: &mut Tally) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> =
        take(&mut tally.handles).into_iter().flat_map(Store::into_rows).collect();
    pairs.sort_unstable();
    let accounts = &tally.accounts;
    pairs.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same && accounts.name(Account(next.1)) < accounts.name(Account(kept.1)) {
            kept.1 = next.1;
        }
        same
    });
    pairs
}

fn owner(aliases: &[(u32, u32)], account: u32) -> u32 {
    aliases.binary_search_by_key(&account, |pair| pair.0).map_or(account, |at| aliases[at].1)
}

/// Moves everything from accounts known by handle only to the accounts that have the handles.
fn rename(tally: &mut Tally, aliases: &[(u32, u32)]) {
    if aliases.is_empty() {
        return;
    }
    let handles = Marked::new(&tally.accounts, aliases.iter().map(|pair| pair.0));
    let rename = |account: u32| if handles.has(account) { owner(aliases, account) } else { account };
    tally.acts = moved(&mut tally.acts, |row: Act| {
        Act::new(rename(row.actor()), row.day(), rename(row.target()), row.kind(), row.amount())
    });
    tally.named = moved(&mut tally.named, |row: NamedAct| NamedAct {
        actor: rename(row.actor),
        target: rename(row.target),
        ..row
    });
    for part in &mut tally.pending {
        part.get_mut().unwrap_or_else(PoisonError::into_inner).edit(|row| row.actor = rename(row.actor));
    }
    for part in &mut tally.posts {
        part.get_mut().unwrap_or_else(PoisonError::into_inner).edit(|row| row.author = rename(row.author));
    }
    tally.flows = moved(&mut tally.flows, |row: Flow| Flow { target: rename(row.target), ..row });
    tally.seen = moved(&mut tally.seen, |row: Seen| row.of_account(rename(row.account())));
    tally.fates = moved(&mut tally.fates, |row: Fate| Fate { account: rename(row.account), ..row });
}

/// The same rows after a change that may move them to other parts.
fn moved<T: crate::tally::Row + Sync>(
    parts: &mut Vec<Mutex<Store<T>>>,
    change: impl Fn(T) -> T + Sync,
) -> Vec<Mutex<Store<T>>> {
    let to: Vec<Mutex<Store<T>>> = (0..PARTS).map(|_| Mutex::default()).collect();
    take(parts).into_par_iter().for_each(|part| {
        let mut scatter = Scatter::new();
        for row in part.into_rows() {
            scatter.push_into(&to, change(row));
        }
        scatter.flush(&to);
    });
    to
}

/// Some of the accounts: a flag for each says at once whether it is one of them, since few are.
struct Marked {
    /// `None` if there is none.
    flags: Option<Vec<Vec<bool>>>,
}

impl Marked {
    fn new(accounts: &Accounts, marked: impl Iterator<Item = u32>) -> Self {
        let mut flags = None;
        for account in marked.map(Account) {
            let none = || -> Vec<Vec<bool>> {
                (0..PARTS).map(|part| vec![false; accounts.part_len(part)]).collect()
            };
            flags.get_or_insert_with(none)[account.part()][account.place()] = true;
        }
        Self { flags }
    }

    fn has(&self, account: u32) -> bool {
        self.flags.as_ref().is_some_and(|flags| {
            account != Account::NONE && flags[Account(account).part()][Account(account).place()]
        })
    }
}

/// The accounts that were closed and are not back.
fn closed(tally: &mut Tally) -> Marked {
    let fates = take(&mut tally.fates).into_iter().flat_map(Store::into_rows);
    Marked::new(&tally.accounts, fates.filter(|fate| fate.closed).map(|fate| fate.account))
}

/// Gives acts on posts the posts' authors as targets. What is on a post that was never read stays without a target
/// and counts for nobody, though it is still something that its actor did that day.
fn place_pending(tally: &mut Tally) {
    let pending = take(&mut tally.pending);
    for (part, pending) in pending.into_iter().enumerate() {
        let pending = pending.into_rows();
        if pending.is_empty() {
            continue;
        }
        let posts = tally.posts[part].get_mut().unwrap_or_else(PoisonError::into_inner);
        posts.join();
        let (mut named, mut acts) = (Scatter::new(), Scatter::new());
        for act in pending {
            let target = author(&tally.accounts, posts.rows(), act.object);
            if act.actor == target {
                continue;
            }
            if act.key == 0 {
                acts.push_into(&tally.acts, Act::new(act.actor, act.day, target, act.kind, act.amount));
            } else {
                let row = NamedAct {
                    key: act.key,
                    actor: act.actor,
                    target,
                    day: act.day,
                    kind: act.kind,
                    amount: act.amount,
                };
                named.push_into(&tally.named, row);
            }
        }
        named.flush(&tally.named);
        acts.flush(&tally.acts);
    }
}

/// The author of a post, if any of its rows knows.
fn author(accounts: &Accounts, posts: &[PostRow], object: u64) -> u32 {
    let start = posts.partition_point(|row| row.object < object);
    one_author(accounts, posts[start..].iter().take_while(|row| row.object == object))
}

/// The author of rows that are all of one post. Should they name several, the one whose id is first in order of text, as
/// with handles.
fn one_author<'p>(accounts: &Accounts, rows: impl Iterator<Item = &'p PostRow>) -> u32 {
    let authors = rows.map(|row| row.author).filter(|author| *author != Account::NONE);
    let first = |a: u32, b: u32| {
        let b_is_first = a != b && accounts.name(Account(b)) < accounts.name(Account(a));
        if b_is_first { b } else { a }
    };
    authors.reduce(first).unwrap_or(Account::NONE)
}

/// Turns acts with ids, each counted once and those taken back not at all, into plain acts.
fn count_named_once(tally: &mut Tally, gone: &[Vec<Gone>]) {
    let acts = &tally.acts;
    take(&mut tally.named).into_par_iter().zip(gone).for_each(|(part, gone)| {
        let mut scatter = Scatter::new();
        let mut rows = part.into_rows();
        // A record that did not know its target is the same act as one that did.
        rows.dedup_by(|next, kept| {
            next.target == Account::NONE && (next.key, next.actor) == (kept.key, kept.actor)
        });
        for act in rows {
            if act.actor != act.target && !has(gone, act.key) {
                scatter.push_into(acts, Act::new(act.actor, act.day, act.target, act.kind, act.amount));
            }
        }
        scatter.flush(acts);
    });
}

fn has(gone: &[Gone], key: u64) -> bool {
    !gone.is_empty() && gone.binary_search(&Gone(key)).is_ok()
}

/// Divides each act by what its actor did that day, and orders acts by target.
fn settle_acts(tally: &mut Tally, closed: &Marked) -> Vec<Vec<Gift>> {
    let acts: Vec<Vec<Act>> = take(&mut tally.acts).into_par_iter().map(Store::into_rows).collect();
    let gifts = Spread::sized(&acts, |act| Account(act.target()).part());
    acts.into_par_iter().for_each(|rows| {
        let mut runs = gifts.runs();
        for day in rows.chunk_by(|a, b| (a.actor(), a.day()) == (b.actor(), b.day())) {
            if closed.has(day[0].actor()) {
                continue;
            }
            let all = sum(day);
            for acts in day.chunk_by(|a, b| a.target() == b.target()) {
                let target = acts[0].target();
                if target == Account::NONE || closed.has(target) {
                    continue;
                }
                let others = all - sum(acts);
                let part = Account(target).part();
                for same in acts.chunk_by(|a, b| a.kind() == b.kind()) {
                    // Several rows only where amounts are beyond 32 bits: those are one gift for the divisor.
                    let given = sum(same);
                    for act in same {
                        let amount = act.amount();
                        let share = (u128::from(amount) * u128::from(ONE) / (1 + others + given)) as u32;
                        let (kind, day, actor) = (act.kind(), act.day(), act.actor());
                        runs.push(part, Gift { target, kind, actor, day, amount, share });
                    }
                }
            }
        }
        runs.finish();
    });
    gifts.into_parts()
}

fn sum(acts: &[Act]) -> u128 {
    acts.iter().map(|act| u128::from(act.amount())).sum()
}

/// Lets the newest totals of each post win, and orders posts by author.
fn settle_posts(tally: &mut Tally, gone: &[Vec<Gone>], closed: &Marked) -> Vec<Vec<Posted>> {
    let shapes = tally.shapes.lock().unwrap_or_else(PoisonError::into_inner).clone().into_list();
    let posts: Vec<Vec<PostRow>> = take(&mut tally.posts).into_par_iter().map(Store::into_rows).collect();
    let accounts = &tally.accounts;
    let settled = Spread::sized(&posts, |post| Account(post.author).part());
    posts.into_par_iter().zip(gone).for_each(|(mut rows, gone)| {
        let mut runs = settled.runs();
        for post in rows.chunk_by_mut(|a, b| a.object == b.object) {
            let author = one_author(accounts, post.iter());
            if author == Account::NONE || closed.has(author) || has(gone, post[0].object) {
                continue;
            }
            let day = post.iter().map(|row| row.day).fold(Day::UNDATED, earliest);
            let is_post = post.iter().any(|row| row.is_post);
            keep_newest(post, &shapes);
            for (index, row) in post.iter().enumerate() {
                let (shape, totals) = (row.shape, row.totals);
                let is_post = is_post && index == 0;
                runs.push(Account(author).part(), Posted { author, day, shape, is_post, totals });
            }
        }
        runs.finish();
    });
    settled.into_parts()
}

/// Where rows of different shapes carry the same kind, empties all slots but the newest (then largest).
fn keep_newest(post: &mut [PostRow], shapes: &[Shape]) {
    if post.len() < 2 {
        return;
    }
    let mut all: Vec<(Word, u32, u64, usize, usize)> = Vec::new();
    for (index, row) in post.iter().enumerate() {
        all.extend(
            filled(row.shape, &row.totals, shapes)
                .map(|(slot, kind, total)| (kind, row.observed, total, index, slot)),
        );
    }
    all.sort_unstable();
    for pair in all.windows(2) {
        let (kind, _, _, index, slot) = pair[0];
        if pair[1].0 == kind {
            post[index].totals[slot] = NO_TOTAL;
            if post[index].shape & crate::tally::WIDE != 0 {
                post[index].totals = [NO_TOTAL; SLOTS];
            }
        }
    }
}
