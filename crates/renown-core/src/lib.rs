//! The core of Renown: from records to a score that explains itself.
//!
//! **What it is for.** [`record`]s come in, are kept in an exact [`tally`], become features ([`stat`]), go through a
//! [`formula`] for each network, are combined and mapped to 1..100 ([`score`]), and every point is accounted for
//! ([`explain`]).
//!
//! **What it may depend on.** Arithmetic, hash tables, threads. **What it must not know.** Files, formats, the clock,
//! terminals, and any network, kind, metric or formula by name; the single exception is [`record::POST`], what
//! reactions are divided by.
//!
//! **What holds.** A tally is an exact commutative monoid: any order, split or number of threads gives the same
//! state. All sums over records are integers or fixed point ([`fixed`]), so no result depends on the order in which
//! threads or hash tables happened to run.

pub mod accounts;
pub mod acquaintance;
pub mod agreement;
pub mod bars;
pub mod causes;
mod chunks;
mod columns;
pub mod columns_of;
mod cover;
pub mod curve;
pub mod details;
pub mod diff;
mod evidence;
pub mod explain;
mod feature;
pub mod fixed;
pub mod formula;
mod given;
pub mod glance;
pub mod graph;
pub mod interval;
pub mod lately;
pub mod ledger;
pub mod listing;
pub mod moves;
mod owners;
pub mod people;
pub mod population;
pub mod published;
pub mod reach;
pub mod record;
pub mod ruler;
pub mod score;
pub mod scratch;
mod sheet;
mod sort;
mod spread;
mod standing;
pub mod stat;
pub mod suggest;
pub mod tally;
mod walk;
pub mod words;
