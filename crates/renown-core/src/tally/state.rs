//! A tally as bytes, and back.
//!
//! A [`State`] is a tally in its one canonical form: words in the order of their texts, accounts in the order of their
//! networks and ids, rows sorted and joined under the numbers that this gives. So the same records make the same bytes,
//! whoever came first, however they were split, on however many threads, and in whichever tree parts were merged.
//!
//! It consists of [`Section`]s, each cut into blocks of so many rows that they are written and read side by side. An
//! [`Intake`] adds blocks to a tally, section by section. It believes nothing: whatever the bytes are, it adds rows
//! that a tally may hold, or says what is wrong.
//!
//! What is in a block: the number of rows (32 bits), then a column for each field, as `columns` writes them; in the
//! sections of texts the lengths are columns, and the texts follow. All integers are little-endian. Checksums,
//! compression and files are the caller's.

mod intake;
mod rows;
mod section;

use std::ops::Range;
use std::sync::PoisonError;

use rayon::prelude::*;

use super::Tally;
use super::batch::Counts;
use super::row::{Act, Fate, Flow, Gone, Member, NamedAct, PendingAct, PostRow, Seen, other_names};
use super::shape::Shape;
use super::store::Parts;
use crate::accounts::{Account, Ids};
use crate::columns::{Writer, encode};
use crate::record::Id;
use crate::words::{MAX_WORDS, Word};
pub use intake::{BadBlock, Intake};
use rows::{Renumber, StateRow};
pub use section::{Section, StateError};

/// How many rows are in a block.
const BLOCK: usize = 1 << 16;
/// How many texts are in a block, which may be a thousand bytes long.
const TEXT_BLOCK: usize = 1 << 13;

/// A part of a state that is written at once.
#[derive(Clone, Debug)]
pub struct Block {
    /// The section that it is part of.
    pub section: Section,
    rows: Range<usize>,
}

/// The network, the id, and the account's old number.
type ByNumber = (u16, i64, u32);
/// The network, and the account's old number.
type ByText = (u16, u32);

/// A tally in its canonical form, ready to be written.
#[derive(Debug)]
pub struct State {
    words: Vec<Box<str>>,
    /// Sorted.
    numbers: Vec<ByNumber>,
    /// In the order of network and text.
    texts: Vec<ByText>,
    ids: Vec<Ids>,
    shapes: Vec<Shape>,
    /// Network, word, whether it is a metric, and records.
    counts: Vec<(u16, u16, bool, u64)>,
    days: Vec<(u16, u64)>,
    acts: Vec<Act>,
    named: Vec<NamedAct>,
    pending: Vec<PendingAct>,
    posts: Vec<PostRow>,
    flows: Vec<Flow>,
    seen: Vec<Seen>,
    gone: Vec<Gone>,
    fates: Vec<Fate>,
    handles: Vec<(u32, u32)>,
    members: Vec<Member>,
}

/// From the numbers of a run to those of a state.
struct Renumbering {
    words: Vec<Option<u16>>,
    /// By part and place.
    accounts: Vec<Vec<u32>>,
    shapes: Vec<u32>,
}

impl Renumber for Renumbering {
    fn account(&self, old: u32) -> Option<u32> {
        let old = Account(old);
        self.accounts[old.part()].get(old.place()).copied()
    }
    fn word(&self, old: Word) -> Option<Word> {
        self.words[old.index()].map(Word)
    }
    fn shape(&self, old: u32) -> Option<u32> {
        self.shapes.get(old as usize).copied()
    }
}

impl State {
    /// The canonical form of a tally. Uses the current rayon thread pool.
    ///
    /// # Panics
    /// If the tally is within a room that has become too narrow.
    pub fn new(mut tally: Tally) -> Self {
        assert!(tally.find_accounts().is_ok(), "a state is made of a tally in memory");
        let Counts(counts) = tally.counts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let shapes = tally.shapes.into_inner().unwrap_or_else(PoisonError::into_inner).into_list();
        let ids = tally.accounts.into_ids();
        let (words, of_word) = sorted_words(&tally.words.texts(), &counts, &shapes, &ids);
        let mut by = Renumbering { words: of_word, accounts: Vec::new(), shapes: Vec::new() };
        let (numbers, texts) = sorted_accounts(&ids, &by);
        by.accounts = ids.iter().map(|ids| vec![0; ids.len()]).collect();
        let old = numbers.iter().map(|number| number.2).chain(texts.iter().map(|text| text.1));
        for (new, old) in (0..).zip(old.map(Account)) {
            by.accounts[old.part()][old.place()] = new;
        }
        let (shapes, of_shape) = sorted_shapes(&shapes, &by);
        by.shapes = of_shape;
        let mut counts: Vec<(u16, u16, bool, u64)> = counts
            .into_iter()
            .map(|(key, records)| {
                let (network, word, is_metric) = Counts::of_key(key);
                (by.used(network), by.used(word), is_metric, records)
            })
            .collect();
        counts.sort_unstable();
        let days = tally.days.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self {
            words,
            numbers,
            texts,
            ids,
            shapes,
            counts,
            days: (0..).zip(days).filter(|(_, records)| *records > 0).collect(),
            acts: canonical(tally.acts, &by),
            named: canonical(tally.named, &by),
            pending: canonical(tally.pending, &by),
            posts: canonical(tally.posts, &by),
            flows: canonical(tally.flows, &by),
            seen: canonical(tally.seen, &by),
            gone: canonical(tally.gone, &by),
            fates: canonical(tally.fates, &by),
            handles: canonical(tally.handles, &by),
            members: canonical(tally.members, &by),
        }
    }

    /// All blocks, in the order in which they are written; where a section has no rows, there is none.
    pub fn blocks(&self) -> Vec<Block> {
        let blocks = Section::ALL.into_iter().flat_map(|section| {
            let size = if section == Section::Texts { TEXT_BLOCK } else { BLOCK };
            let rows = self.rows(section);
            (0..rows).step_by(size).map(move |start| Block { section, rows: start..rows.min(start + size) })
        });
        blocks.collect()
    }

    /// How many accounts there are; those of which both id and handle are known count once.
    pub fn accounts(&self) -> usize {
        let communities = self.members.iter().map(|member| member.community).collect();
        (self.numbers.len() + self.texts.len()).saturating_sub(other_names(&self.handles, communities))
    }

    fn rows(&self, section: Section) -> usize {
        match section {
            Section::Words => self.words.len(),
            Section::Numbers => self.numbers.len(),
            Section::Texts => self.texts.len(),
            Section::Shapes => self.shapes.len(),
            Section::Counts => self.counts.len(),
            Section::Days => self.days.len(),
            Section::Acts => self.acts.len(),
            Section::NamedActs => self.named.len(),
            Section::PendingActs => self.pending.len(),
            Section::Posts => self.posts.len(),
            Section::Flows => self.flows.len(),
            Section::Observations => self.seen.len(),
            Section::Gone => self.gone.len(),
            Section::Fates => self.fates.len(),
            Section::Handles => self.handles.len(),
            Section::Memberships => self.members.len(),
        }
    }

    /// The bytes of a block of this state.
    pub fn encode(&self, block: &Block) -> Vec<u8> {
        let rows = block.rows.clone();
        match block.section {
            Section::Words => words(&self.words[rows]),
            Section::Numbers => numbers(&self.numbers[rows]),
            Section::Texts => self.encode_texts(&self.texts[rows]),
            Section::Shapes => shapes(&self.shapes[rows]),
            Section::Counts => counts(&self.counts[rows]),
            Section::Days => days(&self.days[rows]),
            Section::Acts => encode(&self.acts[rows]),
            Section::NamedActs => encode(&self.named[rows]),
            Section::PendingActs => encode(&self.pending[rows]),
            Section::Posts => encode(&self.posts[rows]),
            Section::Flows => encode(&self.flows[rows]),
            Section::Observations => encode(&self.seen[rows]),
            Section::Gone => encode(&self.gone[rows]),
            Section::Fates => encode(&self.fates[rows]),
            Section::Handles => encode(&self.handles[rows]),
            Section::Memberships => encode(&self.members[rows]),
        }
    }

    fn encode_texts(&self, texts: &[ByText]) -> Vec<u8> {
        let text = |account: u32| text_of(&self.ids, account).as_bytes();
        let mut to = Writer::new(texts.len(), 4);
        to.column(texts, |(network, _)| network.to_le_bytes());
        to.column(texts, |(_, account)| (text(account).len() as u16).to_le_bytes());
        for (_, account) in texts {
            to.tail(text(*account));
        }
        to.into_bytes()
    }
}

impl Renumbering {
    /// The new number of a word that is among the used ones.
    fn used(&self, word: Word) -> u16 {
        self.words[word.index()].expect("a word that is counted is used")
    }
}

/// The texts of the words that are used, sorted, and the new number of each old word. (A run's table also has the words
/// of every adapter that is there, whatever was read.)
fn sorted_words(
    texts: &[Box<str>],
    counts: &[(u64, u64)],
    shapes: &[Shape],
    ids: &[Ids],
) -> (Vec<Box<str>>, Vec<Option<u16>>) {
    let mut is_used = vec![false; MAX_WORDS];
    for (network, word, _) in counts.iter().map(|count| Counts::of_key(count.0)) {
        is_used[network.index()] = true;
        is_used[word.index()] = true;
    }
    for word in shapes.iter().flatten() {
        is_used[word.index()] = true;
    }
    for network in ids.iter().flat_map(Ids::networks) {
        is_used[network.index()] = true;
    }
    let mut used: Vec<usize> = (0..texts.len()).filter(|word| is_used[*word]).collect();
    used.sort_unstable_by_key(|word| &texts[*word]);
    let mut of_word = vec![None; MAX_WORDS];
    for (new, old) in (0..).zip(&used) {
        of_word[*old] = Some(new);
    }
    (used.into_iter().map(|word| texts[word].clone()).collect(), of_word)
}

/// Accounts by number and by text, sorted.
fn sorted_accounts(ids: &[Ids], by: &Renumbering) -> (Vec<ByNumber>, Vec<ByText>) {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for (part, ids) in ids.iter().enumerate() {
        for place in 0..ids.len() {
            let ((network, id), account) = (ids.get(place), Account::new(part, place).0);
            match id {
                Id::Number(number) => numbers.push((by.used(network), number, account)),
                Id::Text(_) => texts.push((by.used(network), account)),
            }
        }
    }
    numbers.par_sort_unstable();
    texts.par_sort_unstable_by(|a, b| (a.0, text_of(ids, a.1)).cmp(&(b.0, text_of(ids, b.1))));
    (numbers, texts)
}

/// The text that is an account's id.
fn text_of(ids: &[Ids], account: u32) -> &str {
    let account = Account(account);
    match ids[account.part()].get(account.place()).1 {
        Id::Text(text) => text,
        Id::Number(_) => "",
    }
}

/// Shapes under new words, sorted, and the new number of each old shape.
fn sorted_shapes(shapes: &[Shape], by: &Renumbering) -> (Vec<Shape>, Vec<u32>) {
    let new = |shape: &Shape| -> Shape { shape.iter().map(|word| Word(by.used(*word))).collect() };
    let mut sorted: Vec<(Shape, usize)> = shapes.iter().map(new).zip(0..).collect();
    sorted.sort_unstable();
    let mut of_shape = vec![0; shapes.len()];
    for (new, (_, old)) in (0..).zip(&sorted) {
        of_shape[*old] = new;
    }
    (sorted.into_iter().map(|shape| shape.0).collect(), of_shape)
}

/// Rows under new numbers, sorted and joined.
fn canonical<R: StateRow>(parts: Parts<R>, by: &Renumbering) -> Vec<R> {
    let renumbered =
        |row: R| row.renumbered(by).expect("a tally's rows name its own accounts, words and shapes");
    let parts = parts.into_par_iter().map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner));
    let mut rows: Vec<R> =
        parts.flat_map_iter(|part| part.rows().copied().map(renumbered).collect::<Vec<_>>()).collect();
    rows.par_sort_unstable();
    rows.dedup_by(|next, kept| kept.join(next));
    rows
}

fn words(words: &[Box<str>]) -> Vec<u8> {
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    let mut to = Writer::new(words.len(), 4);
    to.column(&words, |word| (word.len() as u32).to_le_bytes());
    for word in words {
        to.tail(word.as_bytes());
    }
    to.into_bytes()
}

fn numbers(numbers: &[ByNumber]) -> Vec<u8> {
    let mut to = Writer::new(numbers.len(), 10);
    to.column(numbers, |(network, ..)| network.to_le_bytes());
    to.rising_u64(numbers, |(_, number, _)| number as u64);
    to.into_bytes()
}

fn shapes(shapes: &[Shape]) -> Vec<u8> {
    let shapes: Vec<&Shape> = shapes.iter().collect();
    let mut to = Writer::new(shapes.len(), 1);
    to.column(&shapes, |shape| [shape.len() as u8]);
    for word in shapes.into_iter().flatten() {
        to.tail(&word.0.to_le_bytes());
    }
    to.into_bytes()
}

fn counts(counts: &[(u16, u16, bool, u64)]) -> Vec<u8> {
    let mut to = Writer::new(counts.len(), 13);
    to.column(counts, |(network, ..)| network.to_le_bytes());
    to.column(counts, |(_, word, ..)| word.to_le_bytes());
    to.column(counts, |(_, _, is_metric, _)| [u8::from(is_metric)]);
    to.column(counts, |(.., records)| records.to_le_bytes());
    to.into_bytes()
}

fn days(days: &[(u16, u64)]) -> Vec<u8> {
    let mut to = Writer::new(days.len(), 10);
    to.column(days, |(day, _)| day.to_le_bytes());
    to.column(days, |(_, records)| records.to_le_bytes());
    to.into_bytes()
}
