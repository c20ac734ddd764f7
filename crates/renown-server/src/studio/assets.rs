//! What pages load: one style and two scripts, which are part of the program.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::answer::hex;
use crate::app::App;

const STYLE: &str = include_str!("assets/studio.css");
const SCRIPT: &str = include_str!("assets/studio.js");
const TUNE: &str = include_str!("assets/tune.js");

/// What distinguishes these files from those of another version, so that browsers may keep them.
pub(super) static VERSION: LazyLock<String> =
    LazyLock::new(|| hex(&Sha256::digest([STYLE, SCRIPT, TUNE].concat())[..6]));

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/studio/studio.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/studio/studio.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/studio/tune.js", get(|| async { file("text/javascript; charset=utf-8", TUNE) }))
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CACHE_CONTROL, kept)], text)
        .into_response()
}
