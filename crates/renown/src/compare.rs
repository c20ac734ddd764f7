//! `renown compare`: the same people by several rulers.

use std::cmp::Reverse;

use anyhow::anyhow;
use rayon::prelude::*;
use renown_core::agreement::{Overlap, kendall_tau_b, overlap};
use renown_core::curve::Score;
use renown_core::listing::Directory;
use renown_core::moves::Ranks;
use renown_core::score::Scoring;
use renown_engine::EngineError;
use renown_weights::Weights;

use crate::cli::{CompareArgs, StandingArgs};
use crate::config;
use crate::exit::Exit;
use crate::output::compared;
use crate::parts::Parts;
use crate::pipeline::{self, Ruled, Run};
use crate::summary;

/// Of how many first people it is told how many stand there by two rulers.
pub(crate) const FIRST: u32 = 10;
/// How many people are listed as those who depend most on the ruler.
const DEPENDENT: usize = 10;

/// People by several rulers.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) rulers: Vec<Named>,
    /// By the rank under the first ruler, equals by name.
    pub(crate) rows: Vec<Row>,
    /// Places in `rows`: the largest spreads first, then by name. Nobody whose rank is the same everywhere.
    pub(crate) dependent: Vec<usize>,
    /// Each two rulers, by their places.
    pub(crate) agreements: Vec<Agreement>,
}

/// A ruler by the name of its file.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) by: Ruled,
}

/// A person under each ruler.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) person: String,
    /// `None` where the ruler does not know the network, and so not the account.
    pub(crate) under: Vec<Option<Placed>>,
    /// The largest rank less the smallest.
    pub(crate) spread: u32,
}

/// Where a ruler puts somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) score: Score,
    /// One more than how many score higher.
    pub(crate) rank: u32,
}

/// How far two rulers order people alike.
#[derive(Debug)]
pub(crate) struct Agreement {
    pub(crate) of: (usize, usize),
    /// Kendall's tau-b of those whom both score; `None` if one of them puts all on a level.
    pub(crate) tau: Option<f64>,
    pub(crate) first: Overlap,
}

/// Reads once, scores by each ruler, and prints all side by side.
pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<Exit> {
    let others = match &args.rulers.0[..] {
        [_, others @ ..] if !others.is_empty() => others,
        _ => {
            let why = "there is nothing to compare: pass --weights FILE twice or more, such as --weights preset:default \
                       --weights preset:pike";
            return Err(EngineError::Usage(why.into()).into());
        }
    };
    let options = &args.read.exports.run;
    let weights = |path| {
        let mut weights = config::weights(Some(path), &options.sets)?;
        Parts::linked(&options.parts)?.bind(&mut weights)?;
        Ok::<_, anyhow::Error>(weights)
    };
    // Before anything is read, so that a slip in the last file costs no reading.
    let others = others.iter().map(|path| weights(path)).collect::<Result<Vec<_>, _>>()?;
    let run = pipeline::run(&args.read, &args.who, &StandingArgs { standing: None }, &args.memory)?;
    if let Some(other) =
        others.iter().find(|weights| weights.changed_options() != run.weights.changed_options())
    {
        return Err(other_options(other.path()));
    }
    let compared = with(&run, &run.weights, &others)?;
    summary::print_reading(&args.read.exports, &run);
    compared::print(args, run.as_of, &compared)?;
    Ok(run.exit())
}

/// The people of a run by its own ruler and by others.
pub(crate) fn with(run: &Run, own: &Weights, others: &[Weights]) -> anyhow::Result<Compared> {
    let named = |weights: &Weights| {
        Ok::<_, anyhow::Error>(Named { name: weights.path().to_owned(), by: run.ruled_by(weights)? })
    };
    let rulers = std::iter::once(own).chain(others).map(named).collect::<Result<Vec<_>, _>>()?;
    let scorings = rulers.iter().map(|ruler| run.scoring_by(&ruler.by)).collect::<Result<Vec<_>, _>>()?;
    let (rows, dependent) = side_by_side(&scorings);
    drop(scorings);
    let pairs = (0..rulers.len()).flat_map(|a| (a + 1..rulers.len()).map(move |b| (a, b)));
    let agreements = pairs.map(|of| agreement(&rows, of)).collect();
    Ok(Compared { rulers, rows, dependent, agreements })
}

fn other_options(path: &str) -> anyhow::Error {
    anyhow!(
        "{path}: its options of adapters are not those of the first weights file, and the input is read only once; \
         score by it alone, or give all files the same table [adapters]"
    )
}

/// Scorings of the same records and people, side by side; and who depends on the ruler most.
fn side_by_side(scorings: &[Scoring<'_>]) -> (Vec<Row>, Vec<usize>) {
    let all: Vec<&Scoring<'_>> = scorings.iter().collect();
    let directory = Directory::of(&all);
    let scores: Vec<Vec<Option<Score>>> = all.iter().map(|scoring| scoring.scores(&directory)).collect();
    let ranks: Vec<Ranks> = scores.iter().map(|scores| Ranks::of(scores)).collect();
    let row = |place: u32| {
        let placed = |(scores, ranks): (&Vec<Option<Score>>, &Ranks)| {
            scores[place as usize].map(|score| Placed { score, rank: ranks.rank(score) })
        };
        let under: Vec<Option<Placed>> = scores.iter().zip(&ranks).map(placed).collect();
        let ranks = || under.iter().flatten().map(|placed| placed.rank);
        let spread = ranks().max().unwrap_or(0) - ranks().min().unwrap_or(0);
        Row { person: directory.name(&scorings[0], place), under, spread }
    };
    let mut rows: Vec<Row> = (0..directory.len() as u32).into_par_iter().map(row).collect();
    rows.par_sort_by_key(|row| row.under[0].map_or(u32::MAX, |placed| placed.rank));
    let mut dependent: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].spread > 0).collect();
    let by_spread = |&row: &usize| (Reverse(rows[row].spread), &rows[row].person);
    if dependent.len() > DEPENDENT {
        dependent.select_nth_unstable_by(DEPENDENT, |a, b| by_spread(a).cmp(&by_spread(b)));
        dependent.truncate(DEPENDENT);
    }
    dependent.sort_by(|a, b| by_spread(a).cmp(&by_spread(b)));
    (rows, dependent)
}

fn agreement(rows: &[Row], of: (usize, usize)) -> Agreement {
    let both = rows.iter().filter_map(|row| Some((row.under[of.0]?.rank, row.under[of.1]?.rank)));
    let (a, b): (Vec<u32>, Vec<u32>) = both.unzip();
    let tau = Some(kendall_tau_b(&a, &b)).filter(|tau| !tau.is_nan());
    Agreement { of, tau, first: overlap(&a, &b, FIRST) }
}
