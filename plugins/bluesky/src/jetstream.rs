//! Jetstream: the network's events as lines of JSON. Each says that somebody wrote or deleted a record in their
//! repository (`commit`), or that an account's handle (`identity`) or standing (`account`) changed.

use renown_sdk::Timestamp;
use renown_sdk::json::{Count, JsonError, Text, from_slice};
use serde::Deserialize;

use crate::address::{Address, is_did};
use crate::loose::{Loose, Object, count, text};
use crate::record::{self, Collection, NO_DID, Place, Record};
use crate::scribe::Scribe;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    did: Option<Loose<Text<'a>>>,
    time_us: Option<Loose<Count>>,
    #[serde(borrow)]
    commit: Option<Loose<Object<Commit<'a>>>>,
    #[serde(borrow)]
    identity: Option<Loose<Object<Identity<'a>>>>,
    #[serde(borrow)]
    account: Option<Loose<Object<Account<'a>>>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    /// Called `type`, and `c`, `u` or `d`, in recordings from before October 2024.
    #[serde(borrow, alias = "type")]
    operation: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    collection: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    rkey: Option<Loose<Text<'a>>>,
    #[serde(borrow)]
    record: Option<Loose<Object<Record<'a>>>>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    handle: Option<Loose<Text<'a>>>,
}

#[derive(Deserialize)]
struct Account<'a> {
    active: Option<Loose<bool>>,
    #[serde(borrow)]
    status: Option<Loose<Text<'a>>>,
}

/// Reads one event.
pub(crate) fn read_event(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let event: Event<'_> = from_slice(bytes)?;
    let Some(did) = text(event.did.as_ref()).filter(|did| is_did(did)) else {
        scribe.bad_field("did", NO_DID);
        return Ok(());
    };
    match &event {
        Event { commit: Some(Loose::Good(commit)), .. } => {
            let seen = seen(event.time_us, scribe);
            write_commit(did, commit, seen, scribe);
        }
        Event { identity: Some(Loose::Good(identity)), .. } => write_identity(did, identity, scribe),
        Event { account: Some(Loose::Good(account)), .. } => {
            let seen = seen(event.time_us, scribe);
            match (account.active, text(account.status.as_ref())) {
                (Some(Loose::Good(true)), _) => scribe.account(did, seen, true),
                (_, Some("deactivated" | "deleted" | "suspended" | "takendown")) => {
                    scribe.account(did, seen, false);
                }
                // As of the services between: throttled, out of step.
                _ => scribe.pass_over("account event of another status"),
            }
        }
        Event { commit: None, identity: None, account: None, .. } => {
            scribe.pass_over("event of another kind");
        }
        _ => scribe.bad_field("commit, identity or account", "not an object"),
    }
    Ok(())
}

/// When the event was seen.
fn seen(time_us: Option<Loose<Count>>, scribe: &mut Scribe<'_>) -> Option<Timestamp> {
    let micros = count(time_us)?.good().and_then(|micros| i64::try_from(micros).ok());
    let at = micros.and_then(Timestamp::from_micros);
    if at.is_none() {
        scribe.bad_field("time_us", "not a time in microseconds since 1970");
    }
    at
}

fn write_commit(did: &str, commit: &Commit<'_>, seen: Option<Timestamp>, scribe: &mut Scribe<'_>) {
    let Some(collection) = text(commit.collection.as_ref()) else {
        scribe.bad_field("commit.collection", "not a text");
        return;
    };
    let known = Collection::by_name(collection);
    match (text(commit.operation.as_ref()), known) {
        (Some("create" | "update" | "c" | "u"), Collection::Other(what)) => scribe.pass_over(what),
        (Some("create" | "update" | "c" | "u"), _) => {
            let mut uri = String::new();
            let key = text(commit.rkey.as_ref()).unwrap_or_default();
            match (Address::of(did, collection, key, &mut uri), &commit.record) {
                (Some(address), Some(Loose::Good(record))) => {
                    record::write(&Place { address, seen }, record, scribe);
                }
                (Some(_), _) => scribe.bad_field("commit.record", "not an object"),
                (None, _) => scribe.bad_field("commit.rkey", "not the key of a record"),
            }
        }
        (Some("delete" | "d"), known) => {
            let mut uri = String::new();
            let key = text(commit.rkey.as_ref()).unwrap_or_default();
            match (known, Address::of(did, collection, key, &mut uri)) {
                (Collection::Other(_), _) => scribe.pass_over("delete of a record of no act"),
                (_, None) => scribe.bad_field("commit.rkey", "not the key of a record"),
                (Collection::Like, Some(gone)) => scribe.undo(scribe.lexicon.like, &gone, seen),
                (Collection::Repost, Some(gone)) => scribe.undo(scribe.lexicon.repost, &gone, seen),
                (Collection::Follow, Some(gone)) => scribe.undo(scribe.lexicon.follow, &gone, seen),
                (Collection::Post, Some(gone)) => scribe.undo_post(&gone, seen),
            }
        }
        (Some(_), _) => scribe.bad_field("commit.operation", "none of create, update and delete"),
        (None, _) => scribe.bad_field("commit.operation", "not a text"),
    }
}

fn write_identity(did: &str, identity: &Identity<'_>, scribe: &mut Scribe<'_>) {
    match &identity.handle {
        Some(Loose::Good(handle)) if scribe.handle(did, handle) => {}
        Some(Loose::Good(_)) | None => scribe.pass_over("identity event without a handle"),
        Some(Loose::Bad) => scribe.bad_field("identity.handle", "not a text"),
    }
}
