//! Fields that take whatever a server writes. `ActivityStreams` lets the same property be a text, an object or a list of
//! either, and a whole archive is one document: a field of another type than expected must not lose the rest of it.
//!
//! No type here contains itself, so that no document can exhaust the stack.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use renown_sdk::json::Count;
use renown_sdk::{Timestamp, time};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a field is when its JSON is of one of these sorts.
macro_rules! when_it_is {
    ($value:expr; $($sort:ident)*) => { $(when_it_is!(@ $value, $sort);)* };
    (@ $value:expr, bool) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ $value:expr, number) => {
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ $value:expr, fraction) => {
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ $value:expr, text) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ $value:expr, null) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ $value:expr, array) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
    (@ $value:expr, object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
            while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}

/// A value that nobody looks at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// A text that is not empty, or a whole number as its text; otherwise nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Str<'a>(Option<Cow<'a, str>>);

impl<'a> Str<'a> {
    fn borrowed(text: &'a str) -> Self {
        let text = text.trim();
        Self((!text.is_empty()).then_some(Cow::Borrowed(text)))
    }

    fn owned(text: &str) -> Self {
        let text = text.trim();
        Self((!text.is_empty()).then(|| Cow::Owned(text.to_owned())))
    }

    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether it is this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.get() == Some(text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StrVisitor;
        impl<'de> Visitor<'de> for StrVisitor {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str::borrowed(text))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str::owned(text))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Owned(number.to_string()))))
            }
            when_it_is!(Str::default(); bool fraction null array object);
        }
        deserializer.deserialize_any(StrVisitor)
    }
}

/// The URI of something: the text itself, the `id` or `href` of an object, or the first text of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link<'a>(Str<'a>);

impl Link<'_> {
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.get()
    }
}

#[derive(serde::Deserialize)]
struct Linked<'a> {
    #[serde(borrow, default)]
    id: Str<'a>,
    #[serde(borrow, default)]
    href: Str<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Link<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LinkVisitor;
        impl<'de> Visitor<'de> for LinkVisitor {
            type Value = Link<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URI, or an object that has one")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Link(Str::borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Link(Str::owned(text)))
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                let linked = Linked::deserialize(MapAccessDeserializer::new(fields))?;
                Ok(Link(if linked.id.get().is_some() { linked.id } else { linked.href }))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
                let mut first = Str::default();
                while let Some(element) = elements.next_element::<Str<'de>>()? {
                    if first.get().is_none() {
                        first = element;
                    }
                }
                Ok(Link(first))
            }
            when_it_is!(Link::default(); bool number null);
        }
        deserializer.deserialize_any(LinkVisitor)
    }
}

/// An object, if that is what stands there.
#[derive(Clone, Debug)]
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Maybe<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MaybeVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for MaybeVisitor<T> {
            type Value = Maybe<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(|object| Maybe(Some(object)))
            }
            when_it_is!(Maybe(None); bool number text null array);
        }
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

/// The elements of a list; one element where there is no list around it; none for null.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(Vec<T>);

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
                f.write_str("a list of objects")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(element) = elements.next_element::<T>()? {
                    all.push(element);
                }
                Ok(Many(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(|one| Many(vec![one]))
            }
            when_it_is!(Many(Vec::new()); bool number text null);
        }
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

/// What an activity is about: its URI, or the object itself.
#[derive(Clone, Debug)]
pub(crate) enum Object<'a, T> {
    Uri(Str<'a>),
    Whole(T),
}

impl<T> Default for Object<'_, T> {
    fn default() -> Self {
        Self::Uri(Str::default())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Object<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<'de, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URI, or an object")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Object::Uri(Str::borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Object::Uri(Str::owned(text)))
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Object::Whole)
            }
            when_it_is!(Object::default(); bool number null array);
        }
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

/// A time as the document spells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum When {
    #[default]
    Missing,
    Good(Timestamp),
    /// There, and no time.
    Bad,
}

impl When {
    pub(crate) fn good(self) -> Option<Timestamp> {
        match self {
            Self::Good(at) => Some(at),
            Self::Missing | Self::Bad => None,
        }
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
                Ok(time::parse(text).map_or(When::Bad, When::Good))
            }
            when_it_is!(When::Missing; null);
            when_it_is!(When::Bad; bool number array object);
        }
        deserializer.deserialize_any(WhenVisitor)
    }
}

/// A count, if one is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Total(pub(crate) Option<Count>);

impl<'de> Deserialize<'de> for Total {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TotalVisitor;
        impl<'de> Visitor<'de> for TotalVisitor {
            type Value = Total;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count")
            }
            fn visit_u64<E>(self, number: u64) -> Result<Total, E> {
                Ok(Total(Some(Count::new(Some(number)))))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Total, E> {
                Ok(Total(Some(Count::new(u64::try_from(number).ok()))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Total, E> {
                Ok(Total(Some(Count::new(text.parse().ok()))))
            }
            when_it_is!(Total(None); null);
            when_it_is!(Total(Some(Count::BAD)); bool fraction array object);
        }
        deserializer.deserialize_any(TotalVisitor)
    }
}

/// To whom something is addressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    /// To everybody, or to everybody who follows the author.
    pub(crate) open: bool,
    /// To somebody by name.
    pub(crate) named: bool,
}

impl Audience {
    fn add(&mut self, address: &str) {
        let everybody = ["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"];
        if everybody.contains(&address) || address.ends_with("/followers") {
            self.open = true;
        } else {
            self.named = true;
        }
    }

    /// Whether it is a letter: addressed to some by name, and not to all or all followers.
    pub(crate) fn is_direct(to: Self, cc: Self) -> bool {
        !to.open && !cc.open && (to.named || cc.named)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AudienceVisitor;
        impl<'de> Visitor<'de> for AudienceVisitor {
            type Value = Audience;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("addresses")
            }
            fn visit_str<E>(self, text: &str) -> Result<Audience, E> {
                let mut audience = Audience::default();
                audience.add(text);
                Ok(audience)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Audience, A::Error> {
                let mut audience = Audience::default();
                while let Some(element) = elements.next_element::<Str<'de>>()? {
                    if let Some(address) = element.get() {
                        audience.add(address);
                    }
                }
                Ok(audience)
            }
            when_it_is!(Audience::default(); bool number null object);
        }
        deserializer.deserialize_any(AudienceVisitor)
    }
}

#[cfg(test)]
mod tests {
    use renown_sdk::json::from_slice;

    use super::*;

    /// One of everything that JSON can be.
    const ANYTHING: [&str; 10] = [
        "null",
        "true",
        "-1",
        "18446744073709551615",
        "1e30",
        "\"\"",
        "\"x\"",
        "[]",
        "[[1], {}]",
        "{\"a\": [{}]}",
    ];

    fn takes_anything<'a, T: Deserialize<'a>>() {
        for json in ANYTHING {
            assert!(from_slice::<T>(json.as_bytes()).is_ok(), "{json}");
        }
    }

    #[test]
    fn a_field_of_another_type_loses_nothing_beside_it() {
        takes_anything::<Str<'_>>();
        takes_anything::<Link<'_>>();
        takes_anything::<Maybe<Linked<'_>>>();
        takes_anything::<Many<Maybe<Linked<'_>>>>();
        takes_anything::<Object<'_, Linked<'_>>>();
        takes_anything::<When>();
        takes_anything::<Total>();
        takes_anything::<Audience>();
    }

    #[test]
    fn a_link_is_found_in_each_of_its_forms() {
        for json in
            ["\" u \"", "{\"id\": \"u\"}", "{\"type\": \"Link\", \"href\": \"u\"}", "[null, \"u\", \"v\"]"]
        {
            assert_eq!(from_slice::<Link<'_>>(json.as_bytes()).unwrap().get(), Some("u"), "{json}");
        }
        assert_eq!(from_slice::<Link<'_>>(b"\"  \"").unwrap().get(), None);
    }

    #[test]
    fn letters_are_told_from_posts() {
        let audience = |json: &str| from_slice::<Audience>(json.as_bytes()).unwrap();
        let nobody = Audience::default();
        let person = audience("[\"https://a.example/users/bo\"]");
        assert!(Audience::is_direct(person, nobody));
        assert!(!Audience::is_direct(nobody, nobody));
        for open in ["\"as:Public\"", "[\"https://a.example/users/ada/followers\"]"] {
            assert!(!Audience::is_direct(person, audience(open)), "{open}");
        }
    }
}
