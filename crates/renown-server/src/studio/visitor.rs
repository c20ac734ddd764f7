//! Who is at the studio, and how they are told that something cannot be done.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use renown_store::book::{BookError, By, Key, Scope};

use super::frame::{Frame, Tab};
use super::text::encoded;
use crate::app::App;
use crate::guard::Caller;
use crate::problem::Problem;

/// Somebody who signed in. Others are asked to.
#[derive(Clone, Debug)]
pub(super) struct Visitor(pub(super) Caller);

impl Visitor {
    pub(super) fn key(&self) -> &Key {
        &self.0.0
    }

    /// That the key has a scope.
    pub(super) fn must(&self, scope: Scope) -> Result<(), Refused> {
        self.0.must(scope).map_err(|problem| self.refused(problem))
    }

    pub(super) fn may(&self, scope: Scope) -> bool {
        self.0.must(scope).is_ok()
    }

    /// By whom something is done.
    pub(super) fn by(&self) -> By {
        self.0.by()
    }

    /// Whether the key sees nobody but its own person.
    pub(super) fn is_alone(&self) -> bool {
        self.0.is_alone()
    }

    /// A problem, told as somebody sees it who signed in.
    pub(super) fn refused(&self, problem: Problem) -> Refused {
        Refused { problem, key: Some(self.0.0.clone()), back: None }
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match Caller::from_request_parts(parts, app).await {
            Ok(caller) => Ok(Self(caller)),
            Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
                let uri = OriginalUri::from_request_parts(parts, app).await;
                let path = uri.ok().and_then(|uri| uri.path_and_query().map(ToString::to_string));
                // What was posted cannot be posted again from there.
                let next = path.filter(|_| parts.method == axum::http::Method::GET).unwrap_or_default();
                Err(Redirect::to(&format!("/sign-in?next={}", encoded(&next))).into_response())
            }
            Err(problem) => Err(Refused::from(problem).into_response()),
        }
    }
}

/// Something cannot be done: a page that says so.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) problem: Problem,
    key: Option<Arc<Key>>,
    back: Option<&'static str>,
}

impl Refused {
    /// With the page to go back to.
    pub(super) fn back_to(self, page: &'static str) -> Self {
        Self { back: Some(page), ..self }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, key: None, back: None }
    }
}

impl From<BookError> for Refused {
    fn from(error: BookError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.problem.status();
        let title = match status {
            StatusCode::NOT_FOUND => "That is not here",
            StatusCode::FORBIDDEN => "Your key does not open this",
            StatusCode::SERVICE_UNAVAILABLE => "Not ready yet",
            StatusCode::TOO_MANY_REQUESTS => "Too many at once",
            _ if status.is_server_error() => "Something went wrong",
            _ => "That cannot be done",
        };
        let body = html! {
            h1 { (title) }
            p.lead { (self.problem.detail()) }
            p.row {
                @if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
                    a.button href="" data-retry { "Try again" }
                }
                a.button.quiet href=(self.back.unwrap_or("/")) { "Back" }
            }
        };
        let page = Frame::new(title, Tab::None).page(self.key.as_deref(), &body);
        (status, page).into_response()
    }
}
