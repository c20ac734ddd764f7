//! What changed between two scorings, as a page.

use std::io::{self, Write};

use maud::{Markup, html};
use renown_core::diff::PersonDiff;

use super::moved::{Moved, range, ranks};
use super::page::{self, bar, bar_of, name_of};
use super::person_moved::headline;
use super::{decimal, shown, signed};

/// About one person.
pub(super) fn of_person(
    moved: &Moved<'_>,
    person: &PersonDiff,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let widest = person.causes.iter().map(|cause| cause.change.abs()).max().unwrap_or(0).max(1);
    let body = html! {
        h1 { (headline(person)) }
        (scorings(moved))
        h2 { "By whose doing" }
        div.scroll { table {
            caption { "The causes add up to the change, to the last digit." }
            thead { tr { th.text scope="col" { "cause" } th scope="col" { "change" } th scope="col" {} th.text.wide scope="col" { "meaning" } } }
            tbody {
                @for cause in &person.causes {
                    tr {
                        th scope="row" { (cause.cause) }
                        td { (signed(cause.change, 4)) }
                        td.chart { (bar(cause.change as f64 / widest as f64)) }
                        td.text.wide { (cause.cause.meaning()) }
                    }
                }
            }
        } }
        @for cause in person.causes.iter().filter(|cause| !cause.features.is_empty()) {
            details {
                summary { (cause.cause) ", by feature" }
                div.scroll { table {
                    thead { tr { th.text scope="col" { "feature" } th scope="col" { "change" } } }
                    tbody {
                        @for (feature, part) in &cause.features {
                            tr { th scope="row" { (name_of(feature)) } td { (signed(*part, 4)) } }
                        }
                    }
                } }
            }
        }
    };
    page::write(&headline(person), &body, out)
}

/// About everybody.
pub(super) fn of_everybody(moved: &Moved<'_>, top: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let bars = moved.moves().histogram();
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let body = html! {
        h1 { "Who moved, and why" }
        (scorings(moved))
        @for line in moved.summary() { p { (line) } }
        h2 { "How far" }
        div.scroll { table {
            thead { tr { th.text scope="col" { "change" } th scope="col" { "people" } th scope="col" {} } }
            tbody {
                @for bar in bars.iter().filter(|bar| bar.count > 0) {
                    tr {
                        th scope="row" { (range(bar)) }
                        td { (bar.count) }
                        td.chart { (bar_of(bar.count as f64 / most as f64)) }
                    }
                }
            }
        } }
        @for line in moved.crossings() { p { (line) } }
        h2 { "Who moved most" }
        (movers(moved, top))
        @for (which, who) in [("Came", &moved.moves().came), ("Went", &moved.moves().went)] {
            @if !who.is_empty() {
                h2 { (which) }
                ul { @for (person, score) in who.iter().take(top) { li { (shown(&moved.name(*person), false)) " " (decimal(score.0, 2)) } } }
            }
        }
    };
    page::write("Who moved, and why", &body, out)
}

fn scorings(moved: &Moved<'_>) -> Markup {
    html! { @for line in moved.scorings() { p.note { (line) } } }
}

fn movers(moved: &Moved<'_>, top: usize) -> Markup {
    let changed = || moved.moves().both.iter().enumerate().filter(|(_, of)| of.change() != 0).take(top);
    let widest = changed().map(|(_, of)| of.change().abs()).max().unwrap_or(0).max(1);
    html! {
        div.scroll { table {
            thead { tr {
                th.text scope="col" { "person" }
                @for title in ["before", "after", "change"] { th scope="col" { (title) } }
                th scope="col" {}
                th.wide scope="col" { "rank" }
                @for cause in moved.causes { th.wide scope="col" { (cause) } }
            } }
            tbody {
                @for (index, of) in changed() {
                    tr {
                        th scope="row" { (shown(&moved.name(of.person), false)) }
                        td { (decimal(of.before.0, 2)) }
                        td { (decimal(of.after.0, 2)) }
                        td { (signed(of.change(), 2)) }
                        td.chart { (bar(of.change() as f64 / widest as f64)) }
                        td.wide { (ranks(of)) }
                        @for part in moved.parts_of(index) { td.wide { (signed(*part, 2)) } }
                    }
                }
            }
        } }
    }
}
