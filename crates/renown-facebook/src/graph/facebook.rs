//! Facebook's Graph API: pages, users, groups, posts, photos, videos, comments, reactions, insights.
//!
//! Which of them an object is, no field says: it is told by what it has, and by the edge it was asked for on where the
//! page's addresses name it.

use std::borrow::Cow;

use renown_sdk::{OpenError, Piece, Reader, Sink, Timestamp, Vocabulary, Word};

use super::insights::{Insight, Meaning, Numbers, Point, object_of, on_facebook};
use super::{Document, Edge, Link, Paging, Skip, Total, is_message_id, is_object_id};
use crate::loose::{List, Loose, Present, Scalar};
use crate::out::{Act, Out, Totals};
use crate::words::{FacebookWords, InstagramWords, REACTION_TYPES};

/// Any object of the Graph API, or a page of them; `E` is what its edges hold.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "E: serde::Deserialize<'de> + Default"))]
struct Node<'a, E> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    created_time: Scalar<'a>,
    /// The name of `created_time` on a live video.
    #[serde(borrow, default)]
    creation_time: Scalar<'a>,
    #[serde(borrow, default)]
    updated_time: Scalar<'a>,
    #[serde(borrow, default)]
    from: Loose<Account<'a>>,
    #[serde(borrow, default)]
    permalink_url: Scalar<'a>,
    #[serde(borrow, default)]
    r#type: Scalar<'a>,

    // An account.
    #[serde(borrow, default)]
    username: Scalar<'a>,
    #[serde(borrow, default)]
    fan_count: Scalar<'a>,
    #[serde(borrow, default)]
    followers_count: Scalar<'a>,
    #[serde(borrow, default)]
    talking_about_count: Scalar<'a>,
    #[serde(borrow, default)]
    member_count: Scalar<'a>,
    #[serde(default)]
    category: Present,
    #[serde(default)]
    friends: Total,
    #[serde(borrow, default)]
    instagram_business_account: Loose<InstagramAccount<'a>>,

    // A post, photo or video.
    #[serde(borrow, default)]
    page_story_id: Scalar<'a>,
    #[serde(borrow, default)]
    parent_id: Scalar<'a>,
    #[serde(default)]
    shares: Total,
    #[serde(borrow, default)]
    reactions: Edge<'a, Liker<'a>>,
    #[serde(borrow, default)]
    likes: Edge<'a, Liker<'a>>,
    #[serde(borrow, default)]
    comments: Edge<'a, Comment<'a, Edge<'a, Comment<'a, Skip>>>>,
    #[serde(default)]
    like: Total,
    #[serde(default)]
    love: Total,
    #[serde(default)]
    wow: Total,
    #[serde(default)]
    haha: Total,
    #[serde(default)]
    sad: Total,
    #[serde(default)]
    angry: Total,
    #[serde(default)]
    care: Total,
    #[serde(default)]
    thankful: Total,
    #[serde(default)]
    pride: Total,
    #[serde(borrow, default)]
    views: Scalar<'a>,
    #[serde(borrow, default)]
    message_tags: List<Tag<'a>>,
    #[serde(borrow, default)]
    insights: Edge<'a, Insight<'a>>,
    #[serde(borrow, default)]
    video_insights: Edge<'a, Insight<'a>>,

    // A comment.
    #[serde(borrow, default)]
    like_count: Scalar<'a>,
    #[serde(borrow, default)]
    comment_count: Scalar<'a>,
    #[serde(borrow, default)]
    parent: Loose<Parent<'a>>,

    // Somebody who reacted, as the Pages API shows him.
    #[serde(default)]
    can_post: Present,
    #[serde(default)]
    profile_type: Present,

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
    #[serde(default)]
    posts: E,
    #[serde(default)]
    feed: E,
    #[serde(default)]
    published_posts: E,
    #[serde(default)]
    visitor_posts: E,
    #[serde(default)]
    tagged: E,
    #[serde(default)]
    photos: E,
    #[serde(default)]
    videos: E,
    #[serde(default)]
    video_reels: E,
    #[serde(default)]
    live_videos: E,
    #[serde(default)]
    albums: E,
    #[serde(default)]
    accounts: E,
}

/// An object with its edges, whose objects have none but comments and reactions.
type Top<'a> = Node<'a, Option<Box<Page<'a>>>>;
/// A page of objects.
type Page<'a> = Edge<'a, Node<'a, Skip>>;

/// A comment below a post; `R` is what holds its replies.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "R: serde::Deserialize<'de> + Default"))]
struct Comment<'a, R> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    created_time: Scalar<'a>,
    #[serde(borrow, default)]
    from: Loose<Account<'a>>,
    #[serde(borrow, default)]
    like_count: Scalar<'a>,
    /// How many replies it has.
    #[serde(borrow, default, rename = "comment_count")]
    reply_count: Scalar<'a>,
    #[serde(borrow, default)]
    likes: Edge<'a, Liker<'a>>,
    #[serde(borrow, default)]
    reactions: Edge<'a, Liker<'a>>,
    #[serde(borrow, default)]
    message_tags: List<Tag<'a>>,
    #[serde(borrow, default)]
    parent: Loose<Parent<'a>>,
    #[serde(default)]
    comments: R,
}

#[derive(serde::Deserialize)]
struct Account<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
}

/// Somebody in a list of likes or reactions.
#[derive(serde::Deserialize)]
struct Liker<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
}

/// Somebody named in a message.
#[derive(serde::Deserialize)]
struct Tag<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    r#type: Scalar<'a>,
}

/// The comment to which a reply replies.
#[derive(serde::Deserialize)]
struct Parent<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    from: Loose<Account<'a>>,
}

/// The Instagram account of a page.
#[derive(serde::Deserialize)]
struct InstagramAccount<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    username: Scalar<'a>,
    #[serde(borrow, default)]
    followers_count: Scalar<'a>,
    #[serde(borrow, default)]
    follows_count: Scalar<'a>,
    #[serde(borrow, default)]
    media_count: Scalar<'a>,
}

/// Reads Facebook's Graph API.
pub(crate) struct FacebookGraph {
    words: FacebookWords,
    instagram: InstagramWords,
}

impl FacebookGraph {
    pub(crate) fn open(vocabulary: &Vocabulary) -> Result<Self, OpenError> {
        Ok(Self { words: FacebookWords::new(vocabulary)?, instagram: InstagramWords::new(vocabulary)? })
    }
}

impl Reader for FacebookGraph {
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
        let mut reading = Reading {
            out,
            words: &self.words,
            instagram: &self.instagram,
            observed,
            totals: Totals::default(),
            scratch: String::new(),
        };
        for (id, object) in objects {
            reading.response(object, *id);
        }
    }
}

/// The newest of the times that are there and are times.
fn newest<'t>(times: impl IntoIterator<Item = &'t Scalar<'t>>) -> Option<Timestamp> {
    times.into_iter().filter_map(|time| time.time().good()).max()
}

impl<E> Node<'_, E> {
    /// The newest time that it or its comments carry. When an account was made says nothing of when its followers were
    /// counted.
    fn newest(&self) -> Option<Timestamp> {
        let created = newest([&self.created_time, &self.creation_time]).filter(|_| !self.is_account());
        let own = created.max(newest([&self.updated_time]));
        let comments = self.comments.items.iter().map(|comment| {
            newest([&comment.created_time])
                .max(newest(comment.comments.items.iter().map(|reply| &reply.created_time)))
        });
        comments.fold(own, Option::max)
    }

    fn from(&self) -> Option<Cow<'_, str>> {
        self.from.0.as_ref()?.id.key()
    }

    /// Whether it is an account rather than something that an account made.
    fn is_account(&self) -> bool {
        self.category.0
            || [
                &self.username,
                &self.fan_count,
                &self.followers_count,
                &self.talking_about_count,
                &self.member_count,
            ]
            .into_iter()
            .any(|field| *field != Scalar::Absent)
    }

    fn is_insight(&self) -> bool {
        self.values.present || self.total_value.0.is_some()
    }

    fn is_reaction(&self, link: Option<Link<'_>>) -> bool {
        let edge = link.map_or("", |link| link.edge);
        let reacted =
            self.r#type.text().is_some_and(|name| REACTION_TYPES.iter().any(|(known, _)| *known == name));
        self.created_time == Scalar::Absent
            && (matches!(edge, "likes" | "reactions") || reacted || self.can_post.0 || self.profile_type.0)
    }

    fn is_comment(&self, link: Option<Link<'_>>) -> bool {
        link.is_some_and(|link| link.edge == "comments")
            || self.like_count != Scalar::Absent
            || self.comment_count != Scalar::Absent
            || self.parent.0.is_some()
            || self.permalink_url.text().is_some_and(|url| url.contains("comment_id="))
            || self.id.text().is_some_and(|id| is_object_id(id) && id.split('_').count() == 3)
    }
}

impl<'a> Top<'a> {
    /// The pages of its edges that are there, by the edge's name.
    fn edges(&self) -> impl Iterator<Item = (&'static str, &Page<'a>)> {
        let edges = [
            ("posts", &self.posts),
            ("feed", &self.feed),
            ("published_posts", &self.published_posts),
            ("visitor_posts", &self.visitor_posts),
            ("tagged", &self.tagged),
            ("photos", &self.photos),
            ("videos", &self.videos),
            ("video_reels", &self.video_reels),
            ("live_videos", &self.live_videos),
            ("albums", &self.albums),
            ("accounts", &self.accounts),
        ];
        edges
            .into_iter()
            .filter_map(|(name, page)| Some((name, page.as_deref()?)))
            .filter(|(_, page)| page.listed)
    }

    /// The page of objects that it is, if it is one.
    fn page(&self) -> Option<&Page<'a>> {
        self.data.as_deref().filter(|page| page.listed)
    }

    /// The newest time anywhere in it.
    fn newest_of_all(&self) -> Option<Timestamp> {
        let pages = self.edges().map(|(_, page)| page).chain(self.page());
        let nodes = pages.flat_map(|page| &page.items);
        nodes.map(Node::newest).fold(self.newest(), Option::max)
    }
}

/// The account whose post or comment `id` is, where the id says so: `page_post`, `page_post_comment`.
fn owner_of(id: &str) -> Option<&str> {
    let (owner, _) = id.split_once('_')?;
    is_object_id(id).then_some(owner)
}

/// A comment's id in the form that all versions share: `post_comment`, without the page.
fn comment_id(id: &str) -> &str {
    match id.match_indices('_').nth_back(1) {
        Some((at, _)) if is_object_id(id) => &id[at + 1..],
        _ => id,
    }
}

/// The post of a comment, from an address such as `https://www.facebook.com/12/posts/34/?comment_id=56`: `12_34`.
fn post_in_permalink(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let (post, edge, page) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (edge == "posts" && digits(post) && digits(page)).then(|| format!("{page}_{post}"))
}

/// What receives a comment or reaction.
#[derive(Clone, Copy)]
struct Receiver<'a> {
    object: Option<&'a str>,
    account: Option<&'a str>,
}

/// A comment, wherever it stands.
struct CommentView<'c, 'a> {
    id: &'c Scalar<'a>,
    from: Option<Cow<'c, str>>,
    created_time: &'c Scalar<'a>,
    like_count: &'c Scalar<'a>,
    reply_count: &'c Scalar<'a>,
    likes: &'c Edge<'a, Liker<'a>>,
    reactions: &'c Edge<'a, Liker<'a>>,
    message_tags: &'c List<Tag<'a>>,
    parent: Option<&'c Parent<'a>>,
}

impl<'a, R> Comment<'a, R> {
    fn view(&self) -> CommentView<'_, 'a> {
        CommentView {
            id: &self.id,
            from: self.from.0.as_ref().and_then(|from| from.id.key()),
            created_time: &self.created_time,
            like_count: &self.like_count,
            reply_count: &self.reply_count,
            likes: &self.likes,
            reactions: &self.reactions,
            message_tags: &self.message_tags,
            parent: self.parent.0.as_ref(),
        }
    }
}

impl<'a, E> Node<'a, E> {
    fn as_comment(&self) -> CommentView<'_, 'a> {
        CommentView {
            id: &self.id,
            from: self.from(),
            created_time: &self.created_time,
            like_count: &self.like_count,
            reply_count: &self.comment_count,
            likes: &self.likes,
            reactions: &self.reactions,
            message_tags: &self.message_tags,
            parent: self.parent.0.as_ref(),
        }
    }
}

/// One document being read.
struct Reading<'r> {
    out: Out<'r>,
    words: &'r FacebookWords,
    instagram: &'r InstagramWords,
    /// The newest time in the document: its totals are not older.
    observed: Option<Timestamp>,
    totals: Totals,
    scratch: String,
}

impl Reading<'_> {
    /// A response: an error, a page of objects, or an object with its edges. `key` is the id under which it stands.
    fn response(&mut self, top: &Top<'_>, key: Option<&str>) {
        if top.error.0 {
            return self.out.pass_over("error body");
        }
        let mut read = false;
        if let Some(page) = top.page() {
            let link = top.paging.0.as_ref().and_then(Paging::link).or(key.map(|id| Link { id, edge: "" }));
            self.page(page, link);
            read = true;
        }
        let id = top.id.key();
        for (edge, page) in top.edges() {
            self.page(page, id.as_deref().map(|id| Link { id, edge }));
            read = true;
        }
        if id.is_some() || !read {
            self.object(top, None, read);
        }
    }

    fn page(&mut self, page: &Page<'_>, link: Option<Link<'_>>) {
        self.out.strays("data", page.strays);
        if page.items.is_empty() && page.strays == 0 {
            self.out.pass_over("empty page");
        }
        for node in &page.items {
            self.object(node, link, false);
        }
    }

    /// One object; `read` if records were found beside it already.
    fn object<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>, read: bool) {
        if node.is_insight() {
            self.insight(node, link);
        } else if node.is_reaction(link) {
            self.reaction(node, link);
        } else if node.is_comment(link) {
            self.lone_comment(node, link);
        } else if link.is_some_and(|link| link.edge == "likes") {
            self.page_like(node, link);
        } else if node.id.text().is_some_and(is_message_id) {
            self.out.pass_over("direct message");
        } else if !(self.account(node) || (!node.is_account() && self.post(node, link)) || read) {
            self.out.pass_over("object without a count that is no post, or whose author is not shown");
        }
    }

    /// The numbers and the handle beside an account; `false` if there are none.
    fn account<E>(&mut self, node: &Node<'_, E>) -> bool {
        let mut read = self.instagram_account(node);
        let Some(id) = node.id.key() else { return read };
        if let Some(handle) = node.username.text() {
            self.out.handle(&id, handle);
            read = true;
        }
        // Until 2015 a page's fans were its `likes`, a number.
        let old_fans = node.likes.total.filter(|_| node.is_account() && !node.likes.listed);
        let fields = [
            ("fan_count", self.words.fans, node.fan_count.count()),
            ("likes", self.words.fans, old_fans),
            ("followers_count", self.words.followers, node.followers_count.count()),
            ("talking_about_count", self.words.talking_about, node.talking_about_count.count()),
            ("member_count", self.words.members, node.member_count.count()),
            ("friends", self.words.friends, node.friends.0),
        ];
        read |= fields.iter().any(|(.., count)| count.is_some());
        let numbers = self.out.counts(fields);
        self.out.observations(&id, &numbers, self.observed);
        if node.is_account() {
            for insight in &node.insights.items {
                read |= self.account_insight(insight, &id);
            }
        }
        read
    }

    fn account_insight(&mut self, insight: &Insight<'_>, account: &str) -> bool {
        let meaning = meaning(self.words, &insight.name, &insight.period);
        insight.numbers().observe(meaning, account, &mut self.out)
    }

    fn instagram_account<E>(&mut self, node: &Node<'_, E>) -> bool {
        let Some(account) = &node.instagram_business_account.0 else { return false };
        let Some(id) = account.id.key() else { return false };
        let (words, observed) = (self.instagram, self.observed);
        let mut out = self.out.on(words.network);
        if let Some(handle) = account.username.text() {
            out.handle(&id, handle);
        }
        let numbers = out.counts([
            ("followers_count", words.followers, account.followers_count.count()),
            ("follows_count", words.friends, account.follows_count.count()),
            ("media_count", words.posts, account.media_count.count()),
        ]);
        out.observations(&id, &numbers, observed);
        true
    }

    /// A post, photo, video or album; `false` if it is none.
    fn post<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>) -> bool {
        let Some(id) = node.id.key() else { return false };
        // A photo is the same post as its story, which other edges show.
        let id = if id.contains('_') { &*id } else { node.page_story_id.text().unwrap_or(&id) };
        let from = node.from();
        let author = from.as_deref().or_else(|| owner_of(id)).or_else(|| {
            // What stands on these edges of an account was made by the account.
            let own =
                ["posts", "published_posts", "photos", "videos", "video_reels", "live_videos", "albums"];
            link.filter(|link| own.contains(&link.edge)).map(|link| link.id)
        });
        self.post_totals(node);
        let dated = node.created_time != Scalar::Absent || node.creation_time != Scalar::Absent;
        let acted = node.comments.listed || node.likes.listed || node.reactions.listed;
        let nothing = self.totals.as_slice().is_empty();
        if (author.is_none() || !(dated || acted)) && nothing {
            return false;
        }
        let created = self.out.time("created_time", &node.created_time);
        let at = created.or_else(|| self.out.time("creation_time", &node.creation_time));
        self.out.post(id, author, at, self.observed, self.totals.as_slice());

        if let (Some(parent), Some(author)) = (node.parent_id.text(), author) {
            let target = owner_of(parent);
            let act = Act {
                kind: self.words.share,
                at,
                actor: Some(author),
                target,
                object: Some(parent),
                id: Some(id),
            };
            self.out.act(act);
        }
        if let Some(author) = author {
            self.mentions(&node.message_tags, author, at, id);
            if let Some(link) = link.filter(|link| link.edge == "tagged" && link.id != author) {
                self.mention(link.id, author, at, id);
            }
        }
        let receiver = Receiver { object: Some(id), account: author };
        self.likers(&node.reactions, receiver, at);
        self.likers(&node.likes, receiver, at);
        self.out.strays("comments.data", node.comments.strays);
        for comment in &node.comments.items {
            let (view, replies) = (comment.view(), &comment.comments);
            let Some((actor, comment)) = self.comment(&view, receiver, self.words.comment) else { continue };
            self.replies(replies, &actor, &comment);
        }
        true
    }

    fn replies<R>(&mut self, replies: &Edge<'_, Comment<'_, R>>, actor: &str, comment: &str) {
        let receiver = Receiver { object: Some(comment), account: Some(actor) };
        for reply in &replies.items {
            self.comment(&reply.view(), receiver, self.words.reply);
        }
    }

    /// The totals of a post: of all reactions together, and of each type where the page was asked by type.
    fn post_totals<E>(&mut self, node: &Node<'_, E>) {
        let words = self.words;
        let mut totals = std::mem::take(&mut self.totals);
        totals.clear();
        let mut typed_sum = None;
        for (field, kind, total) in [
            ("like", words.react_like, node.like.0),
            ("love", words.react_love, node.love.0),
            ("wow", words.react_wow, node.wow.0),
            ("haha", words.react_haha, node.haha.0),
            ("sad", words.react_sad, node.sad.0),
            ("angry", words.react_angry, node.angry.0),
            ("care", words.react_care, node.care.0),
            ("thankful", words.react_thankful, node.thankful.0),
            ("pride", words.react_pride, node.pride.0),
        ] {
            let amount = self.out.count(field, total);
            totals.set(kind, amount);
            if let Some(amount) = amount {
                typed_sum = Some(amount.saturating_add(typed_sum.unwrap_or(0)).min(renown_sdk::MAX_AMOUNT));
            }
        }
        let likes = self.out.count("likes", node.likes.total);
        totals.set(words.react_like, likes);
        // Where no total of all reactions was asked for, the largest part that was.
        let reactions = self.out.count("reactions", node.reactions.total);
        totals.set(words.reaction, reactions.or(typed_sum.max(likes)));
        totals.set(words.comment, self.out.count("comments", node.comments.total));
        totals.set(words.share, self.out.count("shares", node.shares.0));
        totals.set(words.view, self.out.count("views", node.views.count()));
        for insight in node.insights.items.iter().chain(&node.video_insights.items) {
            let meaning = meaning(words, &insight.name, &insight.period);
            insight.numbers().total(meaning, Some(words), &mut self.out, &mut totals);
        }
        self.totals = totals;
    }

    fn likers(&mut self, likers: &Edge<'_, Liker<'_>>, receiver: Receiver<'_>, at: Option<Timestamp>) {
        self.out.strays("reactions", likers.strays);
        for liker in &likers.items {
            if let Some(actor) = liker.id.key() {
                self.react(&actor, receiver, at);
            }
        }
    }

    /// One reaction. It has no id of its own, but nobody reacts to the same thing twice; and no time, so `at` is that of
    /// what it was made to, as it is for totals.
    fn react(&mut self, actor: &str, receiver: Receiver<'_>, at: Option<Timestamp>) {
        let Some(object) = receiver.object else { return };
        let id = join(&mut self.scratch, &[object, ":", actor]);
        self.out.act(Act {
            kind: self.words.reaction,
            at,
            actor: Some(actor),
            target: receiver.account,
            object: Some(object),
            id: Some(id),
        });
    }

    /// A reaction in a page of reactions.
    fn reaction<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>) {
        let (Some(actor), Some(link)) = (node.id.key(), link) else {
            return self.out.pass_over("reaction to a post that the page does not name");
        };
        self.react(&actor, Receiver { object: Some(link.id), account: owner_of(link.id) }, None);
    }

    /// A page in the list of pages that somebody likes, and thereby follows.
    fn page_like<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>) {
        let (Some(page), Some(fan)) = (node.id.key(), link.map(|link| link.id)) else { return };
        let at = self.out.time("created_time", &node.created_time);
        let id = join(&mut self.scratch, &["follow:", fan, ":", &page]);
        let kind = self.words.follow;
        self.out.act(Act { kind, at, actor: Some(fan), target: Some(&page), object: None, id: Some(id) });
    }

    /// A comment that stands by itself or in a page of comments.
    fn lone_comment<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>) {
        let id = node.id.key();
        let in_permalink = node.permalink_url.text().and_then(post_in_permalink);
        let link = link.filter(|link| link.edge == "comments" || link.edge.is_empty());
        let object = in_permalink.as_deref().or_else(|| {
            let id = id.as_deref().filter(|id| is_object_id(id))?;
            let (post, _) = id.rsplit_once('_')?;
            // With two parts the page is not named; the page's address may do so.
            if post.contains('_') { Some(post) } else { link.map(|link| link.id).or(Some(post)) }
        });
        let object = object.or(link.map(|link| link.id));
        let receiver = Receiver { object, account: object.and_then(owner_of) };
        if let Some((actor, comment)) = self.comment(&node.as_comment(), receiver, self.words.comment) {
            self.replies(&node.comments, &actor, &comment);
        }
    }

    /// A comment or reply: the act, and what it received itself. Gives its author and id.
    fn comment<'c>(
        &mut self,
        comment: &'c CommentView<'_, '_>,
        receiver: Receiver<'_>,
        kind: Word,
    ) -> Option<(Cow<'c, str>, Cow<'c, str>)> {
        let (Some(actor), Some(id)) = (comment.from.clone(), comment.id.key()) else {
            self.out.pass_over("comment whose author is not shown");
            return None;
        };
        let id = match id {
            Cow::Borrowed(id) => Cow::Borrowed(comment_id(id)),
            Cow::Owned(id) => Cow::Owned(comment_id(&id).to_owned()),
        };
        let at = self.out.time("created_time", comment.created_time);
        // In a flat list a reply says what it replies to.
        let parent = comment.parent.and_then(|parent| {
            let account = parent.from.0.as_ref()?.id.key()?;
            Some((parent.id.key()?, account))
        });
        let (kind, receiver) = match &parent {
            Some((parent, account)) => {
                (self.words.reply, Receiver { object: Some(comment_id(parent)), account: Some(account) })
            }
            None => (kind, receiver),
        };
        let Receiver { object, account: target } = receiver;
        self.out.act(Act { kind, at, actor: Some(&actor), target, object, id: Some(&id) });
        self.mentions(comment.message_tags, &actor, at, &id);

        let likes = self.out.count("like_count", comment.like_count.count());
        let likes = likes.max(self.out.count("likes", comment.likes.total));
        let likes = likes.max(self.out.count("reactions", comment.reactions.total));
        self.out.total(self.words.reaction, likes.unwrap_or(0), &actor, &id, at);
        let replies = self.out.count("comment_count", comment.reply_count.count());
        self.out.total(self.words.reply, replies.unwrap_or(0), &actor, &id, at);
        let own = Receiver { object: Some(&id), account: Some(&actor) };
        self.likers(comment.likes, own, at);
        self.likers(comment.reactions, own, at);
        Some((actor, id))
    }

    fn mentions(&mut self, tags: &List<Tag<'_>>, actor: &str, at: Option<Timestamp>, act: &str) {
        for tag in &tags.items {
            let account = matches!(tag.r#type.text(), None | Some("user" | "page"));
            if let Some(target) = tag.id.key().filter(|_| account) {
                self.mention(&target, actor, at, act);
            }
        }
    }

    fn mention(&mut self, target: &str, actor: &str, at: Option<Timestamp>, act: &str) {
        let id = join(&mut self.scratch, &[act, ":", target]);
        let kind = self.words.mention;
        self.out.act(Act { kind, at, actor: Some(actor), target: Some(target), object: None, id: Some(id) });
    }

    /// An insight in a page of insights.
    fn insight<E>(&mut self, node: &Node<'_, E>, link: Option<Link<'_>>) {
        let stated = node.id.text().and_then(object_of).or(link.map(|link| link.id));
        let Some(object) = stated else {
            return self.out.pass_over("insight that does not name its post or account");
        };
        let meaning = meaning(self.words, &node.name, &node.period);
        let mut totals = std::mem::take(&mut self.totals);
        totals.clear();
        let numbers = Numbers { values: &node.values, total_value: &node.total_value };
        let read = numbers.observe(meaning, object, &mut self.out)
            || numbers.total(meaning, Some(self.words), &mut self.out, &mut totals);
        if !totals.as_slice().is_empty() {
            self.out.post(object, owner_of(object), None, self.observed, totals.as_slice());
        }
        self.totals = totals;
        if !read {
            self.out.pass_over("insight that is no total of a post and no daily number of an account");
        }
    }
}

fn meaning(words: &FacebookWords, name: &Scalar<'_>, period: &Scalar<'_>) -> Option<Meaning> {
    on_facebook(words, name.text()?, period.text()?)
}

/// Writes a text into a buffer that is used again and again.
pub(crate) fn join<'s>(scratch: &'s mut String, parts: &[&str]) -> &'s str {
    scratch.clear();
    for part in parts {
        scratch.push_str(part);
    }
    scratch
}
