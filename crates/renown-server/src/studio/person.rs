//! A person: the score, how it went, what it is made of, and who looked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use renown_core::curve::Score;
use renown_core::record::Day;
use renown_store::book::{Event, Point, Publication, Resident, Scope};

use super::board::change;
use super::chart::{Chart, ninety};
use super::extract::Path;
use super::frame::{Frame, Tab};
use super::text::{encoded, grouped, page_of, percent, person as link, points, time};
use super::visitor::{Refused, Visitor};
use super::why::Why;
use crate::api::at_the_desk;
use crate::app::App;
use crate::desk::{Form, Neighbours};
use crate::leaderboard::{Leaderboard, Row};
use crate::problem::{Kind, Problem};

/// How many of those who act on whom are shown.
const NEIGHBOURS: usize = 8;
/// How many look-ups are shown.
const LOOKS: usize = 30;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/people/{person}", get(page))
}

/// All that the page shows.
struct Shown<'a> {
    board: &'a Leaderboard,
    row: &'a Row,
    resident: Resident,
    points: Vec<Point>,
    publications: Vec<Publication>,
    events: Vec<Event>,
    days: (Day, Day),
    why: Result<Why, Problem>,
    /// Of one's own page nobody else is part.
    neighbours: Option<Neighbours>,
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
) -> Result<Response, Refused> {
    let board = app.board.load_full();
    let row = app.row(&board, visitor.key(), &person, "page").map_err(|problem| visitor.refused(problem))?;
    let newest = board.as_of().unwrap_or(Day::UNDATED);
    let days = ninety(newest);
    let (desk, whom, is_alone) = (app.desk.clone(), row.person.clone(), visitor.is_alone());
    let found = at_the_desk(move || {
        // With one's own key nobody else is named.
        let why =
            if is_alone { desk.explain_to_them(&whom, Form::Json) } else { desk.explain(&whom, Form::Json) };
        Ok((why, (!is_alone).then(|| desk.neighbours(&whom, NEIGHBOURS))))
    });
    let (why, neighbours) = found.await?;
    let resident = app.book.resident(&row.person)?;
    let shown = Shown {
        board: &board,
        row,
        resident: resident.ok_or_else(|| visitor.refused(crate::app::nobody()))?,
        points: app.book.history(&row.person, days.0, days.1)?,
        publications: app.book.publications()?,
        events: app.book.events(Some(&row.person), days.0, days.1)?,
        days,
        why: why.map_err(Problem::from).and_then(|bytes| {
            serde_json::from_slice(&bytes).map_err(|error| Problem::new(Kind::Internal, error.to_string()))
        }),
        neighbours: neighbours.and_then(Result::ok),
    };
    let is_own = visitor.key().person.as_deref() == Some(&*row.person);
    let body = html! {
        (shown.head(&visitor))
        (shown.history())
        (shown.moved())
        (shown.made_of())
        (shown.around())
        @if is_own || visitor.may(Scope::Admin) { (looks(&app, &row.person)?) }
    };
    let name = shown.name();
    let tab = if is_own { Tab::Own } else { Tab::Board };
    Ok(Frame::new(name, tab).page(Some(visitor.key()), &body))
}

impl Shown<'_> {
    fn name(&self) -> &str {
        self.resident.name.as_deref().unwrap_or(&self.resident.id)
    }

    fn head(&self, visitor: &Visitor) -> Markup {
        let row = self.row;
        let moved =
            |title: &str, span| html! { div { dt { (title) } dd { (change(self.board, row, span)) } } };
        html! {
            header.person-head {
                div {
                    h1 { bdi { (self.name()) } }
                    p.meta {
                        @if self.resident.name.is_some() { span { bdi { (self.resident.id) } } }
                        @for (network, id) in &self.resident.accounts { span { bdi { (network) ":" (id) } } }
                        @for tag in &self.resident.tags { span.tag { bdi { (tag) } } }
                        @for community in &row.communities {
                            @if visitor.may(Scope::Read) {
                                a.tag href={ "/?community=" (encoded(community)) } { bdi { (community) } }
                            } @else { span.tag { bdi { (community) } } }
                        }
                        @if visitor.may(Scope::Admin) { a href={ "/consent/" (encoded(&self.resident.id)) } { "Consent and accounts" } }
                    }
                }
            }
            section.figures aria-label="Score" {
                div.figure-main {
                    p.big { (points(row.score.0)) }
                    (self.scale())
                    p.note {
                        @match &self.why {
                            Ok(why) => { (format!("{:.2} to {:.2}", why.low, why.high)) " in nine cases of ten, of " (why.scored()) " scored" },
                            Err(problem) => { "The interval is not at hand: " (problem.detail()) },
                        }
                    }
                }
                dl.facts {
                    div { dt { "Rank" } dd { (grouped(u64::from(row.rank))) span.faint { " of " (grouped(self.board.rows.len() as u64)) } } }
                    div { dt { "Percentile" } dd { (super::text::decimals(i64::from(row.percentile), 1)) } }
                    div { dt { abbr title="How much of what the rules ask for was there" { "Coverage" } } dd { (percent(row.coverage)) } }
                    (moved("Day", 0))
                    (moved("Week", 1))
                    (moved("Month", 2))
                }
            }
            p.meta {
                @if let Some(publication) = &self.board.publication {
                    span { "as of " time { (publication.as_of) } }
                    span { "ruler " code { (publication.stamp) } }
                    span { "scale " (publication.scale) }
                }
            }
        }
    }

    /// The score on the way from 1 to 100, and the interval around it.
    fn scale(&self) -> Markup {
        let at = |score: f64| format!("{:.2}", (score - 1.0) / 99.0 * 100.0);
        let score = self.row.score;
        let ends = self.why.as_ref().ok().map(|why| (why.low, why.high));
        let label = match ends {
            Some((low, high)) => format!(
                "{score:.2} on a scale from 1 to 100, between {low:.2} and {high:.2} in nine cases of ten"
            ),
            None => format!("{score:.2} on a scale from 1 to 100"),
        };
        html! {
            svg.scale role="img" aria-label=(label) viewBox="0 0 100 20" preserveAspectRatio="none" {
                line.axis x1="0" y1="10" x2="100" y2="10" {}
                @for tick in [0, 25, 50, 75, 100] { line.axis x1=(tick) y1="6" x2=(tick) y2="14" {} }
                @if let Some((low, high)) = ends {
                    rect.band x=(at(low)) y="5" width=(format!("{:.2}", (high - low) / 99.0 * 100.0)) height="10" {}
                }
                line.mark x1=(at(score.value())) y1="2" x2=(at(score.value())) y2="18" {}
            }
        }
    }

    fn stamp(&self, publication: i64) -> &str {
        let found = self.publications.iter().find(|known| known.number == publication);
        found.map_or("", |known| known.stamp.as_str())
    }

    fn history(&self) -> Markup {
        let chart = Chart {
            days: self.days,
            points: self.points.iter().map(|point| (point, self.stamp(point.publication))).collect(),
            events: &self.events,
        };
        html! {
            section aria-labelledby="history" {
                h2 #history { "Ninety days" }
                @if self.points.len() < 2 {
                    p.faint { "One day has been published so far: a line begins with the second." }
                }
                (chart.draw())
            }
        }
    }

    /// A way to what moved it between two published days.
    fn moved(&self) -> Markup {
        let days: Vec<Day> = self.points.iter().map(|point| point.as_of).collect();
        let (Some(last), Some(before)) = (days.last(), days.iter().nth_back(1)) else { return html! {} };
        html! {
            section aria-labelledby="moved" {
                h2 #moved { "What moved it" }
                form.filters action={ (page_of(&self.row.person)) "/moved" } method="get" {
                    (choice("from", "Between", &days, *before))
                    (choice("to", "and", &days, *last))
                    div.field.end { button type="submit" { "Show the causes" } }
                }
            }
        }
    }

    fn made_of(&self) -> Markup {
        html! {
            section aria-labelledby="made" {
                h2 #made { "What it is made of" }
                @match &self.why {
                    Ok(why) => { (self.agrees(why)) (why.parts()) h3 { "By feature" } (why.features()) },
                    Err(problem) => (self.not_now(problem)),
                }
            }
            @if let Ok(why) = &self.why {
                section aria-labelledby="outlook" {
                    h2 #outlook { "What would move it" }
                    (why.outlook())
                }
            }
        }
    }

    /// Records may have come since, and then they say something else than what was published.
    fn agrees(&self, why: &Why) -> Markup {
        let published = self.row.score.value();
        html! {
            @if (published - why.score).abs() > 0.00005 {
                p.notice { "By the records and weights as they are now the score is " (format!("{:.4}", why.score)) "; published is " (format!("{published:.4}")) "." }
            }
        }
    }

    /// What each network gave, as published; for when nothing more is at hand.
    fn not_now(&self, problem: &Problem) -> Markup {
        html! {
            p.notice role="status" { (problem.detail()) " " a href=(page_of(&self.row.person)) data-retry { "Try again" } }
            ul { @for (network, part) in &self.row.parts {
                li { (self.board.networks[usize::from(*network)]) ": " (points(*part)) }
            } }
        }
    }

    fn around(&self) -> Markup {
        let Some(neighbours) = &self.neighbours else { return html! {} };
        html! {
            section aria-labelledby="around" {
                h2 #around { "Who acts on whom" }
                div.halves {
                    (self.list("Reacts to", &neighbours.influencers, neighbours.influencers_count, "Nobody who agreed to be scored."))
                    (self.list("Is reacted to by", &neighbours.influencees, neighbours.influencees_count, "Nobody who agreed to be scored."))
                }
            }
        }
    }

    fn list(&self, title: &str, people: &[String], all: u64, none: &str) -> Markup {
        let score = |person: &str| self.board.find(person).map(|place| self.board.rows[place].score);
        let more = all.saturating_sub(people.len() as u64);
        html! {
            section {
                h3 { (title) }
                @if people.is_empty() { p.faint { (none) } } @else {
                    ul.plain {
                        @for person in people {
                            li { (link(person)) @if let Some(Score(score)) = score(person) { span.faint { " " (points(score)) } } }
                        }
                        @if more > 0 { li.faint { "and " (grouped(more)) " more" } }
                    }
                }
            }
        }
    }
}

/// A choice of days.
pub(super) fn choice(name: &str, label: &str, days: &[Day], chosen: Day) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for day in days.iter().rev() { option value=(day) selected[*day == chosen] { (day) } }
            }
        }
    }
}

/// Who looked somebody up.
pub(super) fn looks(app: &App, person: &str) -> Result<Markup, Refused> {
    // What was noted a moment ago is to be there, too.
    app.looks.write(&app.book);
    let looks = app.book.looks_at(person, LOOKS)?;
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    for look in &looks {
        if !keys.contains_key(&look.key) {
            let key = app.book.key(&look.key)?;
            let told = key.map_or_else(
                || look.key.clone(),
                |(key, _)| format!("{} ({})", key.name, key.purpose.name()),
            );
            keys.insert(look.key.clone(), told);
        }
    }
    Ok(html! {
        section aria-labelledby="looks" {
            h2 #looks { "Who looked" }
            @if looks.is_empty() { p.faint { "Nobody so far." } } @else {
                div.scroll { table {
                    caption { "Look-ups by key and hour, the newest first" }
                    thead { tr { th.text scope="col" { "Key" } th.text scope="col" { "What" } th scope="col" { "Times" } th scope="col" { "Last" } } }
                    tbody {
                        @for look in &looks {
                            tr {
                                th scope="row" { bdi { (keys.get(&look.key).map_or(look.key.as_str(), String::as_str)) } }
                                td.text { (look.action) }
                                td { (grouped(look.times)) }
                                td { (time(look.last)) }
                            }
                        }
                    }
                } }
            }
        }
    })
}
