//! Texts that plugins give: what they may be, and how messages quote them.

/// A text that is shown must not steer a terminal.
pub(crate) fn shown(what: &str, text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) { Err(format!("{what} has control characters")) } else { Ok(()) }
}

/// The beginning of a foreign text, between quotes and with escapes.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(50).collect::<String>())
}
