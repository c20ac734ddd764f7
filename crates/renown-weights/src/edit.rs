//! Setting values in a weights file as a text: its comments, its order and its spaces stay.

use toml_edit::{DocumentMut, Item, Key, Table, TableLike, Value};

use crate::error::{Fault, Source, WeightsError};
use crate::{Weights, sets};

impl Weights {
    /// The text of a weights file in which values are set, each given as for [`Weights::with_sets`]; all else stays as it was.
    ///
    /// # Errors
    /// [`WeightsError`] as of [`Weights::with_sets`]; and if what is set would not count, since an era of the file says otherwise.
    pub fn edited(text: &str, path: &str, sets: &[&str]) -> Result<String, WeightsError> {
        let wanted = Self::with_sets(text, path, sets)?;
        let source = Source::new(path, text, &[]);
        let refused = |message: String| source.error(Fault::at(0..0, message));
        let mut document: DocumentMut =
            text.parse().map_err(|error: toml_edit::TomlError| refused(error.message().to_owned()))?;
        for set in sets {
            let (keys, value) = split(set).ok_or_else(|| refused(format!("`{set}` is no setting")))?;
            put(document.as_table_mut(), &keys, value);
        }
        let edited = document.to_string();
        let found = Self::parse(&edited, path)?;
        if found.numbers() != wanted.numbers() {
            return Err(refused("an era of the file says otherwise: set the values there".into()));
        }
        Ok(edited)
    }
}

/// The keys and the value of a setting; a bare word is a text.
fn split(set: &str) -> Option<(Vec<String>, Value)> {
    let places = set.match_indices('=').map(|(place, _)| place);
    // A quoted key may have `=` in it.
    let (keys, text) = places.map(|at| (&set[..at], set[at + 1..].trim())).find_map(|(path, value)| {
        let keys = sets::keys(path)?;
        Some((keys, value))
    })?;
    let value = text.parse::<Value>().unwrap_or_else(|_| Value::from(text));
    Some((keys, value))
}

fn put(root: &mut dyn TableLike, keys: &[String], value: Value) {
    let Some((last, tables)) = keys.split_last() else { return };
    let mut table = root;
    for (depth, key) in tables.iter().enumerate() {
        let is_feature = depth == 3 && is_feature_path(keys);
        let entry = table.entry(key).or_insert_with(|| Item::Table(implicit()));
        if is_feature && let Some(weight) = entry.as_value().filter(|value| is_number(value)).cloned() {
            write_out(entry, weight);
        }
        let Some(next) = entry.as_table_like_mut() else { return };
        table = next;
    }
    let is_whole_feature = keys.len() == 4 && is_feature_path(keys) && is_number(&value);
    if is_whole_feature && let Some(feature) = table.get_mut(last).and_then(Item::as_table_like_mut) {
        replace(feature, "weight", value);
    } else {
        replace(table, last, value);
    }
}

/// Whether the keys are those of a feature or of something below one.
fn is_feature_path(keys: &[String]) -> bool {
    matches!(keys, [networks, _, features, _, ..] if networks == "networks" && features == "features")
}

fn is_number(value: &Value) -> bool {
    value.is_integer() || value.is_float()
}

/// A table that has no heading of its own.
fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

/// Makes of a feature's short form, in which a number is the weight, the long one.
fn write_out(feature: &mut Item, weight: Value) {
    let comment = weight.decor().clone();
    let mut table = toml_edit::InlineTable::new();
    table.insert("weight", weight.decorated(" ", ""));
    let mut value = Value::InlineTable(table);
    *value.decor_mut() = comment;
    *feature = Item::Value(value);
}

/// Puts a value where another was; the comment after that one stays.
fn replace(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(known)) => {
            *value.decor_mut() = known.decor().clone();
            *known = value;
        }
        _ => {
            table.insert(&Key::new(key), Item::Value(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edited(sets: &[&str]) -> String {
        Weights::edited(Weights::default_text(), "weights.toml", sets).unwrap()
    }

    /// The lines in which two texts differ.
    fn changed(text: &str) -> Vec<(&str, &str)> {
        let lines = Weights::default_text().lines().zip(text.lines());
        lines.filter(|(before, after)| before != after).collect()
    }

    #[test]
    fn comments_stay_and_one_line_changes() {
        let text = edited(&["standing.rounds=0"]);
        assert_eq!(text.lines().count(), Weights::default_text().lines().count());
        let [(before, after)] = &changed(&text)[..] else { panic!("{:?}", changed(&text)) };
        assert!(before.starts_with("rounds = 1 ") && after.starts_with("rounds = 0 "));
        assert_eq!(before.split_once('#').unwrap().1, after.split_once('#').unwrap().1);
    }

    #[test]
    fn nothing_set_is_nothing_changed() {
        assert_eq!(edited(&[]), Weights::default_text());
    }

    #[test]
    fn what_cannot_be_set_is_told_as_ever() {
        let refused =
            Weights::edited(Weights::default_text(), "weights.toml", &["networks.nowhere.weight=1"]);
        assert!(refused.unwrap_err().to_string().contains("nowhere"));
    }

    proptest! {
        #[test]
        fn every_number_can_be_set_and_counts(place in 0_usize..10_000, by in 0.5_f64..1.0) {
            let weights = Weights::parse(Weights::default_text(), "weights.toml").unwrap();
            let numbers = weights.numbers();
            let (path, value) = &numbers[place % numbers.len()];
            let set = format!("{path}={}", value * by);
            // Not every number may be any other one.
            if let Ok(wanted) = Weights::with_sets(Weights::default_text(), "weights.toml", &[&set]) {
                let text = edited(&[&set]);
                let found = Weights::parse(&text, "weights.toml").unwrap();
                prop_assert_eq!(found.numbers(), wanted.numbers());
                prop_assert!(changed(&text).len() <= 1, "{:?}", changed(&text));
            }
        }
    }
}
