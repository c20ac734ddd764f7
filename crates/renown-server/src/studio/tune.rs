//! Tuning: weights as sliders beside their file, and at once who would move.
//!
//! Everything goes through the file's text. A slider is a value set in it ([`crate::Desk::edit`]), so that its comments stay, and the
//! order is always that of the text that one sees. Without a script the same form is sent as a whole, and comes back as a page.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use renown_store::book::Scope;
use serde::{Deserialize, Serialize};
use similar::TextDiff;

use super::extract::{Form, Query};
use super::flag;
use super::frame::{Frame, Tab};
use super::order;
use super::visitor::{Refused, Visitor};
use crate::answer::json;
use crate::api::at_the_desk;
use crate::app::App;
use crate::desk::{Desk, Knob, Knobs, Reranked, Trouble};
use crate::problem::{Kind, Problem};

/// How many of the new order are shown, and how many of those who would move most.
const FIRST: usize = 25;
const MOVERS: usize = 10;
/// How many of those who would move most are shown before weights are published.
const REVIEWED: usize = 25;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/tune", get(page).post(tried))
        .route("/tune/live", post(live))
        .route("/tune/checked", post(checked))
        .route("/tune/review", post(review))
        .route("/tune/publish", post(publish))
}

/// What the form sends: the text; the text that its sliders were made from; and the sliders, each as `knob:` and its path.
#[derive(Clone, Debug, Default)]
struct Sent {
    toml: String,
    base: Option<String>,
    sets: Vec<String>,
    knobs: Vec<(String, f64)>,
    scale: Vec<f64>,
    memo: String,
}

impl Sent {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                // Browsers send other ends of lines than files have.
                "toml" => sent.toml = value.replace("\r\n", "\n"),
                "base" => sent.base = Some(value.replace("\r\n", "\n")),
                "set" => sent.sets.push(value),
                "scale" => sent.scale.extend(value.trim().parse::<f64>()),
                "memo" => value.trim().clone_into(&mut sent.memo),
                name => {
                    if let (Some(path), Ok(value)) = (name.strip_prefix("knob:"), value.parse()) {
                        sent.knobs.push((path.to_owned(), value));
                    }
                }
            }
        }
        sent
    }

    /// The text with everything set in it that was turned.
    fn text(&self, desk: &dyn Desk) -> Result<String, Trouble> {
        let mut sets = self.sets.clone();
        if let Some(base) = &self.base {
            let was = desk.knobs(base)?;
            sets.extend(self.knobs.iter().filter_map(|(path, value)| {
                let knob = was.numbers.iter().find(|knob| knob.path == *path)?;
                // A slider stands at a whole step: less than half of one is not turned.
                ((knob.value - value).abs() > knob.step / 2.0 + 1e-9).then(|| format!("{path}={value}"))
            }));
            let knots: Vec<[f64; 2]> = self.scale.chunks_exact(2).map(|knot| [knot[0], knot[1]]).collect();
            if !knots.is_empty() && knots != was.scale {
                sets.push(format!("scale.knots={knots:?}"));
            }
        }
        if sets.is_empty() { Ok(self.toml.clone()) } else { desk.edit(&self.toml, &sets) }
    }
}

async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(done): Query<flag::Done>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Read)?;
    let desk = app.desk.clone();
    let found = at_the_desk(move || {
        let toml = desk.weights()?.toml;
        Ok((desk.knobs(&toml)?, desk.rerank(&toml, FIRST, MOVERS)?, toml))
    });
    let (knobs, found, toml) = found.await.map_err(|problem| visitor.refused(problem))?;
    let studio =
        Bench { in_force: &toml, toml: &toml, knobs: &knobs, found: Ok(&found), checks: None, memo: "" };
    Ok(studio.page(&visitor, flag::told(done.done.as_deref())))
}

/// The same page after the form was sent, for who has no script.
async fn tried(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Read)?;
    let is_checked = pairs.iter().any(|(name, _)| name == "check");
    let sent = Sent::of(pairs);
    let desk = app.desk.clone();
    let done = at_the_desk(move || {
        let in_force = desk.weights()?.toml;
        let text = sent.text(&*desk);
        let toml = text.as_ref().unwrap_or(&sent.toml).clone();
        // Sliders of a text that is none are those of the weights in force.
        let knobs = desk.knobs(&toml).or_else(|_| desk.knobs(&in_force))?;
        let found = text.and_then(|text| desk.rerank(&text, FIRST, MOVERS));
        let checks = (is_checked && found.is_ok()).then(|| checks(&*desk, &toml)).transpose()?;
        Ok((in_force, toml, knobs, found, checks, sent.memo))
    });
    let (in_force, toml, knobs, found, checks, memo) =
        done.await.map_err(|problem| visitor.refused(problem))?;
    let bench = Bench {
        in_force: &in_force,
        toml: &toml,
        knobs: &knobs,
        found: found.as_ref(),
        checks: checks.as_ref(),
        memo: &memo,
    };
    Ok(bench.page(&visitor, None))
}

/// What the page's script is told whenever something was turned or typed.
#[derive(Serialize)]
struct Live {
    /// The text with what was turned.
    toml: String,
    /// All sliders as they stand then.
    knobs: BTreeMap<String, f64>,
    scale: Vec<[f64; 2]>,
    /// The order, movers and moves, ready to show.
    order: String,
    /// The text against that in force.
    diff: String,
}

async fn live(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.0.must(Scope::Read)?;
    let sent = Sent::of(pairs);
    let desk = app.desk.clone();
    let live = at_the_desk(move || {
        let toml = sent.text(&*desk)?;
        let found = desk.rerank(&toml, FIRST, MOVERS)?;
        let knobs = desk.knobs(&toml)?;
        let in_force = desk.weights()?.toml;
        Ok(Live {
            order: order::all(&found).into_string(),
            diff: diff(&in_force, &toml).into_string(),
            knobs: knobs.numbers.into_iter().map(|knob| (knob.path, knob.value)).collect(),
            scale: knobs.scale,
            toml,
        })
    });
    Ok(json(&live.await?))
}

/// Lint and attacks, which take longer than an order.
async fn checked(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.0.must(Scope::Read)?;
    let sent = Sent::of(pairs);
    let desk = app.desk.clone();
    let shown = at_the_desk(move || {
        let toml = sent.text(&*desk)?;
        Ok(checks(&*desk, &toml)?.shown())
    });
    Ok(Html(shown.await?.into_string()).into_response())
}

/// What publishing would do, before it is done.
async fn review(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let sent = Sent::of(pairs);
    let memo = sent.memo.clone();
    let desk = app.desk.clone();
    let done = at_the_desk(move || {
        let in_force = desk.weights()?.toml;
        let toml = sent.text(&*desk)?;
        let found = desk.rerank(&toml, 0, REVIEWED)?;
        let checks = checks(&*desk, &toml)?;
        Ok((in_force, toml, found, checks))
    });
    let (in_force, toml, found, checks) =
        done.await.map_err(|problem| visitor.refused(problem).back_to("/tune"))?;
    let body = html! {
        p.crumb { a href="/tune" { "← Tune" } }
        h1 { "Publish these weights?" }
        p.lead { "They are in force from the next scoring on. What was published before stays as it was said; charts show that the ruler changed, and why." }
        @if in_force == toml { p.notice { "These are the weights in force: there is nothing to publish." } }
        (order::summary(&found))
        h2 { "Who moves" }
        div.halves {
            section { (order::moves(&found)) }
            section { (order::movers(&found.movers)) }
        }
        section { h2 { "What is otherwise" } (diff(&in_force, &toml)) }
        section { h2 { "Checks" } (checks.shown()) }
        form.stack.card action="/tune/publish" method="post" {
            input type="hidden" name="toml" value=(toml);
            label for="memo" { "Why" }
            input #memo type="text" name="memo" value=(memo) required maxlength="300" placeholder="Shown on every chart, beside the day of the change";
            p.row {
                button type="submit" disabled[in_force == toml] { "Publish" }
                a.button.quiet href="/tune" { "Cancel" }
            }
        }
    };
    Ok(Frame::new("Publish these weights?", Tab::Tune).page(Some(visitor.key()), &body))
}

async fn publish(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    visitor.must(Scope::Admin)?;
    let sent = Sent::of(pairs);
    if sent.memo.is_empty() {
        let why = "Say why: the memo stands on every chart beside the day of the change.";
        return Err(visitor.refused(Problem::new(Kind::Unprocessable, why)).back_to("/tune"));
    }
    let (desk, by) = (app.desk.clone(), visitor.by());
    let done = at_the_desk(move || desk.publish_weights(&sent.toml, &sent.memo, &by));
    done.await.map_err(|problem| visitor.refused(problem).back_to("/tune"))?;
    Ok(flag::then("/tune", "published"))
}

/// Everything on the page.
struct Bench<'a> {
    in_force: &'a str,
    toml: &'a str,
    knobs: &'a Knobs,
    found: Result<&'a Reranked, &'a Trouble>,
    checks: Option<&'a Checks>,
    memo: &'a str,
}

impl Bench<'_> {
    fn page(&self, visitor: &Visitor, told: Option<&'static str>) -> Response {
        let body = html! {
            h1 { "Tune" }
            p.lead { "Turn a weight, or write in the file: the order follows. Nothing is published until you say so." }
            form #tune action="/tune" method="post" {
                input type="hidden" name="base" value=(self.toml);
                div.bench {
                    section.pane aria-labelledby="weights" {
                        h2 #weights { "Weights" }
                        (self.sliders())
                    }
                    section.pane aria-labelledby="file" {
                        div.pane-head { h2 #file { "The file" } button.quiet.small type="button" data-copy="toml" hidden { "Copy" } }
                        label.hidden for="toml" { "Weights as TOML" }
                        textarea #toml.code name="toml" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" rows="24" aria-describedby="slip" { "\n" (self.toml) }
                        p #slip.wrong role="alert" hidden[self.found.is_ok()] { @if let Err(trouble) = self.found { (trouble) } }
                        details #diff-box open[self.toml != self.in_force] {
                            summary { "Against the weights in force" }
                            button.quiet.small type="button" data-copy="diff" hidden { "Copy the diff" }
                            div #diff { (diff(self.in_force, self.toml)) }
                        }
                    }
                    section.pane #result aria-labelledby="outcome" aria-live="polite" aria-busy="false" {
                        div.pane-head { h2 #outcome { "What comes of it" } span #pulse.faint {} }
                        div #order { @if let Ok(found) = self.found { (order::all(found)) } @else { p.faint { "No order, until the file is mended." } } }
                    }
                }
                section aria-labelledby="checks-title" {
                    div.pane-head { h2 #checks-title { "Checks" } button.quiet type="submit" name="check" value="1" #check { "Lint and attacks" } }
                    div #checks aria-live="polite" {
                        @match self.checks { Some(checks) => (checks.shown()), None => p.faint { "What is most likely not meant, and what bought followers would bring." } }
                    }
                }
                div.bar-of-buttons {
                    button.quiet type="submit" #try { "Try" }
                    a.button.quiet href="/tune" { "Start over" }
                    @if visitor.may(Scope::Admin) {
                        label.grow { span.hidden { "Why" } input type="text" name="memo" value=(self.memo) maxlength="300" placeholder="Why these weights?"; }
                        button type="submit" formaction="/tune/review" { "Review and publish" }
                    }
                }
            }
        };
        Frame::new("Tune", Tab::Tune)
            .wide()
            .with_script("tune.js")
            .telling(told)
            .page(Some(visitor.key()), &body)
    }

    /// Sliders, by what they are of.
    fn sliders(&self) -> Markup {
        let numbers: Vec<Slider<'_>> =
            self.knobs.numbers.iter().enumerate().map(|(place, knob)| Slider::new(place, knob)).collect();
        let (everywhere, of_networks): (Vec<_>, Vec<_>) =
            numbers.into_iter().partition(|slider| slider.network.is_none());
        html! {
            fieldset { legend { "Everywhere" } @for slider in &everywhere { (slider.shown()) } }
            @for (index, sliders) in of_networks.chunk_by(|a, b| a.network == b.network).enumerate() {
                @let network = sliders[0].network.as_deref().unwrap_or_default();
                details open[index == 0 && network != "*"] {
                    summary { (if network == "*" { "Any other network" } else { network }) }
                    fieldset {
                        legend.hidden { (network) }
                        @for slider in sliders.iter().filter(|slider| slider.knob.value > 0.0) { (slider.shown()) }
                        @if sliders.iter().any(|slider| slider.knob.value <= 0.0) {
                            details.inner {
                                summary { "Shown, not counted" }
                                @for slider in sliders.iter().filter(|slider| slider.knob.value <= 0.0) { (slider.shown()) }
                            }
                        }
                    }
                }
            }
            (self.scale())
        }
    }

    /// The scale, as a curve and its knots.
    fn scale(&self) -> Markup {
        let last = self.knobs.scale.last().map_or(1.0, |knot| knot[0]).max(1e-9);
        let line: Vec<String> = (self.knobs.scale.iter())
            .map(|[x, y]| format!("{:.2},{:.2}", x / last * 100.0, 60.0 - y * 58.0))
            .collect();
        html! {
            details {
                summary { "Scale" }
                p.note { "From points to the score: the share of the way from 1 to 100. Each further point is to be harder." }
                svg.curve role="img" aria-label="The scale as a curve" viewBox="0 0 100 62" preserveAspectRatio="none" {
                    @for y in [2, 31, 60] { line.axis x1="0" x2="100" y1=(y) y2=(y) {} }
                    polyline.line #scale-line points=(line.join(" ")) {}
                }
                table.knots {
                    thead { tr { th scope="col" { "Points" } th scope="col" { "Share" } } }
                    tbody {
                        @for (number, [x, y]) in (1..).zip(&self.knobs.scale) {
                            tr {
                                td { input type="number" name="scale" step="any" min="0" value=(x) aria-label={ "Points of knot " (number) } data-knot; }
                                td { input type="number" name="scale" step="any" min="0" max="1" value=(y) aria-label={ "Share of knot " (number) } data-knot; }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A knob as it is shown.
struct Slider<'a> {
    place: usize,
    knob: &'a Knob,
    network: Option<String>,
    name: String,
}

impl<'a> Slider<'a> {
    fn new(place: usize, knob: &'a Knob) -> Self {
        let Some(rest) = knob.path.strip_prefix("networks.\"") else {
            let name = match knob.path.as_str() {
                "combine.power" => "Power of combining networks",
                "time.half_life_days" => "Half-life, in days",
                "per_post.exponent" => "Exponent of posts",
                "standing.floor" => "Floor of standing",
                other => other,
            };
            return Self { place, knob, network: None, name: name.to_owned() };
        };
        let (network, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let feature =
            rest.strip_prefix(".features.\"").and_then(|rest| rest.rsplit_once('"')).map(|found| found.0);
        let name = feature.map_or_else(|| "The network as a whole".to_owned(), str::to_owned);
        Self { place, knob, network: Some(network.to_owned()), name }
    }

    fn shown(&self) -> Markup {
        let Knob { path, value, low, high, step } = self.knob;
        let id = format!("knob-{}", self.place);
        html! {
            div.slider {
                label for=(id) { (self.name) }
                output for=(id) { (value) }
                input id=(id) type="range" name={ "knob:" (path) } min=(low) max=(high) step=(step) value=(value) data-knob=(path);
            }
        }
    }
}

/// What is to be copied or published, line by line.
fn diff(in_force: &str, toml: &str) -> Markup {
    if in_force == toml {
        return html! { p.faint { "No line differs." } };
    }
    let diff = TextDiff::from_lines(in_force, toml);
    let text = diff.unified_diff().context_radius(1).header("in force", "tried").to_string();
    html! {
        pre.diff tabindex="0" aria-label="Lines that differ" {
            @for line in text.lines() {
                @let class = match line.as_bytes().first() { Some(b'+') => "added", Some(b'-') => "removed", Some(b'@') => "place", _ => "same" };
                span class=(class) { (line) "\n" }
            }
        }
    }
}

/// What checks of a weights file found.
struct Checks {
    lint: Lint,
    attacks: Attacks,
}

#[derive(Deserialize)]
struct Lint {
    findings: Vec<Finding>,
    allowed: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    at: String,
    line: Option<u64>,
    reason: String,
    cure: Option<String>,
    allowed: Option<String>,
}

#[derive(Deserialize)]
struct Attacks {
    networks: Vec<OnNetwork>,
    kept: bool,
}

#[derive(Deserialize)]
struct OnNetwork {
    network: String,
    before: Vec<Option<f64>>,
    attacks: Vec<Attack>,
}

#[derive(Deserialize)]
struct Attack {
    name: String,
    docs: Option<String>,
    dollars: f64,
    by: Vec<By>,
}

#[derive(Deserialize)]
struct By {
    score: Option<f64>,
    budget: Option<f64>,
    kept: bool,
}

fn checks(desk: &dyn Desk, toml: &str) -> Result<Checks, Trouble> {
    fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
        serde_json::from_slice(bytes).map_err(|error| Trouble::Failed(error.to_string()))
    }
    Ok(Checks { lint: read(&desk.lint(toml)?)?, attacks: read(&desk.attack(toml)?)? })
}

impl Checks {
    fn shown(&self) -> Markup {
        html! { div.halves { section { (self.lint.shown()) } section { (self.attacks.shown()) } } }
    }
}

impl Lint {
    fn shown(&self) -> Markup {
        html! {
            h3 { "Lint: " (self.findings.len()) " to mend" }
            @if self.findings.is_empty() { p.good { "Nothing that is most likely not meant." } }
            ul.findings {
                @for finding in self.findings.iter().take(SHOWN) {
                    li {
                        b { (finding.code) } " at " code { (finding.at) }
                        @if let Some(line) = finding.line { span.faint { ", line " (line) } }
                        p { (finding.reason) }
                        @if let Some(cure) = &finding.cure { p.faint { (cure) } }
                    }
                }
            }
            @if self.findings.len() > SHOWN { p.faint { "and " (self.findings.len() - SHOWN) " more" } }
            @if !self.allowed.is_empty() {
                details.inner {
                    summary { (self.allowed.len()) " allowed in the file" }
                    ul.findings { @for finding in &self.allowed { li { b { (finding.code) } " at " code { (finding.at) } p { (finding.reason) } @if let Some(why) = &finding.allowed { p.faint { "Allowed, since: " (why) } } } } }
                }
            }
        }
    }
}

/// How many findings are shown.
const SHOWN: usize = 12;

impl Attacks {
    fn shown(&self) -> Markup {
        html! {
            h3 { "Attacks: " @if self.kept { "every budget is kept" } @else { "over budget" } }
            p.note { "What each would bring somebody invented, in points." }
            @for network in &self.networks {
                @let before = network.before.first().copied().flatten();
                div.scroll { table {
                    caption { (network.network) @if let Some(before) = before { ", from " (format!("{before:.2}")) } }
                    thead { tr { th.text scope="col" { "Attack" } th scope="col" { "Dollars" } th scope="col" { "Brings" } th scope="col" { "Budget" } } }
                    tbody {
                        @for attack in &network.attacks {
                            @let by = attack.by.first();
                            @let gain = by.and_then(|by| by.score).zip(before).map(|(after, before)| after - before);
                            tr {
                                th scope="row" title=[attack.docs.as_deref()] { (attack.name) }
                                td { (format!("{:.2}", attack.dollars)) }
                                td { (gain.map_or_else(|| "–".into(), |gain| format!("{gain:+.2}"))) }
                                td {
                                    @match by.and_then(|by| by.budget) {
                                        Some(budget) if by.is_some_and(|by| !by.kept) => span.down { "over " (budget) },
                                        Some(budget) => span.up { "within " (budget) },
                                        None => span.faint { "–" },
                                    }
                                }
                            }
                        }
                    }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_sends_is_read() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = Sent::of(vec![
            pair("toml", "a = 1\r\nb = 2\r\n"),
            pair("knob:combine.power", "3.5"),
            pair("knob:time.half_life_days", "much"),
            pair("set", "a=2"),
            pair("memo", "  why not "),
            pair("scale", "0"),
            pair("scale", "1"),
        ]);
        assert_eq!(sent.toml, "a = 1\nb = 2\n");
        assert_eq!(sent.knobs, [("combine.power".to_owned(), 3.5)]);
        assert_eq!(
            (sent.sets, sent.memo.as_str(), sent.scale),
            (vec!["a=2".to_owned()], "why not", vec![0.0, 1.0])
        );
    }

    #[test]
    fn lines_that_differ_are_marked() {
        let shown = diff("a = 1\nb = 2\n", "a = 1\nb = 3 # <b>\n").into_string();
        assert!(shown.contains("<span class=\"removed\">-b = 2\n</span>"), "{shown}");
        assert!(shown.contains("<span class=\"added\">+b = 3 # &lt;b&gt;\n</span>"), "{shown}");
        assert!(diff("a", "a").into_string().contains("No line differs"));
    }

    #[test]
    fn a_knob_is_called_by_what_it_is_of() {
        let knob = |path: &str| Knob { path: path.into(), value: 1.0, low: 0.0, high: 2.0, step: 0.01 };
        let of = knob("networks.\"twitter\".features.\"repost.actors\".weight");
        let slider = Slider::new(0, &of);
        assert_eq!((slider.network.as_deref(), slider.name.as_str()), (Some("twitter"), "repost.actors"));
        let of = knob("networks.\"*\".weight");
        assert_eq!(Slider::new(0, &of).network.as_deref(), Some("*"));
        let of = knob("combine.power");
        assert_eq!(Slider::new(0, &of).network, None);
    }
}
