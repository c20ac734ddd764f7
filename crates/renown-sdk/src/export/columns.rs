//! Records as columns, in the form of Arrow.
//!
//! A column that no row has used yet takes no room, and rows that leave it out cost nothing until a later one uses it:
//! most batches of a network need half of the columns.

use std::ffi::CStr;
use std::sync::{Mutex, PoisonError};

use renown_abi as abi;

use super::codes::Codes;
use crate::{Handle, Id, Interaction, Observation, Post, Reject, Sink, Timestamp, Undo, Undone};

/// Which rows have a value: a bit each, least significant first.
#[derive(Debug, Default)]
struct Validity {
    bits: Vec<u8>,
    set: usize,
}

impl Validity {
    fn set(&mut self, row: usize) {
        self.reserve(row + 1);
        self.bits[row / 8] |= 1 << (row % 8);
        self.set += 1;
    }

    fn reserve(&mut self, rows: usize) {
        if self.bits.len() < rows.div_ceil(8) {
            self.bits.resize(rows.div_ceil(8).next_power_of_two(), 0);
        }
    }

    fn clear(&mut self) {
        if self.set > 0 {
            self.bits.fill(0);
            self.set = 0;
        }
    }
}

/// Numbers, of which rows may have none.
#[derive(Debug, Default)]
pub(super) struct Numbers<T> {
    /// At least one a row. Where a row has none, anything, such as what was there before: Arrow does not look at it, and
    /// emptying costs more than filling.
    pub(super) values: Vec<T>,
    validity: Validity,
}

impl<T: Copy + Default> Numbers<T> {
    fn set(&mut self, row: usize, value: T) {
        self.reserve(row + 1);
        self.values[row] = value;
        self.validity.set(row);
    }

    fn reserve(&mut self, rows: usize) {
        if self.values.len() < rows {
            self.values.resize(rows.next_power_of_two(), T::default());
        }
    }

    /// Makes it as long as there are rows, unless no row has a value: such a column is not handed out.
    fn pad(&mut self, rows: usize) {
        if self.validity.set > 0 {
            self.reserve(rows);
            self.validity.reserve(rows);
        }
    }

    fn clear(&mut self) {
        self.validity.clear();
    }
}

/// Texts, of which rows may have none.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) offsets: Vec<i32>,
    pub(super) bytes: Vec<u8>,
    validity: Validity,
}

impl Texts {
    fn set(&mut self, row: usize, text: &str) {
        self.offsets.resize(row + 1, self.bytes.len() as i32);
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.push(self.bytes.len() as i32);
        self.validity.set(row);
    }

    /// As of numbers.
    fn pad(&mut self, rows: usize) {
        if self.validity.set > 0 {
            self.offsets.resize(rows + 1, self.bytes.len() as i32);
            self.validity.reserve(rows);
        }
    }

    fn clear(&mut self) {
        self.offsets.clear();
        self.bytes.clear();
        self.validity.clear();
    }
}

/// An id is a number or a text.
#[derive(Debug, Default)]
struct Ids {
    numbers: Numbers<i64>,
    texts: Texts,
}

impl Ids {
    fn set(&mut self, row: usize, id: Id<'_>) {
        match id {
            Id::Number(number) => self.numbers.set(row, number),
            Id::Text(text) => self.texts.set(row, text),
        }
    }
}

/// One column of a batch, ready to be lent.
pub(super) enum Column<'c> {
    Records(&'c [u8]),
    Words(&'c [u16]),
    Networks(&'c Numbers<u16>),
    Integers(&'c Numbers<i64>),
    Amounts(&'c Numbers<u64>),
    Texts(&'c Texts),
}

impl Column<'_> {
    /// The type, as Arrow writes it.
    pub(super) fn format(&self) -> &'static CStr {
        match self {
            Self::Records(_) => c"C",
            Self::Words(_) | Self::Networks(_) => c"S",
            Self::Integers(_) => c"l",
            Self::Amounts(_) => c"L",
            Self::Texts(_) => c"u",
        }
    }

    /// How many values are missing.
    pub(super) fn nulls(&self, rows: usize) -> usize {
        self.validity().map_or(0, |validity| rows - validity.set)
    }

    /// Validity, values or offsets, and the bytes of texts.
    pub(super) fn buffers(&self) -> Vec<*const u8> {
        let validity = self.validity().map_or(std::ptr::null(), |validity| validity.bits.as_ptr());
        match self {
            Self::Records(values) => vec![validity, values.as_ptr()],
            Self::Words(values) => vec![validity, values.as_ptr().cast()],
            Self::Networks(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Integers(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Amounts(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Texts(column) => vec![validity, column.offsets.as_ptr().cast(), column.bytes.as_ptr()],
        }
    }

    fn validity(&self) -> Option<&Validity> {
        match self {
            Self::Records(_) | Self::Words(_) => None,
            Self::Networks(column) => Some(&column.validity),
            Self::Integers(column) => Some(&column.validity),
            Self::Amounts(column) => Some(&column.validity),
            Self::Texts(column) => Some(&column.validity),
        }
    }
}

/// Applies a method to every column but `record` and `word`.
macro_rules! each_column {
    ($columns:expr, $call:ident $arguments:tt) => {{
        let columns = $columns;
        for ids in [&mut columns.actor, &mut columns.target, &mut columns.object, &mut columns.id] {
            ids.numbers.$call $arguments;
            ids.texts.$call $arguments;
        }
        columns.network.$call $arguments;
        columns.at.$call $arguments;
        columns.observed_at.$call $arguments;
        columns.amount.$call $arguments;
        columns.text.$call $arguments;
        columns.offset.$call $arguments;
        columns.length.$call $arguments;
        columns.row.$call $arguments;
    }};
}

/// The columns of a batch.
#[derive(Debug, Default)]
pub(super) struct Columns {
    record: Vec<u8>,
    /// 0 where a row needs none.
    word: Vec<u16>,
    network: Numbers<u16>,
    at: Numbers<i64>,
    observed_at: Numbers<i64>,
    actor: Ids,
    target: Ids,
    object: Ids,
    id: Ids,
    amount: Numbers<u64>,
    text: Texts,
    offset: Numbers<u64>,
    length: Numbers<u64>,
    row: Numbers<u64>,
}

/// Columns whose batch was released. They are filled again: memory that is touched for the first time costs more than
/// writing into it.
#[expect(clippy::vec_box, reason = "they come and go as boxes, without being moved")]
static SPARE: Mutex<Vec<Box<Columns>>> = Mutex::new(Vec::new());

/// No more batches are kept, which is a few for each thread that reads.
const MOST_SPARE: usize = 32;
/// Batches of more rows are not kept.
const MOST_ROWS: usize = 1 << 17;

impl Columns {
    /// Empty columns.
    fn take() -> Box<Self> {
        SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Gives columns back, to be filled again.
    pub(super) fn give_back(mut self: Box<Self>) {
        if self.record.len() > MOST_ROWS {
            return;
        }
        self.record.clear();
        self.word.clear();
        each_column!(&mut *self, clear());
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_SPARE {
            spare.push(self);
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.record.len()
    }

    /// The columns that have values.
    pub(super) fn columns(&self) -> Vec<(&'static CStr, Column<'_>)> {
        let mut columns =
            vec![(c"record", Column::Records(&self.record)), (c"word", Column::Words(&self.word))];
        for (name, ids) in [
            ((c"actor", c"actor_text"), &self.actor),
            ((c"target", c"target_text"), &self.target),
            ((c"object", c"object_text"), &self.object),
            ((c"id", c"id_text"), &self.id),
        ] {
            columns.push((name.0, Column::Integers(&ids.numbers)));
            columns.push((name.1, Column::Texts(&ids.texts)));
        }
        columns.extend([
            (c"network", Column::Networks(&self.network)),
            (c"at", Column::Integers(&self.at)),
            (c"observed_at", Column::Integers(&self.observed_at)),
            (c"amount", Column::Amounts(&self.amount)),
            (c"text", Column::Texts(&self.text)),
            (c"offset", Column::Amounts(&self.offset)),
            (c"length", Column::Amounts(&self.length)),
            (c"row", Column::Amounts(&self.row)),
        ]);
        columns.retain(|(_, column)| column.validity().is_none_or(|validity| validity.set > 0));
        columns
    }
}

/// A sink that writes records into columns.
pub(super) struct Writer<'c> {
    codes: &'c Codes,
    /// Where the piece at hand begins.
    base: u64,
    columns: Box<Columns>,
}

impl<'c> Writer<'c> {
    pub(super) fn new(codes: &'c Codes) -> Self {
        Self { codes, base: 0, columns: Columns::take() }
    }

    /// The columns; those that are handed out are as long as there are rows.
    pub(super) fn finish(mut self) -> Box<Columns> {
        let rows = self.columns.rows();
        each_column!(&mut *self.columns, pad(rows));
        self.columns
    }

    /// Begins a row. Most adapters have one network, and the first needs no column.
    fn begin(&mut self, record: u8, (network, word): (u16, u16)) -> usize {
        let row = self.columns.record.len();
        self.columns.record.push(record);
        self.columns.word.push(word);
        if network != 0 {
            self.columns.network.set(row, network);
        }
        row
    }

    fn time(column: &mut Numbers<i64>, row: usize, at: Option<Timestamp>) {
        if let Some(at) = at {
            column.set(row, at.micros());
        }
    }
}

impl Sink for Writer<'_> {
    fn at(&mut self, offset: Option<u64>) {
        self.base = offset.unwrap_or(0);
    }

    fn interaction(&mut self, record: &Interaction<'_>) {
        let row = self.begin(abi::INTERACTION, self.codes.kind(record.network, record.kind));
        Self::time(&mut self.columns.at, row, record.at);
        for (column, id) in [
            (&mut self.columns.actor, record.actor),
            (&mut self.columns.target, record.target),
            (&mut self.columns.object, record.object),
            (&mut self.columns.id, record.id),
        ] {
            if let Some(id) = id {
                column.set(row, id);
            }
        }
        if record.amount != 1 {
            self.columns.amount.set(row, record.amount);
        }
    }

    fn post(&mut self, post: &Post<'_>) {
        let row = self.begin(abi::POST, (self.codes.network(post.network), 0));
        self.columns.object.set(row, post.id);
        if let Some(author) = post.author {
            self.columns.target.set(row, author);
        }
        Self::time(&mut self.columns.at, row, post.at);
        Self::time(&mut self.columns.observed_at, row, post.observed_at);
        for &(kind, amount) in post.totals {
            let row = self.begin(abi::TOTAL, self.codes.kind(post.network, kind));
            self.columns.amount.set(row, amount);
        }
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let row = self.begin(abi::OBSERVATION, self.codes.metric(record.network, record.metric));
        Self::time(&mut self.columns.at, row, record.at);
        self.columns.target.set(row, record.account);
        self.columns.amount.set(row, record.value);
    }

    fn handle(&mut self, handle: &Handle<'_>) {
        let row = self.begin(abi::HANDLE, (self.codes.network(handle.network), 0));
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
        let row = self.begin(record, place);
        Self::time(&mut self.columns.at, row, undo.at);
        match undo.undone {
            Undone::Act { id, .. } => self.columns.id.set(row, id),
            Undone::Post(id) => self.columns.object.set(row, id),
            Undone::Account { account, .. } => self.columns.target.set(row, account),
        }
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        let row = self.begin(abi::REJECT, (0, 0));
        self.columns.text.set(row, &reject.reason);
        self.columns.offset.set(row, self.base + reject.offset as u64);
        self.columns.length.set(row, reject.record.len() as u64);
        if let Some(number) = reject.row {
            self.columns.row.set(row, number);
        }
    }

    fn pass_over(&mut self, what: &'static str) {
        let row = self.begin(abi::PASSED_OVER, (0, 0));
        self.columns.text.set(row, what);
    }
}
