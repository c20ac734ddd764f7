//! Who acts on whom, among those who are scored: the only two who may be named together.

use rayon::prelude::*;

use crate::accounts::Account;
use crate::curve::Score;
use crate::score::Scoring;
use crate::scratch::ScratchError;

/// All pairs of scored persons of the people file of whom one acted on the other within the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquaintances {
    /// Who received and who acted, sorted.
    by_target: Vec<(u32, u32)>,
    /// Who acted and who received, sorted.
    by_actor: Vec<(u32, u32)>,
}

/// Those beside one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Names and scores, the highest score first.
    pub first: Vec<(String, Score)>,
    /// How many there are in all.
    pub all: u64,
}

impl Scoring<'_> {
    /// All pairs of a scoring.
    ///
    /// # Errors
    /// [`ScratchError`], where rows were laid aside.
    pub fn acquaintances(&self) -> Result<Acquaintances, ScratchError> {
        let people = &self.roster.people;
        let pairs =
            people.par_iter().enumerate().filter(|(_, person)| person.is_scored(self.roster.everyone));
        let pairs: Result<Vec<Vec<(u32, u32)>>, ScratchError> = pairs
            .map(|(target, person)| {
                let mut actors = Vec::new();
                for account in &person.accounts {
                    actors.extend(self.persons_who_act_on(*account)?);
                }
                actors.sort_unstable();
                actors.dedup();
                actors.retain(|actor| *actor as usize != target);
                Ok(actors.into_iter().map(|actor| (target as u32, actor)).collect())
            })
            .collect();
        let by_target = pairs?.concat();
        let mut by_actor: Vec<(u32, u32)> =
            by_target.iter().map(|(target, actor)| (*actor, *target)).collect();
        by_actor.par_sort_unstable();
        Ok(Acquaintances { by_target, by_actor })
    }

    /// Those of an account's actors who are scored persons of the people file, as places there.
    fn persons_who_act_on(&self, account: Account) -> Result<Vec<u32>, ScratchError> {
        let gifts = self.ledger.parts[account.part()].gifts.of_group(|gift| gift.target, &account.0)?;
        let within = gifts.iter().filter(|gift| self.ruler.window.age(gift.day, self.as_of).is_some());
        let owners = within.filter_map(|gift| self.owner(Account(gift.actor)));
        let scored = owners.filter(|owner| self.roster.people[*owner].is_scored(self.roster.everyone));
        Ok(scored.map(|owner| owner as u32).collect())
    }

    /// Whose an account is, of the persons of the people file who are scored.
    pub fn person_of(&self, account: Account) -> Option<&str> {
        let person = &self.roster.people[self.owner(account)?];
        person.is_scored(self.roster.everyone).then_some(person.id.as_str())
    }

    /// Those who react to a person.
    pub fn who_reacts_to(&self, person: &str, among: &Acquaintances, most: usize) -> Option<Beside> {
        self.beside(person, &among.by_target, most)
    }

    /// Those to whom a person reacts.
    pub fn to_whom_reacts(&self, person: &str, among: &Acquaintances, most: usize) -> Option<Beside> {
        self.beside(person, &among.by_actor, most)
    }

    fn beside(&self, person: &str, pairs: &[(u32, u32)], most: usize) -> Option<Beside> {
        let people = &self.roster.people;
        let place = people.iter().position(|listed| listed.id == person)?;
        if !people[place].is_scored(self.roster.everyone) {
            return None;
        }
        let start = pairs.partition_point(|pair| (pair.0 as usize) < place);
        let end = pairs.partition_point(|pair| pair.0 as usize <= place);
        let mut first: Vec<(String, Score)> = pairs[start..end]
            .iter()
            .map(|(_, other)| &people[*other as usize])
            .map(|other| (other.id.clone(), self.score_of(&other.accounts)))
            .collect();
        first.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        first.truncate(most);
        Some(Beside { first, all: (end - start) as u64 })
    }
}
