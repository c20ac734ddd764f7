//! The API's resources as types: only the fields that records are made of, all optional.
//!
//! One type serves for all sorts, since a resource may say its kind last. What few sorts have and is large is boxed,
//! so that the others are moved cheaply.

use renown_sdk::json::{self, Count, Text};
use renown_sdk::{Id, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sonic_rs::LazyValue;

use crate::loose::{Flag, Ref, When};
use crate::out::id;

/// A response with its resources, or a single one.
pub(super) type Document<'a> = Resource<'a, Vec<Resource<'a>>>;

/// A page whose items are not looked into.
#[derive(Deserialize)]
pub(super) struct RawPage<'a> {
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) items: Option<Vec<LazyValue<'a>>>,
}

/// A resource; `I` is what its `items` are read as.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "I: Deserialize<'de>"))]
pub(super) struct Resource<'a, I = IgnoredAny> {
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) id: Option<Ref<'a>>,
    #[serde(borrow)]
    pub(super) snippet: Option<Snippet<'a>>,
    pub(super) statistics: Option<Statistics>,
    pub(super) status: Option<Status<'a>>,
    #[serde(borrow)]
    pub(super) content_details: Option<Box<ContentDetails<'a>>>,
    #[serde(borrow)]
    pub(super) subscriber_snippet: Option<SubscriberSnippet<'a>>,
    #[serde(borrow)]
    pub(super) replies: Option<Replies<'a>>,
    pub(super) items: Option<I>,
    pub(super) error: Option<IgnoredAny>,
}

impl<'a, I> Resource<'a, I> {
    /// The resource itself, and its items.
    pub(super) fn split(self) -> (Resource<'a>, Option<I>) {
        let resource = Resource {
            kind: self.kind,
            id: self.id,
            snippet: self.snippet,
            statistics: self.statistics,
            status: self.status,
            content_details: self.content_details,
            subscriber_snippet: self.subscriber_snippet,
            replies: self.replies,
            items: None,
            error: self.error,
        };
        (resource, self.items)
    }
}

impl Resource<'_> {
    /// The id of the resource itself.
    pub(super) fn own_id(&self) -> Option<Id<'_>> {
        id(self.id.as_ref()?.value.as_ref())
    }

    /// The newest time that it bears.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        let snippet = self.snippet.as_ref();
        let top = snippet.and_then(|snippet| snippet.top_level_comment.as_ref()?.snippet.as_ref());
        let replies = self.replies.iter().flat_map(|replies| replies.comments.iter().flatten());
        let replies = replies.filter_map(|reply| reply.snippet.as_ref());
        let comments =
            top.into_iter().chain(replies).flat_map(|comment| [comment.published_at, comment.updated_at]);
        let own = snippet.into_iter().flat_map(|snippet| [snippet.published_at, snippet.updated_at]);
        let video = self.content_details.as_ref().and_then(|details| details.video_published_at);
        own.chain(comments).chain([video]).flatten().filter_map(When::good).max()
    }
}

/// Who made it and when; `C` is what its top-level comment is read as.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "C: Deserialize<'de>"))]
pub(super) struct Snippet<'a, C = Comment<'a>> {
    pub(super) published_at: Option<When>,
    pub(super) updated_at: Option<When>,
    #[serde(borrow)]
    pub(super) channel_id: Option<json::Id<'a>>,
    #[serde(borrow)]
    pub(super) video_id: Option<json::Id<'a>>,
    /// What a subscription or a playlist item is about.
    #[serde(borrow)]
    pub(super) resource_id: Option<Ref<'a>>,

    // Channels.
    #[serde(borrow)]
    pub(super) custom_url: Option<Text<'a>>,

    // Activities.
    #[serde(borrow, rename = "type")]
    pub(super) sort: Option<Text<'a>>,

    // Playlist items.
    #[serde(borrow)]
    pub(super) playlist_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) video_owner_channel_id: Option<json::Id<'a>>,

    // Comments and comment threads.
    #[serde(borrow)]
    pub(super) parent_id: Option<json::Id<'a>>,
    #[serde(borrow)]
    pub(super) author_channel_id: Option<Ref<'a>>,
    #[serde(borrow)]
    pub(super) author_channel_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) author_display_name: Option<Text<'a>>,
    pub(super) like_count: Option<Count>,
    pub(super) top_level_comment: Option<Box<C>>,
    pub(super) total_reply_count: Option<Count>,

    // Members.
    #[serde(borrow)]
    pub(super) creator_channel_id: Option<json::Id<'a>>,
    #[serde(borrow)]
    pub(super) member_details: Option<SubscriberSnippet<'a>>,
    pub(super) memberships_details: Option<MembershipsDetails>,
}

/// The numbers beside a channel or a video.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
pub(super) struct Statistics {
    pub(super) view_count: Option<Count>,
    pub(super) like_count: Option<Count>,
    pub(super) dislike_count: Option<Count>,
    pub(super) favorite_count: Option<Count>,
    pub(super) comment_count: Option<Count>,
    pub(super) subscriber_count: Option<Count>,
    pub(super) hidden_subscriber_count: Option<Flag>,
    pub(super) video_count: Option<Count>,
}

/// Who may see it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status<'a> {
    #[serde(borrow)]
    pub(super) privacy_status: Option<Text<'a>>,
}

impl Status<'_> {
    pub(super) fn is_private(&self) -> bool {
        self.privacy_status.as_deref() == Some("private")
    }
}

/// The video of a playlist item, or what an activity was about.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentDetails<'a> {
    #[serde(borrow)]
    pub(super) video_id: Option<json::Id<'a>>,
    pub(super) video_published_at: Option<When>,
    #[serde(borrow)]
    pub(super) upload: Option<Ref<'a>>,
    #[serde(borrow)]
    pub(super) like: Option<About<'a>>,
    #[serde(borrow)]
    pub(super) favorite: Option<About<'a>>,
    #[serde(borrow)]
    pub(super) comment: Option<About<'a>>,
    #[serde(borrow)]
    pub(super) subscription: Option<About<'a>>,
    #[serde(borrow)]
    pub(super) bulletin: Option<About<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About<'a> {
    #[serde(borrow)]
    pub(super) resource_id: Option<Ref<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriberSnippet<'a> {
    #[serde(borrow)]
    pub(super) channel_id: Option<json::Id<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MembershipsDetails {
    pub(super) memberships_duration: Option<MembershipsDuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MembershipsDuration {
    pub(super) member_since: Option<When>,
}

#[derive(Deserialize)]
pub(super) struct Replies<'a> {
    #[serde(borrow)]
    pub(super) comments: Option<Vec<Comment<'a>>>,
}

/// A comment inside a thread. It holds no threads itself, so documents nest no deeper than this.
#[derive(Deserialize)]
pub(super) struct Comment<'a> {
    #[serde(borrow)]
    pub(super) id: Option<json::Id<'a>>,
    #[serde(borrow)]
    pub(super) snippet: Option<Snippet<'a, IgnoredAny>>,
}
