//! What changed between two days of a store, and by whose doing.

use std::path::Path;

use renown_core::causes::{Cause, Causes};
use renown_core::diff::{Diff, Setting, diff};
use renown_core::people::Roster;
use renown_engine::people::{self, Entry};
use renown_weights::Weights;

use crate::pipeline::{Run, not_scored};

/// A day of the store, and what it was scored by.
pub(super) struct Side {
    pub(super) run: Run,
    pub(super) weights: Weights,
}

/// What changed between two days, with the people as they are now.
pub(super) fn between(
    [old, new]: [&Side; 2],
    entries: &[Entry],
    person: Option<&str>,
) -> anyhow::Result<Diff> {
    let (before, after) = (&old.run, &new.run);
    let differ = [
        (Cause::Time, before.as_of != after.as_of),
        (Cause::Data, before.as_of != after.as_of),
        (Cause::Weights, before.by.stamp != after.by.stamp),
        (Cause::Standing, true),
    ];
    let causes = Causes::new(differ.into_iter().filter(|(_, differs)| *differs).map(|(cause, _)| cause));
    let scorings = (&before.scoring()?, &after.scoring()?);
    let found = diff(causes, scorings, person, |causes, turned| {
        let side = |cause| if causes.is_turned(turned, cause) { new } else { old };
        let run = &side(Cause::Data).run;
        let ruler = if before.by.stamp == after.by.stamp {
            run.by.ruler.clone()
        } else {
            run.bound(&side(Cause::Weights).weights)?.ruler
        };
        let people = people::resolve(entries, &run.ledger, Path::new(""))?;
        let roster = Roster { people, everyone: false };
        anyhow::Ok(Setting { ledger: &run.ledger, ruler, roster, as_of: side(Cause::Time).run.as_of })
    });
    found.map_err(|error| error.downcast().map_or_else(|error| error, not_scored))
}
