//! Tables to look at, and CSV.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};

use super::moved::Head;
use super::{Row, decimal, networks, parts, reasons, shown};
use crate::pipeline::Run;

/// Aligned columns for a terminal.
pub(super) fn table(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    writeln!(out, "{}", filled(run, rows, false).trim_fmt())?;
    footer(run, out)
}

/// A Markdown table.
pub(super) fn markdown(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    writeln!(out, "{}", filled(run, rows, true))?;
    writeln!(out)?;
    footer(run, out)
}

/// What tells whether two tables may be compared.
fn footer(run: &Run, out: &mut (dyn Write + Send)) -> io::Result<()> {
    writeln!(out, "{}", Head::new(run.as_of, &run.by).told())
}

fn filled(run: &Run, rows: &[Row<'_>], is_markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    let mut header = vec!["rank", "person", "score", "percentile", "coverage"];
    header.extend(networks(run));
    header.push("why");
    table.set_header(&header);
    for (index, column) in table.column_iter_mut().enumerate() {
        if index != 1 && index != header.len() - 1 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    for row in rows {
        let person = row.person;
        let name = shown(&person.person, is_markdown);
        let mut cells = vec![
            row.rank.to_string(),
            name,
            decimal(person.score.0, 2),
            decimal(person.percentile, 2),
            decimal(person.coverage, 2),
        ];
        cells.extend(
            parts(run, person)
                .into_iter()
                .map(|part| part.map_or_else(|| "-".into(), |part| decimal(part, 2))),
        );
        cells.push(reasons(run, person).join(" "));
        table.add_row(cells);
    }
    table
}

/// CSV with the columns `rank,person,score,percentile,coverage` and `network.<name>` each.
pub(super) fn csv(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut header: Vec<String> =
        ["rank", "person", "score", "percentile", "coverage"].into_iter().map(str::to_owned).collect();
    header.extend(networks(run).iter().map(|network| format!("network.{network}")));
    writer.write_record(&header)?;
    for row in rows {
        let person = row.person;
        let mut record = vec![
            row.rank.to_string(),
            person.person.clone(),
            decimal(person.score.0, 4),
            decimal(person.percentile, 4),
            decimal(person.coverage, 4),
        ];
        record.extend(
            parts(run, person).into_iter().map(|part| part.map_or_else(String::new, |part| decimal(part, 4))),
        );
        writer.write_record(&record)?;
    }
    writer.flush()
}
