//! The stamp: a digest of everything that decides a score.
//!
//! It is the first 16 hexadecimal digits of the SHA-256 of the text that [`canonical`] writes: a line for each rule and
//! each feature, networks and features in the order of their names, numbers in the shortest decimal form that reads
//! back as the same. Comments, layout, the order of tables and whether a feature is written short or long do not show
//! in it, nor do the names of the file and of the scale, which decide nothing. Nor does the data: a stamp is of rules,
//! so that the scores of two months can be compared even if a network came in between.

use std::fmt::{self, Write as _};

use renown_core::curve::Curve;
use sha2::{Digest, Sha256};

use crate::check::{FeatureRules, NetworkRules, Rules};
use crate::format::Missing;

/// The first line: rises when the same rules come to mean other scores.
const MEANING: &str = "renown rules 1";

pub(crate) fn stamp(rules: &Rules) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = canonical(rules, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn canonical(rules: &Rules, out: &mut String) -> fmt::Result {
    writeln!(out, "{MEANING}")?;
    writeln!(out, "window_days {}", rules.window_days)?;
    let standing = &rules.standing;
    writeln!(out, "standing rounds {} start {} floor {}", standing.rounds, standing.start, standing.floor)?;
    writeln!(out, "per_post exponent {}", rules.per_post_exponent)?;
    writeln!(out, "combine power {}", rules.power)?;
    write!(out, "scale")?;
    knots(rules.scale.points(), out)?;
    writeln!(out)?;
    for (name, network) in &rules.networks {
        let half_life = network.half_life_days.unwrap_or(rules.half_life_days);
        write!(out, "network {name} weight {} ", network.weight)?;
        writeln!(out, "formula {} half_life_days {half_life}", network.formula.get_ref())?;
        features(network, out)?;
    }
    Ok(())
}

fn features(network: &NetworkRules, out: &mut String) -> fmt::Result {
    for (name, feature) in &network.features {
        let FeatureRules { pattern: _, weight, curve, cap, half_life_days, missing } = feature;
        write!(out, "feature {name} weight {weight} curve {curve}")?;
        if let Curve::Knots(of_curve) = curve {
            knots(of_curve.points(), out)?;
        }
        if let Some(cap) = cap {
            write!(out, " cap {cap}")?;
        }
        if let Some(days) = half_life_days {
            write!(out, " half_life_days {days}")?;
        }
        let missing = match missing {
            Missing::Uncovered => "uncovered",
            Missing::Ignored => "ignored",
        };
        writeln!(out, " missing {missing}")?;
    }
    Ok(())
}

fn knots(points: &[[f64; 2]], out: &mut String) -> fmt::Result {
    points.iter().try_for_each(|[x, y]| write!(out, " [{x}, {y}]"))
}
