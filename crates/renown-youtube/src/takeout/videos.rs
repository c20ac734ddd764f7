//! What the owner made and liked: `video metadata/videos.csv`, `posts/posts.csv`, and the playlist of liked videos.

use renown_sdk::{Framing, Id, Piece, Reader, Sink, Word, json::Count, time};

use super::form::Form;
use super::table::{self, Header, rows};
use crate::out::Act;
use crate::vocabulary::Words;

/// Columns that only a table of the owner's videos has.
const OF_VIDEOS: [&str; 3] = ["video title (original)", "video create timestamp", "video publish timestamp"];

pub(super) fn are_videos(header: &Header) -> bool {
    header.has("video id") && header.has("channel id") && header.any_column(&OF_VIDEOS).is_some()
}

pub(super) fn are_posts(header: &Header) -> bool {
    let dated = |name: &str| name.starts_with("post ") && name.ends_with("timestamp");
    header.has("post id") && header.has("channel id") && header.names().any(dated)
}

/// A playlist is a choice, not a praise; the one of liked videos is known by the name that it has in English.
pub(super) fn are_likes(header: &Header, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    header.has("video id")
        && header.any_column(&LIKED_AT).is_some()
        && ["liked videos", "likes"].iter().any(|start| name.starts_with(start))
}

const LIKED_AT: [&str; 2] = ["playlist video creation timestamp", "time added"];

/// What is private is called so in the languages that Takeout has been seen in.
const PRIVATE: [&str; 8] =
    ["private", "privat", "privé", "privée", "privado", "privada", "privato", "privata"];

fn is_private(privacy: &str) -> bool {
    PRIVATE.contains(&&*privacy.to_lowercase())
}

/// The owner's videos, where the names of the columns are in another language.
pub(super) struct MadeByForm {
    pub(super) words: Words,
}

impl Reader for MadeByForm {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        rows(piece, &self.words, sink, |row, out| {
            let first = |form| row.texts().find(|text| Form::of(text) == form);
            let (Some(own), Some(channel)) = (first(Form::Video), first(Form::Channel)) else {
                return out.reject("a video without its id or its channel's");
            };
            if row.texts().any(is_private) {
                return out.pass_over("private video or post");
            }
            // It is published after it is made, and the table has the times in this order.
            let at = row.texts().filter(|text| Form::of(text) == Form::Time).last().and_then(time::parse);
            out.post(Id::new(own), Some(Id::new(channel)), at, at, &[]);
        });
    }
}

/// Videos and community posts.
pub(super) struct Made {
    words: Words,
    owner: String,
    id: Option<usize>,
    channel: Option<usize>,
    published: Option<usize>,
    created: Option<usize>,
    privacy: Option<usize>,
    /// Columns that some downloads add.
    totals: Vec<(Word, &'static str, usize)>,
}

impl Made {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        let totals = [
            (words.view, "Views", ["views", "view count", "video view count"]),
            (words.like, "Likes", ["likes", "like count", "video like count"]),
            (words.comment, "Comments", ["comments", "comment count", "video comment count"]),
        ];
        let found = |(kind, field, names): (Word, &'static str, [&str; 3])| {
            header.any_column(&names).map(|column| (kind, field, column))
        };
        Self {
            words,
            owner,
            id: header.any_column(if are_videos(header) { &["video id"] } else { &["post id"] }),
            channel: header.column("channel id"),
            published: header.any_column(&["video publish timestamp", "post publish timestamp"]),
            created: header.any_column(&["video create timestamp", "post create timestamp"]),
            privacy: header.any_column(&["privacy", "post visibility"]),
            totals: totals.into_iter().filter_map(found).collect(),
        }
    }
}

impl Reader for Made {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut totals = Vec::with_capacity(self.totals.len());
        rows(piece, &self.words, sink, |row, out| {
            let Some(own) = row.get(self.id).map(Id::new) else {
                return out.reject("a video or post without `Video ID` or `Post ID`");
            };
            if row.get(self.privacy).is_some_and(is_private) {
                return out.pass_over("private video or post");
            }
            let published = row.get(self.published).or_else(|| row.get(self.created));
            let at = out.time("Publish Timestamp", published.map(|text| time::parse(text).into()));
            totals.clear();
            for &(kind, field, column) in &self.totals {
                let Some(text) = row.get(Some(column)) else { continue };
                let amount = out.count(field, Some(Count::new(text.parse().ok())));
                totals.extend(amount.map(|amount| (kind, amount)));
            }
            let author = Id::new(row.get(self.channel).unwrap_or(&self.owner));
            out.post(own, Some(author), at, at, &totals);
        });
    }
}

/// The playlist of liked videos.
pub(super) struct Likes {
    words: Words,
    owner: String,
    video: Option<usize>,
    at: Option<usize>,
}

impl Likes {
    pub(super) fn new(words: Words, owner: String, header: &Header) -> Self {
        Self { words, owner, video: header.column("video id"), at: header.any_column(&LIKED_AT) }
    }
}

impl Reader for Likes {
    fn framing(&self) -> Framing {
        table::FRAMING
    }

    fn delimiter(&self) -> Option<u8> {
        Some(table::DELIMITER)
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        rows(piece, &self.words, sink, |row, out| {
            let Some(video) = row.get(self.video).map(Id::new) else {
                return out.reject("a liked video without `Video ID`");
            };
            let at = row.get(self.at).map(|text| time::parse(text).into());
            let at = out.time("Playlist Video Creation Timestamp", at);
            let (kind, actor) = (out.words.like, Id::new(&self.owner));
            out.single_act(Act { kind, at, actor, target: None, object: Some(video) }, video);
        });
    }
}
