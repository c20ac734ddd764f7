//! The fields whose spelling is Twitter's own: times, ids that are times, `RT @name:`, accounts, lists.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use renown_sdk::json::{self, Text};
use renown_sdk::{Id, Timestamp, time};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor, value};

/// A value that is there and not looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Skip;

impl<'de> Deserialize<'de> for Skip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// An array without its nulls. Where Twitter writes one object instead of an array of one (`data`), that object; for
/// null, nothing.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> std::ops::Deref for Many<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ManyVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
            type Value = Many<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of objects, or one object")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(element) = elements.next_element::<Option<T>>()? {
                    all.extend(element);
                }
                Ok(Many(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(value::MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Many::default())
            }
        }
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

/// A time as the document spells it; [`When::Bad`] if it is none, so that a bad time does not lose the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Good(Timestamp),
    Bad,
}

impl When {
    pub(crate) fn parse(text: &str) -> Self {
        classic_time(text).or_else(|| time::parse(text)).map_or(Self::Bad, Self::Good)
    }

    pub(crate) fn good(self) -> Option<Timestamp> {
        match self {
            Self::Good(at) => Some(at),
            Self::Bad => None,
        }
    }
}

/// Twitter's first form, `Wed Oct 10 20:19:24 +0000 2018`, which every tweet of API v1.1 spells: rearranged into the form
/// that the SDK reads fastest.
fn classic_time(text: &str) -> Option<Timestamp> {
    let &[
        _,
        _,
        _,
        b' ',
        a,
        b,
        c,
        b' ',
        d1,
        d2,
        b' ',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        b' ',
        ref rest @ ..,
    ] = text.as_bytes()
    else {
        return None;
    };
    let &[b'+', b'0', b'0', b'0', b'0', b' ', y1, y2, y3, y4] = rest else { return None };
    let month = match &[a, b, c] {
        b"Jan" => b"01",
        b"Feb" => b"02",
        b"Mar" => b"03",
        b"Apr" => b"04",
        b"May" => b"05",
        b"Jun" => b"06",
        b"Jul" => b"07",
        b"Aug" => b"08",
        b"Sep" => b"09",
        b"Oct" => b"10",
        b"Nov" => b"11",
        b"Dec" => b"12",
        _ => return None,
    };
    let utc = [
        y1, y2, y3, y4, b'-', month[0], month[1], b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2,
        b'Z',
    ];
    std::str::from_utf8(&utc).ok().and_then(time::parse)
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WhenVisitor;
        impl Visitor<'_> for WhenVisitor {
            type Value = When;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time")
            }
            fn visit_str<E>(self, text: &str) -> Result<When, E> {
                Ok(When::parse(text))
            }
            fn visit_i64<E>(self, number: i64) -> Result<When, E> {
                Ok(time::from_unix(number).map_or(When::Bad, When::Good))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<When, E> {
                i64::try_from(number).map_or(Ok(When::Bad), |number| self.visit_i64(number))
            }
            fn visit_f64<E>(self, _: f64) -> Result<When, E> {
                Ok(When::Bad)
            }
            fn visit_bool<E>(self, _: bool) -> Result<When, E> {
                Ok(When::Bad)
            }
        }
        deserializer.deserialize_any(WhenVisitor)
    }
}

/// The moment from which snowflake ids count: 2010-11-04T01:42:54.657Z, in milliseconds since 1970.
const SNOWFLAKE_EPOCH: i64 = 1_288_834_974_657;
/// Ids up to here may be older than snowflakes: those were handed out one after the other.
const FIRST_SNOWFLAKE: i64 = 1 << 41;

/// When the tweet with this id was made, if its id is a snowflake.
pub(crate) fn snowflake_time(id: Id<'_>) -> Option<Timestamp> {
    match id {
        Id::Number(id) if id >= FIRST_SNOWFLAKE => Timestamp::from_millis((id >> 22) + SNOWFLAKE_EPOCH),
        _ => None,
    }
}

/// How a tweet's text begins: whether it is `RT @name: …`, and whose name that is. The rest of it is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opening<'a> {
    /// The handle of the account whose tweet is retweeted.
    pub(crate) retweeted: Option<Cow<'a, str>>,
}

/// The handle in `RT @handle: …`.
fn retweeted_handle(text: &str) -> Option<&str> {
    let (handle, _) = text.strip_prefix("RT @")?.split_once(':')?;
    let plain = handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && (1..=20).contains(&handle.len())).then_some(handle)
}

impl<'de: 'a, 'a> Deserialize<'de> for Opening<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OpeningVisitor;
        impl<'de> Visitor<'de> for OpeningVisitor {
            type Value = Opening<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Opening { retweeted: retweeted_handle(text).map(Cow::Borrowed) })
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Opening { retweeted: retweeted_handle(text).map(|handle| Cow::Owned(handle.to_owned())) })
            }
        }
        deserializer.deserialize_str(OpeningVisitor)
    }
}

/// An id that names something. Twitter writes `-1` for accounts that are gone, and 0 for none.
pub(crate) fn known<'a>(id: Option<&'a json::Id<'_>>) -> Option<Id<'a>> {
    id.map(json::Id::as_id).filter(|id| !matches!(id, Id::Number(..=0) | Id::Text("")))
}

/// An account by id, by handle, or both.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Account<'a> {
    pub(crate) id: Option<Id<'a>>,
    pub(crate) handle: Option<&'a str>,
}

impl<'a> Account<'a> {
    pub(crate) fn new(id: Option<&'a json::Id<'_>>, handle: Option<&'a Text<'_>>) -> Self {
        Self {
            id: known(id),
            handle: handle.map(|handle| plain_handle(handle)).filter(|handle| !handle.is_empty()),
        }
    }

    pub(crate) fn by_id(id: Option<Id<'a>>) -> Self {
        Self { id, handle: None }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.id.is_some() || self.handle.is_some()
    }

    /// This account, or `other` if it is not known.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.is_known() { self } else { other }
    }

    /// Whether both are certainly the same account.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self.id, other.id, self.handle, other.handle) {
            (Some(one), Some(two), ..) => one == two,
            (_, _, Some(one), Some(two)) => one.eq_ignore_ascii_case(two),
            _ => false,
        }
    }

    /// Its id or, failing that, `@handle` in lower case, written into `buffer`.
    pub(crate) fn name<'b>(&self, buffer: &'b mut String) -> Option<Id<'b>>
    where
        'a: 'b,
    {
        self.id.or_else(|| {
            let handle = self.handle?;
            buffer.clear();
            buffer.push('@');
            buffer.extend(handle.chars().flat_map(char::to_lowercase));
            Some(Id::Text(buffer))
        })
    }
}

/// A handle without the `@` and blanks that people's tools put around it.
fn plain_handle(handle: &str) -> &str {
    let handle = handle.trim();
    handle.strip_prefix('@').unwrap_or(handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classic_form_is_read_without_a_parser_and_like_one() {
        for text in [
            "Wed Oct 10 20:19:24 +0000 2018",
            "Mon Feb 29 23:59:59 +0000 2016",
            "Thu Jan 01 00:00:00 +0000 1970",
        ] {
            assert!(classic_time(text).is_some(), "{text}");
            assert_eq!(classic_time(text), time::parse(text), "{text}");
        }
        for text in [
            "Wed Oct 10 20:19:24 +0100 2018",
            "Wed Oct 32 20:19:24 +0000 2018",
            "Wed Okt 10 20:19:24 +0000 2018",
            "Wed Oct 10 20:19:24 +0000 20188",
            "Wed Oct 1é 20:19:24 +0000 2018",
            "",
        ] {
            assert_eq!(classic_time(text), None, "{text}");
        }
        assert_eq!(When::parse("Wed Oct 10 22:19:24 +0200 2018"), When::parse("2018-10-10T20:19:24.000Z"));
        assert_eq!(When::parse("last week"), When::Bad);
    }

    #[test]
    fn snowflakes_carry_their_time_and_older_ids_do_not() {
        let at = snowflake_time(Id::Number(1_050_118_621_198_921_728)).unwrap();
        assert_eq!(at.to_string(), "2018-10-10T20:19:24.211Z");
        assert_eq!(snowflake_time(Id::Number(28_561_922_516)), None);
        assert_eq!(snowflake_time(Id::Number(-5)), None);
        assert_eq!(snowflake_time(Id::Text("abc")), None);
        assert!(snowflake_time(Id::Number(i64::MAX)).is_some());
    }

    #[test]
    fn only_a_retweet_opens_like_one() {
        assert_eq!(retweeted_handle("RT @ada_99: hello: there"), Some("ada_99"));
        for text in
            ["RT @: x", "RT @ada hello", "rt @ada: x", "RT ada: x", "RT @åda: x", "so RT @ada: x", "RT @", ""]
        {
            assert_eq!(retweeted_handle(text), None, "{text}");
        }
    }

    #[test]
    fn lists_take_null_one_and_many() {
        let read =
            |text: &str| json::from_slice::<Many<Numbered>>(text.as_bytes()).map(|many| many.len()).ok();
        assert_eq!(read("null"), Some(0));
        assert_eq!(read("[]"), Some(0));
        assert_eq!(read(r#"[{"id": 1}, null, {"id": 2}]"#), Some(2));
        assert_eq!(read(r#"{"id": 1}"#), Some(1));
        assert_eq!(read("7"), None);
    }

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Numbered {
        id: u64,
    }

    #[test]
    fn accounts_without_an_id_go_by_their_handle() {
        let mut buffer = String::new();
        let (gone, id) = (json::Id::Number(-1), json::Id::Text("12".into()));
        let handle = Text("@Ada_99 ".into());
        let account = Account::new(Some(&gone), Some(&handle));
        assert_eq!(account.name(&mut buffer), Some(Id::Text("@ada_99")));
        assert_eq!(Account::new(Some(&id), Some(&handle)).name(&mut buffer), Some(Id::Number(12)));
        assert_eq!(Account::new(Some(&gone), Some(&Text("@".into()))).name(&mut buffer), None);
        assert!(account.is(&Account { id: None, handle: Some("ADA_99") }));
        assert!(!account.is(&Account::by_id(Some(Id::Number(12)))));
        assert!(!Account::default().is(&Account::default()));
    }
}
