//! Videos, wherever they are listed: as themselves, in search results, in playlists.

use super::resource::{Resource, Status};
use super::{Context, NO_SNIPPET};
use crate::out::{Act, Out, id};

/// A video: a post with the totals that it shows.
pub(super) fn video(resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let about = resource.id.as_ref().and_then(|about| about.video.as_ref());
    let Some(video) = resource.own_id().or_else(|| id(about)) else {
        return out.reject("a video without `id`");
    };
    if resource.status.as_ref().is_some_and(Status::is_private) {
        return out.pass_over("private video");
    }
    let snippet = resource.snippet.as_ref();
    let author = snippet.and_then(|snippet| id(snippet.channel_id.as_ref()));
    let at = snippet.and_then(|snippet| out.time("snippet.publishedAt", snippet.published_at));
    let mut totals = [(out.words.view, 0); 5];
    let mut shown = 0;
    if let Some(numbers) = &resource.statistics {
        for (kind, field, count) in [
            (out.words.view, "statistics.viewCount", numbers.view_count),
            (out.words.like, "statistics.likeCount", numbers.like_count),
            (out.words.dislike, "statistics.dislikeCount", numbers.dislike_count),
            (out.words.favorite, "statistics.favoriteCount", numbers.favorite_count),
            (out.words.comment, "statistics.commentCount", numbers.comment_count),
        ] {
            if let Some(amount) = out.count(field, count) {
                totals[shown] = (kind, amount);
                shown += 1;
            }
        }
    }
    if author.is_none() && shown == 0 {
        return out.pass_over("video without channel or numbers");
    }
    out.post(video, author, at, context.newest, &totals[..shown]);
}

/// A search result: a post, if it is a video.
pub(super) fn search_result(resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let Some(video) = resource.id.as_ref().and_then(|about| id(about.video.as_ref())) else {
        return out.pass_over("channel or playlist in search results");
    };
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let at = out.time("snippet.publishedAt", snippet.published_at);
    match id(snippet.channel_id.as_ref()) {
        Some(author) => out.post(video, Some(author), at, context.newest, &[]),
        None => out.reject("a search result without `snippet.channelId`"),
    }
}

/// An entry of a playlist. The playlists that a channel has without making them tell by their ids what an entry means:
/// `UU…` are its own uploads, `LL…` the videos that it liked and `FL…` its favourites. Any other is a choice, which
/// says nothing but whose the video is.
pub(super) fn playlist_item(resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let details = resource.content_details.as_ref();
    let video = snippet.resource_id.as_ref().and_then(|about| id(about.video.as_ref()));
    let Some(video) = video.or_else(|| details.and_then(|details| id(details.video_id.as_ref()))) else {
        return out.pass_over("playlist entry that is no video");
    };
    if resource.status.as_ref().is_some_and(Status::is_private) {
        return out.pass_over("private video");
    }
    let playlist = snippet.playlist_id.as_deref().unwrap_or("");
    let added_by = id(snippet.channel_id.as_ref());
    let owner = id(snippet.video_owner_channel_id.as_ref());
    let published = details.and_then(|details| details.video_published_at);
    let published = out.time("contentDetails.videoPublishedAt", published);
    let given = match playlist.get(..2) {
        Some("LL") => Some(out.words.like),
        Some("FL") => Some(out.words.favorite),
        _ => None,
    };
    if let (Some(kind), Some(actor)) = (given, added_by) {
        let at = out.time("snippet.publishedAt", snippet.published_at);
        out.single_act(Act { kind, at, actor, target: owner, object: Some(video) }, video);
    }
    if let Some(owner) = owner {
        out.post(video, Some(owner), published, context.newest, &[]);
    } else if let (true, Some(owner)) = (playlist.starts_with("UU"), added_by) {
        let added = out.time("snippet.publishedAt", snippet.published_at);
        out.post(video, Some(owner), published.or(added), context.newest, &[]);
    } else if given.is_none() {
        out.pass_over("playlist entry without the video's channel");
    }
}
