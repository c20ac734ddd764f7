//! What a run read, passed over and could not read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// The input's name.
    pub file: String,
    /// The position in the file, in decompressed bytes; `None` where the format has none.
    pub byte: Option<u64>,
    /// The row, for formats that have rows but no bytes.
    pub row: Option<u64>,
    /// What was wrong, what was expected.
    pub reason: String,
    /// The record itself, or its first bytes; empty unless asked for.
    pub record: Vec<u8>,
}

impl Rejected {
    /// Where it is: the file and the byte or row.
    pub fn place(&self) -> String {
        match (self.byte, self.row) {
            (Some(byte), None) => format!("{}, byte {byte}", self.file),
            (Some(byte), Some(row)) => format!("{}, row {row} after byte {byte}", self.file),
            (None, Some(row)) => format!("{}, row {row}", self.file),
            (None, None) => self.file.clone(),
        }
    }
}

/// How many rejects are kept; more are only counted.
pub const KEPT_REJECTS: usize = 1_000_000;

/// A file that a plugin failed at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PluginFailure {
    /// The plugin's adapter.
    pub adapter: &'static str,
    /// The input's name.
    pub file: String,
    /// What it did.
    pub failure: renown_sdk::Failure,
}

impl std::fmt::Display for PluginFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.failure.offset.map(|offset| format!(", byte {offset}")).unwrap_or_default();
        write!(f, "{}{place}: plugin {}", self.file, self.failure)
    }
}

/// What a run read.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// State files read.
    pub states: u64,
    /// Files read, by adapter and kind of file.
    pub files: BTreeMap<(&'static str, &'static str), u64>,
    /// Names of files that no adapter recognised, in order.
    pub unrecognised: Vec<String>,
    /// Files that plugins failed at, in order. What was read of them before is in the tally.
    pub plugin_failures: Vec<PluginFailure>,
    /// Records that could not be read, in the order of files and places.
    pub rejects: Vec<Rejected>,
    /// How many there were.
    pub rejected: u64,
    /// How many of them when state files were made; those are not among [`Report::rejects`].
    pub rejected_before: u64,
    /// Things that were well-formed and no record, by name.
    pub passed_over: BTreeMap<Cow<'static, str>, u64>,
    /// Records read.
    pub records: u64,
    /// How many of them take something back.
    pub undone: u64,
    /// Bytes read from disk.
    pub bytes: u64,
}

impl Report {
    /// Adds the counts of another one, of state files.
    pub fn count(&mut self, other: Self) {
        let add = |sum: &mut u64, more| *sum = sum.saturating_add(more);
        add(&mut self.states, other.states);
        add(&mut self.records, other.records);
        add(&mut self.undone, other.undone);
        add(&mut self.rejected, other.rejected);
        add(&mut self.rejected_before, other.rejected_before);
        for (what, count) in other.passed_over {
            add(self.passed_over.entry(what).or_default(), count);
        }
    }

    /// Writes the rejects, one JSON object a line.
    ///
    /// # Errors
    /// What the writer reports.
    pub fn write_rejects(&self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        for reject in &self.rejects {
            write!(to, "{{\"file\":{}", json_text(&reject.file))?;
            if let Some(byte) = reject.byte {
                write!(to, ",\"byte\":{byte}")?;
            }
            if let Some(row) = reject.row {
                write!(to, ",\"row\":{row}")?;
            }
            write!(to, ",\"reason\":{}", json_text(&reject.reason))?;
            if !reject.record.is_empty() {
                write!(to, ",\"record\":{}", json_text(&String::from_utf8_lossy(&reject.record)))?;
            }
            writeln!(to, "}}")?;
        }
        Ok(())
    }
}

/// A text as JSON.
fn json_text(text: &str) -> String {
    use std::fmt::Write as _;
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for char in text.chars() {
        match char {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            char if u32::from(char) < 0x20 => {
                let _ = write!(json, "\\u{:04x}", u32::from(char));
            }
            char => json.push(char),
        }
    }
    json.push('"');
    json
}
