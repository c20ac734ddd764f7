//! Records as columns, in the form of Arrow.
//!
//! A column that no row has used yet takes no room, and rows that leave it out cost nothing until a later one uses it:
//! most batches of a network need half of the columns.

use renown_abi as abi;

use super::codes::Codes;
use crate::{Handle, Id, Interaction, Observation, Post, Reject, Sink, Timestamp};

/// Which rows have a value: a bit each, least significant first.
#[derive(Debug, Default)]
struct Validity {
    bits: Vec<u8>,
    set: usize,
}

impl Validity {
    fn set(&mut self, row: usize) {
        if self.bits.len() <= row / 8 {
            self.bits.resize(row / 8 + 1, 0);
        }
        self.bits[row / 8] |= 1 << (row % 8);
        self.set += 1;
    }

    fn finish(&mut self, rows: usize) {
        self.bits.resize(rows.div_ceil(8), 0);
    }
}

/// Numbers, of which rows may have none.
#[derive(Debug, Default)]
pub(super) struct Numbers<T> {
    pub(super) values: Vec<T>,
    validity: Validity,
}

impl<T: Copy + Default> Numbers<T> {
    fn set(&mut self, row: usize, value: T) {
        self.values.resize(row, T::default());
        self.values.push(value);
        self.validity.set(row);
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

/// One column of a finished batch, its buffers ready to be lent.
pub(super) enum Column {
    Bytes(Vec<u8>),
    Words(Numbers<u16>),
    Integers(Numbers<i64>),
    Amounts(Numbers<u64>),
    Texts(Texts),
}

impl Column {
    /// The type, as Arrow writes it.
    pub(super) fn format(&self) -> &'static std::ffi::CStr {
        match self {
            Self::Bytes(_) => c"C",
            Self::Words(_) => c"S",
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
            Self::Bytes(values) => vec![validity, values.as_ptr()],
            Self::Words(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Integers(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Amounts(column) => vec![validity, column.values.as_ptr().cast()],
            Self::Texts(column) => vec![validity, column.offsets.as_ptr().cast(), column.bytes.as_ptr()],
        }
    }

    fn validity(&self) -> Option<&Validity> {
        match self {
            Self::Bytes(_) => None,
            Self::Words(column) => Some(&column.validity),
            Self::Integers(column) => Some(&column.validity),
            Self::Amounts(column) => Some(&column.validity),
            Self::Texts(column) => Some(&column.validity),
        }
    }
}

/// A sink that writes records into columns.
pub(super) struct Columns<'c> {
    codes: &'c Codes,
    /// Where the piece at hand begins.
    base: u64,
    record: Vec<u8>,
    network: Numbers<u16>,
    word: Numbers<u16>,
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

impl<'c> Columns<'c> {
    pub(super) fn new(codes: &'c Codes) -> Self {
        Self {
            codes,
            base: 0,
            record: Vec::new(),
            network: Numbers::default(),
            word: Numbers::default(),
            at: Numbers::default(),
            observed_at: Numbers::default(),
            actor: Ids::default(),
            target: Ids::default(),
            object: Ids::default(),
            id: Ids::default(),
            amount: Numbers::default(),
            text: Texts::default(),
            offset: Numbers::default(),
            length: Numbers::default(),
            row: Numbers::default(),
        }
    }

    /// Begins a row.
    fn begin(&mut self, record: u8) -> usize {
        self.record.push(record);
        self.record.len() - 1
    }

    fn word(&mut self, row: usize, (network, word): (u16, u16)) {
        self.network(row, network);
        self.word.set(row, word);
    }

    /// Most adapters have one network, and the first needs no column.
    fn network(&mut self, row: usize, network: u16) {
        if network != 0 {
            self.network.set(row, network);
        }
    }

    fn time(column: &mut Numbers<i64>, row: usize, at: Option<Timestamp>) {
        if let Some(at) = at {
            column.set(row, at.micros());
        }
    }

    /// How many rows there are, and the columns that have values.
    pub(super) fn finish(self) -> (usize, Vec<(&'static std::ffi::CStr, Column)>) {
        let rows = self.record.len();
        let mut columns = vec![(c"record", Column::Bytes(self.record)), (c"word", Column::Words(self.word))];
        for (name, ids) in [
            ((c"actor", c"actor_text"), self.actor),
            ((c"target", c"target_text"), self.target),
            ((c"object", c"object_text"), self.object),
            ((c"id", c"id_text"), self.id),
        ] {
            columns.push((name.0, Column::Integers(ids.numbers)));
            columns.push((name.1, Column::Texts(ids.texts)));
        }
        columns.extend([
            (c"network", Column::Words(self.network)),
            (c"at", Column::Integers(self.at)),
            (c"observed_at", Column::Integers(self.observed_at)),
            (c"amount", Column::Amounts(self.amount)),
            (c"text", Column::Texts(self.text)),
            (c"offset", Column::Amounts(self.offset)),
            (c"length", Column::Amounts(self.length)),
            (c"row", Column::Amounts(self.row)),
        ]);
        columns.retain(|(name, column)| {
            *name == c"word" || column.validity().is_none_or(|validity| validity.set > 0)
        });
        for (_, column) in &mut columns {
            column.pad(rows);
        }
        (rows, columns)
    }
}

impl Column {
    /// Fills up to so many rows.
    fn pad(&mut self, rows: usize) {
        match self {
            Self::Bytes(values) => values.resize(rows, 0),
            Self::Words(column) => column.pad(rows),
            Self::Integers(column) => column.pad(rows),
            Self::Amounts(column) => column.pad(rows),
            Self::Texts(column) => {
                column.offsets.resize(rows + 1, column.bytes.len() as i32);
                column.validity.finish(rows);
            }
        }
    }
}

impl<T: Copy + Default> Numbers<T> {
    fn pad(&mut self, rows: usize) {
        self.values.resize(rows, T::default());
        self.validity.finish(rows);
    }
}

impl Sink for Columns<'_> {
    fn at(&mut self, offset: Option<u64>) {
        self.base = offset.unwrap_or(0);
    }

    fn interaction(&mut self, record: &Interaction<'_>) {
        let row = self.begin(abi::INTERACTION);
        self.word(row, self.codes.kind(record.network, record.kind));
        Self::time(&mut self.at, row, record.at);
        for (column, id) in [
            (&mut self.actor, record.actor),
            (&mut self.target, record.target),
            (&mut self.object, record.object),
            (&mut self.id, record.id),
        ] {
            if let Some(id) = id {
                column.set(row, id);
            }
        }
        if record.amount != 1 {
            self.amount.set(row, record.amount);
        }
    }

    fn post(&mut self, post: &Post<'_>) {
        let row = self.begin(abi::POST);
        self.network(row, self.codes.network(post.network));
        self.object.set(row, post.id);
        if let Some(author) = post.author {
            self.target.set(row, author);
        }
        Self::time(&mut self.at, row, post.at);
        Self::time(&mut self.observed_at, row, post.observed_at);
        for &(kind, amount) in post.totals {
            let row = self.begin(abi::TOTAL);
            self.word(row, self.codes.kind(post.network, kind));
            self.amount.set(row, amount);
        }
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let row = self.begin(abi::OBSERVATION);
        self.word(row, self.codes.metric(record.network, record.metric));
        Self::time(&mut self.at, row, record.at);
        self.target.set(row, record.account);
        self.amount.set(row, record.value);
    }

    fn handle(&mut self, handle: &Handle<'_>) {
        let row = self.begin(abi::HANDLE);
        self.network(row, self.codes.network(handle.network));
        self.target.set(row, handle.account);
        self.text.set(row, handle.handle);
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        let row = self.begin(abi::REJECT);
        self.text.set(row, &reject.reason);
        self.offset.set(row, self.base + reject.offset as u64);
        self.length.set(row, reject.record.len() as u64);
        if let Some(number) = reject.row {
            self.row.set(row, number);
        }
    }

    fn pass_over(&mut self, what: &'static str) {
        let row = self.begin(abi::PASSED_OVER);
        self.text.set(row, what);
    }
}
