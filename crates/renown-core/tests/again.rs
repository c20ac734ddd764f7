//! Scores that are made again, from numbers that were kept, are those that are made anew.

mod common {
    pub(crate) mod records;
    pub(crate) mod sum;
    pub(crate) mod world;
}

use common::records::{at, records, undos};
use common::sum::{Sum, bound};
use common::world::World;
use proptest::prelude::*;
use renown_core::curve::Curve;
use renown_core::listing::Directory;
use renown_core::moves::Moves;
use renown_core::people::Roster;
use renown_core::published::Published;
use renown_core::ruler::Ruler;
use renown_core::score::Scoring;
use renown_core::stat::Stat;

/// A change of a ruler: what numbers are worth, or which are asked for.
#[derive(Clone, Copy, Debug)]
enum Change {
    Weight(usize, f64),
    Linear(usize),
    Cap(usize, f64),
    Floor(f64),
    Start(f64),
    Network(f64),
    Rounds(u8),
    HalfLife(f64),
    OwnHalfLife(usize, f64),
    PerPost(f64),
    Instead(usize, Stat),
    Forgotten,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (0..10_usize, 0.0..3.0).prop_map(|(feature, weight)| Change::Weight(feature, weight)),
        (0..10_usize).prop_map(Change::Linear),
        (0..10_usize, 1.0..9.0).prop_map(|(feature, cap)| Change::Cap(feature, cap)),
        (0.01..1.0).prop_map(Change::Floor),
        (1.0..99.0).prop_map(Change::Start),
        (0.0..2.0).prop_map(Change::Network),
        (0..4_u8).prop_map(Change::Rounds),
        (1.0..90.0).prop_map(Change::HalfLife),
        (0..10_usize, 1.0..90.0).prop_map(|(feature, days)| Change::OwnHalfLife(feature, days)),
        (0.0..1.0).prop_map(Change::PerPost),
        (0..10_usize, prop_oneof![Just(Stat::Actors), Just(Stat::Weighted)])
            .prop_map(|(feature, stat)| Change::Instead(feature, stat)),
        Just(Change::Forgotten),
    ];
    prop::collection::vec(change, 1..4)
}

fn changed(mut ruler: Ruler, changes: &[Change]) -> Ruler {
    let like = ruler.networks[0].features[1].word;
    for change in changes {
        match *change {
            Change::Rounds(rounds) => ruler.standing.rounds = rounds,
            Change::Floor(floor) => ruler.standing.floor = floor,
            Change::Start(score) => ruler.standing.start = score,
            Change::Cap(feature, cap) => ruler.networks[0].features[feature].cap = Some(cap),
            Change::Forgotten => ruler.networks.truncate(1),
            Change::Network(weight) => ruler.networks[0].weight = weight,
            Change::HalfLife(days) => ruler.networks[0].half_life_days = days,
            Change::OwnHalfLife(feature, days) => {
                ruler.networks[0].features[feature].half_life_days = Some(days);
            }
            Change::PerPost(exponent) => ruler.per_post_exponent = exponent,
            Change::Weight(feature, weight) => ruler.networks[0].features[feature].weight = weight,
            Change::Linear(feature) => ruler.networks[0].features[feature].curve = Curve::Linear,
            Change::Instead(feature, stat) => {
                ruler.networks[0].features[feature].instead = Some((like, stat));
            }
        }
    }
    for network in &mut ruler.networks {
        network.formula = bound(&Sum, &network.features);
    }
    ruler
}

proptest! {
    #[test]
    fn by_another_ruler(mut records in records(), undos in undos(), changes in changes(), more in changes(), owned in 0..4_i64, keeps: bool, held in 0..4_usize) {
        records.extend(undos);
        let world = World::new(&records, 2);
        let mut excluded = world.person(&[(0, owned + 1)]);
        (excluded.id, excluded.exclude) = ("nobody".into(), true);
        let roster = Roster { people: vec![world.person(&[(0, owned), (1, owned)]), excluded], everyone: true };
        let as_of = at(0).unwrap().day();
        let ruler = changed(world.ruler.clone(), &changes);
        // Of so many it is known which score they had.
        let had = Scoring::new(&world.ledger, &ruler, &roster, as_of).unwrap().persons();
        let before = Published(had.into_iter().take(held).map(|person| (person.person, person.score)).collect());
        let base = if keeps {
            Scoring::keeping(&before, &world.ledger, &world.ruler, &roster, as_of)
        } else {
            Scoring::after(&before, &world.ledger, &world.ruler, &roster, as_of)
        };
        let base = base.unwrap();
        let anew = Scoring::after(&before, &world.ledger, &ruler, &roster, as_of).unwrap();
        let again = base.by(&ruler).unwrap();
        prop_assert_eq!(again.persons(), anew.persons());
        // One by one as well.
        let further = changed(ruler.clone(), &more);
        let expected = Scoring::after(&before, &world.ledger, &further, &roster, as_of).unwrap().persons();
        prop_assert_eq!(again.by(&further).unwrap().persons(), expected);
        // Numbers that were kept explain as those do that are looked up.
        for person in anew.persons().iter().take(4) {
            let explanation = anew.explain(&person.person).unwrap().unwrap();
            let looked_up = anew.details(&explanation, &anew.all_scores()).unwrap();
            prop_assert_eq!(again.details(&explanation, &again.all_scores()).unwrap(), looked_up);
        }
        // The first is as it was.
        prop_assert_eq!(again.by(&world.ruler).unwrap().persons(), base.persons());
        let directory = Directory::of(&[&base]);
        let scores = base.scores(&directory);
        let (moves, wider) = directory.moves((&base, &scores), &again);
        let (before, after) = (base.scores_by_name(), anew.scores_by_name());
        let (of_lists, names) = Moves::new(&before, &after);
        prop_assert_eq!(moves, of_lists);
        prop_assert_eq!((0..wider.len() as u32).map(|place| wider.name(&base, place)).collect::<Vec<_>>(), names);
        prop_assert_eq!(directory.len(), base.persons().len());
    }
}

/// What stands in for a number that is not known counts as that would, and no longer than it is not known.
#[test]
fn a_stand_in() {
    use common::records::Record;
    let like = |actor: i64, target: i64| Record::Act {
        network: 0,
        kind: 0,
        actor,
        target,
        age: 1,
        amount: 1,
        id: None,
    };
    let mut records: Vec<Record> = (10..19).map(|actor| like(actor, 1)).collect();
    records.extend((10..19).map(|actor| like(actor, 2)));
    records.push(Record::Seen { network: 0, account: 2, age: Some(1), followers: 2 });
    let world = World::new(&records, 0);
    let roster = Roster { people: Vec::new(), everyone: true };
    let points = |ruler: &Ruler, person: &str| {
        let scoring = Scoring::new(&world.ledger, ruler, &roster, at(0).unwrap().day()).unwrap();
        let explained = scoring.explain(person).unwrap().unwrap();
        let features = &explained.accounts[0].features;
        features.iter().find(|feature| feature.name.ends_with("followers.latest")).unwrap().value
    };
    let names: Vec<String> = Scoring::new(&world.ledger, &world.ruler, &roster, at(0).unwrap().day())
        .unwrap()
        .persons()
        .into_iter()
        .map(|person| person.person)
        .collect();
    let [of_two, of_one] = &names[..] else { panic!("{names:?}") };
    assert_eq!((points(&world.ruler, of_two), points(&world.ruler, of_one)), (Some(2.0), None));
    let mut ruler = world.ruler.clone();
    for network in &mut ruler.networks {
        network.features[0].instead = Some((network.features[1].word, Stat::Actors));
    }
    assert_eq!((points(&ruler, of_two), points(&ruler, of_one)), (Some(2.0), Some(9.0)));
}
