//! The manifest as JSON, which is how it crosses the boundary.

use serde::Serialize;

use crate::{Case, FileKind, Manifest, NetworkSpec, Vocable};

/// The manifest's JSON, as `renown_plugin.h` describes it.
pub(super) fn to_json(manifest: &Manifest) -> String {
    // Texts and numbers only: there is nothing in it that JSON could not hold.
    sonic_rs::to_string(&Described::from(manifest)).unwrap_or_default()
}

#[derive(Serialize)]
struct Described {
    name: &'static str,
    docs: &'static str,
    networks: Vec<Network>,
    files: Vec<Kind>,
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

impl From<&Manifest> for Described {
    fn from(manifest: &Manifest) -> Self {
        Self {
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
