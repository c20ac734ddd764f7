//! The town's days, counted in seconds since 1970 UTC, and the ways the networks write them. No clock is
//! read.

/// Seconds in a day.
pub const DAY: i64 = 86_400;
/// How many days the exports cover.
pub const DAYS: i64 = 120;
/// The first second after the town's last day, 2026-09-30.
pub const END: i64 = midnight(2026, 10, 1);
/// The first second of the first day covered.
pub const START: i64 = END - DAYS * DAY;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// The second at which a day of the Gregorian calendar begins (years from 1 on).
pub const fn midnight(year: i64, month: i64, day: i64) -> i64 {
    // Years are counted from March, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468) * DAY
}

/// A second taken apart: year, month, day, hour, minute, second.
pub fn civil(at: i64) -> [i64; 6] {
    let days = at.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let second = at.rem_euclid(DAY);
    [year, month, day, second / 3600, second / 60 % 60, second % 60]
}

/// `2026-09-01T12:00:00`, to which each network adds its own ending.
pub fn plain(at: i64) -> String {
    let [year, month, day, hour, minute, second] = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// Twitter's API: `2026-09-01T12:00:00.000Z`.
pub fn twitter(at: i64) -> String {
    plain(at) + ".000Z"
}

/// Facebook's Graph API: `2026-09-01T12:00:00+0000`.
pub fn facebook(at: i64) -> String {
    plain(at) + "+0000"
}

/// `YouTube`'s Data API: `2026-09-01T12:00:00Z`.
pub fn youtube(at: i64) -> String {
    plain(at) + "Z"
}

/// Twitter's personal archive: `Tue Sep 01 12:00:00 +0000 2026`.
pub fn archive(at: i64) -> String {
    let [year, month, day, hour, minute, second] = civil(at);
    let weekday = WEEKDAYS[at.div_euclid(DAY).rem_euclid(7) as usize];
    let month = MONTHS[month as usize - 1];
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} +0000 {year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_as_the_networks_write_them() {
        assert_eq!(END, 1_790_812_800);
        assert_eq!(plain(START), "2026-06-03T00:00:00");
        assert_eq!(plain(951_782_400), "2000-02-29T00:00:00");
        assert_eq!(archive(1_788_264_000), "Tue Sep 01 12:00:00 +0000 2026");
    }

    #[test]
    fn every_day_of_a_leap_cycle_comes_back() {
        for day in 0..146_097 {
            let [year, month, date, ..] = civil(day * DAY + 5);
            assert_eq!(midnight(year, month, date), day * DAY);
        }
    }
}
