//! `renown tally`: exports as a state file.

use std::path::Path;
use std::time::Instant;

use renown_core::tally::Tally;
use renown_engine::report::Report;
use renown_engine::state::{self, About, ReadWith};
use renown_engine::{EngineError, Progress};

use crate::cli::TallyArgs;
use crate::config::weights;
use crate::exit::Exit;
use crate::pipeline::{Gathered, read};
use crate::summary;
use crate::write::write_private;

pub(crate) fn run(args: &TallyArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    // For the plugins that it names and the options of adapters: no weight is applied, or kept.
    let mut weights = weights(args.read.exports.run.weights.as_deref(), &args.read.exports.run.sets)?;
    let Gathered { tally, report, read_with, plugin_failed, progress, parts: _, limit: _ } =
        read(&args.read, &mut weights, false, None)?;
    let exports = &args.read.exports;
    let rejects = exports.rejects.as_deref();
    let written = Written { report, read_with, progress, started, rejects, quiet: exports.run.quiet };
    written.write(tally, &args.out)?;
    Ok(if plugin_failed { Exit::Plugin } else { Exit::Ok })
}

/// What is written beside a tally, and said of it.
pub(crate) struct Written<'a> {
    pub(crate) report: Report,
    pub(crate) read_with: ReadWith,
    pub(crate) progress: Progress,
    pub(crate) started: Instant,
    pub(crate) rejects: Option<&'a Path>,
    pub(crate) quiet: bool,
}

impl Written<'_> {
    /// Writes a state file, and says what is in it.
    pub(crate) fn write(self, tally: Tally, path: &Path) -> anyhow::Result<()> {
        let about = About::new(&tally, &self.report, self.read_with);
        let mut lines = summary::of_reading(&self.report, tally.words(), &tally.counts(), self.rejects);
        lines.extend(summary::left_out(tally.later()));
        let mut accounts = 0;
        let cancelled = self.progress.cancelled.clone();
        let result = write_private(path, |out| {
            accounts = state::write(tally, &about, out, &self.progress)?;
            Ok(())
        });
        if cancelled.load(std::sync::atomic::Ordering::Relaxed) && result.is_err() {
            return Err(EngineError::Interrupted.into());
        }
        result?;
        if !self.quiet {
            let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
            lines.push(("written", summary::written(path, size, accounts)));
            lines.push(("took", summary::took(&self.report, self.started)));
            summary::print_lines(&lines);
            eprintln!(
                "note: {} holds ids of accounts whose owners never agreed to anything: keep it as you keep the exports",
                path.display()
            );
        }
        Ok(())
    }
}
