//! State files: a tally on disk, to be merged with others and scored later.
//!
//! The core says what is in a state ([`renown_core::tally::state`]); here it is framed, compressed, checked and kept
//! together with what the summary of a run shows ([`About`]).

mod frames;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use renown_core::record::{Day, Timestamp};
use renown_core::tally::Tally;
use renown_core::tally::state::{BadBlock, Intake, Section, State};
use serde::{Deserialize, Serialize};

use crate::EngineError;
use crate::decode::Positioned;
use crate::ingest::Progress;
use crate::input::{Input, Place};
use crate::report::Report;
pub(crate) use frames::MAGIC;
use frames::{ABOUT, END, Frame, Frames, FramesOut, NoFrame, VERSION, pack};

/// Options that adapters read with, by adapter and option, where they are not at their defaults. An adapter that read with
/// defaults alone is there, too.
pub type ReadWith = BTreeMap<String, BTreeMap<String, String>>;

/// What a state file says of itself: counts of a run that are no part of the tally.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The last day, `2026-09-30`, if one was given: later records were left out.
    as_of: Option<String>,
    /// How many.
    later: u64,
    /// Records read.
    pub records: u64,
    /// How many of them take something back.
    pub undone: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// What was well-formed and no record.
    pub passed_over: BTreeMap<String, u64>,
    /// The adapters that read, and with which options.
    pub read_with: ReadWith,
}

impl About {
    /// Of a tally and what was met while it was filled.
    pub fn new(tally: &Tally, report: &Report, read_with: ReadWith) -> Self {
        Self {
            as_of: tally.until().map(|day| day.to_string()),
            later: tally.later(),
            records: report.records,
            undone: report.undone,
            rejected: report.rejected,
            passed_over: report.passed_over.iter().map(|(what, count)| (what.to_string(), *count)).collect(),
            read_with,
        }
    }

    /// The last day, if one was given.
    fn as_of(&self) -> Result<Option<Day>, ()> {
        let day = |text: &String| renown_sdk::time::parse(text).map(Timestamp::day).ok_or(());
        let day = self.as_of.as_ref().map(day).transpose()?;
        // In the one form in which it is written.
        if day.map(|day| day.to_string()) == self.as_of { Ok(day) } else { Err(()) }
    }

    /// What it counts, as a report.
    pub fn report(&self) -> Report {
        Report {
            states: 1,
            records: self.records,
            undone: self.undone,
            rejected: self.rejected,
            rejected_before: self.rejected,
            passed_over: self
                .passed_over
                .iter()
                .map(|(what, count)| (Cow::Owned(what.clone()), *count))
                .collect(),
            ..Report::default()
        }
    }
}

/// A state file, of which the beginning was read.
#[derive(Debug)]
pub struct StateFile {
    /// How messages call it.
    pub name: String,
    /// What it says of itself.
    pub about: About,
    /// The last day that was given when it was made, if any.
    pub as_of: Option<Day>,
    input: Input,
}

/// Takes the state files out of what the user named; the others remain, in their order. They are told by what they begin
/// with. Only files named themselves are: a folder may hold the exports that a state in it was made of.
///
/// # Errors
/// [`EngineError::Data`] if a state file is damaged or of another version.
pub fn sort_out(inputs: Vec<Input>) -> Result<(Vec<StateFile>, Vec<Input>), EngineError> {
    let (mut states, mut others) = (Vec::new(), Vec::new());
    for input in inputs {
        if is_state(&input)? {
            states.push(StateFile::begin(input)?.0);
        } else {
            others.push(input);
        }
    }
    Ok((states, others))
}

fn is_state(input: &Input) -> Result<bool, EngineError> {
    let Place::Disk(path) = &input.place else { return Ok(false) };
    if !input.explicit {
        return Ok(false);
    }
    let file = File::open(path).map_err(|error| EngineError::data(&input.name, error))?;
    // By position, so that nothing is taken out of a pipe.
    Ok(Positioned::new(file).begins_with(MAGIC))
}

/// What is said of a state file where it is not read.
pub(crate) const ELSEWHERE: &str = "a state file of renown. Name it itself, unpacked: in a folder, an archive or a stream it is \
                                    not read, since what it was made of may be there as well and would count twice";

type Reading = Frames<BufReader<File>>;

impl StateFile {
    /// Reads up to the first section.
    fn begin(input: Input) -> Result<(Self, Reading), EngineError> {
        let name = &input.name;
        let Place::Disk(path) = &input.place else { return Err(EngineError::data(name, ELSEWHERE)) };
        let bytes = File::open(path).map_err(|error| EngineError::data(name, error))?;
        let mut bytes = BufReader::with_capacity(1 << 20, bytes);
        let (mut magic, mut version) = ([0; MAGIC.len()], [0]);
        let start = bytes.read_exact(&mut magic).and_then(|()| bytes.read_exact(&mut version));
        start.map_err(|_| no_frame(name, NoFrame::CutOff(MAGIC.len() as u64)))?;
        if version[0] != VERSION {
            let other = if version[0] > VERSION { "newer" } else { "older" };
            return Err(EngineError::data(
                name,
                format!(
                    "a state file of format {}, and this program reads format {VERSION}: use the {other} renown that wrote it, \
                     or make it anew from the exports with `renown tally`",
                    version[0]
                ),
            ));
        }
        let mut frames = Frames::new(bytes);
        let frame = frames.next().map_err(|error| no_frame(name, error))?;
        let (is_about, place) = (frame.section() == ABOUT, frame.place());
        let block = frame.unpack().map_err(|why| damaged(name, &place, why))?;
        let about: Option<About> = serde_json::from_slice(&block).ok().filter(|_| is_about);
        let as_of = about.as_ref().map(About::as_of);
        let (Some(about), Some(Ok(as_of))) = (about, as_of) else {
            return Err(damaged(name, &place, "it does not say what the file holds"));
        };
        Ok((Self { name: name.clone(), about, as_of, input }, frames))
    }

    /// Reads it into a tally. Gives the last day of its records.
    ///
    /// # Errors
    /// [`EngineError::Data`] if it is damaged; the tally is of no use then. [`EngineError::Interrupted`].
    pub fn read_into(&self, tally: &Tally, progress: &Progress) -> Result<Option<Day>, EngineError> {
        // From the beginning: it may be another file by now.
        let (again, mut frames) = Self::begin(self.input.clone())?;
        let name = &self.name;
        if again.about != self.about {
            return Err(EngineError::data(name, "the file was changed while it was read"));
        }
        let mut intake = Intake::new(tally);
        let mut runs = Runs { name, frames: &mut frames, first_of_next: None, progress };
        let mut run = runs.next()?;
        while !run.is_empty() {
            // The next ones are read while these are taken in.
            let (next, taken) = rayon::join(|| runs.next(), || take(name, &mut intake, run));
            taken?;
            run = next?;
        }
        frames.end().map_err(|error| no_frame(name, error))?;
        let newest = intake.finish().map_err(|error| EngineError::data(name, wrong("", error)))?;
        tally.leave_out(self.about.later);
        Ok(newest)
    }
}

/// Frames in runs that are taken in together, all of one section.
struct Runs<'n, 'f> {
    name: &'n str,
    frames: &'f mut Reading,
    /// What was read and did not fit into the last run.
    first_of_next: Option<Frame>,
    progress: &'n Progress,
}

impl Runs<'_, '_> {
    /// How many bytes of blocks are taken in together: enough for all threads, and little beside a tally.
    const TOGETHER: usize = 32 << 20;

    /// The next run; none after the last section.
    fn next(&mut self) -> Result<Vec<Frame>, EngineError> {
        let (mut run, mut bytes) = (Vec::<Frame>::new(), 0);
        loop {
            let frame = self.first_of_next.take().map_or_else(|| self.frame(), Ok)?;
            let is_same = run.first().is_none_or(|first| first.section() == frame.section());
            bytes += frame.raw();
            let is_full = !run.is_empty() && bytes > Self::TOGETHER;
            if !is_same || is_full {
                self.first_of_next = Some(frame);
                return Ok(run);
            }
            if frame.section() == END {
                let place = frame.place();
                return match frame.unpack() {
                    Ok(rest) if rest.is_empty() => Ok(run),
                    Ok(_) => Err(damaged(self.name, &place, "it is not empty")),
                    Err(why) => Err(damaged(self.name, &place, why)),
                };
            }
            run.push(frame);
        }
    }

    fn frame(&mut self) -> Result<Frame, EngineError> {
        if self.progress.cancelled.load(Ordering::Relaxed) {
            return Err(EngineError::Interrupted);
        }
        let frame = self.frames.next().map_err(|error| no_frame(self.name, error))?;
        self.progress.bytes.fetch_add(frame.size(), Ordering::Relaxed);
        Ok(frame)
    }
}

/// Takes in a run of frames.
fn take(name: &str, intake: &mut Intake<'_>, run: Vec<Frame>) -> Result<(), EngineError> {
    let Some(section) = run.first().map(Frame::section) else { return Ok(()) };
    let places: Vec<String> = run.iter().map(Frame::place).collect();
    let blocks: Vec<Result<Vec<u8>, &str>> = run.into_par_iter().map(Frame::unpack).collect();
    let blocks = blocks.into_iter().zip(&places);
    let blocks: Vec<Vec<u8>> = blocks
        .map(|(block, place)| block.map_err(|why| damaged(name, place, why)))
        .collect::<Result<_, _>>()?;
    let Some(section) = Section::of_code(section) else {
        return Err(damaged(name, &places[0], "there is no such section"));
    };
    intake.take(section, &blocks).map_err(|BadBlock { index, error }| {
        EngineError::data(name, wrong(&format!("{}: ", places[index]), error))
    })
}

/// Writes a tally and what is to be said of it. Uses the current rayon thread pool. Gives the number of accounts.
///
/// # Errors
/// What the writer reports; [`io::ErrorKind::Interrupted`] if the run was.
pub fn write(tally: Tally, about: &About, out: impl Write, progress: &Progress) -> io::Result<usize> {
    let mut out = FramesOut::new(out)?;
    out.write([pack(ABOUT, 0, serde_json::to_vec(about)?)])?;
    let state = State::new(tally);
    for blocks in state.blocks().chunks(4 * rayon::current_num_threads()) {
        if progress.cancelled.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let first = out.next();
        let frames: Vec<io::Result<Vec<u8>>> = (first..first + blocks.len() as u32)
            .into_par_iter()
            .zip(blocks)
            .map(|(number, block)| pack(block.section.code(), number, state.encode(block)))
            .collect();
        out.write(frames)?;
    }
    let last = out.next();
    out.write([pack(END, last, Vec::new())])?;
    Ok(state.accounts())
}

fn damaged(name: &str, place: &str, why: &str) -> EngineError {
    EngineError::data(
        name,
        format!("{place}: {why}. The file is damaged: fetch it again, or make it anew with `renown tally`"),
    )
}

/// What was written as it is, and cannot be part of a state.
fn wrong(place: &str, why: impl std::fmt::Display) -> String {
    format!(
        "{place}{why}. The file was not written by renown, or is not what it was: make it anew with `renown tally`"
    )
}

fn no_frame(name: &str, error: NoFrame) -> EngineError {
    match error {
        NoFrame::Io(error) => EngineError::data(name, error),
        NoFrame::CutOff(at) => EngineError::data(
            name,
            format!(
                "the file ends within or before what begins at byte {at}: is the copy complete? Fetch it again, or make it \
                 anew with `renown tally`"
            ),
        ),
        NoFrame::Damaged(at, why) => damaged(name, &format!("byte {at}"), why),
    }
}
