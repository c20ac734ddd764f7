//! Answers: JSON or CSV, with an entity tag, so that who has one already need not be sent it again.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::desk::Form;
use crate::problem::{Kind, Problem};

/// Longer answers get no entity tag: they would have to be held as a whole for it.
const TAGGED: u64 = 4 << 20;

/// In which form a table is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tabular {
    /// A JSON document.
    Json,
    /// A table with a line of headings.
    Csv,
}

impl Tabular {
    /// Whether it is CSV, by `?format=` or else by what the client accepts.
    pub(crate) fn is_csv(format: Option<Self>, headers: &HeaderMap) -> bool {
        let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        format
            .map_or(accepted.contains("text/csv") && !accepted.contains("json"), |format| format == Self::Csv)
    }
}

/// In which form something to be read is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Readable {
    /// A JSON document.
    #[default]
    Json,
    /// A page that stands by itself.
    Html,
    /// Markdown.
    Md,
}

impl From<Readable> for Form {
    fn from(readable: Readable) -> Self {
        match readable {
            Readable::Json => Self::Json,
            Readable::Html => Self::Html,
            Readable::Md => Self::Markdown,
        }
    }
}

/// How many rows a page of a list has: 100 if it is not said, 1000 at most.
pub(crate) fn page(limit: Option<u16>) -> Result<usize, Problem> {
    const PAGE: u16 = 100;
    const MOST: u16 = 1000;
    let limit = limit.unwrap_or(PAGE);
    if (1..=MOST).contains(&limit) {
        return Ok(usize::from(limit));
    }
    Err(Problem::new(Kind::BadRequest, format!("limit={limit}: expected 1 to {MOST}")))
}

/// A JSON document.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
        }
        Err(error) => Problem::new(Kind::Internal, error.to_string()).into_response(),
    }
}

/// A CSV table with a line of headings. What a spreadsheet would take for a formula is made harmless with an apostrophe.
pub(crate) fn csv<R: AsRef<[String]>>(headings: &[&str], rows: impl Iterator<Item = R>) -> Response {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(headings).and_then(|()| {
        for row in rows {
            writer.write_record(row.as_ref().iter().map(|cell| harmless(cell)))?;
        }
        Ok(())
    });
    match written
        .map_err(|error| error.to_string())
        .and_then(|()| writer.into_inner().map_err(|e| e.to_string()))
    {
        Ok(body) => ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], body)
            .into_response(),
        Err(error) => Problem::new(Kind::Internal, error).into_response(),
    }
}

/// A cell that no spreadsheet runs. Numbers stay numbers.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

/// What the program made, in some form. Its pages bring their own style and script along, and need nothing else.
pub(crate) fn of_desk(form: Form, body: Vec<u8>) -> Response {
    const OF_PAGE: &str = "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                           img-src data:; frame-ancestors 'none'; base-uri 'none'";
    let mut response =
        ([(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()))], body).into_response();
    if form == Form::Html {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_PAGE));
    }
    response
}

/// Gives answers to GET an entity tag, and tells who has that one already that nothing changed.
pub(crate) async fn tagged(request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET || request.method() == Method::HEAD;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_short = response.body().size_hint().upper().is_some_and(|most| most <= TAGGED);
    if !is_get
        || !is_short
        || response.status() != StatusCode::OK
        || response.headers().contains_key(header::ETAG)
    {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(body) = to_bytes(body, TAGGED as usize).await else {
        return Problem::new(Kind::Internal, "an answer could not be put together").into_response();
    };
    let tag = format!("\"{}\"", hex(&Sha256::digest(&body)[..12]));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.headers.insert(header::ETAG, tag);
    }
    head.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    let is_known = known.is_some_and(|known| {
        known
            .to_str()
            .is_ok_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
    });
    if is_known {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(head, Body::empty());
    }
    Response::from_parts(head, Body::from(body))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[digit as usize] as char).collect()
}
