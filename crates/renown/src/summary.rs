//! What a run read and did, on stderr.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use renown_core::score::{ScoredPerson, Scoring};

use crate::cli::ReadArgs;
use crate::pipeline::Run;

/// How many rejects are shown; the rest is in `--rejects`.
const SHOWN: usize = 5;

/// Prints the summary of a run.
pub(crate) fn print(args: &ReadArgs, run: &Run, scoring: &Scoring<'_>, persons: &[ScoredPerson]) {
    if args.quiet {
        return;
    }
    for (title, text) in lines(args, run, scoring, persons) {
        eprintln!("{title:<12} {text}");
    }
}

fn lines(
    args: &ReadArgs,
    run: &Run,
    scoring: &Scoring<'_>,
    persons: &[ScoredPerson],
) -> Vec<(&'static str, String)> {
    let mut lines = vec![("files", files(run))];
    let unknown = &run.report.unrecognised;
    if let Some(first) = unknown.first() {
        lines.push((
            "",
            format!("{} not recognised, such as {first}", counted(unknown.len() as u64, "file", "files")),
        ));
    }
    for (index, text) in records(run).into_iter().enumerate() {
        lines.push((if index == 0 { "records" } else { "" }, text));
    }
    if run.report.undone > 0 {
        lines.push((
            "taken back",
            counted(run.report.undone, "act, post or account", "acts, posts or accounts"),
        ));
    }
    if !run.report.passed_over.is_empty() {
        let all: Vec<_> =
            run.report.passed_over.iter().map(|(what, count)| format!("{count} × {what}")).collect();
        lines.push(("passed over", all.join(", ")));
    }
    if run.report.rejected > 0 {
        lines.push(("rejected", rejected(args, run)));
        for reject in run.report.rejects.iter().take(SHOWN) {
            lines.push(("", format!("{}: {}", reject.place(), reject.reason)));
        }
    }
    if run.later > 0 {
        lines.push(("left out", format!("{}, later than --as-of", counted(run.later, "record", "records"))));
    }
    if run.aside > 0 {
        let records = counted(run.aside, "record", "records");
        lines.push((
            "set aside",
            format!("{records} dated far in the future; pass --as-of to count as of another day"),
        ));
    }
    if !run.unweighed.is_empty() {
        lines.push(("not counted", run.unweighed.join(", ")));
    }
    lines.push(("people", people(run, scoring, persons)));
    let whence = if run.as_of_given { "given" } else { "the newest record" };
    let (window, stamp, scale) = (run.ruler.window.days, &run.stamp, &run.scale);
    lines.push((
        "as of",
        format!("{} ({whence}), window {window} days, ruler {stamp}, scale {scale}", run.as_of),
    ));
    lines.push(("took", took(run)));
    lines
}

fn files(run: &Run) -> String {
    let mut adapters: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((adapter, kind), count) in &run.report.files {
        adapters.entry(adapter).or_default().push(format!("{count} {kind}"));
    }
    let all: Vec<_> =
        adapters.iter().map(|(adapter, kinds)| format!("{adapter}: {}", kinds.join(", "))).collect();
    all.join("; ")
}

/// A line a network: how many records of which kind.
fn records(run: &Run) -> Vec<String> {
    let words = run.ledger.words();
    let mut networks: BTreeMap<Box<str>, BTreeMap<Box<str>, u64>> = BTreeMap::new();
    for count in &run.counts {
        *networks.entry(words.text(count.network)).or_default().entry(words.text(count.word)).or_default() +=
            count.records;
    }
    networks
        .iter()
        .map(|(network, kinds)| {
            let all: u64 = kinds.values().sum();
            let kinds: Vec<_> =
                kinds.iter().map(|(kind, count)| format!("{kind} {}", grouped(*count))).collect();
            format!("{network} {}: {}", grouped(all), kinds.join(", "))
        })
        .collect()
}

fn rejected(args: &ReadArgs, run: &Run) -> String {
    let records = counted(run.report.rejected, "record", "records");
    match &args.rejects {
        Some(path) => format!("{records}, kept in {}", path.display()),
        None => format!("{records}; pass --rejects FILE to keep them"),
    }
}

fn people(run: &Run, scoring: &Scoring<'_>, persons: &[ScoredPerson]) -> String {
    let mut text = format!("{} scored", grouped(persons.len() as u64));
    let of_file = &run.roster.people;
    let not_scored = of_file.iter().filter(|person| !person.is_scored(run.roster.everyone)).count();
    if not_scored > 0 {
        let _ = write!(text, ", {not_scored} of the people file not (no consent, minor or excluded)");
    }
    let without = persons.iter().filter(|person| person.parts.is_empty()).count();
    if without > 0 {
        let _ = write!(text, ", {without} without any record");
    }
    let bystanders = scoring.bystanders() as u64;
    let _ = write!(text, "; {} only acted on others", counted(bystanders, "account", "accounts"));
    text
}

fn took(run: &Run) -> String {
    let seconds = run.started.elapsed().as_secs_f64();
    let bytes = run.report.bytes as f64;
    let mut text = format!(
        "{seconds:.1} s for {} ({:.0} MB/s) and {}",
        size(bytes),
        bytes / 1e6 / seconds.max(0.001),
        counted(run.report.records, "record", "records")
    );
    if let Some(peak) = peak_memory() {
        let _ = write!(text, ", peak memory {}", size(peak));
    }
    text
}

/// The most memory this process has had, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024.0)
}

fn size(bytes: f64) -> String {
    match bytes {
        bytes if bytes >= 1e9 => format!("{:.2} GB", bytes / 1e9),
        bytes if bytes >= 1e6 => format!("{:.1} MB", bytes / 1e6),
        bytes => format!("{:.1} kB", bytes / 1e3),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// With commas between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
