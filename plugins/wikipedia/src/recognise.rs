//! Which kind of file a file is, and what its name says. The tables have nothing of their own that would tell them from
//! other networks' tables, so both their content and their name must fit.

use renown_sdk::{File, Timestamp, time};

use crate::page::is_language;
use crate::views::Row;

/// A kind of file. The manifest describes each under [`Kind::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Views,
    Links,
    ProjectViews,
    SqlDump,
}

impl Kind {
    /// Every kind, in the order of the manifest.
    pub(crate) const ALL: [Self; 4] = [Self::Views, Self::Links, Self::ProjectViews, Self::SqlDump];

    /// Its name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Views => "pageviews",
            Self::Links => "page-links",
            Self::ProjectViews => "project-views",
            Self::SqlDump => "sql-dump",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How many rows are looked at.
const ROWS: usize = 8;

/// The kind of a file, `None` if it is not Wikipedia's.
pub(crate) fn recognise(file: &File<'_>) -> Option<Kind> {
    if is_dump(file) {
        return Some(Kind::SqlDump);
    }
    let name = file.name();
    if is_hourly(name, &["pageviews", "pagecounts"]) && rows(file.head, is_view) {
        Some(Kind::Views)
    } else if is_hourly(name, &["projectviews", "projectcounts"]) && rows(file.head, is_view) {
        Some(Kind::ProjectViews)
    } else if wiki(file.path).is_some() {
        let columns = first_line(file.head).and_then(Columns::of)?;
        (columns.headed || rows(file.head, |row| columns.pick(row).is_some())).then_some(Kind::Links)
    } else {
        None
    }
}

/// Whether it is a dump of one of the tables of which links consist.
fn is_dump(file: &File<'_>) -> bool {
    // Newer servers put a line in front that switches a client's commands off.
    let begins = String::from_utf8_lossy(&file.head[..file.head.len().min(8 << 10)]);
    let is_sql =
        ["-- MySQL dump", "-- MariaDB dump", "/*M!999999"].iter().any(|start| begins.starts_with(start));
    let has = |table: &str| {
        begins.contains(&format!("TABLE `{table}`")) || begins.contains(&format!("INTO `{table}`"))
    };
    // Others may call a table `page`, too.
    let own = has("pagelinks") || has("linktarget");
    is_sql && (own || (wiki(file.path).is_some() && (has("page") || has("redirect"))))
}

/// Whether a name is `PREFIX-20260101-…`, or just `PREFIX…`.
fn is_hourly(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['-', '.']) || rest.is_empty())
    })
}

fn is_view(row: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    Row::parse(row).is_some_and(|row| {
        let code = row.code.split('.').next().unwrap_or(row.code);
        (is_language(code) || code == "\"\"") && digits(row.views) && digits(row.bytes)
    })
}

/// Whether the first row fits, and at least half of the next. The last may be cut off, and so is not looked at unless it
/// is the only one.
fn rows(head: &[u8], fits: impl Fn(&str) -> bool) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(16 << 10)]);
    let text = text.trim_start_matches('\u{feff}');
    let whole = text.rfind('\n').map_or(text, |end| &text[..end]);
    let rows: Vec<bool> = whole.lines().filter(|row| !row.trim().is_empty()).take(ROWS).map(fits).collect();
    rows.first() == Some(&true) && rows.iter().filter(|&&fits| fits).count() * 2 >= rows.len()
}

/// The first line of a file.
pub(crate) fn first_line(head: &[u8]) -> Option<&str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').next()?;
    std::str::from_utf8(line).ok().map(|line| line.trim_end_matches('\r'))
}

/// Which columns of a table of links are its two ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The two columns; none in a table that has just two.
    named: Option<(usize, usize)>,
    /// Whether the first row names them.
    pub(crate) headed: bool,
}

/// What published link graphs call the ends.
const ENDS: [(&str, &str); 3] = [("from", "to"), ("page_title_from", "page_title_to"), ("source", "target")];

impl Columns {
    /// Of the first row; `None` if it is that of another table.
    pub(crate) fn of(row: &str) -> Option<Self> {
        let header: Vec<&str> = row.split('\t').map(str::trim).collect();
        let place = |end: &str| header.iter().position(|name| name.eq_ignore_ascii_case(end));
        let named = ENDS.into_iter().find_map(|(from, to)| place(from).zip(place(to)));
        match named {
            Some(_) => Some(Self { named, headed: true }),
            None => (header.len() == 2).then(Self::default),
        }
    }

    /// The two ends in a row.
    pub(crate) fn pick<'a>(&self, row: &'a str) -> Option<(&'a str, &'a str)> {
        match self.named {
            Some((from, to)) => Some((row.split('\t').nth(from)?, row.split('\t').nth(to)?)),
            None => row.split_once('\t').filter(|(_, to)| !to.contains('\t')),
        }
    }
}

/// The language of the Wikipedia that a path names: `enwiki-links.tsv`, `dumps/zh_min_nanwiki/links.tsv`.
pub(crate) fn wiki(path: &str) -> Option<String> {
    let word = |byte: char| !byte.is_ascii_alphanumeric() && byte != '_';
    let database = path.rsplit('/').flat_map(|part| part.split(word)).find_map(|word| {
        let language = word.strip_suffix("wiki")?;
        is_language(&language.replace('_', "-")).then_some(language)
    })?;
    let language = database.replace('_', "-");
    // Wikis of other projects are called the same way.
    let others = ["commons", "meta", "species", "incubator", "wikidata", "media", "test"];
    (!others.contains(&&*language)).then_some(language)
}

/// The beginning of the hour that a name says: `pageviews-20260101-130000`. Until 2016, `pagecounts` said its end.
pub(crate) fn hour(name: &str) -> Option<Timestamp> {
    let mut parts = name.split(['-', '.']);
    let prefix = parts.next()?;
    let (date, clock) = (parts.next()?, parts.next()?);
    let clock_like = clock.len() == 6 && clock.bytes().all(|byte| byte.is_ascii_digit());
    if !clock_like {
        return day(name);
    }
    let at = time::parse(&format!("{}T{}:{}:{}Z", iso(date)?, &clock[..2], &clock[2..4], &clock[4..]))?;
    let shift = if prefix == "pagecounts" { 3_600_000_000 } else { 0 };
    Timestamp::from_micros(at.micros() - shift)
}

/// The day that a name says: `enwiki-20260101-links.tsv`, `enwiki.wikilink_graph.2018-03-01.csv`.
pub(crate) fn day(name: &str) -> Option<Timestamp> {
    let compact = name.split(['-', '.', '_']).find_map(iso);
    let dashed = || {
        let starts = name.char_indices().map(|(at, _)| at);
        starts.filter_map(|at| name.get(at..at + 10)).find(|text| is_dashed_date(text)).map(str::to_owned)
    };
    time::parse(&compact.or_else(dashed)?)
}

/// `20260101` as `2026-01-01`.
fn iso(digits: &str) -> Option<String> {
    let plain = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

fn is_dashed_date(text: &str) -> bool {
    text.bytes()
        .enumerate()
        .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_the_hour_and_the_day() {
        let shown = |at: Option<Timestamp>| at.map(|at| at.to_string());
        for (name, expected) in [
            ("pageviews-20260101-130000", Some("2026-01-01T13:00:00Z")),
            ("pageviews-20260101-130000.txt", Some("2026-01-01T13:00:00Z")),
            ("pagecounts-20150101-000000", Some("2014-12-31T23:00:00Z")),
            ("pageviews-20260101", None),
            ("pageviews-20261301-130000", None),
            ("pageviews-20260101-250000", None),
            ("pageviews", None),
            ("pageviews-é0260101-130000", None),
        ] {
            assert_eq!(shown(hour(name)).as_deref(), expected, "{name}");
        }
        for (name, expected) in [
            ("enwiki-20260101-links.tsv", Some("2026-01-01T00:00:00Z")),
            ("enwiki.wikilink_graph.2018-03-01.csv", Some("2018-03-01T00:00:00Z")),
            ("enwiki-links.tsv", None),
            ("enwiki-20269901.tsv", None),
            ("é", None),
        ] {
            assert_eq!(shown(day(name)).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn paths_say_the_wiki() {
        for (path, expected) in [
            ("enwiki-links.tsv", Some("en")),
            ("dumps/zh_min_nanwiki/links.tsv", Some("zh-min-nan")),
            ("enwiki.wikilink_graph.2018-03-01.csv", Some("en")),
            ("commonswiki-links.tsv", None),
            ("wikidatawiki-links.tsv", None),
            ("wiki-links.tsv", None),
            ("links.tsv", None),
        ] {
            assert_eq!(wiki(path).as_deref(), expected, "{path}");
        }
    }
}
