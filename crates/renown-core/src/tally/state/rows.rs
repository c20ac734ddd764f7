//! The rows of a tally under other numbers for their accounts, words and shapes.

use super::StateError;
use crate::accounts::Account;
use crate::columns::{Columns, Reader};
use crate::tally::row::{Act, Fate, Flow, Gone, Member, NamedAct, PendingAct, PostRow, Seen, WIDE};
use crate::tally::store::Row;
use crate::words::Word;

/// New numbers for old ones; `None` for what has none.
pub(super) trait Renumber: Sync {
    fn account(&self, old: u32) -> Option<u32>;
    fn word(&self, old: Word) -> Option<Word>;
    fn shape(&self, old: u32) -> Option<u32>;
}

/// A row that a state holds.
pub(super) trait StateRow: Row + Columns + Sync {
    /// The same row under other numbers.
    fn renumbered(self, by: &impl Renumber) -> Option<Self>;
}

/// How many rows get other numbers together.
const TOGETHER: usize = 256;

/// The rows that bytes hold, under other numbers.
///
/// These lie anywhere in a table that no near cache holds. So they are looked up for many rows with nothing between, and the machine
/// waits for several at a time.
pub(super) fn decode<R: StateRow>(
    bytes: &[u8],
    by: &impl Renumber,
    mut each: impl FnMut(R),
) -> Result<(), StateError> {
    let mut reader = Reader::new(bytes, R::WIDTH)?;
    let all = reader.rows();
    let mut rows = R::read(&mut reader);
    let mut together = Vec::with_capacity(TOGETHER);
    for start in (0..all).step_by(TOGETHER) {
        together.extend(rows.by_ref().take(TOGETHER).map_while(|row| row));
        for (row, index) in together.iter_mut().zip(start..) {
            *row = row.renumbered(by).ok_or(StateError::Unknown(index))?;
        }
        let end = start + together.len();
        together.drain(..).for_each(&mut each);
        if end < all.min(start + TOGETHER) {
            return Err(StateError::Impossible(end));
        }
    }
    Ok(())
}

impl StateRow for Act {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (actor, target) = (by.account(self.actor())?, by.account(self.target())?);
        Some(Self::new(actor, self.day(), target, by.word(self.kind())?, self.amount()))
    }
}

impl StateRow for NamedAct {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (actor, target) = (by.account(self.actor)?, by.account(self.target)?);
        Some(Self { actor, target, kind: by.word(self.kind)?, ..self })
    }
}

impl StateRow for PendingAct {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { actor: by.account(self.actor)?, kind: by.word(self.kind)?, ..self })
    }
}

impl StateRow for PostRow {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let author = if self.author == Account::NONE { self.author } else { by.account(self.author)? };
        let shape = match self.shape & WIDE {
            0 => by.shape(self.shape)?,
            _ => WIDE | u32::from(by.word(Word((self.shape & !WIDE) as u16))?.0),
        };
        Some(Self { shape, author, ..self })
    }
}

impl StateRow for Flow {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { target: by.account(self.target)?, kind: by.word(self.kind)?, ..self })
    }
}

impl StateRow for Seen {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (account, metric) = (by.account(self.account())?, by.word(self.metric())?);
        Some(Self::new(account, metric, self.day(), self.at(), self.value))
    }
}

impl StateRow for Gone {
    fn renumbered(self, _: &impl Renumber) -> Option<Self> {
        Some(self)
    }
}

impl StateRow for Fate {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some(Self { account: by.account(self.account)?, ..self })
    }
}

impl StateRow for Member {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        let (account, community) = (by.account(self.account)?, by.account(self.community)?);
        Some(Self { account, community, ..self })
    }
}

/// A handle and the account that has it.
impl StateRow for (u32, u32) {
    fn renumbered(self, by: &impl Renumber) -> Option<Self> {
        Some((by.account(self.0)?, by.account(self.1)?))
    }
}
