//! An explanation as a page.

use std::io::{self, Write};

use maud::{Markup, html};
use renown_core::curve::Score;
use renown_core::details::{AccountDetails, Details};
use renown_core::explain::{AccountExplanation, Explanation, FeatureExplanation};

use super::explained::{
    by_part, compared, fading, firmness, givers, headline, meaning, percentile, posts, rounded, step, word,
};
use super::moved::Head;
use super::page::{self, bar_of, name_of};
use super::{decimal, shown};
use crate::pipeline::Run;

/// Writes the page.
pub(super) fn write(
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let steps: Vec<String> = details.steps.iter().map(step).collect();
    let body = html! {
        h1 { (shown(&explanation.person, false)) }
        p.big { (decimal(explanation.score.0, 2)) }
        (scale(explanation.score, details))
        p { (firmness(details)) }
        p.note { (Head::new(run.as_of, &run.by).told()) }
        h2 { "What it is made of" }
        (parts(explanation))
        @for (account, more) in explanation.accounts.iter().zip(&details.accounts) {
            h2 { (shown(&account.account, false)) }
            (features(account, more))
            (folded("Who reacted and gave most", &givers(more)))
            (folded("Posts that gave most", &posts(more)))
        }
        h2 { "What comes" }
        p { (fading(details)) }
        @if !steps.is_empty() {
            p { "What would move it, of what others freely give:" }
            ul { @for step in &steps { li { (step) } } }
        }
        p.note {
            "The interval says how much the score depends on who happened to react; coverage, how much of what the rules ask for was \
             there. This number alone should decide nothing about anybody."
        }
    };
    page::write(&headline(explanation), &body, out)
}

/// The score on the way from 1 to 100, and the interval around it.
fn scale(score: Score, details: &Details) -> Markup {
    let at = |score: Score| format!("{:.2}", (score.value() - 1.0) / 99.0 * 100.0);
    let (low, high) = (details.interval.low, details.interval.high);
    let width = format!("{:.2}", (high.value() - low.value()) / 99.0 * 100.0);
    let label =
        format!("{score:.2} on a scale from 1 to 100, between {low:.2} and {high:.2} in nine cases of ten");
    html! {
        svg.scale role="img" aria-label=(label) viewBox="0 0 100 20" preserveAspectRatio="none" {
            line.axis x1="0" y1="10" x2="100" y2="10" {}
            @for tick in [0, 25, 50, 75, 100] { line.axis x1=(tick) y1="6" x2=(tick) y2="14" {} }
            rect.band x=(at(low)) y="5" width=(width) height="10" {}
            line.mark x1=(at(score)) y1="2" x2=(at(score)) y2="18" {}
        }
    }
}

/// The floor and the accounts.
fn parts(explanation: &Explanation) -> Markup {
    let most = explanation.accounts.iter().map(|account| account.part).max().unwrap_or(0).max(10_000);
    let share = |part: u32| f64::from(part) / f64::from(most);
    html! {
        div.scroll { table {
            caption { "The floor and the accounts add up to the score, to the last digit." }
            thead { tr { th.text scope="col" { "account" } th.wide scope="col" { "points" } th scope="col" { "part" } th scope="col" {} } }
            tbody {
                tr { th scope="row" { "everybody" } td.wide {} td { "1.0000" } td.chart { (bar_of(share(10_000))) } }
                @for account in &explanation.accounts {
                    tr {
                        th scope="row" { (shown(&account.account, false)) }
                        td.wide { (rounded(account.points)) }
                        td { (decimal(account.part, 4)) }
                        td.chart { (bar_of(share(account.part))) }
                    }
                }
            }
        } }
    }
}

fn features(account: &AccountExplanation, more: &AccountDetails) -> Markup {
    let most = account.features.iter().map(|feature| feature.part).max().unwrap_or(0).max(1);
    html! {
        div.scroll { table.features {
            caption { "The features add up to the account's part. " (compared(more)) "." }
            thead { tr {
                th.text scope="col" { "feature" }
                th scope="col" { "value" }
                th.wide scope="col" { "of all" }
                th.wide scope="col" { "of like" }
                th.wide.text scope="col" { "curve" }
                th.wide scope="col" { "weight" }
                th.wide scope="col" { "points" }
                th scope="col" { "part" }
                th.chart scope="col" {}
                th.text scope="col" { "word" }
            } }
            tbody {
                @for index in by_part(account) {
                    @let feature = &account.features[index];
                    tr {
                        th scope="row" title=(meaning(feature)) { (name_of(name(feature, account))) }
                        td { (feature.value.map_or_else(|| "-".into(), rounded)) }
                        td.wide { (percentile(more.against.among_all[index].as_ref())) }
                        td.wide { (percentile(more.against.among_like[index].as_ref())) }
                        td.wide.text { (feature.curve) }
                        td.wide { (feature.weight) }
                        td.wide { (rounded(feature.points)) }
                        td { (decimal(feature.part, 4)) }
                        td.chart { (bar_of(f64::from(feature.part) / f64::from(most))) }
                        td.text { (word(more, index)) }
                    }
                }
            }
        } }
    }
}

/// Its name without the network, which the heading has.
fn name<'f>(feature: &'f FeatureExplanation, account: &AccountExplanation) -> &'f str {
    let of_network = feature.name.strip_prefix(account.network.as_str());
    of_network.and_then(|rest| rest.strip_prefix('.')).unwrap_or(&feature.name)
}

fn folded(title: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            details { summary { (title) } ul { @for line in lines { li { (line) } } } }
        }
    }
}
