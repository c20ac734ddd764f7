//! What a `YouTube` link points to.

/// What a link points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link<'a> {
    /// A video, by its id.
    Video(&'a str),
    /// A community post, by its id.
    Post(&'a str),
    /// A channel, by its id.
    Channel(&'a str),
    /// A channel, by its handle without the `@`.
    Handle(&'a str),
    /// A list of search results.
    Search,
    /// Anything else: a playlist, an old custom address, another site.
    Other,
}

impl<'a> Link<'a> {
    /// Of an address with or without `https://`.
    pub(crate) fn of(address: &'a str) -> Self {
        let rest = address.trim().split_once("://").map_or(address.trim(), |(_, rest)| rest);
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        let first = path.split('/').next().unwrap_or("");
        let second = path.split('/').nth(1).unwrap_or("");
        if is_host(host, "youtu.be") {
            return named(first, Self::Video);
        }
        if !is_host(host, "youtube.com") {
            return Self::Other;
        }
        match first {
            "watch" => named(parameter(query, "v"), Self::Video),
            "shorts" | "live" | "embed" | "v" => named(second, Self::Video),
            "post" => named(second, Self::Post),
            "channel" => named(second, Self::Channel),
            "results" => Self::Search,
            // A handle in other letters than Latin ones is escaped; the name beside the link has it plainly.
            _ if !first.contains('%') => {
                first.strip_prefix('@').map_or(Self::Other, |name| named(name, Self::Handle))
            }
            _ => Self::Other,
        }
    }
}

fn named<'a>(id: &'a str, link: fn(&'a str) -> Link<'a>) -> Link<'a> {
    if id.is_empty() { Link::Other } else { link(id) }
}

/// Whether `host` is `domain` or below it (`www.`, `m.`, `music.`).
fn is_host(host: &str, domain: &str) -> bool {
    let below = host.len().checked_sub(domain.len()).and_then(|cut| host.split_at_checked(cut));
    below.is_some_and(|(sub, end)| end.eq_ignore_ascii_case(domain) && (sub.is_empty() || sub.ends_with('.')))
}

fn parameter<'a>(query: &'a str, name: &str) -> &'a str {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// Whether `text` has the form of a channel id: `UC` and 22 letters, digits, `-` or `_`.
pub(crate) fn is_channel_id(text: &str) -> bool {
    text.len() == 24
        && text.starts_with("UC")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_link_is_known() {
        for (address, link) in [
            ("https://www.youtube.com/watch?v=aB-3_x", Link::Video("aB-3_x")),
            ("http://music.youtube.com/watch?list=PL1&v=aB-3_x&t=4#here", Link::Video("aB-3_x")),
            ("www.youtube.com/shorts/aB-3_x?feature=share", Link::Video("aB-3_x")),
            ("https://youtu.be/aB-3_x?t=9", Link::Video("aB-3_x")),
            ("https://www.youtube.com/post/Ugkx1", Link::Post("Ugkx1")),
            ("https://WWW.YouTube.com/channel/UC1/videos", Link::Channel("UC1")),
            ("http://www.youtube.com/@Mill.Lane", Link::Handle("Mill.Lane")),
            ("https://www.youtube.com/results?search_query=mill", Link::Search),
        ] {
            assert_eq!(Link::of(address), link, "{address}");
        }
        for other in [
            "",
            "https://",
            "?v=1",
            "https://www.youtube.com/watch?v=",
            "https://www.youtube.com/watch",
            "https://www.youtube.com/user/somebody",
            "https://www.youtube.com/@",
            "https://www.youtube.com/@%E3%81%82",
            "https://notyoutube.com/watch?v=1",
            "https://example.com/youtube.com/watch?v=1",
            "é://ü",
        ] {
            assert_eq!(Link::of(other), Link::Other, "{other}");
        }
    }

    #[test]
    fn a_channel_id_is_told_by_its_form() {
        assert!(is_channel_id("UCab-_0123456789ABCDEFgh"));
        for no in
            ["", "UC", "UCab-_0123456789ABCDEFg", "XXab-_0123456789ABCDEFgh", "UCab 0123456789ABCDEFghi"]
        {
            assert!(!is_channel_id(no), "{no}");
        }
    }
}
