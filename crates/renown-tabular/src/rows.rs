//! From the cells of one row to records: the same for every format.

use renown_sdk::{Handle, Id, Interaction, Membership, Observation, Post, Sink, Timestamp, Word};

use crate::cell::{self, Cell, IdStyle, Problem, TimeForm};
use crate::plan::Plan;
use crate::words::Network;

/// The row that a format is at.
pub(crate) trait Row<'p> {
    /// The cell in this column of the file.
    fn column(&self, at: usize) -> Cell<'_>;

    /// The row's network. `scratch` is for its text.
    #[inline]
    fn network(&self, plan: &'p Plan, scratch: &mut String) -> Result<&'p Network, Problem> {
        network(plan, self, scratch)
    }

    /// The row's kind, if it has one.
    #[inline]
    fn kind(
        &self,
        plan: &'p Plan,
        slot: usize,
        network: &Network,
        scratch: &mut String,
    ) -> Result<Option<Word>, Problem> {
        kind(plan, self, slot, network, scratch)
    }
}

/// A row's network, by its text.
pub(crate) fn network<'p, R>(plan: &'p Plan, row: &R, scratch: &mut String) -> Result<&'p Network, Problem>
where
    R: Row<'p> + ?Sized,
{
    let text = cell::word(at(plan, row, plan.fields().network), scratch)?;
    plan.words.network(text.ok_or(NO_NETWORK)?)
}

/// A row's kind, by its text.
pub(crate) fn kind<'p, R>(
    plan: &'p Plan,
    row: &R,
    slot: usize,
    network: &Network,
    scratch: &mut String,
) -> Result<Option<Word>, Problem>
where
    R: Row<'p> + ?Sized,
{
    if let Some(kind) = plan.kind() {
        return Ok(Some(kind));
    }
    let text = cell::word(at(plan, row, slot), scratch)?;
    text.map(|text| plan.words.kind(network, text)).transpose()
}

/// A cell of a row that cannot be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    slot: usize,
    problem: Problem,
}

impl Fault {
    /// Which column, what was found and what was expected.
    pub(crate) fn reason(self, plan: &Plan) -> String {
        let slot = &plan.map().slots[self.slot];
        if slot.constant {
            format!("`{}`: {}", slot.field, self.problem)
        } else {
            format!("column `{}`: {}", slot.text, self.problem)
        }
    }
}

const NO_NETWORK: Problem = "empty, where a network is expected";
const NO_KIND: Problem = "empty, where a kind is expected";
const NO_RECEIVER: Problem = "empty, where the account or post that receives the act is expected";
const NO_AUTHOR: Problem = "empty, where the post or its author is expected";
const NO_ACCOUNT: Problem = "empty, where an account is expected";

/// Buffers that rows are read into, reused from row to row.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    word: String,
    actor: String,
    target: String,
    object: String,
    id: String,
    totals: Vec<(Word, u64)>,
    /// What was wrong with the row that was given last.
    pub(crate) faults: Vec<Fault>,
}

/// Gives a row's records to the sink and leaves its faults in `scratch`. A fault costs the record that needs the cell,
/// and the row only if every record does.
#[inline]
pub(crate) fn give<'p, R: Row<'p>>(plan: &'p Plan, row: &R, scratch: &mut Scratch, sink: &mut dyn Sink) {
    scratch.faults.clear();
    match all_records(plan, row, scratch, sink) {
        Ok(given) if given || !scratch.faults.is_empty() => {}
        Ok(_) => sink.pass_over("row without values"),
        Err(fault) => scratch.faults.push(fault),
    }
}

#[inline]
fn all_records<'p, R: Row<'p>>(
    plan: &'p Plan,
    row: &R,
    scratch: &mut Scratch,
    sink: &mut dyn Sink,
) -> Result<bool, Fault> {
    let fields = plan.fields();
    let network =
        row.network(plan, &mut scratch.word).map_err(|problem| Fault { slot: fields.network, problem })?;
    let at = time(plan, row, fields.at.as_ref())?;
    let mut given = false;
    if let Some(kind) = fields.kind {
        match act(plan, row, kind, network, at, scratch, sink) {
            Ok(is_one) => given |= is_one,
            Err(fault) => scratch.faults.push(fault),
        }
    }
    if fields.account.is_some() {
        match account(plan, row, network, at, scratch, sink) {
            Ok(is_one) => given |= is_one,
            Err(fault) => scratch.faults.push(fault),
        }
    }
    Ok(given)
}

/// The row as an interaction or a post.
#[inline]
fn act<'p, R: Row<'p>>(
    plan: &'p Plan,
    row: &R,
    kind_slot: usize,
    network: &Network,
    at: Option<Timestamp>,
    scratch: &mut Scratch,
    sink: &mut dyn Sink,
) -> Result<bool, Fault> {
    let fields = plan.fields();
    let kind = row
        .kind(plan, kind_slot, network, &mut scratch.word)
        .map_err(|problem| Fault { slot: kind_slot, problem })?;
    let Some(kind) = kind else {
        // In a table of acts and accounts, a row may be of the one sort only.
        return if fields.account.is_some() {
            Ok(false)
        } else {
            Err(Fault { slot: kind_slot, problem: NO_KIND })
        };
    };
    let actor = id(plan, row, fields.actor, &mut scratch.actor)?;
    let target = id(plan, row, fields.target, &mut scratch.target)?;
    let object = id(plan, row, fields.object, &mut scratch.object)?;
    let id = id(plan, row, fields.id, &mut scratch.id)?;
    let amount = match fields.amount {
        Some(slot) => count(plan, row, slot)?.unwrap_or(1),
        None => 1,
    };
    if kind == plan.words.post() {
        let author = actor.or(target);
        if let Some(id) = object.or(id) {
            let observed_at = time(plan, row, fields.observed.as_ref())?;
            totals(plan, row, network, &mut scratch.totals, &mut scratch.faults);
            sink.post(&Post { network: network.word, id, author, at, observed_at, totals: &scratch.totals });
            memberships(plan, row, network, at, [author, None], &mut scratch.word, &mut scratch.faults, sink);
            return Ok(true);
        }
        // A post without a name of its own adds up: its actor is its target.
        let Some(author) = author else {
            return Err(Fault { slot: receiver(plan, kind_slot), problem: NO_AUTHOR });
        };
        sink.interaction(&Interaction {
            at,
            network: network.word,
            kind,
            actor: actor.map(|_| author),
            target: Some(author),
            object: None,
            id: None,
            amount,
        });
        memberships(
            plan,
            row,
            network,
            at,
            [Some(author), None],
            &mut scratch.word,
            &mut scratch.faults,
            sink,
        );
        return Ok(true);
    }
    if target.is_none() && object.is_none() {
        return Err(Fault { slot: receiver(plan, kind_slot), problem: NO_RECEIVER });
    }
    sink.interaction(&Interaction { at, network: network.word, kind, actor, target, object, id, amount });
    memberships(plan, row, network, at, [actor, target], &mut scratch.word, &mut scratch.faults, sink);
    Ok(true)
}

/// That those of a row took part in its community, if it says one; whether it does. A cell that cannot be read costs nothing else.
#[inline]
#[expect(clippy::too_many_arguments, reason = "parts of the scratch, of which others are borrowed")]
fn memberships<'p, R: Row<'p>>(
    plan: &Plan,
    row: &R,
    network: &Network,
    at: Option<Timestamp>,
    accounts: [Option<Id<'_>>; 2],
    word: &mut String,
    faults: &mut Vec<Fault>,
    sink: &mut dyn Sink,
) -> bool {
    let Some(slot) = plan.fields().community else { return false };
    word.clear();
    match cell::name(self::at(plan, row, slot), word) {
        Ok(_) => {
            let community = word.trim();
            let mut given = false;
            for account in accounts.into_iter().flatten().filter(|_| !community.is_empty()) {
                sink.membership(&Membership { at, network: network.word, account, community });
                given = true;
            }
            given
        }
        Err(problem) => {
            // A row may be an act and say something of an account.
            if faults.iter().all(|fault| fault.slot != slot) {
                faults.push(Fault { slot, problem });
            }
            false
        }
    }
}

/// The slot to name when nobody receives a row's act.
#[cold]
fn receiver(plan: &Plan, kind: usize) -> usize {
    let fields = plan.fields();
    [fields.target, fields.object, fields.actor, fields.id]
        .into_iter()
        .flatten()
        .next()
        .map_or(kind, |(slot, _)| slot)
}

/// The totals that a post's row shows. One that cannot be read does not cost the others.
fn totals<'p, R: Row<'p>>(
    plan: &Plan,
    row: &R,
    network: &Network,
    totals: &mut Vec<(Word, u64)>,
    faults: &mut Vec<Fault>,
) {
    totals.clear();
    for (&(_, slot), &kind) in plan.fields().totals.iter().zip(&network.totals) {
        match count(plan, row, slot) {
            Ok(Some(amount)) => totals.push((kind, amount)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
}

/// The row as facts about an account.
fn account<'p, R: Row<'p>>(
    plan: &Plan,
    row: &R,
    network: &Network,
    at: Option<Timestamp>,
    scratch: &mut Scratch,
    sink: &mut dyn Sink,
) -> Result<bool, Fault> {
    let fields = plan.fields();
    let Some(account) = id(plan, row, fields.account, &mut scratch.actor)? else {
        let slots = fields.metrics.iter().map(|&(_, slot)| slot).chain(fields.handle).chain(fields.community);
        let has_facts = slots.into_iter().any(|slot| !matches!(self::at(plan, row, slot), Cell::Missing));
        return match fields.account {
            Some((slot, _)) if has_facts => Err(Fault { slot, problem: NO_ACCOUNT }),
            _ => Ok(false),
        };
    };
    let (word, faults) = (&mut scratch.word, &mut scratch.faults);
    let mut given = memberships(plan, row, network, at, [Some(account), None], word, faults, sink);
    for (&(_, slot), &metric) in fields.metrics.iter().zip(&network.metrics) {
        match count(plan, row, slot) {
            Ok(Some(value)) => {
                given = true;
                sink.observation(&Observation { at, network: network.word, account, metric, value });
            }
            Ok(None) => {}
            Err(fault) => scratch.faults.push(fault),
        }
    }
    if let Some(slot) = fields.handle {
        scratch.word.clear();
        match cell::name(self::at(plan, row, slot), &mut scratch.word) {
            Ok(true) => {
                let handle = cell::bare_handle(&scratch.word);
                if !handle.is_empty() {
                    given = true;
                    sink.handle(&Handle { network: network.word, account, handle });
                }
            }
            Ok(false) => {}
            Err(problem) => scratch.faults.push(Fault { slot, problem }),
        }
    }
    Ok(given)
}

#[inline]
fn at<'a, 'p, R: Row<'p> + ?Sized>(plan: &'a Plan, row: &'a R, slot: usize) -> Cell<'a> {
    use crate::places::Place;
    match &plan.places[slot] {
        Place::Column(at) => row.column(*at),
        Place::Constant(text) => Cell::Text(text),
        Place::Absent => Cell::Missing,
    }
}

#[inline]
fn time<'p, R: Row<'p>>(
    plan: &Plan,
    row: &R,
    field: Option<&(usize, TimeForm)>,
) -> Result<Option<Timestamp>, Fault> {
    let Some((slot, form)) = field else { return Ok(None) };
    cell::time(at(plan, row, *slot), form).map_err(|problem| Fault { slot: *slot, problem })
}

#[inline]
fn id<'a, 'p, R: Row<'p>>(
    plan: &'a Plan,
    row: &'a R,
    field: Option<(usize, IdStyle)>,
    scratch: &'a mut String,
) -> Result<Option<Id<'a>>, Fault> {
    let Some((slot, style)) = field else { return Ok(None) };
    cell::id(at(plan, row, slot), style, scratch).map_err(|problem| Fault { slot, problem })
}

#[inline]
fn count<'p, R: Row<'p>>(plan: &Plan, row: &R, slot: usize) -> Result<Option<u64>, Fault> {
    cell::count(at(plan, row, slot)).map_err(|problem| Fault { slot, problem })
}
