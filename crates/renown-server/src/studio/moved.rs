//! What moved a person's score between two published days, and by whose doing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use renown_core::causes::Cause as Kind;
use serde::Deserialize;

use super::extract::{Path, Query};
use super::frame::{Frame, Tab};
use super::text::page_of;
use super::visitor::{Refused, Visitor};
use super::why::{bar_both_ways, broken};
use crate::api::{at_the_desk, day};
use crate::app::App;
use crate::desk::Form;
use crate::problem::{self, Problem};

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/people/{person}/moved", get(page))
}

#[derive(Debug, Deserialize)]
struct Asked {
    from: String,
    to: String,
}

/// A change, as the program prints it; what is not shown is left out.
#[derive(Debug, Deserialize)]
struct Moved {
    score_before: f64,
    score_after: f64,
    change: f64,
    causes: Vec<Cause>,
    same_ruler: bool,
    before: Head,
    after: Head,
}

#[derive(Debug, Deserialize)]
struct Head {
    as_of: String,
    ruler: String,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Cause {
    cause: String,
    change: f64,
    features: BTreeMap<String, f64>,
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let refused = |problem: Problem| visitor.refused(problem);
    let board = app.board.load_full();
    let row = app.row(&board, visitor.key(), &person, "what moved it").map_err(refused)?;
    let days = (day("from", &asked.from).map_err(refused)?, day("to", &asked.to).map_err(refused)?);
    if days.0 >= days.1 {
        let why = "Choose two days, the earlier one first.";
        return Err(refused(Problem::new(problem::Kind::BadRequest, why)));
    }
    let (desk, whom) = (app.desk.clone(), row.person.clone());
    let found = at_the_desk(move || desk.diff(Some(&whom), days, Form::Json)).await.map_err(refused)?;
    let moved: Moved = serde_json::from_slice(&found)
        .map_err(|error| refused(Problem::new(problem::Kind::Internal, error.to_string())))?;
    let title = format!("What moved {}", row.person);
    let body = html! {
        p.crumb { a href=(page_of(&row.person)) { "← " bdi { (row.person) } } }
        h1 { "What moved it" }
        p.big-line {
            b { (format!("{:.2}", moved.score_before)) } " → " b { (format!("{:.2}", moved.score_after)) } " "
            (sign(moved.change, 4))
        }
        p.meta { span { "from " time { (moved.before.as_of) } } span { "to " time { (moved.after.as_of) } } span { "ruler " code { (moved.after.ruler) } } }
        @if !moved.same_ruler {
            p.notice { "The ruler changed between the two days, from " code { (moved.before.ruler) } ": what that did stands under “weights”." }
        }
        (causes(&moved))
    };
    Ok(Frame::new(&title, Tab::Board).page(Some(visitor.key()), &body))
}

fn causes(moved: &Moved) -> Markup {
    let widest = moved.causes.iter().map(|cause| cause.change.abs()).fold(0.0001, f64::max);
    html! {
        h2 { "By whose doing" }
        div.scroll { table {
            caption { "The causes add up to the change, to the last digit." }
            thead { tr { th.text scope="col" { "Cause" } th scope="col" { "Change" } th.chart scope="col" { span.hidden { "As a bar" } } th.text.wide scope="col" { "Meaning" } } }
            tbody {
                @for cause in &moved.causes {
                    tr {
                        th scope="row" { (cause.cause) }
                        td { (sign(cause.change, 4)) }
                        td.chart { (bar_both_ways(cause.change / widest)) }
                        td.text.wide { (meaning(&cause.cause)) }
                    }
                }
            }
        } }
        @for cause in moved.causes.iter().filter(|cause| !cause.features.is_empty()) {
            details {
                summary { (cause.cause) ", by feature" }
                div.scroll { table {
                    thead { tr { th.text scope="col" { "Feature" } th scope="col" { "Change" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                    tbody {
                        @let most = cause.features.values().map(|change| change.abs()).fold(0.0001, f64::max);
                        @for (feature, change) in largest_first(&cause.features) {
                            tr { th scope="row" { (broken(feature)) } td { (sign(change, 4)) } td.chart { (bar_both_ways(change / most)) } }
                        }
                    }
                } }
            }
        }
    }
}

fn largest_first(features: &BTreeMap<String, f64>) -> Vec<(&str, f64)> {
    let mut all: Vec<(&str, f64)> = features.iter().map(|(name, change)| (name.as_str(), *change)).collect();
    all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(b.0)));
    all
}

fn meaning(cause: &str) -> &'static str {
    Kind::ALL.into_iter().find(|known| known.to_string() == cause).map_or("", Kind::meaning)
}

/// A change with its sign.
fn sign(change: f64, decimals: usize) -> Markup {
    let class = if change > 0.0 {
        "up"
    } else if change < 0.0 {
        "down"
    } else {
        "faint"
    };
    let sign = if change < 0.0 {
        "−"
    } else if change > 0.0 {
        "+"
    } else {
        ""
    };
    html! { span class=(class) { (sign) (format!("{:.decimals$}", change.abs())) } }
}
