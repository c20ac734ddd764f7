//! People and consent: who is known, what they said to being scored, and what follows from it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use renown_store::book::{Consent, Correction, Resident, Scope};
use serde::Deserialize;

use super::chart;
use super::extract::{Form, Path, Query};
use super::flag;
use super::frame::{Frame, Tab};
use super::own::{Sure, confirmation};
use super::person::looks;
use super::text::{encoded, page_of, time};
use super::visitor::{Refused, Visitor};
use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::rights::Word;

/// How many people a page has.
const PAGE: usize = 50;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/consent", get(list).post(invite))
        .route("/consent/{person}", get(record).post(correct))
        .route("/consent/{person}/said", post(said))
        .route("/consent/{person}/forget", get(forget_asked).post(forgotten))
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    consent: String,
    after: Option<String>,
    done: Option<String>,
}

async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let consent = Consent::ALL.into_iter().find(|consent| consent.name() == asked.consent);
    let mut people = app.book.browse(asked.after.as_deref(), consent, asked.q.trim(), PAGE + 1)?;
    let has_more = people.len() > PAGE;
    people.truncate(PAGE);
    let is_filtered = consent.is_some() || !asked.q.trim().is_empty();
    let body = html! {
        h1 { "People and consent" }
        p.lead { "Only who agreed is scored. Bystanders are not here, and nowhere else." }
        form.filters action="/consent" method="get" role="search" aria-label="Find people in the book" {
            div.field.grow { label for="q" { "Search" } input #q type="search" name="q" value=(asked.q) placeholder="Part of an id or a name" autocomplete="off" spellcheck="false"; }
            div.field {
                label for="consent" { "Consent" }
                select #consent name="consent" {
                    option value="" { "Any" }
                    @for known in Consent::ALL { option value=(known.name()) selected[Some(known) == consent] { (known.name()) } }
                }
            }
            div.field.end { button type="submit" { "Find" } @if is_filtered { a.button.quiet href="/consent" { "Clear" } } }
        }
        @if people.is_empty() {
            div.empty {
                h2 { @if is_filtered { "Nobody like that" } @else { "Nobody is in the book yet" } }
                p { "Invite somebody below, or start the server with " code { "--people FILE" } "." }
            }
        } @else {
            (table(&people))
            nav.pages aria-label="Pages" {
                @if asked.after.is_some() { a.button.quiet href="/consent" { "First" } }
                @if let Some(last) = people.last().filter(|_| has_more) {
                    a.button rel="next" href={ "/consent?after=" (encoded(&last.id)) "&q=" (encoded(&asked.q)) "&consent=" (encoded(&asked.consent)) } { "Next" }
                }
            }
        }
        (invitation())
    };
    let frame = Frame::new("People and consent", Tab::People).telling(flag::told(asked.done.as_deref()));
    Ok(frame.page(Some(visitor.key()), &body))
}

fn table(people: &[Resident]) -> Markup {
    html! {
        div.scroll { table {
            caption.hidden { "People in the book" }
            thead { tr { th.text scope="col" { "Person" } th.text scope="col" { "Consent" } th.text.wide scope="col" { "Accounts" } th.text.wide scope="col" { "Tags" } th.text.wide scope="col" { "Since" } } }
            tbody {
                @for person in people {
                    tr {
                        th scope="row" {
                            a.person href={ "/consent/" (encoded(&person.id)) } { bdi { (person.name.as_deref().unwrap_or(&person.id)) } }
                            @if person.name.is_some() { " " span.faint { bdi { (person.id) } } }
                        }
                        td.text { (standing(person)) }
                        td.text.wide { @for (place, (network, id)) in person.accounts.iter().enumerate() { @if place > 0 { ", " } bdi { (network) ":" (id) } } }
                        td.text.wide { @for tag in &person.tags { span.tag { bdi { (tag) } } " " } }
                        td.text.wide { (time(person.since)) }
                    }
                }
            }
        } }
    }
}

/// What they said, and what else keeps them from being scored.
fn standing(person: &Resident) -> Markup {
    html! {
        span class={ "chip " (person.consent.name()) } { (person.consent) }
        @if person.minor { " " span.chip.objected { "minor" } }
        @if person.exclude { " " span.chip.objected { "left out" } }
    }
}

fn invitation() -> Markup {
    html! {
        section.card aria-labelledby="invite" {
            h2 #invite { "Invite somebody" }
            form.stack action="/consent" method="post" {
                div.fields {
                    div.field.grow { label for="id" { "Id" } input #id type="text" name="id" required maxlength="200" autocomplete="off" spellcheck="false" placeholder="mara-lind"; }
                    div.field.grow { label for="name" { "Name, if known" } input #name type="text" name="name" maxlength="200" autocomplete="off"; }
                }
                div.field { label for="accounts" { "Accounts, one a line" } textarea #accounts.code name="accounts" rows="3" spellcheck="false" placeholder="twitter:12345\nfacebook:@mara.lind" {} }
                p.row { button type="submit" { "Invite" } }
            }
        }
    }
}

/// Accounts as they are written, one a line.
fn accounts_of(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let parts = line.split_once(':').map(|(network, id)| (network.trim(), id.trim()));
            let parts = parts.filter(|(network, id)| !network.is_empty() && !id.is_empty());
            let (network, id) = parts.ok_or_else(|| {
                Problem::new(
                    Kind::Unprocessable,
                    format!("“{line}” is no account: write network:id, as in twitter:12345"),
                )
            })?;
            Ok((network.to_lowercase(), id.to_owned()))
        })
        .collect()
}

#[derive(Debug, Deserialize)]
struct Invited {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    accounts: String,
}

async fn invite(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(invited): Form<Invited>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let refused = |problem| visitor.refused(problem).back_to("/consent");
    let accounts = accounts_of(&invited.accounts).map_err(refused)?;
    let name = Some(invited.name.trim()).filter(|name| !name.is_empty());
    app.book
        .invite(invited.id.trim(), name, &accounts, &visitor.by())
        .map_err(|error| visitor.refused(Refused::from(error).problem).back_to("/consent"))?;
    app.people_changed()?;
    app.desk.people_changed();
    Ok(flag::then(&format!("/consent/{}", encoded(invited.id.trim())), "invited"))
}

async fn record(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
    Query(done): Query<flag::Done>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let held = app.book.held_on(&person)?.ok_or_else(|| nobody(&visitor))?;
    let resident = &held.resident;
    let own = format!("/consent/{}", encoded(&resident.id));
    let is_shown = app.board.load().find(&person).is_some() && !app.is_gone(&person);
    let body = html! {
        p.crumb { a href="/consent" { "← People" } }
        h1 { bdi { (resident.name.as_deref().unwrap_or(&resident.id)) } }
        p.meta {
            span { bdi { (resident.id) } }
            span { (standing(resident)) }
            span { "since " (time(resident.since)) }
            @if is_shown { a href=(page_of(&resident.id)) { "Score" } }
        }
        section.card aria-labelledby="consent" {
            h2 #consent { "Consent" }
            p { (meaning(resident)) }
            div.row {
                @if resident.consent != Consent::Agreed { (word(&own, "agree", "They agreed", false)) }
                @if resident.consent == Consent::Agreed { (word(&own, "withdraw", "They withdrew", true)) }
                @if resident.consent != Consent::Objected { (word(&own, "object", "They object", true)) }
            }
        }
        (correction(&own, resident))
        section aria-labelledby="events" {
            h2 #events { "What happened" }
            ul.plain { @for event in held.events.iter().rev() { li { time { (event.day) } " " (chart::told(event)) } } }
        }
        (looks(&app, &resident.id)?)
        section.card.risk aria-labelledby="forget" {
            h2 #forget { "Forget" }
            p { "Removes all that is held on them: records, history, accounts and keys. It cannot be undone." }
            p { a.button.danger href={ (own) "/forget" } { "Forget…" } }
        }
    };
    let title = format!("{}: consent", resident.id);
    let frame = Frame::new(&title, Tab::People).telling(flag::told(done.done.as_deref()));
    Ok(frame.page(Some(visitor.key()), &body))
}

fn nobody(visitor: &Visitor) -> Refused {
    visitor.refused(Problem::new(Kind::NotFound, "Nobody of this id is in the book.")).back_to("/consent")
}

fn meaning(resident: &Resident) -> &'static str {
    match resident.consent {
        _ if resident.minor => "A minor is never scored, whatever was said.",
        _ if resident.exclude => "Left out: not scored, and what they do counts for nobody.",
        Consent::Invited => "They were asked and have not answered: they are not scored.",
        Consent::Agreed => "They agreed to be scored.",
        Consent::Withdrawn => {
            "They agreed and took it back: they are not scored, and nobody is shown what was published."
        }
        Consent::Objected => "They said no: they are not scored, and nobody is shown what was published.",
    }
}

fn word(own: &str, word: &str, told: &str, is_quiet: bool) -> Markup {
    html! { form action={ (own) "/said" } method="post" { input type="hidden" name="word" value=(word); button.quiet[is_quiet] type="submit" { (told) } } }
}

fn correction(own: &str, resident: &Resident) -> Markup {
    let accounts: Vec<String> =
        resident.accounts.iter().map(|(network, id)| format!("{network}:{id}")).collect();
    html! {
        section.card aria-labelledby="correct" {
            h2 #correct { "Correct" }
            form.stack action=(own) method="post" {
                div.fields {
                    div.field.grow { label for="name" { "Name" } input #name type="text" name="name" value=(resident.name.as_deref().unwrap_or_default()) maxlength="200" autocomplete="off"; }
                    div.field.grow { label for="tags" { "Tags, with commas between" } input #tags type="text" name="tags" value=(resident.tags.join(", ")) autocomplete="off"; }
                }
                div.field { label for="accounts" { "Accounts, one a line" } textarea #accounts.code name="accounts" rows=(accounts.len().clamp(2, 8)) spellcheck="false" { "\n" (accounts.join("\n")) } }
                div.row {
                    label.choice { input type="checkbox" name="minor" value="1" checked[resident.minor]; "A minor" }
                    label.choice { input type="checkbox" name="exclude" value="1" checked[resident.exclude]; "Left out" }
                }
                p.row { button type="submit" { "Correct" } }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Corrected {
    #[serde(default)]
    name: String,
    #[serde(default)]
    tags: String,
    #[serde(default)]
    accounts: String,
    minor: Option<String>,
    exclude: Option<String>,
}

async fn correct(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
    Form(corrected): Form<Corrected>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let resident = app.book.resident(&person)?.ok_or_else(|| nobody(&visitor))?;
    let accounts =
        accounts_of(&corrected.accounts).map_err(|problem| visitor.refused(problem).back_to("/consent"))?;
    let tags: Vec<String> =
        (corrected.tags.split(',').map(str::trim)).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    let (minor, exclude) = (corrected.minor.is_some(), corrected.exclude.is_some());
    let name = corrected.name.trim().to_owned();
    // Only what is otherwise is corrected: the rest stays what people files say.
    let correction = Correction {
        name: (name != resident.name.clone().unwrap_or_default()).then_some(name),
        accounts: (accounts != resident.accounts).then_some(accounts),
        tags: (tags != resident.tags).then_some(tags),
        minor: (minor != resident.minor).then_some(minor),
        exclude: (exclude != resident.exclude).then_some(exclude),
    };
    if correction != Correction::default() {
        let done = app.correct(&visitor.0, &person, correction).await;
        done.map_err(|problem| visitor.refused(problem).back_to("/consent"))?;
    }
    Ok(flag::then(&format!("/consent/{}", encoded(&person)), "corrected"))
}

async fn said(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
    Form(said): Form<flag::Said>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let (word, told) = match said.word.as_str() {
        "agree" => (Word::Agree, "agreed"),
        "withdraw" => (Word::Withdraw, "withdrawn"),
        "object" => (Word::Object, "objected"),
        _ => return Err(visitor.refused(Problem::new(Kind::BadRequest, "Agreed, withdrew or objected?"))),
    };
    app.say(&visitor.0, &person, word).await?;
    Ok(flag::then(&format!("/consent/{}", encoded(&person)), told))
}

async fn forget_asked(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let resident = app.book.resident(&person)?.ok_or_else(|| nobody(&visitor))?;
    let own = format!("/consent/{}", encoded(&resident.id));
    let body = html! {
        p.crumb { a href=(own) { "← " bdi { (resident.id) } } }
        h1 { "Forget " bdi { (resident.id) } "?" }
        p.lead { "Their score, its history, accounts, records and keys are removed, and no people file brings them back. It cannot be undone." }
        (confirmation(&format!("{own}/forget"), &resident.id, &own))
    };
    Ok(Frame::new("Forget somebody?", Tab::People).page(Some(visitor.key()), &body))
}

async fn forgotten(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(person): Path<String>,
    Form(sure): Form<Sure>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    if sure.sure.trim() != person {
        let why = "That is not the person's id: nothing was done.";
        return Err(visitor.refused(Problem::new(Kind::BadRequest, why)).back_to("/consent"));
    }
    app.forget(&visitor.0, &person).await?;
    Ok(flag::then("/consent", "forgotten"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_line_by_line() {
        let pair = |network: &str, id: &str| (network.to_owned(), id.to_owned());
        let found = accounts_of("Twitter: 12 \r\n\n facebook:@mara.lind\nyoutube:UC:1").unwrap();
        assert_eq!(found, [pair("twitter", "12"), pair("facebook", "@mara.lind"), pair("youtube", "UC:1")]);
        for wrong in ["twitter", ":12", "twitter:"] {
            assert!(accounts_of(wrong).unwrap_err().detail().contains("network:id"), "{wrong}");
        }
    }
}
