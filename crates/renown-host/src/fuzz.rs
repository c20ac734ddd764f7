//! The guard against streams that are spoilt at random, and the manifest's reader against text that is.
//!
//! Batches are made by the SDK's export, taken apart, damaged (lengths, offsets, counts of nulls, buffers, types, names,
//! missing children, what is released and when) and put together again in memory that is really there: the one thing that
//! is not tried is a pointer behind which there is less than the header promises, since no host could tell.
#![expect(unsafe_code, reason = "the plugin boundary")]

mod model;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use renown_abi::{
    self as abi, ArrowArrayStream, RenownAdapter, RenownFile, RenownPiece, RenownReader, RenownStr,
};
use renown_sdk::conformance::mutate::{Mutator, Random};
use renown_sdk::conformance::{Effort, files, keep, shrunk};
use renown_sdk::{
    Adapter, Case, File, FileKind, Framing, Handle, Id, Interaction, Manifest, Membership, NetworkSpec,
    Observation, Observations, Opened, Piece, Post, Reader, Reject, Sink, Timestamp, Vocable, Vocabulary,
    Word, Words,
};

use crate::guard::{Budget, Stream};
use crate::library::Fault;
use crate::manifest;
use crate::rows::{self, Codes, Labels};
use model::{Model, ROWS, Releases};

const fn vocable(name: &'static str) -> Vocable {
    Vocable::new(name, "acts", "Some.", ("weighted", 1.0))
}

static MANIFEST: Manifest = Manifest {
    name: "all",
    docs: "Gives records of every sort.",
    networks: &[
        NetworkSpec::new("one").kinds(&[vocable("like"), vocable("view")]).metrics(&[vocable("followers")]),
        NetworkSpec::new("two").kinds(&[vocable("like")]),
    ],
    files: &[FileKind::new("any", &["*"], "Any.").yields("all").passed_over("nothing")],
    example: Case::new("one").file("a", "abc").beside(&[("b", "c")]).gives("any", "interaction one like"),
    cases: &[],
};

/// Gives a record of another sort for each byte.
struct All;

impl Adapter for All {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        assert!(!file.head.starts_with(b"panic"), "as asked");
        Some("any")
    }

    fn open(&self, _: &File<'_>, _: &'static str, words: &Vocabulary) -> Opened {
        Ok(Box::new(AllReader {
            networks: [words.network("one")?, words.network("two")?],
            like: words.kind("one", "like")?,
            view: words.kind("one", "view")?,
            followers: words.metric("one", "followers")?,
        }))
    }
}

struct AllReader {
    networks: [Word; 2],
    like: Word,
    view: Word,
    followers: Word,
}

impl Reader for AllReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: 0, quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        for (at, byte) in piece.bytes.iter().enumerate() {
            let number = i64::from(*byte);
            let text = format!("é{byte}");
            let (id, time) = (
                if byte % 2 == 0 { Id::Number(number) } else { Id::Text(&text) },
                Timestamp::from_seconds(number),
            );
            let network = self.networks[usize::from(byte % 16 == 0)];
            match byte % 8 {
                0 | 1 => sink.interaction(&Interaction {
                    at: time,
                    network,
                    kind: self.like,
                    actor: Some(Id::Text(&text)).filter(|_| byte % 3 > 0),
                    target: Some(id),
                    object: Some(id).filter(|_| byte % 5 == 0),
                    id: Some(Id::Number(number)).filter(|_| byte % 11 == 0),
                    amount: u64::from(*byte) % 4,
                }),
                2 => sink.post(&Post {
                    network: self.networks[0],
                    id,
                    author: Some(id),
                    at: time,
                    observed_at: time,
                    totals: &[(self.like, 3), (self.view, 1_000)],
                }),
                3 => sink.observations(&Observations {
                    at: time,
                    network: self.networks[0],
                    account: id,
                    numbers: &[(self.followers, 12), (self.followers, 13)],
                }),
                4 => sink.handle(&Handle { network, account: id, handle: "Ada" }),
                5 => sink.membership(&Membership { at: time, network, account: id, community: &text }),
                6 => sink.reject(&Reject {
                    offset: at,
                    row: Some(at as u64).filter(|_| byte % 2 == 0),
                    reason: "no name: expected one".into(),
                    record: &piece.bytes[at..=at],
                }),
                _ => sink.pass_over("something else"),
            }
        }
    }
}

/// Writes down what comes.
#[derive(Debug, Default, PartialEq)]
struct Lines(Vec<String>);

impl Sink for Lines {
    fn at(&mut self, offset: Option<u64>) {
        self.0.push(format!("{offset:?}"));
    }
    fn interaction(&mut self, record: &Interaction<'_>) {
        self.0.push(format!("{record:?}"));
    }
    fn post(&mut self, record: &Post<'_>) {
        self.0.push(format!("{record:?}"));
    }
    fn observation(&mut self, record: &Observation<'_>) {
        self.0.push(format!("{record:?}"));
    }
    fn handle(&mut self, record: &Handle<'_>) {
        self.0.push(format!("{record:?}"));
    }
    fn membership(&mut self, record: &Membership<'_>) {
        self.0.push(format!("{record:?}"));
    }
    fn reject(&mut self, record: &Reject<'_>) {
        assert!(!record.reason.chars().any(char::is_control), "a reason that steers a terminal");
        self.0.push(format!("{record:?}"));
    }
    fn pass_over(&mut self, what: &'static str) {
        assert!(!what.chars().any(char::is_control), "a label that steers a terminal");
        self.0.push(what.to_owned());
    }
}

/// The export's table of the adapter; kept, so that nothing that is meant to live for ever looks lost.
fn table() -> &'static RenownAdapter {
    struct Kept(*const RenownAdapter);
    // SAFETY: a leaked table that nothing changes.
    unsafe impl Send for Kept {}
    // SAFETY: as above.
    unsafe impl Sync for Kept {}
    static TABLE: LazyLock<Kept> = LazyLock::new(|| Kept(renown_sdk::export::table(&All)));
    // SAFETY: it lives for ever.
    unsafe { &*TABLE.0 }
}

/// A file of these bytes, for one call.
fn lent(bytes: &[u8]) -> RenownFile {
    RenownFile {
        struct_size: size_of::<RenownFile>() as u32,
        flags: 0,
        path: RenownStr::new(b"a"),
        head: RenownStr::new(bytes),
        disk: RenownStr::EMPTY,
        ctx: std::ptr::null_mut(),
        sibling: None,
    }
}

/// Errors and panics cross as the header says, and the host's end releases them.
#[test]
fn errors_and_panics_cross() {
    let (table, mut kind, mut reader) = (table(), RenownStr::EMPTY, RenownReader::zeroed());
    let mut fault = Fault::zeroed();
    let file = lent(b"panic");
    // SAFETY: the table of this very SDK, used as the header says.
    let code = unsafe { table.recognise.unwrap()(table.ctx, &raw const file, &raw mut kind, fault.place()) };
    assert_eq!(code, abi::E_PANIC);
    assert!(fault.told(code).message().starts_with("panicked"), "{}", fault.told(code).message());
    let (mut fault, options) = (Fault::zeroed(), RenownStr::new(b"{}"));
    let nobody = RenownStr::new(b"nobody");
    let open = table.open.unwrap();
    // SAFETY: as above.
    let code = unsafe { open(table.ctx, &raw const file, nobody, options, &raw mut reader, fault.place()) };
    assert_eq!((code, reader.release.is_none()), (abi::E_INVALID, true));
    assert_eq!(fault.told(code).message(), "refuses its arguments: no such kind of file");
}

/// What the export gives of some bytes, as the host would get it.
fn exported(bytes: &[u8], model: impl FnOnce(&mut ArrowArrayStream) -> Model) -> Model {
    // SAFETY: the table of this very SDK, used as the header says.
    unsafe {
        let (table, file) = (table(), lent(bytes));
        let (mut kind, mut reader, mut fault) = (RenownStr::EMPTY, RenownReader::zeroed(), Fault::zeroed());
        assert_eq!(
            table.recognise.unwrap()(table.ctx, &raw const file, &raw mut kind, fault.place()),
            abi::OK
        );
        let open = table.open.unwrap();
        let options = RenownStr::new(b"{}");
        assert_eq!(open(table.ctx, &raw const file, kind, options, &raw mut reader, fault.place()), abi::OK);
        let piece = RenownPiece { bytes: bytes.as_ptr(), len: bytes.len(), offset: 1_000, part: 0 };
        let mut stream = Stream(ArrowArrayStream::empty());
        let read = reader.read.unwrap();
        let code = read(&raw const reader, &raw const piece, 1, &raw mut stream.0, fault.place());
        assert_eq!(code, abi::OK);
        let model = model(&mut stream.0);
        drop(stream);
        reader.release.unwrap()(&raw mut reader);
        model
    }
}

fn samples() -> Vec<Model> {
    // Under Miri everything takes a thousand times as long.
    let all: Vec<u8> = (0..if cfg!(miri) { 20 } else { 100 }).collect();
    let samples: [&[u8]; 5] = [&all, b"\x01", b"\x02\x09", &[5; 30], b"abcdefgh"];
    samples.map(|bytes| exported(bytes, Model::take)).into()
}

/// Kept for ever, as the host keeps them.
static LABELS: LazyLock<Labels> = LazyLock::new(Labels::default);

/// What the host makes of a stream.
fn read(model: &Model) -> (Lines, Result<(), String>) {
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [&MANIFEST]);
    let codes = Codes::new(&MANIFEST, &vocabulary).expect("few words");
    let (mut lines, releases) = (Lines::default(), Releases::default());
    let bytes = [b'x'; 100];
    let pieces = [Piece::new(&bytes, 1_000)];
    let mut stream = Stream(model.stream(&releases));
    let result = stream.for_each(Budget { rows: ROWS as u64 }, |batch| {
        rows::write(batch, &codes, &LABELS, &pieces, &mut lines)
    });
    drop(stream);
    releases.assert_all_once();
    (lines, result)
}

#[test]
fn what_the_export_gives_is_read() {
    for model in samples() {
        let (lines, result) = read(&model);
        assert_eq!(result, Ok(()));
        assert!(!lines.0.is_empty());
    }
}

#[test]
fn an_empty_batch_needs_no_buffers() {
    for model in samples() {
        assert_eq!(read(&model.after_an_empty_batch()), read(&model));
    }
}

/// The damage that a seed stands for.
fn damaged(samples: &[Model], seed: u64) -> Model {
    let mut random = Random::new(seed);
    let mut model = samples[random.below(samples.len())].clone();
    for _ in 0..=random.below(3) {
        model.damage(&mut random);
    }
    model.settle();
    model
}

/// What does not hold of a stream.
fn flaw_of_stream(samples: &[Model], seed: u64) -> Option<String> {
    let model = damaged(samples, seed);
    let read = || catch_unwind(AssertUnwindSafe(|| read(&model)));
    let (Ok(one), Ok(other)) = (read(), read()) else { return Some("a panic".into()) };
    if one != other {
        return Some(format!("read again, it gives something else: {one:?} {other:?}"));
    }
    one.1.err().and_then(|error| unclear(&error))
}

/// What is wrong with an error's text.
fn unclear(error: &str) -> Option<String> {
    let plain = !error.is_empty() && error.chars().count() < 1_000 && !error.chars().any(char::is_control);
    (!plain).then(|| format!("an error that cannot be printed: {error:?}"))
}

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(target)
}

/// A corpus file of this target is the seed of a damage.
#[test]
fn spoilt_streams_end_in_errors() {
    let (samples, mut effort) = (samples(), Effort::of_environment());
    let mut findings = Vec::new();
    if cfg!(miri) {
        effort.time = None;
    } else {
        for (name, bytes) in files(&corpus("guard")) {
            let seed = String::from_utf8_lossy(&bytes).trim().parse().expect("a seed");
            findings.extend(flaw_of_stream(&samples, seed).map(|flaw| format!("{name}: {flaw}")));
        }
    }
    let (mut seeds, mut done, mut read) = (Random::new(effort.seed), 0, 0_u64);
    let few = if cfg!(miri) { 20 } else { 30_000 };
    while effort.goes_on(done, few) && findings.len() < 20 {
        let seed = seeds.number();
        done += 1;
        read += u64::from(done % 64 == 0 && self::read(&damaged(&samples, seed)).1.is_ok());
        if let Some(flaw) = flaw_of_stream(&samples, seed) {
            findings.push(format!("seed {seed}: {flaw}"));
            if effort.time.is_some() {
                keep(&corpus("guard"), seed.to_string().as_bytes());
            }
        }
    }
    effort.report("guard", done, findings.len());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    // Damage that always were refused at the door would try little.
    let tried = done / 64;
    assert!(cfg!(miri) || (read > tried / 20 && read < tried * 19 / 20), "{read} of {tried} were read");
}

fn flaw_of_manifest(bytes: &[u8]) -> Option<String> {
    let Ok(json) = std::str::from_utf8(bytes) else { return None };
    match catch_unwind(|| manifest::described(json).map(|_| ())) {
        Err(_) => Some("a panic".into()),
        Ok(Err(error)) => unclear(&error),
        Ok(Ok(())) => None,
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files, and checks no memory")]
fn spoilt_manifests_end_in_errors() {
    // SAFETY: the export's table, whose manifest is static.
    let json = unsafe { crate::library::text((*renown_sdk::export::table(&All)).manifest_json, "manifest") }
        .unwrap();
    manifest::described(json).map(drop).unwrap();
    let mut findings = Vec::new();
    for (name, bytes) in files(&corpus("manifest")) {
        findings.extend(flaw_of_manifest(&bytes).map(|flaw| format!("{name}: {flaw}")));
    }
    let effort = Effort::of_environment();
    let (mut mutator, mut done, mut good) = (Mutator::new(effort.seed), 0, 0_u64);
    while effort.goes_on(done, 20_000) && findings.len() < 20 {
        let bytes = mutator.damage(json.as_bytes(), json.as_bytes());
        done += 1;
        good += u64::from(std::str::from_utf8(&bytes).is_ok_and(|json| manifest::described(json).is_ok()));
        if flaw_of_manifest(&bytes).is_some() {
            let small = shrunk(bytes, |bytes| flaw_of_manifest(bytes).is_some());
            findings.push(format!("{:?}: {:?}", String::from_utf8_lossy(&small), flaw_of_manifest(&small)));
            if effort.time.is_some() {
                keep(&corpus("manifest"), &small);
            }
        }
    }
    effort.report("manifest", done, findings.len());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(good > done / 100 && good < done, "{good} of {done} are manifests");
}
