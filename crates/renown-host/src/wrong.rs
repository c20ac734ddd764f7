//! Why a call to a plugin gave nothing, whether it is a loaded library or a child.

use renown_abi as abi;
use renown_sdk::{Failure, OpenError};

use crate::library::worded;

/// Why a call gave nothing.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// The plugin says so itself, and can be called again.
    Told {
        /// The code of the C interface.
        code: i32,
        /// What it says, without control characters.
        message: String,
        /// Where in the plugin, by its word; of a formula: the parameter or feature at fault. Empty if it does not say.
        context: String,
        /// Where in the file, if it says so.
        offset: Option<u64>,
    },
    /// What it did instead of answering, to follow its name.
    Did(String),
    /// It answered, with what cannot be.
    Gave(String),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Gave(what)
    }
}

impl Wrong {
    /// What it did, to follow its name.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Told { context, .. } if context.is_empty() => self.bare_message(),
            Self::Told { context, .. } => format!("{} ({context})", self.bare_message()),
            Self::Did(what) | Self::Gave(what) => what.clone(),
        }
    }

    /// The message without the context, for whoever uses that otherwise.
    pub(crate) fn bare_message(&self) -> String {
        match self {
            Self::Told { code, message, .. } => worded(*code, message),
            Self::Did(what) | Self::Gave(what) => what.clone(),
        }
    }

    fn offset(&self) -> Option<u64> {
        match self {
            Self::Told { offset, .. } => *offset,
            Self::Did(_) | Self::Gave(_) => None,
        }
    }

    /// As the failure of a plugin that was asked to do something to a file.
    fn failed_to(&self, what: &str, plugin: &str) -> Failure {
        let message = match self {
            Self::Gave(what) => what.clone(),
            Self::Told { .. } | Self::Did(_) => format!("could not {what}: it {}", self.message()),
        };
        Failure { offset: self.offset(), plugin: plugin.to_owned(), what: message }
    }

    /// Of a plugin that was asked whose a file is.
    pub(crate) fn unclaimed(&self, plugin: &str) -> Failure {
        Failure { offset: None, ..self.failed_to("say whose file this is", plugin) }
    }

    /// Of a plugin that was to open a file.
    pub(crate) fn unopened(&self, plugin: &str) -> OpenError {
        match self {
            Self::Told { code: abi::E_DATA, .. } => OpenError::Data(self.message()),
            Self::Told { code: abi::E_INVALID, .. } => OpenError::Configuration(self.message()),
            _ => self.failed_to("open the file", plugin).into(),
        }
    }

    /// Of a plugin that was to read pieces, of which the first is at `first`.
    pub(crate) fn unread(&self, plugin: &str, first: Option<u64>) -> Failure {
        Failure { offset: self.offset().or(first), plugin: plugin.to_owned(), what: self.message() }
    }
}
