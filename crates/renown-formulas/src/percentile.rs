//! Points by rank among others, who are named once and for all.

use std::borrow::Cow;
use std::sync::Arc;

use renown_sdk::formula::{Column, Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec};
use renown_sdk::register_formula;

use crate::{known, scale};

/// `scale · Σ weight · rank(x) / Σ weight`.
#[derive(Clone, Copy, Debug)]
pub struct Percentile;

register_formula!(Percentile);

const POPULATION: &str = "population";

static PARAMS: [ParamSpec; 2] = [
    ParamSpec {
        name: Cow::Borrowed(POPULATION),
        kind: ParamKind::File,
        docs: Cow::Borrowed(
            "a CSV file with a row for each account to compare with and a column for each feature, such as \
             `repost.actors`; values as `renown explain` shows them, before the curve; empty is not known",
        ),
        default: None,
    },
    ParamSpec {
        name: Cow::Borrowed("scale"),
        kind: ParamKind::Number,
        docs: Cow::Borrowed("the points of somebody who is ahead of all in everything; more than 0"),
        default: Some(ParamValue::Number(50.0)),
    },
];

impl Formula for Percentile {
    fn name(&self) -> &'static str {
        "percentile"
    }

    fn docs(&self) -> &'static str {
        "The weighted mean of each feature's percentile rank in a fixed population (mid-ranks: the share of those below, \
         with half of those level; straight lines between, and nothing for 0), times `scale`. A feature for which the \
         population has no column is not counted; one that is missing counts as 0 and stays in the divisor. Nobody's \
         arrival moves anybody: the population changes only with its file."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let population = Population::read(spec.params.file(POPULATION)?, spec)?;
        let ranks: Vec<Option<Ranks>> = spec.columns.iter().map(|column| population.ranks(column)).collect();
        let counted = spec.columns.iter().zip(&ranks).filter(|(_, ranks)| ranks.is_some());
        let all: f64 = counted.map(|(column, _)| column.weight).sum();
        let scale = scale(spec.params)?;
        let rated = ranks.into_iter().zip(spec.columns).map(|(ranks, column)| {
            let ranks = ranks.filter(|_| column.weight > 0.0)?;
            Some((scale * (column.weight / all), ranks))
        });
        Ok(Arc::new(Rated { columns: rated.collect() }))
    }
}

/// What a population file holds: each feature's values, one an account.
struct Population {
    columns: Vec<(String, Vec<f64>)>,
}

impl Population {
    fn read(content: &[u8], spec: &Spec<'_>) -> Result<Self, FormulaError> {
        let fault = |message: String| FormulaError::new(message).of_param(POPULATION);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content);
        let header =
            reader.headers().map_err(|error| fault(format!("the population cannot be read: {error}")))?;
        let mut columns: Vec<(String, Vec<f64>)> =
            header.iter().map(|name| (name.trim_start_matches('\u{feff}').to_owned(), Vec::new())).collect();
        for (index, (name, _)) in columns.iter().enumerate() {
            let is_feature = spec.columns.iter().any(|column| column.name == *name) || (spec.may_have)(name);
            if !is_feature {
                let message =
                    format!("the population has a column `{name}`, which is no feature of the network");
                return Err(fault(message).help("a column is named as the feature is in the weights file"));
            }
            if columns[..index].iter().any(|(other, _)| other == name) {
                return Err(fault(format!("the population has two columns `{name}`")));
            }
        }
        for row in reader.records() {
            let row = row.map_err(|error| fault(format!("the population cannot be read: {error}")))?;
            for ((name, values), cell) in columns.iter_mut().zip(&row).filter(|(_, cell)| !cell.is_empty()) {
                match cell.parse() {
                    Ok(value) if f64::is_finite(value) && value >= 0.0 => values.push(value),
                    _ => {
                        let line = row.position().map_or(0, csv::Position::line);
                        let place = format!("line {line} of the population, column `{name}`");
                        return Err(fault(format!("{place}: expected a number, 0 or more, found `{cell}`")));
                    }
                }
            }
        }
        columns.retain(|(_, values)| !values.is_empty());
        if columns.is_empty() {
            return Err(fault(
                "the population is empty: a row of features and one for each account are needed".into(),
            ));
        }
        Ok(Self { columns })
    }

    /// The ranks of a feature, by its capped and curved values.
    fn ranks(&self, column: &Column<'_>) -> Option<Ranks> {
        let values = &self.columns.iter().find(|(name, _)| name == column.name)?.1;
        // Zero has no sign.
        let mut curved: Vec<f64> = values.iter().map(|value| column.curved(*value) + 0.0).collect();
        curved.sort_by(f64::total_cmp);
        let mut knots = vec![[0.0, 0.0]];
        let mut below = 0.0;
        for level in curved.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
            let equal = level.len() as f64;
            if level[0] > 0.0 {
                knots.push([level[0], (below + equal / 2.0) / curved.len() as f64]);
            }
            below += equal;
        }
        // Ahead of all is ahead of all: the last rises to 1 within as much again.
        if let [.., [last, _]] = knots[..] {
            knots.push([if last > 0.0 { 2.0 * last } else { 1.0 }, 1.0]);
        }
        Some(Ranks(knots))
    }
}

/// Ascending values and the share of the population that each is ahead of.
#[derive(Clone, Debug)]
struct Ranks(Vec<[f64; 2]>);

impl Ranks {
    /// Never falls, through rounding either: each step is of functions that do not.
    fn of(&self, value: f64) -> f64 {
        let after = self.0.partition_point(|knot| knot[0] <= value);
        match (after.checked_sub(1).map(|before| self.0[before]), self.0.get(after)) {
            (Some([x, y]), Some(&[to_x, to_y])) => (y + (to_y - y) * ((value - x) / (to_x - x))).min(to_y),
            (Some([_, y]), None) => y,
            (None, _) => 0.0,
        }
    }
}

/// For each column, its factor and ranks.
#[derive(Clone, Debug)]
struct Rated {
    columns: Vec<Option<(f64, Ranks)>>,
}

impl Prepared for Rated {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for (rated, column) in self.columns.iter().zip(columns) {
            let Some((factor, ranks)) = rated else { continue };
            for (points, value) in out.iter_mut().zip(*column) {
                *points += factor * ranks.of(known(*value));
            }
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        for ((part, rated), value) in out.iter_mut().zip(&self.columns).zip(row) {
            *part = rated.as_ref().map_or(0.0, |(factor, ranks)| factor * ranks.of(known(*value)));
        }
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.columns[column].is_some()
    }
}
