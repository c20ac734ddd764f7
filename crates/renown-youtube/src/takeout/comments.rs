//! `comments/comments.csv` and `live chats/live chats.csv`: what the owner wrote, under whose videos one looks up.

use renown_sdk::{Framing, Id, Piece, Reader, Sink, Timestamp, json, time};
use serde::Deserialize;

use super::table::{self, Header, Row, rows};
use crate::out::{Act, Out, id};
use crate::vocabulary::Words;

pub(super) fn are_comments(header: &Header) -> bool {
    header.has("comment id")
        && header.has("channel id")
        && header.names().any(|name| name.starts_with("comment create"))
}

pub(super) fn are_live_chats(header: &Header) -> bool {
    header.has("live chat id") && header.has("channel id")
}

/// What comments and chat messages have in common.
struct Message {
    words: Words,
    owner: String,
    id: Option<usize>,
    channel: Option<usize>,
    at: Option<usize>,
    video: Option<usize>,
    text: Option<usize>,
}

impl Message {
    fn actor<'r>(&'r self, row: &Row<'r>) -> Id<'r> {
        Id::new(row.get(self.channel).unwrap_or(&self.owner))
    }

    fn time(&self, row: &Row<'_>, field: &'static str, out: &mut Out<'_>) -> Option<Timestamp> {
        let at = row.get(self.at).map(|text| time::parse(text).into());
        out.time(field, at)
    }

    /// The channels that the text mentions. It comes as JSON objects, a segment each, with commas between them; until
    /// 2024 as a list in `takeoutSegments`.
    fn mentions(&self, row: &Row<'_>, act: Act<'_>, own: Id<'_>, out: &mut Out<'_>) {
        const FIELD: &str = "externalChannelId";
        let Some(text) = row.get(self.text) else { return };
        if memchr::memmem::find(text.as_bytes(), FIELD.as_bytes()).is_none() {
            return;
        }
        let text = format!("[{text}]");
        let Ok(parts) = json::from_slice::<Vec<Part<'_>>>(text.as_bytes()) else { return };
        let nested = parts.iter().flat_map(|part| part.takeout_segments.iter().flatten());
        let segments = parts.iter().map(|part| &part.mention).chain(nested.map(|segment| &segment.mention));
        for mentioned in segments.flatten().filter_map(|mention| id(mention.external_channel_id.as_ref())) {
            out.named_act(Act { kind: out.words.mention, target: Some(mentioned), object: None, ..act }, own);
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    takeout_segments: Option<Vec<Segment<'a>>>,
    #[serde(borrow)]
    mention: Option<Mention<'a>>,
}

#[derive(Deserialize)]
struct Segment<'a> {
    #[serde(borrow)]
    mention: Option<Mention<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mention<'a> {
    #[serde(borrow)]
    external_channel_id: Option<json::Id<'a>>,
}

pub(super) struct Comments {
    message: Message,
    parent: Option<usize>,
    post: Option<usize>,
}

impl Comments {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        let message = Message {
            words,
            owner,
            id: header.column("comment id"),
            channel: header.column("channel id"),
            at: header.column("comment create timestamp"),
            video: header.column("video id"),
            text: header.column("comment text"),
        };
        let parent = header.any_column(&["parent comment id", "top-level comment id"]);
        Self { message, parent, post: header.column("post id") }
    }
}

impl Reader for Comments {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let message = &self.message;
        rows(piece, &message.words, sink, |row, out| {
            let Some(own) = row.get(message.id).map(Id::new) else {
                return out.reject("a comment without `Comment ID`");
            };
            // A first comment may be named as its own top-level comment.
            let parent = row.get(self.parent).map(Id::new).filter(|parent| *parent != own);
            let under = row.get(message.video).or_else(|| row.get(self.post)).map(Id::new);
            let kind = if parent.is_some() { out.words.reply } else { out.words.comment };
            let Some(object) = parent.or(under) else {
                return out.reject("a comment without `Video ID`, `Post ID` or `Parent Comment ID`");
            };
            let at = message.time(row, "Comment Create Timestamp", out);
            let act = Act { kind, at, actor: message.actor(row), target: None, object: Some(object) };
            out.named_act(act, own);
            message.mentions(row, act, own, out);
        });
    }
}

pub(super) struct LiveChats(Message);

impl LiveChats {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        Self(Message {
            words,
            owner,
            id: header.column("live chat id"),
            channel: header.column("channel id"),
            at: header.column("live chat create timestamp"),
            video: header.column("video id"),
            text: header.column("live chat text"),
        })
    }
}

impl Reader for LiveChats {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let message = &self.0;
        rows(piece, &message.words, sink, |row, out| {
            let (Some(own), Some(video)) = (row.get(message.id), row.get(message.video)) else {
                return out.reject("a live chat message without `Live Chat ID` or `Video ID`");
            };
            let at = message.time(row, "Live Chat Create Timestamp", out);
            let (kind, object) = (out.words.live_chat, Some(Id::new(video)));
            let act = Act { kind, at, actor: message.actor(row), target: None, object };
            out.named_act(act, Id::new(own));
            message.mentions(row, act, Id::new(own), out);
        });
    }
}
