//! How long a state takes to be written, read and put in order: `state_throughput PEOPLE ACTS FILE`.

use std::sync::Arc;
use std::time::Instant;

use renown_core::ledger::Ledger;
use renown_core::record::{Id, Interaction, Observation, Timestamp};
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::{About, ReadWith, sort_out, write};
use renown_engine::{Progress, input};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [people, acts, path] = &args[..] else { return Err("expected PEOPLE ACTS FILE".into()) };
    let (people, acts): (u64, u64) = (people.parse()?, acts.parse()?);

    let tally = Tally::new(Arc::new(Words::new()), None)?;
    fill(&tally, people, acts)?;
    let report = Report { records: people + acts, ..Report::default() };
    let about = About::new(&tally, &report, ReadWith::new());
    timed("write", || write(tally, &about, std::fs::File::create(path)?, &Progress::default()))?;

    let merged = Tally::new(Arc::new(Words::new()), None)?;
    let (states, _) = sort_out(input::find(&[path.into(), path.into()])?)?;
    timed("read", || states[0].read_into(&merged, &Progress::default()))?;
    timed("read again, as a merge does", || states[1].read_into(&merged, &Progress::default()))?;
    drop(merged);

    let tally = Tally::new(Arc::new(Words::new()), None)?;
    states[0].read_into(&tally, &Progress::default())?;
    timed("put in order", || Ledger::settle(tally))?;
    let size = std::fs::metadata(path)?.len() as f64 / 1e6;
    println!("{size:.1} MB");
    Ok(())
}

fn timed<T, E>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let started = Instant::now();
    let result = work();
    println!("{what}: {:.3} s", started.elapsed().as_secs_f64());
    result
}

/// Acts among people, some of whom receive far more than others, and a number beside each of them.
fn fill(tally: &Tally, people: u64, acts: u64) -> Result<(), Box<dyn std::error::Error>> {
    let words = tally.words();
    let (network, followers) = (words.intern("notes")?, words.intern("followers")?);
    let kinds = [words.intern("like")?, words.intern("repost")?];
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
        let most = 1 + next(10_000);
        let value = next(most);
        let seen = Observation { at: at(0), network, account: id(person), metric: followers, value };
        batch.observation(tally, &seen)?;
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
            ..Interaction::new(network, kinds[next(2) as usize])
        };
        batch.interaction(tally, &record)?;
        if batch.is_full() {
            tally.add(&mut batch);
        }
    }
    tally.add(&mut batch);
    Ok(())
}
