//! Where things stand in the file, by the keys that lead to them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Found;
use crate::eras;
use crate::error::{Fault, Source};

/// The places of all keys and values.
pub(super) struct Places(BTreeMap<Vec<String>, (Range<usize>, Range<usize>)>);

impl Places {
    /// Of a file with its first eras, as many as are in force.
    pub(super) fn of(source: &Source, in_force: usize) -> Result<Self, Fault> {
        let mut places = Self(BTreeMap::new());
        places.walk(&[], eras::dated(source, in_force)?.file.get_ref());
        Ok(places)
    }

    fn walk(&mut self, above: &[String], table: &DeTable<'_>) {
        for (key, value) in table {
            let path = [above, &[key.get_ref().to_string()]].concat();
            if let DeValue::Table(below) = value.get_ref() {
                self.walk(&path, below);
            }
            self.0.insert(path, (key.span(), value.span()));
        }
    }

    /// The value of the key that is to be shown, else the name of what it is found at or, where the file does not say it,
    /// of what that would stand in; the file's beginning if there is none of these.
    pub(super) fn of_found(&self, found: &Found) -> Range<usize> {
        let value = found.key.and_then(|key| self.0.get(&[&found.at[..], &[key.to_owned()]].concat()));
        let name = || (1..=found.at.len()).rev().find_map(|keys| self.0.get(&found.at[..keys]));
        value.map(|place| place.1.clone()).or_else(|| name().map(|place| place.0.clone())).unwrap_or(0..0)
    }
}
