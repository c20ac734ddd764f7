//! The people of the book: who was asked, what they said, and what is held on them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use renown_store::book::{Consent, Correction, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::people::{InTable, at_the_desk};
use crate::answer::{self, Tabular};
use crate::app::App;
use crate::extract::{Json, Path, Query};
use crate::guard::Caller;
use crate::held::{Held, Looked, Records, Resident};
use crate::problem::{Kind, Problem};
use crate::rights::{Word, must};

/// What somebody said.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Consented {
    Invited,
    Agreed,
    Withdrawn,
    Objected,
}

/// Which people of the book.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only who said this.
    #[param(inline)]
    consent: Option<Consented>,
    /// Those after this one: `next` of the page before.
    after: Option<String>,
    /// How many, 100 if it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// In which form: `json`, unless `csv` is asked for here or in `Accept`.
    #[param(inline)]
    format: Option<Tabular>,
}

/// A page of the people of the book, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
struct Residents {
    people: Vec<Resident>,
    /// Where the next page begins, if there is one: to be sent as `after`.
    next: Option<String>,
}

/// The people of the book, whatever they said.
#[utoipa::path(
    get, path = "/api/v1/people", params(Which), tag = "people",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 200, content(
        (Residents = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let limit = answer::page(which.limit)?;
    let consent = which.consent.map(|said| match said {
        Consented::Invited => Consent::Invited,
        Consented::Agreed => Consent::Agreed,
        Consented::Withdrawn => Consent::Withdrawn,
        Consented::Objected => Consent::Objected,
    });
    // One more than wanted tells whether there is another page.
    let mut found =
        app.with_book(move |book| book.browse(which.after.as_deref(), consent, "", limit + 1)).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|last| last.id.clone());
    let people: Vec<Resident> = found.iter().map(Resident::from).collect();
    if Tabular::is_csv(which.format, &headers) {
        return Ok(answer::csv(&Resident::HEADINGS, people.into_iter().map(Resident::row)));
    }
    Ok(answer::json(&Residents { people, next }))
}

/// Somebody to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitation {
    /// The person's id.
    #[schema(min_length = 1, max_length = 200)]
    id: String,
    /// What they are called.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// Their accounts, as `network:id` or `network:@handle`.
    #[serde(default)]
    #[schema(max_items = 50)]
    accounts: Vec<String>,
}

/// What a person is called by: short, on one line.
fn plain(what: &str, text: &str) -> Result<(), Problem> {
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        let why = format!("{what}: expected at most 200 characters, and none that control a terminal");
        return Err(Problem::new(Kind::Unprocessable, why));
    }
    Ok(())
}

fn accounts(texts: &[String]) -> Result<Vec<(String, String)>, Problem> {
    if texts.len() > 50 {
        return Err(Problem::new(Kind::Unprocessable, "accounts: expected at most 50"));
    }
    let account = |text: &String| {
        plain("accounts", text)?;
        let parts = text.split_once(':').filter(|(network, id)| !network.is_empty() && !id.is_empty());
        let (network, id) = parts.ok_or_else(|| {
            Problem::new(Kind::Unprocessable, "accounts: expected a network and an id, as in twitter:12345")
        })?;
        Ok((network.to_owned(), id.to_owned()))
    };
    texts.iter().map(account).collect()
}

/// Notes that somebody was asked whether they want to be scored. They are not, until they agree.
#[utoipa::path(
    post, path = "/api/v1/people", request_body = Invitation, tag = "people",
    security(("bearer" = ["admin"]), ("header" = ["admin"])),
    responses((status = 201, body = Resident))
)]
pub(super) async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(invitation): Json<Invitation>,
) -> Result<Response, Problem> {
    caller.must(Scope::Admin)?;
    let Invitation { id, name, accounts: theirs } = invitation;
    plain("id", &id)?;
    plain("name", name.as_deref().unwrap_or_default())?;
    if id.is_empty() {
        return Err(Problem::new(Kind::Unprocessable, "id: expected one"));
    }
    let (theirs, by) = (accounts(&theirs)?, caller.by());
    let invited = app.with_book(move |book| {
        book.invite(&id, name.as_deref(), &theirs, &by)?;
        must(book, &id)
    });
    let resident = Resident::from(&invited.await?);
    Ok((StatusCode::CREATED, answer::json(&resident)).into_response())
}

/// What is to be otherwise about a person; what is not said stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    /// What they are called; nothing, if empty.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// All their accounts, as `network:id` or `network:@handle`.
    #[schema(max_items = 50)]
    accounts: Option<Vec<String>>,
    /// All their tags.
    #[schema(max_items = 50)]
    tags: Option<Vec<String>>,
    /// Whether they are a minor.
    minor: Option<bool>,
    /// Whether they are not scored and count for nobody.
    exclude: Option<bool>,
}

/// Corrects what the book says of a person. With one's own key: the name, fewer accounts, and the marks `minor` and `exclude` when set.
#[utoipa::path(
    patch, path = "/api/v1/people/{person}", request_body = Changes, tag = "people",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, body = Resident))
)]
pub(super) async fn correct(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Json(changes): Json<Changes>,
) -> Result<Response, Problem> {
    caller.must_be(&person)?;
    plain("name", changes.name.as_deref().unwrap_or_default())?;
    let tags = changes.tags.as_deref().unwrap_or_default();
    if tags.len() > 50 {
        return Err(Problem::new(Kind::Unprocessable, "tags: expected at most 50"));
    }
    tags.iter().try_for_each(|tag| plain("tags", tag))?;
    let correction = Correction {
        name: changes.name,
        accounts: changes.accounts.as_deref().map(accounts).transpose()?,
        tags: changes.tags,
        minor: changes.minor,
        exclude: changes.exclude,
    };
    app.correct(&caller, &person, correction).await?;
    told(&app, person).await
}

/// What the book says of a person.
async fn told(app: &Arc<App>, person: String) -> Result<Response, Problem> {
    let resident = app.with_book(move |book| must(book, &person)).await?;
    Ok(answer::json(&Resident::from(&resident)))
}

/// Notes that somebody agreed to be scored: they are, from the next day on.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/agree", tag = "people",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, body = Resident))
)]
pub(super) async fn agree(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    app.say(&caller, &person, Word::Agree).await?;
    told(&app, person).await
}

/// Notes that somebody took back that they agreed: they are in no answer any more, but for what is theirs to see.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/withdraw", tag = "people",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, body = Resident))
)]
pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    app.say(&caller, &person, Word::Withdraw).await?;
    told(&app, person).await
}

/// Notes that somebody said no. Likewise.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/object", tag = "people",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, body = Resident))
)]
pub(super) async fn object(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    app.say(&caller, &person, Word::Object).await?;
    told(&app, person).await
}

/// Forgets a person: their records, scores, accounts, keys and name are removed from everything that is stored, for good, and stay out.
#[utoipa::path(
    delete, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 204))
)]
pub(super) async fn forget(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<StatusCode, Problem> {
    app.forget(&caller, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the records of the store say of a person, for them to take along: what they did, and what was done to them. Others are not
/// named. It takes as long as to read the store.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/records", tag = "people",
    params(("person" = String, Path, description = "The person's id."), InTable),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, content(
        (Records = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn records(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    caller.must_be(&person)?;
    if !caller.is_own(&person) {
        let asked = caller.did("records", Some(&person), "shown");
        app.with_book(move |book| book.audit(&[asked])).await?;
    }
    let desk = app.desk.clone();
    let records = Records::of(at_the_desk(move || desk.records_of(&person)).await?);
    if Tabular::is_csv(form.format, &headers) {
        return Ok(answer::csv(&Records::HEADINGS, records.rows()));
    }
    Ok(answer::json(&records))
}

/// All that the book holds on a person, for them to take along.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/held", tag = "people",
    params(("person" = String, Path, description = "The person's id."), InTable),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, content(
        (Held = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn held(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    caller.must_be(&person)?;
    let is_own = caller.is_own(&person);
    let asked = (!is_own).then(|| caller.did("held", Some(&person), "shown"));
    let found = app.with_book(move |book| {
        if let Some(asked) = asked {
            book.audit(&[asked])?;
        }
        Ok((book.held_on(&person)?, book.keys()?))
    });
    let (held, keys) = found.await?;
    let held = Held::of(held.ok_or_else(nobody)?, &keys);
    if Tabular::is_csv(form.format, &headers) {
        return Ok(answer::csv(&["what", "at", "name", "value"], held.rows().into_iter()));
    }
    Ok(answer::json(&held))
}

fn nobody() -> Problem {
    Problem::new(Kind::NotFound, "there is nobody of this id")
}

/// Who looked a person up.
#[derive(Debug, Serialize, ToSchema)]
struct Looks {
    /// The person's id.
    person: String,
    /// The newest hour first.
    looks: Vec<Looked>,
}

/// Who looked a person up, hour by hour: with which key, for which purpose, at what, and how often.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/looks", tag = "people",
    params(("person" = String, Path, description = "The person's id."), InTable),
    security(("bearer" = ["self", "admin"]), ("header" = ["self", "admin"])),
    responses((status = 200, content(
        (Looks = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn looks(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    /// As many hours, keys and kinds of look-ups as are told.
    const NEWEST: usize = 10_000;
    caller.must_be(&person)?;
    let (of, all) = (person.clone(), app.clone());
    let found = app.with_book(move |book| {
        // What was looked up until now is among it.
        all.looks.write(book);
        must(book, &of)?;
        Ok((book.looks_at(&of, NEWEST)?, book.keys()?))
    });
    let (looks, keys) = found.await?;
    let looks: Vec<Looked> = looks.iter().map(|look| Looked::of(look, &keys)).collect();
    if Tabular::is_csv(form.format, &headers) {
        return Ok(answer::csv(&Looked::HEADINGS, looks.into_iter().map(Looked::row)));
    }
    Ok(answer::json(&Looks { person, looks }))
}
