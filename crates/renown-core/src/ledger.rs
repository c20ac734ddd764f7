//! The ledger: a tally put in order, ready to be scored as often as one likes.
//!
//! Everything that needs all records at once happens here and once: handles are joined with accounts, acts on posts get
//! the post's author as their target, acts that were read twice count once, a post's newest totals win, and each act
//! learns what else its actor did that day. No weight is applied, so that a changed weight costs a scoring and never a
//! reading.

mod least;
mod row;
mod settle;

use std::sync::Arc;

use crate::accounts::{Account, Accounts};
use crate::record::{Day, Timestamp};
use crate::scratch::{Rows, ScratchError};
use crate::tally::{COMMUNITY, Flow, Member, Seen, Shape, Tally};
use crate::words::{Word, Words};
pub(crate) use row::{Gift, Posted};

/// One part of the ledger, each list sorted by account first.
#[derive(Debug, Default)]
pub(crate) struct LedgerPart {
    pub(crate) gifts: Rows<Gift>,
    pub(crate) posts: Rows<Posted>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) seen: Vec<Seen>,
    /// Who took part in which communities.
    pub(crate) members: Vec<Member>,
}

impl LedgerPart {
    /// Whether nothing is known of any account of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.gifts.is_empty() && self.posts.is_empty() && self.flows.is_empty() && self.seen.is_empty()
    }
}

/// A tally put in order.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) words: Arc<Words>,
    pub(crate) post: Word,
    pub(crate) accounts: Accounts,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) parts: Vec<LedgerPart>,
    /// Handles and the accounts that have them, sorted.
    aliases: Vec<(u32, u32)>,
    /// How many names in the table of accounts are no account's own: handles that were joined, and communities.
    pub(crate) other_names: usize,
    /// Whether there is no limit to memory.
    pub(crate) may_take_memory: bool,
}

impl Ledger {
    /// Puts a tally in order. Uses the current rayon thread pool.
    ///
    /// # Errors
    /// [`ScratchError`]: what was laid aside, as [`Tally::within`] a room, cannot be had or has no place.
    pub fn settle(tally: Tally) -> Result<Self, ScratchError> {
        settle::settle(tally)
    }

    /// The table of words.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// The table of accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Gives back the memory of what accounts are searched with, where memory is short and hardly any account will be searched for: the first
    /// [`Ledger::find`] then takes milliseconds.
    pub fn search_no_more(&self) {
        self.accounts.search_no_more();
    }

    /// The account that has a handle (given with its `@`), or that goes by this id.
    pub fn find(&self, network: Word, id: crate::record::Id<'_>) -> Option<Account> {
        let account = match id {
            crate::record::Id::Text(text) if text.starts_with('@') => {
                let lower = text.to_lowercase();
                self.accounts.find(network, crate::record::Id::Text(&lower))
            }
            id => self.accounts.find(network, id),
        }?;
        Some(Account(owner(&self.aliases, account.0)))
    }

    /// The communities that an account took part in, by name, each with the newest day of it; [`Day::UNDATED`] where it always does.
    pub fn communities(&self, account: Account) -> Vec<(String, Day)> {
        let members = &self.parts[account.part()].members;
        let start = members.partition_point(|member| member.account < account.0);
        let theirs = members[start..].iter().take_while(|member| member.account == account.0);
        let mut communities: Vec<(String, Day)> = theirs
            .filter_map(|member| {
                let (_, name) = self.accounts.name(Account(member.community));
                Some((name.strip_prefix(COMMUNITY)?.to_owned(), member.day))
            })
            .collect();
        communities.sort_unstable();
        communities
    }

    /// The newest number of a metric that was seen beside an account, and when (`None` undated), if one was.
    pub fn latest(&self, account: Account, metric: Word) -> Option<(Option<Timestamp>, u64)> {
        let seen = &self.parts[account.part()].seen;
        let end = seen.partition_point(|seen| (seen.account(), seen.metric()) <= (account.0, metric));
        let newest = seen[..end].last()?;
        let is_of_it = (newest.account(), newest.metric()) == (account.0, metric);
        let at = Timestamp::from_seconds(i64::from(newest.at())).filter(|_| newest.at() > 0);
        is_of_it.then_some((at, newest.value))
    }
}

fn owner(aliases: &[(u32, u32)], account: u32) -> u32 {
    aliases.binary_search_by_key(&account, |pair| pair.0).map_or(account, |at| aliases[at].1)
}
