//! The audit: what was asked and done, with which key.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use renown_store::book::Scope;
use serde::Deserialize;

use super::extract::Query;
use super::frame::{Frame, Tab};
use super::text::{encoded, time};
use super::visitor::{Refused, Visitor};
use crate::app::App;

/// How many entries a page has.
const PAGE: usize = 50;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/audit", get(page))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    before: Option<i64>,
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let entries = app.book.audit_page(asked.before, PAGE)?;
    let body = html! {
        p.crumb { a href="/keys" { "← Keys" } }
        h1 { "Audit" }
        p.lead { "What was asked and done, the newest first. Look-ups stand with the person who was looked up." }
        @if entries.is_empty() {
            div.empty { h2 { "Nothing more" } p { a.button href="/audit" { "The newest" } } }
        } @else {
            div.scroll { table {
                caption.hidden { "What was asked and done" }
                thead { tr { th.text scope="col" { "When" } th.text scope="col" { "What" } th.text scope="col" { "About" } th.text.wide scope="col" { "Key" } th.text.wide scope="col" { "For" } th.text scope="col" { "Outcome" } } }
                tbody {
                    @for entry in &entries {
                        @let of = &entry.entry;
                        tr {
                            th scope="row" { (time(of.at)) }
                            td.text { (of.action) }
                            td.text { @if let Some(person) = &of.person { a href={ "/consent/" (encoded(person)) } { bdi { (person) } } } @else { span.faint { "–" } } }
                            td.text.wide { @if let Some(key) = &of.key { code { (key) } } @else { "command line" } }
                            td.text.wide { @if let Some(purpose) = of.purpose { (purpose.name()) } @else { span.faint { "–" } } }
                            td.text { (of.outcome) }
                        }
                    }
                }
            } }
            nav.pages aria-label="Pages" {
                @if asked.before.is_some() { a.button.quiet href="/audit" { "Newest" } }
                @if let Some(last) = entries.last().filter(|_| entries.len() == PAGE) { a.button rel="next" href={ "/audit?before=" (last.number) } { "Older" } }
            }
        }
    };
    Ok(Frame::new("Audit", Tab::Keys).page(Some(visitor.key()), &body))
}
