//! The plain table: a time, integer ids, networks and kinds from dictionaries, nothing else. Most rows that are ever
//! read are of this shape, so it has a way of its own, which gives what [`crate::rows`] would give and leaves every
//! row that is not as it should be to it.

use renown_sdk::{Id, Interaction, Sink, Timestamp, Word};

use super::batch::Batch;
use super::column::Given;
use crate::cell::{IdStyle, Unit};

/// A batch whose columns are all plain.
pub(super) struct Plain<'r, 'b, 'p> {
    batch: &'r Batch<'b, 'p>,
    post: Word,
    at: Option<(Given<'b>, Unit)>,
    actor: Option<Given<'b>>,
    target: Option<Given<'b>>,
    object: Option<Given<'b>>,
    id: Option<Given<'b>>,
}

impl<'r, 'b, 'p> Plain<'r, 'b, 'p> {
    /// `None` if a column is of another sort.
    pub(super) fn of(batch: &'r Batch<'b, 'p>) -> Option<Self> {
        let fields = batch.plan.fields();
        if fields.kind.is_none() || fields.amount.is_some() || fields.account.is_some() {
            return None;
        }
        // Per field: not in the map, or plain; anything else ends here.
        let ids = |field: Option<(usize, IdStyle)>| match field {
            None => Some(None),
            Some((slot, IdStyle::Id)) => batch.column(slot)?.integers().map(Some),
            Some(_) => None,
        };
        let at = match &fields.at {
            None => None,
            Some((slot, _)) => Some(batch.column(*slot)?.times()?),
        };
        Some(Self {
            batch,
            post: batch.plan.words.post(),
            at,
            actor: ids(fields.actor)?,
            target: ids(fields.target)?,
            object: ids(fields.object)?,
            id: ids(fields.id)?,
        })
    }

    /// Gives the row's act to the sink. False if it is for [`crate::rows`]: words not looked up yet, posts, faults.
    #[inline]
    pub(super) fn give(&self, row: usize, sink: &mut dyn Sink) -> bool {
        let Some((network, kind)) = self.batch.known_words(row) else { return false };
        let id = |given: &Option<Given<'_>>| given.as_ref().and_then(|given| given.get(row)).map(Id::Number);
        let (target, object) = (id(&self.target), id(&self.object));
        let Ok(at) = self.time(row) else { return false };
        if kind == self.post || (target.is_none() && object.is_none()) {
            return false;
        }
        sink.interaction(&Interaction {
            at,
            network: network.word,
            kind,
            actor: id(&self.actor),
            target,
            object,
            id: id(&self.id),
            amount: 1,
        });
        true
    }

    /// The row's time, which may be missing; an error if it is out of range.
    #[inline]
    fn time(&self, row: usize) -> Result<Option<Timestamp>, ()> {
        let Some((given, unit)) = &self.at else { return Ok(None) };
        let Some(value) = given.get(row) else { return Ok(None) };
        unit.timestamp(value).map(Some).ok_or(())
    }
}
