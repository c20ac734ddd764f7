//! Whom to invite to a campaign.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use renown_store::book::{Purpose, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::people::{InTable, at_the_desk};
use crate::answer::{self, Tabular};
use crate::app::App;
use crate::desk::Campaign;
use crate::extract::{Json, Query};
use crate::guard::Caller;
use crate::held::points;
use crate::leaderboard::has;
use crate::problem::{Kind, Problem};

/// Whom to choose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The least score.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    min_score: f64,
    /// Only reactions on this network count, and only who is on it.
    network: Option<String>,
    /// Only who has this tag.
    tag: Option<String>,
    /// How many people.
    #[schema(minimum = 1, maximum = 1000)]
    limit: u16,
    /// Whether those are wanted who together reach the most, and not those who stand highest.
    #[serde(default)]
    spread: bool,
}

/// Those who were chosen.
#[derive(Debug, Serialize, ToSchema)]
struct Selection {
    /// The first adds the most.
    people: Vec<Invitee>,
    /// How many different accounts react to any of them.
    actors: u64,
}

/// Somebody who was chosen.
#[derive(Debug, Serialize, ToSchema)]
struct Invitee {
    /// The person's id.
    person: String,
    /// 1 to 100.
    score: f64,
    /// How many different accounts react to them.
    actors: u64,
    /// How many of those react to nobody who was chosen before.
    new: u64,
}

/// Whom to invite, by score or so that together they reach the most different actors. Needs a key with the purpose `marketing`, or the
/// scope `admin`.
#[utoipa::path(
    post, path = "/api/v1/selection", params(InTable), request_body = Wanted, tag = "scores",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, content(
        (Selection = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn select(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(form): Query<InTable>,
    Json(wanted): Json<Wanted>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    if caller.0.purpose != Purpose::Marketing && !caller.is_admin() {
        let why = "choosing people for a campaign needs a key with the purpose `marketing`: the people scored can read what for they \
                   were looked up";
        return Err(Problem::new(Kind::Purpose, why));
    }
    if !(0.0..=100.0).contains(&wanted.min_score) || !(1..=1000).contains(&wanted.limit) {
        let why = "expected `min_score` from 0 to 100 and `limit` from 1 to 1000";
        return Err(Problem::new(Kind::Unprocessable, why));
    }
    let board = app.board.load_full();
    let is_tagged = |tag: &str| {
        let rows = board.rows.iter().filter(|row| has(&row.tags, tag));
        rows.map(|row| row.person.to_string()).collect()
    };
    let campaign = Campaign {
        min_score: (wanted.min_score * 10_000.0).round() as u32,
        network: wanted.network,
        limit: wanted.limit.into(),
        spread: wanted.spread,
        among: wanted.tag.as_deref().map(is_tagged),
    };
    let desk = app.desk.clone();
    let chosen = at_the_desk(move || desk.choose(&campaign)).await?;
    let mut people = Vec::with_capacity(chosen.len());
    for one in chosen {
        let Some(place) = board.find(&one.person).filter(|_| !app.is_gone(&one.person)) else { continue };
        let row = &board.rows[place];
        app.note(&caller.0, &row.person, "selection")?;
        let (actors, new) = (one.actors, one.new);
        people.push(Invitee { person: one.person, score: points(row.score.0), actors, new });
    }
    if Tabular::is_csv(form.format, &headers) {
        let rows = people
            .into_iter()
            .map(|one| [one.person, one.score.to_string(), one.actors.to_string(), one.new.to_string()]);
        return Ok(answer::csv(&["person", "score", "actors", "new"], rows));
    }
    let actors = people.iter().map(|one| one.new).sum();
    Ok(answer::json(&Selection { people, actors }))
}
