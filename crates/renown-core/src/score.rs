//! From a ledger and a ruler to scores.
//!
//! Standing makes scores depend on scores, so they are computed in rounds: everybody starts with the same standing,
//! and each round computes all scores with the standing that the last ones gave. Accounts of people who are not
//! scored have a standing too, as the nameless actors they are; it is never shown. Whoever has a score that was
//! published before keeps the standing which that gives, through all rounds.

use std::fmt;

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::curve::Score;
use crate::feature::{Extractor, Found};
use crate::fixed::Log2;
use crate::formula::{FormulaFailure, shapley};
use crate::graph::{Field, Ranks};
use crate::ledger::Ledger;
use crate::people::{Person, Roster};
use crate::published::Published;
use crate::record::{Day, Id};
use crate::ruler::{NetworkRuler, Ruler};
use crate::scratch::ScratchError;
use crate::standing::Standings;
use crate::walk::PartWalk;
use crate::words::Word;

/// All scores of a run, and what is needed to explain them.
#[derive(Debug)]
pub struct Scoring<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) ruler: &'a Ruler,
    pub(crate) roster: &'a Roster,
    pub(crate) as_of: Day,
    pub(crate) log: Log2,
    /// For each part, its accounts' places and whose they are, in order.
    owners: Vec<Vec<(u32, u32)>>,
    /// What the last round used.
    pub(crate) standings: Standings,
    /// The standing of accounts whose owners have a published score.
    held: Vec<(Account, u32)>,
    /// By who acts on whom, where the ruler asks for it.
    pub(crate) ranks: Ranks,
    pub(crate) results: Vec<PartResults>,
}

/// What a pass computes for the accounts of one part, by place.
#[derive(Debug, Default)]
pub(crate) struct PartResults {
    pub(crate) points: Vec<f64>,
    /// How much of what the weights ask for was there, in ten-thousandths.
    coverage: Vec<u16>,
    flags: Vec<u8>,
}

/// The account received, posted or was observed.
const LISTED: u8 = 1;
/// At least one feature has a value.
const COVERED: u8 = 2;
/// Something lay outside the window.
const OUTSIDE: u8 = 4;

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

/// Why there are no scores.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoringError {
    /// A formula gave no points, or such as cannot be. Nobody is scored then.
    #[error(transparent)]
    Formula(#[from] FormulaFailure),
    /// Rows that were laid aside cannot be had.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
}

/// One account's points and what else a pass finds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AccountResult {
    pub(crate) account: u32,
    pub(crate) points: f64,
    pub(crate) coverage: u16,
    flags: u8,
}

impl<'a> Scoring<'a> {
    /// Scores everybody as of a day. Uses the current rayon thread pool; the result does not depend on its size.
    ///
    /// # Errors
    /// [`ScoringError`]. Nobody is scored then.
    pub fn new(
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
    ) -> Result<Self, ScoringError> {
        Self::after(&Published::default(), ledger, ruler, roster, as_of)
    }

    /// Likewise, where whoever has a score that was published `before` has the standing which that gives.
    ///
    /// # Errors
    /// As [`Scoring::new`].
    pub fn after(
        before: &Published,
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
    ) -> Result<Self, ScoringError> {
        let standings = Standings::flat(ruler.standing.at_start(), &ledger.accounts);
        let mut this = Self::unscored(ledger, ruler, roster, as_of, standings);
        this.held = before.held(ledger, roster, ruler.standing);
        let excluded = roster.people.iter().filter(|person| person.exclude);
        for account in excluded.flat_map(|person| &person.accounts) {
            this.standings.set(*account, 0);
        }
        this.ranks = this.ranked()?;
        hold(&this.held, &mut this.standings);
        this.results = this.pass()?;
        for _ in 0..ruler.standing.rounds {
            this.standings = this.next_standings();
            this.results = this.pass()?;
        }
        Ok(this)
    }

    /// Likewise, where everybody who acts has the standing that they had in another scoring, if need be of other records; who did not
    /// appear there stands as those who have nothing. What changes then is not the doing of those who act.
    ///
    /// # Errors
    /// As [`Scoring::new`].
    pub fn with_standing_of(
        other: &Scoring<'_>,
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
    ) -> Result<Self, ScoringError> {
        let mut this = Self::unscored(ledger, ruler, roster, as_of, other.standings_in(ledger));
        this.ranks = this.ranked()?;
        this.results = this.pass()?;
        Ok(this)
    }

    /// Ready for a pass with these standings.
    fn unscored(
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
        standings: Standings,
    ) -> Self {
        Self {
            ledger,
            ruler,
            roster,
            as_of,
            log: Log2::default(),
            owners: owners(&roster.people),
            standings,
            held: Vec::new(),
            ranks: Ranks::default(),
            results: Vec::new(),
        }
    }

    /// The standings of this scoring, by the accounts of another ledger.
    fn standings_in(&self, ledger: &Ledger) -> Standings {
        if std::ptr::eq(self.ledger, ledger) {
            return self.standings.clone();
        }
        let standing = self.ruler.standing;
        let stranger =
            if standing.rounds == 0 { standing.at_start() } else { standing.of(self.ruler.scale.score(0.0)) };
        let words = ledger.words.texts();
        let ours: Vec<Option<Word>> = words.iter().map(|text| self.ledger.words.find(text)).collect();
        let of_account = |account: Account| {
            let (network, id) = ledger.accounts.name(account);
            let known = self.ledger.accounts.find(ours[network.index()]?, Id::new(&id))?;
            Some(self.standings.of_part(known.part())[known.place()])
        };
        let parts = (0..PARTS).into_par_iter().map(|part| {
            let places = 0..ledger.accounts.part_len(part);
            places.map(|place| of_account(Account::new(part, place)).unwrap_or(stranger)).collect()
        });
        Standings::new(parts.collect())
    }

    /// The persons who get a score, best first, equals by name.
    pub fn persons(&self) -> Vec<ScoredPerson> {
        let mut persons: Vec<ScoredPerson> = self
            .roster
            .people
            .iter()
            .filter(|person| person.is_scored(self.roster.everyone))
            .map(|person| self.person(person))
            .collect();
        if self.roster.everyone {
            let accounts: Vec<Vec<ScoredPerson>> =
                (0..PARTS).into_par_iter().map(|part| self.lone_accounts(part)).collect();
            // Grown step by step, a list of millions would take twice its memory.
            persons.reserve_exact(accounts.iter().map(Vec::len).sum());
            for of_part in accounts {
                persons.extend(of_part);
            }
        }
        persons.par_sort_unstable_by(|a, b| b.score.cmp(&a.score).then_with(|| a.person.cmp(&b.person)));
        set_percentiles(&mut persons);
        persons
    }

    /// How many accounts only acted on others and so are counted, not listed.
    pub fn bystanders(&self) -> usize {
        let listed: usize = self
            .results
            .iter()
            .map(|part| part.flags.iter().filter(|flags| **flags & LISTED != 0).count())
            .sum();
        self.ledger.accounts.len() - listed
    }

    /// Ranks of accounts; only those who count for nobody have a standing other than the rest yet.
    fn ranked(&self) -> Result<Ranks, ScratchError> {
        let owner = |account: u32| self.owner(Account(account)).map(|owner| owner as u32);
        let (ledger, ruler, standings, as_of) = (self.ledger, self.ruler, &self.standings, self.as_of);
        Field { ledger, ruler, standings, as_of, owner }.ranks()
    }

    /// Points of all accounts, with the standing there is.
    fn pass(&self) -> Result<Vec<PartResults>, ScoringError> {
        let groups: Vec<Group<'_>> =
            self.ruler.networks.iter().map(|ruler| Group::new(self, ruler)).collect();
        let parts: Vec<Result<PartResults, ScoringError>> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let accounts = self.ledger.accounts.part_len(part);
                let mut results = PartResults {
                    points: vec![0.0; accounts],
                    coverage: vec![0; accounts],
                    flags: vec![0; accounts],
                };
                self.pass_part(part, &groups, |result| {
                    let place = Account(result.account).place();
                    results.points[place] = result.points;
                    results.coverage[place] = result.coverage;
                    results.flags[place] = result.flags;
                })?;
                Ok(results)
            })
            .collect();
        // The failure of the first part that has one, not of the first that was ready.
        parts.into_iter().collect()
    }

    fn pass_part(
        &self,
        part: usize,
        groups: &[Group<'_>],
        mut done: impl FnMut(AccountResult),
    ) -> Result<(), ScoringError> {
        let mut groups = groups.to_vec();
        self.walk_part(part, &mut groups, |group, account, values, found| {
            group.push(account, values, found);
        })?;
        groups.into_iter().try_for_each(|group| group.finish(&mut done))?;
        Ok(())
    }

    /// Hands over the values of each account of a part that has rows on one of the groups' networks.
    pub(crate) fn walk_part<'r>(
        &self,
        part: usize,
        groups: &mut [Group<'r>],
        mut each: impl FnMut(&mut Group<'r>, u32, &[Option<f64>], Found),
    ) -> Result<(), ScratchError> {
        if self.ledger.parts[part].is_empty() {
            return Ok(());
        }
        let networks = self.ledger.accounts.networks(part);
        let mut owners = self.owners[part].iter().peekable();
        let mut values = Vec::new();
        let mut walk = PartWalk::new(&self.ledger.parts[part], &self.standings);
        while let Some(account) = walk.next_account()? {
            let place = Account(account).place();
            while owners.next_if(|owner| (owner.0 as usize) < place).is_some() {}
            let own = match owners.peek() {
                Some(owner) if owner.0 as usize == place => {
                    &self.roster.people[owner.1 as usize].accounts[..]
                }
                _ => &[],
            };
            let Some(group) = groups.iter_mut().find(|group| group.ruler.network == networks[place]) else {
                walk.skip(account)?;
                continue;
            };
            let extractor = &mut group.extractor;
            extractor.begin(self.ranks.of(account));
            while let Some((gifts, standings)) = walk.gifts(account)? {
                extractor.gifts(gifts, standings, own);
            }
            while let Some(posts) = walk.posts(account)? {
                extractor.posts(posts);
            }
            extractor.flows(walk.flows(account));
            let found = extractor.finish(walk.seen(account), &mut values);
            each(group, account, &values, found);
        }
        Ok(())
    }

    /// The standings that the last scores give.
    fn next_standings(&self) -> Standings {
        // Of those who only act, and have no points: most.
        let least = self.ruler.standing.of(self.ruler.scale.score(0.0));
        let parts = (0..PARTS).into_par_iter().map(|part| {
            let networks = self.ledger.accounts.networks(part);
            let by_place = self.standings.of_part(part).iter().zip(&self.results[part].points).zip(networks);
            by_place
                .map(|((&old, &points), network)| match (old, points) {
                    (0, _) => 0,
                    (_, 0.0) => least,
                    _ => self.ruler.standing.of(self.score(&[(network, points)])),
                })
                .collect()
        });
        let mut standings = Standings::new(parts.collect());
        for person in self.roster.people.iter().filter(|person| !person.exclude) {
            let worth = self.ruler.standing.of(self.score_of(&person.accounts));
            for account in &person.accounts {
                standings.set(*account, worth);
            }
        }
        hold(&self.held, &mut standings);
        standings
    }

    pub(crate) fn points_of(&self, accounts: &[Account]) -> Vec<(Word, f64)> {
        let points = |account: &Account| {
            (self.ledger.accounts.network(*account), self.results[account.part()].points[account.place()])
        };
        accounts.iter().map(points).collect()
    }

    /// The score of somebody who has these accounts.
    pub(crate) fn score_of(&self, accounts: &[Account]) -> Score {
        self.score(&self.points_of(accounts))
    }

    /// Whose an account is: a place among the persons of the people file.
    pub(crate) fn owner(&self, account: Account) -> Option<usize> {
        let owners = &self.owners[account.part()];
        let at = owners.binary_search_by_key(&account.place(), |owner| owner.0 as usize).ok()?;
        Some(owners[at].1 as usize)
    }

    /// Whether an account is scored as a person of its own: nobody in the people file has it, and it did more than act on
    /// others.
    pub(crate) fn is_lone(&self, account: Account) -> bool {
        let owned = self.owner(account).is_some();
        self.roster.everyone && !owned && self.results[account.part()].flags[account.place()] & LISTED != 0
    }

    /// The score of somebody whose accounts have these points.
    pub(crate) fn score(&self, points: &[(Word, f64)]) -> Score {
        let weighted = points.iter().map(|(network, points)| self.network_weight(*network) * points);
        self.ruler.scale.score(combine(weighted, self.ruler.power))
    }

    pub(crate) fn ruler_of(&self, network: Word) -> Option<&NetworkRuler> {
        self.ruler.networks.iter().find(|ruler| ruler.network == network)
    }

    fn network_weight(&self, network: Word) -> f64 {
        self.ruler_of(network).map_or(0.0, |ruler| ruler.weight)
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

    /// The points of all listed accounts of a network, in no particular order.
    pub(crate) fn listed_points(&self, ruler: &NetworkRuler) -> Vec<f64> {
        let of_part = |(part, results): (usize, &PartResults)| {
            let networks = self.ledger.accounts.networks(part);
            let rows = networks.into_iter().zip(&results.flags).zip(&results.points);
            rows.filter(|((network, flags), _)| *network == ruler.network && **flags & LISTED != 0)
                .map(|(_, points)| *points)
                .collect::<Vec<f64>>()
        };
        self.results.iter().enumerate().flat_map(of_part).collect()
    }

    /// What each account gives to a score, so that with the floor they add up to it: its Shapley value, what it adds in the mean over
    /// all orders in which a person's accounts can be linked.
    pub(crate) fn account_parts(&self, accounts: &[Account], score: Score) -> Vec<u32> {
        let points = self.points_of(accounts);
        let weighted: Vec<f64> =
            points.iter().map(|(network, points)| self.network_weight(*network) * points).collect();
        let above_floor = |points: &[f64]| {
            f64::from(self.ruler.scale.score(combine(points.iter().copied(), self.ruler.power)).above_floor())
        };
        let mut parts = vec![0.0; weighted.len()];
        shapley::shares(&weighted, above_floor, &mut parts);
        apportion(score.above_floor(), &parts)
    }

    fn lone_accounts(&self, part: usize) -> Vec<ScoredPerson> {
        let networks = self.ledger.accounts.networks(part);
        let mut owners = self.owners[part].iter().map(|owner| owner.0 as usize).peekable();
        let listed = self.results[part].flags.iter().filter(|flags| **flags & LISTED != 0).count();
        let mut persons = Vec::with_capacity(listed);
        for (place, &network) in networks.iter().enumerate() {
            let owned = owners.next_if_eq(&place).is_some();
            let results = &self.results[part];
            if owned || results.flags[place] & LISTED == 0 {
                continue;
            }
            let account = Account::new(part, place);
            let score = self.score(&[(network, results.points[place])]);
            let parts = vec![(network, score.above_floor())];
            persons.push(ScoredPerson {
                person: self.name_of(account),
                score,
                percentile: 0,
                coverage: u32::from(results.coverage[place]),
                reasons: self.reasons(&[account], &parts),
                parts,
            });
        }
        persons
    }

    /// The name of an account that is a person of its own: `<network>:<account id>`.
    pub(crate) fn name_of(&self, account: Account) -> String {
        let (network, id) = self.ledger.accounts.name(account);
        format!("{}:{id}", self.ledger.words.text(network))
    }

    /// How much of what the weights ask for of these accounts was there, in ten-thousandths.
    pub(crate) fn coverage_of(&self, accounts: &[Account]) -> u32 {
        let (mut present, mut asked) = (0.0, 0.0);
        for account in accounts {
            let weight = self.asked_of(self.ledger.accounts.network(*account));
            present += f64::from(self.results[account.part()].coverage[account.place()]) * weight;
            asked += weight;
        }
        if asked > 0.0 { libm::round(present / asked) as u32 } else { 0 }
    }

    /// The sum of the weights that a network asks for.
    fn asked_of(&self, network: Word) -> f64 {
        self.ruler_of(network).map_or(0.0, asked)
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

/// The values of an account's features; `None` for what is missing.
pub(crate) type Values = Vec<Option<f64>>;

/// Accounts of one network on their way through its formula.
#[derive(Clone)]
pub(crate) struct Group<'r> {
    pub(crate) ruler: &'r NetworkRuler,
    extractor: Extractor<'r>,
    columns: Vec<Vec<f64>>,
    results: Vec<AccountResult>,
    asked: f64,
    /// Which features count at all.
    counts: Vec<bool>,
}

impl<'r> Group<'r> {
    /// What computes features of the network's accounts as of a day.
    pub(crate) fn extractor(scoring: &'r Scoring<'_>, ruler: &NetworkRuler, as_of: Day) -> Extractor<'r> {
        let words = scoring.ledger.words.texts().len();
        let tables = (&scoring.ledger.shapes[..], scoring.ledger.post, words);
        let (window, exponent) = (scoring.ruler.window, scoring.ruler.per_post_exponent);
        Extractor::new(ruler, window, exponent, as_of, tables, &scoring.log)
    }

    pub(crate) fn new(scoring: &'r Scoring<'_>, ruler: &'r NetworkRuler) -> Self {
        Self {
            ruler,
            extractor: Self::extractor(scoring, ruler, scoring.as_of),
            columns: vec![Vec::new(); ruler.features.len()],
            results: Vec::new(),
            asked: asked(ruler),
            counts: (ruler.features.iter().enumerate())
                .map(|(index, feature)| feature.weight > 0.0 && ruler.formula.uses(index))
                .collect(),
        }
    }

    fn push(&mut self, account: u32, values: &[Option<f64>], found: Found) {
        let mut present = 0.0;
        let mut flags = LISTED | if found.outside { OUTSIDE } else { 0 };
        let features = self.ruler.features.iter().zip(&self.counts);
        for (((feature, counts), value), column) in features.zip(values).zip(&mut self.columns) {
            column.push(value.map_or(f64::NAN, |value| feature.curved(value)));
            if value.is_some() && *counts {
                flags |= COVERED;
                present += if feature.asked { feature.weight } else { 0.0 };
            }
        }
        let coverage = if self.asked > 0.0 { libm::round(present / self.asked * 10_000.0) as u16 } else { 0 };
        self.results.push(AccountResult { account, points: 0.0, coverage, flags });
    }

    fn finish(self, done: &mut impl FnMut(AccountResult)) -> Result<(), FormulaFailure> {
        let mut points = vec![0.0; self.results.len()];
        self.ruler.formula.points(&self.columns, &mut points)?;
        for (result, points) in self.results.into_iter().zip(points) {
            done(AccountResult { points, ..result });
        }
        Ok(())
    }
}

fn asked(ruler: &NetworkRuler) -> f64 {
    ruler.features.iter().filter(|feature| feature.asked).map(|feature| feature.weight).sum()
}

/// Gives accounts the standing that they hold.
fn hold(held: &[(Account, u32)], standings: &mut Standings) {
    for &(account, worth) in held {
        standings.set(account, worth);
    }
}

/// For each part, the places of owned accounts and their owners, in order.
fn owners(people: &[Person]) -> Vec<Vec<(u32, u32)>> {
    let mut owners: Vec<Vec<(u32, u32)>> = vec![Vec::new(); PARTS];
    for (index, person) in people.iter().enumerate() {
        for account in &person.accounts {
            owners[account.part()].push((account.place() as u32, index as u32));
        }
    }
    for part in &mut owners {
        part.sort_unstable();
    }
    owners
}

/// Combines weighted points: `(Σ points^power)^(1/power)`.
fn combine(points: impl Iterator<Item = f64>, power: f64) -> f64 {
    let mut points = points.filter(|points| *points > 0.0);
    // Most persons are on one network.
    let Some(first) = points.next() else { return 0.0 };
    let Some(second) = points.next() else { return first };
    let mut points: Vec<f64> = [first, second].into_iter().chain(points).collect();
    // Largest first, so that the result does not depend on the order of a person's accounts.
    points.sort_by(|a, b| b.total_cmp(a));
    // Relative to the largest, so that no power overflows.
    let largest = points[0];
    let sum: f64 = points.iter().map(|points| libm::pow(points / largest, power)).sum();
    largest * libm::pow(sum, 1.0 / power)
}

/// Divides a whole number in proportion to shares, so that the parts add up to it exactly: all are rounded down, and
/// what is left goes one each to the largest remainders, the earlier first.
pub(crate) fn apportion(total: u32, shares: &[f64]) -> Vec<u32> {
    let all: f64 = shares.iter().sum();
    if all <= 0.0 || total == 0 {
        return vec![0; shares.len()];
    }
    let exact: Vec<f64> = shares.iter().map(|share| f64::from(total) * (share / all)).collect();
    let mut parts: Vec<u32> = exact.iter().map(|exact| *exact as u32).collect();
    let mut order: Vec<usize> = (0..shares.len()).filter(|&index| shares[index] > 0.0).collect();
    order.sort_by(|&a, &b| {
        (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b))
    });
    let given: u32 = parts.iter().sum();
    // Rounding can make the floors exceed the total by one; the last in order then gives it back.
    if let (true, Some(&last)) = (given > total, order.last()) {
        parts[last] -= given - total;
    }
    let left = total.saturating_sub(given) as usize;
    for &index in order.iter().cycle().take(left) {
        parts[index] += 1;
    }
    parts
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_network_alone_is_itself_and_more_only_add() {
        assert_eq!(combine([7.25].into_iter(), 6.0).to_bits(), 7.25_f64.to_bits());
        assert!(combine([7.0, 1.0].into_iter(), 6.0) > 7.0);
        assert_eq!(combine([0.0, 0.0].into_iter(), 6.0).to_bits(), 0.0_f64.to_bits());
        assert!((combine([3.0, 4.0].into_iter(), 1.0) - 7.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn parts_add_up(total in 0_u32..1_000_000, shares in proptest::collection::vec(0.0_f64..1e9, 1..9)) {
            let parts = apportion(total, &shares);
            if shares.iter().sum::<f64>() > 0.0 {
                prop_assert_eq!(parts.iter().sum::<u32>(), total);
            }
            for (part, share) in parts.iter().zip(&shares) {
                prop_assert!(*share > 0.0 || *part == 0);
            }
        }
    }
}
