//! The `YouTube` adapter: Data API v3 responses and Google Takeout's "YouTube and `YouTube` Music" folder.
//!
//! **What it is for.** Channels, videos, comments, subscriptions, activities and watch histories become records. A
//! channel is an account, named by its channel id (`UC…`); a video is a post. A comment is something that its author
//! does to the video's channel, or to the author of the comment it answers. It is no post of its author's: whoever
//! comments much would seem to post much, and be responded to little.
//!
//! **What it may depend on.** The SDK, a JSON and a CSV parser. **What it must not know.** Scoring, weights, people,
//! other networks, the file system.
//!
//! | module | what it reads |
//! |---|---|
//! | `api` | list responses and single resources, `"kind": "youtube#…"`, also as old Takeouts hold them |
//! | `takeout` | Takeout's CSV tables and its JSON history |

mod api;
mod cases;
mod loose;
mod manifest;
mod out;
mod takeout;
mod url;
mod vocabulary;

use renown_sdk::{Adapter, File, Manifest, Opened, ParamSpec, Vocabulary};

/// The network's name.
pub(crate) const NETWORK: &str = "youtube";

/// The adapter.
pub struct YouTube;

renown_sdk::register_adapter!(YouTube);

impl Adapter for YouTube {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn options(&self) -> &[ParamSpec] {
        &manifest::OPTIONS
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        api::recognise(file).or_else(|| takeout::recognise(file))
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        let words = vocabulary::Words::new(vocabulary)?;
        if kind == api::API { Ok(Box::new(api::Api::new(words))) } else { takeout::open(file, kind, words) }
    }
}
