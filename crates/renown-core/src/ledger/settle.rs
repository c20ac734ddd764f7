//! Putting a tally in order.
//!
//! A tally that has room is put in order in memory. Of one that has outgrown its room, rows are read part by part, and what
//! becomes of them is laid aside again; the ledger is the same.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::row::{Gift, Posted};
use super::{Ledger, LedgerPart, owner};
use crate::accounts::{Account, Accounts, PARTS};
use crate::chunks::Chunks;
use crate::columns::Columns;
use crate::fixed::ONE;
use crate::record::Day;
use crate::scratch::{Merge, Room, Rows, ScratchError};
use crate::spread::{Runs, Spread};
use crate::tally::{
    Act, Fate, Flow, Gone, Member, NO_TOTAL, NamedAct, PendingAct, PostRow, Row, SLOTS, Scatter, Seen, Shape,
    Store, Tally, WIDE, bytes, earliest, filled, other_names, shelve,
};
use crate::words::Word;

/// Puts a tally in order. Uses the current rayon thread pool.
pub(super) fn settle(mut tally: Tally) -> Result<Ledger, ScratchError> {
    tally.find_accounts()?;
    // Nobody is searched for while records are put in order, which takes the most memory.
    tally.accounts.search_no_more();
    let room = tally.room_to_settle();
    let room = room.as_ref();
    let may_take_memory = !tally.has_limit();
    if room.is_some() {
        tally.shelve()?;
    }
    let aliases = aliases(&mut tally);
    let other_names = names_of_others(&tally, &aliases);
    rename(&mut tally, &aliases, room)?;
    let gone: Vec<Vec<Gone>> = take(&mut tally.gone).into_iter().map(Store::into_rows).collect();
    let closed = closed(&mut tally);
    let posts = settle_posts(&mut tally, &gone, &closed, room)?;
    count_named_once(&mut tally, &gone, &closed)?;
    let gifts = settle_acts(&mut tally, &closed, room)?;
    let flows = take(&mut tally.flows);
    let seen = take(&mut tally.seen);
    let members = take(&mut tally.members);
    let parts = gifts
        .into_par_iter()
        .zip(posts)
        .zip(flows)
        .zip(seen)
        .zip(members)
        .map(|((((gifts, posts), flows), seen), members)| {
            let (mut flows, mut seen) = (flows.into_rows(), seen.into_rows());
            let mut members = members.into_rows();
            flows.retain(|flow| !closed.has(flow.target));
            seen.retain(|seen| !closed.has(seen.account()));
            members.retain(|member| !closed.has(member.account));
            LedgerPart { gifts, posts, flows, seen, members }
        })
        .collect();
    let shapes = tally.shapes.into_inner().unwrap_or_else(PoisonError::into_inner).into_list();
    let Tally { words, post, accounts, .. } = tally;
    Ok(Ledger { words, post, accounts, shapes, parts, aliases, other_names, may_take_memory })
}

fn take<T>(parts: &mut Vec<Mutex<T>>) -> Vec<T> {
    std::mem::take(parts)
        .into_iter()
        .map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

/// How many names are no account's own.
fn names_of_others(tally: &Tally, aliases: &[(u32, u32)]) -> usize {
    let communities = tally.members.par_iter().flat_map_iter(|part| {
        let part = part.lock().unwrap_or_else(PoisonError::into_inner);
        part.rows().map(|member| member.community).collect::<Vec<_>>()
    });
    other_names(aliases, communities.collect())
}

/// Each handle and the account that has it. Of several accounts with one handle over time, the one with the first id in
/// order of text: any rule will do as long as it is the same each time.
fn aliases(tally: &mut Tally) -> Vec<(u32, u32)> {
    let pairs = take(&mut tally.handles).into_iter().flat_map(Store::into_rows).collect();
    first_owners(pairs, &tally.accounts)
}

/// Handles with one account each.
pub(super) fn first_owners(mut pairs: Vec<(u32, u32)>, accounts: &Accounts) -> Vec<(u32, u32)> {
    pairs.sort_unstable();
    pairs.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same && accounts.name(Account(next.1)) < accounts.name(Account(kept.1)) {
            kept.1 = next.1;
        }
        same
    });
    pairs
}

/// Moves everything from accounts known by handle only to the accounts that have the handles. What turns out to be done to
/// oneself, by id on one side and by handle on the other, becomes what it is where both are named alike.
fn rename(tally: &mut Tally, aliases: &[(u32, u32)], room: Option<&Room>) -> Result<(), ScratchError> {
    if aliases.is_empty() {
        return Ok(());
    }
    let handles = Marked::new(&tally.accounts, aliases.iter().map(|pair| pair.0));
    let rename = |account: u32| if handles.has(account) { owner(aliases, account) } else { account };
    let most = room.map(|room| room.for_rows(tally.accounts.bytes())).transpose()?;
    let room = most.zip(room);
    // Of flows there are as many as people and days, and they stay in memory. They come first: those that are added are by id already.
    tally.flows =
        moved(&mut tally.flows, None, |row: Flow| Some(Flow { target: rename(row.target), ..row }))?;
    let (post, flows) = (tally.post, &tally.flows);
    tally.acts = moved(&mut tally.acts, room, |row: Act| {
        let (actor, target) = (rename(row.actor()), rename(row.target()));
        if actor == target {
            let flow = Flow::of_own_hands(post, target, row.kind(), row.day(), row.amount());
            flows[flow.part()].lock().unwrap_or_else(PoisonError::into_inner).take(&mut vec![flow]);
            return None;
        }
        Some(Act::new(actor, row.day(), target, row.kind(), row.amount()))
    })?;
    // Acts with ids are told apart from their repetitions only when all are together: until then they stay what they are.
    tally.named.par_iter_mut().try_for_each(|part| {
        let part = part.get_mut().unwrap_or_else(PoisonError::into_inner);
        part.edit(|row| (row.actor, row.target) = (rename(row.actor), rename(row.target)))
    })?;
    for part in &mut tally.pending {
        let part = part.get_mut().unwrap_or_else(PoisonError::into_inner);
        part.edit(|row| row.actor = rename(row.actor))?;
    }
    for part in &mut tally.posts {
        let part = part.get_mut().unwrap_or_else(PoisonError::into_inner);
        part.edit(|row| row.author = rename(row.author))?;
    }
    tally.seen = moved(&mut tally.seen, None, |row: Seen| Some(row.of_account(rename(row.account()))))?;
    tally.fates =
        moved(&mut tally.fates, None, |row: Fate| Some(Fate { account: rename(row.account), ..row }))?;
    tally.members =
        moved(&mut tally.members, None, |row: Member| Some(Member { account: rename(row.account), ..row }))?;
    Ok(())
}

/// The same rows after a change that may move them to other parts or leave them out; where there is a limit to the bytes in
/// memory, all of them laid aside.
fn moved<T: Row + Columns + Sync>(
    parts: &mut Vec<Mutex<Store<T>>>,
    room: Option<(usize, &Room)>,
    change: impl Fn(T) -> Option<T> + Sync,
) -> Result<Vec<Mutex<Store<T>>>, ScratchError> {
    let to: Vec<Mutex<Store<T>>> = (0..PARTS).map(|_| Mutex::default()).collect();
    take(parts).into_par_iter().try_for_each(|part| {
        let mut scatter = Scatter::new();
        part.drain(|row| {
            if let Some(row) = change(row) {
                scatter.push_into(&to, row);
            }
        })?;
        scatter.flush(&to);
        match room {
            Some((most, room)) if bytes(&to) > most => shelve(&to, &room.scratch),
            _ => Ok(()),
        }
    })?;
    if let Some((_, room)) = room {
        shelve(&to, &room.scratch)?;
    }
    Ok(to)
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
fn place_pending(tally: &Tally, pending: &[PendingAct], posts: &[PostRow], closed: &Marked) {
    let (mut named, mut acts, mut flows) = (Scatter::new(), Scatter::new(), Scatter::new());
    for act in pending {
        let target = author(&tally.accounts, posts, act.object);
        if act.actor == target || closed.has(act.actor) {
            continue;
        }
        let (day, kind, amount) = (act.day, act.kind, act.amount);
        if act.key != 0 {
            let row = NamedAct { key: act.key, actor: act.actor, target, day, kind, amount };
            named.push_into(&tally.named, row);
        } else if amount == 0 && target != Account::NONE {
            flows.push_into(&tally.flows, Flow { target, kind, day, amount: 0 });
        } else {
            acts.push_into(&tally.acts, Act::new(act.actor, day, target, kind, amount));
        }
    }
    named.flush(&tally.named);
    acts.flush(&tally.acts);
    flows.flush(&tally.flows);
}

/// The author of a post, if any of its rows knows.
fn author(accounts: &Accounts, posts: &[PostRow], object: u64) -> u32 {
    let start = posts.partition_point(|row| row.object < object);
    one_author(accounts, posts[start..].iter().take_while(|row| row.object == object))
}

/// The author of rows that are all of one post. Should they name several, the one whose id is first in order of text, as
/// with handles.
pub(super) fn one_author<'p>(accounts: &Accounts, rows: impl Iterator<Item = &'p PostRow>) -> u32 {
    let authors = rows.map(|row| row.author).filter(|author| *author != Account::NONE);
    let first = |a: u32, b: u32| {
        let b_is_first = a != b && accounts.name(Account(b)) < accounts.name(Account(a));
        if b_is_first { b } else { a }
    };
    authors.reduce(first).unwrap_or(Account::NONE)
}

/// Turns acts with ids, each counted once and those taken back not at all, into plain acts, or into flows where they are done to
/// oneself or amount to nothing.
fn count_named_once(tally: &mut Tally, gone: &[Vec<Gone>], closed: &Marked) -> Result<(), ScratchError> {
    let named = take(&mut tally.named);
    let tally = &*tally;
    named.into_par_iter().zip(gone).try_for_each(|(part, gone)| {
        let (mut acts, mut flows) = (Scatter::new(), Scatter::new());
        let mut rows = part.gather()?;
        // A record that did not know its target is the same act as one that did.
        rows.dedup_by(|next, kept| {
            next.target == Account::NONE && (next.key, next.actor) == (kept.key, kept.actor)
        });
        let is_there = |act: &NamedAct| !has(gone, act.key) && !closed.has(act.actor);
        for act in rows.into_iter().filter(is_there) {
            let NamedAct { actor, target, kind, day, amount, .. } = act;
            if actor == target || amount == 0 && target != Account::NONE {
                flows.push_into(&tally.flows, Flow::of_own_hands(tally.post, target, kind, day, amount));
            } else {
                acts.push_into(&tally.acts, Act::new(actor, day, target, kind, amount));
            }
        }
        flows.flush(&tally.flows);
        acts.flush(&tally.acts);
        tally.make_room()
    })
}

fn has(gone: &[Gone], key: u64) -> bool {
    !gone.is_empty() && gone.binary_search(&Gone(key)).is_ok()
}

/// Divides each act by what its actor did that day, and orders acts by target.
fn settle_acts(
    tally: &mut Tally,
    closed: &Marked,
    room: Option<&Room>,
) -> Result<Vec<Rows<Gift>>, ScratchError> {
    let scratch = room.map(|room| &room.scratch);
    let mut acts = take(&mut tally.acts);
    if let Some(scratch) = scratch {
        // Where there is a limit, no gift comes before all acts are out of the way.
        acts.par_iter_mut().try_for_each(|part| part.shelve(scratch))?;
    }
    let gifts = Spread::new(most_rows(tally, room)?, Gift::sorted);
    // Part by part, so that acts give back their memory while gifts take it.
    acts.into_par_iter().try_for_each(|part| {
        let mut runs = gifts.runs();
        match part.in_order(scratch)? {
            Rows::Memory(acts) => divide(&acts, closed, &mut runs)?,
            Rows::Shelved(acts) => {
                let mut merge = Merge::new(&acts);
                loop {
                    let mut acts = merge.next(Act::of_actor_and_day)?;
                    if acts.is_empty() {
                        break;
                    }
                    acts.dedup_by(|next, kept| kept.join(next));
                    divide(&acts, closed, &mut runs)?;
                }
            }
        }
        runs.finish()
    })?;
    gifts.into_parts()
}

/// How many bytes of rows there may be in a room.
fn most_rows<'r>(tally: &Tally, room: Option<&'r Room>) -> Result<Option<(usize, &'r Room)>, ScratchError> {
    room.map(|room| Ok((room.for_rows(tally.accounts.bytes())?, room))).transpose()
}

/// Makes gifts of acts, among which are all of each actor and day.
fn divide(acts: &[Act], closed: &Marked, gifts: &mut Runs<'_, '_, Gift>) -> Result<(), ScratchError> {
    for day in acts.chunk_by(|a, b| a.of_actor_and_day() == b.of_actor_and_day()) {
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
                    // Of more than a word holds, nothing is left of a share.
                    let share = u64::try_from(1 + others + given)
                        .map_or(0, |all| (u64::from(amount) * ONE / all) as u32);
                    let (kind, day, actor) = (act.kind(), act.day(), act.actor());
                    gifts.push(part, Gift { target, kind, actor, day, amount, share })?;
                }
            }
        }
    }
    Ok(())
}

fn sum(acts: &[Act]) -> u128 {
    acts.iter().map(|act| u128::from(act.amount())).sum()
}

/// Gives acts on posts their targets, lets the newest totals of each post win, and orders posts by author.
fn settle_posts(
    tally: &mut Tally,
    gone: &[Vec<Gone>],
    closed: &Marked,
    room: Option<&Room>,
) -> Result<Vec<Rows<Posted>>, ScratchError> {
    let shapes = tally.shapes.lock().unwrap_or_else(PoisonError::into_inner).clone().into_list();
    let (posts, pending) = (take(&mut tally.posts), take(&mut tally.pending));
    let tally = &*tally;
    let settled = Spread::new(most_rows(tally, room)?, Chunks::into_sorted);
    posts.into_par_iter().zip(pending).zip(gone).try_for_each(|((posts, pending), gone)| {
        let mut posts = posts.gather()?;
        place_pending(tally, &pending.gather()?, &posts, closed);
        let mut runs = settled.runs();
        for post in posts.chunk_by_mut(|a, b| a.object == b.object) {
            let author = one_author(&tally.accounts, post.iter());
            if author == Account::NONE || closed.has(author) || has(gone, post[0].object) {
                continue;
            }
            let day = post.iter().map(|row| row.day).fold(Day::UNDATED, earliest);
            let is_post = post.iter().any(|row| row.is_post);
            keep_newest(post, &shapes);
            for (index, row) in post.iter().enumerate() {
                let (shape, totals) = (row.shape, row.totals);
                let is_post = is_post && index == 0;
                runs.push(Account(author).part(), Posted { author, day, shape, is_post, totals })?;
            }
        }
        runs.finish()?;
        tally.make_room()
    })?;
    settled.into_parts()
}

/// Where rows of different shapes carry the same kind, empties all slots but the newest (then largest).
pub(super) fn keep_newest(post: &mut [PostRow], shapes: &[Shape]) {
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
            if post[index].shape & WIDE != 0 {
                post[index].totals = [NO_TOTAL; SLOTS];
            }
        }
    }
}
