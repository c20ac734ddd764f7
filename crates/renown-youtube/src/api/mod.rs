//! Data API v3: list responses, single resources and error bodies.
//!
//! A page is read as one document, since its newest item tells how fresh its totals are. If it does not parse as a
//! whole, each item is read by itself, so that a broken one loses nothing but itself.

mod activity;
mod channel;
mod comment;
mod resource;
mod video;

use std::collections::HashMap;

use renown_sdk::json::{self, JsonError, Outline};
use renown_sdk::{File, Id, Piece, Reader, Sink, Timestamp};

use crate::out::Out;
use crate::vocabulary::Words;
use resource::{Document, RawPage, Resource, Snippet};

/// The file kind.
pub(crate) const API: &str = "api-v3";

/// Where the first resource says its kind, whatever it stands in: alone, in a response, in a list of either. In some
/// files the keys are sorted, so that a response's own `kind` comes after all of its items.
const KIND_PATHS: [&str; 4] = ["kind", "[].kind", "items[].kind", "[].items[].kind"];

/// The form of Google's error bodies. (Other networks' have neither `domain` nor `reason`.)
const ERROR_PATHS: [&str; 3] = ["error.code", "error.errors[].domain", "error.errors[].reason"];

pub(crate) fn recognise(file: &File<'_>) -> Option<&'static str> {
    let outline = Outline::of(file.head);
    let resources = outline.has_any(&KIND_PATHS) && names_a_youtube_kind(file.head);
    (outline.prefix.is_empty() && (resources || outline.has_all(&ERROR_PATHS))).then_some(API)
}

/// Whether `"kind": "youtube#` stands anywhere. (Inside another network's text its quotes would be escaped.)
fn names_a_youtube_kind(head: &[u8]) -> bool {
    memchr::memmem::find_iter(head, b"\"kind\"").any(|at| {
        let rest = head[at + b"\"kind\"".len()..].trim_ascii_start();
        rest.strip_prefix(b":").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"youtube#"))
    })
}

/// Reads API documents.
pub(crate) struct Api {
    words: Words,
}

impl Api {
    pub(crate) fn new(words: Words) -> Self {
        Self { words }
    }
}

impl Reader for Api {
    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut out = Out::new(&self.words, sink, piece.bytes);
        match json::from_slice::<Document<'_>>(piece.bytes) {
            Ok(document) => read_document(document, &mut out),
            Err(error) => read_apart(piece.bytes, &error, &mut out),
        }
    }
}

fn read_document(document: Document<'_>, out: &mut Out<'_>) {
    if document.error.is_some() {
        return out.pass_over("error body");
    }
    let (resource, items) = document.split();
    let kind = resource.kind.as_deref().unwrap_or("");
    let item_kind = kind_of_items(kind);
    match items {
        Some(items) => {
            let context = Context::of(&items);
            for item in &items {
                read_resource(item_kind, item, &context, out);
            }
        }
        // A response without a single item may leave the list out.
        None if item_kind != kind => {}
        None => read_resource(kind, &resource, &Context::of(std::slice::from_ref(&resource)), out),
    }
}

/// Reads a page that does not parse as a whole, item by item.
fn read_apart<'o>(bytes: &'o [u8], error: &JsonError, out: &mut Out<'o>) {
    // The parser trusts what it does not look into to be UTF-8.
    let page = std::str::from_utf8(bytes).ok().and_then(|_| json::from_slice::<RawPage<'_>>(bytes).ok());
    let Some(RawPage { kind, items: Some(raw) }) = page else { return out.reject(error.to_string()) };
    let kind = kind_of_items(kind.as_deref().unwrap_or(""));
    let (mut records, mut items) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
    for value in &raw {
        let record = value.as_raw_str().as_bytes();
        match json::from_slice::<Resource<'_>>(record) {
            Ok(item) => {
                records.push(record);
                items.push(item);
            }
            Err(error) => {
                place(out, bytes, record);
                out.reject(format!("an item of the page: {error}"));
            }
        }
    }
    let context = Context::of(&items);
    for (record, item) in records.iter().zip(&items) {
        place(out, bytes, record);
        read_resource(kind, item, &context, out);
    }
}

/// Says where in the piece the record at hand lies.
fn place<'o>(out: &mut Out<'o>, piece: &'o [u8], record: &[u8]) {
    let start = (record.as_ptr() as usize).saturating_sub(piece.as_ptr() as usize);
    if let Some(part) = piece.get(start..start.saturating_add(record.len())) {
        (out.offset, out.record) = (start, part);
    }
}

/// The kind of a response's items: `youtube#video` of `youtube#videoListResponse`. Requests that ask for a few fields
/// only get items that do not say it themselves.
fn kind_of_items(kind: &str) -> &str {
    kind.strip_suffix("ListResponse").or_else(|| kind.strip_suffix("Response")).unwrap_or(kind)
}

/// What the items of a page tell of each other.
struct Context<'p> {
    /// The newest time in the page, which cannot have been fetched earlier.
    newest: Option<Timestamp>,
    /// The page's comments by id, where some answer others: a reply does not say whom it answers.
    comments: HashMap<Id<'p>, &'p Snippet<'p>>,
}

impl<'p> Context<'p> {
    fn of(items: &'p [Resource<'p>]) -> Self {
        let newest = items.iter().filter_map(Resource::newest).max();
        let snippets = || items.iter().filter_map(|item| Some((item, item.snippet.as_ref()?)));
        let mut comments = HashMap::new();
        if snippets().any(|(_, snippet)| snippet.parent_id.is_some()) {
            comments.extend(snippets().filter_map(|(item, snippet)| Some((item.own_id()?, snippet))));
        }
        Self { newest, comments }
    }
}

fn read_resource(kind_of_list: &str, resource: &Resource<'_>, context: &Context<'_>, out: &mut Out<'_>) {
    let kind = resource.kind.as_deref().unwrap_or(kind_of_list);
    let Some(kind) = kind.strip_prefix("youtube#") else {
        return match kind {
            "" => out.reject("a document without `kind`: expected `youtube#` and the sort of resource"),
            _ => out.pass_over("resource of another product"),
        };
    };
    match kind {
        "channel" => channel::channel(resource, out),
        "member" => channel::member(resource, out),
        "subscription" => channel::subscription(resource, out),
        "video" => video::video(resource, context, out),
        "playlistItem" => video::playlist_item(resource, context, out),
        "searchResult" => video::search_result(resource, context, out),
        "commentThread" => comment::thread(resource, out),
        "comment" => comment::comment(resource, context, out),
        "activity" => activity::activity(resource, context, out),
        "playlist" => out.pass_over("playlist"),
        "channelSection" | "channelBannerResource" => out.pass_over("channel page setting"),
        "caption" => out.pass_over("caption track"),
        "i18nLanguage" | "i18nRegion" => out.pass_over("language or region"),
        "videoCategory" | "guideCategory" => out.pass_over("category"),
        "videoAbuseReportReason" => out.pass_over("abuse report reason"),
        "membershipsLevel" => out.pass_over("membership level"),
        "videoGetRating" => out.pass_over("rating by the signed-in user, who is not named"),
        _ => out.pass_over("other resource"),
    }
}

/// What to say of a resource whose request did not ask for the part that names its channels.
const NO_SNIPPET: &str = "resource without the part `snippet`";
