//! What plugins print where they may not: on standard output, which is the host's.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{MemfdFlags, memfd_create};

/// Standard output while plugins are tried: what is written there is kept, and goes nowhere.
#[derive(Debug)]
pub struct Printed {
    was: OwnedFd,
    kept: File,
}

impl Printed {
    /// From now on.
    ///
    /// # Errors
    /// The system's.
    pub fn keep() -> io::Result<Self> {
        let was = io::stdout().as_fd().try_clone_to_owned()?;
        let kept = File::from(memfd_create("renown-printed", MemfdFlags::CLOEXEC)?);
        rustix::stdio::dup2_stdout(&kept)?;
        Ok(Self { was, kept })
    }

    /// Until now. Gives the beginning of what was printed.
    ///
    /// # Errors
    /// The system's.
    pub fn end(mut self) -> io::Result<String> {
        const SHOWN: u64 = 200;
        // SAFETY: of all streams of C's library; what plugins printed may wait there until the process ends.
        unsafe { libc::fflush(std::ptr::null_mut()) };
        rustix::stdio::dup2_stdout(&self.was)?;
        self.kept.rewind()?;
        let mut printed = Vec::new();
        self.kept.take(SHOWN).read_to_end(&mut printed)?;
        Ok(crate::library::plain(&String::from_utf8_lossy(&printed)))
    }
}
