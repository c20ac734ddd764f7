//! Rows as columns of bytes: of each field the values of all rows, one after another, little-endian.

/// Rows that can be written as columns.
pub(crate) trait Columns: Copy {
    /// The bytes that a row takes.
    const WIDTH: usize;
    /// Writes the columns of rows.
    fn write(rows: &[Self], to: &mut Writer);
    /// Reads them; `None` for a row that cannot be.
    fn read(from: &mut Reader<'_>) -> impl Iterator<Item = Option<Self>>;
}

/// Rows as bytes.
pub(crate) fn encode<R: Columns>(rows: &[R]) -> Vec<u8> {
    let mut writer = Writer::new(rows.len(), R::WIDTH);
    R::write(rows, &mut writer);
    writer.into_bytes()
}

/// Bytes that are more or fewer than their rows take.
#[derive(Debug)]
pub(crate) struct WrongLength;

/// Columns being written.
#[derive(Debug)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    /// For rows of this many bytes.
    pub(crate) fn new(rows: usize, width: usize) -> Self {
        let mut bytes = Vec::with_capacity(4 + rows * width);
        bytes.extend((rows as u32).to_le_bytes());
        Self(bytes)
    }

    pub(crate) fn column<R: Copy, const N: usize>(&mut self, rows: &[R], mut of: impl FnMut(R) -> [u8; N]) {
        let start = self.0.len();
        self.0.resize(start + rows.len() * N, 0);
        for (bytes, row) in self.0[start..].as_chunks_mut::<N>().0.iter_mut().zip(rows) {
            *bytes = of(*row);
        }
    }

    /// A column whose values seldom fall: of each, how much more it is than the one before, which compresses well.
    pub(crate) fn rising_u32<R: Copy>(&mut self, rows: &[R], of: impl Fn(R) -> u32) {
        let mut before = 0;
        self.column(rows, |row| {
            let value = of(row);
            value.wrapping_sub(std::mem::replace(&mut before, value)).to_le_bytes()
        });
    }

    /// Likewise.
    pub(crate) fn rising_u64<R: Copy>(&mut self, rows: &[R], of: impl Fn(R) -> u64) {
        let mut before = 0;
        self.column(rows, |row| {
            let value = of(row);
            value.wrapping_sub(std::mem::replace(&mut before, value)).to_le_bytes()
        });
    }

    pub(crate) fn tail(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Columns being read.
#[derive(Debug)]
pub(crate) struct Reader<'b> {
    rows: usize,
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// Of rows that take this many bytes, and nothing after them.
    pub(crate) fn new(bytes: &'b [u8], width: usize) -> Result<Self, WrongLength> {
        let this = Self::with_tail(bytes, width)?;
        if this.rest.len() == this.rows * width { Ok(this) } else { Err(WrongLength) }
    }

    /// Of rows that take this many bytes, and more after them.
    pub(crate) fn with_tail(bytes: &'b [u8], width: usize) -> Result<Self, WrongLength> {
        let (rows, rest) = bytes.split_first_chunk::<4>().ok_or(WrongLength)?;
        let rows = u32::from_le_bytes(*rows) as usize;
        let fits = rows.checked_mul(width).is_some_and(|bytes| bytes <= rest.len());
        if fits { Ok(Self { rows, rest }) } else { Err(WrongLength) }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The next column, which the width that was promised covers.
    pub(crate) fn column<const N: usize>(&mut self) -> &'b [[u8; N]] {
        let (column, rest) = self.rest.split_at(self.rows * N);
        self.rest = rest;
        column.as_chunks::<N>().0
    }

    pub(crate) fn u16s(&mut self) -> impl Iterator<Item = u16> + use<'b> {
        self.column().iter().map(|bytes| u16::from_le_bytes(*bytes))
    }

    pub(crate) fn u32s(&mut self) -> impl Iterator<Item = u32> + use<'b> {
        self.column().iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub(crate) fn u64s(&mut self) -> impl Iterator<Item = u64> + use<'b> {
        self.column().iter().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// What [`Writer::rising_u32`] wrote.
    pub(crate) fn rising_u32s(&mut self) -> impl Iterator<Item = u32> + use<'b> {
        let mut value = 0_u32;
        self.u32s().map(move |more| {
            value = value.wrapping_add(more);
            value
        })
    }

    /// What [`Writer::rising_u64`] wrote.
    pub(crate) fn rising_u64s(&mut self) -> impl Iterator<Item = u64> + use<'b> {
        let mut value = 0_u64;
        self.u64s().map(move |more| {
            value = value.wrapping_add(more);
            value
        })
    }

    /// What follows the columns.
    pub(crate) fn tail(self) -> &'b [u8] {
        self.rest
    }
}
