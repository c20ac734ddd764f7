//! What changed for one person, and by whose doing: text and JSON.

use std::io::{self, Write};

use renown_core::diff::{CauseDiff, PersonDiff};
use serde_json::{Map, Value, json};

use super::json::{exact, exact_change};
use super::moved::{Moved, document, paragraph, table};
use super::{decimal, shown, signed};

/// For a terminal, or Markdown.
pub(super) fn text(
    moved: &Moved<'_>,
    person: &PersonDiff,
    is_markdown: bool,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    writeln!(out, "{}\n", headline(person))?;
    let mut table = table(["cause", "change", "meaning"].map(str::to_owned).into(), is_markdown);
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(comfy_table::CellAlignment::Left);
    }
    for CauseDiff { cause, change, features } in &person.causes {
        table.add_row([cause.to_string(), signed(*change, 4), cause.meaning().to_owned()]);
        for (feature, part) in features {
            table.add_row([format!("  {}", shown(feature, is_markdown)), signed(*part, 4), String::new()]);
        }
    }
    if !person.causes.is_empty() {
        writeln!(out, "{}\n", table.trim_fmt())?;
    }
    let change: i64 = person.causes.iter().map(|cause| cause.change).sum();
    writeln!(out, "The causes add up to {}, and the features of each to the cause.\n", signed(change, 4))?;
    paragraph(out, &moved.scorings(), is_markdown)
}

/// Who, from what to what.
pub(super) fn headline(person: &PersonDiff) -> String {
    let (before, after) = (person.before.score, person.after.score);
    let change = i64::from(after.0) - i64::from(before.0);
    let name = shown(&person.person, false);
    format!("{name}: {} → {} ({})", decimal(before.0, 4), decimal(after.0, 4), signed(change, 4))
}

/// One JSON document.
pub(super) fn json(moved: &Moved<'_>, person: &PersonDiff, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let causes: Vec<Value> = person
        .causes
        .iter()
        .map(|CauseDiff { cause, change, features }| {
            let features: Map<String, Value> =
                features.iter().map(|(name, part)| (name.clone(), exact_change(*part))).collect();
            json!({ "cause": cause.to_string(), "change": exact_change(*change), "features": features })
        })
        .collect();
    let (before, after) = (person.before.score.0, person.after.score.0);
    let mut document = document(moved);
    document.insert("person".into(), json!(person.person));
    document.insert("score_before".into(), exact(before));
    document.insert("score_after".into(), exact(after));
    document.insert("change".into(), exact_change(i64::from(after) - i64::from(before)));
    document.insert("causes".into(), json!(causes));
    writeln!(out, "{:#}", Value::Object(document))
}
