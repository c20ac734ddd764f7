//! How long scores take to be made anew after a change of weights: `rescoring_throughput PEOPLE ACTS`.
//!
//! Scores everybody by the built-in weights, of whom each has followers, and some of whom receive far more acts than others.

use std::sync::Arc;
use std::time::Instant;

use renown_core::ledger::Ledger;
use renown_core::people::Roster;
use renown_core::record::{Id, Interaction, Observation, Timestamp};
use renown_core::score::Scoring;
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_formulas as _;
use renown_weights::{SeenNetwork, Weights};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [people, acts] = &args[..] else { return Err("expected PEOPLE ACTS".into()) };
    let (people, acts): (u64, u64) = (people.parse()?, acts.parse()?);

    let words = Arc::new(Words::new());
    let tally = Tally::new(words.clone(), None)?;
    fill(&tally, people, acts)?;
    let as_of = tally.newest_day(90).0.ok_or("no records")?;
    let ledger = Ledger::settle(tally)?;
    let roster = Roster { people: Vec::new(), everyone: true };
    let owned = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    let seen = SeenNetwork {
        name: "twitter".into(),
        kinds: owned(["like", "repost"]),
        metrics: owned(["followers", "listed"]),
    };
    for set in ["networks.twitter.weight=1.0", "time.half_life_days=20", "networks.twitter.weight=0.7"] {
        let started = Instant::now();
        let weights = Weights::with_sets(Weights::default_text(), "built-in", &[set])?;
        let ruler = weights.resolve(std::slice::from_ref(&seen), &words, &renown_sdk::formulas())?.ruler;
        let scoring = Scoring::new(&ledger, &ruler, &roster, as_of)?;
        let scored = started.elapsed();
        let persons = scoring.persons();
        let listed = started.elapsed();
        println!(
            "{set}: {:.3} s to score, {:.3} s with a sorted list of {} people, of whom the first has {}",
            scored.as_secs_f64(),
            listed.as_secs_f64(),
            persons.len(),
            persons[0].score
        );
    }
    Ok(())
}

fn fill(tally: &Tally, people: u64, acts: u64) -> Result<(), Box<dyn std::error::Error>> {
    let words = tally.words();
    let network = words.intern("twitter")?;
    let (metrics, kinds) = (["followers", "listed"], ["like", "repost"]);
    let mut batch = tally.batch();
    let mut state = 1_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 20) % below
    };
    let at = |day: u64| Timestamp::from_seconds(1_700_000_000 + day as i64 * 86_400);
    // Ids as networks give them: large, and with gaps.
    let id = |person: u64| Id::Number((person * 7_919 + 1_000_000) as i64);
    for person in 0..people {
        for metric in metrics {
            let most = 1 + next(10_000);
            let (metric, value) = (words.intern(metric)?, next(most));
            batch.observation(
                tally,
                &Observation { at: at(80), network, account: id(person), metric, value },
            )?;
        }
        if batch.is_full() {
            tally.add(&mut batch);
        }
    }
    for _ in 0..acts {
        let known = 1 + next(people);
        let record = Interaction {
            at: at(next(80)),
            actor: Some(id(next(people))),
            target: Some(id(next(known))),
            ..Interaction::new(network, words.intern(kinds[next(2) as usize])?)
        };
        batch.interaction(tally, &record)?;
        if batch.is_full() {
            tally.add(&mut batch);
        }
    }
    tally.add(&mut batch);
    Ok(())
}
