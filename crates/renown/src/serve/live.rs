//! Records of a store, scored and held in memory: what questions are answered from.

use std::fmt;

use renown_core::acquaintance::Acquaintances;
use renown_core::curve::Score;
use renown_core::listing::Directory;
use renown_core::score::Scoring;
use self_cell::self_cell;

use crate::pipeline::Run;

/// A scoring, and what many questions need of it.
pub(super) struct Scored<'a> {
    pub(super) scoring: Scoring<'a>,
    /// Everybody by name, their scores in that order, and these alone.
    pub(super) directory: Directory,
    pub(super) by_name: Vec<Option<Score>>,
    pub(super) scores: Vec<Score>,
    pub(super) among: Acquaintances,
}

self_cell!(
    struct Cell {
        owner: Run,

        #[covariant]
        dependent: Scored,
    }
);

/// A run together with its scoring, which borrows from it.
pub(super) struct Live(Cell);

impl Live {
    /// Scores everybody of a run.
    pub(super) fn new(run: Run) -> anyhow::Result<Self> {
        let cell = Cell::try_new(run, |run| {
            let scoring = run.base()?;
            let directory = Directory::of(&[&scoring]);
            let by_name = scoring.scores(&directory);
            let scores = by_name.iter().copied().flatten().collect();
            let among = scoring.acquaintances().map_err(renown_engine::EngineError::from)?;
            anyhow::Ok(Scored { scoring, directory, by_name, scores, among })
        })?;
        Ok(Self(cell))
    }

    pub(super) fn run(&self) -> &Run {
        self.0.borrow_owner()
    }

    pub(super) fn scored(&self) -> &Scored<'_> {
        self.0.borrow_dependent()
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("as_of", &self.run().as_of).finish_non_exhaustive()
    }
}
