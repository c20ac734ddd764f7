//! A person's own page: all that is held on them, and what they can do about it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use renown_store::book::{Consent, Held, Key, Scope};
use serde::Deserialize;

use super::chart;
use super::extract::{Form, Query};
use super::flag;
use super::frame::{Frame, Tab};
use super::person::looks;
use super::text::{grouped, page_of, percent, points, time};
use super::visitor::{Refused, Visitor};
use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::rights::Word;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/me", get(page))
        .route("/me/said", post(said))
        .route("/me/forget", get(forget_asked).post(forgotten))
}

/// The person whose key somebody signed in with.
fn own(visitor: &Visitor) -> Result<String, Refused> {
    let key: &Key = visitor.key();
    let person = key.person.clone().filter(|_| key.scopes.contains(&Scope::OwnSelf));
    person.ok_or_else(|| {
        let why = "This page is for somebody's own key: yours is nobody's.";
        visitor.refused(Problem::new(Kind::Forbidden, why))
    })
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(done): Query<flag::Done>,
) -> Result<Response, Refused> {
    let person = own(&visitor)?;
    let held = app.book.held_on(&person)?.ok_or_else(|| visitor.refused(crate::app::nobody()))?;
    let board = app.board.load_full();
    let row = board.find(&person).map(|place| &board.rows[place]).filter(|_| !app.is_gone(&person));
    let resident = &held.resident;
    let body = html! {
        h1 { "All that is held on you" }
        p.meta { span { bdi { (resident.name.as_deref().unwrap_or(&resident.id)) } } span { (resident.id) } span { "in the book since " (time(resident.since)) } }
        section.card aria-labelledby="now" {
            h2 #now { "Now" }
            @match row {
                Some(row) => p.big-line { "Your score is " b { (points(row.score.0)) } ", rank " (grouped(u64::from(row.rank))) " of " (grouped(board.rows.len() as u64)) ". " a href=(page_of(&person)) { "Why, and how it went" } },
                None => p { "You have no published score." },
            }
            p { "Consent: " b { (resident.consent) } @if resident.minor { "; a minor, never scored" } @if resident.exclude { "; left out, and counting for nobody" } }
            (choices(resident.consent))
        }
        (accounts(&held))
        (published(&held))
        (happened(&held))
        (looks(&app, &person)?)
        section aria-labelledby="keys" {
            h2 #keys { "Keys of your own" }
            ul.plain { @for key in &held.keys { li { bdi { (key.name) } " " code { (key.id) } span.faint { " made " (time(key.made_at)) } } } }
        }
        section.card aria-labelledby="take" {
            h2 #take { "Take it with you" }
            p { "Everything on this page, and what is left out of it for length." }
            p.row {
                a.button.quiet href={ "/api/v1/people/" (super::text::encoded(&person)) "/held?format=json" } download="held.json" { "JSON" }
                a.button.quiet href={ "/api/v1/people/" (super::text::encoded(&person)) "/held?format=csv" } download="held.csv" { "CSV" }
                a.button.quiet href={ "/api/v1/people/" (super::text::encoded(&person)) "/records?format=csv" } download="records.csv" { "Every record (CSV)" }
            }
        }
        section.card.risk aria-labelledby="forget" {
            h2 #forget { "Be forgotten" }
            p { "Everything that is held on you is removed, at once in what is served, and no people file brings you back." }
            p { a.button.danger href="/me/forget" { "Forget me…" } }
        }
    };
    let frame = Frame::new("All that is held on you", Tab::Own).telling(flag::told(done.done.as_deref()));
    Ok(frame.page(Some(visitor.key()), &body))
}

fn choices(consent: Consent) -> Markup {
    let choice = |word: &str, told: &str, quiet: bool| {
        html! {
            form action="/me/said" method="post" { input type="hidden" name="word" value=(word); button.quiet[quiet] type="submit" { (told) } }
        }
    };
    html! {
        div.row {
            @if consent != Consent::Agreed { (choice("agree", "I agree to be scored", false)) }
            @if consent == Consent::Agreed { (choice("withdraw", "Take my consent back", true)) }
            @if consent != Consent::Objected { (choice("object", "Object", true)) }
        }
    }
}

fn accounts(held: &Held) -> Markup {
    let resident = &held.resident;
    html! {
        section aria-labelledby="accounts" {
            h2 #accounts { "Accounts" }
            @if resident.accounts.is_empty() { p.faint { "None." } }
            ul.plain { @for (network, id) in &resident.accounts { li { bdi { (network) ":" (id) } } } }
            @if !resident.tags.is_empty() { p { "Tags: " @for tag in &resident.tags { span.tag { bdi { (tag) } } " " } } }
            @if !resident.communities.is_empty() {
                p { "Communities: " @for community in &resident.communities { span.tag { bdi { (community) } } " " } }
            }
            p.note { "If something here is wrong, ask whoever runs this server to correct it." }
        }
    }
}

fn published(held: &Held) -> Markup {
    const SHOWN: usize = 12;
    html! {
        section aria-labelledby="published" {
            h2 #published { "What was published of you" }
            @if held.history.is_empty() { p.faint { "Nothing." } } @else {
                div.scroll { table {
                    caption { (grouped(held.history.len() as u64)) " in all, the newest first" }
                    thead { tr { th.text scope="col" { "Day" } th scope="col" { "Score" } th scope="col" { "Rank" } th scope="col" { "Coverage" } } }
                    tbody {
                        @for point in held.history.iter().rev().take(SHOWN) {
                            tr { th scope="row" { time { (point.as_of) } } td { (points(point.line.score.0)) } td { (grouped(u64::from(point.line.rank))) } td { (percent(point.line.coverage)) } }
                        }
                    }
                } }
            }
        }
    }
}

fn happened(held: &Held) -> Markup {
    html! {
        section aria-labelledby="events" {
            h2 #events { "What happened" }
            ul.plain { @for event in held.events.iter().rev() { li { time { (event.day) } " " (chart::told(event)) } } }
        }
    }
}

async fn said(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(said): Form<flag::Said>,
) -> Result<Response, Refused> {
    let person = own(&visitor)?;
    let (word, told) = match said.word.as_str() {
        "agree" => (Word::Agree, "own-agreed"),
        "withdraw" => (Word::Withdraw, "own-withdrawn"),
        "object" => (Word::Object, "own-objected"),
        _ => return Err(visitor.refused(Problem::new(Kind::BadRequest, "Agree, withdraw or object?"))),
    };
    app.say(&visitor.0, &person, word).await?;
    Ok(flag::then("/me", told))
}

async fn forget_asked(visitor: Visitor) -> Result<Response, Refused> {
    let person = own(&visitor)?;
    let body = html! {
        p.crumb { a href="/me" { "← Back" } }
        h1 { "Forget you?" }
        p.lead { "Your score, its history, your accounts, what you said and the keys of your own are removed, and this key opens nothing any more. It cannot be undone." }
        (confirmation("/me/forget", &person, "/me"))
    };
    Ok(Frame::new("Forget you?", Tab::Own).page(Some(visitor.key()), &body))
}

/// A form that is sent only with the person's id written once more.
pub(super) fn confirmation(action: &str, person: &str, back: &str) -> Markup {
    html! {
        form.stack.card.risk action=(action) method="post" {
            label for="sure" { "Write " b { bdi { (person) } } " to confirm" }
            input #sure type="text" name="sure" required autocomplete="off" autocapitalize="off" spellcheck="false";
            p.row { button.danger type="submit" { "Forget" } a.button.quiet href=(back) { "Cancel" } }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Sure {
    pub(super) sure: String,
}

async fn forgotten(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(sure): Form<Sure>,
) -> Result<Response, Refused> {
    let person = own(&visitor)?;
    if sure.sure.trim() != person {
        let why = "That is not your id: nothing was done.";
        return Err(visitor.refused(Problem::new(Kind::BadRequest, why)).back_to("/me/forget"));
    }
    app.forget(&visitor.0, &person).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
