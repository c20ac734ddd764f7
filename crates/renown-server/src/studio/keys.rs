//! Keys: who has one, and for what; made here, shown once, revoked here.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use renown_core::record::Timestamp;
use renown_store::book::{Key, Purpose, Scope};
use serde::Deserialize;

use super::extract::{Form, Query};
use super::flag;
use super::frame::{Frame, Tab};
use super::text::{encoded, time};
use super::visitor::{Refused, Visitor};
use crate::app::{App, now};
use crate::keys::{self, NewKey};
use crate::problem::{Kind, Problem};

/// The longest time that a new key is good for, in days.
const LONGEST: u32 = 3650;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/keys", get(page).post(make)).route("/keys/revoke", post(revoke))
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(done): Query<flag::Done>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let body = html! {
        h1 { "Keys" }
        p.lead { "Nobody is answered without one. What it is for is noted with every look-up, and whoever is looked up can read that." }
        (table(&app.book.keys()?, &visitor.key().id))
        p { a href="/audit" { "What was done with them: the audit" } }
        (form(&New::default(), None))
    };
    let frame = Frame::new("Keys", Tab::Keys).telling(flag::told(done.done.as_deref()));
    Ok(frame.page(Some(visitor.key()), &body))
}

fn table(all: &[Key], own: &str) -> Markup {
    let now = now();
    html! {
        div.scroll { table {
            caption.hidden { "Keys" }
            thead { tr { th.text scope="col" { "Name" } th.text scope="col" { "For" } th.text scope="col" { "May" } th.text.wide scope="col" { "Made" } th.text scope="col" { "Until" } th scope="col" { span.hidden { "Revoke" } } } }
            tbody {
                @for key in all.iter().rev() {
                    tr .gone[!key.is_valid(now)] {
                        th scope="row" {
                            bdi { (key.name) } " " @if key.id == own { span.chip.agreed { "yours" } " " } code.faint { (key.id) }
                            @if let Some(person) = &key.person { " " a href={ "/consent/" (encoded(person)) } { bdi { (person) } } }
                        }
                        td.text.words { (key.purpose.name()) }
                        td.text.words { (key.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", ")) }
                        td.text.wide { (time(key.made_at)) }
                        td.text {
                            @if let Some(at) = key.revoked_at { "revoked " (time(at)) }
                            @else if let Some(at) = key.expires { @if key.is_valid(now) { (time(at)) } @else { "expired " (time(at)) } }
                            @else { span.faint { "no end" } }
                        }
                        td {
                            @if key.revoked_at.is_none() {
                                form action="/keys/revoke" method="post" data-confirm={ "Revoke “" (key.name) "”? Whoever uses it is refused from now on." } {
                                    input type="hidden" name="id" value=(key.id);
                                    button.quiet.small.danger type="submit" { "Revoke" span.hidden { " " (key.name) } }
                                }
                            }
                        }
                    }
                }
            }
        } }
    }
}

#[derive(Clone, Debug, Default)]
struct New {
    name: String,
    purpose: String,
    scopes: Vec<String>,
    person: String,
    days: String,
}

impl New {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut new = Self::default();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            match name.as_str() {
                "name" => new.name = value,
                "purpose" => new.purpose = value,
                "scope" => new.scopes.push(value),
                "person" => new.person = value,
                "days" => new.days = value,
                _ => {}
            }
        }
        new
    }

    /// What is to be made, or what is wrong with it.
    fn checked(&self) -> Result<NewKey, String> {
        let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.name() == self.purpose);
        let purpose = purpose.ok_or("Say what the key is for: research, marketing, or somebody's own.")?;
        let scopes: BTreeSet<Scope> = Scope::ALL
            .into_iter()
            .filter(|scope| self.scopes.iter().any(|name| name == scope.name()))
            .collect();
        if scopes.is_empty() {
            return Err("Choose what the key may.".into());
        }
        if self.name.is_empty() || self.name.chars().count() > 100 || self.name.chars().any(char::is_control)
        {
            return Err("Give the key a name of up to 100 characters: whoever is looked up reads it.".into());
        }
        if scopes.contains(&Scope::OwnSelf) == self.person.is_empty() {
            return Err(
                "Somebody's own key needs the scope “self” and the person whose it is; others have neither."
                    .into(),
            );
        }
        let expires = match self.days.parse::<u32>() {
            _ if self.days.is_empty() => None,
            Ok(days @ 1..=LONGEST) => {
                Timestamp::from_micros(now().micros() + i64::from(days) * 86_400_000_000)
            }
            _ => return Err(format!("The days are a whole number from 1 to {LONGEST}.")),
        };
        let person = Some(self.person.clone()).filter(|person| !person.is_empty());
        Ok(NewKey { name: self.name.clone(), purpose, scopes, person, expires })
    }
}

fn form(new: &New, wrong: Option<&str>) -> Markup {
    let has = |scope: Scope| new.scopes.iter().any(|name| name == scope.name());
    let scope = |scope: Scope, told: &str| {
        html! {
            label.choice { input type="checkbox" name="scope" value=(scope.name()) checked[has(scope)]; span { b { (scope.name()) } " " (told) } }
        }
    };
    html! {
        section.card aria-labelledby="new" {
            h2 #new { "A new key" }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            form.stack action="/keys" method="post" {
                div.fields {
                    div.field.grow { label for="name" { "Whose it is" } input #name type="text" name="name" value=(new.name) required maxlength="100" autocomplete="off"; }
                    div.field {
                        label for="purpose" { "What for" }
                        select #purpose name="purpose" required {
                            @for purpose in Purpose::ALL { option value=(purpose.name()) selected[new.purpose == purpose.name()] { (purpose.name()) } }
                        }
                    }
                    div.field { label for="days" { "Good for days" } input #days type="number" name="days" value=(new.days) min="1" max=(LONGEST) placeholder="no end" inputmode="numeric"; }
                }
                fieldset.choices {
                    legend { "What it may" }
                    (scope(Scope::Read, "look people up"))
                    (scope(Scope::Ingest, "bring exports in"))
                    (scope(Scope::OwnSelf, "see and change what is held on one person"))
                    (scope(Scope::Admin, "everything"))
                }
                div.field { label for="person" { "Person, of somebody's own key" } input #person type="text" name="person" value=(new.person) autocomplete="off" spellcheck="false"; }
                p.note { "Scores must not be used to decide about jobs or credit: there is no key for that." }
                p.row { button type="submit" { "Make the key" } }
            }
        }
    }
}

async fn make(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let new = New::of(pairs);
    let wrong = |why: &str| {
        let body =
            html! { p.crumb { a href="/keys" { "← Keys" } } h1 { "A new key" } (form(&new, Some(why))) };
        let page = Frame::new("A new key", Tab::Keys).page(Some(visitor.key()), &body);
        (axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    };
    let checked = match new.checked() {
        Ok(checked) => checked,
        Err(why) => return Ok(wrong(&why)),
    };
    let made = tokio::task::spawn_blocking(move || keys::make(checked, now())).await;
    let made = made.map_err(|_| {
        Problem::new(Kind::Internal, "this is a fault of renown; the server's log says where")
    })??;
    if let Err(error) = app.book.add_key(&made.key, &made.hash, &visitor.by()) {
        let refused = Refused::from(error);
        if refused.problem.status().is_client_error() {
            return Ok(wrong(refused.problem.detail()));
        }
        return Err(refused);
    }
    app.ring.changed(&made.key.id);
    let body = html! {
        p.crumb { a href="/keys" { "← Keys" } }
        h1 { "The new key of " bdi { (made.key.name) } }
        p.notice { "This is the only time that it is shown: the book keeps a hash of it. Copy it now." }
        p.secret { code #secret { (made.text) } button.small type="button" data-copy="secret" hidden { "Copy" } }
        p { a.button.quiet href="/keys" { "I have it" } }
    };
    Ok(Frame::new("The new key", Tab::Keys).page(Some(visitor.key()), &body))
}

#[derive(Debug, Deserialize)]
struct Whose {
    id: String,
}

async fn revoke(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(whose): Form<Whose>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    app.book.revoke(&whose.id, &visitor.by())?;
    app.ring.changed(&whose.id);
    Ok(flag::then("/keys", "revoked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_checked_before_it_is_made() {
        let new = New {
            name: "Team".into(),
            purpose: "marketing".into(),
            scopes: vec!["read".into(), "everything".into()],
            ..New::default()
        };
        let checked = new.checked().unwrap();
        assert_eq!((checked.purpose, checked.scopes), (Purpose::Marketing, BTreeSet::from([Scope::Read])));
        for wrong in [
            New { purpose: "employment".into(), ..new.clone() },
            New { scopes: vec![], ..new.clone() },
            New { name: "a\nb".into(), ..new.clone() },
            New { person: "mara-lind".into(), ..new.clone() },
            New { scopes: vec!["self".into()], ..new.clone() },
            New { days: "0".into(), ..new.clone() },
            New { days: "99999999999".into(), ..new.clone() },
        ] {
            assert!(wrong.checked().is_err(), "{wrong:?}");
        }
    }
}
