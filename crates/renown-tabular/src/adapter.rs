//! The adapter: a map, and the format that each file is in.

use std::sync::Arc;

use renown_sdk::{Adapter, File, Manifest, OpenError, Opened, Vocabulary};

use crate::manifest::{CSV, JSON, MANIFEST, PARQUET};
use crate::map::Map;
use crate::{csv, json, parquet};

/// Reads tables by a [`Map`].
///
/// The instance that the registry knows has no map and recognises nothing: it carries the manifest. The engine makes
/// one for every map that the user gives.
#[derive(Clone, Debug)]
pub struct Tabular {
    map: Option<Arc<Map>>,
}

/// The registered instance.
pub(crate) static WITHOUT_MAP: Tabular = Tabular { map: None };

/// What the first bytes of a Parquet file are.
const MAGIC: &[u8] = b"PAR1";

impl Tabular {
    /// An adapter for the tables that `map` describes.
    pub fn new(map: Map) -> Self {
        Self { map: Some(Arc::new(map)) }
    }

    /// The map, if there is one.
    pub fn map(&self) -> Option<&Map> {
        self.map.as_deref()
    }

    /// Whether a file has every column that the map needs. [`Adapter::recognise`] goes by the file's name first; of
    /// several maps, or a map and a network's own adapter, this tells whose the file is.
    pub fn has_all_columns(&self, file: &File<'_>) -> bool {
        let Some(map) = &self.map else { return false };
        match self.recognise(file) {
            Some(CSV) => csv::has_all_columns(map, file),
            Some(JSON) => json::has_all_columns(map, file),
            Some(PARQUET) => parquet::has_all_columns(map, file),
            _ => false,
        }
    }
}

impl Adapter for Tabular {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        let map = self.map.as_ref()?;
        let has_any = |extensions: &[&str]| extensions.iter().any(|extension| file.has_extension(extension));
        // Beside the parts of a table lie files named `_metadata`, which are Parquet without rows.
        let is_hidden = file.name().starts_with(['_', '.']);
        if has_any(&["parquet"]) || (file.head.starts_with(MAGIC) && !is_hidden) {
            Some(PARQUET)
        } else if has_any(&["csv", "tsv", "tab"]) {
            Some(CSV)
        } else if has_any(&["ndjson", "jsonl", "json"]) {
            Some(JSON)
        } else {
            named_otherwise(map, file)
        }
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let Some(map) = &self.map else {
            return Err(OpenError::Configuration("a table is read by a map, and there is none".into()));
        };
        match kind {
            CSV => csv::open(map, file, vocabulary),
            JSON => json::open(map, file, vocabulary),
            _ => parquet::open(map, file, vocabulary),
        }
    }
}

/// Standard input has no name that says what it is, and tables are called `.txt` and `.dat`, too: such a file is one if it
/// is text and has every column that the map needs.
fn named_otherwise(map: &Map, file: &File<'_>) -> Option<&'static str> {
    let is_json =
        file.head.trim_ascii_start().starts_with(b"{") || file.head.trim_ascii_start().starts_with(b"[");
    if file.head.contains(&0) {
        None
    } else if is_json {
        json::has_all_columns(map, file).then_some(JSON)
    } else {
        csv::has_all_columns(map, file).then_some(CSV)
    }
}
