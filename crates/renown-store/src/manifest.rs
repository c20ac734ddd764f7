//! The manifest: which files a store has. A file that is not in it does not count, whatever lies on disk.
//!
//! A file is called by the digest of its bytes, so the manifest says of each where it lies, how long it is and how many
//! rows it has. `store.json` is one JSON document, `{"sum":…,"store":…}`; the sum is over the bytes of the second value.

use std::collections::{BTreeMap, BTreeSet};

use renown_core::record::Day;
use renown_engine::state::ReadWith;
use serde::{Deserialize, Serialize};

use crate::forgotten::Forgotten;
use crate::layout::{Partition, scored_day};

/// The version of the layout and of the manifest.
pub(crate) const FORMAT: u32 = 1;

/// A file of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Its length.
    pub(crate) bytes: u64,
    /// Its rows; of a kept tally, those of the files that it was made of.
    pub(crate) rows: u64,
    /// The kept tally that this file is part of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) tally: Option<String>,
}

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    format: u32,
    /// Which adapters read what is there, with which options.
    pub(crate) read_with: ReadWith,
    /// Whom the store forgot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) forgotten: Option<Forgotten>,
    /// Files by path.
    files: BTreeMap<String, Entry>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self { format: FORMAT, read_with: ReadWith::new(), forgotten: None, files: BTreeMap::new() }
    }
}

const BEFORE_SUM: &[u8] = b"{\"sum\":\"";
const AFTER_SUM: &[u8] = b"\",\"store\":";
const END: &[u8] = b"}\n";

impl Manifest {
    /// The bytes of `store.json`.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let body = serde_json::to_string_pretty(self).unwrap_or_default();
        [BEFORE_SUM, digest(body.as_bytes()).as_bytes(), AFTER_SUM, body.as_bytes(), END].concat()
    }

    /// From the bytes of `store.json`; or what is wrong with them.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Result<Self, String> {
        let damaged = || {
            "it is damaged, so that nothing is known of the files beside it: restore it from a copy of the store, or make \
             the store anew from the exports"
                .to_owned()
        };
        let rest = bytes.strip_prefix(BEFORE_SUM).ok_or_else(damaged)?;
        let (sum, rest) = rest.split_at_checked(DIGEST).ok_or_else(damaged)?;
        let body =
            rest.strip_prefix(AFTER_SUM).and_then(|rest| rest.strip_suffix(END)).ok_or_else(damaged)?;
        if digest(body).as_bytes() != sum {
            return Err(damaged());
        }
        let format =
            serde_json::from_slice::<serde_json::Value>(body).ok().and_then(|body| body["format"].as_u64());
        if format != Some(u64::from(FORMAT)) {
            let format = format.map_or("unknown".to_owned(), |format| format.to_string());
            return Err(format!(
                "a store of format {format}, and this program knows format {FORMAT}: use the renown that wrote it, or make the \
                 store anew from the exports"
            ));
        }
        serde_json::from_slice(body).map_err(|_| damaged())
    }

    /// All files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.files.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// A file.
    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.files.get(path)
    }

    /// The files with rows, and the partitions that they are in.
    pub(crate) fn data(&self) -> impl Iterator<Item = (Partition, &str, &Entry)> {
        self.files().filter_map(|(path, entry)| Some((Partition::parse(folder(path))?, path, entry)))
    }

    /// The paths of the files in a folder.
    pub(crate) fn in_folder(&self, folder: &str) -> impl Iterator<Item = &str> + use<'_> {
        let prefix = format!("{folder}/");
        let files = self.files.range(prefix.clone()..);
        files.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&prefix))
    }

    /// The kept tallies.
    pub(crate) fn tallies(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.files().filter(|(path, _)| folder(path) == TALLIES)
    }

    /// The published scores, by day.
    pub(crate) fn scores(&self) -> impl Iterator<Item = (Day, &str, &Entry)> {
        self.files().filter_map(|(path, entry)| Some((scored_day(folder(path))?, path, entry)))
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, path: String, entry: Entry) {
        self.files.insert(path, entry);
    }

    /// Takes a file out, with the kept tally that it is part of. Gives the files that are of no use any more.
    pub(crate) fn remove(&mut self, path: &str) -> Vec<String> {
        let mut gone = Vec::new();
        if let Some(entry) = self.files.remove(path) {
            gone.push(path.to_owned());
            if let Some(tally) = entry.tally {
                gone.extend(self.remove_tally(&tally));
            }
        }
        gone
    }

    /// Takes a kept tally out; what it was made of stays.
    pub(crate) fn remove_tally(&mut self, path: &str) -> Option<String> {
        for entry in self.files.values_mut() {
            entry.tally.take_if(|tally| tally == path);
        }
        self.files.remove(path).map(|_| path.to_owned())
    }

    /// Says of files that they are part of a kept tally.
    pub(crate) fn set_tally(&mut self, files: &BTreeSet<String>, tally: &str) {
        for (path, entry) in &mut self.files {
            if files.contains(path) {
                entry.tally = Some(tally.to_owned());
            }
        }
    }
}

/// The folder of kept tallies.
pub(crate) const TALLIES: &str = "tallies";

/// How many characters a digest has.
pub(crate) const DIGEST: usize = 32;

/// The digest that a file of these bytes is called by: XXH3, 128 bits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("{:032x}", twox_hash::XxHash3_128::oneshot(bytes))
}

/// The folder of a path.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |split| split.0)
}

/// The digest that a file's name says its bytes have; `None` if it is not called as a store's files are.
pub(crate) fn named_digest(path: &str) -> Option<&str> {
    let (name, ending) = path.rsplit('/').next()?.split_once('.')?;
    let is_digest =
        name.len() == DIGEST && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_digest && matches!(ending, "parquet" | "tally")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Manifest {
        let mut manifest = Manifest::default();
        let entry = Entry { bytes: 7, rows: 1, tally: None };
        for path in ["handles/network=a/x.parquet", "handles/network=b/y.parquet", "tallies/z.tally"] {
            manifest.add(path.into(), entry.clone());
        }
        manifest.set_tally(&["handles/network=a/x.parquet".to_owned()].into(), "tallies/z.tally");
        manifest
    }

    #[test]
    fn every_flipped_bit_of_the_manifest_is_found() {
        let bytes = some().to_bytes();
        assert_eq!(Manifest::of_bytes(&bytes), Ok(some()));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert!(Manifest::of_bytes(&flipped).is_err(), "byte {at}, bit {bit}");
            }
            assert!(Manifest::of_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_tally_goes_with_any_file_that_it_was_made_of() {
        let mut manifest = some();
        assert_eq!(manifest.remove("handles/network=b/y.parquet"), ["handles/network=b/y.parquet"]);
        assert_eq!(manifest.tallies().count(), 1);
        assert_eq!(
            manifest.remove("handles/network=a/x.parquet"),
            ["handles/network=a/x.parquet", "tallies/z.tally"]
        );
        let mut manifest = some();
        manifest.remove_tally("tallies/z.tally");
        assert!(manifest.files().all(|(_, entry)| entry.tally.is_none()));
    }
}
