//! Features kept as columns: what scores are computed from, as often as weights change.
//!
//! To walk all records takes the most time, and what is found there depends on no weight. So it is done once, and each round of
//! scoring, and each other ruler that asks for the same, looks columns up. Only the stat `weighted`, which depends on the
//! standing of those who act, is summed up anew for each round, from what each of them gave.

use std::sync::Arc;

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::cover::Cover;
use crate::curve::Curve;
use crate::feature::{Found, Noted, weighed};
use crate::fixed::{Decay, Log2};
use crate::formula::FormulaFailure;
use crate::given::{Given, Lists};
use crate::ruler::{Feature, NetworkRuler, Ruler, Standing};
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Their places in the part, in order.
    places: Arc<Vec<u32>>,
    /// Whether something lay outside the window.
    outside: Arc<Vec<bool>>,
    /// The values of each feature; `NaN` is missing. A column is empty if it is missing everywhere, as most are.
    columns: Vec<Arc<Vec<f64>>>,
    /// The columns as the ruler bends them by which they were found, if rows are kept.
    bent: Vec<Arc<Vec<f64>>>,
    /// Of the features that depend on standing, if rows are kept: what there is to be weighed.
    gifts: Vec<Gifts>,
    /// Whether something that is `recent` came from nobody known.
    has_recent_totals: bool,
}

/// What was given to each account, as one feature counts it.
#[derive(Clone, Debug)]
struct Gifts {
    feature: usize,
    given: Arc<Given>,
    /// What each way to give is worth before standing.
    worth: Arc<Vec<u64>>,
    /// What those who only act give each account.
    sums: Arc<Vec<u128>>,
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

/// Rows while accounts come.
struct Gathered {
    places: Vec<u32>,
    outside: Vec<bool>,
    columns: Vec<Vec<f64>>,
    /// Of each feature that depends on standing, if it is noted.
    lists: Vec<(usize, Lists)>,
}

impl Gathered {
    /// Of a group's network; what there is to be weighed is taken if the group notes it.
    fn new(group: &Group<'_>) -> Self {
        let (features, notes) = (&group.ruler.features, group.noted().is_some());
        let weighted = features.iter().enumerate().filter(|(_, of)| notes && of.stat == Stat::Weighted);
        Self {
            places: Vec::new(),
            outside: Vec::new(),
            columns: vec![Vec::new(); features.len()],
            lists: weighted.map(|(feature, _)| (feature, Lists::default())).collect(),
        }
    }

    fn push(&mut self, place: usize, values: &[Option<f64>], found: Found, noted: Option<&Noted>) {
        for (feature, list) in &mut self.lists {
            for &(actor, way) in noted.into_iter().flat_map(|noted| &noted.pairs[*feature]) {
                list.push(actor, way);
            }
            list.end();
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

    /// The rows, of which nobody is set apart yet.
    fn into_rows(self, noted: Option<Noted>) -> Rows {
        let Noted { mut ways, has_recent_totals, .. } = noted.unwrap_or_default();
        let gifts = self.lists.into_iter().map(|(feature, by_scored)| {
            let (ways, by_others) = (std::mem::take(&mut ways[feature]), Lists::default());
            Gifts {
                feature,
                given: Arc::new(Given { ways, by_scored, by_others }),
                worth: Arc::default(),
                sums: Arc::default(),
            }
        });
        Rows {
            places: Arc::new(self.places),
            outside: Arc::new(self.outside),
            columns: self.columns.into_iter().map(Arc::new).collect(),
            bent: Vec::new(),
            gifts: gifts.collect(),
            has_recent_totals,
        }
    }
}

impl Gifts {
    /// Finds out what all that was given is worth as it fades, and what those who only act give if they have this standing.
    fn fade(&mut self, decay: &Decay, log: &Log2, least: u32) {
        let worth = self.given.ways.faded(decay);
        let by_least: Vec<u64> = worth.iter().map(|&worth| weighed(log, worth, least)).collect();
        self.sums = Arc::new(self.given.by_others.sums(&by_least).collect());
        self.worth = Arc::new(worth);
    }
}

impl Rows {
    /// The places of its accounts.
    pub(crate) fn places(&self) -> &[u32] {
        &self.places
    }

    /// The values of each feature, by row, some of them anew; `NaN` is missing. A column is empty if it is missing everywhere.
    pub(crate) fn columns_with<'r>(&'r self, anew: &'r Anew) -> Vec<&'r [f64]> {
        let mut columns: Vec<&[f64]> = self.columns.iter().map(|column| &column[..]).collect();
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
        let parts = (0..PARTS).into_par_iter().map(|part| self.bent_rows(part, &groups));
        let parts: Vec<Result<Vec<Rows>, ScratchError>> = parts.collect();
        let mut parts: Vec<Vec<Rows>> = parts.into_iter().collect::<Result<_, _>>()?;
        let scored = self.scored(&parts);
        parts.par_iter_mut().for_each(|rows| self.set_apart(rows, &scored));
        Ok(self.sheet_of(parts))
    }

    /// Likewise, of what a sheet has by another ruler that asks alike: found anew is only what fades otherwise, from what was given, and
    /// records are looked at only in parts where that is not enough. `None` if all is to be found anew.
    pub(crate) fn sheet_like(&self, sheet: &Sheet, was: &Ruler) -> Result<Option<Sheet>, ScratchError> {
        let bends: Vec<Vec<Bend>> = self.ruler.networks.iter().map(bends).collect();
        let starts = (self.ruler.standing, self.ruler.least());
        if starts != (sheet.standing, sheet.least) || bends != sheet.bends {
            return Ok(None);
        }
        let faded = |rows: &Vec<Rows>| -> Option<Vec<Rows>> {
            rows.iter().enumerate().map(|(network, rows)| self.faded(rows, network, was)).collect()
        };
        let faded: Vec<Option<Vec<Rows>>> = sheet.parts.par_iter().map(faded).collect();
        let is_whole = faded.iter().all(Option::is_some);
        let scored = if is_whole { Vec::new() } else { self.scored(&sheet.parts) };
        let groups: Vec<Group<'_>> = self.groups().into_iter().map(Group::noting).collect();
        let of_part = |(part, faded): (usize, Option<Vec<Rows>>)| {
            if let Some(faded) = faded {
                return Ok(faded);
            }
            let mut rows = self.bent_rows(part, &groups)?;
            self.set_apart(&mut rows, &scored);
            Ok(rows)
        };
        let parts: Vec<Result<Vec<Rows>, ScratchError>> =
            faded.into_par_iter().enumerate().map(of_part).collect();
        Ok(Some(self.sheet_of(parts.into_iter().collect::<Result<_, _>>()?)))
    }

    fn sheet_of(&self, parts: Vec<Vec<Rows>>) -> Sheet {
        let bends = self.ruler.networks.iter().map(bends).collect();
        Sheet { parts, standing: self.ruler.standing, least: self.ruler.least(), bends }
    }

    /// Rows of a network that another ruler found, where what fades otherwise by this one is found anew; `None` if what was given is not enough for that.
    fn faded(&self, rows: &Rows, network: usize, was: &Ruler) -> Option<Rows> {
        let (ruler, was_of) = (&self.ruler.networks[network], &was.networks[network]);
        let mut rows = rows.clone();
        for (index, (feature, before)) in ruler.features.iter().zip(&was_of.features).enumerate() {
            let half_life = ruler.half_life_of(feature);
            let is_other = match feature.stat {
                Stat::Weighted | Stat::Recent => half_life.to_bits() != was_of.half_life_of(before).to_bits(),
                Stat::PerPost => self.ruler.per_post_exponent.to_bits() != was.per_post_exponent.to_bits(),
                _ => false,
            };
            if !is_other || rows.columns[index].is_empty() {
                continue;
            }
            let decay = Decay::new(half_life, self.ruler.window);
            let column = match feature.stat {
                Stat::Weighted => {
                    let gifts = rows.gifts.iter_mut().find(|gifts| gifts.feature == index)?;
                    gifts.fade(&decay, &self.log, self.ruler.least());
                    self.weighed_at_start(gifts, &rows.columns[index])
                }
                Stat::Recent if !rows.has_recent_totals => {
                    let is_of_kind = |gifts: &&Gifts| ruler.features[gifts.feature].word == feature.word;
                    let given = &rows.gifts.iter().find(is_of_kind)?.given;
                    given.column_of_sums(&rows.columns[index], &given.ways.newest(&decay))
                }
                _ => return None,
            };
            let mut bent = vec![0.0; column.len()];
            bend(feature, &column, &mut bent);
            (rows.columns[index], rows.bent[index]) = (Arc::new(column), Arc::new(bent));
        }
        Some(rows)
    }

    /// What gifts are worth by the standing that everybody begins with.
    fn weighed_at_start(&self, gifts: &Gifts, kept: &[f64]) -> Vec<f64> {
        if !self.held.is_empty() {
            return self.weighed(gifts, kept, false);
        }
        // Nobody has another standing but those who count for nobody, and they give nothing.
        let start = self.ruler.standing.at_start();
        let worth = gifts.worth.iter().map(|&worth| weighed(&self.log, worth, start));
        gifts.given.column_of_sums(kept, &worth.collect::<Vec<u64>>())
    }

    /// The rows of a part, bent, of which nobody is set apart yet.
    fn bent_rows(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut rows = self.rows_of(part, groups)?;
        for (rows, ruler) in rows.iter_mut().zip(&self.ruler.networks) {
            let bent = ruler.features.iter().zip(&rows.columns).map(|(feature, column)| {
                let mut bent = vec![0.0; column.len()];
                bend(feature, column, &mut bent);
                Arc::new(bent)
            });
            rows.bent = bent.collect();
        }
        Ok(rows)
    }

    /// Sets those apart who only act, and sums up what they give.
    fn set_apart(&self, rows: &mut [Rows], scored: &[Vec<bool>]) {
        let is_scored = |account: u32| scored[Account(account).part()][Account(account).place()];
        for (rows, ruler) in rows.iter_mut().zip(&self.ruler.networks) {
            for gifts in &mut rows.gifts {
                Arc::make_mut(&mut gifts.given).set_apart(is_scored);
                let half_life = ruler.half_life_of(&ruler.features[gifts.feature]);
                gifts.fade(&Decay::new(half_life, self.ruler.window), &self.log, self.ruler.least());
            }
        }
    }

    /// Whose standing may be another than that of those who only act, by part and place: who has a row, is somebody's, or holds a score.
    fn scored(&self, parts: &[Vec<Rows>]) -> Vec<Vec<bool>> {
        let of_part = |(part, rows): (usize, &Vec<Rows>)| {
            let mut scored = vec![false; self.ledger.accounts.part_len(part)];
            let have_rows = rows.iter().flat_map(|rows| rows.places.iter());
            let owned = self.owners.of_part(part).iter().map(|owned| &owned.place);
            let hold = self.held_of(part).iter().map(|(place, _)| place);
            for place in have_rows.chain(owned).chain(hold) {
                scored[*place as usize] = true;
            }
            scored
        };
        parts.par_iter().enumerate().map(of_part).collect()
    }

    /// The features of the accounts of a part.
    pub(crate) fn rows_of(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut groups = groups.to_vec();
        let mut rows: Vec<Gathered> = groups.iter().map(Gathered::new).collect();
        self.walk_part(part, &mut groups, |group, account, values, found| {
            rows[group.index].push(Account(account).place(), values, found, group.noted());
        })?;
        Ok(rows.into_iter().zip(groups).map(|(rows, group)| rows.into_rows(group.into_noted())).collect())
    }

    /// What depends on the standing of those who act.
    pub(crate) fn weigh(&self, sheet: &Sheet, rows: &Rows, by: Weighing) -> Anew {
        let are_summed = match by {
            Weighing::Kept => return Anew::new(),
            Weighing::Any => false,
            Weighing::Scored => sheet.least == self.ruler.least(),
        };
        let of_feature =
            |gifts: &Gifts| (gifts.feature, self.weighed(gifts, &rows.columns[gifts.feature], are_summed));
        rows.gifts.iter().map(of_feature).collect()
    }

    /// What gifts are worth by the standing of those who act; of those who only act as it `is_summed` up.
    fn weighed(&self, gifts: &Gifts, kept: &[f64], is_summed: bool) -> Vec<f64> {
        let Gifts { given, worth, sums, .. } = gifts;
        let Given { by_scored, by_others, .. } = &**given;
        let scored = self.standings.of(&by_scored.actors);
        let others = if is_summed { Vec::new() } else { self.standings.of(&by_others.actors) };
        given.column(kept, |row, scored_list, others_list| {
            let others =
                if is_summed { sums[row] } else { by_others.weighed(others_list, &self.log, worth, &others) };
            by_scored.weighed(scored_list, &self.log, worth, &scored) + others
        })
    }
}
