//! Numbers, times and addresses as pages have them.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use renown_core::record::Timestamp;

/// What stays as it is in an address, whatever part of it.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as part of an address.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The address of a person's page.
pub(super) fn page_of(person: &str) -> String {
    format!("/people/{}", encoded(person))
}

/// A link to a person.
pub(super) fn person(id: &str) -> Markup {
    html! { a.person href=(page_of(id)) { bdi { (id) } } }
}

/// Ten-thousandths with two decimals.
pub(super) fn points(ten_thousandths: u32) -> String {
    decimals(i64::from(ten_thousandths), 2)
}

/// A change, with its sign; nothing moved is a dash.
pub(super) fn signed(ten_thousandths: i64) -> String {
    match ten_thousandths {
        0 => "–".into(),
        up if up > 0 => format!("+{}", decimals(up, 2)),
        down => format!("−{}", decimals(-down, 2)),
    }
}

/// Ten-thousandths that are not negative, rounded half up.
pub(super) fn decimals(ten_thousandths: i64, decimals: u32) -> String {
    let (step, unit) = (10_i64.pow(4 - decimals), 10_i64.pow(decimals));
    let rounded = (ten_thousandths + step / 2) / step;
    match decimals {
        0 => rounded.to_string(),
        decimals => format!("{}.{:0width$}", rounded / unit, rounded % unit, width = decimals as usize),
    }
}

/// A share of one in ten-thousandths, in whole percent.
pub(super) fn percent(ten_thousandths: u32) -> String {
    format!("{} %", decimals(i64::from(ten_thousandths) * 100, 0))
}

/// A count, in groups of three.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time, to the minute.
pub(super) fn time(at: Timestamp) -> Markup {
    let text = at.to_string();
    let (day, rest) = text.split_once('T').unwrap_or((&text, ""));
    let minute = rest.get(..5).unwrap_or_default();
    html! { time datetime=(text) { (day) " " (minute) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_one_reads_them() {
        assert_eq!(points(655_949), "65.59");
        assert_eq!(points(655_950), "65.60");
        assert_eq!(
            (signed(-12_345), signed(12_345), signed(0)),
            ("−1.23".into(), "+1.23".into(), "–".into())
        );
        assert_eq!(percent(9_250), "93 %");
        assert_eq!(
            (grouped(7), grouped(1_000), grouped(1_234_567)),
            ("7".into(), "1,000".into(), "1,234,567".into())
        );
    }

    #[test]
    fn whatever_a_person_is_called_is_one_step_of_the_way() {
        assert_eq!(page_of("a/b?c#d&e"), "/people/a%2Fb%3Fc%23d%26e");
        assert_eq!(page_of("zoë"), "/people/zo%C3%AB");
        assert_eq!(page_of("mara-lind"), "/people/mara-lind");
    }
}
