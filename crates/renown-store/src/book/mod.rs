//! The book: what a team that keeps Renown running must remember of people.
//!
//! Who agreed and which accounts are theirs, what was published of them and when, what else happened (a ruler that changed, an
//! account that was linked), who may ask for it and who did. One SQLite file, `book.sqlite`, which any number of threads and
//! processes read while one writes. Times are arguments; the clock is never read.
//!
//! **What holds.** A publication is there wholly or not at all, and is never rewritten: another one of the same day
//! supersedes it, and both stay readable. It has lines only of people who agreed. Who is forgotten is in no table, no free page
//! and no log; of them stay keyed hashes, so that an old people file does not bring them back.

mod audit;
mod browse;
mod communities;
mod connections;
mod copy;
mod error;
mod events;
mod forgetting;
mod held;
mod history;
mod keys;
mod looks;
mod parts;
mod people;
mod publish;
mod rights;
mod rulers;
mod served;
mod verify;
mod versions;
mod words;

pub use audit::{AuditEntry, Audited, By};
pub use connections::Book;
pub use error::BookError;
pub use events::{Event, EventKind};
pub use forgetting::ForgotInBook;
pub use held::Held;
pub use history::Point;
pub use keys::{Key, Purpose, Scope};
pub use looks::Look;
pub use people::{Consent, Imported, Resident};
pub use publish::{Line, NewPublication, Publication, Published};
pub use rights::Correction;
pub use rulers::Ruler;
pub use served::Pulse;
pub use verify::VerifiedBook;

/// What the book of a store is called.
pub const BOOK: &str = "book.sqlite";
