//! From rules to the ruler of a run: globs bound to the kinds and metrics that the run has, formulas found by name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use renown_core::formula::{Bound, Column, Formula, Params, Spec};
use renown_core::ruler::{Feature, NetworkRuler, Ruler};
use renown_core::stat::Stat;
use renown_core::words::{TooManyWords, Word, Words};

use crate::adapters::{Bound as Options, unbound};
use crate::check::{FeatureRules, NetworkRules, Rules};
use crate::error::{Fault, listed};
use crate::format::Missing;
use crate::graph::uses;
use crate::params::{fault, params};
use crate::pattern::{ANY, Pattern, stats_of};

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

/// The formula of a network in the weights, with what it is given there.
pub(crate) struct Chosen<'f> {
    formula: &'f dyn Formula,
    params: Params,
}

/// The formulas of all networks in the weights, also of those that were not seen: a slip is to be found on the day it
/// is made.
pub(crate) fn choose<'r, 'f>(
    rules: &'r Rules,
    folder: &Path,
    formulas: &[&'f dyn Formula],
) -> Result<BTreeMap<&'r str, Chosen<'f>>, Fault> {
    let chosen = rules.networks.iter().map(|(name, network)| {
        let formula = formula(network, formulas)?;
        Ok((name.as_str(), Chosen { formula, params: params(network, formula, folder)? }))
    });
    chosen.collect()
}

/// The digest of the rules with the parameters of their formulas and the options of adapters.
///
/// # Errors
/// If there are options, and nobody said which adapters there are.
pub(crate) fn stamp(
    rules: &Rules,
    options: Option<&Options>,
    chosen: &BTreeMap<&str, Chosen<'_>>,
) -> Result<String, Fault> {
    let none = Options::default();
    let options = match (options, rules.adapters.values().next()) {
        (Some(options), _) => options,
        (None, None) => &none,
        (None, Some(rules)) => return Err(unbound(rules)),
    };
    Ok(crate::stamp::stamp(rules, options, |network| &chosen[network].params))
}

pub(crate) fn resolve(
    rules: &Rules,
    options: Option<&Options>,
    folder: &Path,
    seen: &[SeenNetwork],
    words: &Words,
    formulas: &[&dyn Formula],
) -> Result<Resolved, Fault> {
    // A network may come of several adapters.
    let mut networks: BTreeMap<&str, BTreeSet<Seen<'_>>> = BTreeMap::new();
    for network in seen {
        let kinds = network.kinds.iter().map(|kind| (kind.as_str(), false));
        let metrics = network.metrics.iter().map(|metric| (metric.as_str(), true));
        networks.entry(&network.name).or_default().extend(kinds.chain(metrics));
    }
    let chosen = choose(rules, folder, formulas)?;
    let any = rules.networks.get_key_value(ANY);
    let mut unweighed = BTreeSet::new();
    let mut counted = Vec::new();
    for (name, seen) in &networks {
        let found = rules.networks.get_key_value(*name).or(any);
        let Some((key, network)) = found else {
            unweighed.extend(seen.iter().map(|seen| format!("{name}.{}", seen.0)));
            continue;
        };
        let bound = bind(network, key != ANY, any.map(|any| any.1), seen);
        let mut features = features(&bound, words).map_err(too_many)?;
        let columns: Vec<Column<'_>> = features.iter().map(Feature::column).collect();
        let formula = prepare(&chosen[key.as_str()], network, any.map(|any| any.1), &columns)?;
        for (index, feature) in features.iter_mut().enumerate() {
            feature.asked &= formula.uses(index);
        }
        let counts = |(word, is_metric): Seen<'_>| {
            let walks = network.graph.as_ref().is_some_and(|graph| uses(graph, word, is_metric));
            let word = words.find(word);
            let is_seen = |(of, stat): (Word, Stat)| Some(of) == word && stat.is_of_metric() == is_metric;
            let used = features.iter().enumerate().any(|(index, feature)| {
                let is_of_it = is_seen((feature.word, feature.stat)) || feature.instead.is_some_and(is_seen);
                is_of_it && feature.weight > 0.0 && formula.uses(index)
            });
            network.weight > 0.0 && (walks || used)
        };
        unweighed.extend(seen.iter().filter(|seen| !counts(**seen)).map(|seen| format!("{name}.{}", seen.0)));
        counted.push(NetworkRuler {
            network: words.intern(name).map_err(too_many)?,
            name: (*name).to_owned(),
            weight: network.weight,
            half_life_days: network.half_life_days.unwrap_or(rules.half_life_days),
            formula,
            graph: (network.graph.as_ref())
                .map(|graph| graph.named(|name| words.intern(name)))
                .transpose()
                .map_err(too_many)?,
            features,
        });
    }
    for (name, network) in rules.networks.iter().filter(|(name, _)| !networks.contains_key(name.as_str())) {
        // What is only known by globs is not known of a network that was not seen.
        let named = network.features.iter().filter(|(_, feature)| feature.pattern.exact().is_some());
        let columns: Vec<Column<'_>> = named
            .map(|(name, rules)| Column { name, weight: rules.weight, curve: &rules.curve, cap: rules.cap })
            .collect();
        prepare(&chosen[name.as_str()], network, any.map(|any| any.1), &columns)?;
    }
    let applied = Ruler {
        window: rules.window,
        standing: rules.standing,
        per_post_exponent: rules.per_post_exponent,
        power: rules.power,
        scale: rules.scale.clone(),
        networks: counted,
    };
    let stamp = stamp(rules, options, &chosen)?;
    Ok(Resolved { ruler: applied, stamp, unweighed: unweighed.into_iter().collect() })
}

/// Makes a network's formula ready for its features.
fn prepare(
    chosen: &Chosen<'_>,
    network: &NetworkRules,
    any: Option<&NetworkRules>,
    columns: &[Column<'_>],
) -> Result<Bound, Fault> {
    let may_have = |name: &str| {
        let has = |rules: &NetworkRules| rules.rules_of(name).is_some();
        has(network) || any.is_some_and(has)
    };
    let spec = Spec { columns, may_have: &may_have, params: &chosen.params };
    Bound::new(chosen.formula, &spec).map_err(|error| fault(network, chosen.formula, error))
}

fn too_many(error: TooManyWords) -> Fault {
    Fault::elsewhere(error.to_string())
}

fn formula<'f>(network: &NetworkRules, formulas: &[&'f dyn Formula]) -> Result<&'f dyn Formula, Fault> {
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
type Rated<'r> = BTreeMap<(&'r str, Stat), &'r FeatureRules>;

/// Which rules apply to which features.
///
/// What a network's own rules name is asked for in any case. Their globs stand for what was seen. What was seen and is
/// in none of them falls to the rules for any network, whose names, too, stand only for what was seen.
fn bind<'r>(
    network: &'r NetworkRules,
    is_named: bool,
    any: Option<&'r NetworkRules>,
    seen: &BTreeSet<Seen<'r>>,
) -> Rated<'r> {
    let mut bound = Rated::new();
    for &(word, is_metric) in seen {
        let bind = |rules: &'r NetworkRules| {
            stats_of(is_metric)
                .filter_map(|stat| Some(((word, stat), rules.applying(word, stat)?)))
                .collect::<Vec<_>>()
        };
        let mut features = bind(network);
        if features.is_empty() {
            features.extend(any.into_iter().flat_map(bind));
        }
        bound.extend(features);
    }
    // The rank needs nothing that was seen.
    let asked = network.features.values().filter(|feature| is_named || feature.pattern.is_rank());
    bound.extend(asked.filter_map(|feature| Some((feature.pattern.exact()?, feature))));
    bound
}

/// The features of a ruler, in the order of their names.
fn features(bound: &Rated<'_>, words: &Words) -> Result<Vec<Feature>, TooManyWords> {
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
                instead: (rules.instead.as_ref().and_then(Pattern::exact))
                    .map(|(word, stat)| Ok((words.intern(word)?, stat)))
                    .transpose()?,
            })
        })
        .collect::<Result<Vec<_>, TooManyWords>>()?;
    features.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(features)
}
