//! Names and texts that plugins give: what they may be, and how messages quote them.

/// A text that is shown must not steer a terminal.
pub(crate) fn shown(what: &str, text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) { Err(format!("{what} has control characters")) } else { Ok(()) }
}

/// The beginning of a foreign text, between quotes and with escapes.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(50).collect::<String>())
}

/// Whether a name can stand in weights files.
pub(crate) fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}
