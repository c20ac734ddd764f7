//! A sink that writes records into columns.

use renown_abi as abi;

use super::codes::Codes;
use super::columns::Columns;
use crate::{Handle, Id, Interaction, Observation, Post, Reject, Sink, Timestamp, Undo, Undone, Word};

/// Takes the records of some pieces.
pub(super) struct Writer<'c> {
    codes: &'c Codes,
    /// Where the piece at hand begins.
    base: u64,
    columns: Box<Columns>,
    observed: Option<Observed<'c>>,
}

/// The newest observation that says of what it is.
struct Observed<'c> {
    /// The account, if it is a number; else it is the newest text among targets.
    account: Option<i64>,
    network: Word,
    at: Option<Timestamp>,
    /// The places of its network's metrics.
    metrics: &'c [u16],
    /// The row that would be a further number of it.
    next: usize,
}

impl Observed<'_> {
    /// Whether a row would be a further number of it: of the same account, if an observation is of that.
    #[inline]
    fn goes_on(&self, row: usize, record: &Observation<'_>) -> bool {
        self.next == row && self.network == record.network && self.at == record.at
    }
}

impl<'c> Writer<'c> {
    pub(super) fn new(codes: &'c Codes) -> Self {
        Self { codes, base: 0, columns: Columns::take(codes.has_many()), observed: None }
    }

    /// The columns; those that are handed out are as long as there are rows.
    pub(super) fn finish(mut self) -> Box<Columns> {
        self.columns.finish();
        self.columns
    }

    /// An observation that is no further number of an account that is a number.
    #[inline(never)]
    fn observe(&mut self, record: &Observation<'_>) {
        let place = self.codes.network(record.network);
        let metrics = self.codes.metrics(place);
        let metric = Codes::place(metrics, record.metric);
        let next = self.columns.rows() + 1;
        if let (Some(above), Id::Text(account)) = (&mut self.observed, record.account)
            && above.account.is_none()
            && above.goes_on(next - 1, record)
            && self.columns.target.ends_with(account)
        {
            above.next = next;
            self.columns.numbers(std::iter::once((metric, record.value)));
            return;
        }
        let row = self.columns.begin_with(abi::OBSERVATION, (place, metric), record.value);
        self.columns.at.give(row, record.at.map(Timestamp::micros));
        self.columns.target.set(row, record.account);
        let account = match record.account {
            Id::Number(number) => Some(number),
            Id::Text(_) => None,
        };
        let (network, at) = (record.network, record.at);
        self.observed = Some(Observed { account, network, at, metrics, next });
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
        let place = |(kind, amount): &(Word, u64)| (Codes::place(kinds, *kind), *amount);
        self.columns.numbers(post.totals.iter().map(place));
    }

    fn observation(&mut self, record: &Observation<'_>) {
        // Most are of the account and the time above.
        if let (Some(above), Id::Number(account)) = (&mut self.observed, record.account)
            && above.account == Some(account)
            && above.goes_on(self.columns.rows(), record)
            && self.columns.number(Codes::place(above.metrics, record.metric), record.value)
        {
            above.next += 1;
            return;
        }
        self.observe(record);
    }

    fn handle(&mut self, handle: &Handle<'_>) {
        let row = self.columns.begin(abi::HANDLE, self.codes.network(handle.network));
        self.columns.target.set(row, handle.account);
        self.columns.text.set(row, handle.handle);
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
    use crate::{Case, FileKind, Manifest, NetworkSpec, Vocable, Vocabulary, Words};

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

    /// Numbers go on where account, network and time are those above and nothing stands between; else a row says all anew.
    #[test]
    fn an_account_is_named_once_for_its_numbers() {
        let words = Vocabulary::new(Arc::new(Words::new()), [&MANIFEST]);
        let codes = Codes::new(&MANIFEST, &words).unwrap();
        let (one, two) = (words.network("one").unwrap(), words.network("two").unwrap());
        let metric = words.metric("one", "posts").unwrap();
        let (early, late) = (Timestamp::from_seconds(1), Timestamp::from_seconds(2));
        let (number, text) = (Id::Number(7), Id::Text("ada"));
        let mut writer = Writer::new(&codes);
        let mut expected = Vec::new();
        let mut see = |writer: &mut Writer<'_>, network, account, at, row| {
            writer.observation(&Observation { at, network, account, metric, value: 1 });
            expected.push(row);
        };
        // Nobody's account is that of an empty column.
        see(&mut writer, one, Id::Number(0), None, abi::OBSERVATION);
        see(&mut writer, one, number, None, abi::OBSERVATION);
        see(&mut writer, one, number, None, abi::NUMBER);
        see(&mut writer, one, number, early, abi::OBSERVATION);
        see(&mut writer, one, number, early, abi::NUMBER);
        see(&mut writer, one, number, early, abi::NUMBER);
        see(&mut writer, one, number, late, abi::OBSERVATION);
        see(&mut writer, two, number, late, abi::OBSERVATION);
        see(&mut writer, two, Id::Number(8), late, abi::OBSERVATION);
        see(&mut writer, two, text, late, abi::OBSERVATION);
        see(&mut writer, two, text, late, abi::NUMBER);
        see(&mut writer, two, Id::Text("ad"), late, abi::OBSERVATION);
        see(&mut writer, two, text, late, abi::OBSERVATION);
        see(&mut writer, two, number, late, abi::OBSERVATION);
        see(&mut writer, two, number, late, abi::NUMBER);
        writer.handle(&Handle { network: two, account: number, handle: "ada" });
        see(&mut writer, two, number, late, abi::OBSERVATION);
        let totals = [(metric, 3), (metric, 4)];
        writer.post(&Post {
            network: two,
            id: number,
            author: None,
            at: late,
            observed_at: None,
            totals: &totals,
        });
        see(&mut writer, two, number, late, abi::OBSERVATION);
        see(&mut writer, two, number, late, abi::NUMBER);
        expected.insert(15, abi::HANDLE);
        expected.splice(17..17, [abi::POST, abi::NUMBER, abi::NUMBER]);
        assert_eq!(writer.finish().records(), expected);
    }
}
