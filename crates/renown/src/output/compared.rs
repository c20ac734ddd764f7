//! People by several rulers, side by side.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use renown_core::record::Day;
use serde_json::{Map, Value, json};

use super::json::{self, SCHEMA_VERSION, exact};
use super::{decimal, shown};
use crate::cli::{CompareArgs, CompareFormat};
use crate::compare::{Agreement, Compared, FIRST, Named, Row};
use crate::write::to_stdout;

/// What must not be forgotten of scores that stand side by side.
const MARK: &str = "Scores of different rulers are no measure of each other; ranks can be compared.";

/// Prints it as asked.
pub(crate) fn print(args: &CompareArgs, as_of: Day, compared: &Compared) -> anyhow::Result<()> {
    let top = args.top.unwrap_or(usize::MAX);
    to_stdout(|out| match args.format {
        CompareFormat::Table => text(as_of, compared, top, false, out),
        CompareFormat::Md => text(as_of, compared, top, true, out),
        CompareFormat::Csv => csv(compared, top, out),
        CompareFormat::Json => json(as_of, compared, top, out),
    })
}

fn text(
    as_of: Day,
    compared: &Compared,
    top: usize,
    is_markdown: bool,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let title = |text: &str| if is_markdown { format!("## {text}\n") } else { text.to_owned() };
    let shown = |table: &Table| if is_markdown { table.to_string() } else { table.trim_fmt() };
    writeln!(out, "{}", shown(&people(compared, compared.rows.iter().take(top), is_markdown)))?;
    writeln!(out, "\n{}", title("Who depends on the ruler: the largest spreads of rank"))?;
    if compared.dependent.is_empty() {
        writeln!(out, "Nobody: all have the same rank by every ruler.")?;
    } else {
        let dependent = compared.dependent.iter().map(|&row| &compared.rows[row]);
        writeln!(out, "{}", shown(&people(compared, dependent, is_markdown)))?;
    }
    writeln!(out, "\n{}", title("How far two rulers agree"))?;
    writeln!(out, "{}", shown(&agreements(compared, is_markdown)))?;
    writeln!(out, "\n{}", title("Rulers"))?;
    writeln!(out, "{}", shown(&rulers(compared, is_markdown)))?;
    writeln!(out, "\nas of {as_of}, {} people. {MARK}", compared.rows.len())
}

/// An empty table with this header, numbers right.
fn table(header: Vec<String>, is_text: impl Fn(usize) -> bool, is_markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    table.set_header(header);
    for (index, column) in table.column_iter_mut().enumerate() {
        if !is_text(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    table
}

fn people<'c>(compared: &Compared, rows: impl Iterator<Item = &'c Row>, is_markdown: bool) -> Table {
    let mut header = vec!["person".to_owned()];
    for ruler in &compared.rulers {
        header.extend([shown(&ruler.name, is_markdown), "rank".to_owned()]);
    }
    header.push("spread".to_owned());
    let mut table = table(header, |index| index == 0, is_markdown);
    for row in rows {
        let mut cells = vec![shown(&row.person, is_markdown)];
        for placed in &row.under {
            cells.push(placed.map_or_else(|| "-".into(), |placed| decimal(placed.score.0, 2)));
            cells.push(placed.map_or_else(|| "-".into(), |placed| placed.rank.to_string()));
        }
        cells.push(row.spread.to_string());
        table.add_row(cells);
    }
    table
}

fn agreements(compared: &Compared, is_markdown: bool) -> Table {
    let first = format!("first {FIRST} in both");
    let header = ["ruler", "and", "tau-b", &first].map(str::to_owned).to_vec();
    let mut table = table(header, |index| index < 2, is_markdown);
    for Agreement { of: (a, b), tau, first } in &compared.agreements {
        table.add_row([
            shown(&compared.rulers[*a].name, is_markdown),
            shown(&compared.rulers[*b].name, is_markdown),
            tau.map_or_else(|| "-".into(), |tau| format!("{tau:.4}")),
            format!("{} of {}", first.both, first.of),
        ]);
    }
    table
}

fn rulers(compared: &Compared, is_markdown: bool) -> Table {
    let header = ["ruler", "stamp", "scale"].map(str::to_owned).to_vec();
    let mut table = table(header, |_| true, is_markdown);
    for ruler in &compared.rulers {
        table.add_row([
            shown(&ruler.name, is_markdown),
            ruler.by.stamp.clone(),
            shown(&ruler.by.scale, is_markdown),
        ]);
    }
    table
}

/// CSV with the columns `person`, then `score.RULER` and `rank.RULER` each, and `spread`.
fn csv(compared: &Compared, top: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut header = vec!["person".to_owned()];
    for ruler in &compared.rulers {
        header.extend([format!("score.{}", ruler.name), format!("rank.{}", ruler.name)]);
    }
    header.push("spread".to_owned());
    writer.write_record(&header)?;
    for row in compared.rows.iter().take(top) {
        let mut record = vec![row.person.clone()];
        for placed in &row.under {
            record.push(placed.map_or_else(String::new, |placed| decimal(placed.score.0, 4)));
            record.push(placed.map_or_else(String::new, |placed| placed.rank.to_string()));
        }
        record.push(row.spread.to_string());
        writer.write_record(&record)?;
    }
    writer.flush()
}

/// One JSON document. What is said of rulers is in the order of `rulers`.
pub(super) fn json(
    as_of: Day,
    compared: &Compared,
    top: usize,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let rulers = compared.rulers.iter().map(|Named { name, by }| {
        let mut ruler = json!({ "name": name, "ruler": by.stamp, "scale": by.scale });
        if let Some(era) = &by.era {
            ruler["era"] = json::era(era);
        }
        ruler
    });
    let agreements = compared.agreements.iter().map(|agreement| {
        let names = [agreement.of.0, agreement.of.1].map(|place| &compared.rulers[place].name);
        json!({
            "rulers": names,
            "tau_b": agreement.tau,
            "first": { "both": agreement.first.both, "of": agreement.first.of },
        })
    });
    let dependent = compared.dependent.iter().map(|&row| json!(compared.rows[row].person));
    let mut document = Map::new();
    document.insert("schema_version".into(), json!(SCHEMA_VERSION));
    document.insert("as_of".into(), json!(as_of.to_string()));
    document.insert("rulers".into(), rulers.collect());
    document.insert("people".into(), compared.rows.iter().take(top).map(person).collect());
    document.insert("depends_on_ruler".into(), dependent.collect());
    document.insert("agreements".into(), agreements.collect());
    writeln!(out, "{:#}", Value::Object(document))
}

fn person(row: &Row) -> Value {
    let under = row.under.iter().map(|placed| {
        placed.map_or(Value::Null, |placed| json!({ "score": exact(placed.score.0), "rank": placed.rank }))
    });
    json!({ "person": row.person, "under": under.collect::<Vec<_>>(), "spread": row.spread })
}
