//! What amounts to nothing is no act: it says only that the network was asked.

use crate::records::{Record, scores, tally_of};

const LIKE: usize = 1;

fn like(target: Option<u8>, object: Option<u8>, id: Option<u8>, amount: u64) -> Record {
    Record::Act { network: 0, kind: LIKE, actor: Some(3), target, object, id, day: Some(80), amount }
}

/// By whichever way it is told whose post it is, and with or without an id.
#[test]
fn on_an_account_and_on_its_post_it_is_the_same() {
    let post = Record::Post {
        network: 0,
        author: Some(0),
        id: 1,
        day: Some(79),
        observed: None,
        totals: Vec::new(),
    };
    let of =
        |records: &[Record]| scores(tally_of(&[std::slice::from_ref(&post), records].concat(), 0)).unwrap();
    let told = of(&[like(Some(0), None, None, 0)]);
    for id in [None, Some(4)] {
        assert_eq!(of(&[like(Some(0), None, id, 0)]), told);
        assert_eq!(of(&[like(None, Some(1), id, 0)]), told);
    }
    assert_ne!(told, of(&[]), "the network was asked");
    assert_ne!(told, of(&[like(Some(0), None, None, 1)]));
    let undone = Record::UndoneAct { network: 0, kind: LIKE, id: 4 };
    for act in [like(Some(0), None, Some(4), 0), like(None, Some(1), Some(4), 0)] {
        assert_eq!(of(&[act, undone.clone()]), of(&[]));
    }
}
