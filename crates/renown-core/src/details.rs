//! What stands behind an explanation: how firm a score is, against whom its features stand, who and what gave the most, and what
//! would move it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::accounts::Account;
use crate::curve::Score;
use crate::evidence::Evidence;
use crate::explain::{AccountExplanation, Explanation};
use crate::fixed::product;
use crate::interval::Interval;
use crate::population::{Comparison, Position};
use crate::record::Day;
use crate::score::{Scoring, ScoringError, Values};
use crate::stat::Stat;
use crate::tally::filled;

/// How many actors and posts are named of each account.
const NAMED: usize = 10;
/// Of how many it is found out what they gave: those who gave most by a rough count.
const TRIED: usize = 64;
/// After how many days it is told what is left.
const DAYS: u16 = 30;

/// All that is told beside an [`Explanation`].
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// Between which scores it probably lies.
    pub interval: Interval,
    /// How much of what the weights ask for was there, in ten-thousandths.
    pub coverage: u32,
    /// Where the score stands among all that are given.
    pub position: Position,
    /// For each account of the explanation, more about it.
    pub accounts: Vec<AccountDetails>,
    /// What the score will be if nothing new comes, as of a later day.
    pub fading: (Day, Score),
    /// What would move it, what helps most first: limited to what others freely give and nobody sells.
    pub steps: Vec<Step>,
}

/// More about one account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountDetails {
    /// Where its features stand.
    pub against: Comparison,
    /// For each feature, its value in a word.
    pub words: Vec<Word>,
    /// For each feature that gave nothing, why.
    pub reasons: Vec<Option<ZeroReason>>,
    /// Of those who reacted and agreed to be named, who gave the most.
    pub givers: Vec<Giver>,
    /// How many others reacted.
    pub other_givers: u64,
    /// The posts whose totals gave the most.
    pub posts: Vec<PostGift>,
    /// How many other posts show totals.
    pub other_posts: u64,
}

/// Somebody who reacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Giver {
    /// The person.
    pub person: String,
    /// What the score would lose without them, in ten-thousandths of a point. (These do not add up to anything: of two who do the same,
    /// each alone would be missed little.)
    pub part: u32,
}

/// A post and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostGift {
    /// The day on which it was made.
    pub day: Day,
    /// Its totals by kind.
    pub totals: Vec<(String, u64)>,
    /// What the score would lose without these totals, in ten-thousandths of a point.
    pub part: u32,
}

/// Something that would move the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The feature's full name.
    pub feature: String,
    /// Its value; `None` if it is not known.
    pub value: Option<f64>,
    /// A value a tenth higher, or one more.
    pub reach: f64,
    /// By how much the score would rise, in ten-thousandths of a point.
    pub gain: u32,
}

/// Where a value stands among all of its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Two thirds or more are smaller.
    Strong,
    /// A third or more are smaller.
    Fair,
    /// Most are larger.
    Weak,
    /// It is known and is nothing.
    Nothing,
    /// It is not known.
    Missing,
    /// Its weight is 0, or the formula does not use it.
    NotCounted,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Strong => "strong",
            Self::Fair => "fair",
            Self::Weak => "weak",
            Self::Nothing => "nothing",
            Self::Missing => "missing",
            Self::NotCounted => "not counted",
        })
    }
}

/// Why a feature gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZeroReason {
    /// Its weight is 0, or the formula does not use it.
    NotCounted,
    /// The weights leave the whole network out.
    NetworkNotCounted,
    /// The records say nothing of it.
    NoRecords,
    /// It is known and is nothing, or too old to be any more.
    NothingReceived,
    /// What it gave is less than the last digit, or the formula gave nothing for it beside the other features.
    BelowDigit,
}

impl fmt::Display for ZeroReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotCounted => "not-counted",
            Self::NetworkNotCounted => "network-not-counted",
            Self::NoRecords => "no-records",
            Self::NothingReceived => "nothing-received",
            Self::BelowDigit => "below-last-digit",
        })
    }
}

impl Scoring<'_> {
    /// What stands behind an explanation of this scoring. `scores` are those of all who are scored, in any order.
    ///
    /// # Errors
    /// [`ScoringError`], such as of a formula that fails on values a little higher.
    pub fn details(&self, explanation: &Explanation, scores: &[Score]) -> Result<Details, ScoringError> {
        let accounts = &explanation.of;
        let score = explanation.score;
        let known = self.reach(accounts, |_, _, values| values)?;
        let mut details = Details {
            interval: Interval::around(score, known, 0, known),
            coverage: self.coverage_of(accounts),
            position: Position {
                below: scores.iter().filter(|theirs| **theirs < score).count() as u64,
                equal: scores.iter().filter(|theirs| **theirs == score).count() as u64,
                of: scores.len() as u64,
            },
            accounts: Vec::new(),
            fading: self.fading(accounts)?,
            steps: Vec::new(),
        };
        let (mut might_be, mut missing_values) = (self.points_of(accounts), Vec::new());
        for explained in &explanation.accounts {
            let Some(evidence) = Evidence::of(self, explained.of, self.as_of)? else { continue };
            let without = Without { scoring: self, accounts, account: explained.of, score };
            let values = evidence.values();
            let against = self.compare(evidence.ruler, &values, explained.points)?;
            let account = accounts.iter().position(|account| *account == explained.of);
            if let Some(points) = account.and_then(|place| might_be.get_mut(place)) {
                points.1 = evidence.points(&with_missing(&evidence, &values, &against.might_be))?;
                missing_values.push((explained.of, against.might_be.clone()));
            }
            let (givers, other_givers) = without.givers(&evidence)?;
            let (posts, other_posts) = without.posts(&evidence)?;
            details.steps.extend(without.steps(&evidence, &values)?);
            details.accounts.push(AccountDetails {
                words: words(explained, &against, &evidence),
                reasons: reasons(explained, &evidence),
                against,
                givers,
                other_givers,
                posts,
                other_posts,
            });
        }
        // What is missing is never a bonus and may be worth something: it can only stretch the interval upwards.
        let missing = self.score(&might_be).0.saturating_sub(score.0);
        if missing > 0 {
            // With it, chance may reach less far: what people do tells less of somebody whose audience tells much.
            let filled = self.reach(accounts, |evidence, account, values| {
                match missing_values.iter().find(|(of, _)| *of == account) {
                    Some((_, missing)) => with_missing(evidence, &values, missing),
                    None => values,
                }
            })?;
            details.interval = Interval::around(score, known, missing, filled);
        }
        details.steps.retain(|step| step.gain > 0);
        details.steps.sort_by(|a, b| b.gain.cmp(&a.gain).then_with(|| a.feature.cmp(&b.feature)));
        details.steps.truncate(NAMED);
        Ok(details)
    }

    /// The score of these accounts some days on, if nothing new comes.
    fn fading(&self, accounts: &[Account]) -> Result<(Day, Score), ScoringError> {
        let day = Day::from_raw(self.as_of.raw().saturating_add(DAYS));
        let mut points = self.points_of(accounts);
        for (account, points) in accounts.iter().zip(&mut points) {
            if let Some(evidence) = Evidence::of(self, *account, day)? {
                points.1 = evidence.points(&evidence.values())?;
            }
        }
        Ok((day, self.score(&points)))
    }
}

/// Values, where what is asked for and missing is what it might be.
fn with_missing(evidence: &Evidence<'_>, values: &Values, might_be: &Values) -> Values {
    let features = evidence.ruler.features.iter().zip(values).zip(might_be);
    features
        .map(|((feature, value), might_be)| {
            value.or(might_be.filter(|_| feature.asked && feature.weight > 0.0))
        })
        .collect()
}

fn words(explained: &AccountExplanation, against: &Comparison, evidence: &Evidence<'_>) -> Vec<Word> {
    let ruler = evidence.ruler;
    let features = explained.features.iter().zip(&against.among_all).enumerate();
    features
        .map(|(index, (feature, position))| {
            let percentile = position.as_ref().and_then(Position::percentile);
            match (feature.value, percentile) {
                _ if feature.weight == 0.0 || !ruler.formula.uses(index) => Word::NotCounted,
                (None, _) => Word::Missing,
                (Some(0.0), _) => Word::Nothing,
                (_, Some(666_666..)) => Word::Strong,
                (_, Some(333_333..)) => Word::Fair,
                _ => Word::Weak,
            }
        })
        .collect()
}

fn reasons(explained: &AccountExplanation, evidence: &Evidence<'_>) -> Vec<Option<ZeroReason>> {
    let ruler = evidence.ruler;
    let features = explained.features.iter().enumerate();
    features
        .map(|(index, feature)| {
            let reason = match feature.value {
                _ if feature.weight == 0.0 || !ruler.formula.uses(index) => ZeroReason::NotCounted,
                _ if ruler.weight == 0.0 => ZeroReason::NetworkNotCounted,
                None => ZeroReason::NoRecords,
                Some(0.0) => ZeroReason::NothingReceived,
                Some(_) => ZeroReason::BelowDigit,
            };
            (feature.part == 0).then_some(reason)
        })
        .collect()
}

/// What somebody's score would be without something, or with more, on one of their accounts.
struct Without<'e, 's> {
    scoring: &'e Scoring<'s>,
    accounts: &'e [Account],
    account: Account,
    score: Score,
}

impl Without<'_, '_> {
    /// The score with other values on the account.
    fn score_with(&self, evidence: &Evidence<'_>, values: &Values) -> Result<Score, ScoringError> {
        let mut points = self.scoring.points_of(self.accounts);
        for (account, points) in self.accounts.iter().zip(&mut points) {
            if *account == self.account {
                points.1 = evidence.points(values)?;
            }
        }
        Ok(self.scoring.score(&points))
    }

    /// Who of those who agreed gave the most, and how many others there are.
    fn givers(&self, evidence: &Evidence<'_>) -> Result<(Vec<Giver>, u64), ScoringError> {
        // A person may act by several accounts, and an account in several kinds.
        let mut rough: BTreeMap<String, (u64, BTreeSet<u32>)> = BTreeMap::new();
        let mut nameless = BTreeSet::new();
        for (index, gift) in evidence.gifts.iter().enumerate().filter(|(index, _)| !evidence.is_idle(*index))
        {
            match self.scoring.giver(Account(gift.actor)) {
                Some(person) => {
                    let entry = rough.entry(person).or_default();
                    entry.0 += product(u64::from(gift.share), u64::from(evidence.standings[index]));
                    entry.1.insert(gift.actor);
                }
                None => {
                    nameless.insert(gift.actor);
                }
            }
        }
        let mut most: Vec<(String, (u64, BTreeSet<u32>))> = rough.into_iter().collect();
        most.sort_by_key(|(_, (given, _))| std::cmp::Reverse(*given));
        let mut givers = Vec::new();
        let all = most.len();
        for (person, (_, actors)) in most.into_iter().take(TRIED) {
            let values = evidence.values_without_gifts(|gift| actors.contains(&gift.actor));
            let part = self.score.0.saturating_sub(self.score_with(evidence, &values)?.0);
            givers.push(Giver { person, part });
        }
        givers.sort_by(|a, b| b.part.cmp(&a.part).then_with(|| a.person.cmp(&b.person)));
        givers.truncate(NAMED);
        let others = nameless.len() + all - givers.len();
        Ok((givers, others as u64))
    }

    /// The posts whose totals gave the most, and how many others show some.
    fn posts(&self, evidence: &Evidence<'_>) -> Result<(Vec<PostGift>, u64), ScoringError> {
        let ledger = self.scoring.ledger;
        let mut rough = Vec::new();
        for (index, post) in evidence.posts.iter().enumerate() {
            let mut totals: Vec<(String, u64)> = filled(post.shape, &post.totals, &ledger.shapes)
                .filter(|(_, _, amount)| *amount > 0)
                .map(|(_, kind, amount)| (ledger.words.text(kind).into_string(), amount))
                .collect();
            totals.sort();
            let sum: u64 = totals.iter().fold(0, |sum, total| sum.saturating_add(total.1));
            if sum > 0 {
                rough.push((sum, post.day, totals, index));
            }
        }
        // Posts come in no order that a run repeats.
        rough.sort_by(|a, b| (b.0, b.1, &b.2).cmp(&(a.0, a.1, &a.2)));
        let all = rough.len();
        let mut posts = Vec::new();
        for (_, day, totals, index) in rough.into_iter().take(TRIED) {
            let values = evidence.values_without_totals(index);
            let part = self.score.0.saturating_sub(self.score_with(evidence, &values)?.0);
            posts.push(PostGift { day, totals, part });
        }
        posts.sort_by(|a, b| b.part.cmp(&a.part).then_with(|| (b.day, &b.totals).cmp(&(a.day, &a.totals))));
        posts.truncate(NAMED);
        let others = (all - posts.len()) as u64;
        Ok((posts, others))
    }

    /// What more of each feature would do that stands for people of standing, or for coming back day after day. Numbers of accounts,
    /// totals and audiences are for sale, and what one does oneself does not count: they are no advice.
    fn steps(&self, evidence: &Evidence<'_>, values: &Values) -> Result<Vec<Step>, ScoringError> {
        let mut steps = Vec::new();
        for (index, feature) in evidence.ruler.features.iter().enumerate() {
            let is_earned = matches!(feature.stat, Stat::Weighted | Stat::Days);
            if !is_earned || feature.weight == 0.0 || !evidence.ruler.formula.uses(index) {
                continue;
            }
            let value = values[index];
            let reach = value.map_or(1.0, |value| (value * 1.1).max(value + 1.0));
            let mut more = values.clone();
            more[index] = Some(reach);
            let gain = self.score_with(evidence, &more)?.0.saturating_sub(self.score.0);
            let feature = format!("{}.{}", evidence.ruler.name, feature.name);
            steps.push(Step { feature, value, reach, gain });
        }
        Ok(steps)
    }
}

impl Scoring<'_> {
    /// The name of somebody who reacted, if they agreed to be named: who has a score of their own.
    fn giver(&self, actor: Account) -> Option<String> {
        match self.owner(actor) {
            Some(owner) => {
                let person = &self.roster.people[owner];
                person.is_scored(self.roster.everyone).then(|| person.id.clone())
            }
            None => self.is_lone(actor).then(|| self.name_of(actor)),
        }
    }
}
