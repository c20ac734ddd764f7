//! Batches of rows, wherever they come from: checked, and handed on as records.
//!
//! This is the one place where a plugin's rows become records, whether they lie in a library's memory or came through a
//! pipe. Nothing in a batch is believed: places in the manifest, ids, times and texts are looked at row by row.

use std::sync::Mutex;

use renown_abi as abi;
use renown_sdk::{
    Handle, Id, Interaction, Manifest, Observation, Piece, Post, Reject, Sink, Timestamp, TooManyWords, Undo,
    Undone, Vocabulary, Word,
};

/// Which rows of a column have a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Validity<'b> {
    /// A bit a row, least significant first; `None` if all have.
    pub(crate) bits: Option<&'b [u8]>,
    /// The bit of the first row.
    pub(crate) start: usize,
}

impl Validity<'_> {
    fn has(&self, row: usize) -> bool {
        let bit = self.start + row;
        self.bits.is_none_or(|bits| bits[bit / 8] >> (bit % 8) & 1 == 1)
    }

    /// The first of some rows that has none.
    fn first_null(&self, rows: usize) -> Option<usize> {
        self.bits.and_then(|_| (0..rows).find(|row| !self.has(*row)))
    }
}

/// A column of numbers, one a row; without any, a column that is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers<'b, T> {
    pub(crate) values: &'b [T],
    pub(crate) validity: Validity<'b>,
}

impl<T> Default for Numbers<'_, T> {
    fn default() -> Self {
        Self { values: &[], validity: Validity::default() }
    }
}

impl<T: Copy> Numbers<'_, T> {
    fn get(&self, row: usize) -> Option<T> {
        self.values.get(row).copied().filter(|_| self.validity.has(row))
    }
}

/// Where texts begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Offsets<'b> {
    Small(&'b [i32]),
    Large(&'b [i64]),
}

/// A column of texts, one a row; without any, a column that is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'b> {
    /// One more than there are rows, never falling, within `text` and not inside its characters.
    pub(crate) offsets: Offsets<'b>,
    pub(crate) text: &'b str,
    pub(crate) validity: Validity<'b>,
}

impl Default for Texts<'_> {
    fn default() -> Self {
        Self { offsets: Offsets::Small(&[]), text: "", validity: Validity::default() }
    }
}

impl<'b> Texts<'b> {
    /// The text.
    fn get(&self, row: usize) -> Option<&'b str> {
        let range = match self.offsets {
            Offsets::Small(offsets) => {
                offsets.get(row..row + 2).map(|ends| ends[0] as usize..ends[1] as usize)
            }
            Offsets::Large(offsets) => {
                offsets.get(row..row + 2).map(|ends| ends[0] as usize..ends[1] as usize)
            }
        };
        range.filter(|_| self.validity.has(row)).and_then(|range| self.text.get(range))
    }
}

/// A column of any type that records have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column<'b> {
    Bytes(Numbers<'b, u8>),
    Words(Numbers<'b, u16>),
    Integers(Numbers<'b, i64>),
    Amounts(Numbers<'b, u64>),
    Texts(Texts<'b>),
}

impl Column<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Bytes(_) => "uint8",
            Self::Words(_) => "uint16",
            Self::Integers(_) => "int64",
            Self::Amounts(_) => "uint64",
            Self::Texts(_) => "utf8",
        }
    }
}

/// An id is a number or a text.
#[derive(Clone, Copy, Debug, Default)]
struct Ids<'b> {
    numbers: Numbers<'b, i64>,
    texts: Texts<'b>,
}

impl<'b> Ids<'b> {
    fn get(&self, row: usize) -> Option<Id<'b>> {
        self.numbers.get(row).map(Id::Number).or_else(|| self.texts.get(row).map(Id::new))
    }
}

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
    records: &'b [u8],
    word: Numbers<'b, u16>,
    network: Numbers<'b, u16>,
    at: Numbers<'b, i64>,
    observed_at: Numbers<'b, i64>,
    actor: Ids<'b>,
    target: Ids<'b>,
    object: Ids<'b>,
    id: Ids<'b>,
    amount: Numbers<'b, u64>,
    text: Texts<'b>,
    offset: Numbers<'b, u64>,
    length: Numbers<'b, u64>,
    row: Numbers<'b, u64>,
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
        Ok(Self {
            records: record.values,
            word: column!("word", Words, "uint16"),
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
            amount: column!("amount", Amounts, "uint64"),
            text: column!("text", Texts, "utf8"),
            offset: column!("offset", Amounts, "uint64"),
            length: column!("length", Amounts, "uint64"),
            row: column!("row", Amounts, "uint64"),
        })
    }
}

/// The words behind the places in a manifest.
#[derive(Debug)]
pub(crate) struct Codes {
    networks: Vec<(Word, Vec<Word>, Vec<Word>)>,
}

impl Codes {
    pub(crate) fn new(manifest: &Manifest, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let mut networks = Vec::new();
        for spec in manifest.networks {
            let kinds = spec.kinds.iter().map(|kind| vocabulary.kind(spec.name, kind.name));
            let metrics = spec.metrics.iter().map(|metric| vocabulary.metric(spec.name, metric.name));
            networks.push((
                vocabulary.network(spec.name)?,
                kinds.collect::<Result<_, _>>()?,
                metrics.collect::<Result<_, _>>()?,
            ));
        }
        Ok(Self { networks })
    }
}

/// Labels of what was passed over. They are kept for ever, so there may only be so many.
#[derive(Debug, Default)]
pub(crate) struct Labels(Mutex<Vec<&'static str>>);

const MOST_LABELS: usize = 200;
const LONGEST_LABEL: usize = 100;

impl Labels {
    fn get(&self, text: &str) -> &'static str {
        let mut labels = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(label) = labels.iter().find(|label| **label == text) {
            return label;
        }
        // It is printed, and must not steer a terminal.
        let is_plain = !text.is_empty() && text.len() <= LONGEST_LABEL && !text.chars().any(char::is_control);
        if labels.len() == MOST_LABELS || !is_plain {
            return "something without a short name";
        }
        let label: &'static str = text.to_owned().leak();
        labels.push(label);
        label
    }
}

/// Hands the rows of a batch on as records.
///
/// # Errors
/// What in the batch is against the contract. The rows before it are handed on.
pub(crate) fn write(
    batch: &Batch<'_>,
    codes: &Codes,
    labels: &Labels,
    pieces: &[Piece<'_>],
    sink: &mut dyn Sink,
) -> Result<(), String> {
    let mut totals: Vec<(Word, u64)> = Vec::new();
    let mut row = 0;
    while let Some(&record) = batch.records.get(row) {
        let place = batch.network.get(row).unwrap_or(0);
        let network = || {
            let known = codes.networks.get(usize::from(place));
            known.ok_or_else(|| format!("row {row}: network {place} is not declared in the manifest"))
        };
        let declared = |words: &[Word], row: usize| {
            let place = batch.word.get(row).ok_or_else(|| format!("row {row}: no `word`"))?;
            let word = words.get(usize::from(place)).copied();
            word.ok_or_else(|| format!("row {row}: kind or metric {place} is not declared in the manifest"))
        };
        let amount = |row: usize| batch.amount.get(row);
        let account =
            || batch.target.get(row).ok_or_else(|| format!("row {row}: no `target`, which is the account"));
        match record {
            abi::INTERACTION => {
                let (network, kinds, _) = network()?;
                sink.interaction(&Interaction {
                    at: time(&batch.at, row)?,
                    network: *network,
                    kind: declared(kinds, row)?,
                    actor: batch.actor.get(row),
                    target: batch.target.get(row),
                    object: batch.object.get(row),
                    id: batch.id.get(row),
                    amount: amount(row).unwrap_or(1),
                });
            }
            abi::POST => {
                let (network, kinds, _) = network()?;
                let post = row;
                totals.clear();
                while batch.records.get(row + 1) == Some(&abi::TOTAL) {
                    row += 1;
                    let total = amount(row).ok_or_else(|| format!("row {row}: a total without `amount`"))?;
                    totals.push((declared(kinds, row)?, total));
                }
                let id = batch.object.get(post);
                let id = id.ok_or_else(|| format!("row {post}: a post without `object`"))?;
                sink.post(&Post {
                    network: *network,
                    id,
                    author: batch.target.get(post),
                    at: time(&batch.at, post)?,
                    observed_at: time(&batch.observed_at, post)?,
                    totals: &totals,
                });
            }
            abi::TOTAL => return Err(format!("row {row}: a total that follows no post")),
            abi::OBSERVATION => {
                let (network, _, metrics) = network()?;
                sink.observation(&Observation {
                    at: time(&batch.at, row)?,
                    network: *network,
                    account: account()?,
                    metric: declared(metrics, row)?,
                    value: amount(row).ok_or_else(|| format!("row {row}: no `amount`"))?,
                });
            }
            abi::HANDLE => {
                let (network, ..) = network()?;
                let handle = text(&batch.text, row)?;
                sink.handle(&Handle { network: *network, account: account()?, handle });
            }
            abi::UNDO | abi::CLOSED | abi::BACK => {
                let (network, kinds, _) = network()?;
                let undone = match (record, batch.id.get(row)) {
                    (abi::UNDO, Some(id)) => Undone::Act { kind: declared(kinds, row)?, id },
                    (abi::UNDO, None) => {
                        let post = batch.object.get(row);
                        Undone::Post(
                            post.ok_or_else(|| format!("row {row}: an undo without `id` or `object`"))?,
                        )
                    }
                    _ => Undone::Account { account: account()?, back: record == abi::BACK },
                };
                sink.undo(&Undo { at: time(&batch.at, row)?, network: *network, undone });
            }
            abi::REJECT => write_reject(batch, row, pieces, sink)?,
            abi::PASSED_OVER => sink.pass_over(labels.get(text(&batch.text, row)?)),
            other => return Err(format!("row {row}: `record` is {other}: expected 0 to 9")),
        }
        row += 1;
    }
    Ok(())
}

fn time(column: &Numbers<'_, i64>, row: usize) -> Result<Option<Timestamp>, String> {
    match column.get(row) {
        None => Ok(None),
        Some(micros) => Timestamp::from_micros(micros)
            .map(Some)
            .ok_or_else(|| format!("row {row}: a time of {micros} µs is not between 1970 and 2148")),
    }
}

fn text<'b>(texts: &Texts<'b>, row: usize) -> Result<&'b str, String> {
    texts.get(row).ok_or_else(|| format!("row {row}: no `text`"))
}

/// A reject, with the bytes that it says are its record.
fn write_reject(
    batch: &Batch<'_>,
    row: usize,
    pieces: &[Piece<'_>],
    sink: &mut dyn Sink,
) -> Result<(), String> {
    // It is printed, and must not steer a terminal.
    let reason = text(&batch.text, row)?.chars().filter(|char| !char.is_control()).take(500).collect();
    let mut reject = Reject { offset: 0, row: batch.row.get(row), reason, record: &[] };
    let place = batch.offset.get(row).and_then(|offset| {
        pieces.iter().find_map(|piece| {
            let within = offset.checked_sub(piece.offset?)?;
            (within <= piece.bytes.len() as u64).then_some((piece, within as usize))
        })
    });
    if let Some((piece, within)) = place {
        let length = batch.length.get(row).unwrap_or(0);
        let rest = &piece.bytes[within..];
        reject.record = &rest[..rest.len().min(usize::try_from(length).unwrap_or(usize::MAX))];
        reject.offset = within;
        sink.at(piece.offset);
    } else {
        sink.at(None);
    }
    sink.reject(&reject);
    Ok(())
}
