//! What is done day by day: exports come in, and a day is scored.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http_body_util::BodyExt;
use renown_store::book::{BookError, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::people::{at_the_desk, day};
use crate::answer;
use crate::app::App;
use crate::extract::Json;
use crate::guard::Caller;
use crate::problem::{Kind, Problem, fault};
use crate::upload::Upload;

/// What came of an upload.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// How many rows are new.
    rows: u64,
    /// How many records could not be read.
    rejected: u64,
    /// What there is to be told of it, without a name of any account.
    told: Vec<Line>,
}

/// Something that is told.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    /// What it is about.
    title: String,
    /// What there is to say.
    text: String,
}

/// Adds an export to the store: a file as a network hands it out, plain, compressed or an archive, as the body. What it is is told by its
/// content. Nothing is scored until a day is.
#[utoipa::path(
    post, path = "/api/v1/ingest", tag = "work",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("bearer" = ["ingest"]), ("header" = ["ingest"])),
    responses((status = 200, body = Taken))
)]
pub(super) async fn ingest(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::Ingest)?;
    let Ok(_place) = app.uploading.try_acquire() else {
        let why = "two uploads are under way already: try again when one is done";
        return Err(Problem::new(Kind::Unavailable, why).after(10));
    };
    let mut upload = Upload::begin(&app, "").await?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(Kind::Slow, "the upload ended before it was whole"))?;
        if let Some(bytes) = frame.data_ref() {
            upload.take(bytes).await?;
        }
    }
    let path = upload.end().await?;
    let desk = app.desk.clone();
    // The file goes away with its path, whatever comes of this, and also if whoever sent it has gone away.
    let taken = at_the_desk(move || desk.ingest(&path)).await?;
    let outcome = format!("{} rows, {} rejected", taken.rows, taken.rejected);
    let entry = caller.did("ingest", None, &outcome);
    app.with_book(move |book| book.audit(&[entry])).await?;
    let told = taken.told.into_iter().map(|(title, text)| Line { title, text }).collect();
    Ok(answer::json(&Taken { rows: taken.rows, rejected: taken.rejected, told }))
}

/// Which day to score.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// As of which day; the newest of any record, if it is not said.
    #[schema(format = Date)]
    as_of: Option<String>,
    /// What there is to say about it: it stands on every chart.
    #[schema(max_length = 2000)]
    memo: Option<String>,
}

/// A day that is published.
#[derive(Debug, Serialize, ToSchema)]
struct Done {
    /// As of which day.
    as_of: String,
    /// Of how many persons.
    persons: usize,
}

/// Scores the people of the book who agreed, as of a day, and publishes that. The same scores once more are nothing; a day that was published
/// with others stays as it is.
#[utoipa::path(
    post, path = "/api/v1/days", request_body = Which, tag = "work",
    security(("bearer" = ["ingest"]), ("header" = ["ingest"])),
    responses((status = 200, body = Done))
)]
pub(super) async fn score(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(which): Json<Which>,
) -> Result<Response, Problem> {
    caller.must(Scope::Ingest)?;
    let as_of = which.as_of.as_deref().map(|text| day("as_of", text)).transpose()?;
    let memo = which.memo.filter(|memo| !memo.trim().is_empty());
    if memo.as_ref().is_some_and(|memo| memo.chars().count() > 2000) {
        return Err(Problem::new(Kind::Unprocessable, "memo: expected at most 2000 characters"));
    }
    let desk = app.desk.clone();
    let day = at_the_desk(move || desk.score_day(as_of, memo.as_deref())).await?;
    let entry = caller.did("score a day", None, &day.to_string());
    let (all, persons) = (app.clone(), app.clone());
    let taken_up = tokio::task::spawn_blocking(move || {
        all.book.audit(&[entry])?;
        all.published()?;
        Ok::<(), BookError>(())
    });
    taken_up.await.map_err(|_| fault())??;
    Ok(answer::json(&Done { as_of: day.to_string(), persons: persons.board.load().rows.len() }))
}
