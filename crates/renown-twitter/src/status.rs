//! The tweet and the user of API v1.1. The personal archive writes the same tweet, with counts as texts and without its
//! user.
//!
//! A tweet can hold the tweet that it retweets, which can hold the one that it quotes, and there it ends: the types are
//! nested as deep as that, and no deeper, so that no document can exhaust the stack.

use renown_sdk::json::{Count, Id as JsonId, Text};
use renown_sdk::{Id, Timestamp};
use serde::Deserialize;

use crate::fields::{Account, Many, Skip, When, known};
use crate::scribe::{Act, Scribe, time_of};

/// A tweet as an endpoint hands it over.
pub(crate) type Tweet<'a> = Status<'a, Skip, Retweeted<'a>, Quoted<'a>>;
/// The tweet that another retweets.
pub(crate) type Retweeted<'a> = Status<'a, Skip, Skip, Quoted<'a>>;
/// The tweet that another quotes.
pub(crate) type Quoted<'a> = Status<'a, Skip, Skip, Skip>;
/// A user with its latest tweet, as user endpoints hand it over.
pub(crate) type Profile<'a> = User<'a, Tweet<'a>>;

/// A tweet: `T` reads its text, `R` the tweet that it retweets, `Q` the one that it quotes.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>, R: Deserialize<'de>, Q: Deserialize<'de>"))]
#[expect(clippy::struct_field_names, reason = "the fields are called as the documents call them")]
pub(crate) struct Status<'a, T, R, Q> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    id_str: Option<JsonId<'a>>,
    created_at: Option<When>,
    text: Option<T>,
    full_text: Option<T>,
    #[serde(borrow)]
    user: Option<User<'a, Skip>>,
    #[serde(borrow)]
    in_reply_to_status_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    in_reply_to_status_id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    in_reply_to_user_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    in_reply_to_user_id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    in_reply_to_screen_name: Option<Text<'a>>,
    retweeted_status: Option<Box<R>>,
    quoted_status: Option<Box<Q>>,
    #[serde(borrow)]
    quoted_status_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    quoted_status_id_str: Option<JsonId<'a>>,
    /// Of tweets in communities, in archives.
    #[serde(borrow)]
    community_id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    entities: Option<Entities<'a>>,
    #[serde(borrow)]
    extended_tweet: Option<Extended<'a>>,
    retweet_count: Option<Count>,
    favorite_count: Option<Count>,
    reply_count: Option<Count>,
    quote_count: Option<Count>,
}

/// In streams, what of a long tweet goes beyond 140 characters.
#[derive(Deserialize)]
struct Extended<'a> {
    #[serde(borrow)]
    entities: Option<Entities<'a>>,
}

#[derive(Deserialize)]
struct Entities<'a> {
    #[serde(borrow, default)]
    user_mentions: Many<Mention<'a>>,
}

#[derive(Deserialize)]
struct Mention<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    screen_name: Option<Text<'a>>,
}

/// A user: `S` reads the tweet in it.
#[derive(Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub(crate) struct User<'a, S> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    id_str: Option<JsonId<'a>>,
    #[serde(borrow)]
    screen_name: Option<Text<'a>>,
    followers_count: Option<Count>,
    friends_count: Option<Count>,
    listed_count: Option<Count>,
    statuses_count: Option<Count>,
    favourites_count: Option<Count>,
    status: Option<Box<S>>,
}

/// A tweet that another holds, or the place where there is none.
pub(crate) trait Held {
    /// Its id.
    fn id(&self) -> Option<Id<'_>>;
    /// Who made it.
    fn author(&self) -> Account<'_>;
    /// The newest time in it.
    fn newest(&self) -> Option<Timestamp>;
    /// Writes its records; `author` made it if it does not say itself.
    fn write(&self, author: Account<'_>, scribe: &mut Scribe<'_>);
}

impl Held for Skip {
    fn id(&self) -> Option<Id<'_>> {
        None
    }

    fn author(&self) -> Account<'_> {
        Account::default()
    }

    fn newest(&self) -> Option<Timestamp> {
        None
    }

    fn write(&self, _: Account<'_>, _: &mut Scribe<'_>) {}
}

impl<T, R: Held, Q: Held> Held for Status<'_, T, R, Q> {
    fn id(&self) -> Option<Id<'_>> {
        known(self.id_str.as_ref().or(self.id.as_ref()))
    }

    fn author(&self) -> Account<'_> {
        self.user.as_ref().map(User::account).unwrap_or_default()
    }

    fn newest(&self) -> Option<Timestamp> {
        let own = self.id().and_then(|id| time_of(self.created_at, id));
        let retweeted = self.retweeted_status.as_ref().and_then(|held| held.newest());
        let quoted = self.quoted_status.as_ref().and_then(|held| held.newest());
        own.max(retweeted).max(quoted)
    }

    fn write(&self, author: Account<'_>, scribe: &mut Scribe<'_>) {
        let Some(id) = self.id() else {
            scribe.bad_field("id_str", "missing: a tweet has one");
            return;
        };
        if let Some(user) = &self.user {
            user.write_numbers(scribe);
        }
        let at = scribe.made(self.created_at, id);
        let kind = scribe.lexicon.repost;
        let actor = self.author().or(author);
        let act = Act { kind, at, actor, target: Account::default(), object: None, id: Some(id) };
        match &self.retweeted_status {
            Some(retweeted) => self.write_repost(&**retweeted, &act, scribe),
            None => self.write_post(id, &act, scribe),
        }
    }
}

impl<'a, T, R: Held, Q: Held> Status<'a, T, R, Q> {
    /// Its text, as `T` reads it.
    pub(crate) fn text(&self) -> Option<&T> {
        self.full_text.as_ref().or(self.text.as_ref())
    }

    /// What `created_at` says.
    pub(crate) fn created_at(&self) -> Option<When> {
        self.created_at
    }

    /// The account that it mentions under this handle, or one of which no more than the handle is known.
    pub(crate) fn mentioned<'b>(&'b self, handle: &'b str) -> Account<'b> {
        let named = Account { id: None, handle: Some(handle) };
        self.mentions().iter().map(Mention::account).find(|account| account.is(&named)).unwrap_or(named)
    }

    fn mentions(&self) -> &[Mention<'a>] {
        let extended = self.extended_tweet.as_ref().and_then(|extended| extended.entities.as_ref());
        extended.or(self.entities.as_ref()).map_or(&[], |entities| &entities.user_mentions)
    }

    fn write_repost(&self, retweeted: &impl Held, act: &Act<'_>, scribe: &mut Scribe<'_>) {
        // The first mention in a retweet is its `RT @name`.
        let named = self.mentions().first().map(Mention::account).unwrap_or_default();
        let target = retweeted.author().or(named);
        scribe.act(&Act { target, object: retweeted.id(), ..*act });
        retweeted.write(target, scribe);
    }

    fn write_post(&self, id: Id<'_>, act: &Act<'_>, scribe: &mut Scribe<'_>) {
        let words = *scribe.lexicon;
        scribe.in_community(act.actor, known(self.community_id_str.as_ref()), act.at);
        scribe.post(
            id,
            act.actor,
            act.at,
            &[
                (words.repost, "retweet_count", self.retweet_count),
                (words.like, "favorite_count", self.favorite_count),
                (words.reply, "reply_count", self.reply_count),
                (words.quote, "quote_count", self.quote_count),
            ],
        );

        let mut quoted = Account::default();
        let held = self.quoted_status.as_ref().and_then(|held| held.id());
        let told = known(self.quoted_status_id_str.as_ref().or(self.quoted_status_id.as_ref()));
        if let Some(object) = held.or(told) {
            quoted = self.quoted_status.as_ref().map(|held| held.author()).unwrap_or_default();
            scribe.act(&Act { kind: words.quote, target: quoted, object: Some(object), ..*act });
        }

        // A tweet that only begins with `@name` names a user here and no tweet: that is a mention, not a reply.
        let addressed = Account::new(
            self.in_reply_to_user_id_str.as_ref().or(self.in_reply_to_user_id.as_ref()),
            self.in_reply_to_screen_name.as_ref(),
        );
        let object = known(self.in_reply_to_status_id_str.as_ref().or(self.in_reply_to_status_id.as_ref()));
        let replied_to = if object.is_some() { addressed } else { Account::default() };
        if object.is_some() {
            scribe.act(&Act { kind: words.reply, target: addressed, object, ..*act });
        }

        let mut listed = false;
        for mention in self.mentions() {
            let account = mention.account();
            listed |= account.is(&addressed);
            scribe.handle(account);
            if account.is_known() && !account.is(&replied_to) && !account.is(&quoted) {
                scribe.act(&Act { kind: words.mention, target: account, ..*act });
            }
        }
        if addressed.is_known() && !listed {
            scribe.handle(addressed);
            if object.is_none() {
                scribe.act(&Act { kind: words.mention, target: addressed, ..*act });
            }
        }
        if let Some(held) = &self.quoted_status {
            held.write(Account::default(), scribe);
        }
    }
}

impl Mention<'_> {
    fn account(&self) -> Account<'_> {
        Account::new(self.id_str.as_ref().or(self.id.as_ref()), self.screen_name.as_ref())
    }
}

impl<S> User<'_, S> {
    pub(crate) fn account(&self) -> Account<'_> {
        Account::new(self.id_str.as_ref().or(self.id.as_ref()), self.screen_name.as_ref())
    }

    pub(crate) fn write_numbers(&self, scribe: &mut Scribe<'_>) {
        let words = *scribe.lexicon;
        scribe.user(
            self.account(),
            &[
                (words.followers, "followers_count", self.followers_count),
                (words.friends, "friends_count", self.friends_count),
                (words.listed, "listed_count", self.listed_count),
                (words.posts, "statuses_count", self.statuses_count),
                (words.favourites, "favourites_count", self.favourites_count),
            ],
        );
    }
}

impl Profile<'_> {
    /// The newest time in it: that of its latest tweet.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.status.as_ref().and_then(|status| status.newest())
    }

    /// Writes its numbers and its latest tweet.
    pub(crate) fn write(&self, scribe: &mut Scribe<'_>) {
        self.write_numbers(scribe);
        if let Some(status) = &self.status {
            status.write(self.account(), scribe);
        }
    }
}
