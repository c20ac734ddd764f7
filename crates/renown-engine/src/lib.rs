//! Drives the way of the data.
//!
//! **What it is for.** Finds the files that a user names ([`input`]), unpacks and decompresses them (`decode`), asks the
//! adapters whose they are, reads them on all cores into a [`renown_core::tally::Tally`] ([`ingest()`]), keeps what cannot
//! be read ([`report`]), lays aside what memory has no room for ([`scratch`]), writes tallies to state files and reads them
//! back ([`state`]), and reads who agreed to be scored ([`people`]).
//!
//! **What it may depend on.** The core, the SDK, decoders. **What it must not know.** Any network, formula or weight; how
//! results are printed.

mod archive;
mod decode;
mod error;
mod ingest;
pub mod input;
pub mod people;
pub mod report;
pub mod scratch;
mod sink;
pub mod state;
mod tap;
mod tar;

pub use error::EngineError;
pub use ingest::{Adapters, Ingested, Mapped, Options, Progress, ingest};
pub use tap::Tap;
