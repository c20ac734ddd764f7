//! The studio: pages.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}

pub(crate) fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
