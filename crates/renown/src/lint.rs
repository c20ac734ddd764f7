//! `renown lint`: what is most likely not meant in a weights file.

use renown_core::score::Scoring;
use renown_weights::{Known, Report, Weights};

use crate::cli::{LintArgs, MemoryArgs, StandingArgs};
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{Run, seen, use_threads};
use crate::{attack, config, output, pipeline};

pub(crate) fn run(args: &LintArgs) -> anyhow::Result<Exit> {
    let of_run = &args.read.exports.run;
    let (weights, report, exit) = if args.read.inputs.is_empty() {
        use_threads(of_run.threads)?;
        let mut weights = config::weights(of_run.weights.as_deref(), &of_run.sets)?;
        let parts = Parts::gather(&of_run.parts, &mut weights)?;
        // Without data no day is known but one that is given, and what is being written is the newest ruler.
        if let Some(day) = args.read.as_of.as_deref().map(pipeline::day).transpose()? {
            weights = config::in_force(&weights, day, of_run.as_now)?;
        }
        let report = weights.lint(&known(&parts), &parts.formulas, None)?;
        (weights, report, Exit::Ok)
    } else {
        let memory = MemoryArgs { memory: None, scratch: None };
        let run = pipeline::run(&args.read, &args.who, &StandingArgs { standing: None }, &memory)?;
        let report = on_data(&run)?;
        let exit = run.exit();
        (run.weights, report, exit)
    };
    // A budget of an attack that nobody tries would be kept whatever happens.
    weights.attacks(&attack::all().map(|(name, _)| name).collect::<Vec<_>>())?;
    output::lint(args.format, weights.path(), &report)?;
    Ok(if report.findings.is_empty() { exit } else { Exit::Findings })
}

fn on_data(run: &Run) -> anyhow::Result<Report> {
    of(run, &run.scoring()?, &run.weights)
}

/// What is most likely not meant in other weights, on the records of a scoring.
pub(crate) fn of(run: &Run, scoring: &Scoring<'_>, weights: &Weights) -> anyhow::Result<Report> {
    let columns = scoring.columns().map_err(pipeline::not_scored)?;
    let mut known = known(&run.parts);
    known.networks.extend(seen(run.ledger.words(), &run.counts));
    Ok(weights.lint(&known, &run.parts.formulas, Some(&columns))?)
}

/// What the manifests of adapters say.
fn known(parts: &Parts) -> Known {
    let networks = parts.adapters.iter().flat_map(|adapter| adapter.manifest().networks);
    let synonyms = networks.flat_map(|network| {
        let words = network.kinds.iter().chain(network.metrics);
        words.flat_map(move |word| {
            word.also
                .iter()
                .map(move |&also| (network.name.to_owned(), also.to_owned(), word.name.to_owned()))
        })
    });
    Known { networks: parts.declared(), synonyms: synonyms.collect() }
}
