//! What the server asks of the program around it: everything that takes records or weights.
//!
//! The server knows HTTP, keys and people; it never reads a record and knows no formula. The program lends it a [`Desk`], which does what
//! the commands of the same names do, on the records of the store.

use std::fmt;
use std::path::Path;

pub use renown_core::bars::Bar;
use renown_core::curve::Score;
use renown_core::record::Day;
use renown_store::RecordOf;
use renown_store::book::By;

use crate::problem::{Kind, Problem};

/// In which form something is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON document, as the commands print it.
    Json,
    /// A page that stands by itself.
    Html,
    /// Markdown.
    Markdown,
}

impl Form {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

/// The weights in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The file, with its comments.
    pub toml: String,
    /// The stamp of the ruler that it gives with the records there are.
    pub stamp: String,
    /// The name of the scale.
    pub scale: String,
}

/// Weights that are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// A weights file; without one, that in force.
    pub toml: Option<String>,
    /// Values to set in it, each as `key = value` in TOML.
    pub sets: Vec<String>,
    /// How many of those who move most are wanted.
    pub top: usize,
}

/// A number of a weights file that somebody may want to turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// What it is called in [`Desk::edit`].
    pub path: String,
    /// What it is now.
    pub value: f64,
    /// The least that it is turned to.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// By how much at a time.
    pub step: f64,
}

/// What can be turned in a weights file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// Numbers, those that hold for all networks first.
    pub numbers: Vec<Knob>,
    /// The scale: points, and the share of the way from 1 to 100 that they are worth.
    pub scale: Vec<[f64; 2]>,
}

/// The order that weights would give, and who would move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reranked {
    /// The stamp of the ruler in force, and that of the one that was tried.
    pub rulers: [String; 2],
    /// How many people have a score.
    pub scored: usize,
    /// How many of them would have another one.
    pub moved: usize,
    /// How many would move how far, from the largest fall to the largest rise.
    pub bars: Vec<Bar>,
    /// The first of the new order.
    pub first: Vec<Placed>,
    /// Those who would move most, the farthest first.
    pub movers: Vec<Placed>,
}

/// Somebody in two orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The person.
    pub person: String,
    /// The score and the rank by the ruler in force, if they have one.
    pub before: Option<(Score, u32)>,
    /// By the one that was tried.
    pub after: (Score, u32),
}

/// What a store has of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// The network.
    pub network: String,
    /// What is kept: interactions, posts, observations and the like, and how many rows of each.
    pub rows: Vec<(String, u64)>,
    /// How many rows each day has; days without any are not in it.
    pub days: Vec<(Day, u64)>,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// A campaign: whom to invite so that together they reach the most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// The least score, in ten-thousandths.
    pub min_score: u32,
    /// Only reactions on this network count.
    pub network: Option<String>,
    /// How many people are wanted.
    pub limit: usize,
    /// Whether those who reach the most together are wanted, and not those who stand highest.
    pub spread: bool,
    /// Only these may be chosen, if they are given.
    pub among: Option<Vec<String>>,
}

/// Somebody who was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The person.
    pub person: String,
    /// How many different accounts reacted to them.
    pub actors: u64,
    /// How many of those had reacted to nobody who was chosen before.
    pub new: u64,
}

/// Who acts on whom, among those who agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Those whose posts the person reacts to, the highest score first.
    pub influencers: Vec<String>,
    /// How many there are in all.
    pub influencers_count: u64,
    /// Those who react to the person's, the highest score first.
    pub influencees: Vec<String>,
    /// How many there are in all.
    pub influencees_count: u64,
}

/// What came of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What is to be told of it, line by line, without a name of any account.
    pub told: Vec<(String, String)>,
    /// How many rows are new.
    pub rows: u64,
    /// How many records could not be read.
    pub rejected: u64,
}

/// What the server asks of the program. Everything may take long and is called where it may.
pub trait Desk: Send + Sync + fmt::Debug + 'static {
    /// As of which day the records are that questions are answered from.
    ///
    /// # Errors
    /// [`Trouble::NotReady`], [`Trouble::Unpublished`] or [`Trouble::Unreadable`].
    fn as_of(&self) -> Result<Day, Trouble>;

    /// Whose an account is, of those who agreed: by its network and its id or `@handle`.
    fn person_of(&self, network: &str, id: &str) -> Option<String>;

    /// Why somebody's score is what it is.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Nobody`] if the person has no score.
    fn explain(&self, person: &str, form: Form) -> Result<Vec<u8>, Trouble>;

    /// Likewise for the person alone: nobody else is named in it.
    ///
    /// # Errors
    /// As [`Desk::explain`].
    fn explain_to_them(&self, person: &str, form: Form) -> Result<Vec<u8>, Trouble>;

    /// What the records of the store say of somebody of the book, without the ids of others.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Nobody`] if the book has no such person.
    fn records_of(&self, person: &str) -> Result<Vec<RecordOf>, Trouble>;

    /// What changed between two published days, for a person or for everybody.
    ///
    /// # Errors
    /// [`Trouble`].
    fn diff(&self, person: Option<&str>, days: (Day, Day), form: Form) -> Result<Vec<u8>, Trouble>;

    /// Who would move under other weights.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Wrong`] if the weights are.
    fn what_if(&self, tried: &Tried, form: Form) -> Result<Vec<u8>, Trouble>;

    /// What is most likely not meant in a weights file, on the records there are, as JSON.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn lint(&self, toml: &str) -> Result<Vec<u8>, Trouble>;

    /// What attacks bring somebody invented under a weights file, as JSON.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn attack(&self, toml: &str) -> Result<Vec<u8>, Trouble>;

    /// The same people under the ruler in force and under several bundled ones, by their names, as JSON.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn compare(&self, rulers: &[String]) -> Result<Vec<u8>, Trouble>;

    /// The weights in force.
    ///
    /// # Errors
    /// [`Trouble`].
    fn weights(&self) -> Result<InForce, Trouble>;

    /// The numbers of a weights file that somebody may want to turn.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn knobs(&self, toml: &str) -> Result<Knobs, Trouble>;

    /// The order that a weights file would give: so many of the first, and so many of those who would move most.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn rerank(&self, toml: &str, first: usize, movers: usize) -> Result<Reranked, Trouble>;

    /// The names of the bundled rulers that [`Desk::compare`] takes.
    fn bundled(&self) -> Vec<&'static str>;

    /// What the store has, network by network.
    ///
    /// # Errors
    /// [`Trouble`].
    fn came(&self) -> Result<Vec<Came>, Trouble>;

    /// Sets values in a weights file as a text, keeping its comments.
    ///
    /// # Errors
    /// [`Trouble::Wrong`].
    fn edit(&self, toml: &str, sets: &[String]) -> Result<String, Trouble>;

    /// The stamp of the ruler that a weights file makes with the records there are.
    ///
    /// # Errors
    /// As [`Desk::what_if`].
    fn stamp(&self, toml: &str) -> Result<String, Trouble>;

    /// Makes weights those in force, from the next scoring on.
    ///
    /// # Errors
    /// As [`Desk::what_if`]; [`Trouble::Storage`] if they cannot be kept.
    fn publish_weights(&self, toml: &str, memo: &str, by: &By) -> Result<InForce, Trouble>;

    /// Who acts on a person and on whom they act.
    ///
    /// # Errors
    /// [`Trouble`].
    fn neighbours(&self, person: &str, most: usize) -> Result<Neighbours, Trouble>;

    /// Whom to invite.
    ///
    /// # Errors
    /// [`Trouble`].
    fn choose(&self, campaign: &Campaign) -> Result<Vec<Chosen>, Trouble>;

    /// Adds an export to the store.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Wrong`] if it cannot be read at all.
    fn ingest(&self, export: &Path) -> Result<Taken, Trouble>;

    /// Scores the people of the store as of a day, or of the newest record, and publishes that.
    ///
    /// # Errors
    /// [`Trouble`].
    fn score_day(&self, as_of: Option<Day>, memo: Option<&str>) -> Result<Day, Trouble>;

    /// Takes note that people or their consent changed: until the records are bound to them anew, nothing is answered from them.
    fn people_changed(&self);

    /// Removes somebody from everything that is stored: the records first, and the book, which knows whom, last. So what was
    /// interrupted can be asked for again.
    ///
    /// # Errors
    /// [`Trouble`].
    fn forget(&self, person: &str, by: &By) -> Result<(), Trouble>;
}

/// Why the program could not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The records are being read; it will be possible soon.
    #[error("the records are being read: try again in a moment")]
    NotReady,
    /// Nothing has been published, so that there is nothing to answer from.
    #[error("nothing has been published yet: add an export and people who agreed, then score a day")]
    Unpublished,
    /// The records cannot be read. Why is for those who run the server.
    #[error("the records cannot be read: the server's log says why")]
    Unreadable,
    /// There are no records.
    #[error("the store has no records yet: upload an export, or run `renown ingest`")]
    NoRecords,
    /// The person has no score.
    #[error("this person has no score")]
    Nobody,
    /// What was sent is wrong.
    #[error("{0}")]
    Wrong(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// Nothing can be kept.
    #[error("{0}")]
    Storage(String),
    /// Something else failed.
    #[error("{0}")]
    Failed(String),
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let detail = trouble.to_string();
        match trouble {
            Trouble::NotReady => Self::new(Kind::Unavailable, detail).after(2),
            Trouble::Unpublished | Trouble::Unreadable => Self::new(Kind::Unavailable, detail),
            Trouble::NoRecords | Trouble::Conflict(_) => Self::new(Kind::Conflict, detail),
            Trouble::Nobody => Self::new(Kind::NotFound, detail),
            Trouble::Wrong(_) => Self::new(Kind::Unprocessable, detail),
            Trouble::Storage(_) => Self::new(Kind::Storage, detail),
            Trouble::Failed(_) => Self::new(Kind::Internal, detail),
        }
    }
}
