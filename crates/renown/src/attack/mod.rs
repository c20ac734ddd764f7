//! `renown attack`: what a score can be lifted by without more influence, and what that costs.
//!
//! The person, and everybody around them, is invented, and on each network just as large as is needed for a score of 50
//! under the first ruler: no export is read, and the same weights give the same figures on every machine.

mod scene;
mod tricks;

use renown_core::curve::Score;
use renown_sdk::formula::Formula;
use renown_weights::{Attacks, Names, Weights};
use scene::Scene;
use tricks::ATTACKS;

use crate::cli::AttackArgs;
use crate::exit::Exit;
use crate::parts::Parts;
use crate::{config, output};

/// The score of the invented person.
const GOAL: Score = Score(500_000);
/// How many at most react to them.
const LARGEST: u64 = 1 << 16;

/// What came of all attacks.
pub(crate) struct Tried {
    /// Each weights file and its stamp.
    pub(crate) rulers: Vec<(String, String)>,
    pub(crate) networks: Vec<OnNetwork>,
}

/// What came of them on one network.
pub(crate) struct OnNetwork {
    pub(crate) network: String,
    /// How many follow the person, and how many react to them.
    pub(crate) audience: u64,
    pub(crate) fans: u64,
    /// The person's score before, by each ruler.
    pub(crate) before: Vec<Score>,
    pub(crate) attacks: Vec<Outcome>,
}

/// What came of one attack.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static str,
    /// In US dollars.
    pub(crate) cost: f64,
    /// By each ruler: the score afterwards, and how many points the attack may bring, if there is a budget for it.
    pub(crate) after: Vec<(Score, Option<f64>)>,
}

impl OnNetwork {
    /// How many points an attack brings by a ruler, in ten-thousandths.
    pub(crate) fn gain(&self, attack: &Outcome, ruler: usize) -> i64 {
        i64::from(attack.after[ruler].0.0) - i64::from(self.before[ruler].0)
    }

    /// Whether it brings no more than it may.
    pub(crate) fn is_kept(&self, attack: &Outcome, ruler: usize) -> bool {
        let budget = attack.after[ruler].1;
        budget.is_none_or(|budget| self.gain(attack, ruler) as f64 <= budget * 10_000.0)
    }
}

impl Tried {
    /// Whether all budgets are kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.networks.iter().all(|network| {
            let rulers = 0..self.rulers.len();
            network.attacks.iter().all(|attack| rulers.clone().all(|ruler| network.is_kept(attack, ruler)))
        })
    }
}

/// A ruler that attacks are tried on.
struct Tester<'t> {
    weights: &'t Weights,
    attacks: &'t Attacks,
    formulas: Vec<&'static dyn Formula>,
}

pub(crate) fn run(args: &AttackArgs) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    let paths: Vec<_> =
        if args.weights.is_empty() { vec![None] } else { args.weights.iter().map(Some).collect() };
    for path in paths {
        let mut weights = config::weights(path.map(std::path::PathBuf::as_path), &[])?;
        let parts = Parts::gather(&args.parts, &mut weights)?;
        all.push((weights, parts.formulas));
    }
    let known = ATTACKS.map(|attack| attack.name);
    let mut testers = Vec::new();
    for (weights, formulas) in &all {
        testers.push(Tester { weights, attacks: weights.attacks(&known)?, formulas: formulas.clone() });
    }
    let tried = tried(&testers)?;
    output::attacks(args.format, &tried)?;
    Ok(if tried.is_kept() { Exit::Ok } else { Exit::Findings })
}

fn tried(testers: &[Tester<'_>]) -> anyhow::Result<Tried> {
    let stamp = |tester: &Tester<'_>| -> anyhow::Result<(String, String)> {
        Ok((tester.weights.path().to_owned(), tester.weights.stamp(&tester.formulas)?))
    };
    let rulers = testers.iter().map(stamp).collect::<anyhow::Result<_>>()?;
    let networks = &testers[0].attacks.networks;
    anyhow::ensure!(
        !networks.is_empty(),
        "{}: there is no network to try attacks on: say in [attack.networks] how things are called there, as config/weights.toml \
         does",
        testers[0].weights.path()
    );
    let networks = networks.iter().map(|(network, names)| on_network((network, names), testers));
    Ok(Tried { rulers, networks: networks.collect::<anyhow::Result<_>>()? })
}

fn on_network(on: (&str, &Names), testers: &[Tester<'_>]) -> anyhow::Result<OnNetwork> {
    let person = person(on, &testers[0])?;
    let scores = |scene: &Scene| -> anyhow::Result<Vec<Score>> {
        testers.iter().map(|tester| scene.score(on, tester.weights, &tester.formulas)).collect()
    };
    let before = scores(&person)?;
    let attacks = ATTACKS.iter().map(|attack| {
        let mut scene = person.clone();
        (attack.run)(&mut scene);
        let budgets = testers.iter().map(|tester| tester.attacks.budget.get(attack.name).copied());
        Ok(Outcome {
            name: attack.name,
            docs: attack.docs,
            cost: scene.bought.cost(&testers[0].attacks.price),
            after: scores(&scene)?.into_iter().zip(budgets).collect(),
        })
    });
    let attacks = attacks.collect::<anyhow::Result<_>>()?;
    Ok(OnNetwork { network: on.0.to_owned(), audience: person.audience, fans: person.fans, before, attacks })
}

/// The smallest person who reaches the score, found by halving, or the largest there is.
fn person(on: (&str, &Names), first: &Tester<'_>) -> anyhow::Result<Scene> {
    let (mut low, mut high) = (0, LARGEST);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if Scene::of_size(middle).score(on, first.weights, &first.formulas)? < GOAL {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(Scene::of_size(high))
}
