//! What was published when, what happened, and what changed between two days.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use renown_store::book::{Event, Publication, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::people::{InTable, Span, at_the_desk, day, unpublished};
use crate::answer::{self, Readable, Tabular};
use crate::app::App;
use crate::desk::Form;
use crate::extract::{Path, Query};
use crate::guard::Caller;
use crate::held::Happened;
use crate::problem::Problem;

/// What was published once.
#[derive(Debug, Serialize, ToSchema)]
struct Issue {
    /// Later ones have larger numbers.
    number: i64,
    /// As of which day scores are.
    as_of: String,
    /// The stamp of the ruler.
    ruler: String,
    /// The name of the scale.
    scale: String,
    /// What there is to say about it.
    memo: Option<String>,
    /// When it was published.
    published_at: String,
    /// Of how many persons.
    persons: u64,
    /// Of how many of them the lines are gone, since they asked to be forgotten.
    forgotten: u64,
    /// Who moved how far since the publication before, as a histogram.
    #[schema(value_type = Option<Vec<Object>>)]
    moves: Option<Value>,
    /// The publication of the same day that took its place.
    superseded_by: Option<i64>,
}

impl From<Publication> for Issue {
    fn from(publication: Publication) -> Self {
        Self {
            number: publication.number,
            as_of: publication.as_of.to_string(),
            ruler: publication.stamp,
            scale: publication.scale,
            memo: publication.memo,
            published_at: publication.published_at.to_string(),
            persons: publication.persons,
            forgotten: publication.forgotten,
            moves: publication.moves.and_then(|moves| serde_json::from_str(&moves).ok()),
            superseded_by: publication.superseded_by,
        }
    }
}

/// All publications.
#[derive(Debug, Serialize, ToSchema)]
struct Issues {
    /// In the order of their days, those that were superseded, too.
    publications: Vec<Issue>,
}

/// What was published, and when.
#[utoipa::path(
    get, path = "/api/v1/publications", params(InTable), tag = "scores",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, content(
        (Issues = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn publications(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let publications = app.with_book(renown_store::book::Book::publications).await?;
    let publications: Vec<Issue> = publications.into_iter().map(Issue::from).collect();
    if Tabular::is_csv(form.format, &headers) {
        let headings =
            ["number", "as_of", "ruler", "scale", "memo", "published_at", "persons", "superseded_by"];
        let rows = publications.into_iter().map(|issue| {
            let superseded_by = issue.superseded_by.map(|number| number.to_string()).unwrap_or_default();
            let (number, persons) = (issue.number.to_string(), issue.persons.to_string());
            let memo = issue.memo.unwrap_or_default();
            [number, issue.as_of, issue.ruler, issue.scale, memo, issue.published_at, persons, superseded_by]
        });
        return Ok(answer::csv(&headings, rows));
    }
    Ok(answer::json(&Issues { publications }))
}

/// What happened, in the order of days.
#[derive(Debug, Serialize, ToSchema)]
struct Events {
    events: Vec<Happened>,
}

fn events_as(is_csv: bool, events: Vec<Event>) -> Response {
    let events = events.into_iter().map(Happened::from);
    if is_csv {
        return answer::csv(&Happened::HEADINGS, events.map(Happened::row));
    }
    answer::json(&Events { events: events.collect() })
}

/// What happened to everybody: another ruler, and memos; and, with the scope `admin`, to whom what happened.
#[utoipa::path(
    get, path = "/api/v1/events", params(Span), tag = "scores",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, content(
        (Events = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(span): Query<Span>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let (from, to) = span.days(app.board.load().as_of().ok_or_else(unpublished)?)?;
    let mut events = app.with_book(move |book| book.events(None, from, to)).await?;
    if !caller.is_admin() {
        events.retain(|event| event.person.is_none());
    }
    Ok(events_as(Tabular::is_csv(span.format, &headers), events))
}

/// What happened to a person and to everybody.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/events", tag = "people",
    params(("person" = String, Path, description = "The person's id."), Span),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, content(
        (Events = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn events_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(span): Query<Span>,
) -> Result<Response, Problem> {
    caller.must_be(&person)?;
    let (from, to) = span.days(app.board.load().as_of().ok_or_else(unpublished)?)?;
    let events = app.with_book(move |book| {
        crate::rights::must(book, &person)?;
        book.events(Some(&person), from, to)
    });
    Ok(events_as(Tabular::is_csv(span.format, &headers), events.await?))
}

/// Between which two published days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Between {
    /// The first day, of which scores were published.
    #[param(format = Date, example = "2026-09-29")]
    from: String,
    /// The second.
    #[param(format = Date, example = "2026-09-30")]
    to: String,
    /// In which form: `json`, unless it is said.
    #[param(inline)]
    format: Option<Readable>,
}

/// Why a person's score changed between two days: by cause and feature, adding up exactly.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/diff", tag = "scores",
    params(("person" = String, Path, description = "The person's id."), Between),
    security(("bearer" = ["read", "self"]), ("header" = ["read", "self"])),
    responses((status = 200, content(
        (Object = "application/json"),
        (String = "text/html"),
        (String = "text/markdown"),
    )))
)]
pub(super) async fn diff_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Query(between): Query<Between>,
) -> Result<Response, Problem> {
    let days = (day("from", &between.from)?, day("to", &between.to)?);
    let form: Form = between.format.unwrap_or_default().into();
    let board = app.board.load_full();
    let person = app.row(&board, &caller.0, &person, "diff")?.person.clone();
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.diff(Some(&person), days, form)).await?;
    Ok(answer::of_desk(form, found))
}

/// Between which two published days, for everybody.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    /// The first day, of which scores were published.
    #[param(format = Date, example = "2026-09-29")]
    from: String,
    /// The second.
    #[param(format = Date, example = "2026-09-30")]
    to: String,
}

/// Who moved between two days, and by whose doing.
#[utoipa::path(
    get, path = "/api/v1/diff", params(Days), tag = "scores",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Object))
)]
pub(super) async fn diff(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(days): Query<Days>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let days = (day("from", &days.from)?, day("to", &days.to)?);
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.diff(None, days, Form::Json)).await?;
    app.note_named(&caller.0, &found, "diff")?;
    Ok(answer::of_desk(Form::Json, found))
}
