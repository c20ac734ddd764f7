//! What the author of a network adapter, or of a formula, uses.
//!
//! **What it is for.** An adapter turns one network's files into records and knows nothing of scoring: implement
//! [`Adapter`] and [`Reader`], describe the network in a [`Manifest`], announce it with [`register_adapter!`] and hold
//! it against [`conformance::check`]. Reading files, unpacking, decompressing, threads and the splitting of huge files
//! are the engine's work; an adapter is given one [`Piece`] of bytes at a time.
//!
//! A formula turns one network's features into points and knows nothing of files: implement [`formula::Formula`] and
//! [`formula::Prepared`], announce it with [`register_formula!`] and hold it against [`conformance::check_formula`].
//! Either is linked into a program or, with [`export_plugin!`], loaded by one.
//!
//! **What it may depend on.** The core's records and its formula trait, a JSON parser. **What it must not know.** Scoring, weights, people,
//! any network by name, the file system.

mod adapter;
pub mod conformance;
pub mod export;
mod fields;
pub mod frame;
pub mod json;
mod manifest;
mod registry;
mod sink;
pub mod time;
mod vocabulary;

pub use adapter::{
    Adapter, AdapterEntry, Failure, File, Framing, NO_OPTIONS, NothingToRead, OpenError, Opened, Piece,
    Reader, Siblings, adapters,
};
pub use fields::{BadFields, Counted};
pub use inventory;
pub use manifest::{Case, FileKind, Manifest, NetworkSpec, Vocable};
pub use registry::{FormulaEntry, formulas};
pub use renown_abi as abi;
/// What the author of a formula needs: the traits, errors, parameters, and [`formula::shapley`] for parts.
pub use renown_core::formula;
/// What adapters' options and formulas' parameters are described by, and come as.
pub use renown_core::formula::{ParamKind, ParamSpec, ParamValue, Params};
pub use renown_core::record::{
    Handle, Id, Interaction, MAX_AMOUNT, Membership, Observation, POST, Post, Timestamp, Undo, Undone,
};
/// "Did you mean", for messages about names.
pub use renown_core::suggest;
pub use renown_core::words::{TooManyWords, Word, Words, is_plain};
pub use sink::{Observations, Reject, Sink};
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

/// Announces a linked formula: `register_formula!(Saturating);` for a unit struct that implements [`formula::Formula`].
///
/// As with [`register_adapter!`], the binary refers to the crate by `use renown_saturating as _;`.
#[macro_export]
macro_rules! register_formula {
    ($formula:expr) => {
        $crate::inventory::submit! { $crate::FormulaEntry(&$formula) }
    };
}
