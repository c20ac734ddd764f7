//! Scores that were published before: what gives their owners' reactions their worth from then on.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounts::Account;
use crate::curve::Score;
use crate::ledger::Ledger;
use crate::people::{Person, Roster};
use crate::record::Id;

/// Who had which score. Names are those of [`crate::listing::ScoredPerson::person`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published(pub BTreeMap<String, Score>);

impl Published {
    /// The accounts of those who had a score and still are scored, each with that score. Nobody in the people
    /// file is taken for the account of the same name.
    pub(crate) fn held(&self, ledger: &Ledger, roster: &Roster) -> Vec<(Account, Score)> {
        if self.0.is_empty() {
            // To put a million people in order takes a while.
            return Vec::new();
        }
        let persons: BTreeMap<&str, &Person> =
            roster.people.iter().map(|person| (person.id.as_str(), person)).collect();
        let owned: BTreeSet<Account> =
            roster.people.iter().flat_map(|person| &person.accounts).copied().collect();
        let mut held = Vec::new();
        for (name, score) in &self.0 {
            match persons.get(name.as_str()) {
                Some(person) if person.is_scored(roster.everyone) => {
                    held.extend(person.accounts.iter().map(|account| (*account, *score)));
                }
                Some(_) => {}
                None => held.extend(
                    lone(ledger, name).filter(|account| !owned.contains(account)).map(|a| (a, *score)),
                ),
            }
        }
        held
    }
}

/// The account that is called `network:id`.
fn lone(ledger: &Ledger, name: &str) -> Option<Account> {
    let (network, id) = name.split_once(':')?;
    ledger.accounts().find(ledger.words().find(network)?, Id::new(id))
}
