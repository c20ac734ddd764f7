//! The records that people keep in their repositories: likes, reposts, follows and posts. Every format carries them in
//! the same shape.

use std::borrow::Cow;

use renown_sdk::Timestamp;
use renown_sdk::json::Text;
use serde::Deserialize;
use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;

use crate::address::{Address, is_did, time_of_tid};
use crate::loose::{List, Loose, Object, Shape, good, text};
use crate::scribe::Scribe;

/// A collection of records that is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    Like,
    Repost,
    Follow,
    Post,
    /// One that yields no records: what it is called where it is passed over.
    Other(&'static str),
}

impl Collection {
    pub(crate) fn by_name(name: &str) -> Self {
        match name {
            "app.bsky.feed.like" => Self::Like,
            "app.bsky.feed.repost" => Self::Repost,
            "app.bsky.graph.follow" => Self::Follow,
            "app.bsky.feed.post" => Self::Post,
            "app.bsky.graph.block" | "app.bsky.graph.listblock" => Self::Other("block"),
            "app.bsky.graph.list" | "app.bsky.graph.listitem" | "app.bsky.graph.starterpack" => {
                Self::Other("list or starter pack")
            }
            "app.bsky.graph.verification" => Self::Other("verification of an account"),
            "app.bsky.actor.profile" | "app.bsky.actor.status" => Self::Other("profile or status"),
            "app.bsky.feed.threadgate" | "app.bsky.feed.postgate" => {
                Self::Other("limits on who may reply or quote")
            }
            "app.bsky.feed.generator" | "app.bsky.labeler.service" => Self::Other("feed or labeler"),
            _ => Self::Other("record of no act (another collection)"),
        }
    }
}

/// A record of any collection: the fields that are read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record<'a> {
    #[serde(borrow)]
    created_at: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    subject: Option<Loose<Subject<'a>>>,
    #[serde(borrow)]
    reply: Option<Loose<Object<Reply<'a>>>>,
    #[serde(borrow)]
    facets: Option<Loose<List<Facet<'a>>>>,
    #[serde(borrow)]
    embed: Option<Loose<Object<Embed<'a>>>>,
}

/// What a like, repost or follow is of.
#[derive(Debug)]
enum Subject<'a> {
    /// A follow's: the account's DID.
    Account(Cow<'a, str>),
    /// A like's or repost's.
    Record(Reference<'a>),
}

impl<'de: 'a, 'a> Shape<'de> for Subject<'a> {
    fn of_text(did: Cow<'de, str>) -> Option<Self> {
        Some(Self::Account(did))
    }

    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Reference::deserialize(MapAccessDeserializer::new(map)).map(|of| Some(Self::Record(of)))
    }
}

/// A reference to a record, by its address.
#[derive(Debug, Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
}

/// What a post answers. (The root of its thread is not looked at: it is the parent who is answered.)
#[derive(Debug, Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    parent: Option<Loose<Object<Reference<'a>>>>,
}

/// What a stretch of a post's text is.
#[derive(Debug, Deserialize)]
struct Facet<'a> {
    #[serde(borrow)]
    features: Option<Loose<List<Feature<'a>>>>,
}

#[derive(Debug, Deserialize)]
struct Feature<'a> {
    #[serde(borrow, rename = "$type")]
    sort: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    did: Option<Loose<Text<'a>>>,
}

/// What a post shows below its text.
#[derive(Debug, Deserialize)]
struct Embed<'a> {
    #[serde(borrow, rename = "$type")]
    sort: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    record: Option<Loose<Object<Embedded<'a>>>>,
}

/// A record below a post: its address or, beside media, once more in an object of its own.
#[derive(Debug, Deserialize)]
struct Embedded<'a> {
    #[serde(borrow)]
    uri: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    record: Option<Loose<Object<Reference<'a>>>>,
}

/// Where a record stands and when it was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) address: Address<'a>,
    /// When the network saw it or, failing that, a time at which it was certainly there.
    pub(crate) seen: Option<Timestamp>,
}

/// What is wrong with an address that is none.
pub(crate) const NO_ADDRESS: &str = "not an address of a record such as at://did:plc:…/app.bsky.feed.post/…";
/// What is wrong with a DID that is none.
pub(crate) const NO_DID: &str = "not a DID such as did:plc:…";

impl Record<'_> {
    /// When it was made: the earlier of what its author's app says and when it was seen. Where the app says nothing, its
    /// key often does.
    pub(crate) fn made(&self, place: &Place<'_>, scribe: &mut Scribe<'_>) -> Option<Timestamp> {
        let said = text(self.created_at.as_ref()).and_then(renown_sdk::time::parse);
        let at = earlier(said.or_else(|| time_of_tid(place.address.key)), place.seen);
        if at.is_none() && self.created_at.is_some() {
            scribe.bad_field("createdAt", "not a time such as 2026-09-30T12:00:00.000Z");
        }
        at
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// Writes what a record is.
pub(crate) fn write(place: &Place<'_>, record: &Record<'_>, scribe: &mut Scribe<'_>) {
    let words = *scribe.lexicon;
    match Collection::by_name(place.address.collection) {
        Collection::Like => write_reaction(words.like, place, record, scribe),
        Collection::Repost => write_reaction(words.repost, place, record, scribe),
        Collection::Follow => write_follow(place, record, scribe),
        Collection::Post => {
            let at = record.made(place, scribe);
            scribe.post(&place.address, at, None, &[]);
            write_acts_of_post(place, record, at, scribe);
        }
        Collection::Other(what) => scribe.pass_over(what),
    }
}

/// A like or repost.
fn write_reaction(kind: renown_sdk::Word, place: &Place<'_>, record: &Record<'_>, scribe: &mut Scribe<'_>) {
    let uri = match good(record.subject.as_ref()) {
        Some(Subject::Record(of)) => text(of.uri.as_ref()),
        _ => None,
    };
    match uri.and_then(Address::parse) {
        Some(object) => {
            let at = record.made(place, scribe);
            scribe.act(kind, &place.address, at, object.did, Some(object.uri));
        }
        None => scribe.bad_field("subject.uri", NO_ADDRESS),
    }
}

fn write_follow(place: &Place<'_>, record: &Record<'_>, scribe: &mut Scribe<'_>) {
    match good(record.subject.as_ref()) {
        Some(Subject::Account(did)) if is_did(did) => {
            let (kind, at) = (scribe.lexicon.follow, record.made(place, scribe));
            scribe.act(kind, &place.address, at, did, None);
        }
        _ => scribe.bad_field("subject", NO_DID),
    }
}

/// What a post does to others: it quotes, replies, mentions.
pub(crate) fn write_acts_of_post(
    place: &Place<'_>,
    post: &Record<'_>,
    at: Option<Timestamp>,
    scribe: &mut Scribe<'_>,
) {
    let words = *scribe.lexicon;
    let quoted = quoted(post, scribe);
    if let Some(object) = quoted {
        scribe.act(words.quote, &place.address, at, object.did, Some(object.uri));
    }
    let answered = answered(post, scribe);
    if let Some(object) = answered {
        scribe.act(words.reply, &place.address, at, object.did, Some(object.uri));
    }
    for facet in scribe.each("facets", post.facets.as_ref()) {
        for feature in scribe.each("facets.features", facet.features.as_ref()) {
            if text(feature.sort.as_ref()) != Some("app.bsky.richtext.facet#mention") {
                continue;
            }
            match text(feature.did.as_ref()).filter(|did| is_did(did)) {
                Some(did) if [quoted, answered].iter().flatten().any(|object| object.did == did) => {}
                Some(did) => scribe.act(words.mention, &place.address, at, did, None),
                None => scribe.bad_field("facets.features.did", NO_DID),
            }
        }
    }
}

/// The post that a post quotes.
fn quoted<'r>(post: &'r Record<'_>, scribe: &mut Scribe<'_>) -> Option<Address<'r>> {
    let embed = good(post.embed.as_ref())?;
    let embedded = || good(embed.record.as_ref());
    let uri = match text(embed.sort.as_ref())? {
        "app.bsky.embed.record" => embedded().and_then(|embedded| text(embedded.uri.as_ref())),
        "app.bsky.embed.recordWithMedia" => embedded()
            .and_then(|embedded| good(embedded.record.as_ref()))
            .and_then(|reference| text(reference.uri.as_ref())),
        _ => return None,
    };
    let Some(object) = uri.and_then(Address::parse) else {
        scribe.bad_field("embed.record.uri", NO_ADDRESS);
        return None;
    };
    if Collection::by_name(object.collection) != Collection::Post {
        scribe.pass_over("embed of a feed, list or starter pack");
        return None;
    }
    Some(object)
}

/// The post that a post answers.
fn answered<'r>(post: &'r Record<'_>, scribe: &mut Scribe<'_>) -> Option<Address<'r>> {
    let reply = post.reply.as_ref()?;
    let parent = reply.good().and_then(|reply| good(reply.parent.as_ref()));
    let object = parent.and_then(|parent| text(parent.uri.as_ref())).and_then(Address::parse);
    if object.is_none() {
        scribe.bad_field("reply.parent.uri", NO_ADDRESS);
    }
    object
}
