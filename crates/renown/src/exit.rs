//! Exit codes, and which error has which.

use std::process::ExitCode;

use renown_core::formula::FormulaFailure;
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
        if let Some(error) = cause.downcast_ref::<HostError>() {
            return match error {
                HostError::TrustFile { .. } | HostError::Key { .. } => Exit::Usage,
                HostError::Trust { .. } | HostError::Load { .. } | HostError::Twice { .. } => Exit::Plugin,
            };
        }
        if let Some(error) = cause.downcast_ref::<EngineError>() {
            return match error {
                EngineError::Usage(_) => Exit::Usage,
                EngineError::Data(_) => Exit::Data,
                EngineError::Plugin(_) => Exit::Plugin,
                EngineError::Interrupted => Exit::Interrupted,
            };
        }
    }
    let is_formulas = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<FormulaFailure>()
            || cause.downcast_ref::<WeightsError>().is_some_and(WeightsError::formula_failed)
    };
    if error.chain().any(is_formulas) {
        return Exit::Plugin;
    }
    // Everything else that can go wrong is a file that the user named: weights, people, map, output.
    Exit::Usage
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
    use renown_core::score::ScoringError;
    use renown_core::scratch::ScratchError;

    use super::*;

    #[test]
    fn rows_that_cannot_be_laid_aside_are_the_users_to_mend_or_to_interrupt() {
        let ends = |error: &ScratchError| {
            let by_engine = of(&EngineError::from(error.clone()).into());
            assert_eq!(by_engine, of(&crate::pipeline::not_scored(ScoringError::Scratch(error.clone()))));
            by_engine
        };
        assert_eq!(ends(&ScratchError::Failed("the disk is full".into())), Exit::Usage);
        assert_eq!(ends(&ScratchError::Interrupted), Exit::Interrupted);
    }

    #[test]
    fn a_formula_that_fails_has_its_own_code_and_is_named() {
        let failure = FormulaFailure { formula: "mine".into(), message: "gave NaN points for a row".into() };
        let error = Err::<(), _>(failure).context("while scoring").unwrap_err();
        assert_eq!((of(&error), of(&error) as u8), (Exit::Plugin, 4));
        assert_eq!(format!("{error:#}"), "while scoring: the formula `mine` gave NaN points for a row");
    }
}
