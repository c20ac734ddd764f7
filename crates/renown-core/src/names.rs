//! The names of all accounts, for whoever looks for one of them.

use crate::accounts::{Account, Accounts, PARTS};
use crate::words::Word;

impl Accounts {
    /// The network and the text of the id of every account, in no order.
    pub fn names(&self) -> impl Iterator<Item = (Word, String)> {
        let all =
            (0..PARTS).flat_map(|part| (0..self.part_len(part)).map(move |place| Account::new(part, place)));
        all.map(|account| self.name(account))
    }
}
