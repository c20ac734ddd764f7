//! How much memory a run may take, and where rows go that it has no room for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, anyhow};
use bytesize::ByteSize;
use renown_core::scratch::Room;
use renown_engine::EngineError;
use renown_engine::input::Input;
use renown_engine::scratch::{ScratchFile, free_space};

use crate::cli::MemoryArgs;
use crate::summary::{print_lines, size};

/// What is left to everything but accounts and rows: buffers of readers, batches of threads, what the allocator has not yet given
/// back. Measured, and something to spare.
const BESIDE: u64 = 384 << 20;
/// The least that can be asked for.
const LEAST: u64 = 2 * BESIDE;
/// How many bytes are laid aside for each byte of input: more than were ever measured, of tables in Parquet, which say the most
/// in the fewest bytes.
const LAID_ASIDE: u64 = 2;

/// A limit that the user gave.
#[derive(Debug)]
pub(crate) struct Limit {
    bytes: u64,
    folder: PathBuf,
    scratch: Arc<ScratchFile>,
}

impl Limit {
    /// The limit, if there is one.
    pub(crate) fn of(args: &MemoryArgs, cancelled: &Arc<AtomicBool>) -> anyhow::Result<Option<Self>> {
        let Some(ByteSize(bytes)) = args.memory else { return Ok(None) };
        if bytes < LEAST {
            return Err(anyhow!(
                "--memory {}: expected at least {}, which reading takes beside accounts and rows",
                ByteSize(bytes).display().iec(),
                ByteSize(LEAST).display().iec()
            ));
        }
        let folder = args.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let scratch = ScratchFile::new(&folder, cancelled.clone()).with_context(|| {
            format!("--scratch {}: cannot write a temporary file there", folder.display())
        })?;
        Ok(Some(Self { bytes, folder, scratch: Arc::new(scratch) }))
    }

    /// Says how much of the disk may be needed, if any, and whether it is there.
    pub(crate) fn foretell(&self, inputs: &[Input], quiet: bool) -> Result<(), EngineError> {
        let input: u64 = inputs.iter().map(Input::size).sum();
        let needed = input.saturating_mul(LAID_ASIDE);
        // What is held in memory takes several times what it takes on disk.
        if needed.saturating_mul(2) < self.bytes - BESIDE {
            return Ok(());
        }
        let (folder, free) = (self.folder.display(), free_space(&self.folder));
        let size = |bytes: u64| size(bytes as f64);
        if let Some(free) = free.filter(|free| *free < needed) {
            return Err(EngineError::Usage(format!(
                "{folder}: rows that memory has no room for may take {} there, and {} are free. Make room, pass another \
                 folder with --scratch, or give more --memory",
                size(needed),
                size(free)
            )));
        }
        if !quiet {
            let free =
                free.map_or_else(String::new, |free| format!(" of the {} that are free there", size(free)));
            print_lines(&[("scratch", format!("at most {} in {folder}{free}", size(needed)))]);
        }
        Ok(())
    }

    /// The room for accounts and rows.
    pub(crate) fn room(&self) -> Room {
        let bytes = usize::try_from(self.bytes - BESIDE).unwrap_or(usize::MAX);
        Room::new(bytes, self.scratch.clone())
    }

    /// The most that was laid aside at once.
    pub(crate) fn most_laid_aside(&self) -> u64 {
        self.scratch.most()
    }

    /// Where rows were laid aside.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
