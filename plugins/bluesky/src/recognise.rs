//! Which kind of file a file is, judged by its first bytes: the names of the fields in its first documents, or a CAR's
//! header.

use renown_sdk::File;
use renown_sdk::json::Outline;

use crate::repository;

/// A kind of file. The manifest describes each under [`Kind::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Jetstream,
    Repository,
    Api,
    ApiObjects,
    ApiOther,
}

impl Kind {
    /// Every kind, in the order of the manifest.
    pub(crate) const ALL: [Self; 5] =
        [Self::Jetstream, Self::Repository, Self::Api, Self::ApiObjects, Self::ApiOther];

    /// Its name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Jetstream => "jetstream",
            Self::Repository => "repository",
            Self::Api => "api",
            Self::ApiObjects => "api-objects",
            Self::ApiOther => "api-other",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether files of this kind yield records.
    pub(crate) fn yields(self) -> bool {
        self != Self::ApiOther
    }
}

/// How many lines of a file are looked at: the first may be cut off, or a page without results.
const LINES: usize = 16;

/// The kind of a file, `None` if it is not Bluesky's.
pub(crate) fn recognise(file: &File<'_>) -> Option<Kind> {
    if !is_json(file.head) {
        let is_repository = repository::begins(file.head).unwrap_or_else(|| file.has_extension("car"));
        return is_repository.then_some(Kind::Repository);
    }
    // Every file of Bluesky's names accounts by DID.
    contains(file.head, b"did:").then_some(())?;
    let first = document(&Outline::of(file.head));
    if first.is_some_and(Kind::yields) {
        return first;
    }
    let mut lines = file.head.split(|&byte| byte == b'\n').take(LINES).filter(|line| line.starts_with(b"{"));
    lines.find_map(|line| document(&Outline::of(line)).filter(|kind| kind.yields())).or(first)
}

fn is_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| matches!(byte, b'{' | b'['))
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// The kind of a document: an object, or an array of objects.
fn document(outline: &Outline) -> Option<Kind> {
    let prefix = if outline.has("[]") { "[]." } else { "" };
    let has = |path: &str| outline.has(&format!("{prefix}{path}"));
    let all = |paths: &[&str]| paths.iter().all(|path| has(path));
    let any = |paths: &[&str]| paths.iter().any(|path| has(path));

    if all(&["did", "time_us"]) && any(&["kind", "commit", "identity", "account"]) {
        return Some(Kind::Jetstream);
    }
    let page = all(&["feed[].post.uri", "feed[].post.author.did"])
        || all(&["posts[].uri", "posts[].cid", "posts[].author.did"])
        || all(&["notifications[].uri", "notifications[].cid", "notifications[].author.did"])
        || all(&["profiles[].did", "profiles[].handle"])
        || all(&["records[].uri", "records[].cid", "records[].value.$type"]);
    if page {
        return Some(Kind::Api);
    }
    let object = all(&["post.uri", "post.cid", "post.author.did"])
        || all(&["uri", "cid", "author.did", "record"])
        || all(&["uri", "cid", "value.$type"])
        || (all(&["did", "handle"]) && any(&["followersCount", "followsCount", "postsCount"]));
    if object {
        return Some(Kind::ApiObjects);
    }
    let actors = ["followers", "follows", "likes", "repostedBy", "actors"];
    let other = (any(&["subject.did", "uri", "actors[].did"]) && any(&actors))
        || any(&["thread.post.author.did", "thread[].value.post.author.did"])
        || all(&["did", "handle", "didDoc"]);
    other.then_some(Kind::ApiOther)
}
