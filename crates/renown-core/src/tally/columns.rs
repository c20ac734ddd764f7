//! The rows of a tally as columns.

use super::row::{
    Act, Fate, Flow, Gone, Member, NO_TOTAL, NamedAct, PendingAct, PostRow, SLOTS, Seen, WIDE, wide_total,
};
use crate::columns::{Columns, Reader, Writer};
use crate::record::{Day, MAX_AMOUNT, Timestamp};
use crate::words::Word;

/// A day, if it is one.
pub(crate) fn day(raw: u16) -> Option<Day> {
    (raw <= Timestamp::MAX.day().raw()).then(|| Day::from_raw(raw))
}

fn flag(byte: u8) -> Option<bool> {
    (byte <= 1).then_some(byte == 1)
}

impl Columns for Act {
    const WIDTH: usize = 16;
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
            let is_between_two = actor != target;
            is_between_two.then_some(Self::new(actor, day(of_day)?, target, Word(kind), amount))
        })
    }
}

impl Columns for NamedAct {
    const WIDTH: usize = 24;
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

impl Columns for PendingAct {
    const WIDTH: usize = 28;
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

impl Columns for PostRow {
    const WIDTH: usize = 23 + 4 * SLOTS;
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

impl Columns for Flow {
    const WIDTH: usize = 16;
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

impl Columns for Seen {
    const WIDTH: usize = 20;
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

impl Columns for Gone {
    const WIDTH: usize = 8;
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u64(rows, |row| row.0);
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        from.rising_u64s().map(|key| Some(Self(key)))
    }
}

impl Columns for Fate {
    const WIDTH: usize = 9;
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

impl Columns for Member {
    const WIDTH: usize = 10;
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.account);
        to.column(rows, |row| row.community.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u32s()).zip(from.u16s());
        rows.map(|((account, community), of_day)| Some(Self { account, community, day: day(of_day)? }))
    }
}

/// A handle and the account that has it.
impl Columns for (u32, u32) {
    const WIDTH: usize = 8;
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.0);
        to.column(rows, |row| row.1.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        from.rising_u32s().zip(from.u32s()).map(Some)
    }
}
