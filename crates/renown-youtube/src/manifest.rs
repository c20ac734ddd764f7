//! What the adapter says of itself.

use std::borrow::Cow;

use renown_sdk::{FileKind, Manifest, ParamKind, ParamSpec, ParamValue};

use crate::vocabulary::SPEC;
use crate::{NETWORK, api, cases, takeout};

pub(crate) const MANIFEST: Manifest = Manifest {
    name: NETWORK,
    docs: "YouTube: responses of the Data API v3 and Google Takeout's \"YouTube and YouTube Music\".",
    networks: &[SPEC],
    files: FILES,
    example: cases::EXAMPLE,
    cases: cases::CASES,
};

/// What a user may set.
pub(crate) static OPTIONS: [ParamSpec; 1] = [ParamSpec {
    name: Cow::Borrowed(takeout::WATCH_HISTORY),
    kind: ParamKind::Flag,
    docs: Cow::Borrowed(
        "Whether what the owner of a download watched counts as views of those who made it. Set it to false to leave out a \
         history that is nobody's business, or one in another language than English, in which other entries cannot be \
         told from views.",
    ),
    default: Some(ParamValue::Flag(true)),
}];

const FILES: &[FileKind] = &[
    FileKind {
        name: api::API,
        patterns: &["*.json", "*.jsonl", "*.ndjson", "subscriptions.json", "likes.json", "uploads.json"],
        docs: "Responses of the YouTube Data API v3, or single resources with `\"kind\": \"youtube#…\"`: one a file, one \
               a line, or in a list. Takeouts until 2020 have subscriptions and playlists in this form.",
        yields: "channels: subscribers, views, posts, handle; videos, search results, uploads: posts with view, like, \
                 comment, favorite and dislike totals; comments and replies, with totals of their likes and replies; \
                 subscriptions; members; activities; entries of the playlists of likes (`LL…`) and favourites (`FL…`)",
        passed_over: "error bodies; private videos; playlists and what was put on them; resources fetched without \
                      `snippet`; captions, categories, languages, regions, ratings, page settings: no records",
    },
    FileKind {
        name: takeout::SUBSCRIPTIONS,
        patterns: &["subscriptions/subscriptions.csv"],
        docs: "Takeout: the channels that the owner subscribes to, in any language.",
        yields: "one subscription a row, without a date: the file has none",
        passed_over: "channel titles",
    },
    FileKind {
        name: takeout::COMMENTS,
        patterns: &["comments/comments.csv", "comments/comments(1).csv", "Kommentare/Kommentare.csv"],
        docs: "Takeout: the owner's comments, in any language.",
        yields: "comments and replies by the owner, on the video, post or comment named; mentions of other channels",
        passed_over: "the text; the price of a paid comment",
    },
    FileKind {
        name: takeout::LIVE_CHATS,
        patterns: &["live chats/live chats.csv"],
        docs: "Takeout: the owner's messages in live chats, if the account's language is English.",
        yields: "live-chat acts by the owner on the video named; mentions of other channels",
        passed_over: "the text; the price of a paid message",
    },
    FileKind {
        name: takeout::VIDEOS,
        patterns: &["video metadata/videos.csv"],
        docs: "Takeout: the owner's videos, in any language.",
        yields: "posts, with totals of views, likes and comments where the table has such columns in English",
        passed_over: "private videos; titles, descriptions and tags",
    },
    FileKind {
        name: takeout::POSTS,
        patterns: &["posts/posts.csv"],
        docs: "Takeout: the owner's community posts, if the account's language is English.",
        yields: "posts",
        passed_over: "private posts; texts",
    },
    FileKind {
        name: takeout::LIKES,
        patterns: &["playlists/Liked videos*.csv", "playlists/likes*.csv"],
        docs: "Takeout: the videos that the owner liked, if the account's language is English.",
        yields: "likes by the owner of the videos named",
        passed_over: "",
    },
    FileKind {
        name: takeout::CHANNELS,
        patterns: &["channels/channel URL configs.csv"],
        docs: "Takeout: the addresses of the owner's channels, if the account's language is English.",
        yields: "handles",
        passed_over: "",
    },
    FileKind {
        name: takeout::HISTORY,
        patterns: &[
            "history/watch-history.json",
            "history/search-history.json",
            "My Activity/YouTube/MyActivity.json",
        ],
        docs: "Takeout: the owner's history. Choose JSON as its format when asking for the download.",
        yields: "views by the owner of the videos and posts named; from \"My Activity\" also likes and subscriptions, \
                 if the account's language is English",
        passed_over: "adverts, searches, videos that are no longer there",
    },
    FileKind {
        name: takeout::HTML,
        patterns: &["history/watch-history.html", "my-comments/*.html", "my-live-chat-messages/*.html"],
        docs: "Takeout: histories and old comments as pages to look at. Ask again for the history as JSON.",
        yields: "",
        passed_over: "all of it: its dates are written in the account's language and time zone",
    },
    FileKind {
        name: takeout::OTHER,
        patterns: &[
            "channels/channel.csv",
            "playlists/*.csv",
            "music library songs/*.csv",
            "video metadata/*.csv",
        ],
        docs: "Takeout: playlists, songs, settings, texts of videos; and tables of an account in another language than \
               English that are not listed above as read in any. `channel.csv` tells whose the other files are.",
        yields: "",
        passed_over: "all of it: nobody receives anything by it, or its columns are known in English only",
    },
];
