//! Exit codes, and which error has which.

use std::process::ExitCode;

use renown_core::formula::FormulaFailure;
use renown_core::score::ScoringError;
use renown_core::scratch::ScratchError;
use renown_engine::EngineError;
use renown_host::HostError;
use renown_weights::WeightsError;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Ok = 0,
    /// A check found something.
    Findings = 1,
    /// What was asked for or configured cannot be done.
    Usage = 2,
    /// The input cannot be read.
    Data = 3,
    /// A plugin failed or cannot be used, or a formula gave points that cannot be.
    Plugin = 4,
    /// A fault of the program.
    Internal = 70,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The exit code of an error.
pub(crate) fn of(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if is_interrupt(cause) {
            return Exit::Interrupted;
        }
        if let Some(error) = cause.downcast_ref::<HostError>() {
            return match error {
                HostError::TrustFile { .. } | HostError::Key { .. } => Exit::Usage,
                HostError::Trust { .. } | HostError::Load { .. } | HostError::Twice { .. } => Exit::Plugin,
            };
        }
        if let Some(error) = cause.downcast_ref::<EngineError>() {
            return match error {
                EngineError::Usage(_) | EngineError::Scratch(_) => Exit::Usage,
                EngineError::Data(_) => Exit::Data,
                EngineError::Plugin(_) => Exit::Plugin,
                EngineError::Interrupted => Exit::Interrupted,
            };
        }
    }
    let is_formulas = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<FormulaFailure>()
            || matches!(cause.downcast_ref(), Some(ScoringError::Formula(_)))
            || cause.downcast_ref::<WeightsError>().is_some_and(WeightsError::formula_failed)
    };
    if error.chain().any(is_formulas) {
        return Exit::Plugin;
    }
    // Everything else that can go wrong is a file that the user named: weights, people, map, output.
    Exit::Usage
}

/// Whether laying rows aside ended since the user interrupted it.
fn is_interrupt(cause: &(dyn std::error::Error + 'static)) -> bool {
    let of_scoring = || match cause.downcast_ref() {
        Some(ScoringError::Scratch(error)) => Some(error),
        _ => None,
    };
    let of_engine = || match cause.downcast_ref() {
        Some(EngineError::Scratch(error)) => Some(error),
        _ => None,
    };
    cause.downcast_ref().or_else(of_scoring).or_else(of_engine) == Some(&ScratchError::Interrupted)
}

/// An error as it is shown, without the `error: ` that one which shows an excerpt brings along.
pub(crate) fn shown(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.strip_prefix("error: ").map_or(text.clone(), str::to_owned)
}

/// Whether whoever reads stdout went away, which is no error of ours.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        kind == Some(std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_formula_that_fails_has_its_own_code_and_is_named() {
        let failure = FormulaFailure { formula: "mine".into(), message: "gave NaN points for a row".into() };
        let error = Err::<(), _>(failure).context("while scoring").unwrap_err();
        assert_eq!((of(&error), of(&error) as u8), (Exit::Plugin, 4));
        assert_eq!(format!("{error:#}"), "while scoring: the formula `mine` gave NaN points for a row");
    }
}
