//! The shape of the file, as it is written. What editors show of it is taken from these comments.

use std::collections::BTreeMap;
use std::fmt;

use renown_core::stat::STATS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};
use toml::Spanned;

use crate::attack::{AttackEntry, BudgetEntry};
use crate::graph::GraphEntry;
use crate::lint::LintEntry;
use crate::plugins::PluginEntry;

/// Everything that decides a Renown score: what is counted on each network, how much it is worth, and how it becomes a
/// number from 1 to 100. Nothing has a hidden value.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Renown weights")]
pub(crate) struct File {
    /// The version of this file's format.
    #[schemars(with = "u8", extend("const" = 1))]
    #[expect(dead_code, reason = "looked at before the rest, see `Weights`")]
    version: Whole,
    pub(crate) time: Time,
    pub(crate) standing: Standing,
    pub(crate) per_post: PerPost,
    pub(crate) combine: Combine,
    pub(crate) scale: Scale,
    /// What counts on each network, by the network's name. `"*"` is for any network without a table of its own, and for
    /// the kinds and metrics that a network's own features do not mention.
    #[schemars(with = "BTreeMap<String, Network>", extend("propertyNames" = network_names()))]
    pub(crate) networks: BTreeMap<Spanned<String>, Network>,
    /// Plugins that are loaded with this file. They add formulas and adapters, and by themselves change no score.
    #[serde(default, rename = "plugin")]
    pub(crate) plugins: Vec<PluginEntry>,
    /// Options of adapters, by the adapter's name; which there are, `docs/formats.md` says, and `renown plugins show`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, ParamEntry>>")]
    pub(crate) adapters: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<ParamEntry>>>,
    #[serde(default)]
    pub(crate) lint: LintEntry,
    #[serde(default)]
    pub(crate) attack: AttackEntry,
    /// How many points at most an attack may bring, by the attack's name, as `renown attack` shows it. It decides no score
    /// and is not part of the stamp.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, f64>")]
    pub(crate) budget: BudgetEntry,
    /// What changes from a day on, in the order of the days; older days keep the ruler that they had.
    #[serde(default, rename = "era")]
    #[schemars(with = "Vec<Value>")]
    #[expect(dead_code, reason = "put over the rest before it is read, see `eras`")]
    eras: de::IgnoredAny,
}

/// How age counts.
#[expect(clippy::struct_field_names, reason = "so are the keys called")]
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Time {
    /// Nothing older than this many days counts.
    #[schemars(with = "u16", range(min = 1, max = 3650))]
    pub(crate) window_days: Spanned<Whole>,
    /// Over this many days at the window's end everything fades away, each day by the same in doublings, to a millionth: nothing
    /// leaves the window from one day to the next.
    #[schemars(with = "u16", range(min = 0, max = 3650))]
    pub(crate) fade_days: Spanned<Whole>,
    /// After this many days an act is worth half; in days, never a factor. For the stats `weighted` and `recent`.
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0))]
    pub(crate) half_life_days: Spanned<Number>,
}

/// What the reaction of somebody influential is worth: from `floor` for somebody with score 1 to 1 for somebody with
/// score 100.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standing {
    /// How often all scores are computed anew with the standing that the last ones gave; 0 leaves everybody's the same.
    #[schemars(with = "u8", range(max = 20))]
    pub(crate) rounds: Spanned<Whole>,
    /// The score that everybody is taken to have before the first round.
    #[schemars(with = "f64", range(min = 1, max = 100))]
    pub(crate) start: Spanned<Number>,
    /// What the reaction of somebody with score 1 is worth; with score 100 it is worth 1.
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0), range(max = 1))]
    pub(crate) floor: Spanned<Number>,
}

/// How reactions are measured against the posts that they were won with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PerPost {
    /// The `a` in `count / posts^a`, for the stat `per_post`: 0 ignores how much was posted, 1 is the mean of a post.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub(crate) exponent: Spanned<Number>,
}

/// How the points of a person's networks become one number.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Combine {
    /// The `p` in `(Σ (weight · points)^p)^(1/p)`: 1 adds networks up; the higher, the more the strongest decides.
    #[schemars(with = "f64", range(min = 1, max = 64))]
    pub(crate) power: Spanned<Number>,
}

/// The fixed map from a person's points to the score, 1 to 100. Never fitted to who happens to be scored.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scale {
    /// Its name, shown beside scores. Knots that change deserve a new one.
    #[schemars(with = "String", length(min = 1))]
    pub(crate) version: Spanned<String>,
    /// Points, and the share of the way from 1 to 100 that they are worth; straight lines between. From `[0, 0]`, never
    /// falling, never becoming steeper.
    #[schemars(with = "Vec<Knot>", length(min = 2))]
    pub(crate) knots: Spanned<Vec<Spanned<Knot>>>,
}

/// What counts on a network.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Network {
    /// By how much its points are multiplied before networks are combined; 0 leaves it out.
    #[schemars(with = "f64", range(min = 0, max = 1_000_000))]
    pub(crate) weight: Spanned<Number>,
    /// The name of the formula that makes points of its features.
    #[schemars(with = "String")]
    pub(crate) formula: Spanned<String>,
    /// What the formula takes beside weights; which parameters these are depends on the formula. Paths are relative to
    /// this file.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ParamEntry>")]
    pub(crate) params: BTreeMap<Spanned<String>, Spanned<ParamEntry>>,
    /// Its own half-life in days, in place of `time.half_life_days`.
    #[serde(default)]
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0))]
    pub(crate) half_life_days: Option<Spanned<Number>>,
    /// How accounts are ranked by who acts on whom, for the feature `graph.rank`.
    #[serde(default)]
    #[schemars(with = "GraphEntry")]
    pub(crate) graph: Option<Spanned<GraphEntry>>,
    /// What each feature is worth, by name (`"repost.actors"`) or glob (`"*.actors"`, `"repost.*"`). A name counts before
    /// a glob, a glob that says more of the kind or metric before one that says less.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, FeatureEntry>", extend("propertyNames" = feature_names()))]
    pub(crate) features: BTreeMap<Spanned<String>, Spanned<FeatureEntry>>,
}

/// A feature's weight; or a table, to say more than that.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum FeatureEntry {
    /// The weight: it is counted under the curve `log`. 0 means shown, not counted.
    Weight(#[schemars(range(min = 0, max = 1_000_000))] Number),
    Table(Box<Feature>),
}

/// What a feature is worth: its points are `weight · curve(value)`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feature {
    /// What it is worth; 0 means shown, not counted.
    #[schemars(with = "f64", range(min = 0, max = 1_000_000))]
    pub(crate) weight: Spanned<Number>,
    /// How its value is bent: `log` (the default: the first is worth one, and so is each doubling), `sqrt`, `linear`, or knots.
    #[serde(default)]
    #[schemars(with = "CurveEntry", extend("default" = "log"))]
    pub(crate) curve: Option<Spanned<CurveEntry>>,
    /// What `log` counts in: with 100, the first hundred is worth one, and each doubling from there on.
    #[serde(default)]
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0, "default" = 1))]
    pub(crate) unit: Option<Spanned<Number>>,
    /// A value beyond which more does not count.
    #[serde(default)]
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0))]
    pub(crate) cap: Option<Spanned<Number>>,
    /// Its own half-life in days; for the stats `weighted` and `recent`.
    #[serde(default)]
    #[schemars(with = "f64", extend("exclusiveMinimum" = 0))]
    pub(crate) half_life_days: Option<Spanned<Number>>,
    /// What it means that the value is not known: `uncovered` (the default) lowers the coverage shown beside the score,
    /// `ignored` does not. Either way it gives no points.
    #[serde(default)]
    #[schemars(with = "Missing", extend("default" = "uncovered"))]
    pub(crate) missing: Option<Spanned<String>>,
    /// The feature of the same network whose value stands in for its own where that is not known: of `followers.latest` it
    /// may be `follow.actors`, since some exports list followers and never say how many there are.
    #[serde(default)]
    #[schemars(with = "String", extend("pattern" = feature_name()))]
    pub(crate) instead: Option<Spanned<String>>,
}

/// The names that `missing` takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub(crate) enum Missing {
    /// Lowers coverage.
    #[default]
    Uncovered,
    /// Leaves coverage alone.
    Ignored,
}

/// A parameter of a formula, as it is written.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged, inline)]
pub(crate) enum ParamEntry {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// A curve by name, or its knots.
pub(crate) enum CurveEntry {
    Name(String),
    Knots(Vec<Spanned<Knot>>),
}

/// The names of curves.
pub(crate) const CURVES: [&str; 3] = ["log", "sqrt", "linear"];

/// A knot: x and y.
pub(crate) struct Knot(pub(crate) [f64; 2]);

/// A number, whole or not.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

/// A whole number.
#[derive(Clone, Copy)]
pub(crate) struct Whole(pub(crate) i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl Visitor<'_> for NumberVisitor {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
                Ok(Number(number))
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_i64<E>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }
        }
        deserializer.deserialize_any(WholeVisitor)
    }
}

impl<'de> Deserialize<'de> for Knot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KnotVisitor;
        impl<'de> Visitor<'de> for KnotVisitor {
            type Value = Knot;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a knot of two numbers, [x, y]")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Knot, A::Error> {
                let mut knot = [0.0; 2];
                for (index, number) in knot.iter_mut().enumerate() {
                    let Number(given) =
                        numbers.next_element()?.ok_or_else(|| de::Error::invalid_length(index, &self))?;
                    *number = given;
                }
                match numbers.next_element::<Number>()? {
                    Some(_) => Err(de::Error::invalid_length(3, &self)),
                    None => Ok(Knot(knot)),
                }
            }
        }
        deserializer.deserialize_any(KnotVisitor)
    }
}

impl<'de> Deserialize<'de> for CurveEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CurveVisitor;
        impl<'de> Visitor<'de> for CurveVisitor {
            type Value = CurveEntry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a curve or knots [[x, y], …]")
            }
            fn visit_str<E>(self, name: &str) -> Result<CurveEntry, E> {
                Ok(CurveEntry::Name(name.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, knots: A) -> Result<CurveEntry, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(knots)).map(CurveEntry::Knots)
            }
        }
        deserializer.deserialize_any(CurveVisitor)
    }
}

impl<'de> Deserialize<'de> for ParamEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ParamVisitor;
        impl Visitor<'_> for ParamVisitor {
            type Value = ParamEntry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true or false")
            }
            fn visit_str<E>(self, text: &str) -> Result<ParamEntry, E> {
                Ok(ParamEntry::Text(text.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<ParamEntry, E> {
                Ok(ParamEntry::Number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<ParamEntry, E> {
                // Zero has no sign.
                Ok(ParamEntry::Number(number + 0.0))
            }
            fn visit_bool<E>(self, flag: bool) -> Result<ParamEntry, E> {
                Ok(ParamEntry::Flag(flag))
            }
        }
        deserializer.deserialize_any(ParamVisitor)
    }
}

impl<'de> Deserialize<'de> for FeatureEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FeatureVisitor;
        impl<'de> Visitor<'de> for FeatureVisitor {
            type Value = FeatureEntry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a weight or { weight = … }")
            }
            fn visit_i64<E>(self, weight: i64) -> Result<FeatureEntry, E> {
                Ok(FeatureEntry::Weight(Number(weight as f64)))
            }
            fn visit_f64<E>(self, weight: f64) -> Result<FeatureEntry, E> {
                Ok(FeatureEntry::Weight(Number(weight)))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FeatureEntry, A::Error> {
                Feature::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(Box::new)
                    .map(FeatureEntry::Table)
            }
        }
        deserializer.deserialize_any(FeatureVisitor)
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        f64::json_schema(generator)
    }
}

impl JsonSchema for Knot {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Knot".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A knot: x and y.",
            "type": "array",
            "items": { "type": "number" },
            "minItems": 2,
            "maxItems": 2,
        })
    }
}

impl JsonSchema for CurveEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Curve".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [
                { "enum": CURVES },
                { "type": "array", "items": generator.subschema_for::<Knot>(), "minItems": 2 },
            ]
        })
    }
}

const NAME: &str = "[a-z][a-z0-9_-]*";

fn network_names() -> Value {
    json!({ "pattern": format!(r"^(\*|{NAME})$") })
}

/// The name of one feature, which is no glob.
fn feature_name() -> String {
    let stats = STATS.map(|stat| stat.1).join("|");
    format!(r"^{NAME}\.({stats})$")
}

fn feature_names() -> Value {
    let stats = STATS.map(|stat| stat.1).join("|");
    json!({ "pattern": format!(r"^[a-z*][a-z0-9_*-]*\.({stats}|\*)$") })
}
