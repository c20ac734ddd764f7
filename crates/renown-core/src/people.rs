//! Persons: accounts that belong together, and who agreed to be scored.

use crate::accounts::Account;

/// A person of the people file, with the accounts that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name in outputs.
    pub id: String,
    /// Whether they agreed to be scored; `None` if the people file does not say.
    pub consent: Option<bool>,
    /// Never scored, whatever else is said.
    pub minor: bool,
    /// Not scored, and what they do counts for nobody.
    pub exclude: bool,
    /// Their accounts that appear in the records.
    pub accounts: Vec<Account>,
}

impl Person {
    /// Whether they get a score. Somebody who said no gets none even where everyone else is scored.
    pub fn is_scored(&self, everyone: bool) -> bool {
        self.consent.unwrap_or(everyone) && !self.minor && !self.exclude
    }
}

/// Who is to be scored.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// The persons of the people file.
    pub people: Vec<Person>,
    /// Whether every account that nobody in the people file has is scored as a person of its own.
    pub everyone: bool,
}
