//! The people file: which accounts belong together, and who agreed to be scored.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};
use std::path::Path;

use foldhash::fast::RandomState;
use rayon::prelude::*;
use renown_core::accounts::Account;
use renown_core::ledger::Ledger;
use renown_core::people::Person;
use renown_core::record::Id;
use renown_core::words::Word;
use renown_sdk::frame::csv_pieces;
use serde::Deserialize;

use crate::EngineError;

/// A person as the people file has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name in outputs.
    pub id: String,
    /// What they are called, for those who look after the people: lists of scores have the id.
    pub name: Option<String>,
    /// Whether they agreed to be scored.
    pub consent: Option<bool>,
    /// Never scored.
    pub minor: bool,
    /// Not scored, and counts for nobody.
    pub exclude: bool,
    /// `network:account id` or `network:@handle`.
    pub accounts: Vec<(String, String)>,
    /// The line of the file; 0 if it is from no file.
    pub line: usize,
}

/// The form of a people file in TOML.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleToml {
    #[serde(default)]
    person: Vec<toml::Spanned<PersonToml>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonToml {
    id: String,
    name: Option<String>,
    consent: Option<bool>,
    #[serde(default)]
    minor: bool,
    #[serde(default)]
    exclude: bool,
    #[serde(default)]
    accounts: Vec<String>,
}

/// Reads a people file: TOML, or CSV with the same columns if its name ends in `.csv`.
///
/// # Errors
/// [`EngineError::Usage`] with file and line: not the expected form, an empty or repeated id, an account without its
/// network, or an account that two people claim.
pub fn parse(text: &str, path: &Path) -> Result<Vec<Entry>, EngineError> {
    let shown = path.display().to_string();
    let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let entries = if is_csv { parse_csv(text, &shown, PIECE)? } else { parse_toml(text, &shown)? };
    check(&entries, &shown)?;
    Ok(entries)
}

fn at(path: &str, line: usize, what: impl std::fmt::Display) -> EngineError {
    EngineError::Usage(format!("{path}:{line}: {what}"))
}

fn parse_toml(text: &str, path: &str) -> Result<Vec<Entry>, EngineError> {
    let file: PeopleToml =
        toml::from_str(text).map_err(|error| EngineError::Usage(format!("{path}: {error}")))?;
    let line_ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    file.person
        .into_iter()
        .map(|person| {
            let line = line_ends.partition_point(|end| *end < person.span().start) + 1;
            let person = person.into_inner();
            let accounts = person.accounts.iter().map(|text| account(text)).collect::<Result<_, _>>();
            let accounts = accounts.map_err(|what: String| at(path, line, what))?;
            let PersonToml { id, name, consent, minor, exclude, .. } = person;
            let name = name.filter(|name| !name.is_empty());
            Ok(Entry { id, name, consent, minor, exclude, accounts, line })
        })
        .collect()
}

/// Pieces of about this many bytes are read side by side.
const PIECE: usize = 1 << 18;

fn parse_csv(text: &str, path: &str, piece: usize) -> Result<Vec<Entry>, EngineError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = Table::of(text).map_err(|what| at(path, 1, what))?;
    let pieces = csv_pieces(text, table.delimiter, piece);
    let read = pieces.par_iter().enumerate().map(|(index, piece)| table.read(piece, index == 0));
    let read: Vec<Result<Rows, Fault>> = read.collect();
    let mut entries = Vec::with_capacity(read.iter().flatten().map(|rows| rows.entries.len()).sum());
    let mut lines_before = 0;
    for rows in read {
        let rows = rows.map_err(|fault| at(path, lines_before + fault.line, fault.what))?;
        entries
            .extend(rows.entries.into_iter().map(|entry| Entry { line: lines_before + entry.line, ..entry }));
        lines_before += rows.lines;
    }
    Ok(entries)
}

fn line_breaks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Tells lines of rows, which come in order.
struct Lines<'t> {
    text: &'t str,
    /// So far line breaks are counted, and so many there are.
    at: usize,
    before: usize,
}

impl Lines<'_> {
    /// The line of a row that begins there. For the reader it begins right behind the one before, with all line breaks between.
    fn of(&mut self, position: Option<&csv::Position>) -> usize {
        let from = position.map_or(0, |position| position.byte() as usize).max(self.at);
        let rest = self.text.get(from..).unwrap_or_default();
        let start = from + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        self.before += line_breaks(self.text.get(self.at..start).unwrap_or_default());
        self.at = start;
        1 + self.before
    }
}

/// How a people file in CSV is written, and where its columns are.
struct Table {
    delimiter: u8,
    width: usize,
    id: usize,
    name: Option<usize>,
    consent: Option<usize>,
    minor: Option<usize>,
    exclude: Option<usize>,
    accounts: usize,
}

/// What a piece of a table has.
struct Rows {
    /// Their lines are those of the piece.
    entries: Vec<Entry>,
    /// How many line breaks it has.
    lines: usize,
}

/// What is wrong with a piece of a table, and in which of its lines.
struct Fault {
    line: usize,
    what: String,
}

impl Table {
    fn of(text: &str) -> Result<Self, String> {
        const COLUMNS: [&str; 6] = ["id", "name", "consent", "minor", "exclude", "accounts"];
        // Where the comma stands in numbers, spreadsheets write semicolons between fields, and all write tabs if asked to.
        let first = text.lines().next().unwrap_or("");
        let delimiter =
            [b';', b'\t'].into_iter().find(|&mark| !first.contains(',') && first.contains(char::from(mark)));
        let delimiter = delimiter.unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::Headers)
            .from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| error.to_string())?;
        for header in headers {
            if !COLUMNS.contains(&header) {
                return Err(format!("unknown column `{header}`: expected {}", COLUMNS.join(", ")));
            }
        }
        let column = |name: &str| headers.iter().position(|header| header == name);
        let (Some(id), Some(accounts)) = (column("id"), column("accounts")) else {
            return Err("the columns `id` and `accounts` are needed".to_owned());
        };
        Ok(Self {
            delimiter,
            width: headers.len(),
            id,
            name: column("name"),
            consent: column("consent"),
            minor: column("minor"),
            exclude: column("exclude"),
            accounts,
        })
    }

    /// Reads a piece of whole rows; the first one has the header.
    fn read(&self, piece: &str, is_first: bool) -> Result<Rows, Fault> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(is_first)
            // By itself it would hold rows against the first one of the piece.
            .flexible(true)
            .from_reader(piece.as_bytes());
        let mut lines = Lines { text: piece, at: 0, before: 0 };
        // Mostly a row is a line. Grown step by step, the list would be moved again and again.
        let mut entries = Vec::with_capacity(line_breaks(piece) + 1);
        let mut row = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut row) {
                Ok(true) => {
                    let line = lines.of(row.position());
                    entries.push(self.entry(&row, line).map_err(|what| Fault { line, what })?);
                }
                Ok(false) => return Ok(Rows { entries, lines: line_breaks(piece) }),
                Err(error) => {
                    return Err(Fault { line: lines.of(error.position()), what: error.to_string() });
                }
            }
        }
    }

    fn entry(&self, row: &csv::StringRecord, line: usize) -> Result<Entry, String> {
        if row.len() != self.width {
            return Err("not a row of the table's width".to_owned());
        }
        let flag = |column: Option<usize>, name: &str| {
            let text = column.map_or("", |column| row[column].trim());
            let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            match text {
                "" => Ok(None),
                _ if is_one_of(["true", "yes", "1"]) => Ok(Some(true)),
                _ if is_one_of(["false", "no", "0"]) => Ok(Some(false)),
                _ => Err(format!("`{name}` is neither true nor false")),
            }
        };
        // Most have one, and a list that grows step by step has room for four.
        let mut accounts = Vec::with_capacity(1);
        for text in accounts_in(row[self.accounts].trim()) {
            accounts.push(account(&text)?);
        }
        let name = self.name.map_or("", |name| row[name].trim());
        Ok(Entry {
            id: row[self.id].trim().to_owned(),
            name: (!name.is_empty()).then(|| name.to_owned()),
            consent: flag(self.consent, "consent")?,
            minor: flag(self.minor, "minor")?.unwrap_or(false),
            exclude: flag(self.exclude, "exclude")?.unwrap_or(false),
            accounts,
            line,
        })
    }
}

/// The accounts in a field, between semicolons, commas or spaces; the spaces of a display name (`facebook:name:Jo Roe`) are
/// its own.
fn accounts_in(field: &str) -> impl Iterator<Item = Cow<'_, str>> {
    field.split([';', ',', '\n']).flat_map(|part| {
        let mut words = part.split_whitespace().peekable();
        std::iter::from_fn(move || {
            let mut account = Cow::Borrowed(words.next()?);
            while account.contains(":name:")
                && let Some(word) = words.next_if(|word| !word.contains(':'))
            {
                account.to_mut().push(' ');
                account.to_mut().push_str(word);
            }
            Some(account)
        })
    })
}

fn account(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((network, id)) if !network.is_empty() && !id.is_empty() => {
            let id = if id.starts_with('@') { id.to_lowercase() } else { id.to_owned() };
            Ok((network.to_owned(), id))
        }
        _ => Err(format!("`{text}` is no account: expected network:id, as in twitter:12345")),
    }
}

fn check(entries: &[Entry], path: &str) -> Result<(), EngineError> {
    let nameless = |entry: &&Entry| entry.id.is_empty() || entry.id.chars().any(char::is_control);
    if let Some(entry) = entries.iter().find(nameless) {
        return Err(at(path, entry.line, "a person needs an id, without control characters"));
    }
    if let Some((first, entry, id)) = twice(entries, |entry| std::slice::from_ref(&entry.id)) {
        let line = first.line;
        return Err(at(
            path,
            entry.line,
            format!("the id `{id}` was given to a person on line {line} already"),
        ));
    }
    if let Some((first, entry, (network, id))) = twice(entries, |entry| &entry.accounts) {
        return Err(claimed(path, entry, first, &format!("{network}:{id}")));
    }
    Ok(())
}

/// The first entry that has what another before it has, that other, and what. By hashes, which are put in order faster than
/// texts are: of a million people this is a long part of reading them.
fn twice<T: Hash + Eq + Sync>(
    entries: &[Entry],
    of: impl Fn(&Entry) -> &[T] + Sync,
) -> Option<(&Entry, &Entry, &T)> {
    let state = RandomState::default();
    // Mostly nothing is there twice, and hashes alone show it.
    let all_differ = {
        let of_entry = |entry| of(entry).iter().map(|one| state.hash_one(one));
        let mut hashes: Vec<u64> = entries.par_iter().flat_map_iter(of_entry).collect();
        hashes.par_sort_unstable();
        hashes.par_windows(2).all(|pair| pair[0] != pair[1])
    };
    if all_differ {
        return None;
    }
    let hashed = entries.par_iter().enumerate().flat_map_iter(|(at, entry)| {
        let state = &state;
        of(entry).iter().enumerate().map(move |(nth, one)| (state.hash_one(one), at, nth))
    });
    let mut hashed: Vec<(u64, usize, usize)> = hashed.collect();
    hashed.par_sort_unstable();
    let pairs = hashed.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1).flat_map(|same| {
        let one = |&(_, at, nth): &(u64, usize, usize)| (at, nth, &of(&entries[at])[nth]);
        let later = same.iter().enumerate().map(move |(index, later)| (index, one(later)));
        later.filter_map(move |(index, (at, nth, what))| {
            // The first of the same stands before all others: if it is of this entry, no earlier one has it.
            let first = same[..index].iter().map(one).find(|before| before.2 == what)?;
            (first.0 != at).then_some((at, nth, first.0))
        })
    });
    pairs.min().map(|(at, nth, first)| (&entries[first], &entries[at], &of(&entries[at])[nth]))
}

fn claimed(path: &str, entry: &Entry, first: &Entry, account: &str) -> EngineError {
    if entry.line == 0 {
        return EngineError::Usage(format!(
            "{path}: `{}` and `{}` both have the account {account}, one by its id and one by its handle: an account belongs to one \
             person",
            first.id, entry.id
        ));
    }
    at(
        path,
        entry.line,
        format!(
            "`{}` claims the account {account}, which `{}` on line {} has: an account belongs to one person",
            entry.id, first.id, first.line
        ),
    )
}

/// Looks the accounts up among all that were read. Those that no record is about are left out.
///
/// # Errors
/// [`EngineError::Usage`] if a handle and an id turn out to be one account that two people claim.
pub fn resolve(entries: &[Entry], ledger: &Ledger, path: &Path) -> Result<Vec<Person>, EngineError> {
    let people: Vec<Person> = entries.par_iter().map_init(|| Finder::new(ledger), Finder::person).collect();
    let owned = people.iter().enumerate().flat_map(|(at, of)| of.accounts.iter().map(move |of| (*of, at)));
    let mut owned: Vec<(Account, usize)> = owned.collect();
    owned.par_sort_unstable();
    let twice = owned.windows(2).filter(|pair| pair[0].0 == pair[1].0).min_by_key(|pair| pair[1].1);
    if let Some(&[(account, first), (_, second)]) = twice.and_then(|pair| pair.first_chunk()) {
        let (first, second) = (&entries[first], &entries[second]);
        let mut finder = Finder::new(ledger);
        let named = second.accounts.iter().find(|(network, id)| finder.account(network, id) == Some(account));
        let named = named.map(|(network, id)| format!("{network}:{id}")).unwrap_or_default();
        return Err(claimed(&path.display().to_string(), second, first, &named));
    }
    Ok(people)
}

/// Finds accounts by their names.
struct Finder<'a> {
    ledger: &'a Ledger,
    /// The network of the last one, which mostly is that of the next.
    last: (&'a str, Option<Word>),
}

impl<'a> Finder<'a> {
    fn new(ledger: &'a Ledger) -> Self {
        Self { ledger, last: ("", None) }
    }

    fn account(&mut self, network: &'a str, id: &str) -> Option<Account> {
        if self.last.0 != network {
            self.last = (network, self.ledger.words().find(network));
        }
        self.ledger.find(self.last.1?, Id::new(id))
    }

    fn person(&mut self, entry: &'a Entry) -> Person {
        let mut accounts = Vec::with_capacity(entry.accounts.len());
        for (network, id) in &entry.accounts {
            // By its id and by its handle.
            if let Some(account) = self.account(network, id)
                && !accounts.contains(&account)
            {
                accounts.push(account);
            }
        }
        Person {
            id: entry.id.clone(),
            consent: entry.consent,
            minor: entry.minor,
            exclude: entry.exclude,
            accounts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, path: &str) -> Result<Vec<Entry>, String> {
        parse(text, Path::new(path)).map_err(|error| error.to_string())
    }

    #[test]
    fn toml_and_csv_say_the_same() {
        let toml = "[[person]]\nid = \"mara\"\nname = \"Mara\"\nconsent = true\naccounts = [\"twitter:1\", \"youtube:@Mara\"]\n\n\
                    [[person]]\nid = \"tom\"\nminor = true\n";
        let csv =
            "\u{feff}id,name,consent,minor,accounts\nmara,Mara,yes,,twitter:1;youtube:@mara\ntom,,,true,\n";
        let (mut toml, mut csv) = (parsed(toml, "p.toml").unwrap(), parsed(csv, "p.csv").unwrap());
        for entry in toml.iter_mut().chain(&mut csv) {
            entry.line = 0;
        }
        assert_eq!(toml, csv);
    }

    #[test]
    fn a_spreadsheet_may_write_it() {
        let accounts = |text: &str| -> Vec<String> {
            let entry = parsed(text, "p.csv").unwrap().remove(0);
            entry.accounts.iter().map(|(network, id)| format!("{network}|{id}")).collect()
        };
        let both = ["twitter|1", "facebook|name:Åse Berg"];
        assert_eq!(accounts("id;consent;accounts\r\na;yes;twitter:1 facebook:name:Åse Berg\r\n"), both);
        assert_eq!(accounts("id\tconsent\taccounts\na\tyes\ttwitter:1, facebook:name:Åse Berg\n"), both);
        assert_eq!(accounts("id,consent,accounts\na,yes,\"twitter:1, facebook:name:Åse Berg\"\n"), both);
        assert_eq!(accounts("id,consent,accounts\na,yes,\"twitter:1\nfacebook:name:Åse  Berg\"\n"), both);
        assert_eq!(accounts("id,accounts\na,facebook:name:Åse Berg twitter:1\n"), [both[1], both[0]]);
    }

    #[test]
    fn mistakes_say_where_they_are() {
        let two =
            "[[person]]\nid = \"a\"\naccounts = [\"t:1\"]\n[[person]]\nid = \"b\"\naccounts = [\"t:1\"]\n";
        assert_eq!(
            parsed(two, "p.toml").unwrap_err(),
            "p.toml:4: `b` claims the account t:1, which `a` on line 1 has: an account belongs to one person"
        );
        assert!(
            parsed("[[person]]\nid = \"a\"\nconsnet = true\n", "p.toml").unwrap_err().contains("consnet")
        );
        assert!(
            parsed("id,accounts\na,t1\n", "p.csv").unwrap_err().starts_with("p.csv:2: `t1` is no account")
        );
        assert!(
            parsed("id,accounts,consent\na,t:1,maybe\n", "p.csv")
                .unwrap_err()
                .contains("neither true nor false")
        );
        assert!(parsed("id,agreed\n", "p.csv").unwrap_err().contains("unknown column `agreed`"));
        let third = parsed("id,accounts\r\na,t:1\r\nb,t2\r\n", "p.csv").unwrap_err();
        assert!(third.starts_with("p.csv:3: `t2` is no account"), "{third}");
        let fifth = parsed("id,accounts\n\na,t:1\n\nb,t2\n", "p.csv").unwrap_err();
        assert!(fifth.starts_with("p.csv:5: `t2` is no account"), "{fifth}");
    }

    /// What `parse` says of the text, cut into pieces of so many bytes.
    fn in_pieces(text: &str, piece: usize) -> Result<Vec<Entry>, String> {
        let entries = parse_csv(text, "p.csv", piece).map_err(|error| error.to_string())?;
        check(&entries, "p.csv").map_err(|error| error.to_string())?;
        Ok(entries)
    }

    #[test]
    fn a_file_says_the_same_however_it_is_cut() {
        let header = "id,name,consent,accounts";
        let rows = [
            "a,Ada,yes,twitter:1",
            "b,\"Bea\nof \"\"B\"\",\r\nInc.\",no,\"twitter:2, facebook:name:Jo  Roe\"",
            "c,\u{e5}sa 5\" disk,,twitter:3",
            "",
            "  d , Dan ,TRUE , twitter:@Four;youtube:4 ",
            "\u{feff}e,Eve,1,twitter:5",
        ];
        let wrong = [
            "f,Fay,yes,twitter",
            "f,Fay,yes",
            "f,Fay,maybe,twitter:6",
            "a,Fay,yes,twitter:6",
            "f,Fay,yes,twitter:@four",
        ];
        for line_end in ["\n", "\r\n", "\r", "\n\n"] {
            let file = |rows: &[&str]| [&[header], rows].concat().join(line_end);
            let mut files = vec![file(&rows), file(&rows) + line_end, line_end.repeat(9) + &file(&rows)];
            files.extend(wrong.map(|wrong| file(&[&rows[..], &[wrong], &rows[..1]].concat())));
            for at in 0..=rows.len() {
                // Of two mistakes the first one is told.
                files.push(file(&[&rows[..at], &wrong[..1], &rows[at..], &wrong[1..2]].concat()));
                files.push(file(&[&rows[..at], &wrong[1..2], &rows[at..], &wrong[..1]].concat()));
            }
            for text in files {
                let whole = in_pieces(&text, text.len());
                for piece in (1..text.len()).step_by(7) {
                    assert_eq!(in_pieces(&text, piece), whole, "{text:?} in pieces of {piece}");
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_large_file_is_told_where_it_is() {
        let row = |at: usize| format!("p{at},\"Person\n{at}\",yes,twitter:{at}\n");
        let rows: Vec<String> = (0..20_000).map(row).collect();
        let file = |changes: &[(usize, &str)]| {
            let mut rows = rows.clone();
            for &(at, row) in changes {
                rows[at] = format!("{row}\n");
            }
            format!("id,name,consent,accounts\n{}", rows.concat())
        };
        assert!(file(&[]).len() > 2 * PIECE);
        let entries = parsed(&file(&[]), "p.csv").unwrap();
        assert_eq!(entries.len(), rows.len());
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!((&*entry.id, entry.line), (&*format!("p{at}"), 2 + 2 * at));
        }
        let error = |changes: &[(usize, &str)]| parsed(&file(changes), "p.csv").unwrap_err();
        let early_and_late = [(10, "p10,,yes,twitter"), (19_990, "p19990,,maybe,twitter:19990")];
        assert!(error(&early_and_late).starts_with("p.csv:22: `twitter` is no account"));
        assert!(error(&early_and_late[1..]).starts_with("p.csv:39982: `consent` is neither"));
        assert!(
            error(&[(19_999, "p0,,yes,twitter:19999")])
                .starts_with("p.csv:40000: the id `p0` was given to a person on line 2")
        );
        assert!(
            error(&[(19_999, "p19999,,yes,twitter:0")])
                .starts_with("p.csv:40000: `p19999` claims the account twitter:0")
        );
    }
}
