//! Handles: whoever has one is the same by it as by their id.

use proptest::prelude::*;
use renown_core::curve::Score;

use crate::records::{Record, record, scores, tally_of};

/// Accounts 5, 6 and 7 are called `@h0`, `@h1` and `@h2`; these are the handles of accounts 0, 1 and 2.
const FIRST: u8 = 5;
const OWNERS: u8 = 3;

fn id(account: u8) -> u8 {
    if (FIRST..FIRST + OWNERS).contains(&account) { account - FIRST } else { account }
}

/// The same record, naming accounts by their ids.
fn by_id(record: &Record) -> Record {
    let mut record = record.clone();
    match &mut record {
        Record::Act { actor, target, .. } => {
            *actor = actor.map(id);
            *target = target.map(id);
        }
        Record::Post { author, .. } => *author = author.map(id),
        Record::Seen { account, .. } | Record::Member { account, .. } | Record::Fate { account, .. } => {
            *account = id(*account);
        }
        Record::Handle { .. } | Record::UndoneAct { .. } | Record::UndonePost { .. } => {}
    }
    record
}

fn other() -> impl Strategy<Value = Record> {
    record().prop_filter("no handle", |record| !matches!(record, Record::Handle { .. }))
}

proptest! {
    /// Also where the actor is named in one way and the target in the other: that is done to oneself, and no response.
    #[test]
    fn by_whichever_name_the_scores_are_the_same(mut records in proptest::collection::vec(other(), 1..60)) {
        records.extend((0..2).flat_map(|network| {
            (0..OWNERS).map(move |owner| Record::Handle { network, account: owner, handle: owner })
        }));
        let plain: Vec<Record> = records.iter().map(by_id).collect();
        prop_assert_eq!(scores(tally_of(&records, 0)).unwrap(), scores(tally_of(&plain, 0)).unwrap());
    }
}

/// Posting is not response, by whichever name; and what is done to oneself takes no share of what one does to others.
#[test]
fn a_post_is_a_post_and_a_like_of_ones_own_is_nothing() {
    let act = |kind, actor, target, id| Record::Act {
        network: 0,
        kind,
        actor: Some(actor),
        target: Some(target),
        object: None,
        id,
        day: Some(80),
        amount: 1,
    };
    let (repost, like, post) = (0, 1, 2);
    let owned = Record::Handle { network: 0, account: 0, handle: 0 };
    let of = |own: &[Record]| {
        let others = [act(repost, 3, 0, None), act(repost, 0, 3, None), owned.clone()];
        scores(tally_of(&[&others[..], own].concat(), 0)).unwrap()
    };
    let points = |own: &[Record]| -> Vec<(String, Score)> {
        of(own).into_iter().map(|scored| (scored.0, scored.1)).collect()
    };
    assert_eq!(of(&[act(post, FIRST, 0, None)]), of(&[act(post, 0, 0, None)]));
    assert_ne!(of(&[act(post, FIRST, 0, None)]), of(&[]));
    // Told twice with an id, it is one; and it can be taken back.
    let told = |actor| act(post, actor, 0, Some(1));
    assert_eq!(of(&[told(0), told(FIRST), told(0)]), of(&[act(post, 0, 0, None)]));
    let undone = Record::UndoneAct { network: 0, kind: post, id: 1 };
    assert_eq!(of(&[told(0), told(FIRST), undone]), of(&[]));
    for id in [None, Some(1)] {
        assert_eq!(of(&[act(like, FIRST, 0, id)]), of(&[act(like, 0, 0, id)]));
        assert_eq!(points(&[act(like, 0, FIRST, id)]), points(&[]));
    }
}
