//! `[[era]]`: what the file changes from a day on, so that older days keep the ruler that they had.
//!
//! An era is put over what stands above it in the parsed file, before that is checked: what is wrong with it is found and
//! told like anything else, at its own place.

use renown_core::record::{Day, Timestamp};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Fault, Source, listed};
use crate::{check_version, sets};

/// A ruler's time: from a day on, until the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Era {
    /// Its first day.
    pub from: Day,
    /// Why it came.
    pub memo: String,
}

/// A file as it is from some day on.
pub(crate) struct Dated<'s> {
    pub(crate) file: Spanned<DeTable<'s>>,
    /// All eras, by their days.
    pub(crate) eras: Vec<Era>,
}

/// The key of all eras.
const ERA: &str = "era";

/// What an era may change. How records are read is the same in all: they are read before it is known which holds.
pub(crate) const TABLES: [&str; 9] =
    ["time", "standing", "per_post", "combine", "scale", "networks", "lint", "attack", "budget"];

/// The file with its first eras, as many as are in force, and what was set put over it.
pub(crate) fn dated(source: &Source, in_force: usize) -> Result<Dated<'_>, Fault> {
    let mut file = DeTable::parse(source.text()).map_err(|error| Fault::of_toml(&error))?;
    // Before a table of another version is taken for an era.
    check_version(file.get_ref())?;
    let mut eras: Vec<Era> = Vec::new();
    for (index, (mut table, place)) in tables(file.get_mut())?.into_iter().enumerate() {
        let era = taken(&mut table, &place, eras.last())?;
        eras.push(era);
        if index < in_force {
            put_over(file.get_mut(), table, &[]);
        }
    }
    for (base, set) in source.sets() {
        sets::apply(file.get_mut(), set, base)?;
    }
    if let Some((key, _)) = file.get_ref().get_key_value(ERA) {
        let fault = Fault::at(key.span(), "eras cannot be set");
        return Err(fault.help("`--set` is put over the ruler that is in force, whichever that is"));
    }
    check_version(file.get_ref())?;
    Ok(Dated { file, eras })
}

/// Takes the tables of eras out of the file, each with its place.
fn tables<'s>(file: &mut DeTable<'s>) -> Result<Vec<(DeTable<'s>, std::ops::Range<usize>)>, Fault> {
    let Some(eras) = file.remove(ERA) else { return Ok(Vec::new()) };
    let no_table = |place| {
        Fault::at(place, "expected an array of tables")
            .help("each era is a table with double brackets, `[[era]]`; what it changes follows as `[era.networks.twitter]`")
    };
    let place = eras.span();
    let DeValue::Array(eras) = eras.into_inner() else { return Err(no_table(place)) };
    let eras = eras.into_iter().map(|era| {
        let place = era.span();
        match era.into_inner() {
            DeValue::Table(table) => Ok((table, place)),
            _ => Err(no_table(place)),
        }
    });
    eras.collect()
}

/// Takes the day and the memo out of an era's table, which then has what it changes.
fn taken(
    table: &mut DeTable<'_>,
    place: &std::ops::Range<usize>,
    before: Option<&Era>,
) -> Result<Era, Fault> {
    const WHY: &str = "say why the ruler changes: `memo = \"…\"`, which is shown beside scores";
    let missing =
        |key: &str, help: &str| Fault::at(place.clone(), format!("`{key}` is missing here")).help(help);
    let from = table.remove("from");
    let from =
        from.ok_or_else(|| missing("from", "write the first day on which it holds: `from = 2026-01-01`"))?;
    let day = day(&from)?;
    if let Some(before) = before.filter(|before| before.from >= day) {
        let message = format!("this era is from {day}, and the one above it from {}", before.from);
        return Err(Fault::at(from.span(), message)
            .help("eras stand in the order of their days: each is put over what stands above it"));
    }
    let memo = table.remove("memo").ok_or_else(|| missing("memo", WHY))?;
    let DeValue::String(text) = memo.get_ref() else {
        let found = memo.get_ref().type_str();
        return Err(Fault::at(memo.span(), format!("expected a text, found {found}")).help(WHY));
    };
    // It is shown in a line.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(Fault::at(memo.span(), "an era needs a memo").help(WHY));
    }
    let known = |key: &str| TABLES.contains(&key);
    if let Some(key) = table.keys().find(|key| !known(key.get_ref())) {
        let name = key.get_ref();
        let fault = Fault::at(key.span(), format!("an era cannot have `{name}`"));
        let fault = fault.label(format!("expected {}", listed(&TABLES)));
        return Err(match &**name {
            "plugin" | "adapters" => fault
                .help("records are read alike in all eras: put it above the first, where it holds for all"),
            _ => fault.meant(name, TABLES),
        });
    }
    if table.is_empty() {
        return Err(Fault::at(place.clone(), "this era changes nothing")
            .help("what it changes follows it, as `[era.networks.twitter]`"));
    }
    Ok(Era { from: day, memo: text })
}

/// The day of a TOML date.
fn day(from: &Spanned<DeValue<'_>>) -> Result<Day, Fault> {
    let date = match from.get_ref() {
        DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => at.date,
        _ => None,
    };
    let at = date.and_then(|date| {
        let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
        let date = jiff::civil::Date::new(i16::try_from(date.year).ok()?, month, day).ok()?;
        let at = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Timestamp::from_micros(at.as_microsecond())
    });
    at.map(Timestamp::day).ok_or_else(|| {
        Fault::at(from.span(), "`from` must be a day from 1970-01-01 to 2148-12-31")
            .help("write it without quotes and without a time: `from = 2026-01-01`")
    })
}

/// Puts a table over another that stands at a path: table by table, value by value.
fn put_over<'s>(table: &mut DeTable<'s>, over: DeTable<'s>, path: &[&str]) {
    for (key, belongs) in [("formula", "params"), ("curve", "unit")] {
        // Of another formula, the parameters are others, too: there is no way to write that one is gone.
        let is_there =
            matches!((path, key), (["networks", _], "formula") | (["networks", _, "features", _], "curve"));
        if is_there && over.contains_key(key) {
            table.remove(belongs);
        }
    }
    for (key, mut value) in over {
        if let Some(below) = table.get_mut(&**key.get_ref()) {
            let is_table = |value: &Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Table(_));
            if matches!(path, ["networks", _, "features"]) && (is_table(below) || is_table(&value)) {
                sets::write_out(below);
                sets::write_out(&mut value);
            }
            if is_table(below)
                && is_table(&value)
                && let (DeValue::Table(below), DeValue::Table(over)) = (below.get_mut(), value.get_mut())
            {
                put_over(below, std::mem::take(over), &[path, &[key.get_ref()]].concat());
                continue;
            }
        }
        // With the place of the key as well.
        table.remove(&**key.get_ref());
        table.insert(key, value);
    }
}
