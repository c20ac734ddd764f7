//! What every reader of this crate needs to hand records over: one network, one piece, one sink.

use renown_sdk::json::Count;
use renown_sdk::{Handle, Id, Interaction, Observations, Post, Reject, Sink, Timestamp, Word};

use crate::loose::{Scalar, Time};

/// A sink, and what all records and rejects of a piece have in common.
pub(crate) struct Out<'o> {
    sink: &'o mut dyn Sink,
    record: &'o [u8],
    network: Word,
}

/// An act: one thing that somebody did.
#[derive(Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) kind: Word,
    pub(crate) at: Option<Timestamp>,
    pub(crate) actor: Option<&'a str>,
    pub(crate) target: Option<&'a str>,
    pub(crate) object: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
}

impl<'o> Out<'o> {
    pub(crate) fn new(sink: &'o mut dyn Sink, record: &'o [u8], network: Word) -> Self {
        Self { sink, record, network }
    }

    /// The same piece and sink for another network.
    pub(crate) fn on(&mut self, network: Word) -> Out<'_> {
        Out { sink: self.sink, record: self.record, network }
    }

    /// What nobody is known to have received counts for nobody, which is no fault of the record: Meta tells the receiver only in
    /// English, and not always then.
    pub(crate) fn act(&mut self, act: Act<'_>) {
        if act.target.is_none() && act.object.is_none() {
            return self.pass_over("act of which it is not said who received it");
        }
        self.sink.interaction(&Interaction {
            at: act.at,
            network: self.network,
            kind: act.kind,
            actor: act.actor.map(Id::new),
            target: act.target.map(Id::new),
            object: act.object.map(Id::new),
            id: act.id.map(Id::new),
            amount: 1,
        });
    }

    /// A total beside something that is no post (a comment); zeros say nothing there.
    pub(crate) fn total(
        &mut self,
        kind: Word,
        amount: u64,
        target: &str,
        object: &str,
        at: Option<Timestamp>,
    ) {
        if amount > 0 {
            self.sink.interaction(&Interaction {
                at,
                network: self.network,
                kind,
                actor: None,
                target: Some(Id::new(target)),
                object: Some(Id::new(object)),
                id: None,
                amount,
            });
        }
    }

    pub(crate) fn post(
        &mut self,
        id: &str,
        author: Option<&str>,
        at: Option<Timestamp>,
        observed_at: Option<Timestamp>,
        totals: &[(Word, u64)],
    ) {
        let (id, author) = (Id::new(id), author.map(Id::new));
        self.sink.post(&Post { network: self.network, id, author, at, observed_at, totals });
    }

    /// Numbers beside an account at one time.
    pub(crate) fn observations(&mut self, account: &str, numbers: &[(Word, u64)], at: Option<Timestamp>) {
        let (network, account) = (self.network, Id::new(account));
        self.sink.observations(&Observations { at, network, account, numbers });
    }

    /// The counts that there are of some fields, by their metrics; what is there and no count is rejected, and only that.
    pub(crate) fn counts<const N: usize>(
        &mut self,
        fields: [(&str, Word, Option<Count>); N],
    ) -> Vec<(Word, u64)> {
        let counts = fields.map(|(field, metric, count)| Some((metric, self.count(field, count)?)));
        counts.into_iter().flatten().collect()
    }

    pub(crate) fn handle(&mut self, account: &str, handle: &str) {
        self.sink.handle(&Handle { network: self.network, account: Id::new(account), handle });
    }

    pub(crate) fn pass_over(&mut self, what: &'static str) {
        self.sink.pass_over(what);
    }

    pub(crate) fn reject(&mut self, reason: impl Into<String>) {
        self.sink.reject(&Reject { offset: 0, row: None, reason: reason.into(), record: self.record });
    }

    /// The time in a field; what is there and no time is rejected, and only that.
    pub(crate) fn time(&mut self, field: &str, value: &Scalar<'_>) -> Option<Timestamp> {
        let time = value.time();
        if time == Time::Bad {
            self.reject(format!("{field}: expected a time from 1970 to 2148, in ISO 8601 or Unix seconds"));
        }
        time.good()
    }

    /// The count in a field; what is there and no count is rejected, and only that.
    pub(crate) fn count(&mut self, field: &str, value: Option<Count>) -> Option<u64> {
        let count = value?;
        if count == Count::BAD {
            self.reject(format!("{field}: expected a whole number from 0 to 10^18"));
        }
        count.good()
    }

    /// Rejects elements of a list that are no objects.
    pub(crate) fn strays(&mut self, field: &str, strays: usize) {
        if strays > 0 {
            self.reject(format!("{field}: {strays} elements are no objects"));
        }
    }
}

/// The totals of one post: of several for the same kind (an edge and an insight, say) the largest.
#[derive(Default)]
pub(crate) struct Totals(Vec<(Word, u64)>);

impl Totals {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn set(&mut self, kind: Word, amount: Option<u64>) {
        let Some(amount) = amount else { return };
        match self.0.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known = amount.max(*known),
            None => self.0.push((kind, amount)),
        }
    }

    pub(crate) fn as_slice(&self) -> &[(Word, u64)] {
        &self.0
    }
}
