//! `history/watch-history.json` and the same of "My Activity": what the owner watched, liked and subscribed to.

use renown_sdk::json::{self, Text};
use renown_sdk::{Id, Piece, Reader, Sink};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::loose::When;
use crate::out::{Act, Out};
use crate::url::Link;
use crate::vocabulary::Words;

/// What titles of entries begin with that are about a video and yet no view. A title in another language is taken for
/// a view.
const NO_VIEWS: [&str; 8] =
    ["Disliked ", "Saved ", "Shared ", "Commented ", "Voted ", "Removed ", "Answered ", "Skipped "];

/// Whether the first entry is about `YouTube` (or its Music, TV or Kids).
pub(super) fn is_youtube(head: &[u8]) -> bool {
    const KEY: &[u8] = b"\"header\"";
    memchr::memmem::find(head, KEY).is_some_and(|at| {
        let rest = head[at + KEY.len()..].trim_ascii_start();
        rest.strip_prefix(b":").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"YouTube"))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow)]
    header: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    title_url: Option<Text<'a>>,
    #[serde(borrow)]
    subtitles: Option<Vec<Subtitle<'a>>>,
    details: Option<Vec<IgnoredAny>>,
    time: Option<When>,
}

/// The channel of a video.
#[derive(Deserialize)]
struct Subtitle<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

pub(super) struct History {
    pub(super) words: Words,
    pub(super) owner: String,
    /// Whether what the owner watched counts for those who made it.
    pub(super) views: bool,
}

impl Reader for History {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut out = Out::new(&self.words, sink, piece.bytes);
        match json::from_slice::<Entry<'_>>(piece.bytes) {
            Ok(entry) => self.entry(&entry, &mut out),
            Err(error) => out.reject(error.to_string()),
        }
    }
}

impl History {
    fn entry(&self, entry: &Entry<'_>, out: &mut Out<'_>) {
        if !entry.header.as_deref().unwrap_or("").starts_with("YouTube") {
            return out.pass_over("activity on another product");
        }
        // The only detail that is given says that Google Ads brought the video.
        if entry.details.as_ref().is_some_and(|details| !details.is_empty()) {
            return out.pass_over("advert");
        }
        let title = entry.title.as_deref().unwrap_or("");
        let link = entry.title_url.as_deref().map(Link::of);
        let actor = Id::new(&self.owner);
        match link {
            Some(Link::Video(object) | Link::Post(object)) => {
                if NO_VIEWS.iter().any(|start| title.starts_with(start)) {
                    return out.pass_over("other activity");
                }
                let is_like = title.starts_with("Liked ");
                if !is_like && !self.views {
                    return out.pass_over("view, which the option watch_history leaves out");
                }
                let at = out.time("time", entry.time);
                let object = Id::new(object);
                let mut text = String::new();
                let target = entry.channel(&mut text);
                let act = |kind| Act { kind, at, actor, target, object: Some(object) };
                if is_like {
                    out.single_act(act(out.words.like), object);
                } else {
                    out.repeated_act(act(out.words.view), object);
                }
            }
            Some(Link::Channel(channel)) if title.starts_with("Subscribed to ") => {
                let at = out.time("time", entry.time);
                let channel = Id::new(channel);
                let kind = out.words.subscribe;
                out.single_act(Act { kind, at, actor, target: Some(channel), object: None }, channel);
            }
            Some(Link::Search) => out.pass_over("search"),
            Some(_) => out.pass_over("other activity"),
            None => out.pass_over("activity about what is no longer there"),
        }
    }
}

impl Entry<'_> {
    /// Whose video it is; `text` is where a handle is put together.
    fn channel<'a>(&'a self, text: &'a mut String) -> Option<Id<'a>> {
        match Link::of(self.subtitles.as_ref()?.first()?.url.as_deref()?) {
            Link::Channel(channel) => Some(Id::new(channel)),
            Link::Handle(handle) => {
                text.push('@');
                text.extend(handle.chars().flat_map(char::to_lowercase));
                Some(Id::new(text))
            }
            _ => None,
        }
    }
}
