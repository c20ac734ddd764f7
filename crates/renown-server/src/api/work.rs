//! What is done day by day: exports come in, and a day is scored.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http_body_util::BodyExt;
use renown_store::book::{BookError, Scope};
use serde::{Deserialize, Serialize};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use super::people::{at_the_desk, day};
use crate::answer;
use crate::app::App;
use crate::extract::Json;
use crate::guard::Caller;
use crate::problem::{Kind, Problem, fault};

/// An upload may always take this long, and longer the more of it came: whoever is slower than that is not waited for.
const AT_LEAST: Duration = Duration::from_mins(1);
const BYTES_A_SECOND: u64 = 16 << 10;

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
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::Ingest)?;
    let Ok(_place) = app.uploading.try_acquire() else {
        let why = "two uploads are under way already: try again when one is done";
        return Err(Problem::new(Kind::Unavailable, why).after(10));
    };
    let path = keep(&app, body).await?;
    let desk = app.desk.clone();
    // The file goes away with its path, whatever comes of this, and also if whoever sent it has gone away.
    let taken = at_the_desk(move || desk.ingest(&path)).await?;
    let outcome = format!("{} rows, {} rejected", taken.rows, taken.rejected);
    let entry = caller.did("ingest", None, &outcome);
    app.with_book(move |book| book.audit(&[entry])).await?;
    let told = taken.told.into_iter().map(|(title, text)| Line { title, text }).collect();
    Ok(answer::json(&Taken { rows: taken.rows, rejected: taken.rejected, told }))
}

/// Writes a body to a file that goes away by itself.
async fn keep(app: &App, mut body: Body) -> Result<TempPath, Problem> {
    let folder: PathBuf = app.uploads.clone();
    let made =
        tokio::task::spawn_blocking(move || tempfile::Builder::new().prefix("upload-").tempfile_in(folder));
    let cannot = |error: std::io::Error| {
        eprintln!("error: an upload cannot be kept: {error}");
        Problem::new(Kind::Storage, "the upload cannot be kept: the server's log says why")
    };
    let (file, path) = made.await.map_err(|_| fault())?.map_err(cannot)?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let (begun, mut length, mut failed) = (Instant::now(), 0_u64, None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(Kind::Slow, "the upload ended before it was whole"))?;
        let Some(bytes) = frame.data_ref() else { continue };
        length += bytes.len() as u64;
        if length > app.most_upload {
            let why = format!("the upload is longer than {} bytes: send it in parts", app.most_upload);
            return Err(Problem::new(Kind::TooLarge, why));
        }
        if begun.elapsed() > AT_LEAST + Duration::from_secs(length / BYTES_A_SECOND) {
            return Err(Problem::new(Kind::Slow, "the upload comes too slowly"));
        }
        // What cannot be kept is read to its end all the same: whoever sends it would not hear why otherwise.
        if failed.is_none() {
            failed = file.write_all(bytes).await.err();
        }
    }
    if let Some(error) = failed {
        return Err(cannot(error));
    }
    file.flush().await.map_err(cannot)?;
    if length == 0 {
        return Err(Problem::new(Kind::Unprocessable, "the body is empty: expected an export"));
    }
    Ok(path)
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
