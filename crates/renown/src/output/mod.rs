//! How results are printed: each format in a file of its own, all of them whole or absent.

mod attacked;
mod columnar;
mod explained;
mod json;
mod linted;
mod sarif;
mod text;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::bail;
use renown_core::explain::Explanation;
use renown_core::score::ScoredPerson;
use renown_weights::Report;

use crate::attack::Tried;
use crate::cli::{ExplainArgs, ExplainFormat, Format, LintFormat, PrintArgs};
use crate::pipeline::Run;
use crate::write::{to_stdout, write_whole};

/// Prints scores as asked.
pub(crate) fn scores(args: &PrintArgs, run: &Run, persons: &[ScoredPerson]) -> anyhow::Result<()> {
    let rows = ranked(persons, args.top.unwrap_or(usize::MAX));
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
    columnar::parquet(run, &ranked(persons, usize::MAX), &mut bytes)?;
    Ok(bytes)
}

/// Prints an explanation as asked.
pub(crate) fn explanation(args: &ExplainArgs, run: &Run, explanation: &Explanation) -> anyhow::Result<()> {
    to_stdout(|out| match args.format {
        ExplainFormat::Table => explained::table(run, explanation, out),
        ExplainFormat::Md => explained::markdown(run, explanation, out),
        ExplainFormat::Json => explained::json(run, explanation, out),
    })
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
pub(crate) fn attacks(format: ExplainFormat, tried: &Tried) -> anyhow::Result<()> {
    to_stdout(|out| match format {
        ExplainFormat::Table => attacked::table(tried, false, out),
        ExplainFormat::Md => attacked::table(tried, true, out),
        ExplainFormat::Json => attacked::json(tried, out),
    })
}

/// The format that a file's ending asks for.
fn format_of(out: Option<&Path>) -> Format {
    match out.and_then(Path::extension).map(|end| end.to_string_lossy().to_ascii_lowercase()).as_deref() {
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
    rank: usize,
    person: &'p ScoredPerson,
}

fn ranked(persons: &[ScoredPerson], top: usize) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(persons.len().min(top));
    for (index, person) in persons.iter().take(top).enumerate() {
        let rank = match rows.last() {
            Some(above) if above.person.score == person.score => above.rank,
            _ => index + 1,
        };
        rows.push(Row { rank, person });
    }
    rows
}

/// The names of the networks of a run, in order; each is a column.
fn networks(run: &Run) -> Vec<&str> {
    run.by.ruler.networks.iter().map(|network| network.name.as_str()).collect()
}

/// What each network gave to a person, `None` where the person is not on it.
fn parts(run: &Run, person: &ScoredPerson) -> Vec<Option<u32>> {
    let part = |network| person.parts.iter().find(|part| part.0 == network).map(|part| part.1);
    run.by.ruler.networks.iter().map(|network| part(network.network)).collect()
}

/// The reason codes of a person, as texts.
fn reasons(run: &Run, person: &ScoredPerson) -> Vec<String> {
    person
        .reasons
        .iter()
        .map(|reason| match reason.network {
            Some(network) => format!("{}:{}", run.ledger.words().text(network), reason.code),
            None => reason.code.to_string(),
        })
        .collect()
}

/// Ten-thousandths as a decimal number.
fn decimal(ten_thousandths: u32, decimals: usize) -> String {
    let step = 10_u32.pow(4 - decimals as u32);
    let rounded = (ten_thousandths + step / 2) / step;
    let unit = 10_u32.pow(decimals as u32);
    format!("{}.{:0decimals$}", rounded / unit, rounded % unit)
}
