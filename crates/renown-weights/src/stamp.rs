//! The stamp: a digest of everything that decides a score.
//!
//! It is the first 16 hexadecimal digits of the SHA-256 of the text that [`canonical`] writes: a line for each rule and
//! each feature, networks and features in the order of their names, numbers in the shortest decimal form that reads
//! back as the same. Comments, layout, the order of tables and whether a feature is written short or long do not show
//! in it, nor whether a parameter or an adapter's option is given or left at its default, nor which plugins are named, nor do the names of the file and of the scale, which decide nothing. Nor does the data: a stamp is of rules,
//! so that the scores of two months can be compared even if a network came in between. Of a file that a formula is
//! given, the content counts, by its own SHA-256, and not where it is.

use std::fmt::{self, Write as _};

use renown_core::curve::Curve;
use renown_core::formula::{ParamValue, Params};
use sha2::{Digest, Sha256};

use crate::adapters::Bound as Options;
use crate::check::{FeatureRules, NetworkRules, Rules};
use crate::format::Missing;
use crate::graph;
use crate::pattern::Pattern;

/// The first line: rises when the same rules come to mean other scores.
const MEANING: &str = "renown rules 1";

/// The stamp of rules, under which each network's formula has these parameters, and adapters these options.
pub(crate) fn stamp<'p>(rules: &Rules, options: &Options, params: impl Fn(&str) -> &'p Params) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = canonical(rules, params, &mut text).and_then(|()| self::options(options, &mut text));
    digest(text.as_bytes(), 8)
}

/// The first bytes of the SHA-256, as hexadecimal digits.
fn digest(bytes: &[u8], length: usize) -> String {
    Sha256::digest(bytes).iter().take(length).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn canonical<'p>(rules: &Rules, params: impl Fn(&str) -> &'p Params, out: &mut String) -> fmt::Result {
    writeln!(out, "{MEANING}")?;
    writeln!(out, "window_days {} fade_days {}", rules.window.days, rules.window.fade_days)?;
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
        self::params(params(name), out)?;
        if let Some(graph) = &network.graph {
            graph::canonical(graph, out)?;
        }
        features(network, out)?;
    }
    Ok(())
}

fn params(params: &Params, out: &mut String) -> fmt::Result {
    params.iter().try_for_each(|(name, value)| {
        write!(out, "param {name} ")?;
        self::value(value, out)
    })
}

/// Only what is changed: what an adapter comes to have in addition, and nobody uses, is no other ruler.
fn options(options: &Options, out: &mut String) -> fmt::Result {
    options.changed.iter().try_for_each(|(adapter, name, value)| {
        write!(out, "option {adapter} {name} ")?;
        self::value(value, out)
    })
}

fn value(value: &ParamValue, out: &mut String) -> fmt::Result {
    match value {
        // With its length, so that no text can pass for the lines that follow it.
        ParamValue::Text(text) => writeln!(out, "text {} {text}", text.len()),
        ParamValue::Number(number) => writeln!(out, "number {number}"),
        ParamValue::Flag(flag) => writeln!(out, "flag {flag}"),
        ParamValue::File(_, content) => writeln!(out, "file {}", digest(content, 32)),
    }
}

/// A value as a line of a message.
pub(crate) fn shown(value: &ParamValue) -> String {
    match value {
        ParamValue::Text(text) => format!("{text:?}"),
        ParamValue::Number(number) => number.to_string(),
        ParamValue::Flag(flag) => flag.to_string(),
        ParamValue::File(_, content) => format!("a file with SHA-256 {}", digest(content, 32)),
    }
}

fn features(network: &NetworkRules, out: &mut String) -> fmt::Result {
    for (name, feature) in &network.features {
        let FeatureRules { place: _, pattern: _, weight, curve, cap, half_life_days, missing, instead } =
            feature;
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
        write!(out, " missing {missing}")?;
        if let Some((word, stat)) = instead.as_ref().and_then(Pattern::exact) {
            write!(out, " instead {word}.{stat}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn knots(points: &[[f64; 2]], out: &mut String) -> fmt::Result {
    points.iter().try_for_each(|[x, y]| write!(out, " [{x}, {y}]"))
}
