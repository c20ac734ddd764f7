//! Signing in with a key, and out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{RequestPartsExt, Router};
use maud::{Markup, html};
use renown_store::book::{Key, Scope};
use serde::Deserialize;

use super::extract::{Form, Query};
use super::frame::{Frame, Tab};
use super::visitor::{Refused, Visitor};
use crate::app::{App, now};
use crate::guard::{COOKIE, cookie};
use crate::problem::{Kind, Problem};

/// How long a browser keeps the cookie: as long as it is good for something.
const SECONDS: u32 = 12 * 3600;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/sign-in", get(asked).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Given {
    key: String,
    #[serde(default)]
    next: String,
}

async fn asked(State(app): State<Arc<App>>, mut parts: Parts, Query(next): Query<Next>) -> Response {
    if let Ok(visitor) = parts.extract_with_state::<Visitor, _>(&app).await {
        return Redirect::to(&first_page(visitor.key(), &next.next)).into_response();
    }
    form(&next.next, None)
}

fn form(next: &str, wrong: Option<&str>) -> Response {
    let body = html! {
        div.sign-in {
            h1 { "Sign in" }
            p { "With the key that you were given. It begins with " code { "renown_" } "." }
            @if let Some(wrong) = wrong { p.wrong role="alert" #wrong { (wrong) } }
            form.stack action="/sign-in" method="post" {
                input type="hidden" name="next" value=(next);
                label for="key" { "Key" }
                input #key type="password" name="key" required autocomplete="current-password" autofocus spellcheck="false"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "wrong")];
                button type="submit" { "Sign in" }
            }
            (help())
        }
    };
    Frame::new("Sign in", Tab::None).page(None, &body)
}

fn help() -> Markup {
    html! {
        details {
            summary { "I have no key" }
            p { "Whoever runs this server can make one under " b { "Keys" } ". The first was printed when it was started for the first time." }
            p { "If you are scored here, ask them for a key of your own: with it you see all that is held on you, and can have it corrected or forgotten." }
        }
    }
}

async fn sign_in(State(app): State<Arc<App>>, Form(given): Form<Given>) -> Result<Response, Refused> {
    let key = match app.ring.check(given.key.trim(), now()).await {
        Ok(key) => key,
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
            let page =
                form(&given.next, Some("This is no key that holds: it may be mistyped, expired or revoked."));
            return Ok((StatusCode::UNAUTHORIZED, page).into_response());
        }
        Err(problem) => return Err(problem.into()),
    };
    app.may_ask(&key.id)?;
    let token = app.ring.sign_in(key.clone())?;
    let mut response = Redirect::to(&first_page(&key, &given.next)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, set(&app, &token, SECONDS)?);
    Ok(response)
}

/// What a browser is to keep: no script reads it, and no other site's page sends it along.
fn set(app: &App, token: &str, seconds: u32) -> Result<HeaderValue, Problem> {
    let secure = if app.speaks_tls { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Problem::new(Kind::Internal, "a session cannot be kept"))
}

async fn sign_out(State(app): State<Arc<App>>, parts: Parts) -> Result<Response, Refused> {
    if let Some(token) = cookie(&parts) {
        app.ring.sign_out(token);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, set(&app, "", 0)?);
    Ok(response)
}

/// Where somebody wanted to go, if that is here; else the first page that their key opens.
fn first_page(key: &Key, next: &str) -> String {
    // `//elsewhere` and `/\elsewhere` are addresses of other places.
    let is_here = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.starts_with("/sign-")
        && !next.contains(char::is_control);
    if is_here && next != "/" {
        return next.to_owned();
    }
    let has = |scope| key.scopes.contains(&scope) || key.scopes.contains(&Scope::Admin);
    match () {
        () if has(Scope::Read) => "/".into(),
        () if key.scopes.contains(&Scope::OwnSelf) => "/me".into(),
        () => "/data".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use renown_core::record::Timestamp;
    use renown_store::book::Purpose;

    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        let key = |scope| Key {
            id: "a".into(),
            name: "a".into(),
            purpose: Purpose::Research,
            scopes: BTreeSet::from([scope]),
            person: None,
            made_at: Timestamp::MIN,
            expires: None,
            revoked_at: None,
        };
        let read = key(Scope::Read);
        assert_eq!(first_page(&read, "/tune?x=1"), "/tune?x=1");
        for elsewhere in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/sign-out", "/a\r\nb", "x"]
        {
            assert_eq!(first_page(&read, elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(first_page(&key(Scope::OwnSelf), ""), "/me");
        assert_eq!(first_page(&key(Scope::Ingest), ""), "/data");
    }
}
