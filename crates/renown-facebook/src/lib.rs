//! Reads what Facebook and Instagram hand out: responses of the Graph API, and the download of one's own information.
//!
//! **What it is for.** Bytes in, records out, for the networks `facebook` and `instagram`: posts with their totals,
//! comments, reactions, shares, mentions, follows, friends, and the numbers shown beside accounts.
//!
//! **What it may depend on.** The SDK and serde. **What it must not know.** Scoring, weights, people, other networks, the
//! file system.
//!
//! Decisions that hold throughout:
//!
//! - *One kind counts every reaction.* On Facebook `reaction` is all of them together, likes included, since pages show
//!   now the sum, now each type, now the likes alone; one kind cannot be counted twice. Where a page shows types, they are
//!   totals of their own (`react-like`, `react-love`, ...), shown and not counted.
//! - *Accounts* are named by id in the Graph API, by `name:` and display name in a Facebook download, by `@` and handle in
//!   an Instagram download. Display names are not unique: two people of the same name are one account there.
//! - *Comments are acts, not posts.* Their likes and replies are totals for their author that hang on the comment's id;
//!   as posts they would thin out what is received per post.
//! - *What has no id gets one* from what makes it what it is (a reaction: who and to what; an act in a download: who and
//!   when), so that pages and downloads that overlap count once.

mod download;
mod graph;
mod loose;
mod manifest;
mod mojibake;
mod out;
mod recognise;
mod words;

use renown_sdk::{
    Adapter, File, Manifest, NothingToRead, OpenError, Opened, Piece, Reader, Sink, Vocabulary,
};

use download::facebook::{FacebookDownload, FacebookProfile};
use download::instagram::InstagramDownload;
use graph::facebook::FacebookGraph;
use graph::instagram::InstagramGraph;
use recognise::{Kind, facebook_role, instagram_role};

/// The adapter for Facebook and Instagram.
#[derive(Clone, Copy, Debug)]
pub struct Facebook;

renown_sdk::register_adapter!(Facebook);

impl Adapter for Facebook {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        recognise::recognise(file).map(Kind::name)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let Some(kind) = Kind::named(kind) else {
            return Err(OpenError::Configuration(format!(
                "the adapter facebook has no kind of file `{kind}`"
            )));
        };
        Ok(match kind {
            Kind::Graph => Box::new(FacebookGraph::open(vocabulary)?),
            Kind::InstagramGraph => Box::new(InstagramGraph::open(vocabulary)?),
            Kind::GraphError => Box::new(ErrorBodies),
            Kind::Posts | Kind::Comments | Kind::Reactions | Kind::Friends | Kind::Follows => {
                Box::new(FacebookDownload::open(file, facebook_role(kind), vocabulary)?)
            }
            Kind::Profile => Box::new(FacebookProfile::open(vocabulary)?),
            Kind::InstagramPosts
            | Kind::InstagramComments
            | Kind::InstagramLikes
            | Kind::InstagramFollows => {
                Box::new(InstagramDownload::open(file, instagram_role(kind, file), vocabulary)?)
            }
            Kind::GraphOther | Kind::Other | Kind::InstagramOther => Box::new(NothingToRead),
        })
    }
}

/// Passes error bodies over one by one, so that the user sees how many requests failed.
struct ErrorBodies;

impl Reader for ErrorBodies {
    fn read(&self, _: &Piece<'_>, sink: &mut dyn Sink) {
        sink.pass_over("error body");
    }
}
