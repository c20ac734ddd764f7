//! Who moved between two scorings: text and JSON.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use renown_core::agreement::{kendall_tau_b, overlap};
use renown_core::bars::Bar;
use renown_core::causes::Cause;
use renown_core::curve::Score;
use renown_core::moves::{Move, Moves};
use renown_core::record::Day;
use renown_weights::Era;
use serde_json::{Map, Value, json};

use super::json::{self, exact, exact_change};
use super::{decimal, shown, signed};
use crate::pipeline::Ruled;

/// What tells one scoring from another.
#[derive(Clone, Debug)]
pub(super) struct Head {
    as_of: Day,
    stamp: String,
    scale: String,
    era: Option<Era>,
}

impl Head {
    pub(super) fn new(as_of: Day, by: &Ruled) -> Self {
        Self { as_of, stamp: by.stamp.clone(), scale: by.scale.clone(), era: by.era.clone() }
    }

    /// In words.
    pub(super) fn told(&self) -> String {
        let era = self.era.as_ref().map(|era| format!(", era from {} ({})", era.from, era.memo));
        format!("as of {}, ruler {}, scale {}{}", self.as_of, self.stamp, self.scale, era.unwrap_or_default())
    }

    pub(super) fn json(&self) -> Value {
        let mut head = json!({ "as_of": self.as_of.to_string(), "ruler": self.stamp, "scale": self.scale });
        if let Some(era) = &self.era {
            head["era"] = json::era(era);
        }
        head
    }
}

/// Who moved, and how they are called.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) moves: &'a Moves,
    pub(crate) name: &'a (dyn Fn(u32) -> String + Sync),
}

/// Two scorings and who moved between them.
pub(super) struct Moved<'a> {
    pub(super) heads: [Head; 2],
    pub(super) found: Named<'a>,
    /// What the scorings differ in, if that is told.
    pub(super) causes: &'a [Cause],
    /// For each of `moves.both`, what each cause gave.
    pub(super) parts: &'a [Vec<i64>],
    /// Who crossed it is told.
    pub(super) line: Score,
}

impl Moved<'_> {
    pub(super) fn moves(&self) -> &Moves {
        self.found.moves
    }

    /// How somebody who moved is called.
    pub(super) fn name(&self, person: u32) -> String {
        (self.found.name)(person)
    }

    /// Whether the two are by one ruler, and otherwise that they are not: nobody is to take them for comparable.
    pub(super) fn scorings(&self) -> Vec<String> {
        let [before, after] = &self.heads;
        let mut lines = vec![format!("before: {}", before.told()), format!("after: {}", after.told())];
        if before.stamp != after.stamp {
            lines.push(
                "The rulers differ: these scores stand side by side because that was asked for.".into(),
            );
        }
        lines
    }

    /// How many moved, and how far the order changed.
    pub(super) fn summary(&self) -> Vec<String> {
        let Moves { both, came, went } = self.found.moves;
        let mut lines = vec![format!(
            "{} in both: {} moved; {} came, {} went",
            both.len(),
            self.moves().moved(),
            came.len(),
            went.len()
        )];
        let (before, after) = self.moves().ranks();
        let tau = kendall_tau_b(&before, &after);
        if tau.is_finite() {
            let same = |first| {
                let overlap = overlap(&before, &after, first);
                format!("{} of the first {}", overlap.both, overlap.of)
            };
            lines.push(format!(
                "order: Kendall's tau-b {tau:.4}; {} and {} are the same",
                same(10),
                same(100)
            ));
        }
        lines
    }

    /// Who rose to the line and who fell below it, in words.
    pub(super) fn crossings(&self) -> Vec<String> {
        let (up, down) = self.moves().crossed(self.line);
        let line = decimal(self.line.0, 0);
        let told = |which: &str, who: &[&Move]| {
            let names: Vec<String> =
                who.iter().take(NAMED).map(|moved| shown(&self.name(moved.person), false)).collect();
            let more = who.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} others") } else { String::new() };
            format!("{which} {line}: {}{}{more}", who.len(), listed(&names))
        };
        vec![told("rose to", &up), told("fell below", &down)]
    }

    /// The part of a cause, if causes are told.
    pub(super) fn parts_of(&self, index: usize) -> &[i64] {
        self.parts.get(index).map_or(&[], Vec::as_slice)
    }
}

/// How many are named of those who crossed the line.
const NAMED: usize = 20;

fn listed(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// For a terminal, or Markdown.
pub(super) fn text(
    moved: &Moved<'_>,
    top: usize,
    is_markdown: bool,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let mut header: Vec<String> = ["person", "before", "after", "change", "rank"].map(str::to_owned).into();
    header.extend(moved.causes.iter().map(ToString::to_string));
    let mut table = table(header, is_markdown);
    let changed = moved.moves().both.iter().enumerate().filter(|(_, moved)| moved.change() != 0);
    for (index, of) in changed.take(top) {
        let mut cells = vec![
            shown(&moved.name(of.person), is_markdown),
            decimal(of.before.0, 2),
            decimal(of.after.0, 2),
            signed(of.change(), 4),
            ranks(of),
        ];
        cells.extend(moved.parts_of(index).iter().map(|part| signed(*part, 4)));
        table.add_row(cells);
    }
    if moved.moves().moved() > 0 {
        writeln!(out, "{}\n", table.trim_fmt())?;
    }
    let more = moved.moves().moved().saturating_sub(top);
    if more > 0 {
        writeln!(out, "and {more} others who moved less\n")?;
    }
    paragraph(out, &moved.summary(), is_markdown)?;
    writeln!(out)?;
    histogram(moved, is_markdown, out)?;
    paragraph(out, &moved.crossings(), is_markdown)?;
    writeln!(out)?;
    for (which, who) in [("came", &moved.moves().came), ("went", &moved.moves().went)] {
        let names: Vec<String> = who
            .iter()
            .take(NAMED)
            .map(|who| format!("{} {:.2}", shown(&moved.name(who.0), is_markdown), who.1))
            .collect();
        if !names.is_empty() {
            let more = who.len() - names.len();
            let more = if more > 0 { format!(" and {more} others") } else { String::new() };
            writeln!(out, "{which}: {}{more}\n", names.join(", "))?;
        }
    }
    paragraph(out, &moved.scorings(), is_markdown)
}

/// Lines, each of its own in Markdown, too.
pub(super) fn paragraph(out: &mut (dyn Write + Send), lines: &[String], is_markdown: bool) -> io::Result<()> {
    let end = if is_markdown { "  \n" } else { "\n" };
    writeln!(out, "{}", lines.join(end))
}

/// A table of a column of names and columns of numbers.
pub(super) fn table(header: Vec<String>, is_markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    table.set_header(header);
    for (index, column) in table.column_iter_mut().enumerate() {
        if index > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    table
}

/// `12`, or `12 → 9`.
pub(super) fn ranks(moved: &Move) -> String {
    if moved.rank_before == moved.rank_after {
        return moved.rank_after.to_string();
    }
    format!("{} → {}", moved.rank_before, moved.rank_after)
}

fn histogram(moved: &Moved<'_>, is_markdown: bool, out: &mut (dyn Write + Send)) -> io::Result<()> {
    const WIDTH: u64 = 40;
    let bars = moved.moves().histogram();
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    if is_markdown {
        writeln!(out, "```")?;
    }
    for bar in bars.iter().filter(|bar| bar.count > 0) {
        let length = (bar.count * WIDTH).div_ceil(most) as usize;
        writeln!(out, "{:>16} {:>7}  {}", range(bar), bar.count, "█".repeat(length))?;
    }
    writeln!(out, "{}", if is_markdown { "```\n" } else { "" })
}

/// The histogram of moves.
pub(crate) fn bars(moves: &Moves) -> Vec<Value> {
    let end = |end: Option<i64>| end.map_or(Value::Null, exact_change);
    let bar = |bar: &Bar| json!({ "low": end(bar.low), "high": end(bar.high), "count": bar.count });
    moves.histogram().iter().map(bar).collect()
}

/// Which changes a bar counts, in words.
pub(super) fn range(bar: &Bar) -> String {
    let points = |change: i64| {
        let text = signed(change, 1);
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    match (bar.low, bar.high) {
        (Some(0), Some(0)) => "unmoved".into(),
        (None, Some(end)) => format!("{} or less", points(end)),
        (Some(start), None) => format!("more than {}", points(start)),
        (Some(start), Some(end)) => format!("{} to {}", points(start), points(end)),
        (None, None) => "any".into(),
    }
}

/// One JSON document.
pub(super) fn json(moved: &Moved<'_>, top: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let person = |(index, of): (usize, &Move)| {
        let causes: Map<String, Value> = (moved.causes.iter().zip(moved.parts_of(index)))
            .map(|(cause, part)| (cause.to_string(), exact_change(*part)))
            .collect();
        json!({
            "person": moved.name(of.person),
            "before": exact(of.before.0),
            "after": exact(of.after.0),
            "change": exact_change(of.change()),
            "rank_before": of.rank_before,
            "rank_after": of.rank_after,
            "causes": causes,
        })
    };
    let people: Vec<Value> = moved.moves().both.iter().enumerate().take(top).map(person).collect();
    let bars = bars(moved.moves());
    let alone = |who: &[(u32, Score)]| -> Vec<Value> {
        who.iter().map(|who| json!({ "person": moved.name(who.0), "score": exact(who.1.0) })).collect()
    };
    let names =
        |who: Vec<&Move>| -> Vec<String> { who.into_iter().map(|of| moved.name(of.person)).collect() };
    let (up, down) = moved.moves().crossed(moved.line);
    let (before, after) = moved.moves().ranks();
    let [first_10, first_100] = [10, 100].map(|first| {
        let overlap = overlap(&before, &after, first);
        json!({ "both": overlap.both, "of": overlap.of })
    });
    let mut document = document(moved);
    document.insert("moved".into(), json!(moved.moves().moved()));
    document.insert("kendall_tau_b".into(), json!(kendall_tau_b(&before, &after)));
    document.insert("first_10".into(), first_10);
    document.insert("first_100".into(), first_100);
    document.insert("histogram".into(), json!(bars));
    document.insert(
        "crossed".into(),
        json!({ "line": exact(moved.line.0), "up": names(up), "down": names(down) }),
    );
    document.insert("came".into(), json!(alone(&moved.moves().came)));
    document.insert("went".into(), json!(alone(&moved.moves().went)));
    document.insert("people".into(), json!(people));
    writeln!(out, "{:#}", Value::Object(document))
}

/// What every document about two scorings begins with.
pub(super) fn document(moved: &Moved<'_>) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("schema_version".into(), json!(super::json::SCHEMA_VERSION));
    document.insert("before".into(), moved.heads[0].json());
    document.insert("after".into(), moved.heads[1].json());
    document.insert("same_ruler".into(), json!(moved.heads[0].stamp == moved.heads[1].stamp));
    document
}
