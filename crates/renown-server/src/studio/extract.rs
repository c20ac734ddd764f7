//! What a request says, taken apart; what is not as expected is told on a page.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::visitor::Refused;
use crate::problem::{Kind, Problem};

fn not_as_expected(why: String) -> Refused {
    Problem::new(Kind::BadRequest, why).into()
}

/// The parameters after the question mark.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let found = axum::extract::Query::from_request_parts(parts, state).await;
        found.map(|found| Self(found.0)).map_err(|error| not_as_expected(error.body_text()))
    }
}

/// What stands in the path.
#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let found = axum::extract::Path::from_request_parts(parts, state).await;
        found.map(|found| Self(found.0)).map_err(|error| not_as_expected(error.body_text()))
    }
}

/// What a form sends.
#[derive(Debug)]
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let found = axum::extract::Form::from_request(request, state).await;
        found.map(|found| Self(found.0)).map_err(|error| not_as_expected(error.body_text()))
    }
}
