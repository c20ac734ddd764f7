//! Features kept as columns: what scores are computed from, as often as weights change.
//!
//! To walk all records takes the most time, and what is found there depends on no weight. So it is done once, and each round of
//! scoring, and each other ruler that asks for the same, looks columns up. Only the stat `weighted`, which depends on the
//! standing of those who act, is summed up anew for each round, from what each of them gave.

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::curve::Curve;
use crate::feature::{Found, Given, weighed};
use crate::fixed::to_f64;
use crate::formula::FormulaFailure;
use crate::ruler::{Feature, NetworkRuler, Standing};
use crate::score::{Group, PartResults, Scoring};
use crate::scratch::ScratchError;
use crate::stat::Stat;

/// The features of all accounts that have records, by part and then by the ruler's networks.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) parts: Vec<Vec<Rows>>,
    /// What gave everybody who acts the standing by which `weighted` was found.
    pub(crate) standing: Standing,
    /// By network and feature, how the bent columns were bent.
    pub(crate) bends: Vec<Vec<Bend>>,
}

/// How a feature's values are bent: its curve and its cap.
pub(crate) type Bend = (Curve, Option<f64>);

fn bends(ruler: &NetworkRuler) -> Vec<Bend> {
    ruler.features.iter().map(|feature| (feature.curve.clone(), feature.cap)).collect()
}

/// Accounts of one network and part, a row each.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Their places in the part, in order.
    places: Vec<u32>,
    /// Whether something lay outside the window.
    outside: Vec<bool>,
    /// The values of each feature; `NaN` is missing. A column is empty if it is missing everywhere, as most are.
    columns: Vec<Vec<f64>>,
    /// The columns as the ruler bends them by which they were found, if rows are kept.
    bent: Vec<Vec<f64>>,
    /// Of the features that depend on standing, if rows are kept: what there is to be weighed.
    gifts: Vec<Gifts>,
}

/// What each actor gave to each account, as one feature counts it.
#[derive(Debug, Default)]
struct Gifts {
    feature: usize,
    /// Where those to each account end.
    ends: Vec<u32>,
    actors: Vec<u32>,
    given: Vec<u64>,
}

/// Columns that take the place of those of the same index.
pub(crate) type Anew = Vec<(usize, Vec<f64>)>;

/// How many rows a formula is handed at once: few enough to stay near the processor.
const BLOCK: usize = 1024;

impl Rows {
    /// Of a group's network; what there is to be weighed is taken if the group notes it.
    fn new(group: &Group<'_>) -> Self {
        let (ruler, notes) = (group.ruler, !group.given().is_empty());
        let weighted = ruler.features.iter().enumerate().filter(|(_, of)| notes && of.stat == Stat::Weighted);
        Self {
            columns: vec![Vec::new(); ruler.features.len()],
            gifts: weighted.map(|(feature, _)| Gifts { feature, ..Gifts::default() }).collect(),
            ..Self::default()
        }
    }

    fn push(&mut self, place: usize, values: &[Option<f64>], found: Found, given: &[Vec<Given>]) {
        for gifts in &mut self.gifts {
            for &(actor, given) in &given[gifts.feature] {
                gifts.actors.push(actor);
                gifts.given.push(given);
            }
            gifts.ends.push(gifts.actors.len() as u32);
        }
        let rows = self.places.len();
        for (column, value) in self.columns.iter_mut().zip(values) {
            match value {
                Some(value) => {
                    column.resize(rows, f64::NAN);
                    column.push(*value);
                }
                None if column.is_empty() => {}
                None => column.push(f64::NAN),
            }
        }
        self.places.push(place as u32);
        self.outside.push(found.outside);
    }

    /// Bends the columns, which takes longer than to look them up.
    fn bend(&mut self, ruler: &NetworkRuler) {
        let bent = |(feature, column): (&Feature, &Vec<f64>)| {
            let mut bent = vec![0.0; column.len()];
            bend(feature, column, &mut bent);
            bent
        };
        self.bent = ruler.features.iter().zip(&self.columns).map(bent).collect();
    }

    /// Points, coverage and flags of all rows by a ruler. The columns that it bends as `bends` says are taken as they are kept.
    pub(crate) fn score(
        &self,
        ruler: &NetworkRuler,
        (anew, bends): (&Anew, &[Bend]),
        results: &mut PartResults,
    ) -> Result<(), FormulaFailure> {
        let is_bent = |(index, feature): (usize, &Feature)| {
            let (curve, cap) = bends.get(index)?;
            (*curve == feature.curve && *cap == feature.cap).then(|| &self.bent[index][..])
        };
        let mut bent: Vec<Option<&[f64]>> = ruler.features.iter().enumerate().map(is_bent).collect();
        let mut columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        for (index, column) in anew {
            (columns[*index], bent[*index]) = (column, None);
        }
        let asked = ruler.asked();
        let mut curved = vec![vec![f64::NAN; BLOCK.min(self.places.len())]; columns.len()];
        let (mut points, mut present, mut covered) = (Vec::new(), Vec::new(), Vec::new());
        for start in (0..self.places.len()).step_by(BLOCK) {
            let block = start..(start + BLOCK).min(self.places.len());
            present.clear();
            present.resize(block.len(), 0.0);
            covered.clear();
            covered.resize(block.len(), false);
            points.resize(block.len(), 0.0);
            for ((index, feature), (column, curved)) in
                ruler.features.iter().enumerate().zip(columns.iter().zip(&mut curved))
            {
                curved.truncate(block.len());
                let Some(values) = column.get(block.clone()) else { continue };
                match bent[index] {
                    Some(bent) => curved.copy_from_slice(&bent[block.clone()]),
                    None => bend(feature, values, curved),
                }
                if feature.weight > 0.0 && ruler.formula.uses(index) {
                    let worth = if feature.asked { feature.weight } else { 0.0 };
                    for ((present, covered), value) in present.iter_mut().zip(&mut covered).zip(values) {
                        if !value.is_nan() {
                            *present += worth;
                            *covered = true;
                        }
                    }
                }
            }
            ruler.formula.points(&curved, &mut points)?;
            for (row, (points, (present, covered))) in
                block.zip(points.iter().zip(present.iter().zip(&covered)))
            {
                let coverage = if asked > 0.0 { libm::round(present / asked * 10_000.0) as u16 } else { 0 };
                results.set(self.places[row] as usize, *points, coverage, *covered, self.outside[row]);
            }
        }
        Ok(())
    }
}

/// Values as a feature caps and bends them; what is missing stays so.
fn bend(feature: &Feature, values: &[f64], bent: &mut [f64]) {
    for (bent, value) in bent.iter_mut().zip(values) {
        *bent = if value.is_nan() { f64::NAN } else { feature.curved(*value) };
    }
}

impl Scoring<'_> {
    /// The features of everybody, to be kept.
    pub(crate) fn sheet(&self) -> Result<Sheet, ScratchError> {
        let groups: Vec<Group<'_>> = self.groups().into_iter().map(Group::noting).collect();
        let of_part = |part| {
            let mut rows = self.rows_of(part, &groups)?;
            for (rows, ruler) in rows.iter_mut().zip(&self.ruler.networks) {
                rows.bend(ruler);
            }
            Ok(rows)
        };
        let parts: Vec<Result<Vec<Rows>, ScratchError>> = (0..PARTS).into_par_iter().map(of_part).collect();
        Ok(Sheet {
            parts: parts.into_iter().collect::<Result<_, _>>()?,
            standing: self.ruler.standing,
            bends: self.ruler.networks.iter().map(bends).collect(),
        })
    }

    /// The features of the accounts of a part.
    pub(crate) fn rows_of(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut rows: Vec<Rows> = groups.iter().map(Rows::new).collect();
        self.walk_part(part, &mut groups.to_vec(), |group, account, values, found| {
            rows[group.index].push(Account(account).place(), values, found, group.given());
        })?;
        Ok(rows)
    }

    /// What depends on the standing of those who act, by the standing there is.
    pub(crate) fn weigh(&self, rows: &Rows) -> Anew {
        let of_feature = |given: &Gifts| {
            let mut column = rows.columns[given.feature].clone();
            let standings = self.standings.of(&given.actors);
            let mut start = 0;
            for (value, &end) in column.iter_mut().zip(&given.ends) {
                let by_actor = start..end as usize;
                start = end as usize;
                // Where nobody gives, it stays as it is: nothing, or what stands in for it.
                if !by_actor.is_empty() {
                    let pairs = given.given[by_actor.clone()].iter().zip(&standings[by_actor]);
                    *value =
                        to_f64(pairs.map(|(&given, &standing)| weighed(&self.log, given, standing)).sum());
                }
            }
            (given.feature, column)
        };
        rows.gifts.iter().map(of_feature).collect()
    }
}
