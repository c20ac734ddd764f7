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

impl ScoredPerson {
    /// What a network gave; `None` if the person is not on it.
    pub fn part(&self, network: Word) -> Option<u32> {
        self.parts.iter().find(|part| part.0 == network).map(|part| part.1)
    }
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

/// The scores by two scorings, before and after, in the order of one directory.
pub type Beside<'d> = (Cow<'d, [Option<Score>]>, Vec<Option<Score>>);

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
        let mut all: Vec<Titled> =
            entries(scorings).into_par_iter().map(|entry| Titled::new(entry, any)).collect();
        all.par_sort_unstable_by(|a, b| {
            (a.opening.cmp(&b.opening))
                .then_with(|| any.name_of_entry(a.entry).cmp(&any.name_of_entry(b.entry)))
        });
        let networks = scorings.iter().flat_map(|scoring| scoring.networks()).collect();
        Self { entries: all.into_iter().map(|titled| titled.entry).collect(), networks }
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The scores by two scorings of the same records and people, of which it is made of the first, whose scores are these; and the
    /// directory that they are in the order of: this one, or a wider one if the second lists others as well.
    pub fn beside<'d>(
        &'d self,
        (before, scores): (&Scoring<'_>, &'d [Option<Score>]),
        after: &Scoring<'_>,
    ) -> (Beside<'d>, Cow<'d, Self>) {
        if after.networks().all(|network| self.networks.contains(&network)) {
            return ((Cow::Borrowed(scores), after.scores(self)), Cow::Borrowed(self));
        }
        let both = Self::of(&[before, after]);
        ((before.scores(&both).into(), after.scores(&both)), Cow::Owned(both))
    }

    /// Who moved between two scorings, which are as in [`Directory::beside`], and the directory that the moves' places are of.
    pub fn moves<'d>(
        &'d self,
        before: (&Scoring<'_>, &'d [Option<Score>]),
        after: &Scoring<'_>,
    ) -> (Moves, Cow<'d, Self>) {
        let ((before, after), directory) = self.beside(before, after);
        (Moves::between(&before, &after), directory)
    }

    /// The name of who stands in a place; the scoring is one that it was made of.
    pub fn name(&self, scoring: &Scoring<'_>, place: u32) -> String {
        scoring.name_of_entry(self.entries[place as usize])
    }
}

/// Somebody with the beginning of their name.
#[derive(Clone, Copy, Debug)]
struct Titled {
    /// The name's first bytes as numbers: what most names are told apart by.
    opening: [u64; 3],
    /// The length of the name; [`LONGER`] if there is more of it than its opening.
    length: u8,
    entry: Entry,
}

/// As many bytes of a name are its opening.
const OPENING: usize = 24;

/// The length of all names that do not fit into their openings.
const LONGER: u8 = u8::MAX;

impl Titled {
    fn new(entry: Entry, scoring: &Scoring<'_>) -> Self {
        let mut opening = Opening::default();
        scoring.write_name(entry, &mut opening);
        let number =
            |at: usize| opening.bytes[8 * at..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let length = if opening.is_cut { LONGER } else { opening.length as u8 };
        Self { opening: [number(0), number(1), number(2)], length, entry }
    }

    /// The name, if all of it is known.
    fn name(&self) -> Option<String> {
        let bytes = self.opening.map(u64::to_be_bytes);
        let name = bytes.as_flattened().get(..usize::from(self.length))?;
        std::str::from_utf8(name).ok().map(str::to_owned)
    }
}

/// Takes what is written to it as far as it has room.
#[derive(Default)]
struct Opening {
    bytes: [u8; OPENING],
    length: usize,
    /// Whether there was more.
    is_cut: bool,
}

impl Write for Opening {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let taken = text.len().min(OPENING - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
        self.is_cut |= taken < text.len();
        Ok(())
    }
}

/// All whom one of these scorings, of which there is one, lists: those of the people file in its order, and then account by account.
fn entries(scorings: &[&Scoring<'_>]) -> Vec<Entry> {
    let any = scorings[0];
    let persons = any.roster.people.par_iter().zip(0..any.roster.people.len() as u32);
    let scored = persons.filter(|(person, _)| person.is_scored(any.roster.everyone));
    let of_people = scored.map(|(person, place)| match person.accounts[..] {
        [account] => Entry::WithOne(place, account, any.ledger.accounts.network(account)),
        _ => Entry::Person(place),
    });
    let mut all: Vec<Entry> = of_people.collect();
    if any.roster.everyone {
        let parts: Vec<Vec<Entry>> =
            (0..PARTS).into_par_iter().map(|part| lone_accounts(scorings, part)).collect();
        // Grown step by step, a list of millions would take twice its memory.
        all.reserve_exact(parts.iter().map(Vec::len).sum());
        for part in parts {
            all.extend(part);
        }
    }
    all
}

/// The accounts of a part that are persons of their own in one of these scorings.
fn lone_accounts(scorings: &[&Scoring<'_>], part: usize) -> Vec<Entry> {
    let any = scorings[0];
    let mut owners = any.owners.of_part(part).iter().map(|owned| owned.place as usize).peekable();
    let mut found = Vec::new();
    for (place, network) in any.ledger.accounts.networks(part).into_iter().enumerate() {
        let owned = owners.next_if_eq(&place).is_some();
        if !owned && scorings.iter().any(|scoring| scoring.results[part].flags[place] & LISTED != 0) {
            found.push(Entry::Account(Account::new(part, place), network));
        }
    }
    found
}

/// Somebody with their score, and what else of an account would have to be looked up once more: in the order of scores, that is anywhere
/// in memory.
struct Candidate {
    titled: Titled,
    score: Score,
    coverage: u16,
}

impl Scoring<'_> {
    /// The persons who get a score, best first, equals by name.
    pub fn persons(&self) -> Vec<ScoredPerson> {
        let candidates = entries(&[self]).into_par_iter().filter_map(|entry| {
            let coverage = match entry {
                Entry::Account(account, _) => self.results[account.part()].coverage[account.place()],
                Entry::Person(_) | Entry::WithOne(..) => 0,
            };
            let score = self.score_of_entry(entry)?;
            Some(Candidate { titled: Titled::new(entry, self), score, coverage })
        });
        let mut candidates: Vec<Candidate> = candidates.collect();
        // The best first, and then by name.
        candidates.par_sort_unstable_by(|a, b| {
            (b.score, a.titled.opening)
                .cmp(&(a.score, b.titled.opening))
                .then_with(|| self.name_of_entry(a.titled.entry).cmp(&self.name_of_entry(b.titled.entry)))
        });
        let mut persons: Vec<ScoredPerson> =
            candidates.par_iter().map(|candidate| self.listed(candidate)).collect();
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

    /// The scores of all who get one, in no order: to be counted, not to be shown.
    pub fn all_scores(&self) -> Vec<Score> {
        entries(&[self]).into_par_iter().filter_map(|entry| self.score_of_entry(entry)).collect()
    }

    /// The score of each in a directory; `None` for those whom this scoring does not list.
    pub fn scores(&self, directory: &Directory) -> Vec<Option<Score>> {
        directory.entries.par_iter().map(|entry| self.score_of_entry(*entry)).collect()
    }

    fn score_of_entry(&self, entry: Entry) -> Option<Score> {
        match entry {
            Entry::Person(place) => Some(self.score_of(&self.roster.people[place as usize].accounts)),
            Entry::WithOne(_, account, network) => Some(self.lone_score(account, network)),
            Entry::Account(account, network) => {
                let is_listed = self.results[account.part()].flags[account.place()] & LISTED != 0;
                is_listed.then(|| self.lone_score(account, network))
            }
        }
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

    fn listed(&self, candidate: &Candidate) -> ScoredPerson {
        match candidate.titled.entry {
            Entry::Person(place) | Entry::WithOne(place, ..) => {
                self.person(&self.roster.people[place as usize])
            }
            Entry::Account(account, network) => self.lone((account, network), candidate),
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
    fn lone(&self, (account, network): (Account, Word), candidate: &Candidate) -> ScoredPerson {
        let score = candidate.score;
        let parts = vec![(network, score.above_floor())];
        ScoredPerson {
            person: candidate.titled.name().unwrap_or_else(|| self.name_of(account)),
            score,
            percentile: 0,
            coverage: u32::from(candidate.coverage),
            reasons: if score == Score::FLOOR { self.reasons(&[account], &parts) } else { Vec::new() },
            parts,
        }
    }

    /// The score of somebody who has this account alone.
    pub(crate) fn lone_score(&self, account: Account, network: Word) -> Score {
        self.score_alone(network, self.results[account.part()].points[account.place()])
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

/// Persons, best first, with their ranks.
pub fn ranked(persons: &[ScoredPerson]) -> impl Iterator<Item = (&ScoredPerson, u32)> {
    let mut rank = 0;
    persons.iter().enumerate().map(move |(index, person)| {
        if index == 0 || persons[index - 1].score != person.score {
            rank = index as u32 + 1;
        }
        (person, rank)
    })
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
