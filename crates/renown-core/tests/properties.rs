//! What must always hold, over generated records: the numbers are those of the design's list.

mod common {
    pub(crate) mod records;
    pub(crate) mod sum;
    pub(crate) mod world;
}

use std::collections::BTreeMap;
use std::sync::Arc;

use common::records::{NETWORKS, Record, Taken, WINDOW, at, record, records, tally_of, undos};
use common::sum::{SumOf, bound};
use common::world::{World, ruler};
use proptest::prelude::*;
use renown_core::columns_of::FeatureColumn;
use renown_core::curve::{Curve, Score};
use renown_core::formula::{Column, Flaw, Formula, FormulaError, Prepared, Spec, flaw};
use renown_core::ledger::Ledger;
use renown_core::listing::ScoredPerson;
use renown_core::people::Roster;
use renown_core::ruler::Feature;
use renown_core::score::Scoring;
use renown_core::stat::Stat;
use renown_core::tally::Tally;
use renown_core::tally::state::{Intake, State};
use renown_core::words::Words;

/// What is asked of generated worlds here.
impl World {
    fn persons(&self, roster: &Roster) -> Vec<ScoredPerson> {
        Scoring::new(&self.ledger, &self.ruler, roster, at(0).unwrap().day()).unwrap().persons()
    }

    fn everyone(&self) -> BTreeMap<String, Score> {
        let roster = Roster { people: Vec::new(), everyone: true };
        self.persons(&roster).into_iter().map(|person| (person.person, person.score)).collect()
    }

    fn score_of(&self, accounts: &[(usize, i64)]) -> Score {
        let roster = Roster { people: vec![self.person(accounts)], everyone: false };
        self.persons(&roster)[0].score
    }
}

fn score(records: &[Record], account: i64) -> Score {
    World::new(records, 0).score_of(&[(0, account)])
}

fn with(records: &[Record], more: impl IntoIterator<Item = Record>) -> Vec<Record> {
    records.iter().cloned().chain(more).collect()
}

fn like(actor: i64, target: i64, age: i64) -> Record {
    Record::Act { network: 0, kind: 0, actor, target, age, amount: 1, id: None }
}

fn post(author: i64, id: i64, likes: Option<u64>) -> Record {
    Record::Post { network: 0, author, id, age: 1, likes, observed_age: 0 }
}

/// Adds the records of one tally to another, as those of a state are.
fn merge(to: &Tally, from: Tally) {
    let (state, mut intake) = (State::new(from), Intake::new(to));
    for block in state.blocks() {
        intake.take(block.section, &[state.encode(&block)]).expect("what was written just now");
    }
    intake.finish().expect("a whole state");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// 1. Monotone: more received, all else equal, never lowers a score; rounds of standing included.
    #[test]
    fn more_received_never_lowers(records in records(), actor in 100..110_i64, target in 0..8_i64, kind in 0..2_usize,
                                  age in 0..120_i64, amount in 1..5_u64) {
        let more = with(&records, [Record::Act { network: 0, kind, actor, target, age, amount, id: None }]);
        prop_assert!(World::new(&more, 2).score_of(&[(0, target)]) >= World::new(&records, 2).score_of(&[(0, target)]));
    }

    /// 1, again by an actor who is already there, in every kind, flat standing (the actor's other gifts fade a little).
    #[test]
    fn more_from_the_same_actor_never_lowers(records in records(), actor in 0..12_i64, target in 0..8_i64,
                                             kind in 0..2_usize, age in 0..120_i64) {
        let more = with(&records, [Record::Act { network: 0, kind, actor, target, age, amount: 1, id: None }]);
        prop_assert!(score(&more, target) >= score(&records, target));
    }

    /// 1, totals: a post that shows more likes never lowers its author.
    #[test]
    fn higher_totals_never_lower(records in records(), likes in 0..5_000_u64, more in 0..5_000_u64) {
        let before = with(&records, [post(3, 999, Some(likes))]);
        let after = with(&records, [post(3, 999, Some(likes + more))]);
        prop_assert!(score(&after, 3) >= score(&before, 3));
    }

    /// 2. Linking an account of another network, or a second one of the same, never lowers.
    #[test]
    fn networks_only_add(records in records(), account in 0..8_i64, other in 0..8_i64, network in 0..2_usize) {
        // What the two did to each other becomes one's own doing and is left out here.
        let strangers: Vec<Record> = records.into_iter().filter(|record| !matches!(record,
            Record::Act { actor, .. } if [account, other].contains(actor))).collect();
        let world = World::new(&strangers, 1);
        prop_assert!(world.score_of(&[(0, account), (network, other)]) >= world.score_of(&[(0, account)]));
    }

    /// 3. Uniqueness: the same amount from more actors never counts less than from fewer.
    #[test]
    fn more_actors_never_count_less(records in records(), amount in 1..20_i64, few in 1..20_i64, age in 0..90_i64) {
        let few = few.min(amount);
        let spread = |actors: i64| with(&records, (0..amount).map(|act| like(1_000 + act % actors, 3, age)));
        prop_assert!(score(&spread(amount), 3) >= score(&spread(few), 3));
    }

    /// 4. Selectivity: the more an actor gave to others that day, the less a gift counts.
    #[test]
    fn the_more_given_the_less_each_counts(records in records(), others in 1..30_i64, more in 1..30_i64) {
        let given = |others: i64| {
            let busy = (0..others).map(|other| like(1_000, 2_000 + other, 5));
            score(&with(&records, busy.chain([like(1_000, 3, 5)])), 3)
        };
        prop_assert!(given(others + more) <= given(others));
    }

    /// 5. Standing: a reaction by somebody influential never counts less than by somebody less so.
    #[test]
    fn the_influential_never_count_less(records in records(), followers in 0..1_000_000_u64, more in 0..1_000_000_u64) {
        let by = |followers: u64| {
            let seen = Record::Seen { network: 0, account: 1_000, age: Some(0), followers };
            World::new(&with(&records, [seen, like(1_000, 3, 5)]), 2).score_of(&[(0, 3)])
        };
        prop_assert!(by(followers + more) >= by(followers));
    }

    /// 6. Ratio: the same response to fewer posts never counts less.
    #[test]
    fn fewer_posts_never_count_less(records in records(), posts in 1..20_i64, more in 1..20_i64) {
        let of = |posts: i64| {
            let silent = (0..posts).map(|id| post(3, 5_000 + id, None));
            score(&with(&records, silent.chain([like(1_000, 3, 5), post(3, 4_999, None)])), 3)
        };
        prop_assert!(of(posts) >= of(posts + more));
    }

    /// 7. Recency: newer never counts less, and nothing counts outside the window.
    #[test]
    fn newer_never_counts_less(records in records(), age in 0..WINDOW, older in 1..60_i64, amount in 1..4_u64) {
        let aged = |age: i64| Record::Act { network: 0, kind: 1, actor: 1_000, target: 3, age, amount, id: None };
        // A day of its own, so that the number of days is the same.
        let records: Vec<Record> = records.into_iter()
            .filter(|record| !matches!(record, Record::Act { target: 3, .. })).collect();
        let scored = |age| score(&with(&records, [aged(age)]), 3);
        prop_assert!(scored(age) >= scored(age + older));
        prop_assert_eq!(scored(WINDOW + older), score(&with(&records, [aged(WINDOW + 500)]), 3));
    }

    /// 9. Own hands: what one does to one's own posts counts nothing, through a second account either.
    #[test]
    fn own_hands_count_nothing(records in records(), kind in 0..2_usize, age in 0..90_i64, amount in 1..5_u64) {
        let own = |actor, target| Record::Act { network: 0, kind, actor, target, age, amount, id: None };
        let base = with(&records, [like(50, 3, 1), like(50, 7_777, 1)]);
        let world = World::new(&base, 0);
        let selfish = World::new(&with(&base, [own(3, 3), own(7_777, 3), own(3, 7_777)]), 0);
        let pair = [(0, 3), (0, 7_777)];
        // Presence of a kind is not a score: compare what the two get.
        prop_assert_eq!(selfish.score_of(&pair), world.score_of(&pair));
    }

    /// 10. No cliff: one more reaction, follower or day moves a score by little.
    #[test]
    fn no_cliff(records in records(), followers in 0..200_000_u64, received in 3..400_i64) {
        let seen = |followers| with(&records, [Record::Seen { network: 0, account: 3, age: Some(0), followers }]);
        let step = score(&seen(followers + 1), 3).0.abs_diff(score(&seen(followers), 3).0);
        prop_assert!(step <= 20_000, "one follower more: {step}");
        let likes = |n: i64| with(&records, (0..n).map(|actor| like(10_000 + actor, 3, 5)));
        let step = score(&likes(received + 1), 3).0.abs_diff(score(&likes(received), 3).0);
        prop_assert!(step <= 30_000, "one like more: {step}");
    }

    /// 10. No cliff: one day more. Without fading, all of this would leave the window at once.
    #[test]
    fn nothing_leaves_the_window_at_once(records in records(), likes in 0..1_000_000_u64, actors in 0..40_i64, age in 0..WINDOW) {
        let aged = |age: i64| {
            let post = Record::Post { network: 0, author: 9, id: 77, age, likes: Some(likes), observed_age: 0 };
            let seen = Record::Seen { network: 0, account: 9, age: Some(age), followers: likes };
            let acts = (0..actors).map(|actor| like(10_000 + actor, 9, age));
            score(&with(&records, [post, seen].into_iter().chain(acts)), 9).0
        };
        let step = aged(age).abs_diff(aged(age + 1));
        prop_assert!(step <= 80_000, "from {age} days to one more: {step}");
    }

    /// 11. Missing is never a bonus: losing a network, a metric or a kind never raises a score.
    #[test]
    fn losing_a_source_never_raises(records in records(), account in 0..8_i64, lost in 0..4_usize) {
        let kept: Vec<Record> = records.iter().filter(|record| !matches!(
            (lost, record),
            (0, Record::Seen { .. }) | (1, Record::Post { .. }) | (2, Record::Act { kind: 0, .. }) | (3, Record::Act { kind: 1, .. })
        )).cloned().collect();
        // An act of a lost kind was also something its actor did that day: without it others count more.
        prop_assume!(lost < 2 || records.iter().all(|record| !matches!(record,
            Record::Act { actor, age, .. } if records.iter().any(|other| other != record && matches!(other,
                Record::Act { actor: same, age: day, .. } if same == actor && day == age)))));
        let (all, less) = (World::new(&records, 0), World::new(&kept, 0));
        prop_assert!(less.score_of(&[(0, account), (1, account)]) <= all.score_of(&[(0, account), (1, account)]));
    }

    /// 12. Exact parts: what explain lists adds up to the score, to the last digit.
    #[test]
    fn parts_add_up(records in records(), account in 0..8_i64, other in 0..8_i64) {
        let world = World::new(&records, 1);
        let roster = Roster { people: vec![world.person(&[(0, account), (1, other)])], everyone: true };
        let scoring = Scoring::new(&world.ledger, &world.ruler, &roster, at(0).unwrap().day()).unwrap();
        for person in scoring.persons() {
            prop_assert_eq!(10_000 + person.parts.iter().map(|part| part.1).sum::<u32>(), person.score.0);
            let explained = scoring.explain(&person.person).unwrap().unwrap();
            prop_assert_eq!(explained.score, person.score);
            prop_assert_eq!(10_000 + explained.accounts.iter().map(|account| account.part).sum::<u32>(), person.score.0);
            for account in explained.accounts {
                prop_assert_eq!(account.features.iter().map(|feature| feature.part).sum::<u32>(), account.part);
            }
        }
    }

    /// 12, of all at once: the columns of everybody have the values and points that explain lists, and nobody else's.
    #[test]
    fn columns_are_what_is_explained(records in records(), account in 0..8_i64, everyone in any::<bool>()) {
        let world = World::new(&records, 1);
        let roster = Roster { people: vec![world.person(&[(0, account), (1, account)])], everyone };
        let scoring = Scoring::new(&world.ledger, &world.ruler, &roster, at(0).unwrap().day()).unwrap();
        let columns = scoring.columns().unwrap();
        let mut found = Vec::new();
        for network in &columns.networks {
            for (row, person) in network.persons.iter().enumerate() {
                let of_row = |feature: &FeatureColumn| (feature.values[row], feature.points[row].to_bits());
                let features: Vec<_> = network.features.iter().map(of_row).collect();
                found.push((network.network.clone(), columns.scores[*person].0, format!("{features:?}")));
            }
        }
        let mut expected = Vec::new();
        for person in scoring.persons() {
            for account in scoring.explain(&person.person).unwrap().unwrap().accounts {
                // Somebody who only acted has a place in the people file and no row.
                if account.features.iter().any(|feature| feature.value.is_some()) {
                    let features: Vec<_> =
                        account.features.iter().map(|feature| (feature.value, feature.points.to_bits())).collect();
                    expected.push((account.network, person.score.0, format!("{features:?}")));
                }
            }
        }
        let known = |row: &(String, u32, String)| row.2.contains("Some");
        found.retain(known);
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    /// 13. The same bytes: order, split, grouping of merges, threads; and reading twice what has an id.
    #[test]
    fn any_order_split_and_threads(records in records(), undos in undos(), seed in 0..1_000_usize, cut in 0..60_usize, threads in 1..5_usize) {
        let records = with(&records, undos);
        let expected = World::new(&records, 2).everyone();
        let mut shuffled = records.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, (seed * 7_919 + index * 104_729) % (index + 1));
        }
        let words = Arc::new(Words::new());
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let (one, two) = (tally_of(&words, first), tally_of(&words, second));
        merge(&two, one);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let merged = pool.install(|| World { ruler: ruler(&words, 2), ledger: Ledger::settle(two).expect("all rows are in memory") }.everyone());
        prop_assert_eq!(&merged, &expected);

        let named: Vec<Record> = records.iter()
            .filter(|record| !matches!(record, Record::Act { id: None, .. })).cloned().collect();
        prop_assert_eq!(World::new(&with(&records, named), 2).everyone(), expected);
    }

    /// What is taken back counts as if it had never been; what others gave a closed account is still something they did.
    #[test]
    fn what_is_taken_back_counts_for_nothing(
        records in records(), on in 0..2_usize, account in 0..8_i64, act in 0..30_i64, post in 0..20_i64
    ) {
        const NOBODY: i64 = 9_999;
        let taken = [
            Taken::Act { kind: 0, id: act },
            Taken::Act { kind: 1, id: act },
            Taken::Post(post),
            Taken::Account { account, back: true, age: 9 },
            Taken::Account { account, back: false, age: 3 },
        ];
        let taken_back = with(&records, taken.map(|undone| Record::Undo { network: on, undone }));
        let never = records.iter().filter(|record| match **record {
            Record::Act { network, actor, id, .. } => {
                network != on || actor != account && id != Some(act)
            }
            Record::Post { network, author, id, .. } => network != on || author != account && id != post,
            Record::Seen { network, account: seen, .. } => network != on || seen != account,
            Record::Undo { .. } => true,
        });
        let never: Vec<Record> = never.cloned().map(|mut record| {
            if let Record::Act { network, target, .. } = &mut record && *network == on && *target == account {
                *target = NOBODY;
            }
            record
        }).collect();
        let mut expected = World::new(&never, 2).everyone();
        expected.retain(|name, _| !name.ends_with(&format!(":{NOBODY}")));
        prop_assert_eq!(&World::new(&taken_back, 2).everyone(), &expected);

        let back = Record::Undo { network: on, undone: Taken::Account { account, back: true, age: 1 } };
        let closed = Record::Undo { network: on, undone: taken[4] };
        prop_assert_eq!(World::new(&with(&records, [back, closed]), 2).everyone(), World::new(&records, 2).everyone());
    }

    /// 14. A stranger's arrival moves nobody, except through what the stranger does.
    #[test]
    fn strangers_move_nobody(records in records(), strangers in 1..20_i64) {
        let mut expected = World::new(&records, 2).everyone();
        let arrived = with(&records, (0..strangers).flat_map(|stranger| {
            let account = 5_000 + stranger;
            [Record::Seen { network: 0, account, age: Some(0), followers: 1 << stranger }, like(6_000 + stranger, account, 3)]
        }));
        let mut after = World::new(&arrived, 2).everyone();
        after.retain(|name, _| expected.contains_key(name));
        prop_assert_eq!(&mut after, &mut expected);
    }

    /// Unjoining restores the old bytes; excluding and consent do what they say.
    #[test]
    fn joining_is_reversible_and_exclusion_counts_for_nobody(records in records(), account in 0..8_i64) {
        let world = World::new(&records, 1);
        let alone = world.everyone();
        let joined = Roster { people: vec![world.person(&[(0, account), (1, account)])], everyone: true };
        let _ = world.persons(&joined);
        prop_assert_eq!(&world.everyone(), &alone);

        // Excluding somebody is as if their acts had not been.
        let mut person = world.person(&[(0, account), (1, account)]);
        person.exclude = true;
        let excluded: BTreeMap<String, Score> = world.persons(&Roster { people: vec![person], everyone: true })
            .into_iter().map(|person| (person.person, person.score)).collect();
        let without: Vec<Record> = records.iter().filter(|record| !matches!(record,
            Record::Act { actor, .. } if *actor == account)).cloned().collect();
        let mut expected = World::new(&without, 1).everyone();
        expected.retain(|name, _| NETWORKS.iter().all(|network| *name != format!("{network}:{account}")));
        let mut excluded_only = excluded.clone();
        excluded_only.retain(|name, _| expected.contains_key(name));
        prop_assert_eq!(excluded_only, expected);
        let names = NETWORKS.map(|network| format!("{network}:{account}"));
        prop_assert!(names.iter().all(|name| !excluded.contains_key(name)));
    }
}

/// 8. Effort: doubling what one receives adds less the higher one stands, and never more.
#[test]
fn each_doubling_adds_less() {
    let of = |actors: i64| {
        let likes: Vec<Record> = (0..actors).map(|actor| like(1_000 + actor, 3, 0)).collect();
        i64::from(score(&likes, 3).0)
    };
    // From four people on every feature has passed 1, where a doubling adds one to its curve.
    let scores: Vec<i64> = (2..13).map(|power| of(1 << power)).collect();
    let gains: Vec<i64> = scores.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for pair in gains.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "rounding aside: {gains:?}");
    }
    assert!(gains[gains.len() - 1] < gains[0], "{gains:?}");
}

/// One far-off date pushes nobody out of the window.
#[test]
fn a_broken_clock_is_set_aside() {
    let words = Arc::new(Words::new());
    let mut records: Vec<Record> =
        (0..2_000).map(|actor| like(1_000 + actor, actor % 7, actor % 60)).collect();
    records.push(like(1, 2, -9_000));
    let tally = tally_of(&words, &records);
    assert_eq!(tally.newest_day(90), (Some(at(0).unwrap().day()), 1));
    // So it is among a few, since it lies ages after them, and though others lack a time.
    let of = |days: &[i64]| {
        let records: Vec<Record> = days.iter().zip(0..).map(|(&days, actor)| like(actor, 2, days)).collect();
        tally_of(&words, &records).newest_day(90)
    };
    let epoch = 20_000; // 1970-01-01
    assert_eq!(of(&[0, 1, -9_000, epoch, epoch, epoch]), (Some(at(0).unwrap().day()), 1));
    assert_eq!(of(&[0, -9_000]), (Some(at(-9_000).unwrap().day()), 0), "neither is the rule");
    assert_eq!(of(&[0, epoch, epoch, epoch, epoch]), (Some(at(0).unwrap().day()), 0), "the past is no rule");
    assert_eq!(of(&[400, 401, 402, 0]), (Some(at(0).unwrap().day()), 0), "a pause");
    let all_late = tally_of(&words, &[like(1, 2, -9_000)]);
    assert_eq!(all_late.newest_day(90), (Some(at(-9_000).unwrap().day()), 0));
}

/// The value of a feature of the account 0 on the first network.
fn value_of(records: &[Record], feature: &str) -> Option<f64> {
    let world = World::new(records, 0);
    let roster = Roster { people: vec![world.person(&[(0, 0)])], everyone: false };
    let scoring = Scoring::new(&world.ledger, &world.ruler, &roster, at(0).unwrap().day()).unwrap();
    let explained = scoring.explain("somebody").unwrap().unwrap();
    let features = explained.accounts.first().map_or(&[][..], |account| &account.features);
    features
        .iter()
        .find(|found| found.name == format!("{}.{feature}", NETWORKS[0]))
        .and_then(|found| found.value)
}

#[test]
fn h_is_of_posts_that_show_a_total_within_the_window() {
    let posts = [(0, 3), (1, 3), (2, 1), (3, 70)].map(|(id, likes)| post(0, id, Some(likes)));
    assert_eq!(value_of(&posts, "like.h"), Some(3.0));
    // Acts without totals, and posts that show none, are no totals.
    assert_eq!(value_of(&[like(1, 0, 1), like(2, 0, 1), post(0, 4, None)], "like.h"), None);
    let old = Record::Post { network: 0, author: 0, id: 4, age: WINDOW + 5, likes: Some(9), observed_age: 0 };
    assert_eq!(value_of(std::slice::from_ref(&old), "like.h"), Some(0.0));
    assert_eq!(value_of(&with(&posts, [old]), "like.h"), Some(3.0));
}

proptest! {
    #[test]
    fn a_further_total_never_lowers_h(records in proptest::collection::vec(record(), 0..40), likes in 0..5_000_u64) {
        let more = with(&records, [post(0, 77, Some(likes))]);
        prop_assert!(value_of(&more, "like.h") >= value_of(&records, "like.h"));
    }
}

/// Gives what it is told to.
#[derive(Clone, Debug)]
struct Rogue(fn(f64) -> f64, fn(f64) -> f64);

impl Formula for Rogue {
    fn name(&self) -> &'static str {
        "rogue"
    }
    fn docs(&self) -> &'static str {
        "gives what it is told to"
    }
    fn prepare(&self, _: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        Ok(Arc::new(self.clone()))
    }
}

impl Prepared for Rogue {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        for (out, value) in out.iter_mut().zip(columns[0]) {
            *out = (self.0)(if value.is_nan() { 0.0 } else { *value });
            if *out > 500.0 {
                return Err("too much to bear".into());
            }
        }
        Ok(())
    }
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        out[0] = (self.1)(row[0]);
        Ok(())
    }
}

/// Whatever a formula does, it ends in an error that names it.
#[test]
fn what_a_formula_gives_is_checked() {
    let records = [post(0, 1, Some(5)), Record::Seen { network: 0, account: 0, age: Some(1), followers: 9 }];
    let outcome = |rogue: Rogue| {
        let mut world = World::new(&records, 1);
        for network in &mut world.ruler.networks {
            network.formula = bound(&rogue, &network.features);
        }
        let roster = Roster { people: vec![world.person(&[(0, 0)])], everyone: true };
        let scoring = Scoring::new(&world.ledger, &world.ruler, &roster, at(0).unwrap().day());
        let explained =
            scoring.and_then(|scoring| scoring.explain("somebody").map(|explained| explained.is_some()));
        explained.map_err(|failure| failure.to_string())
    };
    let same: fn(f64) -> f64 = |value| value;
    let values = "followers.latest = 4.169925001442312, like.count = 3.321928094887362, like.h = 1";
    assert_eq!(outcome(Rogue(same, same)), Ok(true));
    for (rogue, message) in [
        (Rogue(|_| -1.0, same), format!("the formula `rogue` gave -1 points for {values}")),
        (Rogue(|_| f64::NAN, same), format!("the formula `rogue` gave NaN points for {values}")),
        (Rogue(|_| f64::INFINITY, same), "the formula `rogue` failed: too much to bear".into()),
        (Rogue(same, |_| -1.0), "the formula `rogue` gave followers.latest a part of -1 points in ".into()),
        (Rogue(same, |part| part / 2.0), "the formula `rogue` gave parts that add up to 2.08".into()),
    ] {
        let found = outcome(rogue).expect_err(&message);
        assert!(found.starts_with(&message), "{found}");
    }
}

#[test]
fn flaws_are_found_with_the_values_that_show_them() {
    let (features, words) = ([("likes.latest", 1.0), ("views.latest", 1.0)], Words::new());
    let features: Vec<Feature> = features
        .iter()
        .map(|(name, weight)| Feature {
            word: words.intern(name).unwrap(),
            name: (*name).to_owned(),
            stat: Stat::Latest,
            weight: *weight,
            curve: Curve::LOG,
            cap: Some(1e6),
            half_life_days: None,
            asked: true,
            instead: None,
        })
        .collect();
    let columns: Vec<Column<'_>> = features.iter().map(Feature::column).collect();
    let found = |points: fn(f64) -> f64| flaw(&Rogue(points, |part| part), &columns);
    assert_eq!(found(|value| value), None);
    assert_eq!(found(|_| 2.0), Some(Flaw::ForNothing(2.0)));
    assert_eq!(found(|_| 501.0), Some(Flaw::Fails("too much to bear".into())));
    assert!(matches!(
        found(|value| if value > 20.0 { f64::NAN } else { value }),
        Some(Flaw::Impossible { .. })
    ));
    // Only the last doublings below the cap fall.
    let falling = found(|value| if value > 19.0 { 37.0 - value } else { value });
    let Some(Flaw::Falls { feature, before, after, points: [from, to] }) = &falling else {
        panic!("{falling:?}")
    };
    assert_eq!((feature.as_str(), before.len()), ("likes.latest", 2));
    assert!(before[0].1 < *after && from > to && *after <= 21.0);
    assert_eq!(falling, found(|value| if value > 19.0 { 37.0 - value } else { value }));
    assert!(falling.unwrap().to_string().starts_with("points fall from "));
    assert_eq!(flaw(&SumOf(Vec::new()), &[]), None);
}
