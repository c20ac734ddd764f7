//! From rules to the ruler of a run: globs bound to the kinds and metrics that the run has, formulas found by name.

use std::collections::{BTreeMap, BTreeSet};

use renown_core::feature::Stat;
use renown_core::formula::Formula;
use renown_core::ruler::{Feature, NetworkRuler, Ruler};
use renown_core::words::{TooManyWords, Words};

use crate::check::{FeatureRules, NetworkRules, Rules};
use crate::error::{Fault, listed};
use crate::format::Missing;
use crate::pattern::{ANY, stats_of};

/// A network that records came of, with what was seen on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenNetwork {
    /// Its name.
    pub name: String,
    /// The kinds of interaction.
    pub kinds: Vec<String>,
    /// The metrics observed.
    pub metrics: Vec<String>,
}

/// The weights as they apply to a run.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What is applied. It has the networks that were seen.
    pub ruler: Ruler,
    /// The digest of everything that decides a score, see [`Weights::stamp`](crate::Weights::stamp).
    pub stamp: String,
    /// What was seen and counts for nothing, as `<network>.<kind or metric>`, in order.
    pub unweighed: Vec<String>,
}

/// A kind or metric that was seen.
type Seen<'s> = (&'s str, bool);

pub(crate) fn resolve(
    rules: &Rules,
    stamp: String,
    seen: &[SeenNetwork],
    words: &Words,
    formulas: &[&'static dyn Formula],
) -> Result<Resolved, Fault> {
    // A network may come of several adapters.
    let mut networks: BTreeMap<&str, BTreeSet<Seen<'_>>> = BTreeMap::new();
    for network in seen {
        let kinds = network.kinds.iter().map(|kind| (kind.as_str(), false));
        let metrics = network.metrics.iter().map(|metric| (metric.as_str(), true));
        networks.entry(&network.name).or_default().extend(kinds.chain(metrics));
    }
    // Those of networks that were not seen, too: a slip is to be found on the day it is made.
    let mut formula_of = BTreeMap::new();
    for (name, network) in &rules.networks {
        formula_of.insert(name.as_str(), formula(network, formulas)?);
    }
    let any = rules.networks.get_key_value(ANY);
    let mut unweighed = BTreeSet::new();
    let mut counted = Vec::new();
    for (name, seen) in networks {
        let found = rules.networks.get_key_value(name).or(any);
        let bound = found.map_or_else(BTreeMap::new, |(key, network)| {
            bind(network, key != ANY, any.map(|any| any.1), &seen)
        });
        let counts = |(word, is_metric): Seen<'_>| {
            let features = stats_of(is_metric).filter_map(|stat| bound.get(&(word, stat)));
            let is_weighed = found.is_some_and(|found| found.1.weight > 0.0);
            is_weighed && features.into_iter().any(|feature| feature.weight > 0.0)
        };
        unweighed.extend(seen.iter().filter(|seen| !counts(**seen)).map(|seen| format!("{name}.{}", seen.0)));
        let Some((key, network)) = found else { continue };
        counted.push(NetworkRuler {
            network: words.intern(name).map_err(too_many)?,
            name: name.to_owned(),
            weight: network.weight,
            half_life_days: network.half_life_days.unwrap_or(rules.half_life_days),
            formula: formula_of[key.as_str()],
            features: features(&bound, words).map_err(too_many)?,
        });
    }
    let applied = Ruler {
        window_days: rules.window_days,
        standing: rules.standing,
        per_post_exponent: rules.per_post_exponent,
        power: rules.power,
        scale: rules.scale.clone(),
        networks: counted,
    };
    Ok(Resolved { ruler: applied, stamp, unweighed: unweighed.into_iter().collect() })
}

fn too_many(error: TooManyWords) -> Fault {
    Fault::elsewhere(error.to_string())
}

fn formula(network: &NetworkRules, formulas: &[&'static dyn Formula]) -> Result<&'static dyn Formula, Fault> {
    let name = network.formula.get_ref().as_str();
    let mut named = formulas.iter().filter(|formula| formula.name() == name);
    match (named.next(), named.next()) {
        (Some(formula), None) => Ok(*formula),
        (Some(_), Some(_)) => {
            Err(Fault::at(network.formula.span(), format!("there are several formulas called `{name}`")))
        }
        (None, _) => {
            let known: Vec<&str> = formulas.iter().map(|formula| formula.name()).collect();
            Err(Fault::at(network.formula.span(), format!("there is no formula `{name}`"))
                .label(if known.is_empty() { String::new() } else { format!("expected {}", listed(&known)) })
                .meant(name, known))
        }
    }
}

/// What is counted on a network, by kind or metric and stat.
type Bound<'r> = BTreeMap<(&'r str, Stat), &'r FeatureRules>;

/// Which rules apply to which features.
///
/// What a network's own rules name is asked for in any case. Their globs stand for what was seen. What was seen and is
/// in none of them falls to the rules for any network, whose names, too, stand only for what was seen.
fn bind<'r>(
    network: &'r NetworkRules,
    is_named: bool,
    any: Option<&'r NetworkRules>,
    seen: &BTreeSet<Seen<'r>>,
) -> Bound<'r> {
    let mut bound = Bound::new();
    for &(word, is_metric) in seen {
        let bind = |rules: &'r NetworkRules| {
            stats_of(is_metric)
                .filter_map(|stat| Some(((word, stat), applying(rules, word, stat)?)))
                .collect::<Vec<_>>()
        };
        let mut features = bind(network);
        if features.is_empty() {
            features.extend(any.into_iter().flat_map(bind));
        }
        bound.extend(features);
    }
    if is_named {
        let exact = network.features.values().filter_map(|feature| Some((feature.pattern.exact()?, feature)));
        bound.extend(exact);
    }
    bound
}

/// The rules for a feature, by name or else by the glob that says most.
fn applying<'r>(rules: &'r NetworkRules, word: &str, stat: Stat) -> Option<&'r FeatureRules> {
    let matching = rules.features.values().filter(|feature| feature.pattern.matches(word, stat));
    matching.min_by(|a, b| a.pattern.rank().cmp(&b.pattern.rank()))
}

/// The features of a ruler, in the order of their names.
fn features(bound: &Bound<'_>, words: &Words) -> Result<Vec<Feature>, TooManyWords> {
    let mut features = bound
        .iter()
        .map(|(&(word, stat), rules)| {
            Ok(Feature {
                word: words.intern(word)?,
                name: format!("{word}.{stat}"),
                stat,
                weight: rules.weight,
                curve: rules.curve.clone(),
                cap: rules.cap,
                half_life_days: rules.half_life_days,
                asked: rules.weight > 0.0 && rules.missing == Missing::Uncovered,
            })
        })
        .collect::<Result<Vec<_>, TooManyWords>>()?;
    features.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(features)
}
