//! What a state consists of, and what can be wrong with a part of it.

use crate::columns::WrongLength;
use crate::words::TooManyWords;

/// What a state consists of, in this order. The numbers are those in files, and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Section {
    /// Networks, kinds and metrics.
    Words = 1,
    /// Accounts whose ids are integers.
    Numbers,
    /// Accounts whose ids are texts, handles among them.
    Texts,
    /// Which kinds of totals posts show together.
    Shapes,
    /// Records by network and kind or metric.
    Counts,
    /// Records by day.
    Days,
    /// Acts without ids of their own.
    Acts,
    /// Acts with ids of their own.
    NamedActs,
    /// Acts on posts whose authors their records do not know.
    PendingActs,
    /// Posts with their totals.
    Posts,
    /// Totals without a post.
    Flows,
    /// Observations.
    Observations,
    /// What was taken back.
    Gone,
    /// Accounts that were closed, or are back.
    Fates,
    /// Handles and who has them.
    Handles,
    /// Who took part in which communities.
    Memberships,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Self; 16] = [
        Self::Words,
        Self::Numbers,
        Self::Texts,
        Self::Shapes,
        Self::Counts,
        Self::Days,
        Self::Acts,
        Self::NamedActs,
        Self::PendingActs,
        Self::Posts,
        Self::Flows,
        Self::Observations,
        Self::Gone,
        Self::Fates,
        Self::Handles,
        Self::Memberships,
    ];

    /// Its number in files.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The section of a number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.code() == code)
    }

    /// How messages call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Numbers => "accounts by number",
            Self::Texts => "accounts by text",
            Self::Shapes => "shapes",
            Self::Counts => "counts",
            Self::Days => "days",
            Self::Acts => "acts",
            Self::NamedActs => "acts with ids",
            Self::PendingActs => "acts on posts",
            Self::Posts => "posts",
            Self::Flows => "totals",
            Self::Observations => "observations",
            Self::Gone => "taken back",
            Self::Fates => "closed accounts",
            Self::Handles => "handles",
            Self::Memberships => "memberships",
        }
    }
}

/// Why the bytes of a block cannot be part of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There are more or fewer bytes than its rows take.
    #[error("its length is not that of its rows")]
    Length,
    /// A row of something that no section before it lists.
    #[error("row {0} names an account, a word or a shape that the file does not list")]
    Unknown(usize),
    /// A row with a value out of its range.
    #[error("row {0} has a day, flag, amount or text that cannot be")]
    Impossible(usize),
    /// Words or accounts that are not sorted, or are there twice.
    #[error("row {0} is not in order")]
    Order(usize),
    /// Sections that are not sorted.
    #[error("it comes after a section that belongs behind it")]
    SectionOrder,
    /// A word that no count, account or shape uses.
    #[error("it lists a word that nothing uses")]
    Unused,
    /// More words than one run may have.
    #[error(transparent)]
    TooManyWords(#[from] TooManyWords),
}

impl From<WrongLength> for StateError {
    fn from(_: WrongLength) -> Self {
        Self::Length
    }
}
