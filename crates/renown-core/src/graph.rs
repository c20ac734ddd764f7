//! The graph of who acts on whom, and the rank of accounts in it: the share of a long walk along it that ends at each.

mod walk;
mod web;

use crate::ledger::Ledger;
use crate::record::Day;
use crate::ruler::{NetworkRuler, Ruler};
use crate::scratch::ScratchError;
use crate::standing::Standings;
use crate::words::Word;

pub(crate) use walk::Ranks;

/// How accounts are ranked by who acts on them. Names of kinds and metrics are of type `W`.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph<W = Word> {
    /// The kinds that count, and what an act of each is worth, 0 or more.
    pub edges: Vec<(W, f64)>,
    /// Whether somebody who acts on another at all is worth one, however often and however.
    pub each_pair_once: bool,
    /// The share of each round that goes to the prior, more than 0 and at most 1.
    pub restart: f64,
    /// How many rounds at most.
    pub rounds: u16,
    /// How little a round must change for it to be the last, measured by `norm`.
    pub tolerance: f64,
    /// How a change is measured.
    pub norm: Norm,
    /// Where the share goes of those who act on nobody.
    pub dangling: Dangling,
    /// By what an account's part in the prior is divided. Without it, all have the same.
    pub prior_penalty: Option<Penalty<W>>,
    /// By what ranks are divided after the last round, before they are made to add up to 1 again.
    pub last_penalty: Option<Penalty<W>>,
}

/// How much a round changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// The sum of all changes.
    Sum,
    /// The root of the sum of their squares, times the number of accounts.
    RootPerAccount,
}

/// Where the share goes of those who act on nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dangling {
    /// To the prior.
    Prior,
    /// To all alike.
    Everybody,
}

/// A divisor for accounts of which one number is large and large beside another: `e^(strength · (ratio − from))`, where
/// `ratio = (1 + of) / (1 + to)`. It is 1 unless both numbers are known, `of` exceeds `above` and the ratio exceeds `from`.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalty<W = Word> {
    /// The metric that is large.
    pub of: W,
    /// The metric that it is large beside.
    pub to: W,
    /// Up to here nobody pays.
    pub above: f64,
    /// Up to this ratio nobody pays.
    pub from: f64,
    /// How steep it is.
    pub strength: f64,
    /// Whether the exponent is also multiplied by `ln ln of`.
    pub by_size: bool,
    /// The most that is divided by.
    pub at_most: f64,
}

impl Penalty<Word> {
    /// The divisor for these numbers, 1 or more.
    pub fn divisor(&self, of: u64, to: u64) -> f64 {
        let (of, to) = (of as f64, to as f64);
        let ratio = (1.0 + of) / (1.0 + to);
        if of <= self.above || ratio <= self.from {
            return 1.0;
        }
        let size = if self.by_size { libm::log(libm::log(of)).max(0.0) } else { 1.0 };
        libm::exp(self.strength * (ratio - self.from) * size).min(self.at_most)
    }
}

impl<W> Graph<W> {
    /// With other names for kinds and metrics.
    ///
    /// # Errors
    /// The first that a name gives.
    pub fn named<V, E>(&self, mut name: impl FnMut(&W) -> Result<V, E>) -> Result<Graph<V>, E> {
        let edges =
            self.edges.iter().map(|(kind, weight)| Ok((name(kind)?, *weight))).collect::<Result<_, E>>()?;
        let mut penalty = |penalty: &Option<Penalty<W>>| {
            let Some(Penalty { of, to, above, from, strength, by_size, at_most }) = penalty else {
                return Ok(None);
            };
            let (of, to) = (name(of)?, name(to)?);
            Ok(Some(Penalty {
                of,
                to,
                above: *above,
                from: *from,
                strength: *strength,
                by_size: *by_size,
                at_most: *at_most,
            }))
        };
        let (prior_penalty, last_penalty) = (penalty(&self.prior_penalty)?, penalty(&self.last_penalty)?);
        Ok(Graph {
            edges,
            each_pair_once: self.each_pair_once,
            restart: self.restart,
            rounds: self.rounds,
            tolerance: self.tolerance,
            norm: self.norm,
            dangling: self.dangling,
            prior_penalty,
            last_penalty,
        })
    }
}

/// What ranks are computed from.
pub(crate) struct Field<'f, O> {
    pub(crate) ledger: &'f Ledger,
    pub(crate) ruler: &'f Ruler,
    /// Of which only those count who have 0: what they do counts for nobody.
    pub(crate) standings: &'f Standings,
    pub(crate) as_of: Day,
    /// The person whose account it is, if it is anybody's.
    pub(crate) owner: O,
}

impl<'f, O: Fn(u32) -> Option<u32> + Sync> Field<'f, O> {
    /// The ranks of all accounts on networks that have a graph.
    pub(crate) fn ranks(&self) -> Result<Ranks, ScratchError> {
        let mut ranks = Ranks::default();
        for (network, graph) in self.graphs() {
            self.rank(network, graph, &mut ranks)?;
        }
        Ok(ranks)
    }

    fn graphs(&self) -> impl Iterator<Item = (&'f NetworkRuler, &'f Graph)> + use<'f, O> {
        self.ruler.networks.iter().filter_map(|network| Some((network, network.graph.as_ref()?)))
    }
}
