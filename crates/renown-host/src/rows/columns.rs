//! Columns of a batch, as they were found: nothing in them was looked at but what the guard says.

use renown_sdk::Id;

/// Which rows of a column have a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Validity<'b> {
    /// A bit a row, least significant first; `None` if all have.
    pub(crate) bits: Option<&'b [u8]>,
    /// The bit of the first row.
    pub(crate) start: usize,
}

impl Validity<'_> {
    #[inline]
    fn has(&self, row: usize) -> bool {
        let Some(bits) = self.bits else { return true };
        let bit = self.start + row;
        bits[bit / 8] >> (bit % 8) & 1 == 1
    }

    /// The first of some rows that has none.
    pub(super) fn first_null(&self, rows: usize) -> Option<usize> {
        self.bits.and_then(|_| (0..rows).find(|row| !self.has(*row)))
    }
}

/// A column of numbers, one a row; without any, a column that is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers<'b, T> {
    pub(crate) values: &'b [T],
    pub(crate) validity: Validity<'b>,
}

impl<T> Default for Numbers<'_, T> {
    fn default() -> Self {
        Self { values: &[], validity: Validity::default() }
    }
}

impl<'b, T: Copy> Numbers<'b, T> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<T> {
        let value = *self.values.get(row)?;
        if self.validity.has(row) { Some(value) } else { None }
    }

    /// The values of so many rows, if all of them have one.
    pub(super) fn all(&self, rows: usize) -> Option<&'b [T]> {
        self.values.get(..rows).filter(|_| self.validity.bits.is_none())
    }
}

/// Where texts begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Offsets<'b> {
    Small(&'b [i32]),
    Large(&'b [i64]),
}

/// A column of texts, one a row; without any, a column that is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'b> {
    /// One more than there are rows, never falling, within `text` and not inside its characters.
    pub(crate) offsets: Offsets<'b>,
    pub(crate) text: &'b str,
    pub(crate) validity: Validity<'b>,
}

impl Default for Texts<'_> {
    fn default() -> Self {
        Self { offsets: Offsets::Small(&[]), text: "", validity: Validity::default() }
    }
}

impl<'b> Texts<'b> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<&'b str> {
        let range = match self.offsets {
            Offsets::Small(offsets) => *offsets.get(row)? as usize..*offsets.get(row + 1)? as usize,
            Offsets::Large(offsets) => *offsets.get(row)? as usize..*offsets.get(row + 1)? as usize,
        };
        if self.validity.has(row) { self.text.get(range) } else { None }
    }
}

/// A column of any type that records have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column<'b> {
    Bytes(Numbers<'b, u8>),
    Words(Numbers<'b, u16>),
    Integers(Numbers<'b, i64>),
    Amounts(Numbers<'b, u64>),
    Texts(Texts<'b>),
}

impl Column<'_> {
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Bytes(_) => "uint8",
            Self::Words(_) => "uint16",
            Self::Integers(_) => "int64",
            Self::Amounts(_) => "uint64",
            Self::Texts(_) => "utf8",
        }
    }
}

/// An id is a number or a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ids<'b> {
    pub(super) numbers: Numbers<'b, i64>,
    pub(super) texts: Texts<'b>,
}

impl<'b> Ids<'b> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<Id<'b>> {
        match self.numbers.get(row) {
            Some(number) => Some(Id::Number(number)),
            None => self.text(row),
        }
    }

    #[inline(never)]
    fn text(&self, row: usize) -> Option<Id<'b>> {
        self.texts.get(row).map(Id::new)
    }
}
