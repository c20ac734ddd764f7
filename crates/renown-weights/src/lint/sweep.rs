//! What the formulas do: do points fall, do they jump, does a weight do nothing?
//!
//! Every feature goes from a sixteenth to beyond 10^12 in steps of 1 %, so that any jump lies within a step, with the others
//! missing or at some values. Scores are those of somebody who is on that network only, which is where they move the most:
//! a second network takes from what the first one moves, and the scale never becomes steeper.

use renown_core::formula::Column;
use renown_core::ruler::{Feature, NetworkRuler, Ruler};
use renown_core::stat::Stat;

use super::{Checked, Code, Found, path};

/// The first value, the change from one to the next, and how many there are: to 2^41.
const FIRST: f64 = 0.0625;
const STEP: f64 = 1.01;
const VALUES: usize = 3_142;

/// What the other features are meanwhile: `NaN` is missing.
const OTHERS: [f64; 4] = [f64::NAN, 1.0, 1e3, 1e6];

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<Found>) {
    for network in &checked.ruler.networks {
        let columns: Vec<Column<'_>> = network.features.iter().map(Feature::column).collect();
        if let Some(flaw) = network.formula.flaw(&columns) {
            found.push(Found {
                code: Code::NotMonotone,
                at: path(&["networks", file_name(checked, network)]),
                key: Some("formula"),
                reason: format!("the formula `{}`: {flaw}", network.formula.name()),
                cure: "choose another formula; if this one is a plugin's, `renown plugins check` tries it"
                    .into(),
            });
            continue;
        }
        let counting = network.features.iter().filter(|feature| feature.weight > 0.0).count();
        if network.weight == 0.0 {
            if counting > 0 {
                found.push(Found {
                    code: Code::NoEffect,
                    at: path(&["networks", file_name(checked, network)]),
                    key: Some("weight"),
                    reason: format!(
                        "`{}` is left out, and {counting} of its features have weights that do nothing",
                        network.name
                    ),
                    cure: "give the network a weight, or its features the weight 0".into(),
                });
            }
            continue;
        }
        // Ranks are shares of 1: the values below are none.
        let is_swept = |feature: &Feature| feature.weight > 0.0 && feature.stat != Stat::Rank;
        for index in (0..network.features.len()).filter(|&index| is_swept(&network.features[index])) {
            feature(checked, network, index, found);
        }
    }
}

/// The name under which the file has a network.
fn file_name<'c>(checked: &'c Checked<'_>, network: &'c NetworkRuler) -> &'c str {
    if checked.rules.networks.contains_key(&network.name) { &network.name } else { crate::pattern::ANY }
}

fn feature(checked: &Checked<'_>, network: &NetworkRuler, index: usize, found: &mut Vec<Found>) {
    let of = &network.features[index];
    let (name, at) = (format!("{}.{}", network.name, of.name), checked.path(&network.name, &of.name));
    let Some(Swept { jump, values, scores, does }) = sweep(checked.ruler, network, index) else { return };
    if !does {
        found.push(Found {
            code: Code::NoEffect,
            at,
            key: None,
            reason: format!("the weight {} of `{name}` does nothing: no value of it gives points", of.weight),
            cure: format!(
                "remove it, or have the formula `{}` and the curve count it",
                network.formula.name()
            ),
        });
    } else if jump > checked.rules.lint.jump_points {
        let [from, to] = values.map(rounded);
        found.push(Found {
            code: Code::Jump,
            at,
            key: Some("curve"),
            reason: format!(
                "a change of 1 % can move a score by {jump:.2} points: from {from} to {to}, `{name}` takes it from {:.2} to {:.2}",
                scores[0], scores[1]
            ),
            cure: format!(
                "give it a curve that rises more slowly, such as `log`, or a smaller weight; {} points are let pass (`lint.jump_points`)",
                checked.rules.lint.jump_points
            ),
        });
    }
}

fn rounded(value: f64) -> String {
    if value < 1_000.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}

/// What a feature does.
struct Swept {
    /// By how many points the farthest step goes, with its values and scores.
    jump: f64,
    values: [f64; 2],
    scores: [f64; 2],
    /// Whether any value gives other points than another.
    does: bool,
}

/// `None` if the formula fails, which is found elsewhere.
fn sweep(ruler: &Ruler, network: &NetworkRuler, index: usize) -> Option<Swept> {
    let values: Vec<f64> =
        std::iter::successors(Some(FIRST), |value| Some(value * STEP)).take(VALUES).collect();
    let curved: Vec<f64> = values.iter().map(|value| network.features[index].curved(*value)).collect();
    let mut swept = Swept { jump: 0.0, values: [0.0; 2], scores: [0.0; 2], does: false };
    for others in OTHERS {
        let mut columns: Vec<Vec<f64>> = (network.features.iter())
            .map(|feature| vec![if others.is_nan() { others } else { feature.curved(others) }; VALUES])
            .collect();
        columns[index].clone_from(&curved);
        let mut points = vec![0.0; VALUES];
        network.formula.points(&columns, &mut points).ok()?;
        swept.does |= points.windows(2).any(|pair| pair[0].to_bits() != pair[1].to_bits());
        let scores = points.iter().map(|points| ruler.scale.score(points * network.weight).value());
        let scores: Vec<f64> = scores.collect();
        for (at, pair) in scores.windows(2).enumerate() {
            if pair[1] - pair[0] > swept.jump {
                swept.jump = pair[1] - pair[0];
                swept.values = [values[at], values[at + 1]];
                swept.scores = [pair[0], pair[1]];
            }
        }
    }
    Some(swept)
}
