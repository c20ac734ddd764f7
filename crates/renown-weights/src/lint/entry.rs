//! `[lint]`: the bounds of the checks, and what is allowed.

use std::ops::Range;

use renown_core::stat::Stat;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Code;
use crate::check::number;
use crate::error::{Fault, listed};
use crate::format::Number;
use crate::pattern::Pattern;
use crate::sets;

/// The bounds of `renown lint`, and what it is to let pass. They decide no score and are not part of the stamp.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Lint")]
pub(crate) struct LintEntry {
    /// By how many points at most a change of 1 % in any one value may move a score.
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0, "default" = 1))]
    jump_points: Option<Spanned<Number>>,
    /// How much of the variance of a network's points may come of one feature, in percent.
    #[schemars(with = "f64", range(min = 0, max = 100), extend("default" = 50))]
    variance_percent: Option<Spanned<Number>>,
    /// How closely scores may follow popularity: the largest correlation with its logarithm.
    #[schemars(with = "f64", range(min = 0, max = 1), extend("default" = 0.8))]
    popularity: Option<Spanned<Number>>,
    /// The features that say how popular somebody is, on whichever network has them. Without any, popularity is not
    /// looked at.
    #[schemars(with = "Vec<String>")]
    popularity_of: Vec<Spanned<String>>,
    /// Within which two scores the middle of all is to lie.
    #[schemars(with = "[f64; 2]", extend("default" = [25, 50]))]
    median: Option<Spanned<[Number; 2]>>,
    /// Within which two scores the 95th percentile is to lie.
    #[schemars(with = "[f64; 2]", extend("default" = [50, 75]))]
    p95: Option<Spanned<[Number; 2]>>,
    /// Findings that are meant, each with its reason.
    allow: Vec<AllowEntry>,
}

/// A finding that is meant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Allow")]
struct AllowEntry {
    /// The finding's code.
    #[schemars(with = "Code")]
    code: Spanned<String>,
    /// Where it is found: the path that `renown lint` shows, as in `networks.twitter.features."followers.latest"`.
    #[schemars(with = "String", length(min = 1))]
    at: Spanned<String>,
    /// Why it is meant.
    #[schemars(with = "String", length(min = 1))]
    reason: Spanned<String>,
}

/// The same, checked.
#[derive(Clone, Debug)]
pub(crate) struct LintRules {
    pub(crate) jump_points: f64,
    pub(crate) variance_percent: f64,
    pub(crate) popularity: f64,
    pub(crate) popularity_of: Vec<String>,
    pub(crate) median: [f64; 2],
    pub(crate) p95: [f64; 2],
    pub(crate) allow: Vec<Allow>,
}

/// A finding that is meant.
#[derive(Clone, Debug)]
pub(crate) struct Allow {
    pub(crate) code: Code,
    /// The keys that lead to its place.
    pub(crate) at: Vec<String>,
    pub(crate) reason: String,
    /// Where the allowance stands: that of its `at`.
    pub(crate) place: Range<usize>,
}

impl LintRules {
    pub(crate) fn new(entry: LintEntry) -> Result<Self, Fault> {
        let LintEntry { jump_points, variance_percent, popularity, popularity_of, median, p95, allow } =
            entry;
        let one = |key: &str, value: Option<Spanned<Number>>, otherwise: f64, most: f64, must: &str| {
            let within = |number: f64| (0.0..=most).contains(&number);
            value.map_or(Ok(otherwise), |value| number(key, &value, within, must))
        };
        Ok(Self {
            jump_points: one("jump_points", jump_points, 1.0, 99.0, "from 0 to 99")?,
            variance_percent: one("variance_percent", variance_percent, 50.0, 100.0, "from 0 to 100")?,
            popularity: one("popularity", popularity, 0.8, 1.0, "from 0 to 1")?,
            popularity_of: popularity_of.iter().map(feature).collect::<Result<_, Fault>>()?,
            median: range("median", median, [25.0, 50.0])?,
            p95: range("p95", p95, [50.0, 75.0])?,
            allow: allow.into_iter().map(Allow::new).collect::<Result<_, Fault>>()?,
        })
    }
}

impl Allow {
    fn new(entry: AllowEntry) -> Result<Self, Fault> {
        let AllowEntry { code, at, reason } = entry;
        let known = Code::ALL.map(Code::name);
        let named = Code::named(code.get_ref()).ok_or_else(|| {
            Fault::at(code.span(), format!("there is no finding `{}`", code.get_ref()))
                .label(format!("expected {}", listed(&known)))
                .meant(code.get_ref(), known)
        })?;
        let keys = sets::keys(at.get_ref()).ok_or_else(|| {
            Fault::at(at.span(), "expected the path of a place in this file")
                .help("as in `networks.twitter.features.\"followers.latest\"`; `renown lint` shows it")
        })?;
        if reason.get_ref().trim().is_empty() {
            return Err(Fault::at(reason.span(), "an allowance needs a reason"));
        }
        Ok(Self { code: named, at: keys, reason: reason.into_inner(), place: at.span() })
    }
}

/// The name of one feature.
fn feature(name: &Spanned<String>) -> Result<String, Fault> {
    let pattern =
        Pattern::new(name.get_ref()).map_err(|(message, help)| Fault::at(name.span(), message).help(help))?;
    if pattern.exact().is_none_or(|(_, stat)| !matches!(stat, Stat::Latest | Stat::Count | Stat::Actors)) {
        let fault =
            Fault::at(name.span(), "popularity is a number of people: a `latest`, `count` or `actors`");
        return Err(fault.help("as in `followers.latest`"));
    }
    Ok(name.get_ref().clone())
}

fn range(key: &str, given: Option<Spanned<[Number; 2]>>, otherwise: [f64; 2]) -> Result<[f64; 2], Fault> {
    let Some(given) = given else { return Ok(otherwise) };
    let [Number(low), Number(high)] = *given.get_ref();
    if (1.0..=100.0).contains(&low) && (low..=100.0).contains(&high) {
        return Ok([low, high]);
    }
    Err(Fault::at(given.span(), format!("`{key}` must be two scores from 1 to 100, the lower first")))
}
