//! One part of the table of accounts: where ids are searched for.

use foldhash::fast::RandomState;

use super::hash_of;
use crate::record::Id;
use crate::words::Word;

/// A network and an id, as a table stores them: a text lies in a buffer beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) network: Word,
    /// The length of a text; [`NUMBER`] for a number.
    pub(super) length: u32,
    /// The number, or where the text begins in its buffer.
    pub(super) value: u64,
}

pub(super) const NUMBER: u32 = u32::MAX;

impl Key {
    pub(super) fn new(network: Word, id: Id<'_>, texts: &mut Vec<u8>) -> Self {
        let (length, value) = match id {
            Id::Number(number) => (NUMBER, number as u64),
            Id::Text(text) => {
                let start = texts.len() as u64;
                texts.extend_from_slice(text.as_bytes());
                (text.len() as u32, start)
            }
        };
        Self { network, length, value }
    }

    pub(super) fn id(self, texts: &[u8]) -> Id<'_> {
        if self.length == NUMBER {
            Id::Number(self.value as i64)
        } else {
            Id::Text(std::str::from_utf8(self.bytes(texts)).unwrap_or(""))
        }
    }

    fn bytes(self, texts: &[u8]) -> &[u8] {
        let start = self.value as usize;
        &texts[start..start + self.length as usize]
    }
}

/// An account in the table. An id that is a number lies in it, so that most searches read one line of memory.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The number; of a text, its hash.
    value: u64,
    /// Of which network and sort it is, or [`EMPTY`].
    sort: u32,
    /// Where its key is.
    place: u32,
}

/// The sort of a slot without an account: no word's number is so large.
const EMPTY: u32 = u32::MAX;

/// How many slots lie side by side.
const WIDTH: usize = 4;

/// The slots that the machine fetches from memory at once. They are filled from the first on.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line([Slot; WIDTH]);

impl Line {
    const EMPTY: Self = Self([Slot { value: 0, sort: EMPTY, place: 0 }; WIDTH]);

    /// The slot of the same value and sort, if there is one. All are looked at, which is less work than to guess where to stop.
    fn like(&self, sought: Slot) -> Option<Slot> {
        let is_like = |slot: Slot| slot.value == sought.value && slot.sort == sought.sort;
        let mut at = WIDTH;
        for index in 0..WIDTH {
            at = if is_like(self.0[index]) { index } else { at };
        }
        self.0.get(at).copied()
    }
}

/// What a slot is compared with.
#[derive(Clone, Copy, Debug)]
struct Sought {
    hash: u64,
    key: Key,
}

impl Sought {
    fn slot(self, place: usize) -> Slot {
        let is_text = self.key.length != NUMBER;
        let value = if is_text { self.hash } else { self.key.value };
        Slot { value, sort: u32::from(self.key.network.0) << 1 | u32::from(is_text), place: place as u32 }
    }
}

/// One part of the table: open addressing, line by line.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// At most four fifths full. None when nobody has searched since their memory was given back.
    lines: Vec<Line>,
    pub(super) keys: Vec<Key>,
    pub(super) texts: Vec<u8>,
}

/// How many lines a table has at least.
const FEWEST: usize = 8;

/// How many accounts are searched for side by side.
const ABREAST: usize = 64;

/// The line in which the search for a hash begins. Tables grow by half and not to twice their size, since memory
/// is what there is least of; so this scales the hash, where powers of two would allow a mask.
fn first_line(hash: u64, lines: usize) -> usize {
    (((hash & u64::from(u32::MAX)) * lines as u64) >> 32) as usize
}

/// How many accounts so many lines hold.
fn fits(lines: usize) -> usize {
    lines * WIDTH * 4 / 5
}

/// How many lines are needed to hold so many accounts.
fn lines_for(accounts: usize) -> usize {
    (accounts * 5).div_ceil(WIDTH * 4).max(FEWEST)
}

/// The line after one.
fn next_line(at: usize, lines: usize) -> usize {
    if at + 1 == lines { 0 } else { at + 1 }
}

/// Puts a slot where the search for its hash ends. There must be an empty one.
fn put(lines: &mut [Line], hash: u64, slot: Slot) {
    let mut at = first_line(hash, lines.len());
    loop {
        if let Some(empty) = lines[at].0.iter_mut().find(|slot| slot.sort == EMPTY) {
            *empty = slot;
            return;
        }
        at = next_line(at, lines.len());
    }
}

impl Part {
    /// The place of a key.
    pub(super) fn find(&mut self, hash: u64, key: Key, texts: &[u8], hasher: &RandomState) -> Option<usize> {
        if self.keys.is_empty() {
            return None;
        }
        if self.lines.is_empty() {
            self.search_again(hasher);
        }
        self.search(Sought { hash, key }, texts).ok()
    }

    /// The place of a key, or the line and slot where it belongs. There must be an empty slot.
    fn search(&self, sought: Sought, texts: &[u8]) -> Result<usize, (usize, usize)> {
        let wanted = sought.slot(0);
        let mut at = first_line(sought.hash, self.lines.len());
        loop {
            for (index, slot) in self.lines[at].0.iter().enumerate() {
                if (slot.value, slot.sort) == (wanted.value, wanted.sort)
                    && self.is_key(*slot, sought.key, texts)
                {
                    return Ok(slot.place as usize);
                }
                if slot.sort == EMPTY {
                    return Err((at, index));
                }
            }
            at = next_line(at, self.lines.len());
        }
    }

    /// Whether a slot of the same value has the same key: of a text, only its hash is the same so far.
    fn is_key(&self, slot: Slot, key: Key, texts: &[u8]) -> bool {
        key.length == NUMBER || self.keys[slot.place as usize].bytes(&self.texts) == key.bytes(texts)
    }

    /// Finds or adds an account.
    pub(super) fn intern(&mut self, hash: u64, key: Key, texts: &[u8], hasher: &RandomState) -> usize {
        self.make_room(hasher);
        let sought = Sought { hash, key };
        self.search(sought, texts).unwrap_or_else(|(line, index)| {
            let place = self.keys.len();
            self.lines[line].0[index] = sought.slot(place);
            self.keys.push(Key::new(key.network, key.id(texts), &mut self.texts));
            place
        })
    }

    /// Makes room for so many accounts, if there are none yet.
    pub(super) fn expect(&mut self, accounts: usize) {
        if self.keys.is_empty() {
            self.lines = vec![Line::EMPTY; lines_for(accounts)];
            self.keys.reserve_exact(fits(self.lines.len()));
        }
    }

    /// Adds half as many lines when one more would fill more than four fifths of them, or those that there are no more.
    fn make_room(&mut self, hasher: &RandomState) {
        if self.keys.len() < fits(self.lines.len()) {
            return;
        }
        if self.lines.is_empty() && !self.keys.is_empty() {
            return self.search_again(hasher);
        }
        let all = (self.lines.len() / 2 * 3).max(FEWEST);
        let mut lines = vec![Line::EMPTY; all];
        for slot in self.lines.iter().flat_map(|line| line.0).filter(|slot| slot.sort != EMPTY) {
            let number = || hash_of(hasher, Word((slot.sort >> 1) as u16), Id::Number(slot.value as i64));
            let hash = if slot.sort & 1 == 1 { slot.value } else { number() };
            put(&mut lines, hash, slot);
        }
        self.lines = lines;
        // As many keys as fit beside these lines.
        self.keys.reserve_exact(fits(all) - self.keys.len());
    }

    /// Makes what accounts are searched with anew.
    fn search_again(&mut self, hasher: &RandomState) {
        let mut lines = vec![Line::EMPTY; lines_for(self.keys.len() + 1)];
        for (place, &key) in self.keys.iter().enumerate() {
            let hash = hash_of(hasher, key.network, key.id(&self.texts));
            put(&mut lines, hash, Sought { hash, key }.slot(place));
        }
        self.lines = lines;
    }

    /// Finds or adds so many accounts: `wanted` says which the next one is, with its hash, and `interned` learns its place.
    ///
    /// The table is far larger than any cache, so that a search mostly waits for memory. Abreast they wait
    /// together: first it is found out where each belongs, then the line of each is asked for, with nothing between that would keep
    /// the machine from asking for the next, and only then is anything compared.
    pub(super) fn intern_run(
        &mut self,
        length: usize,
        wanted: impl Fn(usize) -> (Key, u64),
        (texts, hasher): (&[u8], &RandomState),
        mut interned: impl FnMut(usize, usize),
    ) {
        for start in (0..length).step_by(ABREAST) {
            let abreast = start..length.min(start + ABREAST);
            self.make_room(hasher);
            let none = Sought { hash: 0, key: Key { network: Word(0), length: NUMBER, value: 0 } };
            let (mut sought, mut lines) = ([none; ABREAST], [0; ABREAST]);
            for ((sought, line), index) in sought.iter_mut().zip(&mut lines).zip(abreast.clone()) {
                let (key, hash) = wanted(index);
                (*sought, *line) = (Sought { hash, key }, first_line(hash, self.lines.len()));
            }
            let found = lines.map(|line| self.lines[line]);
            for ((index, found), sought) in abreast.zip(&found).zip(&sought) {
                let found = found.like(sought.slot(0));
                let found = found.filter(|slot| self.is_key(*slot, sought.key, texts));
                let place = found.map_or_else(
                    || self.intern(sought.hash, sought.key, texts, hasher),
                    |slot| slot.place as usize,
                );
                interned(index, place);
            }
        }
    }

    /// Gives back the memory of what accounts are searched with.
    pub(super) fn search_no_more(&mut self) {
        self.lines = Vec::new();
    }

    /// The memory that it takes if it is searched. Room that nobody has set foot in is no memory.
    pub(super) fn bytes(&self) -> usize {
        let lines = self.lines.len().max(lines_for(self.keys.len()));
        lines * size_of::<Line>() + size_of_val(&self.keys[..]) + self.texts.len()
    }
}
