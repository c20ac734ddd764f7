//! Features kept as columns: what scores are computed from, as often as weights change.
//!
//! To walk all records takes the most time, and what is found there depends on no weight. So it is done once, and each round of
//! scoring, and each other ruler that asks for the same, looks columns up. Only the stat `weighted`, which depends on the
//! standing of those who act, is summed up anew for each round, from what each of them gave.

mod faded;

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::cover::Cover;
use crate::curve::Curve;
use crate::feature::{Extractor, Found, Noted, weighed};
use crate::fixed::{Decay, Log2, to_f64};
use crate::formula::FormulaFailure;
use crate::given::{Given, Lists};
use crate::ruler::{Feature, NetworkRuler, Standing};
use crate::score::{Group, PartResults, Scoring};
use crate::scratch::ScratchError;
use crate::stat::Stat;
use crate::words::Word;

/// The features of all accounts that have records, by part and then by the ruler's networks.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) parts: Vec<Vec<Rows>>,
    /// What gave everybody who acts the standing by which `weighted` was found.
    pub(crate) standing: Standing,
    /// The standing of those who only act, once everybody has been scored, by which `Weighed::sums` were found.
    least: u32,
    /// By network and feature, how the bent columns were bent.
    pub(crate) bends: Vec<Vec<Bend>>,
}

/// How a feature's values are bent: its curve and its cap.
pub(crate) type Bend = (Curve, Option<f64>);

pub(crate) fn bends(ruler: &NetworkRuler) -> Vec<Bend> {
    ruler.features.iter().map(|feature| (feature.curve.clone(), feature.cap)).collect()
}

/// Accounts of one network and part, a row each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Their places in the part, in order.
    places: Arc<Vec<u32>>,
    /// Whether something lay outside the window.
    outside: Arc<Vec<bool>>,
    /// The values of each feature; `NaN` is missing. A column is empty if it is missing everywhere, as most are. Of what was found to fade
    /// otherwise since (see [`Weighed::sums`]), `weighted` says only where nothing was given: it is weighed each time.
    columns: Vec<Arc<Vec<f64>>>,
    /// The columns as the ruler bends them by which they were found, if rows are kept.
    bent: Vec<Arc<Vec<f64>>>,
    /// By kind, if rows are kept: what was given by acts of those kinds that fade.
    gifts: Vec<Gifts>,
    /// Whether something that is `recent` came from nobody known.
    has_recent_totals: bool,
    /// Of each feature `per_post`, if rows are kept, what it divides by posts; a column is empty as those of values are.
    divided: Arc<Vec<(usize, Vec<f64>)>>,
    posts: Arc<Vec<f64>>,
}

/// What was given to each account by acts of one kind.
#[derive(Clone, Debug)]
struct Gifts {
    kind: Word,
    given: Arc<Given>,
    /// Of the feature that weighs it by standing, if there is one.
    weighed: Option<Weighed>,
}

/// What a feature counts of what was given.
#[derive(Clone, Debug)]
struct Weighed {
    feature: usize,
    /// What each way to give is worth before standing.
    worth: Arc<Vec<u64>>,
    /// What those who only act give each account; `None` if it fades otherwise than when the column was found.
    sums: Option<Arc<Vec<u128>>>,
}

/// By what standing it is to be found what each actor gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weighing {
    /// By that which everybody begins with, with which the sheet was made: as it is kept.
    Kept,
    /// By that which everybody begins with, or by the score that they hold.
    First,
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
    /// Of each kind that is noted.
    lists: Vec<Lists>,
    /// Of each feature `per_post`, if anything is noted.
    divided: Vec<(usize, Vec<f64>)>,
    posts: Vec<f64>,
}

impl Gathered {
    /// Of a group's network; what depends on fading and on posts is taken apart if the group notes who gave what.
    fn new(group: &Group<'_>) -> Self {
        let (features, noted) = (&group.ruler.features, group.extractor_at_hand().noted());
        let per_post =
            features.iter().enumerate().filter(|(_, of)| noted.is_some() && of.stat == Stat::PerPost);
        Self {
            places: Vec::new(),
            outside: Vec::new(),
            columns: vec![Vec::new(); features.len()],
            lists: vec![Lists::default(); noted.map_or(0, |noted| noted.kinds.len())],
            divided: per_post.map(|(feature, _)| (feature, Vec::new())).collect(),
            posts: Vec::new(),
        }
    }

    fn push(&mut self, place: usize, values: &[Option<f64>], found: Found, extractor: &Extractor<'_>) {
        let rows = self.places.len();
        if let Some(noted) = extractor.noted() {
            for (list, pairs) in self.lists.iter_mut().zip(&noted.pairs) {
                for &(actor, way) in pairs {
                    list.push(actor, way);
                }
                list.end();
            }
            for (feature, column) in &mut self.divided {
                add(column, rows, extractor.divided(*feature));
            }
            if !self.divided.is_empty() {
                self.posts.push(extractor.posts_made());
            }
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            add(column, rows, *value);
        }
        self.places.push(place as u32);
        self.outside.push(found.outside);
    }

    /// The rows, of which nobody is set apart yet.
    fn into_rows(self, group: Group<'_>) -> Rows {
        let features = &group.ruler.features;
        let Noted { kinds, ways, has_recent_totals, .. } = group.into_noted().unwrap_or_default();
        let gifts = self.lists.into_iter().zip(kinds).zip(ways).map(|((by_scored, kind), mut ways)| {
            ways.search_no_more();
            let weighed = features.iter().position(|of| (of.word, of.stat) == (kind, Stat::Weighted));
            Gifts {
                kind,
                given: Arc::new(Given { ways, by_scored, by_others: Lists::default() }),
                weighed: weighed.map(|feature| Weighed { feature, worth: Arc::default(), sums: None }),
            }
        });
        Rows {
            gifts: gifts.collect(),
            places: Arc::new(self.places),
            outside: Arc::new(self.outside),
            columns: self.columns.into_iter().map(Arc::new).collect(),
            bent: Vec::new(),
            has_recent_totals,
            divided: Arc::new(self.divided),
            posts: Arc::new(self.posts),
        }
    }
}

/// Adds a value to a column, which is empty as long as all are missing.
fn add(column: &mut Vec<f64>, rows: usize, value: Option<f64>) {
    match value {
        Some(value) => {
            column.resize(rows, f64::NAN);
            column.push(value);
        }
        None if column.is_empty() => {}
        None => column.push(f64::NAN),
    }
}

impl Gifts {
    /// Finds out what all that was given is worth as it fades.
    fn fade(&mut self, decay: &Decay) {
        let Some(weighed) = &mut self.weighed else { return };
        *weighed = Weighed { worth: Arc::new(self.given.ways.faded(decay)), sums: None, ..*weighed };
    }

    /// Sums up what those who only act give if they have this standing.
    fn sum_up(&mut self, log: &Log2, least: u32) {
        let Some(weighed) = &mut self.weighed else { return };
        let by_way = weighed.by_way(log, least);
        weighed.sums = Some(Arc::new(self.given.by_others.sums(&by_way).collect()));
    }
}

impl Weighed {
    /// What each way is worth of somebody who has this standing.
    fn by_way(&self, log: &Log2, standing: u32) -> Vec<u64> {
        self.worth.iter().map(|&worth| weighed(log, worth, standing)).collect()
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

/// A column as a feature caps and bends it, to be kept.
fn bent(feature: &Feature, column: &[f64]) -> Arc<Vec<f64>> {
    let mut bent = vec![0.0; column.len()];
    bend(feature, column, &mut bent);
    Arc::new(bent)
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
        let bends = self.ruler.networks.iter().map(bends).collect();
        Ok(Sheet { parts, standing: self.ruler.standing, least: self.ruler.least(), bends })
    }

    /// The features of everybody, bent, for the rounds of this scoring alone: who gave what is not noted.
    pub(crate) fn first_rows(&self) -> Result<Vec<Vec<Rows>>, ScratchError> {
        let groups = self.groups();
        let of_part = |part| {
            let mut rows = self.bent_rows(part, &groups)?;
            // Nothing asks for values as they are: by this ruler all columns are bent, and stay so.
            for rows in &mut rows {
                rows.columns.clone_from(&rows.bent);
            }
            Ok(rows)
        };
        let parts: Vec<Result<Vec<Rows>, ScratchError>> = (0..PARTS).into_par_iter().map(of_part).collect();
        parts.into_iter().collect()
    }

    /// What depends on the standing of those who act, of a part's accounts that have records, by network: found anew from the records.
    pub(crate) fn weighed_anew(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Anew>, ScratchError> {
        let mut groups = groups.to_vec();
        let mut rows = vec![0; self.ruler.networks.len()];
        let by_standing = |ruler: &NetworkRuler| -> Anew {
            let features = ruler.features.iter().enumerate().filter(|(_, feature)| feature.is_by_standing());
            features.map(|(index, _)| (index, Vec::new())).collect()
        };
        let mut anew: Vec<Anew> = self.ruler.networks.iter().map(by_standing).collect();
        if groups.is_empty() {
            return Ok(anew);
        }
        self.walk_part(part, &mut groups, |group, _, values, _| {
            let rows = &mut rows[group.index];
            for ((_, column), value) in anew[group.index].iter_mut().zip(values) {
                add(column, *rows, *value);
            }
            *rows += 1;
        })?;
        Ok(anew)
    }

    /// The rows of a part, bent, of which nobody is set apart yet.
    fn bent_rows(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Rows>, ScratchError> {
        let mut rows = self.rows_of(part, groups)?;
        for (rows, ruler) in rows.iter_mut().zip(&self.ruler.networks) {
            let columns = ruler.features.iter().zip(&rows.columns);
            rows.bent = columns.map(|(feature, column)| bent(feature, column)).collect();
        }
        Ok(rows)
    }

    /// Sets those apart who only act, and sums up what they give.
    fn set_apart(&self, rows: &mut [Rows], scored: &[Vec<bool>]) {
        let is_scored = |account: u32| scored[Account(account).part()][Account(account).place()];
        for (rows, ruler) in rows.iter_mut().zip(&self.ruler.networks) {
            for gifts in &mut rows.gifts {
                Arc::make_mut(&mut gifts.given).set_apart(is_scored);
                if let Some(weighed) = &gifts.weighed {
                    let half_life = ruler.half_life_of(&ruler.features[weighed.feature]);
                    gifts.fade(&Decay::new(half_life, self.ruler.window));
                    gifts.sum_up(&self.log, self.ruler.least());
                }
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
            let place = Account(account).place();
            rows[group.index].push(place, values, found, group.extractor_at_hand());
        })?;
        Ok(rows.into_iter().zip(groups).map(|(rows, group)| rows.into_rows(group)).collect())
    }

    /// What depends on the standing of those who act, and is not in the sheet.
    pub(crate) fn weigh(&self, sheet: &Sheet, rows: &Rows, by: Weighing) -> Anew {
        let column_of = |gifts: &Gifts| {
            let weighed = gifts.weighed.as_ref()?;
            if by == Weighing::Kept && weighed.sums.is_some() {
                return None;
            }
            let kept = &rows.columns[weighed.feature];
            Some((weighed.feature, self.weighed(&gifts.given, weighed, kept, (by, sheet.least))))
        };
        rows.gifts.iter().filter_map(column_of).collect()
    }

    /// What gifts are worth by the standing of those who act; of those who only act sums are kept by the standing `least`.
    fn weighed(
        &self,
        given: &Given,
        weighed: &Weighed,
        kept: &[f64],
        (by, least): (Weighing, u32),
    ) -> Vec<f64> {
        let (by_scored, by_others) = (&given.by_scored, &given.by_others);
        let each = |standings: &[u32], list| by_scored.weighed(list, &self.log, &weighed.worth, standings);
        // Each case has a loop of its own: there are millions of short lists.
        match (by, &weighed.sums) {
            (Weighing::Kept | Weighing::First, _) => {
                let at_start = weighed.by_way(&self.log, self.ruler.standing.at_start());
                let others = |list| by_others.sum(list, &at_start);
                if self.held.is_empty() {
                    // Nobody has another standing but those who count for nobody, and they give nothing.
                    return column(given, kept, |_, (list, rest)| {
                        by_scored.sum(list, &at_start) + others(rest)
                    });
                }
                let standings = self.standings.of(&by_scored.actors);
                column(given, kept, |_, (list, rest)| each(&standings, list) + others(rest))
            }
            (_, Some(sums)) if least == self.ruler.least() => {
                let standings = self.standings.of(&by_scored.actors);
                column(given, kept, |row, (list, _)| each(&standings, list) + sums[row])
            }
            _ => {
                let standings = self.standings.of(&by_scored.actors);
                let at_least = weighed.by_way(&self.log, self.ruler.least());
                column(given, kept, |_, (list, rest)| each(&standings, list) + by_others.sum(rest, &at_least))
            }
        }
    }
}

/// Where the lists of an account lie, of those whose standing depends on scores and of those who only act.
type Both = (Range<usize>, Range<usize>);

/// Whether somebody gave to an account.
fn is_given(lists: &Both) -> bool {
    !(lists.0.is_empty() && lists.1.is_empty())
}

/// A column with what was given to each account instead, in fixed point. Where nothing was, it stays as it was kept: nothing, or what stands
/// in for it.
fn column(given: &Given, kept: &[f64], of_row: impl Fn(usize, Both) -> u128) -> Vec<f64> {
    let value = |(row, (&kept, lists)): (usize, (&f64, Both))| {
        if is_given(&lists) { to_f64(of_row(row, lists)) } else { kept }
    };
    kept.iter().zip(given.lists()).enumerate().map(value).collect()
}
