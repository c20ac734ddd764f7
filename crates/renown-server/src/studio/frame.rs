//! What all pages of the studio have: the head, the way to the other pages, the foot.

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use renown_store::book::{Key, Scope};

use super::assets::VERSION;

/// Where in the studio a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Board,
    Tune,
    Compare,
    Data,
    People,
    Keys,
    Own,
    None,
}

/// A page, but for what is on it.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    title: &'a str,
    tab: Tab,
    is_wide: bool,
    script: Option<&'static str>,
    told: Option<&'static str>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(title: &'a str, tab: Tab) -> Self {
        Self { title, tab, is_wide: false, script: None, told: None }
    }

    /// Over the whole width of a window.
    pub(super) fn wide(self) -> Self {
        Self { is_wide: true, ..self }
    }

    /// With a script of its own.
    pub(super) fn with_script(self, script: &'static str) -> Self {
        Self { script: Some(script), ..self }
    }

    /// With what was just done at the top.
    pub(super) fn telling(self, told: Option<&'static str>) -> Self {
        Self { told, ..self }
    }

    /// The whole page, as somebody with a key sees it, or somebody without.
    pub(super) fn page(&self, key: Option<&Key>, body: &Markup) -> Response {
        let version = VERSION.as_str();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Renown" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href={ "/studio/studio.css?v=" (version) };
                    script src={ "/studio/studio.js?v=" (version) } defer {}
                    @if let Some(script) = self.script { script src={ "/studio/" (script) "?v=" (version) } defer {} }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.top { div.inside {
                        a.brand href="/" { (mark()) "Renown" }
                        @if let Some(key) = key {
                            (self.ways(key))
                            form.out action="/sign-out" method="post" {
                                span.who title="The key that you signed in with" { (key.name) }
                                button.quiet type="submit" { "Sign out" }
                            }
                        }
                    } }
                    main #main tabindex="-1" .wide[self.is_wide] {
                        @if let Some(told) = self.told { p.told role="status" { (told) } }
                        (body)
                    }
                    footer.foot { div.inside {
                        p { "A score is an estimate of how much people react to somebody, and nothing else. Do not use it to decide about jobs, credit or access." }
                    } }
                }
            }
        };
        let kept = HeaderValue::from_static("no-store");
        ([(header::CACHE_CONTROL, kept)], Html(page.into_string())).into_response()
    }

    /// The pages that a key opens.
    fn ways(&self, key: &Key) -> Markup {
        let has = |scope| key.scopes.contains(&scope) || key.scopes.contains(&Scope::Admin);
        let is_own = key.scopes.contains(&Scope::OwnSelf) && key.person.is_some();
        let all = [
            (Tab::Own, "Me", "/me", is_own),
            (Tab::Board, "Leaderboard", "/", has(Scope::Read)),
            (Tab::Tune, "Tune", "/tune", has(Scope::Read)),
            (Tab::Compare, "Compare", "/compare", has(Scope::Read)),
            (Tab::Data, "Data", "/data", has(Scope::Read) || has(Scope::Ingest)),
            (Tab::People, "People", "/consent", has(Scope::Admin)),
            (Tab::Keys, "Keys", "/keys", has(Scope::Admin)),
        ];
        html! {
            nav aria-label="Studio" { ul {
                @for (tab, name, href, _) in all.into_iter().filter(|way| way.3) {
                    li { a href=(href) aria-current=[(tab == self.tab).then_some("page")] { (name) } }
                }
            } }
        }
    }
}

/// The mark of the house: three bars that rise.
fn mark() -> Markup {
    html! {
        svg.mark-of-house aria-hidden="true" viewBox="0 0 20 20" width="20" height="20" {
            rect x="1" y="11" width="4.5" height="8" rx="1.2" opacity=".45" {}
            rect x="7.75" y="6.5" width="4.5" height="12.5" rx="1.2" opacity=".7" {}
            rect x="14.5" y="1" width="4.5" height="18" rx="1.2" {}
        }
    }
}
