//! `renown merge`: several state files as one.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::{EngineError, Progress, input, state};

use crate::cli::MergeArgs;
use crate::exit::Exit;
use crate::pipeline::use_threads;
use crate::progress;
use crate::states;
use crate::tally::Written;

pub(crate) fn run(args: &MergeArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    use_threads(args.threads)?;
    let inputs = input::find(&args.states)?;
    let (files, others) = state::sort_out(inputs.clone())?;
    if let Some(other) = others.first() {
        let why = "expected a state file, named itself and unpacked, as `renown tally` writes one of exports";
        return Err(EngineError::Data(format!("{}: {why}", other.name)).into());
    }
    let read_with = states::read_with(&files, None)?;
    let tally = Tally::new(Arc::new(Words::new()), states::last_day(&files, None)?)?;
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let mut report =
        progress::watch(&progress, &inputs, args.quiet, || states::read_into(&files, &tally, &progress))?;
    report.bytes = progress.bytes.load(Ordering::Relaxed);
    Written { report, read_with, progress, started, rejects: None, quiet: args.quiet }
        .write(tally, &args.out)?;
    Ok(Exit::Ok)
}
