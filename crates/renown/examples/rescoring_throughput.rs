//! How long scores take to be made anew after a change of weights: `rescoring_throughput STATE`.
//!
//! Scores everybody in a state file by the built-in weights with a change or two, again and again.
//! `renown-engine`'s example `state_throughput` writes such files of any size.

use std::sync::Arc;
use std::time::Instant;

use renown_core::ledger::Ledger;
use renown_core::listing::Directory;
use renown_core::people::Roster;
use renown_core::published::Published;
use renown_core::ruler::Ruler;
use renown_core::score::Scoring;
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::state::sort_out;
use renown_engine::{Progress, input};
use renown_formulas as _;
use renown_weights::{SeenNetwork, Weights};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("expected STATE")?;
    let words = Arc::new(Words::new());
    let tally = Tally::new(words.clone(), None)?;
    let (states, _) = sort_out(input::find(&[path.into()])?)?;
    states.first().ok_or("no state file")?.read_into(&tally, &Progress::default())?;
    let mut seen: Vec<SeenNetwork> = Vec::new();
    for count in tally.counts() {
        let [network, word] = [count.network, count.word].map(|word| words.text(word).into_string());
        let at = seen.iter().position(|known| known.name == network).unwrap_or_else(|| {
            seen.push(SeenNetwork { name: network, ..SeenNetwork::default() });
            seen.len() - 1
        });
        if count.is_metric { &mut seen[at].metrics } else { &mut seen[at].kinds }.push(word);
    }
    let as_of = tally.newest_day(90).0.ok_or("no dated records")?;
    let ledger = Ledger::settle(tally)?;
    let roster = Roster { people: Vec::new(), everyone: true };
    let ruler = |set: &str| -> Result<Ruler, Box<dyn std::error::Error>> {
        let weights = Weights::with_sets(Weights::default_text(), "built-in", &[set])?;
        Ok(weights.resolve(&seen, &words, &renown_sdk::formulas())?.ruler)
    };
    let (started, first) = (Instant::now(), ruler("standing.rounds=2")?);
    let base = Scoring::keeping(&Published::default(), &ledger, &first, &roster, as_of)?;
    println!("the first scoring, which walks all records: {:.3} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let directory = Directory::of(&[&base]);
    println!(
        "{} people in the order of their names: {:.3} s",
        directory.len(),
        started.elapsed().as_secs_f64()
    );
    let before = base.scores(&directory);
    for set in [
        "standing.rounds=0",
        "combine.power=1",
        "networks.\"*\".features.\"followers.latest\".weight=2",
        "time.half_life_days=40",
    ] {
        let ruler = ruler(set)?;
        let started = Instant::now();
        let scoring = base.by(&ruler)?;
        let scored = started.elapsed().as_secs_f64();
        let (moves, _) = directory.moves((&base, &before), &scoring);
        let known = started.elapsed().as_secs_f64();
        println!("{set}: {scored:.3} s to score, {known:.3} s to know that {} moved", moves.moved());
    }
    let started = Instant::now();
    let persons = base.persons();
    println!("a list of all {}: {:.3} s", persons.len(), started.elapsed().as_secs_f64());
    Ok(())
}
