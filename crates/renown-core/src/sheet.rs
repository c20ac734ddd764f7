//! Features kept as columns: what scores are computed from, as often as weights change.
//!
//! To walk all records takes the most time, and what is found there depends on no weight. So it is done once, and each round of
//! scoring, and each other ruler that asks for the same, looks columns up. Only the stat `weighted`, which depends on the
//! standing of those who act, is computed anew for each round.

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::feature::{Extractor, Found};
use crate::formula::FormulaFailure;
use crate::ruler::NetworkRuler;
use crate::score::{Group, PartResults, Scoring};
use crate::scratch::ScratchError;
use crate::stat::Stat;
use crate::walk::PartWalk;

/// The features of all accounts that have records, by part and then by the ruler's networks.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) parts: Vec<Vec<Rows>>,
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
}

/// Columns that take the place of those of the same index.
pub(crate) type Anew = Vec<(usize, Vec<f64>)>;

/// How many rows a formula is handed at once: few enough to stay near the processor.
const BLOCK: usize = 1024;

impl Rows {
    fn push(&mut self, place: usize, values: &[Option<f64>], found: Found) {
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

    /// Points, coverage and flags of all rows by a ruler.
    pub(crate) fn score(
        &self,
        ruler: &NetworkRuler,
        anew: &Anew,
        results: &mut PartResults,
    ) -> Result<(), FormulaFailure> {
        let mut columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        for (index, column) in anew {
            columns[*index] = column;
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
                for (curved, value) in curved.iter_mut().zip(values) {
                    *curved = if value.is_nan() { f64::NAN } else { feature.curved(*value) };
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

impl Scoring<'_> {
    /// The features of everybody.
    pub(crate) fn sheet(&self) -> Result<Sheet, ScratchError> {
        let groups: Vec<Group<'_>> = self.groups();
        let parts = (0..PARTS).into_par_iter().map(|part| self.rows_of(part, &groups)).collect();
        let parts: Vec<Result<Vec<Rows>, ScratchError>> = parts;
        Ok(Sheet { parts: parts.into_iter().collect::<Result<_, _>>()? })
    }

    /// The features of the accounts of a part.
    pub(crate) fn rows_of(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut rows: Vec<Rows> = (groups.iter())
            .map(|group| Rows { columns: vec![Vec::new(); group.ruler.features.len()], ..Rows::default() })
            .collect();
        self.walk_part(part, &mut groups.to_vec(), |group, account, values, found| {
            rows[group.index].push(Account(account).place(), values, found);
        })?;
        Ok(rows)
    }

    /// What depends on the standing of those who act, by the standing there is.
    pub(crate) fn weigh(&self, part: usize, rows: &[Rows]) -> Result<Vec<Anew>, ScratchError> {
        // Of each network, the features whose column is not empty. Whether something is known depends on no standing.
        let weighted: Vec<Vec<usize>> = (self.ruler.networks.iter().zip(rows))
            .map(|(ruler, rows)| {
                let features = ruler.features.iter().enumerate();
                features
                    .filter(|(index, of)| of.stat == Stat::Weighted && !rows.columns[*index].is_empty())
                    .map(|(index, _)| index)
                    .collect()
            })
            .collect();
        let mut anew: Vec<Anew> = (weighted.iter().zip(rows))
            .map(|(weighted, rows)| {
                weighted.iter().map(|&index| (index, rows.columns[index].clone())).collect()
            })
            .collect();
        if weighted.iter().all(Vec::is_empty) {
            return Ok(anew);
        }
        let mut extractors: Vec<Extractor<'_>> = (self.ruler.networks.iter().zip(&weighted))
            .map(|(ruler, weighted)| {
                let features = weighted.iter().map(|&index| &ruler.features[index]);
                Group::extractor(self, ruler, features, self.as_of)
            })
            .collect();
        let networks = self.ledger.accounts.networks(part);
        let mut next = vec![0; rows.len()];
        let mut values = Vec::new();
        let mut walk = PartWalk::of_gifts(&self.ledger.parts[part], &self.standings);
        while let Some(account) = walk.next_account()? {
            let place = Account(account).place();
            let network = self.ruler.networks.iter().position(|ruler| ruler.network == networks[place]);
            let Some(network) = network.filter(|&network| !weighted[network].is_empty()) else {
                walk.skip(account)?;
                continue;
            };
            let extractor = &mut extractors[network];
            extractor.begin(None);
            let own = self.own(Account(account));
            while let Some((gifts, standings)) = walk.gifts(account)? {
                extractor.gifts(gifts, standings, own);
            }
            extractor.finish(&[], &mut values);
            let at = &mut next[network];
            *at += rows[network].places[*at..].iter().take_while(|of| (**of as usize) < place).count();
            for ((_, column), value) in anew[network].iter_mut().zip(&values) {
                // Where nobody acts, another feature may stand in, whose value stays.
                if let Some(value) = value {
                    column[*at] = *value;
                }
            }
        }
        Ok(anew)
    }
}
