//! What data say of scores: how they lie on the scale, and whether they say more than popularity does.

use renown_core::columns_of::Columns;

use super::points::{ENOUGH, correlation, percentile};
use super::{Checked, Code, Found, path};
use crate::lint::FeatureSpread;

/// The percentiles that are shown.
pub const PERCENTILES: [usize; 7] = [5, 25, 50, 75, 95, 99, 100];

/// What was measured on data.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// How many persons were scored who have an account in the data.
    pub persons: usize,
    /// Their scores at [`PERCENTILES`].
    pub percentiles: Vec<f64>,
    /// The correlation of scores with the logarithm of popularity, and of how many persons it is; `None` if the file does
    /// not say what popularity is, or it is known of too few.
    pub popularity: Option<(f64, usize)>,
    /// The largest that is let pass.
    pub popularity_bound: f64,
    /// All features that somebody has, by network, the one that decides most first.
    pub features: Vec<FeatureSpread>,
}

pub(super) fn check(
    checked: &Checked<'_>,
    columns: &Columns,
    features: Vec<FeatureSpread>,
    found: &mut Vec<Found>,
) -> Measures {
    let bounds = &checked.rules.lint;
    let mut scores: Vec<f64> = columns.scores.iter().map(|score| score.value()).collect();
    scores.sort_by(f64::total_cmp);
    if scores.len() >= ENOUGH {
        for (key, percent, what, [low, high]) in [
            ("median", 50, "the middle of all scores", bounds.median),
            ("p95", 95, "the 95th percentile of scores", bounds.p95),
        ] {
            let score = percentile(&scores, percent);
            if !(low..=high).contains(&score) {
                found.push(Found {
                    code: Code::Scale,
                    at: path(&["lint", key]),
                    key: None,
                    reason: format!(
                        "{what} is {score:.2}, of {} persons: outside {low} to {high}",
                        scores.len()
                    ),
                    cure: "move the knots of the scale and give it a new version, or, if these are no ordinary people, allow it"
                        .into(),
                });
            }
        }
    }
    let popularity = popularity(checked, columns);
    if let Some((r, persons)) = popularity.filter(|(r, _)| *r > bounds.popularity) {
        found.push(Found {
            code: Code::Popularity,
            at: path(&["lint", "popularity"]),
            key: None,
            reason: format!(
                "scores follow popularity too closely: their correlation with its logarithm is {r:.3}, of {persons} persons"
            ),
            cure: format!("give the audience less weight, or reactions more; {} is let pass", bounds.popularity),
        });
    }
    Measures {
        persons: scores.len(),
        percentiles: PERCENTILES.iter().map(|percent| percentile(&scores, *percent)).collect(),
        popularity,
        popularity_bound: bounds.popularity,
        features,
    }
}

/// The correlation of the scores with the logarithm of one more than all that a person's accounts have of it.
fn popularity(checked: &Checked<'_>, columns: &Columns) -> Option<(f64, usize)> {
    let mut of_persons: Vec<Option<f64>> = vec![None; columns.scores.len()];
    for network in &columns.networks {
        let features = network.features.iter();
        for column in features.filter(|column| checked.rules.lint.popularity_of.contains(&column.name)) {
            for (person, value) in network.persons.iter().zip(&column.values) {
                if let Some(value) = value {
                    *of_persons[*person].get_or_insert(0.0) += value;
                }
            }
        }
    }
    let (logs, scores): (Vec<f64>, Vec<f64>) = (of_persons.iter().zip(&columns.scores))
        .filter_map(|(value, score)| Some(((1.0 + (*value)?).log2(), score.value())))
        .unzip();
    let persons = logs.len();
    correlation(&logs, &scores).filter(|_| persons >= ENOUGH).map(|r| (r, persons))
}
