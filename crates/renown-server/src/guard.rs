//! Who is asking: a key in a header, or somebody who signed in to the studio.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use renown_store::book::{AuditEntry, By, Key, Scope};

use crate::app::{App, now};
use crate::problem::{Kind, Problem};

/// The cookie of those who signed in.
pub(crate) const COOKIE: &str = "renown_session";

/// What a request is called in logs and in the audit.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// Who asks. A handler that takes it is only reached with a key that holds and that asks no more often than it may.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Arc<Key>, pub(crate) Option<RequestId>);

impl Caller {
    /// That the key has a scope.
    pub(crate) fn must(&self, scope: Scope) -> Result<(), Problem> {
        if self.0.scopes.contains(&scope) || self.0.scopes.contains(&Scope::Admin) {
            return Ok(());
        }
        let why = format!("this needs a key with the scope `{}`", scope.name());
        Err(Problem::new(Kind::Forbidden, why))
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.0.scopes.contains(&Scope::Admin)
    }

    /// That the key is a person's own, or may do everything.
    pub(crate) fn must_be(&self, person: &str) -> Result<(), Problem> {
        if self.is_admin() || self.is_own(person) {
            return Ok(());
        }
        let why = "this needs the person's own key (scope `self`), or one with the scope `admin`";
        Err(Problem::new(Kind::Forbidden, why))
    }

    /// Whether the key is a person's own.
    pub(crate) fn is_own(&self, person: &str) -> bool {
        self.0.scopes.contains(&Scope::OwnSelf) && self.0.person.as_deref() == Some(person)
    }

    /// Whether the key sees nobody but its own person.
    pub(crate) fn is_alone(&self) -> bool {
        !self.is_admin() && !self.0.scopes.contains(&Scope::Read)
    }

    /// What the audit says of something that the caller did now.
    pub(crate) fn did(&self, action: &str, person: Option<&str>, outcome: &str) -> AuditEntry {
        let By { at, key, request_id, purpose } = self.by();
        let (action, person, outcome) = (action.to_owned(), person.map(str::to_owned), outcome.to_owned());
        AuditEntry { at, key, request_id, action, person, purpose, outcome }
    }

    /// As what the book writes down what the caller does, now.
    pub(crate) fn by(&self) -> By {
        By {
            at: now(),
            key: Some(self.0.id.clone()),
            request_id: self.1.as_ref().map(|id| id.0.to_string()),
            purpose: Some(self.0.purpose),
        }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let now = now();
        let key = match (in_header(parts), cookie(parts)) {
            (Some(text), _) => app.ring.check(&text, now).await?,
            (None, Some(token)) => app.ring.signed_in(token, now).ok_or_else(signed_out)?,
            (None, None) => app.ring.check("", now).await?,
        };
        app.may_ask(&key.id)?;
        Ok(Self(key, parts.extensions.get().cloned()))
    }
}

/// The value of a parameter in the query, decoded.
pub(crate) fn query_value(uri: &axum::http::Uri, name: &str) -> Option<String> {
    let pairs: axum::extract::Query<Vec<(String, String)>> = axum::extract::Query::try_from_uri(uri).ok()?;
    pairs.0.into_iter().find(|pair| pair.0 == name).map(|pair| pair.1)
}

fn signed_out() -> Problem {
    Problem::new(Kind::Unauthorized, "you are signed out: sign in again with your key")
}

fn in_header(parts: &Parts) -> Option<String> {
    let text = |name| parts.headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if let Some(bearer) = text(header::AUTHORIZATION).and_then(|text| text.split_once(' ')) {
        return bearer.0.eq_ignore_ascii_case("bearer").then(|| bearer.1.trim().to_owned());
    }
    text(header::HeaderName::from_static("x-api-key")).map(str::to_owned)
}

/// What the cookie of the studio holds.
pub(crate) fn cookie(parts: &Parts) -> Option<&str> {
    let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}
