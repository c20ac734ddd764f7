//! What is listed adds up, over generated records, rulers and rosters: to the score, and between any two scorings to the change.

mod common {
    pub(crate) mod records;
    pub(crate) mod sum;
    pub(crate) mod world;
}

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};

use common::records::{Record, at, record, records, undos};
use common::sum::{Sum, bound};
use common::world::World;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::TestRunner;
use renown_core::causes::{Cause, Causes, Turned};
use renown_core::curve::Score;
use renown_core::details::Details;
use renown_core::diff::{Diff, Setting, diff};
use renown_core::explain::Explanation;
use renown_core::people::{Person, Roster};
use renown_core::population::Position;
use renown_core::record::Day;
use renown_core::ruler::Ruler;
use renown_core::score::{Scoring, ScoringError};

/// A ruler, as far as it is generated.
#[derive(Clone, Debug)]
struct Rules {
    rounds: u8,
    floor: f64,
    power: f64,
    networks: [f64; 2],
    /// By how much each feature's weight is multiplied, and what is asked for and where it is capped.
    features: Vec<(f64, bool, Option<f64>)>,
}

impl Rules {
    fn bound(&self, world: &World) -> Ruler {
        let mut ruler = world.ruler.clone();
        ruler.standing.rounds = self.rounds;
        ruler.standing.floor = self.floor;
        ruler.power = self.power;
        let mut generated = self.features.iter().cycle();
        for (network, weight) in ruler.networks.iter_mut().zip(self.networks) {
            network.weight = weight;
            for (feature, (times, asked, cap)) in network.features.iter_mut().zip(&mut generated) {
                feature.weight *= times;
                feature.asked = *asked;
                feature.cap = *cap;
            }
            network.formula = bound(&Sum, &network.features);
        }
        ruler
    }
}

fn rules() -> impl Strategy<Value = Rules> {
    let weight = || prop_oneof![1 => Just(0.0), 4 => 0.1..3.0_f64];
    let feature = (weight(), any::<bool>(), proptest::option::of(1.0..50.0_f64));
    let features = proptest::collection::vec(feature, 20);
    (0..3_u8, 0.1..1.0_f64, 1.0..9.0_f64, [weight(), weight()], features).prop_map(
        |(rounds, floor, power, networks, features)| Rules { rounds, floor, power, networks, features },
    )
}

/// A people file: whose each account is, if anybody's, and what is said of each person.
#[derive(Clone, Debug)]
struct People {
    owners: Vec<(usize, i64, Option<usize>)>,
    said: Vec<(Option<bool>, bool, bool)>,
    everyone: bool,
}

impl People {
    fn bound(&self, world: &World) -> Roster {
        let people = self.said.iter().enumerate().map(|(index, &(consent, minor, exclude))| {
            let own = self.owners.iter().filter(|(_, _, owner)| *owner == Some(index));
            let accounts: Vec<(usize, i64)> = own.map(|(network, id, _)| (*network, *id)).collect();
            Person { id: format!("person {index}"), consent, minor, exclude, ..world.person(&accounts) }
        });
        Roster { people: people.collect(), everyone: self.everyone }
    }
}

fn people() -> impl Strategy<Value = People> {
    let owners = proptest::collection::vec(proptest::option::of(0..6_usize), 24);
    let said = (proptest::option::weighted(0.9, proptest::bool::weighted(0.8)), 0..20_u8)
        .prop_map(|(consent, rare)| (consent, rare == 0, rare == 1));
    let said = proptest::collection::vec(said, 6);
    (owners, said, proptest::bool::weighted(0.8)).prop_map(|(owners, said, everyone)| {
        let accounts = (0..2).flat_map(|network| (0..12).map(move |id| (network, id)));
        let owners = accounts.zip(owners).map(|((network, id), owner)| (network, id, owner));
        People { owners: owners.collect(), said, everyone }
    })
}

/// Two scorings and what they differ in.
#[derive(Clone, Debug)]
struct Case {
    /// What both have, and what each has beside it.
    records: [Vec<Record>; 3],
    rules: [Rules; 2],
    people: [People; 2],
    ages: [i64; 2],
    differ: Vec<Cause>,
}

fn case() -> impl Strategy<Value = Case> {
    let switches = vec![Cause::Time, Cause::Data, Cause::Plugins, Cause::People, Cause::Weights];
    let few = || proptest::collection::vec(record(), 0..15);
    (
        (records(), undos()),
        [few(), few()],
        [rules(), rules()],
        [people(), people()],
        [0..40_i64, 0..40_i64],
        subsequence(switches, 0..4),
    )
        .prop_map(|((mut both, undos), [before, after], rules, people, ages, differ)| {
            both.extend(undos);
            Case { records: [both, before, after], rules, people, ages, differ }
        })
}

/// What is scored on each side, read in each way.
struct Sides<'c> {
    case: &'c Case,
    /// By the side of the records, and that of the plugins; made where they are asked for.
    worlds: [[OnceCell<World>; 2]; 2],
}

impl<'c> Sides<'c> {
    fn new(case: &'c Case) -> Self {
        Self { case, worlds: Default::default() }
    }

    fn world(&self, data: usize, plugins: usize) -> &World {
        self.worlds[data][plugins].get_or_init(|| {
            let all = self.case.records[0].iter().chain(&self.case.records[1 + data]);
            let read = all.filter(|record| plugins == 0 || !matches!(record, Record::Seen { .. }));
            World::new(&read.cloned().collect::<Vec<_>>(), 0)
        })
    }

    fn setting(&self, side: impl Fn(Cause) -> usize) -> Setting<'_> {
        let world = self.world(side(Cause::Data), side(Cause::Plugins));
        Setting {
            ledger: &world.ledger,
            ruler: self.case.rules[side(Cause::Weights)].bound(world),
            roster: self.case.people[side(Cause::People)].bound(world),
            as_of: day(self.case.ages[side(Cause::Time)]),
        }
    }
}

fn day(age: i64) -> Day {
    at(age).expect("a day").day()
}

fn scoring<'s>(of: &'s Setting<'_>) -> Scoring<'s> {
    Scoring::new(of.ledger, &of.ruler, &of.roster, of.as_of).expect("a score")
}

/// Looks at everybody of one scoring and tells how many that were.
fn check_scoring(scoring: &Scoring<'_>) -> Result<usize, TestCaseError> {
    let persons = scoring.persons();
    let scores: Vec<Score> = persons.iter().map(|person| person.score).collect();
    let names: BTreeSet<&str> = persons.iter().map(|person| person.person.as_str()).collect();
    for person in &persons {
        let explained = scoring.explain(&person.person).expect("an explanation").expect("a person");
        prop_assert_eq!(explained.score, person.score);
        check_explanation(&explained)?;
        let details = scoring.details(&explained, &scores).expect("details");
        check_details(&explained, &details, &names)?;
    }
    Ok(persons.len())
}

fn check_explanation(explained: &Explanation) -> Result<(), TestCaseError> {
    let parts: u32 = explained.accounts.iter().map(|account| account.part).sum();
    prop_assert_eq!(Score::FLOOR.0 + parts, explained.score.0);
    for account in &explained.accounts {
        prop_assert_eq!(account.features.iter().map(|feature| feature.part).sum::<u32>(), account.part);
    }
    Ok(())
}

fn check_details(of: &Explanation, details: &Details, names: &BTreeSet<&str>) -> Result<(), TestCaseError> {
    prop_assert!(
        details.interval.low <= of.score && of.score <= details.interval.high,
        "{:?}",
        details.interval
    );
    prop_assert!(details.interval.low >= Score::FLOOR && details.interval.high <= Score::TOP);
    prop_assert!(details.coverage <= 10_000);
    check_position(&details.position)?;
    prop_assert_eq!(details.accounts.len(), of.accounts.len());
    for (account, more) in of.accounts.iter().zip(&details.accounts) {
        more.against
            .among_all
            .iter()
            .chain(&more.against.among_like)
            .flatten()
            .try_for_each(check_position)?;
        for (feature, reason) in account.features.iter().zip(&more.reasons) {
            prop_assert_eq!(reason.is_some(), feature.part == 0, "{}", &feature.name);
        }
        for giver in &more.givers {
            prop_assert!(
                names.contains(giver.person.as_str()) && giver.person != of.person,
                "{}",
                &giver.person
            );
        }
    }
    prop_assert!(details.steps.iter().all(|step| step.gain > 0));
    Ok(())
}

fn check_position(position: &Position) -> Result<(), TestCaseError> {
    prop_assert!(position.equal > 0 && position.below + position.equal <= position.of, "{:?}", position);
    prop_assert!(position.percentile() <= Some(1_000_000));
    Ok(())
}

/// Looks at everybody in both scorings and tells how many that were.
fn check_diff(sides: &Sides<'_>) -> Result<usize, TestCaseError> {
    let mut differ = sides.case.differ.clone();
    if !differ.is_empty() {
        differ.push(Cause::Standing);
    }
    let causes = Causes::new(differ.iter().copied());
    let last = |cause: Cause| usize::from(differ.contains(&cause));
    let (one, other) = (sides.setting(|_| 0), sides.setting(last));
    let scorings = (&scoring(&one), &scoring(&other));
    let setting = |causes: &Causes, turned: Turned| -> Result<Setting<'_>, ScoringError> {
        Ok(sides.setting(|cause| usize::from(differ.contains(&cause) && causes.is_turned(turned, cause))))
    };
    let all = diff(causes.clone(), scorings, None, setting).expect("a difference");
    let scores: [BTreeMap<String, Score>; 2] = [scorings.0, scorings.1]
        .map(|scoring| scoring.persons().into_iter().map(|person| (person.person, person.score)).collect());
    for (moved, parts) in all.moves.both.iter().zip(&all.parts) {
        let name = &all.names[moved.person as usize];
        prop_assert_eq!((scores[0][name], scores[1][name]), (moved.before, moved.after));
        prop_assert_eq!(parts.iter().sum::<i64>(), moved.change());
        let Diff { person, .. } = diff(causes.clone(), scorings, Some(name), setting).expect("a difference");
        let person = person.expect("somebody in both");
        prop_assert_eq!((person.before.score, person.after.score), (moved.before, moved.after));
        prop_assert_eq!(&person.causes.iter().map(|cause| cause.change).collect::<Vec<_>>(), parts);
        for cause in &person.causes {
            prop_assert_eq!(cause.features.iter().map(|feature| feature.1).sum::<i64>(), cause.change);
        }
    }
    Ok(all.moves.both.len())
}

/// Looks at cases until they had ten thousand people.
fn of_ten_thousand_people(look: impl Fn(&Sides<'_>) -> Result<usize, TestCaseError> + Send) {
    // For so few people, one thread is ready before others have woken up.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    pool.install(|| look_at_ten_thousand(look));
}

fn look_at_ten_thousand(look: impl Fn(&Sides<'_>) -> Result<usize, TestCaseError>) {
    let people = Cell::new(0);
    while people.get() < 10_000 {
        let config = ProptestConfig { cases: 50, ..ProptestConfig::with_source_file(file!()) };
        let looked = TestRunner::new(config).run(&case(), |case| {
            people.set(people.get() + look(&Sides::new(&case))?);
            Ok(())
        });
        if let Err(failed) = looked {
            panic!("{failed}");
        }
    }
}

/// 12. Exact parts: what explain lists adds up to the score, to the last digit; and what stands behind a score is possible.
#[test]
fn what_explains_a_score_adds_up() {
    of_ten_thousand_people(|sides| {
        let before = check_scoring(&scoring(&sides.setting(|_| 0)))?;
        Ok(before + check_scoring(&scoring(&sides.setting(|_| 1)))?)
    });
}

/// 12, likewise: what diff lists adds up to the change, causes and the features of each.
#[test]
fn what_explains_a_change_adds_up() {
    of_ten_thousand_people(check_diff);
}
