//! Reads Twitter (now X): the archive that a person downloads, and the responses of API v2 and API v1.1.
//!
//! **What it is for.** It turns those files into records: posts with their totals, reposts, quotes, replies, mentions,
//! likes and follows with their actors, and the numbers beside accounts. The manifest says which file yields what.
//!
//! **What it may depend on.** The SDK. **What it must not know.** Scoring, weights, people, other networks.
//!
//! | file | what it holds |
//! |---|---|
//! | `recognise` | which kind of file a file is |
//! | `fields` | the fields whose spelling is Twitter's own: times, ids that are times, `RT @name:`, accounts |
//! | `scribe` | from fields to records, the same for every format |
//! | `api_v2` | pages, streams and single objects of API v2 |
//! | `status` | the tweet and the user of API v1.1, which the archive shares |
//! | `api_v1` | pages, streams and events of API v1.1 |
//! | `archive` | the personal archive |
//!
//! Decisions that hold for every format:
//!
//! - A retweet is a `repost` by the retweeter and no post of the retweeter's: the totals that it shows are those of the
//!   original, and so are the mentions in it.
//! - A mention of the account that is replied to, or whose tweet is quoted, is part of that reply or quote and is not
//!   counted a second time as a mention.
//! - A time that is missing is taken from the id, where the id is a snowflake (since November 2010).
//! - Likes and follows have no id of their own: they are given one made of both ends (`like:ACTOR:POST`), so that the
//!   same like in two files counts once.

mod api_v1;
mod api_v2;
mod archive;
mod cases;
mod fields;
mod manifest;
mod recognise;
mod scribe;
mod status;

use renown_sdk::{
    Adapter, File, Framing, Manifest, OpenError, Opened, Piece, Reader, Sink, Vocabulary, register_adapter,
};

use archive::Owner;
use recognise::Kind;
use scribe::Lexicon;

/// The adapter for Twitter/X.
#[derive(Clone, Copy, Debug)]
pub struct Twitter;

register_adapter!(Twitter);

impl Adapter for Twitter {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        recognise::recognise(file).map(Kind::name)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let kind = Kind::by_name(kind).ok_or_else(|| {
            OpenError::Configuration(format!("the Twitter adapter has no kind of file `{kind}`"))
        })?;
        let owner = if kind.has_owner() { Owner::of(file) } else { Owner::default() };
        Ok(Box::new(TwitterReader { kind, lexicon: Lexicon::new(vocabulary)?, owner }))
    }
}

/// Reads files of one kind.
struct TwitterReader {
    kind: Kind,
    lexicon: Lexicon,
    /// Whose archive it is; of no account for kinds that are no part of an archive.
    owner: Owner,
}

impl Reader for TwitterReader {
    fn framing(&self) -> Framing {
        match self.kind {
            Kind::ApiOther | Kind::ArchiveOther => Framing::Nothing,
            _ => Framing::Json,
        }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut scribe = scribe::Scribe::new(&self.lexicon, piece.bytes, sink);
        let done = match self.kind {
            Kind::ApiV2 => api_v2::read_page(piece.bytes, &mut scribe),
            Kind::ApiV2Objects => api_v2::read_object(piece.bytes, &mut scribe),
            Kind::ApiV1 => api_v1::read_page(piece.bytes, &mut scribe),
            Kind::ApiV1Statuses | Kind::ArchiveClassic => api_v1::read_status(piece.bytes, &mut scribe),
            Kind::ApiV1Users => api_v1::read_user(piece.bytes, &mut scribe),
            Kind::ApiError => api_v1::read_error(piece.bytes, &mut scribe),
            Kind::ArchiveTweets => archive::read_tweet(piece.bytes, &self.owner, &mut scribe),
            Kind::ArchiveLikes => archive::read_like(piece.bytes, &self.owner, &mut scribe),
            Kind::ArchiveFollowers => archive::read_follower(piece.bytes, &self.owner, &mut scribe),
            Kind::ArchiveFollowing => archive::read_following(piece.bytes, &self.owner, &mut scribe),
            Kind::ArchiveAccount => archive::read_account(piece.bytes, &mut scribe),
            Kind::ApiOther | Kind::ArchiveOther => Ok(()),
        };
        if let Err(error) = done {
            scribe.reject(error.to_string());
        }
        scribe.finish();
    }
}
