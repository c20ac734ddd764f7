//! A sheet made of another one, by a ruler by which the same fades otherwise: no act is looked at again.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Bend, Rows, Sheet, bends, bent, column, is_given};
use crate::accounts::Account;
use crate::feature::per_post;
use crate::fixed::{Decay, to_f64};
use crate::given::Given;
use crate::record::Day;
use crate::ruler::{NetworkRuler, Ruler};
use crate::score::Scoring;
use crate::scratch;
use crate::stat::Stat;
use crate::tally::filled;
use crate::walk::split_run;
use crate::words::Word;

impl Scoring<'_> {
    /// The features of everybody, of what a sheet has by another ruler that asks alike: found anew is only what fades or divides
    /// otherwise, from what was given and from posts. `None` if all is to be found anew.
    pub(crate) fn sheet_like(&self, sheet: &Sheet, was: &Ruler) -> Option<Sheet> {
        let bends: Vec<Vec<Bend>> = self.ruler.networks.iter().map(bends).collect();
        if bends != sheet.bends {
            return None;
        }
        let faded = |(part, rows): (usize, &Vec<Rows>)| -> Option<Vec<Rows>> {
            rows.iter().enumerate().map(|(network, rows)| self.faded(part, rows, network, was)).collect()
        };
        let parts: Option<Vec<Vec<Rows>>> = sheet.parts.par_iter().enumerate().map(faded).collect();
        parts.map(|parts| Sheet { parts, standing: sheet.standing, least: sheet.least, bends })
    }

    /// Whether what a feature counts fades or divides otherwise than by another ruler that asks alike.
    fn is_other(&self, network: usize, feature: usize, was: &Ruler) -> bool {
        let (ruler, was_of) = (&self.ruler.networks[network], &was.networks[network]);
        let half_life = |of: &NetworkRuler| of.half_life_of(&of.features[feature]).to_bits();
        match ruler.features[feature].stat {
            Stat::Weighted | Stat::Recent => half_life(ruler) != half_life(was_of),
            Stat::PerPost => self.ruler.per_post_exponent.to_bits() != was.per_post_exponent.to_bits(),
            _ => false,
        }
    }

    /// Rows of a network that another ruler found, where what fades or divides otherwise by this one is found anew, or no longer kept
    /// (`weighted`); `None` if records are laid aside.
    fn faded(&self, part: usize, rows: &Rows, network: usize, was: &Ruler) -> Option<Rows> {
        let ruler = &self.ruler.networks[network];
        let is_there =
            |feature: &usize| !rows.columns[*feature].is_empty() && self.is_other(network, *feature, was);
        let others: Vec<usize> = (0..ruler.features.len()).filter(is_there).collect();
        let decay =
            |feature: usize| Decay::new(ruler.half_life_of(&ruler.features[feature]), self.ruler.window);
        let recent = others.iter().filter(|feature| ruler.features[**feature].stat == Stat::Recent);
        let recent: Vec<(Word, Decay)> =
            recent.map(|feature| (ruler.features[*feature].word, decay(*feature))).collect();
        let mut totals = self.recent_totals(part, rows, &recent)?.into_iter();
        let mut faded = rows.clone();
        for index in others {
            let (feature, kept) = (&ruler.features[index], &rows.columns[index]);
            let column = match feature.stat {
                Stat::PerPost => self.divided(rows, index, kept),
                Stat::Recent => {
                    let gifts = rows.gifts.iter().find(|gifts| gifts.kind == feature.word)?;
                    recent_column(&gifts.given, &decay(index), &totals.next()?, kept)
                }
                _ => {
                    // The column is found when it is weighed.
                    let gifts = faded.gifts.iter_mut().find(|gifts| gifts.kind == feature.word)?;
                    gifts.fade(&decay(index));
                    continue;
                }
            };
            (faded.bent[index], faded.columns[index]) = (bent(feature, &column), Arc::new(column));
        }
        Some(faded)
    }

    /// A column of a feature `per_post` with this ruler's exponent.
    fn divided(&self, rows: &Rows, feature: usize, kept: &[f64]) -> Vec<f64> {
        let divided = rows.divided.iter().find(|(of, _)| *of == feature);
        let divided = divided.map_or(&[][..], |(_, column)| column);
        let value = |(row, &kept): (usize, &f64)| match divided.get(row) {
            Some(&count) if !count.is_nan() => per_post(count, rows.posts[row], self.ruler.per_post_exponent),
            _ => kept,
        };
        kept.iter().enumerate().map(value).collect()
    }

    /// Of some kinds, what is left by age of all that came from nobody known, by row as far as there is something; `None` of a row that has
    /// nothing such. Nothing at all if records are laid aside.
    fn recent_totals(
        &self,
        part: usize,
        rows: &Rows,
        kinds: &[(Word, Decay)],
    ) -> Option<Vec<Vec<Option<u128>>>> {
        let mut totals: Vec<Vec<Option<u128>>> = vec![Vec::new(); kinds.len()];
        if !rows.has_recent_totals || kinds.is_empty() {
            return Some(totals);
        }
        let ledger = &self.ledger.parts[part];
        let scratch::Rows::Memory(posts) = &ledger.posts else { return None };
        let (mut posts, mut flows) = (&posts[..], &ledger.flows[..]);
        for (row, &place) in rows.places.iter().enumerate() {
            let account = Account::new(part, place as usize).0;
            let mut count = |kind: Word, day: Day, amount: u64| {
                let Some(at) = kinds.iter().position(|(of, _)| *of == kind) else { return };
                let Some(age) = self.ruler.window.age(day, self.as_of) else { return };
                totals[at].resize(row + 1, None);
                let left = kinds[at].1.at(age).unwrap_or(0);
                *totals[at][row].get_or_insert(0) += u128::from(left) * u128::from(amount);
            };
            split_run(&mut posts, |post| post.author < account);
            for post in split_run(&mut posts, |post| post.author == account) {
                if post.is_post {
                    count(self.ledger.post, post.day, 1);
                }
                for (_, kind, amount) in filled(post.shape, &post.totals, &self.ledger.shapes) {
                    count(kind, post.day, amount);
                }
            }
            split_run(&mut flows, |flow| flow.target < account);
            for flow in split_run(&mut flows, |flow| flow.target == account) {
                count(flow.kind, flow.day, flow.amount);
            }
        }
        Some(totals)
    }
}

/// A column of a feature `recent`: of all who gave what is left by age of their newest, or what totals have if that is more.
fn recent_column(given: &Given, decay: &Decay, totals: &[Option<u128>], kept: &[f64]) -> Vec<f64> {
    let left = given.ways.newest(decay);
    let mut values = column(given, kept, |_, lists| given.sum(lists, &left));
    for ((value, total), lists) in values.iter_mut().zip(totals).zip(given.lists()) {
        if let Some(total) = total.map(to_f64) {
            *value = if is_given(&lists) { value.max(total) } else { total };
        }
    }
    values
}
