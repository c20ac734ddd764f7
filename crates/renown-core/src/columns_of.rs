//! The features of everybody who is scored, as columns of numbers: what checks of a ruler look at.

use rayon::prelude::*;

use crate::accounts::{Account, PARTS};
use crate::curve::Score;
use crate::score::{Group, Scoring, ScoringError, Values};

/// The accounts of all who are scored. It names nobody: persons are numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The scores of all persons who have an account here.
    pub scores: Vec<Score>,
    /// Their accounts, by network, in the order of the networks' names.
    pub networks: Vec<NetworkColumns>,
}

/// The accounts of one network. All columns have a row an account, in the order of the accounts' names.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkColumns {
    /// The network.
    pub network: String,
    /// Whose each account is: a place in [`Columns::scores`].
    pub persons: Vec<usize>,
    /// Its features, in the order of their names.
    pub features: Vec<FeatureColumn>,
}

/// One feature of the accounts of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureColumn {
    /// Its name without the network: `repost.actors`.
    pub name: String,
    /// Its values; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
    /// The points that the formula gave for each.
    pub points: Vec<f64>,
}

impl Scoring<'_> {
    /// The features of everybody who is scored. Rows do not depend on threads, nor on who was read first.
    ///
    /// # Errors
    /// [`ScoringError`], such as of a formula that gave parts that cannot be.
    pub fn columns(&self) -> Result<Columns, ScoringError> {
        let groups = self.groups();
        let parts: Vec<Result<Vec<Row>, ScoringError>> =
            (0..PARTS).into_par_iter().map(|part| self.rows(part, &groups)).collect();
        let mut rows: Vec<Row> = Vec::new();
        for of_part in parts {
            rows.extend(of_part?);
        }
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut columns = Columns::default();
        let mut person_of = vec![None; self.roster.people.len()];
        for row in &mut rows {
            let known = row.owner.and_then(|owner| person_of[owner]);
            row.person = known.unwrap_or_else(|| {
                columns.scores.push(row.score);
                columns.scores.len() - 1
            });
            if let Some(owner) = row.owner {
                person_of[owner] = Some(row.person);
            }
        }
        columns.networks = (self.ruler.networks.iter())
            .map(|ruler| {
                let of_network: Vec<&Row> =
                    rows.iter().filter(|row| row.network == ruler.network.index()).collect();
                let features = ruler.features.iter().enumerate().map(|(index, feature)| FeatureColumn {
                    name: feature.name.clone(),
                    values: of_network.iter().map(|row| row.values[index]).collect(),
                    points: of_network.iter().map(|row| row.points[index]).collect(),
                });
                NetworkColumns {
                    network: ruler.name.clone(),
                    persons: of_network.iter().map(|row| row.person).collect(),
                    features: features.collect(),
                }
            })
            .collect();
        Ok(columns)
    }

    /// The accounts of a part whose persons are scored.
    fn rows(&self, part: usize, groups: &[Group<'_>]) -> Result<Vec<Row>, ScoringError> {
        let mut rows = Vec::new();
        self.walk_part(part, &mut groups.to_vec(), |group, account, values, _| {
            let account = Account(account);
            let owner = self.owner(account);
            let (score, is_scored) = match owner {
                Some(owner) => {
                    let person = &self.roster.people[owner];
                    (self.score_of(&person.accounts), person.is_scored(self.roster.everyone))
                }
                None => (self.score_of(&[account]), self.is_lone(account)),
            };
            if is_scored {
                let name = self.name_of(account);
                let network = group.ruler.network.index();
                let (values, points) = (values.to_vec(), vec![0.0; values.len()]);
                rows.push(Row { name, network, owner, person: 0, score, values, points });
            }
        })?;
        for row in &mut rows {
            let Some(group) = groups.iter().find(|group| group.ruler.network.index() == row.network) else {
                continue;
            };
            let features = group.ruler.features.iter().zip(&row.values);
            let curved: Vec<f64> = features
                .map(|(feature, value)| value.map_or(f64::NAN, |value| feature.curved(value)))
                .collect();
            group.ruler.formula.parts(&curved, &mut row.points)?;
        }
        Ok(rows)
    }
}

/// An account.
struct Row {
    name: String,
    network: usize,
    /// Its owner's place in the people file.
    owner: Option<usize>,
    person: usize,
    score: Score,
    values: Values,
    points: Vec<f64>,
}
