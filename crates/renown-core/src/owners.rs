//! Whose accounts are.

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::people::Person;

/// The accounts that persons of the people file have.
#[derive(Debug)]
pub(crate) struct Owners {
    /// By part, in the order of places.
    parts: Vec<Vec<Owned>>,
    /// The accounts of those who count for nobody.
    pub(crate) excluded: Vec<Account>,
}

/// An account that a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owned {
    /// Its place in its part.
    pub(crate) place: u32,
    /// The person's, in the people file.
    pub(crate) person: u32,
    /// Whether it is all that the person has. So it is with most, and then nobody need look the others up.
    pub(crate) alone: bool,
}

impl Owners {
    pub(crate) fn of(people: &[Person]) -> Self {
        let mut parts: Vec<Vec<Owned>> = vec![Vec::new(); PARTS];
        let mut excluded = Vec::new();
        for (person, index) in people.iter().zip(0..) {
            let alone = person.accounts.len() == 1;
            if person.exclude {
                excluded.extend(&person.accounts);
            }
            for account in &person.accounts {
                parts[account.part()].push(Owned { place: account.place() as u32, person: index, alone });
            }
        }
        parts.par_iter_mut().for_each(|part| part.sort_unstable());
        Self { parts, excluded }
    }

    /// The owned accounts of a part, in the order of places.
    pub(crate) fn of_part(&self, part: usize) -> &[Owned] {
        &self.parts[part]
    }

    /// The person who has an account.
    pub(crate) fn find(&self, account: Account) -> Option<usize> {
        let part = &self.parts[account.part()];
        let at = part.binary_search_by_key(&account.place(), |owned| owned.place as usize).ok()?;
        Some(part[at].person as usize)
    }
}
