//! Why a score is what it is, as the desk explains it.

use maud::{Markup, html};
use serde::Deserialize;

use super::text::{grouped, person};

/// An explanation, as the program prints it; what is not shown is left out.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Why {
    pub(super) score: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    scored: u64,
    floor: f64,
    accounts: Vec<Account>,
    fading: Fading,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Account {
    account: String,
    network: String,
    points: f64,
    part: f64,
    accounts_of_network: u64,
    accounts_of_like_size: u64,
    features: Vec<Feature>,
    givers: Vec<Giver>,
    other_givers: u64,
    posts: Vec<Post>,
    other_posts: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Feature {
    name: String,
    value: Option<f64>,
    percentile: Option<f64>,
    percentile_of_like: Option<f64>,
    curve: String,
    weight: f64,
    points: f64,
    part: f64,
    word: String,
    reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Giver {
    person: String,
    part: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Post {
    day: String,
    totals: std::collections::BTreeMap<String, u64>,
    part: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Fading {
    as_of: String,
    score: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Step {
    feature: String,
    value: Option<f64>,
    reach: f64,
    gain: f64,
}

impl Why {
    /// What it is made of.
    pub(super) fn parts(&self) -> Markup {
        let most = self.accounts.iter().map(|account| account.part).fold(self.floor, f64::max);
        html! {
            div.scroll { table {
                caption { "The floor and the accounts add up to the score, to the last digit." }
                thead { tr { th.text scope="col" { "Account" } th.wide scope="col" { "Points" } th scope="col" { "Part" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                tbody {
                    tr { th scope="row" { "Everybody" } td.wide {} td { (four(self.floor)) } td.chart { (bar(self.floor / most)) } }
                    @for account in &self.accounts {
                        tr {
                            th scope="row" { bdi { (account.account) } }
                            td.wide { (rounded(account.points)) }
                            td { (four(account.part)) }
                            td.chart { (bar(account.part / most)) }
                        }
                    }
                }
            } }
        }
    }

    /// Every feature of every account.
    pub(super) fn features(&self) -> Markup {
        html! {
            @for account in &self.accounts {
                details open[self.accounts.len() == 1] {
                    summary { bdi { (account.account) } span.faint { " " (four(account.part)) } }
                    (account.table())
                    (account.given())
                }
            }
        }
    }

    /// What comes, and what would move it.
    pub(super) fn outlook(&self) -> Markup {
        let most = self.steps.iter().map(|step| step.gain).fold(0.0001, f64::max);
        html! {
            p { "If nothing new comes, it is " b { (format!("{:.2}", self.fading.score)) } " as of " time { (self.fading.as_of) } "." }
            @if self.steps.is_empty() {
                p.faint { "Nothing that others freely give would move it by much." }
            } @else {
                div.scroll { table {
                    caption { "What would move it, of what others freely give" }
                    thead { tr { th.text scope="col" { "Feature" } th scope="col" { "Now" } th scope="col" { "At" } th scope="col" { "More" } th.chart scope="col" { span.hidden { "As a bar" } } } }
                    tbody {
                        @for step in &self.steps {
                            tr {
                                th scope="row" { (broken(&step.feature)) }
                                td { (step.value.map_or_else(|| "–".into(), rounded)) }
                                td { (rounded(step.reach)) }
                                td { "+" (four(step.gain)) }
                                td.chart { (bar(step.gain / most)) }
                            }
                        }
                    }
                } }
            }
        }
    }

    /// How many were scored with them.
    pub(super) fn scored(&self) -> String {
        grouped(self.scored)
    }
}

impl Account {
    fn table(&self) -> Markup {
        let mut features: Vec<&Feature> = self.features.iter().collect();
        features.sort_by(|a, b| b.part.total_cmp(&a.part).then_with(|| a.name.cmp(&b.name)));
        let (given, rest): (Vec<&Feature>, Vec<&Feature>) =
            features.into_iter().partition(|feature| feature.part > 0.0);
        let most = given.first().map_or(1.0, |feature| feature.part);
        html! {
            @if given.is_empty() { p.faint { "Nothing that counts is known of this account." } } @else {
                div.scroll { table.features {
                    caption {
                        "The features add up to the account's part. “Of all” are percentiles among the " (grouped(self.accounts_of_network))
                        " accounts of the network, “of like” among the " (grouped(self.accounts_of_like_size)) " whose points are nearest."
                    }
                    (head())
                    tbody { @for feature in given { (self.row(feature, most)) } }
                } }
            }
            @if !rest.is_empty() {
                details.inner {
                    summary { (rest.len()) " features that give nothing" }
                    div.scroll { table.features { (head()) tbody { @for feature in rest { (self.row(feature, most)) } } } }
                }
            }
        }
    }

    fn row(&self, feature: &Feature, most: f64) -> Markup {
        let of_network = feature.name.strip_prefix(&*self.network).and_then(|rest| rest.strip_prefix('.'));
        let percentile = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.1}"));
        html! {
            tr {
                th scope="row" { (broken(of_network.unwrap_or(&feature.name))) }
                td { (feature.value.map_or_else(|| "–".into(), rounded)) }
                td.wide { (percentile(feature.percentile)) }
                td.wide { (percentile(feature.percentile_of_like)) }
                td.wide.text { (feature.curve) }
                td.wide { (feature.weight) }
                td.wide { (rounded(feature.points)) }
                td { (four(feature.part)) }
                td.chart.wide { (bar(feature.part / most)) }
                td.text.wide { (feature.reason.as_ref().unwrap_or(&feature.word)) }
            }
        }
    }

    /// Who gave, and which posts.
    fn given(&self) -> Markup {
        let others = |count: u64| html! { @if count > 0 { li.faint { "and " (grouped(count)) @if count == 1 { " other" } @else { " others" } } } };
        html! {
            div.halves {
                @if !self.givers.is_empty() || self.other_givers > 0 {
                    section {
                        h3 { "Who reacted and gave most" }
                        ul.plain {
                            @for giver in &self.givers { li { (person(&giver.person)) span.faint { " " (four(giver.part)) " less without" } } }
                            (others(self.other_givers))
                        }
                    }
                }
                @if !self.posts.is_empty() || self.other_posts > 0 {
                    section {
                        h3 { "Posts that gave most" }
                        ul.plain {
                            @for post in &self.posts {
                                li {
                                    time { (post.day) } ": "
                                    (post.totals.iter().map(|(kind, amount)| format!("{kind} {}", grouped(*amount))).collect::<Vec<_>>().join(", "))
                                    span.faint { " " (four(post.part)) " less without" }
                                }
                            }
                            (others(self.other_posts))
                        }
                    }
                }
            }
        }
    }
}

/// A bar that begins at the left; `share` is of the widest one, 0 to 1.
pub(super) fn bar(share: f64) -> Markup {
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.plus x="0" y="1" width=(format!("{:.2}", 100.0 * share.clamp(0.0, 1.0))) height="8" {}
        }
    }
}

/// A bar from the middle, to the left for what is negative; `share` is of the widest one, -1 to 1.
pub(super) fn bar_both_ways(share: f64) -> Markup {
    let (x, class) = if share < 0.0 { (50.0 + 50.0 * share, "minus") } else { (50.0, "plus") };
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" {
            line.axis x1="50" y1="0" x2="50" y2="10" {}
            rect class=(class) x=(format!("{x:.2}")) y="1" width=(format!("{:.2}", 50.0 * share.abs())) height="8" {}
        }
    }
}

/// A feature's name, which a narrow column breaks between its words.
pub(super) fn broken(feature: &str) -> Markup {
    html! { @for word in feature.split_inclusive(['.', '_']) { (word) wbr; } }
}

/// As published: four decimals.
pub(super) fn four(value: f64) -> String {
    format!("{value:.4}")
}

/// Whole numbers as they are, others with four decimals.
pub(super) fn rounded(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:.4}") }
}

/// The head of the table of features.
fn head() -> Markup {
    html! {
        thead { tr {
            th.text scope="col" { "Feature" }
            th scope="col" { "Value" }
            th.wide scope="col" { "Of all" }
            th.wide scope="col" { "Of like" }
            th.wide.text scope="col" { "Curve" }
            th.wide scope="col" { "Weight" }
            th.wide scope="col" { "Points" }
            th scope="col" { "Part" }
            th.chart.wide scope="col" { span.hidden { "As a bar" } }
            th.text.wide scope="col" { "Word" }
        } }
    }
}
