//! One cell of a table, and what it can be read as.

use std::fmt::Write as _;

use arrow::datatypes::i256;
use renown_sdk::{Id, MAX_AMOUNT, Timestamp, time};

/// A cell as its format stores it. Formats only make cells; every reading of one is in this file, so that a value means
/// the same in all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    /// Empty, null, or not there.
    Missing,
    /// Text. Not empty.
    Text(&'a str),
    /// Text of a format that does not promise UTF-8. Not empty.
    Bytes(&'a [u8]),
    /// A number as JSON spells it: exact, however long.
    Spelt(&'a str),
    /// An integer.
    Integer(i64),
    /// An integer above the largest [`Cell::Integer`].
    Unsigned(u64),
    /// A decimal: the integer divided by ten to the scale. Rare and wide, so it stays where it is.
    Decimal(&'a i256, i8),
    /// A binary floating-point number.
    Float(f64),
    /// A time, since the format says so: count and unit.
    Time(i64, Unit),
    /// Of a type that no field has.
    Other,
}

/// Why a cell cannot be read: what was found and what was expected. Never quotes the cell, which may be anybody's name.
pub(crate) type Problem = &'static str;

const NO_TIME: Problem =
    "not a time: expected Unix seconds, milliseconds, microseconds, RFC 3339 or a `format` in the map";
const NO_UNIX_TIME: Problem = "not a time: the map gives a unit, so a number is expected";
const NOT_IN_FORMAT: Problem = "not a time in the format that the map gives";
const TIME_OUT_OF_RANGE: Problem = "a time outside the years 1970 to 2148";
const NO_COUNT: Problem = "not a number: expected a whole number from 0 to 10^18";
const NEGATIVE: Problem = "a negative number: expected a whole number from 0 to 10^18";
const FRACTION: Problem = "a number with a fraction: expected a whole number from 0 to 10^18";
const TOO_LARGE: Problem = "a number above 10^18: expected a whole number from 0 to 10^18";
const NO_ID: Problem = "neither text nor a whole number: expected an id";
const NO_HANDLE: Problem = "an `@` alone: expected a handle";
const INEXACT_ID: Problem =
    "a floating-point number that cannot hold an id exactly: expected an integer or text";
pub(crate) const NOT_UTF8: Problem = "text that is not UTF-8";
const NO_WORD: Problem = "neither text nor a whole number: expected a name";

/// The unit of a Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) enum Unit {
    #[serde(rename = "s", alias = "seconds")]
    Seconds,
    #[serde(rename = "ms", alias = "milliseconds")]
    Millis,
    #[serde(rename = "us", alias = "µs", alias = "μs", alias = "microseconds")]
    Micros,
    #[serde(rename = "ns", alias = "nanoseconds")]
    Nanos,
    /// Whole days, as in columns of dates.
    #[serde(rename = "d", alias = "days")]
    Days,
}

impl Unit {
    /// The unit that a number of this size is in; as [`time::from_unix`], and nanoseconds from 10^16.
    fn of_size(value: i64) -> Self {
        match value {
            ..10_000_000_000 => Self::Seconds,
            10_000_000_000..10_000_000_000_000 => Self::Millis,
            10_000_000_000_000..10_000_000_000_000_000 => Self::Micros,
            _ => Self::Nanos,
        }
    }

    /// The time at this many of the unit since 1970.
    #[inline]
    pub(crate) fn timestamp(self, value: i64) -> Option<Timestamp> {
        match self {
            Self::Seconds => Timestamp::from_seconds(value),
            Self::Millis => Timestamp::from_millis(value),
            Self::Micros => Timestamp::from_micros(value),
            Self::Nanos => Timestamp::from_micros(value.div_euclid(1_000)),
            Self::Days => Timestamp::from_seconds(value.checked_mul(86_400)?),
        }
    }

    /// Microseconds in one.
    const fn micros(self) -> f64 {
        match self {
            Self::Seconds => 1e6,
            Self::Millis => 1e3,
            Self::Micros => 1.0,
            Self::Nanos => 1e-3,
            Self::Days => 86_400e6,
        }
    }
}

/// How a column spells times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// Unix times of any unit, or a form that [`time::parse`] knows.
    Any,
    /// Unix times of this unit.
    Unix(Unit),
    /// Text in this `strptime` format; without a zone it is UTC.
    Format(String),
}

/// What a column of ids holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IdStyle {
    /// The network's ids.
    #[default]
    Id,
    /// Handles: the account is known as `@handle`, in lower case.
    Handle,
    /// Display names: the account is known as `name:display name`.
    Name,
}

/// Reads a time.
#[inline]
pub(crate) fn time(cell: Cell<'_>, form: &TimeForm) -> Result<Option<Timestamp>, Problem> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Time(value, unit) => unit.timestamp(value).map(Some).ok_or(TIME_OUT_OF_RANGE),
        _ => read_time(cell, form).map(Some),
    }
}

/// The times that are not stored as such.
fn read_time(cell: Cell<'_>, form: &TimeForm) -> Result<Timestamp, Problem> {
    let unit_of = |value| match form {
        TimeForm::Unix(unit) => *unit,
        _ => Unit::of_size(value),
    };
    match cell {
        Cell::Integer(value) if !matches!(form, TimeForm::Format(_)) => {
            unit_of(value).timestamp(value).ok_or(TIME_OUT_OF_RANGE)
        }
        Cell::Unsigned(_) => Err(TIME_OUT_OF_RANGE),
        Cell::Float(value) if value.is_finite() => {
            // Saturates far outside the range of times.
            let micros = (value * unit_of(value as i64).micros()).floor();
            Timestamp::from_micros(micros as i64).ok_or(TIME_OUT_OF_RANGE)
        }
        Cell::Text(text) | Cell::Spelt(text) => text_time(text.as_bytes(), form),
        Cell::Bytes(text) => text_time(text, form),
        Cell::Integer(value) => text_time(value.to_string().as_bytes(), form),
        Cell::Decimal(value, scale) => text_time(decimal_text(value, scale).as_bytes(), form),
        Cell::Missing | Cell::Time(..) | Cell::Float(_) | Cell::Other => Err(NO_TIME),
    }
}

fn text_time(text: &[u8], form: &TimeForm) -> Result<Timestamp, Problem> {
    if let TimeForm::Format(format) = form {
        return formatted_time(text, format);
    }
    if let Some(number) = Number::parse(text) {
        let unit = match form {
            TimeForm::Unix(unit) => *unit,
            _ => Unit::of_size(number.floor(0).unwrap_or(i64::MAX)),
        };
        return number.timestamp(unit).ok_or(TIME_OUT_OF_RANGE);
    }
    if matches!(form, TimeForm::Unix(_)) {
        return Err(NO_UNIX_TIME);
    }
    std::str::from_utf8(text).ok().and_then(time::parse).ok_or(NO_TIME)
}

fn formatted_time(text: &[u8], format: &str) -> Result<Timestamp, Problem> {
    let text = std::str::from_utf8(text).map_err(|_| NOT_UTF8)?;
    let parsed = jiff::fmt::strtime::parse(format, text).map_err(|_| NOT_IN_FORMAT)?;
    let at = parsed.to_timestamp().or_else(|_| {
        let civil = parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0)))?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).map(|at| at.timestamp())
    });
    let micros = at.map_err(|_| NOT_IN_FORMAT)?.as_microsecond();
    Timestamp::from_micros(micros).ok_or(TIME_OUT_OF_RANGE)
}

/// Reads an amount, a total or an observed value.
pub(crate) fn count(cell: Cell<'_>) -> Result<Option<u64>, Problem> {
    let checked = |value: u64| if value <= MAX_AMOUNT { Ok(Some(value)) } else { Err(TOO_LARGE) };
    match cell {
        Cell::Missing => Ok(None),
        Cell::Integer(value) => u64::try_from(value).map_err(|_| NEGATIVE).and_then(checked),
        Cell::Unsigned(_) => Err(TOO_LARGE),
        Cell::Text(text) | Cell::Spelt(text) => {
            Number::parse(text.as_bytes()).ok_or(NO_COUNT)?.count().and_then(checked)
        }
        Cell::Bytes(text) => Number::parse(text).ok_or(NO_COUNT)?.count().and_then(checked),
        Cell::Decimal(value, scale) => {
            Number::parse(decimal_text(value, scale).as_bytes()).ok_or(TOO_LARGE)?.count().and_then(checked)
        }
        Cell::Float(value) if value.is_nan() => Err(NO_COUNT),
        Cell::Float(value) if value < 0.0 => Err(NEGATIVE),
        Cell::Float(value) if value > MAX_AMOUNT as f64 => Err(TOO_LARGE),
        Cell::Float(value) if value.fract() != 0.0 => Err(FRACTION),
        Cell::Float(value) => Ok(Some(value as u64)),
        Cell::Time(..) | Cell::Other => Err(NO_COUNT),
    }
}

/// Reads an id. `scratch` holds what the cell does not spell itself.
#[inline]
pub(crate) fn id<'a>(
    cell: Cell<'a>,
    style: IdStyle,
    scratch: &'a mut String,
) -> Result<Option<Id<'a>>, Problem> {
    match (cell, style) {
        (Cell::Missing, _) => Ok(None),
        (Cell::Integer(value), IdStyle::Id) => Ok(Some(Id::Number(value))),
        (Cell::Text(text), IdStyle::Id) => Ok(Some(Id::new(text))),
        (Cell::Bytes(text), IdStyle::Id) => {
            std::str::from_utf8(text).map(|text| Some(Id::new(text))).map_err(|_| NOT_UTF8)
        }
        (Cell::Spelt(text), IdStyle::Id) if is_integer(text) => Ok(Some(Id::new(text))),
        _ => composed_id(cell, style, scratch),
    }
}

/// Whether a JSON number is spelt as an integer.
fn is_integer(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// The ids that are not stored as they are named.
fn composed_id<'a>(
    cell: Cell<'_>,
    style: IdStyle,
    scratch: &'a mut String,
) -> Result<Option<Id<'a>>, Problem> {
    scratch.clear();
    match style {
        IdStyle::Id => {
            whole_text(cell, NO_ID, scratch)?;
            return Ok(Some(Id::new(scratch)));
        }
        IdStyle::Handle => {
            let mut handle = String::new();
            whole_text(cell, NO_ID, &mut handle)?;
            let handle = bare_handle(&handle);
            if handle.is_empty() {
                return Err(NO_HANDLE);
            }
            scratch.push('@');
            scratch.push_str(&handle.to_lowercase());
        }
        IdStyle::Name => {
            scratch.push_str("name:");
            whole_text(cell, NO_ID, scratch)?;
        }
    }
    Ok(Some(Id::Text(scratch)))
}

/// A handle without the `@`.
pub(crate) fn bare_handle(handle: &str) -> &str {
    handle.strip_prefix('@').unwrap_or(handle)
}

/// Text as the network or kind that it names; `None` if there is none.
#[inline]
pub(crate) fn word<'a>(cell: Cell<'a>, scratch: &'a mut String) -> Result<Option<&'a [u8]>, Problem> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Text(text) => Ok(Some(text.as_bytes())),
        Cell::Bytes(text) => Ok(Some(text)),
        _ => {
            scratch.clear();
            whole_text(cell, NO_WORD, scratch).map(|()| Some(scratch.as_bytes()))
        }
    }
}

/// The integer that text spells in the plainest way, which is how most cells of most tables are spelt: such text and
/// the integer read alike as whatever they are read.
#[inline]
pub(crate) fn plain_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    let mut value = 0_u64;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u64::from(digit - b'0');
    }
    let value = i64::try_from(value).ok()?;
    Some(if negative { -value } else { value })
}

/// Appends the text of a cell that is read as a handle. False if there is none.
pub(crate) fn name(cell: Cell<'_>, into: &mut String) -> Result<bool, Problem> {
    match cell {
        Cell::Missing => Ok(false),
        _ => whole_text(cell, NO_WORD, into).map(|()| true),
    }
}

/// Appends the text of a cell that is text or a whole number.
fn whole_text(cell: Cell<'_>, otherwise: Problem, into: &mut String) -> Result<(), Problem> {
    // The largest integer below which a double has all integers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let mut integer = |value: &dyn std::fmt::Display| {
        let _ = write!(into, "{value}");
        Ok(())
    };
    match cell {
        Cell::Text(text) => into.push_str(text),
        Cell::Bytes(text) => into.push_str(std::str::from_utf8(text).map_err(|_| NOT_UTF8)?),
        Cell::Integer(value) => return integer(&value),
        Cell::Unsigned(value) => return integer(&value),
        Cell::Float(value) if value.fract() != 0.0 || !value.is_finite() => return Err(otherwise),
        Cell::Float(value) if value.abs() < EXACT => return integer(&(value as i64)),
        Cell::Float(_) => return Err(INEXACT_ID),
        Cell::Decimal(value, scale) => {
            let text = decimal_text(value, scale);
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            if fraction.bytes().any(|digit| digit != b'0') {
                return Err(otherwise);
            }
            into.push_str(whole);
        }
        Cell::Spelt(text) if is_integer(text) => into.push_str(text),
        // 123.0 and 1.23e2 come from programs that hold numbers as doubles.
        Cell::Spelt(text) => {
            return whole_text(Cell::Float(text.parse().map_err(|_| otherwise)?), otherwise, into);
        }
        Cell::Missing | Cell::Time(..) | Cell::Other => return Err(otherwise),
    }
    Ok(())
}

/// A decimal as text, digits in full.
fn decimal_text(value: &i256, scale: i8) -> String {
    let mut digits = value.to_string();
    match usize::try_from(scale) {
        Ok(0) => {}
        Ok(scale) => {
            let sign = usize::from(digits.starts_with('-'));
            let missing = (scale + 1 + sign).saturating_sub(digits.len());
            digits.insert_str(sign, &"0".repeat(missing));
            digits.insert(digits.len() - scale, '.');
        }
        Err(_) if *value == i256::ZERO => {}
        Err(_) => digits.push_str(&"0".repeat(usize::from(scale.unsigned_abs()))),
    }
    digits
}

/// A number as text spells it, exact: `±digits × 10^exponent`, and whether digits beyond those kept were not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    negative: bool,
    digits: u128,
    exponent: i32,
    more: bool,
}

impl Number {
    /// From `-12`, `12.50`, `2.28E+11`; `None` if it is not a number.
    fn parse(text: &[u8]) -> Option<Self> {
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let mut number = Self { negative, digits: 0, exponent: 0, more: false };
        let (mut any, mut fraction) = (false, false);
        while let [byte, after @ ..] = rest {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    number.push(byte - b'0', fraction);
                }
                b'.' if !fraction => fraction = true,
                _ => break,
            }
            rest = after;
        }
        match rest {
            _ if !any => return None,
            [] => {}
            [b'e' | b'E', exponent @ ..] => {
                let exponent: i32 = std::str::from_utf8(exponent).ok()?.parse().ok()?;
                number.exponent = number.exponent.saturating_add(exponent);
            }
            _ => return None,
        }
        Some(number)
    }

    fn push(&mut self, digit: u8, fraction: bool) {
        // Ten to the 37th leaves room for one more digit.
        if self.digits < 10_u128.pow(37) {
            self.digits = self.digits * 10 + u128::from(digit);
            self.exponent = self.exponent.saturating_sub(i32::from(fraction));
        } else {
            self.more |= digit != 0;
            self.exponent = self.exponent.saturating_add(i32::from(!fraction));
        }
    }

    /// The number times ten to the power, rounded down; `None` if it is negative or too large.
    fn floor(self, power: i32) -> Option<i64> {
        if self.digits == 0 {
            return Some(0);
        }
        if self.negative {
            return None;
        }
        let exponent = self.exponent.saturating_add(power);
        let factor = 10_u128.checked_pow(exponent.unsigned_abs());
        let whole = match factor {
            Some(factor) if exponent >= 0 => self.digits.checked_mul(factor)?,
            Some(factor) => self.digits / factor,
            None if exponent >= 0 => return None,
            None => 0,
        };
        i64::try_from(whole).ok()
    }

    fn timestamp(self, unit: Unit) -> Option<Timestamp> {
        match unit {
            Unit::Seconds => Timestamp::from_micros(self.floor(6)?),
            Unit::Millis => Timestamp::from_micros(self.floor(3)?),
            Unit::Micros => Timestamp::from_micros(self.floor(0)?),
            Unit::Nanos => Timestamp::from_micros(self.floor(-3)?),
            Unit::Days => unit.timestamp(self.floor(0)?),
        }
    }

    fn count(self) -> Result<u64, Problem> {
        if self.negative && self.digits > 0 {
            return Err(NEGATIVE);
        }
        let whole = self.floor(0).ok_or(TOO_LARGE)?;
        let has_fraction = self.more
            || (self.exponent < 0
                && 10_u128
                    .checked_pow(self.exponent.unsigned_abs())
                    .map_or(self.digits > 0, |factor| !self.digits.is_multiple_of(factor)));
        if has_fraction { Err(FRACTION) } else { Ok(whole.unsigned_abs()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text)
    }

    #[test]
    fn counts_are_whole_numbers_however_they_are_spelt() {
        for (spelt, expected) in [
            ("0", 0),
            ("-0", 0),
            ("007", 7),
            ("+7", 7),
            ("202.0", 202),
            ("2.28E+11", 228_000_000_000),
            ("1e18", MAX_AMOUNT),
            ("1200e-2", 12),
            ("0e999999999", 0),
            ("0.000000000000000000000000000000000000000000000000000000", 0),
            ("5.", 5),
        ] {
            assert_eq!(count(text(spelt)), Ok(Some(expected)), "{spelt}");
            assert_eq!(count(Cell::Spelt(spelt)), Ok(Some(expected)), "{spelt}");
        }
    }

    #[test]
    fn what_is_not_a_count_is_said_to_be_so() {
        for (spelt, problem) in [
            ("-5", NEGATIVE),
            ("-1e-400", NEGATIVE),
            ("1.5", FRACTION),
            ("1e-400", FRACTION),
            ("0.00000000000000000000000000000000000000000000000000000001", FRACTION),
            ("1e30", TOO_LARGE),
            ("1000000000000000001", TOO_LARGE),
            ("99999999999999999999999999999999999999999999999999", TOO_LARGE),
            ("1e99999999999", NO_COUNT),
            ("NaN", NO_COUNT),
            ("inf", NO_COUNT),
            ("1,234", NO_COUNT),
            ("12 people", NO_COUNT),
            ("-", NO_COUNT),
            (".", NO_COUNT),
            ("1.2.3", NO_COUNT),
            ("１", NO_COUNT),
        ] {
            assert_eq!(count(text(spelt)), Err(problem), "{spelt}");
        }
        for (value, problem) in [
            (f64::NAN, NO_COUNT),
            (-1.0, NEGATIVE),
            (1e30, TOO_LARGE),
            (f64::INFINITY, TOO_LARGE),
            (0.5, FRACTION),
        ] {
            assert_eq!(count(Cell::Float(value)), Err(problem), "{value}");
        }
        assert_eq!(count(Cell::Float(-0.0)), Ok(Some(0)));
        assert_eq!(count(Cell::Unsigned(u64::MAX)), Err(TOO_LARGE));
        assert_eq!(count(Cell::Decimal(&i256::from_i128(1250), 2)), Err(FRACTION));
        assert_eq!(count(Cell::Decimal(&i256::from_i128(1200), 2)), Ok(Some(12)));
    }

    #[test]
    fn times_of_every_unit_and_spelling_meet() {
        let expected = Ok(Timestamp::from_millis(1_341_100_972_250));
        let any = &TimeForm::Any;
        for spelt in [
            "1341100972.25",
            "1.34110097225E9",
            "1341100972250",
            "1341100972250000",
            "1341100972250000999",
            "2012-07-01T00:02:52.25Z",
            "2012-07-01 00:02:52.25",
        ] {
            assert_eq!(time(text(spelt), any), expected, "{spelt}");
        }
        assert_eq!(time(Cell::Float(1_341_100_972.25), any), expected);
        assert_eq!(time(Cell::Integer(1_341_100_972_250), any), expected);
        assert_eq!(time(Cell::Spelt("1341100972250"), &TimeForm::Unix(Unit::Millis)), expected);
        assert_eq!(time(Cell::Time(1_341_100_972_250_000_999, Unit::Nanos), any), expected);
        assert_eq!(time(Cell::Decimal(&i256::from_i128(134_110_097_225), 2), any), expected);
        let noon = |spelt| time(text(spelt), &TimeForm::Format("%m/%d/%y %H:%M".into()));
        assert_eq!(noon("07/01/12 12:00"), Ok(Timestamp::from_seconds(1_341_144_000)));
        assert_eq!(noon("2012-07-01"), Err(NOT_IN_FORMAT));
        let date = TimeForm::Format("%Y%m%d".into());
        assert_eq!(time(text("20120701"), &date), Ok(Timestamp::from_seconds(1_341_100_800)));
        assert_eq!(time(Cell::Integer(20_120_701), &date), Ok(Timestamp::from_seconds(1_341_100_800)));
    }

    #[test]
    fn a_unit_that_the_map_gives_is_taken_at_its_word() {
        assert_eq!(
            time(text("86400000"), &TimeForm::Unix(Unit::Millis)),
            Ok(Timestamp::from_seconds(86_400))
        );
        assert_eq!(time(text("2"), &TimeForm::Unix(Unit::Days)), Ok(Timestamp::from_seconds(172_800)));
        assert_eq!(time(text("2012-07-01"), &TimeForm::Unix(Unit::Seconds)), Err(NO_UNIX_TIME));
    }

    #[test]
    fn bad_times_are_problems() {
        for (cell, problem) in [
            (text("yesterday"), NO_TIME),
            (text("-1"), TIME_OUT_OF_RANGE),
            (text("1e300"), TIME_OUT_OF_RANGE),
            (text("99999999999999999999999999"), TIME_OUT_OF_RANGE),
            (Cell::Integer(i64::MIN), TIME_OUT_OF_RANGE),
            (Cell::Float(f64::NAN), NO_TIME),
            (Cell::Float(1e300), TIME_OUT_OF_RANGE),
            (Cell::Unsigned(u64::MAX), TIME_OUT_OF_RANGE),
            (Cell::Time(i64::MAX, Unit::Days), TIME_OUT_OF_RANGE),
            (text("\u{fffd}"), NO_TIME),
            (Cell::Bytes(b"\xff"), NO_TIME),
            (Cell::Other, NO_TIME),
        ] {
            assert_eq!(time(cell, &TimeForm::Any), Err(problem), "{cell:?}");
        }
        assert_eq!(time(Cell::Missing, &TimeForm::Any), Ok(None));
    }

    fn id_text(cell: Cell<'_>, style: IdStyle) -> Result<String, Problem> {
        id(cell, style, &mut String::new()).map(|id| id.expect("not missing").to_string())
    }

    #[test]
    fn ids_of_any_width_are_exact() {
        let wide = "340282366920938463463374607431768211456";
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(id_text(Cell::Spelt(wide), IdStyle::Id), ok(wide));
        assert_eq!(id_text(text(wide), IdStyle::Id), ok(wide));
        assert_eq!(id_text(Cell::Unsigned(u64::MAX), IdStyle::Id), ok("18446744073709551615"));
        let decimal = i256::from_string(wide).unwrap();
        assert_eq!(id_text(Cell::Decimal(&decimal, 0), IdStyle::Id), ok(wide));
        assert_eq!(id_text(Cell::Decimal(&i256::from_i128(-1200), 2), IdStyle::Id), ok("-12"));
        assert_eq!(id_text(Cell::Decimal(&i256::from_i128(5), 2), IdStyle::Id), Err(NO_ID));
        assert_eq!(id_text(Cell::Decimal(&i256::from_i128(5), -2), IdStyle::Id), ok("500"));
        assert_eq!(
            id(Cell::Decimal(&i256::from_i128(7), 0), IdStyle::Id, &mut String::new()),
            Ok(Some(Id::Number(7)))
        );
        assert_eq!(id_text(Cell::Float(123.0), IdStyle::Id), ok("123"));
        assert_eq!(id_text(Cell::Spelt("1.23e2"), IdStyle::Id), ok("123"));
        assert_eq!(id_text(Cell::Float(1e17), IdStyle::Id), Err(INEXACT_ID));
        assert_eq!(id_text(Cell::Float(f64::NAN), IdStyle::Id), Err(NO_ID));
        assert_eq!(id_text(Cell::Other, IdStyle::Id), Err(NO_ID));
        assert_eq!(id_text(Cell::Bytes(b"\xe9"), IdStyle::Id), Err(NOT_UTF8));
    }

    #[test]
    fn plain_text_and_its_integer_read_alike() {
        for spelt in ["0", "7", "-7", "1341100972", "9223372036854775807", "-9223372036854775807", "20120701"]
        {
            let integer = Cell::Integer(plain_integer(spelt.as_bytes()).expect(spelt));
            for style in [IdStyle::Id, IdStyle::Handle, IdStyle::Name] {
                assert_eq!(id_text(integer, style), id_text(text(spelt), style), "{spelt}");
            }
            assert_eq!(count(integer), count(text(spelt)), "{spelt}");
            for form in [TimeForm::Any, TimeForm::Unix(Unit::Millis), TimeForm::Format("%Y%m%d".into())] {
                assert_eq!(time(integer, &form), time(text(spelt), &form), "{spelt}");
            }
            let (mut first, mut second) = (String::new(), String::new());
            assert_eq!(word(integer, &mut first), word(text(spelt), &mut second), "{spelt}");
        }
        for spelt in
            ["", "-", "007", "-0", "+1", "1.0", "1e3", "9223372036854775808", "99999999999999999999", "１"]
        {
            assert_eq!(plain_integer(spelt.as_bytes()), None, "{spelt}");
        }
    }

    #[test]
    fn handles_and_names_are_ids_of_their_own() {
        assert_eq!(id_text(text("@ÅsaBerg"), IdStyle::Handle), Ok("@åsaberg".into()));
        assert_eq!(id_text(Cell::Integer(12), IdStyle::Handle), Ok("@12".into()));
        assert_eq!(id_text(text("@"), IdStyle::Handle), Err(NO_HANDLE));
        assert_eq!(id_text(text("Åsa Berg"), IdStyle::Name), Ok("name:Åsa Berg".into()));
    }
}
