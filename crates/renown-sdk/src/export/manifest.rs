//! The manifest as JSON, which is how it crosses the boundary.

use std::collections::BTreeMap;

use serde::Serialize;

use super::params::Given;
use crate::{Adapter, Case, FileKind, NetworkSpec, ParamKind, ParamSpec, Vocable};

/// The manifest's JSON, as `renown_plugin.h` describes it.
pub(super) fn to_json(adapter: &dyn Adapter) -> String {
    // Texts and finite numbers only: there is nothing in it that JSON could not hold.
    sonic_rs::to_string(&Described::from(adapter)).unwrap_or_default()
}

#[derive(Serialize)]
struct Described<'a> {
    name: &'static str,
    docs: &'static str,
    networks: Vec<Network>,
    files: Vec<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Options<'a>>,
    example: Shown,
    cases: Vec<Shown>,
}

#[derive(Serialize)]
struct Network {
    name: &'static str,
    kinds: Vec<Word>,
    metrics: Vec<Word>,
}

#[derive(Serialize)]
struct Word {
    name: &'static str,
    also: &'static [&'static str],
    unit: &'static str,
    docs: &'static str,
    default_weight: (&'static str, f64),
}

#[derive(Serialize)]
struct Kind {
    name: &'static str,
    patterns: &'static [&'static str],
    docs: &'static str,
    yields: &'static str,
    passed_over: &'static str,
}

#[derive(Serialize)]
struct Shown {
    name: &'static str,
    path: &'static str,
    input: &'static str,
    siblings: &'static [(&'static str, &'static str)],
    kind: &'static str,
    records: &'static str,
}

/// A JSON Schema of the options.
#[derive(Serialize)]
struct Options<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    properties: BTreeMap<&'a str, Property<'a>>,
    #[serde(rename = "additionalProperties")]
    others: bool,
}

#[derive(Serialize)]
struct Property<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Given>,
}

fn options(specs: &[ParamSpec]) -> Option<Options<'_>> {
    let properties: BTreeMap<_, _> = specs.iter().map(|spec| (&*spec.name, Property::from(spec))).collect();
    (!properties.is_empty()).then_some(Options { kind: "object", properties, others: false })
}

impl<'a> From<&'a ParamSpec> for Property<'a> {
    fn from(spec: &'a ParamSpec) -> Self {
        let (kind, format) = match spec.kind {
            ParamKind::Text => ("string", None),
            ParamKind::Number => ("number", None),
            ParamKind::Flag => ("boolean", None),
            ParamKind::File => ("string", Some("path")),
        };
        Self { kind, format, description: &spec.docs, default: spec.default.as_ref().map(Given::from) }
    }
}

impl<'a> From<&'a dyn Adapter> for Described<'a> {
    fn from(adapter: &'a dyn Adapter) -> Self {
        let manifest = adapter.manifest();
        Self {
            options: options(adapter.options()),
            name: manifest.name,
            docs: manifest.docs,
            networks: manifest.networks.iter().map(Network::from).collect(),
            files: manifest.files.iter().map(Kind::from).collect(),
            example: Shown::from(&manifest.example),
            cases: manifest.cases.iter().map(Shown::from).collect(),
        }
    }
}

impl From<&NetworkSpec> for Network {
    fn from(network: &NetworkSpec) -> Self {
        let words = |vocables: &[Vocable]| vocables.iter().map(Word::from).collect();
        Self { name: network.name, kinds: words(network.kinds), metrics: words(network.metrics) }
    }
}

impl From<&Vocable> for Word {
    fn from(word: &Vocable) -> Self {
        let Vocable { name, also, unit, docs, default_weight } = *word;
        Self { name, also, unit, docs, default_weight }
    }
}

impl From<&FileKind> for Kind {
    fn from(kind: &FileKind) -> Self {
        let FileKind { name, patterns, docs, yields, passed_over } = *kind;
        Self { name, patterns, docs, yields, passed_over }
    }
}

impl From<&Case> for Shown {
    fn from(case: &Case) -> Self {
        let Case { name, path, input, siblings, kind, records } = *case;
        Self { name, path, input, siblings, kind, records }
    }
}
