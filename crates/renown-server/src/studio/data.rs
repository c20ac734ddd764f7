//! Data health: what came in, what was refused, how much is known of whom, and which days are missing.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use renown_core::record::Day;
use renown_store::book::{Audited, Publication, Scope};
use serde::Deserialize;

use super::extract::{Form, Query};
use super::flag;
use super::frame::{Frame, Tab};
use super::text::{grouped, time};
use super::visitor::{Refused, Visitor};
use super::why::bar;
use crate::api::{at_the_desk, day};
use crate::app::App;
use crate::desk::{Came, Taken};
use crate::leaderboard::Leaderboard;
use crate::problem::{Kind, Problem};
use crate::upload::Upload;

/// How many days the strips show.
const DAYS: u16 = 90;
/// How many publications and uploads are listed.
const LISTED: usize = 15;
/// What an upload is called in the audit.
const ACTION: &str = "ingest";

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/data", get(page))
        // How long an upload may be is counted while it comes.
        .route("/data/add", post(add).layer(DefaultBodyLimit::disable()))
        .route("/data/score", post(score))
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(done): Query<flag::Done>,
) -> Result<Response, Refused> {
    if !visitor.may(Scope::Ingest) {
        visitor.must(Scope::Read)?;
    }
    let desk = app.desk.clone();
    let came = at_the_desk(move || desk.came()).await.map_err(|problem| visitor.refused(problem))?;
    let board = app.board.load_full();
    let publications = app.book.publications()?;
    let uploads = app.book.audit_of_action(ACTION, LISTED)?;
    let last = came.iter().filter_map(|came| came.days.last()).map(|(day, _)| *day).max();
    let body = html! {
        h1 { "Data" }
        p.lead { "What came in, what is missing, and what was made of it." }
        @if app.looks.are_failing() { p.wrong role="alert" { "The book cannot be written to at the moment; the server's log says why." } }
        (records(&came, last))
        @if board.publication.is_some() { (coverage(&board)) }
        @if visitor.may(Scope::Ingest) { (upload(&app)) }
        @if visitor.may(Scope::Admin) { (scoring(last)) }
        (published(&publications))
        @if visitor.may(Scope::Admin) { (uploaded(&uploads)) }
    };
    let frame = Frame::new("Data", Tab::Data).telling(flag::told(done.done.as_deref()));
    Ok(frame.page(Some(visitor.key()), &body))
}

fn records(came: &[Came], last: Option<Day>) -> Markup {
    html! {
        section aria-labelledby="came" {
            h2 #came { "What came in" }
            @match last {
                None => div.empty { h2 { "No records yet" } p { "Add an export below, or run " code { "renown ingest" } "." } },
                Some(last) => div.scroll { table.came {
                    caption { "Rows by network; the strip is the ninety days up to " (last) ", and a gap in it a day without rows" }
                    thead { tr { th.text scope="col" { "Network" } th scope="col" { "Rows" } th.text.wide scope="col" { "Of which" } th.text.wide scope="col" { "Days" } th scope="col" { "Gaps" } th.strip scope="col" { span.hidden { "By day" } } } }
                    tbody {
                        @for came in came {
                            @let all: u64 = came.rows.iter().map(|(_, rows)| rows).sum();
                            tr {
                                th scope="row" { (came.network) }
                                td { (grouped(all)) }
                                td.text.wide { (came.rows.iter().map(|(table, rows)| format!("{} {table}", grouped(*rows))).collect::<Vec<_>>().join(", ")) }
                                td.text.wide { @if let (Some((first, _)), Some((last, _))) = (came.days.first(), came.days.last()) { (first) " to " (last) } }
                                td { (gaps(came, last)) }
                                td.strip { (strip(came, last)) }
                            }
                        }
                    }
                } },
            }
        }
    }
}

/// The days of the strip, and how many rows each has.
fn days(came: &Came, last: Day) -> Vec<(Day, u64)> {
    let first = last.raw().saturating_sub(DAYS - 1);
    let rows = |day| came.days.binary_search_by_key(&day, |of| of.0).map_or(0, |place| came.days[place].1);
    (first..=last.raw()).map(Day::from_raw).map(|day| (day, rows(day))).collect()
}

/// How many days since the network's first have no rows.
fn gaps(came: &Came, last: Day) -> Markup {
    let first = came.days.first().map(|(day, _)| *day);
    let missing = days(came, last)
        .iter()
        .filter(|(day, rows)| *rows == 0 && first.is_some_and(|first| *day >= first))
        .count();
    html! { @if missing == 0 { span.up { "none" } } @else { span.down { (missing) @if missing == 1 { " day" } @else { " days" } } } }
}

fn strip(came: &Came, last: Day) -> Markup {
    let days = days(came, last);
    let most = days.iter().map(|day| day.1).max().unwrap_or(0).max(1) as f64;
    let with = days.iter().filter(|day| day.1 > 0).count();
    html! {
        svg.strip role="img" aria-label={ (with) " of " (days.len()) " days have rows" } viewBox={ "0 0 " (DAYS) " 20" } preserveAspectRatio="none" {
            @for (place, (_, rows)) in days.iter().enumerate().filter(|(_, (_, rows))| *rows > 0) {
                // Seen however few there are beside the largest day.
                @let height = 3.0 + 17.0 * (*rows as f64 / most).sqrt();
                rect.plus x=(place) y=(format!("{:.2}", 20.0 - height)) width="0.8" height=(format!("{height:.2}")) {}
            }
        }
    }
}

fn coverage(board: &Leaderboard) -> Markup {
    let overview = &board.overview;
    let most = overview.coverage.iter().copied().max().unwrap_or(0).max(1);
    html! {
        div.halves {
            section aria-labelledby="coverage" {
                h2 #coverage { "Coverage" }
                div.scroll { table {
                    caption { "How much of what the rules ask for is known, of how many people" }
                    thead { tr { th.text scope="col" { "Known" } th scope="col" { "People" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                    tbody {
                        @for (tenth, count) in overview.coverage.iter().enumerate().rev().filter(|(_, count)| **count > 0) {
                            tr {
                                th scope="row" { @if tenth == 10 { "all" } @else { (tenth * 10) " to " (tenth * 10 + 10) " %" } }
                                td { (grouped(u64::from(*count))) }
                                td.chart { (bar(f64::from(*count) / f64::from(most))) }
                            }
                        }
                    }
                } }
            }
            section aria-labelledby="networks" {
                h2 #networks { "Networks" }
                div.scroll { table {
                    caption { "How many people have a part from each" }
                    thead { tr { th.text scope="col" { "Network" } th scope="col" { "People" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                    tbody {
                        @for (network, count) in board.networks.iter().zip(&overview.networks) {
                            tr { th scope="row" { (network) } td { (grouped(u64::from(*count))) } td.chart { (bar(f64::from(*count) / board.rows.len().max(1) as f64)) } }
                        }
                    }
                } }
            }
        }
    }
}

fn upload(app: &App) -> Markup {
    html! {
        section.card aria-labelledby="add" {
            h2 #add { "Add an export" }
            form.stack action="/data/add" method="post" enctype="multipart/form-data" data-busy="Reading it: this may take a while." {
                div.field {
                    label for="export" { "A file as the network hands it out: zip, tar, JSON, CSV or Parquet, compressed or not" }
                    input #export type="file" name="export" required;
                }
                p.note { "Up to " (grouped(app.most_upload >> 20)) " MiB. What was there already counts once." }
                p.row { button type="submit" { "Add" } }
            }
        }
    }
}

fn scoring(last: Option<Day>) -> Markup {
    html! {
        section.card aria-labelledby="score" {
            h2 #score { "Score a day" }
            form.stack action="/data/score" method="post" data-busy="Scoring: this may take a while." {
                div.fields {
                    div.field { label for="as-of" { "As of" } input #as-of type="date" name="as_of" value=[last.map(|day| day.to_string())]; }
                    div.field.grow { label for="memo" { "Note, shown on charts" } input #memo type="text" name="memo" maxlength="300" autocomplete="off"; }
                }
                p.row { button type="submit" { "Score and publish" } }
            }
        }
    }
}

fn published(publications: &[Publication]) -> Markup {
    html! {
        section aria-labelledby="published" {
            h2 #published { "What was published" }
            @if publications.is_empty() { p.faint { "Nothing yet." } } @else {
                div.scroll { table {
                    caption.hidden { "Publications, the newest first" }
                    thead { tr { th.text scope="col" { "As of" } th scope="col" { "People" } th.text scope="col" { "Ruler" } th.text.wide scope="col" { "Published" } th.text scope="col" { "Note" } } }
                    tbody {
                        @for (place, of) in publications.iter().enumerate().rev().take(LISTED) {
                            @let is_new = place > 0 && publications[place - 1].stamp != of.stamp;
                            tr .gone[of.superseded_by.is_some()] {
                                th scope="row" { time { (of.as_of) } }
                                td { (grouped(of.persons)) }
                                td.text { code { (of.stamp) } @if is_new { " " span.chip.invited { "new" } } }
                                td.text.wide { (time(of.published_at)) }
                                td.text { (of.memo.as_deref().unwrap_or_default()) @if of.superseded_by.is_some() { " superseded" } }
                            }
                        }
                    }
                } }
            }
        }
    }
}

fn uploaded(uploads: &[Audited]) -> Markup {
    html! {
        @if !uploads.is_empty() {
            section aria-labelledby="uploads" {
                h2 #uploads { "What was uploaded" }
                ul.plain { @for upload in uploads { li { (time(upload.entry.at)) " " span.faint { (upload.entry.outcome) } } } }
            }
        }
    }
}

async fn add(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Multipart,
) -> Result<Response, Refused> {
    visitor.must(Scope::Ingest)?;
    let Ok(_place) = app.uploading.try_acquire() else {
        let why = "Two uploads are under way already: try again when one is done.";
        return Err(visitor.refused(Problem::new(Kind::Unavailable, why)).back_to("/data"));
    };
    let refused = |kind, why: String| visitor.refused(Problem::new(kind, why)).back_to("/data");
    let mut field = loop {
        let next = form.next_field().await.map_err(|error| refused(Kind::BadRequest, error.body_text()))?;
        match next {
            Some(field)
                if field.name() == Some("export")
                    && field.file_name().is_some_and(|name| !name.is_empty()) =>
            {
                break field;
            }
            Some(_) => {}
            None => return Err(refused(Kind::BadRequest, "Choose a file first.".into())),
        }
    };
    // What it is is told by its content; of its name only the ending is taken over, which some adapters look at.
    let ending: String =
        (field.file_name().and_then(|name| name.split_once('.')).map_or("", |(_, ending)| ending).chars())
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .take(20)
            .collect();
    let back = |problem: Problem| visitor.refused(problem).back_to("/data");
    let mut upload = Upload::begin(&app, &format!(".{ending}")).await.map_err(back)?;
    while let Some(chunk) =
        field.chunk().await.map_err(|error| refused(Kind::BadRequest, error.body_text()))?
    {
        upload.take(&chunk).await.map_err(back)?;
    }
    let path = upload.end().await.map_err(back)?;
    let desk = app.desk.clone();
    let taken = at_the_desk(move || desk.ingest(&path)).await;
    let outcome = match &taken {
        Ok(taken) => format!("{} rows, {} rejected", grouped(taken.rows), grouped(taken.rejected)),
        Err(_) => "refused".into(),
    };
    app.book.audit(&[visitor.0.did(ACTION, None, &outcome)])?;
    let taken = taken.map_err(|problem| visitor.refused(problem).back_to("/data"))?;
    Ok(Frame::new("What came of it", Tab::Data).page(Some(visitor.key()), &taken_in(&taken, &visitor)))
}

fn taken_in(taken: &Taken, visitor: &Visitor) -> Markup {
    html! {
        p.crumb { a href="/data" { "← Data" } }
        h1 { @if taken.rows == 0 { "Nothing new came of it" } @else { (grouped(taken.rows)) @if taken.rows == 1 { " row is new" } @else { " rows are new" } } }
        @if taken.rejected > 0 {
            p.notice { b { (grouped(taken.rejected)) } @if taken.rejected == 1 { " record" } @else { " records" } " could not be read. They are counted, not dropped in silence." }
        }
        dl.told-lines { @for (title, text) in &taken.told { dt { (title) } dd { (text) } } }
        @if taken.rows > 0 && visitor.may(Scope::Admin) {
            p { "Scores change with the next scoring." }
            form action="/data/score" method="post" data-busy="Scoring: this may take a while." { p.row { button type="submit" { "Score the newest day" } a.button.quiet href="/data" { "Later" } } }
        } @else { p { a.button.quiet href="/data" { "Back" } } }
    }
}

#[derive(Debug, Default, Deserialize)]
struct ToScore {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    memo: String,
}

async fn score(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(asked): Form<ToScore>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let refused = |problem: Problem| visitor.refused(problem).back_to("/data");
    let as_of = (!asked.as_of.is_empty()).then(|| day("as of", &asked.as_of)).transpose().map_err(refused)?;
    let memo = Some(asked.memo.trim().to_owned()).filter(|memo| !memo.is_empty());
    let desk = app.desk.clone();
    at_the_desk(move || desk.score_day(as_of, memo.as_deref())).await.map_err(refused)?;
    app.published()?;
    Ok(flag::then("/data", "scored"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_a_day_without_rows_since_the_first() {
        let day = Day::from_raw;
        let came = Came { days: vec![(day(1000), 3), (day(1002), 4)], ..Came::default() };
        assert!(gaps(&came, day(1003)).into_string().contains("2 days"));
        assert!(gaps(&came, day(1002)).into_string().contains("1 day<"));
        let whole = Came { days: vec![(day(1000), 3), (day(1001), 4)], ..Came::default() };
        assert!(gaps(&whole, day(1001)).into_string().contains("none"));
        assert_eq!(days(&came, day(1003)).len(), usize::from(DAYS));
    }
}
