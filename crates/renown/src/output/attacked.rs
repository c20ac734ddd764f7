//! What attacks bring, and whether budgets are kept.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};

use super::json::exact;
use crate::attack::{OnNetwork, Outcome, Tried};

/// Tables, one a network, to look at or in Markdown.
pub(super) fn table(tried: &Tried, is_markdown: bool, out: &mut (dyn Write + Send)) -> io::Result<()> {
    for network in &tried.networks {
        let scores: Vec<String> = network.before.iter().map(|score| format!("{score:.2}")).collect();
        writeln!(
            out,
            "On {}, of an invented person at {}, with an audience of {} of whom {} react:\n",
            network.network,
            scores.join(" and "),
            network.audience,
            network.fans
        )?;
        let table = of_network(tried, network, is_markdown);
        if is_markdown {
            writeln!(out, "{table}\n")?;
        } else {
            writeln!(out, "{}\n", table.trim_fmt())?;
        }
    }
    for (ruler, (path, stamp)) in tried.rulers.iter().enumerate() {
        let broken: Vec<String> = broken(tried, ruler).collect();
        let budget = match broken.len() {
            0 => "every budget is kept".to_owned(),
            _ => format!("over budget: {}", broken.join("; ")),
        };
        writeln!(out, "{path}, ruler {stamp}: {budget}")?;
    }
    Ok(())
}

fn of_network(tried: &Tried, network: &OnNetwork, is_markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    let mut header = vec!["attack".to_owned(), "dollars".to_owned()];
    header.extend(tried.rulers.iter().map(|(path, _)| format!("points by {path}")));
    header.push("what is done".to_owned());
    table.set_header(&header);
    for (index, column) in table.column_iter_mut().enumerate() {
        if (1..header.len() - 1).contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    for attack in &network.attacks {
        let mut cells = vec![attack.name.to_owned(), format!("{:.2}", attack.cost)];
        cells.extend((0..tried.rulers.len()).map(|ruler| gained(network, attack, ruler)));
        cells.push(attack.docs.to_owned());
        table.add_row(cells);
    }
    table
}

/// The points, and the budget if that is not kept.
fn gained(network: &OnNetwork, attack: &Outcome, ruler: usize) -> String {
    let points = format!("{:+.2}", network.gain(attack, ruler) as f64 / 10_000.0);
    match attack.after[ruler].1 {
        Some(budget) if !network.is_kept(attack, ruler) => format!("{points} (over {budget})"),
        _ => points,
    }
}

/// The attacks that bring more than they may.
fn broken(tried: &Tried, ruler: usize) -> impl Iterator<Item = String> + '_ {
    tried.networks.iter().flat_map(move |network| {
        let over = network.attacks.iter().filter(move |attack| !network.is_kept(attack, ruler));
        over.map(move |attack| {
            format!("{} on {} {}", attack.name, network.network, gained(network, attack, ruler))
        })
    })
}

/// One JSON document.
pub(super) fn json(tried: &Tried, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let attack = |network: &OnNetwork, attack: &Outcome| {
        let by = attack.after.iter().enumerate().map(|(ruler, (score, budget))| {
            json!({ "score": exact(score.0), "budget": budget, "kept": network.is_kept(attack, ruler) })
        });
        json!({
            "name": attack.name,
            "docs": attack.docs,
            "dollars": attack.cost,
            "by": by.collect::<Vec<_>>(),
        })
    };
    let networks = tried.networks.iter().map(|network| {
        let attacks: Vec<Value> = network.attacks.iter().map(|of| attack(network, of)).collect();
        let before: Vec<Value> = network.before.iter().map(|score| exact(score.0)).collect();
        json!({
            "network": network.network,
            "audience": network.audience,
            "fans": network.fans,
            "before": before,
            "attacks": attacks,
        })
    });
    let rulers = tried.rulers.iter().map(|(path, stamp)| json!({ "weights": path, "ruler": stamp }));
    let document = json!({
        "schema_version": 1,
        "rulers": rulers.collect::<Vec<_>>(),
        "networks": networks.collect::<Vec<_>>(),
        "kept": tried.is_kept(),
    });
    writeln!(out, "{document:#}")
}
