//! Values that are read whatever their type, so that a field of a type it never had loses itself and not its record.

use std::fmt;

use renown_sdk::{Timestamp, json, time};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A point in time: a text as networks write it, or a Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Good(Timestamp),
    Bad,
}

impl When {
    pub(crate) fn good(self) -> Option<Timestamp> {
        match self {
            Self::Good(at) => Some(at),
            Self::Bad => None,
        }
    }
}

impl From<Option<Timestamp>> for When {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Bad, Self::Good)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WhenVisitor;
        impl<'de> Visitor<'de> for WhenVisitor {
            type Value = When;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time")
            }
            fn visit_str<E>(self, text: &str) -> Result<When, E> {
                Ok(time::parse(text).into())
            }
            fn visit_i64<E>(self, number: i64) -> Result<When, E> {
                Ok(time::from_unix(number).into())
            }
            fn visit_u64<E>(self, number: u64) -> Result<When, E> {
                Ok(i64::try_from(number).ok().and_then(time::from_unix).into())
            }
            fn visit_f64<E>(self, _: f64) -> Result<When, E> {
                Ok(When::Bad)
            }
            fn visit_bool<E>(self, _: bool) -> Result<When, E> {
                Ok(When::Bad)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<When, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(When::Bad)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<When, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(When::Bad)
            }
        }
        deserializer.deserialize_any(WhenVisitor)
    }
}

/// Yes or no; anything but `true` and `"true"` is no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Flag, E> {
                Ok(Flag(yes))
            }
            fn visit_str<E>(self, text: &str) -> Result<Flag, E> {
                Ok(Flag(text.eq_ignore_ascii_case("true")))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Flag, E> {
                Ok(Flag(false))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Flag, E> {
                Ok(Flag(false))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Flag, E> {
                Ok(Flag(false))
            }
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

/// What a resource points to: a bare id, or an object that says of what sort the id is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ref<'a> {
    /// The id itself: a bare id, or an object's `value`.
    pub(crate) value: Option<json::Id<'a>>,
    pub(crate) video: Option<json::Id<'a>>,
    pub(crate) channel: Option<json::Id<'a>>,
}

/// The object form of a [`Ref`].
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    value: Option<json::Id<'a>>,
    #[serde(borrow)]
    video_id: Option<json::Id<'a>>,
    #[serde(borrow)]
    channel_id: Option<json::Id<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Ref<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RefVisitor;
        impl<'de> Visitor<'de> for RefVisitor {
            type Value = Ref<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id or an object with one")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Ref { value: Some(json::Id::Text(text.into())), ..Ref::default() })
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Ref { value: Some(json::Id::Text(text.to_owned().into())), ..Ref::default() })
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Ref { value: Some(json::Id::Number(number)), ..Ref::default() })
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                match i64::try_from(number) {
                    Ok(number) => self.visit_i64(number),
                    Err(_) => self.visit_str(&number.to_string()),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Ref { value: fields.value, video: fields.video_id, channel: fields.channel_id })
            }
        }
        deserializer.deserialize_any(RefVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_any_type_is_read_or_bad() {
        let read = |text: &str| json::from_slice::<Vec<When>>(format!("[{text}]").as_bytes()).unwrap()[0];
        let expected = When::from(Timestamp::from_seconds(1_553_200_669));
        for good in
            ["\"2019-03-21T20:37:49.000Z\"", "\"2019-03-21T20:37:49Z\"", "1553200669", "1553200669000"]
        {
            assert_eq!(read(good), expected, "{good}");
        }
        for bad in ["\"soon\"", "{\"seconds\": 1}", "[1, [2]]", "true", "1.5", "18446744073709551615", "-1"] {
            assert_eq!(read(bad), When::Bad, "{bad}");
        }
    }

    #[test]
    fn a_reference_is_a_text_a_number_or_an_object() {
        let read = |text: &'static str| json::from_slice::<Ref<'_>>(text.as_bytes()).unwrap();
        assert_eq!(read("\"abc\"").value, Some(json::Id::Text("abc".into())));
        assert_eq!(read("{\"value\": \"abc\"}").value, Some(json::Id::Text("abc".into())));
        assert_eq!(read("12").value, Some(json::Id::Number(12)));
        assert_eq!(read("18446744073709551615").value, Some(json::Id::Text("18446744073709551615".into())));
        let video = read("{\"kind\": \"youtube#video\", \"videoId\": \"abc\", \"more\": [1]}");
        assert_eq!((video.video, video.channel), (Some(json::Id::Text("abc".into())), None));
        assert_eq!(read("{}"), Ref::default());
    }

    #[test]
    fn a_flag_is_true_only_if_it_says_so() {
        for (text, yes) in
            [("true", true), ("\"True\"", true), ("false", false), ("\"no\"", false), ("1", false)]
        {
            assert_eq!(json::from_slice::<Flag>(text.as_bytes()).unwrap().0, yes, "{text}");
        }
    }
}
