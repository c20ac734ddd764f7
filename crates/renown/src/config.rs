//! What the user wrote: weights, maps, and any other text.

use std::path::Path;

use anyhow::Context;
use renown_tabular::Map;
use renown_weights::Weights;

/// The weights: a file's or the built-in ones, with overrides.
pub(crate) fn weights(path: Option<&Path>, sets: &[String]) -> anyhow::Result<Weights> {
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let weights = match path {
        Some(path) => Weights::with_sets(&text_of(path)?, &path.display().to_string(), &sets)?,
        None => Weights::with_sets(Weights::default_text(), "config/weights.toml", &sets)?,
    };
    Ok(weights)
}

/// The map of tables.
pub(crate) fn map(path: &Path) -> anyhow::Result<Map> {
    Ok(Map::parse(&text_of(path)?, &path.display().to_string())?)
}

/// The text of a file that the user wrote.
pub(crate) fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
