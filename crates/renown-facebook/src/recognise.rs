//! Which kind of file a file is: by the keys in its first bytes, by values only Meta writes where keys are common ones,
//! and by its path last.

use std::collections::BTreeSet;

use renown_sdk::File;
use renown_sdk::json::Outline;

use crate::download::{facebook, instagram, values_of};
use crate::graph::{is_message_id, is_object_id};

/// A kind of file. The names are those of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Graph,
    InstagramGraph,
    GraphError,
    GraphOther,
    Posts,
    Comments,
    Reactions,
    Friends,
    Follows,
    Profile,
    Other,
    InstagramPosts,
    InstagramComments,
    InstagramLikes,
    InstagramFollows,
    InstagramOther,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Graph,
        Self::InstagramGraph,
        Self::GraphError,
        Self::GraphOther,
        Self::Posts,
        Self::Comments,
        Self::Reactions,
        Self::Friends,
        Self::Follows,
        Self::Profile,
        Self::Other,
        Self::InstagramPosts,
        Self::InstagramComments,
        Self::InstagramLikes,
        Self::InstagramFollows,
        Self::InstagramOther,
    ];

    /// The name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Graph => "graph-api",
            Self::InstagramGraph => "instagram-graph-api",
            Self::GraphError => "graph-error",
            Self::GraphOther => "graph-other",
            Self::Posts => "download-posts",
            Self::Comments => "download-comments",
            Self::Reactions => "download-reactions",
            Self::Friends => "download-friends",
            Self::Follows => "download-follows",
            Self::Profile => "download-profile",
            Self::Other => "download-other",
            Self::InstagramPosts => "instagram-download-posts",
            Self::InstagramComments => "instagram-download-comments",
            Self::InstagramLikes => "instagram-download-likes",
            Self::InstagramFollows => "instagram-download-follows",
            Self::InstagramOther => "instagram-download-other",
        }
    }

    /// The kind of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What an element of a bare list in a Facebook download is, where it does not tell.
pub(crate) fn facebook_role(kind: Kind) -> facebook::Role {
    match kind {
        Kind::Comments => facebook::Role::Comment,
        Kind::Reactions => facebook::Role::Reaction,
        Kind::Friends => facebook::Role::Friend,
        Kind::Follows => facebook::Role::Following,
        _ => facebook::Role::Post,
    }
}

/// What an element of a bare list in an Instagram download is, where it does not tell.
pub(crate) fn instagram_role(kind: Kind, file: &File<'_>) -> instagram::Role {
    match kind {
        Kind::InstagramComments => instagram::Role::Comment,
        Kind::InstagramLikes => instagram::Role::Like,
        Kind::InstagramFollows if file.name().starts_with("following") => instagram::Role::Following,
        Kind::InstagramFollows => instagram::Role::Follower,
        _ => instagram::Role::Post,
    }
}

/// The kind of a file, if it is one of ours.
pub(crate) fn recognise(file: &File<'_>) -> Option<Kind> {
    let outline = Outline::of(file.head);
    if !outline.prefix.is_empty() {
        return None;
    }
    let keys = Keys::of(&outline);
    if keys.0.is_empty() {
        return by_path(file);
    }
    let head = file.head_text();
    if is_error(&outline, &head) {
        return Some(Kind::GraphError);
    }
    facebook_download(file, &keys)
        .or_else(|| instagram_download(file, &keys))
        .or_else(|| graph(&keys, &head))
        .or_else(|| by_path(file))
}

/// The keys of the objects in a document, whatever holds them: a list, a page (`data`), an object by ids.
struct Keys<'o>(BTreeSet<&'o str>);

impl<'o> Keys<'o> {
    fn of(outline: &'o Outline) -> Self {
        let mut keys = BTreeSet::new();
        for path in outline.paths() {
            let mut path = path.strip_prefix("[].").unwrap_or(path);
            if let Some((first, rest)) = path.split_once('.')
                && (is_object_id(first) || is_message_id(first))
            {
                path = rest;
            }
            keys.insert(path);
            keys.extend(path.strip_prefix("data[]."));
        }
        Self(keys)
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    fn all(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.has(key))
    }

    fn any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }
}

fn is_error(outline: &Outline, head: &str) -> bool {
    outline.has_any(&["error.fbtrace_id", "[].error.fbtrace_id"])
        || (outline.has_all(&["error.message", "error.type", "error.code"])
            && head.contains("OAuthException"))
}

/// Lists in a Facebook download that are of no use to a score: what was invited, joined, searched, viewed, sent.
const OF_NO_USE: [&str; 27] = [
    "your_events_v2",
    "events_joined_v2",
    "events_invited_v2",
    "event_responses_v2",
    "groups_joined_v2",
    "groups_admined_v2",
    "recently_viewed",
    "visited_things_v2",
    "searches_v2",
    "deleted_friends_v2",
    "received_requests_v2",
    "sent_requests_v2",
    "rejected_requests_v2",
    "poll_votes_v2",
    "saves_v2",
    "pages_unfollowed_v2",
    "off_facebook_activity_v2",
    "blocked_users_v2",
    "profile_updates_v2",
    "videos_v2",
    "other_photos_v2",
    "stickers_used",
    "installed_apps_v2",
    "notifications_v2",
    "inferred_topics_v2",
    "account_activity_v2",
    "people_interactions_v2",
];

fn facebook_download(file: &File<'_>, keys: &Keys<'_>) -> Option<Kind> {
    let path_has = |part| file.path.contains(part);
    if keys.any(&[
        "comments_v2",
        "group_comments_v2",
        "comments[].data[].comment",
        "group_comments[].data[].comment",
    ]) || keys.all(&["timestamp", "data[].comment.author"])
        || keys.has("group_comments.activity_log_data")
    {
        return Some(Kind::Comments);
    }
    if keys.any(&["reactions_v2", "reactions[].data[].reaction"])
        || keys.all(&["timestamp", "data[].reaction.reaction"])
        || (keys.all(&["timestamp", "label_values"]) && path_has("likes_and_reactions"))
    {
        return Some(Kind::Reactions);
    }
    if keys.has("friends_v2") || keys.all(&["friends[].name", "friends[].timestamp"]) {
        return Some(Kind::Friends);
    }
    if keys.any(&[
        "followers_v2",
        "followers_v3",
        "following_v2",
        "following_v3",
        "page_likes_v2",
        "pages_followed_v2",
    ]) || keys.all(&["followers[].name", "followers[].timestamp"])
        || keys.all(&["following[].name", "following[].timestamp"])
        || keys.all(&["page_likes[].name", "page_likes[].timestamp"])
    {
        return Some(Kind::Follows);
    }
    if keys.any(&[
        "group_posts_v2",
        "group_posts.activity_log_data",
        "group_posts[].data[].post",
        "status_updates[].timestamp",
        "wall_posts_sent_to_you",
    ]) || (keys.has("timestamp")
        && keys.any(&[
            "data[].post",
            "data[].update_timestamp",
            "attachments[].data[].media",
            "attachments[].data[].external_context",
        ]))
    {
        return Some(Kind::Posts);
    }
    if keys.any(&["profile_v2.name", "profile.name.full_name"])
        || keys.all(&["profile.name", "profile.profile_uri"])
    {
        return Some(Kind::Profile);
    }
    if keys.any(&OF_NO_USE)
        || keys.all(&["participants[].name", "messages[].sender_name", "messages[].timestamp_ms"])
    {
        return Some(Kind::Other);
    }
    None
}

fn instagram_download(file: &File<'_>, keys: &Keys<'_>) -> Option<Kind> {
    let path_has = |part| file.path.contains(part);
    if keys.any(&[
        "media[].creation_timestamp",
        "ig_reels_media",
        "ig_igtv_media",
        "ig_archived_post_media",
        "ig_other_media",
        "ig_stories",
        "ig_profile_picture",
    ]) || keys.all(&["photos[].taken_at", "photos[].path"])
        || keys.all(&["videos[].taken_at", "videos[].path"])
    {
        return Some(Kind::InstagramPosts);
    }
    if keys.any(&["comments_media_comments", "comments_reels_comments", "comments_story_comments"])
        || (keys.has("string_map_data") && file.name().contains("comments"))
    {
        return Some(Kind::InstagramComments);
    }
    if keys.any(&["likes_media_likes", "likes_comment_likes", "story_activities_story_likes"])
        || (keys.all(&["timestamp", "label_values"])
            && ["liked_posts", "liked_comments", "story_likes"].iter().any(|name| file.name().contains(name)))
    {
        return Some(Kind::InstagramLikes);
    }
    if keys.any(&["relationships_followers", "relationships_following"])
        || (keys.has("string_list_data")
            && (path_has("followers") || path_has("following"))
            && !keys.has("label_values")
            && ["followers", "following"].iter().any(|name| file.name().starts_with(name)))
    {
        return Some(Kind::InstagramFollows);
    }
    let relationship = keys.0.iter().any(|key| key.starts_with("relationships_") && !key.contains('.'));
    if relationship || keys.any(&["string_list_data", "string_map_data", "profile_user"]) {
        return Some(Kind::InstagramOther);
    }
    None
}

fn graph(keys: &Keys<'_>, head: &str) -> Option<Kind> {
    // YouTube names the kind of everything; Instagram's first API (until 2020) had these.
    if keys.has("kind") && head.contains("youtube#") || keys.any(&["user.profile_picture", "caption.from"]) {
        return None;
    }
    if keys.any(&["data.is_silhouette", "quota_usage"]) {
        return Some(Kind::GraphOther);
    }
    if keys.all(&["name", "period"]) && keys.any(&["values", "total_value"]) && head.contains("/insights/") {
        return Some(if is_facebook_insight(head) { Kind::Graph } else { Kind::InstagramGraph });
    }
    if is_instagram(keys, head) {
        return Some(Kind::InstagramGraph);
    }
    is_facebook(keys, head).then_some(Kind::Graph)
}

fn is_facebook_insight(head: &str) -> bool {
    values_of(head, "name").any(|name| {
        ["page_", "post_", "total_video_", "blue_reels_", "fb_reels_"]
            .iter()
            .any(|start| name.starts_with(start))
    })
}

fn is_instagram(keys: &Keys<'_>, head: &str) -> bool {
    keys.any(&[
        "business_discovery",
        "mentioned_media",
        "mentioned_comment",
        "follows_count",
        "media_product_type",
    ]) || (keys.has("media_type")
        && keys.any(&["permalink", "media_url", "like_count", "comments_count", "username", "timestamp"]))
        || keys.all(&["followers_count", "profile_picture_url"])
        || keys.all(&["username", "media_count"])
        || keys.all(&["id", "like_count", "comments_count"])
        || (keys.all(&["id", "text", "timestamp"])
            && (has_graph_address(keys, head) || has_instagram_id(head)))
        || head.contains("https://graph.instagram.com/")
}

fn has_graph_address(keys: &Keys<'_>, head: &str) -> bool {
    keys.any(&["paging.next", "paging.previous"]) && head.contains("https://graph.facebook.com/")
}

/// Whether an object has an id as Instagram's Graph API gives to media and comments: 17 digits, the first two 17 or 18.
fn has_instagram_id(head: &str) -> bool {
    values_of(head, "id")
        .any(|id| id.len() == 17 && is_object_id(&id) && (id.starts_with("17") || id.starts_with("18")))
}

fn is_facebook(keys: &Keys<'_>, head: &str) -> bool {
    keys.any(&[
        "created_time",
        "updated_time",
        "fan_count",
        "talking_about_count",
        "were_here_count",
        "page_story_id",
        "live_views",
        "name_format",
        "category_list",
        "member_request_count",
        "reactions.summary",
        "picture.data.is_silhouette",
        "instagram_business_account",
        "event_times",
        "paging.cursors",
    ]) || keys.all(&["embed_html", "status"])
        || keys.all(&["can_post", "profile_type"])
        || keys.all(&["id", "shares.count"])
        || keys.all(&["id", "from.id", "message"])
        || has_graph_address(keys, head)
}

/// Folders that only Meta's downloads have.
const FOLDERS: [&str; 5] = [
    "your_facebook_activity",
    "your_activity_across_facebook",
    "apps_and_websites_off_of_facebook",
    "apps_and_websites_off_of_instagram",
    "security_and_login_information",
];

/// What lies in Meta's own folders and is not known by its keys is recognised and passed over.
fn by_path(file: &File<'_>) -> Option<Kind> {
    if !file.has_extension("json") {
        return None;
    }
    let folders = || file.path.split('/');
    if folders().any(|folder| folder == "your_instagram_activity" || folder == "past_instagram_insights") {
        return Some(Kind::InstagramOther);
    }
    folders().any(|folder| FOLDERS.contains(&folder)).then_some(Kind::Other)
}
