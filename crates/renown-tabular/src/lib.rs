//! Any table as records: CSV, TSV, NDJSON, JSON arrays and Parquet, described by a TOML map.
//!
//! **What it is for.** A network that has no adapter needs no code: a [`Map`] says which column is which field of a
//! record, and [`Tabular`] reads every table that has these columns.
//!
//! ```toml
//! network = "twitter"
//! [columns]                 # field of a record = column of the table
//! at = "time"               # Unix seconds, milliseconds or microseconds, or RFC 3339: told apart
//! actor = "actor"
//! target = "target"
//! kind = "kind"
//! [kinds]                   # value in the table = kind
//! RT = "repost"
//! MT = "mention"
//! RE = "reply"
//! ```
//!
//! The way of a row: a format (`csv`, `json`, `parquet`) shows it as `cell`s, `rows` makes records of them by
//! the `plan`, which is the map bound to one file's columns and one run's words.
//!
//! **What it may depend on.** The SDK and the parsers of these formats. **What it must not know.** Scoring, and any
//! network by name: the words are the map's.

mod adapter;
mod cell;
mod csv;
mod json;
mod manifest;
mod map;
mod parquet;
mod places;
mod plan;
mod rows;
mod words;

pub use adapter::Tabular;
pub use manifest::EXAMPLE_MAP;
pub use map::{Map, MapError};

renown_sdk::register_adapter!(adapter::WITHOUT_MAP);
