//! Where the readers of this crate put what they read: a sink that knows the words, and the record at hand.

use std::fmt::Write as _;

use renown_sdk::json::{self, Count};
use renown_sdk::{Handle, Id, Interaction, Observations, Post, Reject, Sink, Timestamp, Word};

use crate::loose::When;
use crate::vocabulary::Words;

/// A sink, the words, and the record that a reject would be of.
pub(crate) struct Out<'o> {
    pub(crate) words: &'o Words,
    pub(crate) sink: &'o mut dyn Sink,
    /// Where the record begins in its piece.
    pub(crate) offset: usize,
    /// The record's bytes.
    pub(crate) record: &'o [u8],
    /// For ids that are put together; kept so that it is allocated once a piece.
    pub(crate) scratch: String,
}

/// Somebody's act.
#[derive(Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) kind: Word,
    pub(crate) at: Option<Timestamp>,
    pub(crate) actor: Id<'a>,
    pub(crate) target: Option<Id<'a>>,
    pub(crate) object: Option<Id<'a>>,
}

impl<'o> Out<'o> {
    pub(crate) fn new(words: &'o Words, sink: &'o mut dyn Sink, record: &'o [u8]) -> Self {
        Self { words, sink, offset: 0, record, scratch: String::new() }
    }

    /// An act that bears an id of its own.
    pub(crate) fn named_act(&mut self, act: Act<'_>, id: Id<'_>) {
        self.act(act, Some(id));
    }

    /// An act that its actor does once to `what`, such as subscribing to a channel or liking a video: the two name it,
    /// whichever file it is read from.
    pub(crate) fn single_act(&mut self, act: Act<'_>, what: Id<'_>) {
        let mut name = std::mem::take(&mut self.scratch);
        name.clear();
        let _ = write!(name, "{} {what}", act.actor);
        self.act(act, Some(Id::Text(&name)));
        self.scratch = name;
    }

    /// An act that its actor can do to `what` many times, such as watching a video: the moment names it too.
    pub(crate) fn repeated_act(&mut self, act: Act<'_>, what: Id<'_>) {
        let mut name = std::mem::take(&mut self.scratch);
        name.clear();
        let _ = write!(name, "{} {what} {}", act.actor, act.at.map_or(0, Timestamp::micros));
        self.act(act, Some(Id::Text(&name)));
        self.scratch = name;
    }

    fn act(&mut self, act: Act<'_>, id: Option<Id<'_>>) {
        let Act { kind, at, actor, target, object } = act;
        let network = self.words.network;
        self.sink.interaction(&Interaction {
            at,
            network,
            kind,
            actor: Some(actor),
            target,
            object,
            id,
            amount: 1,
        });
    }

    /// A total that something other than a post shows: a comment's likes.
    pub(crate) fn total(
        &mut self,
        kind: Word,
        at: Option<Timestamp>,
        target: Id<'_>,
        object: Id<'_>,
        amount: u64,
    ) {
        self.sink.interaction(&Interaction {
            at,
            network: self.words.network,
            kind,
            actor: None,
            target: Some(target),
            object: Some(object),
            id: None,
            amount,
        });
    }

    pub(crate) fn post(
        &mut self,
        id: Id<'_>,
        author: Option<Id<'_>>,
        at: Option<Timestamp>,
        observed_at: Option<Timestamp>,
        totals: &[(Word, u64)],
    ) {
        self.sink.post(&Post { network: self.words.network, id, author, at, observed_at, totals });
    }

    /// Numbers beside a channel. The API does not say when they were taken.
    pub(crate) fn observations(&mut self, account: Id<'_>, numbers: &[(Word, u64)]) {
        let network = self.words.network;
        self.sink.observations(&Observations { at: None, network, account, numbers });
    }

    pub(crate) fn handle(&mut self, account: Id<'_>, handle: &str) {
        let handle = handle.trim().trim_start_matches('@');
        if !handle.is_empty() {
            self.sink.handle(&Handle { network: self.words.network, account, handle });
        }
    }

    pub(crate) fn reject(&mut self, reason: impl Into<String>) {
        let (offset, record) = (self.offset, self.record);
        self.sink.reject(&Reject { offset, row: None, reason: reason.into(), record });
    }

    pub(crate) fn pass_over(&mut self, what: &'static str) {
        self.sink.pass_over(what);
    }

    /// A count, if the field is there; one that is none is rejected and its record goes on without it.
    pub(crate) fn count(&mut self, field: &'static str, count: Option<Count>) -> Option<u64> {
        if count == Some(Count::BAD) {
            self.reject(format!(
                "`{field}` is not a count: expected a whole number from 0 to 10^18, or its text"
            ));
        }
        count?.good()
    }

    /// A time, if the field is there; one that is none is rejected and its record goes on undated.
    pub(crate) fn time(&mut self, field: &'static str, when: Option<When>) -> Option<Timestamp> {
        if when == Some(When::Bad) {
            self.reject(format!(
                "`{field}` is not a time between 1970 and 2148, such as 2019-03-21T20:37:49Z"
            ));
        }
        when?.good()
    }
}

/// An id as records carry it; an empty one is none.
pub(crate) fn id<'a>(id: Option<&'a json::Id<'_>>) -> Option<Id<'a>> {
    id.map(json::Id::as_id).filter(|id| !id.is_empty())
}
