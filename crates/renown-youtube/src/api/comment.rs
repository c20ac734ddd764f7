//! Comments: something their author does to the video's channel or, as a reply, to the author of another comment.

use std::borrow::Cow;

use renown_sdk::Id;

use super::resource::{Comment, Resource, Snippet};
use super::{Context, NO_SNIPPET};
use crate::out::{Act, Out, id};
use crate::url::Link;

/// Where a comment stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// Under a video, or on a channel's own page.
    Top { channel: Option<Id<'a>>, video: Option<Id<'a>> },
    /// Under a comment, whose author is known if it was read together with it.
    Under { parent: Id<'a>, author: Option<Id<'a>> },
}

/// A comment with the first of its replies.
pub(super) fn thread(resource: &Resource<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let Some(top) = &snippet.top_level_comment else {
        return out.pass_over("comment thread without its first comment");
    };
    let (Some(first), Some(own)) = (id(top.id.as_ref()).or_else(|| resource.own_id()), &top.snippet) else {
        return out.reject("a comment thread whose `topLevelComment` lacks `id` or `snippet`");
    };
    let place = Place::Top {
        channel: id(own.channel_id.as_ref()).or_else(|| id(snippet.channel_id.as_ref())),
        video: id(own.video_id.as_ref()).or_else(|| id(snippet.video_id.as_ref())),
    };
    write(first, own, place, out);

    let author = Author::of(own);
    let author = author.as_ref().map(Author::id);
    let replies = out.count("snippet.totalReplyCount", snippet.total_reply_count);
    if let (Some(author), Some(replies @ 1..)) = (author, replies) {
        let at = own.published_at.and_then(crate::loose::When::good);
        out.total(out.words.reply, at, author, first, replies);
    }
    for Comment { id: own_id, snippet } in
        resource.replies.iter().flat_map(|replies| replies.comments.iter().flatten())
    {
        match (id(own_id.as_ref()), snippet) {
            (Some(reply), Some(snippet)) => {
                write(reply, snippet, Place::Under { parent: first, author }, out);
            }
            _ => out.reject("a reply without `id` or `snippet`"),
        }
    }
}

/// A comment listed by itself.
pub(super) fn comment(resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let Some(snippet) = &resource.snippet else { return out.pass_over(NO_SNIPPET) };
    let Some(own) = resource.own_id() else { return out.reject("a comment without `id`") };
    let Some(parent) = id(snippet.parent_id.as_ref()) else {
        let (channel, video) = (id(snippet.channel_id.as_ref()), id(snippet.video_id.as_ref()));
        return write(own, snippet, Place::Top { channel, video }, out);
    };
    let author = context.comments.get(&parent).and_then(|parent| Author::of(parent));
    write(own, snippet, Place::Under { parent, author: author.as_ref().map(Author::id) }, out);
}

/// Writes down the act, the likes it got and its author's handle.
fn write<C>(own: Id<'_>, snippet: &Snippet<'_, C>, place: Place<'_>, out: &mut Out<'_>) {
    let Some(author) = Author::of(snippet) else { return out.pass_over("comment without an author") };
    let actor = author.id();
    let at = out.time("snippet.publishedAt", snippet.published_at);
    let (kind, target, object) = match place {
        Place::Top { channel, video } => (out.words.comment, channel, video),
        Place::Under { parent, author } => (out.words.reply, author, Some(parent)),
    };
    if target.is_some() || object.is_some() {
        out.named_act(Act { kind, at, actor, target, object }, own);
    } else {
        // Lists of comments by id did not say under which video they stand until 2022.
        out.pass_over("comment on a video that is not named");
    }
    if let Some(likes @ 1..) = out.count("snippet.likeCount", snippet.like_count) {
        out.total(out.words.like, at, actor, own, likes);
    }
    if let (Some(handle), false) = (handle(snippet), author.is_handle()) {
        out.handle(actor, handle);
    }
}

/// Who wrote a comment: by channel id or, failing that, by handle or by the name shown.
struct Author<'a>(Cow<'a, str>);

impl<'a> Author<'a> {
    fn of<C>(snippet: &'a Snippet<'_, C>) -> Option<Self> {
        let channel = snippet.author_channel_id.as_ref().and_then(|author| author.value.as_ref());
        let named = match channel {
            Some(renown_sdk::json::Id::Number(number)) => Some(Cow::Owned(number.to_string())),
            Some(renown_sdk::json::Id::Text(text)) if !text.is_empty() => Some(Cow::Borrowed(&**text)),
            _ => None,
        };
        let linked = || match Link::of(snippet.author_channel_url.as_deref()?) {
            Link::Channel(channel) => Some(Cow::Borrowed(channel)),
            _ => None,
        };
        let called = || handle(snippet).map(|handle| Cow::Owned(format!("@{}", handle.to_lowercase())));
        let shown = || {
            let name = snippet.author_display_name.as_deref()?.trim();
            (!name.is_empty()).then(|| Cow::Owned(format!("name:{name}")))
        };
        named.or_else(linked).or_else(called).or_else(shown).map(Self)
    }

    fn id(&self) -> Id<'_> {
        Id::new(&self.0)
    }

    fn is_handle(&self) -> bool {
        self.0.starts_with('@')
    }
}

/// The author's handle, without the `@`. Since 2023 it is what is shown as the name.
fn handle<'a, C>(snippet: &'a Snippet<'_, C>) -> Option<&'a str> {
    let shown = snippet.author_display_name.as_deref().and_then(|name| name.trim().strip_prefix('@'));
    let shown = shown.filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    shown.or_else(|| match Link::of(snippet.author_channel_url.as_deref()?) {
        Link::Handle(handle) => Some(handle),
        _ => None,
    })
}
