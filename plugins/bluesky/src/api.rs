//! The public API: feeds, posts, profiles and listed records, as pages and as single objects.

use renown_sdk::Timestamp;
use renown_sdk::json::{Count, JsonError, Text, from_slice};
use renown_sdk::time;
use serde::Deserialize;

use crate::address::{Address, is_did};
use crate::loose::{List, Loose, Object, count, good, text};
use crate::record::{self, Collection, NO_ADDRESS, NO_DID, Place, Record};
use crate::scribe::Scribe;

/// A page of any endpoint.
#[derive(Deserialize)]
struct Page<'a> {
    /// Of `getAuthorFeed`, `getTimeline`, `getFeed`.
    #[serde(borrow)]
    feed: Option<Loose<List<FeedItem<'a>>>>,
    /// Of `getPosts`, `searchPosts`, `getQuotes`.
    #[serde(borrow)]
    posts: Option<Loose<List<PostView<'a>>>>,
    /// Of `listNotifications`: records, with who wrote them.
    #[serde(borrow)]
    notifications: Option<Loose<List<PostView<'a>>>>,
    /// Of `getProfiles`.
    #[serde(borrow)]
    profiles: Option<Loose<List<Profile<'a>>>>,
    /// Of `listRecords`.
    #[serde(borrow)]
    records: Option<Loose<List<Listed<'a>>>>,
}

/// A place in a feed: a post, what it answers, and why it is there.
#[derive(Deserialize)]
struct FeedItem<'a> {
    #[serde(borrow)]
    post: Option<Loose<Object<PostView<'a>>>>,
    #[serde(borrow)]
    reply: Option<Loose<Object<Thread<'a>>>>,
    #[serde(borrow)]
    reason: Option<Loose<Object<Reason<'a>>>>,
}

#[derive(Deserialize)]
struct Thread<'a> {
    #[serde(borrow)]
    root: Option<Loose<Object<PostView<'a>>>>,
    #[serde(borrow)]
    parent: Option<Loose<Object<PostView<'a>>>>,
}

/// That a post is in a feed since somebody reposted it. (Or since it is pinned: that has no `by`.)
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reason<'a> {
    #[serde(borrow)]
    by: Option<Loose<Object<Profile<'a>>>>,
    /// The address of the repost; missing in pages from before 2025.
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    indexed_at: Option<Loose<Text<'a>>>,
}

/// A post as the API shows it. One that is gone, or whose author blocks the reader, has no `record`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostView<'a> {
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    author: Option<Loose<Object<Profile<'a>>>>,
    #[serde(borrow)]
    record: Option<Loose<Object<Record<'a>>>>,
    reply_count: Option<Loose<Count>>,
    repost_count: Option<Loose<Count>>,
    like_count: Option<Loose<Count>>,
    quote_count: Option<Loose<Count>>,
    bookmark_count: Option<Loose<Count>>,
    #[serde(borrow)]
    indexed_at: Option<Loose<Text<'a>>>,
}

/// An account. Beside posts it has no numbers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    #[serde(borrow)]
    did: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    handle: Option<Loose<Text<'a>>>,
    followers_count: Option<Loose<Count>>,
    follows_count: Option<Loose<Count>>,
    posts_count: Option<Loose<Count>>,
}

/// A record of a repository, with its address.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    value: Option<Loose<Object<Record<'a>>>>,
}

/// What stands for itself: a place in a feed, a post, a profile or a listed record. Which it is, is told by the fields
/// that it has; one struct reads any, so that a file of millions is read in one pass.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(borrow)]
    post: Option<Loose<Object<PostView<'a>>>>,
    #[serde(borrow)]
    reply: Option<Loose<Object<Thread<'a>>>>,
    #[serde(borrow)]
    reason: Option<Loose<Object<Reason<'a>>>>,
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    author: Option<Loose<Object<Profile<'a>>>>,
    #[serde(borrow)]
    record: Option<Loose<Object<Record<'a>>>>,
    reply_count: Option<Loose<Count>>,
    repost_count: Option<Loose<Count>>,
    like_count: Option<Loose<Count>>,
    quote_count: Option<Loose<Count>>,
    bookmark_count: Option<Loose<Count>>,
    #[serde(borrow)]
    indexed_at: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    value: Option<Loose<Object<Record<'a>>>>,
    #[serde(borrow)]
    did: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    handle: Option<Loose<Text<'a>>>,
    followers_count: Option<Loose<Count>>,
    follows_count: Option<Loose<Count>>,
    posts_count: Option<Loose<Count>>,
}

/// Reads a page.
pub(crate) fn read_page(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let page: Page<'_> = from_slice(bytes)?;
    let feed = scribe.each("feed", page.feed.as_ref());
    let posts = scribe.each("posts", page.posts.as_ref());
    let notices = scribe.each("notifications", page.notifications.as_ref());
    let profiles = scribe.each("profiles", page.profiles.as_ref());
    let records = scribe.each("records", page.records.as_ref());
    let mut is_empty = true;
    // The page is not older than the newest thing in it.
    let observed =
        feed.clone().filter_map(FeedItem::newest).chain(posts.clone().filter_map(PostView::indexed)).max();
    for item in feed {
        write_item(item, observed, scribe);
        is_empty = false;
    }
    for post in posts {
        write_post(post, observed, scribe);
        is_empty = false;
    }
    for notice in notices {
        write_notice(notice, scribe);
        is_empty = false;
    }
    for profile in profiles {
        write_profile(profile, scribe);
        is_empty = false;
    }
    for listed in records {
        write_listed(listed, scribe);
        is_empty = false;
    }
    if is_empty {
        scribe.pass_over("page without results");
    }
    Ok(())
}

/// Reads a place in a feed, a post, a record or a profile that stands for itself.
pub(crate) fn read_object(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let shown: Shown<'_> = from_slice(bytes)?;
    match shown {
        Shown { post: Some(post), reply, reason, .. } => {
            let item = FeedItem { post: Some(post), reply, reason };
            write_item(&item, item.newest(), scribe);
        }
        Shown { author: Some(author), .. } => {
            let post = PostView {
                uri: shown.uri,
                author: Some(author),
                record: shown.record,
                reply_count: shown.reply_count,
                repost_count: shown.repost_count,
                like_count: shown.like_count,
                quote_count: shown.quote_count,
                bookmark_count: shown.bookmark_count,
                indexed_at: shown.indexed_at,
            };
            write_post(&post, post.indexed(), scribe);
        }
        Shown { value: Some(value), uri, .. } => write_listed(&Listed { uri, value: Some(value) }, scribe),
        _ => {
            let profile = Profile {
                did: shown.did,
                handle: shown.handle,
                followers_count: shown.followers_count,
                follows_count: shown.follows_count,
                posts_count: shown.posts_count,
            };
            write_profile(&profile, scribe);
        }
    }
    Ok(())
}

impl<'a> FeedItem<'a> {
    fn posts(&self) -> impl Iterator<Item = &PostView<'a>> {
        let thread = good(self.reply.as_ref());
        [
            self.post.as_ref(),
            thread.and_then(|thread| thread.root.as_ref()),
            thread.and_then(|thread| thread.parent.as_ref()),
        ]
        .into_iter()
        .filter_map(good)
        .map(|post| &post.0)
    }

    /// The newest time in it.
    fn newest(&self) -> Option<Timestamp> {
        let reposted = good(self.reason.as_ref()).and_then(|reason| indexed(reason.indexed_at.as_ref()));
        self.posts().filter_map(PostView::indexed).chain(reposted).max()
    }
}

impl PostView<'_> {
    fn indexed(&self) -> Option<Timestamp> {
        indexed(self.indexed_at.as_ref())
    }
}

/// When the API took note of something.
fn indexed(field: Option<&Loose<Text<'_>>>) -> Option<Timestamp> {
    text(field).and_then(time::parse)
}

fn write_item(item: &FeedItem<'_>, observed: Option<Timestamp>, scribe: &mut Scribe<'_>) {
    if good(item.post.as_ref()).is_none() {
        scribe.bad_field("post", "not an object");
    }
    for post in item.posts() {
        write_post(post, observed, scribe);
    }
    let (Some(reason), Some(post)) = (good(item.reason.as_ref()), good(item.post.as_ref())) else { return };
    let Some(by) = good(reason.by.as_ref()) else { return };
    write_handle(by, scribe);
    let act = text(reason.uri.as_ref()).and_then(Address::parse);
    let object = text(post.uri.as_ref()).and_then(Address::parse);
    match (act, object) {
        (Some(act), Some(object)) => {
            let (repost, at) = (scribe.lexicon.repost, indexed(reason.indexed_at.as_ref()));
            scribe.act(repost, &act, at, object.did, Some(object.uri));
        }
        // Without its address it could not be known again, and would count once for each page that it is in.
        _ => scribe.pass_over("repost without an address"),
    }
}

fn write_post(post: &PostView<'_>, observed: Option<Timestamp>, scribe: &mut Scribe<'_>) {
    let Some(author) = good(post.author.as_ref()) else {
        scribe.pass_over("post that is gone or blocked");
        return;
    };
    write_handle(author, scribe);
    let Some(record) = good(post.record.as_ref()) else {
        scribe.pass_over("post that is gone or blocked");
        return;
    };
    let Some(address) = text(post.uri.as_ref()).and_then(Address::parse) else {
        scribe.bad_field("uri", NO_ADDRESS);
        return;
    };
    let place = Place { address, seen: post.indexed() };
    let at = record.made(&place, scribe);
    let words = *scribe.lexicon;
    scribe.post(
        &address,
        at,
        observed,
        &[
            (words.reply, "replyCount", count(post.reply_count)),
            (words.repost, "repostCount", count(post.repost_count)),
            (words.like, "likeCount", count(post.like_count)),
            (words.quote, "quoteCount", count(post.quote_count)),
            (words.bookmark, "bookmarkCount", count(post.bookmark_count)),
        ],
    );
    record::write_acts_of_post(&place, record, at, scribe);
}

/// A notification shows the record that it is of: a like, repost, follow or post by its author.
fn write_notice(notice: &PostView<'_>, scribe: &mut Scribe<'_>) {
    if let Some(author) = good(notice.author.as_ref()) {
        write_handle(author, scribe);
    }
    write_record(notice.uri.as_ref(), notice.record.as_ref(), notice.indexed(), scribe);
}

fn write_listed(listed: &Listed<'_>, scribe: &mut Scribe<'_>) {
    write_record(listed.uri.as_ref(), listed.value.as_ref(), None, scribe);
}

/// A record as its author's repository has it.
fn write_record(
    uri: Option<&Loose<Text<'_>>>,
    record: Option<&Loose<Object<Record<'_>>>>,
    seen: Option<Timestamp>,
    scribe: &mut Scribe<'_>,
) {
    let Some(address) = text(uri).and_then(Address::parse) else {
        scribe.bad_field("uri", NO_ADDRESS);
        return;
    };
    match (good(record), Collection::by_name(address.collection)) {
        (_, Collection::Other(what)) => scribe.pass_over(what),
        (Some(record), _) => record::write(&Place { address, seen }, record, scribe),
        (None, _) => scribe.bad_field("record or value", "not an object"),
    }
}

/// The numbers of a profile are undated: it says when its owner last changed it, not when it was fetched.
fn write_profile(profile: &Profile<'_>, scribe: &mut Scribe<'_>) {
    write_handle(profile, scribe);
    let Some(did) = text(profile.did.as_ref()).filter(|did| is_did(did)) else { return };
    let words = *scribe.lexicon;
    scribe.numbers(
        did,
        None,
        &[
            (words.followers, "followersCount", count(profile.followers_count)),
            (words.friends, "followsCount", count(profile.follows_count)),
            (words.posts, "postsCount", count(profile.posts_count)),
        ],
    );
}

fn write_handle(profile: &Profile<'_>, scribe: &mut Scribe<'_>) {
    match (text(profile.did.as_ref()).filter(|did| is_did(did)), &profile.handle) {
        (None, _) => scribe.bad_field("did", NO_DID),
        (Some(did), Some(Loose::Good(handle))) => {
            scribe.handle(did, handle);
        }
        (Some(_), Some(Loose::Bad)) => scribe.bad_field("handle", "not a text"),
        (Some(_), None) => {}
    }
}
