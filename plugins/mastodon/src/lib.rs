//! Reads Mastodon: the archive that an instance hands out, lists exported as CSV, and responses of the API. Other servers
//! that speak `ActivityPub` or Mastodon's API write the same.
//!
//! **What it is for.** It turns those files into records: posts with their totals, reposts, quotes, replies, mentions,
//! likes, bookmarks and follows with their actors, and the numbers beside accounts. The manifest says which file yields what.
//!
//! **What it may depend on.** The SDK. **What it must not know.** Scoring, weights, people, other networks.
//!
//! | file | what it holds |
//! |---|---|
//! | `recognise` | which kind of file a file is |
//! | `fields` | fields that take whatever a server writes |
//! | `account` | one name for an account in every format |
//! | `owner` | whose an export is, where the file does not say |
//! | `scribe` | from fields to records, the same for every format |
//! | `archive` | the `ActivityPub` documents of an archive |
//! | `lists` | lists exported as CSV |
//! | `api` | statuses, accounts, notifications and pages of the API |
//!
//! Decisions that hold for every format:
//!
//! - An account is called by its actor's URI or, where a file does not give it, `@user@host`; a post by its URI. The numbers of
//!   one instance's API are never used as names.
//! - On Mastodon a post's URI begins with that of its author, so that a like, a repost or a reply of which the file gives
//!   only the post finds its target.
//! - A repost is named after both its ends (`repost:ACTOR:POST`), as likes, bookmarks and follows are: an account can repost a
//!   post once, and a notification does not say what the repost itself is called.
//! - A mention of the account that is replied to, or whose post is quoted, is part of that reply or quote and is not
//!   counted a second time as a mention.
//! - What is addressed to some by name, and neither to all nor to all followers, is a letter and passed over.

mod account;
mod api;
mod archive;
mod cases;
mod fields;
mod lists;
mod manifest;
mod owner;
mod recognise;
mod scribe;

use renown_sdk::{
    Adapter, File, Framing, Manifest, OpenError, Opened, Piece, Reader, Sink, Vocabulary, register_adapter,
};

use lists::Side;
use owner::Owner;
use recognise::Kind;
use scribe::{Lexicon, Verb};

/// The adapter for Mastodon.
#[derive(Clone, Copy, Debug)]
pub struct Mastodon;

register_adapter!(Mastodon);
renown_sdk::export_plugin!();

impl Adapter for Mastodon {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        recognise::recognise(file).map(Kind::name)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let kind = Kind::by_name(kind).ok_or_else(|| {
            OpenError::Configuration(format!("the Mastodon adapter has no kind of file `{kind}`"))
        })?;
        let framing = framing(kind, file);
        let owner = match kind {
            Kind::ApiNotifications => Owner::of_notifications(file, framing),
            kind if kind.has_owner() => Owner::of_archive(file),
            _ => Owner::default(),
        };
        Ok(Box::new(MastodonReader { kind, framing, lexicon: Lexicon::new(vocabulary)?, owner }))
    }
}

/// How a file of this kind is cut.
fn framing(kind: Kind, file: &File<'_>) -> Framing {
    match kind {
        Kind::ApiOther | Kind::ExportOther => Framing::Nothing,
        Kind::Following | Kind::Followers | Kind::BookmarkList => {
            let headed = lists::first_line(file.head).map(lists::first_field) == Some(lists::HEADER);
            Framing::Csv { header: usize::from(headed), quote: Some(b'"') }
        }
        _ => Framing::Json,
    }
}

/// Reads files of one kind.
struct MastodonReader {
    kind: Kind,
    framing: Framing,
    lexicon: Lexicon,
    /// Whose export it is; of no account for kinds that are of nobody.
    owner: Owner,
}

impl Reader for MastodonReader {
    fn framing(&self) -> Framing {
        self.framing
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let (bytes, owner) = (piece.bytes, &self.owner);
        let mut scribe = scribe::Scribe::new(&self.lexicon, bytes, sink);
        let done = match self.kind {
            Kind::Outbox => archive::read_outbox(bytes, owner, &mut scribe),
            Kind::Likes => archive::read_posts(bytes, Verb::Like, owner, &mut scribe),
            Kind::Bookmarks => archive::read_posts(bytes, Verb::Bookmark, owner, &mut scribe),
            Kind::Actor => archive::read_actor(bytes, &mut scribe),
            Kind::ApiStatuses => api::read_status(bytes, &mut scribe),
            Kind::ApiAccounts => api::read_account(bytes, &mut scribe),
            Kind::ApiNotifications => api::read_notification(bytes, owner, &mut scribe),
            Kind::ApiPage => api::read_page(bytes, &mut scribe),
            Kind::Following => {
                lists::read_accounts(bytes, Side::Follower, owner, &mut scribe);
                Ok(())
            }
            Kind::Followers => {
                lists::read_accounts(bytes, Side::Followed, owner, &mut scribe);
                Ok(())
            }
            Kind::BookmarkList => {
                lists::read_bookmarks(bytes, owner, &mut scribe);
                Ok(())
            }
            Kind::ApiOther | Kind::ExportOther => Ok(()),
        };
        if let Err(error) = done {
            scribe.reject(error.to_string());
        }
        scribe.finish();
    }
}
