//! The words of `YouTube`: declared for the manifest, resolved once for the readers.

use renown_sdk::{NetworkSpec, TooManyWords, Vocable, Vocabulary, Word};

use crate::NETWORK;

/// The network's vocabulary.
///
/// The weights say what an act costs the one who does it: a view is given in passing, a paid membership is not. Views and
/// likes nearly always come as totals, of which `recent` can be told and `weighted`, which needs actors, cannot.
pub(crate) const SPEC: NetworkSpec = NetworkSpec {
    name: NETWORK,
    kinds: &[
        Vocable {
            name: "post",
            also: &["upload", "video"],
            unit: "posts",
            docs: "A video or community post that the channel published.",
            default_weight: ("count", 0.0),
        },
        Vocable {
            name: "view",
            also: &["watch"],
            unit: "views",
            docs: "Views of the channel's videos: the total a video shows, or one entry of a watch history.",
            default_weight: ("recent", 0.2),
        },
        Vocable {
            name: "like",
            also: &["thumbs-up"],
            unit: "acts",
            docs: "Likes of the channel's videos and comments.",
            default_weight: ("recent", 0.25),
        },
        Vocable {
            name: "comment",
            also: &[],
            unit: "acts",
            docs: "Comments on the channel's videos, or on the channel itself.",
            default_weight: ("weighted", 0.6),
        },
        Vocable {
            name: "reply",
            also: &[],
            unit: "acts",
            docs: "Answers to the channel's comments.",
            default_weight: ("weighted", 0.2),
        },
        Vocable {
            name: "mention",
            also: &[],
            unit: "acts",
            docs: "Mentions of the channel in others' comments.",
            default_weight: ("actors", 0.4),
        },
        Vocable {
            name: "live-chat",
            also: &["live-chat-message"],
            unit: "acts",
            docs: "Messages in the chat beside the channel's live streams.",
            default_weight: ("actors", 0.25),
        },
        Vocable {
            name: "share",
            also: &["bulletin"],
            unit: "acts",
            docs: "The channel's videos that somebody passed on to their own subscribers.",
            default_weight: ("actors", 0.4),
        },
        Vocable {
            name: "favorite",
            also: &["favourite"],
            unit: "acts",
            docs: "The channel's videos that somebody put on their list of favourites; not counted since 2015.",
            default_weight: ("count", 0.0),
        },
        Vocable {
            name: "subscribe",
            also: &["subscription"],
            unit: "acts",
            docs: "Subscriptions to the channel by accounts that are known, each pair once.",
            default_weight: ("actors", 0.0),
        },
        Vocable {
            name: "join",
            also: &["member", "membership"],
            unit: "acts",
            docs: "Paid memberships of the channel by accounts that are known, each pair once.",
            default_weight: ("actors", 0.4),
        },
        Vocable {
            name: "dislike",
            also: &["thumbs-down"],
            unit: "acts",
            docs: "Dislikes, as videos showed them until 2021. Shown and not counted: no endorsement.",
            default_weight: ("count", 0.0),
        },
    ],
    metrics: &[
        Vocable {
            name: "subscribers",
            also: &["subscriber_count", "followers"],
            unit: "accounts",
            docs: "Subscribers of the channel, to three digits; missing where the channel hides them.",
            default_weight: ("latest", 1.0),
        },
        Vocable {
            name: "views",
            also: &["view_count"],
            unit: "views",
            docs: "Views of all the channel's videos together.",
            default_weight: ("latest", 0.25),
        },
        Vocable {
            name: "posts",
            also: &["videos", "video_count"],
            unit: "posts",
            docs: "The channel's public videos.",
            default_weight: ("latest", 0.5),
        },
    ],
};

/// The words of a run, resolved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) network: Word,
    pub(crate) view: Word,
    pub(crate) like: Word,
    pub(crate) comment: Word,
    pub(crate) reply: Word,
    pub(crate) mention: Word,
    pub(crate) live_chat: Word,
    pub(crate) share: Word,
    pub(crate) favorite: Word,
    pub(crate) subscribe: Word,
    pub(crate) join: Word,
    pub(crate) dislike: Word,
    pub(crate) subscribers: Word,
    pub(crate) views: Word,
    pub(crate) posts: Word,
}

impl Words {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let kind = |name| vocabulary.kind(NETWORK, name);
        let metric = |name| vocabulary.metric(NETWORK, name);
        Ok(Self {
            network: vocabulary.network(NETWORK)?,
            view: kind("view")?,
            like: kind("like")?,
            comment: kind("comment")?,
            reply: kind("reply")?,
            mention: kind("mention")?,
            live_chat: kind("live-chat")?,
            share: kind("share")?,
            favorite: kind("favorite")?,
            subscribe: kind("subscribe")?,
            join: kind("join")?,
            dislike: kind("dislike")?,
            subscribers: metric("subscribers")?,
            views: metric("views")?,
            posts: metric("posts")?,
        })
    }
}
