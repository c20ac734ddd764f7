//! The same people by several rulers, side by side.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use renown_store::book::Scope;
use serde::Deserialize;

use super::extract::Query;
use super::frame::{Frame, Tab};
use super::text::person;
use super::visitor::{Refused, Visitor};
use crate::api::at_the_desk;
use crate::app::App;
use crate::problem::{Kind, Problem};

/// How many people are shown.
const SHOWN: usize = 50;
/// How many rulers stand side by side on a page that can be read.
const MOST: usize = 4;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/compare", get(page))
}

/// A comparison, as the program prints it.
#[derive(Debug, Deserialize)]
struct Compared {
    rulers: Vec<Ruler>,
    people: Vec<Row>,
    depends_on_ruler: Vec<String>,
    agreements: Vec<Agreement>,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Ruler {
    name: String,
    ruler: String,
    scale: String,
}

#[derive(Debug, Deserialize)]
struct Row {
    person: String,
    under: Vec<Option<Under>>,
    spread: u64,
}

#[derive(Debug, Deserialize)]
struct Under {
    score: f64,
    rank: u64,
}

#[derive(Debug, Deserialize)]
struct Agreement {
    rulers: [String; 2],
    tau_b: Option<f64>,
    first: First,
}

#[derive(Debug, Deserialize)]
struct First {
    both: u64,
    of: u64,
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Read)?;
    let bundled = app.desk.bundled();
    let asked: Vec<String> =
        pairs.into_iter().filter(|(name, _)| name == "ruler").map(|(_, value)| value).collect();
    let chosen: Vec<&str> =
        bundled.iter().copied().filter(|name| asked.iter().any(|asked| asked == name)).collect();
    if chosen.len() > MOST {
        let why = format!("Choose up to {MOST}: more are not read side by side.");
        return Err(visitor.refused(Problem::new(Kind::BadRequest, why)).back_to("/compare"));
    }
    let found = if chosen.is_empty() {
        None
    } else {
        let (desk, names) = (app.desk.clone(), chosen.iter().map(ToString::to_string).collect::<Vec<_>>());
        let bytes = at_the_desk(move || desk.compare(&names))
            .await
            .map_err(|problem| visitor.refused(problem).back_to("/compare"))?;
        let found: Compared = serde_json::from_slice(&bytes)
            .map_err(|error| visitor.refused(Problem::new(Kind::Internal, error.to_string())))?;
        Some(found)
    };
    let body = html! {
        h1 { "Compare rulers" }
        p.lead { "The same people by the weights in force and by models of others' scores. Scores of different rulers are no measure of each other; ranks can be compared." }
        form.filters action="/compare" method="get" {
            fieldset.choices {
                legend { "Beside the ruler in force (up to " (MOST) ")" }
                @for name in &bundled {
                    label.choice { input type="checkbox" name="ruler" value=(name) checked[chosen.contains(name)]; (name) }
                }
            }
            div.field.end { button type="submit" { "Compare" } }
        }
        @match &found {
            Some(found) => (found.shown()),
            None => div.empty { h2 { "Choose a ruler" } p { "Each is a weights file that comes with the program: “klout-2012” is Klout's public rules, “tweepcred” Twitter's own." } },
        }
    };
    Ok(Frame::new("Compare rulers", Tab::Compare).wide().page(Some(visitor.key()), &body))
}

impl Compared {
    fn shown(&self) -> Markup {
        let dependent = self.people.iter().filter(|row| self.depends_on_ruler.contains(&row.person));
        html! {
            section aria-labelledby="agree" {
                h2 #agree { "How far they agree" }
                div.scroll { table {
                    thead { tr { th.text scope="col" { "Ruler" } th.text scope="col" { "and" } th scope="col" { abbr title="Kendall's tau-b: 1 if the order is the same, 0 if it has nothing to do with it" { "tau-b" } } th scope="col" { "First, in both" } } }
                    tbody {
                        @for agreement in &self.agreements {
                            tr {
                                th.words scope="row" { (agreement.rulers[0]) }
                                td.text.words { (agreement.rulers[1]) }
                                td { (agreement.tau_b.map_or_else(|| "–".into(), |tau| format!("{tau:.4}"))) }
                                td { (agreement.first.both) " of " (agreement.first.of) }
                            }
                        }
                    }
                } }
            }
            @if !self.depends_on_ruler.is_empty() {
                section aria-labelledby="depend" {
                    h2 #depend { "Who depends on the ruler" }
                    (self.table("Those who depend on the ruler", dependent))
                }
            }
            section aria-labelledby="order" {
                h2 #order { "The first " (self.people.len().min(SHOWN)) }
                (self.table("People by several rulers", self.people.iter().take(SHOWN)))
            }
            section aria-labelledby="rulers" {
                h2 #rulers { "Rulers" }
                ul.plain { @for ruler in &self.rulers { li { b { (ruler.name) } " " code { (ruler.ruler) } span.faint { " scale " (ruler.scale) } } } }
            }
        }
    }

    fn table<'r>(&self, label: &str, rows: impl Iterator<Item = &'r Row>) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label=(label) { table.compared {
                thead {
                    tr {
                        th.text scope="col" rowspan="2" { "Person" }
                        @for ruler in &self.rulers { th.group scope="colgroup" colspan="2" { (ruler.name) } }
                        th scope="col" rowspan="2" { "Spread" }
                    }
                    tr { @for _ in &self.rulers { th scope="col" { "Rank" } th scope="col" { "Score" } } }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { (person(&row.person)) }
                            @for under in &row.under {
                                @match under {
                                    Some(under) => { td.rank { (under.rank) } td { (format!("{:.2}", under.score)) } },
                                    None => { td.faint { "–" } td.faint { "–" } },
                                }
                            }
                            td { (row.spread) }
                        }
                    }
                }
            } }
        }
    }
}
