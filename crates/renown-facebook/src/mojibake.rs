//! Undoes the way in which Meta's downloads spell text: as the bytes of UTF-8, each escaped as if it were a Latin-1
//! character, so that `å` stands in the file as `\u00c3\u00a5`.

use std::borrow::Cow;

/// The text that was meant.
///
/// Repairs only what can be repaired: every character below 256 and, taken as bytes, valid UTF-8. A text that was
/// written properly fails one of the two unless it consists of nothing but such pairs, so repairing twice is harmless.
pub(crate) fn repair(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> =
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(repaired)) => Cow::Owned(repaired),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_spelt_as_characters_become_the_text() {
        assert_eq!(repair("\u{c3}\u{a5}se"), "åse");
        assert_eq!(repair("\u{f0}\u{9f}\u{98}\u{82}!"), "😂!");
        assert_eq!(repair("O\u{e2}\u{80}\u{99}Brien"), "O’Brien");
    }

    #[test]
    fn proper_text_stays() {
        for text in ["", "plain", "være", "Åse", "日出", "ÿ", "café 😂", "O’Brien"] {
            assert_eq!(repair(text), text);
        }
    }
}
