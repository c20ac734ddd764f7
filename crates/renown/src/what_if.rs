//! `renown what-if`: who would move under other weights.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use renown_core::curve::Score;
use renown_core::listing::Directory;
use renown_core::score::Scoring;
use renown_engine::EngineError;
use renown_weights::Weights;

use crate::cli::{MemoryArgs, StandingArgs, WhatIfArgs};
use crate::exit::{self, Exit};
use crate::output::{self, Named};
use crate::pipeline::{self, Ruled, Run, not_scored};
use crate::{config, rank_range, summary};

pub(crate) fn run(args: &WhatIfArgs) -> anyhow::Result<Exit> {
    let run_args = &args.read.exports.run;
    let changes = !run_args.sets.is_empty() || !args.sunset.is_empty() || args.rank_range;
    let against = match (&args.against, &run_args.weights) {
        (Some(path), _) => Some(path.as_path()),
        (None, Some(path)) if changes => Some(path.as_path()),
        _ => None,
    };
    if against.is_none() && run_args.weights.is_none() && !changes {
        let why = "nothing to try: pass --set KEY=VALUE, --weights FILE, --sunset NETWORK or --rank-range";
        return Err(EngineError::Usage(why.into()).into());
    }
    let watched = Watched::new(run_args.weights.as_deref().into_iter().chain(against));
    if args.watch && watched.files.is_empty() {
        return Err(EngineError::Usage("--watch: pass --weights, the file that is edited".into()).into());
    }
    // A slip in the tried weights is told before anything is read.
    let tried = config::weights(run_args.weights.as_deref(), &run_args.sets)?;
    // What is read depends on plugins and adapters' options, which are the tried weights'.
    let run = pipeline::run(&args.read, &args.who, &StandingArgs::default(), &MemoryArgs::default())?;
    summary::print_reading(&args.read.exports, &run);
    if args.rank_range {
        let ranges = rank_range::find(&run, args, &tried)?;
        output::rank_range(&args.print, &run, &ranges)?;
        return Ok(run.exit());
    }
    let now = run.ruled_by(&config::weights(against, &[])?)?;
    let base = Base::new(&run, &now)?;
    base.show(args, &tried)?;
    if args.watch {
        watch(args, &base, against, watched);
    }
    let exit = run.exit();
    // The process ends: to give all of it back, piece by piece, would take a twentieth of the time.
    std::mem::forget(base);
    std::mem::forget((now, run));
    Ok(exit)
}

/// What is tried is held against this.
struct Base<'a> {
    run: &'a Run,
    now: &'a Ruled,
    scoring: Scoring<'a>,
    directory: Directory,
    scores: Vec<Option<Score>>,
}

impl<'a> Base<'a> {
    fn new(run: &'a Run, now: &'a Ruled) -> anyhow::Result<Self> {
        let scoring = run.base_by(now)?;
        let directory = Directory::of(&[&scoring]);
        let scores = scoring.scores(&directory);
        Ok(Self { run, now, scoring, directory, scores })
    }

    fn show(&self, args: &WhatIfArgs, tried: &Weights) -> anyhow::Result<()> {
        let mut then = self.run.ruled_by(tried)?;
        for network in &args.sunset {
            sunset(&mut then, network)?;
        }
        let scoring = self.scoring.by(&then.ruler).map_err(not_scored)?;
        let (moves, directory) = self.directory.moves((&self.scoring, &self.scores), &scoring);
        let found = Named { moves: &moves, name: &|place| directory.name(&self.scoring, place) };
        output::moves(&args.print, self.run.as_of, [self.now, &then], found)
    }
}

/// Takes a network out: nothing that happened on it counts.
fn sunset(by: &mut Ruled, network: &str) -> anyhow::Result<()> {
    let Some(rules) = by.ruler.networks.iter_mut().find(|rules| rules.name == network) else {
        let known: Vec<&str> = by.ruler.networks.iter().map(|rules| rules.name.as_str()).collect();
        let why = format!("--sunset {network}: the records are of {}", known.join(", "));
        return Err(EngineError::Usage(why).into());
    };
    rules.weight = 0.0;
    by.stamp = format!("{} without {network}", by.stamp);
    Ok(())
}

/// Weights files, and when each was saved.
struct Watched<'a> {
    files: Vec<&'a Path>,
    saved: Vec<Option<SystemTime>>,
}

impl<'a> Watched<'a> {
    /// From now on; bundled weights are no files.
    fn new(weights: impl Iterator<Item = &'a Path>) -> Self {
        let files: Vec<&Path> = weights.filter(|path| !config::is_bundled(path)).collect();
        Self { saved: times(&files), files }
    }

    /// Whether one was saved since this was asked. While one is away, as where it is replaced, none was.
    fn is_saved(&mut self) -> bool {
        let now = times(&self.files);
        if now == self.saved || now.iter().any(Option::is_none) {
            return false;
        }
        self.saved = now;
        true
    }
}

fn times(files: &[&Path]) -> Vec<Option<SystemTime>> {
    files.iter().map(|path| path.metadata().and_then(|file| file.modified()).ok()).collect()
}

/// Tries again whenever one of the weights files is saved. What is wrong with it then is told, and the next save awaited.
fn watch(args: &WhatIfArgs, base: &Base<'_>, against: Option<&Path>, mut watched: Watched<'_>) {
    const PAUSE: Duration = Duration::from_millis(150);
    let run_args = &args.read.exports.run;
    eprintln!("watching {}; Ctrl-C ends", watched.files[0].display());
    while !base.run.cancelled.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE);
        if !watched.is_saved() {
            continue;
        }
        let again = || -> anyhow::Result<()> {
            let tried = config::weights(run_args.weights.as_deref(), &run_args.sets)?;
            let now = base.run.ruled_by(&config::weights(against, &[])?)?;
            if now.stamp == base.now.stamp {
                return base.show(args, &tried);
            }
            Base::new(base.run, &now)?.show(args, &tried)
        };
        match again() {
            Ok(()) => {}
            Err(error) if exit::is_broken_pipe(&error) => return,
            Err(error) => eprintln!("error: {}", exit::shown(&error)),
        }
    }
}
