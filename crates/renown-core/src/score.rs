//! From a ledger and a ruler to scores.
//!
//! Standing makes scores depend on scores, so they are computed in rounds: everybody starts with the same standing,
//! and each round computes all scores with the standing that the last ones gave. Accounts of people who are not
//! scored have a standing too, as the nameless actors they are; it is never shown. Whoever has a score that was
//! published before keeps the standing which that gives, through all rounds.

use std::fmt::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::curve::Score;
use crate::feature::{Extractor, Found, Noted};
use crate::fixed::Log2;
use crate::formula::{FormulaFailure, shapley};
use crate::graph::{Field, Ranks};
use crate::ledger::Ledger;
use crate::owners::Owners;
use crate::people::Roster;
use crate::published::Published;
use crate::record::{Day, Id};
use crate::ruler::{Feature, NetworkRuler, Ruler};
use crate::scratch::ScratchError;
use crate::sheet::{Anew, Bend, Rows, Sheet, Weighing, bends};
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
    /// The texts of all words, networks among them.
    pub(crate) texts: Vec<Box<str>>,
    pub(crate) owners: Arc<Owners>,
    /// What the last round used.
    pub(crate) standings: Standings,
    /// For each part, the places of accounts whose owners have a published score, and that score: it gives their standing.
    pub(crate) held: Arc<Held>,
    /// By who acts on whom, where the ruler asks for it.
    pub(crate) ranks: Ranks,
    pub(crate) results: Vec<PartResults>,
    /// What scores are computed from, if it is kept.
    sheet: Option<Arc<Sheet>>,
    keeps: bool,
}

/// What a pass computes for the accounts of one part, by place.
#[derive(Debug, Default)]
pub(crate) struct PartResults {
    pub(crate) points: Vec<f64>,
    /// How much of what the weights ask for was there, in ten-thousandths.
    pub(crate) coverage: Vec<u16>,
    pub(crate) flags: Vec<u8>,
}

impl PartResults {
    /// Of so many accounts, of which nothing is known.
    fn of(accounts: usize) -> Self {
        Self { points: vec![0.0; accounts], coverage: vec![0; accounts], flags: vec![0; accounts] }
    }

    /// Sets what was there of an account that has records.
    pub(crate) fn cover(&mut self, place: usize, coverage: u16, covered: bool, outside: bool) {
        self.coverage[place] = coverage;
        self.flags[place] = LISTED | if covered { COVERED } else { 0 } | if outside { OUTSIDE } else { 0 };
    }
}

/// The account received, posted or was observed.
pub(crate) const LISTED: u8 = 1;
/// At least one feature has a value.
pub(crate) const COVERED: u8 = 2;
/// Something lay outside the window.
pub(crate) const OUTSIDE: u8 = 4;

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
        let held = Arc::new(by_part(before.held(ledger, roster)));
        Self::at_start(ledger, ruler, roster, as_of, held).settled(None)
    }

    /// Likewise, and keeps the numbers that were found, which [`Scoring::by`] takes: eight bytes for each that is known of an
    /// account. Within a limit of memory nothing is kept.
    ///
    /// # Errors
    /// As [`Scoring::new`].
    pub fn keeping(
        before: &Published,
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
    ) -> Result<Self, ScoringError> {
        let held = Arc::new(by_part(before.held(ledger, roster)));
        let mut this = Self::at_start(ledger, ruler, roster, as_of, held);
        this.keeps = ledger.may_take_memory;
        this.settled(None)
    }

    /// Scores the same records and people as of the same day by another ruler. Where it asks for the same numbers, and differs in
    /// what these are worth, no record is looked at again if these were kept; where it differs in how they fade as well, only posts are.
    ///
    /// # Errors
    /// As [`Scoring::new`].
    pub fn by(&self, ruler: &'a Ruler) -> Result<Self, ScoringError> {
        let standings = Standings::flat(ruler.standing.at_start(), &self.ledger.accounts);
        let owners = self.owners.clone();
        let mut this = Self::unscored(self.ledger, ruler, self.roster, self.as_of, (standings, owners));
        this.held = self.held.clone();
        this.keeps = self.keeps;
        this.sheet = self.sheet.clone().filter(|_| self.ruler.asks_the_same(ruler));
        let alike = self.sheet.as_deref().filter(|_| self.ruler.asks_alike(ruler));
        this.settled(alike.map(|sheet| (sheet, self.ruler)))
    }

    /// Goes through all rounds. What another ruler found, which asks for much the same, is taken up where it is of use.
    fn settled(mut self, alike: Option<(&Sheet, &Ruler)>) -> Result<Self, ScoringError> {
        for account in &self.owners.excluded {
            self.standings.set(*account, 0);
        }
        self.ranks = self.ranked()?;
        if !self.held.is_empty() {
            let (held, standing) = (&self.held, self.ruler.standing);
            self.standings.change(|part, standings| {
                for (place, score) in &held[part] {
                    standings[*place as usize] = standing.of(*score);
                }
            });
        }
        // A sheet knows of what is weighed, and not of what it stands in for.
        let mut features = self.ruler.networks.iter().flat_map(|network| &network.features);
        let may_keep = self.keeps && !features.any(Feature::stands_in_by_standing);
        if self.sheet.is_none() && may_keep {
            let faded = alike.and_then(|(sheet, was)| self.sheet_like(sheet, was));
            self.sheet = Some(Arc::new(faded.map_or_else(|| self.sheet(), Ok)?));
        }
        let rounds = self.ruler.standing.rounds;
        let is_for_rounds = self.sheet.is_none() && rounds > 0 && self.ledger.may_take_memory;
        let rows = is_for_rounds.then(|| self.first_rows()).transpose()?;
        // What is kept was found with the standing that everybody begins with.
        let is_kept = self.sheet.as_ref().is_some_and(|sheet| sheet.standing.begins_as(self.ruler.standing));
        let by = if is_kept { Weighing::Kept } else { Weighing::First };
        self.results = self.pass(Vec::new(), by, rows.as_deref())?;
        for _ in 0..rounds {
            let next = self.next_standings();
            // Then so would the next scores be.
            if next == self.standings {
                break;
            }
            self.standings = next;
            let last = std::mem::take(&mut self.results);
            self.results = self.pass(last, Weighing::Scored, rows.as_deref())?;
        }
        Ok(self)
    }

    /// Scores everybody, where all who act have the standing that they had in another scoring, if need be of other records; who did not
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
        let owners = Arc::new(Owners::of(&roster.people));
        let mut this = Self::unscored(ledger, ruler, roster, as_of, (other.standings_in(ledger), owners));
        this.ranks = this.ranked()?;
        // No sheet is kept, so that everybody is weighed by the standings there are.
        this.results = this.pass(Vec::new(), Weighing::First, None)?;
        Ok(this)
    }

    /// Ready for the first round.
    fn at_start(
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
        held: Arc<Held>,
    ) -> Self {
        let standings = Standings::flat(ruler.standing.at_start(), &ledger.accounts);
        let owners = Arc::new(Owners::of(&roster.people));
        Self { held, ..Self::unscored(ledger, ruler, roster, as_of, (standings, owners)) }
    }

    /// Ready for a pass with these standings.
    fn unscored(
        ledger: &'a Ledger,
        ruler: &'a Ruler,
        roster: &'a Roster,
        as_of: Day,
        (standings, owners): (Standings, Arc<Owners>),
    ) -> Self {
        Self {
            ledger,
            ruler,
            roster,
            as_of,
            log: Log2::default(),
            texts: ledger.words.texts(),
            owners,
            standings,
            held: Arc::default(),
            ranks: Ranks::default(),
            results: Vec::new(),
            sheet: None,
            keeps: false,
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

    /// How many accounts only acted on others and so are counted, not listed.
    pub fn bystanders(&self) -> usize {
        let listed: usize = self
            .results
            .iter()
            .map(|part| part.flags.iter().filter(|flags| **flags & LISTED != 0).count())
            .sum();
        // An account may be called as a community is, whatever it is up to.
        self.ledger.accounts.len().saturating_sub(self.ledger.other_names + listed)
    }

    /// Ranks of accounts; only those who count for nobody have a standing other than the rest yet.
    fn ranked(&self) -> Result<Ranks, ScratchError> {
        let owner = |account: u32| self.owner(Account(account)).map(|owner| owner as u32);
        let (ledger, ruler, standings, as_of) = (self.ledger, self.ruler, &self.standings, self.as_of);
        Field { ledger, ruler, standings, as_of, owner }.ranks()
    }

    /// Points of all accounts, with the standing there is, in place of those that the last pass found, if there was one. The rows
    /// are those of the first pass, if they are there.
    fn pass(
        &self,
        mut last: Vec<PartResults>,
        by: Weighing,
        first_rows: Option<&[Vec<Rows>]>,
    ) -> Result<Vec<PartResults>, ScoringError> {
        let is_first = last.is_empty();
        let networks = &self.ruler.networks;
        let groups = if first_rows.is_some() { self.groups_by_standing() } else { self.groups() };
        let all_bends: Vec<Vec<Bend>> = networks.iter().map(bends).collect();
        last.resize_with(PARTS, PartResults::default);
        let of_part = |(part, mut results): (usize, PartResults)| {
            if is_first {
                results = PartResults::of(self.ledger.accounts.part_len(part));
            }
            if let Some(sheet) = &self.sheet {
                for ((ruler, rows), bends) in networks.iter().zip(&sheet.parts[part]).zip(&sheet.bends) {
                    rows.score(ruler, (&self.weigh(sheet, rows, by), bends), &mut results, is_first)?;
                }
            } else if let Some(rows) = first_rows {
                let anew = (!is_first).then(|| self.weighed_anew(part, &groups)).transpose()?;
                let anew = anew.unwrap_or_else(|| vec![Anew::new(); networks.len()]);
                for (((ruler, rows), bends), anew) in
                    networks.iter().zip(&rows[part]).zip(&all_bends).zip(&anew)
                {
                    rows.score(ruler, (anew, bends), &mut results, is_first)?;
                }
            } else {
                for (ruler, rows) in networks.iter().zip(&self.rows_of(part, &groups)?) {
                    rows.score(ruler, (&Anew::new(), &[]), &mut results, is_first)?;
                }
            }
            Ok(results)
        };
        let parts: Vec<Result<PartResults, ScoringError>> =
            last.into_par_iter().enumerate().map(of_part).collect();
        // The failure of the first part that has one, not of the first that was ready.
        parts.into_iter().collect()
    }

    /// The rows of a part's accounts of a network as they were kept, with what depends on the standing of the last round; `None` if they
    /// were not kept.
    pub(crate) fn kept(&self, part: usize, ruler: &NetworkRuler) -> Option<(&Rows, Anew)> {
        let sheet = self.sheet.as_ref()?;
        let index = self.ruler.networks.iter().position(|of| of.network == ruler.network)?;
        let rows = &sheet.parts[part][index];
        let by = if self.ruler.standing.rounds > 0 { Weighing::Scored } else { Weighing::First };
        Some((rows, self.weigh(sheet, rows, by)))
    }

    /// What computes the features of each network's accounts.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let networks = self.ruler.networks.iter().enumerate();
        networks.map(|(index, ruler)| Group::new(self, index, ruler)).collect()
    }

    /// What computes of each network's accounts the features that depend on the standing of those who act; networks without any are left out.
    fn groups_by_standing(&self) -> Vec<Group<'_>> {
        self.groups().into_iter().filter_map(|group| group.by_standing(self)).collect()
    }

    /// Hands over the values of each account of a part that has rows on one of the groups' networks.
    pub(crate) fn walk_part<'r>(
        &self,
        part: usize,
        groups: &mut [Group<'r>],
        mut each: impl FnMut(&Group<'r>, u32, &[Option<f64>], Found),
    ) -> Result<(), ScratchError> {
        if self.ledger.parts[part].is_empty() {
            return Ok(());
        }
        let networks = self.ledger.accounts.networks(part);
        let mut owners = self.owners.of_part(part).iter().peekable();
        let mut values = Vec::new();
        let mut walk = PartWalk::new(&self.ledger.parts[part], &self.standings);
        while let Some(account) = walk.next_account()? {
            let place = Account(account).place();
            let Some(group) = groups.iter_mut().find(|group| group.ruler.network == networks[place]) else {
                walk.skip(account)?;
                continue;
            };
            // Both go by places: no owner is searched for. An account that is all its owner has needs none, since no gift is to oneself.
            while owners.next_if(|owned| (owned.place as usize) < place).is_some() {}
            let owned = owners.peek().filter(|owned| owned.place as usize == place && !owned.alone);
            let own = owned.map_or(&[][..], |owned| &self.roster.people[owned.person as usize].accounts);
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
        let standing = self.ruler.standing;
        // Of those who only act, and have no points: most.
        let least = self.ruler.least();
        let parts = (0..PARTS).into_par_iter().map(|part| {
            let networks = self.ledger.accounts.networks(part);
            let (mut owners, mut held) =
                (self.owners.of_part(part).iter().peekable(), self.held_of(part).iter().peekable());
            let by_place = self.standings.of_part(part).iter().zip(&self.results[part].points).zip(networks);
            let standings = by_place.zip(0..).map(|(((&old, &points), network), place)| {
                let owned = owners.next_if(|owned| owned.place == place).filter(|owned| !owned.alone);
                let held = held.next_if(|(held, _)| *held == place).map(|(_, score)| *score);
                match (old, held, owned, points) {
                    (0, ..) => 0,
                    (_, Some(score), ..) => standing.of(score),
                    (_, None, Some(owned), _) => {
                        standing.of(self.score_of(&self.roster.people[owned.person as usize].accounts))
                    }
                    (_, None, None, 0.0) => least,
                    _ => standing.of(self.score_alone(network, points)),
                }
            });
            standings.collect()
        });
        Standings::new(parts.collect())
    }

    /// The places of a part's accounts that hold a score, and that score.
    pub(crate) fn held_of(&self, part: usize) -> &[(u32, Score)] {
        self.held.get(part).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn points_of(&self, accounts: &[Account]) -> Vec<(Word, f64)> {
        let points = |account: &Account| {
            (self.ledger.accounts.network(*account), self.results[account.part()].points[account.place()])
        };
        accounts.iter().map(points).collect()
    }

    /// The score of somebody who has these accounts.
    pub(crate) fn score_of(&self, accounts: &[Account]) -> Score {
        match accounts {
            // Most persons have one, of whom no list is needed.
            [account] => self.lone_score(*account, self.ledger.accounts.network(*account)),
            accounts => self.score(&self.points_of(accounts)),
        }
    }

    /// Whose an account is: a place among the persons of the people file.
    pub(crate) fn owner(&self, account: Account) -> Option<usize> {
        self.owners.find(account)
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

    /// Likewise of an account alone, of which nothing is to be combined.
    pub(crate) fn score_alone(&self, network: Word, points: f64) -> Score {
        self.ruler.scale.score(self.network_weight(network) * points)
    }

    pub(crate) fn ruler_of(&self, network: Word) -> Option<&NetworkRuler> {
        self.ruler.networks.iter().find(|ruler| ruler.network == network)
    }

    fn network_weight(&self, network: Word) -> f64 {
        self.ruler_of(network).map_or(0.0, |ruler| ruler.weight)
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

    /// The name of an account that is a person of its own: `<network>:<account id>`.
    pub(crate) fn name_of(&self, account: Account) -> String {
        let mut name = String::with_capacity(32);
        // A text refuses nothing.
        let _ = self.write_name_of(account, &mut name);
        name
    }

    pub(crate) fn write_name_of(&self, account: Account, out: &mut impl Write) -> fmt::Result {
        self.ledger
            .accounts
            .with_id(account, |network, id| write!(out, "{}:{id}", self.texts[network.index()]))
    }

    /// How much of what the weights ask for of these accounts was there, in ten-thousandths.
    pub(crate) fn coverage_of(&self, accounts: &[Account]) -> u32 {
        let (mut present, mut asked) = (0.0, 0.0);
        for account in accounts {
            let weight = self.asked_of(self.ledger.accounts.network(*account));
            present += f64::from(self.results[account.part()].coverage[account.place()]) * weight;
            asked += weight;
        }
        if asked > 0.0 { (present / asked).round() as u32 } else { 0 }
    }

    /// The sum of the weights that a network asks for.
    fn asked_of(&self, network: Word) -> f64 {
        self.ruler_of(network).map_or(0.0, NetworkRuler::asked)
    }
}

/// The values of an account's features; `None` for what is missing.
pub(crate) type Values = Vec<Option<f64>>;

/// What computes the features of one network's accounts.
#[derive(Clone)]
pub(crate) struct Group<'r> {
    /// Its place among the ruler's networks.
    pub(crate) index: usize,
    pub(crate) ruler: &'r NetworkRuler,
    extractor: Extractor<'r>,
}

impl<'r> Group<'r> {
    pub(crate) fn new(scoring: &'r Scoring<'_>, index: usize, ruler: &'r NetworkRuler) -> Self {
        let extractor = Self::extractor(scoring, ruler, scoring.as_of);
        Self { index, ruler, extractor }
    }

    /// Likewise, noting who gave what.
    pub(crate) fn noting(self) -> Self {
        Self { extractor: self.extractor.noting(), ..self }
    }

    /// Likewise of those features alone that depend on the standing of those who act, if there are any.
    fn by_standing(self, scoring: &'r Scoring<'_>) -> Option<Self> {
        let features = self.ruler.features.iter().filter(|feature| feature.is_by_standing());
        let ruler = NetworkRuler { features: features.cloned().collect(), ..self.ruler.clone() };
        let is_any = !ruler.features.is_empty();
        is_any.then(|| Self { extractor: Self::extractor(scoring, &ruler, scoring.as_of), ..self })
    }

    /// What computes the features of the account at hand.
    pub(crate) fn extractor_at_hand(&self) -> &Extractor<'r> {
        &self.extractor
    }

    /// Who gave what, when no account comes any more.
    pub(crate) fn into_noted(self) -> Option<Noted> {
        self.extractor.into_noted()
    }

    /// What computes features of the network's accounts as of a day.
    pub(crate) fn extractor(scoring: &'r Scoring<'_>, ruler: &NetworkRuler, as_of: Day) -> Extractor<'r> {
        let words = scoring.texts.len();
        let tables = (&scoring.ledger.shapes[..], scoring.ledger.post, words);
        let (window, exponent) = (scoring.ruler.window, scoring.ruler.per_post_exponent);
        Extractor::new(ruler, (window, exponent, as_of), tables, &scoring.log)
    }
}

/// Places of accounts and the scores that they hold, by part.
type Held = Vec<Vec<(u32, Score)>>;

/// Accounts that hold scores, by part and in the order of their places; nothing at all if there are none.
fn by_part(held: Vec<(Account, Score)>) -> Held {
    let mut parts = vec![Vec::new(); if held.is_empty() { 0 } else { PARTS }];
    for (account, score) in held {
        parts[account.part()].push((account.place() as u32, score));
    }
    for part in &mut parts {
        part.sort_by_key(|(place, _)| *place);
    }
    parts
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
