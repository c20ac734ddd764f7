//! What data say of single features: whom a cap holds back, what decides, and what tells nobody apart.

use renown_core::columns_of::{Columns, FeatureColumn, NetworkColumns};
use renown_core::curve::Curve;
use renown_core::ruler::{Feature, NetworkRuler};

use super::points::{ENOUGH, covariance, percentile};
use super::{Checked, Code, Found};

/// How a feature is spread over the accounts of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSpread {
    /// Its full name.
    pub name: String,
    /// How many accounts have it.
    pub known: usize,
    /// How much of the variance of the network's points comes of it, in percent: its covariance with them. Those of a
    /// network add up to 100; below 0, it makes points more equal.
    pub variance_percent: f64,
}

/// Looks at all features; returns those that accounts have, by network, the one that decides most first.
pub(super) fn check(checked: &Checked<'_>, columns: &Columns, found: &mut Vec<Found>) -> Vec<FeatureSpread> {
    let mut spreads = Vec::new();
    for network in &columns.networks {
        let ruler = checked.ruler.networks.iter().find(|ruler| ruler.name == network.network);
        let Some(ruler) = ruler.filter(|ruler| ruler.weight > 0.0) else { continue };
        let mut of_network = spreads_of(network);
        for (column, spread) in network.features.iter().zip(&of_network) {
            let mut weighed = ruler.features.iter().filter(|feature| feature.weight > 0.0);
            if let Some(feature) = weighed.find(|feature| feature.name == column.name) {
                check_feature(checked, ruler, feature, (column, spread), found);
            }
        }
        of_network.retain(|spread| spread.known > 0);
        of_network.sort_by(|a, b| {
            b.variance_percent.total_cmp(&a.variance_percent).then_with(|| a.name.cmp(&b.name))
        });
        spreads.extend(of_network);
    }
    spreads
}

fn spreads_of(network: &NetworkColumns) -> Vec<FeatureSpread> {
    let mut all = vec![0.0; network.persons.len()];
    for column in &network.features {
        all.iter_mut().zip(&column.points).for_each(|(all, points)| *all += points);
    }
    let variance = covariance(&all, &all);
    let spread = |column: &FeatureColumn| FeatureSpread {
        name: format!("{}.{}", network.network, column.name),
        known: column.values.iter().flatten().count(),
        variance_percent: if variance > 0.0 {
            100.0 * covariance(&column.points, &all) / variance
        } else {
            0.0
        },
    };
    network.features.iter().map(spread).collect()
}

fn check_feature(
    checked: &Checked<'_>,
    ruler: &NetworkRuler,
    feature: &Feature,
    (column, spread): (&FeatureColumn, &FeatureSpread),
    found: &mut Vec<Found>,
) {
    if spread.known < ENOUGH {
        return;
    }
    let name = &spread.name;
    let at = || checked.path(&ruler.name, &feature.name);
    let mut values: Vec<f64> = column.values.iter().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    let ninetieth = percentile(&values, 90);
    if let Some((key, most)) = last_that_counts(feature).filter(|(_, most)| *most < ninetieth) {
        let beyond = values.len() - values.partition_point(|value| *value <= most);
        found.push(Found {
            code: Code::DeadRange,
            at: at(),
            key: Some(key),
            reason: format!(
                "beyond {most} `{name}` counts no more, and {beyond} of {} accounts are beyond: their 90th percentile is \
                 {ninetieth:.0}",
                values.len()
            ),
            cure: format!("let it count up to {ninetieth:.0} or more; a curve such as `log` takes the weight off what is large"),
        });
    }
    let bound = checked.rules.lint.variance_percent;
    if spread.variance_percent > bound {
        found.push(Found {
            code: Code::OneFeature,
            at: at(),
            key: None,
            reason: format!(
                "{:.1} % of how points differ on `{}` comes of `{}` alone",
                spread.variance_percent, ruler.name, feature.name
            ),
            cure: format!(
                "give it less weight, or others more; {bound} % are let pass (`lint.variance_percent`)"
            ),
        });
    }
    let gives = |place: usize| column.points[place].to_bits();
    let mut known = (0..column.values.len()).filter(|&place| column.values[place].is_some());
    if let Some(first) = known.next()
        && known.all(|place| gives(place) == gives(first))
    {
        found.push(Found {
            code: Code::NoEffect,
            at: at(),
            key: None,
            reason: format!(
                "the weight {} of `{name}` tells nobody apart: each of the {} accounts that have it gets {} points",
                feature.weight,
                values.len(),
                column.points[first]
            ),
            cure: "give it the weight 0, so that it is shown and not counted, or a curve that tells values apart".into(),
        });
    }
}

/// The value beyond which more does not count, and the key that says so.
fn last_that_counts(feature: &Feature) -> Option<(&'static str, f64)> {
    let by_cap = feature.cap.map(|cap| ("cap", cap));
    let by_curve = match &feature.curve {
        Curve::Knots(knots) => {
            let top = knots.points().last()?[1];
            knots.points().iter().find(|knot| knot[1] >= top).map(|knot| ("curve", knot[0]))
        }
        _ => None,
    };
    by_cap.into_iter().chain(by_curve).min_by(|a, b| a.1.total_cmp(&b.1))
}
