//! What is read of an export, on its way into the store: rows by partition, joined as they grow.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use renown_core::lately::Lately;
use renown_core::record::{Day, Id, Timestamp};
use renown_core::words::{Word, Words};
use renown_engine::Tap;
use renown_sdk::{Handle, Interaction, Membership, Observation, Post, Reject, Sink, Undo, Undone};

use crate::join::join;
use crate::layout::{Partition, Table};
use crate::schema::{Cell, Rows, what};

/// Takes the records of one export.
#[derive(Debug)]
pub struct Gatherer {
    words: Arc<Words>,
    rows: Mutex<Vec<(Partition, RecordBatch)>>,
}

impl Gatherer {
    /// Of records in these words.
    pub fn new(words: Arc<Words>) -> Self {
        Self { words, rows: Mutex::default() }
    }

    /// All that was taken, by partition; of each several batches.
    pub(crate) fn take(&self) -> Vec<(Partition, RecordBatch)> {
        std::mem::take(&mut self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tap for Gatherer {
    fn sink(&self) -> Box<dyn Sink + '_> {
        Box::new(Thread {
            gatherer: self,
            growing: HashMap::new(),
            texts: Vec::new(),
            lately: Lately::default(),
        })
    }

    fn restart(&self) {
        self.take();
    }
}

/// Rows of a partition that grow.
struct Growing {
    rows: Rows,
    joined: Option<RecordBatch>,
}

impl Growing {
    /// Rows are joined when there are as many new ones as old, and so many.
    const ENOUGH: usize = 1 << 16;

    fn join(&mut self, table: Table) {
        let batches: Vec<RecordBatch> = self.joined.take().into_iter().chain([self.rows.take()]).collect();
        self.joined = Some(join(table, &batches).expect("rows of one table"));
    }
}

/// One thread's sink.
struct Thread<'g> {
    gatherer: &'g Gatherer,
    growing: HashMap<(Table, Word, Day), Growing>,
    /// The texts of words, by their number.
    texts: Vec<Box<str>>,
    lately: Lately,
}

impl fmt::Debug for Thread<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread").field("partitions", &self.growing.len()).finish_non_exhaustive()
    }
}

impl Thread<'_> {
    fn push(&mut self, table: Table, network: Word, at: Option<Timestamp>, cells: &[Cell<'_>]) {
        let partition = self.growing.entry((table, network, Day::of(at)));
        let growing = partition.or_insert_with(|| Growing { rows: Rows::new(table), joined: None });
        growing.rows.push(cells);
        let settled = growing.joined.as_ref().map_or(0, RecordBatch::num_rows);
        if growing.rows.len() >= Growing::ENOUGH.max(settled) {
            growing.join(table);
        }
    }

    /// Has the texts of all words at hand.
    fn learn(&mut self, words: impl IntoIterator<Item = Word>) {
        if words.into_iter().any(|word| word.index() >= self.texts.len()) {
            self.texts = self.gatherer.words.texts();
        }
    }
}

impl Drop for Thread<'_> {
    fn drop(&mut self) {
        let words = self.gatherer.words.texts();
        let mut growing: Vec<_> = std::mem::take(&mut self.growing).into_iter().collect();
        growing.sort_by_key(|(key, _)| *key);
        let batches = growing.into_iter().flat_map(|((table, network, day), mut growing)| {
            let partition = Partition { table, network: words[network.index()].to_string(), day };
            growing
                .joined
                .take()
                .into_iter()
                .chain([growing.rows.take()])
                .map(move |batch| (partition.clone(), batch))
        });
        let batches: Vec<_> = batches.filter(|(_, batch)| batch.num_rows() > 0).collect();
        self.gatherer.rows.lock().unwrap_or_else(PoisonError::into_inner).extend(batches);
    }
}

fn text<'c>(id: Option<&'c Id<'_>>) -> Cell<'c> {
    Cell::Text(id.map(|id| id as &dyn fmt::Display))
}

impl Sink for Thread<'_> {
    fn interaction(&mut self, record: &Interaction<'_>) {
        let Interaction { at, network, kind, actor, target, object, id, amount } = record;
        self.learn([*kind]);
        let kind = self.texts[kind.index()].clone();
        let cells = [
            Cell::Time(*at),
            Cell::Text(Some(&kind)),
            text(actor.as_ref()),
            text(target.as_ref()),
            text(object.as_ref()),
            text(id.as_ref()),
            Cell::Count(Some(*amount)),
        ];
        self.push(Table::Interactions, *network, *at, &cells);
    }

    fn post(&mut self, post: &Post<'_>) {
        if self.lately.again((post.network, post.id, post.author, post.at, post.observed_at, post.totals)) {
            return;
        }
        self.learn(post.totals.iter().map(|total| total.0));
        let row = |this: &mut Self, kind: Option<&dyn fmt::Display>, amount| {
            let (id, author) = (text(Some(&post.id)), text(post.author.as_ref()));
            let seen = Cell::Time(post.observed_at);
            let cells = [Cell::Time(post.at), id, author, Cell::Text(kind), seen, Cell::Count(amount)];
            this.push(Table::Posts, post.network, post.at, &cells);
        };
        if post.totals.is_empty() {
            row(self, None, None);
        }
        for (kind, amount) in post.totals {
            let kind = self.texts[kind.index()].clone();
            row(self, Some(&kind), Some(*amount));
        }
    }

    fn observation(&mut self, record: &Observation<'_>) {
        if self.lately.again((record.network, record.account, record.metric, record.at, record.value)) {
            return;
        }
        self.learn([record.metric]);
        let metric = self.texts[record.metric.index()].clone();
        let cells = [
            Cell::Time(record.at),
            text(Some(&record.account)),
            Cell::Text(Some(&metric)),
            Cell::Count(Some(record.value)),
        ];
        self.push(Table::Observations, record.network, record.at, &cells);
    }

    fn handle(&mut self, record: &Handle<'_>) {
        if self.lately.again((record.network, record.account, record.handle)) {
            return;
        }
        let cells = [text(Some(&record.account)), Cell::Text(Some(&record.handle))];
        self.push(Table::Handles, record.network, None, &cells);
    }

    fn membership(&mut self, record: &Membership<'_>) {
        // What counts is the day, and of a day one row is enough.
        let at = record.at.map(Timestamp::midnight);
        if self.lately.again((record.network, record.account, record.community, at)) {
            return;
        }
        let cells = [Cell::Time(at), text(Some(&record.account)), Cell::Text(Some(&record.community))];
        self.push(Table::Memberships, record.network, at, &cells);
    }

    fn undo(&mut self, undo: &Undo<'_>) {
        let (what, kind, id) = match undo.undone {
            Undone::Act { kind, id } => (what::ACT, Some(kind), id),
            Undone::Post(id) => (what::POST, None, id),
            Undone::Account { account, back: false } => (what::CLOSED, None, account),
            Undone::Account { account, back: true } => (what::BACK, None, account),
        };
        self.learn(kind);
        let kind = kind.map(|kind| self.texts[kind.index()].clone());
        let kind = Cell::Text(kind.as_ref().map(|kind| kind as &dyn fmt::Display));
        let cells = [Cell::Time(undo.at), Cell::Text(Some(&what)), kind, text(Some(&id))];
        self.push(Table::Undos, undo.network, undo.at, &cells);
    }

    fn reject(&mut self, _: &Reject<'_>) {}

    fn pass_over(&mut self, _: &'static str) {}
}
