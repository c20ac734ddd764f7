//! The numbers of a weights file that somebody may want to turn.

use crate::{NetworkRules, Weights};

/// A number that can be turned, and how far.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// What it is called in [`Weights::with_sets`].
    pub path: String,
    /// What it is now.
    pub value: f64,
    /// The least that it is turned to.
    pub low: f64,
    /// The most that it is turned to: the file may have more.
    pub high: f64,
    /// By how much at a time.
    pub step: f64,
}

impl Weights {
    /// The numbers that one turns to tune a ruler: those that hold for all networks, and then all weights, of networks and of their
    /// features, those that are 0, too.
    pub fn knobs(&self) -> Vec<Knob> {
        let knob = |path: &str, value: f64, (low, high, step): (f64, f64, f64)| Knob {
            path: path.to_owned(),
            value,
            low: low.min(value),
            high: high.max(value),
            step,
        };
        let rules = &self.rules;
        let mut knobs = vec![
            knob("combine.power", rules.power, (1.0, 16.0, 0.1)),
            knob("time.half_life_days", rules.half_life_days, (1.0, 90.0, 1.0)),
            knob("per_post.exponent", rules.per_post_exponent, (0.0, 1.0, 0.05)),
            knob("standing.floor", rules.standing.floor, (0.05, 1.0, 0.05)),
        ];
        let weight = |path: String, value: f64| {
            let most = (2.0 * value).ceil().max(1.0);
            knob(&path, value, (0.0, most, 0.01))
        };
        for (name, NetworkRules { weight: own, features, .. }) in &rules.networks {
            knobs.push(weight(format!("networks.\"{name}\".weight"), *own));
            knobs.extend(features.iter().map(|(feature, rules)| {
                weight(format!("networks.\"{name}\".features.\"{feature}\".weight"), rules.weight)
            }));
        }
        knobs
    }

    /// The knots of the scale: points, and the share of the way from 1 to 100 that they are worth.
    pub fn scale_knots(&self) -> Vec<[f64; 2]> {
        self.rules.scale.points().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_knob_can_be_turned_to_both_ends() {
        let text = Weights::default_text();
        let weights = Weights::parse(text, "weights.toml").unwrap();
        let knobs = weights.knobs();
        assert!(knobs.len() > 100, "{}", knobs.len());
        for (index, knob) in knobs.iter().enumerate() {
            assert!((knob.low..=knob.high).contains(&knob.value), "{knob:?}");
            for end in [knob.low, knob.high] {
                let turned = Weights::edited(text, "weights.toml", &[&format!("{}={end}", knob.path)]);
                let turned = turned.unwrap_or_else(|error| panic!("{} = {end}: {error}", knob.path));
                let turned = Weights::parse(&turned, "weights.toml").unwrap();
                assert!((turned.knobs()[index].value - end).abs() < 1e-12, "{knob:?} to {end}");
            }
        }
    }
}
