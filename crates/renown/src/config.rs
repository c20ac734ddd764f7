//! What the user wrote: weights, maps, and any other text.

use std::path::Path;

use anyhow::{Context, anyhow};
use renown_core::record::Day;
use renown_core::suggest::nearest;
use renown_tabular::Map;
use renown_weights::{PRESETS, Weights, preset};

/// What a bundled weights file is called by, before its name.
const PRESET: &str = "preset:";

/// The weights: a file's, bundled ones by name, or the default ones, with overrides.
pub(crate) fn weights(path: Option<&Path>, sets: &[String]) -> anyhow::Result<Weights> {
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let weights = match path {
        Some(path) => {
            let shown = path.display().to_string();
            match shown.strip_prefix(PRESET) {
                Some(name) => {
                    Weights::with_sets(preset(name).ok_or_else(|| no_preset(name))?, &shown, &sets)?
                }
                None => Weights::with_sets(&text_of(path)?, &shown, &sets)?,
            }
        }
        None => Weights::with_sets(Weights::default_text(), "config/weights.toml", &sets)?,
    };
    Ok(weights)
}

/// The text of a weights file, or of bundled weights.
pub(crate) fn text_of_weights(path: &Path) -> anyhow::Result<String> {
    match path.display().to_string().strip_prefix(PRESET) {
        Some(name) => Ok(preset(name).ok_or_else(|| no_preset(name))?.to_owned()),
        None => text_of(path),
    }
}

/// Whether a path names bundled weights, which are no file.
pub(crate) fn is_bundled(path: &Path) -> bool {
    path.display().to_string().starts_with(PRESET)
}

/// Of weights with eras, those of a day; or the newest, if that was asked for.
pub(crate) fn in_force(weights: &Weights, day: Day, as_now: bool) -> anyhow::Result<Weights> {
    Ok(if as_now { weights.newest()? } else { weights.as_of(day)? })
}

fn no_preset(name: &str) -> anyhow::Error {
    let known = PRESETS.map(|preset| preset.0);
    let meant =
        nearest(name, known).map_or_else(String::new, |meant| format!("; did you mean `{PRESET}{meant}`?"));
    anyhow!("there are no bundled weights `{name}`: expected {}{meant}", known.join(", "))
}

/// The map of tables.
pub(crate) fn map(path: &Path) -> anyhow::Result<Map> {
    Ok(Map::parse(&text_of(path)?, &path.display().to_string())?)
}

/// The text of a file that the user wrote.
pub(crate) fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
