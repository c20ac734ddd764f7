//! All accounts of a run: from a network and an id to a small number, and back.
//!
//! The numbers depend on who came first, so they serve as places in arrays and never reach an output: whatever is
//! shown is ordered by score, network and id.

use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

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

/// A network and an id, as a table stores them.
#[derive(Clone, Copy, Debug)]
struct Key {
    network: Word,
    /// The length of a text; [`NUMBER`] for a number.
    length: u32,
    /// The number, or where the text begins in the part's texts.
    value: u64,
}

const NUMBER: u32 = u32::MAX;

#[derive(Debug, Default)]
struct Part {
    table: HashTable<u32>,
    keys: Vec<Key>,
    texts: Vec<u8>,
}

impl Part {
    fn id(&self, place: usize) -> (Word, Id<'_>) {
        let key = self.keys[place];
        let id = if key.length == NUMBER {
            Id::Number(key.value as i64)
        } else {
            let start = key.value as usize;
            Id::Text(std::str::from_utf8(&self.texts[start..start + key.length as usize]).unwrap_or(""))
        };
        (key.network, id)
    }

    fn find(&self, hash: u64, network: Word, id: Id<'_>) -> Option<usize> {
        self.table.find(hash, |&place| self.id(place as usize) == (network, id)).map(|&place| place as usize)
    }

    fn intern(&mut self, hash: u64, network: Word, id: Id<'_>, hasher: &RandomState) -> usize {
        if let Some(place) = self.find(hash, network, id) {
            return place;
        }
        let (length, value) = match id {
            Id::Number(number) => (NUMBER, number as u64),
            Id::Text(text) => {
                let start = self.texts.len() as u64;
                self.texts.extend_from_slice(text.as_bytes());
                (text.len() as u32, start)
            }
        };
        let place = self.keys.len();
        self.keys.push(Key { network, length, value });
        let (keys, texts) = (&self.keys, &self.texts);
        self.table.insert_unique(hash, place as u32, |&other| {
            let key = keys[other as usize];
            if key.length == NUMBER {
                hash_of(hasher, key.network, Id::Number(key.value as i64))
            } else {
                let start = key.value as usize;
                hash_bytes(hasher, key.network, &texts[start..start + key.length as usize])
            }
        });
        place
    }
}

fn hash_of(hasher: &RandomState, network: Word, id: Id<'_>) -> u64 {
    match id {
        Id::Number(number) => {
            let mut hash = hasher.build_hasher();
            hash.write_u64(number as u64);
            hash.write_u16(network.0);
            hash.finish()
        }
        Id::Text(text) => hash_bytes(hasher, network, text.as_bytes()),
    }
}

fn hash_bytes(hasher: &RandomState, network: Word, text: &[u8]) -> u64 {
    let mut hash = hasher.build_hasher();
    hash.write(text);
    hash.write_u16(network.0);
    hash.finish()
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
    pub(crate) fn hash(&self, network: Word, id: Id<'_>) -> u64 {
        hash_of(&self.hasher, network, id)
    }

    /// Which part an account of this hash is in. The table inside uses the low and the very top bits.
    pub(crate) fn part_of(hash: u64) -> usize {
        (hash >> 48) as usize % PARTS
    }

    fn lock(&self, part: usize) -> MutexGuard<'_, Part> {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Interns a run of accounts of one part under one lock.
    pub(crate) fn intern_run<'a>(
        &self,
        part: usize,
        run: impl Iterator<Item = (u64, Word, Id<'a>)>,
        mut interned: impl FnMut(Account),
    ) {
        let mut table = self.lock(part);
        for (hash, network, id) in run {
            interned(Account::new(part, table.intern(hash, network, id, &self.hasher)));
        }
    }

    /// The account, added if it is new.
    pub fn intern(&self, network: Word, id: Id<'_>) -> Account {
        let hash = self.hash(network, id);
        let part = Self::part_of(hash);
        Account::new(part, self.lock(part).intern(hash, network, id, &self.hasher))
    }

    /// The account, if it is known.
    pub fn find(&self, network: Word, id: Id<'_>) -> Option<Account> {
        let hash = self.hash(network, id);
        let part = Self::part_of(hash);
        self.lock(part).find(hash, network, id).map(|place| Account::new(part, place))
    }

    /// Its network and the text of its id.
    pub fn name(&self, account: Account) -> (Word, String) {
        let part = self.lock(account.part());
        let (network, id) = part.id(account.place());
        (network, id.to_string())
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

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        (0..PARTS).map(|part| self.part_len(part)).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
