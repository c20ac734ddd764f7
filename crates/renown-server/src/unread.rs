//! Bodies that nobody read to their end.
//!
//! Such a connection cannot be asked anything else, since what is left of the body would be taken for the next request, and so it is closed.
//! The answer says so, or a client that keeps its connections would lose its next question.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

/// Tells with an answer that its connection is closed, if the body of the request was not read to its end.
pub(crate) async fn told(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_read = Arc::new(AtomicBool::new(false));
    let read = is_read.clone();
    // What comes after all of a body would be its trailers: whoever asks for them has read it. There are none to add.
    let end = poll_fn(move |_| {
        read.store(true, Ordering::Relaxed);
        Poll::Ready(None)
    });
    let mut response = next.run(request.map(|body| Body::new(body.with_trailers(end)))).await;
    if !is_read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
