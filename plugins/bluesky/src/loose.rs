//! Fields that may hold anything.
//!
//! Anybody may write any record into their own repository, and other applications use the same field names for other
//! things (`subject`, `reply`, `embed`). So a field of another shape than the one looked for is [`Loose::Bad`] and loses
//! neither the record nor what stands beside it in a page.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use renown_sdk::json::{Count, Text};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value of the shape that is looked for, or some other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loose<T> {
    Good(T),
    Bad,
}

impl<T> Loose<T> {
    pub(crate) fn good(&self) -> Option<&T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Bad => None,
        }
    }
}

/// The good value of a field that may be missing.
pub(crate) fn good<T>(field: Option<&Loose<T>>) -> Option<&T> {
    field.and_then(Loose::good)
}

/// A text that may be missing or something else.
pub(crate) fn text<'f>(field: Option<&'f Loose<Text<'_>>>) -> Option<&'f str> {
    good(field).map(|text| &**text)
}

/// A count that may be missing; [`Count::BAD`] if it is something else.
pub(crate) fn count(field: Option<Loose<Count>>) -> Option<Count> {
    field.map(|count| count.good().copied().unwrap_or(Count::BAD))
}

/// A shape: what can be made of each sort of value, where anything can.
pub(crate) trait Shape<'de>: Sized {
    fn of_text(_: Cow<'de, str>) -> Option<Self> {
        None
    }

    fn of_number(_: Option<u64>) -> Option<Self> {
        None
    }

    fn of_flag(_: bool) -> Option<Self> {
        None
    }

    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de: 'a, 'a> Shape<'de> for Text<'a> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self(text))
    }
}

impl Shape<'_> for Count {
    fn of_text(text: Cow<'_, str>) -> Option<Self> {
        Some(Self::new(text.parse().ok()))
    }

    fn of_number(number: Option<u64>) -> Option<Self> {
        Some(Self::new(number))
    }
}

impl Shape<'_> for bool {
    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

/// An object with the fields of `T`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Object<T>(pub(crate) T);

impl<T> std::ops::Deref for Object<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Shape<'de> for Object<T> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|object| Some(Self(object)))
    }
}

/// A list of objects; elements that are none are `Bad`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List<T>(pub(crate) Vec<Loose<Object<T>>>);

impl<'de, T: Deserialize<'de>> Shape<'de> for List<T> {
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = list.next_element()? {
            all.push(element);
        }
        Ok(Some(Self(all)))
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor(PhantomData))
    }
}

struct LooseVisitor<T>(PhantomData<T>);

impl<'de, T: Shape<'de>> Visitor<'de> for LooseVisitor<T> {
    type Value = Loose<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(loose(T::of_text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(loose(T::of_text(Cow::Owned(text.to_owned()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(loose(T::of_number(Some(number))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(loose(T::of_number(u64::try_from(number).ok())))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Self::Value, E> {
        Ok(loose(T::of_number(u64::try_from(number).ok())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(loose(T::of_number(None)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::of_map(map).map(loose)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::of_list(list).map(loose)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(loose(T::of_flag(flag)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Bad)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Bad)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Self::Value, E> {
        Ok(Loose::Bad)
    }

    /// A link to another block, in DAG-CBOR.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, link: D) -> Result<Self::Value, D::Error> {
        IgnoredAny::deserialize(link).map(|_| Loose::Bad)
    }
}

fn loose<T>(value: Option<T>) -> Loose<T> {
    value.map_or(Loose::Bad, Loose::Good)
}

#[cfg(test)]
mod tests {
    use renown_sdk::json::from_slice;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Sample<'a> {
        #[serde(borrow)]
        name: Option<Loose<Text<'a>>>,
        count: Option<Loose<Count>>,
        #[serde(borrow)]
        list: Option<Loose<List<Inner<'a>>>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner<'a> {
        #[serde(borrow)]
        name: Option<Loose<Text<'a>>>,
    }

    #[test]
    fn any_value_in_any_field_loses_that_field_only() {
        for value in
            ["true", "-5", "1.5", "1e400", "[[1], {}]", r#"{"name": {"name": []}}"#, r#""x""#, "null"]
        {
            for field in ["name", "count", "list"] {
                let input = format!(r#"{{"{field}": {value}, "other": 1}}"#);
                let read = from_slice::<Sample<'_>>(input.as_bytes());
                // A number beyond all floats is no JSON to the parser.
                assert_eq!(read.is_err(), value == "1e400", "{input}: {read:?}");
            }
        }
    }

    #[test]
    fn good_values_are_borrowed_and_bad_elements_are_kept_apart() {
        let input = r#"{"name": "ada", "count": "7", "list": [{"name": "a\u00e5"}, 5, null, {"name": 5}]}"#;
        let sample: Sample<'_> = from_slice(input.as_bytes()).unwrap();
        assert!(matches!(&sample.name, Some(Loose::Good(Text(Cow::Borrowed("ada"))))));
        assert_eq!(count(sample.count), Some(Count::new(Some(7))));
        let list = good(sample.list.as_ref()).unwrap();
        assert_eq!(text(list.0[0].good().unwrap().name.as_ref()), Some("aå"));
        assert_eq!(&list.0[1..3], &[Loose::Bad, Loose::Bad]);
        assert_eq!(list.0[3], Loose::Good(Object(Inner { name: Some(Loose::Bad) })));
    }
}
