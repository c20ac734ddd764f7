//! Reads Bluesky: recordings of Jetstream (the network's event stream), the repository that a person exports, and
//! responses of the public API.
//!
//! **What it is for.** It turns those files into records: posts with their totals, likes, reposts, replies, quotes,
//! mentions and follows with their actors, handles, and the numbers beside accounts. The manifest says which file
//! yields what.
//!
//! **What it may depend on.** The SDK, a reader of DAG-CBOR. **What it must not know.** Scoring, weights, people, other
//! networks.
//!
//! | file | what it holds |
//! |---|---|
//! | `recognise` | which kind of file a file is |
//! | `address` | DIDs, `at://` addresses, and the time in a record's key |
//! | `loose` | fields that may hold anything, since anybody may write any record |
//! | `record` | likes, reposts, follows and posts: the same in every format |
//! | `scribe` | from fields to records of Renown |
//! | `jetstream` | lines of the event stream |
//! | `api` | pages and objects of the public API |
//! | `repository` | the export of a repository: a CAR file |
//!
//! Decisions that hold for every format:
//!
//! - An account is its DID, an act or a post its `at://` address: those never change, and the same act is known again
//!   in another file.
//! - `createdAt` is what the author's app says. An act is dated by the earlier of that and the time at which the network
//!   saw it, as Bluesky itself sorts: nobody can date an act into the future.
//! - A mention of the account that is replied to, or whose post is quoted, is part of that reply or quote and is not
//!   counted a second time as a mention.
//! - What is deleted counts for nothing, in whichever order the two are read; a deleted post takes with it what it was
//!   as a reply, quote or mention, but not what others did with it. A closed account counts for nothing until it is back.

mod address;
mod api;
mod cases;
mod jetstream;
mod loose;
mod manifest;
mod recognise;
mod record;
mod repository;
mod scribe;

use renown_sdk::{
    Adapter, File, Framing, Manifest, OpenError, Opened, Piece, Reader, Sink, Vocabulary, register_adapter,
};

use recognise::Kind;
use repository::Repository;
use scribe::{Lexicon, Scribe};

/// The adapter for Bluesky.
#[derive(Clone, Copy, Debug)]
pub struct Bluesky;

register_adapter!(Bluesky);
renown_sdk::export_plugin!();

impl Adapter for Bluesky {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        recognise::recognise(file).map(Kind::name)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let kind = Kind::by_name(kind).ok_or_else(|| {
            OpenError::Configuration(format!("the Bluesky adapter has no kind of file `{kind}`"))
        })?;
        let lexicon = Lexicon::new(vocabulary)?;
        match kind {
            Kind::Repository => Ok(Box::new(Repository::open(file, lexicon)?)),
            _ => Ok(Box::new(JsonReader { kind, lexicon })),
        }
    }
}

/// Reads the documents of one file of a kind that is JSON.
struct JsonReader {
    kind: Kind,
    lexicon: Lexicon,
}

impl Reader for JsonReader {
    fn framing(&self) -> Framing {
        if self.kind.yields() { Framing::Json } else { Framing::Nothing }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut scribe = Scribe::new(&self.lexicon, piece.bytes, sink);
        let done = match self.kind {
            Kind::Jetstream => jetstream::read_event(piece.bytes, &mut scribe),
            Kind::Api => api::read_page(piece.bytes, &mut scribe),
            Kind::ApiObjects => api::read_object(piece.bytes, &mut scribe),
            Kind::ApiOther | Kind::Repository => Ok(()),
        };
        if let Err(error) = done {
            scribe.reject(error.to_string());
        }
        scribe.finish();
    }
}
