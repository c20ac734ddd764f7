//! A sink that writes records into columns.

use renown_abi as abi;

use super::codes::Codes;
use super::columns::Columns;
use crate::{
    Handle, Interaction, Membership, Observation, Observations, Post, Reject, Sink, Timestamp, Undo, Undone,
};

/// Takes the records of some pieces.
pub(super) struct Writer<'c> {
    codes: &'c Codes,
    /// Where the piece at hand begins.
    base: u64,
    columns: Box<Columns>,
    /// Whether the host takes rows of memberships.
    takes_memberships: bool,
}

impl<'c> Writer<'c> {
    /// For a host that offers so much.
    pub(super) fn new(codes: &'c Codes, features: u64) -> Self {
        let takes_memberships = features & abi::HOST_MEMBERSHIPS != 0;
        Self { codes, base: 0, columns: Columns::take(codes.has_many()), takes_memberships }
    }

    /// The columns; those that are handed out are as long as there are rows.
    pub(super) fn finish(mut self) -> Box<Columns> {
        self.columns.finish();
        self.columns
    }
}

impl Sink for Writer<'_> {
    fn at(&mut self, offset: Option<u64>) {
        self.base = offset.unwrap_or(0);
    }

    fn interaction(&mut self, record: &Interaction<'_>) {
        let kind = self.codes.kind(record.network, record.kind);
        let row = self.columns.begin_with(abi::INTERACTION, kind, record.amount);
        self.columns.at.give(row, record.at.map(Timestamp::micros));
        self.columns.actor.give(row, record.actor);
        self.columns.target.give(row, record.target);
        self.columns.object.give(row, record.object);
        self.columns.id.give(row, record.id);
    }

    fn post(&mut self, post: &Post<'_>) {
        let network = self.codes.network(post.network);
        let row = self.columns.begin(abi::POST, network);
        self.columns.object.set(row, post.id);
        self.columns.target.give(row, post.author);
        self.columns.at.give(row, post.at.map(Timestamp::micros));
        self.columns.observed_at.give(row, post.observed_at.map(Timestamp::micros));
        // Most rows of most networks are totals.
        let kinds = self.codes.kinds(network);
        self.columns.numbers(post.totals.iter().map(|(kind, amount)| (kinds.of(*kind), *amount)));
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let Observation { at, network, account, metric, value } = *record;
        self.observations(&Observations { at, network, account, numbers: &[(metric, value)] });
    }

    fn observations(&mut self, seen: &Observations<'_>) {
        let Some(((metric, value), further)) = seen.numbers.split_first() else { return };
        let network = self.codes.network(seen.network);
        let metrics = self.codes.metrics(network);
        let row = self.columns.begin_with(abi::OBSERVATION, (network, metrics.of(*metric)), *value);
        self.columns.at.give(row, seen.at.map(Timestamp::micros));
        self.columns.target.set(row, seen.account);
        self.columns.numbers(further.iter().map(|(metric, value)| (metrics.of(*metric), *value)));
    }

    fn handle(&mut self, handle: &Handle<'_>) {
        let row = self.columns.begin(abi::HANDLE, self.codes.network(handle.network));
        self.columns.target.set(row, handle.account);
        self.columns.text.set(row, handle.handle);
    }

    fn membership(&mut self, membership: &Membership<'_>) {
        if !self.takes_memberships {
            return;
        }
        let row = self.columns.begin(abi::MEMBERSHIP, self.codes.network(membership.network));
        self.columns.at.give(row, membership.at.map(Timestamp::micros));
        self.columns.target.set(row, membership.account);
        self.columns.text.set(row, membership.community);
    }

    fn undo(&mut self, undo: &Undo<'_>) {
        let record = match undo.undone {
            Undone::Account { back: false, .. } => abi::CLOSED,
            Undone::Account { back: true, .. } => abi::BACK,
            Undone::Act { .. } | Undone::Post(_) => abi::UNDO,
        };
        let place = match undo.undone {
            Undone::Act { kind, .. } => self.codes.kind(undo.network, kind),
            Undone::Post(_) | Undone::Account { .. } => (self.codes.network(undo.network), 0),
        };
        let row = self.columns.begin_with(record, place, 0);
        self.columns.at.give(row, undo.at.map(Timestamp::micros));
        match undo.undone {
            Undone::Act { id, .. } => self.columns.id.set(row, id),
            Undone::Post(id) => {
                self.columns.id.give(row, None);
                self.columns.object.set(row, id);
            }
            Undone::Account { account, .. } => self.columns.target.set(row, account),
        }
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        let row = self.columns.begin(abi::REJECT, 0);
        self.columns.text.set(row, &reject.reason);
        self.columns.offset.set(row, self.base + reject.offset as u64);
        self.columns.length.set(row, reject.record.len() as u64);
        self.columns.row.give(row, reject.row);
    }

    fn pass_over(&mut self, what: &'static str) {
        let row = self.columns.begin(abi::PASSED_OVER, 0);
        self.columns.text.set(row, what);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Case, FileKind, Id, Manifest, NetworkSpec, Vocable, Vocabulary, Words};

    const SOME: [Vocable; 2] = [
        Vocable::new("followers", "accounts", "Some.", ("latest", 1.0)),
        Vocable::new("posts", "posts", "Some.", ("latest", 1.0)),
    ];

    static MANIFEST: Manifest = Manifest {
        name: "some",
        docs: "Some.",
        networks: &[
            NetworkSpec::new("one").kinds(&SOME).metrics(&SOME),
            NetworkSpec::new("two").metrics(&SOME),
        ],
        files: &[FileKind::new("any", &["*"], "Any.")],
        example: Case::new("one").file("a", "a").gives("any", ""),
        cases: &[],
    };

    /// A host that was there before them is handed none, and refuses nothing else for it.
    #[test]
    fn only_who_takes_memberships_is_handed_any() {
        let words = Vocabulary::new(Arc::new(Words::new()), [&MANIFEST]);
        let codes = Codes::new(&MANIFEST, &words).unwrap();
        let network = words.network("two").unwrap();
        let account = Id::Text("ada");
        for (features, rows) in
            [(0, 0), (abi::HOST_MEMBERSHIPS, 1), (u64::MAX, 1), (!abi::HOST_MEMBERSHIPS, 0)]
        {
            let mut writer = Writer::new(&codes, features);
            writer.membership(&Membership {
                at: Timestamp::from_seconds(1),
                network,
                account,
                community: "rust",
            });
            writer.handle(&Handle { network, account, handle: "Ada" });
            let columns = writer.finish();
            let records: Vec<_> = columns.heads().iter().map(|(record, ..)| *record).collect();
            assert_eq!(records, [vec![abi::MEMBERSHIP; rows], vec![abi::HANDLE]].concat());
        }
    }

    /// A post and an account are named once for their numbers, and each number has the place of its word.
    #[test]
    fn what_is_shown_together_is_named_once() {
        let words = Vocabulary::new(Arc::new(Words::new()), [&MANIFEST]);
        let codes = Codes::new(&MANIFEST, &words).unwrap();
        let (network, followers) = (words.network("two").unwrap(), words.metric("two", "followers").unwrap());
        let (posts, at) = (words.metric("two", "posts").unwrap(), Timestamp::from_seconds(1));
        let mut writer = Writer::new(&codes, 0);
        for account in [Id::Number(7), Id::Text("ada")] {
            let numbers = [(posts, 3), (followers, 4), (posts, 5)];
            writer.observations(&Observations { at, network, account, numbers: &numbers });
            writer.observations(&Observations { at, network, account, numbers: &[] });
            writer.observation(&Observation { at, network, account, metric: posts, value: 6 });
        }
        // A kind of another network, a word of no network: nothing that was declared.
        let totals = [(followers, 7), (network, 8)];
        let id = Id::Number(1);
        writer.post(&Post { network, id, author: None, at, observed_at: None, totals: &totals });
        let (seen, number) = (abi::OBSERVATION, abi::NUMBER);
        let account = [(seen, 1, 3), (number, 0, 4), (number, 1, 5), (seen, 1, 6)];
        let columns = writer.finish();
        assert_eq!(columns.heads()[..8], [account, account].concat());
        let rest: Vec<_> = columns.heads()[8..].iter().map(|(record, ..)| *record).collect();
        assert_eq!(rest, [abi::POST, number, number]);
        let undeclared = columns.heads()[9..].iter().all(|(_, word, _)| *word == u16::MAX);
        assert!(undeclared);
    }
}
