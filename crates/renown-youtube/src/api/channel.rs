//! Channels, and who subscribed to or joined them.

use super::NO_SNIPPET;
use super::resource::Resource;
use crate::loose::Flag;
use crate::out::{Act, Out, id};

/// A channel: its numbers and its handle.
pub(super) fn channel(resource: &Resource<'_>, out: &mut Out<'_>) {
    let Some(channel) = resource.own_id() else { return out.reject("a channel without `id`") };
    let address = resource.snippet.as_ref().and_then(|snippet| snippet.custom_url.as_deref());
    if let Some(address) = address {
        out.handle(channel, address);
    }
    if let Some(numbers) = &resource.statistics {
        let hidden = numbers.hidden_subscriber_count == Some(Flag(true));
        // A hidden number used to be written as 0.
        let subscribers = numbers.subscriber_count.filter(|_| !hidden);
        let numbers = [
            (out.words.subscribers, "statistics.subscriberCount", subscribers),
            (out.words.views, "statistics.viewCount", numbers.view_count),
            (out.words.posts, "statistics.videoCount", numbers.video_count),
        ]
        .map(|(metric, field, count)| Some((metric, out.count(field, count)?)));
        let numbers: Vec<_> = numbers.into_iter().flatten().collect();
        out.observations(channel, &numbers);
    } else if address.is_none() {
        out.pass_over("channel without handle or numbers");
    }
}

/// A subscription.
pub(super) fn subscription(resource: &Resource<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let subscriber =
        resource.subscriber_snippet.as_ref().and_then(|subscriber| id(subscriber.channel_id.as_ref()));
    let subscriber = subscriber.or_else(|| id(snippet.channel_id.as_ref()));
    let channel = snippet.resource_id.as_ref().and_then(|about| id(about.channel.as_ref()));
    let (Some(actor), Some(channel)) = (subscriber, channel) else {
        return out.reject("a subscription without `snippet.channelId` or `snippet.resourceId.channelId`");
    };
    let at = out.time("snippet.publishedAt", snippet.published_at);
    let kind = out.words.subscribe;
    out.single_act(Act { kind, at, actor, target: Some(channel), object: None }, channel);
}

/// A paid membership.
pub(super) fn member(resource: &Resource<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let member = snippet.member_details.as_ref().and_then(|member| id(member.channel_id.as_ref()));
    let (Some(actor), Some(channel)) = (member, id(snippet.creator_channel_id.as_ref())) else {
        return out.reject("a member without `creatorChannelId` or `memberDetails.channelId`");
    };
    let duration =
        snippet.memberships_details.as_ref().and_then(|details| details.memberships_duration.as_ref());
    let since = duration.and_then(|duration| duration.member_since);
    let at = out.time("memberSince", since);
    let kind = out.words.join;
    out.single_act(Act { kind, at, actor, target: Some(channel), object: None }, channel);
}
