//! The graph of a network: how accounts are ranked by who acts on whom.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::Range;

use renown_core::graph::{Dangling, Graph, Norm, Penalty};
use renown_core::words::is_plain;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::check::{number, whole};
use crate::error::Fault;
use crate::format::{Number, Whole};
use crate::pattern::PLAIN;

/// The kind or metric under which the rank is a feature: `graph.rank`.
pub(crate) const GRAPH: &str = "graph";

/// How accounts are ranked by who acts on whom: the share of a long walk along these acts that ends at each. It is the
/// feature `graph.rank`. What one does to oneself is no edge.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Graph")]
pub(crate) struct GraphEntry {
    /// The kinds of acts that are walked along, and what an act of each is worth. Times their number within the window,
    /// that is the weight of the edge from who acts to whom.
    #[schemars(with = "BTreeMap<String, f64>")]
    edges: Spanned<BTreeMap<Spanned<String>, Spanned<Number>>>,
    /// Whether somebody who acts on another at all is worth one, however often and by whatever kinds.
    #[serde(default)]
    each_pair_once: bool,
    /// The share of each round that goes back to where the walk may begin.
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0), range(max = 1))]
    restart: Spanned<Number>,
    /// How many rounds at most.
    #[schemars(with = "u16", range(min = 1, max = 10_000))]
    rounds: Spanned<Whole>,
    /// How little a round changes, by `norm`, for it to be the last.
    #[schemars(with = "f64", range(min = 0))]
    tolerance: Spanned<Number>,
    /// How a change is measured: `sum` of all changes, or `root-per-account`, the root of the sum of their squares times the
    /// number of accounts.
    #[schemars(with = "NormName")]
    norm: Spanned<String>,
    /// Where the share goes of those who act on nobody: to the `prior`, where the walk may begin, or to `everybody` alike.
    #[schemars(with = "DanglingName")]
    dangling: Spanned<String>,
    /// What an account's part in the prior is divided by. Without it, the walk begins anywhere alike.
    #[serde(default)]
    #[schemars(with = "PenaltyEntry")]
    prior_penalty: Option<PenaltyEntry>,
    /// What ranks are divided by after the last round, before they are made to add up to 1 again.
    #[serde(default)]
    #[schemars(with = "PenaltyEntry")]
    last_penalty: Option<PenaltyEntry>,
}

/// A divisor for accounts of which one number is large beside another: with r = (1 + of) / (1 + to), e^(strength · (r − from))
/// where `of` exceeds `above` and r exceeds `from`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Penalty")]
struct PenaltyEntry {
    /// The metric that is large, such as `friends`.
    #[schemars(with = "String")]
    of: Spanned<String>,
    /// The metric that it is large beside, such as `followers`.
    #[schemars(with = "String")]
    to: Spanned<String>,
    /// Up to here nobody pays.
    #[schemars(with = "f64", range(min = 0))]
    above: Spanned<Number>,
    /// Up to this ratio nobody pays.
    #[schemars(with = "f64", range(min = 0))]
    from: Spanned<Number>,
    /// How steep it is.
    #[schemars(with = "f64", range(min = 0))]
    strength: Spanned<Number>,
    /// Whether the exponent is also multiplied by ln ln `of`.
    #[serde(default)]
    by_size: bool,
    /// The most that is divided by; without it, there is no most.
    #[serde(default)]
    #[schemars(with = "f64", range(min = 1))]
    at_most: Option<Spanned<Number>>,
}

/// The names that `norm` takes.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "only for the schema")]
enum NormName {
    Sum,
    RootPerAccount,
}

/// The names that `dangling` takes.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "only for the schema")]
enum DanglingName {
    Prior,
    Everybody,
}

/// A graph, checked.
pub(crate) fn checked(entry: &GraphEntry) -> Result<Graph<String>, Fault> {
    let at_least_0 = |number: f64| number >= 0.0;
    let edges = entry.edges.get_ref();
    if edges.values().all(|weight| weight.get_ref().0 <= 0.0) {
        return Err(Fault::at(entry.edges.span(), "there is nothing to walk along")
            .help("name the kinds of acts that count, as in `edges = { repost = 1, reply = 6 }`"));
    }
    let edges = edges.iter().map(|(kind, weight)| {
        let most = |weight| (0.0..=1e6).contains(&weight);
        Ok((plain(kind)?, number(kind.get_ref(), weight, most, "from 0 to 1000000")?))
    });
    Ok(Graph {
        edges: edges.collect::<Result<_, Fault>>()?,
        each_pair_once: entry.each_pair_once,
        restart: number(
            "restart",
            &entry.restart,
            |share| share > 0.0 && share <= 1.0,
            "more than 0 and at most 1",
        )?,
        rounds: whole("rounds", &entry.rounds, 1, 10_000)?,
        tolerance: number("tolerance", &entry.tolerance, at_least_0, "from 0")?,
        norm: named("norm", &entry.norm, [("sum", Norm::Sum), ("root-per-account", Norm::RootPerAccount)])?,
        dangling: named(
            "dangling",
            &entry.dangling,
            [("prior", Dangling::Prior), ("everybody", Dangling::Everybody)],
        )?,
        prior_penalty: entry.prior_penalty.as_ref().map(penalty).transpose()?,
        last_penalty: entry.last_penalty.as_ref().map(penalty).transpose()?,
    })
}

fn penalty(entry: &PenaltyEntry) -> Result<Penalty<String>, Fault> {
    let at_least_0 = |key: &str, value: &Spanned<Number>| number(key, value, |value| value >= 0.0, "from 0");
    let at_most = entry.at_most.as_ref();
    let at_most = at_most.map(|most| number("at_most", most, |most| most >= 1.0, "from 1")).transpose()?;
    Ok(Penalty {
        of: plain(&entry.of)?,
        to: plain(&entry.to)?,
        above: at_least_0("above", &entry.above)?,
        from: at_least_0("from", &entry.from)?,
        strength: at_least_0("strength", &entry.strength)?,
        by_size: entry.by_size,
        at_most: at_most.unwrap_or(f64::INFINITY),
    })
}

/// The name of a kind or metric.
fn plain(name: &Spanned<String>) -> Result<String, Fault> {
    if is_plain(name.get_ref()) {
        return Ok(name.get_ref().clone());
    }
    let message = format!("`{}` is not the name of a kind or metric", name.get_ref());
    Err(Fault::at(name.span(), message).help(PLAIN))
}

/// One of two things, by name.
fn named<T: Copy>(key: &str, given: &Spanned<String>, known: [(&str, T); 2]) -> Result<T, Fault> {
    let name = given.get_ref().as_str();
    known.iter().find(|known| known.0 == name).map(|known| known.1).ok_or_else(|| {
        let [a, b] = known.map(|known| known.0);
        Fault::at(given.span(), format!("`{name}` is not what `{key}` can be"))
            .label(format!("expected `{a}` or `{b}`"))
            .meant(name, [a, b])
    })
}

/// A graph is there for the feature `graph.rank`, and the feature needs a graph.
pub(crate) fn fits(graph: Option<&Range<usize>>, rank: Option<&Range<usize>>) -> Result<(), Fault> {
    match (graph, rank) {
        (Some(graph), None) => Err(Fault::at(graph.clone(), "no feature counts this graph")
            .help("name the feature \"graph.rank\" among those of the network")),
        (None, Some(rank)) => Err(Fault::at(rank.clone(), "the network has no graph to rank accounts by")
            .help("say how in a table `graph` of the network: edges, restart, rounds, tolerance, norm, dangling")),
        _ => Ok(()),
    }
}

/// Whether ranks depend on a kind, or metric.
pub(crate) fn uses(graph: &Graph<String>, word: &str, is_metric: bool) -> bool {
    let mut penalties = graph.prior_penalty.iter().chain(&graph.last_penalty);
    if is_metric {
        penalties.any(|penalty| penalty.of == word || penalty.to == word)
    } else {
        graph.edges.iter().any(|(kind, weight)| kind == word && *weight > 0.0)
    }
}

/// As a line of the stamp's text.
pub(crate) fn canonical(graph: &Graph<String>, out: &mut String) -> fmt::Result {
    let Graph {
        edges,
        each_pair_once,
        restart,
        rounds,
        tolerance,
        norm,
        dangling,
        prior_penalty,
        last_penalty,
    } = graph;
    write!(out, "graph restart {restart} rounds {rounds} tolerance {tolerance} ")?;
    write!(out, "norm {norm:?} dangling {dangling:?} each_pair_once {each_pair_once}")?;
    for (kind, weight) in edges {
        write!(out, " edge {kind} {weight}")?;
    }
    for (name, penalty) in [("prior", prior_penalty), ("last", last_penalty)] {
        let Some(Penalty { of, to, above, from, strength, by_size, at_most }) = penalty else { continue };
        write!(out, " {name} of {of} to {to} above {above} from {from} ")?;
        write!(out, "strength {strength} by_size {by_size} at_most {at_most}")?;
    }
    writeln!(out)
}
