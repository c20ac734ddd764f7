//! What may be the name of a network, kind or metric.

/// The longest name that a network or kind has.
const LONGEST: usize = 64;

/// Whether `name` can be the name of a network, kind or metric, which are written in weights files and feature names.
pub(crate) fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}
