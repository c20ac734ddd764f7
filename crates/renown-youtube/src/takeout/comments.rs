//! `comments/comments.csv` and `live chats/live chats.csv`: what the owner wrote, under whose videos one looks up.

use renown_sdk::{Framing, Id, Piece, Reader, Sink, Timestamp, json, time};
use serde::Deserialize;

use super::form::Form;
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

/// What a row says of a comment or chat message.
#[derive(Default)]
struct Fields<'r> {
    id: Option<&'r str>,
    channel: Option<&'r str>,
    at: Option<&'r str>,
    video: Option<&'r str>,
    text: Option<&'r str>,
    /// Of a comment: the one that it answers, and the community post below which it stands.
    parent: Option<&'r str>,
    post: Option<&'r str>,
}

impl<'r> Fields<'r> {
    /// A comment's, where the names of the columns are in another language. Its own id stands before those of others.
    fn by_form(row: &Row<'r>) -> Self {
        let mut fields = Self::default();
        for text in row.texts() {
            let field = match Form::of(text) {
                Form::Comment if fields.id.is_none_or(|id| id == text) => &mut fields.id,
                Form::Comment => &mut fields.parent,
                Form::Channel => &mut fields.channel,
                Form::Post => &mut fields.post,
                Form::Video => &mut fields.video,
                Form::Time => &mut fields.at,
                Form::Text => &mut fields.text,
                Form::Other => continue,
            };
            field.get_or_insert(text);
        }
        fields
    }

    fn actor(&self, owner: &'r str) -> Id<'r> {
        Id::new(self.channel.unwrap_or(owner))
    }

    fn time(&self, field: &'static str, out: &mut Out<'_>) -> Option<Timestamp> {
        out.time(field, self.at.map(|text| time::parse(text).into()))
    }

    /// The channels that the text mentions. It comes as JSON objects, a segment each, with commas between them; until
    /// 2024 as a list in `takeoutSegments`.
    fn mentions(&self, act: Act<'_>, own: Id<'_>, out: &mut Out<'_>) {
        const FIELD: &str = "externalChannelId";
        let Some(text) = self.text else { return };
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

/// The columns of a table of comments by their English names.
struct Columns {
    id: Option<usize>,
    channel: Option<usize>,
    at: Option<usize>,
    video: Option<usize>,
    text: Option<usize>,
    parent: Option<usize>,
    post: Option<usize>,
}

impl Columns {
    fn fields<'r>(&self, row: &Row<'r>) -> Fields<'r> {
        Fields {
            id: row.get(self.id),
            channel: row.get(self.channel),
            at: row.get(self.at),
            video: row.get(self.video),
            text: row.get(self.text),
            parent: row.get(self.parent),
            post: row.get(self.post),
        }
    }
}

pub(super) struct Comments {
    words: Words,
    owner: String,
    /// `None` where the names are in another language.
    columns: Option<Columns>,
}

impl Comments {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        let columns = are_comments(header).then(|| Columns {
            id: header.column("comment id"),
            channel: header.column("channel id"),
            at: header.column("comment create timestamp"),
            video: header.column("video id"),
            text: header.column("comment text"),
            parent: header.any_column(&["parent comment id", "top-level comment id"]),
            post: header.column("post id"),
        });
        Self { words, owner, columns }
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
        rows(piece, &self.words, sink, |row, out| {
            let fields =
                self.columns.as_ref().map_or_else(|| Fields::by_form(row), |columns| columns.fields(row));
            let Some(own) = fields.id.map(Id::new) else {
                return out.reject("a comment without `Comment ID`");
            };
            // A first comment may be named as its own top-level comment.
            let parent = fields.parent.map(Id::new).filter(|parent| *parent != own);
            let under = fields.video.or(fields.post).map(Id::new);
            let kind = if parent.is_some() { out.words.reply } else { out.words.comment };
            let Some(object) = parent.or(under) else {
                return out.reject("a comment without `Video ID`, `Post ID` or `Parent Comment ID`");
            };
            let at = fields.time("Comment Create Timestamp", out);
            let actor = fields.actor(&self.owner);
            let act = Act { kind, at, actor, target: None, object: Some(object) };
            out.named_act(act, own);
            fields.mentions(act, own, out);
        });
    }
}

pub(super) struct LiveChats {
    words: Words,
    owner: String,
    columns: Columns,
}

impl LiveChats {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        let columns = Columns {
            id: header.column("live chat id"),
            channel: header.column("channel id"),
            at: header.column("live chat create timestamp"),
            video: header.column("video id"),
            text: header.column("live chat text"),
            parent: None,
            post: None,
        };
        Self { words, owner, columns }
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
        rows(piece, &self.words, sink, |row, out| {
            let fields = self.columns.fields(row);
            let (Some(own), Some(video)) = (fields.id, fields.video) else {
                return out.reject("a live chat message without `Live Chat ID` or `Video ID`");
            };
            let at = fields.time("Live Chat Create Timestamp", out);
            let (kind, object) = (out.words.live_chat, Some(Id::new(video)));
            let act = Act { kind, at, actor: fields.actor(&self.owner), target: None, object };
            out.named_act(act, Id::new(own));
            fields.mentions(act, Id::new(own), out);
        });
    }
}
