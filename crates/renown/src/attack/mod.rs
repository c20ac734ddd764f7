//! `renown attack`: what a score can be lifted by without more influence, and what that costs.
//!
//! It is done to a person of what is read, or to somebody invented, who is just as large as is needed for a score of 50
//! under the first ruler: then no export is read, and the same weights give the same figures on every machine. Records are
//! kept as they were read; each attack adds to a copy of them, and everybody is scored anew.

mod base;
mod invented;
mod scene;
mod tricks;

use std::path::Path;

use base::{Base, Scores};
use renown_core::curve::Score;
use renown_engine::EngineError;
use renown_sdk::formula::Formula;
use renown_weights::{Attacks, Names, Weights};
use scene::{Place, Scene};
use tricks::ATTACKS;

use crate::cli::AttackArgs;
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{self, Asked, Gathered, Ruled};
use crate::{config, output};

/// The score of the invented person.
const GOAL: Score = Score(500_000);
/// How many at most react to them.
const LARGEST: u64 = 1 << 16;

/// What came of all attacks.
pub(crate) struct Tried {
    /// Whom they were tried on, if not on somebody invented.
    pub(crate) person: Option<String>,
    /// Each weights file and its stamp.
    pub(crate) rulers: Vec<(String, String)>,
    pub(crate) networks: Vec<OnNetwork>,
}

/// What came of them on one network.
pub(crate) struct OnNetwork {
    pub(crate) network: String,
    /// How many follow the person, if that is known, and how many react to them, if they are invented.
    pub(crate) audience: Option<u64>,
    pub(crate) fans: Option<u64>,
    /// The person's score before, by each ruler that has one.
    pub(crate) before: Scores,
    pub(crate) attacks: Vec<Outcome>,
}

/// What came of one attack.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    /// In US dollars.
    pub(crate) cost: f64,
    /// By each ruler: the score afterwards, if there is one, and how many points the attack may bring, if there is a budget for it.
    pub(crate) after: Vec<(Option<Score>, Option<f64>)>,
}

impl OnNetwork {
    /// How many points an attack brings by a ruler, in ten-thousandths; `None` if it cannot be tried.
    pub(crate) fn gain(&self, attack: &Outcome, ruler: usize) -> Option<i64> {
        Some(i64::from(attack.after[ruler].0?.0) - i64::from(self.before[ruler]?.0))
    }

    /// Whether it brings no more than it may.
    pub(crate) fn is_kept(&self, attack: &Outcome, ruler: usize) -> bool {
        let budget = attack.after[ruler].1.zip(self.gain(attack, ruler));
        budget.is_none_or(|(budget, gain)| gain as f64 <= budget * 10_000.0)
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

/// The names of all attacks, and what is done.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ATTACKS.iter().map(|attack| (attack.name, attack.docs))
}

/// A ruler that attacks are tried on.
struct Tester<'t> {
    weights: &'t Weights,
    attacks: &'t Attacks,
    formulas: Vec<&'static dyn Formula>,
}

pub(crate) fn run(args: &AttackArgs) -> anyhow::Result<Exit> {
    let options = &args.read.exports.run;
    let mut rulers = Vec::new();
    let paths: Vec<_> =
        if args.rulers.0.is_empty() { vec![None] } else { args.rulers.0.iter().map(Some).collect() };
    for path in paths {
        let mut weights = config::weights(path.map(std::path::PathBuf::as_path), &options.sets)?;
        let parts = Parts::gather(&options.parts, &mut weights)?;
        rulers.push((weights, parts.formulas));
    }
    let known = ATTACKS.map(|attack| attack.name);
    let mut testers = Vec::new();
    for (weights, formulas) in &rulers {
        testers.push(Tester { weights, attacks: weights.attacks(&known)?, formulas: formulas.clone() });
    }
    let networks = &testers[0].attacks.networks;
    anyhow::ensure!(
        !networks.is_empty(),
        "{}: there is no network to try attacks on: say in [attack.networks] how things are called there, as config/weights.toml \
         does",
        testers[0].weights.path()
    );
    let mut plugin_failed = false;
    let networks = match &args.person {
        None => {
            pipeline::use_threads(options.threads)?;
            networks.iter().map(|on| on_invented((on.0, on.1), &testers)).collect::<anyhow::Result<_>>()?
        }
        Some(person) => {
            let base = read(args, person, &testers[0], &mut plugin_failed)?;
            on_real(person, &base, &testers)?
        }
    };
    let stamp = |tester: &Tester<'_>| -> anyhow::Result<(String, String)> {
        Ok((tester.weights.path().to_owned(), tester.weights.stamp(&tester.formulas)?))
    };
    let rulers = testers.iter().map(stamp).collect::<anyhow::Result<_>>()?;
    let tried = Tried { person: args.person.clone(), rulers, networks };
    output::attacks(args.format, &tried)?;
    Ok(match tried.is_kept() {
        _ if plugin_failed => Exit::Plugin,
        true => Exit::Ok,
        false => Exit::Findings,
    })
}

/// What attacks bring somebody invented, under one weights file.
pub(crate) fn on_somebody_invented(weights: &Weights, parts: &Parts) -> anyhow::Result<Tried> {
    let known = ATTACKS.map(|attack| attack.name);
    let tester = Tester { weights, attacks: weights.attacks(&known)?, formulas: parts.formulas.clone() };
    let stamp = weights.stamp(&tester.formulas)?;
    let testers = [tester];
    let networks = testers[0].attacks.networks.iter();
    let networks = networks.map(|on| on_invented((on.0, on.1), &testers)).collect::<anyhow::Result<_>>()?;
    Ok(Tried { person: None, rulers: vec![(weights.path().to_owned(), stamp)], networks })
}

/// Reads what the arguments name.
fn read(
    args: &AttackArgs,
    person: &str,
    first: &Tester<'_>,
    plugin_failed: &mut bool,
) -> anyhow::Result<Base> {
    if args.read.inputs.is_empty() {
        let why = format!(
            "`{person}` is to be attacked, but nothing to read is named: pass PERSON and then INPUT, or neither for somebody \
             invented"
        );
        return Err(EngineError::Usage(why).into());
    }
    let mut asked = Asked::new(&args.read.exports.run, &args.who)?;
    let Gathered { tally, plugin_failed: failed, .. } =
        pipeline::read(&args.read, &mut asked.weights, args.who.everyone, None)?;
    *plugin_failed = failed;
    let by = Ruled::new(first.weights, tally.words(), &tally.counts(), &first.formulas)?;
    let people = args.who.people.as_deref().unwrap_or(Path::new(""));
    let whom = base::Real {
        person: person.to_owned(),
        entries: asked.entries,
        people: people.to_owned(),
        everyone: args.who.everyone,
    };
    Base::of(tally, whom, by.ruler.window.days)
}

fn on_real(person: &str, base: &Base, testers: &[Tester<'_>]) -> anyhow::Result<Vec<OnNetwork>> {
    let networks = &testers[0].attacks.networks;
    let places = base.places(networks.iter().map(|(network, names)| (network.as_str(), names)))?;
    if places.is_empty() {
        let known: Vec<&str> = networks.keys().map(String::as_str).collect();
        let why = format!(
            "`{person}` is on none of the networks that [attack.networks] of {} names ({}), as far as the input says",
            testers[0].weights.path(),
            known.join(", ")
        );
        return Err(EngineError::Usage(why).into());
    }
    places.iter().map(|(network, place)| on_network((network, place), None, base, testers)).collect()
}

fn on_invented(on: (&str, &Names), testers: &[Tester<'_>]) -> anyhow::Result<OnNetwork> {
    let fans = fans(on, &testers[0])?;
    let base = Base::invented(fans, on)?;
    let places = base.places([on].into_iter())?;
    let [(network, place)] = &places[..] else {
        anyhow::bail!("nobody could be invented on {}", on.0);
    };
    on_network((network, place), Some(fans), &base, testers)
}

/// How many react to the smallest person who reaches the score, found by halving, or the largest there is.
fn fans(on: (&str, &Names), first: &Tester<'_>) -> anyhow::Result<u64> {
    let (mut low, mut high) = (0, LARGEST);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let scores = Base::invented(middle, on)?.scores(on.0, None, std::slice::from_ref(first))?;
        if scores[0] < Some(GOAL) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}

fn on_network(
    (network, place): (&str, &Place<'_>),
    fans: Option<u64>,
    base: &Base,
    testers: &[Tester<'_>],
) -> anyhow::Result<OnNetwork> {
    let before = base.scores(network, None, testers)?;
    let attacks = ATTACKS.iter().map(|attack| {
        let mut scene = Scene::default();
        (attack.run)(&mut scene);
        let after = if scene.is_possible(place) {
            base.scores(network, Some((&scene, place)), testers)?
        } else {
            vec![None; testers.len()]
        };
        let budgets = testers.iter().map(|tester| tester.attacks.budget.get(attack.name).copied());
        Ok(Outcome {
            name: attack.name,
            cost: scene.bought.cost(&testers[0].attacks.price),
            after: after.into_iter().zip(budgets).collect(),
        })
    });
    let attacks = attacks.collect::<anyhow::Result<_>>()?;
    let audience = place.audience.map(|(_, audience)| audience);
    Ok(OnNetwork { network: network.to_owned(), audience, fans, before, attacks })
}
