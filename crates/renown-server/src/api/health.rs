//! Whether the server is well, what it counted, and how it is spoken to.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use renown_store::book::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::json;
use crate::app::{App, BOUNDS};
use crate::guard::Caller;
use crate::problem::Problem;

/// Whether the server is well.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`, or what is wrong.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
    /// As of which day scores are served; none before the first publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    /// Whether questions about records (explanations, other weights) can be answered now.
    records: bool,
}

/// Whether the server is well. Needs no key, and tells of nobody.
#[utoipa::path(
    get, path = "/api/v1/health", tag = "work", security(()),
    responses((status = 200, body = Health))
)]
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
    let as_of = app.board.load().as_of().map(|day| day.to_string());
    json(&Health {
        status: if app.looks.are_failing() { "the book cannot be written to" } else { "ok" },
        version: env!("CARGO_PKG_VERSION"),
        as_of,
        records: app.desk.as_of().is_ok(),
    })
}

/// This description. Needs no key.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "work", security(()),
    responses((status = 200, body = Object))
)]
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], super::openapi()).into_response()
}

/// What the server counted since it started, as Prometheus reads it.
#[utoipa::path(
    get, path = "/api/v1/metrics", tag = "work",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, content_type = "text/plain", body = String))
)]
pub(super) async fn metrics(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let counts = &app.counts;
    let mut text = String::from("# TYPE renown_answers_total counter\n");
    let load = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let mut all = 0;
    for (class, count) in (2..).zip(&counts.answers) {
        all += load(count);
        let _ = writeln!(text, "renown_answers_total{{status=\"{class}xx\"}} {}", load(count));
    }
    text.push_str("# TYPE renown_answer_seconds histogram\n");
    for (bound, count) in BOUNDS.iter().zip(&counts.within) {
        let bound = *bound as f64 / 1e6;
        let _ = writeln!(text, "renown_answer_seconds_bucket{{le=\"{bound}\"}} {}", load(count));
    }
    let _ = writeln!(text, "renown_answer_seconds_bucket{{le=\"+Inf\"}} {all}");
    let _ = writeln!(text, "renown_answer_seconds_sum {}", load(&counts.micros) as f64 / 1e6);
    let _ = writeln!(text, "renown_answer_seconds_count {all}");
    let people = app.board.load().rows.len();
    let _ = write!(text, "# TYPE renown_people gauge\nrenown_people {people}\n");
    let plain = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, plain)], text).into_response())
}
