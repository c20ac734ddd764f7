//! Which kind of file a file is, judged by the names of its fields, or by the header of its table.

use renown_sdk::File;
use renown_sdk::json::Outline;

use crate::account::Account;
use crate::lists::{HEADER, first_field, first_line};

/// A kind of file. The manifest describes each under [`Kind::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Outbox,
    Likes,
    Bookmarks,
    Actor,
    Following,
    Followers,
    BookmarkList,
    ExportOther,
    ApiStatuses,
    ApiAccounts,
    ApiNotifications,
    ApiPage,
    ApiOther,
}

impl Kind {
    /// Every kind, in the order of the manifest.
    pub(crate) const ALL: [Self; 13] = [
        Self::Outbox,
        Self::Likes,
        Self::Bookmarks,
        Self::Actor,
        Self::Following,
        Self::Followers,
        Self::BookmarkList,
        Self::ExportOther,
        Self::ApiStatuses,
        Self::ApiAccounts,
        Self::ApiNotifications,
        Self::ApiPage,
        Self::ApiOther,
    ];

    /// Its name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Outbox => "archive-outbox",
            Self::Likes => "archive-likes",
            Self::Bookmarks => "archive-bookmarks",
            Self::Actor => "archive-actor",
            Self::Following => "export-following",
            Self::Followers => "export-followers",
            Self::BookmarkList => "export-bookmarks",
            Self::ExportOther => "export-other",
            Self::ApiStatuses => "api-statuses",
            Self::ApiAccounts => "api-accounts",
            Self::ApiNotifications => "api-notifications",
            Self::ApiPage => "api-page",
            Self::ApiOther => "api-other",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its records are about the person whose export it is, whom not every such file names.
    pub(crate) fn has_owner(self) -> bool {
        matches!(
            self,
            Self::Outbox
                | Self::Likes
                | Self::Bookmarks
                | Self::Following
                | Self::Followers
                | Self::BookmarkList
        )
    }
}

/// The kind of a file, `None` if it is not Mastodon's.
pub(crate) fn recognise(file: &File<'_>) -> Option<Kind> {
    let begins = file.head.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    if matches!(begins, Some(b'{' | b'[')) { document(file) } else { table(file) }
}

/// The kind of a JSON document: an object, or an array of objects.
fn document(file: &File<'_>) -> Option<Kind> {
    let outline = Outline::of(file.head);
    if outline.has_all(&["orderedItems", "type"]) {
        return collection(&outline, file);
    }
    if outline.has_all(&["id", "type", "preferredUsername", "inbox", "outbox"]) {
        return Some(Kind::Actor);
    }
    let object = Object { outline: &outline, prefix: if outline.has("[]") { "[]." } else { "" } };
    let page = ["statuses[].", "ancestors[].", "descendants[]."];
    let groups = object.has("", "notification_groups");
    if groups || object.is_other() {
        Some(Kind::ApiOther)
    } else if object.all("", &["id", "type", "created_at", "account.acct"]) {
        Some(Kind::ApiNotifications)
    } else if object.is_status("") {
        Some(Kind::ApiStatuses)
    } else if object.is_account("") {
        Some(Kind::ApiAccounts)
    } else if page.iter().any(|at| object.is_status(at)) || object.is_account("accounts[].") {
        Some(Kind::ApiPage)
    } else {
        None
    }
}

/// The kind of an `ActivityPub` collection.
fn collection(outline: &Outline, file: &File<'_>) -> Option<Kind> {
    if outline.has_any(&["orderedItems[].object", "orderedItems[].actor"]) {
        return Some(Kind::Outbox);
    }
    // Lists of URIs: what they are is in their id, which in an archive is the file's name.
    let head = file.head_text();
    let is = |name: &str| head.contains(&format!("\"{name}\"")) || file.name() == name;
    [("likes.json", Kind::Likes), ("bookmarks.json", Kind::Bookmarks), ("outbox.json", Kind::Outbox)]
        .into_iter()
        .find(|(name, _)| is(name))
        .map(|(_, kind)| kind)
}

/// The paths of a document, or of the elements of the array that it is.
struct Object<'o> {
    outline: &'o Outline,
    prefix: &'static str,
}

impl Object<'_> {
    fn has(&self, at: &str, path: &str) -> bool {
        self.outline.has(&format!("{}{at}{path}", self.prefix))
    }

    fn all(&self, at: &str, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(at, path))
    }

    fn is_status(&self, at: &str) -> bool {
        self.all(at, &["uri", "created_at", "account.acct"])
            && (self.has(at, "reblogs_count")
                || self.has(at, "reblog")
                || self.has(at, "in_reply_to_account_id"))
    }

    fn is_account(&self, at: &str) -> bool {
        self.all(at, &["acct", "username", "url"])
            && (self.has(at, "statuses_count") || self.has(at, "followers_count") || self.has(at, "locked"))
    }

    /// What the API says of anything else.
    fn is_other(&self) -> bool {
        self.all("", &["id", "showing_reblogs", "followed_by"])
            || self.all("", &["configuration.statuses.max_characters", "title"])
            || self.all("", &["shortcode", "static_url", "visible_in_picker"])
    }
}

/// The kind of a list exported as CSV.
fn table(file: &File<'_>) -> Option<Kind> {
    let line = first_line(file.head)?;
    let name = file.name().to_ascii_lowercase();
    let about = |word: &str| name.contains(word);
    if first_field(line) == HEADER {
        return Some(if line.contains("Hide notifications") || about("mute") || about("block") {
            Kind::ExportOther
        } else if about("follower") {
            Kind::Followers
        } else {
            Kind::Following
        });
    }
    // Without a header both the name and the first row must fit.
    let is_address = |text: &str| Account::by_address(text).is_some();
    let first = first_field(line);
    match &*name {
        "following_accounts.csv" if is_address(first) => Some(Kind::Following),
        "blocked_accounts.csv" | "muted_accounts.csv" if is_address(first) => Some(Kind::ExportOther),
        "lists.csv" if line.rsplit(',').next().is_some_and(is_address) => Some(Kind::ExportOther),
        "bookmarks.csv" if first.starts_with("http") && !line.contains(',') => Some(Kind::BookmarkList),
        "blocked_domains.csv" | "domain_blocks.csv" | "domain_allows.csv"
            if first == "#domain"
                || (first == line && first.contains('.') && !first.contains(['/', ' '])) =>
        {
            Some(Kind::ExportOther)
        }
        _ => None,
    }
}
