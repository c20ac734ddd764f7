//! One thread's records, checked and turned into rows, until they are added to the tally.

use std::hash::Hasher;

use super::Tally;
use super::arrivals::{Arrival, Arriving};
use super::row::{
    Act, COMMUNITY, Fate, Flow, Gone, Member, NO_TOTAL, NamedAct, PendingAct, PostRow, SLOTS, Seen, WIDE,
};
use super::shape::Shapes;
use super::store::Scatter;
use crate::accounts::{Account, Accounts, Named};
use crate::lately::Lately;
use crate::record::{Day, Handle, Id, Interaction, Membership, Observation, Post, Timestamp, Undo, Undone};
use crate::words::Word;

/// Records by network, word and sort, packed into a number. They are few.
#[derive(Debug, Default, Clone)]
pub(crate) struct Counts(pub(crate) Vec<(u64, u64)>);

impl Counts {
    pub(super) fn key(network: Word, word: Word, is_metric: bool) -> u64 {
        u64::from(network.0) << 17 | u64::from(word.0) << 1 | u64::from(is_metric)
    }

    /// The network and the word of a key, and whether it is of a metric.
    pub(super) fn of_key(key: u64) -> (Word, Word, bool) {
        (Word((key >> 17) as u16), Word((key >> 1) as u16), key & 1 == 1)
    }

    /// Adds to a key's count and says at which place it is.
    pub(crate) fn add(&mut self, key: u64, records: u64) -> usize {
        let place = self.0.iter().position(|known| known.0 == key).unwrap_or_else(|| {
            self.0.push((key, 0));
            self.0.len() - 1
        });
        self.0[place].1 += records;
        place
    }
}

/// One thread's records on their way into the [`Tally`] that made it, and into no other.
#[derive(Debug)]
pub struct Batch {
    pub(super) accounts: Named,
    pub(super) resolved: Vec<u32>,
    /// How many records it holds.
    pub(super) records: usize,
    pub(super) arriving: Arriving,
    pub(super) acts: Scatter<Act>,
    pub(super) named: Scatter<NamedAct>,
    pub(super) pending: Scatter<PendingAct>,
    pub(super) posts: Scatter<PostRow>,
    pub(super) flows: Scatter<Flow>,
    pub(super) seen: Scatter<Seen>,
    pub(super) gone: Scatter<Gone>,
    pub(super) fates: Scatter<Fate>,
    pub(super) handles: Scatter<(u32, u32)>,
    pub(super) members: Scatter<Member>,
    pub(super) shapes: Shapes,
    /// The numbers that the tally has for them.
    pub(super) shape_numbers: Vec<u32>,
    /// Dated records by day, a run of the same day in one.
    pub(super) days: Vec<(Day, u64)>,
    pub(super) counts: Counts,
    /// Where a key's count was last, by the key's low bits.
    count_places: [usize; COUNT_PLACES],
    handles_seen: Lately,
    members_seen: Lately,
    salts: Vec<u64>,
}

/// A record that a tally cannot take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// An id of no characters.
    #[error("an empty id: expected the account's or post's id")]
    EmptyId,
    /// An id longer than any network's.
    #[error("an id of more than {MAX_ID} bytes")]
    LongId,
    /// Neither a target nor a post whose author could be it.
    #[error("neither a target nor an object: expected the account or the post that received it")]
    NoTarget,
    /// More than one actor can have done.
    #[error("an amount of more than 4,294,967,295 by one actor")]
    LargeAmount,
    /// A community of no characters, with a name longer than any network's, or with line breaks and the like in it.
    #[error("a community without a name, or with one of more than {MAX_ID} bytes or with control characters")]
    NoCommunity,
    /// More than any network counts.
    #[error("a count of more than 10^18")]
    LargeCount,
}

/// How many keys of counts are found without a search.
const COUNT_PLACES: usize = 256;

/// The longest id that is taken, in bytes.
pub const MAX_ID: usize = 1_024;

impl Batch {
    pub(super) fn new(accounts: &Accounts) -> Self {
        Self {
            accounts: accounts.named(),
            resolved: Vec::new(),
            records: 0,
            arriving: Arriving::new(accounts),
            acts: Scatter::new(),
            named: Scatter::new(),
            pending: Scatter::new(),
            posts: Scatter::new(),
            flows: Scatter::new(),
            seen: Scatter::new(),
            gone: Scatter::new(),
            fates: Scatter::new(),
            handles: Scatter::new(),
            members: Scatter::new(),
            shapes: Shapes::default(),
            shape_numbers: Vec::new(),
            days: Vec::new(),
            counts: Counts::default(),
            count_places: [0; COUNT_PLACES],
            handles_seen: Lately::default(),
            members_seen: Lately::default(),
            salts: Vec::new(),
        }
    }

    /// Whether it holds enough that it should be added.
    pub fn is_full(&self) -> bool {
        self.accounts.len() >= 1 << 18 || self.arriving.is_full() || self.records >= 1 << 17
    }

    /// Takes an interaction.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn interaction(&mut self, tally: &Tally, record: &Interaction<'_>) -> Result<(), BadRecord> {
        for id in [record.actor, record.target, record.object, record.id].iter().flatten() {
            check_id(*id)?;
        }
        if record.amount > crate::record::MAX_AMOUNT {
            return Err(BadRecord::LargeCount);
        }
        if record.target.is_none() && record.object.is_none() {
            return Err(BadRecord::NoTarget);
        }
        let Some(day) = self.date(tally, record.at) else { return Ok(()) };
        let (network, kind) = (record.network, record.kind);
        let Some(actor) = record.actor else {
            self.total(tally, record, day);
            self.count(network, kind, false);
            return Ok(());
        };
        let amount = u32::try_from(record.amount).map_err(|_| BadRecord::LargeAmount)?;
        self.count(network, kind, false);
        match (actor, record.target, u16::try_from(amount)) {
            (_, None, _) => {
                let object = record.object.map_or(0, |object| self.key(tally, network, object));
                let key = record.id.map_or(0, |id| self.act_key(tally, network, kind, id));
                let actor = self.accounts.number(network, actor);
                self.pending.rows.push(PendingAct { object, key, actor, day, kind, amount });
            }
            (_, Some(target), _) if record.id.is_none() && (amount == 0 || actor == target) => {
                // What amounts to nothing says no more than that the network was asked.
                let target = self.accounts.number(network, target);
                self.flows.rows.push(Flow::of_own_hands(tally.post, target, kind, day, amount));
            }
            (Id::Number(actor), Some(Id::Number(target)), Ok(amount)) if record.id.is_none() => {
                let (actor, target) = (actor as u64, target as u64);
                self.arriving.push(Arrival { actor, target, network, kind, day, amount });
            }
            (_, Some(target), _) => {
                let key = record.id.map(|id| self.act_key(tally, network, kind, id));
                let (actor, target) =
                    (self.accounts.number(network, actor), self.accounts.number(network, target));
                if let Some(key) = key {
                    self.named.rows.push(NamedAct { key, actor, target, kind, day, amount });
                } else {
                    self.acts.rows.push(Act::new(actor, day, target, kind, amount));
                }
            }
        }
        Ok(())
    }

    /// An interaction without an actor.
    fn total(&mut self, tally: &Tally, record: &Interaction<'_>, day: Day) {
        match (record.object, record.target) {
            (Some(object), author) => self.post_rows(
                tally,
                &Post {
                    network: record.network,
                    id: object,
                    author,
                    at: record.at,
                    observed_at: record.at,
                    totals: &[(record.kind, record.amount)],
                },
                day,
                false,
            ),
            (None, Some(target)) => {
                let target = self.accounts.number(record.network, target);
                self.flows.rows.push(Flow { target, kind: record.kind, day, amount: record.amount });
            }
            (None, None) => {}
        }
    }

    /// Takes a post.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn post(&mut self, tally: &Tally, post: &Post<'_>) -> Result<(), BadRecord> {
        check_id(post.id)?;
        post.author.map_or(Ok(()), check_id)?;
        if post.totals.iter().any(|(_, amount)| *amount > crate::record::MAX_AMOUNT) {
            return Err(BadRecord::LargeCount);
        }
        let Some(day) = self.date(tally, post.at) else { return Ok(()) };
        self.count(post.network, tally.post, false);
        for &(kind, _) in post.totals {
            self.count(post.network, kind, false);
        }
        self.post_rows(tally, post, day, true);
        Ok(())
    }

    fn post_rows(&mut self, tally: &Tally, post: &Post<'_>, day: Day, is_post: bool) {
        let object = self.key(tally, post.network, post.id);
        let author = post.author.map_or(Account::NONE, |author| self.accounts.number(post.network, author));
        let observed = post.observed_at.or(post.at).map_or(0, seconds);
        let row = PostRow { object, author, observed, day, is_post, shape: 0, totals: [NO_TOTAL; SLOTS] };
        let fits = |total: &(Word, u64)| total.1 < u64::from(NO_TOTAL);
        if post.totals.len() <= SLOTS && post.totals.iter().all(fits) {
            return self.post_row(row, post.totals);
        }
        let (narrow, wide): (Vec<_>, Vec<_>) = post.totals.iter().copied().partition(fits);
        for totals in narrow.chunks(SLOTS) {
            self.post_row(row, totals);
        }
        for (kind, total) in wide {
            let mut row = PostRow { shape: WIDE | u32::from(kind.0), ..row };
            (row.totals[0], row.totals[1]) = (total as u32, (total >> 32) as u32);
            self.posts.rows.push(row);
        }
    }

    fn post_row(&mut self, mut row: PostRow, totals: &[(Word, u64)]) {
        let mut kinds = [Word(0); SLOTS];
        for (slot, &(kind, total)) in totals.iter().enumerate() {
            kinds[slot] = kind;
            row.totals[slot] = total as u32;
        }
        row.shape = self.shapes.number(&kinds[..totals.len()]);
        self.posts.rows.push(row);
    }

    /// Takes an observation.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn observation(&mut self, tally: &Tally, record: &Observation<'_>) -> Result<(), BadRecord> {
        check_id(record.account)?;
        if record.value > crate::record::MAX_AMOUNT {
            return Err(BadRecord::LargeCount);
        }
        let Some(day) = self.date(tally, record.at) else { return Ok(()) };
        self.count(record.network, record.metric, true);
        let account = self.accounts.number(record.network, record.account);
        let at = record.at.map_or(0, seconds);
        self.seen.rows.push(Seen::new(account, record.metric, day, at, record.value));
        Ok(())
    }

    /// Takes a handle.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn handle(&mut self, record: &Handle<'_>) -> Result<(), BadRecord> {
        check_id(record.account)?;
        check_id(Id::Text(record.handle))?;
        if self.handles_seen.again((record.network, record.account, record.handle)) {
            return Ok(());
        }
        self.records += 1;
        let mut name = String::with_capacity(record.handle.len() + 1);
        name.push('@');
        if record.handle.is_ascii() {
            // Nearly all are, and letter by letter it takes many times as long.
            name.push_str(record.handle);
            name.make_ascii_lowercase();
        } else {
            name.extend(record.handle.chars().flat_map(char::to_lowercase));
        }
        let pair = (
            self.accounts.number(record.network, Id::Text(&name)),
            self.accounts.number(record.network, record.account),
        );
        self.handles.rows.push(pair);
        Ok(())
    }

    /// Takes a membership. Its day dates nothing else: what was done on it has a record of its own. Within a limit of memory none is
    /// kept, since there is nothing but scores that such a tally is for.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken then.
    pub fn membership(&mut self, tally: &Tally, record: &Membership<'_>) -> Result<(), BadRecord> {
        check_id(record.account)?;
        let is_plain = !record.community.bytes().any(|byte| byte.is_ascii_control());
        check_id(Id::Text(record.community)).ok().filter(|()| is_plain).ok_or(BadRecord::NoCommunity)?;
        let day = Day::of(record.at);
        let is_later = tally.until.is_some_and(|until| day > until);
        if is_later
            || tally.has_limit()
            || self.members_seen.again((record.network, record.account, record.community, day))
        {
            return Ok(());
        }
        self.records += 1;
        let name = format!("{COMMUNITY}{}", record.community);
        let community = self.accounts.number(record.network, Id::Text(&name));
        let account = self.accounts.number(record.network, record.account);
        self.members.rows.push(Member { account, community, day });
        Ok(())
    }

    /// Takes back what was done.
    ///
    /// # Errors
    /// [`BadRecord`]; nothing is taken back then.
    pub fn undo(&mut self, tally: &Tally, undo: &Undo<'_>) -> Result<(), BadRecord> {
        let (Undone::Act { id, .. } | Undone::Post(id) | Undone::Account { account: id, .. }) = undo.undone;
        check_id(id)?;
        if self.date(tally, undo.at).is_none() {
            return Ok(());
        }
        match undo.undone {
            Undone::Act { kind, id } => {
                let key = self.act_key(tally, undo.network, kind, id);
                self.gone.rows.push(Gone(key));
            }
            Undone::Post(id) => {
                let key = self.key(tally, undo.network, id);
                self.gone.rows.push(Gone(key));
            }
            Undone::Account { account, back } => {
                let account = self.accounts.number(undo.network, account);
                self.fates.rows.push(Fate { account, at: undo.at.map_or(0, seconds), closed: !back });
            }
        }
        Ok(())
    }

    /// The day of a record; `None` if it is after the last day, and so left out.
    fn date(&mut self, tally: &Tally, at: Option<Timestamp>) -> Option<Day> {
        self.records += 1;
        let day = Day::of(at);
        if tally.until.is_some_and(|until| day > until) {
            tally.leave_out(1);
            return None;
        }
        if day.is_dated() {
            match self.days.last_mut() {
                Some(run) if run.0 == day => run.1 += 1,
                _ => self.days.push((day, 1)),
            }
        }
        Some(day)
    }

    fn count(&mut self, network: Word, word: Word, is_metric: bool) {
        let key = Counts::key(network, word, is_metric);
        // Networks differ above the words' bits, and are few.
        let place = &mut self.count_places[(key ^ key >> 13) as usize % COUNT_PLACES];
        match self.counts.0.get_mut(*place) {
            Some(known) if known.0 == key => known.1 += 1,
            _ => *place = self.counts.add(key, 1),
        }
    }

    /// A 64-bit key of a post or act: the same in every run, and different for different integers of a network. Two
    /// texts share one with a chance of 2^-64 a pair.
    fn key(&mut self, tally: &Tally, network: Word, id: Id<'_>) -> u64 {
        while self.salts.len() <= network.index() {
            let word = Word(self.salts.len() as u16);
            let text = tally.words.text(word);
            self.salts.push(hash_text(0, &text));
        }
        let salt = self.salts[network.index()];
        match id {
            Id::Number(number) => mix(number as u64 ^ salt),
            Id::Text(text) => hash_text(salt, text),
        }
    }

    fn act_key(&mut self, tally: &Tally, network: Word, kind: Word, id: Id<'_>) -> u64 {
        let kind = self.key(tally, kind, Id::Number(0));
        mix(self.key(tally, network, id) ^ kind).max(1)
    }
}

fn check_id(id: Id<'_>) -> Result<(), BadRecord> {
    match id {
        Id::Text("") => Err(BadRecord::EmptyId),
        Id::Text(text) if text.len() > MAX_ID => Err(BadRecord::LongId),
        _ => Ok(()),
    }
}

fn seconds(at: Timestamp) -> u32 {
    (at.micros() / 1_000_000) as u32
}

/// A bijection of 64-bit words that spreads neighbours far apart (the finaliser of splitmix64).
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// `SipHash` with fixed keys: the same in every run and on every machine.
fn hash_text(salt: u64, text: &str) -> u64 {
    #[expect(deprecated, reason = "the one SipHash in std whose algorithm is fixed by its name")]
    let mut hasher = std::hash::SipHasher::new_with_keys(0x7265_6e6f_776e, salt);
    hasher.write(text.as_bytes());
    hasher.finish()
}
