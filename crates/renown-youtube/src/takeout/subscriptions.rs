//! `subscriptions/subscriptions.csv`: the channels that the owner subscribes to, without dates.

use renown_sdk::{Framing, Id, Piece, Reader, Sink};

use super::table::{self, Header, first_row, rows};
use crate::out::Act;
use crate::url::{Link, is_channel_id};
use crate::vocabulary::Words;

/// The columns, in the only order they have had.
const COLUMNS: [&str; 3] = ["channel id", "channel url", "channel title"];

/// By its columns or, where their names are in another language, by what stands below them.
pub(super) fn are_subscriptions(header: &Header, head: &[u8]) -> bool {
    if COLUMNS.iter().all(|name| header.has(name)) {
        return true;
    }
    let Some(row) = first_row(head).filter(|row| row.len() == COLUMNS.len()) else { return false };
    let text =
        |column: usize| row.get(column).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or("");
    is_channel_id(text(0)) && Link::of(text(1)) == Link::Channel(text(0))
}

pub(super) struct Subscriptions {
    words: Words,
    owner: String,
    channel: Option<usize>,
    url: Option<usize>,
}

impl Subscriptions {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        let column = |place: usize| header.column(COLUMNS[place]).or(Some(place));
        Self { words, owner, channel: column(0), url: column(1) }
    }
}

impl Reader for Subscriptions {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        rows(piece, &self.words, sink, |row, out| {
            let linked = || match Link::of(row.get(self.url)?) {
                Link::Channel(channel) => Some(channel),
                _ => None,
            };
            let Some(channel) = row.get(self.channel).or_else(linked).map(Id::new) else {
                return out.reject("a subscription without `Channel Id`");
            };
            let kind = out.words.subscribe;
            let actor = Id::new(&self.owner);
            out.single_act(Act { kind, at: None, actor, target: Some(channel), object: None }, channel);
        });
    }
}
