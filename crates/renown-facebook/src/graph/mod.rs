//! Responses of Meta's Graph API: what the Facebook and the Instagram side of it share.
//!
//! A response is a page (`{"data": [...], "paging": {...}}`), a single object, an object of objects by id (when several
//! were asked for at once), or an error. Objects nest edges, which are pages again: a post holds its comments, a comment
//! its replies. The types here nest a fixed number of times, so no document can recurse.

pub(crate) mod facebook;
mod insights;
pub(crate) mod instagram;

use std::fmt;
use std::marker::PhantomData;

use renown_sdk::json::{self, Count, JsonError, Text};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::loose::{List, Loose, Present, Scalar, skip_object};

/// An edge: a page of objects with a total; old versions of the API write a bare number or a bare list.
#[derive(Debug)]
pub(crate) struct Edge<'a, T> {
    /// The id, where the field holds a single object after all (`media` of a comment).
    pub(crate) id: Scalar<'a>,
    pub(crate) items: Vec<T>,
    pub(crate) strays: usize,
    /// How many there are in all.
    pub(crate) total: Option<Count>,
    /// Whether a list of objects is there, be it an empty one.
    pub(crate) listed: bool,
}

impl<T> Default for Edge<'_, T> {
    fn default() -> Self {
        Self { id: Scalar::Absent, items: Vec::new(), strays: 0, total: None, listed: false }
    }
}

#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct EdgeFields<'a, T> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(default)]
    data: List<T>,
    #[serde(borrow, default)]
    summary: Loose<Summary<'a>>,
    #[serde(borrow, default)]
    count: Scalar<'a>,
}

#[derive(serde::Deserialize)]
struct Summary<'a> {
    #[serde(borrow, default)]
    total_count: Scalar<'a>,
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Edge<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EdgeVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EdgeVisitor<T> {
            type Value = Edge<'de, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an edge: an object, a list or a number")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let fields = EdgeFields::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                let summary = fields.summary.0.and_then(|summary| summary.total_count.count());
                Ok(Edge {
                    id: fields.id,
                    items: fields.data.items,
                    strays: fields.data.strays,
                    total: summary.or_else(|| fields.count.count()),
                    listed: fields.data.present,
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut edge = Edge { listed: true, ..Edge::default() };
                while let Some(Loose(item)) = seq.next_element()? {
                    match item {
                        Some(item) => edge.items.push(item),
                        None => edge.strays += 1,
                    }
                }
                Ok(edge)
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Edge { total: Scalar::Integer(number).count(), ..Edge::default() })
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                let total =
                    i64::try_from(number).map_or(Some(Count::BAD), |number| Scalar::Integer(number).count());
                Ok(Edge { total, ..Edge::default() })
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Edge { total: Some(Count::BAD), ..Edge::default() })
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Edge { total: Scalar::Text(text.into()).count(), ..Edge::default() })
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Edge { total: Some(Count::BAD), ..Edge::default() })
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Edge::default())
            }
        }
        deserializer.deserialize_any(EdgeVisitor(PhantomData))
    }
}

/// An edge of which only the total is of use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Total(pub(crate) Option<Count>);

impl<'de> Deserialize<'de> for Total {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Edge::<'de, Skip>::deserialize(deserializer).map(|edge| Self(edge.total))
    }
}

/// Where a nesting type ends: takes anything and keeps nothing.
pub(crate) type Skip = Present;

/// The addresses of the pages before and after; they name the object and the edge that was asked for.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Paging<'a> {
    #[serde(borrow, default)]
    next: Scalar<'a>,
    #[serde(borrow, default)]
    previous: Scalar<'a>,
}

impl Paging<'_> {
    /// Whose edge the page is, if the page says so.
    pub(crate) fn link(&self) -> Option<Link<'_>> {
        self.next.text().and_then(Link::of).or_else(|| self.previous.text().and_then(Link::of))
    }
}

/// Whose edge a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link<'a> {
    /// The object.
    pub(crate) id: &'a str,
    /// The edge: `posts`, `comments`, `likes`; empty where only the object is known.
    pub(crate) edge: &'a str,
}

impl<'a> Link<'a> {
    /// From an address such as `https://graph.facebook.com/v11.0/123_456/comments?limit=5`.
    fn of(url: &'a str) -> Option<Self> {
        let url = url.strip_prefix("https://graph.")?;
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
        let (edge, id) = (parts.next()?, parts.next()?);
        // Photos and videos are one's own unless those of others were asked for.
        let edge = if query.split('&').any(|parameter| parameter == "type=tagged") { "tagged" } else { edge };
        is_object_id(id).then_some(Self { id, edge })
    }
}

/// Whether a text is the id of an object: digits, with underscores between the ids of a page, a post and a comment.
pub(crate) fn is_object_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// Messages (`m_...`) and conversations (`t_...`) have ids of their own kind.
pub(crate) fn is_message_id(text: &str) -> bool {
    text.starts_with("m_") || text.starts_with("t_") || text.starts_with("mid.")
}

/// A document: one object, or several by id.
pub(crate) enum Document<'a, T> {
    One(Box<T>),
    ById(Vec<(Text<'a>, T)>),
}

impl<'a, T: Deserialize<'a>> Document<'a, T> {
    /// Reads a document, whichever of the two it is.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, JsonError> {
        if first_key(bytes).is_some_and(|key| is_object_id(key) || is_message_id(key)) {
            json::from_slice(bytes).map(|ById(objects)| Self::ById(objects))
        } else {
            json::from_slice(bytes).map(|object| Self::One(Box::new(object)))
        }
    }
}

/// The first key of an object.
pub(crate) fn first_key(bytes: &[u8]) -> Option<&str> {
    let rest = bytes.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = rest.iter().take(256).position(|&byte| byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok()
}

struct ById<'a, T>(Vec<(Text<'a>, T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for ById<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByIdVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ByIdVisitor<T> {
            type Value = ById<'de, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("objects by id")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut objects = Vec::new();
                while let Some((id, Loose(object))) = map.next_entry::<Text<'de>, Loose<T>>()? {
                    objects.extend(object.map(|object| (id, object)));
                }
                Ok(ById(objects))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                crate::loose::skip_list(seq).map(|()| ById(Vec::new()))
            }
        }
        deserializer.deserialize_any(ByIdVisitor(PhantomData))
    }
}

/// A value of an insight: a number, or numbers by reaction type.
#[derive(Debug, Default)]
pub(crate) enum Value<'a> {
    #[default]
    Absent,
    Number(Scalar<'a>),
    ByType(Vec<(Text<'a>, Scalar<'a>)>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or numbers by type")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    // No insight that is read has more than a dozen; breakdowns by city have hundreds.
                    if values.len() == 32 {
                        skip_object(map)?;
                        break;
                    }
                    values.push(entry);
                }
                Ok(Value::ByType(values))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                crate::loose::skip_list(seq).map(|()| Value::Number(Scalar::Odd))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Value::Number(Scalar::Integer(number)))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Value::Number(i64::try_from(number).map_or(Scalar::Odd, Scalar::Integer)))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Value::Number(Scalar::Odd))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Value::Number(Scalar::Text(text.to_owned().into())))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Value::Number(Scalar::Odd))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Value::Absent)
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_object_in_its_addresses() {
        let link = Link::of("https://graph.facebook.com/v11.0/12_345/comments?limit=5&after=x/y");
        assert_eq!(link, Some(Link { id: "12_345", edge: "comments" }));
        let link = Link::of("https://graph.instagram.com/17841/media");
        assert_eq!(link, Some(Link { id: "17841", edge: "media" }));
        let link = Link::of("https://graph.facebook.com/v4.0/12/photos?limit=5&type=tagged");
        assert_eq!(link, Some(Link { id: "12", edge: "tagged" }));
        for url in [
            "https://graph.facebook.com/v12.0/pages/search?q=x",
            "https://graph.facebook.com/me/posts",
            "https://example.org/12/posts",
            "https://graph.",
            "",
        ] {
            assert_eq!(Link::of(url), None, "{url}");
        }
    }

    #[test]
    fn an_edge_is_an_object_a_list_or_a_number() {
        #[derive(serde::Deserialize)]
        struct Sample<'a> {
            #[serde(borrow)]
            edge: Edge<'a, Skip>,
            after: u8,
        }
        for (text, items, total) in [
            (r#"{"data": [1, {}], "summary": {"total_count": 9}}"#, 1, Some(Count::new(Some(9)))),
            (r#"{"count": "12"}"#, 0, Some(Count::new(Some(12)))),
            (r#"{"data": {}, "summary": []}"#, 0, None),
            ("[{}, {}]", 2, None),
            ("5", 0, Some(Count::new(Some(5)))),
            ("-5", 0, Some(Count::BAD)),
            ("5.5", 0, Some(Count::BAD)),
            ("\"5\"", 0, Some(Count::new(Some(5)))),
            ("null", 0, None),
            ("true", 0, Some(Count::BAD)),
        ] {
            let text = format!("{{\"edge\": {text}, \"after\": 1}}");
            let sample: Sample<'_> = json::from_slice(text.as_bytes()).expect(&text);
            assert_eq!(
                (sample.edge.items.len(), sample.edge.total, sample.after),
                (items, total, 1),
                "{text}"
            );
        }
    }

    #[test]
    fn documents_by_id_are_told_by_their_first_key() {
        for (text, count) in [
            (r#"{"12_3": {}, "4": null, "5": {}}"#, Some(2)),
            (r#" { "m_x-Y" : {}}"#, Some(1)),
            (r#"{"id": "12"}"#, None),
            (r#"{"data": []}"#, None),
            ("{}", None),
        ] {
            match Document::<Skip>::read(text.as_bytes()).unwrap() {
                Document::ById(objects) => assert_eq!(Some(objects.len()), count, "{text}"),
                Document::One(_) => assert_eq!(None, count, "{text}"),
            }
        }
        assert!(Document::<Skip>::read(b"{\"1\": {").is_err());
    }
}
