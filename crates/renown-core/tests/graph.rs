//! The rank of accounts by who acts on whom, from records on.

use std::collections::BTreeMap;
use std::sync::Arc;

use renown_core::curve::{Curve, Scale};
use renown_core::fixed::Window;
use renown_core::formula::{Bound, Column, Formula, FormulaError, Params, Prepared, Spec};
use renown_core::graph::{Dangling, Graph, Norm, Penalty};
use renown_core::ledger::Ledger;
use renown_core::people::{Person, Roster};
use renown_core::record::{Id, Interaction, Observation, Timestamp};
use renown_core::ruler::{Feature, NetworkRuler, Ruler, Standing};
use renown_core::score::Scoring;
use renown_core::stat::Stat;
use renown_core::tally::Tally;
use renown_core::words::{Word, Words};

/// The value itself.
#[derive(Debug)]
struct Same;

impl Formula for Same {
    fn name(&self) -> &'static str {
        "same"
    }
    fn docs(&self) -> &'static str {
        "the first feature"
    }
    fn prepare(&self, _: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(Same))
    }
}

impl Prepared for Same {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        for (out, value) in out.iter_mut().zip(columns[0]) {
            *out = if value.is_nan() { 0.0 } else { *value };
        }
        Ok(())
    }
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        out[0] = if row[0].is_nan() { 0.0 } else { row[0] };
        Ok(())
    }
}

/// Who gave whom how many likes, and who follows and is followed by how many.
#[derive(Clone)]
struct Town {
    likes: Vec<(&'static str, &'static str, u64)>,
    numbers: Vec<(&'static str, &'static str, u64)>,
    people: Vec<(&'static [&'static str], bool)>,
    graph: Graph<&'static str>,
}

const DAY: i64 = 20_000 * 86_400;

/// The acts of go-eigentrust's example, with a prior of all alike.
fn example() -> Town {
    Town {
        likes: vec![("ek", "sd", 100), ("vm", "sd", 100), ("ek", "vm", 75)],
        // So that everybody is listed.
        numbers: ["ek", "sd", "vm"].map(|account| (account, "followers", 100)).to_vec(),
        people: Vec::new(),
        graph: Graph {
            edges: vec![("like", 1.0)],
            each_pair_once: false,
            restart: 0.5,
            rounds: 1000,
            tolerance: 1e-15,
            norm: Norm::Sum,
            dangling: Dangling::Prior,
            prior_penalty: None,
            last_penalty: None,
        },
    }
}

impl Town {
    /// Everybody's rank, by account.
    fn ranks(&self) -> BTreeMap<&'static str, f64> {
        let words = Arc::new(Words::new());
        let word = |text: &str| words.intern(text).unwrap();
        let (network, at) = (word("notes"), Timestamp::from_seconds(DAY));
        let tally = Tally::new(words.clone(), None).unwrap();
        let mut batch = tally.batch();
        for (actor, target, amount) in &self.likes {
            let (kind, object, id) = (word("like"), None, None);
            let (actor, target, amount) = (Some(Id::Text(actor)), Some(Id::Text(target)), *amount);
            batch
                .interaction(&tally, &Interaction { at, network, kind, actor, target, object, id, amount })
                .unwrap();
        }
        for (account, metric, value) in &self.numbers {
            let (account, metric, value) = (Id::Text(account), word(metric), *value);
            batch.observation(&tally, &Observation { at, network, account, metric, value }).unwrap();
        }
        tally.add(&mut batch);
        let ledger = Ledger::settle(tally).unwrap();
        let ruler = ruler(&words, network, self.graph.named(|name| words.intern(name)).unwrap());
        let account = |name: &&str| ledger.find(network, Id::Text(name)).unwrap();
        let people = self.people.iter().enumerate().map(|(index, (accounts, exclude))| Person {
            id: index.to_string(),
            consent: Some(true),
            exclude: *exclude,
            accounts: accounts.iter().map(account).collect(),
            ..Person::default()
        });
        let roster = Roster { people: people.collect(), everyone: true };
        let scoring = Scoring::new(&ledger, &ruler, &roster, at.unwrap().day()).unwrap();
        let mut ranks = BTreeMap::new();
        for name in ["ek", "sd", "vm"] {
            let owner = self.people.iter().position(|person| person.0.contains(&name));
            let person = owner.map_or_else(|| format!("notes:{name}"), |index| index.to_string());
            let Some(explained) = scoring.explain(&person).unwrap() else { continue };
            let of = explained.accounts.iter().find(|account| account.account == format!("notes:{name}"));
            ranks.insert(name, of.unwrap().features[0].value.unwrap());
        }
        ranks
    }
}

fn ruler(words: &Words, network: Word, graph: Graph) -> Ruler {
    let feature = Feature {
        word: words.intern("graph").unwrap(),
        name: "graph.rank".into(),
        stat: Stat::Rank,
        weight: 1.0,
        curve: Curve::Linear,
        cap: None,
        half_life_days: None,
        asked: true,
        instead: None,
    };
    let columns: [Column<'_>; 1] = [feature.column()];
    let spec = Spec { columns: &columns, may_have: &|_| false, params: &Params::default() };
    let formula = Bound::new(&Same, &spec).unwrap();
    Ruler {
        window: Window { days: 90, fade_days: 0 },
        standing: Standing { rounds: 0, start: 40.0, floor: 1.0 },
        per_post_exponent: 1.0,
        power: 1.0,
        scale: Scale::new(vec![[0.0, 0.0], [1.0, 1.0]]).unwrap(),
        networks: vec![NetworkRuler {
            network,
            name: "notes".into(),
            weight: 1.0,
            half_life_days: 30.0,
            formula,
            graph: Some(graph),
            features: vec![feature],
        }],
    }
}

fn near(town: &Town, expected: [f64; 3]) {
    let ranks: Vec<f64> = town.ranks().into_values().collect();
    let all_near = ranks.iter().zip(expected).all(|(rank, expected)| (rank - expected).abs() < 1e-12);
    assert!(ranks.len() == 3 && all_near, "{ranks:?} {expected:?}");
}

#[test]
fn edges_are_acts_times_what_they_are_worth() {
    near(&example(), [28.0 / 115.0, 53.0 / 115.0, 34.0 / 115.0]);
    let once = Town { graph: Graph { each_pair_once: true, ..example().graph }, ..example() };
    near(&once, [8.0 / 33.0, 5.0 / 11.0, 10.0 / 33.0]);
}

#[test]
fn who_is_excluded_gives_nothing_and_neither_does_who_acts_on_themselves() {
    let mut town = example();
    town.likes.push(("sd", "sd", 1000));
    near(&town, [28.0 / 115.0, 53.0 / 115.0, 34.0 / 115.0]);
    let excluded = Town { people: vec![(&["vm"], true)], ..example() };
    let ranks = excluded.ranks();
    assert!(
        (ranks["ek"] - 2.0 / 7.0).abs() < 1e-12 && (ranks["sd"] - 18.0 / 49.0).abs() < 1e-12,
        "{ranks:?}"
    );
    let one_person = Town { people: vec![(&["ek", "vm"], false)], ..example() };
    near(&one_person, [0.25, 0.5, 0.25]);
}

/// Whoever follows many and is followed by few has less of the prior, and loses once more in the end.
#[test]
fn the_penalties_divide_the_prior_and_the_ranks() {
    let penalty = |strength| Penalty {
        of: "friends",
        to: "followers",
        above: 500.0,
        from: 0.5,
        strength,
        by_size: false,
        at_most: 4.0,
    };
    let mut town = Town { likes: Vec::new(), ..example() };
    town.numbers.push(("sd", "friends", 501));
    // (1 + 501) / (1 + 100) is more than 0.5 by enough for the most, 4.
    town.graph.last_penalty = Some(penalty(9.0));
    near(&town, [4.0 / 9.0, 1.0 / 9.0, 4.0 / 9.0]);
    town.graph.prior_penalty = Some(penalty(9.0));
    near(&town, [16.0 / 33.0, 1.0 / 33.0, 16.0 / 33.0]);
    town.numbers.retain(|number| *number != ("sd", "followers", 100));
    near(&town, [1.0 / 3.0; 3]);
}

/// To the last bit: names decide in which order is added up.
#[test]
fn the_order_of_records_does_not_matter() {
    let town = example();
    let mut backwards = town.clone();
    backwards.likes.reverse();
    backwards.numbers.reverse();
    let bits = |town: &Town| town.ranks().into_values().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(&town), bits(&backwards));
}
