//! A temporary file for rows that memory has no room for.
//!
//! It has no name, so the system frees it however the program ends. Blocks are compressed (zstd), and each is checked
//! when it comes back (XXH3).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use renown_core::scratch::{Scratch, ScratchError};
use twox_hash::XxHash3_64;

/// Fast; higher levels gain little on columns of integers.
const LEVEL: i32 = 1;
/// Blocks begin at multiples of this, so that a file system can give back what each took.
const ALIGNMENT: u64 = 4_096;

/// A temporary file of blocks.
#[derive(Debug)]
pub struct ScratchFile {
    folder: PathBuf,
    cancelled: Arc<AtomicBool>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    end: u64,
    places: Vec<Place>,
    /// How many bytes there are, and the most there were.
    held: u64,
    most: u64,
}

/// Where a block is.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: u64,
    stored: usize,
    raw: usize,
    sum: u64,
}

impl ScratchFile {
    /// In this folder. It refuses everything once the flag is set, so that what needs it comes to an end.
    ///
    /// # Errors
    /// Those of the system, such as when nothing may be written there.
    pub fn new(folder: &Path, cancelled: Arc<AtomicBool>) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        let state = State { file, end: 0, places: Vec::new(), held: 0, most: 0 };
        Ok(Self { folder: folder.to_owned(), cancelled, state: Mutex::new(state) })
    }

    /// The most bytes that it took at once.
    pub fn most(&self) -> u64 {
        self.state().most
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Result<(), ScratchError> {
        if self.cancelled.load(Ordering::Relaxed) { Err(ScratchError::Interrupted) } else { Ok(()) }
    }

    fn error(&self, what: &str, error: &io::Error) -> ScratchError {
        let folder = self.folder.display();
        let hint = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ". Make room there, pass another folder with --scratch, or give more --memory"
            }
            _ => "",
        };
        ScratchError::Failed(format!(
            "{folder}: rows that memory has no room for cannot be {what}: {error}{hint}"
        ))
    }
}

impl Scratch for ScratchFile {
    fn put(&self, block: Vec<u8>) -> Result<u64, ScratchError> {
        self.check()?;
        let packed = zstd::bulk::compress(&block, LEVEL).map_err(|error| self.error("written", &error))?;
        let mut state = self.state();
        let place = Place {
            at: state.end,
            stored: packed.len(),
            raw: block.len(),
            sum: XxHash3_64::oneshot(&packed),
        };
        let written = state.file.seek(SeekFrom::Start(place.at)).and_then(|_| state.file.write_all(&packed));
        written.map_err(|error| self.error("written", &error))?;
        state.end = (place.at + packed.len() as u64).next_multiple_of(ALIGNMENT);
        state.held += place.size();
        state.most = state.most.max(state.held);
        state.places.push(place);
        Ok(state.places.len() as u64 - 1)
    }

    fn get(&self, number: u64) -> Result<Vec<u8>, ScratchError> {
        self.check()?;
        let (packed, place) = {
            let mut state = self.state();
            let place = state.places[number as usize];
            let mut packed = vec![0; place.stored];
            let read =
                state.file.seek(SeekFrom::Start(place.at)).and_then(|_| state.file.read_exact(&mut packed));
            read.map_err(|error| self.error("read back", &error))?;
            (packed, place)
        };
        if XxHash3_64::oneshot(&packed) != place.sum {
            let changed = io::Error::new(io::ErrorKind::InvalidData, "they are not what was written");
            return Err(self.error("read back", &changed));
        }
        zstd::bulk::decompress(&packed, place.raw).map_err(|error| self.error("read back", &error))
    }

    fn forget(&self, number: u64) {
        let mut state = self.state();
        let place = state.places[number as usize];
        state.held -= place.size();
        give_back(&state.file, place);
    }
}

impl Place {
    /// What it takes of the disk.
    fn size(self) -> u64 {
        (self.stored as u64).next_multiple_of(ALIGNMENT)
    }
}

/// Gives a block's place back to the file system. Where that is not possible, it is free when the file is.
#[cfg(target_os = "linux")]
fn give_back(file: &File, place: Place) {
    use rustix::fs::{FallocateFlags, fallocate};
    let _ = fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, place.at, place.size());
}

#[cfg(not(target_os = "linux"))]
fn give_back(_: &File, _: Place) {}

/// How many bytes may still be written in a folder, where the system says so.
#[cfg(unix)]
pub fn free_space(folder: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(folder).ok()?;
    Some(system.f_bavail.saturating_mul(system.f_frsize))
}

/// How many bytes may still be written in a folder, where the system says so.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_comes_back_and_what_is_forgotten_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = ScratchFile::new(folder.path(), Arc::default()).unwrap();
        let noise = |seed: u64| -> Vec<u8> {
            (0..50_000_u64).map(|at| ((at + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
        };
        let blocks = [Vec::new(), vec![7; 300_000], noise(1), noise(2)];
        let numbers = blocks.clone().map(|block| scratch.put(block).unwrap());
        for (number, block) in numbers.into_iter().zip(&blocks).rev() {
            assert_eq!(&scratch.get(number).unwrap(), block);
        }
        let most = scratch.most();
        scratch.forget(numbers[2]);
        assert_eq!(scratch.get(numbers[3]).unwrap(), blocks[3]);
        scratch.put(noise(3)).unwrap();
        assert_eq!(scratch.most(), most);
        // The file has no name, so nothing is left of it.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_block_that_was_changed_is_no_block() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = ScratchFile::new(folder.path(), Arc::default()).unwrap();
        let number = scratch.put(vec![1; 10_000]).unwrap();
        {
            let mut state = scratch.state();
            state.file.seek(SeekFrom::Start(5)).unwrap();
            state.file.write_all(&[0xaa]).unwrap();
        }
        let error = scratch.get(number).unwrap_err();
        assert!(error.to_string().contains("not what was written"), "{error}");
        scratch.cancelled.store(true, Ordering::Relaxed);
        assert_eq!(scratch.put(Vec::new()), Err(ScratchError::Interrupted));
    }
}
