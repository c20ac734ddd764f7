//! Whom one reaches: the accounts that react to somebody, and the few people who together reach the most.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use foldhash::HashSet;
use rayon::prelude::*;

use crate::accounts::Account;
use crate::curve::Score;
use crate::score::Scoring;
use crate::scratch::ScratchError;
use crate::words::Word;

/// Whom to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The least score.
    pub min_score: Score,
    /// Only reactions on this network count, and only people who have an account there.
    pub network: Option<Word>,
    /// How many people.
    pub limit: usize,
    /// Whether those who together reach the most are wanted, and not those who stand highest.
    pub spread: bool,
}

/// Somebody who was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The person.
    pub person: String,
    /// Their score.
    pub score: Score,
    /// How many different accounts reacted to them within the window.
    pub actors: u64,
    /// How many of those reacted to nobody who was chosen before.
    pub new: u64,
}

/// Somebody who may be chosen, and who reacts to them.
struct Candidate<'s> {
    person: &'s str,
    score: Score,
    actors: Vec<u32>,
}

impl Scoring<'_> {
    /// Chooses among the persons of the people file who are scored and for whom `may` holds. With `spread`, each next one is who adds the
    /// most accounts that nobody chosen before reaches, the higher score and then the name deciding between equals: no choice of
    /// as many that can be found in reasonable time is surely better, and this one reaches at least 63 % of what the best would (G.
    /// Nemhauser, L. Wolsey and M. Fisher, "An analysis of approximations for maximizing submodular set functions", 1978).
    ///
    /// # Errors
    /// [`ScratchError`], where rows were laid aside.
    pub fn choose(
        &self,
        wanted: &Wanted,
        may: impl Fn(&str) -> bool + Sync,
    ) -> Result<Vec<Chosen>, ScratchError> {
        let people = &self.roster.people;
        let candidates = people.par_iter().filter(|person| person.is_scored(self.roster.everyone));
        let candidates: Result<Vec<Option<Candidate<'_>>>, ScratchError> = candidates
            .map(|person| {
                let score = self.score_of(&person.accounts);
                if score < wanted.min_score || !may(&person.id) {
                    return Ok(None);
                }
                let is_on = |account: &&Account| {
                    wanted.network.is_none_or(|network| self.ledger.accounts.network(**account) == network)
                };
                let on: Vec<Account> = person.accounts.iter().filter(is_on).copied().collect();
                if on.is_empty() && wanted.network.is_some() {
                    return Ok(None);
                }
                let actors = self.actors(&on, &person.accounts)?;
                Ok(Some(Candidate { person: &person.id, score, actors }))
            })
            .collect();
        let mut candidates: Vec<Candidate<'_>> = candidates?.into_iter().flatten().collect();
        candidates.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.person.cmp(b.person)));
        Ok(if wanted.spread { spread(&candidates, wanted.limit) } else { first(&candidates, wanted.limit) })
    }

    /// Who reacted to these accounts within the window, other than the person's own and those who count for nobody; sorted.
    fn actors(&self, accounts: &[Account], own: &[Account]) -> Result<Vec<u32>, ScratchError> {
        let mut actors = Vec::new();
        for account in accounts {
            let gifts = self.ledger.parts[account.part()].gifts.of_group(|gift| gift.target, &account.0)?;
            let standings = self.standings.of_actors(&gifts);
            let counts = gifts.iter().zip(standings).filter(|(gift, standing)| {
                *standing > 0
                    && self.ruler.window.age(gift.day, self.as_of).is_some()
                    && !own.iter().any(|own| own.0 == gift.actor)
            });
            actors.extend(counts.map(|(gift, _)| gift.actor));
        }
        actors.sort_unstable();
        actors.dedup();
        Ok(actors)
    }
}

/// Those who stand highest.
fn first(candidates: &[Candidate<'_>], limit: usize) -> Vec<Chosen> {
    let mut reached = HashSet::default();
    candidates.iter().take(limit).map(|candidate| take(candidate, &mut reached)).collect()
}

/// Those who together reach the most. What somebody adds only ever shrinks, so that whoever was best with an old figure and still is with
/// the new one need not be held against the rest (M. Minoux, "Accelerated greedy algorithms", 1978).
fn spread(candidates: &[Candidate<'_>], limit: usize) -> Vec<Chosen> {
    let mut reached: HashSet<u32> = HashSet::default();
    let mut chosen = Vec::new();
    let all = candidates.iter().enumerate();
    // What each adds at most, the earlier first among equals, and how many were chosen when that was found.
    let mut open: BinaryHeap<(usize, Reverse<usize>, usize)> =
        all.map(|(place, candidate)| (candidate.actors.len(), Reverse(place), 0)).collect();
    while chosen.len() < limit
        && let Some((adds, Reverse(place), when)) = open.pop()
    {
        let candidate = &candidates[place];
        if when == chosen.len() {
            chosen.push(take(candidate, &mut reached));
        } else {
            let now = candidate.actors.iter().filter(|actor| !reached.contains(*actor)).count();
            debug_assert!(now <= adds);
            open.push((now, Reverse(place), chosen.len()));
        }
    }
    chosen
}

fn take(candidate: &Candidate<'_>, reached: &mut HashSet<u32>) -> Chosen {
    let new = candidate.actors.iter().filter(|actor| reached.insert(**actor)).count();
    Chosen {
        person: candidate.person.to_owned(),
        score: candidate.score,
        actors: candidate.actors.len() as u64,
        new: new as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidates(sets: &[Vec<u32>]) -> Vec<Candidate<'static>> {
        let of = |(place, actors): (usize, &Vec<u32>)| {
            let mut actors = actors.clone();
            actors.sort_unstable();
            actors.dedup();
            Candidate { person: "somebody", score: Score(900_000 - place as u32), actors }
        };
        sets.iter().enumerate().map(of).collect()
    }

    /// Greedy choice as one would write it first.
    fn plainly(candidates: &[Candidate<'_>], limit: usize) -> Vec<(Score, u64)> {
        let mut left: Vec<&Candidate<'_>> = candidates.iter().collect();
        let (mut reached, mut chosen) = (HashSet::default(), Vec::new());
        while chosen.len() < limit && !left.is_empty() {
            let adds = |candidate: &Candidate<'_>| {
                candidate.actors.iter().filter(|actor| !reached.contains(*actor)).count()
            };
            let best = (0..left.len()).max_by_key(|&place| (adds(left[place]), Reverse(place))).unwrap();
            let best = left.remove(best);
            let taken = take(best, &mut reached);
            chosen.push((taken.score, taken.new));
        }
        chosen
    }

    proptest! {
        #[test]
        fn lazily_chosen_is_greedily_chosen(
            sets in proptest::collection::vec(proptest::collection::vec(0_u32..40, 0..12), 0..14),
            limit in 0_usize..10,
        ) {
            let candidates = candidates(&sets);
            let chosen: Vec<(Score, u64)> =
                spread(&candidates, limit).iter().map(|one| (one.score, one.new)).collect();
            prop_assert_eq!(chosen, plainly(&candidates, limit));
        }
    }
}
