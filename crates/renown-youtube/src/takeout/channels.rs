//! `channels/channel URL configs.csv`: the handles of the owner's channels.

use renown_sdk::{Framing, Id, Piece, Reader, Sink};

use super::table::{self, Header, rows};
use crate::vocabulary::Words;

const HANDLE: &str = "channel vanity url 1 name";

pub(super) fn are_urls(header: &Header) -> bool {
    header.has("channel id") && header.has(HANDLE)
}

pub(super) struct Urls {
    words: Words,
    channel: Option<usize>,
    handle: Option<usize>,
}

impl Urls {
    pub(super) fn new(words: Words, header: &Header) -> Self {
        Self { words, channel: header.column("channel id"), handle: header.column(HANDLE) }
    }
}

impl Reader for Urls {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        rows(piece, &self.words, sink, |row, out| match (row.get(self.channel), row.get(self.handle)) {
            (Some(channel), Some(handle)) => out.handle(Id::new(channel), handle),
            (Some(_), None) => out.pass_over("channel without handle"),
            (None, _) => out.reject("a channel without `Channel ID`"),
        });
    }
}
