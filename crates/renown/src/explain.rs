//! `renown explain`: why somebody's score is what it is.

use crate::cli::ExplainArgs;
use crate::exit::Exit;
use crate::pipeline::{self, nobody, not_scored};
use crate::{output, summary};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let run = pipeline::run(&args.read, &args.who, &args.from, &args.memory)?;
    summary::print_reading(&args.read.exports, &run);
    // Kept, since an explanation looks at everybody's numbers once more.
    let scoring = run.base()?;
    let explained = scoring.explain(&args.person).map_err(not_scored)?;
    let explanation = explained.ok_or_else(|| nobody(&args.person, args.who.everyone, &run.roster.people))?;
    let details = scoring.details(&explanation, &scoring.all_scores()).map_err(not_scored)?;
    output::explanation(args, &run, &explanation, &details)?;
    Ok(run.exit())
}
