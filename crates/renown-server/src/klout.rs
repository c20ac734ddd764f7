//! Klout's API v2, as its old clients call it, below `/v2`: identity first, then score, topics and influence.
//!
//! Its traps are as they were: ids are texts; Klout itself is `ks` in answers and `klout` in paths; `scoreDelta` in a score is
//! `scoreDeltas` in a user; scores are not rounded; a handle that nobody has is an ordinary 404. The key is in the query. The body of errors
//! is that of Klout's first API, since that of the second is not known.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer;
use crate::app::{App, may_see, nobody, now};
use crate::extract::{Path, Query};
use crate::guard::query_value;
use crate::leaderboard::{Leaderboard, Row};
use crate::problem::{Kind, Problem};
use renown_store::book::Key;

/// How many people an influence list has at most.
const MOST: usize = 5;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/identity.json/twitter", get(by_screen_name))
        .route("/v2/identity.json/klout/{id}/{network}", get(on_network))
        .route("/v2/identity.json/{network}/{id}", get(by_account))
        .route("/v2/user.json/{id}", get(user))
        .route("/v2/user.json/{id}/score", get(score))
        .route("/v2/user.json/{id}/topics", get(topics))
        .route("/v2/user.json/{id}/influence", get(influence))
        .layer(from_fn(callback))
}

/// An error in the form of Klout's first API.
struct Refused(Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        // Klout said 403 of a request that was not as expected, and of one too many.
        let status = match self.0.status() {
            StatusCode::BAD_REQUEST | StatusCode::TOO_MANY_REQUESTS => StatusCode::FORBIDDEN,
            status => status,
        };
        let body = json!({ "status": status.as_u16(), "body": { "error": self.0.detail() } });
        (status, answer::json(&body)).into_response()
    }
}

/// Who asks, by the key in the query.
struct Client(Arc<Key>);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Refused;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Refused> {
        let text = query_value(&parts.uri, "key").unwrap_or_default();
        let key = app.ring.check(&text, now()).await?;
        app.may_ask(&key.id)?;
        Ok(Self(key))
    }
}

#[derive(Deserialize)]
struct ScreenName {
    #[serde(rename = "screenName")]
    screen_name: String,
}

/// What a network is called here that Klout called by a code.
fn network_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "tw" | "twitter" => "twitter",
        "fb" => "facebook",
        "gp" => "googleplus",
        "ig" => "instagram",
        "yt" => "youtube",
        _ => return None,
    })
}

#[derive(Serialize)]
struct Identity<'a> {
    id: String,
    network: &'a str,
}

async fn by_screen_name(
    State(app): State<Arc<App>>,
    Client(key): Client,
    name: Result<Query<ScreenName>, Problem>,
) -> Result<Response, Refused> {
    let Query(ScreenName { screen_name }) = name?;
    identity(&app, &key, "twitter", &format!("@{}", screen_name.trim_start_matches('@')))
}

async fn by_account(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let network = network_of(&code).ok_or_else(nobody)?;
    identity(&app, &key, network, &id)
}

fn identity(app: &App, key: &Key, network: &str, id: &str) -> Result<Response, Refused> {
    let Some(person) = app.desk.person_of(network, id) else {
        // Not known is one thing, and not known yet another.
        return Err(app.desk.as_of().map_or_else(Problem::from, |_| nobody()).into());
    };
    let board = app.board.load();
    let row = app.row(&board, key, &person, "klout identity")?;
    Ok(answer::json(&Identity { id: row.number.to_string(), network: "ks" }))
}

async fn on_network(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path((id, code)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let network = network_of(&code).ok_or_else(nobody)?;
    let board = app.board.load_full();
    let row = numbered(&app, &board, &key, &id, "klout identity")?;
    let person = row.person.clone();
    let resident = app.with_book(move |book| book.resident(&person)).await?.ok_or_else(nobody)?;
    let mut on =
        resident.accounts.into_iter().filter(|account| account.0 == network && !account.1.starts_with('@'));
    let (_, id) = on.next().ok_or_else(nobody)?;
    Ok(answer::json(&Identity { id, network: &code }))
}

/// The row of a person by their number; the look-up is noted.
fn numbered<'b>(
    app: &App,
    board: &'b Leaderboard,
    key: &Key,
    id: &str,
    action: &'static str,
) -> Result<&'b Row, Problem> {
    let place = id.parse().ok().and_then(|number| board.numbered(number));
    let Some(row) = place.map(|place| &board.rows[place]).filter(|row| !app.is_gone(&row.person)) else {
        // A key that sees one person only learns nothing of who else there is.
        may_see(key, "")?;
        return Err(nobody());
    };
    may_see(key, &row.person)?;
    app.note(key, &row.person, action)?;
    Ok(row)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Deltas {
    day_change: f64,
    week_change: f64,
    month_change: f64,
}

impl Deltas {
    fn of(row: &Row) -> Self {
        let change = |place: usize| row.moved[place].map_or(0.0, |moved| f64::from(moved) / 10_000.0);
        Self { day_change: change(0), week_change: change(1), month_change: change(2) }
    }
}

fn value(row: &Row) -> f64 {
    f64::from(row.score.0) / 10_000.0
}

/// The band of ten points, the last of which has 100 as well.
fn bucket(row: &Row) -> String {
    let low = (row.score.0 / 100_000 * 10).min(90);
    format!("{low}-{}", if low == 90 { 100 } else { low + 9 })
}

#[derive(Serialize)]
struct InUser {
    score: f64,
    bucket: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    klout_id: String,
    nick: String,
    score: InUser,
    score_deltas: Deltas,
}

impl User {
    fn of(row: &Row) -> Self {
        Self {
            klout_id: row.number.to_string(),
            nick: row.person.to_string(),
            score: InUser { score: value(row), bucket: bucket(row) },
            score_deltas: Deltas::of(row),
        }
    }
}

async fn user(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let board = app.board.load();
    Ok(answer::json(&User::of(numbered(&app, &board, &key, &id, "klout user")?)))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InScore {
    score: f64,
    score_delta: Deltas,
    bucket: String,
}

async fn score(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let board = app.board.load();
    let row = numbered(&app, &board, &key, &id, "klout score")?;
    Ok(answer::json(&InScore { score: value(row), score_delta: Deltas::of(row), bucket: bucket(row) }))
}

/// No record says what a post is about, so nobody has topics: an empty list, as Klout gave of those it knew none of.
async fn topics(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let board = app.board.load();
    numbered(&app, &board, &key, &id, "klout topics")?;
    Ok(answer::json(&json!([])))
}

#[derive(Serialize)]
struct Listed {
    entity: Entity,
}

#[derive(Serialize)]
struct Entity {
    id: String,
    payload: User,
}

async fn influence(
    State(app): State<Arc<App>>,
    Client(key): Client,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let board = app.board.load_full();
    let row = numbered(&app, &board, &key, &id, "klout influence")?;
    let (desk, person) = (app.desk.clone(), row.person.clone());
    let beside = crate::api::at_the_desk(move || desk.neighbours(&person, MOST)).await?;
    let list = |people: &[String]| -> Result<Vec<Listed>, Problem> {
        let shown = people.iter().filter_map(|person| board.find(person)).map(|place| &board.rows[place]);
        let mut listed = Vec::new();
        for row in shown.filter(|row| !app.is_gone(&row.person) && may_see(&key, &row.person).is_ok()) {
            app.note(&key, &row.person, "klout influence")?;
            listed.push(Listed { entity: Entity { id: row.number.to_string(), payload: User::of(row) } });
        }
        Ok(listed)
    };
    Ok(answer::json(&json!({
        "myInfluencers": list(&beside.influencers)?,
        "myInfluencees": list(&beside.influencees)?,
        "myInfluencersCount": beside.influencers_count,
        "myInfluenceesCount": beside.influencees_count,
    })))
}

/// Wraps an answer for browsers that ask with `callback`, as scripts of other pages did. The key is in the address, so nothing is given
/// to a page that could not ask by itself.
async fn callback(request: Request, next: Next) -> Response {
    let Some(name) = query_value(request.uri(), "callback") else { return next.run(request).await };
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$' | '.');
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
        let why = "callback: expected the name of a function, of letters, digits, _, $ and .";
        return Refused(Problem::new(Kind::BadRequest, why)).into_response();
    }
    let response = next.run(request).await;
    let (mut head, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 1 << 20).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut script = format!("/**/{name}(").into_bytes();
    script.extend_from_slice(&body);
    script.extend_from_slice(b");");
    head.headers.remove(header::CONTENT_LENGTH);
    let javascript = HeaderValue::from_static("application/javascript; charset=utf-8");
    head.headers.insert(header::CONTENT_TYPE, javascript);
    let anywhere = HeaderValue::from_static("cross-origin");
    head.headers.insert(header::HeaderName::from_static("cross-origin-resource-policy"), anywhere);
    Response::from_parts(head, script.into())
}
