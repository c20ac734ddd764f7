//! JSON types that take whatever stands in a field, so that one odd value never loses the document around it.
//!
//! Meta's exports write the same field as a number, a text or an object, depending on the version of the API and the
//! year of the download. Here a value of another type than expected becomes "nothing" or "odd"; only text that is no
//! JSON at all fails a document.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use renown_sdk::json::Count;
use renown_sdk::{Timestamp, time};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text or a number; anything else is odd.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    /// The field is missing, or null.
    #[default]
    Absent,
    /// A whole number.
    Integer(i64),
    /// A text, borrowed where the document spells it without escapes.
    Text(Cow<'a, str>),
    /// A fraction, a truth value, a list or an object.
    Odd,
}

impl Scalar<'_> {
    /// The text, unless it is empty or no text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The id as text, whichever way it is written.
    pub(crate) fn key(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Text(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// The count; `None` if the field is missing.
    pub(crate) fn count(&self) -> Option<Count> {
        let number = match self {
            Self::Absent => return None,
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Text(text) => text.parse().ok(),
            Self::Odd => None,
        };
        Some(Count::new(number))
    }

    /// The time, as ISO 8601 or as a Unix time.
    pub(crate) fn time(&self) -> Time {
        let read = match self {
            Self::Absent | Self::Integer(0) => return Time::Missing,
            Self::Integer(number) => time::from_unix(*number),
            Self::Text(text) => match text.parse::<i64>() {
                Ok(0) => return Time::Missing,
                Ok(number) => time::from_unix(number),
                Err(_) => time::parse(text),
            },
            Self::Odd => None,
        };
        read.map_or(Time::Bad, Time::Good)
    }
}

/// The time in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// There is none; the downloads write 0 for that.
    Missing,
    /// What is there is no time.
    Bad,
    /// A time.
    Good(Timestamp),
}

impl Time {
    /// The time, if it is one.
    pub(crate) fn good(self) -> Option<Timestamp> {
        match self {
            Self::Good(at) => Some(at),
            Self::Missing | Self::Bad => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;
        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Scalar::Integer(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(number)
                    .map_or_else(|_| Scalar::Text(Cow::Owned(number.to_string())), Scalar::Integer))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Scalar::Odd)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Scalar::Odd)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Scalar::Absent)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_list(seq).map(|()| Scalar::Odd)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                skip_object(map).map(|()| Scalar::Odd)
            }
        }
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// An object, or nothing where something else stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loose<T>(pub(crate) Option<T>);

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LooseVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for LooseVisitor<T> {
            type Value = Loose<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Loose(Some(value)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_list(seq).map(|()| Loose(None))
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Loose(None))
            }
        }
        deserializer.deserialize_any(LooseVisitor(PhantomData))
    }
}

/// A list of objects. The oldest downloads wrap a list in an object (`{"activity_log_data": [...]}`): it is unwrapped.
#[derive(Clone, Debug)]
pub(crate) struct List<T> {
    /// Its objects.
    pub(crate) items: Vec<T>,
    /// How many of its elements were no objects.
    pub(crate) strays: usize,
    /// Whether there is a list at all.
    pub(crate) present: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), strays: 0, present: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor { wrapped: false, items: PhantomData })
    }
}

/// A list that stands inside an object: not unwrapped a second time.
struct Inner<T>(List<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Inner<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor { wrapped: true, items: PhantomData }).map(Inner)
    }
}

struct ListVisitor<T> {
    wrapped: bool,
    items: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = List { present: true, ..List::default() };
        while let Some(Loose(item)) = seq.next_element()? {
            match item {
                Some(item) => list.items.push(item),
                None => list.strays += 1,
            }
        }
        Ok(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.wrapped {
            return skip_object(map).map(|()| List::default());
        }
        let mut all = List::default();
        while let Some((_, Inner(list))) = map.next_entry::<IgnoredAny, Inner<T>>()? {
            all.items.extend(list.items);
            all.strays += list.strays;
            all.present |= list.present;
        }
        Ok(all)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(List::default())
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(List::default())
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(List::default())
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(List::default())
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(List::default())
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(List::default())
    }
}

/// A list of anything that `T` takes, or an empty one where something else stands.
#[derive(Clone, Debug)]
pub(crate) struct Seq<T>(pub(crate) Vec<T>);

impl<T> Default for Seq<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Seq<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SeqVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for SeqVisitor<T> {
            type Value = Seq<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Seq(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                skip_object(map).map(|()| Seq::default())
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Seq::default())
            }
        }
        deserializer.deserialize_any(SeqVisitor(PhantomData))
    }
}

/// A name: a text, or an object that holds one as `name`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named<'a>(pub(crate) Scalar<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamedVisitor;
        #[derive(serde::Deserialize)]
        struct Fields<'a> {
            // An owner's name in a profile is `full_name`.
            #[serde(borrow, default, alias = "full_name")]
            name: Scalar<'a>,
        }
        impl<'de> Visitor<'de> for NamedVisitor {
            type Value = Named<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or an object with one")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Text(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Text(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Fields::deserialize(MapAccessDeserializer::new(map)).map(|fields| Named(fields.name))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_list(seq).map(|()| Named(Scalar::Odd))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Odd))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Odd))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Odd))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Odd))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Named(Scalar::Absent))
            }
        }
        deserializer.deserialize_any(NamedVisitor)
    }
}

/// Anything: only whether it is there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Present(pub(crate) bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

/// Reads a list to its end.
pub(crate) fn skip_list<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads an object to its end.
pub(crate) fn skip_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use renown_sdk::json;

    use super::*;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Sample<'a> {
        #[serde(borrow)]
        scalar: Scalar<'a>,
        object: Loose<Empty>,
        list: List<Empty>,
        seq: Seq<Present>,
        #[serde(borrow)]
        named: Named<'a>,
        after: Option<u64>,
    }

    #[derive(Debug, Default, serde::Deserialize)]
    struct Empty {}

    const VALUES: [&str; 10] = [
        "null",
        "true",
        "-1",
        "18446744073709551615",
        "1.5",
        "\"a\\n\"",
        "[1, [2]]",
        "{\"x\": {}}",
        "[]",
        "{}",
    ];

    #[test]
    fn no_value_of_a_field_loses_the_next_field() {
        for value in VALUES {
            for field in ["scalar", "object", "list", "seq", "named"] {
                let text = format!("{{\"{field}\": {value}, \"after\": 7}}");
                let sample: Sample<'_> = json::from_slice(text.as_bytes()).expect(&text);
                assert_eq!(sample.after, Some(7), "{text}");
            }
        }
    }

    #[test]
    fn a_list_counts_what_is_no_object() {
        let sample: Sample<'_> = json::from_slice(br#"{"list": [{}, null, 3, {"a": [1]}]}"#).unwrap();
        assert_eq!((sample.list.items.len(), sample.list.strays), (2, 2));
        let sample: Sample<'_> =
            json::from_slice(br#"{"list": {"activity_log_data": [{}], "x": 1}}"#).unwrap();
        assert_eq!((sample.list.items.len(), sample.list.present), (1, true));
        let sample: Sample<'_> =
            json::from_slice(br#"{"list": {"a": {"b": [{}]}}, "object": [{}]}"#).unwrap();
        assert_eq!(
            (sample.list.items.len(), sample.list.present, sample.object.0.is_some()),
            (0, false, false)
        );
    }

    #[test]
    fn scalars_are_ids_counts_and_times_in_any_spelling() {
        let read = |text: &str| -> (Option<Count>, Time, Option<String>) {
            let text = format!("{{\"scalar\": {text}}}");
            let sample: Sample<'_> = json::from_slice(text.as_bytes()).unwrap();
            (sample.scalar.count(), sample.scalar.time(), sample.scalar.key().map(Cow::into_owned))
        };
        let at = Time::Good(Timestamp::from_seconds(1_500_000_000).unwrap());
        assert_eq!(
            read("1500000000"),
            (Some(Count::new(Some(1_500_000_000))), at, Some("1500000000".into()))
        );
        assert_eq!(read("\"1500000000\""), read("1500000000"));
        assert_eq!(read("\"2017-07-14T02:40:00+0000\"").1, at);
        assert_eq!(read("null"), (None, Time::Missing, None));
        assert_eq!(read("0").1, Time::Missing);
        for odd in ["-3", "1.5", "1e30", "true", "[]", "{}", "\"many\"", "1000000000000000001"] {
            assert_eq!(read(odd).0, Some(Count::BAD), "{odd}");
        }
        for odd in ["-3", "1.5", "true", "\"yesterday\"", "\"\""] {
            assert_eq!(read(odd).1, Time::Bad, "{odd}");
        }
    }
}
