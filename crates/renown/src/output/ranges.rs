//! Between which ranks people stay while weights are moved.

use std::io::{self, Write};

use maud::html;
use serde_json::{Map, Value, json};

use super::json::exact;
use super::moved::{Head, paragraph, table};
use super::{decimal, page, shown};
use crate::rank_range::{PERCENT, RankRanges};

/// For a terminal, or Markdown.
pub(super) fn text(
    head: &Head,
    ranges: &RankRanges,
    top: usize,
    is_markdown: bool,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let header = ["person", "score", "rank", "best", "worst"].map(str::to_owned).into();
    let mut table = table(header, is_markdown);
    for range in ranges.people.iter().take(top) {
        table.add_row([
            shown(&range.person.person, is_markdown),
            decimal(range.person.score.0, 2),
            range.rank.to_string(),
            range.best.to_string(),
            range.worst.to_string(),
        ]);
    }
    writeln!(out, "{}\n", table.trim_fmt())?;
    paragraph(out, &notes(ranges), is_markdown)?;
    writeln!(out, "\n{}", head.told())
}

/// What was done, which weights do nothing, and which could not be tried.
fn notes(ranges: &RankRanges) -> Vec<String> {
    let mut notes =
        vec![format!("Best and worst: ranks while each weight by itself is moved {PERCENT} % up and down.")];
    notes.push(match &ranges.idle[..] {
        [] => "Every weight moves somebody.".to_owned(),
        idle => format!("These move nobody: {}", idle.join(", ")),
    });
    notes.extend(ranges.stuck.iter().map(|(key, why)| format!("Not tried: {key}: {why}")));
    notes
}

/// One JSON document.
pub(super) fn json(
    head: &Head,
    ranges: &RankRanges,
    top: usize,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let people: Vec<Value> = (ranges.people.iter().take(top))
        .map(|range| {
            json!({
                "person": range.person.person,
                "score": exact(range.person.score.0),
                "rank": range.rank,
                "best": range.best,
                "worst": range.worst,
            })
        })
        .collect();
    let mut document = Map::new();
    document.insert("schema_version".into(), json!(super::json::SCHEMA_VERSION));
    document.insert("scored".into(), head.json());
    document.insert("percent".into(), json!(PERCENT));
    document.insert("idle_weights".into(), json!(ranges.idle));
    document.insert("not_tried".into(), json!(ranges.stuck));
    document.insert("people".into(), json!(people));
    writeln!(out, "{:#}", Value::Object(document))
}

/// A page.
pub(super) fn page(
    head: &Head,
    ranges: &RankRanges,
    top: usize,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let body = html! {
        h1 { "How firm the ranks are" }
        p.note { (head.told()) }
        @for note in notes(ranges) { p { (note) } }
        div.scroll { table {
            thead { tr { @for title in ["person", "score", "rank", "best", "worst"] { th scope="col" { (title) } } } }
            tbody {
                @for range in ranges.people.iter().take(top) {
                    tr {
                        th scope="row" { (shown(&range.person.person, false)) }
                        td { (decimal(range.person.score.0, 2)) }
                        td { (range.rank) }
                        td { (range.best) }
                        td { (range.worst) }
                    }
                }
            }
        } }
    };
    page::write("How firm the ranks are", &body, out)
}
