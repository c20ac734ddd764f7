//! Who is scored, in order: by name, and by score.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write};

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::curve::Score;
use crate::moves::Moves;
use crate::people::Person;
use crate::score::{COVERED, LISTED, OUTSIDE, Scoring};
use crate::words::Word;

/// A scored person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredPerson {
    /// The name: of the people file, or `<network>:<account id>`.
    pub person: String,
    /// The score.
    pub score: Score,
    /// Which share of all scored persons stand lower, those on a level counted half; in ten-thousandths of a percent.
    pub percentile: u32,
    /// How much of what the weights ask for, on the networks that the person is on, was there; in ten-thousandths.
    pub coverage: u32,
    /// What each network gave, in ten-thousandths of a point, in the order of the networks' names. With the floor of
    /// 10,000 they add up to the score.
    pub parts: Vec<(Word, u32)>,
    /// Why the score or a part is at the floor.
    pub reasons: Vec<Reason>,
}

/// Why a score, or a network's part of it, is at the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The network whose part it is; `None` for the whole score.
    pub network: Option<Word>,
    /// What the reason is.
    pub code: ReasonCode,
}

/// The codes of [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonCode {
    /// No record is about any account of the person.
    NoRecords,
    /// What there was lies outside the window.
    OutsideWindow,
    /// There are records, but of nothing that the weights count.
    NotCounted,
    /// What the weights count was there, and was nothing.
    NothingReceived,
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRecords => "no-records",
            Self::OutsideWindow => "outside-window",
            Self::NotCounted => "not-counted",
            Self::NothingReceived => "nothing-received",
        })
    }
}

/// Everybody whom a scoring lists, in the order of their names. Names are put in order once, and numbers after that: it is
/// good for all scorings of the same records and people by rulers that know the same networks.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    entries: Vec<Entry>,
    /// The networks that the rulers know.
    networks: BTreeSet<usize>,
}

/// Somebody in a directory.
#[derive(Clone, Copy, Debug)]
enum Entry {
    /// A place in the people file.
    Person(u32),
    /// Likewise, and the person's only account, and its network: so it is with most, and they are looked up but once.
    WithOne(u32, Account, Word),
    /// An account that is a person of its own, and its network.
    Account(Account, Word),
}

impl Directory {
    /// Of all whom one of these scorings lists. They must be of the same records and people.
    pub fn of(scorings: &[&Scoring<'_>]) -> Self {
        let Some(any) = scorings.first() else { return Self::default() };
        let persons = any.roster.people.par_iter().zip(0..any.roster.people.len() as u32);
        let scored = persons.filter(|(person, _)| person.is_scored(any.roster.everyone));
        let entries = scored.map(|(person, place)| match person.accounts[..] {
            [account] => Entry::WithOne(place, account, any.ledger.accounts.network(account)),
            _ => Entry::Person(place),
        });
        let mut keyed: Vec<(Prefix, Entry)> =
            entries.map(|entry| (prefix(|out| any.write_name(entry, out)), entry)).collect();
        if any.roster.everyone {
            let parts: Vec<Vec<(Prefix, Entry)>> =
                (0..PARTS).into_par_iter().map(|part| lone_accounts(scorings, part)).collect();
            // Grown step by step, a list of millions would take twice its memory.
            keyed.reserve_exact(parts.iter().map(Vec::len).sum());
            for part in parts {
                keyed.extend(part);
            }
        }
        keyed.par_sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| any.name_of_entry(a.1).cmp(&any.name_of_entry(b.1)))
        });
        let networks = scorings.iter().flat_map(|scoring| scoring.networks()).collect();
        Self { entries: keyed.into_iter().map(|(_, entry)| entry).collect(), networks }
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Who moved between two scorings of the same records and people, of which it is made of the first, by the scores there; and the
    /// directory that the moves' places are of: this one, or a wider one if the second lists others as well.
    pub fn moves(
        &self,
        (before, scores): (&Scoring<'_>, &[Option<Score>]),
        after: &Scoring<'_>,
    ) -> (Moves, Cow<'_, Self>) {
        if after.networks().all(|network| self.networks.contains(&network)) {
            return (Moves::between(scores, &after.scores(self)), Cow::Borrowed(self));
        }
        let both = Self::of(&[before, after]);
        (Moves::between(&before.scores(&both), &after.scores(&both)), Cow::Owned(both))
    }

    /// The name of who stands in a place; the scoring is one that it was made of.
    pub fn name(&self, scoring: &Scoring<'_>, place: u32) -> String {
        scoring.name_of_entry(self.entries[place as usize])
    }
}

/// The beginning of a name, as numbers: what most names are told apart by.
type Prefix = [u64; 3];

/// A name's beginning, as it is written by `write`.
fn prefix(write: impl FnOnce(&mut Opening)) -> Prefix {
    let mut opening = Opening::default();
    write(&mut opening);
    let number =
        |at: usize| opening.bytes[8 * at..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    [number(0), number(1), number(2)]
}

/// Takes what is written to it as far as it has room.
#[derive(Default)]
struct Opening {
    bytes: [u8; 24],
    length: usize,
}

impl Write for Opening {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let taken = text.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
        Ok(())
    }
}

/// The accounts of a part that are persons of their own in one of these scorings.
fn lone_accounts(scorings: &[&Scoring<'_>], part: usize) -> Vec<(Prefix, Entry)> {
    let any = scorings[0];
    let texts = &any.texts;
    let mut owners = any.owners.of_part(part).iter().map(|owned| owned.place as usize).peekable();
    let mut found = Vec::new();
    any.ledger.accounts.each_of_part(part, |place, word, id| {
        let owned = owners.next_if_eq(&place).is_some();
        if owned || !scorings.iter().any(|scoring| scoring.results[part].flags[place] & LISTED != 0) {
            return;
        }
        let network = &texts[word.index()];
        let key = prefix(|out| {
            // It refuses nothing.
            let _ = write!(out, "{network}:{id}");
        });
        found.push((key, Entry::Account(Account::new(part, place), word)));
    });
    found
}

impl Scoring<'_> {
    /// The persons who get a score, best first, equals by name.
    pub fn persons(&self) -> Vec<ScoredPerson> {
        let directory = Directory::of(&[self]);
        let scores = self.scores(&directory);
        // The order of scores, the best first, and then of names: both are numbers.
        let mut order: Vec<u64> = (scores.iter().zip(0_u32..))
            .filter_map(|(score, index)| Some(u64::from(!(*score)?.0) << 32 | u64::from(index)))
            .collect();
        order.par_sort_unstable();
        let entry = |key: &u64| directory.entries[*key as u32 as usize];
        let mut persons: Vec<ScoredPerson> = order.par_iter().map(|key| self.listed(entry(key))).collect();
        set_percentiles(&mut persons);
        persons
    }

    /// Everybody's name and score, in the order of names.
    pub fn scores_by_name(&self) -> Vec<(String, Score)> {
        let directory = Directory::of(&[self]);
        let scores = self.scores(&directory);
        let named = directory.entries.par_iter().zip(&scores);
        named.filter_map(|(entry, score)| Some((self.name_of_entry(*entry), (*score)?))).collect()
    }

    /// The score of each in a directory; `None` for those whom this scoring does not list.
    pub fn scores(&self, directory: &Directory) -> Vec<Option<Score>> {
        let score = |entry: &Entry| match *entry {
            Entry::Person(place) => Some(self.score_of(&self.roster.people[place as usize].accounts)),
            Entry::WithOne(_, account, network) => Some(self.lone_score(account, network)),
            Entry::Account(account, network) => {
                let is_listed = self.results[account.part()].flags[account.place()] & LISTED != 0;
                is_listed.then(|| self.lone_score(account, network))
            }
        };
        directory.entries.par_iter().map(score).collect()
    }

    /// The networks that the ruler knows.
    fn networks(&self) -> impl Iterator<Item = usize> {
        self.ruler.networks.iter().map(|ruler| ruler.network.index())
    }

    fn write_name(&self, entry: Entry, out: &mut impl Write) {
        // Neither a text nor an opening refuses anything.
        let _ = match entry {
            Entry::Person(place) | Entry::WithOne(place, ..) => {
                out.write_str(&self.roster.people[place as usize].id)
            }
            Entry::Account(account, _) => self.write_name_of(account, out),
        };
    }

    fn name_of_entry(&self, entry: Entry) -> String {
        let mut name = String::new();
        self.write_name(entry, &mut name);
        name
    }

    fn listed(&self, entry: Entry) -> ScoredPerson {
        match entry {
            Entry::Person(place) | Entry::WithOne(place, ..) => {
                self.person(&self.roster.people[place as usize])
            }
            Entry::Account(account, network) => self.lone(account, network),
        }
    }

    fn person(&self, person: &Person) -> ScoredPerson {
        let accounts = &person.accounts;
        let score = self.score_of(accounts);
        let mut parts: Vec<(Word, u32)> = Vec::new();
        for (account, part) in accounts.iter().zip(self.account_parts(accounts, score)) {
            let network = self.ledger.accounts.network(*account);
            match parts.iter_mut().find(|known| known.0 == network) {
                Some(known) => known.1 += part,
                None => parts.push((network, part)),
            }
        }
        let name = |network: Word| self.ledger.words.text(network);
        parts.sort_by_cached_key(|part| name(part.0));
        ScoredPerson {
            person: person.id.clone(),
            score,
            percentile: 0,
            coverage: self.coverage_of(accounts),
            reasons: self.reasons(accounts, &parts),
            parts,
        }
    }

    /// An account that is a person of its own.
    fn lone(&self, account: Account, network: Word) -> ScoredPerson {
        let score = self.lone_score(account, network);
        let parts = vec![(network, score.above_floor())];
        ScoredPerson {
            person: self.name_of(account),
            score,
            percentile: 0,
            coverage: u32::from(self.results[account.part()].coverage[account.place()]),
            reasons: if score == Score::FLOOR { self.reasons(&[account], &parts) } else { Vec::new() },
            parts,
        }
    }

    /// The score of somebody who has this account alone.
    pub(crate) fn lone_score(&self, account: Account, network: Word) -> Score {
        self.score(&[(network, self.results[account.part()].points[account.place()])])
    }

    fn reasons(&self, accounts: &[Account], parts: &[(Word, u32)]) -> Vec<Reason> {
        if accounts.is_empty() {
            return vec![Reason { network: None, code: ReasonCode::NoRecords }];
        }
        let code = |flags: u8| match flags {
            flags if flags & LISTED == 0 => ReasonCode::NoRecords,
            flags if flags & COVERED == 0 => ReasonCode::NotCounted,
            flags if flags & OUTSIDE != 0 => ReasonCode::OutsideWindow,
            _ => ReasonCode::NothingReceived,
        };
        let flags = |network: Word| {
            let of_network =
                accounts.iter().filter(|account| self.ledger.accounts.network(**account) == network);
            of_network.fold(0, |all, account| all | self.results[account.part()].flags[account.place()])
        };
        let at_floor = parts.iter().filter(|part| part.1 == 0);
        at_floor.map(|part| Reason { network: Some(part.0), code: code(flags(part.0)) }).collect()
    }
}

fn set_percentiles(persons: &mut [ScoredPerson]) {
    let all = persons.len() as u64;
    let mut below = all;
    for level in persons.chunk_by_mut(|a, b| a.score == b.score) {
        let equal = level.len() as u64;
        below -= equal;
        let percentile = ((2 * below + equal) * 1_000_000 / (2 * all)) as u32;
        for person in level {
            person.percentile = percentile;
        }
    }
}
