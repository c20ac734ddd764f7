//! The export of a repository: all records of one person, in a CAR file.
//!
//! A CAR (content-addressed archive) is a header and then blocks, each under its name, the hash of its content. Here the
//! blocks are the *commit* that the header names as root (whose repository it is, and its newest revision), the *nodes*
//! of a search tree from a record's path (`COLLECTION/KEY`) to its block, and the records. They come in any order, so
//! the file is held as a whole: one person's records seldom are more than a few hundred megabytes.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ipld_core::cid::Cid;
use renown_sdk::{File, Framing, OpenError, Piece, Reader, Sink, Timestamp};
use serde::Deserialize;

use crate::address::{Address, is_did, time_of_tid};
use crate::record::{self, Collection, Place, Record};
use crate::scribe::{Lexicon, Scribe};

/// The largest file that is read.
const MOST_BYTES: u64 = 1 << 30;

/// Reads one repository.
pub(crate) struct Repository {
    disk: PathBuf,
    lexicon: Lexicon,
}

impl Repository {
    pub(crate) fn open(file: &File<'_>, lexicon: Lexicon) -> Result<Self, OpenError> {
        let disk = file.disk.ok_or_else(|| {
            OpenError::Data("a repository is read from a file on disk: unpack it first".to_owned())
        })?;
        Ok(Self { disk: disk.to_owned(), lexicon })
    }
}

impl Reader for Repository {
    fn framing(&self) -> Framing {
        Framing::Parts(1)
    }

    fn read(&self, _: &Piece<'_>, sink: &mut dyn Sink) {
        let mut scribe = Scribe::new(&self.lexicon, &[], sink);
        let read = whole(&self.disk).and_then(|bytes| write_repository(&bytes, &mut scribe));
        if let Err(why) = read {
            scribe.reject(why.to_owned());
        }
        scribe.finish();
    }
}

/// All bytes of the file.
fn whole(disk: &Path) -> Result<Vec<u8>, &'static str> {
    const GONE: &str = "the repository cannot be read from disk any more";
    let mut bytes = Vec::new();
    let file = fs::File::open(disk).map_err(|_| GONE)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| GONE)?;
    if bytes.len() as u64 > MOST_BYTES { Err("a repository of more than 1 GiB") } else { Ok(bytes) }
}

/// Whether a file that begins like this is a repository: a CAR whose root, if it is among these bytes, is a commit.
/// `None` if the root is not among them.
pub(crate) fn begins(head: &[u8]) -> Option<bool> {
    let Ok((root, mut at)) = header(head) else { return Some(false) };
    loop {
        match section(head, &mut at) {
            Some(Ok((name, block))) if name == root => {
                return Some(commit(&head[block]).is_ok());
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

/// A SHA-256 hash, as which a block is named.
type Name = [u8; 32];

#[derive(Deserialize)]
struct Header {
    roots: Vec<Cid>,
    version: u64,
}

/// Whose repository it is, and what is in it.
#[derive(Deserialize)]
struct Commit<'a> {
    did: &'a str,
    /// The root of the tree.
    data: Cid,
    /// A TID; repositories from before 2023 have none.
    rev: Option<&'a str>,
}

/// A node of the tree.
#[derive(Deserialize)]
struct Node<'a> {
    /// What sorts before the first entry.
    l: Option<Cid>,
    #[serde(borrow)]
    e: Vec<Entry<'a>>,
}

/// A record's path and block.
#[derive(Deserialize)]
struct Entry<'a> {
    /// How many bytes of the entry before this path begins with.
    p: u64,
    /// The rest of it.
    #[serde(borrow)]
    k: &'a [u8],
    v: Cid,
    /// What sorts between this entry and the next.
    t: Option<Cid>,
}

/// Writes the records of a repository.
fn write_repository(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), &'static str> {
    let (root, start) = header(bytes)?;
    let mut blocks = Blocks::of(bytes, start, scribe);
    let commit = blocks.take(&root).ok_or("the repository's commit is not in the file")?;
    let commit = self::commit(commit)?;
    // Nothing in it is newer than its newest revision.
    let seen = commit.rev.and_then(time_of_tid);
    let mut ahead: Vec<Name> = name(&commit.data).into_iter().collect();
    let mut path = Vec::new();
    while let Some(node) = ahead.pop() {
        let Some(block) = blocks.take(&node) else {
            scribe.bad_field("node of the tree", "not in the file, or there twice");
            continue;
        };
        let Ok(node) = serde_ipld_dagcbor::from_slice::<Node<'_>>(block) else {
            scribe.bad_field("node of the tree", "not an object {l, e}");
            continue;
        };
        let parts = node.e.iter().filter_map(|entry| entry.t.as_ref());
        ahead.extend(node.l.iter().chain(parts).filter_map(name));
        path.clear();
        for entry in &node.e {
            let shared = usize::try_from(entry.p).unwrap_or(usize::MAX);
            if shared > path.len() {
                scribe.bad_field("p", "more bytes than the path before has");
                break;
            }
            path.truncate(shared);
            path.extend_from_slice(entry.k);
            write_entry(&commit, &path, blocks.get(&entry.v), seen, scribe);
        }
    }
    Ok(())
}

/// Writes the record at a path.
fn write_entry(
    commit: &Commit<'_>,
    path: &[u8],
    block: Option<&[u8]>,
    seen: Option<Timestamp>,
    scribe: &mut Scribe<'_>,
) {
    let Some((collection, key)) = std::str::from_utf8(path).ok().and_then(|path| path.split_once('/')) else {
        scribe.bad_field("k", "not a path such as app.bsky.feed.post/…");
        return;
    };
    if let Collection::Other(what) = Collection::by_name(collection) {
        scribe.pass_over(what);
        return;
    }
    let mut uri = String::new();
    let Some(address) = Address::of(commit.did, collection, key, &mut uri) else {
        scribe.bad_field("k", "not a path such as app.bsky.feed.post/…");
        return;
    };
    match block.map(serde_ipld_dagcbor::from_slice::<Record<'_>>) {
        Some(Ok(record)) => record::write(&Place { address, seen }, &record, scribe),
        Some(Err(_)) => scribe.bad_field("record", "not an object in DAG-CBOR"),
        None => scribe.bad_field("record", "not in the file"),
    }
}

/// Where each block of a file lies.
struct Blocks<'a> {
    bytes: &'a [u8],
    places: HashMap<Name, Range<usize>>,
}

impl<'a> Blocks<'a> {
    /// Of the sections from `at` on, up to where the file breaks off.
    fn of(bytes: &'a [u8], mut at: usize, scribe: &mut Scribe<'_>) -> Self {
        let mut places = HashMap::new();
        while let Some(section) = section(bytes, &mut at) {
            match section {
                Ok((name, block)) => {
                    places.insert(name, block);
                }
                Err(why) => {
                    scribe.bad_field("block", why);
                    break;
                }
            }
        }
        Self { bytes, places }
    }

    fn get(&self, cid: &Cid) -> Option<&'a [u8]> {
        self.places.get(&name(cid)?).map(|place| &self.bytes[place.clone()])
    }

    /// A block that is read but once: hashes are not checked, so a file may lie, and its tree go round in circles.
    fn take(&mut self, name: &Name) -> Option<&'a [u8]> {
        self.places.remove(name).map(|place| &self.bytes[place])
    }
}

/// The root that a CAR names, and where its blocks begin.
fn header(bytes: &[u8]) -> Result<(Name, usize), &'static str> {
    const BAD: &str = "not a CAR file of version 1 with a root";
    let mut at = 0;
    let end = length(bytes, &mut at).and_then(|length| at.checked_add(length)).ok_or(BAD)?;
    let header = bytes.get(at..end).ok_or(BAD)?;
    let header: Header = serde_ipld_dagcbor::from_slice(header).map_err(|_| BAD)?;
    let root = header.roots.first().filter(|_| header.version == 1).and_then(name).ok_or(BAD)?;
    Ok((root, end))
}

fn commit(block: &[u8]) -> Result<Commit<'_>, &'static str> {
    let commit = serde_ipld_dagcbor::from_slice::<Commit<'_>>(block);
    commit.ok().filter(|commit| is_did(commit.did)).ok_or("the CAR file's root is no commit of a repository")
}

/// The hash in a link.
fn name(cid: &Cid) -> Option<Name> {
    cid.hash().digest().try_into().ok()
}

/// The name and the place of the block at `at`, which moves behind it; `None` at the end.
fn section(bytes: &[u8], at: &mut usize) -> Option<Result<(Name, Range<usize>), &'static str>> {
    /// Version 1, a codec, SHA-256 of 32 bytes.
    const LINK: usize = 4 + size_of::<Name>();
    if *at == bytes.len() {
        return None;
    }
    let end = length(bytes, at).and_then(|length| at.checked_add(length)).filter(|end| *end <= bytes.len());
    let Some(end) = end else { return Some(Err("the file ends in the middle of one")) };
    let section = &bytes[*at..end];
    let block = (*at + LINK).min(end)..end;
    *at = end;
    Some(match section.get(..LINK) {
        Some([1, _, 0x12, 0x20, name @ ..]) => match name.try_into() {
            Ok(name) => Ok((name, block)),
            Err(_) => Err("its name is no SHA-256"),
        },
        _ => Err("its name is no SHA-256"),
    })
}

/// A length in LEB128: seven bits a byte, the lowest first.
fn length(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut length = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        length |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(length).ok();
        }
    }
    None
}
