//! Places within a text of the file: behind its quote, and as long as it is written.

use std::ops::Range;

/// The place in `raw`, a TOML string as it is written or a bare word of a `--set`, of some bytes of its value.
///
/// All of `raw` where it cannot be told.
pub(crate) fn within(raw: &str, value: &str, place: &Range<usize>) -> Range<usize> {
    let whole = 0..raw.len();
    let Some(starts) = starts(raw).filter(|(decoded, _)| decoded == value).map(|(_, starts)| starts) else {
        return whole;
    };
    match (starts.get(place.start), starts.get(place.end)) {
        (Some(start), Some(end)) => *start..*end,
        _ => whole,
    }
}

/// The value of a TOML string, and where each of its bytes, and its end, stands in `raw`.
fn starts(raw: &str) -> Option<(String, Vec<usize>)> {
    let (quote, escapes) = match raw {
        _ if raw.starts_with("\"\"\"") => ("\"\"\"", true),
        _ if raw.starts_with("'''") => ("'''", false),
        _ if raw.starts_with('"') => ("\"", true),
        _ if raw.starts_with('\'') => ("'", false),
        _ => ("", false),
    };
    let end = raw.len().checked_sub(quote.len()).filter(|&end| end >= quote.len())?;
    let mut at = quote.len();
    if quote.len() == 3 {
        // A line break right behind the quote is none of the value.
        at += ["\r\n", "\n"]
            .iter()
            .find(|newline| raw[at..end].starts_with(**newline))
            .map_or(0, |found| found.len());
    }
    let (mut value, mut starts) = (String::new(), Vec::new());
    while at < end {
        let rest = &raw[at..end];
        let first = rest.chars().next()?;
        let (character, length) = match first {
            '\\' if escapes => match escape(rest)? {
                (None, length) => {
                    at += length;
                    continue;
                }
                (Some(character), length) => (character, length),
            },
            _ => (first, first.len_utf8()),
        };
        starts.resize(starts.len() + character.len_utf8(), at);
        value.push(character);
        at += length;
    }
    starts.push(end);
    Some((value, starts))
}

/// What an escape stands for, nothing for one that joins lines, and its length.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let kind = text[1..].chars().next()?;
    let digits = match kind {
        'b' => return Some((Some('\u{8}'), 2)),
        't' => return Some((Some('\t'), 2)),
        'n' => return Some((Some('\n'), 2)),
        'f' => return Some((Some('\u{c}'), 2)),
        'r' => return Some((Some('\r'), 2)),
        'e' => return Some((Some('\u{1b}'), 2)),
        '"' | '\\' => return Some((Some(kind), 2)),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ if kind.is_whitespace() => {
            let rest = text[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            return Some((None, text.len() - rest.len()));
        }
        _ => return None,
    };
    let code = u32::from_str_radix(text.get(2..2 + digits)?, 16).ok()?;
    Some((Some(char::from_u32(code)?), 2 + digits))
}

#[cfg(test)]
mod tests {
    use toml::de::DeValue;

    use super::*;

    /// What is underlined, of the text from the first to the last `x` of the value.
    fn underlined(raw: &str) -> &str {
        let parsed = DeValue::parse(raw).unwrap().into_inner();
        let value = parsed.as_str().unwrap();
        let place = value.find('x').unwrap()..value.rfind('x').unwrap() + 1;
        &raw[within(raw, value, &place)]
    }

    #[test]
    fn places_are_those_of_the_text_as_it_is_written() {
        for (raw, marked) in [
            (r#""a x b""#, "x"),
            (r"'\ x b'", "x"),
            (r#""\u00e9\"\\ x\tx \U0001F600""#, r"x\tx"),
            ("\"\"\"\nné x\nx\"\"\"", "x\nx"),
            ("\"\"\"\r\na \\\n   x\"\"\"", "x"),
            ("'''\nx'''", "x"),
        ] {
            assert_eq!(underlined(raw), marked, "{raw}");
        }
    }

    #[test]
    fn where_a_place_cannot_be_told_it_is_the_whole() {
        assert_eq!(within("bare", "bare", &(1..3)), 1..3);
        assert_eq!(within("\"ab\"", "other", &(0..1)), 0..4);
        assert_eq!(within("\"ab\"", "ab", &(1..9)), 0..4);
        assert_eq!(within("\"", "", &(0..0)), 0..1);
    }
}
