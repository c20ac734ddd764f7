//! An adapter's manifest, as its plugin tells it.
//!
//! Plugins are never unloaded, so their manifests live as long as the process, like those of linked adapters.

use renown_sdk::{Case, FileKind, Manifest, NetworkSpec, Vocable};
use serde::Deserialize;

#[derive(Deserialize)]
struct Described {
    name: String,
    docs: String,
    #[serde(default)]
    networks: Vec<Network>,
    files: Vec<Kind>,
    example: Shown,
    #[serde(default)]
    cases: Vec<Shown>,
}

#[derive(Deserialize)]
struct Network {
    name: String,
    #[serde(default)]
    kinds: Vec<Word>,
    #[serde(default)]
    metrics: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    name: String,
    #[serde(default)]
    also: Vec<String>,
    unit: String,
    docs: String,
    default_weight: (String, f64),
}

#[derive(Deserialize)]
struct Kind {
    name: String,
    #[serde(default)]
    patterns: Vec<String>,
    docs: String,
    #[serde(default)]
    yields: String,
    #[serde(default)]
    passed_over: String,
}

#[derive(Deserialize)]
struct Shown {
    name: String,
    path: String,
    input: String,
    #[serde(default)]
    siblings: Vec<(String, String)>,
    kind: String,
    #[serde(default)]
    records: String,
}

/// Reads a manifest, which then lives for ever.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(json: &str) -> Result<&'static Manifest, String> {
    let described: Described =
        serde_json::from_str(json).map_err(|error| format!("its manifest cannot be read: {error}"))?;
    if !is_plain(&described.name) {
        return Err(format!(
            "its manifest calls it {:?}: expected lower case letters, digits, _ and -",
            described.name.chars().take(50).collect::<String>()
        ));
    }
    for network in &described.networks {
        let words = network.kinds.iter().chain(&network.metrics);
        if let Some(name) = words.map(|word| &word.name).chain([&network.name]).find(|name| !is_plain(name)) {
            return Err(format!(
                "its manifest declares {:?}: expected lower case letters, digits, _ and -",
                name.chars().take(50).collect::<String>()
            ));
        }
        if network.kinds.len() > MOST_WORDS || network.metrics.len() > MOST_WORDS {
            return Err(format!("its manifest declares more than {MOST_WORDS} kinds or metrics"));
        }
    }
    Ok(Box::leak(Box::new(Manifest {
        name: described.name.leak(),
        docs: described.docs.leak(),
        networks: described.networks.into_iter().map(network).collect::<Vec<_>>().leak(),
        files: described.files.into_iter().map(file).collect::<Vec<_>>().leak(),
        example: case(described.example),
        cases: described.cases.into_iter().map(case).collect::<Vec<_>>().leak(),
    })))
}

/// The kind of file of this name.
///
/// # Errors
/// It is not declared.
pub(crate) fn kind(manifest: &Manifest, name: &str) -> Result<&'static str, String> {
    let known = manifest.files.iter().map(|file| file.name).find(|known| *known == name);
    known.ok_or_else(|| "claims the file as a kind that its manifest does not declare".into())
}

const MOST_WORDS: usize = 500;

/// Whether a name can stand in weights files.
pub(crate) fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

fn network(network: Network) -> NetworkSpec {
    let words = |words: Vec<Word>| words.into_iter().map(vocable).collect::<Vec<_>>().leak();
    NetworkSpec { name: network.name.leak(), kinds: words(network.kinds), metrics: words(network.metrics) }
}

fn vocable(word: Word) -> Vocable {
    Vocable {
        name: word.name.leak(),
        also: texts(word.also),
        unit: word.unit.leak(),
        docs: word.docs.leak(),
        default_weight: (word.default_weight.0.leak(), word.default_weight.1),
    }
}

fn file(kind: Kind) -> FileKind {
    FileKind {
        name: kind.name.leak(),
        patterns: texts(kind.patterns),
        docs: kind.docs.leak(),
        yields: kind.yields.leak(),
        passed_over: kind.passed_over.leak(),
    }
}

fn case(case: Shown) -> Case {
    let siblings: Vec<(&'static str, &'static str)> = case
        .siblings
        .into_iter()
        .map(|(path, content)| -> (&'static str, &'static str) { (path.leak(), content.leak()) })
        .collect();
    Case {
        name: case.name.leak(),
        path: case.path.leak(),
        input: case.input.leak(),
        siblings: siblings.leak(),
        kind: case.kind.leak(),
        records: case.records.leak(),
    }
}

fn texts(texts: Vec<String>) -> &'static [&'static str] {
    texts.into_iter().map(|text| -> &'static str { text.leak() }).collect::<Vec<_>>().leak()
}
