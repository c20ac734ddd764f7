//! All that is known of one account, to be scored again without some of it.

use std::borrow::Cow;

use crate::accounts::Account;
use crate::feature::Extractor;
use crate::formula::FormulaFailure;
use crate::ledger::{Gift, Posted};
use crate::record::Day;
use crate::ruler::NetworkRuler;
use crate::score::{Group, Scoring, Values};
use crate::scratch::ScratchError;
use crate::tally::{Flow, NO_TOTAL, SLOTS, Seen};

/// The rows of an account and the ruler that they are for.
pub(crate) struct Evidence<'s> {
    pub(crate) ruler: &'s NetworkRuler,
    pub(crate) gifts: Cow<'s, [Gift]>,
    /// Those of the gifts' actors.
    pub(crate) standings: Vec<u32>,
    pub(crate) posts: Cow<'s, [Posted]>,
    pub(crate) flows: &'s [Flow],
    seen: &'s [Seen],
    /// The accounts of the same person.
    own: &'s [Account],
    /// Its rank by who acts on whom, if the ruler asks for one. Without some of its rows it is the same: that would take the whole graph.
    rank: Option<f64>,
    extractor: Extractor<'s>,
}

impl<'s> Evidence<'s> {
    /// That of an account as of a day; `None` if nothing counts on its network.
    pub(crate) fn of(
        scoring: &'s Scoring<'_>,
        account: Account,
        as_of: Day,
    ) -> Result<Option<Self>, ScratchError> {
        let ledger = scoring.ledger;
        let Some(ruler) = scoring.ruler_of(ledger.accounts.network(account)) else { return Ok(None) };
        let part = &ledger.parts[account.part()];
        let gifts = part.gifts.of_group(|gift| gift.target, &account.0)?;
        Ok(Some(Self {
            ruler,
            standings: scoring.standings.of_actors(&gifts),
            gifts,
            posts: part.posts.of_group(|post| post.author, &account.0)?,
            flows: run(&part.flows, |flow| flow.target, account.0),
            seen: run(&part.seen, |seen| seen.account(), account.0),
            own: scoring.owner(account).map_or(&[][..], |owner| &scoring.roster.people[owner].accounts),
            rank: scoring.ranks.of(account.0),
            extractor: Group::extractor(scoring, ruler, as_of),
        }))
    }

    /// Whether an actor's gifts count for nothing, as those of the person's own accounts and of those who are left out.
    pub(crate) fn is_idle(&self, index: usize) -> bool {
        let actor = self.gifts[index].actor;
        self.standings[index] == 0 || self.own.iter().any(|own| own.0 == actor)
    }

    /// The values of all features; `None` for what is missing.
    pub(crate) fn values(&self) -> Values {
        self.values_of(&self.gifts, &self.standings, &self.posts, self.flows)
    }

    /// The values, were these all rows; gifts stay in their order, each with its actor's standing.
    pub(crate) fn values_of(
        &self,
        gifts: &[Gift],
        standings: &[u32],
        posts: &[Posted],
        flows: &[Flow],
    ) -> Values {
        let mut extractor = self.extractor.clone();
        extractor.begin(self.rank);
        extractor.gifts(gifts, standings, self.own);
        extractor.posts(posts);
        extractor.flows(flows);
        let mut values = Vec::new();
        extractor.finish(self.seen, &mut values);
        values
    }

    /// The values without the gifts of which `is_left_out` says so.
    pub(crate) fn values_without_gifts(&self, is_left_out: impl Fn(&Gift) -> bool) -> Values {
        let kept = self.gifts.iter().zip(&self.standings).filter(|(gift, _)| !is_left_out(gift));
        let (gifts, standings): (Vec<Gift>, Vec<u32>) = kept.unzip();
        self.values_of(&gifts, &standings, &self.posts, self.flows)
    }

    /// The values without the totals that one row of the posts shows. The post itself stays: which of a post's rows stands for it depends
    /// on what was read first.
    pub(crate) fn values_without_totals(&self, index: usize) -> Values {
        let mut posts = self.posts.to_vec();
        posts[index].totals = [NO_TOTAL; SLOTS];
        self.values_of(&self.gifts, &self.standings, &posts, self.flows)
    }

    /// The values, capped and curved; `NaN` for what is missing.
    pub(crate) fn curved(&self, values: &[Option<f64>]) -> Vec<f64> {
        let features = self.ruler.features.iter().zip(values);
        features.map(|(feature, value)| value.map_or(f64::NAN, |value| feature.curved(value))).collect()
    }

    /// The points that the formula makes of values.
    pub(crate) fn points(&self, values: &[Option<f64>]) -> Result<f64, FormulaFailure> {
        let row = self.curved(values);
        let columns: Vec<&[f64]> = row.chunks(1).collect();
        let mut points = [0.0];
        self.ruler.formula.points(&columns, &mut points)?;
        Ok(points[0])
    }
}

/// The rows of one account among rows sorted by account.
fn run<T>(rows: &[T], account_of: impl Fn(&T) -> u32, account: u32) -> &[T] {
    let start = rows.partition_point(|row| account_of(row) < account);
    let end = rows.partition_point(|row| account_of(row) <= account);
    &rows[start..end]
}
