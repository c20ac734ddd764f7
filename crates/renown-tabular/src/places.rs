//! Where a file has what a map names: in a column, in the file's path, or nowhere.

use renown_sdk::OpenError;
use renown_sdk::suggest::nearest;

use crate::map::Map;

/// Where a file has one of the map's slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In this column.
    Column(usize),
    /// The same text in every row: from the map, or from the path.
    Constant(String),
    /// Nowhere, and the map says that it may be so.
    Absent,
}

/// Finds every slot of the map among a file's columns and in its path.
pub(crate) fn find(map: &Map, path: &str, columns: &[String]) -> Result<Vec<Place>, OpenError> {
    let hive = path_columns(path);
    map.slots
        .iter()
        .map(|slot| {
            if slot.constant {
                return Ok(Place::Constant(slot.text.clone()));
            }
            let mut found = columns.iter().enumerate().filter(|(_, name)| **name == slot.text);
            match (found.next(), found.next()) {
                (Some((at, _)), None) => Ok(Place::Column(at)),
                (Some(_), Some(_)) => Err(OpenError::Configuration(format!(
                    "{}: column `{}` (for `{}`) is in the file twice",
                    map.path, slot.text, slot.field
                ))),
                (None, _) => match hive.iter().find(|(name, _)| *name == slot.text) {
                    Some((_, Some(value))) => Ok(Place::Constant(value.clone())),
                    Some((_, None)) => Ok(Place::Absent),
                    None if slot.optional => Ok(Place::Absent),
                    None => Err(missing(map, slot.text.as_str(), &slot.field, columns, &hive)),
                },
            }
        })
        .collect()
}

/// Whether the file has every column that the map needs.
pub(crate) fn has_all(map: &Map, path: &str, columns: &[String]) -> bool {
    find(map, path, columns).is_ok()
}

fn missing(map: &Map, column: &str, field: &str, columns: &[String], hive: &[PathColumn]) -> OpenError {
    // A file without a header has data where names are expected; data is not shown.
    let headless = columns.iter().any(|name| name.bytes().any(|byte| byte.is_ascii_digit()) && is_data(name));
    let mut text = format!("{}: column `{column}` (for `{field}`) is not in the file", map.path);
    if headless {
        text.push_str(
            ", whose first line has numbers or dates where names are expected: if it has no line of names, write \
             `header = false` above [columns] and give columns by number",
        );
        return OpenError::Configuration(text);
    }
    let names = || columns.iter().map(String::as_str).chain(hive.iter().map(|(name, _)| name.as_str()));
    let listed: Vec<String> = names().take(LISTED).map(|name| format!("`{name}`")).collect();
    match (listed.is_empty(), names().count().saturating_sub(LISTED)) {
        (true, _) => text.push_str(", which has none"),
        (false, 0) => text = format!("{text}, which has {}", listed.join(", ")),
        (false, more) => text = format!("{text}, which has {} and {more} more", listed.join(", ")),
    }
    if let Some(near) = nearest(column, names()) {
        text = format!("{text}; did you mean `{near}`?");
    }
    OpenError::Configuration(text)
}

/// How many columns an error lists.
const LISTED: usize = 40;

/// Whether what stands where a column's name is expected is a number or a time.
fn is_data(name: &str) -> bool {
    name.parse::<f64>().is_ok() || renown_sdk::time::parse(name).is_some()
}

type PathColumn = (String, Option<String>);

/// The columns that a path gives in the manner of Hive: `net=twitter/day=2012-07-01/part-0.parquet`. What Hive writes
/// for a missing value is none.
fn path_columns(path: &str) -> Vec<PathColumn> {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders
        .split('/')
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (unescaped(name), unescaped(value)))
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| {
            let is_missing = value.is_empty() || value == "__HIVE_DEFAULT_PARTITION__";
            (name, (!is_missing).then_some(value))
        })
        .collect()
}

/// A part of a path with its `%20` undone.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, after @ ..] => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high << 4 | low, after))
            }
            _ => None,
        };
        let (byte, after) = escaped.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Map {
        Map::parse(
            "network = {column = 'net'}\n[columns]\nkind = {value = 'like'}\ntarget = 'to'\nobject = {column = 'post', optional = true}",
            "m.toml",
        )
        .unwrap()
    }

    fn found(path: &str, columns: &[&str]) -> Result<Vec<Place>, String> {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        find(&map(), path, &columns).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_of_the_path_stand_in_for_columns_of_the_file() {
        let constant = |text: &str| Place::Constant(text.to_owned());
        let found = found("x/net=my%20space/day=1/part=9", &["id", "to"]).unwrap();
        assert_eq!(found, [constant("my space"), constant("like"), Place::Column(1), Place::Absent]);
        let path = super::path_columns("net=__HIVE_DEFAULT_PARTITION__/a=%zz/=x/file=name.csv");
        assert_eq!(path, [("net".into(), None), ("a".into(), Some("%zz".into()))]);
    }

    #[test]
    fn a_missing_column_is_named_with_those_there_are() {
        let error = found("a.csv", &["net", "two"]).unwrap_err();
        assert_eq!(
            error,
            "m.toml: column `to` (for `target`) is not in the file, which has `net`, `two`; did you mean `two`?"
        );
        let error = found("net=x/a.csv", &["to", "to"]).unwrap_err();
        assert!(error.contains("twice"), "{error}");
        assert!(found("net=x/a.csv", &[]).unwrap_err().ends_with("which has `net`"));
    }

    #[test]
    fn a_file_without_a_header_has_nothing_listed() {
        let error = found("a.csv", &["ann_smith", "1341100972", "like"]).unwrap_err();
        assert!(error.contains("header = false") && !error.contains("ann_smith"), "{error}");
    }
}
