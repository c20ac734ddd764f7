//! The API: statuses, accounts and notifications one by one, and pages that hold them.
//!
//! A status can hold the one that it reblogs, which can hold the one that it quotes, and there it ends: the types are
//! nested as deep as that, and no deeper.

use renown_sdk::Timestamp;
use renown_sdk::json::{JsonError, from_slice};
use serde::Deserialize;

use crate::account::Account;
use crate::fields::{Many, Maybe, Nothing, Str, Total, When};
use crate::owner::Owner;
use crate::scribe::{Act, Scribe, Verb};

/// A status as an endpoint hands it over.
type Full<'a> = Status<'a, Reblogged<'a>, Quoted<'a>>;
/// The status that another reblogs.
type Reblogged<'a> = Status<'a, Nothing, Quoted<'a>>;
/// The status that another quotes.
type Quoted<'a> = Status<'a, Nothing, Nothing>;

/// A status: `R` reads the one that it reblogs, `Q` the one that it quotes.
#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>, Q: Deserialize<'de>"))]
struct Status<'a, R, Q> {
    #[serde(borrow, default)]
    uri: Str<'a>,
    #[serde(default)]
    created_at: When,
    #[serde(borrow, default)]
    visibility: Str<'a>,
    #[serde(borrow, default)]
    account: Maybe<User<'a>>,
    #[serde(default = "Maybe::default")]
    reblog: Maybe<Box<R>>,
    #[serde(default = "Maybe::default")]
    quote: Maybe<Quote<Q>>,
    #[serde(borrow, default)]
    in_reply_to_id: Str<'a>,
    #[serde(borrow, default)]
    in_reply_to_account_id: Str<'a>,
    #[serde(borrow, default)]
    mentions: Many<Maybe<User<'a>>>,
    #[serde(default)]
    reblogs_count: Total,
    #[serde(default)]
    favourites_count: Total,
    #[serde(default)]
    replies_count: Total,
    #[serde(default)]
    quotes_count: Total,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "Q: Deserialize<'de>"))]
struct Quote<Q> {
    #[serde(default = "Maybe::default")]
    quoted_status: Maybe<Box<Q>>,
}

/// An account, whole or as a status mentions it.
#[derive(Deserialize)]
struct User<'a> {
    /// A number of the instance that was asked: good for finding accounts within one answer.
    #[serde(borrow, default)]
    id: Str<'a>,
    #[serde(borrow, default)]
    uri: Str<'a>,
    #[serde(borrow, default)]
    acct: Str<'a>,
    #[serde(borrow, default)]
    url: Str<'a>,
    #[serde(default)]
    last_status_at: When,
    #[serde(default)]
    followers_count: Total,
    #[serde(default)]
    following_count: Total,
    #[serde(default)]
    statuses_count: Total,
}

impl User<'_> {
    fn account(&self) -> Account<'_> {
        Account::of_api(self.uri.get(), self.acct.get(), self.url.get())
    }

    fn write(&self, account: Account<'_>, scribe: &mut Scribe<'_>) {
        let words = *scribe.lexicon;
        scribe.account(
            account,
            &[
                (words.followers, "followers_count", self.followers_count),
                (words.friends, "following_count", self.following_count),
                (words.posts, "statuses_count", self.statuses_count),
            ],
        );
    }
}

/// A status that another holds, or the place where there is none.
trait Held {
    /// Its URI.
    fn uri(&self) -> Option<&str>;
    /// Who made it.
    fn author(&self) -> Account<'_>;
    /// The newest time in it.
    fn newest(&self) -> Option<Timestamp>;
    /// Writes its records.
    fn write(&self, scribe: &mut Scribe<'_>);
}

impl Held for Nothing {
    fn uri(&self) -> Option<&str> {
        None
    }

    fn author(&self) -> Account<'_> {
        Account::default()
    }

    fn newest(&self) -> Option<Timestamp> {
        None
    }

    fn write(&self, _: &mut Scribe<'_>) {}
}

impl<R: Held, Q: Held> Held for Status<'_, R, Q> {
    fn uri(&self) -> Option<&str> {
        self.uri.get()
    }

    fn author(&self) -> Account<'_> {
        let told = self.account.get().map(User::account).unwrap_or_default();
        told.as_author_of(self.uri())
    }

    fn newest(&self) -> Option<Timestamp> {
        let reblogged = self.reblog.get().and_then(|held| held.newest());
        let quoted = self.quoted().and_then(Held::newest);
        self.created_at.good().max(reblogged).max(quoted)
    }

    fn write(&self, scribe: &mut Scribe<'_>) {
        if self.visibility.is("direct") {
            scribe.pass_over("direct message");
            return;
        }
        let author = self.author();
        match self.account.get() {
            Some(user) => user.write(author, scribe),
            None => scribe.handle(author),
        }
        let at = scribe.time("created_at", self.created_at);
        match (self.reblog.get(), self.uri()) {
            (Some(reblogged), _) => {
                scribe.act(&Act {
                    verb: Verb::Repost,
                    at,
                    actor: author,
                    target: reblogged.author(),
                    object: reblogged.uri(),
                    id: None,
                });
                reblogged.write(scribe);
            }
            (None, Some(uri)) => self.write_post(uri, author, at, scribe),
            (None, None) => scribe.bad_field("uri", "missing: a status has one"),
        }
    }
}

impl<R: Held, Q: Held> Status<'_, R, Q> {
    fn quoted(&self) -> Option<&Q> {
        self.quote.get()?.quoted_status.get().map(|quoted| &**quoted)
    }

    fn mentions(&self) -> impl Iterator<Item = &User<'_>> {
        self.mentions.iter().filter_map(Maybe::get)
    }

    /// Whose post it answers. The API gives the number that this instance has for the account: it is the author's own, or
    /// that of somebody who is mentioned.
    fn answered(&self) -> Account<'_> {
        let Some(number) = self.in_reply_to_account_id.get() else { return Account::default() };
        if self.account.get().is_some_and(|user| user.id.is(number)) {
            return self.author();
        }
        self.mentions().find(|user| user.id.is(number)).map(User::account).unwrap_or_default()
    }

    fn write_post(&self, uri: &str, author: Account<'_>, at: Option<Timestamp>, scribe: &mut Scribe<'_>) {
        let words = *scribe.lexicon;
        scribe.post(
            uri,
            author,
            at,
            &[
                (words.kind(Verb::Repost), "reblogs_count", self.reblogs_count),
                (words.kind(Verb::Like), "favourites_count", self.favourites_count),
                (words.kind(Verb::Reply), "replies_count", self.replies_count),
                (words.kind(Verb::Quote), "quotes_count", self.quotes_count),
            ],
        );
        let act = Act {
            verb: Verb::Mention,
            at,
            actor: author,
            target: Account::default(),
            object: None,
            id: Some(uri),
        };
        let quoted = self.quoted().map(Held::author).unwrap_or_default();
        if let Some(held) = self.quoted() {
            scribe.act(&Act { verb: Verb::Quote, target: quoted, object: held.uri(), ..act });
        }
        let answered = self.answered();
        if answered.is_known() {
            scribe.act(&Act { verb: Verb::Reply, target: answered, ..act });
        } else if self.in_reply_to_id.get().is_some() {
            scribe.pass_over("reply to somebody whom the status does not name");
        }
        for user in self.mentions() {
            let target = user.account();
            if target.is_known() && !target.is(&answered) && !target.is(&quoted) {
                scribe.act(&Act { target, ..act });
            }
        }
        if let Some(held) = self.quoted() {
            held.write(scribe);
        }
    }
}

/// Reads a status.
pub(crate) fn read_status(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let status: Full<'_> = from_slice(bytes)?;
    scribe.observed(status.newest());
    status.write(scribe);
    Ok(())
}

/// Reads an account.
pub(crate) fn read_account(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let user: User<'_> = from_slice(bytes)?;
    let account = user.account();
    if account.is_known() {
        scribe.observed(user.last_status_at.good());
        user.write(account, scribe);
    } else {
        scribe.pass_over("object that is no account");
    }
    Ok(())
}

/// What somebody did that the owner of the token was told of.
#[derive(Deserialize)]
struct Notification<'a> {
    #[serde(rename = "type", borrow, default)]
    sort: Str<'a>,
    #[serde(default)]
    created_at: When,
    #[serde(borrow, default)]
    account: Maybe<User<'a>>,
    #[serde(borrow, default)]
    status: Maybe<Full<'a>>,
}

/// Reads a notification; `owner` is who was told.
pub(crate) fn read_notification(
    bytes: &[u8],
    owner: &Owner,
    scribe: &mut Scribe<'_>,
) -> Result<(), JsonError> {
    let notification: Notification<'_> = from_slice(bytes)?;
    let at = scribe.time("created_at", notification.created_at);
    let status = notification.status.get();
    scribe.observed(at.max(status.and_then(Held::newest)));
    let actor = notification.account.get().map(User::account).unwrap_or_default();
    if let Some(user) = notification.account.get() {
        user.write(actor, scribe);
    }
    if status.is_some_and(|status| status.visibility.is("direct")) {
        scribe.pass_over("direct message");
        return Ok(());
    }
    let target = status.map(Held::author).unwrap_or_default();
    let act = Act { verb: Verb::Like, at, actor, target, object: status.and_then(Held::uri), id: None };
    match notification.sort.get() {
        Some("favourite") => scribe.act(&act),
        Some("reblog") => scribe.act(&Act { verb: Verb::Repost, ..act }),
        Some("follow") => scribe.act(&Act { verb: Verb::Follow, target: owner.account(), ..act }),
        // The status says it all.
        Some("mention" | "quote" | "status") => {}
        _ => scribe.pass_over("notification of something other than an act"),
    }
    if let Some(status) = status {
        status.write(scribe);
    }
    Ok(())
}

/// Who was told, if this notification shows it: likes and reblogs are told to a post's author.
pub(crate) fn told(bytes: &[u8]) -> Option<Owner> {
    let notification: Notification<'_> = from_slice(bytes).ok()?;
    let status = notification
        .status
        .get()
        .filter(|_| matches!(notification.sort.get(), Some("favourite" | "reblog")))?;
    Owner::new(status.author())
}

/// A page of more than one thing: search results, or the thread around a status.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    statuses: Many<Maybe<Full<'a>>>,
    #[serde(borrow, default)]
    ancestors: Many<Maybe<Full<'a>>>,
    #[serde(borrow, default)]
    descendants: Many<Maybe<Full<'a>>>,
    #[serde(borrow, default)]
    accounts: Many<Maybe<User<'a>>>,
}

/// Reads a page.
pub(crate) fn read_page(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let page: Page<'_> = from_slice(bytes)?;
    let statuses = || {
        page.statuses
            .iter()
            .chain(page.ancestors.iter())
            .chain(page.descendants.iter())
            .filter_map(Maybe::get)
    };
    let users = || page.accounts.iter().filter_map(Maybe::get);
    scribe.observed(statuses().map(Held::newest).max().flatten());
    scribe.observed(users().map(|user| user.last_status_at.good()).max().flatten());
    for status in statuses() {
        status.write(scribe);
    }
    for user in users() {
        user.write(user.account(), scribe);
    }
    if statuses().next().is_none() && users().next().is_none() {
        scribe.pass_over("page without results");
    }
    Ok(())
}
