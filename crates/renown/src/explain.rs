//! `renown explain`: why somebody's score is what it is.

use renown_core::curve::Score;
use renown_engine::EngineError;

use crate::cli::ExplainArgs;
use crate::exit::Exit;
use crate::output;
use crate::pipeline::{self, Run, not_scored};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let run = pipeline::run(&args.read, &args.who, &args.from, &args.memory)?;
    let scoring = run.scoring()?;
    let explained = scoring.explain(&args.person).map_err(not_scored)?;
    let explanation = explained.ok_or_else(|| nobody(args, &run))?;
    let scores: Vec<Score> = scoring.persons().iter().map(|person| person.score).collect();
    let details = scoring.details(&explanation, &scores).map_err(not_scored)?;
    output::explanation(args, &run, &explanation, &details)?;
    Ok(run.exit())
}

/// The error for a person who has no score: with a hint, but naming nobody who is not listed.
fn nobody(args: &ExplainArgs, run: &Run) -> anyhow::Error {
    let listed = run.roster.people.iter().find(|person| person.id == args.person);
    let why = match listed {
        Some(person) if person.minor => "is marked as a minor, and minors are never scored",
        Some(person) if person.exclude => "is marked `exclude`",
        Some(_) => "has not agreed to be scored: `consent = true` is needed in the people file",
        None if args.who.everyone => {
            "is neither an id of the people file nor an account in the input (network:id)"
        }
        None => "is no id in the people file",
    };
    EngineError::Usage(format!("`{}` {why}", args.person)).into()
}
