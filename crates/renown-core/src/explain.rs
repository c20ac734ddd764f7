//! Why a score is what it is, adding up to the last digit.

use crate::accounts::Account;
use crate::curve::Score;
use crate::evidence::Evidence;
use crate::record::Id;
use crate::score::{Scoring, ScoringError, apportion};

/// All that a person's score is made of: the floor of 1 and the parts of the accounts add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The person.
    pub person: String,
    /// The score.
    pub score: Score,
    /// What each account gave.
    pub accounts: Vec<AccountExplanation>,
    /// All accounts of the person.
    pub(crate) of: Vec<Account>,
}

/// What one account gave: its features' parts add up to its part.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountExplanation {
    /// The account, as `<network>:<id>`.
    pub account: String,
    /// The network.
    pub network: String,
    /// Its points, before they are combined with other networks'.
    pub points: f64,
    /// What it gave to the score, in ten-thousandths of a point.
    pub part: u32,
    /// Its features, in the order of their names.
    pub features: Vec<FeatureExplanation>,
    /// The same account.
    pub(crate) of: Account,
}

/// What one feature gave.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureExplanation {
    /// Its full name: `<network>.<kind or metric>.<stat>`.
    pub name: String,
    /// Its value; `None` if nothing was known.
    pub value: Option<f64>,
    /// How the value is bent: `log`, `sqrt`, `linear` or `knots`.
    pub curve: String,
    /// The value, capped and bent.
    pub curved: f64,
    /// Its weight.
    pub weight: f64,
    /// The points that the formula gave for it.
    pub points: f64,
    /// What it gave to the score, in ten-thousandths of a point.
    pub part: u32,
}

impl Scoring<'_> {
    /// Explains the score of a person of the people file or, if everyone is scored, of an account given as
    /// `<network>:<id or @handle>`. `None` if they are not among those who are scored.
    ///
    /// # Errors
    /// [`ScoringError`], such as of a formula that gave parts that cannot be.
    pub fn explain(&self, person: &str) -> Result<Option<Explanation>, ScoringError> {
        let Some((name, accounts)) = self.whose(person) else { return Ok(None) };
        let score = self.score_of(&accounts);
        let mut explained: Vec<AccountExplanation> = accounts
            .iter()
            .zip(self.account_parts(&accounts, score))
            .filter_map(|(account, part)| self.explain_account(*account, part).transpose())
            .collect::<Result<_, _>>()?;
        explained.sort_by(|a, b| a.account.cmp(&b.account));
        Ok(Some(Explanation { person: name, score, accounts: explained, of: accounts }))
    }

    /// The score of a person, named as in [`Scoring::explain`]; `None` for those who are not listed.
    pub fn score_of_person(&self, person: &str) -> Option<Score> {
        self.whose(person).map(|(_, accounts)| self.score_of(&accounts))
    }

    /// The name of a listed person as outputs have it, and their accounts.
    fn whose(&self, person: &str) -> Option<(String, Vec<Account>)> {
        match self.roster.people.iter().find(|listed| listed.id == person) {
            Some(listed) if listed.is_scored(self.roster.everyone) => {
                Some((listed.id.clone(), listed.accounts.clone()))
            }
            Some(_) => None,
            None => self.lone_account(person).map(|account| (self.name_of(account), vec![account])),
        }
    }

    fn lone_account(&self, person: &str) -> Option<Account> {
        let (network, id) = person.split_once(':').filter(|_| self.roster.everyone)?;
        let account = self.ledger.find(self.ledger.words.find(network)?, Id::new(id))?;
        self.is_lone(account).then_some(account)
    }

    fn explain_account(
        &self,
        account: Account,
        part: u32,
    ) -> Result<Option<AccountExplanation>, ScoringError> {
        let Some(evidence) = Evidence::of(self, account, self.as_of)? else { return Ok(None) };
        let (ruler, values) = (evidence.ruler, evidence.values());
        let mut points = vec![0.0; values.len()];
        let curved = evidence.curved(&values);
        ruler.formula.parts(&curved, &mut points)?;
        let parts = apportion(part, &points);
        let features = ruler.features.iter().enumerate().map(|(index, feature)| FeatureExplanation {
            name: format!("{}.{}", ruler.name, feature.name),
            value: values[index],
            curve: feature.curve.to_string(),
            curved: if curved[index].is_nan() { 0.0 } else { curved[index] },
            weight: feature.weight,
            points: points[index],
            part: parts[index],
        });
        Ok(Some(AccountExplanation {
            account: self.name_of(account),
            network: ruler.name.clone(),
            points: points.iter().sum(),
            part,
            features: features.collect(),
            of: account,
        }))
    }
}
