//! State files among what is read: whether they fit together and to what the user asked for.

use std::collections::BTreeMap;

use renown_core::record::Day;
use renown_core::tally::Tally;
use renown_engine::report::Report;
use renown_engine::state::{ReadWith, StateFile};
use renown_engine::{EngineError, Progress};

/// The last day of the run: the one that was `given`, or else that of the state files. Each must have been made with the
/// same one, or with none (then it must have nothing later, which [`read_into`] sees).
pub(crate) fn last_day(states: &[StateFile], given: Option<Day>) -> Result<Option<Day>, EngineError> {
    let mut until = given;
    for state in states {
        match (state.as_of, until) {
            (Some(day), Some(until)) if day != until => {
                return Err(EngineError::Usage(format!(
                    "{}: made with --as-of {day}, and this is as of {until}: what was left out then cannot be brought back, \
                     nor what was kept be left out. Make it anew with `renown tally --as-of {until}`",
                    state.name
                )));
            }
            (day, _) => until = until.or(day),
        }
    }
    Ok(until)
}

/// Which adapters made the state files, and with which options. These must be `ours`, those that are not at their
/// defaults now; or, where nothing is said of that, the same in all files.
pub(crate) fn read_with(states: &[StateFile], ours: Option<&ReadWith>) -> Result<ReadWith, EngineError> {
    let mut all = ReadWith::new();
    for state in states {
        for (adapter, theirs) in &state.about.read_with {
            let expected = match ours {
                Some(ours) => ours.get(adapter).cloned().unwrap_or_default(),
                None => all.get(adapter).unwrap_or(theirs).clone(),
            };
            if *theirs != expected {
                let other =
                    if ours.is_some() { "the weights file says" } else { "a file before it was with" };
                return Err(EngineError::Usage(format!(
                    "{}: made with {} of the adapter {adapter}, and {other} {}: read the exports anew with the same",
                    state.name,
                    shown(theirs),
                    shown(&expected)
                )));
            }
            all.insert(adapter.clone(), expected);
        }
    }
    Ok(all)
}

/// Refuses adapters' options that differ from those with which the same adapters filled a store.
pub(crate) fn agree(store: &str, theirs: &ReadWith, ours: &ReadWith, whose: &str) -> Result<(), EngineError> {
    for (adapter, ours) in ours {
        if let Some(theirs) = theirs.get(adapter).filter(|theirs| *theirs != ours) {
            return Err(EngineError::Usage(format!(
                "{store}: made with {} of the adapter {adapter}, and {whose} {}: use the same, or another store",
                shown(theirs),
                shown(ours)
            )));
        }
    }
    Ok(())
}

fn shown(options: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = options.iter().map(|(option, value)| format!("{option} = {value}")).collect();
    if all.is_empty() { "the default options".to_owned() } else { format!("the options {}", all.join(", ")) }
}

/// Refuses state files of which something could not be read.
pub(crate) fn strict(states: &[StateFile]) -> Result<(), EngineError> {
    match states.iter().find(|state| state.about.rejected > 0) {
        Some(state) => Err(EngineError::Data(format!(
            "{}: {} of its records could not be read when it was made",
            state.name, state.about.rejected
        ))),
        None => Ok(()),
    }
}

/// Reads all of them into a tally. Gives what they count.
pub(crate) fn read_into(
    states: &[StateFile],
    tally: &Tally,
    progress: &Progress,
) -> Result<Report, EngineError> {
    let mut report = Report::default();
    for state in states {
        let newest = state.read_into(tally, progress)?;
        if let (Some(newest), Some(until), None) = (newest, tally.until(), state.as_of)
            && newest > until
        {
            return Err(EngineError::Usage(format!(
                "{}: it has records up to {newest}, and this is as of {until}: what is later cannot be taken out of it. Make \
                 it anew with `renown tally --as-of {until}`",
                state.name
            )));
        }
        report.count(state.about.report());
    }
    Ok(report)
}
