//! Explanations: every feature's value, curve, weight, points and part, adding up to the score.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use renown_core::explain::{AccountExplanation, Explanation, FeatureExplanation};
use renown_core::stat::STATS;
use serde_json::{Value, json};

use super::decimal;
use super::json::{exact, stamp};
use crate::pipeline::Run;

/// Aligned columns for a terminal.
pub(super) fn table(run: &Run, explanation: &Explanation, out: &mut (dyn Write + Send)) -> io::Result<()> {
    write(run, explanation, out, false)
}

/// Markdown.
pub(super) fn markdown(run: &Run, explanation: &Explanation, out: &mut (dyn Write + Send)) -> io::Result<()> {
    write(run, explanation, out, true)
}

fn write(
    run: &Run,
    explanation: &Explanation,
    out: &mut (dyn Write + Send),
    is_markdown: bool,
) -> io::Result<()> {
    writeln!(out, "{} scores {}", explanation.person, explanation.score)?;
    writeln!(out, "as of {}, ruler {}, scale {}\n", run.as_of, run.by.stamp, run.by.scale)?;
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    table.set_header(["feature", "value", "curve", "curved", "weight", "points", "part", "", "meaning"]);
    for (index, column) in table.column_iter_mut().enumerate() {
        if (1..7).contains(&index) && index != 2 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    table.add_row(["everybody", "", "", "", "", "", "1.0000", "", "the floor of the scale"]);
    for account in &explanation.accounts {
        table.add_row([
            &account.account,
            "",
            "",
            "",
            "",
            &rounded(account.points),
            &decimal(account.part, 4),
            "",
            "of which:",
        ]);
        for feature in by_part(account) {
            table.add_row(cells(feature));
        }
    }
    writeln!(out, "{}", table.trim_fmt())?;
    let sum: u32 = 10_000 + explanation.accounts.iter().map(|account| account.part).sum::<u32>();
    writeln!(out, "\nThe floor and the accounts' parts add up to {}.", decimal(sum, 4))
}

/// The largest part first, then by name.
fn by_part(account: &AccountExplanation) -> Vec<&FeatureExplanation> {
    let mut features: Vec<_> = account.features.iter().collect();
    features.sort_by(|a, b| b.part.cmp(&a.part).then_with(|| a.name.cmp(&b.name)));
    features
}

fn cells(feature: &FeatureExplanation) -> [String; 9] {
    [
        format!("  {}", feature.name),
        feature.value.map_or_else(|| "-".into(), rounded),
        feature.curve.clone(),
        feature.value.map_or_else(|| "-".into(), |_| rounded(feature.curved)),
        feature.weight.to_string(),
        rounded(feature.points),
        decimal(feature.part, 4),
        feature.word.to_string(),
        meaning(feature),
    ]
}

/// What the stat at the end of a feature's name means.
fn meaning(feature: &FeatureExplanation) -> String {
    let stat = feature.name.rsplit('.').next().unwrap_or_default();
    STATS
        .iter()
        .find(|(_, name, _)| *name == stat)
        .map_or_else(String::new, |(_, _, meaning)| (*meaning).to_owned())
}

/// Whole numbers as they are, others with four decimals.
fn rounded(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:.4}") }
}

/// One JSON document.
pub(super) fn json(run: &Run, explanation: &Explanation, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let accounts: Vec<Value> = explanation.accounts.iter().map(account).collect();
    let mut document = stamp(run);
    document.insert("person".into(), json!(explanation.person));
    document.insert("score".into(), exact(explanation.score.0));
    document.insert("floor".into(), exact(10_000));
    document.insert("accounts".into(), json!(accounts));
    writeln!(out, "{:#}", Value::Object(document))
}

fn account(account: &AccountExplanation) -> Value {
    let features: Vec<Value> = account
        .features
        .iter()
        .map(|feature| {
            json!({
                "name": feature.name,
                "value": feature.value,
                "curve": feature.curve,
                "curved": feature.curved,
                "weight": feature.weight,
                "points": feature.points,
                "part": exact(feature.part),
                "word": feature.word.to_string(),
            })
        })
        .collect();
    json!({
        "account": account.account,
        "network": account.network,
        "points": account.points,
        "part": exact(account.part),
        "features": features,
    })
}
