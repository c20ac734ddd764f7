//! The people file: which accounts belong together, and who agreed to be scored.

use std::hash::{BuildHasher, Hash, RandomState};
use std::path::Path;

use rayon::prelude::*;
use renown_core::accounts::Account;
use renown_core::ledger::Ledger;
use renown_core::people::Person;
use renown_core::record::Id;
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
    let entries = if is_csv { parse_csv(text, &shown)? } else { parse_toml(text, &shown)? };
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
            let accounts =
                person.accounts.iter().map(|text| account(text, path, line)).collect::<Result<_, _>>()?;
            let PersonToml { id, name, consent, minor, exclude, .. } = person;
            let name = name.filter(|name| !name.is_empty());
            Ok(Entry { id, name, consent, minor, exclude, accounts, line })
        })
        .collect()
}

fn parse_csv(text: &str, path: &str) -> Result<Vec<Entry>, EngineError> {
    const COLUMNS: [&str; 6] = ["id", "name", "consent", "minor", "exclude", "accounts"];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Where the comma stands in numbers, spreadsheets write semicolons between fields, and all write tabs if asked to.
    let first = text.lines().next().unwrap_or("");
    let delimiter =
        [b';', b'\t'].into_iter().find(|&mark| !first.contains(',') && first.contains(char::from(mark)));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| at(path, 1, error))?.clone();
    for header in &headers {
        if !COLUMNS.contains(&header) {
            return Err(at(path, 1, format!("unknown column `{header}`: expected {}", COLUMNS.join(", "))));
        }
    }
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(id), Some(accounts)) = (column("id"), column("accounts")) else {
        return Err(at(path, 1, "the columns `id` and `accounts` are needed"));
    };
    let name = column("name");
    let (consent, minor, exclude) = (column("consent"), column("minor"), column("exclude"));
    let mut entries = Vec::new();
    let mut row = csv::StringRecord::new();
    let unreadable = |error: csv::Error| {
        let line = error.position().map_or(1, |position| position.line() as usize);
        at(path, line, "not a row of the table's width")
    };
    while reader.read_record(&mut row).map_err(unreadable)? {
        let line = row.position().map_or(0, |position| position.line() as usize);
        let flag = |column: Option<usize>, name: &str| match column.and_then(|column| row.get(column)) {
            None | Some("") => Ok(None),
            Some(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Ok(Some(true)),
                "false" | "no" | "0" => Ok(Some(false)),
                _ => Err(at(path, line, format!("`{name}` is neither true nor false"))),
            },
        };
        let accounts = accounts_in(&row[accounts])
            .iter()
            .map(|text| account(text, path, line))
            .collect::<Result<_, _>>()?;
        entries.push(Entry {
            id: row[id].to_owned(),
            name: (name.and_then(|name| row.get(name))).filter(|name| !name.is_empty()).map(str::to_owned),
            consent: flag(consent, "consent")?,
            minor: flag(minor, "minor")?.unwrap_or(false),
            exclude: flag(exclude, "exclude")?.unwrap_or(false),
            accounts,
            line,
        });
    }
    Ok(entries)
}

/// The accounts in a field, between semicolons, commas or spaces; the spaces of a display name (`facebook:name:Jo Roe`) are
/// its own.
fn accounts_in(field: &str) -> Vec<String> {
    let mut accounts: Vec<String> = Vec::new();
    for part in field.split([';', ',', '\n']) {
        let before = accounts.len();
        for word in part.split_whitespace() {
            match accounts[before..].last_mut() {
                Some(last) if !word.contains(':') && last.contains(":name:") => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => accounts.push(word.to_owned()),
            }
        }
    }
    accounts
}

fn account(text: &str, path: &str, line: usize) -> Result<(String, String), EngineError> {
    match text.split_once(':') {
        Some((network, id)) if !network.is_empty() && !id.is_empty() => {
            let id = if id.starts_with('@') { id.to_lowercase() } else { id.to_owned() };
            Ok((network.to_owned(), id))
        }
        _ => Err(at(path, line, format!("`{text}` is no account: expected network:id, as in twitter:12345"))),
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
/// texts are: of a million people this is the longest part of reading them.
fn twice<T: Hash + Eq + Sync>(
    entries: &[Entry],
    of: impl Fn(&Entry) -> &[T] + Sync,
) -> Option<(&Entry, &Entry, &T)> {
    let state = RandomState::new();
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
    let find = |(network, id): &(String, String)| {
        let word = ledger.words().find(network);
        word.and_then(|network| ledger.find(network, Id::new(id)))
    };
    let person = |entry: &Entry| {
        let mut accounts = Vec::with_capacity(entry.accounts.len());
        for account in entry.accounts.iter().filter_map(find) {
            // By its id and by its handle.
            if !accounts.contains(&account) {
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
    };
    let people: Vec<Person> = entries.par_iter().map(person).collect();
    let owned = people.iter().enumerate().flat_map(|(at, of)| of.accounts.iter().map(move |of| (*of, at)));
    let mut owned: Vec<(Account, usize)> = owned.collect();
    owned.par_sort_unstable();
    let twice = owned.windows(2).filter(|pair| pair[0].0 == pair[1].0).min_by_key(|pair| pair[1].1);
    if let Some(&[(account, first), (_, second)]) = twice.and_then(|pair| pair.first_chunk()) {
        let (first, second) = (&entries[first], &entries[second]);
        let named = second.accounts.iter().find(|named| find(named) == Some(account));
        let named = named.map(|(network, id)| format!("{network}:{id}")).unwrap_or_default();
        return Err(claimed(&path.display().to_string(), second, first, &named));
    }
    Ok(people)
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
    }
}
