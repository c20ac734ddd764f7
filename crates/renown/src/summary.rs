//! What a run read and did, on stderr.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use renown_core::listing::ScoredPerson;
use renown_core::score::Scoring;
use renown_core::tally::Count;
use renown_core::words::Words;
use renown_engine::report::Report;

use crate::cli::ExportArgs;
use crate::pipeline::Run;

/// How many rejects are shown; the rest is in `--rejects`.
const SHOWN: usize = 5;

/// How many words a list has at most, and how many networks have a line: a table whose column of kinds is free text, or of
/// accounts, is to be noticed, and not to be written out.
const MOST_WORDS: usize = 32;

/// Prints the summary of a run.
pub(crate) fn print(
    quiet: bool,
    rejects: Option<&Path>,
    run: &Run,
    scoring: &Scoring<'_>,
    persons: &[ScoredPerson],
) {
    if !quiet {
        print_lines(&lines(rejects, run, scoring, persons));
    }
}

/// Prints what was read, where results stand on stdout alone.
pub(crate) fn print_reading(exports: &ExportArgs, run: &Run) {
    if !exports.run.quiet {
        let rejects = exports.rejects.as_deref();
        print_lines(&of_reading(&run.report, run.ledger.words(), &run.counts, rejects));
    }
}

/// A line's title and its text.
pub(crate) type Line = (&'static str, String);

pub(crate) fn print_lines(lines: &[Line]) {
    for (title, text) in lines {
        eprintln!("{title:<12} {text}");
    }
}

fn lines(rejects: Option<&Path>, run: &Run, scoring: &Scoring<'_>, persons: &[ScoredPerson]) -> Vec<Line> {
    let mut lines = of_reading(&run.report, run.ledger.words(), &run.counts, rejects);
    lines.extend(left_out(run.later));
    if run.aside > 0 {
        let records = counted(run.aside, "record", "records");
        lines.push((
            "set aside",
            format!("{records} dated far in the future; pass --as-of to count as of another day"),
        ));
    }
    if !run.by.unweighed.is_empty() {
        lines.push(("not counted", listed(&run.by.unweighed)));
    }
    lines.push(("people", people(run, scoring, persons)));
    lines.extend(run.no_networks.iter().map(|(network, meant)| {
        let meant = meant.as_ref().map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        ("", format!("the people file has accounts on `{network}`, of which nothing was read{meant}"))
    }));
    let whence = if run.as_of_given { "given" } else { "the newest record" };
    let (window, stamp, scale) = (run.by.ruler.window.days, &run.by.stamp, &run.by.scale);
    lines.push((
        "as of",
        format!("{} ({whence}), window {window} days, ruler {stamp}, scale {scale}", run.as_of),
    ));
    if let Some(era) = &run.by.era {
        let later = if era.from > run.as_of { ", later than that day (--as-now)" } else { "" };
        lines.push(("era", format!("from {}{later}: {}", era.from, era.memo)));
    }
    lines.extend(run.standing.map(|day| ("standing", format!("the scores of {day}"))));
    if let Some((limit, most)) =
        run.limit.as_ref().map(|limit| (limit, limit.most_laid_aside())).filter(|(_, most)| *most > 0)
    {
        lines.push(("laid aside", format!("at most {} in {}", size(most as f64), limit.folder().display())));
    }
    lines.push(("took", took(&run.report, run.started)));
    lines
}

/// What was read; records that could not be are in the file `rejects`.
pub(crate) fn of_reading(
    report: &Report,
    words: &Words,
    counts: &[Count],
    rejects: Option<&Path>,
) -> Vec<Line> {
    let mut lines = vec![("files", files(report))];
    let unknown = &report.unrecognised;
    if let Some(first) = unknown.first() {
        lines.push((
            "",
            format!("{} not recognised, such as {first}", counted(unknown.len() as u64, "file", "files")),
        ));
    }
    for (index, text) in records(words, counts).into_iter().enumerate() {
        lines.push((if index == 0 { "records" } else { "" }, text));
    }
    if report.undone > 0 {
        lines.push(("taken back", counted(report.undone, "act, post or account", "acts, posts or accounts")));
    }
    if !report.passed_over.is_empty() {
        let all: Vec<_> =
            report.passed_over.iter().map(|(what, count)| format!("{count} × {what}")).collect();
        lines.push(("passed over", all.join(", ")));
    }
    if report.rejected > 0 {
        lines.push(("rejected", rejected(report, rejects)));
        for reject in report.rejects.iter().take(SHOWN) {
            lines.push(("", format!("{}: {}", reject.place(), reject.reason)));
        }
    }
    lines
}

/// How many records are later than the last day that was given, if any are.
pub(crate) fn left_out(later: u64) -> Option<Line> {
    (later > 0).then(|| ("left out", format!("{}, later than --as-of", counted(later, "record", "records"))))
}

/// What a state file is.
pub(crate) fn written(path: &Path, bytes: u64, accounts: usize) -> String {
    let accounts = counted(accounts as u64, "account", "accounts");
    format!("{}, {} of {accounts}", path.display(), size(bytes as f64))
}

fn files(report: &Report) -> String {
    let mut adapters: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((adapter, kind), count) in &report.files {
        adapters.entry(adapter).or_default().push(format!("{count} {kind}"));
    }
    let states = (report.states > 0).then(|| counted(report.states, "state file", "state files"));
    let read = adapters.iter().map(|(adapter, kinds)| format!("{adapter}: {}", kinds.join(", ")));
    let all: Vec<_> = states.into_iter().chain(read).collect();
    all.join("; ")
}

/// A line a network: how many records of which kind.
fn records(words: &Words, counts: &[Count]) -> Vec<String> {
    let mut networks: BTreeMap<Box<str>, BTreeMap<Box<str>, u64>> = BTreeMap::new();
    for count in counts {
        *networks.entry(words.text(count.network)).or_default().entry(words.text(count.word)).or_default() +=
            count.records;
    }
    let line = |network: &str, kinds: &BTreeMap<Box<str>, u64>| {
        let all: u64 = kinds.values().sum();
        let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{kind} {}", grouped(*count))).collect();
        format!("{network} {}: {}", grouped(all), listed(&kinds))
    };
    let mut lines: Vec<_> =
        networks.iter().take(MOST_WORDS).map(|(network, kinds)| line(network, kinds)).collect();
    if let more @ 1.. = networks.len() - lines.len() {
        lines.push(format!("and {more} more networks"));
    }
    lines
}

/// Words, between commas, as many as are worth reading.
fn listed(words: &[String]) -> String {
    let shown = words.iter().take(MOST_WORDS).map(String::as_str).collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(MOST_WORDS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn rejected(report: &Report, kept: Option<&Path>) -> String {
    let records = counted(report.rejected, "record", "records");
    let now = report.rejected - report.rejected_before;
    let before = match (report.rejected_before, now) {
        (0, _) => String::new(),
        (_, 0) => return format!("{records}, when the state files were made"),
        (before, _) => format!(", {} of them when the state files were made", grouped(before)),
    };
    match kept {
        Some(path) => format!("{records}{before}, kept in {}", path.display()),
        None => format!("{records}{before}; pass --rejects FILE to keep them"),
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

/// How long it took.
pub(crate) fn took(report: &Report, started: Instant) -> String {
    let seconds = started.elapsed().as_secs_f64();
    let bytes = report.bytes as f64;
    let mut text = format!(
        "{seconds:.1} s for {} ({:.0} MB/s) and {}",
        size(bytes),
        bytes / 1e6 / seconds.max(0.001),
        counted(report.records, "record", "records")
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

pub(crate) fn size(bytes: f64) -> String {
    match bytes {
        bytes if bytes >= 1e9 => format!("{:.2} GB", bytes / 1e9),
        bytes if bytes >= 1e6 => format!("{:.1} MB", bytes / 1e6),
        bytes => format!("{:.1} kB", bytes / 1e3),
    }
}

pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// With commas between thousands.
pub(crate) fn grouped(count: u64) -> String {
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
