//! The daily store: what exports said, kept as Parquet by network and day, with tallies and published scores beside it.
//!
//! **What it is for.** Takes the records of exports so that each counts once however often and in whichever pieces it comes
//! ([`Store::add`]), gives the tally as of a day for little more than what is new ([`Store::tally`]), keeps what was published
//! ([`Store::publish`]), and forgets people ([`Store::forget`]). Any reader of Parquet reads the rows as they are.
//!
//! **What it may depend on.** The core, the SDK's sinks, the engine's state files. **What it must not know.** Any network,
//! formula or weight; how anything is read or printed.
//!
//! **What holds.** A killed run leaves a store that opens, with all of what was being done or nothing. A file is called by the
//! digest of its bytes, which is checked whenever it is read. The same exports, in any order and grouping, give the same
//! scores, and after [`Store::compact`] the same bytes.

mod backup;
pub mod book;
mod compact;
mod feed;
mod file;
mod forget;
mod forgotten;
mod gather;
mod ingest;
mod join;
mod layout;
mod manifest;
mod records;
mod schema;
mod scores;
mod stat;
mod store;
mod tallies;
mod verify;

pub use backup::BackedUp;
pub use compact::Compacted;
pub use forget::{Forgot, Whom};
pub use gather::Gatherer;
pub use ingest::Added;
pub use layout::{Partition, Table};
pub use records::RecordOf;
pub use scores::{Made, ScoresFile};
pub use stat::{Stat, TableStat};
pub use store::{Access, Store};
pub use tallies::DayTally;
pub use verify::Verified;
