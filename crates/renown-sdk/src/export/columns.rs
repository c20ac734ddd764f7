//! Records as columns, in the form of Arrow.
//!
//! Everything that crosses the boundary is written here and read again behind it, so a value costs a comparison and a
//! store. A column that no row has used yet takes no room; a row that has no use for a column leaves it as it is, since
//! no reader looks there; and that a value is missing is noted only where its row says so.

use std::ffi::CStr;
use std::sync::{Mutex, PoisonError};

use renown_abi as abi;

use crate::Id;

/// Values by row, written without regard to what was there before.
#[derive(Debug, Default)]
struct Values<T>(Vec<T>);

impl<T: Copy + Default> Values<T> {
    #[inline]
    fn set(&mut self, row: usize, value: T) {
        if let Some(place) = self.0.get_mut(row) {
            *place = value;
        } else {
            self.reserve(row + 1);
            self.0[row] = value;
        }
    }

    #[cold]
    fn reserve(&mut self, rows: usize) {
        if self.0.len() < rows {
            self.0.resize(rows.next_power_of_two(), T::default());
        }
    }
}

/// Which rows have no value.
#[derive(Debug, Default)]
struct Nulls {
    /// Whether any row has one; if not, the column is not handed out, and the others need not be noted.
    used: bool,
    rows: Vec<u32>,
    /// Of a finished column: a bit each, least significant first, set where there is a value; empty if all have one.
    bits: Vec<u8>,
}

impl Nulls {
    fn finish(&mut self, rows: usize) {
        if self.used && !self.rows.is_empty() {
            self.bits.resize(rows.div_ceil(8), u8::MAX);
            for &row in &self.rows {
                self.bits[row as usize / 8] &= !(1 << (row % 8));
            }
        }
    }

    fn clear(&mut self) {
        self.used = false;
        self.rows.clear();
        self.bits.clear();
    }
}

/// Numbers, of which rows may have none.
#[derive(Debug, Default)]
pub(super) struct Numbers<T> {
    values: Values<T>,
    nulls: Nulls,
}

impl<T: Copy + Default> Numbers<T> {
    #[inline]
    pub(super) fn set(&mut self, row: usize, value: T) {
        self.values.set(row, value);
        self.nulls.used = true;
    }

    #[inline]
    pub(super) fn give(&mut self, row: usize, value: Option<T>) {
        match value {
            Some(value) => self.set(row, value),
            None => self.nulls.rows.push(row as u32),
        }
    }

    fn finish(&mut self, rows: usize) {
        self.nulls.finish(rows);
        if self.nulls.used {
            self.values.reserve(rows);
        }
    }

    fn clear(&mut self) {
        self.nulls.clear();
    }
}

/// Texts, of which rows may have none.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Rows, and where their texts begin.
    starts: Vec<(u32, i32)>,
    bytes: Vec<u8>,
    /// Of a finished column: where the text of each row begins, and where the last ends.
    offsets: Vec<i32>,
    nulls: Nulls,
}

/// How many offsets are written at once.
const BLOCK: usize = 8;

impl Texts {
    #[inline]
    pub(super) fn set(&mut self, row: usize, text: &str) {
        self.starts.push((row as u32, self.bytes.len() as i32));
        self.bytes.extend_from_slice(text.as_bytes());
        self.nulls.used = true;
    }

    fn finish(&mut self, rows: usize) {
        self.nulls.finish(rows);
        if !self.nulls.used {
            return;
        }
        if self.offsets.len() < rows + 1 + BLOCK {
            self.offsets.resize(rows + 1 + BLOCK, 0);
        }
        let mut next = 0;
        let end = (rows as u32, self.bytes.len() as i32);
        for (row, start) in self.starts.iter().copied().chain([end]) {
            // The rows before it that have none, too. What is written beyond is put right by the next.
            while next <= row as usize {
                self.offsets[next..next + BLOCK].fill(start);
                next += BLOCK;
            }
            next = row as usize + 1;
        }
    }

    fn clear(&mut self) {
        self.starts.clear();
        self.bytes.clear();
        self.nulls.clear();
    }
}

/// An id is a number or a text; where there is a number, nobody looks for a text.
#[derive(Debug, Default)]
pub(super) struct Ids {
    numbers: Numbers<i64>,
    texts: Texts,
}

impl Ids {
    #[inline]
    pub(super) fn set(&mut self, row: usize, id: Id<'_>) {
        match id {
            Id::Number(number) => self.numbers.set(row, number),
            Id::Text(text) => self.set_text(row, text),
        }
    }

    #[inline(never)]
    fn set_text(&mut self, row: usize, text: &str) {
        self.numbers.nulls.rows.push(row as u32);
        self.texts.set(row, text);
    }

    #[inline]
    pub(super) fn give(&mut self, row: usize, id: Option<Id<'_>>) {
        let Some(id) = id else {
            self.numbers.nulls.rows.push(row as u32);
            self.texts.nulls.rows.push(row as u32);
            return;
        };
        self.set(row, id);
    }
}

/// One column of a batch, ready to be lent: good as long as the batch is.
pub(super) struct Column {
    pub(super) name: &'static CStr,
    /// The type, as Arrow writes it.
    pub(super) format: &'static CStr,
    /// How many values are missing.
    pub(super) nulls: usize,
    /// Validity, values or offsets, and the bytes of texts.
    pub(super) buffers: Vec<*const u8>,
}

impl Column {
    fn new(name: &'static CStr, format: &'static CStr, nulls: &Nulls, values: &[*const u8]) -> Self {
        let missing = if nulls.bits.is_empty() { 0 } else { nulls.rows.len() };
        let bits = if missing == 0 { std::ptr::null() } else { nulls.bits.as_ptr() };
        let buffers = [&[bits], values].concat();
        Self { name, format, nulls: missing, buffers }
    }

    fn plain<T>(name: &'static CStr, format: &'static CStr, values: &[T]) -> Self {
        let buffers = vec![std::ptr::null(), values.as_ptr().cast()];
        Self { name, format, nulls: 0, buffers }
    }

    fn numbers<T>(name: &'static CStr, format: &'static CStr, column: &Numbers<T>) -> Option<Self> {
        let values = [column.values.0.as_ptr().cast()];
        column.nulls.used.then(|| Self::new(name, format, &column.nulls, &values))
    }

    fn texts(name: &'static CStr, column: &Texts) -> Option<Self> {
        let values = [column.offsets.as_ptr().cast(), column.bytes.as_ptr()];
        column.nulls.used.then(|| Self::new(name, c"u", &column.nulls, &values))
    }
}

/// Applies a method to every column of which values may be missing.
macro_rules! each_column {
    ($columns:expr, $call:ident $arguments:tt) => {{
        let columns = $columns;
        for ids in [&mut columns.actor, &mut columns.target, &mut columns.object, &mut columns.id] {
            ids.numbers.$call $arguments;
            ids.texts.$call $arguments;
        }
        columns.at.$call $arguments;
        columns.observed_at.$call $arguments;
        columns.text.$call $arguments;
        columns.offset.$call $arguments;
        columns.length.$call $arguments;
        columns.row.$call $arguments;
    }};
}

/// The columns of a batch.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: usize,
    /// There is room for as many rows as this is long.
    record: Vec<u8>,
    /// As long.
    word: Vec<u16>,
    /// As long.
    amount: Vec<u64>,
    /// As long, or empty where it would be 0 throughout.
    network: Vec<u16>,
    many_networks: bool,
    pub(super) at: Numbers<i64>,
    pub(super) observed_at: Numbers<i64>,
    pub(super) actor: Ids,
    pub(super) target: Ids,
    pub(super) object: Ids,
    pub(super) id: Ids,
    pub(super) text: Texts,
    pub(super) offset: Numbers<u64>,
    pub(super) length: Numbers<u64>,
    pub(super) row: Numbers<u64>,
}

/// Columns whose batch was released. They are filled again: memory that is touched for the first time costs more than
/// writing into it.
#[expect(clippy::vec_box, reason = "they come and go as boxes, without being moved")]
static SPARE: Mutex<Vec<Box<Columns>>> = Mutex::new(Vec::new());

/// No more batches are kept, which is a few for each thread that reads.
const MOST_SPARE: usize = 32;
/// Batches of more rows are not kept.
const MOST_ROWS: usize = 1 << 17;
/// Room is made for so many rows at least.
const LEAST_ROOM: usize = 1 << 10;

impl Columns {
    /// Empty columns, of one network or of several.
    pub(super) fn take(many_networks: bool) -> Box<Self> {
        let mut columns = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let room = if many_networks { columns.record.len() } else { 0 };
        columns.network.resize(room, 0);
        columns.many_networks = many_networks;
        columns
    }

    #[cold]
    fn make_room(&mut self, rows: usize) {
        let room = rows.next_power_of_two().max(LEAST_ROOM);
        self.record.resize(room, 0);
        self.word.resize(room, 0);
        self.amount.resize(room, 0);
        if self.many_networks {
            self.network.resize(room, 0);
        }
    }

    /// Begins a row that has neither word nor amount.
    #[inline]
    pub(super) fn begin(&mut self, record: u8, network: u16) -> usize {
        let row = self.rows;
        if let Some(place) = self.record.get_mut(row) {
            *place = record;
        } else {
            self.make_room(row + 1);
            self.record[row] = record;
        }
        if let Some(place) = self.network.get_mut(row) {
            *place = network;
        }
        self.rows = row + 1;
        row
    }

    /// Begins a row.
    #[inline]
    pub(super) fn begin_with(&mut self, record: u8, (network, word): (u16, u16), amount: u64) -> usize {
        let row = self.begin(record, network);
        self.word[row] = word;
        self.amount[row] = amount;
        row
    }

    /// Adds further numbers of the row above.
    #[inline]
    pub(super) fn numbers(&mut self, numbers: impl ExactSizeIterator<Item = (u16, u64)>) {
        let (first, end) = (self.rows, self.rows + numbers.len());
        if end > self.record.len() {
            self.make_room(end);
        }
        let words = self.word[first..end].iter_mut().zip(&mut self.amount[first..end]);
        let rows = self.record[first..end].iter_mut().zip(words);
        for ((record, (word, amount)), number) in rows.zip(numbers) {
            *record = abi::NUMBER;
            (*word, *amount) = number;
        }
        self.rows = end;
    }

    /// Makes those that are handed out as long as there are rows.
    pub(super) fn finish(&mut self) {
        let rows = self.rows;
        each_column!(self, finish(rows));
    }

    /// Gives columns back, to be filled again.
    pub(super) fn give_back(mut self: Box<Self>) {
        if self.rows > MOST_ROWS {
            return;
        }
        self.rows = 0;
        each_column!(&mut *self, clear());
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < MOST_SPARE {
            spare.push(self);
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// What each row is, with its word and its amount.
    #[cfg(test)]
    pub(super) fn heads(&self) -> Vec<(u8, u16, u64)> {
        let values = self.word.iter().zip(&self.amount);
        let rows = self.record.iter().zip(values).map(|(record, (word, amount))| (*record, *word, *amount));
        rows.take(self.rows).collect()
    }

    /// The columns that have values.
    pub(super) fn columns(&self) -> Vec<Column> {
        let mut columns = vec![
            Column::plain(c"record", c"C", &self.record),
            Column::plain(c"word", c"S", &self.word),
            Column::plain(c"amount", c"L", &self.amount),
        ];
        columns.extend(self.many_networks.then(|| Column::plain(c"network", c"S", &self.network)));
        for (name, text_name, ids) in [
            (c"actor", c"actor_text", &self.actor),
            (c"target", c"target_text", &self.target),
            (c"object", c"object_text", &self.object),
            (c"id", c"id_text", &self.id),
        ] {
            columns.extend(Column::numbers(name, c"l", &ids.numbers));
            columns.extend(Column::texts(text_name, &ids.texts));
        }
        columns.extend(Column::numbers(c"at", c"l", &self.at));
        columns.extend(Column::numbers(c"observed_at", c"l", &self.observed_at));
        columns.extend(Column::texts(c"text", &self.text));
        columns.extend(Column::numbers(c"offset", c"L", &self.offset));
        columns.extend(Column::numbers(c"length", c"L", &self.length));
        columns.extend(Column::numbers(c"row", c"L", &self.row));
        columns
    }
}
