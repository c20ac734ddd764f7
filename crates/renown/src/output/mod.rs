//! How results are printed: each format in a file of its own, all of them whole or absent.

mod attacked;
mod columnar;
pub(crate) mod compared;
mod explained;
mod explained_page;
mod json;
mod linted;
pub(crate) mod moved;
mod moved_page;
mod page;
mod person_moved;
mod ranges;
mod sarif;
mod text;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::bail;
use renown_core::curve::Score;
use renown_core::details::Details;
use renown_core::diff::Diff;
use renown_core::explain::Explanation;
use renown_core::listing::{ScoredPerson, ranked};
use renown_core::record::Day;
use renown_weights::Report;

pub(crate) use self::moved::Named;
use self::moved::{Head, Moved};
use crate::attack::Tried;
use crate::cli::{ExplainArgs, Format, LintFormat, MovesPrintArgs, PageFormat, PrintArgs, TextFormat};
use crate::compare::Compared;
use crate::pipeline::{Ruled, Run};
use crate::rank_range::RankRanges;
use crate::write::{to_stdout, write_whole};

/// Prints scores as asked.
pub(crate) fn scores(args: &PrintArgs, run: &Run, persons: &[ScoredPerson]) -> anyhow::Result<()> {
    let rows = rows(persons, args.top.unwrap_or(usize::MAX));
    let format = args.format.unwrap_or_else(|| format_of(args.out.as_deref()));
    match &args.out {
        Some(path) => write_whole(path, |out| write(format, run, &rows, out)),
        None if format == Format::Parquet && io::stdout().is_terminal() => {
            bail!("Parquet is not for terminals: pass --out FILE")
        }
        None => to_stdout(|out| write(format, run, &rows, out)),
    }
}

fn write(format: Format, run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        Format::Table => text::table(run, rows, out),
        Format::Md => text::markdown(run, rows, out),
        Format::Csv => text::csv(run, rows, out),
        Format::Json => json::document(run, rows, out),
        Format::Ndjson => json::lines(run, rows, out),
        Format::Parquet => columnar::parquet(run, rows, out),
    }
}

/// All scores as Parquet.
pub(crate) fn parquet(run: &Run, persons: &[ScoredPerson]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    columnar::parquet(run, &rows(persons, usize::MAX), &mut bytes)?;
    Ok(bytes)
}

/// Prints an explanation as asked.
pub(crate) fn explanation(
    args: &ExplainArgs,
    run: &Run,
    explanation: &Explanation,
    details: &Details,
) -> anyhow::Result<()> {
    write_page(args.format, args.out.as_deref(), |format, out| {
        write_explanation(format, run, explanation, details, out)
    })
}

/// An explanation in a format.
pub(crate) fn explanation_as(
    format: PageFormat,
    run: &Run,
    explanation: &Explanation,
    details: &Details,
) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    write_explanation(format, run, explanation, details, &mut out)?;
    Ok(out)
}

fn write_explanation(
    format: PageFormat,
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    match format {
        PageFormat::Table => explained::table(run, explanation, details, out),
        PageFormat::Md => explained::markdown(run, explanation, details, out),
        PageFormat::Json => explained::json(run, explanation, details, out),
        PageFormat::Html => explained_page::write(run, explanation, details, out),
    }
}

/// Prints what changed between two runs as asked.
pub(crate) fn diff(args: &MovesPrintArgs, runs: [&Run; 2], diff: &Diff) -> anyhow::Result<()> {
    write_page(args.format, args.out.as_deref(), |format, out| {
        write_diff(format, runs, diff, (args.top, args.line), out)
    })
}

/// What changed between two runs, in a format.
pub(crate) fn diff_as(format: PageFormat, runs: [&Run; 2], diff: &Diff, line: Score) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    write_diff(format, runs, diff, (None, line), &mut out)?;
    Ok(out)
}

fn write_diff(
    format: PageFormat,
    runs: [&Run; 2],
    diff: &Diff,
    (top, line): (Option<usize>, Score),
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let moved = Moved {
        heads: runs.map(|run| Head::new(run.as_of, &run.by)),
        found: Named { moves: &diff.moves, name: &|place| diff.names[place as usize].clone() },
        causes: diff.causes.causes(),
        parts: &diff.parts,
        line,
    };
    match (&diff.person, format) {
        (Some(person), PageFormat::Table) => person_moved::text(&moved, person, false, out),
        (Some(person), PageFormat::Md) => person_moved::text(&moved, person, true, out),
        (Some(person), PageFormat::Json) => person_moved::json(&moved, person, out),
        (Some(person), PageFormat::Html) => moved_page::of_person(&moved, person, out),
        (None, format) => everybody_moved(&moved, top, format, out),
    }
}

/// Prints who moves between two rulers as asked.
pub(crate) fn moves(
    args: &MovesPrintArgs,
    as_of: Day,
    by: [&Ruled; 2],
    found: Named<'_>,
) -> anyhow::Result<()> {
    let heads = by.map(|by| Head::new(as_of, by));
    let moved = Moved { heads, found, causes: &[], parts: &[], line: args.line };
    write_page(args.format, args.out.as_deref(), |format, out| everybody_moved(&moved, args.top, format, out))
}

/// Who moves between two rulers, in a format.
pub(crate) fn moves_as(
    format: PageFormat,
    top: usize,
    as_of: Day,
    by: [&Ruled; 2],
    found: Named<'_>,
    line: Score,
) -> io::Result<Vec<u8>> {
    let heads = by.map(|by| Head::new(as_of, by));
    let moved = Moved { heads, found, causes: &[], parts: &[], line };
    let mut out = Vec::new();
    everybody_moved(&moved, Some(top), format, &mut out)?;
    Ok(out)
}

/// What a check of a weights file found, as JSON.
pub(crate) fn lint_as(report: &Report, path: &str) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    linted::json(path, report, &mut out)?;
    Ok(out)
}

/// What attacks bring, as JSON.
pub(crate) fn attacks_as(tried: &Tried) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    attacked::json(tried, &mut out)?;
    Ok(out)
}

/// People by several rulers, as JSON.
pub(crate) fn compared_as(as_of: Day, compared: &Compared, top: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    compared::json(as_of, compared, top, &mut out)?;
    Ok(out)
}

/// Prints between which ranks people stay as asked.
pub(crate) fn rank_range(args: &MovesPrintArgs, run: &Run, ranges: &RankRanges) -> anyhow::Result<()> {
    let head = Head::new(run.as_of, &ranges.by);
    let top = args.top.unwrap_or(usize::MAX);
    write_page(args.format, args.out.as_deref(), |format, out| match format {
        PageFormat::Table => ranges::text(&head, ranges, top, false, out),
        PageFormat::Md => ranges::text(&head, ranges, top, true, out),
        PageFormat::Json => ranges::json(&head, ranges, top, out),
        PageFormat::Html => ranges::page(&head, ranges, top, out),
    })
}

fn everybody_moved(
    moved: &Moved<'_>,
    top: Option<usize>,
    format: PageFormat,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    const MOST: usize = 20;
    match format {
        PageFormat::Table => moved::text(moved, top.unwrap_or(MOST), false, out),
        PageFormat::Md => moved::text(moved, top.unwrap_or(MOST), true, out),
        PageFormat::Json => moved::json(moved, top.unwrap_or(usize::MAX), out),
        PageFormat::Html => moved_page::of_everybody(moved, top.unwrap_or(MOST), out),
    }
}

/// Writes a page to a file or stdout, in the format asked for or that of the file's ending.
fn write_page(
    format: Option<PageFormat>,
    out: Option<&Path>,
    write: impl Fn(PageFormat, &mut (dyn Write + Send)) -> io::Result<()>,
) -> anyhow::Result<()> {
    let by_ending = || match ending(out).as_deref() {
        Some("json") => PageFormat::Json,
        Some("md") => PageFormat::Md,
        Some("html" | "htm") => PageFormat::Html,
        _ => PageFormat::Table,
    };
    let format = format.unwrap_or_else(by_ending);
    match out {
        Some(path) => write_whole(path, |out| write(format, out)),
        None => to_stdout(|out| write(format, out)),
    }
}

fn ending(out: Option<&Path>) -> Option<String> {
    out.and_then(Path::extension).map(|end| end.to_string_lossy().to_ascii_lowercase())
}

/// Prints what a check of a weights file found, as asked.
pub(crate) fn lint(format: LintFormat, path: &str, report: &Report) -> anyhow::Result<()> {
    to_stdout(|out| match format {
        LintFormat::Text => linted::text(path, report, out),
        LintFormat::Json => linted::json(path, report, out),
        LintFormat::Sarif => sarif::sarif(path, report, out),
    })
}

/// Prints what attacks bring, as asked.
pub(crate) fn attacks(format: TextFormat, tried: &Tried) -> anyhow::Result<()> {
    to_stdout(|out| match format {
        TextFormat::Table => attacked::table(tried, false, out),
        TextFormat::Md => attacked::table(tried, true, out),
        TextFormat::Json => attacked::json(tried, out),
    })
}

/// The format that a file's ending asks for.
fn format_of(out: Option<&Path>) -> Format {
    match ending(out).as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("ndjson" | "jsonl") => Format::Ndjson,
        Some("parquet") => Format::Parquet,
        Some("md") => Format::Md,
        _ => Format::Table,
    }
}

/// A person with a rank: one more than the number of those who score higher.
#[derive(Clone, Copy, Debug)]
struct Row<'p> {
    rank: u32,
    person: &'p ScoredPerson,
}

fn rows(persons: &[ScoredPerson], top: usize) -> Vec<Row<'_>> {
    ranked(persons).take(top).map(|(person, rank)| Row { rank, person }).collect()
}

/// The names of the networks of a run, in order; each is a column.
fn networks(run: &Run) -> Vec<&str> {
    run.by.ruler.networks.iter().map(|network| network.name.as_str()).collect()
}

/// What each network gave to a person, `None` where the person is not on it.
fn parts(run: &Run, person: &ScoredPerson) -> Vec<Option<u32>> {
    run.by.ruler.networks.iter().map(|network| person.part(network.network)).collect()
}

/// The reason codes of a person, as texts.
pub(crate) fn reasons(run: &Run, person: &ScoredPerson) -> Vec<String> {
    person
        .reasons
        .iter()
        .map(|reason| match reason.network {
            Some(network) => format!("{}:{}", run.ledger.words().text(network), reason.code),
            None => reason.code.to_string(),
        })
        .collect()
}

/// A name in a cell: without characters that would move the cursor or end the cell.
fn shown(name: &str, is_markdown: bool) -> String {
    let name: String = name.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect();
    if is_markdown { name.replace('|', "\\|") } else { name }
}

/// A change in ten-thousandths as a decimal number with its sign.
fn signed(ten_thousandths: i64, decimals: usize) -> String {
    let size = decimal(ten_thousandths.unsigned_abs() as u32, decimals);
    let is_zero = size.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    match ten_thousandths {
        _ if is_zero => size,
        1.. => format!("+{size}"),
        _ => format!("-{size}"),
    }
}

/// Ten-thousandths as a decimal number.
fn decimal(ten_thousandths: u32, decimals: usize) -> String {
    let step = 10_u32.pow(4 - decimals as u32);
    let rounded = (ten_thousandths + step / 2) / step;
    let unit = 10_u32.pow(decimals as u32);
    format!("{}.{:0decimals$}", rounded / unit, rounded % unit)
}
