//! Exported repositories, built here block by block. (Binary, so they are no cases of the manifest.)

use std::collections::BTreeMap;

use ipld_core::cid::Cid;
use ipld_core::ipld::Ipld;
use renown_bluesky::Bluesky;
use renown_sdk::conformance::mutate::Mutator;
use renown_sdk::conformance::{Effort, run_on_disk};

/// A CAR file in the making. Names are no hashes of the blocks, only different: readers do not check them.
#[derive(Default)]
struct Archive {
    blocks: Vec<(Cid, Vec<u8>)>,
}

impl Archive {
    fn add(&mut self, value: &Ipld) -> Cid {
        let number = u8::try_from(self.blocks.len() + 1).unwrap();
        let cid = Cid::read_bytes(&[&[1, 0x71, 0x12, 0x20][..], &[number; 32]].concat()[..]).unwrap();
        self.blocks.push((cid, serde_ipld_dagcbor::to_vec(value).unwrap()));
        cid
    }

    /// The file's bytes, with `root` in its header and the blocks in the order in which they were added.
    fn bytes(&self, root: Cid) -> Vec<u8> {
        let header = map([("roots", Ipld::List(vec![Ipld::Link(root)])), ("version", Ipld::Integer(1))]);
        let mut bytes = sized(&serde_ipld_dagcbor::to_vec(&header).unwrap());
        for (cid, block) in &self.blocks {
            bytes.extend(sized(&[cid.to_bytes(), block.clone()].concat()));
        }
        bytes
    }
}

/// A section: its length in LEB128, and it.
fn sized(section: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = section.len();
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.extend(section);
    bytes
}

fn map<const N: usize>(fields: [(&str, Ipld); N]) -> Ipld {
    Ipld::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>())
}

fn text(text: &str) -> Ipld {
    Ipld::String(text.to_owned())
}

fn entry(shared: i128, rest: &str, record: Cid, after: Option<Cid>) -> Ipld {
    map([
        ("p", Ipld::Integer(shared)),
        ("k", Ipld::Bytes(rest.as_bytes().to_vec())),
        ("v", Ipld::Link(record)),
        ("t", after.map_or(Ipld::Null, Ipld::Link)),
    ])
}

fn node(before: Option<Cid>, entries: Vec<Ipld>) -> Ipld {
    map([("l", before.map_or(Ipld::Null, Ipld::Link)), ("e", Ipld::List(entries))])
}

/// Ada's commit, on 2023-06-30.
fn commit(tree: Cid) -> Ipld {
    map([
        ("did", text("did:plc:ada")),
        ("version", Ipld::Integer(3)),
        ("data", Ipld::Link(tree)),
        ("rev", text("3jzfcijpj2z2a")),
        ("prev", Ipld::Null),
        ("sig", Ipld::Bytes(vec![7; 64])),
    ])
}

fn follow(whom: &str, at: &str) -> Ipld {
    map([("$type", text("app.bsky.graph.follow")), ("subject", text(whom)), ("createdAt", text(at))])
}

/// Writes a file and reads it.
fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ada.car");
    std::fs::write(&path, bytes).unwrap();
    let outcome = run_on_disk(&Bluesky, &path)?;
    assert_eq!(outcome.kind, "repository");
    Ok(outcome.records)
}

/// A repository of a tree of three nodes, its blocks in no helpful order.
fn whole() -> Vec<u8> {
    let mut archive = Archive::default();
    let like = archive.add(&map([
        ("$type", text("app.bsky.feed.like")),
        ("subject", map([("uri", text("at://did:plc:bo/app.bsky.feed.post/p1")), ("cid", text("bafy"))])),
        ("createdAt", text("2023-06-01T10:00:00.000Z")),
    ]));
    let picture = map([("$type", text("blob")), ("ref", Ipld::Link(like)), ("size", Ipld::Integer(5))]);
    let post = archive.add(&map([
        ("$type", text("app.bsky.feed.post")),
        ("text", text("hi")),
        ("createdAt", text("2099-01-01T00:00:00Z")),
        (
            "embed",
            map([
                ("$type", text("app.bsky.embed.images")),
                ("images", Ipld::List(vec![map([("image", picture)])])),
            ]),
        ),
        ("reply", map([("parent", map([("uri", text("at://did:plc:bo/app.bsky.feed.post/p1"))]))])),
    ]));
    let one = archive.add(&follow("did:plc:bo", "2023-06-02T10:00:00Z"));
    let two = archive.add(&follow("did:plc:cy", "2023-06-03T10:00:00Z"));
    let profile = archive.add(&map([("$type", text("app.bsky.actor.profile"))]));
    let left = archive.add(&node(None, vec![entry(0, "app.bsky.actor.profile/self", profile, None)]));
    let right = archive
        .add(&node(None, vec![entry(0, "app.bsky.graph.follow/f1", one, None), entry(23, "2", two, None)]));
    let tree = archive.add(&node(
        Some(left),
        vec![entry(0, "app.bsky.feed.like/l1", like, None), entry(14, "post/p9", post, Some(right))],
    ));
    let root = archive.add(&commit(tree));
    archive.bytes(root)
}

#[test]
fn a_repository_yields_what_its_owner_did() {
    let seen = "2023-06-30T15:03:01.887007Z";
    assert_eq!(
        read(&whole()).unwrap(),
        [
            "interaction bluesky follow at=2023-06-02T10:00:00Z actor=did:plc:ada target=did:plc:bo id=at://did:plc:ada/app.bsky.graph.follow/f1",
            "interaction bluesky follow at=2023-06-03T10:00:00Z actor=did:plc:ada target=did:plc:cy id=at://did:plc:ada/app.bsky.graph.follow/f2",
            "interaction bluesky like at=2023-06-01T10:00:00Z actor=did:plc:ada target=did:plc:bo object=at://did:plc:bo/app.bsky.feed.post/p1 id=at://did:plc:ada/app.bsky.feed.like/l1",
            &format!(
                "interaction bluesky reply at={seen} actor=did:plc:ada target=did:plc:bo object=at://did:plc:bo/app.bsky.feed.post/p1 id=at://did:plc:ada/app.bsky.feed.post/p9"
            ),
            "pass-over profile or status",
            &format!("post bluesky at://did:plc:ada/app.bsky.feed.post/p9 author=did:plc:ada at={seen}"),
        ]
    );
}

#[test]
fn a_file_that_breaks_off_or_is_damaged_says_so_and_never_panics() {
    let whole = whole();
    let good = read(&whole).unwrap();
    for cut in 1..whole.len() {
        let Ok(records) = read(&whole[..cut]) else { continue };
        assert!(records.iter().any(|record| record.starts_with("reject")), "cut at {cut}: {records:?}");
    }
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x85;
        let records = read(&damaged).unwrap_or_default();
        assert!(records.len() <= good.len() + 3, "{records:?}");
    }
}

/// As the conformance kit does with files of text. `RENOWN_FUZZ_SECONDS` makes it long.
#[test]
fn damaged_repositories_give_the_same_twice_and_never_panic() {
    let (whole, effort) = (whole(), Effort::of_environment());
    let (mut mutator, mut done, mut read_some) = (Mutator::new(effort.seed), 0, 0);
    while effort.goes_on(done, 300) {
        let bytes = mutator.damage(&whole, &whole);
        let records = read(&bytes);
        assert_eq!(records, read(&bytes), "{bytes:?}");
        let records = records.unwrap_or_default();
        assert!(records.len() <= 1_000 + bytes.len(), "{} records of {bytes:?}", records.len());
        read_some += u64::from(records.iter().any(|record| record.starts_with("interaction")));
        done += 1;
    }
    effort.report("bluesky's repository", done, 0);
    assert!(read_some > done / 50 && read_some < done, "{read_some} of {done} gave records");
}

#[test]
fn missing_and_odd_blocks_are_told_and_the_rest_is_read() {
    let mut archive = Archive::default();
    let good = archive.add(&follow("did:plc:bo", "2023-06-02T10:00:00Z"));
    let number = archive.add(&Ipld::Integer(5));
    let absent = Archive { blocks: vec![(good, Vec::new()); 99] }.add(&Ipld::Null);
    let tree = archive.add(&node(
        Some(absent),
        vec![
            entry(0, "app.bsky.graph.follow/f1", good, Some(number)),
            entry(23, "2", absent, None),
            entry(23, "3", number, None),
            entry(0, "no path", good, None),
            entry(0, "app.bsky.graph.follow/a/b", good, None),
            entry(99, "x", good, None),
            entry(0, "app.bsky.graph.follow/never", good, None),
        ],
    ));
    let root = archive.add(&commit(tree));
    assert_eq!(
        read(&archive.bytes(root)).unwrap(),
        [
            "interaction bluesky follow at=2023-06-02T10:00:00Z actor=did:plc:ada target=did:plc:bo id=at://did:plc:ada/app.bsky.graph.follow/f1",
            "reject k: not a path such as app.bsky.feed.post/… (2 times in this document)",
            "reject node of the tree: not an object {l, e}",
            "reject node of the tree: not in the file, or there twice",
            "reject p: more bytes than the path before has",
            "reject record: not an object in DAG-CBOR",
            "reject record: not in the file",
        ]
    );
}

#[test]
fn a_tree_that_goes_round_in_circles_ends() {
    let mut archive = Archive::default();
    let record = archive.add(&follow("did:plc:bo", "2023-06-02T10:00:00Z"));
    // The tree's name is known beforehand: it is the next block.
    let tree = Cid::read_bytes(&[&[1, 0x71, 0x12, 0x20][..], &[2; 32]].concat()[..]).unwrap();
    let circle = node(Some(tree), vec![entry(0, "app.bsky.graph.follow/f1", record, Some(tree))]);
    assert_eq!(archive.add(&circle), tree);
    let root = archive.add(&commit(tree));
    let records = read(&archive.bytes(root)).unwrap();
    assert_eq!(records.len(), 2, "{records:?}");
    assert_eq!(
        records[1],
        "reject node of the tree: not in the file, or there twice (2 times in this document)"
    );
}

#[test]
fn deep_and_boastful_blocks_are_harmless() {
    let mut deep = vec![0xa1, 0x61, b'x'];
    deep.extend(std::iter::repeat_n(0x81, 1_000_000));
    // A list that says it has 2^64 - 1 elements.
    let boastful =
        [0xa1, 0x66, b'f', b'a', b'c', b'e', b't', b's', 0x9b, 255, 255, 255, 255, 255, 255, 255, 255];
    for block in [&deep[..], &boastful] {
        let mut archive = Archive::default();
        let record = archive.add(&Ipld::Null);
        archive.blocks[0].1 = block.to_vec();
        let tree = archive.add(&node(None, vec![entry(0, "app.bsky.feed.post/p", record, None)]));
        let root = archive.add(&commit(tree));
        assert_eq!(read(&archive.bytes(root)).unwrap(), ["reject record: not an object in DAG-CBOR"]);
    }
}

#[test]
fn other_archives_are_left_alone_and_a_large_repository_goes_by_its_name() {
    let mut archive = Archive::default();
    let root = archive.add(&map([("hello", text("world"))]));
    assert_eq!(read(&archive.bytes(root)), Err("not recognised".into()));
    assert_eq!(read(b""), Err("not recognised".into()));
    assert_eq!(read(&[0xff; 100]), Err("not recognised".into()));

    // The commit comes last, behind more than an adapter is shown.
    let mut archive = Archive::default();
    let record = archive.add(&follow("did:plc:bo", "2023-06-02T10:00:00Z"));
    archive.add(&Ipld::Bytes(vec![0; 1 << 17]));
    let tree = archive.add(&node(None, vec![entry(0, "app.bsky.graph.follow/f1", record, None)]));
    let root = archive.add(&commit(tree));
    assert_eq!(read(&archive.bytes(root)).unwrap().len(), 1);
}

#[test]
fn without_a_file_on_disk_the_user_is_told_what_to_do() {
    let error = renown_sdk::conformance::run(&Bluesky, "ada.car", &whole(), &(), 1).unwrap_err();
    assert_eq!(error, "cannot be opened: a repository is read from a file on disk: unpack it first");
}
