//! The same bytes, the same records: on several threads at once, and at another time.

use std::time::{Duration, Instant};

use super::Findings;
use super::robust::difference;
use super::run::{Cut, Opened, Outcome, run_as};
use crate::{Adapter, Case};

const THREADS: usize = 4;
const ROUNDS: usize = 8;

/// Reads a case's file with one reader on several threads at once, each all of it.
pub(super) fn on_threads(adapter: &dyn Adapter, case: &Case, place: &str, findings: &mut Findings) {
    // What cannot be opened was said before.
    let Ok(opened) = Opened::case(adapter, case) else { return };
    let batches = opened.batches(case.input.as_bytes(), 64);
    let read = || {
        let mut recorder = opened.recorder();
        let failed = opened.read(&batches, &mut recorder).err();
        recorder.lines.extend(failed.map(|failure| failure.to_string()));
        recorder.lines
    };
    let alone = read();
    let together: Vec<Vec<String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| (0..ROUNDS).map(|_| read()).find(|lines| *lines != alone)))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap_or_else(|_| Some(vec!["a panic".into()])))
            .collect()
    });
    if let Some(other) = together.first() {
        findings.0.push(format!(
            "{place}: read on {THREADS} threads at once, it gives something else than on one. A reader is shared: keep nothing \
             in it that changes:\n{}",
            difference(&alone, other)
        ));
    }
}

/// What the cases gave at one time, to be held against another.
pub(super) struct Before {
    at: Instant,
    outcomes: Vec<(&'static Case, Option<Outcome>)>,
}

impl Before {
    pub(super) fn new(adapter: &dyn Adapter, cases: &[&'static Case]) -> Self {
        let outcomes = cases.iter().map(|case| (*case, outcome(adapter, case))).collect();
        Self { at: Instant::now(), outcomes }
    }

    /// Runs all cases again, at least a second later, so that every clock that tells seconds has gone on.
    pub(super) fn check(self, adapter: &dyn Adapter, findings: &mut Findings) {
        std::thread::sleep(Duration::from_millis(1_100).saturating_sub(self.at.elapsed()));
        for (case, before) in self.outcomes {
            if outcome(adapter, case) != before {
                findings.0.push(format!(
                    "{}: case `{}` gives something else a second later. No clock, no environment and no randomness may \
                     reach a record: what a file does not date stays undated",
                    adapter.manifest().name,
                    case.name
                ));
            }
        }
    }
}

fn outcome(adapter: &dyn Adapter, case: &Case) -> Option<Outcome> {
    run_as(adapter, case, case.input.as_bytes(), Cut::WHOLE).ok()
}
