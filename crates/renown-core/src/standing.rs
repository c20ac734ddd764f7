//! The standing of every account in one round of scoring.

use rayon::prelude::*;

use crate::accounts::{Account, Accounts, PARTS};
use crate::ledger::Gift;

/// Standings as 32-bit fractions, by part and place; 0 for those who count for nobody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standings {
    parts: Vec<Vec<u32>>,
    /// That of everybody, while it is the same.
    same: Option<u32>,
}

impl PartialEq for Standings {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Standings {
    /// The same for all.
    pub(crate) fn flat(standing: u32, accounts: &Accounts) -> Self {
        let parts = (0..PARTS).map(|part| vec![standing; accounts.part_len(part)]).collect();
        Self { parts, same: Some(standing) }
    }

    /// From those of each part, by place.
    pub(crate) fn new(parts: Vec<Vec<u32>>) -> Self {
        Self { parts, same: None }
    }

    /// Changes that of one account.
    pub(crate) fn set(&mut self, account: Account, standing: u32) {
        self.parts[account.part()][account.place()] = standing;
        self.same = None;
    }

    /// Changes those of parts, by place.
    pub(crate) fn change(&mut self, change: impl Fn(usize, &mut [u32]) + Sync) {
        self.parts.par_iter_mut().enumerate().for_each(|(part, standings)| change(part, standings));
        self.same = None;
    }

    /// Of a part, by place.
    pub(crate) fn of_part(&self, part: usize) -> &[u32] {
        &self.parts[part]
    }

    /// Those of the gifts' actors.
    pub(crate) fn of_actors(&self, gifts: &[Gift]) -> Vec<u32> {
        self.look_up(gifts.len(), gifts.iter().map(|gift| Account(gift.actor)))
    }

    /// Those of accounts.
    pub(crate) fn of(&self, accounts: &[u32]) -> Vec<u32> {
        self.look_up(accounts.len(), accounts.iter().map(|account| Account(*account)))
    }

    /// Actors come in no order, and where there are many millions of them the table is far larger than any cache and than what the
    /// processor knows the addresses of. So they are first laid out by part then, and looked up part by part.
    fn look_up(&self, length: usize, accounts: impl Iterator<Item = Account> + Clone) -> Vec<u32> {
        const FEW: usize = 4 * PARTS;
        // Eight megabytes, which lie in a cache.
        const NEAR: usize = 2 << 20;
        if let Some(same) = self.same {
            return vec![same; length];
        }
        let is_near = self.parts.iter().map(Vec::len).sum::<usize>() <= NEAR;
        if is_near || length < FEW || u32::try_from(length).is_err() {
            return accounts.map(|account| self.parts[account.part()][account.place()]).collect();
        }
        // Where each part begins, and later where it ends.
        let mut ends = [0; PARTS + 1];
        for account in accounts.clone() {
            ends[account.part() + 1] += 1;
        }
        for part in 0..PARTS {
            ends[part + 1] += ends[part];
        }
        let mut laid_out = vec![(0, 0); length];
        for (account, index) in accounts.zip(0_u32..) {
            let end = &mut ends[account.part()];
            laid_out[*end] = (account.place() as u32, index);
            *end += 1;
        }
        let mut standings = vec![0; length];
        let mut start = 0;
        for (part, &end) in self.parts.iter().zip(&ends) {
            for &(place, index) in &laid_out[start..end] {
                standings[index as usize] = part[place as usize];
            }
            start = end;
        }
        standings
    }
}
