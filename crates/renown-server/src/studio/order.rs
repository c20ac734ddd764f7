//! The order that weights would give, and who would move.

use maud::{Markup, html};

use super::text::{decimals, grouped, person, points, signed};
use super::why::{bar, bar_both_ways};
use crate::desk::{Bar, Placed, Reranked};

/// The order, movers and moves, one below the other.
pub(super) fn all(found: &Reranked) -> Markup {
    html! {
        (summary(found))
        (order(&found.first))
        (movers(&found.movers))
        (moves(found))
    }
}

/// How much is otherwise, in a sentence.
pub(super) fn summary(found: &Reranked) -> Markup {
    let [before, after] = &found.rulers;
    html! {
        p.meta {
            @if before == after {
                span { "The ruler in force, " code { (after) } }
            } @else {
                span { b { (grouped(found.moved as u64)) } " of " (grouped(found.scored as u64)) " would move" }
                span { "ruler " code { (after) } }
            }
        }
    }
}

/// The first of the new order.
fn order(first: &[Placed]) -> Markup {
    html! {
        h3 { "Order" }
        div.scroll { table.order {
            caption.hidden { "The first of the order that these weights give" }
            thead { tr {
                th scope="col" { "Rank" }
                th scope="col" { abbr title="Places gained or lost" { "±" } }
                th.text scope="col" { "Person" }
                th scope="col" { "Score" }
                th scope="col" { "Change" }
            } }
            tbody {
                @for placed in first {
                    @let (score, rank) = placed.after;
                    tr data-person=(placed.person) {
                        td.rank { (rank) }
                        td { (places(placed.before.map(|before| before.1), rank)) }
                        th scope="row" { (person(&placed.person)) }
                        td.score { (points(score.0)) }
                        td { @if let Some((before, _)) = placed.before { (moved(i64::from(score.0) - i64::from(before.0))) } @else { "new" } }
                    }
                }
            }
        } }
    }
}

/// How many places up or down.
fn places(before: Option<u32>, after: u32) -> Markup {
    let gained = before.map_or(0, |before| i64::from(before) - i64::from(after));
    match gained {
        0 => html! { span.faint { "–" } },
        up if up > 0 => html! { span.up { "▲" span.hidden { "up " } (up) } },
        down => html! { span.down { "▼" span.hidden { "down " } (-down) } },
    }
}

fn moved(change: i64) -> Markup {
    let class = match change {
        0 => "faint",
        up if up > 0 => "up",
        _ => "down",
    };
    html! { span class=(class) { (signed(change)) } }
}

/// Those who would move most.
pub(super) fn movers(movers: &[Placed]) -> Markup {
    let change = |placed: &Placed| {
        placed.before.map_or(0, |(before, _)| i64::from(placed.after.0.0) - i64::from(before.0))
    };
    let widest = movers.iter().map(|placed| change(placed).abs()).max().unwrap_or(0).max(1) as f64;
    html! {
        h3 { "Who would move most" }
        @if movers.is_empty() { p.faint { "Nobody: every score stays as it is." } } @else {
            div.scroll { table {
                caption.hidden { "Who would move most" }
                thead { tr { th.text scope="col" { "Person" } th scope="col" { "Before" } th scope="col" { "After" } th scope="col" { "Change" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                tbody {
                    @for placed in movers {
                        tr {
                            th scope="row" { (person(&placed.person)) }
                            td { (placed.before.map_or_else(|| "–".into(), |(score, _)| points(score.0))) }
                            td { (points(placed.after.0.0)) }
                            td { (moved(change(placed))) }
                            td.chart { (bar_both_ways(change(placed) as f64 / widest)) }
                        }
                    }
                }
            } }
        }
    }
}

/// How many would move how far.
pub(super) fn moves(found: &Reranked) -> Markup {
    let shown = || found.bars.iter().filter(|bar| bar.count > 0);
    let most = shown().map(|bar| bar.count).max().unwrap_or(0).max(1) as f64;
    html! {
        h3 { "How far" }
        div.scroll { table.moves {
            caption.hidden { "How many people would move how far" }
            thead { tr { th.text scope="col" { "Change" } th scope="col" { "People" } th.chart scope="col" { span.hidden { "As a bar" } } } }
            tbody {
                @for of in shown() {
                    tr { th scope="row" { (range(of)) } td { (grouped(of.count)) } td.chart { (bar(of.count as f64 / most)) } }
                }
            }
        } }
    }
}

/// Which changes a bar counts, in words.
fn range(bar: &Bar) -> String {
    let end = |change: i64| {
        let sign = if change < 0 { "−" } else { "+" };
        let text = decimals(change.abs(), 1);
        format!("{}{}", if change == 0 { "" } else { sign }, text.strip_suffix(".0").unwrap_or(&text))
    };
    match (bar.low, bar.high) {
        (Some(0), Some(0)) => "unmoved".into(),
        (None, Some(high)) => format!("{} or less", end(high)),
        (Some(low), None) => format!("more than {}", end(low)),
        (Some(low), Some(high)) => format!("{} to {}", end(low), end(high)),
        (None, None) => "any".into(),
    }
}
