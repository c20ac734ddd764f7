//! Where a reader puts what it reads.

use crate::{Handle, Id, Interaction, Membership, Observation, Piece, Post, Timestamp, Undo, Word};

/// Takes records. The engine's keeps tallies; the conformance kit's writes them down.
pub trait Sink {
    /// Says where in the file the next records are: the piece, or the row of it, from which rejects count.
    fn at(&mut self, offset: Option<u64>) {
        let _ = offset;
    }
    /// An act or a total.
    fn interaction(&mut self, interaction: &Interaction<'_>);
    /// A post with the totals it shows.
    fn post(&mut self, post: &Post<'_>);
    /// A number beside an account.
    fn observation(&mut self, observation: &Observation<'_>);
    /// Several numbers beside an account, which are as many observations.
    fn observations(&mut self, seen: &Observations<'_>) {
        let Observations { at, network, account, numbers } = *seen;
        for &(metric, value) in numbers {
            self.observation(&Observation { at, network, account, metric, value });
        }
    }
    /// An account's handle.
    fn handle(&mut self, handle: &Handle<'_>);
    /// That an account took part in a community. It weighs nothing.
    fn membership(&mut self, membership: &Membership<'_>) {
        let _ = membership;
    }
    /// Something that was taken back: what it names counts for nothing.
    fn undo(&mut self, undo: &Undo<'_>) {
        let _ = undo;
    }
    /// A record that cannot be read. It is counted, shown and kept aside.
    fn reject(&mut self, reject: &Reject<'_>);
    /// Something well-formed that is no record for Renown, by a short constant name (`direct message`); it is counted.
    fn pass_over(&mut self, what: &'static str);
}

/// Observations of one account at one time. Handed over together they cost a plugin less than one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observations<'a> {
    /// When it was so; `None` where the export is silent.
    pub at: Option<Timestamp>,
    /// The network.
    pub network: Word,
    /// The account.
    pub account: Id<'a>,
    /// What was counted, and the count.
    pub numbers: &'a [(Word, u64)],
}

/// A record that cannot be read.
///
/// The reason is printed where bystanders must not be named: it may quote field names, types, dates and
/// numbers, never an id, a handle, a name or free text from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject<'a> {
    /// Where the record begins, in bytes from what [`Sink::at`] was told; 0 if that is the record.
    pub offset: usize,
    /// The row within the part, for formats without byte positions.
    pub row: Option<u64>,
    /// What was wrong, what was expected.
    pub reason: String,
    /// The record itself, or as much of it as there is.
    pub record: &'a [u8],
}

impl<'a> Reject<'a> {
    /// A piece that cannot be read at all.
    pub fn whole(piece: &Piece<'a>, reason: &impl ToString) -> Self {
        Self { offset: 0, row: None, reason: reason.to_string(), record: piece.bytes }
    }
}
