//! API v2: pages (`{data, includes, meta, errors}`), lines of a stream (the same, with `matching_rules`) and single
//! tweets and users, as `twarc2 flatten` writes them.
//!
//! Tweets lie in `data` or `includes.tweets`, users in `data` or `includes.users`; one struct reads either, so that a
//! page is read in one pass, whatever endpoint it came from.

use renown_sdk::Id;
use renown_sdk::json::{Count, Id as JsonId, JsonError, Text, from_slice};
use serde::Deserialize;

use crate::fields::{Account, Many, Opening, Skip, When, known};
use crate::scribe::{Act, Scribe, time_of};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    data: Many<Thing<'a>>,
    #[serde(borrow)]
    includes: Option<Includes<'a>>,
    errors: Option<Skip>,
    /// A bare `includes` object.
    #[serde(borrow, default)]
    tweets: Many<Thing<'a>>,
    #[serde(borrow, default)]
    users: Many<Thing<'a>>,
}

#[derive(Default, Deserialize)]
struct Includes<'a> {
    #[serde(borrow, default)]
    tweets: Many<Thing<'a>>,
    #[serde(borrow, default)]
    users: Many<Thing<'a>>,
}

/// A tweet or a user; or a list, space, rule…, of which no field but `id` is read.
#[derive(Deserialize)]
struct Thing<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    author_id: Option<JsonId<'a>>,
    created_at: Option<When>,
    #[serde(borrow)]
    text: Option<Opening<'a>>,
    #[serde(borrow)]
    community_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    in_reply_to_user_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    referenced_tweets: Option<Many<Reference<'a>>>,
    #[serde(borrow)]
    entities: Option<Entities<'a>>,
    public_metrics: Option<Metrics>,
    /// Flattened tweets carry their author. (In a box, since other pages have hundreds of tweets without.)
    #[serde(borrow)]
    author: Option<Box<Author<'a>>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(rename = "type")]
    relation: Option<Relation>,
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    /// Flattened tweets carry the whole tweet here.
    #[serde(borrow)]
    author_id: Option<JsonId<'a>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Relation {
    Retweeted,
    Quoted,
    RepliedTo,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Entities<'a> {
    #[serde(borrow, default)]
    mentions: Many<Mention<'a>>,
}

#[derive(Deserialize)]
struct Mention<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    /// Where in the text it begins.
    start: Option<Count>,
}

/// The totals of a tweet, or the numbers of a user: both are called `public_metrics`, and both have a `like_count`.
#[derive(Clone, Copy, Default, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the fields are called as the documents call them")]
struct Metrics {
    retweet_count: Option<Count>,
    reply_count: Option<Count>,
    like_count: Option<Count>,
    quote_count: Option<Count>,
    bookmark_count: Option<Count>,
    impression_count: Option<Count>,
    followers_count: Option<Count>,
    following_count: Option<Count>,
    tweet_count: Option<Count>,
    listed_count: Option<Count>,
}

#[derive(Deserialize)]
struct Author<'a> {
    #[serde(borrow)]
    id: Option<JsonId<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    public_metrics: Option<Metrics>,
}

/// Reads a page or a line of a stream.
pub(crate) fn read_page(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let page: Page<'_> = from_slice(bytes)?;
    let includes = page.includes.unwrap_or_default();
    let lists = [&page.data, &includes.tweets, &includes.users, &page.tweets, &page.users];
    let is_empty = lists.iter().all(|list| list.is_empty());
    match (is_empty, page.errors.is_some()) {
        (true, true) => scribe.pass_over("error body"),
        (true, false) => scribe.pass_over("page without results"),
        (false, true) => scribe.pass_over("errors beside a page's data"),
        (false, false) => {}
    }
    write(lists.into_iter().flat_map(|list| list.iter()), scribe);
    Ok(())
}

/// Reads a tweet or a user that stands for itself.
pub(crate) fn read_object(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let thing: Thing<'_> = from_slice(bytes)?;
    write(std::iter::once(&thing), scribe);
    Ok(())
}

/// Writes the records of things that came in the same document.
fn write<'a>(things: impl Iterator<Item = &'a Thing<'a>> + Clone, scribe: &mut Scribe<'_>) {
    let mut authors = Authors::default();
    for tweet in things.clone().filter(|thing| thing.is_tweet()) {
        let Some(id) = known(tweet.id.as_ref()) else { continue };
        authors.note(id, tweet.author().id);
        scribe.observed(time_of(tweet.created_at, id));
    }
    authors.sort();
    for thing in things {
        if thing.is_tweet() {
            write_tweet(thing, &authors, scribe);
        } else if thing.is_user() {
            let account = Account::new(thing.id.as_ref(), thing.username.as_ref());
            write_user(account, thing.public_metrics.unwrap_or_default(), scribe);
        } else {
            scribe.pass_over("object that is no tweet and no user");
        }
    }
}

impl Thing<'_> {
    fn is_user(&self) -> bool {
        self.username.is_some()
            || self.public_metrics.is_some_and(|metrics| metrics.followers_count.is_some())
    }

    fn is_tweet(&self) -> bool {
        let has_totals = || self.public_metrics.is_some_and(|metrics| metrics.retweet_count.is_some());
        !self.is_user()
            && (self.text.is_some()
                || self.author_id.is_some()
                || self.referenced_tweets.is_some()
                || has_totals())
    }

    fn author(&self) -> Account<'_> {
        let author = self.author.as_ref();
        let handle = author.and_then(|author| author.username.as_ref());
        Account::new(self.author_id.as_ref().or_else(|| author?.id.as_ref()), handle)
    }

    fn reference(&self, relation: Relation) -> Option<&Reference<'_>> {
        self.referenced_tweets.iter().flat_map(|all| all.iter()).find(|one| one.relation == Some(relation))
    }

    fn mentions(&self) -> &[Mention<'_>] {
        self.entities.as_ref().map_or(&[], |entities| &entities.mentions)
    }

    /// Whose name the text opens with, `RT @name:`.
    fn opening(&self) -> Option<&str> {
        self.text.as_ref()?.retweeted.as_deref()
    }

    /// Whether this is a retweet, although `referenced_tweets` was not asked for: its text opens like one, and it has
    /// none of the likes, replies and quotes that only a tweet of one's own can have.
    fn looks_retweeted(&self) -> bool {
        let metrics = self.public_metrics.unwrap_or_default();
        let none = |count: Option<Count>| count.and_then(Count::good).unwrap_or(0) == 0;
        self.referenced_tweets.is_none()
            && self.opening().is_some()
            && none(metrics.like_count)
            && none(metrics.reply_count)
            && none(metrics.quote_count)
    }
}

impl<'a> Mention<'a> {
    fn account(&'a self) -> Account<'a> {
        Account::new(self.id.as_ref(), self.username.as_ref())
    }
}

fn write_tweet(tweet: &Thing<'_>, authors: &Authors<'_>, scribe: &mut Scribe<'_>) {
    let Some(id) = known(tweet.id.as_ref()) else {
        scribe.bad_field("id", "missing: a tweet has one");
        return;
    };
    let at = scribe.made(tweet.created_at, id);
    let author = tweet.author();
    let act = Act {
        kind: scribe.lexicon.repost,
        at,
        actor: author,
        target: Account::default(),
        object: None,
        id: Some(id),
    };
    if let Some(from) = &tweet.author {
        write_user(author, from.public_metrics.unwrap_or_default(), scribe);
    }

    let retweeted = tweet.reference(Relation::Retweeted);
    if retweeted.is_some() || tweet.looks_retweeted() {
        let object = retweeted.and_then(|reference| known(reference.id.as_ref()));
        let target = authors.of(retweeted, object).or(retweeted_account(tweet));
        scribe.handle(target);
        scribe.act(&Act { target, object, ..act });
        return;
    }

    let metrics = tweet.public_metrics.unwrap_or_default();
    let words = *scribe.lexicon;
    scribe.in_community(author, known(tweet.community_id.as_ref()), at);
    scribe.post(
        id,
        author,
        at,
        &[
            (words.repost, "public_metrics.retweet_count", metrics.retweet_count),
            (words.reply, "public_metrics.reply_count", metrics.reply_count),
            (words.like, "public_metrics.like_count", metrics.like_count),
            (words.quote, "public_metrics.quote_count", metrics.quote_count),
            (words.bookmark, "public_metrics.bookmark_count", metrics.bookmark_count),
            (words.view, "public_metrics.impression_count", metrics.impression_count),
        ],
    );

    let mut quoted = Account::default();
    if let Some(reference) = tweet.reference(Relation::Quoted) {
        let object = known(reference.id.as_ref());
        quoted = authors.of(Some(reference), object);
        scribe.act(&Act { kind: words.quote, target: quoted, object, ..act });
    }
    let replied_to = write_reply(tweet, authors, &Act { kind: words.reply, ..act }, scribe);
    for mention in tweet.mentions() {
        let account = mention.account();
        scribe.handle(account);
        // Where mentions have no ids, the account that a reply answers is the one its text begins with.
        let opens_reply =
            replied_to.is_some() && account.id.is_none() && mention.start == Some(Count::new(Some(0)));
        let answered = replied_to.is_some_and(|target| target.is(&account));
        if account.is_known() && !opens_reply && !answered && !quoted.is(&account) {
            scribe.act(&Act { kind: words.mention, target: account, ..act });
        }
    }
}

/// Writes the reply that a tweet is, and says whom it answers.
///
/// A page whose request did not ask for `referenced_tweets` still says whom a tweet answers, though not which post.
fn write_reply<'a>(
    tweet: &'a Thing<'_>,
    authors: &Authors<'a>,
    act: &Act<'a>,
    scribe: &mut Scribe<'_>,
) -> Option<Account<'a>> {
    let reference = tweet.reference(Relation::RepliedTo);
    let target = Account::by_id(known(tweet.in_reply_to_user_id.as_ref()));
    if reference.is_none() && (tweet.referenced_tweets.is_some() || !target.is_known()) {
        return None;
    }
    let object = reference.and_then(|reference| known(reference.id.as_ref()));
    let target = target.or(authors.of(reference, object));
    scribe.act(&Act { target, object, ..*act });
    Some(target)
}

/// Whom a retweet retweets, as its own text and mentions say: the first mention in a retweet is its `RT @name`.
fn retweeted_account<'a>(tweet: &'a Thing<'_>) -> Account<'a> {
    let Some(handle) = tweet.opening() else { return Account::default() };
    let named = Account { id: None, handle: Some(handle) };
    let mentions = || tweet.mentions().iter().map(Mention::account);
    mentions().find(|account| account.handle.is_some() && account.is(&named)).unwrap_or(named)
}

fn write_user(account: Account<'_>, metrics: Metrics, scribe: &mut Scribe<'_>) {
    if !account.is_known() {
        scribe.bad_field("id", "missing: a user has one");
        return;
    }
    let words = *scribe.lexicon;
    scribe.user(
        account,
        &[
            (words.followers, "public_metrics.followers_count", metrics.followers_count),
            (words.friends, "public_metrics.following_count", metrics.following_count),
            (words.posts, "public_metrics.tweet_count", metrics.tweet_count),
            (words.listed, "public_metrics.listed_count", metrics.listed_count),
            (words.favourites, "public_metrics.like_count", metrics.like_count),
        ],
    );
}

/// Who made which tweet of a page, sorted by tweet.
#[derive(Default)]
struct Authors<'a>(Vec<(Id<'a>, Id<'a>)>);

impl<'a> Authors<'a> {
    fn note(&mut self, tweet: Id<'a>, author: Option<Id<'a>>) {
        self.0.extend(author.map(|author| (tweet, author)));
    }

    fn sort(&mut self) {
        self.0.sort_unstable();
    }

    /// The author of a tweet that another refers to.
    fn of<'b>(&self, reference: Option<&'b Reference<'_>>, tweet: Option<Id<'b>>) -> Account<'b>
    where
        'a: 'b,
    {
        let told = reference.and_then(|reference| known(reference.author_id.as_ref()));
        Account::by_id(told.or_else(|| {
            let tweet = tweet?;
            let at = self.0.partition_point(|(id, _)| *id < tweet);
            self.0.get(at).filter(|(id, _)| *id == tweet).map(|&(_, author)| author)
        }))
    }
}
