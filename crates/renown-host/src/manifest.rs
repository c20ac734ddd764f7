//! An adapter's manifest, as its plugin tells it.
//!
//! Plugins are never unloaded, so their manifests live as long as the process, like those of linked adapters.

use std::collections::BTreeSet;

use renown_sdk::{Case, FileKind, Manifest, NetworkSpec, ParamSpec, Vocable, is_plain};
use serde::Deserialize;

use crate::foreign::{quoted, shown};
use crate::options::Schema;

/// A manifest as it is told.
#[derive(Deserialize)]
pub(crate) struct Described {
    name: String,
    docs: String,
    #[serde(default)]
    networks: Vec<Network>,
    files: Vec<Kind>,
    options: Option<Schema>,
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

/// Reads a manifest, which then lives for ever, and the options that it declares.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(json: &str) -> Result<(&'static Manifest, Vec<ParamSpec>), String> {
    let (described, options) = described(json)?;
    Ok((leaked(described), options))
}

/// Reads a manifest and checks it.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn described(json: &str) -> Result<(Described, Vec<ParamSpec>), String> {
    let mut described: Described = serde_json::from_str(json).map_err(|error| {
        // What serde quotes is foreign text.
        let error: String = error.to_string().chars().filter(|char| !char.is_control()).take(300).collect();
        format!("its manifest cannot be read: {error}")
    })?;
    if !is_plain(&described.name) {
        let name = quoted(&described.name);
        return Err(format!("its manifest calls it {name}: expected lower case letters, digits, _ and -"));
    }
    check(&described)?;
    let options = described.options.take().unwrap_or_default().specs()?;
    Ok((described, options))
}

fn leaked(described: Described) -> &'static Manifest {
    Box::leak(Box::new(Manifest {
        name: described.name.leak(),
        docs: described.docs.leak(),
        networks: described.networks.into_iter().map(network).collect::<Vec<_>>().leak(),
        files: described.files.into_iter().map(file).collect::<Vec<_>>().leak(),
        example: case(described.example),
        cases: described.cases.into_iter().map(case).collect::<Vec<_>>().leak(),
    }))
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

/// Holds names and texts to what weights files, lists and terminals can take.
fn check(described: &Described) -> Result<(), String> {
    shown("its docs", &described.docs)?;
    once("network", described.networks.iter().map(|network| &*network.name))?;
    once("kind of file", described.files.iter().map(|file| &*file.name))?;
    for network in &described.networks {
        let words = network.kinds.iter().chain(&network.metrics);
        if let Some(name) =
            words.clone().map(|word| &word.name).chain([&network.name]).find(|name| !is_plain(name))
        {
            let name = quoted(name);
            return Err(format!(
                "its manifest declares {name}: expected lower case letters, digits, _ and -"
            ));
        }
        if network.kinds.len() > MOST_WORDS || network.metrics.len() > MOST_WORDS {
            return Err(format!("its manifest declares more than {MOST_WORDS} kinds or metrics"));
        }
        for (sort, words) in [("kind", &network.kinds), ("metric", &network.metrics)] {
            once(
                sort,
                words.iter().flat_map(|word| word.also.iter().chain([&word.name])).map(String::as_str),
            )?;
        }
        for word in words {
            let (stat, weight) = &word.default_weight;
            for text in word.also.iter().chain([&word.unit, &word.docs, stat]) {
                shown(&format!("a text of `{}`", word.name), text)?;
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                let name = &word.name;
                return Err(format!(
                    "the default weight of `{name}` is {weight}: expected a number from 0 up"
                ));
            }
        }
    }
    for file in &described.files {
        for text in file.patterns.iter().chain([&file.name, &file.docs, &file.yields, &file.passed_over]) {
            shown("a text of a kind of file", text)?;
        }
    }
    for case in described.cases.iter().chain([&described.example]) {
        for text in [&case.name, &case.path, &case.kind] {
            shown("a text of a case", text)?;
        }
    }
    Ok(())
}

/// No name twice.
fn once<'n>(sort: &str, names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("its manifest declares the {sort} {} twice", quoted(name)));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A sound manifest, with one text in it replaced.
    fn with(from: &str, to: &str) -> Result<(&'static Manifest, Vec<ParamSpec>), String> {
        let word = |name: &str| {
            format!(
                r#"{{"name": "{name}", "also": ["{name}s"], "unit": "acts", "docs": "d", "default_weight": ["count", 1.5]}}"#
            )
        };
        let sound = format!(
            r#"{{"name": "notes", "docs": "Reads notes.",
                "networks": [{{"name": "one", "kinds": [{}, {}], "metrics": [{}]}}, {{"name": "two"}}],
                "files": [{{"name": "a", "docs": "d"}}, {{"name": "b", "docs": "d"}}],
                "options": {{"properties": {{"most": {{"type": "number", "description": "d", "default": 1}}}}}},
                "example": {{"name": "n", "path": "p", "input": "i\n", "kind": "a"}}}}"#,
            word("like"),
            word("reply"),
            word("like")
        );
        assert!(sound.contains(from), "{from}");
        parse(&sound.replacen(from, to, 1))
    }

    #[test]
    fn a_sound_manifest_is_read() {
        let (manifest, options) = with("notes", "notes").unwrap();
        assert_eq!((manifest.networks.len(), manifest.files.len(), &*options[0].name), (2, 2, "most"));
    }

    #[test]
    fn names_have_one_meaning_and_texts_steer_nothing() {
        for (from, to, expected) in [
            (r#""name": "two""#, r#""name": "one""#, "declares the network \"one\" twice"),
            (r#""name": "b""#, r#""name": "a""#, "declares the kind of file \"a\" twice"),
            (r#""name": "reply""#, r#""name": "like""#, "declares the kind \"like\" twice"),
            (r#"["replys"]"#, r#"["likes"]"#, "declares the kind \"likes\" twice"),
            ("Reads notes.", r"\u001b[2J", "its docs has control characters"),
            (r#""unit": "acts""#, r#""unit": "a\u0007""#, "a text of `like` has control characters"),
            (r#""name": "a", "docs": "d""#, r#""name": "a", "docs": "d\r""#, "a text of a kind of file has"),
            (r#""path": "p""#, r#""path": "p\u0000""#, "a text of a case has"),
            ("1.5", "-1.5", "the default weight of `like` is -1.5: expected a number from 0 up"),
            ("1.5", "1e999", "its manifest cannot be read: number out of range"),
        ] {
            let error = with(from, to).unwrap_err();
            assert!(error.contains(expected), "{to}: {error}");
        }
    }
}
