//! The rows of a ledger.

use crate::accounts::Account;
use crate::chunks::Chunks;
use crate::columns::{Columns, Reader, Writer};
use crate::record::Day;
use crate::sort::sorted;
use crate::tally::SLOTS;
use crate::words::Word;

/// What one actor gave one target on one day in one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gift {
    pub(crate) target: u32,
    pub(crate) kind: Word,
    pub(crate) actor: u32,
    pub(crate) day: Day,
    pub(crate) amount: u32,
    /// `amount / (1 + amount + what the actor gave to others that day)`, as a 32-bit fraction: always below one. Acts on
    /// the same target in other kinds are not among the others, or else receiving more could count less.
    pub(crate) share: u32,
}

impl Gift {
    /// By target, kind, actor and day, as one number: one comparison instead of four. (Rows that are equal in all four
    /// are added up, so that their order does not matter.)
    fn order(&self) -> u128 {
        u128::from(self.target) << 64
            | u128::from(self.kind.0) << 48
            | u128::from(self.actor) << 16
            | u128::from(self.day.raw())
    }

    /// Rows of one part in order.
    pub(crate) fn sorted(rows: Chunks<Self>) -> Vec<Self> {
        sorted(rows, |gift| Account(gift.target).place(), Self::order)
    }
}

/// A post with the totals that won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posted {
    pub(crate) author: u32,
    pub(crate) day: Day,
    pub(crate) shape: u32,
    /// Whether this row stands for the post itself; further rows of the same post only carry more totals.
    pub(crate) is_post: bool,
    pub(crate) totals: [u32; SLOTS],
}

impl Columns for Gift {
    const WIDTH: usize = 20;
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.target);
        to.column(rows, |row| row.kind.0.to_le_bytes());
        to.column(rows, |row| row.actor.to_le_bytes());
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.amount.to_le_bytes());
        to.column(rows, |row| row.share.to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u16s()).zip(from.u32s()).zip(from.u16s());
        let rows = rows.zip(from.u32s()).zip(from.u32s());
        rows.map(|(((((target, kind), actor), day), amount), share)| {
            Some(Self { target, kind: Word(kind), actor, day: Day::from_raw(day), amount, share })
        })
    }
}

impl Columns for Posted {
    const WIDTH: usize = 11 + 4 * SLOTS;
    fn write(rows: &[Self], to: &mut Writer) {
        to.rising_u32(rows, |row| row.author);
        to.column(rows, |row| row.day.raw().to_le_bytes());
        to.column(rows, |row| row.shape.to_le_bytes());
        to.column(rows, |row| [u8::from(row.is_post)]);
        for slot in 0..SLOTS {
            to.column(rows, |row| row.totals[slot].to_le_bytes());
        }
    }
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>> {
        let rows = from.rising_u32s().zip(from.u16s()).zip(from.u32s()).zip(from.column::<1>());
        let slots: [_; SLOTS] = std::array::from_fn(|_| from.column::<4>());
        rows.enumerate().map(move |(index, (((author, day), shape), is_post))| {
            let totals = slots.map(|slot| u32::from_le_bytes(slot[index]));
            Some(Self { author, day: Day::from_raw(day), shape, is_post: is_post[0] == 1, totals })
        })
    }
}
