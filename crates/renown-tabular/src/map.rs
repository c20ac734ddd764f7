//! The map: which column of a table is which field of a record. Read from TOML, checked as a whole, so that what is
//! wrong is said with its line before any table is opened.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use renown_sdk::is_plain;
use renown_sdk::suggest::{nearest, unknown};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use toml::Spanned;

use crate::cell::{IdStyle, TimeForm, Unit};

/// What a table's columns mean.
///
/// ```
/// let map = renown_tabular::Map::parse(
///     r#"
///     network = "twitter"
///     [columns]
///     at = { column = "time", unit = "ms" }
///     actor = "user"
///     target = "author"
///     kind = { value = "repost" }
///     "#,
///     "maps/reposts.toml",
/// )?;
/// assert_eq!(map.columns().collect::<Vec<_>>(), ["time", "user", "author"]);
/// # Ok::<(), renown_tabular::MapError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Map {
    pub(crate) path: String,
    /// The byte between fields of CSV; sniffed if the map does not say.
    pub(crate) delimiter: Option<u8>,
    /// Whether CSV fields may be quoted; by the delimiter if the map does not say.
    pub(crate) quotes: Option<bool>,
    /// Whether a CSV file begins with a line of column names.
    pub(crate) header: bool,
    /// What else than nothing stands for a missing value.
    pub(crate) missing: Vec<String>,
    /// Every column and constant that a field is read from, each once. Fields name them by their place here.
    pub(crate) slots: Vec<Slot>,
    pub(crate) fields: Fields,
    /// Value in the file, and kind.
    pub(crate) kinds: Vec<(String, String)>,
}

/// Where a field is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The column's name, or the constant.
    pub(crate) text: String,
    /// The field that uses it first, for messages.
    pub(crate) field: String,
    pub(crate) constant: bool,
    /// Whether a file may lack the column.
    pub(crate) optional: bool,
}

/// The fields of records, each by its [`Slot`]; `None` where the map has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) network: usize,
    pub(crate) at: Option<(usize, TimeForm)>,
    pub(crate) observed: Option<(usize, TimeForm)>,
    pub(crate) kind: Option<usize>,
    pub(crate) actor: Option<(usize, IdStyle)>,
    pub(crate) target: Option<(usize, IdStyle)>,
    pub(crate) object: Option<(usize, IdStyle)>,
    pub(crate) id: Option<(usize, IdStyle)>,
    pub(crate) amount: Option<usize>,
    pub(crate) account: Option<(usize, IdStyle)>,
    pub(crate) handle: Option<usize>,
    pub(crate) community: Option<usize>,
    /// Metric and column.
    pub(crate) metrics: Vec<(String, usize)>,
    /// Kind and column of a post's totals.
    pub(crate) totals: Vec<(String, usize)>,
}

impl Map {
    /// Reads a map. `path` is where it came from, for messages.
    ///
    /// # Errors
    /// [`MapError`]: the line, what is wrong with it and, for a misspelt word, what may have been meant.
    pub fn parse(text: &str, path: &str) -> Result<Self, MapError> {
        let raw: RawMap = toml::from_str(text).map_err(|error| MapError::of_toml(text, path, &error))?;
        Builder::default().build(raw, path).map_err(|fault| MapError::new(text, path, fault))
    }

    /// The file it was read from.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The columns that it names, in the order of a record's fields.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter(|slot| !slot.constant).map(|slot| slot.text.as_str())
    }
}

/// A map that cannot be used. Displays as an excerpt with a caret under the fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rendered}")]
pub struct MapError {
    line: usize,
    message: String,
    rendered: String,
}

impl MapError {
    /// The line of the fault, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// What is wrong, without the excerpt.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn new(text: &str, path: &str, fault: Fault) -> Self {
        let Fault { span, message, help } = fault;
        let span = span.start.min(text.len())..span.end.min(text.len());
        let line = text.as_bytes()[..span.start].split(|&byte| byte == b'\n').count();
        let group = Level::ERROR
            .primary_title(message.as_str())
            .element(Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(span)))
            .elements(help.iter().map(|help| Level::HELP.message(help.as_str())));
        let rendered = Renderer::plain().render(&[group]);
        Self { line, message, rendered }
    }

    fn of_toml(text: &str, path: &str, error: &toml::de::Error) -> Self {
        let meant = unknown(error.message()).and_then(|(wrong, known)| nearest(wrong, known));
        let help = meant.map(|known| format!("did you mean `{known}`?"));
        let fault = Fault { span: error.span().unwrap_or(0..0), message: error.message().to_owned(), help };
        Self::new(text, path, fault)
    }
}

/// What is wrong with a map, and where.
struct Fault {
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The file as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMap {
    network: Option<Spanned<RawSource>>,
    delimiter: Option<Spanned<String>>,
    quotes: Option<bool>,
    header: Option<bool>,
    #[serde(default)]
    missing: Vec<String>,
    columns: Option<Spanned<RawColumns>>,
    #[serde(default)]
    kinds: BTreeMap<String, Spanned<String>>,
    observations: Option<Spanned<RawCounts>>,
    totals: Option<Spanned<RawCounts>>,
}

type RawCounts = BTreeMap<Spanned<String>, Spanned<RawSource>>;

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumns {
    network: Option<Spanned<RawSource>>,
    at: Option<Spanned<RawSource>>,
    observed: Option<Spanned<RawSource>>,
    kind: Option<Spanned<RawSource>>,
    actor: Option<Spanned<RawSource>>,
    target: Option<Spanned<RawSource>>,
    object: Option<Spanned<RawSource>>,
    id: Option<Spanned<RawSource>>,
    amount: Option<Spanned<RawSource>>,
    account: Option<Spanned<RawSource>>,
    handle: Option<Spanned<RawSource>>,
    community: Option<Spanned<RawSource>>,
}

/// `"name"`, a number, or a table.
enum RawSource {
    Name(String),
    Table(RawTable),
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    column: Option<Name>,
    value: Option<Name>,
    unit: Option<Unit>,
    format: Option<String>,
    #[serde(rename = "as")]
    style: Option<IdStyle>,
    #[serde(default)]
    optional: bool,
}

/// A text, or a whole number as text: columns without a header have numbers, and a constant id may be one.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match RawSource::deserialize(deserializer)? {
            RawSource::Name(name) => Ok(Self(name)),
            RawSource::Table(_) => Err(de::Error::custom("expected a text or a whole number")),
        }
    }
}

impl<'de> Deserialize<'de> for RawSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SourceVisitor;
        impl<'de> Visitor<'de> for SourceVisitor {
            type Value = RawSource;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column's name, { column = \"…\" } or { value = \"…\" }")
            }
            fn visit_str<E>(self, name: &str) -> Result<RawSource, E> {
                Ok(RawSource::Name(name.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<RawSource, E> {
                Ok(RawSource::Name(number.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawSource, A::Error> {
                RawTable::deserialize(de::value::MapAccessDeserializer::new(map)).map(RawSource::Table)
            }
        }
        deserializer.deserialize_any(SourceVisitor)
    }
}

/// What a field is, which says what may be written beside its column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Time,
    Id,
    Word,
    Text,
    Count,
}

/// Collects slots while fields are read.
#[derive(Default)]
struct Builder {
    slots: Vec<Slot>,
    numbered: bool,
}

/// A field's source, checked.
struct Source {
    slot: usize,
    unit: Option<Unit>,
    format: Option<String>,
    style: IdStyle,
}

impl Builder {
    fn build(mut self, raw: RawMap, path: &str) -> Result<Map, Fault> {
        self.numbered = raw.header == Some(false);
        let whole = raw.columns.as_ref().map_or(0..0, Spanned::span);
        let columns = raw.columns.map(Spanned::into_inner).unwrap_or_default();
        let network = match (raw.network, columns.network) {
            // Beside [columns], a bare text is the network itself; under it, a column.
            (Some(source), None) => match source.as_ref() {
                RawSource::Name(name) => {
                    let constant = RawTable { value: Some(Name(name.clone())), ..RawTable::default() };
                    Some(Spanned::new(source.span(), RawSource::Table(constant)))
                }
                RawSource::Table(_) => Some(source),
            },
            (None, source) => source,
            (Some(_), Some(twice)) => {
                return Err(Fault::new(
                    twice.span(),
                    "`network` is given twice: above [columns] and under it",
                ));
            }
        };
        let mut fields = Fields::default();
        let Some(network) = self.source("network", Sort::Word, network)? else {
            return Err(Fault::new(0..0, "the map does not say which network it is").help(
                "write `network = \"…\"` on the first line, or `network = \"its column\"` under [columns]",
            ));
        };
        fields.network = network.slot;
        fields.at = self.source("at", Sort::Time, columns.at)?.map(Source::time);
        fields.kind = self.source("kind", Sort::Word, columns.kind)?.map(|source| source.slot);
        fields.actor = self.source("actor", Sort::Id, columns.actor)?.map(Source::id);
        fields.target = self.source("target", Sort::Id, columns.target)?.map(Source::id);
        fields.object = self.source("object", Sort::Id, columns.object)?.map(Source::id);
        fields.id = self.source("id", Sort::Id, columns.id)?.map(Source::id);
        fields.amount = self.source("amount", Sort::Count, columns.amount)?.map(|source| source.slot);
        fields.account = self.source("account", Sort::Id, columns.account)?.map(Source::id);
        fields.handle = self.source("handle", Sort::Text, columns.handle)?.map(|source| source.slot);
        fields.community = self.source("community", Sort::Text, columns.community)?.map(|source| source.slot);
        fields.observed = self.source("observed", Sort::Time, columns.observed)?.map(Source::time);
        let metrics_span = raw.observations.as_ref().map_or(0..0, Spanned::span);
        fields.metrics = self.counts("metric", raw.observations)?;
        let totals_span = raw.totals.as_ref().map_or(0..0, Spanned::span);
        fields.totals = self.counts("kind", raw.totals)?;

        if !fields.totals.is_empty() && fields.kind.is_none() {
            // A table of totals is a table of posts.
            fields.kind = Some(self.slot("kind", renown_sdk::POST.to_owned(), true, false));
        }
        // An account of which only the handle is known goes by its handle.
        if let (None, Some(slot)) = (&fields.account, fields.handle) {
            fields.account = Some((slot, IdStyle::Handle));
            fields.handle = None;
        }
        if fields.kind.is_none() && fields.account.is_none() {
            return Err(Fault::new(whole, "the map makes no records")
                .help("give `kind` under [columns] for a table of acts, or `account` and [observations] for one of accounts"));
        }
        if !fields.metrics.is_empty() && fields.account.is_none() {
            return Err(Fault::new(
                metrics_span,
                "[observations] need `account` under [columns]: whose are they?",
            ));
        }
        self.check_acts(&fields, whole)?;
        if !fields.totals.is_empty() && fields.object.is_none() && fields.id.is_none() {
            return Err(Fault::new(
                totals_span,
                "[totals] need `object` under [columns]: which post's are they?",
            ));
        }
        let kinds =
            raw.kinds.into_iter().map(|(value, kind)| kind_of(value, kind)).collect::<Result<_, _>>()?;
        Ok(Map {
            path: path.to_owned(),
            delimiter: raw.delimiter.as_ref().map(delimiter).transpose()?,
            quotes: raw.quotes,
            header: raw.header.unwrap_or(true),
            missing: raw.missing,
            slots: self.slots,
            fields,
            kinds,
        })
    }

    /// Acts need somebody or something that receives them.
    fn check_acts(&self, fields: &Fields, span: Range<usize>) -> Result<(), Fault> {
        let Some(kind) = fields.kind else { return Ok(()) };
        let only_posts = self.slots[kind].constant && self.slots[kind].text == renown_sdk::POST;
        let received = fields.target.is_some() || fields.object.is_some();
        if received || (only_posts && (fields.actor.is_some() || fields.id.is_some())) {
            return Ok(());
        }
        Err(Fault::new(span, "acts need `target` (the account that receives them) or `object` (the post)"))
    }

    fn counts(&mut self, sort: &str, raw: Option<Spanned<RawCounts>>) -> Result<Vec<(String, usize)>, Fault> {
        let mut counts = Vec::new();
        for (name, source) in raw.map(Spanned::into_inner).unwrap_or_default() {
            let (span, name) = (name.span(), name.into_inner());
            if !is_plain(&name) {
                return Err(Fault::new(span, format!("`{name}` is not a name for a {sort}")).help(PLAIN));
            }
            if let Some(source) = self.source(&name, Sort::Count, Some(source))? {
                counts.push((name, source.slot));
            }
        }
        Ok(counts)
    }

    fn source(
        &mut self,
        field: &str,
        sort: Sort,
        raw: Option<Spanned<RawSource>>,
    ) -> Result<Option<Source>, Fault> {
        let Some(raw) = raw else { return Ok(None) };
        let span = raw.span();
        let table = match raw.into_inner() {
            RawSource::Name(name) => RawTable { column: Some(Name(name)), ..RawTable::default() },
            RawSource::Table(table) => table,
        };
        let (text, constant) = match (table.column, table.value) {
            (Some(Name(column)), None) => (column, false),
            (None, Some(Name(value))) if table.optional => {
                return Err(Fault::new(
                    span,
                    format!("the value `{value}` is always there: `optional` is for columns"),
                ));
            }
            (None, Some(Name(value))) => (value, true),
            (Some(_), Some(_)) => {
                return Err(Fault::new(span, format!("`{field}` is given both a `column` and a `value`")));
            }
            (None, None) => {
                return Err(Fault::new(span, format!("`{field}` is given neither a `column` nor a `value`")));
            }
        };
        if text.is_empty() {
            return Err(Fault::new(span, format!("`{field}` is given an empty text")));
        }
        if constant && sort == Sort::Word && !is_plain(&text) {
            return Err(Fault::new(span, format!("`{text}` is not a name for a {field}")).help(PLAIN));
        }
        if constant && sort == Sort::Count && crate::cell::count(crate::cell::Cell::Text(&text)).is_err() {
            return Err(Fault::new(span, format!("`{field}` must be a whole number from 0 to 10^18")));
        }
        if !constant && self.numbered && !text.parse::<usize>().is_ok_and(|number| number > 0) {
            return Err(Fault::new(span, "without a header, columns go by number: the first is 1"));
        }
        for (key, given, fits) in [
            ("unit", table.unit.is_some(), sort == Sort::Time),
            ("format", table.format.is_some(), sort == Sort::Time),
            ("as", table.style.is_some(), sort == Sort::Id),
        ] {
            if given && !fits {
                let wanted = if key == "as" { "columns of ids" } else { "columns of times" };
                return Err(Fault::new(span, format!("`{key}` is for {wanted}, and `{field}` is none")));
            }
        }
        if table.unit.is_some() && table.format.is_some() {
            return Err(Fault::new(span, "a time has either a `unit` or a `format`"));
        }
        let slot = self.slot(field, text, constant, table.optional);
        Ok(Some(Source {
            slot,
            unit: table.unit,
            format: table.format,
            style: table.style.unwrap_or_default(),
        }))
    }

    /// The place of a column or constant, which is added if it is new. A column that one field needs and another
    /// may lack is needed.
    fn slot(&mut self, field: &str, text: String, constant: bool, optional: bool) -> usize {
        if let Some(at) = self.slots.iter().position(|slot| slot.text == text && slot.constant == constant) {
            self.slots[at].optional &= optional;
            return at;
        }
        self.slots.push(Slot { text, field: field.to_owned(), constant, optional });
        self.slots.len() - 1
    }
}

impl Source {
    fn time(self) -> (usize, TimeForm) {
        let form = match (self.unit, self.format) {
            (Some(unit), _) => TimeForm::Unix(unit),
            (None, Some(format)) => TimeForm::Format(format),
            (None, None) => TimeForm::Any,
        };
        (self.slot, form)
    }

    fn id(self) -> (usize, IdStyle) {
        (self.slot, self.style)
    }
}

const PLAIN: &str = "names are lower case letters, digits, `_` and `-`, and begin with a letter";

fn kind_of(value: String, kind: Spanned<String>) -> Result<(String, String), Fault> {
    if !is_plain(kind.as_ref()) {
        return Err(
            Fault::new(kind.span(), format!("`{}` is not a name for a kind", kind.as_ref())).help(PLAIN)
        );
    }
    Ok((value, kind.into_inner()))
}

fn delimiter(text: &Spanned<String>) -> Result<u8, Fault> {
    match text.as_ref().as_bytes() {
        b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'"') => Ok(*byte),
        _ => Err(Fault::new(
            text.span(),
            "a delimiter is one ASCII character, as \",\", \";\", \"|\" or \"\\t\"",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> MapError {
        Map::parse(text, "maps/test.toml").expect_err(text)
    }

    #[test]
    fn a_map_is_read_whole() {
        let map = Map::parse(
            r#"
            delimiter = "tab"
            quotes = true
            missing = ["NULL"]
            [columns]
            network = "net"
            at = { column = "time", unit = "ms" }
            observed = { column = "time", format = "%Y" }
            kind = "what"
            actor = { column = "who", as = "handle" }
            target = { value = 12 }
            object = { column = "post", optional = true }
            id = "post"
            [kinds]
            RT = "repost"
            [observations]
            followers = "fans"
            "#,
            "x",
        );
        let error = map.expect_err("observations without an account");
        assert!(error.message().contains("account"), "{error}");
        assert_eq!(error.line(), 16);
    }

    #[test]
    fn columns_used_twice_are_read_once() {
        let map = Map::parse(
            "network = 'x'\n[columns]\nkind = {value = 'post'}\nid = 'a'\nobject = {column = 'a', optional = true}\n[totals]\nlike = 'a'",
            "",
        )
        .unwrap();
        assert_eq!(map.columns().collect::<Vec<_>>(), ["a"]);
        assert!(!map.slots.iter().any(|slot| slot.optional));
        assert_eq!(map.fields.totals, [("like".to_owned(), map.fields.id.unwrap().0)]);
    }

    #[test]
    fn totals_alone_are_a_table_of_posts() {
        let map = Map::parse("network = 'x'\n[columns]\nobject = 'a'\n[totals]\nlike = 'b'", "").unwrap();
        assert_eq!(map.slots[map.fields.kind.unwrap()].text, "post");
    }

    #[test]
    fn an_unknown_key_is_shown_with_what_was_meant() {
        let error = fails("network = 'x'\n[columns]\nactr = 'who'\n");
        assert_eq!(error.line(), 3);
        let shown = error.to_string();
        for part in ["maps/test.toml:3", "actr = 'who'", "^^^^", "did you mean `actor`?"] {
            assert!(shown.contains(part), "{part} in\n{shown}");
        }
        let shown = fails("network = 'x'\n[columns]\nat = { column = 'a', unti = 's' }\n").to_string();
        assert!(shown.contains("did you mean `unit`?"), "{shown}");
        let shown = fails("network = 'x'\n[colums]\nat = 'a'\n").to_string();
        assert!(shown.contains("did you mean `columns`?"), "{shown}");
    }

    #[test]
    fn each_fault_is_found_on_its_line() {
        for (text, line, part) in [
            ("", 1, "which network"),
            ("network = ", 1, ""),
            ("network = 'x'", 1, "makes no records"),
            ("network = 'Näh!'\n[columns]\nkind = 'k'\ntarget = 't'", 1, "not a name for a network"),
            ("network = 'x'\n[columns]\nnetwork = 'y'", 3, "twice"),
            ("network = 'x'\n[columns]\nkind = 'k'", 2, "acts need `target`"),
            ("network = 'x'\n[columns]\nkind = { value = 'post' }", 2, "acts need `target`"),
            ("network = 'x'\n[columns]\nkind = 'k'\ntarget = {}", 4, "neither"),
            ("network = 'x'\n[columns]\nkind = 'k'\ntarget = {column = 'a', value = 'b'}", 4, "both"),
            (
                "network = 'x'\n[columns]\nkind = 'k'\ntarget = {value = 'b', optional = true}",
                4,
                "always there",
            ),
            ("network = 'x'\n[columns]\nkind = 'k'\ntarget = ''", 4, "empty"),
            ("network = 'x'\n[columns]\nkind = 'k'\ntarget = true", 4, "column's name"),
            ("network = 'x'\n[columns]\nkind = 'k'\ntarget = {column = 'a', unit = 's'}", 4, "`unit` is for"),
            (
                "network = 'x'\n[columns]\nkind = 'k'\ntarget = 't'\nat = {column = 'a', as = 'id'}",
                5,
                "`as` is for",
            ),
            (
                "network = 'x'\n[columns]\nkind = 'k'\ntarget = 't'\nat = {column = 'a', unit = 'h'}",
                5,
                "unknown variant",
            ),
            (
                "network = 'x'\n[columns]\nkind = 'k'\ntarget = 't'\namount = {value = 'few'}",
                5,
                "whole number",
            ),
            (
                "network = 'x'\n[columns]\nkind = 'k'\ntarget = 't'\n[kinds]\nA = 'B b'",
                6,
                "not a name for a kind",
            ),
            (
                "network = 'x'\n[columns]\naccount = 'k'\n[observations]\n'A a' = 'f'",
                5,
                "not a name for a metric",
            ),
            ("network = 'x'\ndelimiter = ', '\n[columns]\naccount = 'k'", 2, "one ASCII character"),
            ("network = 'x'\nheader = false\n[columns]\naccount = 'k'", 4, "by number"),
            (
                "network = 'x'\n[columns]\nkind = { value = 'post' }\nactor = 'a'\n[totals]\nlike = 'l'",
                5,
                "which post",
            ),
        ] {
            let error = fails(text);
            assert!(error.message().contains(part), "{text}\n{error}");
            assert_eq!(error.line(), line, "{text}\n{error}");
        }
    }

    #[test]
    fn any_text_is_answered_without_a_panic() {
        for text in [
            "\u{feff}network = 'x'",
            "\0",
            "[[[[",
            "a.b.c = 1",
            "network = 'å\u{301}'\n[columns]\nx = '\u{1F600}'",
        ] {
            let _ = Map::parse(text, "p").map_err(|error| error.to_string());
        }
    }
}
