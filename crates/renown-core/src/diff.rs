//! What changed between two scorings, and by whose doing.

use std::collections::BTreeMap;

use crate::causes::{Cause, Causes, Turned};
use crate::curve::Score;
use crate::explain::Explanation;
use crate::ledger::Ledger;
use crate::moves::{Moves, column, names_of};
use crate::people::Roster;
use crate::record::Day;
use crate::ruler::Ruler;
use crate::score::{Scoring, ScoringError};

/// What is scored, and by what, where some switches between two scorings are turned.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The records.
    pub ledger: &'a Ledger,
    /// The weights, bound to these records.
    pub ruler: Ruler,
    /// The people, bound to these records.
    pub roster: Roster,
    /// The day.
    pub as_of: Day,
}

/// What changed.
#[derive(Debug)]
pub struct Diff {
    /// What the scorings differ in.
    pub causes: Causes,
    /// Everybody who has a score in one of the two, in order; places in `moves` are of this list.
    pub names: Vec<String>,
    /// Who moved.
    pub moves: Moves,
    /// For each of `moves.both`, what each cause gave, in ten-thousandths of a point; it adds up to the change.
    pub parts: Vec<Vec<i64>>,
    /// More about one person, if that was asked for and they have a score in both.
    pub person: Option<PersonDiff>,
}

/// What one person's change is made of.
#[derive(Debug)]
pub struct PersonDiff {
    /// The person.
    pub person: String,
    /// The score in the first scoring, and why.
    pub before: Explanation,
    /// The score in the second, and why.
    pub after: Explanation,
    /// What each cause gave; it adds up to the change.
    pub causes: Vec<CauseDiff>,
}

/// What one cause gave to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseDiff {
    /// The cause.
    pub cause: Cause,
    /// What it gave, in ten-thousandths of a point.
    pub change: i64,
    /// The same by feature, the largest first, without those to which it gave nothing; it adds up to `change`.
    pub features: Vec<(String, i64)>,
}

/// Splits what changed between two scorings over the causes in which they differ. `setting` tells what is scored where only some
/// switches are turned; [`Cause::Standing`] is seen to here. Of a `person`, named as in [`Scoring::explain`], it tells the features as well.
///
/// # Errors
/// Whatever `setting` fails with, or that a formula or laid aside rows fail.
pub fn diff<'a, E: From<ScoringError>>(
    causes: Causes,
    (before, after): (&Scoring<'_>, &Scoring<'_>),
    person: Option<&str>,
    mut setting: impl FnMut(&Causes, Turned) -> Result<Setting<'a>, E>,
) -> Result<Diff, E> {
    let (old, new) = (before.scores_by_name(), after.scores_by_name());
    let names = names_of(&old, &new);
    let moves = Moves::between(&column(&names, &old), &column(&names, &new));
    // By person, as in `moves.both`, and setting. Who has no score in a setting has nothing there.
    let settings = causes.settings();
    let last = settings.len() - 1;
    let mut worths = vec![Score::FLOOR.0; settings.len() * moves.both.len()];
    let mut explained = Vec::new();
    for (index, &turned) in settings.iter().enumerate() {
        let mut take = |scoring: &Scoring<'_>, scores: &[(String, Score)]| -> Result<(), E> {
            let scores = column(&names, scores);
            for (moved, worths) in moves.both.iter().zip(worths.chunks_exact_mut(last + 1)) {
                worths[index] = scores[moved.person as usize].unwrap_or(Score::FLOOR).0;
            }
            let explanation = person.map(|person| scoring.explain(person)).transpose()?;
            explained.push(explanation.flatten());
            Ok(())
        };
        match index {
            0 => take(before, &old)?,
            _ if index == last => take(after, &new)?,
            _ => {
                let Setting { ledger, ruler, roster, as_of } = setting(&causes, turned)?;
                let standing = if causes.is_turned(turned, Cause::Standing) { after } else { before };
                let scoring = Scoring::with_standing_of(standing, ledger, &ruler, &roster, as_of)?;
                take(&scoring, &scoring.scores_by_name())?;
            }
        }
    }
    let person = person.and_then(|_| person_diff(&causes, &explained));
    let parts = worths.chunks_exact(last + 1).map(|worths| causes.split(worths)).collect();
    let names = names.into_iter().map(str::to_owned).collect();
    Ok(Diff { causes, names, moves, parts, person })
}

fn person_diff(causes: &Causes, explained: &[Option<Explanation>]) -> Option<PersonDiff> {
    let (before, after) = (explained.first()?.clone()?, explained.last()?.clone()?);
    // By feature and setting.
    let mut worths: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (index, explanation) in explained.iter().enumerate() {
        let accounts = explanation.iter().flat_map(|explanation| &explanation.accounts);
        for feature in accounts.flat_map(|account| &account.features) {
            worths.entry(&feature.name).or_insert_with(|| vec![0; explained.len()])[index] += feature.part;
        }
    }
    let (names, worths): (Vec<&str>, Vec<Vec<u32>>) = worths.into_iter().unzip();
    let split = causes.split_each(&worths);
    let causes = causes.causes().iter().zip(split).map(|(&cause, given)| {
        let change = given.iter().sum();
        let mut features: Vec<(String, i64)> =
            names.iter().map(|name| (*name).to_owned()).zip(given).filter(|given| given.1 != 0).collect();
        features.sort_by(|a, b| b.1.abs().cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        CauseDiff { cause, change, features }
    });
    Some(PersonDiff { person: after.person.clone(), causes: causes.collect(), before, after })
}
