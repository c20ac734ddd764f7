//! Features kept as columns: what scores are computed from, as often as weights change.
//!
//! To walk all records takes the most time, and what is found there depends on no weight. So it is done once, and each round of
//! scoring, and each other ruler that asks for the same, looks columns up. Only the stat `weighted`, which depends on the
//! standing of those who act, is summed up anew for each round, from what each of them gave.

use std::ops::Range;

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::cover::Cover;
use crate::curve::Curve;
use crate::feature::{Found, Given, weighed};
use crate::fixed::{Log2, to_f64};
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
    /// The standing of those who only act, once everybody has been scored, by which `Gifts::sums` were found.
    least: u32,
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
    /// By those whose standing depends on scores.
    by_scored: Lists,
    /// By those who only act: most. By each ruler they have one standing, and by most rulers the same.
    by_others: Lists,
    /// What these give each account.
    sums: Vec<u64>,
}

/// A list for each account.
#[derive(Debug, Default)]
struct Lists {
    /// Where each ends.
    ends: Vec<u32>,
    actors: Vec<u32>,
    given: Vec<u64>,
}

impl Lists {
    fn push(&mut self, actor: u32, given: u64) {
        self.actors.push(actor);
        self.given.push(given);
    }

    /// Ends the list of an account.
    fn end(&mut self) {
        self.ends.push(self.actors.len() as u32);
    }

    fn of(&self, row: usize) -> Range<usize> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[row] as usize
    }

    /// What a list is worth, if actors have these standings.
    fn weighed(&self, row: usize, log: &Log2, standings: &[u32]) -> u128 {
        let list = self.of(row);
        let pairs = self.given[list.clone()].iter().zip(&standings[list]);
        pairs.map(|(&given, &standing)| weighed(log, given, standing)).sum()
    }
}

/// By what standing it is to be found what each actor gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weighing {
    /// By that with which the sheet was made: as it is kept.
    Kept,
    /// By whatever there is.
    Any,
    /// By that which scores gave, where those who only act have the least.
    Scored,
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
                gifts.by_scored.push(actor, given);
            }
            gifts.by_scored.end();
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

    /// Sets those apart who only act, and sums up what they give.
    fn set_apart(&mut self, is_scored: impl Fn(Account) -> bool, log: &Log2, least: u32) {
        for gifts in &mut self.gifts {
            let all = std::mem::take(&mut gifts.by_scored);
            for row in 0..all.ends.len() {
                let list = all.of(row);
                let mut sum: u64 = 0;
                for (&actor, &given) in all.actors[list.clone()].iter().zip(&all.given[list]) {
                    if is_scored(Account(actor)) {
                        gifts.by_scored.push(actor, given);
                        continue;
                    }
                    // What does not fit into a sum is not summed up.
                    let summed =
                        u64::try_from(weighed(log, given, least)).ok().and_then(|of| sum.checked_add(of));
                    match summed {
                        Some(summed) => {
                            sum = summed;
                            gifts.by_others.push(actor, given);
                        }
                        None => gifts.by_scored.push(actor, given),
                    }
                }
                gifts.by_scored.end();
                gifts.by_others.end();
                gifts.sums.push(sum);
            }
        }
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

    /// The places of its accounts.
    pub(crate) fn places(&self) -> &[u32] {
        &self.places
    }

    /// The values of each feature, by row, some of them anew; `NaN` is missing. A column is empty if it is missing everywhere.
    pub(crate) fn columns_with<'r>(&'r self, anew: &'r Anew) -> Vec<&'r [f64]> {
        let mut columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        for (index, column) in anew {
            columns[*index] = column;
        }
        columns
    }

    /// Points of all rows by a ruler; and, if it `covers`, how much was there of what it asks for. The columns that it bends as `bends`
    /// says are taken as they are kept.
    pub(crate) fn score(
        &self,
        ruler: &NetworkRuler,
        (anew, bends): (&Anew, &[Bend]),
        results: &mut PartResults,
        covers: bool,
    ) -> Result<(), FormulaFailure> {
        let is_bent = |(index, feature): (usize, &Feature)| {
            let (curve, cap) = bends.get(index)?;
            (*curve == feature.curve && *cap == feature.cap).then(|| &self.bent[index][..])
        };
        let mut bent: Vec<Option<&[f64]>> = ruler.features.iter().enumerate().map(is_bent).collect();
        let columns = self.columns_with(anew);
        for (index, _) in anew {
            bent[*index] = None;
        }
        let most = BLOCK.min(self.places.len());
        let is_to_bend = columns.iter().zip(&bent).map(|(column, bent)| !column.is_empty() && bent.is_none());
        let mut curved: Vec<Vec<f64>> =
            is_to_bend.map(|is_to| vec![0.0; if is_to { most } else { 0 }]).collect();
        let (missing, mut points) = (vec![f64::NAN; most], vec![0.0; most]);
        let mut cover = Cover::of(ruler, &columns, most);
        for (start, places) in (0..).step_by(BLOCK).zip(self.places.chunks(BLOCK)) {
            let (block, rows) = (start..start + places.len(), places.len());
            for ((feature, column), curved) in ruler.features.iter().zip(&columns).zip(&mut curved) {
                curved.truncate(rows);
                if !curved.is_empty() {
                    bend(feature, &column[block.clone()], curved);
                }
            }
            let lent = columns.iter().zip(&bent).zip(&curved).map(|((column, bent), curved)| match bent {
                _ if column.is_empty() => &missing[..rows],
                Some(bent) => &bent[block.clone()],
                None => curved,
            });
            let lent: Vec<&[f64]> = lent.collect();
            ruler.formula.points(&lent, &mut points[..rows])?;
            for (place, points) in places.iter().zip(&points) {
                results.points[*place as usize] = *points;
            }
            if covers {
                cover.look(&lent);
                for ((place, outside), row) in places.iter().zip(&self.outside[block]).zip(0..) {
                    let (coverage, covered) = cover.of_row(row);
                    results.cover(*place as usize, coverage, covered, *outside);
                }
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
        let mut parts: Vec<Vec<Rows>> = parts.into_iter().collect::<Result<_, _>>()?;
        let scored = parts.par_iter().enumerate().map(|(part, rows)| self.scored_of(part, rows));
        let scored: Vec<Vec<bool>> = scored.collect();
        let least = self.ruler.least();
        let is_scored = |account: Account| scored[account.part()][account.place()];
        parts.par_iter_mut().flatten().for_each(|rows| rows.set_apart(is_scored, &self.log, least));
        let bends = self.ruler.networks.iter().map(bends).collect();
        Ok(Sheet { parts, standing: self.ruler.standing, least, bends })
    }

    /// Whose standing may be another than that of those who only act, by place: who has a row, is somebody's, or holds a score.
    fn scored_of(&self, part: usize, rows: &[Rows]) -> Vec<bool> {
        let mut scored = vec![false; self.ledger.accounts.part_len(part)];
        let have_rows = rows.iter().flat_map(|rows| &rows.places);
        let owned = self.owners.of_part(part).iter().map(|owned| &owned.place);
        let hold = self.held_of(part).iter().map(|(place, _)| place);
        for place in have_rows.chain(owned).chain(hold) {
            scored[*place as usize] = true;
        }
        scored
    }

    /// The features of the accounts of a part.
    pub(crate) fn rows_of(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut rows: Vec<Rows> = groups.iter().map(Rows::new).collect();
        self.walk_part(part, &mut groups.to_vec(), |group, account, values, found| {
            rows[group.index].push(Account(account).place(), values, found, group.given());
        })?;
        Ok(rows)
    }

    /// What depends on the standing of those who act.
    pub(crate) fn weigh(&self, sheet: &Sheet, rows: &Rows, by: Weighing) -> Anew {
        let are_summed = match by {
            Weighing::Kept => return Anew::new(),
            Weighing::Any => false,
            Weighing::Scored => sheet.least == self.ruler.least(),
        };
        let of_feature = |gifts: &Gifts| {
            let Gifts { feature, by_scored, by_others, sums } = gifts;
            let scored = self.standings.of(&by_scored.actors);
            let others = if are_summed { Vec::new() } else { self.standings.of(&by_others.actors) };
            let weighed = |(row, &kept): (usize, &f64)| {
                // Where nobody gives, it stays as it is: nothing, or what stands in for it.
                if by_scored.of(row).is_empty() && by_others.of(row).is_empty() {
                    return kept;
                }
                let by_others = if are_summed {
                    u128::from(sums[row])
                } else {
                    by_others.weighed(row, &self.log, &others)
                };
                to_f64(by_scored.weighed(row, &self.log, &scored) + by_others)
            };
            (*feature, rows.columns[*feature].iter().enumerate().map(weighed).collect())
        };
        rows.gifts.iter().map(of_feature).collect()
    }
}
