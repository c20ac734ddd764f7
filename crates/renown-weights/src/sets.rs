//! `--set a.b=1`: one value put over what the file says.
//!
//! It is put into the parsed file before that is checked, so that what is wrong with it is found and told in the same
//! way as what is wrong with the file; see [`Source`](crate::error::Source) for how its place is kept.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Fault;

/// A key of a path, and its place.
struct Key<'s> {
    text: Cow<'s, str>,
    span: Range<usize>,
}

/// Puts `set`, which begins at place `base`, over what is in `root`.
pub(crate) fn apply<'s>(root: &mut DeTable<'s>, set: &'s str, base: usize) -> Result<(), Fault> {
    let (path, value_at) = path(set, base)?;
    let value = value(&set[value_at..], base + value_at)?;
    put(root, &path, value)
}

/// The keys of a path, written as in a `--set`; `None` if it is none.
pub(crate) fn keys(path: &str) -> Option<Vec<String>> {
    let whole = format!("{path}=");
    let (keys, value_at) = self::path(&whole, 0).ok()?;
    (value_at == whole.len()).then(|| keys.into_iter().map(|key| key.text.into_owned()).collect())
}

/// Splits at the `.`s of the path and finds where the value begins.
fn path(set: &str, base: usize) -> Result<(Vec<Key<'_>>, usize), Fault> {
    const FORM: &str = "write `--set path.of.the.value=value`, as in `--set networks.twitter.weight=0.5`";
    let end = base + set.len();
    let mut keys = Vec::new();
    let mut at = 0;
    loop {
        let rest = &set[at..];
        let (text, length) = if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let close = rest[1..].find(quote).ok_or_else(|| {
                Fault::at(base + at..end, format!("the key that begins with {quote} does not end")).help(FORM)
            })?;
            (&rest[1..=close], close + 2)
        } else {
            let length = rest.find(['.', '=']).unwrap_or(rest.len());
            (rest[..length].trim(), length)
        };
        let span = base + at..base + at + length;
        if text.is_empty() {
            return Err(Fault::at(span, "expected a key here").help(FORM));
        }
        keys.push(Key { text: Cow::Borrowed(text), span });
        at += length;
        match set.as_bytes().get(at) {
            Some(b'.') => at += 1,
            Some(b'=') => return Ok((whole_features(keys), at + 1)),
            Some(_) => return Err(Fault::at(base + at..end, "expected `.` or `=` after the key").help(FORM)),
            None => return Err(Fault::at(end..end, "expected `=` and a value").help(FORM)),
        }
    }
}

/// Joins `repost` and `weighted` to the one key `repost.weighted`: features are the only keys with a dot in them, and
/// many a shell eats the quotes that keep it together.
fn whole_features(mut keys: Vec<Key<'_>>) -> Vec<Key<'_>> {
    if let [networks, _, features, word, _, ..] = &keys[..]
        && (&*networks.text, &*features.text) == ("networks", "features")
        && !word.text.contains('.')
    {
        let stat = keys.remove(4);
        let word = &mut keys[3];
        word.text = format!("{}.{}", word.text, stat.text).into();
        word.span.end = stat.span.end;
    }
    keys
}

/// Reads a TOML value; a bare word stands for a text.
fn value(text: &str, base: usize) -> Result<Spanned<DeValue<'_>>, Fault> {
    let start = base + text.len() - text.trim_start().len();
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::at(start..start, "expected a value after `=`"));
    }
    match DeValue::parse(text) {
        Ok(value) => Ok(moved(value, start)),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) => {
            Ok(Spanned::new(start..start + text.len(), DeValue::String(text.into())))
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..text.len());
            Err(Fault::at(start + span.start..start + span.end, error.message()))
        }
    }
}

/// A value with all its places moved by `base`.
fn moved(value: Spanned<DeValue<'_>>, base: usize) -> Spanned<DeValue<'_>> {
    let moved_span = |span: Range<usize>| base + span.start..base + span.end;
    let span = moved_span(value.span());
    let value = match value.into_inner() {
        DeValue::Array(values) => {
            DeValue::Array(values.into_iter().map(|value| moved(value, base)).collect())
        }
        DeValue::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| {
                let span = moved_span(key.span());
                (Spanned::new(span, key.into_inner()), moved(value, base))
            });
            DeValue::Table(entries.collect())
        }
        value => value,
    };
    Spanned::new(span, value)
}

fn put<'s>(root: &mut DeTable<'s>, path: &[Key<'s>], value: Spanned<DeValue<'s>>) -> Result<(), Fault> {
    let Some((last, tables)) = path.split_last() else { return Ok(()) };
    let mut table = root;
    for (depth, key) in tables.iter().enumerate() {
        known(table, path, depth)?;
        if !table.contains_key(&*key.text) {
            insert(table, key, Spanned::new(key.span.clone(), DeValue::Table(DeTable::new())));
        }
        let Some(entry) = table.get_mut(&*key.text) else { return Ok(()) };
        if is_feature(path, depth) {
            write_out(entry);
        }
        let kind = entry.get_ref().type_str();
        let DeValue::Table(next) = entry.get_mut() else {
            return Err(Fault::at(
                key.span.clone(),
                format!("`{}` is of type {kind}, with nothing below it", key.text),
            ));
        };
        table = next;
    }
    known(table, path, tables.len())?;
    if is_feature(path, tables.len())
        && is_number(value.get_ref())
        && let Some(DeValue::Table(feature)) = table.get_mut(&*last.text).map(Spanned::get_mut)
    {
        // A number alone is a feature's weight; what else the file says of it stays.
        let weight = Key { text: "weight".into(), span: last.span.clone() };
        insert(feature, &weight, value);
    } else {
        insert(table, last, value);
    }
    Ok(())
}

/// Makes of a feature's short form, in which a number is the weight, the long one.
pub(crate) fn write_out(feature: &mut Spanned<DeValue<'_>>) {
    if is_number(feature.get_ref()) {
        let span = feature.span();
        let weight = std::mem::replace(feature.get_mut(), DeValue::Table(DeTable::new()));
        if let DeValue::Table(table) = feature.get_mut() {
            table.insert(Spanned::new(span.clone(), "weight".into()), Spanned::new(span, weight));
        }
    }
}

/// Puts a value under a key, which is then the one that was given, with its place.
fn insert<'s>(table: &mut DeTable<'s>, key: &Key<'s>, value: Spanned<DeValue<'s>>) {
    table.remove(&*key.text);
    table.insert(Spanned::new(key.span.clone(), key.text.clone()), value);
}

fn is_number(value: &DeValue<'_>) -> bool {
    matches!(value, DeValue::Integer(_) | DeValue::Float(_))
}

/// Whether the key at this depth of the path is a network's name.
fn is_network(path: &[Key<'_>], depth: usize) -> bool {
    depth == 1 && path[0].text == "networks"
}

/// Whether the key at this depth of the path is a feature's name.
fn is_feature(path: &[Key<'_>], depth: usize) -> bool {
    depth == 3 && is_network(path, 1) && path[2].text == "features"
}

/// Refuses networks and features that the file does not have: a slip would else be a new one that nothing ever has.
/// All other keys are checked with the file.
fn known(table: &DeTable<'_>, path: &[Key<'_>], depth: usize) -> Result<(), Fault> {
    let key = &path[depth];
    let message = match key.text.as_ref() {
        known if table.contains_key(known) => return Ok(()),
        network if is_network(path, depth) => format!("the weights name no network `{network}`"),
        feature if is_feature(path, depth) => {
            format!("the weights of `{}` name no feature `{feature}`", path[1].text)
        }
        _ => return Ok(()),
    };
    Err(Fault::at(key.span.clone(), message)
        .help("`--set` overrides what the file names; what is new is added to the file")
        .meant(&key.text, table.keys().map(|key| &**key.get_ref())))
}
