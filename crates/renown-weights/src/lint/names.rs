//! Names that nobody has: most likely slips, and in any case features that are never known.

use std::collections::BTreeSet;

use renown_core::stat::Stat;
use renown_core::suggest::nearest;

use super::{Checked, Code, Found, path};
use crate::check::FeatureRules;
use crate::pattern::{ANY, stats_of};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<Found>) {
    let known: BTreeSet<&str> = checked.known.networks.iter().map(|network| network.name.as_str()).collect();
    for (name, network) in checked.rules.networks.iter().filter(|(name, _)| *name != ANY) {
        if !known.contains(name.as_str()) {
            found.push(Found {
                code: Code::UnknownFeature,
                at: path(&["networks", name]),
                key: None,
                reason: format!("no adapter reads a network `{name}`"),
                cure: match nearest(name, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "name the plugin that does (`[[plugin]]`, --plugin); of a table that a map describes, lint with \
                             --on and --map"
                        .into(),
                },
            });
            continue;
        }
        // Ranks are made of the graph, and no adapter's.
        let is_rank = |feature: &FeatureRules| {
            network.graph.is_some() && feature.pattern.exact().is_some_and(|(_, stat)| stat == Stat::Rank)
        };
        for (key, feature) in network.features.iter().filter(|(_, feature)| !is_rank(feature)) {
            if let Some(cure) = unknown(checked, name, feature) {
                found.push(Found {
                    code: Code::UnknownFeature,
                    at: path(&["networks", name, "features", key]),
                    key: None,
                    reason: format!("no adapter knows of `{key}` on `{name}`: nobody ever has it"),
                    cure,
                });
            }
        }
    }
    for name in &checked.rules.lint.popularity_of {
        let is_some = |network: &renown_core::ruler::NetworkRuler| {
            network.features.iter().any(|feature| feature.name == *name)
        };
        if !checked.ruler.networks.iter().any(is_some) {
            found.push(Found {
                code: Code::UnknownFeature,
                at: path(&["lint", "popularity_of"]),
                key: None,
                reason: format!("no network has the feature `{name}`"),
                cure: "name features that networks of this file have, with weight 0 if they are not to count"
                    .into(),
            });
        }
    }
}

/// What to do if nobody knows a feature.
fn unknown(checked: &Checked<'_>, network: &str, feature: &FeatureRules) -> Option<String> {
    let of_network = || checked.known.networks.iter().filter(|known| known.name == network);
    let words = |is_metric: bool| {
        of_network().flat_map(move |known| if is_metric { &known.metrics } else { &known.kinds })
    };
    let matches = |is_metric: bool| {
        words(is_metric).any(|word| stats_of(is_metric).any(|stat| feature.pattern.matches(word, stat)))
    };
    if matches(false) || matches(true) {
        return None;
    }
    let Some((word, stat)) = feature.pattern.exact() else {
        return Some("remove it, or mend it so that it fits a kind or metric".into());
    };
    let is_metric = stat.is_of_metric();
    if words(!is_metric).any(|known| known == word) {
        let stats: Vec<String> = stats_of(!is_metric).map(|stat| format!("`{word}.{stat}`")).collect();
        let sort = if is_metric { "a kind of act" } else { "a metric" };
        return Some(format!("`{word}` is {sort}, of which there are {}", stats.join(", ")));
    }
    let synonym = (checked.known.synonyms.iter()).find(|(of, also, _)| of == network && also == word);
    if let Some((_, _, name)) = synonym {
        return Some(format!("here it is called `{name}`: `{name}.{stat}`"));
    }
    Some(match nearest(word, words(is_metric).map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}.{stat}`?"),
        None => "remove it, or name the plugin that reads it".into(),
    })
}
