//! Taking back those posts of an account that show the least, as whoever wants better ratios would.

use std::cmp::Reverse;
use std::sync::PoisonError;

use super::owner;
use super::settle::{first_owners, keep_newest, one_author};
use crate::accounts::{Account, PARTS};
use crate::tally::{Gone, PostRow, Tally, filled};

impl Tally {
    /// Takes back the posts of an account, all but those that show the largest totals, as records that say so would
    /// ([`crate::record::Undone::Post`]). `kept` is given how many posts there are, and gives how many stay; their number is
    /// returned. Of equals it is decided by their ids' hashes, which stay.
    ///
    /// # Panics
    /// If rows were laid aside, as of a tally [`Tally::within`] a room.
    pub fn keep_best_posts(&self, author: Account, kept: impl FnOnce(usize) -> usize) -> usize {
        let handles = self.handles.iter().flat_map(|part| {
            let part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.rows().copied().collect::<Vec<_>>()
        });
        let aliases = first_owners(handles.collect(), &self.accounts);
        let mut posts: Vec<(Reverse<u64>, u64, usize)> = Vec::new();
        for part in 0..PARTS {
            posts.extend(self.shown(part, author, &aliases).map(|(total, key)| (Reverse(total), key, part)));
        }
        posts.sort_unstable();
        let all = posts.len();
        let kept = kept(all).min(all);
        for (_, key, part) in posts.drain(kept..) {
            let mut gone = self.gone[part].lock().unwrap_or_else(PoisonError::into_inner);
            gone.append(&[Gone(key)]);
        }
        all
    }

    /// The posts of an account in a part: the sum of what each shows, and its key.
    fn shown(
        &self,
        part: usize,
        author: Account,
        aliases: &[(u32, u32)],
    ) -> impl Iterator<Item = (u64, u64)> {
        let shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner).clone().into_list();
        let mut gone: Vec<Gone> =
            self.gone[part].lock().unwrap_or_else(PoisonError::into_inner).rows().copied().collect();
        gone.sort_unstable();
        let mut rows: Vec<PostRow> = {
            let part = self.posts[part].lock().unwrap_or_else(PoisonError::into_inner);
            let is_theirs = |row: &&PostRow| owner(aliases, row.author) == author.0;
            let mut theirs: Vec<u64> = part.rows().filter(is_theirs).map(|row| row.object).collect();
            theirs.sort_unstable();
            let of_theirs = |row: &&PostRow| theirs.binary_search(&row.object).is_ok();
            part.rows().filter(of_theirs).copied().collect()
        };
        for row in &mut rows {
            row.author = owner(aliases, row.author);
        }
        rows.sort_unstable();
        let posts: Vec<(u64, u64)> = rows
            .chunk_by_mut(|a, b| a.object == b.object)
            .filter_map(|post| {
                let key = post[0].object;
                let is_post = post.iter().any(|row| row.is_post) && gone.binary_search(&Gone(key)).is_err();
                if !is_post || one_author(&self.accounts, post.iter()) != author.0 {
                    return None;
                }
                keep_newest(post, &shapes);
                let totals = post.iter().flat_map(|row| filled(row.shape, &row.totals, &shapes));
                Some((totals.fold(0, |sum: u64, (_, _, total)| sum.saturating_add(total)), key))
            })
            .collect();
        posts.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::{Handle, Id, Post, Undo, Undone};
    use crate::tally::state::State;
    use crate::words::Words;

    /// Ten posts of an account, every other one read under its handle; the higher the id, the more likes. One by somebody else.
    fn posts(undone: &[i64]) -> (Tally, Account) {
        let words = Arc::new(Words::new());
        let (network, like) = (words.intern("net").unwrap(), words.intern("like").unwrap());
        let tally = Tally::new(words, None).unwrap();
        let mut batch = tally.batch();
        for id in 1..=11 {
            let author = match id {
                11 => Id::Number(8),
                id if id % 2 == 0 => Id::Text("@them"),
                _ => Id::Number(7),
            };
            let (author, totals) = (Some(author), [(like, id as u64)]);
            let post =
                Post { network, id: Id::Number(id), author, at: None, observed_at: None, totals: &totals };
            batch.post(&tally, &post).unwrap();
        }
        batch.handle(&Handle { network, account: Id::Number(7), handle: "them" }).unwrap();
        for id in undone {
            let undo = Undo { at: None, network, undone: Undone::Post(Id::Number(*id)) };
            batch.undo(&tally, &undo).unwrap();
        }
        tally.add(&mut batch);
        let author = tally.accounts().find(network, Id::Number(7)).unwrap();
        (tally, author)
    }

    /// The bytes of what was taken back.
    fn gone(tally: Tally) -> Vec<Vec<u8>> {
        let state = State::new(tally);
        let blocks = state.blocks();
        let gone = blocks.iter().filter(|block| block.section == crate::tally::state::Section::Gone);
        gone.map(|block| state.encode(block)).collect()
    }

    #[test]
    fn it_is_as_if_records_took_them_back() {
        let (tally, author) = posts(&[]);
        assert_eq!(tally.keep_best_posts(author, |all| all - 7), 10);
        assert_eq!(gone(tally), gone(posts(&[1, 2, 3, 4, 5, 6, 7]).0));
    }

    #[test]
    fn what_is_gone_is_not_there_to_be_taken_back() {
        let (tally, author) = posts(&[10, 2]);
        assert_eq!(tally.keep_best_posts(author, |all| all), 8);
        assert_eq!(tally.keep_best_posts(author, |_| 1), 8);
        assert_eq!(tally.keep_best_posts(author, |_| 1), 1);
        assert_eq!(gone(tally), gone(posts(&[1, 2, 3, 4, 5, 6, 7, 8, 10]).0));
    }
}
