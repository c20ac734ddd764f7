//! Memberships: who takes part in which communities, which weighs nothing.

use proptest::prelude::*;
use renown_core::ledger::Ledger;
use renown_core::record::{Day, Handle, Id, Membership, Undo, Undone};
use renown_core::tally::Tally;
use renown_core::tally::state::{Intake, State};

use crate::records::{Record, at, bystanders, empty, record, scores, tally_of};

/// The communities of an account, by text.
fn communities(ledger: &Ledger, account: &str) -> Vec<(String, Day)> {
    let network = ledger.words().find("notes").unwrap();
    ledger.find(network, Id::new(account)).map_or_else(Vec::new, |account| ledger.communities(account))
}

fn day(day: i64) -> Day {
    Day::of(at(Some(day)))
}

/// A tally of memberships of accounts on the network `notes`, each in a batch of its own, and what else is to be in it.
fn members(
    all: &[(&str, &str, Option<i64>)],
    more: impl FnOnce(&mut renown_core::tally::Batch, &Tally),
) -> Tally {
    let tally = empty(0);
    let network = tally.words().intern("notes").unwrap();
    for (account, community, day) in all {
        let mut batch = tally.batch();
        let account = Id::new(account);
        batch.membership(&tally, &Membership { at: at(*day), network, account, community }).unwrap();
        tally.add(&mut batch);
    }
    let mut batch = tally.batch();
    more(&mut batch, &tally);
    tally.add(&mut batch);
    tally
}

#[test]
fn the_newest_day_is_told_and_none_where_it_always_holds() {
    let all = [
        ("ada", "rust", Some(3)),
        ("7", "bread", Some(5)),
        ("ada", "rust", Some(9)),
        ("ada", "rust", Some(4)),
        ("ada", "a.example", Some(8)),
        ("ada", "a.example", None),
        ("ada", "a.example", Some(2)),
    ];
    let ledger = Ledger::settle(members(&all, |_, _| {})).unwrap();
    let always = ("a.example".to_owned(), Day::UNDATED);
    assert_eq!(communities(&ledger, "ada"), [always, ("rust".to_owned(), day(9))]);
    assert_eq!(communities(&ledger, "7"), [("bread".to_owned(), day(5))]);
    assert_eq!(communities(&ledger, "nobody"), []);
    // A community is nobody who could take part in one.
    assert_eq!(communities(&ledger, "rust"), []);
    assert_eq!(communities(&ledger, "!rust"), []);
}

#[test]
fn those_of_a_handle_are_those_of_who_has_it_and_of_a_closed_account_there_are_none() {
    let all =
        [("@ada", "rust", Some(3)), ("7", "rust", Some(2)), ("7", "bread", None), ("8", "bread", Some(1))];
    let tally = members(&all, |batch, tally| {
        let network = tally.words().intern("notes").unwrap();
        batch.handle(&Handle { network, account: Id::Number(7), handle: "Ada" }).unwrap();
        let undone = Undone::Account { account: Id::Number(8), back: false };
        batch.undo(tally, &Undo { at: None, network, undone }).unwrap();
    });
    let ledger = Ledger::settle(tally).unwrap();
    let both = [("bread".to_owned(), Day::UNDATED), ("rust".to_owned(), day(3))];
    assert_eq!(communities(&ledger, "7"), both);
    assert_eq!(communities(&ledger, "@ADA"), both);
    assert_eq!(communities(&ledger, "8"), []);
}

#[test]
fn communities_and_joined_handles_are_no_accounts() {
    let tally =
        members(&[("@ada", "rust", None), ("7", "rust", None), ("8", "bread", None)], |batch, tally| {
            let network = tally.words().intern("notes").unwrap();
            batch.handle(&Handle { network, account: Id::Number(7), handle: "Ada" }).unwrap();
            batch.handle(&Handle { network, account: Id::Text("@bo"), handle: "bo" }).unwrap();
        });
    // 7 who is @ada, 8 and @bo.
    assert_eq!(State::new(tally).accounts(), 3);
    // Of a community whose members are all gone, too.
    let closed = || {
        members(&[("8", "bread", None)], |batch, tally| {
            let network = tally.words().intern("notes").unwrap();
            let undone = Undone::Account { account: Id::Number(8), back: false };
            batch.undo(tally, &Undo { at: None, network, undone }).unwrap();
        })
    };
    assert_eq!(State::new(closed()).accounts(), 1);
    assert_eq!(bystanders(closed()), 1);
    // Somebody who is called as a community breaks nothing.
    assert_eq!(bystanders(members(&[("!rust", "rust", None)], |_, _| {})), 0);
}

#[test]
fn one_that_cannot_be_is_refused_and_a_later_one_is_left_out() {
    let tally = Tally::new(std::sync::Arc::default(), Some(day(5))).unwrap();
    let network = tally.words().intern("notes").unwrap();
    let mut batch = tally.batch();
    let long = "x".repeat(1_025);
    for (account, community) in
        [("", "rust"), ("ada", ""), ("ada", "a\nb"), ("ada", long.as_str()), (long.as_str(), "rust")]
    {
        let record = Membership { at: None, network, account: Id::new(account), community };
        assert!(batch.membership(&tally, &record).is_err());
    }
    for (community, on) in [("past", 5), ("future", 6)] {
        let record = Membership { at: at(Some(on)), network, account: Id::new("ada"), community };
        batch.membership(&tally, &record).unwrap();
    }
    tally.add(&mut batch);
    let ledger = Ledger::settle(tally).unwrap();
    assert_eq!(communities(&ledger, "ada"), [("past".to_owned(), day(5))]);
}

/// What is later than a last day is told of a state, too, for whoever reads it as of that day.
#[test]
fn the_last_day_of_a_state_is_also_that_of_its_memberships() {
    for (on, last) in [(None, None), (Some(7), Some(day(7)))] {
        let state = State::new(members(&[("ada", "rust", on), ("ada", "bread", Some(2))], |_, _| {}));
        let tally = empty(1);
        let mut intake = Intake::new(&tally);
        for block in state.blocks() {
            intake.take(block.section, &[state.encode(&block)]).unwrap();
        }
        assert_eq!(intake.finish().unwrap(), last.or(Some(day(2))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Nobody's score depends on which communities anybody takes part in.
    #[test]
    fn they_weigh_nothing(records in proptest::collection::vec(record(), 1..70)) {
        let without: Vec<Record> =
            records.iter().filter(|record| !matches!(record, Record::Member { .. })).cloned().collect();
        prop_assert_eq!(scores(tally_of(&records, 1)).unwrap(), scores(tally_of(&without, 1)).unwrap());
    }
}
