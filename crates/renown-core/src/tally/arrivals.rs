//! Acts between accounts whose ids are numbers, until many of them are looked up together.
//!
//! Most acts that are ever read are of this sort. The table of accounts is far larger than any cache, and to look two accounts up for
//! each act as it comes is most of what reading costs. So these acts wait, by the part of their actor, until all are read or very many
//! wait, and the accounts of a part are looked up in one go, while the processor has that part of the table near: first the actors, then,
//! laid out anew, the targets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::row::Act;
use super::store::{Parts, Scatter};
use crate::accounts::{Accounts, PARTS, Spreader};
use crate::chunks::Chunks;
use crate::record::Day;
use crate::scratch::ScratchError;
use crate::words::Word;

/// An act whose accounts are not looked up yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) actor: u64,
    pub(super) target: u64,
    pub(super) network: Word,
    pub(super) kind: Word,
    pub(super) day: Day,
    /// Hardly any is larger; what is does not wait.
    pub(super) amount: u16,
}

/// An act whose actor is found.
#[derive(Clone, Copy, Debug)]
struct Half {
    actor: u32,
    /// Low half first: so a row takes 20 bytes and not 24.
    target: [u32; 2],
    network: Word,
    kind: Word,
    day: Day,
    amount: u16,
}

impl Half {
    fn target(&self) -> u64 {
        u64::from(self.target[1]) << 32 | u64::from(self.target[0])
    }
}

/// One thread's acts on their way to a tally's [`Arrivals`], by the part of their actor.
#[derive(Debug)]
pub(super) struct Arriving {
    spreader: Spreader,
    by_actor: Vec<Vec<Arrival>>,
    len: usize,
}

impl Arriving {
    pub(super) fn new(accounts: &Accounts) -> Self {
        Self { spreader: accounts.spreader(), by_actor: vec![Vec::new(); PARTS], len: 0 }
    }

    pub(super) fn push(&mut self, act: Arrival) {
        self.by_actor[self.spreader.part_of(act.network, act.actor)].push(act);
        self.len += 1;
    }

    /// Whether there are as many as a processor has near.
    pub(super) fn is_full(&self) -> bool {
        self.len >= 1 << 14
    }
}

/// Acts that wait, of all threads.
#[derive(Debug)]
pub(super) struct Arrivals {
    by_actor: Vec<Mutex<Chunks<Arrival>>>,
    by_target: Vec<Mutex<Chunks<Half>>>,
    waiting: AtomicUsize,
    /// The part that is looked up next, counted on and on.
    turn: AtomicUsize,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            by_actor: (0..PARTS).map(|_| Mutex::default()).collect(),
            by_target: (0..PARTS).map(|_| Mutex::default()).collect(),
            waiting: AtomicUsize::new(0),
            turn: AtomicUsize::new(0),
        }
    }
}

/// How many rows of a part are handed over at once.
const RUN: usize = 256;

/// How many acts wait at most, but for those that threads have at hand: 1.6 gigabytes of them.
const MOST: usize = if cfg!(test) { 1 << 6 } else { 1 << 26 };

impl Arrivals {
    /// Adds what one thread has, and looks accounts up if too many acts wait.
    pub(super) fn add(&self, arriving: &mut Arriving, accounts: &Accounts, acts: &Parts<Act>) {
        // Counted before they are there, so that they are not taken off before.
        self.waiting.fetch_add(std::mem::take(&mut arriving.len), Ordering::Relaxed);
        for (rows, part) in arriving.by_actor.iter_mut().zip(&self.by_actor) {
            if !rows.is_empty() {
                lock(part).append(rows);
            }
        }
        // Whoever meets with too many looks up the next part, and so on until they are fewer.
        while self.waiting.load(Ordering::Relaxed) >= MOST {
            self.find_next(accounts, acts);
        }
    }

    /// Looks up the accounts of one part, the next in turn: the actors of some acts, and the targets of others of which the actors are
    /// found. The latter are whole then.
    pub(super) fn find_next(&self, accounts: &Accounts, acts: &Parts<Act>) -> usize {
        let part = self.turn.fetch_add(1, Ordering::Relaxed) % PARTS;
        self.find_actors(part, accounts);
        self.find_targets(part, accounts, acts);
        part
    }

    /// Looks up the accounts of all acts that wait, on this thread, when nobody adds any more.
    pub(super) fn find(&self, accounts: &Accounts, acts: &Parts<Act>) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            (0..PARTS).for_each(|part| self.find_actors(part, accounts));
            (0..PARTS).for_each(|part| self.find_targets(part, accounts, acts));
        }
    }

    /// Likewise, on the current rayon thread pool. Accounts become more meanwhile, which `check` may find too many.
    pub(super) fn find_all(
        &mut self,
        accounts: &Accounts,
        acts: &Parts<Act>,
        check: impl Fn() -> Result<(), ScratchError> + Sync,
    ) -> Result<(), ScratchError> {
        if *self.waiting.get_mut() == 0 {
            return Ok(());
        }
        (0..PARTS).into_par_iter().try_for_each(|part| {
            self.find_actors(part, accounts);
            check()
        })?;
        (0..PARTS).into_par_iter().try_for_each(|part| {
            self.find_targets(part, accounts, acts);
            check()
        })
    }

    /// Finds the actors of a part, and lays its acts out by target.
    fn find_actors(&self, part: usize, accounts: &Accounts) {
        // Not in the head of the loop, or else the part would be locked until its end.
        let rows = std::mem::take(&mut *lock(&self.by_actor[part]));
        if rows.is_empty() {
            return;
        }
        let spreader = accounts.spreader();
        let mut runs: Vec<Vec<Half>> = (0..PARTS).map(|_| Vec::with_capacity(RUN)).collect();
        for rows in rows.into_chunks() {
            let wanted = |index: usize| (rows[index].network, rows[index].actor);
            accounts.intern_numbers(part, rows.len(), wanted, |index, actor| {
                let Arrival { target, network, kind, day, amount, .. } = rows[index];
                let to = spreader.part_of(network, target);
                let target = [target as u32, (target >> 32) as u32];
                runs[to].push(Half { actor: actor.0, target, network, kind, day, amount });
                if runs[to].len() == RUN {
                    lock(&self.by_target[to]).append(&mut runs[to]);
                }
            });
        }
        for (run, part) in runs.iter_mut().zip(&self.by_target) {
            lock(part).append(run);
        }
    }

    /// Finds the targets of a part, with which its acts are whole.
    fn find_targets(&self, part: usize, accounts: &Accounts, acts: &Parts<Act>) {
        let rows = std::mem::take(&mut *lock(&self.by_target[part]));
        let (found, mut scatter) = (rows.len(), Scatter::new());
        for rows in rows.into_chunks() {
            let wanted = |index: usize| (rows[index].network, rows[index].target());
            accounts.intern_numbers(part, rows.len(), wanted, |index, target| {
                let Half { actor, kind, day, amount, .. } = rows[index];
                scatter.push_into(acts, Act::new(actor, day, target.0, kind, u32::from(amount)));
            });
        }
        scatter.flush(acts);
        self.waiting.fetch_sub(found, Ordering::Relaxed);
    }

    /// The memory that they take.
    pub(super) fn bytes(&self) -> usize {
        let by_actor: usize = self.by_actor.iter().map(|part| lock(part).bytes()).sum();
        by_actor + self.by_target.iter().map(|part| lock(part).bytes()).sum::<usize>()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::accounts::Account;
    use crate::record::{Id, Interaction, Timestamp};
    use crate::tally::Tally;
    use crate::words::Words;

    /// Acts as a tally has them, by the ids of their actors and targets, their days and kinds.
    fn of(tally: &Tally) -> BTreeMap<(String, String, u16, u16), u64> {
        let mut acts = BTreeMap::new();
        let name = |account: u32| tally.accounts().name(Account(account)).1;
        for act in tally.acts.iter().flat_map(|part| lock(part).rows().copied().collect::<Vec<_>>()) {
            let key = (name(act.actor()), name(act.target()), act.day().raw(), act.kind().0);
            *acts.entry(key).or_default() += u64::from(act.amount());
        }
        acts
    }

    proptest! {
        #[test]
        fn acts_that_waited_are_those_that_came(
            acts in proptest::collection::vec((-3_i64..40, -3_i64..40, 0_u32..3, 1_u64..70_000), 0..2_000),
            threads in 1_usize..4,
        ) {
            let words = Arc::new(Words::default());
            let (network, kind) = (words.intern("somewhere").unwrap(), words.intern("like").unwrap());
            let mut tally = Tally::new(words, None).unwrap();
            std::thread::scope(|scope| {
                for acts in acts.chunks(acts.len().div_ceil(threads).max(1)) {
                    scope.spawn(|| {
                        let mut batch = tally.batch();
                        for (index, &(actor, target, day, amount)) in acts.iter().enumerate() {
                            let at = Timestamp::from_seconds(1_700_000_000 + i64::from(day) * 86_400);
                            let (actor, target) = (Some(Id::Number(actor)), Some(Id::Number(target)));
                            let (object, id) = (None, None);
                            let record = Interaction { at, network, kind, actor, target, object, id, amount };
                            batch.interaction(&tally, &record).unwrap();
                            if index % 50 == 49 {
                                tally.add(&mut batch);
                            }
                        }
                        tally.add(&mut batch);
                    });
                }
            });
            let mut expected = BTreeMap::new();
            for &(actor, target, day, amount) in acts.iter().filter(|act| act.0 != act.1) {
                let day = Timestamp::from_seconds(1_700_000_000 + i64::from(day) * 86_400).unwrap().day().raw();
                *expected.entry((actor.to_string(), target.to_string(), day, kind.0)).or_default() += amount;
            }
            let halfway = tally.copy();
            tally.find_accounts().unwrap();
            prop_assert_eq!(of(&tally), expected.clone());
            prop_assert_eq!(of(&halfway), expected);
        }
    }
}
