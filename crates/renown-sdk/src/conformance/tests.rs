//! The kit against adapters that break their word in one place each: every one must be found.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Findings, check, speed};
use crate::{
    Adapter, Case, File, FileKind, Framing, Id, Interaction, Manifest, NetworkSpec, Opened, Piece, Reader,
    Reject, Sink, Timestamp, Vocable, Vocabulary, Word,
};

static MANIFEST: Manifest = Manifest {
    name: "lines",
    docs: "Reads lines.",
    networks: &[NetworkSpec::new("net").kinds(&[LIKE])],
    files: &[FileKind::new("lines", &["*.lines"], "Names.").yields("likes")],
    example: Case::new("two")
        .file("x.lines", "ada\nben\n")
        .gives("lines", "interaction net like target=ada\ninteraction net like target=ben"),
    cases: &[],
};

const LIKE: Vocable = Vocable::new("like", "acts", "A like.", ("weighted", 1.0));

/// What it does wrong, if anything.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// Panics at a NUL.
    Panic,
    /// Rejects with the line's own text.
    Quotes,
    /// Rejects with an escape character.
    Steers,
    /// Gives a kind that it does not declare, where the line has a capital.
    Undeclared,
    /// Gives a record for every piece and not for every line.
    PieceWise,
    /// Numbers its records.
    Counts,
    /// Keeps the last line in the reader, and takes it for the next where that is read at the same time.
    Shared,
    /// Dates records by the clock.
    Clock,
    /// Gives a thousand records of a comma.
    TooMany,
    /// Does not give what its case says.
    Wrong,
}

struct Lines(Fault);

impl Adapter for Lines {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn open(&self, _: &File<'_>, _: &'static str, words: &Vocabulary) -> Opened {
        Ok(Box::new(LineReader {
            fault: self.0,
            network: words.network("net")?,
            like: words.kind("net", "like")?,
            other: words.kind("net", "other")?,
            state: AtomicU64::new(0),
        }))
    }
}

struct LineReader {
    fault: Fault,
    network: Word,
    like: Word,
    other: Word,
    state: AtomicU64,
}

impl LineReader {
    fn line(&self, line: &str, sink: &mut dyn Sink) {
        let mut record =
            Interaction { target: Some(Id::new(line)), ..Interaction::new(self.network, self.like) };
        match self.fault {
            Fault::Panic => assert!(!line.contains('\0'), "a NUL"),
            Fault::Undeclared if line.contains(char::is_uppercase) => record.kind = self.other,
            Fault::Counts => record.amount = 1 + self.state.fetch_add(1, Ordering::Relaxed) % 3,
            Fault::Shared => {
                let mine = line.as_ptr() as u64 + line.len() as u64;
                self.state.store(mine, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_micros(50));
                record.amount += u64::from(self.state.load(Ordering::SeqCst) != mine);
            }
            Fault::Clock => {
                let now =
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                record.at = Timestamp::from_seconds(now.as_secs() as i64);
            }
            Fault::TooMany if line.contains(',') => (0..2_000).for_each(|_| sink.interaction(&record)),
            Fault::Wrong => record.amount = 2,
            _ => {}
        }
        sink.interaction(&record);
    }
}

impl Reader for LineReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: 0, quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        if self.fault == Fault::PieceWise {
            return self.line("piece", sink);
        }
        for line in piece.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match std::str::from_utf8(line) {
                Ok(line) if line.len() < 12 => self.line(line, sink),
                Ok(_) | Err(_) => {
                    let reason = match self.fault {
                        Fault::Quotes => format!("no name: {}", String::from_utf8_lossy(line)),
                        Fault::Steers => "no name\u{1b}[31m".to_owned(),
                        _ => "no name: expected up to 11 bytes of UTF-8".to_owned(),
                    };
                    sink.reject(&Reject { offset: 0, row: None, reason, record: line });
                }
            }
        }
    }
}

fn assert_found(fault: Fault, what: &str) {
    let Findings(findings) = check(&Lines(fault));
    assert!(findings.iter().any(|finding| finding.contains(what)), "{fault:?}: {findings:#?}");
    assert!(findings.iter().all(|finding| finding.contains("lines: ")), "each says where: {findings:#?}");
}

#[test]
fn an_adapter_that_keeps_its_word_passes() {
    check(&Lines(Fault::None)).assert();
    let speed = speed(&Lines(Fault::None)).expect("it gives records");
    assert!(speed.records > 1_000 && speed.bytes == 4 * speed.records, "{speed:?}");
    assert!(speed.to_string().contains("ns a record"), "{speed}");
}

#[test]
fn every_broken_word_is_found() {
    let broken = [
        (Fault::Wrong, "the records are not those of the case"),
        (Fault::Panic, "it panicked: a NUL"),
        (Fault::Quotes, "quotes it"),
        (Fault::Steers, "none of which steers a terminal"),
        (Fault::PieceWise, "the records are not those of the case"),
        (Fault::Undeclared, "kind `other` of net is not in the manifest"),
        (Fault::Counts, "it gives something else"),
        (Fault::Shared, "on 4 threads at once, it gives something else"),
        (Fault::Clock, "gives something else a second later"),
        (Fault::TooMany, "records of"),
    ];
    // Each waits for a second to go by.
    std::thread::scope(|scope| {
        for (fault, what) in broken {
            scope.spawn(move || assert_found(fault, what));
        }
    });
}

/// Names that the host would refuse.
#[test]
fn names_are_plain_and_no_longer_than_a_host_takes() {
    const LONG: &str = "a-name-of-sixty-five-letters-which-is-one-more-than-a-host-takes-";
    static LONG_WORDS: Manifest = Manifest {
        name: LONG,
        networks: &[NetworkSpec::new(LONG).metrics(&[Vocable::new(
            LONG,
            "acts",
            "A word.",
            ("latest", 1.0),
        )])],
        ..MANIFEST
    };
    let mut findings = Findings::default();
    super::manifest::check(&MANIFEST, &mut findings);
    assert!(findings.0.is_empty(), "{findings:?}");
    super::manifest::check(&LONG_WORDS, &mut findings);
    assert_eq!((LONG.len(), findings.0.len()), (65, 3), "{findings:#?}");
}

#[test]
fn a_finding_is_made_small_and_kept() {
    let folder = std::env::temp_dir().join(format!("renown-corpus-{}", std::process::id()));
    let bytes = super::shrunk(b"ada\nb\0en\nida\n".to_vec(), |bytes| bytes.contains(&0));
    assert_eq!(bytes, b"\0");
    super::keep(&folder, &[b"two\n", &*bytes].concat());
    let Findings(findings) = super::fuzz(&Lines(Fault::Panic), &folder);
    assert!(findings[0].contains("as in the corpus's"), "{findings:#?}");
    super::fuzz(&Lines(Fault::None), &folder).assert();
    std::fs::remove_dir_all(&folder).unwrap();
}
