//! Instagram's download of one's own information: posts and reels, comments, likes, followers, whom one follows.
//!
//! Three shapes hold nearly everything: `media` (posts), `string_list_data` (followers, likes; the handle in `title` or
//! `value`) and `string_map_data` (comments; under labels in the language of the download). Since 2025 likes are lists of
//! labelled values as on Facebook.

use std::fmt;

use renown_sdk::{File, OpenError, Piece, Reader, Sink, Timestamp, Vocabulary, Word};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::facebook::{Label, act_id, labelled};
use super::owner;
use crate::graph::facebook::join;
use crate::graph::instagram::by_handle;
use crate::loose::{List, Loose, Scalar, Time, skip_list};
use crate::out::{Act, Out};
use crate::words::InstagramWords;

/// What an element of a bare list is, which its shape does not always tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Post,
    Comment,
    Like,
    Follower,
    Following,
}

/// A piece of any of the files: an element of a list, or an object that holds a list.
#[derive(serde::Deserialize)]
struct Holder<'a> {
    #[serde(borrow, default)]
    ig_reels_media: List<Post<'a>>,
    #[serde(borrow, default)]
    ig_igtv_media: List<Post<'a>>,
    #[serde(borrow, default)]
    ig_archived_post_media: List<Post<'a>>,
    #[serde(borrow, default)]
    ig_other_media: List<Post<'a>>,
    /// The lists of `media.json` until 2020.
    #[serde(borrow, default)]
    photos: List<Media<'a>>,
    #[serde(borrow, default)]
    videos: List<Media<'a>>,
    #[serde(default)]
    ig_stories: List<Empty>,
    #[serde(default)]
    ig_profile_picture: List<Empty>,
    #[serde(borrow, default)]
    comments_media_comments: List<Entry<'a>>,
    #[serde(borrow, default)]
    comments_reels_comments: List<Entry<'a>>,
    #[serde(borrow, default)]
    comments_story_comments: List<Entry<'a>>,
    #[serde(borrow, default)]
    likes_media_likes: List<Entry<'a>>,
    #[serde(borrow, default)]
    likes_comment_likes: List<Entry<'a>>,
    #[serde(borrow, default)]
    story_activities_story_likes: List<Entry<'a>>,
    #[serde(borrow, default)]
    relationships_followers: List<Entry<'a>>,
    #[serde(borrow, default)]
    relationships_following: List<Entry<'a>>,

    // The fields of an element.
    #[serde(borrow, default)]
    title: Scalar<'a>,
    #[serde(borrow, default)]
    creation_timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    media: List<Media<'a>>,
    #[serde(borrow, default)]
    string_list_data: List<Line<'a>>,
    #[serde(borrow, default)]
    string_map_data: Map<'a>,
    #[serde(borrow, default)]
    label_values: List<Label<'a>>,
}

#[derive(serde::Deserialize)]
struct Empty {}

#[derive(serde::Deserialize)]
struct Post<'a> {
    #[serde(borrow, default)]
    creation_timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    media: List<Media<'a>>,
}

#[derive(serde::Deserialize)]
struct Media<'a> {
    #[serde(borrow, default)]
    creation_timestamp: Scalar<'a>,
    /// The name of the time until 2020.
    #[serde(borrow, default)]
    taken_at: Scalar<'a>,
}

/// An element that is no post.
#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    title: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    string_list_data: List<Line<'a>>,
    #[serde(borrow, default)]
    string_map_data: Map<'a>,
    #[serde(borrow, default)]
    label_values: List<Label<'a>>,
}

#[derive(serde::Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    href: Scalar<'a>,
    #[serde(borrow, default)]
    value: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
}

/// `string_map_data`: values under labels in the language of the download. The time is the one value that has one; the account
/// below whose post a comment stands is the second text, after the comment.
#[derive(Default)]
struct Map<'a> {
    time: Scalar<'a>,
    media_owner: Scalar<'a>,
    present: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Map<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Labelled;
        impl<'de> Visitor<'de> for Labelled {
            type Value = Map<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values under labels")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = Map { present: true, ..Map::default() };
                let mut texts = 0;
                while let Some((label, Loose(value))) = map.next_entry::<Scalar<'de>, Loose<Line<'de>>>()? {
                    let Some(value) = value else { continue };
                    if found.time == Scalar::Absent && !matches!(value.timestamp, Scalar::Integer(0)) {
                        found.time = value.timestamp;
                    }
                    texts += usize::from(value.value.text().is_some());
                    let is_second = texts == 2 && value.value.text().is_some_and(is_handle);
                    if label.text() == Some("Media Owner") || is_second {
                        found.media_owner = value.value;
                    }
                }
                Ok(found)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_list(seq).map(|()| Map::default())
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Map::default())
            }
        }
        deserializer.deserialize_any(Labelled)
    }
}

/// Reads Instagram's download.
pub(crate) struct InstagramDownload {
    words: InstagramWords,
    owner: String,
    role: Role,
}

impl InstagramDownload {
    pub(crate) fn open(file: &File<'_>, role: Role, vocabulary: &Vocabulary) -> Result<Self, OpenError> {
        Ok(Self { words: InstagramWords::new(vocabulary)?, owner: owner::of_instagram(file), role })
    }
}

impl Reader for InstagramDownload {
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
    words: &'r InstagramWords,
    owner: &'r str,
    scratch: String,
}

impl Reading<'_> {
    fn holder(&mut self, holder: Holder<'_>, role: Role) {
        let mut read = false;
        for posts in [
            &holder.ig_reels_media,
            &holder.ig_igtv_media,
            &holder.ig_archived_post_media,
            &holder.ig_other_media,
        ] {
            self.out.strays("the list", posts.strays);
            for post in &posts.items {
                self.post(&post.creation_timestamp, &post.media);
            }
            read |= posts.present;
        }
        for media in [&holder.photos, &holder.videos] {
            for media in &media.items {
                self.dated_post(&media.taken_at);
            }
            read |= media.present;
        }
        for (role, list) in [
            (Role::Comment, &holder.comments_media_comments),
            (Role::Comment, &holder.comments_reels_comments),
            (Role::Comment, &holder.comments_story_comments),
            (Role::Like, &holder.likes_media_likes),
            (Role::Like, &holder.likes_comment_likes),
            (Role::Like, &holder.story_activities_story_likes),
            (Role::Follower, &holder.relationships_followers),
            (Role::Following, &holder.relationships_following),
        ] {
            self.out.strays("the list", list.strays);
            for entry in &list.items {
                self.entry(entry, role);
            }
            read |= list.present;
        }
        for (what, list) in [("story", &holder.ig_stories), ("profile picture", &holder.ig_profile_picture)] {
            for _ in &list.items {
                self.out.pass_over(what);
            }
            read |= list.present;
        }
        if holder.string_list_data.present || holder.string_map_data.present || holder.label_values.present {
            let Holder { title, timestamp, string_list_data, string_map_data, label_values, .. } = holder;
            self.entry(&Entry { title, timestamp, string_list_data, string_map_data, label_values }, role);
        } else if holder.media.present {
            self.post(&holder.creation_timestamp, &holder.media);
        } else if !read {
            self.out.pass_over("entry of another kind");
        }
    }

    /// A post of one or more media; its time stands beside the media only if there are several.
    fn post(&mut self, time: &Scalar<'_>, media: &List<Media<'_>>) {
        let first = media.items.first().map(|media| &media.creation_timestamp);
        self.dated_post(if *time == Scalar::Absent { first.unwrap_or(time) } else { time });
    }

    fn dated_post(&mut self, time: &Scalar<'_>) {
        match self.out.time("creation_timestamp", time) {
            Some(at) => {
                let id = act_id("post", self.owner, at);
                self.out.post(&id, Some(self.owner), Some(at), Some(at), &[]);
            }
            None if time.time() == Time::Missing => {
                self.out.reject("creation_timestamp: missing, and a post has no other name");
            }
            None => {}
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, role: Role) {
        match role {
            Role::Post => self.out.pass_over("entry of another kind"),
            Role::Comment => self.comment(entry),
            Role::Like => self.like(entry),
            Role::Follower | Role::Following => self.connection(entry, role),
        }
    }

    fn comment(&mut self, entry: &Entry<'_>) {
        // Until 2022 the handle was the title, and the lines were the comments.
        let owner = entry.string_map_data.media_owner.text().or(entry.title.text());
        let target = owner.or_else(|| labelled(&entry.label_values, "Media Owner")).map(by_handle);
        let times = entry.string_list_data.items.iter().map(|line| &line.timestamp);
        let time = if entry.string_map_data.present { &entry.string_map_data.time } else { &entry.timestamp };
        for time in times.chain(entry.string_list_data.items.is_empty().then_some(time)) {
            let at = self.out.time("timestamp", time);
            self.act(self.words.comment, "comment", at, target.as_deref());
        }
    }

    fn like(&mut self, entry: &Entry<'_>) {
        if entry.label_values.present {
            let target = labelled(&entry.label_values, "Username").or_else(|| profile(&entry.label_values));
            let target = target.map(by_handle);
            let at = self.out.time("timestamp", &entry.timestamp);
            return self.liked(at, labelled_post(&entry.label_values), target.as_deref());
        }
        let target = entry.title.text().map(by_handle);
        self.out.strays("string_list_data", entry.string_list_data.strays);
        for line in &entry.string_list_data.items {
            let at = self.out.time("timestamp", &line.timestamp);
            self.liked(at, line.href.text().and_then(shortcode), target.as_deref());
        }
    }

    /// One like: of a post at most once, so the post is its name where it is known.
    fn liked(&mut self, at: Option<Timestamp>, post: Option<&str>, target: Option<&str>) {
        let Some(post) = post else { return self.act(self.words.like, "like", at, target) };
        let id = match at {
            // Comments below the same post are liked one by one.
            Some(at) => format!("like:{}:{post}:{}", self.owner, at.micros() / 1_000_000),
            None => format!("like:{}:{post}", self.owner),
        };
        let (kind, actor) = (self.words.like, Some(self.owner));
        self.out.act(Act { kind, at, actor, target, object: None, id: Some(&id) });
    }

    /// A follower, or somebody whom the owner follows.
    fn connection(&mut self, entry: &Entry<'_>, role: Role) {
        let line = entry.string_list_data.items.first();
        let handle = line.and_then(|line| line.value.text()).or(entry.title.text());
        let Some(other) = handle.or_else(|| labelled(&entry.label_values, "Username")).map(by_handle) else {
            return self.out.reject("value: missing or empty, expected a handle");
        };
        let at = self.out.time("timestamp", line.map_or(&entry.timestamp, |line| &line.timestamp));
        let (actor, target) = match role {
            Role::Follower => (&*other, self.owner),
            _ => (self.owner, &*other),
        };
        let id = join(&mut self.scratch, &["follow:", actor, ":", target]);
        let kind = self.words.follow;
        self.out.act(Act { kind, at, actor: Some(actor), target: Some(target), object: None, id: Some(id) });
    }

    fn act(&mut self, kind: Word, what: &str, at: Option<Timestamp>, target: Option<&str>) {
        let id = at.map(|at| act_id(what, self.owner, at));
        self.out.act(Act { kind, at, actor: Some(self.owner), target, object: None, id: id.as_deref() });
    }
}

/// The post in an address such as `https://www.instagram.com/p/CSr71Gzlqo4/`.
fn shortcode(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let mut parts = path.split('/').skip_while(|part| !matches!(*part, "p" | "reel" | "tv"));
    parts.nth(1).filter(|code| !code.is_empty())
}

/// Whether a text has the form of a handle.
fn is_handle(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    text.len() <= 30 && text.bytes().all(fits)
}

/// The handle in the address of a profile, such as `https://www.instagram.com/jo.b`, in a group of labelled values: what its
/// label is, depends on the language.
fn profile<'l>(values: &'l List<Label<'_>>) -> Option<&'l str> {
    let fields = values.items.iter().flat_map(|value| &value.dict.items).flat_map(|group| &group.dict.items);
    fields.filter_map(|field| field.value.text()).find_map(|url| {
        let (_, path) = url.split_once("instagram.com/")?;
        let path = path.trim_end_matches('/');
        let handle = path.strip_prefix("_u/").unwrap_or(path);
        (!handle.is_empty() && is_handle(handle)).then_some(handle)
    })
}

fn labelled_post<'l>(values: &'l List<Label<'_>>) -> Option<&'l str> {
    values.items.iter().find_map(|value| shortcode(value.value.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_post() {
        assert_eq!(shortcode("https://www.instagram.com/p/CSr71Gzlqo4/"), Some("CSr71Gzlqo4"));
        assert_eq!(shortcode("https://www.instagram.com/reel/Cx_-1?utm=2"), Some("Cx_-1"));
        assert_eq!(shortcode("https://www.instagram.com/jo.b"), None);
        assert_eq!(shortcode("https://www.instagram.com/p/"), None);
    }
}
