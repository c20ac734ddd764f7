//! The ways in which networks write times.

use crate::Timestamp;

/// Reads a time as the networks write it: RFC 3339 (`2026-09-30T12:00:00.000Z`), with a zone without a colon
/// (`2026-09-30T12:00:00+0000`), with a space for the `T`, a bare date, Twitter's `Wed Oct 10 20:19:24 +0000 2018`,
/// or `2018-10-10 20:19:24 UTC`. Without a zone it is UTC. `None` if it is none of these or outside
/// [`Timestamp::MIN`]..=[`Timestamp::MAX`].
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    utc_fields(text.as_bytes()).or_else(|| other_forms(text))
}

/// The commonest form by far, read without a parser: `YYYY-MM-DDTHH:MM:SS[.fff…](Z|+0000|+00:00)`.
fn utc_fields(text: &[u8]) -> Option<Timestamp> {
    let (fixed, rest) = text.split_at_checked(19)?;
    if fixed[4] != b'-' || fixed[7] != b'-' || fixed[10] != b'T' || fixed[13] != b':' || fixed[16] != b':' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        fixed[range].iter().try_fold(0_i64, |value, &digit| {
            digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let (micros, zone) = match rest {
        [b'.', digits @ ..] => {
            let length = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
            let value = |at: usize| digits[..length].get(at).map_or(0, |digit| i64::from(digit - b'0'));
            if length == 0 {
                return None;
            }
            ((0..6).fold(0, |micros, at| micros * 10 + value(at)), &digits[length..])
        }
        _ => (0, rest),
    };
    if !matches!(zone, b"Z" | b"+0000" | b"+00:00") || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_since_1970(year, month, day)?;
    Timestamp::from_micros((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, `None` if there is no such date.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let index = usize::try_from(month - 1).ok().filter(|&index| index < 12)?;
    if day < 1 || day > LENGTHS[index] + i64::from(leap && index == 1) {
        return None;
    }
    let before: i64 = LENGTHS[..index].iter().sum::<i64>() + i64::from(leap && index > 1);
    let past = year - 1;
    Some(past * 365 + past / 4 - past / 100 + past / 400 - 719_162 + before + day - 1)
}

fn other_forms(text: &str) -> Option<Timestamp> {
    use jiff::fmt::strtime;
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Timestamp::from_micros(at.as_microsecond());
    }
    let with_zone =
        ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%z", "%a %b %d %H:%M:%S %z %Y", "%Y-%m-%d %H:%M:%S %z"];
    for form in with_zone {
        if let Ok(at) = strtime::parse(form, text).and_then(|parsed| parsed.to_timestamp()) {
            return Timestamp::from_micros(at.as_microsecond());
        }
    }
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let civil = text
        .parse::<jiff::civil::DateTime>()
        .ok()
        .or_else(|| text.parse::<jiff::civil::Date>().ok().map(|date| date.at(0, 0, 0, 0)))?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Timestamp::from_micros(at.timestamp().as_microsecond())
}

/// Reads a Unix time of unknown unit: seconds, milliseconds or microseconds, told apart by size. Seconds reach to
/// the year 2148 (5.6 × 10^9); milliseconds begin where a later date than that would be meant (10^10, 26 April 1970),
/// microseconds at 10^13.
pub fn from_unix(value: i64) -> Option<Timestamp> {
    match value {
        ..10_000_000_000 => Timestamp::from_seconds(value),
        10_000_000_000..10_000_000_000_000 => Timestamp::from_millis(value),
        _ => Timestamp::from_micros(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_same_moment_is_the_same() {
        let expected = Timestamp::from_seconds(1_539_202_764);
        for text in [
            "2018-10-10T20:19:24Z",
            "2018-10-10T20:19:24.000Z",
            "2018-10-10T20:19:24+0000",
            "2018-10-10T22:19:24+02:00",
            "2018-10-10T22:19:24+0200",
            "2018-10-10T22:19:24.000+0200",
            "Wed Oct 10 20:19:24 +0000 2018",
            "2018-10-10 20:19:24",
            "2018-10-10 20:19:24 UTC",
            " 2018-10-10T20:19:24Z\n",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("2018-10-10"), Timestamp::from_seconds(1_539_129_600));
        assert_eq!(parse("2018-10-10T20:19:24.5Z").map(Timestamp::micros), Some(1_539_202_764_500_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "yesterday", "2018-02-30T00:00:00Z", "2018-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "NaN"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn fast_and_general_reading_agree() {
        for days in (0..65_000).step_by(97) {
            let at = Timestamp::from_seconds(days * 86_400 + 86_399).unwrap();
            assert_eq!(parse(&at.to_string()), Some(at));
        }
    }

    #[test]
    fn unix_units_are_told_apart() {
        let expected = Timestamp::from_seconds(1_413_331_199);
        assert_eq!(from_unix(1_413_331_199), expected);
        assert_eq!(from_unix(1_413_331_199_000), expected);
        assert_eq!(from_unix(1_413_331_199_000_000), expected);
        assert_eq!(from_unix(-5), None);
    }
}
