//! What a check of a weights file found, for people and as JSON.

use std::io::{self, Write};

use renown_weights::{Finding, Measures, PERCENTILES, Report};
use serde_json::{Value, json};

use super::json;

/// How many features of those that decide most are shown.
const SHOWN: usize = 12;

/// As a compiler shows it, with what was measured and a line that sums it up.
pub(super) fn text(path: &str, report: &Report, out: &mut (dyn Write + Send)) -> io::Result<()> {
    for finding in &report.findings {
        writeln!(out, "{}\n", finding.rendered)?;
    }
    for (finding, reason) in &report.allowed {
        writeln!(
            out,
            "allowed[{}]: {}\n  at {}, since: {reason}\n",
            finding.code, finding.reason, finding.at
        )?;
    }
    if let Some(measures) = &report.measures {
        measured(measures, out)?;
    }
    let era = report.era.as_ref().map(|era| format!(" of the era from {}", era.from));
    writeln!(
        out,
        "{path}, ruler {}{}: {} to mend, {} allowed",
        report.stamp,
        era.unwrap_or_default(),
        report.findings.len(),
        report.allowed.len()
    )
}

fn measured(measures: &Measures, out: &mut (dyn Write + Send)) -> io::Result<()> {
    if measures.persons > 0 {
        let percentiles = PERCENTILES.iter().zip(&measures.percentiles);
        let shown: Vec<String> =
            percentiles.map(|(percent, score)| format!("{percent} % {score:.2}")).collect();
        writeln!(out, "scores of {} persons, by percentile: {}", measures.persons, shown.join(", "))?;
    }
    match measures.popularity {
        Some((r, persons)) => writeln!(
            out,
            "correlation with the logarithm of popularity: {r:.3}, of {persons} persons; at most {} is let pass",
            measures.popularity_bound
        )?,
        None => writeln!(
            out,
            "correlation with the logarithm of popularity: not known, since `lint.popularity_of` names nothing that enough have"
        )?,
    }
    writeln!(
        out,
        "what decides on each network (its share of the variance of points, and how many accounts have it):"
    )?;
    for feature in deciding(measures) {
        writeln!(out, "  {:5.1} %  {:>6}  {}", feature.variance_percent, feature.known, feature.name)?;
    }
    writeln!(out)
}

/// Of each network the features that decide most.
fn deciding(measures: &Measures) -> impl Iterator<Item = &renown_weights::FeatureSpread> {
    let network = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let of_networks = measures.features.chunk_by(move |a, b| network(&a.name) == network(&b.name));
    of_networks.flat_map(|features| {
        features.iter().filter(|feature| feature.variance_percent.abs() >= 0.05).take(SHOWN)
    })
}

/// One JSON document.
pub(super) fn json(path: &str, report: &Report, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let allowed = report.allowed.iter().map(|(found, reason)| {
        let mut value = finding(found);
        value["allowed"] = json!(reason);
        value
    });
    let mut document = json!({
        "schema_version": 1,
        "weights": path,
        "ruler": report.stamp,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "allowed": allowed.collect::<Vec<_>>(),
        "measures": report.measures.as_ref().map(measures),
    });
    if let Some(era) = &report.era {
        document["era"] = json::era(era);
    }
    writeln!(out, "{document:#}")
}

fn finding(finding: &Finding) -> Value {
    let excerpt = finding.excerpt.as_ref();
    json!({
        "code": finding.code.name(),
        "at": finding.at,
        "in_file": excerpt.is_some_and(|excerpt| excerpt.in_file),
        "line": excerpt.map(|excerpt| excerpt.start.0),
        "column": excerpt.map(|excerpt| excerpt.start.1),
        "bytes": excerpt.map(|excerpt| [excerpt.bytes.start, excerpt.bytes.end]),
        "reason": finding.reason,
        "cure": finding.cure,
    })
}

fn measures(measures: &Measures) -> Value {
    let percentiles = PERCENTILES.iter().zip(&measures.percentiles);
    let features = measures.features.iter().map(|feature| {
        json!({
            "name": feature.name,
            "accounts": feature.known,
            "variance_percent": rounded(feature.variance_percent),
        })
    });
    json!({
        "persons": measures.persons,
        "percentiles": percentiles.map(|(percent, score)| json!([percent, rounded(*score)])).collect::<Vec<_>>(),
        "popularity": measures.popularity.map(|(r, persons)| {
            json!({ "correlation": rounded(r), "persons": persons, "bound": measures.popularity_bound })
        }),
        "features": features.collect::<Vec<_>>(),
    })
}

/// Four decimals, as scores have.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0 + 0.0
}
