//! The rows of a tally as columns, and under other numbers for their accounts, words and shapes.

use super::StateError;
use super::columns::{Reader, Writer};
use crate::accounts::Account;
use crate::record::{Day, MAX_AMOUNT, Timestamp};
use crate::tally::row::{
    Act, Fate, Flow, Gone, NO_TOTAL, NamedAct, PendingAct, PostRow, SLOTS, Seen, WIDE, wide_total,
};
use crate::tally::store::Row;
use crate::words::Word;

/// New numbers for old ones; `None` for what has none.
pub(super) trait Renumber: Sync {
    fn account(&self, old: u32) -> Option<u32>;
    fn word(&self, old: Word) -> Option<Word>;
    fn shape(&self, old: u32) -> Option<u32>;
}

/// A row that a state holds.
pub(super) trait StateRow: Row + Sync {
    /// The bytes that a row takes.
    const WIDTH: usize;
    /// The same row under other numbers.
    fn renumbered(self, by: &impl Renumber) -> Option<Self>;
    /// Writes the columns of rows.
    fn write(rows: &[Self], to: &mut Writer);
    /// Reads them; `None` for a row that cannot be.
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>>;
}

/// Rows as bytes.
pub(super) fn encode<R: StateRow>(rows: &[R]) -> Vec<u8> {
    let mut writer = Writer::new(rows.len(), R::WIDTH);
    R::write(rows, &mut writer);
    writer.into_bytes()
}

/// The rows that bytes hold, under other numbers.
pub(super) fn decode<R: StateRow>(
    bytes: &[u8],
    by: &impl Renumber,
    mut each: impl FnMut(R),
) -> Result<(), StateError> {
    let mut reader = Reader::new(bytes, R::WIDTH)?;
    for (index, row) in R::read(&mut reader).enumerate() {
        let row = row.ok_or(StateError::Impossible(index))?;
        each(row.renumbered(by).ok_or(StateError::Unknown(index))?);
    }
    Ok(())
}

/// A day, if it is one.
pub(super) fn day(raw: u16) -> Option<Day> {
    (raw <= Timestamp::MAX.day().raw()).then(|| Day::from_raw(raw))
}

fn flag(byte: u8) -> Option<bool> {
    (byte <= 1).then_some(byte == 1)
}

impl StateRow for Act {
    const WIDTH: usize = 16;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (actor, target) = (by.account(self.actor())?, by.account(self.target())?);
        Some(Self::new(actor, self.day(), target, by.word(self.kind())?, self.amount()))
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, Self::actor);
        to.column(rows, |row| row.day().raw().to_le_bytes());
        to.column(rows, |row| row.target().to_le_bytes());
        to.column(rows, |row| row.kind().0.to_le_bytes());
        to.column(rows, |row| row.amount().to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u16s()).zip(from.u32s()).zip(from.u16s()).zip(from.u32s());
        rows.map(|((((actor, of_day), target), kind), amount)| {
            Some(Self::new(actor, day(of_day)?, target, Word(kind), amount))
        })
    }
}

impl StateRow for NamedAct {
    const WIDTH: usize = 24;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (actor, target) = (by.account(self.actor)?, by.account(self.target)?);
        Some(Self { actor, target, kind: by.word(self.kind)?, ..self })
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u64(rows, |row| row.key);
        to.column(rows, |row| row.actor.to_le_bytes());
        to.column(rows, |row| row.target.to_le_bytes());
        to.column(rows, |row| row.kind.0.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.amount.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let ids = from.rising_u64s().zip(from.u32s()).zip(from.u32s()).zip(from.u16s());
        let rows = ids.zip(from.u16s()).zip(from.u32s());
        rows.map(|(((((key, actor), target), kind), of_day), amount)| {
            Some(Self { key, actor, target, kind: Word(kind), day: day(of_day)?, amount })
        })
    }
}

impl StateRow for PendingAct {
    const WIDTH: usize = 28;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { actor: by.account(self.actor)?, kind: by.word(self.kind)?, ..self })
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u64(rows, |row| row.object);
        to.column(rows, |row| row.key.to_le_bytes());
        to.column(rows, |row| row.actor.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.kind.0.to_le_bytes());
        to.column(rows, |row| row.amount.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let ids = from.rising_u64s().zip(from.u64s()).zip(from.u32s());
        let rows = ids.zip(from.u16s()).zip(from.u16s()).zip(from.u32s());
        rows.map(|(((((object, key), actor), of_day), kind), amount)| {
            Some(Self { object, key, actor, day: day(of_day)?, kind: Word(kind), amount })
        })
    }
}

impl StateRow for PostRow {
    const WIDTH: usize = 23 + 4 * SLOTS;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let author = if self.author == Account::NONE { self.author } else { by.account(self.author)? };
        let shape = match self.shape & WIDE {
            0 => by.shape(self.shape)?,
            _ => WIDE | u32::from(by.word(Word((self.shape & !WIDE) as u16))?.0),
        };
        Some(Self { shape, author, ..self })
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u64(rows, |row| row.object);
        to.column(rows, |row| row.shape.to_le_bytes());
        to.column(rows, |row| row.author.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.observed.to_le_bytes());
        to.column(rows, |row| [u8::from(row.is_post)]);
        for slot in 0..SLOTS {
            to.column(rows, |row| row.totals[slot].to_le_bytes());
        }
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let ids = from.rising_u64s().zip(from.u32s()).zip(from.u32s());
        let rows = ids.zip(from.u16s()).zip(from.u32s()).zip(from.column::<1>());
        let slots: [_; SLOTS] = std::array::from_fn(|_| from.column::<4>());
        rows.enumerate().map(move |(index, (((((object, shape), author), of_day), observed), is_post))| {
            let totals = slots.map(|slot| u32::from_le_bytes(slot[index]));
            let is_post = flag(is_post[0])?;
            let row = Self { object, shape, author, day: day(of_day)?, observed, is_post, totals };
            let fits = shape & WIDE == 0 || totals[1] == NO_TOTAL || wide_total(&totals) <= MAX_AMOUNT;
            fits.then_some(row)
        })
    }
}

impl StateRow for Flow {
    const WIDTH: usize = 16;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { target: by.account(self.target)?, kind: by.word(self.kind)?, ..self })
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.target);
        to.column(rows, |row| row.kind.0.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.amount.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u16s()).zip(from.u16s()).zip(from.u64s());
        rows.map(|(((target, kind), of_day), amount)| {
            Some(Self { target, kind: Word(kind), day: day(of_day)?, amount })
        })
    }
}

impl StateRow for Seen {
    const WIDTH: usize = 20;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (account, metric) = (by.account(self.account())?, by.word(self.metric())?);
        Some(Self::new(account, metric, self.day(), self.at(), self.value))
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, Self::account);
        to.column(rows, |row| row.metric().0.to_le_bytes());
        to.column(rows, |row| row.day().raw().to_le_bytes());
        to.column(rows, |row| row.at().to_le_bytes());
        to.column(rows, |row| row.value.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u16s()).zip(from.u16s()).zip(from.u32s()).zip(from.u64s());
        rows.map(|((((account, metric), of_day), at), value)| {
            let row = Self::new(account, Word(metric), day(of_day)?, at, value);
            (value <= MAX_AMOUNT).then_some(row)
        })
    }
}

impl StateRow for Gone {
    const WIDTH: usize = 8;
    fn renumbered(self, _: &impl Renumber) -> Option<Self> {
        Some(self)
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u64(rows, |row| row.0);
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        from.rising_u64s().map(|key| Some(Self(key)))
    }
}

impl StateRow for Fate {
    const WIDTH: usize = 9;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { account: by.account(self.account)?, ..self })
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.account);
        to.column(rows, |row| row.at.to_le_bytes());
        to.column(rows, |row| [u8::from(row.closed)]);
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u32s()).zip(from.column::<1>());
        rows.map(|((account, at), closed)| Some(Self { account, at, closed: flag(closed[0])? }))
    }
}

/// A handle and the account that has it.
impl StateRow for (u32, u32) {
    const WIDTH: usize = 8;
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some((by.account(self.0)?, by.account(self.1)?))
    }
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.0);
        to.column(rows, |row| row.1.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        from.rising_u32s().zip(from.u32s()).map(Some)
    }
}
