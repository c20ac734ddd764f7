//! What a request says, taken apart; what is not as expected is a problem like any other.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::{Kind, Problem};

/// The parameters after the question mark.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found
            .map(|found| Self(found.0))
            .map_err(|error: QueryRejection| Problem::new(Kind::BadRequest, error.body_text()))
    }
}

/// What stands in the path.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found
            .map(|found| Self(found.0))
            .map_err(|error: PathRejection| Problem::new(Kind::BadRequest, error.body_text()))
    }
}

/// A body that is a JSON document.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // An object, always: serde would take the values of a struct's fields in a row, too.
        let found = axum::extract::Json::<Map<String, Value>>::from_request(request, state).await;
        let axum::extract::Json(object) = found.map_err(|error: JsonRejection| {
            let kind = match error.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::MediaType,
                StatusCode::UNPROCESSABLE_ENTITY => Kind::Unprocessable,
                _ => Kind::BadRequest,
            };
            Problem::new(kind, error.body_text())
        })?;
        let content = serde_json::from_value(Value::Object(object));
        content.map(Self).map_err(|error| Problem::new(Kind::Unprocessable, error.to_string()))
    }
}
