//! Frames: what a state file is made of, each checked by itself.
//!
//! A file is [`MAGIC`], the version of the format in one byte, and frames:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the section: [`ABOUT`] first, then those of [`Section`], [`END`] last |
//! | 4 | which frame it is, from 0 |
//! | 4 | how many bytes the block has |
//! | 4 | how many bytes it takes here; if as many, it is not compressed, else by zstd |
//! | 8 | the XXH3 of the 13 bytes before and of the bytes that follow |
//! | … | the block |
//!
//! All integers are little-endian. So that a file cannot ask for memory which it does not justify, no block expands to
//! more than [`EXPANSION`] times what it takes, and those that would are not compressed.

use std::hash::Hasher;
use std::io::{self, Read, Write};

use renown_core::tally::state::Section;
use twox_hash::XxHash3_64;

/// What a state file begins with, whatever its version.
pub(crate) const MAGIC: &[u8] = b"RENOWNT";

/// The version of the format.
pub(super) const VERSION: u8 = 1;

/// What the file holds: a JSON document.
pub(super) const ABOUT: u8 = 0;
/// Nothing follows.
pub(super) const END: u8 = u8::MAX;

/// How much larger than its compressed bytes a block may be.
const EXPANSION: usize = 256;
/// The most bytes of a block.
const LARGEST: usize = 64 << 20;
/// Fast; higher levels gain little on columns of integers.
const LEVEL: i32 = 1;
/// The bytes of a frame before its sum.
const HEAD: usize = 13;

/// A frame as it lies in the file, its sum not yet checked.
#[derive(Debug)]
pub(super) struct Frame {
    /// Where it begins.
    pub(super) at: u64,
    head: [u8; HEAD],
    sum: [u8; 8],
    stored: Vec<u8>,
}

/// A frame made of a block.
pub(super) fn pack(section: u8, number: u32, block: Vec<u8>) -> io::Result<Vec<u8>> {
    if block.len() > LARGEST {
        let why = format!("a part of the state has {} bytes, and {LARGEST} are the most", block.len());
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    let raw = block.len();
    let packed = zstd::bulk::compress(&block, LEVEL)?;
    let is_smaller = packed.len() < raw && raw <= packed.len() * EXPANSION;
    let stored = if is_smaller { packed } else { block };
    let mut frame = Vec::with_capacity(HEAD + 8 + stored.len());
    frame.push(section);
    frame.extend(number.to_le_bytes());
    frame.extend((raw as u32).to_le_bytes());
    frame.extend((stored.len() as u32).to_le_bytes());
    let sum = sum(&frame, &stored);
    frame.extend(sum);
    frame.extend(stored);
    Ok(frame)
}

fn sum(head: &[u8], stored: &[u8]) -> [u8; 8] {
    let mut hasher = XxHash3_64::new();
    hasher.write(head);
    hasher.write(stored);
    hasher.finish().to_le_bytes()
}

impl Frame {
    fn number_at(&self, at: usize) -> u32 {
        u32::from_le_bytes(std::array::from_fn(|byte| self.head[at + byte]))
    }

    /// Its section.
    pub(super) fn section(&self) -> u8 {
        self.head[0]
    }

    /// How many bytes its block has.
    pub(super) fn raw(&self) -> usize {
        self.number_at(5) as usize
    }

    /// How many bytes it takes.
    pub(super) fn size(&self) -> u64 {
        (HEAD + 8 + self.stored.len()) as u64
    }

    /// Where messages say that it is.
    pub(super) fn place(&self) -> String {
        let section = match self.section() {
            ABOUT => "about",
            END => "end",
            code => Section::of_code(code).map_or("unknown", Section::name),
        };
        format!("section `{section}`, byte {}", self.at)
    }

    /// Checks it and gives its block.
    pub(super) fn unpack(self) -> Result<Vec<u8>, &'static str> {
        if sum(&self.head, &self.stored) != self.sum {
            return Err("its check sum is wrong");
        }
        let raw = self.raw();
        if self.stored.len() == raw {
            return Ok(self.stored);
        }
        match zstd::bulk::decompress(&self.stored, raw) {
            Ok(block) if block.len() == raw => Ok(block),
            _ => Err("it does not decompress to the length that it says"),
        }
    }
}

/// Reads frames one after another.
#[derive(Debug)]
pub(super) struct Frames<R> {
    bytes: R,
    at: u64,
    next: u32,
}

/// Why there is no frame where there should be one.
#[derive(Debug)]
pub(super) enum NoFrame {
    /// The system says so.
    Io(io::Error),
    /// The file ends too soon.
    CutOff(u64),
    /// What stands there is none: where, and why.
    Damaged(u64, &'static str),
}

impl<R: Read> Frames<R> {
    /// From the byte after magic and version.
    pub(super) fn new(bytes: R) -> Self {
        Self { bytes, at: MAGIC.len() as u64 + 1, next: 0 }
    }

    /// The next frame, which must be there.
    pub(super) fn next(&mut self) -> Result<Frame, NoFrame> {
        let (mut head, mut sum) = ([0; HEAD], [0; 8]);
        self.fill(&mut head)?;
        self.fill(&mut sum)?;
        let mut frame = Frame { at: self.at, head, sum, stored: Vec::new() };
        let (number, raw, stored) = (frame.number_at(1), frame.raw(), frame.number_at(9) as usize);
        let damaged = |why| Err(NoFrame::Damaged(self.at, why));
        if number != self.next {
            return damaged("another part of the file belongs here");
        }
        if stored > raw || raw > LARGEST || raw > stored.saturating_mul(EXPANSION) {
            return damaged("its lengths cannot be");
        }
        // Much that is not there is not made room for.
        frame.stored.reserve_exact(stored.min(1 << 20));
        (&mut self.bytes).take(stored as u64).read_to_end(&mut frame.stored).map_err(NoFrame::Io)?;
        if frame.stored.len() < stored {
            return Err(NoFrame::CutOff(self.at));
        }
        self.at += (HEAD + 8 + stored) as u64;
        self.next = self.next.wrapping_add(1);
        Ok(frame)
    }

    /// Nothing may follow the last frame.
    pub(super) fn end(mut self) -> Result<(), NoFrame> {
        match self.bytes.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(NoFrame::Damaged(self.at, "something follows the end")),
            Err(error) => Err(NoFrame::Io(error)),
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), NoFrame> {
        self.bytes.read_exact(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => NoFrame::CutOff(self.at),
            _ => NoFrame::Io(error),
        })
    }
}

/// Writes frames, numbered.
#[derive(Debug)]
pub(super) struct FramesOut<W> {
    out: W,
    next: u32,
}

impl<W: Write> FramesOut<W> {
    /// Begins a file.
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        out.write_all(&[VERSION])?;
        Ok(Self { out, next: 0 })
    }

    /// The number of the next frame.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    /// Writes frames that were packed under the next numbers.
    pub(super) fn write(&mut self, frames: impl IntoIterator<Item = io::Result<Vec<u8>>>) -> io::Result<()> {
        for frame in frames {
            self.out.write_all(&frame?)?;
            self.next += 1;
        }
        Ok(())
    }
}
