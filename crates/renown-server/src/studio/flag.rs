//! What is told after something was done: the page that follows is asked for with a word for it.

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// The word, as it stands in an address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    pub(super) done: Option<String>,
}

/// What somebody says of their consent, as a form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) word: String,
}

/// All words, and what they tell. Nothing else that is in an address reaches a page as if the studio said it.
const TOLD: [(&str, &str); 12] = [
    ("invited", "Invited. They are scored once they agree."),
    ("agreed", "Noted: they agreed to be scored, from the next scoring on."),
    ("withdrawn", "Noted: they took their consent back, and are out of everything that is served."),
    ("objected", "Noted: they said no, and are out of everything that is served."),
    ("corrected", "Corrected."),
    ("forgotten", "Forgotten: nothing is held on them any more."),
    ("revoked", "Revoked: the key opens nothing any more."),
    ("published", "Published: these weights are in force from the next scoring on."),
    ("scored", "Scored and published."),
    ("own-withdrawn", "You are not scored any more, and nobody is shown your score."),
    ("own-objected", "Noted: you said no. Nobody is shown your score."),
    ("own-agreed", "You agreed to be scored, from the next scoring on."),
];

/// What a word tells.
pub(super) fn told(word: Option<&str>) -> Option<&'static str> {
    TOLD.iter().find(|known| Some(known.0) == word).map(|known| known.1)
}

/// The page that follows what was done.
pub(super) fn then(page: &str, word: &'static str) -> Response {
    Redirect::to(&format!("{page}?done={word}")).into_response()
}
