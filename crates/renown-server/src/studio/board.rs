//! The leaderboard: everybody with a published score, best first, a page at a time.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use renown_store::book::Scope;
use serde::Deserialize;

use super::extract::Query;
use super::flag;
use super::frame::{Frame, Tab};
use super::text::{encoded, grouped, page_of, percent, points, signed};
use super::visitor::{Refused, Visitor};
use crate::api::{self, Filter};
use crate::app::App;
use crate::leaderboard::{Leaderboard, Row};

/// How many people a page has.
const PAGE: u16 = 50;
/// How many networks have a tint of their own.
const TINTS: usize = 6;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/", get(board))
}

/// As the form sends it: what is not filled in is empty.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    network: String,
    #[serde(default)]
    community: String,
    #[serde(default)]
    band: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    after: Option<u32>,
    done: Option<String>,
}

impl Asked {
    fn filter(&self) -> Filter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            network: given(&self.network),
            community: given(&self.community),
            band: given(&self.band),
            tag: given(&self.tag),
            q: given(&self.q),
            after: self.after,
            limit: Some(PAGE),
            format: None,
        }
    }

    fn is_filtered(&self) -> bool {
        self.given().iter().any(|(_, text)| !text.trim().is_empty())
    }

    /// What is filtered by, by the fields' names.
    fn given(&self) -> [(&'static str, &String); 5] {
        let Self { q, network, community, band, tag, .. } = self;
        [("q", q), ("network", network), ("community", community), ("band", band), ("tag", tag)]
    }

    /// The address of the page that begins after this many rows.
    fn page(&self, after: u32) -> String {
        let mut address = format!("/?after={after}");
        for (name, value) in self.given().into_iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(address, "&{name}={}", encoded(value));
        }
        address
    }
}

async fn board(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Read)?;
    let board = app.board.load_full();
    let frame = Frame::new("Leaderboard", Tab::Board).telling(flag::told(asked.done.as_deref()));
    if board.publication.is_none() {
        return Ok(frame.page(Some(visitor.key()), &nothing_yet(&visitor)));
    }
    let filter = asked.filter();
    let (rows, next) = api::page(&app, &board, &filter).map_err(|problem| visitor.refused(problem))?;
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        app.note(visitor.key(), &row.person, "listed").map_err(|problem| visitor.refused(problem))?;
        let resident = app.book.resident(&row.person)?;
        named.push((row, resident.and_then(|resident| resident.name)));
    }
    let body = html! {
        (head(&board))
        (filters(&board, &asked))
        @if named.is_empty() {
            div.empty {
                h2 { "Nobody like that" }
                p { "No published score fits this search." }
                p { a.button href="/" { "Show everybody" } }
            }
        } @else {
            (legend(&board))
            (table(&board, &named))
            (pages(&board, &asked, next))
        }
    };
    Ok(frame.page(Some(visitor.key()), &body))
}

fn head(board: &Leaderboard) -> Markup {
    let publication = board.publication.as_ref();
    html! {
        h1 { "Leaderboard" }
        @if let Some(publication) = publication {
            p.meta {
                span { b { (grouped(board.rows.len() as u64)) } " people" }
                span { "as of " time { (publication.as_of) } }
                span { "ruler " code { (publication.stamp) } }
                span { "scale " (publication.scale) }
            }
        }
    }
}

fn nothing_yet(visitor: &Visitor) -> Markup {
    html! {
        h1 { "Leaderboard" }
        div.empty {
            h2 { "Nothing has been published yet" }
            p { "Scores stand here once there are people who agreed, records of what happened, and a day that was scored." }
            @if visitor.may(Scope::Admin) {
                p.row { a.button href="/data" { "Add an export" } a.button.quiet href="/consent" { "Invite people" } }
            }
        }
    }
}

fn filters(board: &Leaderboard, asked: &Asked) -> Markup {
    let overview = &board.overview;
    html! {
        form.filters action="/" method="get" role="search" aria-label="Find people" {
            div.field.grow {
                label for="q" { "Search" }
                input #q type="search" name="q" value=(asked.q) placeholder="Part of a name" autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="network" { "Network" }
                select #network name="network" {
                    option value="" { "All networks" }
                    @for (network, count) in board.networks.iter().zip(&overview.networks) {
                        option value=(network) selected[**network == *asked.network] { (network) " (" (grouped(u64::from(*count))) ")" }
                    }
                }
            }
            div.field {
                label for="band" { "Score" }
                select #band name="band" {
                    option value="" { "Any score" }
                    @for (tens, count) in overview.bands.iter().enumerate().rev().filter(|(_, count)| **count > 0) {
                        @let band = band(tens);
                        option value=(band) selected[band == asked.band] { (band.replace('-', " to ")) " (" (grouped(u64::from(*count))) ")" }
                    }
                }
            }
            @if !overview.communities.is_empty() {
                div.field {
                    label for="community" { "Community" }
                    input #community type="text" name="community" value=(asked.community) list="communities" placeholder="Any community" autocomplete="off" spellcheck="false";
                    datalist #communities {
                        @for (community, count) in &overview.communities {
                            option value=(community) { (grouped(u64::from(*count))) " people" }
                        }
                    }
                }
            }
            @if !overview.tags.is_empty() {
                div.field {
                    label for="tag" { "Tag" }
                    select #tag name="tag" {
                        option value="" { "Any tag" }
                        @for (tag, count) in &overview.tags {
                            option value=(tag) selected[**tag == *asked.tag] { (tag) " (" (grouped(u64::from(*count))) ")" }
                        }
                    }
                }
            }
            div.field.end {
                button type="submit" { "Find" }
                @if asked.is_filtered() { a.button.quiet href="/" { "Clear" } }
            }
        }
    }
}

/// A band as the API has it.
fn band(tens: usize) -> String {
    match tens {
        0 => "1-9".into(),
        10 => "100-100".into(),
        tens => format!("{}-{}", tens * 10, tens * 10 + 9),
    }
}

fn legend(board: &Leaderboard) -> Markup {
    html! {
        ul.legend aria-label="Colours of networks" {
            @for (place, network) in board.networks.iter().enumerate() {
                li { span.swatch.{ "tint-" (place % TINTS) } aria-hidden="true" {} (network) }
            }
        }
    }
}

fn table(board: &Leaderboard, rows: &[(&Row, Option<String>)]) -> Markup {
    html! {
        div.scroll { table.board {
            caption.hidden { "People with a published score, best first" }
            thead { tr {
                th scope="col" { "Rank" }
                th.text scope="col" { "Person" }
                th scope="col" { "Score" }
                th.chart scope="col" { span.hidden { "What it is made of" } }
                th scope="col" { abbr title="Change in a week" { "Week" } }
                th.wide scope="col" { "Coverage" }
            } }
            tbody {
                @for (row, name) in rows {
                    tr {
                        td.rank { (row.rank) }
                        th scope="row" { (whom(row, name.as_deref())) }
                        td.score { (points(row.score.0)) }
                        td.chart { (made_of(board, row)) }
                        td { (change(board, row, 1)) }
                        td.wide { (percent(row.coverage)) }
                    }
                }
            }
        } }
    }
}

/// A person by the name that is known of them, their id beside it.
fn whom(row: &Row, name: Option<&str>) -> Markup {
    html! {
        a.person href=(page_of(&row.person)) { bdi { (name.unwrap_or(&row.person)) } }
        @if name.is_some() { " " span.faint { bdi { (row.person) } } }
        @for tag in &row.tags { " " span.tag { bdi { (tag) } } }
    }
}

/// How a score moved in one of the [`SPANS`](crate::leaderboard::SPANS).
pub(super) fn change(board: &Leaderboard, row: &Row, span: usize) -> Markup {
    let moved = row.moved[span].map(i64::from);
    let class = match moved {
        Some(moved) if moved > 0 => "up",
        Some(moved) if moved < 0 => "down",
        _ => "faint",
    };
    html! {
        span class=(class) {
            @match moved {
                Some(moved) => (signed(moved)),
                None if board.published_then[span] => "new",
                None => abbr title="Nothing was published then" { "n/a" },
            }
        }
    }
}

/// A bar as long as the score, in pieces as long as what each network gave.
fn made_of(board: &Leaderboard, row: &Row) -> Markup {
    let mut start = 0.0;
    let mut told = Vec::new();
    let mut pieces = Vec::new();
    for (network, part) in &row.parts {
        let width = f64::from(*part) / 10_000.0;
        pieces.push((usize::from(*network) % TINTS, start, width));
        start += width;
        told.push(format!("{} {}", board.networks[usize::from(*network)], points(*part)));
    }
    html! {
        svg.bar role="img" aria-label=(told.join(", ")) viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.track x="0" y="0" width="100" height="10" {}
            @for (tint, start, width) in pieces {
                rect class={ "tint-" (tint) } x=(format!("{start:.2}")) y="0" width=(format!("{width:.2}")) height="10" {}
            }
        }
    }
}

fn pages(board: &Leaderboard, asked: &Asked, next: Option<u32>) -> Markup {
    let start = asked.after.unwrap_or(0);
    let before = start.saturating_sub(u32::from(PAGE));
    html! {
        nav.pages aria-label="Pages" {
            @if start > 0 {
                a.button.quiet href=(asked.page(0)) { "First" }
                // Of a filtered list only what comes next is known without counting.
                @if !asked.is_filtered() { a.button.quiet rel="prev" href=(asked.page(before)) { "Previous" } }
            }
            @if let Some(next) = next { a.button rel="next" href=(asked.page(next)) { "Next" } }
            @if !asked.is_filtered() {
                span.faint {
                    (grouped(u64::from(start) + 1)) " to " (grouped(u64::from(next.unwrap_or(board.rows.len() as u32))))
                    " of " (grouped(board.rows.len() as u64))
                }
            }
        }
    }
}
