//! The ruler: the weights file, resolved against the words of a run, in the form in which it is applied.

use crate::curve::{Curve, Scale, Score};
use crate::fixed::Window;
use crate::formula::{Bound, Column};
use crate::graph::Graph;
use crate::stat::Stat;
use crate::words::Word;

/// All that decides what records are worth.
#[derive(Clone, Debug)]
pub struct Ruler {
    /// Which days count.
    pub window: Window,
    /// What the reaction of somebody influential is worth.
    pub standing: Standing,
    /// The `a` in `count / posts^a`, from 0 to 1.
    pub per_post_exponent: f64,
    /// How networks combine: `(Σ (weight · points)^power)^(1/power)`, 1 or more. At 1 networks add up; the higher, the more
    /// the strongest one decides.
    pub power: f64,
    /// From a person's points to 1..100.
    pub scale: Scale,
    /// What each network of the run counts, in the order of their names.
    pub networks: Vec<NetworkRuler>,
}

/// What the reaction of somebody influential is worth: `floor + (1 − floor) · (score − 1) / 99` of an actor's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// How often scores are computed anew with the standing that the last scores gave; 0 leaves it flat.
    pub rounds: u8,
    /// The score that everybody is given at the start.
    pub start: f64,
    /// What the reaction of somebody with score 1 is worth; with score 100 it is worth 1.
    pub floor: f64,
}

impl Standing {
    /// Whether by another one everybody begins with what they begin with by this one.
    pub(crate) fn begins_as(self, other: Self) -> bool {
        Self { rounds: other.rounds, ..self } == other
    }

    /// The standing of an actor with this score, as a 32-bit fraction; never zero.
    pub fn of(&self, score: Score) -> u32 {
        self.fraction(score.value())
    }

    /// The standing that everybody has at the start.
    pub fn at_start(&self) -> u32 {
        self.fraction(self.start)
    }

    fn fraction(&self, score: f64) -> u32 {
        let worth = self.floor + (1.0 - self.floor) * (score - 1.0) / 99.0;
        ((worth * 4_294_967_296.0) as u32).max(1)
    }
}

/// What counts on one network.
#[derive(Clone, Debug)]
pub struct NetworkRuler {
    /// The network.
    pub network: Word,
    /// Its name.
    pub name: String,
    /// By how much its points are multiplied.
    pub weight: f64,
    /// In how many days an act loses half its worth, where a feature does not say otherwise.
    pub half_life_days: f64,
    /// What makes points of its features, made ready for them.
    pub formula: Bound,
    /// How its accounts are ranked by who acts on whom, where a feature counts that.
    pub graph: Option<Graph>,
    /// Its features, in the order of their names.
    pub features: Vec<Feature>,
}

/// A feature and what it counts.
#[derive(Clone, Debug)]
pub struct Feature {
    /// The kind or metric.
    pub word: Word,
    /// Its name without the network: `repost.weighted`.
    pub name: String,
    /// The statistic.
    pub stat: Stat,
    /// The weight, 0 or more; at 0 it is shown and does not count.
    pub weight: f64,
    /// How its value is bent.
    pub curve: Curve,
    /// A value beyond which more does not count.
    pub cap: Option<f64>,
    /// Its own half-life, where it differs from the network's.
    pub half_life_days: Option<f64>,
    /// Whether it is asked for when coverage is computed.
    pub asked: bool,
    /// Whose value stands in for its own where that is not known: a kind or metric and a stat of the same network.
    pub instead: Option<(Word, Stat)>,
}

impl Ruler {
    /// The standing of those who have no points.
    pub(crate) fn least(&self) -> u32 {
        self.standing.of(self.scale.score(0.0))
    }

    /// Whether another ruler asks for the same numbers of every account, whatever they are worth by it.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        self.asks(false) == other.asks(false)
    }

    /// Whether another ruler asks for the same numbers apart from how what was given fades and to which power posts divide, and nothing
    /// stands in for a number that depends on these.
    pub(crate) fn asks_alike(&self, other: &Self) -> bool {
        let mut features = self.networks.iter().flat_map(|network| &network.features);
        let depends = |stat: Stat| matches!(stat, Stat::Weighted | Stat::Recent | Stat::PerPost);
        !features.any(|feature| feature.instead.is_some_and(|(_, stat)| depends(stat)))
            && self.asks(true) == other.asks(true)
    }

    /// All that it asks for; if it is to be `alike` only, without half-lives and powers.
    fn asks(&self, alike: bool) -> impl PartialEq {
        let fading = |number: f64| if alike { 0 } else { number.to_bits() };
        let of_network = |network: &NetworkRuler| {
            let feature = |of: &Feature| (of.word, of.stat, of.instead, fading(network.half_life_of(of)));
            let features: Vec<_> = network.features.iter().map(feature).collect();
            (network.network, network.graph.clone(), features)
        };
        let networks: Vec<_> = self.networks.iter().map(of_network).collect();
        (self.window, fading(self.per_post_exponent), networks)
    }
}

impl NetworkRuler {
    /// In how many days what one of its features counts loses half its worth.
    pub(crate) fn half_life_of(&self, feature: &Feature) -> f64 {
        feature.half_life_days.unwrap_or(self.half_life_days)
    }

    /// The sum of the weights of what it asks for.
    pub(crate) fn asked(&self) -> f64 {
        self.features.iter().filter(|feature| feature.asked).map(|feature| feature.weight).sum()
    }
}

impl Feature {
    /// Whether its value depends on the standing of those who act.
    pub(crate) fn is_by_standing(&self) -> bool {
        self.stat == Stat::Weighted || self.stands_in_by_standing()
    }

    /// Whether what stands in for it depends on that.
    pub(crate) fn stands_in_by_standing(&self) -> bool {
        self.instead.is_some_and(|(_, stat)| stat == Stat::Weighted)
    }

    /// As a formula sees it.
    pub fn column(&self) -> Column<'_> {
        Column { name: &self.name, weight: self.weight, curve: &self.curve, cap: self.cap }
    }

    /// The value, capped and curved.
    pub fn curved(&self, value: f64) -> f64 {
        self.column().curved(value)
    }
}
