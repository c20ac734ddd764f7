//! Handles: whoever has one is the same by it as by their id.

use proptest::prelude::*;

use crate::records::{Record, record, scores, tally_of};

/// Accounts 5, 6 and 7 are called `@h0`, `@h1` and `@h2`; these are the handles of accounts 0, 1 and 2.
const FIRST: u8 = 5;
const OWNERS: u8 = 3;

/// The same record, naming accounts by their ids.
fn by_id(record: &Record) -> Record {
    let id = |account: u8| if (FIRST..FIRST + OWNERS).contains(&account) { account - FIRST } else { account };
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

proptest! {
    /// Also where the actor is named in one way and the target in the other: that is done to oneself, and no response.
    #[test]
    fn by_whichever_name_the_scores_are_the_same(records in proptest::collection::vec(record(), 1..60)) {
        let others = records.into_iter().filter(|record| !matches!(record, Record::Handle { .. }));
        let owned = (0..2).flat_map(|network| {
            (0..OWNERS).map(move |owner| Record::Handle { network, account: owner, handle: owner })
        });
        let records: Vec<Record> = others.chain(owned).collect();
        let plain: Vec<Record> = records.iter().map(by_id).collect();
        prop_assert_eq!(scores(tally_of(&records, 0)).unwrap(), scores(tally_of(&plain, 0)).unwrap());
    }
}

/// Posting is not response, and counted once though two exports have it.
#[test]
fn a_post_with_an_id_is_one_post_by_whichever_name() {
    let post = |target, id| Record::Act {
        network: 0,
        kind: 2,
        actor: Some(0),
        target: Some(target),
        object: None,
        id,
        day: Some(80),
        amount: 1,
    };
    let repost = Record::Act {
        network: 0,
        kind: 0,
        actor: Some(3),
        target: Some(0),
        object: None,
        id: None,
        day: Some(80),
        amount: 1,
    };
    let owned = Record::Handle { network: 0, account: 0, handle: 0 };
    let of = |posts: &[Record]| {
        let records = [&[repost.clone(), owned.clone()], posts].concat();
        scores(tally_of(&records, 0)).unwrap()
    };
    let once = of(&[post(0, Some(1))]);
    assert_eq!(of(&[post(0, Some(1)), post(0, Some(1))]), once);
    assert_eq!(of(&[post(FIRST, Some(1)), post(0, Some(1))]), once);
    assert_eq!(of(&[post(FIRST, None)]), once);
    assert_ne!(of(&[post(0, Some(1)), post(0, Some(2))]), once);
}
