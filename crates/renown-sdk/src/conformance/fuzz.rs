//! Fuzzing an adapter: damaged inputs for as long as one likes, and a corpus of those that once found something.

use std::path::Path;
use std::time::{Duration, Instant};

use super::Findings;
use super::mutate::Mutator;
use super::robust::{cases, finding, flaw, mutated};
use crate::{Adapter, Case};

/// How many damaged inputs a test tries.
const FEW: u64 = 1_000;

/// How long, and from which seed, the environment asks for.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// The seed of the mutations: `RENOWN_FUZZ_SEED`, or 1.
    pub seed: u64,
    /// How long: `RENOWN_FUZZ_SECONDS`, or a fixed number of inputs.
    pub time: Option<Duration>,
    begun: Instant,
}

impl Effort {
    /// What the environment says.
    pub fn of_environment() -> Self {
        let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let time = number("RENOWN_FUZZ_SECONDS").map(Duration::from_secs);
        Self { seed: number("RENOWN_FUZZ_SEED").unwrap_or(1), time, begun: Instant::now() }
    }

    /// Whether to go on after so many inputs, of which a test without a time takes `few`.
    pub fn goes_on(&self, done: u64, few: u64) -> bool {
        self.time.map_or(done < few, |time| self.begun.elapsed() < time)
    }

    /// Says what was done, for whoever watches.
    pub fn report(&self, target: &str, done: u64, findings: usize) {
        let seconds = self.begun.elapsed().as_secs_f64();
        eprintln!(
            "fuzz {target}: {done} inputs in {seconds:.1} s from seed {}, {findings} findings",
            self.seed
        );
    }
}

/// Reads every file of a corpus, then damaged inputs made of the adapter's example and cases, and holds each against
/// what [`check`](super::check) asks of bad input. `RENOWN_FUZZ_SECONDS` makes it long; then what is found is made
/// small and kept in the corpus.
///
/// A corpus file is the name of a case, a line break, and the input that takes the place of the case's own.
///
/// # Panics
/// If the corpus cannot be read or written.
pub fn fuzz(adapter: &dyn Adapter, corpus: &Path) -> Findings {
    let (mut findings, cases, effort) = (Findings::default(), cases(adapter), Effort::of_environment());
    for (name, bytes) in files(corpus) {
        let split = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (title, input) = (&bytes[..split], bytes.get(split + 1..).unwrap_or_default());
        let case = cases.iter().find(|case| case.name.as_bytes() == title);
        let case = case
            .unwrap_or_else(|| panic!("{name}: its first line names no case of {}", adapter.manifest().name));
        if let Some(flaw) = flaw(adapter, case, input) {
            findings.0.push(finding(adapter, case, &format!("as in the corpus's {name}"), input, &flaw));
        }
    }
    // What a stack overflow or a hang leaves behind.
    let last = std::env::temp_dir().join(format!("renown-fuzz-{}", adapter.manifest().name));
    let (mut mutator, mut done) = (Mutator::new(effort.seed), 0);
    while effort.goes_on(done, FEW) && findings.0.len() < 20 {
        let (case, bytes) = mutated(&mut mutator, &cases);
        done += 1;
        if effort.time.is_some() {
            std::fs::write(&last, titled(case, &bytes))
                .expect("the folder for temporary files can be written to");
        }
        let Some(mut wrong) = flaw(adapter, case, &bytes) else { continue };
        let mut input = bytes;
        if effort.time.is_some() {
            input = shrunk(input, |bytes| flaw(adapter, case, bytes).is_some());
            wrong = flaw(adapter, case, &input).unwrap_or(wrong);
            keep(corpus, &titled(case, &input));
        }
        findings.0.push(finding(adapter, case, &format!("damaged (input {done})"), &input, &wrong));
    }
    effort.report(adapter.manifest().name, done, findings.0.len());
    findings
}

fn titled(case: &Case, input: &[u8]) -> Vec<u8> {
    [case.name.as_bytes(), b"\n", input].concat()
}

/// The files of a corpus by name, in order; none if there is no such folder.
///
/// # Panics
/// If one cannot be read.
pub fn files(corpus: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(corpus) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("the corpus can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("the corpus can be read"))
        })
        .collect();
    files.sort();
    files
}

/// Keeps a finding under a name made of its content.
///
/// # Panics
/// If it cannot be written.
pub fn keep(corpus: &Path, bytes: &[u8]) {
    // FNV-1a, 64 bits.
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    std::fs::create_dir_all(corpus).expect("the corpus can be made");
    std::fs::write(corpus.join(format!("{hash:016x}")), bytes).expect("the corpus can be written to");
}

/// As small as leaving runs of bytes out makes it, so long as it is still found.
pub fn shrunk(mut bytes: Vec<u8>, found: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut run = bytes.len().div_ceil(2);
    while run > 0 {
        let mut at = 0;
        while at < bytes.len() {
            let mut less = bytes.clone();
            less.drain(at..(at + run).min(less.len()));
            if found(&less) {
                bytes = less;
            } else {
                at += run;
            }
        }
        run /= 2;
    }
    bytes
}
