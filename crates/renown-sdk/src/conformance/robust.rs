//! What must hold of any input, good or bad.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::mutate::{MARK, Mutator};
use super::run::{Cut, Outcome, Stop, run_as};
use super::{Findings, bad};
use crate::{Adapter, Case, File, NO_OPTIONS};

/// How many damaged inputs `check` tries of an adapter.
const MUTATIONS: usize = 500;

/// The longest reason and the longest label: hosts cut what is longer.
const LONGEST_REASON: usize = 500;
const LONGEST_LABEL: usize = 100;

/// Files that are nobody's: a picture, a note and nothing at all.
const FOREIGN: [(&str, &[u8]); 3] = [
    ("holiday.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("notes-to-myself.txt", b"Milk, bread, and the blue paint.\n"),
    ("empty.bin", b""),
];

/// What others' files are taken for.
pub(super) fn claims(adapter: &dyn Adapter, findings: &mut Findings) {
    for (path, head) in FOREIGN {
        let file = File { path, head, disk: None, siblings: &(), options: &NO_OPTIONS };
        if let Some(kind) = catch_unwind(AssertUnwindSafe(|| adapter.recognise(&file))).ok().flatten() {
            findings.0.push(format!(
                "{}: it takes `{path}` for a file of its own (`{kind}`), and a file that two adapters claim ends a run. Look at \
                 what the first bytes say, and claim only what you would bet on",
                adapter.manifest().name
            ));
        }
    }
}

/// Cuts and damages every case, and gives what nobody hopes for under the name of every kind of file.
pub(super) fn check(adapter: &dyn Adapter, findings: &mut Findings) {
    let cases = cases(adapter);
    let mut say = |case: &Case, how: &str, bytes: &[u8]| {
        let flaw = flaw(adapter, case, bytes);
        if let Some(flaw) = flaw {
            findings.0.push(finding(adapter, case, how, bytes, &flaw));
        }
        findings.0.len() >= MOST_FINDINGS
    };
    // A download that broke off, and one with a flipped byte.
    for case in &cases {
        let input = case.input.as_bytes();
        for cut in (0..input.len()).step_by((input.len() / 40).max(1)) {
            let mut flipped = input.to_vec();
            flipped[cut] ^= 0x85;
            if say(case, &format!("cut off at byte {cut}"), &input[..cut])
                || say(case, &format!("with byte {cut} flipped"), &flipped)
            {
                return;
            }
        }
    }
    let mut kinds = std::collections::BTreeSet::new();
    for case in cases.iter().filter(|case| kinds.insert(case.kind)) {
        for (at, bytes) in bad::inputs().iter().enumerate() {
            if say(case, &format!("with the kit's bad input {at} in its place"), bytes) {
                return;
            }
        }
    }
    let mut mutator = Mutator::new(1);
    for at in 0..MUTATIONS {
        let (case, bytes) = mutated(&mut mutator, &cases);
        if say(case, &format!("damaged (mutation {at})"), &bytes) {
            return;
        }
    }
}

/// No more findings about bad input than somebody will read.
const MOST_FINDINGS: usize = 10;

/// The example and the cases.
pub(super) fn cases(adapter: &dyn Adapter) -> Vec<&'static Case> {
    std::iter::once(&adapter.manifest().example).chain(adapter.manifest().cases).collect()
}

/// A case, and its input damaged.
pub(super) fn mutated(mutator: &mut Mutator, cases: &[&'static Case]) -> (&'static Case, Vec<u8>) {
    let (case, other) = (mutator.random.pick(cases), mutator.random.pick(cases));
    (case, mutator.damage(case.input.as_bytes(), other.input.as_bytes()))
}

/// A finding as it is told, with enough of the input to do it again.
pub(super) fn finding(adapter: &dyn Adapter, case: &Case, how: &str, bytes: &[u8], flaw: &str) -> String {
    const SHOWN: usize = 300;
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]);
    let more =
        if bytes.len() > SHOWN { format!(" and {} bytes more", bytes.len() - SHOWN) } else { String::new() };
    format!("{}: case `{}` {how}: {flaw}\n  the input: {shown:?}{more}", adapter.manifest().name, case.name)
}

/// What does not hold of this input, and how to mend it.
pub(super) fn flaw(adapter: &dyn Adapter, case: &Case, bytes: &[u8]) -> Option<String> {
    let read = |cut| attempt(adapter, case, bytes, cut);
    let (whole, again) = match (read(Cut::WHOLE), read(Cut::Pieces)) {
        (Ok(whole), Ok(again)) => (whole, again),
        (Err(flaw), _) | (_, Err(flaw)) => return Some(flaw),
    };
    if said_once(&again) != said_once(&whole) {
        let how =
            if read(Cut::WHOLE) == Ok(whole.clone()) { "one record at a time" } else { "a second time" };
        return Some(format!(
            "read {how}, it gives something else. Keep nothing from one piece to the next, and no order of a hash table:\n{}",
            difference(&said_once(&whole), &said_once(&again))
        ));
    }
    // Why a file cannot be opened may name its columns.
    let outcome = whole.ok()?;
    if let Some(what) = outcome.undeclared.first() {
        return Some(format!("{what} is not in the manifest. Declare it there, or pass the record over"));
    }
    if outcome.records.len() > 1_000 + bytes.len() {
        return Some(format!(
            "{} records of {} bytes. A host gives up a file that gives more records than it has bytes",
            outcome.records.len(),
            bytes.len()
        ));
    }
    outcome.records.iter().find_map(|record| told(record))
}

/// What is wrong with a reason or a label. Both are printed where nobody may be named who did not agree.
fn told(record: &str) -> Option<String> {
    let (form, text) = record.split_once(' ')?;
    let longest = match form {
        "reject" => LONGEST_REASON,
        "pass-over" => LONGEST_LABEL,
        _ => return None,
    };
    let advice = "Say what was wrong and what was expected, with names of fields, and no text of the record";
    if quotes(text) {
        return Some(format!("what is said of a record quotes it. {advice}: {record}"));
    }
    if text.trim().is_empty() || text.chars().any(char::is_control) || text.chars().count() > longest {
        return Some(format!(
            "a {form} must have 1 to {longest} characters, none of which steers a terminal. {advice}: {record:?}"
        ));
    }
    None
}

fn quotes(text: &str) -> bool {
    text.contains(MARK)
}

/// What reading gave, or why it was not read, as two runs of the same must agree on; an error is a flaw.
fn attempt(
    adapter: &dyn Adapter,
    case: &Case,
    bytes: &[u8],
    cut: Cut,
) -> Result<Result<Outcome, String>, String> {
    let attempt = catch_unwind(AssertUnwindSafe(|| run_as(adapter, case, bytes, cut)));
    let attempt = attempt.map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message");
        format!("it panicked: {said}. Look at every length and every `unwrap` on the way")
    })?;
    match attempt {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Stop::Failed(failure)) => Err(format!(
            "it failed, where what cannot be read is rejected and the next record read: {failure}"
        )),
        Err(stop) => Ok(Err(stop.to_string())),
    }
}

/// What two runs are compared by. Whose handle is what, and who is of which community, may
/// be said more than once: with each piece of an export, say.
fn said_once(read: &Result<Outcome, String>) -> Vec<String> {
    let mut lines = match read {
        Ok(outcome) => outcome.records.clone(),
        Err(why) => vec![why.clone()],
    };
    let may_repeat = |line: &str| line.starts_with("handle ") || line.starts_with("membership ");
    lines.dedup_by(|one, other| one == other && may_repeat(one));
    lines
}

/// Lines that only one side has, as a diff.
pub(super) fn difference(expected: &[String], found: &[String]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    let mut rest = found.to_vec();
    for line in expected {
        match rest.iter().position(|other| other == line) {
            Some(at) => drop(rest.remove(at)),
            None => drop(writeln!(text, "- {line}")),
        }
    }
    for line in rest {
        let _ = writeln!(text, "+ {line}");
    }
    text
}
