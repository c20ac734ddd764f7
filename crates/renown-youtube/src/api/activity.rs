//! A channel's activities: what it uploaded, liked, favoured, commented on, subscribed to and passed on.

use super::resource::{About, Resource};
use super::{Context, NO_SNIPPET};
use crate::out::{Act, Out, id};

pub(super) fn activity(resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let Some(actor) = id(snippet.channel_id.as_ref()) else {
        return out.reject("an activity without `snippet.channelId`");
    };
    let Some(details) = &resource.content_details else {
        return out.pass_over("activity without the part `contentDetails`");
    };
    let at = out.time("snippet.publishedAt", snippet.published_at);
    let (kind, about) = match snippet.sort.as_deref() {
        Some("upload") => {
            return match details.upload.as_ref().and_then(|upload| id(upload.video.as_ref())) {
                Some(video) => out.post(video, Some(actor), at, context.newest, &[]),
                None => out.reject("an upload without `contentDetails.upload.videoId`"),
            };
        }
        Some("like") => (out.words.like, &details.like),
        Some("favorite") => (out.words.favorite, &details.favorite),
        Some("comment") => (out.words.comment, &details.comment),
        Some("subscription") => (out.words.subscribe, &details.subscription),
        Some("bulletin") => (out.words.share, &details.bulletin),
        _ => return out.pass_over("activity of another sort"),
    };
    let about = about.as_ref().and_then(|About { resource_id }| resource_id.as_ref());
    let channel = about.and_then(|about| id(about.channel.as_ref()));
    let video = about.and_then(|about| id(about.video.as_ref()));
    let Some(what) = video.or(channel) else { return out.pass_over("activity about no video or channel") };
    let act = Act { kind, at, actor, target: channel, object: video };
    match resource.own_id() {
        // One comments on a video as often as one likes.
        Some(own) if kind == out.words.comment => out.named_act(act, own),
        None if kind == out.words.comment => out.repeated_act(act, what),
        _ => out.single_act(act, what),
    }
}
