//! An invented person with everybody who reacts to them, as records.

use std::sync::Arc;

use renown_core::record::{Day, Id, Interaction, Observation, Post};
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_weights::Names;

use super::scene::{Act, before, name};

/// The person's account; all others have higher numbers.
pub(super) const PERSON: i64 = 1;
/// The last day; which it is changes nothing.
pub(super) const TODAY: Day = Day::from_raw(20_000);
/// Over how many days the person is reacted to.
const DAYS: u64 = 60;
/// How many posts they made in these.
const POSTS: u64 = 20;

/// How many follow whoever so many react to.
pub(super) fn audience(fans: u64) -> u64 {
    20 * fans
}

/// Somebody to whom so many people react once in the time, of whom all like, every fourth shares and every eighth comments.
/// Their posts are uneven, as posts are.
pub(super) fn of_size(fans: u64, (network, names): (&str, &Names)) -> anyhow::Result<Tally> {
    let words = Arc::new(Words::new());
    let tally = Tally::new(words.clone(), None)?;
    let network = words.intern(network)?;
    let kind = |act: Act| name(names, act).map(|name| words.intern(name)).transpose();
    let mut batch = tally.batch();
    for post in 0..POSTS {
        let likes = fans * [1, 2, 4, 8][(post % 4) as usize] / 4;
        let mut totals = Vec::new();
        for (act, total) in [(Act::Like, likes), (Act::Share, likes / 8), (Act::Comment, likes / 8)] {
            totals.extend(kind(act)?.map(|kind| (kind, total)));
        }
        let (id, author) = (Id::Number(post as i64), Some(Id::Number(PERSON)));
        let (at, observed_at) = (before(TODAY, post * DAYS / POSTS), before(TODAY, 0));
        batch.post(&tally, &Post { network, id, author, at, observed_at, totals: &totals })?;
    }
    for fan in 0..fans {
        for (act, each) in [(Act::Like, 1), (Act::Share, 4), (Act::Comment, 8)] {
            let Some(kind) = kind(act)?.filter(|_| fan % each == 0) else { continue };
            let act = Interaction {
                at: before(TODAY, fan % DAYS),
                actor: Some(Id::Number(PERSON + 1 + fan as i64)),
                target: Some(Id::Number(PERSON)),
                ..Interaction::new(network, kind)
            };
            batch.interaction(&tally, &act)?;
        }
    }
    let (account, metric) = (Id::Number(PERSON), words.intern(&names.audience)?);
    let seen = Observation { at: before(TODAY, 0), network, account, metric, value: audience(fans) };
    batch.observation(&tally, &seen)?;
    tally.add(&mut batch);
    Ok(tally)
}
