//! From what is written to what is meant: every value within its range, every name known.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use renown_core::curve::{Curve, Knots, Scale};
use renown_core::fixed::Window;
use renown_core::graph::Graph;
use renown_core::ruler::Standing;
use renown_core::stat::Stat;
use renown_core::words::is_plain;
use toml::Spanned;

use crate::adapters::AdapterRules;
use crate::attack::Attacks;
use crate::error::Fault;
use crate::format::{self, CURVES, CurveEntry, FeatureEntry, File, Knot, Missing, Number, Whole};
use crate::graph;
use crate::lint::LintRules;
use crate::params::Given;
use crate::pattern::{ANY, PLAIN, Pattern};
use crate::plugins::NamedPlugin;

/// The weights file, checked.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) window: Window,
    pub(crate) half_life_days: f64,
    pub(crate) standing: Standing,
    pub(crate) per_post_exponent: f64,
    pub(crate) power: f64,
    pub(crate) scale: Scale,
    pub(crate) scale_version: String,
    /// By name; [`ANY`] for those without a name here.
    pub(crate) networks: BTreeMap<String, NetworkRules>,
    /// What is to be loaded, as it is written.
    pub(crate) plugins: Vec<NamedPlugin>,
    /// By name.
    pub(crate) adapters: BTreeMap<String, AdapterRules>,
    /// The bounds of checks; they decide no score.
    pub(crate) lint: LintRules,
    /// What is tried; it decides no score either.
    pub(crate) attacks: Attacks,
}

/// What counts on a network.
#[derive(Clone, Debug)]
pub(crate) struct NetworkRules {
    pub(crate) weight: f64,
    pub(crate) formula: Spanned<String>,
    /// The formula's parameters.
    pub(crate) params: Given,
    pub(crate) half_life_days: Option<f64>,
    pub(crate) graph: Option<Graph<String>>,
    /// By the text of their patterns.
    pub(crate) features: BTreeMap<String, FeatureRules>,
}

/// What a feature is worth.
#[derive(Clone, Debug)]
pub(crate) struct FeatureRules {
    /// Where its name stands.
    pub(crate) place: Range<usize>,
    pub(crate) pattern: Pattern,
    pub(crate) weight: f64,
    pub(crate) curve: Curve,
    pub(crate) cap: Option<f64>,
    pub(crate) half_life_days: Option<f64>,
    pub(crate) missing: Missing,
    /// The feature that stands in for it.
    pub(crate) instead: Option<Pattern>,
}

/// The largest weight: enough for any purpose, and no sum of weighted values becomes infinite.
const HEAVIEST: f64 = 1_000_000.0;

impl Rules {
    pub(crate) fn new(file: File) -> Result<Self, Fault> {
        let File {
            time,
            standing,
            per_post,
            combine,
            scale,
            networks,
            plugins,
            adapters,
            lint,
            attack,
            budget,
            ..
        } = file;
        if scale.version.get_ref().trim().is_empty() {
            return Err(Fault::at(scale.version.span(), "the scale needs a name: it is shown beside scores"));
        }
        let days = whole("window_days", &time.window_days, 1, 3650)?;
        let fade_days = whole("fade_days", &time.fade_days, 0, 3650)?;
        if fade_days > days {
            return Err(Fault::at(time.fade_days.span(), format!("the window has only {days} days"))
                .help("`fade_days` are the last of `window_days`"));
        }
        let rules = Self {
            window: Window { days, fade_days },
            half_life_days: half_life(&time.half_life_days)?,
            standing: Standing {
                rounds: whole("rounds", &standing.rounds, 0, 20)?,
                start: number(
                    "start",
                    &standing.start,
                    |start| (1.0..=100.0).contains(&start),
                    "from 1 to 100",
                )?,
                floor: number(
                    "floor",
                    &standing.floor,
                    |floor| floor > 0.0 && floor <= 1.0,
                    "more than 0 and at most 1",
                )?,
            },
            per_post_exponent: number(
                "exponent",
                &per_post.exponent,
                |exponent| (0.0..=1.0).contains(&exponent),
                "from 0 to 1",
            )?,
            power: number("power", &combine.power, |power| (1.0..=64.0).contains(&power), "from 1 to 64")?,
            scale: knots(&scale.knots.span(), scale.knots.get_ref(), Scale::new)?,
            scale_version: scale.version.into_inner(),
            networks: networks
                .into_iter()
                .map(|(name, network)| Ok((network_name(name)?, NetworkRules::new(network)?)))
                .collect::<Result<_, Fault>>()?,
            plugins: plugins.into_iter().map(NamedPlugin::new).collect::<Result<_, Fault>>()?,
            adapters: (adapters.into_iter())
                .map(|(name, options)| (name.get_ref().clone(), AdapterRules::new(name.span(), options)))
                .collect(),
            lint: LintRules::new(lint)?,
            attacks: Attacks::new(attack, budget)?,
        };
        Ok(rules)
    }
}

fn network_name(name: Spanned<String>) -> Result<String, Fault> {
    if name.get_ref() == ANY || is_plain(name.get_ref()) {
        return Ok(name.into_inner());
    }
    let fault = Fault::at(name.span(), format!("`{}` is not the name of a network", name.get_ref()));
    Err(fault.help(format!("{PLAIN}; \"*\" is for all networks that have no table of their own")))
}

impl NetworkRules {
    /// The rules for a feature, by name or else by the glob that says most.
    pub(crate) fn rules_of(&self, feature: &str) -> Option<&FeatureRules> {
        let (word, stat) = feature.split_once('.')?;
        self.applying(word, Stat::named(stat)?)
    }

    /// The same, of a kind or metric and a stat.
    pub(crate) fn applying(&self, word: &str, stat: Stat) -> Option<&FeatureRules> {
        self.applying_entry(word, stat).map(|entry| entry.1)
    }

    /// The same, with the text of the pattern.
    pub(crate) fn applying_entry(&self, word: &str, stat: Stat) -> Option<(&str, &FeatureRules)> {
        let matching = self.features.iter().filter(|(_, feature)| feature.pattern.matches(word, stat));
        let entry = matching.min_by(|a, b| a.1.pattern.rank().cmp(&b.1.pattern.rank()));
        entry.map(|(text, feature)| (text.as_str(), feature))
    }

    fn new(network: format::Network) -> Result<Self, Fault> {
        let features = network.features.into_iter().map(|(name, entry)| {
            let rules = FeatureRules::new(&name, entry)?;
            Ok((name.into_inner(), rules))
        });
        let features = features.collect::<Result<BTreeMap<_, _>, Fault>>()?;
        let rank = features.values().find(|feature: &&FeatureRules| feature.pattern.is_rank());
        let place = network.graph.as_ref().map(Spanned::span);
        graph::fits(place.as_ref(), rank.map(|rank| &rank.place))?;
        Ok(Self {
            weight: weight(&network.weight)?,
            formula: network.formula,
            params: (network.params.into_iter())
                .map(|(name, value)| (name.get_ref().clone(), (name.span(), value)))
                .collect(),
            half_life_days: network.half_life_days.as_ref().map(half_life).transpose()?,
            graph: network.graph.map(|graph| graph::checked(graph.get_ref())).transpose()?,
            features,
        })
    }
}

impl FeatureRules {
    fn new(name: &Spanned<String>, entry: Spanned<FeatureEntry>) -> Result<Self, Fault> {
        let pattern = Pattern::new(name.get_ref())
            .map_err(|(message, help)| Fault::at(name.span(), message).help(help))?;
        let span = entry.span();
        let feature = match entry.into_inner() {
            FeatureEntry::Table(feature) => *feature,
            FeatureEntry::Weight(weight) => format::Feature {
                weight: Spanned::new(span, weight),
                curve: None,
                unit: None,
                cap: None,
                half_life_days: None,
                missing: None,
                instead: None,
            },
        };
        if let Some(half_life) = &feature.half_life_days
            && !pattern.has(Stat::Weighted)
            && !pattern.has(Stat::Recent)
        {
            let fault = Fault::at(half_life.span(), format!("`{}` does not fade with age", name.get_ref()));
            return Err(fault
                .help("only `weighted` and `recent` have a half-life; the others count the whole window"));
        }
        Ok(Self {
            place: name.span(),
            pattern,
            weight: weight(&feature.weight)?,
            curve: with_unit(feature.curve.map_or(Ok(Curve::LOG), curve)?, feature.unit.as_ref())?,
            cap: feature.cap.map(|cap| number("cap", &cap, |cap| cap > 0.0, "more than 0")).transpose()?,
            half_life_days: feature.half_life_days.as_ref().map(half_life).transpose()?,
            missing: feature.missing.as_ref().map_or(Ok(Missing::default()), missing)?,
            instead: feature
                .instead
                .as_ref()
                .map(|instead| one_feature(instead, name.get_ref()))
                .transpose()?,
        })
    }
}

fn weight(weight: &Spanned<Number>) -> Result<f64, Fault> {
    number("weight", weight, |weight| (0.0..=HEAVIEST).contains(&weight), "from 0 to 1000000")
        .map_err(|fault| fault.help("0 means shown, not counted; nothing that is received lowers a score"))
}

fn half_life(days: &Spanned<Number>) -> Result<f64, Fault> {
    number("half_life_days", days, |days| days > 0.0, "more than 0")
        .map_err(|fault| fault.help("it is the number of days after which an act is worth half"))
}

/// The curve of a value in units.
fn with_unit(curve: Curve, unit: Option<&Spanned<Number>>) -> Result<Curve, Fault> {
    let Some(given) = unit else { return Ok(curve) };
    let unit = number("unit", given, |unit| unit > 0.0, "more than 0")?;
    match curve {
        Curve::Log { .. } => Ok(Curve::Log { unit }),
        _ => {
            Err(Fault::at(given.span(), format!("`unit` is of the curve `log` only, and this is `{curve}`"))
                .help("under the other curves a smaller weight does the same"))
        }
    }
}

fn curve(curve: Spanned<CurveEntry>) -> Result<Curve, Fault> {
    let span = curve.span();
    let points = match curve.into_inner() {
        CurveEntry::Name(name) => {
            return match name.as_str() {
                "log" => Ok(Curve::LOG),
                "sqrt" => Ok(Curve::Sqrt),
                "linear" => Ok(Curve::Linear),
                _ => Err(Fault::at(span, format!("`{name}` is not a curve"))
                    .label("expected `log`, `sqrt`, `linear` or knots [[x, y], …]")
                    .meant(&name, CURVES)),
            };
        }
        CurveEntry::Knots(points) => points,
    };
    let knots = knots(&span, &points, Knots::new)?;
    if knots.at(0.0) > 0.0 {
        let first = points.first().map_or(span, Spanned::span);
        return Err(Fault::at(first, "the curve is not 0 at 0: nothing received is to give nothing")
            .help("begin with [0, 0]"));
    }
    Ok(Curve::Knots(knots))
}

fn missing(name: &Spanned<String>) -> Result<Missing, Fault> {
    match name.get_ref().as_str() {
        "uncovered" => Ok(Missing::Uncovered),
        "ignored" => Ok(Missing::Ignored),
        other => Err(Fault::at(name.span(), format!("`{other}` is not what `missing` can be"))
            .label("expected `uncovered` or `ignored`")
            .meant(other, ["uncovered", "ignored"])),
    }
}

/// The feature that stands in for another.
fn one_feature(name: &Spanned<String>, other: &str) -> Result<Pattern, Fault> {
    let pattern =
        Pattern::new(name.get_ref()).map_err(|(message, help)| Fault::at(name.span(), message).help(help))?;
    if pattern.exact().is_none() {
        return Err(Fault::at(name.span(), "`instead` names one feature, and this is a glob")
            .help("write its kind or metric and its stat, such as `follow.actors`"));
    }
    if pattern.has(Stat::Weighted) {
        return Err(Fault::at(
            name.span(),
            "`weighted` cannot stand in for another: it depends on the standing of others",
        )
        .help("write `actors`, `recent` or `count`"));
    }
    if name.get_ref() == other {
        return Err(Fault::at(name.span(), "a feature does not stand in for itself"));
    }
    Ok(pattern)
}

/// A finite number for which `is_right` holds, which `must` puts into words.
pub(crate) fn number(
    key: &str,
    value: &Spanned<Number>,
    is_right: impl Fn(f64) -> bool,
    must: &str,
) -> Result<f64, Fault> {
    let Number(number) = *value.get_ref();
    if number.is_finite() && is_right(number) {
        // Zero has no sign.
        return Ok(number + 0.0);
    }
    Err(Fault::at(value.span(), format!("`{key}` must be a number {must}")))
}

/// A whole number within bounds.
pub(crate) fn whole<T: TryFrom<i64>>(
    key: &str,
    value: &Spanned<Whole>,
    least: i64,
    most: i64,
) -> Result<T, Fault> {
    let Whole(number) = *value.get_ref();
    let within = Some(number).filter(|number| (least..=most).contains(number));
    within.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
        Fault::at(value.span(), format!("`{key}` must be a whole number from {least} to {most}"))
    })
}

/// Makes something of knots or says at which of them that fails.
fn knots<T, E: fmt::Display>(
    span: &std::ops::Range<usize>,
    given: &[Spanned<Knot>],
    make: impl Fn(Vec<[f64; 2]>) -> Result<T, E>,
) -> Result<T, Fault> {
    let first = |count: usize| make(given[..count].iter().map(|knot| knot.get_ref().0).collect());
    let error = match first(given.len()) {
        Ok(whole) => return Ok(whole),
        Err(error) => error,
    };
    // What the first knots break, all break.
    let counts: Vec<usize> = (2..=given.len()).collect();
    let broken = counts.get(counts.partition_point(|&count| first(count).is_ok()));
    let Some(&broken) = broken else { return Err(Fault::at(span.clone(), error.to_string())) };
    let message = first(broken).err().map_or_else(|| error.to_string(), |error| error.to_string());
    // Of the first two, either may be at fault.
    let from = if broken == 2 { &given[0] } else { &given[broken - 1] };
    Err(Fault::at(from.span().start..given[broken - 1].span().end, message))
}
