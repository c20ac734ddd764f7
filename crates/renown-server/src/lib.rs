//! The HTTP API and the studio: what `renown serve` answers.
//!
//! **What it is for.** Serves what a store's book holds: published scores and their history, people and their rights, keys and who
//! looked whom up; and, through the [`Desk`] that the program lends it, explanations and what would be under other weights. It speaks
//! Renown's own API, the API of Klout as its old clients call it, and HTML (the studio).
//!
//! **What it may depend on.** HTTP, the store's book. **What it must not know.** Records, adapters, formulas and weights: it never reads
//! an export and computes no score.
//!
//! **What holds.** Nobody is answered without a key. Every look-up of a person is noted before it is answered, and the person can read it.
//! Who withdrew is gone from every answer at once. What was published is never changed.

mod answer;
mod api;
mod app;
pub mod desk;
mod extract;
mod guard;
pub mod held;
pub mod keys;
mod klout;
pub mod leaderboard;
mod limits;
mod looks;
pub mod problem;
mod rights;
mod router;
mod serve;
mod studio;
mod unread;
mod upload;

pub use api::openapi;
pub use desk::Desk;
pub use serve::{Options, ServeError, serve};
