//! The ruler: read, tried, published; and what it does beside others.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use renown_store::book::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::people::at_the_desk;
use crate::answer;
use crate::app::App;
use crate::desk::{Form, InForce, Tried};
use crate::extract::{Json, Query};
use crate::guard::Caller;
use crate::problem::{Kind, Problem};

/// A weights file and what it makes.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Ruler {
    /// The file, with its comments.
    toml: String,
    /// The stamp of the ruler that it makes with the records there are.
    ruler: String,
    /// The name of the scale.
    scale: String,
}

impl From<InForce> for Ruler {
    fn from(found: InForce) -> Self {
        Self { toml: found.toml, ruler: found.stamp, scale: found.scale }
    }
}

/// The weights in force.
#[utoipa::path(
    get, path = "/api/v1/weights", tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Ruler))
)]
pub(super) async fn read(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.weights()).await?;
    Ok(answer::json(&Ruler::from(found)))
}

/// Weights files that were published.
#[derive(Debug, Serialize, ToSchema)]
struct Rulers {
    /// The newest first.
    weights: Vec<Once>,
}

/// A weights file that was published.
#[derive(Debug, Serialize, ToSchema)]
struct Once {
    /// Later ones have larger numbers.
    number: i64,
    /// Why it took the place of the one before.
    memo: String,
    /// When.
    at: String,
    /// The file, with its comments.
    toml: String,
}

/// The weights files that were published last, the newest first.
#[utoipa::path(
    get, path = "/api/v1/weights/history", tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Rulers))
)]
pub(super) async fn history(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    /// As many as are told.
    const NEWEST: usize = 100;
    caller.must(Scope::Read)?;
    let rulers = app.with_book(|book| book.rulers(NEWEST)).await?;
    let weights = rulers.into_iter().map(|ruler| Once {
        number: ruler.number,
        memo: ruler.memo,
        at: ruler.at.to_string(),
        toml: ruler.toml,
    });
    Ok(answer::json(&Rulers { weights: weights.collect() }))
}

/// A weights file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The file.
    toml: String,
}

/// What is most likely not meant in a weights file, on the records there are.
#[utoipa::path(
    post, path = "/api/v1/weights/lint", request_body = File, tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Object))
)]
pub(super) async fn lint(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(file): Json<File>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.lint(&file.toml)).await?;
    app.note_named(&caller.0, &found, "lint")?;
    Ok(answer::of_desk(Form::Json, found))
}

/// What attacks bring somebody invented under a weights file.
#[utoipa::path(
    post, path = "/api/v1/weights/attack", request_body = File, tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Object))
)]
pub(super) async fn attack(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(file): Json<File>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let desk = app.desk.clone();
    Ok(answer::of_desk(Form::Json, at_the_desk(move || desk.attack(&file.toml)).await?))
}

/// A weights file and what to set in it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// The file; that in force, if it is not said.
    toml: Option<String>,
    /// Values to set, each as `key = value` in TOML.
    #[serde(default)]
    sets: Vec<String>,
}

/// A weights file, edited.
#[derive(Debug, Serialize, ToSchema)]
struct Edited {
    /// The file, with its comments.
    toml: String,
}

/// Sets values in a weights file and keeps its comments. Nothing is published.
#[utoipa::path(
    post, path = "/api/v1/weights/edit", request_body = Edit, tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Edited))
)]
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(edit): Json<Edit>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let desk = app.desk.clone();
    let edited = at_the_desk(move || {
        let toml = edit.toml.map_or_else(|| desk.weights().map(|found| found.toml), Ok)?;
        desk.edit(&toml, &edit.sets)
    });
    Ok(answer::json(&Edited { toml: edited.await? }))
}

/// Weights to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    /// A weights file; that in force, if it is not said.
    toml: Option<String>,
    /// Values to set in it, each as `key = value` in TOML.
    #[serde(default)]
    sets: Vec<String>,
    /// How many of those who move most are told, 20 if it is not said.
    #[schema(minimum = 0, maximum = 1000)]
    top: Option<u16>,
}

/// The most that are told.
const MOST_MOVERS: usize = 1000;

/// Who would move under other weights, by how much, and the stamp of that ruler: the preview of what publishing them would do.
#[utoipa::path(
    post, path = "/api/v1/what-if", request_body = Trial, tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Object))
)]
pub(super) async fn what_if(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(trial): Json<Trial>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let top = usize::from(trial.top.unwrap_or(20));
    if top > MOST_MOVERS {
        return Err(Problem::new(Kind::BadRequest, format!("top: {top}: expected 0 to {MOST_MOVERS}")));
    }
    let tried = Tried { toml: trial.toml, sets: trial.sets, top };
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.what_if(&tried, Form::Json)).await?;
    app.note_named(&caller.0, &found, "what-if")?;
    Ok(answer::of_desk(Form::Json, found))
}

/// Weights to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    /// The file.
    toml: String,
    /// Why: it stands on every chart from the next scoring on.
    #[schema(min_length = 1, max_length = 2000)]
    memo: String,
    /// The stamp that `what-if` gave for this file; if it is said and another one comes of the file now, nothing is published.
    ruler: Option<String>,
}

/// Makes weights those in force, from the next scoring on. What was published before stays as it was said.
#[utoipa::path(
    put, path = "/api/v1/weights", request_body = Publish, tag = "weights",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 200, body = Ruler))
)]
pub(super) async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(publish): Json<Publish>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let memo = publish.memo.trim().to_owned();
    if memo.is_empty() || memo.chars().count() > 2000 {
        let why =
            "memo: expected why the ruler changes, in at most 2000 characters: it stands on every chart";
        return Err(Problem::new(Kind::Unprocessable, why));
    }
    let (desk, by, toml) = (app.desk.clone(), caller.by(), publish.toml);
    if let Some(expected) = publish.ruler {
        let (desk, toml) = (app.desk.clone(), toml.clone());
        let found = at_the_desk(move || desk.stamp(&toml)).await?;
        if found != expected {
            let why = format!(
                "this file makes the ruler {found} now, and {expected} was expected: look at `what-if` again"
            );
            return Err(Problem::new(Kind::Conflict, why));
        }
    }
    let found = at_the_desk(move || desk.publish_weights(&toml, &memo, &by)).await?;
    Ok(answer::json(&Ruler::from(found)))
}

/// Which rulers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beside {
    /// The names of bundled rulers, separated by commas.
    #[param(example = "kred,tweepcred")]
    rulers: String,
}

/// The same people under the ruler in force and under bundled ones.
#[utoipa::path(
    get, path = "/api/v1/compare", params(Beside), tag = "weights",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, body = Object))
)]
pub(super) async fn compare(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(beside): Query<Beside>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let rulers: Vec<String> = beside.rulers.split(',').map(|name| name.trim().to_owned()).collect();
    if rulers.len() > 8 {
        return Err(Problem::new(Kind::BadRequest, "rulers: expected at most eight"));
    }
    let desk = app.desk.clone();
    let found = at_the_desk(move || desk.compare(&rulers)).await?;
    app.note_named(&caller.0, &found, "compare")?;
    Ok(answer::of_desk(Form::Json, found))
}
