//! What a field of a table is, told by its form: Takeout writes the names of folders, files and columns in the language of
//! the account, and ids and times in one form in all languages.

use renown_sdk::time;

use super::table::Row;
use crate::url::is_channel_id;

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A channel's id, `UC…`.
    Channel,
    /// A comment's id, `Ug…`; a reply's goes on with a point and its own.
    Comment,
    /// A community post's id, `Ugkx…`.
    Post,
    /// A video's id, 11 characters.
    Video,
    /// A moment, as RFC 3339 has it.
    Time,
    /// A text in JSON.
    Text,
    /// Anything else.
    Other,
}

impl Form {
    pub(super) fn of(field: &str) -> Self {
        let is_id = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        if is_channel_id(field) {
            Self::Channel
        } else if field.starts_with("Ugkx") && field.len() > 26 && is_id(field) {
            Self::Post
        } else if field.starts_with("Ug") && field.len() >= 26 && is_id(field) {
            Self::Comment
        } else if field.len() == 11 && is_id(field) && !field.contains('.') {
            Self::Video
        } else if field.starts_with('{') {
            Self::Text
        } else if field.len() >= 20 && time::parse(field).is_some() {
            Self::Time
        } else {
            Self::Other
        }
    }
}

/// Whether a row is of a table of comments.
pub(super) fn is_comment(row: &Row<'_>) -> bool {
    let has = |form| row.texts().any(|field| Form::of(field) == form);
    has(Form::Comment) && has(Form::Channel) && has(Form::Time)
}

/// Whether a row is of the table of the owner's videos: of those with a video and a channel the only one without a text.
pub(super) fn is_video(row: &Row<'_>) -> bool {
    let has = |form| row.texts().any(|field| Form::of(field) == form);
    has(Form::Video) && has(Form::Channel) && has(Form::Time) && !has(Form::Comment) && !has(Form::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_times_are_told_apart() {
        for (field, form) in [
            ("UCab-_0123456789ABCDEFgh", Form::Channel),
            ("UgxAbCdEfGhIjKlMnOpQ4AaABAg", Form::Comment),
            ("UgxAbCdEfGhIjKlMnOpQ4AaABAg.9abcdefghij", Form::Comment),
            ("UgkxAbCdEfGhIjKlMnOpQrStUvWxYz012345", Form::Post),
            ("aB-3_xyzXYZ", Form::Video),
            ("2024-05-01T12:00:00.123456+00:00", Form::Time),
            ("{\"text\":\"x\"}", Form::Text),
            ("", Form::Other),
            ("0", Form::Other),
            ("1700000000", Form::Other),
            ("Ug, naja, das ist so eine Sache", Form::Other),
            ("Mühlenrad!!", Form::Other),
        ] {
            assert_eq!(Form::of(field), form, "{field}");
        }
    }
}
