//! What a client is told when something cannot be done: RFC 9457, `application/problem+json`.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use renown_store::book::BookError;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was not carried out. It never names a person or account that the caller did not name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Which kind of problem, as a path below `/problems/`: the same text for the same kind, always.
    #[serde(rename = "type")]
    kind: Cow<'static, str>,
    /// The kind in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What was wrong here, and what to do.
    detail: String,
    /// After how many seconds it may be tried again, where that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something in the request is not as expected.
    BadRequest,
    /// No key, or none that holds.
    Unauthorized,
    /// The key does not allow this.
    Forbidden,
    /// The purpose is one that scores must not serve.
    Purpose,
    /// There is no such thing, or none that this key may know of.
    NotFound,
    /// The path is there, and this cannot be done with it.
    Method,
    /// The content came too slowly.
    Slow,
    /// It contradicts what is there.
    Conflict,
    /// The content is too long.
    TooLarge,
    /// The content is of a type that is not read.
    MediaType,
    /// The content was understood and is wrong.
    Unprocessable,
    /// Too many requests.
    TooMany,
    /// Something inside failed; it was logged.
    Internal,
    /// Not ready yet, or no longer.
    Unavailable,
    /// Nothing can be kept: the disk is full, or may not be written to.
    Storage,
}

impl Kind {
    fn told(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad-request", "The request is not as expected"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "A valid key is needed"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "The key does not allow this"),
            Self::Purpose => (StatusCode::FORBIDDEN, "purpose", "Scores must not serve this purpose"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "This cannot be done with it"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow", "The content came too slowly"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "It contradicts what is there"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The content is too long"),
            Self::MediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "The content is of another type")
            }
            Self::Unprocessable => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", "The content is wrong")
            }
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something inside failed"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not ready"),
            Self::Storage => (StatusCode::INSUFFICIENT_STORAGE, "storage", "Nothing can be kept"),
        }
    }
}

impl Problem {
    /// A problem of a kind, with what was wrong and what to do.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (status, name, title) = kind.told();
        Self {
            kind: format!("/problems/{name}").into(),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// May be tried again after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What was wrong, in words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<BookError> for Problem {
    /// What is wrong with the disk is the operator's to know: it goes to the log, without what the book holds.
    fn from(error: BookError) -> Self {
        match error {
            BookError::Refused(why) => Self::new(Kind::Conflict, why),
            BookError::Nobody(_) => Self::new(Kind::NotFound, "there is nobody of this id"),
            BookError::NoKey(_) => Self::new(Kind::NotFound, "there is no key of this id"),
            BookError::PublishedOtherwise(_) => Self::new(Kind::Conflict, error.to_string()),
            BookError::Busy { .. } => {
                eprintln!("error: {error}");
                Self::new(Kind::Unavailable, "another process is writing to the book: try again in a moment")
                    .after(2)
            }
            BookError::Unusable { .. } => {
                eprintln!("error: {error}");
                Self::new(Kind::Storage, "the book cannot be written to: the server's log says why")
            }
            BookError::Damaged { .. } | BookError::Newer { .. } => {
                eprintln!("error: {error}");
                Self::new(Kind::Unavailable, "the book cannot be read: the server's log says why")
            }
        }
    }
}

/// Something that must not happen; whatever panicked said where.
pub(crate) fn fault() -> Problem {
    Problem::new(Kind::Internal, "this is a fault of renown; the server's log says where")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
