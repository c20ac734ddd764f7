//! Instagram's side of the Graph API: accounts, media, comments, mentions, hashtags, insights.

use std::borrow::Cow;

use renown_sdk::{OpenError, Piece, Reader, Sink, Timestamp, Vocabulary, Word};

use super::facebook::join;
use super::insights::{Insight, Meaning, Numbers, Point, object_of, on_instagram};
use super::{Document, Edge, Link, Paging, Skip};
use crate::loose::{List, Loose, Present, Scalar};
use crate::out::{Act, Out, Totals};
use crate::words::InstagramWords;

/// Any object, or a page of them; `E` is what its edges hold, `W` what is wrapped in a response about another account.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "E: serde::Deserialize<'de> + Default, W: serde::Deserialize<'de> + Default"))]
struct Node<'a, E, W> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    username: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(default)]
    permalink: Present,

    // An account.
    #[serde(borrow, default)]
    followers_count: Scalar<'a>,
    #[serde(borrow, default)]
    follows_count: Scalar<'a>,
    #[serde(borrow, default)]
    media_count: Scalar<'a>,
    #[serde(default)]
    account_type: Present,

    // A media.
    #[serde(borrow, default)]
    owner: Loose<User<'a>>,
    #[serde(default)]
    media_type: Present,
    #[serde(borrow, default)]
    like_count: Scalar<'a>,
    #[serde(borrow, default)]
    comments_count: Scalar<'a>,
    #[serde(borrow, default)]
    view_count: Scalar<'a>,
    #[serde(borrow, default)]
    comments: Edge<'a, Comment<'a, Edge<'a, Comment<'a, Skip>>>>,
    #[serde(borrow, default)]
    insights: Edge<'a, Insight<'a>>,

    // A comment.
    #[serde(default)]
    text: Present,
    #[serde(borrow, default)]
    from: Loose<User<'a>>,
    #[serde(borrow, default)]
    user: Loose<User<'a>>,
    #[serde(borrow, default)]
    replies: Edge<'a, Comment<'a, Skip>>,

    // An insight.
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    period: Scalar<'a>,
    #[serde(borrow, default)]
    values: List<Point<'a>>,
    #[serde(borrow, default)]
    total_value: Loose<Point<'a>>,

    // A response, and the edges that an account can be asked for together with itself.
    #[serde(default)]
    error: Present,
    #[serde(borrow, default)]
    paging: Loose<Paging<'a>>,
    #[serde(default)]
    data: E,
    /// An account's media, or the single media that a comment stands below.
    #[serde(default)]
    media: E,
    #[serde(default)]
    stories: E,
    #[serde(default)]
    live_media: E,
    /// Media in which the account is tagged.
    #[serde(default)]
    tags: E,
    #[serde(default)]
    business_discovery: W,
    #[serde(default)]
    mentioned_media: W,
    #[serde(default)]
    mentioned_comment: W,
}

/// An object within a page. Of its edges only the id of a single object is of use (a comment's `media`).
type Item<'a> = Node<'a, Edge<'a, Skip>, Skip>;
/// An object with its edges.
type Whole<'a> = Node<'a, Edge<'a, Item<'a>>, Skip>;
/// A response: an object, a page, or a wrapper around an object.
type Top<'a> = Node<'a, Edge<'a, Item<'a>>, Loose<Box<Whole<'a>>>>;

/// A comment below a media; `R` is what holds its replies.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "R: serde::Deserialize<'de> + Default"))]
struct Comment<'a, R> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    username: Scalar<'a>,
    #[serde(borrow, default)]
    from: Loose<User<'a>>,
    #[serde(borrow, default)]
    user: Loose<User<'a>>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    like_count: Scalar<'a>,
    #[serde(default)]
    replies: R,
}

#[derive(serde::Deserialize)]
struct User<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    username: Scalar<'a>,
}

/// Reads Instagram's Graph API.
pub(crate) struct InstagramGraph {
    words: InstagramWords,
}

impl InstagramGraph {
    pub(crate) fn open(vocabulary: &Vocabulary) -> Result<Self, OpenError> {
        Ok(Self { words: InstagramWords::new(vocabulary)? })
    }
}

impl Reader for InstagramGraph {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut out = Out::new(sink, piece.bytes, self.words.network);
        let document = match Document::<Top<'_>>::read(piece.bytes) {
            Ok(document) => document,
            Err(error) => return out.reject(error.to_string()),
        };
        let (one, several);
        let objects: &[_] = match &document {
            Document::One(object) => {
                one = [(None, &**object)];
                &one
            }
            Document::ById(objects) => {
                several = objects.iter().map(|(id, object)| (Some(&**id), object)).collect::<Vec<_>>();
                &several
            }
        };
        let observed = objects.iter().filter_map(|(_, object)| object.newest_of_all()).max();
        let (totals, scratch) = (Totals::default(), String::new());
        let mut reading = Reading { out, words: &self.words, observed, totals, scratch };
        for (id, object) in objects {
            reading.response(object, *id);
        }
    }
}

fn time_of(time: &Scalar<'_>) -> Option<Timestamp> {
    time.time().good()
}

impl<E, W> Node<'_, E, W> {
    /// The newest time that it or its comments carry.
    fn newest(&self) -> Option<Timestamp> {
        let replies = self.replies.items.iter().map(|reply| time_of(&reply.timestamp));
        let comments = self.comments.items.iter().flat_map(|comment| {
            let replies = comment.replies.items.iter().map(|reply| time_of(&reply.timestamp));
            std::iter::once(time_of(&comment.timestamp)).chain(replies)
        });
        comments.chain(replies).fold(time_of(&self.timestamp), Option::max)
    }

    fn is_insight(&self) -> bool {
        self.values.present || self.total_value.0.is_some()
    }

    fn is_account(&self) -> bool {
        self.account_type.0
            || [&self.followers_count, &self.follows_count, &self.media_count]
                .into_iter()
                .any(|count| *count != Scalar::Absent)
    }

    fn is_comment(&self, link: Option<Link<'_>>) -> bool {
        let below = link.is_some_and(|link| matches!(link.edge, "comments" | "replies"));
        (self.text.0 || below) && !self.media_type.0
    }

    fn is_media(&self) -> bool {
        let counted = [&self.timestamp, &self.like_count, &self.comments_count, &self.view_count];
        self.media_type.0
            || self.permalink.0
            || self.owner.0.is_some()
            || self.comments.listed
            || counted.into_iter().any(|field| *field != Scalar::Absent)
    }
}

impl<'a, W> Node<'a, Edge<'a, Item<'a>>, W> {
    /// Its edges by name.
    fn edges(&self) -> [(&'static str, &Edge<'a, Item<'a>>); 4] {
        [
            ("media", &self.media),
            ("stories", &self.stories),
            ("live_media", &self.live_media),
            ("tags", &self.tags),
        ]
    }

    fn newest_with_edges(&self) -> Option<Timestamp> {
        let edges = self.edges();
        let items = edges.iter().flat_map(|(_, edge)| &edge.items).chain(&self.data.items);
        items.map(Node::newest).fold(self.newest(), Option::max)
    }
}

impl<'a> Top<'a> {
    fn wrapped(&self) -> impl Iterator<Item = &Whole<'a>> {
        [&self.business_discovery, &self.mentioned_media, &self.mentioned_comment]
            .into_iter()
            .filter_map(|wrapped| wrapped.0.as_deref())
    }

    /// The newest time anywhere in it.
    fn newest_of_all(&self) -> Option<Timestamp> {
        self.wrapped().map(Node::newest_with_edges).fold(self.newest_with_edges(), Option::max)
    }
}

/// What holds a single object in place of an edge: its id.
trait SingleId {
    fn single_id(&self) -> Option<Cow<'_, str>>;
}

impl<T> SingleId for Edge<'_, T> {
    fn single_id(&self) -> Option<Cow<'_, str>> {
        self.id.key()
    }
}

/// An account known by its handle alone.
pub(crate) fn by_handle(handle: &str) -> String {
    format!("@{}", handle.to_lowercase())
}

/// What receives a comment.
#[derive(Clone, Copy)]
struct Receiver<'a> {
    object: Option<&'a str>,
    account: Option<&'a str>,
}

/// A comment, wherever it stands.
struct CommentView<'c, 'a> {
    id: &'c Scalar<'a>,
    author: Option<Cow<'c, str>>,
    timestamp: &'c Scalar<'a>,
    like_count: &'c Scalar<'a>,
}

/// Who wrote a comment. `from` has an id that differs from app to app, so the handle is preferred to that; `user` has
/// the account's own.
fn comment_author<'c>(
    user: &'c Loose<User<'_>>,
    username: &Scalar<'_>,
    from: &'c Loose<User<'_>>,
) -> Option<Cow<'c, str>> {
    let from = from.0.as_ref();
    let handle = username.text().or_else(|| from.and_then(|from| from.username.text()));
    let user = user.0.as_ref().and_then(|user| user.id.key());
    user.or_else(|| handle.map(|handle| by_handle(handle).into())).or_else(|| from?.id.key())
}

impl<'a, R> Comment<'a, R> {
    fn view(&self) -> CommentView<'_, 'a> {
        CommentView {
            id: &self.id,
            author: comment_author(&self.user, &self.username, &self.from),
            timestamp: &self.timestamp,
            like_count: &self.like_count,
        }
    }
}

impl<'a, E, W> Node<'a, E, W> {
    fn as_comment(&self) -> CommentView<'_, 'a> {
        CommentView {
            id: &self.id,
            author: comment_author(&self.user, &self.username, &self.from),
            timestamp: &self.timestamp,
            like_count: &self.like_count,
        }
    }
}

/// One document being read.
struct Reading<'r> {
    out: Out<'r>,
    words: &'r InstagramWords,
    /// The newest time in the document: its totals are not older.
    observed: Option<Timestamp>,
    totals: Totals,
    scratch: String,
}

impl Reading<'_> {
    /// A response: an error, a page of objects, an object with its edges, or what was asked of another account. `key`
    /// is the id under which it stands.
    fn response(&mut self, top: &Top<'_>, key: Option<&str>) {
        if top.error.0 {
            return self.out.pass_over("error body");
        }
        let asker = top.id.key();
        if let Some(account) = &top.business_discovery.0 {
            self.whole(account, None);
        }
        if let Some(media) = &top.mentioned_media.0 {
            self.media(media, asker.as_deref().map(|id| Link { id, edge: "tags" }));
        }
        if let Some(comment) = &top.mentioned_comment.0 {
            self.mentioned_comment(comment, asker.as_deref());
        }
        let wrapped = top.wrapped().next().is_some();
        let link = top.paging.0.as_ref().and_then(Paging::link).or(key.map(|id| Link { id, edge: "" }));
        if top.data.listed {
            self.page(&top.data, link);
        }
        if !wrapped && (asker.is_some() || !top.data.listed) {
            self.whole(top, None);
        }
    }

    /// An object and its edges.
    fn whole<'a, W>(&mut self, object: &Node<'a, Edge<'a, Item<'a>>, W>, link: Option<Link<'_>>) {
        let mut read = false;
        let handle = object.username.text().map(by_handle);
        let account = object.id.key().or(handle.map(Cow::Owned));
        for (edge, items) in object.edges() {
            if items.listed {
                self.page(items, account.as_deref().map(|id| Link { id, edge }));
                read = true;
            }
        }
        self.object(object, link, read);
    }

    fn page(&mut self, page: &Edge<'_, Item<'_>>, link: Option<Link<'_>>) {
        self.out.strays("data", page.strays);
        if page.items.is_empty() && page.strays == 0 {
            self.out.pass_over("empty page");
        }
        for item in &page.items {
            self.object(item, link, false);
        }
    }

    /// One object; `read` if records were found in its edges already.
    fn object<E: SingleId, W>(&mut self, node: &Node<'_, E, W>, link: Option<Link<'_>>, read: bool) {
        if node.is_insight() {
            self.insight(node, link);
        } else if node.is_comment(link) {
            self.lone_comment(node, link);
        } else if link.is_some_and(|link| link.edge == "children") {
            self.out.pass_over("part of an album");
        } else if node.is_account() || !node.is_media() {
            if !(self.account(node) || read) {
                self.out.pass_over("object without a count that is no media");
            }
        } else if !(self.media(node, link) || read) {
            self.out.pass_over("media without totals whose owner is not shown");
        }
    }

    /// The numbers and the handle beside an account; `false` if there are none.
    fn account<E, W>(&mut self, node: &Node<'_, E, W>) -> bool {
        let handle = node.username.text();
        let Some(id) = node.id.key().or_else(|| handle.map(|handle| by_handle(handle).into())) else {
            return false;
        };
        if let Some(handle) = handle.filter(|_| node.id.key().is_some()) {
            self.out.handle(&id, handle);
        }
        let fields = [
            ("followers_count", self.words.followers, node.followers_count.count()),
            ("follows_count", self.words.friends, node.follows_count.count()),
            ("media_count", self.words.posts, node.media_count.count()),
        ];
        let mut read = handle.is_some() || fields.iter().any(|(.., count)| count.is_some());
        let numbers = self.out.counts(fields);
        self.out.observations(&id, &numbers, self.observed);
        for insight in &node.insights.items {
            let meaning = meaning(self.words, &insight.name, &insight.period);
            read |= insight.numbers().observe(meaning, &id, &mut self.out);
        }
        read
    }

    /// A media; `false` if neither its owner nor a total is shown.
    fn media<E, W>(&mut self, node: &Node<'_, E, W>, link: Option<Link<'_>>) -> bool {
        let Some(id) = node.id.key() else { return false };
        let owner = node.owner.0.as_ref();
        let handle = node.username.text().or_else(|| owner.and_then(|owner| owner.username.text()));
        let owner = owner.and_then(|owner| owner.id.key());
        if let (Some(owner), Some(handle)) = (&owner, handle) {
            self.out.handle(owner, handle);
        }
        let author = owner.or_else(|| handle.map(|handle| by_handle(handle).into())).or_else(|| {
            let own = ["media", "stories", "live_media"];
            link.filter(|link| own.contains(&link.edge)).map(|link| link.id.into())
        });
        let author = author.as_deref();
        self.media_totals(node);
        let at = self.out.time("timestamp", &node.timestamp);
        let tagged = link.filter(|link| link.edge == "tags").map(|link| link.id);
        if author.is_none() && tagged.is_none() && self.totals.as_slice().is_empty() {
            return false;
        }
        self.out.post(&id, author, at, self.observed, self.totals.as_slice());
        if let Some(account) = tagged {
            self.mention(account, author, at, &id);
        }
        let receiver = Receiver { object: Some(&id), account: author };
        self.out.strays("comments.data", node.comments.strays);
        for comment in &node.comments.items {
            if let Some((actor, comment_id)) = self.comment(&comment.view(), receiver, self.words.comment) {
                self.replies(&comment.replies, &actor, &comment_id);
            }
        }
        true
    }

    fn media_totals<E, W>(&mut self, node: &Node<'_, E, W>) {
        let words = self.words;
        let mut totals = std::mem::take(&mut self.totals);
        totals.clear();
        totals.set(words.like, self.out.count("like_count", node.like_count.count()));
        let comments = node.comments_count.count().or(node.comments.total);
        totals.set(words.comment, self.out.count("comments_count", comments));
        totals.set(words.view, self.out.count("view_count", node.view_count.count()));
        for insight in &node.insights.items {
            let meaning = meaning(words, &insight.name, &insight.period);
            insight.numbers().total(meaning, None, &mut self.out, &mut totals);
        }
        self.totals = totals;
    }

    /// A mention in a media or comment. Where its author is not shown it is a total of one, which the media's id keeps
    /// from being counted twice.
    fn mention(&mut self, account: &str, actor: Option<&str>, at: Option<Timestamp>, act: &str) {
        let id = join(&mut self.scratch, &[act, ":", account]);
        let object = if actor.is_some() { None } else { Some(act) };
        self.out.act(Act {
            kind: self.words.mention,
            at,
            actor,
            target: Some(account),
            object,
            id: Some(id),
        });
    }

    fn mentioned_comment<E: SingleId, W>(&mut self, node: &Node<'_, E, W>, account: Option<&str>) {
        let media = node.media.single_id();
        let receiver = Receiver { object: media.as_deref(), account: None };
        let comment = node.as_comment();
        let Some((actor, id)) = self.comment(&comment, receiver, self.words.comment) else { return };
        if let Some(account) = account {
            self.mention(account, Some(&actor), time_of(comment.timestamp), &id);
        }
    }

    /// A comment that stands by itself or in a page of comments.
    fn lone_comment<E: SingleId, W>(&mut self, node: &Node<'_, E, W>, link: Option<Link<'_>>) {
        let media = node.media.single_id();
        let reply = link.is_some_and(|link| link.edge == "replies");
        let link = link.filter(|link| matches!(link.edge, "comments" | "replies" | "")).map(|link| link.id);
        let object = if reply { link } else { media.as_deref().or(link) };
        let kind = if reply { self.words.reply } else { self.words.comment };
        let receiver = Receiver { object, account: None };
        if let Some((actor, id)) = self.comment(&node.as_comment(), receiver, kind) {
            self.replies(&node.replies, &actor, &id);
        }
    }

    fn replies(&mut self, replies: &Edge<'_, Comment<'_, Skip>>, actor: &str, comment: &str) {
        let receiver = Receiver { object: Some(comment), account: Some(actor) };
        for reply in &replies.items {
            self.comment(&reply.view(), receiver, self.words.reply);
        }
    }

    /// A comment or reply: the act, and its likes. Gives its author and id.
    fn comment<'c>(
        &mut self,
        comment: &'c CommentView<'_, '_>,
        receiver: Receiver<'_>,
        kind: Word,
    ) -> Option<(Cow<'c, str>, Cow<'c, str>)> {
        let (Some(actor), Some(id)) = (comment.author.clone(), comment.id.key()) else {
            self.out.pass_over("comment whose author is not shown");
            return None;
        };
        let at = self.out.time("timestamp", comment.timestamp);
        let Receiver { object, account: target } = receiver;
        self.out.act(Act { kind, at, actor: Some(&actor), target, object, id: Some(&id) });
        let likes = self.out.count("like_count", comment.like_count.count());
        self.out.total(self.words.like, likes.unwrap_or(0), &actor, &id, at);
        Some((actor, id))
    }

    /// An insight in a page of insights.
    fn insight<E, W>(&mut self, node: &Node<'_, E, W>, link: Option<Link<'_>>) {
        let Some(object) = node.id.text().and_then(object_of).or(link.map(|link| link.id)) else {
            return self.out.pass_over("insight that does not name its media or account");
        };
        let meaning = meaning(self.words, &node.name, &node.period);
        let mut totals = std::mem::take(&mut self.totals);
        totals.clear();
        let numbers = Numbers { values: &node.values, total_value: &node.total_value };
        let read = numbers.observe(meaning, object, &mut self.out)
            || numbers.total(meaning, None, &mut self.out, &mut totals);
        if !totals.as_slice().is_empty() {
            self.out.post(object, None, None, self.observed, totals.as_slice());
        }
        self.totals = totals;
        if !read {
            self.out.pass_over("insight that is no total of a media and no daily number of an account");
        }
    }
}

fn meaning(words: &InstagramWords, name: &Scalar<'_>, period: &Scalar<'_>) -> Option<Meaning> {
    on_instagram(words, name.text()?, period.text()?)
}
