//! One column of a batch, its type settled.

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, BinaryViewArray, StringArray, StringViewArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type, i256,
};

use crate::cell::{Cell, Unit};
use crate::plan::Plan;

/// A column's values and which of them are there.
#[derive(Debug)]
pub(super) struct Column {
    values: Values,
    nulls: Option<NullBuffer>,
}

/// The types that Parquet has, as far as any field is of them.
#[derive(Debug)]
enum Values {
    Integers(ScalarBuffer<i64>),
    Unsigned(ScalarBuffer<u64>),
    Floats(ScalarBuffer<f64>),
    Times(ScalarBuffer<i64>, Unit),
    Decimals(ScalarBuffer<i256>, i8),
    Text(StringArray),
    TextViews(StringViewArray),
    Bytes(BinaryArray),
    ByteViews(BinaryViewArray),
    /// Places in a dictionary, the dictionary, and how many words it has.
    Words(ScalarBuffer<i32>, Box<Column>, usize),
    Absent,
    Other,
}

impl Column {
    /// Over an array that lies in structs with these nulls.
    pub(super) fn new(array: &ArrayRef, outer: Option<&NullBuffer>) -> Self {
        let nulls = NullBuffer::union(outer, array.logical_nulls().as_ref());
        Self { nulls: nulls.filter(|nulls| nulls.null_count() > 0), values: Values::of(array) }
    }

    /// A column of nothing.
    pub(super) fn absent() -> Self {
        Self { values: Values::Absent, nulls: None }
    }

    /// The cell of a row.
    #[inline]
    pub(super) fn cell<'a>(&'a self, row: usize, plan: &Plan) -> Cell<'a> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Cell::Missing;
        }
        match &self.values {
            Values::Integers(values) => Cell::Integer(values[row]),
            Values::Times(values, unit) => Cell::Time(values[row], *unit),
            Values::Unsigned(values) => {
                i64::try_from(values[row]).map_or_else(|_| Cell::Unsigned(values[row]), Cell::Integer)
            }
            Values::Floats(values) => Cell::Float(values[row]),
            Values::Decimals(values, scale) => Cell::Decimal(&values[row], *scale),
            Values::Text(values) => plan.text_cell(values.value(row)),
            Values::TextViews(values) => plan.text_cell(values.value(row)),
            Values::Bytes(values) => plan.bytes_cell(values.value(row)),
            Values::ByteViews(values) => plan.bytes_cell(values.value(row)),
            Values::Words(keys, words, _) => words.cell(keys[row] as usize, plan),
            Values::Absent => Cell::Missing,
            Values::Other => Cell::Other,
        }
    }

    /// Whose value is one of how few, if it is a column with a dictionary.
    pub(super) fn words(&self) -> Option<Words<'_>> {
        match &self.values {
            Values::Words(keys, _, count) => Some(Words { keys, nulls: self.nulls.as_ref(), count: *count }),
            _ => None,
        }
    }

    /// The integers of a column of such.
    pub(super) fn integers(&self) -> Option<Given<'_>> {
        match &self.values {
            Values::Integers(values) => Some(Given { values, nulls: self.nulls.as_ref() }),
            _ => None,
        }
    }

    /// The times of a column of such, and their unit.
    pub(super) fn times(&self) -> Option<(Given<'_>, Unit)> {
        match &self.values {
            Values::Times(values, unit) => Some((Given { values, nulls: self.nulls.as_ref() }, *unit)),
            _ => None,
        }
    }
}

/// Integers, some of which may not be there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    values: &'a [i64],
    nulls: Option<&'a NullBuffer>,
}

impl Given<'_> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<i64> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) { None } else { Some(self.values[row]) }
    }
}

/// The keys of a column with a dictionary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    keys: &'a [i32],
    nulls: Option<&'a NullBuffer>,
    /// How many words the dictionary has.
    pub(super) count: usize,
}

impl Words<'_> {
    /// The place of a row's word in the dictionary; `None` if it has no word.
    #[inline]
    pub(super) fn key(&self, row: usize) -> Option<usize> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) { None } else { Some(self.keys[row] as usize) }
    }
}

impl Values {
    fn of(array: &ArrayRef) -> Self {
        /// Values of a smaller type as 64-bit ones.
        macro_rules! widened {
            ($type:ty) => {
                array.as_primitive::<$type>().values().iter().map(|&value| value.into()).collect()
            };
        }
        match array.data_type() {
            DataType::Int64 => Self::Integers(array.as_primitive::<Int64Type>().values().clone()),
            DataType::Int32 => Self::Integers(widened!(Int32Type)),
            DataType::Int16 => Self::Integers(widened!(Int16Type)),
            DataType::Int8 => Self::Integers(widened!(Int8Type)),
            DataType::UInt64 => Self::Unsigned(array.as_primitive::<UInt64Type>().values().clone()),
            DataType::UInt32 => Self::Integers(widened!(UInt32Type)),
            DataType::UInt16 => Self::Integers(widened!(UInt16Type)),
            DataType::UInt8 => Self::Integers(widened!(UInt8Type)),
            DataType::Float64 => Self::Floats(array.as_primitive::<Float64Type>().values().clone()),
            DataType::Float32 => Self::Floats(widened!(Float32Type)),
            DataType::Decimal128(_, scale) => {
                let narrow = array.as_primitive::<Decimal128Type>().values();
                Self::Decimals(narrow.iter().map(|&value| i256::from_i128(value)).collect(), *scale)
            }
            DataType::Decimal256(_, scale) => {
                Self::Decimals(array.as_primitive::<Decimal256Type>().values().clone(), *scale)
            }
            DataType::Date32 => Self::Times(widened!(Date32Type), Unit::Days),
            DataType::Timestamp(unit, _) => match unit {
                TimeUnit::Second => {
                    Self::Times(array.as_primitive::<TimestampSecondType>().values().clone(), Unit::Seconds)
                }
                TimeUnit::Millisecond => Self::Times(
                    array.as_primitive::<TimestampMillisecondType>().values().clone(),
                    Unit::Millis,
                ),
                TimeUnit::Microsecond => Self::Times(
                    array.as_primitive::<TimestampMicrosecondType>().values().clone(),
                    Unit::Micros,
                ),
                TimeUnit::Nanosecond => {
                    Self::Times(array.as_primitive::<TimestampNanosecondType>().values().clone(), Unit::Nanos)
                }
            },
            DataType::Utf8 => Self::Text(array.as_string().clone()),
            DataType::Utf8View => Self::TextViews(array.as_string_view().clone()),
            DataType::Binary => Self::Bytes(array.as_binary().clone()),
            DataType::BinaryView => Self::ByteViews(array.as_binary_view().clone()),
            DataType::Dictionary(key, _) if **key == DataType::Int32 => {
                let dictionary = array.as_dictionary::<Int32Type>();
                let words = Column::new(dictionary.values(), None);
                Self::Words(dictionary.keys().values().clone(), Box::new(words), dictionary.values().len())
            }
            DataType::Null => Self::Absent,
            _ => Self::Other,
        }
    }
}
