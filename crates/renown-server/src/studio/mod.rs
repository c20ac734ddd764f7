//! The studio: pages for those who keep a store, look things up in it, or are scored.
//!
//! Every page is made here, whole, and works without a script; what scripts add is that sliders answer at once. Style and scripts are
//! files of this program, and pages may load nothing else.

mod assets;
mod audit;
mod board;
mod chart;
mod compare;
mod data;
mod extract;
mod flag;
mod frame;
mod keys;
mod moved;
mod order;
mod own;
mod people;
mod person;
mod sign_in;
mod text;
mod tune;
mod visitor;
mod why;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use maud::html;
use tokio::runtime::Handle;
use tokio::task::JoinError;

use crate::app::App;
use crate::problem::fault;
use frame::{Frame, Tab};

pub(crate) fn router() -> Router<Arc<App>> {
    let pages = Router::new()
        .merge(sign_in::router())
        .merge(board::router())
        .merge(person::router())
        .merge(moved::router())
        .merge(tune::router())
        .merge(compare::router())
        .merge(data::router())
        .merge(people::router())
        .merge(keys::router())
        .merge(audit::router())
        .merge(own::router())
        .layer(from_fn(on_a_thread_that_may_wait));
    pages.merge(assets::router())
}

/// Pages read and write the book where they are made. It may be locked for a while, and nobody else is to wait for that.
async fn on_a_thread_that_may_wait(request: Request, next: Next) -> Response {
    let runtime = Handle::current();
    let page = tokio::task::spawn_blocking(move || runtime.block_on(next.run(request)));
    match page.await.map_err(JoinError::try_into_panic) {
        Ok(page) => page,
        // It is answered where all panics are.
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => fault().into_response(),
    }
}

/// There is no such page.
pub(crate) fn not_found() -> Response {
    let body = html! {
        h1 { "There is no such page" }
        p { "What you looked for is not here, or no longer." }
        p { a.button href="/" { "To the start" } }
    };
    (StatusCode::NOT_FOUND, Frame::new("There is no such page", Tab::None).page(None, &body)).into_response()
}
