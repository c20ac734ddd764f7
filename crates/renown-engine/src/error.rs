//! What can go wrong, by whose doing.

use renown_core::scratch::ScratchError;

/// Why a run ends early. The variants are the exit codes of the binary.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// What the user asked for or configured cannot be done.
    #[error("{0}")]
    Usage(String),
    /// The input cannot be read.
    #[error("{0}")]
    Data(String),
    /// Plugins failed, and nothing is left.
    #[error("{0}")]
    Plugin(String),
    /// The user interrupted it.
    #[error("interrupted")]
    Interrupted,
}

impl From<ScratchError> for EngineError {
    /// Where rows are to be laid aside, and within how much memory, is what the user asked for.
    fn from(error: ScratchError) -> Self {
        match error {
            ScratchError::Failed(why) => Self::Usage(why),
            ScratchError::Interrupted => Self::Interrupted,
        }
    }
}

impl EngineError {
    /// An input that cannot be read: its name and why.
    pub(crate) fn data(name: &str, why: impl std::fmt::Display) -> Self {
        Self::Data(format!("{name}: {why}"))
    }
}
