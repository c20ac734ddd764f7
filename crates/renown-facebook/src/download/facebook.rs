//! Facebook's download of one's own information: posts, comments, reactions, friends, followers, what one follows.
//!
//! One reader for all of them, since Facebook has moved lists between files and merged files over the years: an element
//! of a list tells by what it holds what it is, and the list's key or the file where it does not.

use renown_sdk::{File, OpenError, Piece, Reader, Sink, Timestamp, Vocabulary, Word};

use super::by_name;
use super::owner::{self, Profile};
use super::title::{Title, Verb, Whose};
use crate::graph::facebook::join;
use crate::loose::{List, Loose, Named, Present, Scalar, Seq, Time};
use crate::mojibake::repair;
use crate::out::{Act, Out};
use crate::words::FacebookWords;

/// What an element is that does not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Post,
    Comment,
    Reaction,
    /// What others wrote on the owner's timeline.
    Timeline,
    Friend,
    Follower,
    Following,
}

/// A piece of any of the files: an element of a list, or an object that holds lists. The keys lost their `_v2` and `_v3`
/// the further back a download lies.
#[derive(serde::Deserialize)]
struct Holder<'a> {
    #[serde(borrow, default, alias = "comments")]
    comments_v2: List<Entry<'a>>,
    #[serde(borrow, default, alias = "group_comments")]
    group_comments_v2: List<Entry<'a>>,
    #[serde(borrow, default, alias = "reactions")]
    reactions_v2: List<Entry<'a>>,
    #[serde(borrow, default, alias = "group_posts", alias = "status_updates")]
    group_posts_v2: List<Entry<'a>>,
    #[serde(borrow, default)]
    wall_posts_sent_to_you: List<Entry<'a>>,
    #[serde(borrow, default, alias = "friends")]
    friends_v2: List<Entry<'a>>,
    #[serde(borrow, default, alias = "followers_v2", alias = "followers")]
    followers_v3: List<Entry<'a>>,
    #[serde(borrow, default, alias = "following_v2", alias = "following")]
    following_v3: List<Entry<'a>>,
    #[serde(borrow, default, alias = "page_likes")]
    page_likes_v2: List<Entry<'a>>,
    #[serde(borrow, default, alias = "pages_followed")]
    pages_followed_v2: List<Entry<'a>>,

    // The fields of an element.
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    title: Scalar<'a>,
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    data: List<Datum<'a>>,
    #[serde(borrow, default)]
    tags: Seq<Named<'a>>,
    #[serde(borrow, default)]
    label_values: List<Label<'a>>,
    #[serde(default)]
    attachments: Present,
}

/// An element of a list.
#[derive(Default, serde::Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    title: Scalar<'a>,
    /// Whom it is about, where it is about somebody.
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    data: List<Datum<'a>>,
    /// Who is with one in a post.
    #[serde(borrow, default)]
    tags: Seq<Named<'a>>,
    #[serde(borrow, default)]
    label_values: List<Label<'a>>,
}

#[derive(serde::Deserialize)]
struct Datum<'a> {
    #[serde(borrow, default)]
    comment: Loose<Comment<'a>>,
    #[serde(borrow, default)]
    reaction: Loose<Reaction<'a>>,
    #[serde(borrow, default)]
    name: Scalar<'a>,
}

#[derive(serde::Deserialize)]
struct Comment<'a> {
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    author: Scalar<'a>,
}

#[derive(serde::Deserialize)]
struct Reaction<'a> {
    #[serde(borrow, default)]
    actor: Scalar<'a>,
}

/// A field of an element since 2024, where everything is a labelled value.
#[derive(serde::Deserialize)]
pub(super) struct Label<'a> {
    #[serde(borrow, default, rename = "label")]
    pub(super) name: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) value: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) dict: List<Group<'a>>,
}

/// A group of labelled values: the author or owner of something.
#[derive(serde::Deserialize)]
pub(super) struct Group<'a> {
    #[serde(borrow, default)]
    pub(super) dict: List<Field<'a>>,
}

/// A labelled value in a group.
#[derive(serde::Deserialize)]
pub(super) struct Field<'a> {
    #[serde(borrow, default)]
    pub(super) label: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) value: Scalar<'a>,
}

/// The value under an English label, in a group first and by itself then.
pub(super) fn labelled<'l>(values: &'l List<Label<'_>>, label: &str) -> Option<&'l str> {
    let fields = values.items.iter().flat_map(|value| &value.dict.items).flat_map(|group| &group.dict.items);
    let grouped =
        fields.filter(|field| field.label.text() == Some(label)).find_map(|field| field.value.text());
    grouped.or_else(|| {
        values
            .items
            .iter()
            .filter(|value| value.name.text() == Some(label))
            .find_map(|value| value.value.text())
    })
}

/// Reads Facebook's download.
pub(crate) struct FacebookDownload {
    words: FacebookWords,
    owner: String,
    role: Role,
}

impl FacebookDownload {
    pub(crate) fn open(file: &File<'_>, role: Role, vocabulary: &Vocabulary) -> Result<Self, OpenError> {
        Ok(Self { words: FacebookWords::new(vocabulary)?, owner: owner::of_facebook(file), role })
    }
}

impl Reader for FacebookDownload {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut out = Out::new(sink, piece.bytes, self.words.network);
        let holder: Holder<'_> = match renown_sdk::json::from_slice(piece.bytes) {
            Ok(holder) => holder,
            Err(error) => return out.reject(error.to_string()),
        };
        let mut reading = Reading { out, words: &self.words, owner: &self.owner, scratch: String::new() };
        reading.holder(holder, self.role);
    }
}

/// One piece being read.
struct Reading<'r> {
    out: Out<'r>,
    words: &'r FacebookWords,
    owner: &'r str,
    scratch: String,
}

impl Reading<'_> {
    fn holder(&mut self, holder: Holder<'_>, role: Role) {
        let lists = [
            (Role::Comment, &holder.comments_v2),
            (Role::Comment, &holder.group_comments_v2),
            (Role::Reaction, &holder.reactions_v2),
            (Role::Post, &holder.group_posts_v2),
            (Role::Timeline, &holder.wall_posts_sent_to_you),
            (Role::Friend, &holder.friends_v2),
            (Role::Follower, &holder.followers_v3),
            (Role::Following, &holder.following_v3),
            (Role::Following, &holder.page_likes_v2),
            (Role::Following, &holder.pages_followed_v2),
        ];
        let mut read = false;
        for (role, list) in lists {
            self.out.strays("the list", list.strays);
            for entry in &list.items {
                self.entry(entry, role);
            }
            read |= list.present;
        }
        if holder.friends_v2.present {
            let friends = &holder.friends_v2.items;
            let newest = friends.iter().filter_map(|friend| friend.timestamp.time().good()).max();
            self.out.observations(self.owner, &[(self.words.friends, friends.len() as u64)], newest);
        }
        if holder.timestamp != Scalar::Absent || holder.data.present || holder.attachments.0 {
            let Holder { timestamp, title, name, data, tags, label_values, .. } = holder;
            self.entry(&Entry { timestamp, title, name, data, tags, label_values }, role);
        } else if !read {
            self.out.pass_over("entry of another kind");
        }
    }

    /// An element: what it holds says what it is, and `role` where it does not.
    fn entry(&mut self, entry: &Entry<'_>, role: Role) {
        let title = entry.title.text().map(repair);
        let title = title.as_deref().unwrap_or("");
        let mut told = false;
        for datum in &entry.data.items {
            if let Some(comment) = &datum.comment.0 {
                let time =
                    if comment.timestamp == Scalar::Absent { &entry.timestamp } else { &comment.timestamp };
                self.comment(time, comment.author.text(), title);
                told = true;
            } else if let Some(reaction) = &datum.reaction.0 {
                self.reaction(&entry.timestamp, reaction.actor.text(), title, None);
                told = true;
            }
        }
        if told {
            return;
        }
        match role {
            Role::Post => self.post(entry, title),
            Role::Timeline => self.on_timeline(entry, title),
            Role::Comment => self.comment(&entry.timestamp, None, title),
            Role::Reaction => {
                let name = labelled(&entry.label_values, "Name").and_then(by_name);
                let name = name.filter(|name| name != self.owner);
                self.reaction(&entry.timestamp, None, title, name.as_deref());
            }
            Role::Friend | Role::Follower | Role::Following => self.connection(entry, role),
        }
    }

    fn post(&mut self, entry: &Entry<'_>, title: &str) {
        let Some(at) = self.out.time("timestamp", &entry.timestamp) else {
            if entry.timestamp.time() == Time::Missing {
                self.out.reject("timestamp: missing, and a post has no other name");
            }
            return;
        };
        let id = act_id("post", self.owner, at);
        self.out.post(&id, Some(self.owner), Some(at), Some(at), &[]);
        for tag in &entry.tags.0 {
            if let Some(target) = tag.0.text().and_then(by_name) {
                let id = join(&mut self.scratch, &[&id, ":", &target]);
                let (kind, actor) = (self.words.mention, Some(self.owner));
                let act =
                    Act { kind, at: Some(at), actor, target: Some(&target), object: None, id: Some(id) };
                self.out.act(act);
            }
        }
        let title = Title::parse(title, self.owner.strip_prefix("name:"));
        if let Some(Title { verb: Verb::Share, whose: Whose::Of(name), .. }) = title {
            self.act(self.words.share, "share", Some(at), self.owner, by_name(name).as_deref());
        }
    }

    /// Somebody else's post to the owner, whom it addresses. Who wrote it, an English title says.
    fn on_timeline(&mut self, entry: &Entry<'_>, title: &str) {
        let at = self.out.time("timestamp", &entry.timestamp);
        let actor = Title::parse(title, None).and_then(|title| by_name(title.actor));
        let id = at.map(|at| act_id("timeline", actor.as_deref().unwrap_or(self.owner), at));
        let (kind, target) = (self.words.mention, Some(self.owner));
        self.out.act(Act { kind, at, actor: actor.as_deref(), target, object: None, id: id.as_deref() });
    }

    fn comment(&mut self, time: &Scalar<'_>, author: Option<&str>, title: &str) {
        let at = self.out.time("timestamp", time);
        let actor = author.and_then(by_name);
        let actor = actor.as_deref().unwrap_or(self.owner);
        let (verb, target) = receiver(title, actor);
        let kind = if verb == Some(Verb::Reply) { self.words.reply } else { self.words.comment };
        self.act(kind, "comment", at, actor, target.as_deref());
    }

    fn reaction(&mut self, time: &Scalar<'_>, actor: Option<&str>, title: &str, named: Option<&str>) {
        let at = self.out.time("timestamp", time);
        let actor = actor.and_then(by_name);
        let actor = actor.as_deref().unwrap_or(self.owner);
        let (_, target) = receiver(title, actor);
        self.act(self.words.reaction, "reaction", at, actor, target.as_deref().or(named));
    }

    /// A friend, a follower, or somebody whom the owner follows. It happens once between two accounts, whatever the time.
    fn connection(&mut self, entry: &Entry<'_>, role: Role) {
        let in_data = || entry.data.items.iter().find_map(|datum| datum.name.text());
        let Some(other) = entry.name.text().or_else(in_data).or(entry.title.text()).and_then(by_name) else {
            return self.out.reject("name: missing or empty, expected a display name");
        };
        let at = self.out.time("timestamp", &entry.timestamp);
        let (kind, what, actor, target) = match role {
            Role::Friend => (self.words.friend, "friend:", &*other, self.owner),
            Role::Follower => (self.words.follow, "follow:", &*other, self.owner),
            _ => (self.words.follow, "follow:", self.owner, &*other),
        };
        let id = join(&mut self.scratch, &[what, actor, ":", target]);
        self.out.act(Act { kind, at, actor: Some(actor), target: Some(target), object: None, id: Some(id) });
    }

    fn act(&mut self, kind: Word, what: &str, at: Option<Timestamp>, actor: &str, target: Option<&str>) {
        let id = at.map(|at| act_id(what, actor, at));
        self.out.act(Act { kind, at, actor: Some(actor), target, object: None, id: id.as_deref() });
    }
}

/// What an English title says was done, and to whom.
fn receiver(title: &str, actor: &str) -> (Option<Verb>, Option<String>) {
    let Some(title) = Title::parse(title, actor.strip_prefix("name:")) else { return (None, None) };
    let target = match title.whose {
        Whose::Own => Some(actor.to_owned()),
        Whose::Of(name) => by_name(name),
        Whose::Unknown => None,
    };
    (Some(title.verb), target)
}

/// A name for an act that has none: what, by whom and in which second.
pub(super) fn act_id(what: &str, actor: &str, at: Timestamp) -> String {
    format!("{what}:{actor}:{}", at.micros() / 1_000_000)
}

/// Reads the owner's profile: the handle under which people files may list him.
pub(crate) struct FacebookProfile {
    words: FacebookWords,
}

impl FacebookProfile {
    pub(crate) fn open(vocabulary: &Vocabulary) -> Result<Self, OpenError> {
        Ok(Self { words: FacebookWords::new(vocabulary)? })
    }
}

impl Reader for FacebookProfile {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut out = Out::new(sink, piece.bytes, self.words.network);
        match Profile::read(piece.bytes).map(Profile::both) {
            Some(Some((owner, handle))) => out.handle(&owner, &handle),
            Some(None) => out.pass_over("profile without a handle"),
            None => out.reject("not a profile: expected profile or profile_v2 with a name"),
        }
    }
}
