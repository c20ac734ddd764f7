//! The audit: what was done, by which key, and about whom.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use renown_store::book::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{self, Tabular};
use crate::app::App;
use crate::extract::Query;
use crate::guard::Caller;
use crate::held::Asked;
use crate::problem::{Kind, Problem};

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Those before this one: `next` of the page before.
    #[param(minimum = 0)]
    before: Option<i64>,
    /// How many, 100 if it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// In which form: `json`, unless `csv` is asked for here or in `Accept`.
    #[param(inline)]
    format: Option<Tabular>,
}

/// A page of the audit, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct Audit {
    entries: Vec<Asked>,
    /// Where the next page begins, if there is one: to be sent as `before`.
    next: Option<i64>,
}

/// What was done, newest first. (Look-ups of people stand with each of them, and only they and operators read them.)
#[utoipa::path(
    get, path = "/api/v1/audit", params(Which), tag = "keys",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 200, content(
        (Audit = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn page(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let limit = answer::page(which.limit)?;
    if let Some(before) = which.before.filter(|before| *before < 0) {
        return Err(Problem::new(Kind::BadRequest, format!("before={before}: expected 0 or more")));
    }
    let mut found = app.with_book(move |book| book.audit_page(which.before, limit + 1)).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|last| last.number);
    let entries: Vec<Asked> = found.iter().map(Asked::from).collect();
    if Tabular::is_csv(which.format, &headers) {
        return Ok(answer::csv(&Asked::HEADINGS, entries.into_iter().map(Asked::row)));
    }
    Ok(answer::json(&Audit { entries, next }))
}
