//! `renown lint`: what is allowed in a weights file and yet most likely not meant, or not wise.
//!
//! Each check is a file of its own. Those that need no data look at the ruler alone; the others look at the columns of
//! everybody who is scored. Findings come in the order of their places. What the file allows, by code and place and with
//! a reason, is no finding; an allowance that fits none is one, unless it is of what other data may show.

mod entry;
mod names;
mod place;
mod points;
mod spread;
mod sweep;
mod time;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

pub(crate) use entry::{LintEntry, LintRules};
use place::Places;
use renown_core::columns_of::Columns;
use renown_core::formula::Formula;
use renown_core::ruler::Ruler;
use renown_core::stat::Stat;
use renown_core::words::Words;
use schemars::JsonSchema;
pub use spread::FeatureSpread;
pub use whole::{Measures, PERCENTILES};

use crate::check::Rules;
use crate::error::{Excerpt, Fault};
use crate::pattern::ANY;
use crate::{Era, SeenNetwork, Weights, WeightsError};

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum Code {
    /// Points fall when more is received, or the formula breaks another promise.
    NotMonotone,
    /// A small change of a value moves a score far.
    Jump,
    /// A half-life that never has its effect.
    HalfLife,
    /// What is received counts one day and is gone the next.
    WindowEdge,
    /// A weight that changes no score.
    NoEffect,
    /// A name that no adapter has.
    UnknownFeature,
    /// A cap that many are beyond.
    DeadRange,
    /// One feature decides.
    OneFeature,
    /// Scores say little beside popularity.
    Popularity,
    /// Scores are not spread over the scale.
    Scale,
    /// An allowance of what is not found.
    UnusedAllow,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::NotMonotone,
        Self::Jump,
        Self::HalfLife,
        Self::WindowEdge,
        Self::NoEffect,
        Self::UnknownFeature,
        Self::DeadRange,
        Self::OneFeature,
        Self::Popularity,
        Self::Scale,
        Self::UnusedAllow,
    ];

    /// Its name, as allowances have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMonotone => "not-monotone",
            Self::Jump => "jump",
            Self::HalfLife => "half-life",
            Self::WindowEdge => "window-edge",
            Self::NoEffect => "no-effect",
            Self::UnknownFeature => "unknown-feature",
            Self::DeadRange => "dead-range",
            Self::OneFeature => "one-feature",
            Self::Popularity => "popularity",
            Self::Scale => "scale",
            Self::UnusedAllow => "unused-allow",
        }
    }

    /// By name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }

    /// What it means, in a sentence.
    pub const fn docs(self) -> &'static str {
        match self {
            Self::NotMonotone => "Receiving more lowers the points, or the formula breaks another promise.",
            Self::Jump => "A change of 1 % in one value moves a score by more than `lint.jump_points`.",
            Self::HalfLife => {
                "A half-life and the window, or the days that everything is counted in, contradict each other."
            }
            Self::WindowEdge => {
                "Nothing fades at the window's end: what counts in full one day is gone the next."
            }
            Self::NoEffect => "A weight changes no score.",
            Self::UnknownFeature => {
                "No adapter declares the network, kind or metric, nor do the data have it."
            }
            Self::DeadRange => {
                "More than a tenth of all accounts are beyond the value from which more does not count."
            }
            Self::OneFeature => {
                "More than `lint.variance_percent` of how points differ on a network comes of one feature."
            }
            Self::Popularity => {
                "Scores correlate with the logarithm of popularity by more than `lint.popularity`."
            }
            Self::Scale => {
                "The middle of all scores, or their 95th percentile, lies outside `lint.median` or `lint.p95`."
            }
            Self::UnusedAllow => "An allowance of what takes no data fits nothing that is found.",
        }
    }

    /// Whether it may be found on some data and not on others. An allowance is of the file, and so not out of use because
    /// it fits nothing on the data at hand.
    const fn is_of_data(self) -> bool {
        matches!(self, Self::DeadRange | Self::OneFeature | Self::NoEffect | Self::Popularity | Self::Scale)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// The path of its place, by which it can be allowed.
    pub at: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub cure: String,
    /// Where it stands; `None` where the file says nothing of it.
    pub excerpt: Option<Excerpt>,
    /// The finding as a reader sees it: the reason, an excerpt of the file, the cure, and the path.
    pub rendered: String,
}

/// What adapters know, and the data have.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// All networks with their kinds and metrics.
    pub networks: Vec<SeenNetwork>,
    /// Other words for a kind or metric: the network, the other word, the name.
    pub synonyms: Vec<(String, String, String)>,
}

/// All that was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The digest of the rules.
    pub stamp: String,
    /// Since when they hold, and why, if not from the beginning.
    pub era: Option<Era>,
    /// What is to be mended, in the order of the places.
    pub findings: Vec<Finding>,
    /// What was found and is allowed, each with the reason.
    pub allowed: Vec<(Finding, String)>,
    /// What was measured; `None` without data.
    pub measures: Option<Measures>,
}

/// Something found, before it is put into its place.
struct Found {
    code: Code,
    /// The path by which it is allowed.
    at: Vec<String>,
    /// A key below it that is to be shown.
    key: Option<&'static str>,
    reason: String,
    cure: String,
}

/// The same in its place, with the reason why it is allowed.
struct Placed {
    found: Found,
    place: Range<usize>,
    allowed: Option<String>,
}

/// What checks look at.
struct Checked<'c> {
    rules: &'c Rules,
    ruler: &'c Ruler,
    known: &'c Known,
}

impl Checked<'_> {
    /// The path of what the file says of a feature: under its network, or under that for any.
    fn path(&self, network: &str, feature: &str) -> Vec<String> {
        let any = || self.rules.networks.get_key_value(ANY);
        let own = self.rules.networks.get_key_value(network).or_else(any);
        let place = own.into_iter().chain(any()).find_map(|(name, rules)| {
            let (word, stat) = feature.split_once('.')?;
            Some((name, rules.applying_entry(word, Stat::named(stat)?)?.0))
        });
        match place {
            Some((network, pattern)) => path(&["networks", network, "features", pattern]),
            None => path(&["networks", network]),
        }
    }
}

impl Weights {
    /// Looks for what is most likely not meant; with the `columns` of everybody who is scored, for what data show as well.
    ///
    /// # Errors
    /// As [`Weights::resolve`].
    pub fn lint(
        &self,
        known: &Known,
        formulas: &[&dyn Formula],
        columns: Option<&Columns>,
    ) -> Result<Report, WeightsError> {
        let resolved = self.resolve(&resolvable(&self.rules, known), &Words::new(), formulas)?;
        let checked = Checked { rules: &self.rules, ruler: &resolved.ruler, known };
        let mut found = Vec::new();
        sweep::check(&checked, &mut found);
        time::check(&checked, &mut found);
        names::check(&checked, &mut found);
        let measures = columns.map(|columns| {
            let features = spread::check(&checked, columns, &mut found);
            whole::check(&checked, columns, features, &mut found)
        });
        let places = Places::of(&self.source, self.in_force).map_err(|fault| self.source.error(fault))?;
        Ok(self.report(found, measures, resolved.stamp, &places))
    }

    fn report(
        &self,
        found: Vec<Found>,
        measures: Option<Measures>,
        stamp: String,
        places: &Places,
    ) -> Report {
        let mut used = BTreeSet::new();
        let mut all: BTreeMap<(usize, Code, Vec<String>), Placed> = BTreeMap::new();
        for found in found {
            let place = places.of_found(&found);
            let fits = |allow: &&entry::Allow| allow.code == found.code && allow.at == found.at;
            let allow = self.rules.lint.allow.iter().find(fits);
            used.extend(allow.map(|allow| allow.place.start));
            let reason = allow.map(|allow| allow.reason.clone());
            // A glob stands for several features: the first that is found speaks for all.
            all.entry((place.start, found.code, found.at.clone())).or_insert(Placed {
                found,
                place,
                allowed: reason,
            });
        }
        let unused = self.rules.lint.allow.iter();
        let unused = unused.filter(|allow| !allow.code.is_of_data() && !used.contains(&allow.place.start));
        for allow in unused {
            let found = Found {
                code: Code::UnusedAllow,
                at: allow.at.clone(),
                key: None,
                reason: format!("`{}` is allowed here and not found", allow.code),
                cure: "remove the allowance, so that it hides nothing later".into(),
            };
            all.insert(
                (allow.place.start, found.code, allow.at.clone()),
                Placed { found, place: allow.place.clone(), allowed: None },
            );
        }
        let mut report =
            Report { stamp, era: self.era().cloned(), findings: Vec::new(), allowed: Vec::new(), measures };
        for Placed { found, place, allowed } in all.into_values() {
            let finding = self.finding(found, place);
            match allowed {
                Some(reason) => report.allowed.push((finding, reason)),
                None => report.findings.push(finding),
            }
        }
        report
    }

    fn finding(&self, found: Found, place: Range<usize>) -> Finding {
        let Found { code, at, reason, cure, .. } = found;
        let fault = Fault::at(place, reason.as_str()).help(cure.as_str());
        let at = shown(&at);
        let (excerpt, rendered) = self.source.warning(code.name(), &fault, &format!("at {at}"));
        Finding { code, at, reason, cure, excerpt, rendered }
    }
}

/// All that the file may count: what is known, what it names itself, and something of each sort that nobody knows, for the
/// globs that stand for any network.
fn resolvable(rules: &Rules, known: &Known) -> Vec<SeenNetwork> {
    const OTHER: &str = "other";
    let mut seen = known.networks.clone();
    for (name, network) in &rules.networks {
        let mut entry = SeenNetwork { name: name.clone(), ..SeenNetwork::default() };
        if name == ANY {
            entry.kinds.push(OTHER.into());
            entry.metrics.push(OTHER.into());
            for (word, stat) in network.features.values().filter_map(|feature| feature.pattern.exact()) {
                if stat.is_of_metric() { &mut entry.metrics } else { &mut entry.kinds }.push(word.into());
            }
        }
        seen.push(entry);
    }
    seen
}

fn path(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|&key| key.to_owned()).collect()
}

/// A path as it is written.
fn shown(path: &[String]) -> String {
    let is_bare = |key: &str| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let keys = path.iter().map(|key| if is_bare(key) { key.clone() } else { format!("\"{key}\"") });
    keys.collect::<Vec<_>>().join(".")
}
