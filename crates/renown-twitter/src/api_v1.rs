//! API v1.1: tweets one by one (timelines, streams, lookups), users one by one, and pages that hold either.

use renown_sdk::Timestamp;
use renown_sdk::json::{Id as JsonId, JsonError, Text, from_slice};
use serde::Deserialize;

use crate::fields::{Account, Many, Skip, When};
use crate::scribe::{Act, Scribe};
use crate::status::{Held, Profile, Tweet, User};

/// Reads a tweet, or the notice that stands between two tweets of a stream.
pub(crate) fn read_status(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let tweet: Tweet<'_> = from_slice(bytes)?;
    if tweet.id().is_none() {
        // Notices are few: reading them a second time costs less than looking for them in every tweet.
        return read_notice(bytes, scribe);
    }
    scribe.observed(tweet.newest());
    tweet.write(Account::default(), scribe);
    Ok(())
}

/// What streams and webhooks send beside tweets.
#[derive(Deserialize)]
struct Notice<'a> {
    #[serde(borrow)]
    delete: Option<Deletion<'a>>,
    limit: Option<Skip>,
    direct_message: Option<Skip>,
    errors: Option<Skip>,
    error: Option<Skip>,
    /// `follow`, `favorite`, …: what `source` did to `target`.
    #[serde(borrow)]
    event: Option<Text<'a>>,
    created_at: Option<When>,
    #[serde(borrow)]
    source: Option<User<'a, Skip>>,
    #[serde(borrow)]
    target: Option<User<'a, Skip>>,
    #[serde(borrow)]
    target_object: Option<Box<Tweet<'a>>>,
    /// What webhooks of the Account Activity API bring.
    #[serde(borrow, default)]
    tweet_create_events: Many<Tweet<'a>>,
    #[serde(borrow, default)]
    favorite_events: Many<Favorite<'a>>,
    #[serde(borrow, default)]
    follow_events: Many<Follow<'a>>,
    for_user_id: Option<Skip>,
}

#[derive(Deserialize)]
struct Deletion<'a> {
    #[serde(borrow)]
    status: Option<Deleted<'a>>,
}

#[derive(Deserialize)]
struct Deleted<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    id_str: Option<JsonId<'a>>,
}

#[derive(Deserialize)]
struct Favorite<'a> {
    created_at: Option<When>,
    #[serde(borrow)]
    user: Option<User<'a, Skip>>,
    #[serde(borrow)]
    favorited_status: Option<Box<Tweet<'a>>>,
}

#[derive(Deserialize)]
struct Follow<'a> {
    #[serde(rename = "type", borrow)]
    sort: Option<Text<'a>>,
    /// Milliseconds since 1970, as a text.
    #[serde(borrow)]
    created_timestamp: Option<JsonId<'a>>,
    #[serde(borrow)]
    source: Option<User<'a, Skip>>,
    #[serde(borrow)]
    target: Option<User<'a, Skip>>,
}

fn read_notice(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let notice: Notice<'_> = from_slice(bytes)?;
    if notice.for_user_id.is_some() {
        write_activity(&notice, scribe);
    } else if notice.event.is_some() {
        write_event(&notice, scribe);
    } else if notice.direct_message.is_some() {
        scribe.pass_over("direct message");
    } else if let Some(delete) = &notice.delete {
        match delete.status.as_ref().and_then(|tweet| tweet.id_str.as_ref().or(tweet.id.as_ref())) {
            Some(id) => scribe.delete(id.as_id()),
            None => scribe.pass_over("deletion notice of another sort"),
        }
    } else if notice.limit.is_some() {
        scribe.pass_over("limit notice");
    } else if notice.errors.is_some() || notice.error.is_some() {
        scribe.pass_over("error body");
    } else {
        scribe.pass_over("stream notice");
    }
    Ok(())
}

/// An event of a user stream: somebody followed somebody, or liked a tweet.
fn write_event(notice: &Notice<'_>, scribe: &mut Scribe<'_>) {
    let at = notice.created_at.and_then(When::good);
    scribe.observed(at);
    for user in notice.source.iter().chain(&notice.target) {
        user.write_numbers(scribe);
    }
    let actor = notice.source.as_ref().map(User::account).unwrap_or_default();
    let target = notice.target.as_ref().map(User::account).unwrap_or_default();
    let act = Act { kind: scribe.lexicon.follow, at, actor, target, object: None, id: None };
    match (notice.event.as_deref(), &notice.target_object) {
        (Some("follow"), _) => scribe.act(&act),
        (Some("favorite"), Some(tweet)) => write_like(tweet, &act, scribe),
        _ => scribe.pass_over("stream event other than follow and favorite"),
    }
}

/// A delivery of the Account Activity API.
fn write_activity(notice: &Notice<'_>, scribe: &mut Scribe<'_>) {
    for tweet in notice.tweet_create_events.iter() {
        scribe.observed(tweet.newest());
    }
    for tweet in notice.tweet_create_events.iter() {
        tweet.write(Account::default(), scribe);
    }
    for favorite in notice.favorite_events.iter() {
        let at = favorite.created_at.and_then(When::good);
        scribe.observed(at);
        let Some(tweet) = &favorite.favorited_status else { continue };
        if let Some(user) = &favorite.user {
            user.write_numbers(scribe);
        }
        let actor = favorite.user.as_ref().map(User::account).unwrap_or_default();
        let kind = scribe.lexicon.like;
        write_like(
            tweet,
            &Act { kind, at, actor, target: Account::default(), object: None, id: None },
            scribe,
        );
    }
    for follow in notice.follow_events.iter() {
        if follow.sort.as_deref() != Some("follow") {
            scribe.pass_over("stream event other than follow and favorite");
            continue;
        }
        let at = follow.created_timestamp.as_ref().and_then(milliseconds);
        scribe.observed(at);
        let actor = follow.source.as_ref().map(User::account).unwrap_or_default();
        let target = follow.target.as_ref().map(User::account).unwrap_or_default();
        scribe.handle(actor);
        scribe.handle(target);
        let kind = scribe.lexicon.follow;
        scribe.act(&Act { kind, at, actor, target, object: None, id: None });
    }
    if notice.tweet_create_events.is_empty()
        && notice.favorite_events.is_empty()
        && notice.follow_events.is_empty()
    {
        scribe.pass_over("delivery without tweets, likes and follows");
    }
}

/// A like of `tweet`, which the notice holds whole.
fn write_like(tweet: &Tweet<'_>, act: &Act<'_>, scribe: &mut Scribe<'_>) {
    let target = tweet.author().or(act.target);
    scribe.observed(tweet.newest());
    scribe.act(&Act { kind: scribe.lexicon.like, target, object: tweet.id(), ..*act });
    tweet.write(target, scribe);
}

fn milliseconds(id: &JsonId<'_>) -> Option<Timestamp> {
    match id.as_id() {
        renown_sdk::Id::Number(millis) => Timestamp::from_millis(millis),
        renown_sdk::Id::Text(_) => None,
    }
}

/// Reads a user.
pub(crate) fn read_user(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let user: Profile<'_> = from_slice(bytes)?;
    if user.account().is_known() {
        scribe.observed(user.newest());
        user.write(scribe);
    } else {
        scribe.pass_over("object that is no user");
    }
    Ok(())
}

/// A page of search results, users or lists; a list; a relationship.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    statuses: Many<Tweet<'a>>,
    #[serde(borrow, default)]
    results: Many<Tweet<'a>>,
    #[serde(borrow, default)]
    users: Many<Profile<'a>>,
    #[serde(borrow, default)]
    lists: Many<List<'a>>,
    /// Whose list it is, if the document is a list.
    #[serde(borrow)]
    user: Option<User<'a, Skip>>,
    #[serde(borrow)]
    relationship: Option<Relationship<'a>>,
    errors: Option<Skip>,
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    user: Option<User<'a, Skip>>,
}

/// Who of two accounts follows the other.
#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow)]
    source: Option<End<'a>>,
    #[serde(borrow)]
    target: Option<End<'a>>,
}

#[derive(Deserialize)]
struct End<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    screen_name: Option<Text<'a>>,
    following: Option<bool>,
    followed_by: Option<bool>,
}

/// Reads a page.
pub(crate) fn read_page(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let page: Page<'_> = from_slice(bytes)?;
    let tweets = || page.statuses.iter().chain(page.results.iter());
    let owners = || page.lists.iter().filter_map(|list| list.user.as_ref()).chain(&page.user);
    let newest = tweets().map(Held::newest).chain(page.users.iter().map(Profile::newest)).max().flatten();
    scribe.observed(newest);
    for tweet in tweets() {
        if tweet.id().is_some() {
            tweet.write(Account::default(), scribe);
        } else {
            scribe.pass_over("object that is no tweet");
        }
    }
    for user in page.users.iter() {
        user.write(scribe);
    }
    for owner in owners() {
        owner.write_numbers(scribe);
    }
    if let Some(relationship) = &page.relationship {
        write_relationship(relationship, scribe);
    } else if tweets().next().is_none() && page.users.is_empty() && owners().next().is_none() {
        scribe.pass_over(if page.errors.is_some() { "error body" } else { "page without results" });
    }
    Ok(())
}

fn write_relationship(relationship: &Relationship<'_>, scribe: &mut Scribe<'_>) {
    let (Some(source), Some(target)) = (&relationship.source, &relationship.target) else {
        scribe.pass_over("relationship of which only one end is given");
        return;
    };
    let one = Account::new(source.id_str.as_ref().or(source.id.as_ref()), source.screen_name.as_ref());
    let other = Account::new(target.id_str.as_ref().or(target.id.as_ref()), target.screen_name.as_ref());
    scribe.handle(one);
    scribe.handle(other);
    let kind = scribe.lexicon.follow;
    let act = Act { kind, at: None, actor: one, target: other, object: None, id: None };
    if source.following == Some(true) {
        scribe.act(&act);
    }
    if source.followed_by == Some(true) {
        scribe.act(&Act { actor: other, target: one, ..act });
    }
}

/// Reads a document of a file of error bodies.
pub(crate) fn read_error(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    #[derive(Deserialize)]
    struct ErrorBody {
        errors: Option<Skip>,
        error: Option<Skip>,
        title: Option<Skip>,
    }
    let body: ErrorBody = from_slice(bytes)?;
    if body.errors.is_some() || body.error.is_some() || body.title.is_some() {
        scribe.pass_over("error body");
    } else {
        scribe.reject("not an error body, as the first documents of this file are".into());
    }
    Ok(())
}
