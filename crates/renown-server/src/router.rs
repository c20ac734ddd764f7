//! All routes, and what holds for each: bounds, headers, counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::app::{App, BOUNDS};
use crate::guard::RequestId;
use crate::problem::{Kind, Problem, fault};
use crate::serve::ServeError;
use crate::{answer, api, klout, studio, unread};

/// How long an answer may take. What takes longer is begun by one request and asked for by others.
const ANSWER: Duration = Duration::from_mins(2);
/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(15);
/// How long a body may be, but for uploads.
const BODY: usize = 1 << 20;

/// The whole server.
///
/// # Errors
/// [`ServeError::Origin`] if a site that is trusted is none.
pub(crate) fn new(app: Arc<App>, origins: &[String]) -> Result<Router, ServeError> {
    let mut csrf = CsrfLayer::new();
    let mut trusted = Vec::new();
    for origin in origins {
        let wrong = || ServeError::Origin(origin.clone());
        csrf = csrf.add_trusted_origin(origin).map_err(|_| wrong())?;
        trusted.push(HeaderValue::from_str(origin).map_err(|_| wrong())?);
    }
    let elsewhere = |_: ProtectionError| {
        let why = "this was asked by a page of another site: `renown serve --allow-origin` says which may";
        Problem::new(Kind::Forbidden, why).into_response()
    };
    // Whoever uploads has bounds of their own.
    let (quick, slow) = api::routers();
    let (quick, slow) = (for_sites(quick, &trusted), for_sites(slow, &trusted));
    Ok(Router::new()
        .merge(quick)
        .merge(klout::router())
        .merge(studio::router())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .merge(slow)
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_with_it)
        .layer((from_fn(answer::tagged), DefaultBodyLimit::max(BODY)))
        // The first is around all others. Together they are one service, where each by itself would be put in a box for each request.
        .layer((
            from_fn_with_state(app.clone(), dressed),
            from_fn(unread::told),
            CatchPanicLayer::custom(|_| fault().into_response()),
            RequestBodyTimeoutLayer::new(PAUSE),
            csrf.with_rejection_response(elsewhere),
        ))
        .with_state(app))
}

/// Lets pages of these sites ask, and read what is answered. Without any, none may.
fn for_sites(router: Router<Arc<App>>, trusted: &[HeaderValue]) -> Router<Arc<App>> {
    if trusted.is_empty() {
        return router;
    }
    let own = HeaderName::from_static("x-api-key");
    // What has no answer for OPTIONS gets its own here already: the layer is around it, too.
    router.method_not_allowed_fallback(not_with_it).layer(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(trusted.iter().cloned()))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH, own])
            .expose_headers([header::ETAG, header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
            .max_age(Duration::from_mins(10)),
    )
}

async fn nothing_here(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/v2/") {
        return Problem::new(Kind::NotFound, "no such path: see /api/v1/openapi.json").into_response();
    }
    studio::not_found()
}

async fn not_with_it(request: Request) -> Problem {
    Problem::new(Kind::Method, format!("{} is not for this path: see /api/v1/openapi.json", request.method()))
}

/// Gives an answer its number and the headers that every answer has, and counts it.
async fn dressed(State(app): State<Arc<App>>, mut request: Request<Body>, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let started = Instant::now();
    let number = format!("{:x}-{:x}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    request.extensions_mut().insert(RequestId(number.as_str().into()));
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
