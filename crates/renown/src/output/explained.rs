//! Explanations: every feature's value, place, curve, weight, points and part, adding up to the score; and what stands behind them.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use renown_core::details::{AccountDetails, Details, Giver, PostGift, Step};
use renown_core::explain::{AccountExplanation, Explanation, FeatureExplanation};
use renown_core::population::Position;
use renown_core::stat::STATS;
use serde_json::{Value, json};

use super::json::{exact, stamp};
use super::moved::Head;
use super::{decimal, shown};
use crate::pipeline::Run;
use crate::summary::grouped;

/// Aligned columns for a terminal.
pub(super) fn table(
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    write(run, explanation, details, out, false)
}

/// Markdown.
pub(super) fn markdown(
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    write(run, explanation, details, out, true)
}

fn write(
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
    is_markdown: bool,
) -> io::Result<()> {
    writeln!(out, "{}", headline(explanation))?;
    writeln!(out, "{}", firmness(details))?;
    writeln!(out, "{}\n", Head::new(run.as_of, &run.by).told())?;
    let mut table = Table::new();
    table.load_style(if is_markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
    table.set_header([
        "feature", "value", "of all", "of like", "curve", "weight", "points", "part", "word", "meaning",
    ]);
    for (index, column) in table.column_iter_mut().enumerate() {
        if (1..8).contains(&index) && index != 4 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !is_markdown {
            column.set_padding((0, 2));
        }
    }
    let mut floor = [""; 10];
    (floor[0], floor[7], floor[9]) = ("everybody", "1.0000", "the floor of the scale");
    table.add_row(floor);
    for (account, more) in explanation.accounts.iter().zip(&details.accounts) {
        let mut head = [const { String::new() }; 10];
        head[0] = shown(&account.account, is_markdown);
        head[6] = rounded(account.points);
        head[7] = decimal(account.part, 4);
        head[9] = "of which:".into();
        table.add_row(head);
        for index in by_part(account) {
            table.add_row(cells(&account.features[index], more, index, is_markdown));
        }
    }
    writeln!(out, "{}", table.trim_fmt())?;
    let sum: u32 = 10_000 + explanation.accounts.iter().map(|account| account.part).sum::<u32>();
    writeln!(out, "\nThe floor and the accounts' parts add up to {}.", decimal(sum, 4))?;
    for (account, more) in explanation.accounts.iter().zip(&details.accounts) {
        writeln!(out, "\n{}: {}", shown(&account.account, is_markdown), compared(more))?;
        listed(out, "Who reacted and gave most", &givers(more), is_markdown)?;
        listed(out, "Posts that gave most", &posts(more), is_markdown)?;
    }
    writeln!(out, "\n{}", fading(details))?;
    listed(out, "What would move it", &details.steps.iter().map(step).collect::<Vec<_>>(), is_markdown)
}

fn listed(out: &mut (dyn Write + Send), title: &str, lines: &[String], is_markdown: bool) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let (after, mark) = if is_markdown { (":\n", "- ") } else { (":", "  ") };
    writeln!(out, "{title}{after}")?;
    lines.iter().try_for_each(|line| writeln!(out, "{mark}{line}"))
}

/// Who, and how much.
pub(super) fn headline(explanation: &Explanation) -> String {
    format!("{} scores {}", shown(&explanation.person, false), explanation.score)
}

/// How firm the score is, and where it stands.
pub(super) fn firmness(details: &Details) -> String {
    let (low, high) = (details.interval.low, details.interval.high);
    let coverage = decimal(details.coverage, 2);
    let place = details.position.percentile().map_or_else(String::new, |percentile| {
        format!("; percentile {} of {} scored", decimal(percentile, 1), details.position.of)
    });
    format!("{low:.2} to {high:.2} in nine cases of ten, coverage {coverage}{place}")
}

/// Against whom an account's features stand.
pub(super) fn compared(more: &AccountDetails) -> String {
    format!(
        "\"of all\" are percentiles among the {} accounts of the network, \"of like\" among the {} whose points are nearest",
        more.against.accounts, more.against.like
    )
}

/// Who gave the most, in words.
pub(super) fn givers(more: &AccountDetails) -> Vec<String> {
    let told =
        |giver: &Giver| format!("{}: {} less without", shown(&giver.person, false), decimal(giver.part, 4));
    with_others(more.givers.iter().map(told).collect(), more.other_givers)
}

/// Which posts gave the most, in words.
pub(super) fn posts(more: &AccountDetails) -> Vec<String> {
    let told = |post: &PostGift| {
        let totals: Vec<String> =
            post.totals.iter().map(|(kind, amount)| format!("{kind} {amount}")).collect();
        format!("{}: {}: {} less without", post.day, totals.join(", "), decimal(post.part, 4))
    };
    with_others(more.posts.iter().map(told).collect(), more.other_posts)
}

fn with_others(mut lines: Vec<String>, others: u64) -> Vec<String> {
    match others {
        0 => {}
        1 => lines.push("and 1 other".into()),
        others => lines.push(format!("and {} others", grouped(others))),
    }
    lines
}

/// What is left if nothing new comes.
pub(super) fn fading(details: &Details) -> String {
    let (day, score) = details.fading;
    format!("If nothing new comes, it is {score:.2} as of {day}.")
}

/// A step, in words.
pub(super) fn step(step: &Step) -> String {
    let value = step.value.map_or_else(|| "not known".into(), rounded);
    let Step { feature, reach, gain, .. } = step;
    format!("{feature} from {value} to {}: {} more", rounded(*reach), decimal(*gain, 4))
}

/// Places of the features, the largest part first, then by name.
pub(super) fn by_part(account: &AccountExplanation) -> Vec<usize> {
    let mut order: Vec<usize> = (0..account.features.len()).collect();
    let feature = |index: usize| &account.features[index];
    order.sort_by(|&a, &b| {
        let (a, b) = (feature(a), feature(b));
        b.part.cmp(&a.part).then_with(|| a.name.cmp(&b.name))
    });
    order
}

fn cells(
    feature: &FeatureExplanation,
    more: &AccountDetails,
    index: usize,
    is_markdown: bool,
) -> [String; 10] {
    [
        format!("  {}", shown(&feature.name, is_markdown)),
        feature.value.map_or_else(|| "-".into(), rounded),
        percentile(more.against.among_all[index].as_ref()),
        percentile(more.against.among_like[index].as_ref()),
        feature.curve.clone(),
        feature.weight.to_string(),
        rounded(feature.points),
        decimal(feature.part, 4),
        word(more, index),
        meaning(feature),
    ]
}

/// The word, or the reason why there is nothing.
pub(super) fn word(more: &AccountDetails, index: usize) -> String {
    more.reasons[index].map_or_else(|| more.words[index].to_string(), |reason| reason.to_string())
}

/// As `94.7`, or a dash.
pub(super) fn percentile(position: Option<&Position>) -> String {
    position.and_then(Position::percentile).map_or_else(|| "-".into(), |percentile| decimal(percentile, 1))
}

/// What the stat at the end of a feature's name means.
pub(super) fn meaning(feature: &FeatureExplanation) -> String {
    let stat = feature.name.rsplit('.').next().unwrap_or_default();
    STATS
        .iter()
        .find(|(_, name, _)| *name == stat)
        .map_or_else(String::new, |(_, _, meaning)| (*meaning).to_owned())
}

/// Whole numbers as they are, others with four decimals.
pub(super) fn rounded(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:.4}") }
}

/// One JSON document.
pub(super) fn json(
    run: &Run,
    explanation: &Explanation,
    details: &Details,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let accounts: Vec<Value> =
        explanation.accounts.iter().zip(&details.accounts).map(|(of, more)| account(of, more)).collect();
    let (day, fading) = details.fading;
    let steps: Vec<Value> = details
        .steps
        .iter()
        .map(|step| {
            json!({ "feature": step.feature, "value": step.value, "reach": step.reach, "gain": exact(step.gain) })
        })
        .collect();
    let mut document = stamp(run);
    document.insert("person".into(), json!(explanation.person));
    document.insert("score".into(), exact(explanation.score.0));
    document.insert("low".into(), exact(details.interval.low.0));
    document.insert("high".into(), exact(details.interval.high.0));
    document.insert("coverage".into(), exact(details.coverage));
    document.insert("percentile".into(), json!(details.position.percentile().map(exact)));
    document.insert("scored".into(), json!(details.position.of));
    document.insert("floor".into(), exact(10_000));
    document.insert("accounts".into(), json!(accounts));
    document.insert("fading".into(), json!({ "as_of": day.to_string(), "score": exact(fading.0) }));
    document.insert("steps".into(), json!(steps));
    writeln!(out, "{:#}", Value::Object(document))
}

fn account(account: &AccountExplanation, more: &AccountDetails) -> Value {
    let percentile = |position: &Option<Position>| {
        position.as_ref().and_then(Position::percentile).map_or(Value::Null, exact)
    };
    let features: Vec<Value> = account
        .features
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            json!({
                "name": feature.name,
                "value": feature.value,
                "percentile": percentile(&more.against.among_all[index]),
                "percentile_of_like": percentile(&more.against.among_like[index]),
                "curve": feature.curve,
                "curved": feature.curved,
                "weight": feature.weight,
                "points": feature.points,
                "part": exact(feature.part),
                "word": more.words[index].to_string(),
                "reason": more.reasons[index].map(|reason| reason.to_string()),
            })
        })
        .collect();
    let givers: Vec<Value> = (more.givers.iter())
        .map(|giver| json!({ "person": giver.person, "part": exact(giver.part) }))
        .collect();
    let posts: Vec<Value> = more
        .posts
        .iter()
        .map(|post| {
            let totals: serde_json::Map<String, Value> =
                post.totals.iter().map(|(kind, amount)| (kind.clone(), json!(amount))).collect();
            json!({ "day": post.day.to_string(), "totals": totals, "part": exact(post.part) })
        })
        .collect();
    json!({
        "account": account.account,
        "network": account.network,
        "points": account.points,
        "part": exact(account.part),
        "accounts_of_network": more.against.accounts,
        "accounts_of_like_size": more.against.like,
        "features": features,
        "givers": givers,
        "other_givers": more.other_givers,
        "posts": posts,
        "other_posts": more.other_posts,
    })
}
