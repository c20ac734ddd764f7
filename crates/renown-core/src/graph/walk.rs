//! From a ledger to its graph, and to the ranks of accounts.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::web::{Web, normalise};
use super::{Field, Graph, Penalty};
use crate::accounts::{Account, PARTS};
use crate::fixed::Decay;
use crate::record::Day;
use crate::ruler::NetworkRuler;
use crate::scratch::ScratchError;
use crate::tally::Seen;
use crate::walk::PartWalk;
use crate::words::Word;

/// Ranks by account, on networks that have a graph.
#[derive(Debug, Default)]
pub(crate) struct Ranks(HashMap<u32, f64, FixedState>);

impl Ranks {
    /// That of an account; `None` where there is no graph.
    pub(crate) fn of(&self, account: u32) -> Option<f64> {
        self.0.get(&account).copied()
    }
}

/// What one part has of a graph.
#[derive(Default)]
struct Piece {
    /// Accounts that received, did or showed something; some more than once.
    nodes: Vec<u32>,
    /// Actor, target, and what the acts between them are worth, in fixed point; each pair once.
    edges: Vec<(u32, u32, u128)>,
    /// The divisors of the prior and after the last round, of accounts with rows.
    penalties: Vec<(u32, [f64; 2])>,
}

/// Fractional bits of what an act of a kind is worth: a weight of up to a million, an amount and what is left of it leave
/// room for four thousand days.
const BITS: i32 = 30;

impl<O: Fn(u32) -> Option<u32> + Sync> Field<'_, O> {
    /// Adds the ranks on one network.
    pub(super) fn rank(
        &self,
        network: &NetworkRuler,
        graph: &Graph,
        ranks: &mut Ranks,
    ) -> Result<(), ScratchError> {
        let pieces: Vec<Result<Piece, ScratchError>> =
            (0..PARTS).into_par_iter().map(|part| self.piece(part, network.network, graph)).collect();
        let pieces = pieces.into_iter().collect::<Result<Vec<Piece>, _>>()?;
        let mut nodes: Vec<u32> = pieces.iter().flat_map(|piece| &piece.nodes).copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        // In the order of their names: numbers depend on who came first, and sums of floats on their order.
        nodes.sort_by_cached_key(|account| self.ledger.accounts.name(Account(*account)).1);
        let places: HashMap<u32, u32, FixedState> = nodes.iter().copied().zip(0..).collect();
        let one = |worth: u128| if graph.each_pair_once { 1.0 } else { worth as f64 };
        let edges = pieces.iter().flat_map(|piece| &piece.edges);
        let edges =
            edges.map(|(actor, target, worth)| (places[actor], places[target], one(*worth))).collect();
        let mut divisors = vec![[1.0, 1.0]; nodes.len()];
        for (account, divisor) in pieces.iter().flat_map(|piece| &piece.penalties) {
            divisors[places[account] as usize] = *divisor;
        }
        let prior = divisors.iter().map(|divisor| 1.0 / divisor[0]).collect();
        let mut ranked = Web::new(nodes.len(), edges).ranks(prior, graph).ranks;
        if graph.last_penalty.is_some() {
            for (rank, divisor) in ranked.iter_mut().zip(&divisors) {
                *rank /= divisor[1];
            }
            normalise(&mut ranked);
        }
        ranks.0.extend(nodes.into_iter().zip(ranked));
        Ok(())
    }

    fn piece(&self, part: usize, network: Word, graph: &Graph) -> Result<Piece, ScratchError> {
        let mut piece = Piece::default();
        if self.ledger.parts[part].is_empty() {
            return Ok(piece);
        }
        let left = Decay::new(f64::INFINITY, self.ruler.window);
        let networks = self.ledger.accounts.networks(part);
        let mut walk = PartWalk::new(&self.ledger.parts[part], self.standings);
        let mut from: Vec<(u32, u128)> = Vec::new();
        while let Some(account) = walk.next_account()? {
            if networks[Account(account).place()] != network {
                walk.skip(account)?;
                continue;
            }
            piece.nodes.push(account);
            let owner = (self.owner)(account);
            while let Some((gifts, standings)) = walk.gifts(account)? {
                for (gift, standing) in gifts.iter().zip(standings) {
                    piece.nodes.push(gift.actor);
                    let is_own = owner.is_some() && owner == (self.owner)(gift.actor);
                    let weight =
                        graph.edges.iter().find(|edge| edge.0 == gift.kind).map_or(0.0, |edge| edge.1);
                    let left = self.age(gift.day).and_then(|age| left.at(age)).unwrap_or(0);
                    if *standing > 0 && !is_own {
                        let worth = u128::from(libm::ldexp(weight, BITS) as u64) * u128::from(gift.amount);
                        from.push((gift.actor, worth * u128::from(left)));
                    }
                }
            }
            while walk.posts(account)?.is_some() {}
            walk.flows(account);
            from.sort_unstable_by_key(|edge| edge.0);
            for acts in from.chunk_by(|a, b| a.0 == b.0) {
                let worth = acts.iter().fold(0_u128, |sum, act| sum.saturating_add(act.1));
                piece.edges.extend((worth > 0).then_some((acts[0].0, account, worth)));
            }
            from.clear();
            let seen = walk.seen(account);
            let divisor = |penalty: &Option<Penalty>| {
                penalty.as_ref().map_or(1.0, |penalty| self.divisor(penalty, seen))
            };
            if graph.prior_penalty.is_some() || graph.last_penalty.is_some() {
                let divisors = [divisor(&graph.prior_penalty), divisor(&graph.last_penalty)];
                piece.penalties.push((account, divisors));
            }
        }
        Ok(piece)
    }

    /// The age in days of what happened on a day; `None` outside the window.
    fn age(&self, day: Day) -> Option<u16> {
        self.ruler.window.age(day, self.as_of)
    }

    fn divisor(&self, penalty: &Penalty, seen: &[Seen]) -> f64 {
        let newest = |metric: Word| {
            let of_metric =
                seen.iter().filter(|seen| seen.metric() == metric && self.age(seen.day()).is_some());
            of_metric.last().map(|seen| seen.value)
        };
        match (newest(penalty.of), newest(penalty.to)) {
            (Some(of), Some(to)) => penalty.divisor(of, to),
            _ => 1.0,
        }
    }
}
