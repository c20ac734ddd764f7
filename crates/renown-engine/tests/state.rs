//! State files on disk: whatever happens to one is found and said, and nothing is believed of one that is damaged.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use renown_core::record::{Handle, Id, Interaction, Observation, Post, Timestamp, Undo, Undone};
use renown_core::tally::Tally;
use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::{About, ReadWith, sort_out, write};
use renown_engine::{EngineError, Progress, input};

fn empty() -> Tally {
    Tally::new(Arc::new(Words::new()), None).unwrap()
}

/// A tally with something in each section.
fn some() -> Tally {
    let tally = empty();
    let word = |text: &str| tally.words().intern(text).unwrap();
    let (network, like, followers) = (word("notes"), word("like"), word("followers"));
    let at = |second| Timestamp::from_seconds(1_700_000_000 + second);
    let mut batch = tally.batch();
    for number in 0..20 {
        let act = Interaction {
            at: at(number * 10_000),
            actor: Some(Id::Number(number)),
            target: Some(Id::Text("somebody")),
            ..Interaction::new(network, like)
        };
        batch.interaction(&tally, &act).unwrap();
        batch.interaction(&tally, &Interaction { id: Some(Id::Number(number)), ..act }).unwrap();
        let on_post = Interaction { target: None, object: Some(Id::Number(number)), ..act };
        batch.interaction(&tally, &on_post).unwrap();
        batch.interaction(&tally, &Interaction { actor: None, amount: 7, ..act }).unwrap();
    }
    let author = Some(Id::Number(3));
    let totals = &[(like, 12), (word("repost"), 9_000_000_000)];
    let post = Post { network, id: Id::Number(1), author, at: at(0), observed_at: at(9), totals };
    batch.post(&tally, &post).unwrap();
    let seen = Observation { at: at(5), network, account: Id::Number(3), metric: followers, value: 77 };
    batch.observation(&tally, &seen).unwrap();
    batch.handle(&Handle { network, account: Id::Number(3), handle: "three" }).unwrap();
    for undone in [
        Undone::Act { kind: like, id: Id::Number(4) },
        Undone::Account { account: Id::Number(9), back: false },
    ] {
        batch.undo(&tally, &Undo { at: at(7), network, undone }).unwrap();
    }
    tally.add(&mut batch);
    tally
}

fn about(tally: &Tally) -> About {
    let report = Report { records: 84, rejected: 2, ..Report::default() };
    About::new(tally, &report, ReadWith::from([("notes".to_owned(), [].into())]))
}

fn written(tally: Tally) -> Vec<u8> {
    let (mut bytes, about) = (Vec::new(), about(&tally));
    write(tally, &about, &mut bytes, &Progress::default()).unwrap();
    bytes
}

/// Reads a file back: its tally and what it says, or why not; `None` if it is no state file.
fn read(path: &Path) -> Result<Option<(Tally, About)>, EngineError> {
    let (states, _) = sort_out(input::find(&[path.to_owned()])?)?;
    let Some(state) = states.first() else { return Ok(None) };
    let tally = empty();
    state.read_into(&tally, &Progress::default())?;
    Ok(Some((tally, state.about.clone())))
}

struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Why these bytes are refused.
    #[track_caller]
    fn refused(&self, bytes: &[u8]) -> String {
        let path = self.0.path().join("x.tally");
        std::fs::write(&path, bytes).unwrap();
        match read(&path) {
            Err(EngineError::Data(why)) => why.replace(&path.display().to_string(), "x.tally"),
            Err(error) => panic!("{error}"),
            Ok(None) => "no state file".to_owned(),
            Ok(Some(_)) => panic!("it was read"),
        }
    }
}

#[test]
fn what_is_written_is_read_back() {
    let (disk, bytes) = (Disk::new(), written(some()));
    let path = disk.0.path().join("whatever.json");
    std::fs::write(&path, &bytes).unwrap();
    let (tally, about) = read(&path).unwrap().expect("a state file");
    assert_eq!((about.records, about.rejected), (84, 2));
    assert!(written(tally) == bytes);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    assert!(pool.install(|| written(some())) == bytes);
}

#[test]
fn every_flipped_bit_is_found() {
    let (disk, bytes) = (Disk::new(), written(some()));
    assert!(bytes.len() > 1_000);
    let mut said = std::collections::BTreeSet::new();
    for at in 0..bytes.len() {
        for bit in [at % 8, (at + 3) % 8] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            let why = disk.refused(&damaged);
            assert_eq!(why == "no state file", at < 7, "byte {at}: {why}");
            said.extend(
                why.split_once("section `").map(|(_, rest)| rest.split('`').next().unwrap().to_owned()),
            );
        }
    }
    // Each section is named where it is damaged.
    for section in ["about", "words", "acts", "posts", "observations", "handles", "end"] {
        assert!(said.contains(section), "{section} is not in {said:?}");
    }
}

#[test]
fn every_cut_and_every_addition_is_found() {
    let (disk, bytes) = (Disk::new(), written(some()));
    for length in 7..bytes.len() {
        let why = disk.refused(&bytes[..length]);
        assert!(why.contains("is the copy complete?"), "{length} bytes: {why}");
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert!(disk.refused(&longer).contains("something follows the end"));
    let twice = [&bytes[..], &bytes[..]].concat();
    assert!(disk.refused(&twice).contains("something follows the end"));
}

#[test]
fn other_versions_are_refused_by_name() {
    let (disk, mut bytes) = (Disk::new(), written(some()));
    bytes[7] = 2;
    assert!(disk.refused(&bytes).contains("format 2, and this program reads format 1: use the newer renown"));
    bytes[7] = 0;
    assert!(disk.refused(&bytes).contains("format 0, and this program reads format 1: use the older renown"));
}

/// A frame as anybody could make it, with the right sum.
fn frame(section: u8, number: u32, raw: u32, stored: &[u8]) -> Vec<u8> {
    use std::hash::Hasher;
    let mut frame = vec![section];
    for number in [number, raw, stored.len() as u32] {
        frame.extend(number.to_le_bytes());
    }
    let mut sum = twox_hash::XxHash3_64::new();
    sum.write(&frame);
    sum.write(stored);
    frame.extend(sum.finish().to_le_bytes());
    frame.extend(stored);
    frame
}

fn file(frames: &[Vec<u8>]) -> Vec<u8> {
    [b"RENOWNT\x01", &frames.concat()[..]].concat()
}

fn about_frame(text: &str) -> Vec<u8> {
    frame(0, 0, text.len() as u32, text.as_bytes())
}

const ABOUT: &str =
    r#"{"as_of":null,"later":0,"records":1,"undone":0,"rejected":0,"passed_over":{},"read_with":{}}"#;

/// Files that were made to harm: whole, with the right sums, and wrong.
#[test]
fn nothing_is_believed() {
    let disk = Disk::new();
    let end = |number| frame(255, number, 0, &[]);
    // It says that it has rows by the billion, and has none.
    let rows = u32::MAX.to_le_bytes();
    for section in 1..=15 {
        let why = disk.refused(&file(&[about_frame(ABOUT), frame(section, 1, 4, &rows), end(2)]));
        assert!(why.contains("its length is not that of its rows"), "{section}: {why}");
    }
    // A block of 60 MB in a few kilobytes.
    let bomb = zstd::bulk::compress(&vec![0; 60 << 20], 1).unwrap();
    let why = disk.refused(&file(&[about_frame(ABOUT), frame(7, 1, 60 << 20, &bomb), end(2)]));
    assert!(why.contains("its lengths cannot be"), "{why}");
    // It declares four gigabytes that do not come.
    let mut huge = about_frame(ABOUT);
    huge.extend([7, 1, 0, 0, 0]);
    huge.extend([0xff; 8 + 8]);
    assert!(disk.refused(&file(&[huge])).contains("its lengths cannot be"));
    let short = zstd::bulk::compress(&[7; 1_000], 1).unwrap();
    let why = disk.refused(&file(&[about_frame(ABOUT), frame(7, 1, 1_001, &short), end(2)]));
    assert!(why.contains("does not decompress"), "{why}");
    let why = disk.refused(&file(&[about_frame(ABOUT), frame(99, 1, 1, &[0]), end(2)]));
    assert!(why.contains("there is no such section"), "{why}");
    let why = disk.refused(&file(&[about_frame(ABOUT), frame(7, 3, 1, &[0]), end(2)]));
    assert!(why.contains("another part of the file belongs here"), "{why}");
    for text in ["", "{}", "[]", r#"{"as_of":"yesterday","#, &ABOUT.replace("null", "\"2026-9-30\"")] {
        let why = disk.refused(&file(&[about_frame(text), end(1)]));
        assert!(why.contains("it does not say what the file holds"), "{text}: {why}");
    }
    let no_words = [&2_u32.to_le_bytes()[..], &[0; 20]].concat();
    let why = disk.refused(&file(&[about_frame(ABOUT), frame(2, 1, 24, &no_words), end(2)]));
    assert!(
        why.contains("section `accounts by number`, byte ") && why.contains("row 0 names an account"),
        "{why}"
    );
}

#[test]
fn a_state_is_read_only_where_it_is_named_itself() {
    let disk = Disk::new();
    let folder = disk.0.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("a.tally"), written(some())).unwrap();
    let (states, others) = sort_out(input::find(std::slice::from_ref(&folder)).unwrap()).unwrap();
    assert_eq!((states.len(), others.len()), (0, 1));
    let (states, others) = sort_out(input::find(&[folder.join("a.tally"), folder]).unwrap()).unwrap();
    assert_eq!((states.len(), others.len()), (1, 1));
}

#[test]
fn an_interrupted_run_stops() {
    let disk = Disk::new();
    let path = disk.0.path().join("a.tally");
    std::fs::write(&path, written(some())).unwrap();
    let progress = Progress::default();
    progress.cancelled.store(true, Ordering::Relaxed);
    let (states, _) = sort_out(input::find(&[path]).unwrap()).unwrap();
    assert!(matches!(states[0].read_into(&empty(), &progress), Err(EngineError::Interrupted)));
    let tally = some();
    let about = about(&tally);
    let stopped = write(tally, &about, Cursor::new(Vec::new()), &progress).unwrap_err();
    assert_eq!(stopped.kind(), std::io::ErrorKind::Interrupted);
}
