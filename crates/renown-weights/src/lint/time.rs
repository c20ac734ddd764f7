//! Half-lives and the window: do they agree?

use super::{Checked, Code, Found, path};
use renown_core::stat::Stat;

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<Found>) {
    let rules = checked.rules;
    if rules.window.fade_days == 0 {
        found.push(Found {
            code: Code::WindowEdge,
            at: path(&["time", "fade_days"]),
            key: None,
            reason: "nothing fades: what counts in full one day has left the window the next".into(),
            cure: "let everything fade over the last days, such as `fade_days` = a third of `window_days`"
                .into(),
        });
    }
    half_life(checked, rules.half_life_days, path(&["time"]), found);
    for (name, network) in &rules.networks {
        let of_network = path(&["networks", name]);
        if let Some(days) = network.half_life_days {
            let fades = |stat| move |feature: &crate::check::FeatureRules| feature.pattern.has(stat);
            let uses = |feature: &crate::check::FeatureRules| {
                let is_fading = fades(Stat::Weighted)(feature) || fades(Stat::Recent)(feature);
                is_fading && feature.weight > 0.0 && feature.half_life_days.is_none()
            };
            if network.features.values().any(uses) {
                half_life(checked, days, of_network.clone(), found);
            } else {
                found.push(Found {
                    code: Code::NoEffect,
                    at: [&of_network[..], &path(&["half_life_days"])].concat(),
                    key: None,
                    reason: format!("no feature of `{name}` that counts takes this half-life"),
                    cure:
                        "remove it: only `weighted` and `recent` fade, and all that count here have their own"
                            .into(),
                });
            }
        }
        for (pattern, feature) in &network.features {
            if let Some(days) = feature.half_life_days.filter(|_| feature.weight > 0.0) {
                let at = [&of_network[..], &path(&["features", pattern])].concat();
                half_life(checked, days, at, found);
            }
        }
    }
}

fn half_life(checked: &Checked<'_>, days: f64, at: Vec<String>, found: &mut Vec<Found>) {
    let window = checked.rules.window;
    let full = window.full_days();
    let (reason, cure) = if days < 1.0 {
        (
            format!(
                "a half-life of {days} days is shorter than a day, which is the least that ages are counted in"
            ),
            "make it 1 or more: of what happened today and what did yesterday, the first counts more already"
                .to_owned(),
        )
    } else if days > f64::from(full) {
        (
            format!(
                "a half-life of {days} days never comes about: after {full} days the window begins to take everything away"
            ),
            format!(
                "make it {full} or less, or widen the window: `window_days` is {}, the last {} of which fade",
                window.days, window.fade_days
            ),
        )
    } else {
        return;
    };
    let at_key = at.first().is_some_and(|key| key == "time");
    let at = if at_key { path(&["time", "half_life_days"]) } else { at };
    let key = (!at_key).then_some("half_life_days");
    found.push(Found { code: Code::HalfLife, at, key, reason, cure });
}
