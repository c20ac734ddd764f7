//! The archive that an instance hands out: `ActivityPub` documents, each one object.
//!
//! `outbox.json` says of each activity whose it is; `likes.json` and `bookmarks.json` are bare lists of URIs, and
//! `actor.json` beside them says whose.

use renown_sdk::Timestamp;
use renown_sdk::json::{JsonError, from_slice};
use serde::Deserialize;

use crate::account::Account;
use crate::fields::{Audience, Link, Many, Maybe, Object, Str, Total, When};
use crate::owner::{Actor, Owner};
use crate::scribe::{Act, Scribe, Verb};

/// A collection, or a page of one.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Collection<T> {
    #[serde(rename = "orderedItems", default)]
    ordered_items: Many<T>,
}

/// A collection of which only the number counts.
#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "totalItems", default)]
    total_items: Total,
}

/// Something that the owner did.
#[derive(Deserialize)]
struct Activity<'a> {
    #[serde(rename = "type", borrow, default)]
    sort: Str<'a>,
    #[serde(borrow, default)]
    actor: Link<'a>,
    #[serde(default)]
    published: When,
    #[serde(default)]
    to: Audience,
    #[serde(default)]
    cc: Audience,
    #[serde(borrow, default)]
    object: Object<'a, Note<'a>>,
}

/// A post.
#[derive(Deserialize)]
struct Note<'a> {
    #[serde(rename = "type", borrow, default)]
    sort: Str<'a>,
    #[serde(borrow, default)]
    id: Str<'a>,
    #[serde(rename = "attributedTo", borrow, default)]
    attributed_to: Link<'a>,
    #[serde(default)]
    published: When,
    #[serde(default)]
    to: Audience,
    #[serde(default)]
    cc: Audience,
    #[serde(rename = "inReplyTo", borrow, default)]
    in_reply_to: Link<'a>,
    /// The quoted post, under the three names that servers use.
    #[serde(borrow, default)]
    quote: Link<'a>,
    #[serde(rename = "quoteUri", borrow, default)]
    quote_uri: Link<'a>,
    #[serde(rename = "quoteUrl", borrow, default)]
    quote_url: Link<'a>,
    #[serde(borrow, default)]
    tag: Many<Maybe<Tag<'a>>>,
    #[serde(default)]
    likes: Maybe<Counted>,
    #[serde(default)]
    shares: Maybe<Counted>,
    #[serde(default)]
    replies: Maybe<Counted>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(rename = "type", borrow, default)]
    sort: Str<'a>,
    #[serde(borrow, default)]
    href: Str<'a>,
    #[serde(borrow, default)]
    name: Str<'a>,
}

impl Tag<'_> {
    /// Who is mentioned, if it is a mention.
    fn mentioned(&self) -> Option<Account<'_>> {
        if !self.sort.is("Mention") {
            return None;
        }
        match self.href.get() {
            Some(uri) => Some(Account::named(uri, self.name.get())),
            None => self.name.get().and_then(Account::by_address),
        }
    }
}

/// Reads an outbox, or a part of one.
pub(crate) fn read_outbox(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let outbox: Collection<Object<'_, Activity<'_>>> = from_slice(bytes)?;
    let newest = outbox.ordered_items.iter().map(|item| match item {
        Object::Whole(activity) => activity.newest(),
        Object::Uri(_) => None,
    });
    scribe.observed(newest.max().flatten());
    for item in outbox.ordered_items.iter() {
        match item {
            Object::Whole(activity) => activity.write(owner, scribe),
            Object::Uri(_) => scribe.pass_over("activity that is not given whole"),
        }
    }
    Ok(())
}

impl Activity<'_> {
    fn newest(&self) -> Option<Timestamp> {
        let made = match &self.object {
            Object::Whole(note) => note.published.good(),
            Object::Uri(_) => None,
        };
        self.published.good().max(made)
    }

    fn write(&self, owner: &Owner, scribe: &mut Scribe<'_>) {
        let (addressed, object) = match &self.object {
            Object::Whole(note) => (Audience::is_direct(note.to, note.cc), note.id.get()),
            Object::Uri(uri) => (false, uri.get()),
        };
        let at = scribe.time("published", self.published);
        let actor = self.actor.get().map_or_else(|| owner.account(), Account::by_uri);
        scribe.handle(actor);
        match (self.sort.get(), &self.object) {
            (Some("Create" | "Announce"), _) if addressed || Audience::is_direct(self.to, self.cc) => {
                scribe.pass_over("direct message");
            }
            (Some("Create"), Object::Whole(note)) => note.write(actor, at, scribe),
            (Some("Create"), Object::Uri(_)) => scribe.pass_over("post that is not given whole"),
            (Some("Announce"), _) => {
                let target = self.author(object);
                scribe.act(&Act { verb: Verb::Repost, at, actor, target, object, id: None });
            }
            (Some("Like"), _) => {
                let target = self.author(object);
                scribe.act(&Act { verb: Verb::Like, at, actor, target, object, id: None });
            }
            (Some("Follow"), _) => {
                let target = object.map(Account::by_uri).unwrap_or_default();
                scribe.act(&Act { verb: Verb::Follow, at, actor, target, object: None, id: None });
            }
            _ => scribe.pass_over("activity that is no post and no reaction"),
        }
    }

    /// Who made the object.
    fn author<'b>(&'b self, object: Option<&'b str>) -> Account<'b> {
        let told = match &self.object {
            Object::Whole(note) => note.attributed_to.get().map(Account::by_uri).unwrap_or_default(),
            Object::Uri(_) => Account::default(),
        };
        told.or(object.map(Account::author_of).unwrap_or_default())
    }
}

impl Note<'_> {
    /// Writes the post; `actor` made it if it does not say itself, and `at` that time.
    fn write(&self, actor: Account<'_>, at: Option<Timestamp>, scribe: &mut Scribe<'_>) {
        if self.sort.is("ChatMessage") {
            scribe.pass_over("direct message");
            return;
        }
        let Some(id) = self.id.get() else {
            scribe.bad_field("object.id", "missing: a post has one");
            return;
        };
        let author = self.attributed_to.get().map_or(actor, Account::by_uri);
        let at = scribe.time("object.published", self.published).or(at);
        let words = *scribe.lexicon;
        let total =
            |collection: &Maybe<Counted>| collection.get().map(|of| of.total_items).unwrap_or_default();
        scribe.post(
            id,
            author,
            at,
            &[
                (words.kind(Verb::Repost), "object.shares.totalItems", total(&self.shares)),
                (words.kind(Verb::Like), "object.likes.totalItems", total(&self.likes)),
                (words.kind(Verb::Reply), "object.replies.totalItems", total(&self.replies)),
            ],
        );
        let act = Act {
            verb: Verb::Mention,
            at,
            actor: author,
            target: Account::default(),
            object: None,
            id: Some(id),
        };
        let object = self.quote.get().or(self.quote_uri.get()).or(self.quote_url.get());
        let quoted = object.map(|post| self.maker(post)).unwrap_or_default();
        if object.is_some() {
            scribe.act(&Act { verb: Verb::Quote, target: quoted, object, ..act });
        }
        let object = self.in_reply_to.get();
        let answered = object.map(|post| self.maker(post).or(self.mentioned_near(post))).unwrap_or_default();
        if object.is_some() {
            scribe.act(&Act { verb: Verb::Reply, target: answered, object, ..act });
        }
        for target in self.mentioned() {
            if !target.is(&answered) && !target.is(&quoted) {
                scribe.act(&Act { target, ..act });
            }
        }
    }

    fn mentioned(&self) -> impl Iterator<Item = Account<'_>> {
        self.tag.iter().filter_map(Maybe::get).filter_map(Tag::mentioned)
    }

    /// Who made the post that this one answers or quotes, as that post's URI says. If it does not, it is looked up among
    /// all posts read.
    fn maker<'b>(&'b self, post: &'b str) -> Account<'b> {
        let author = Account::author_of(post);
        // A mention may know its address.
        self.mentioned().find(|account| account.is(&author)).unwrap_or(author)
    }

    /// Whoever is answered is mentioned, too: the only one mentioned who is on the same host as that post.
    fn mentioned_near<'b>(&'b self, post: &str) -> Account<'b> {
        let host = crate::account::host_of(post);
        let mut there = self.mentioned().filter(|account| host.is_some() && account.host() == host);
        match (there.next(), there.next()) {
            (Some(only), None) => only,
            _ => Account::default(),
        }
    }
}

/// Reads a list of posts that the owner likes, or has bookmarked. Since when is not given.
pub(crate) fn read_posts(
    bytes: &[u8],
    verb: Verb,
    owner: &Owner,
    scribe: &mut Scribe<'_>,
) -> Result<(), JsonError> {
    let list: Collection<Link<'_>> = from_slice(bytes)?;
    scribe.handle(owner.account());
    for post in list.ordered_items.iter() {
        match post.get() {
            Some(post) => write_post_act(verb, post, owner, scribe),
            None => scribe.bad_field("orderedItems", "an element is no URI of a post"),
        }
    }
    Ok(())
}

/// A like or a bookmark by the owner.
pub(crate) fn write_post_act(verb: Verb, post: &str, owner: &Owner, scribe: &mut Scribe<'_>) {
    let target = Account::author_of(post);
    scribe.act(&Act { verb, at: None, actor: owner.account(), target, object: Some(post), id: None });
}

/// Reads whose archive it is.
pub(crate) fn read_actor(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let actor: Actor<'_> = from_slice(bytes)?;
    match actor.account() {
        Some(account) => scribe.handle(account),
        None => scribe.bad_field("id", "missing: an actor has one"),
    }
    Ok(())
}
