//! What the fields of one piece say, and which of them cannot be read.

use crate::json::Count;
use crate::{Reject, Sink, Word};

/// A number as a field gives it: what it counts, the field's name, and the count if the field is there.
pub type Counted = (Word, &'static str, Option<Count>);

/// Fields that could not be read, and how often each: told once a piece, since a page may have hundreds of the same.
#[derive(Debug, Default)]
pub struct BadFields(Vec<(&'static str, &'static str, u64)>);

impl BadFields {
    /// Notes a field that cannot be read; what stands beside it is.
    pub fn note(&mut self, field: &'static str, what: &'static str) {
        match self.0.iter_mut().find(|bad| (bad.0, bad.1) == (field, what)) {
            Some(bad) => bad.2 += 1,
            None => self.0.push((field, what, 1)),
        }
    }

    /// The counts that are there and good, in `room`, as many as it has places for; the bad ones are noted.
    pub fn good<'r>(
        &mut self,
        counts: impl IntoIterator<Item = Counted>,
        room: &'r mut [(Word, u64)],
    ) -> &'r [(Word, u64)] {
        let mut used = 0;
        for (word, field, count) in counts {
            match (count.map(Count::good), room.get_mut(used)) {
                (Some(Some(count)), Some(place)) => {
                    *place = (word, count);
                    used += 1;
                }
                (Some(None), _) => self.note(field, "not a whole number from 0 to 10^18"),
                _ => {}
            }
        }
        &room[..used]
    }

    /// Rejects the fields that were noted, each once. What can be read of the piece was handed over.
    pub fn tell(self, piece: &[u8], sink: &mut dyn Sink) {
        for (field, what, times) in self.0 {
            let times = if times == 1 { String::new() } else { format!(" ({times} times in this document)") };
            sink.reject(&Reject {
                offset: 0,
                row: None,
                reason: format!("{field}: {what}{times}"),
                record: piece,
            });
        }
    }
}
