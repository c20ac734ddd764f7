//! "Download your information": what Facebook and Instagram hand out to a person about himself.
//!
//! No file in it says whose it is; `owner` finds out. Nobody in it has an id: people stand there by display name on
//! Facebook (`name:Jane Doe` in records) and by handle on Instagram (`@jane.doe`). Acts have no id either, so one is made
//! of who did it and when: the same act in two downloads, or in two files of one, counts once.

pub(crate) mod facebook;
pub(crate) mod instagram;
mod owner;
mod title;

use std::borrow::Cow;

use renown_sdk::json::{self, Text};

use crate::mojibake::repair;

/// The account that is known by this display name, as spelt in the file.
fn by_name(name: &str) -> Option<String> {
    let name = repair(name);
    let name = name.trim();
    (!name.is_empty()).then(|| format!("name:{name}"))
}

/// The text values of `"key": "..."` in the first bytes of a file, wherever they stand in it and however the file is cut
/// off.
pub(crate) fn values_of<'h>(head: &'h str, key: &str) -> impl Iterator<Item = Cow<'h, str>> {
    let quoted = format!("\"{key}\"");
    let mut rest = head;
    std::iter::from_fn(move || {
        loop {
            let after = rest.find(&quoted)? + quoted.len();
            rest = &rest[after..];
            let Some(value) = rest.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
            let Some(literal) = string_literal(value) else { continue };
            if let Ok(Text(value)) = json::from_slice::<Text<'h>>(literal.as_bytes()) {
                return Some(value);
            }
        }
    })
}

/// The JSON string with which `text` begins, quotes included.
fn string_literal(text: &str) -> Option<&str> {
    if !text.starts_with('"') {
        return None;
    }
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(&text[..end + 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_a_file_that_is_cut_off() {
        let head = r#"{"author" : "A\u00c3\u00a5 \"B\"", "x": "author", "author": 5, "author":"C\\", "author": "cut o"#;
        let values: Vec<_> = values_of(head, "author").collect();
        assert_eq!(values, ["A\u{c3}\u{a5} \"B\"", "C\\"]);
    }

    #[test]
    fn names_are_repaired_and_trimmed() {
        assert_eq!(by_name(" \u{c3}\u{85}se Berg\n"), Some("name:Åse Berg".to_owned()));
        assert_eq!(by_name(" "), None);
    }
}
