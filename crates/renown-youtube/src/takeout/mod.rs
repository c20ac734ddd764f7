//! Google Takeout, "YouTube and `YouTube` Music": CSV tables and a JSON history of the one person who asked for them.
//!
//! Most files do not say whose they are; [`owner`] finds out. Old Takeouts hold subscriptions and playlists as JSON
//! lists of API resources, which [`crate::api`] reads.

mod channels;
mod comments;
mod form;
mod history;
mod owner;
mod subscriptions;
mod table;
mod videos;

use renown_sdk::json::Outline;
use renown_sdk::{File, NothingToRead, OpenError, Reader};

use crate::vocabulary::Words;
use table::{Header, Row, first_row};

/// The file kinds.
pub(crate) const SUBSCRIPTIONS: &str = "takeout-subscriptions";
pub(crate) const COMMENTS: &str = "takeout-comments";
pub(crate) const LIVE_CHATS: &str = "takeout-live-chats";
pub(crate) const VIDEOS: &str = "takeout-videos";
pub(crate) const POSTS: &str = "takeout-posts";
pub(crate) const LIKES: &str = "takeout-likes";
pub(crate) const CHANNELS: &str = "takeout-channel-urls";
pub(crate) const HISTORY: &str = "takeout-history";
pub(crate) const HTML: &str = "takeout-html";
pub(crate) const OTHER: &str = "takeout-other";

/// The option that leaves views out of histories.
pub(crate) const WATCH_HISTORY: &str = "watch_history";

pub(crate) fn recognise(file: &File<'_>) -> Option<&'static str> {
    let start = file.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file.head).trim_ascii_start();
    match start.first()? {
        b'{' | b'[' => history(file),
        b'<' => (file.has_extension("html") && owner::place(file.path).is_some()).then_some(HTML),
        _ => table(file),
    }
}

/// A list of activities has the same form for all of Google's products, so the first one's product decides.
fn history(file: &File<'_>) -> Option<&'static str> {
    let outline = Outline::of(file.head);
    let is_history = outline.prefix.is_empty() && outline.has_all(&["[].header", "[].title", "[].time"]);
    (is_history && history::is_youtube(file.head)).then_some(HISTORY)
}

/// A table is known by its columns: Takeout's names for them are its own. In another language it is known by what stands in
/// its first row.
fn table(file: &File<'_>) -> Option<&'static str> {
    let header = Header::of(file.head)?;
    let known = [
        (COMMENTS, comments::are_comments(&header)),
        (LIVE_CHATS, comments::are_live_chats(&header)),
        (SUBSCRIPTIONS, subscriptions::are_subscriptions(&header, file.head)),
        (CHANNELS, channels::are_urls(&header)),
        (VIDEOS, videos::are_videos(&header)),
        (POSTS, videos::are_posts(&header)),
        (LIKES, videos::are_likes(&header, file.name())),
    ];
    let by_name = known.into_iter().find_map(|(kind, is)| is.then_some(kind));
    by_name.or_else(|| table_by_place(file, &header))
}

/// What lies in Takeout's folders and has no columns of a kind with records in English: by form the same kinds, and all else
/// (playlists, settings, texts, songs) is what no record is made of. Beside these folders nothing is claimed: a table of the
/// user's own may well lie in a folder called `youtube`.
fn table_by_place(file: &File<'_>, header: &Header) -> Option<&'static str> {
    let place = owner::place(file.path)?;
    let first = first_row(file.head);
    let row = first.as_ref().map(Row);
    let about = ["channel id", "video id", "playlist id", "song title", "song url"];
    let is_english = about.iter().any(|name| header.has(name));
    if place.is_full && !is_english && row.as_ref().is_some_and(form::is_comment) {
        return Some(COMMENTS);
    }
    if place.is_full && !is_english && row.as_ref().is_some_and(form::is_video) {
        return Some(VIDEOS);
    }
    (place.is_below && (place.is_full || is_english)).then_some(OTHER)
}

pub(crate) fn open(file: &File<'_>, kind: &str, words: Words) -> Result<Box<dyn Reader>, OpenError> {
    if matches!(kind, HTML | OTHER) {
        return Ok(Box::new(NothingToRead));
    }
    let owner = owner::of(file);
    if kind == HISTORY {
        let views = file.options.flag(WATCH_HISTORY)?;
        return Ok(Box::new(history::History { words, owner, views }));
    }
    let header = Header::of(file.head).ok_or_else(|| {
        OpenError::Data("no header: expected a first line with the names of columns".to_owned())
    })?;
    Ok(match kind {
        SUBSCRIPTIONS => Box::new(subscriptions::Subscriptions::new(words, owner, &header)),
        COMMENTS => Box::new(comments::Comments::new(words, owner, &header)),
        LIVE_CHATS => Box::new(comments::LiveChats::new(words, owner, &header)),
        CHANNELS => Box::new(channels::Urls::new(words, &header)),
        LIKES => Box::new(videos::Likes::new(words, owner, &header)),
        VIDEOS if !videos::are_videos(&header) => Box::new(videos::MadeByForm { words }),
        _ => Box::new(videos::Made::new(words, owner, &header)),
    })
}
