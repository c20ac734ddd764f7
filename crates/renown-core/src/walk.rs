//! The accounts of a part, one after another, with all that is known of each.

use crate::ledger::{Gift, LedgerPart, Posted};
use crate::scratch::{ScratchError, Walk};
use crate::standing::Standings;
use crate::tally::{Flow, Seen};

/// Gifts, and the standing of each one's actor.
pub(crate) type GiftsAndStandings<'w> = (&'w [Gift], &'w [u32]);

/// A walk through a part. Of each account all rows are to be taken before the next is asked for.
#[derive(Debug)]
pub(crate) struct PartWalk<'l> {
    gifts: Walk<'l, Gift>,
    /// Those of the actors of the gifts at hand.
    standings: Vec<u32>,
    all_standings: &'l Standings,
    posts: Walk<'l, Posted>,
    flows: &'l [Flow],
    seen: &'l [Seen],
}

impl<'l> PartWalk<'l> {
    /// From the first account on.
    pub(crate) fn new(part: &'l LedgerPart, all_standings: &'l Standings) -> Self {
        let gifts = Walk::new(&part.gifts);
        let standings = all_standings.of_actors(gifts.piece());
        let posts = Walk::new(&part.posts);
        Self { gifts, standings, all_standings, posts, flows: &part.flows, seen: &part.seen }
    }

    /// The next account that has rows.
    pub(crate) fn next_account(&mut self) -> Result<Option<u32>, ScratchError> {
        self.refill_gifts()?;
        self.refill_posts()?;
        let heads = [
            self.gifts.head().map(|gift| gift.target),
            self.posts.head().map(|post| post.author),
            self.flows.first().map(|flow| flow.target),
            self.seen.first().map(|seen| seen.account()),
        ];
        Ok(heads.into_iter().flatten().min())
    }

    /// The account's next gifts, among which are all of a kind from an actor, and the actors' standings; `None` when there are no
    /// more.
    pub(crate) fn gifts(&mut self, account: u32) -> Result<Option<GiftsAndStandings<'_>>, ScratchError> {
        self.refill_gifts()?;
        let at = self.gifts.take_while(|gift| gift.target == account);
        Ok((!at.is_empty()).then(|| (&self.gifts.piece()[at.clone()], &self.standings[at])))
    }

    /// The account's next posts; `None` when there are no more.
    pub(crate) fn posts(&mut self, account: u32) -> Result<Option<&[Posted]>, ScratchError> {
        self.refill_posts()?;
        let at = self.posts.take_while(|post| post.author == account);
        Ok((!at.is_empty()).then(|| &self.posts.piece()[at]))
    }

    /// What the account received from nobody known.
    pub(crate) fn flows(&mut self, account: u32) -> &'l [Flow] {
        split_run(&mut self.flows, |flow| flow.target == account)
    }

    /// The numbers seen beside the account.
    pub(crate) fn seen(&mut self, account: u32) -> &'l [Seen] {
        split_run(&mut self.seen, |seen| seen.account() == account)
    }

    /// Passes the account over.
    pub(crate) fn skip(&mut self, account: u32) -> Result<(), ScratchError> {
        while self.gifts(account)?.is_some() {}
        while self.posts(account)?.is_some() {}
        self.flows(account);
        self.seen(account);
        Ok(())
    }

    fn refill_gifts(&mut self) -> Result<(), ScratchError> {
        if self.gifts.refill(|gift| (gift.target, gift.kind, gift.actor))? {
            self.standings = self.all_standings.of_actors(self.gifts.piece());
        }
        Ok(())
    }

    fn refill_posts(&mut self) -> Result<(), ScratchError> {
        self.posts.refill(|post| *post).map(drop)
    }
}

/// Takes the rows at the front for which `is` holds.
pub(crate) fn split_run<'l, T>(rows: &mut &'l [T], is: impl Fn(&T) -> bool) -> &'l [T] {
    let length = rows.iter().take_while(|row| is(row)).count();
    let (run, rest) = rows.split_at(length);
    *rows = rest;
    run
}
