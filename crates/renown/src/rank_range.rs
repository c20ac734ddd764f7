//! How firm ranks are: between which ones everybody stays while weights are moved.

use std::collections::HashMap;

use renown_core::listing::{Directory, ScoredPerson, ranked};
use renown_core::moves::Ranks;
use renown_weights::Weights;

use crate::cli::WhatIfArgs;
use crate::config;
use crate::pipeline::{Ruled, Run, not_scored};

/// By how much weights are moved, in percent.
pub(crate) const PERCENT: u32 = 20;

/// What moving each weight by itself, up and down, does to ranks.
pub(crate) struct RankRanges {
    pub(crate) by: Ruled,
    /// In the order of their ranks.
    pub(crate) people: Vec<RankRange>,
    /// Weights that move nobody at all.
    pub(crate) idle: Vec<String>,
    /// Weights that cannot be moved so far, such as chances that would be more than 1, and why.
    pub(crate) stuck: Vec<(String, String)>,
}

/// One person's ranks.
pub(crate) struct RankRange {
    pub(crate) person: ScoredPerson,
    pub(crate) rank: u32,
    pub(crate) best: u32,
    pub(crate) worst: u32,
}

/// Moves each weight by itself.
pub(crate) fn find(run: &Run, args: &WhatIfArgs, weights: &Weights) -> anyhow::Result<RankRanges> {
    let run_args = &args.read.exports.run;
    let weights = run.in_force(weights)?;
    let by = run.bound(&weights)?;
    let scoring = run.base_by(&by)?;
    let (persons, directory) = (scoring.persons(), Directory::of(&[&scoring]));
    let place: HashMap<&str, usize> =
        persons.iter().zip(0..).map(|(person, index)| (person.person.as_str(), index)).collect();
    let places: Vec<Option<usize>> = (0..directory.len() as u32)
        .map(|index| place.get(directory.name(&scoring, index).as_str()).copied())
        .collect();
    let mut people: Vec<RankRange> = ranked(&persons)
        .map(|(person, rank)| RankRange { person: person.clone(), rank, best: rank, worst: rank })
        .collect();
    let (mut idle, mut stuck) = (Vec::new(), Vec::new());
    for (key, weight) in weights.numbers().into_iter().filter(|(key, _)| is_seen(&by, key)) {
        let mut moves_somebody = false;
        for percent in [100 - PERCENT, 100 + PERCENT] {
            let mut sets = run_args.sets.clone();
            sets.push(format!("{key}={}", weight * f64::from(percent) / 100.0));
            let tried = config::weights(run_args.weights.as_deref(), &sets)
                .and_then(|weights| run.ruled_by(&weights));
            let tried = match tried {
                Ok(tried) => tried,
                Err(why) => {
                    stuck.push((format!("{key} at {percent} %"), format!("{:#}", why.root_cause())));
                    continue;
                }
            };
            let scores = scoring.by(&tried.ruler).map_err(not_scored)?.scores(&directory);
            let ranks = Ranks::of(&scores);
            for (place, score) in places.iter().zip(&scores) {
                let (Some(place), Some(score)) = (place, score) else { continue };
                let (range, rank) = (&mut people[*place], ranks.rank(*score));
                moves_somebody |= *score != range.person.score;
                range.best = range.best.min(rank);
                range.worst = range.worst.max(rank);
            }
        }
        if !moves_somebody {
            idle.push(key);
        }
    }
    Ok(RankRanges { by, people, idle, stuck })
}

/// Whether a weight is of a network that was seen, or of those for any network.
fn is_seen(by: &Ruled, key: &str) -> bool {
    let of = |name: &str| key.starts_with(&format!("networks.\"{name}\"."));
    of("*") || by.ruler.networks.iter().any(|network| of(&network.name))
}
