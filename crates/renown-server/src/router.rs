//! All routes, and what holds for each: bounds, headers, counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::app::{App, BOUNDS};
use crate::problem::{Kind, Problem};
use crate::{answer, api, klout, studio};

/// How long an answer may take. What takes longer is begun by one request and asked for by others.
const ANSWER: Duration = Duration::from_secs(120);
/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(15);
/// How long a body may be, but for uploads.
const BODY: usize = 1 << 20;

/// The whole server.
pub(crate) fn new(app: Arc<App>) -> Router {
    Router::new()
        .merge(api::router())
        .merge(klout::router())
        .merge(studio::router())
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn(answer::tagged))
        .layer(CsrfLayer::new())
        .layer(RequestBodyTimeoutLayer::new(PAUSE))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::new(Kind::Internal, "this is a fault of renown; the server's log says where")
                .into_response()
        }))
        .layer(from_fn_with_state(app.clone(), dressed))
        .with_state(app)
}

async fn nothing_here(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/v2/") {
        return Problem::new(Kind::NotFound, "no such path: see /api/v1/openapi.json").into_response();
    }
    studio::not_found()
}

/// Gives an answer its number and the headers that every answer has, and counts it.
async fn dressed(State(app): State<Arc<App>>, request: Request<Body>, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let started = Instant::now();
    let number = format!("{:x}-{:x}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(number) = HeaderValue::from_str(&number) {
        headers.insert(HeaderName::from_static("x-request-id"), number);
    }
    count(&app, response.status(), started.elapsed());
    response
}

/// Nothing is loaded from elsewhere, framed, guessed at or told onwards.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

fn count(app: &App, status: StatusCode, took: Duration) {
    let counts = &app.counts;
    let class = usize::from(status.as_u16() / 100).clamp(2, 5) - 2;
    counts.answers[class].fetch_add(1, Ordering::Relaxed);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    counts.micros.fetch_add(micros, Ordering::Relaxed);
    for (bound, within) in BOUNDS.iter().zip(&counts.within) {
        if micros <= *bound {
            within.fetch_add(1, Ordering::Relaxed);
        }
    }
}
