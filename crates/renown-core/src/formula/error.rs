//! Why a formula cannot be made ready.

use std::ops::Range;

/// What is wrong with a formula's parameters or weights.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// What is wrong, in a line.
    pub message: String,
    /// With what.
    pub culprit: Culprit,
    /// What to do; empty if that is plain.
    pub help: String,
    /// Names of which the one at the place may be a slip.
    pub known: Vec<String>,
}

/// With what something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// With the formula as it is used here.
    Formula,
    /// With the formula itself, whatever it is given: it failed.
    Itself,
    /// With a parameter; if it is a text, with these bytes of it.
    Param(String, Option<Range<usize>>),
    /// With a feature, by name.
    Feature(String),
}

impl FormulaError {
    /// Something is wrong with the formula as it is used here.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), culprit: Culprit::Formula, help: String::new(), known: Vec::new() }
    }

    /// It is a failure of the formula's own.
    #[must_use]
    pub fn of_itself(mut self) -> Self {
        self.culprit = Culprit::Itself;
        self
    }

    /// It is a parameter's fault.
    #[must_use]
    pub fn of_param(mut self, name: impl Into<String>) -> Self {
        self.culprit = Culprit::Param(name.into(), None);
        self
    }

    /// It is the fault of these bytes of a parameter that is a text.
    #[must_use]
    pub fn of_text(mut self, name: impl Into<String>, place: Range<usize>) -> Self {
        self.culprit = Culprit::Param(name.into(), Some(place));
        self
    }

    /// It is a feature's fault.
    #[must_use]
    pub fn of_feature(mut self, name: impl Into<String>) -> Self {
        self.culprit = Culprit::Feature(name.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Names of which the one at the place may be a slip.
    #[must_use]
    pub fn known<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.known = names.into_iter().map(Into::into).collect();
        self
    }
}
