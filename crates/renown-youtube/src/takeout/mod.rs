//! Google Takeout, "YouTube and `YouTube` Music": CSV tables and a JSON history of the one person who asked for them.
//!
//! Most files do not say whose they are; [`owner`] finds out. Old Takeouts hold subscriptions and playlists as JSON
//! lists of API resources, which [`crate::api`] reads.

mod channels;
mod comments;
mod history;
mod owner;
mod subscriptions;
mod table;
mod videos;

use renown_sdk::json::Outline;
use renown_sdk::{File, NothingToRead, OpenError, Reader};

use crate::vocabulary::Words;
use table::Header;

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
        b'<' => (file.has_extension("html") && owner::is_in_youtube_folder(file.path)).then_some(HTML),
        _ => table(file),
    }
}

/// A list of activities has the same form for all of Google's products, so the first one's product decides.
fn history(file: &File<'_>) -> Option<&'static str> {
    let outline = Outline::of(file.head);
    let is_history = outline.prefix.is_empty() && outline.has_all(&["[].header", "[].title", "[].time"]);
    (is_history && history::is_youtube(file.head)).then_some(HISTORY)
}

/// A table is known by its columns: Takeout's names for them are its own.
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
        (OTHER, is_other(&header, file.path)),
    ];
    known.into_iter().find_map(|(kind, is)| is.then_some(kind))
}

/// Playlists, settings, texts and songs: tables about channels, videos and playlists that no record is made of.
fn is_other(header: &Header, path: &str) -> bool {
    let about = ["channel id", "video id", "playlist id", "song title", "song url"];
    owner::is_in_youtube_folder(path) && about.iter().any(|name| header.has(name))
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
        _ => Box::new(videos::Made::new(words, owner, &header)),
    })
}
