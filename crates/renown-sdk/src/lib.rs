//! What the author of a network adapter uses.
//!
//! **What it is for.** An adapter turns one network's files into records and knows nothing of scoring: implement
//! [`Adapter`] and [`Reader`], describe the network in a [`Manifest`], announce it with [`register_adapter!`] and hold
//! it against [`conformance::check`]. Reading files, unpacking, decompressing, threads and the splitting of huge files
//! are the engine's work; an adapter is given one [`Piece`] of bytes at a time.
//!
//! **What it may depend on.** The core's records, a JSON parser. **What it must not know.** Scoring, weights, people,
//! any network by name, the file system.

mod adapter;
pub mod conformance;
pub mod export;
pub mod frame;
pub mod json;
mod manifest;
mod sink;
pub mod time;
mod vocabulary;

pub use adapter::{
    Adapter, AdapterEntry, Failure, File, Framing, OpenError, Piece, Reader, Siblings, adapters,
};
pub use inventory;
pub use manifest::{Case, FileKind, Manifest, NetworkSpec, Vocable};
pub use renown_abi as abi;
pub use renown_core::record::{Handle, Id, Interaction, MAX_AMOUNT, Observation, POST, Post, Timestamp};
pub use renown_core::words::{TooManyWords, Word, Words};
pub use sink::{Reject, Sink};
pub use vocabulary::Vocabulary;

/// Announces a linked adapter: `register_adapter!(Mastodon);` for a unit struct that implements [`Adapter`].
///
/// A crate that nothing else refers to is dropped by the linker, registration and all: the binary writes
/// `use renown_mastodon as _;`.
#[macro_export]
macro_rules! register_adapter {
    ($adapter:expr) => {
        $crate::inventory::submit! { $crate::AdapterEntry(&$adapter) }
    };
}
