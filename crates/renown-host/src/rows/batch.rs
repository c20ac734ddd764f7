//! The columns of a batch by their meaning, and what a row has in them.

use renown_abi as abi;
use renown_sdk::{Id, Timestamp, Word};

use super::Wrong;
use super::columns::{Column, Ids, Numbers, Texts};

/// The names of all columns that are looked at.
pub(crate) const NAMES: [&str; 18] = [
    "record",
    "network",
    "word",
    "at",
    "observed_at",
    "actor",
    "target",
    "object",
    "id",
    "actor_text",
    "target_text",
    "object_text",
    "id_text",
    "amount",
    "text",
    "offset",
    "length",
    "row",
];

/// The columns of a batch, by their meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch<'b> {
    /// What each row is.
    pub(super) records: &'b [u8],
    word: Numbers<'b, u16>,
    /// All words and amounts, if every row has both.
    plain: Option<(&'b [u16], &'b [u64])>,
    pub(super) network: Numbers<'b, u16>,
    at: Numbers<'b, i64>,
    observed_at: Numbers<'b, i64>,
    pub(super) actor: Ids<'b>,
    pub(super) target: Ids<'b>,
    pub(super) object: Ids<'b>,
    pub(super) id: Ids<'b>,
    pub(super) amount: Numbers<'b, u64>,
    text: Texts<'b>,
    pub(super) offset: Numbers<'b, u64>,
    pub(super) length: Numbers<'b, u64>,
    pub(super) row: Numbers<'b, u64>,
}

impl<'b> Batch<'b> {
    pub(crate) fn rows(&self) -> usize {
        self.records.len()
    }

    /// Finds the columns by name and holds their types against the contract.
    pub(crate) fn new(rows: usize, columns: &[(&str, Column<'b>)]) -> Result<Self, String> {
        macro_rules! column {
            ($name:literal, $variant:ident, $type:literal) => {{
                let mut named = columns.iter().filter(|(name, _)| *name == $name);
                let found = match named.next() {
                    None => Default::default(),
                    Some((_, Column::$variant(column))) => *column,
                    Some((_, other)) => {
                        let found = other.type_name();
                        return Err(format!("column `{}` is {found}: expected {}", $name, $type));
                    }
                };
                if named.next().is_some() {
                    return Err(format!("column `{}` comes twice", $name));
                }
                found
            }};
        }
        for name in ["record", "word"] {
            if !columns.iter().any(|(column, _)| *column == name) {
                return Err(format!("no column `{name}`: it is required"));
            }
        }
        let record = column!("record", Bytes, "uint8");
        if let Some(row) = record.validity.first_null(rows) {
            return Err(format!("row {row}: no `record`"));
        }
        let (word, amount) = (column!("word", Words, "uint16"), column!("amount", Amounts, "uint64"));
        Ok(Self {
            records: record.values,
            plain: word.all(rows).zip(amount.all(rows)),
            word,
            amount,
            network: column!("network", Words, "uint16"),
            at: column!("at", Integers, "int64 or timestamp[us]"),
            observed_at: column!("observed_at", Integers, "int64 or timestamp[us]"),
            actor: Ids {
                numbers: column!("actor", Integers, "int64"),
                texts: column!("actor_text", Texts, "utf8"),
            },
            target: Ids {
                numbers: column!("target", Integers, "int64"),
                texts: column!("target_text", Texts, "utf8"),
            },
            object: Ids {
                numbers: column!("object", Integers, "int64"),
                texts: column!("object_text", Texts, "utf8"),
            },
            id: Ids { numbers: column!("id", Integers, "int64"), texts: column!("id_text", Texts, "utf8") },
            text: column!("text", Texts, "utf8"),
            offset: column!("offset", Amounts, "uint64"),
            length: column!("length", Amounts, "uint64"),
            row: column!("row", Amounts, "uint64"),
        })
    }

    /// The word of a row, of those that its network declares for it.
    #[inline]
    pub(super) fn word(&self, row: usize, declared: &[Word]) -> Result<Word, String> {
        let place = self.word.get(row).ok_or_else(|| lacks(row, "`word`"))?;
        declared.get(usize::from(place)).copied().ok_or_else(|| undeclared(row, "kind or metric", place))
    }

    #[inline]
    pub(super) fn at(&self, row: usize) -> Result<Option<Timestamp>, String> {
        time(&self.at, row)
    }

    #[inline]
    pub(super) fn observed_at(&self, row: usize) -> Result<Option<Timestamp>, String> {
        time(&self.observed_at, row)
    }

    #[inline]
    pub(super) fn account(&self, row: usize) -> Result<Id<'b>, String> {
        self.target.get(row).ok_or_else(|| lacks(row, "`target`, which is the account"))
    }

    #[inline]
    pub(super) fn number(&self, row: usize) -> Result<u64, String> {
        self.amount.get(row).ok_or_else(|| lacks(row, "`amount`"))
    }

    #[inline]
    pub(super) fn text(&self, row: usize) -> Result<&'b str, String> {
        self.text.get(row).ok_or_else(|| lacks(row, "`text`"))
    }

    /// Takes the further numbers from a row on, and says which row comes after them.
    #[inline]
    pub(super) fn further(&self, first: usize, declared: &[Word], shown: &mut Shown) -> Result<usize, Wrong> {
        let next = self.plain_further(first, declared, shown);
        match self.records.get(next) {
            Some(&abi::NUMBER) => self.other_further(next, declared, shown),
            _ => Ok(next),
        }
    }

    /// As many of them as there is room for: most rows of most networks are these, and most columns have a value in every
    /// row.
    fn plain_further(&self, first: usize, declared: &[Word], shown: &mut Shown) -> usize {
        let Some((words, amounts)) = self.plain else { return first };
        let values = words[first..].iter().zip(&amounts[first..]);
        let rows = self.records[first..].iter().zip(values);
        let mut taken = 0;
        for ((record, (place, amount)), room) in rows.zip(&mut shown.room[shown.used..]) {
            let Some(word) = declared.get(usize::from(*place)) else { break };
            if *record != abi::NUMBER {
                break;
            }
            *room = (*word, *amount);
            taken += 1;
        }
        shown.used += taken;
        first + taken
    }

    /// The others, and what is wrong with one.
    #[inline(never)]
    fn other_further(&self, first: usize, declared: &[Word], shown: &mut Shown) -> Result<usize, Wrong> {
        let mut row = first;
        while self.records.get(row) == Some(&abi::NUMBER) {
            shown.push(self.word(row, declared)?, self.number(row)?);
            row += 1;
        }
        Ok(row)
    }
}

/// What a post or an account shows: words and numbers. Room that was made is kept.
#[derive(Debug, Default)]
pub(super) struct Shown {
    room: Vec<(Word, u64)>,
    used: usize,
}

impl Shown {
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    #[inline]
    pub(super) fn push(&mut self, word: Word, number: u64) {
        match self.room.get_mut(self.used) {
            Some(room) => *room = (word, number),
            None => self.room.push((word, number)),
        }
        self.used += 1;
    }

    pub(super) fn get(&self) -> &[(Word, u64)] {
        &self.room[..self.used]
    }
}

#[inline]
fn time(column: &Numbers<'_, i64>, row: usize) -> Result<Option<Timestamp>, String> {
    match column.get(row) {
        None => Ok(None),
        Some(micros) => Timestamp::from_micros(micros).map(Some).ok_or_else(|| not_a_time(row, micros)),
    }
}

#[cold]
fn not_a_time(row: usize, micros: i64) -> String {
    format!("row {row}: a time of {micros} µs is not between 1970 and 2148")
}

#[cold]
pub(super) fn lacks(row: usize, what: &str) -> String {
    format!("row {row}: no {what}")
}

#[cold]
pub(super) fn undeclared(row: usize, what: &str, place: u16) -> String {
    if place == u16::MAX {
        // By it a plugin in Rust says so of a word that it knows no place of.
        return format!("row {row}: a network, kind or metric that is not declared in the manifest");
    }
    format!("row {row}: {what} {place} is not declared in the manifest")
}
