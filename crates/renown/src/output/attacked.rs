//! What attacks bring, and whether budgets are kept.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use renown_core::curve::Score;
use serde_json::{Value, json};

use super::json::exact;
use super::shown;
use crate::attack::{self, OnNetwork, Outcome, Tried};

/// What stands where there is no number.
const NONE: &str = "-";

/// What is done, and tables, one a network, to look at or in Markdown.
pub(super) fn table(tried: &Tried, is_markdown: bool, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let print = |table: Table, out: &mut (dyn Write + Send)| {
        if is_markdown { writeln!(out, "{table}\n") } else { writeln!(out, "{}\n", table.trim_fmt()) }
    };
    let mut what = empty(is_markdown);
    what.set_header(["attack", "what is done"]);
    what.add_rows(attack::all().map(|(name, docs)| [name, docs]));
    print(what, out)?;
    for network in &tried.networks {
        let whom = match &tried.person {
            Some(person) => shown(person, is_markdown),
            None => "somebody invented".to_owned(),
        };
        let audience = match (network.audience, network.fans) {
            (Some(audience), Some(fans)) => {
                format!(", with an audience of {audience} of whom {fans} react")
            }
            (Some(audience), None) => format!(", with an audience of {audience}"),
            (None, _) => ", with an audience that is not known".to_owned(),
        };
        writeln!(out, "Tried on {whom} on {}{audience}:\n", network.network)?;
        print(of_network(tried, network, is_markdown), out)?;
    }
    let lacks = |network: &OnNetwork| {
        let rulers = 0..tried.rulers.len();
        network.attacks.iter().any(|attack| rulers.clone().any(|ruler| network.gain(attack, ruler).is_none()))
    };
    if tried.networks.iter().any(lacks) {
        let why = "the ruler does not know the network, or no post was read that could be deleted";
        writeln!(out, "{NONE} stands where {why}.\n")?;
    }
    for (ruler, (path, stamp)) in tried.rulers.iter().enumerate() {
        let broken: Vec<String> = broken(tried, ruler).collect();
        let has_budget = tried.networks.iter().flat_map(|network| &network.attacks);
        let budget = match broken.len() {
            0 if has_budget.clone().all(|attack| attack.after[ruler].1.is_none()) => {
                "there is no budget".to_owned()
            }
            0 => "every budget is kept".to_owned(),
            _ => format!("over budget: {}", broken.join("; ")),
        };
        // In Markdown a paragraph each.
        writeln!(out, "{path}, ruler {stamp}: {budget}{}", if is_markdown { "\n" } else { "" })?;
    }
    Ok(())
}

fn empty(is_markdown: bool) -> Table {
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    table
}

/// The score before, and below it what each attack brings.
fn of_network(tried: &Tried, network: &OnNetwork, is_markdown: bool) -> Table {
    let mut table = empty(is_markdown);
    let mut header = vec!["attack".to_owned(), "dollars".to_owned()];
    header.extend(tried.rulers.iter().map(|(path, _)| shown(path, is_markdown)));
    table.set_header(&header);
    for (index, column) in table.column_iter_mut().enumerate() {
        if index > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    let score = |score: &Option<Score>| score.map_or(NONE.to_owned(), |score| format!("{score:.2}"));
    let before = ["the score before".to_owned(), String::new()];
    table.add_row(before.into_iter().chain(network.before.iter().map(score)));
    for attack in &network.attacks {
        let mut cells = vec![attack.name.to_owned(), format!("{:.2}", attack.cost)];
        cells.extend((0..tried.rulers.len()).map(|ruler| gained(network, attack, ruler)));
        table.add_row(cells);
    }
    table
}

/// The points, and the budget if that is not kept.
fn gained(network: &OnNetwork, attack: &Outcome, ruler: usize) -> String {
    let Some(gain) = network.gain(attack, ruler) else { return NONE.to_owned() };
    let points = format!("{:+.2}", gain as f64 / 10_000.0);
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
    let docs = |name: &str| attack::all().find(|attack| attack.0 == name).map(|attack| attack.1);
    let of_score = |score: &Option<Score>| score.map_or(Value::Null, |score| exact(score.0));
    let of_attack = |network: &OnNetwork, attack: &Outcome| {
        let by = attack.after.iter().enumerate().map(|(ruler, (score, budget))| {
            json!({ "score": of_score(score), "budget": budget, "kept": network.is_kept(attack, ruler) })
        });
        json!({
            "name": attack.name,
            "docs": docs(attack.name),
            "dollars": attack.cost,
            "by": by.collect::<Vec<_>>(),
        })
    };
    let networks = tried.networks.iter().map(|network| {
        let attacks: Vec<Value> = network.attacks.iter().map(|of| of_attack(network, of)).collect();
        let before: Vec<Value> = network.before.iter().map(of_score).collect();
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
        "person": tried.person,
        "rulers": rulers.collect::<Vec<_>>(),
        "networks": networks.collect::<Vec<_>>(),
        "kept": tried.is_kept(),
    });
    writeln!(out, "{document:#}")
}
