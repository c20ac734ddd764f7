//! DIDs, `at://` addresses, and the time in a record's key.

use renown_sdk::Timestamp;

/// Whether `text` is a DID, `did:METHOD:IDENTIFIER`: the one name of an account that it keeps.
pub(crate) fn is_did(text: &str) -> bool {
    let Some((method, identifier)) = text.strip_prefix("did:").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase())
        && !identifier.is_empty()
        && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:%-".contains(&byte))
}

/// The address of a record: `at://DID/COLLECTION/KEY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// All of it.
    pub(crate) uri: &'a str,
    /// Whose record it is.
    pub(crate) did: &'a str,
    pub(crate) collection: &'a str,
    pub(crate) key: &'a str,
}

impl<'a> Address<'a> {
    /// `None` if it is none, or names its account by handle: a handle may be another's tomorrow, and Bluesky does not
    /// follow such an address either.
    pub(crate) fn parse(uri: &'a str) -> Option<Self> {
        let mut parts = uri.strip_prefix("at://")?.split('/');
        let (did, collection, key) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && is_did(did) && is_name(collection) && is_name(key);
        whole.then_some(Self { uri, did, collection, key })
    }

    /// Of its parts, written into `buffer`; `None` as for [`Address::parse`].
    pub(crate) fn of(did: &str, collection: &str, key: &str, buffer: &'a mut String) -> Option<Self> {
        if [collection, key].iter().any(|part| part.contains('/')) {
            return None;
        }
        buffer.clear();
        buffer.reserve("at:////".len() + did.len() + collection.len() + key.len());
        for part in ["at://", did, "/", collection, "/", key] {
            buffer.push_str(part);
        }
        Self::parse(buffer)
    }
}

/// Whether `text` may be a collection or a key.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:~-".contains(&byte))
}

/// The time in a TID, as which most keys and all revisions are written: 13 digits to the base of 32, of which the upper
/// 53 bits are microseconds since 1970 and the lower ten a clock's number.
pub(crate) fn time_of_tid(tid: &str) -> Option<Timestamp> {
    let &[first, ..] = tid.as_bytes() else { return None };
    // 13 digits are 65 bits, and the topmost of a 64-bit number is 0.
    if tid.len() != 13 || digit(first)? > 0b1111 {
        return None;
    }
    let value = tid.bytes().try_fold(0_u64, |value, byte| Some(value << 5 | u64::from(digit(byte)?)))?;
    i64::try_from(value >> 10).ok().and_then(Timestamp::from_micros)
}

/// `234567abcdefghijklmnopqrstuvwxyz`: an order in which numbers sort like their text.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'2'..=b'7' => Some(byte - b'2'),
        b'a'..=b'z' => Some(byte - b'a' + 6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dids_are_told_from_handles_and_texts() {
        for did in ["did:plc:ada", "did:web:ada.example.org", "did:web:localhost%3A99", "did:key:zQ3sh:x-_"] {
            assert!(is_did(did), "{did}");
        }
        for text in
            ["", "did:", "did:plc", "did:plc:", "did::ada", "DID:plc:ada", "did:PLC:ada", "ada.example.org"]
        {
            assert!(!is_did(text), "{text}");
        }
        assert!(!is_did("did:plc:ådå") && !is_did("did:plc:a/b") && !is_did("did:plc:a b"));
    }

    #[test]
    fn an_address_has_three_parts_and_a_did() {
        let address = Address::parse("at://did:plc:ada/app.bsky.feed.post/3k").unwrap();
        assert_eq!(
            (address.did, address.collection, address.key),
            ("did:plc:ada", "app.bsky.feed.post", "3k")
        );
        for text in [
            "",
            "at://",
            "at://did:plc:ada",
            "at://did:plc:ada/app.bsky.feed.post",
            "at://did:plc:ada/app.bsky.feed.post/",
            "at://did:plc:ada/app.bsky.feed.post/3k/4",
            "at://did:plc:ada//3k",
            "at://ada.example.org/app.bsky.feed.post/3k",
            "https://did:plc:ada/app.bsky.feed.post/3k",
            "at://did:plc:ada/app.bsky.feed.post/3k ",
            "at://did:plc:ada/app.bsky.feed.post/3k?x#y",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_of_parts_is_the_one_that_would_be_parsed() {
        let mut buffer = "what stood here before".to_owned();
        let address = Address::of("did:plc:ada", "a.b.c", "self", &mut buffer).unwrap();
        assert_eq!(address.uri, "at://did:plc:ada/a.b.c/self");
        for (did, collection, key) in
            [("ada", "a.b.c", "k"), ("did:plc:ada", "", "k"), ("did:plc:ada", "a.b.c", "")]
        {
            assert_eq!(Address::of(did, collection, key, &mut buffer), None);
        }
        assert_eq!(Address::of("did:plc:ada", "a/b", "k", &mut buffer), None);
    }

    #[test]
    fn a_tid_carries_its_time() {
        let at = time_of_tid("3jzfcijpj2z2a").unwrap();
        assert_eq!(at.day().to_string(), "2023-06-30");
        assert_eq!(time_of_tid("2222222222222"), Timestamp::from_micros(0));
        for text in [
            "",
            "self",
            "3jzfcijpj2z2",
            "3jzfcijpj2z2aa",
            "kjzfcijpj2z2a",
            "3jzfcijpj2z21",
            "3JZFCIJPJ2Z2A",
            "ååååååå",
        ] {
            assert_eq!(time_of_tid(text), None, "{text}");
        }
        // The largest: beyond the last moment that a record may carry.
        assert_eq!(time_of_tid("jzzzzzzzzzzzz"), None);
    }
}
