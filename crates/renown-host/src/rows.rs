//! Batches of rows, wherever they come from: checked, and handed on as records.
//!
//! This is the one place where a plugin's rows become records, whether they lie in a library's memory or came through a
//! pipe. Nothing in a batch is believed: places in the manifest, ids, times and texts are looked at row by row.

mod batch;
mod columns;
#[cfg(test)]
mod tests;

use std::sync::Mutex;

use renown_abi as abi;
use renown_sdk::{
    Handle, Interaction, Manifest, Membership, Observations, Piece, Post, Reject, Sink, TooManyWords, Undo,
    Undone, Vocabulary, Word,
};

use batch::{Shown, undeclared};

pub(crate) use batch::{Batch, NAMES};
pub(crate) use columns::{Column, Numbers, Offsets, Texts, Validity};

/// The words behind the places in a manifest.
#[derive(Debug)]
pub(crate) struct Codes {
    networks: Vec<Network>,
}

#[derive(Debug)]
struct Network {
    word: Word,
    kinds: Vec<Word>,
    metrics: Vec<Word>,
}

impl Codes {
    pub(crate) fn new(manifest: &Manifest, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let mut networks = Vec::new();
        for spec in manifest.networks {
            let kinds = spec.kinds.iter().map(|kind| vocabulary.kind(spec.name, kind.name));
            let metrics = spec.metrics.iter().map(|metric| vocabulary.metric(spec.name, metric.name));
            networks.push(Network {
                word: vocabulary.network(spec.name)?,
                kinds: kinds.collect::<Result<_, _>>()?,
                metrics: metrics.collect::<Result<_, _>>()?,
            });
        }
        Ok(Self { networks })
    }

    /// The network of a row.
    fn network(&self, batch: &Batch<'_>, row: usize) -> Result<&Network, String> {
        let place = batch.network.get(row).unwrap_or(0);
        self.networks.get(usize::from(place)).ok_or_else(|| undeclared(row, "network", place))
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
/// What in the batch is against the contract. The records before it are handed on.
pub(crate) fn write(
    batch: &Batch<'_>,
    codes: &Codes,
    labels: &Labels,
    pieces: &[Piece<'_>],
    sink: &mut dyn Sink,
) -> Result<(), String> {
    let sole = codes.networks.first().filter(|_| batch.network.values.is_empty());
    let rows = Rows { batch, codes, sole };
    let mut shown = Shown::default();
    let mut row = 0;
    while let Some(&record) = batch.records.get(row) {
        row = match record {
            abi::POST => rows.post(row, &mut shown, sink)?,
            abi::OBSERVATION => rows.observations(row, &mut shown, sink)?,
            abi::NUMBER => {
                return Err(format!(
                    "row {row}: a further number that follows neither a post nor an observation"
                ));
            }
            _ => {
                match record {
                    abi::INTERACTION => rows.interaction(row, sink)?,
                    abi::HANDLE => rows.handle(row, sink)?,
                    abi::MEMBERSHIP => rows.membership(row, sink)?,
                    abi::UNDO | abi::CLOSED | abi::BACK => rows.undo(row, record, sink)?,
                    abi::REJECT => write_reject(batch, row, pieces, sink)?,
                    abi::PASSED_OVER => sink.pass_over(labels.get(batch.text(row)?)),
                    other => return Err(format!("row {row}: `record` is {other}: expected 0 to 10")),
                }
                row + 1
            }
        };
    }
    Ok(())
}

/// What is wrong with a row, small enough to be returned in registers.
type Wrong = Box<str>;

/// The rows of a batch. Of the records that are many, each kind has a function of its own: in one for all, much of the time
/// would go into keeping what each needs at hand for the others.
struct Rows<'r, 'b> {
    batch: &'r Batch<'b>,
    codes: &'r Codes,
    /// The network of all rows, if they do not say.
    sole: Option<&'r Network>,
}

impl<'r> Rows<'r, '_> {
    /// The network of a row.
    #[inline]
    fn network(&self, row: usize) -> Result<&'r Network, String> {
        self.sole.map_or_else(|| self.codes.network(self.batch, row), Ok)
    }

    #[inline(never)]
    fn interaction(&self, row: usize, sink: &mut dyn Sink) -> Result<(), Wrong> {
        let (batch, network) = (self.batch, self.network(row)?);
        sink.interaction(&Interaction {
            at: batch.at(row)?,
            network: network.word,
            kind: batch.word(row, &network.kinds)?,
            actor: batch.actor.get(row),
            target: batch.target.get(row),
            object: batch.object.get(row),
            id: batch.id.get(row),
            amount: batch.amount.get(row).unwrap_or(1),
        });
        Ok(())
    }

    /// A post with its totals; says which row comes after them.
    #[inline(never)]
    fn post(&self, row: usize, shown: &mut Shown, sink: &mut dyn Sink) -> Result<usize, Wrong> {
        let (batch, network) = (self.batch, self.network(row)?);
        shown.clear();
        let next = batch.further(row + 1, &network.kinds, shown)?;
        let id = batch.object.get(row);
        sink.post(&Post {
            network: network.word,
            id: id.ok_or_else(|| format!("row {row}: a post without `object`"))?,
            author: batch.target.get(row),
            at: batch.at(row)?,
            observed_at: batch.observed_at(row)?,
            totals: shown.get(),
        });
        Ok(next)
    }

    /// An observation with the further ones; says which row comes after them.
    #[inline(never)]
    fn observations(&self, row: usize, shown: &mut Shown, sink: &mut dyn Sink) -> Result<usize, Wrong> {
        let (batch, network) = (self.batch, self.network(row)?);
        let (at, account) = (batch.at(row)?, batch.account(row)?);
        shown.clear();
        shown.push(batch.word(row, &network.metrics)?, batch.number(row)?);
        let next = batch.further(row + 1, &network.metrics, shown)?;
        sink.observations(&Observations { at, network: network.word, account, numbers: shown.get() });
        Ok(next)
    }

    fn handle(&self, row: usize, sink: &mut dyn Sink) -> Result<(), Wrong> {
        let (batch, network) = (self.batch, self.network(row)?.word);
        let handle = batch.text(row)?;
        sink.handle(&Handle { network, account: batch.account(row)?, handle });
        Ok(())
    }

    fn membership(&self, row: usize, sink: &mut dyn Sink) -> Result<(), Wrong> {
        let (batch, network) = (self.batch, self.network(row)?.word);
        let (at, account, community) = (batch.at(row)?, batch.account(row)?, batch.text(row)?);
        sink.membership(&Membership { at, network, account, community });
        Ok(())
    }

    fn undo(&self, row: usize, record: u8, sink: &mut dyn Sink) -> Result<(), Wrong> {
        let (batch, network) = (self.batch, self.network(row)?);
        let undone = match (record, batch.id.get(row)) {
            (abi::UNDO, Some(id)) => Undone::Act { kind: batch.word(row, &network.kinds)?, id },
            (abi::UNDO, None) => {
                let post = batch.object.get(row);
                Undone::Post(post.ok_or_else(|| format!("row {row}: an undo without `id` or `object`"))?)
            }
            _ => Undone::Account { account: batch.account(row)?, back: record == abi::BACK },
        };
        sink.undo(&Undo { at: batch.at(row)?, network: network.word, undone });
        Ok(())
    }
}

/// A reject, with the bytes that it says are its record.
fn write_reject(
    batch: &Batch<'_>,
    row: usize,
    pieces: &[Piece<'_>],
    sink: &mut dyn Sink,
) -> Result<(), String> {
    // It is printed, and must not steer a terminal.
    let reason = batch.text(row)?.chars().filter(|char| !char.is_control()).take(500).collect();
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
