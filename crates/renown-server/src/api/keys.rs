//! Keys: who may ask, what for, and until when.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use renown_core::record::Timestamp;
use renown_store::book::{BookError, Purpose, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::people::InTable;
use crate::answer::{self, Tabular};
use crate::app::{App, now};
use crate::extract::{Json, Path, Query};
use crate::guard::Caller;
use crate::held::KeyInfo;
use crate::keys::{NewKey, another, make};
use crate::problem::{Kind, Problem, fault};

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
struct Keys {
    /// In the order in which they were made.
    keys: Vec<KeyInfo>,
}

/// All keys, without their secrets.
#[utoipa::path(
    get, path = "/api/v1/keys", params(InTable), tag = "keys",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 200, content(
        (Keys = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let keys = app.with_book(renown_store::book::Book::keys).await?;
    let keys: Vec<KeyInfo> = keys.iter().map(KeyInfo::from).collect();
    if Tabular::is_csv(form.format, &headers) {
        return Ok(answer::csv(&KeyInfo::HEADINGS, keys.into_iter().map(KeyInfo::row)));
    }
    Ok(answer::json(&Keys { keys }))
}

/// What a key may.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum May {
    Read,
    #[serde(rename = "self")]
    OwnSelf,
    Ingest,
    Admin,
}

impl From<May> for Scope {
    fn from(may: May) -> Self {
        match may {
            May::Read => Self::Read,
            May::OwnSelf => Self::OwnSelf,
            May::Ingest => Self::Ingest,
            May::Admin => Self::Admin,
        }
    }
}

/// What a new key is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    /// Whose it is, in words: the people who are looked up read it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it is for: `research`, `marketing` or `self`. `employment` and `credit` are refused.
    purpose: String,
    /// What it may.
    #[schema(min_items = 1)]
    scopes: Vec<May>,
    /// The person whose it is, of one with the scope `self`.
    person: Option<String>,
    /// In how many days it is good for nothing; never, if it is not said.
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u16>,
}

/// A key and its only text.
#[derive(Debug, Serialize, ToSchema)]
struct Told {
    /// The key as it is to be sent. It is told only now: the book keeps a hash of it.
    secret: String,
    /// What it is.
    key: KeyInfo,
}

/// What a key is for, if that is something that scores may serve.
fn purpose(text: &str) -> Result<Purpose, Problem> {
    if let Some(known) = Purpose::ALL.into_iter().find(|known| known.name() == text) {
        return Ok(known);
    }
    if ["employment", "credit", "insurance", "housing"].contains(&text) {
        let why = format!(
            "no key is given for {text}: a score says how much people react to somebody online, and nothing of how they work, pay or \
             live; deciding on that by it harms people who cannot answer back, and is what scores like this one were misused for"
        );
        return Err(Problem::new(Kind::Purpose, why));
    }
    let why = "purpose: expected research, marketing or self";
    Err(Problem::new(Kind::Unprocessable, why))
}

/// Makes a key.
#[utoipa::path(
    post, path = "/api/v1/keys", request_body = New, tag = "keys",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 201, body = Told))
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(new): Json<New>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let wrong = |why: &str| Err(Problem::new(Kind::Unprocessable, why));
    let scopes: BTreeSet<Scope> = new.scopes.into_iter().map(Scope::from).collect();
    let purpose = purpose(&new.purpose)?;
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return wrong("name: expected whose key it is, in at most 200 characters");
    }
    if scopes.is_empty() {
        return wrong("scopes: expected some of read, self, ingest and admin");
    }
    if scopes.contains(&Scope::OwnSelf) != new.person.is_some() {
        return wrong("person: expected with the scope `self`, and only then");
    }
    let only_self = scopes == BTreeSet::from([Scope::OwnSelf]);
    if (purpose == Purpose::SelfService) != only_self || scopes.contains(&Scope::OwnSelf) && !only_self {
        return wrong(
            "a key with the purpose `self` has the scope `self` and no other, and the other way round",
        );
    }
    if new.days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return wrong("days: expected 1 to 3650");
    }
    let at = now();
    let after = |days: u16| Timestamp::from_micros(at.micros() + i64::from(days) * 86_400_000_000);
    let expires = new.days.and_then(after);
    let new = NewKey { name, purpose, scopes, person: new.person, expires };
    let by = caller.by();
    let made = tokio::task::spawn_blocking(move || {
        let made = make(new, at)?;
        app.book.add_key(&made.key, &made.hash, &by)?;
        Ok::<_, Problem>(made)
    });
    let made = made.await.map_err(|_| fault())??;
    let told = Told { secret: made.text, key: (&made.key).into() };
    Ok((StatusCode::CREATED, answer::json(&told)).into_response())
}

/// Gives a key another secret; the former is good for nothing from now on.
#[utoipa::path(
    post, path = "/api/v1/keys/{id}/rotate", tag = "keys",
    params(("id" = String, Path, description = "The id of the key.")),
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 200, body = Told))
)]
pub(super) async fn rotate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let by = caller.by();
    let rotated = tokio::task::spawn_blocking(move || {
        let (key, _) = app.book.key(&id)?.ok_or_else(|| BookError::NoKey(id.clone()))?;
        let (secret, hash) = another(&id)?;
        app.book.rotate(&id, &hash, &by)?;
        app.ring.changed(&id);
        Ok::<_, Problem>(Told { secret, key: (&key).into() })
    });
    Ok(answer::json(&rotated.await.map_err(|_| fault())??))
}

/// Takes a key back, for good. Whoever is signed in with it is signed out.
#[utoipa::path(
    delete, path = "/api/v1/keys/{id}", tag = "keys",
    params(("id" = String, Path, description = "The id of the key.")),
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 204))
)]
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let (by, of) = (caller.by(), id.clone());
    app.with_book(move |book| book.revoke(&of, &by)).await?;
    app.ring.changed(&id);
    Ok(StatusCode::NO_CONTENT)
}
