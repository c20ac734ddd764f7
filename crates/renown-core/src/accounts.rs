//! All accounts of a run: from a network and an id to a small number, and back.
//!
//! The numbers depend on who came first, so they serve as places in arrays and never reach an output: whatever is
//! shown is ordered by score, network and id.

mod table;

use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use rayon::prelude::*;
use table::{Key, NUMBER, Part};

use crate::record::Id;
use crate::words::Word;

/// Into how many parts accounts, and everything kept by account, are divided. Parts are locked and scored by
/// themselves; the number changes no result.
pub const PARTS: usize = 64;
const PART_BITS: u32 = PARTS.trailing_zeros();

/// An account, as a small number: its part in the low bits, its place in the part above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(pub(crate) u32);

impl Account {
    /// No account.
    pub(crate) const NONE: u32 = u32::MAX;

    /// Which part it is in.
    pub fn part(self) -> usize {
        self.0 as usize % PARTS
    }

    /// Its place within the part.
    pub fn place(self) -> usize {
        (self.0 >> PART_BITS) as usize
    }

    pub(crate) fn new(part: usize, place: usize) -> Self {
        Self(((place as u32) << PART_BITS) | part as u32)
    }
}

/// An account that a batch names, and the batch's number for it. Small, since there are two for each record.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    /// The id; if it is a text, its place among the batch's texts.
    value: u64,
    number: u32,
    network: Word,
    is_text: bool,
}

/// The texts of what a batch names.
#[derive(Debug, Default)]
struct WantedTexts {
    bytes: Vec<u8>,
    /// Where each lies, and its hash.
    keys: Vec<(Key, u64)>,
}

impl WantedTexts {
    /// What to search for.
    fn key(&self, wanted: &Wanted, hasher: &RandomState) -> (Key, u64) {
        let Wanted { value, network, is_text, .. } = *wanted;
        if is_text {
            return self.keys[value as usize];
        }
        (Key { network, length: NUMBER, value }, hash_of(hasher, network, Id::Number(value as i64)))
    }
}

fn hash_of(hasher: &RandomState, network: Word, id: Id<'_>) -> u64 {
    let mut hash = hasher.build_hasher();
    match id {
        Id::Number(number) => hash.write_u64(number as u64),
        Id::Text(text) => hash.write(text.as_bytes()),
    }
    hash.write_u16(network.0);
    hash.finish()
}

/// Accounts that a batch names, by part, until the batch is added.
#[derive(Debug)]
pub(crate) struct Named {
    hasher: RandomState,
    parts: Vec<Vec<Wanted>>,
    texts: WantedTexts,
    len: u32,
    last: Option<Key>,
}

impl Named {
    /// The batch's number for an account.
    pub(crate) fn number(&mut self, network: Word, id: Id<'_>) -> u32 {
        // Records of one account come in runs: a user with five numbers beside them is looked up once.
        if self.last.is_some_and(|last| last.network == network && last.id(&self.texts.bytes) == id) {
            return self.len - 1;
        }
        let hash = hash_of(&self.hasher, network, id);
        let key = Key::new(network, id, &mut self.texts.bytes);
        let is_text = key.length != NUMBER;
        let value = if is_text { self.texts.keys.len() as u64 } else { key.value };
        if is_text {
            self.texts.keys.push((key, hash));
        }
        let wanted = Wanted { value, number: self.len, network, is_text };
        self.parts[Accounts::part_of(hash)].push(wanted);
        self.last = Some(key);
        self.len += 1;
        self.len - 1
    }

    /// How many accounts are named.
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    /// Finds or adds them all and forgets them; `resolved` becomes the account of each number.
    pub(crate) fn resolve(&mut self, accounts: &Accounts, resolved: &mut Vec<u32>) {
        let same = self.hasher.hash_one(0_u64) == accounts.hasher.hash_one(0_u64);
        assert!(same, "a batch is added to the tally that made it");
        resolved.clear();
        resolved.resize(self.len(), 0);
        for (part, wanted) in self.parts.iter_mut().enumerate().filter(|(_, wanted)| !wanted.is_empty()) {
            let key = |index: usize| self.texts.key(&wanted[index], &self.hasher);
            let among = (&self.texts.bytes[..], &self.hasher);
            accounts.lock(part).intern_run(wanted.len(), key, among, |index, place| {
                resolved[wanted[index].number as usize] = Account::new(part, place).0;
            });
            wanted.clear();
        }
        self.texts.bytes.clear();
        self.texts.keys.clear();
        self.len = 0;
        self.last = None;
    }
}

/// By what accounts are spread over parts.
#[derive(Clone, Debug)]
pub(crate) struct Spreader(RandomState);

impl Spreader {
    /// The part of an account whose id is a number.
    pub(crate) fn part_of(&self, network: Word, number: u64) -> usize {
        Accounts::part_of(hash_of(&self.0, network, Id::Number(number as i64)))
    }
}

/// The accounts of one part by place, without the table in which they are looked up.
#[derive(Debug)]
pub(crate) struct Ids {
    keys: Vec<Key>,
    texts: Vec<u8>,
}

impl Ids {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn get(&self, place: usize) -> (Word, Id<'_>) {
        let key = self.keys[place];
        (key.network, key.id(&self.texts))
    }

    /// The networks of all of them, by place.
    pub(crate) fn networks(&self) -> impl Iterator<Item = Word> {
        self.keys.iter().map(|key| key.network)
    }
}

/// The table of all accounts, shared by all threads.
#[derive(Debug)]
pub struct Accounts {
    /// Seeded anew in each run, so that nobody can prepare ids that collide.
    hasher: RandomState,
    parts: Vec<Mutex<Part>>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { hasher: RandomState::default(), parts: (0..PARTS).map(|_| Mutex::default()).collect() }
    }
}

impl Accounts {
    /// Which part an account of this hash is in (inside, the low bits decide).
    fn part_of(hash: u64) -> usize {
        (hash >> (u64::BITS - PART_BITS)) as usize
    }

    fn lock(&self, part: usize) -> MutexGuard<'_, Part> {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A table of the same accounts, by the same numbers.
    pub(crate) fn copy(&self) -> Self {
        let copy =
            |part: &Mutex<Part>| Mutex::new(part.lock().unwrap_or_else(PoisonError::into_inner).clone());
        Self { hasher: self.hasher.clone(), parts: self.parts.par_iter().map(copy).collect() }
    }

    /// An empty list of accounts to be found or added together.
    pub(crate) fn named(&self) -> Named {
        Named {
            hasher: self.hasher.clone(),
            parts: vec![Vec::new(); PARTS],
            texts: WantedTexts::default(),
            len: 0,
            last: None,
        }
    }

    /// Makes room for about so many accounts, if there are none yet, so that the table does not grow step by step.
    pub(crate) fn expect(&self, accounts: usize) {
        // Some parts get more than others.
        let of_part = accounts / PARTS + accounts / PARTS / 16;
        for part in 0..PARTS {
            self.lock(part).expect(of_part);
        }
    }

    /// The account, added if it is new.
    pub fn intern(&self, network: Word, id: Id<'_>) -> Account {
        let hash = hash_of(&self.hasher, network, id);
        let (part, mut texts) = (Self::part_of(hash), Vec::new());
        let key = Key::new(network, id, &mut texts);
        Account::new(part, self.lock(part).intern(hash, key, &texts, &self.hasher))
    }

    /// The account, if it is known.
    pub fn find(&self, network: Word, id: Id<'_>) -> Option<Account> {
        let hash = hash_of(&self.hasher, network, id);
        let (part, mut texts) = (Self::part_of(hash), Vec::new());
        let key = Key::new(network, id, &mut texts);
        self.lock(part).find(hash, key, &texts, &self.hasher).map(|place| Account::new(part, place))
    }

    /// By what they are spread over parts.
    pub(crate) fn spreader(&self) -> Spreader {
        Spreader(self.hasher.clone())
    }

    /// Finds or adds so many accounts of a part, whose ids are numbers. `wanted` says of the next one on which network it is and
    /// its number, and `found` learns which it is.
    pub(crate) fn intern_numbers(
        &self,
        part: usize,
        length: usize,
        wanted: impl Fn(usize) -> (Word, u64),
        mut found: impl FnMut(usize, Account),
    ) {
        let wanted = |index| {
            let (network, value) = wanted(index);
            let hash = hash_of(&self.hasher, network, Id::Number(value as i64));
            (Key { network, length: NUMBER, value }, hash)
        };
        let found = |index, place| found(index, Account::new(part, place));
        self.lock(part).intern_run(length, wanted, (&[], &self.hasher), found);
    }

    /// Gives back the memory of what accounts are searched with. Who is searched for or added after this has that of their part made
    /// anew.
    pub(crate) fn search_no_more(&self) {
        for part in 0..PARTS {
            self.lock(part).search_no_more();
        }
    }

    /// Looks at its network and its id. The table may not be asked meanwhile.
    pub(crate) fn with_id<T>(&self, account: Account, look: impl FnOnce(Word, Id<'_>) -> T) -> T {
        let part = self.lock(account.part());
        let key = part.keys[account.place()];
        look(key.network, key.id(&part.texts))
    }

    /// Its network and the text of its id.
    pub fn name(&self, account: Account) -> (Word, String) {
        self.with_id(account, |network, id| (network, id.to_string()))
    }

    /// The network and the text of the id of every account, in no order.
    pub fn names(&self) -> impl Iterator<Item = (Word, String)> {
        let places = |part| (0..self.part_len(part)).map(move |place| Account::new(part, place));
        (0..PARTS).flat_map(places).map(|account| self.name(account))
    }

    /// Its network.
    pub fn network(&self, account: Account) -> Word {
        self.lock(account.part()).keys[account.place()].network
    }

    /// The networks of all accounts of a part, by place.
    pub fn networks(&self, part: usize) -> Vec<Word> {
        self.lock(part).keys.iter().map(|key| key.network).collect()
    }

    /// How many accounts a part has.
    pub fn part_len(&self, part: usize) -> usize {
        self.lock(part).keys.len()
    }

    /// The accounts of each part, once nobody adds any more.
    pub(crate) fn into_ids(self) -> Vec<Ids> {
        self.parts
            .into_iter()
            .map(|part| {
                let Part { keys, texts, .. } = part.into_inner().unwrap_or_else(PoisonError::into_inner);
                Ids { keys, texts }
            })
            .collect()
    }

    /// The memory that they take while they are searched.
    pub(crate) fn bytes(&self) -> usize {
        (0..PARTS).map(|part| self.lock(part).bytes()).sum()
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        (0..PARTS).map(|part| self.part_len(part)).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_found_again_after_what_it_is_searched_with_was_given_back() {
        [8, 20_000].into_iter().for_each(is_found_again);
    }

    fn is_found_again(many: i64) {
        let accounts = Accounts::default();
        let names: Vec<String> = (0..many).map(|number| format!("somebody-{number}")).collect();
        let ids = || (0..many).map(Id::Number).chain(names.iter().map(|name| Id::Text(name)));
        let all: Vec<Account> = ids().map(|id| accounts.intern(Word(3), id)).collect();
        let found = || ids().map(|id| accounts.find(Word(3), id).unwrap()).collect::<Vec<_>>();
        assert_eq!(found(), all);
        assert_eq!(accounts.find(Word(4), Id::Number(7)), None);
        accounts.search_no_more();
        assert_eq!(accounts.intern(Word(3), Id::Number(7)), all[7]);
        assert_eq!(found(), all);
        assert_eq!(accounts.find(Word(4), Id::Number(7)), None);
        assert_eq!(accounts.find(Word(3), Id::Text("nobody")), None);
    }
}
