//! The adapter in C, `plugins/weblog-c`: built against the header alone, today's and the frozen one, loaded by the real
//! program, and run with every byte of its memory watched.
#![cfg(target_os = "linux")]

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod run;
}

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use common::folder::Folder;
use common::place::root;
use common::run::{Ran, command};

/// What the sanitizers exit with, which the program itself never does.
const CAUGHT: i32 = 99;

/// A folder with a log and a list of trusted plugins.
struct User {
    folder: Folder,
    log: String,
}

impl User {
    fn new() -> Self {
        let folder = Folder::new();
        let mut log = String::new();
        for at in 0..3_000 {
            let (visitor, day) = (at % 250, at % 28 + 1);
            let page = ["~mara/", "~bo/cv.html", "~bo/me.png", "%7Emara?q", "", "~ida/v1.0/"][at % 6];
            let _ = writeln!(
                log,
                "192.0.2.{visitor} - - [{day:02}/Oct/2026:13:55:36 -0700] \"GET /{page} HTTP/1.1\" 200 23 \"-\" \"x\""
            );
        }
        log.push_str(
            "198.51.100.77 - secretlogin [no time] \"GET /~secretpage/ HTTP/1.1\" 200 23\nand no end",
        );
        let log = folder.file("access.log", log);
        Self { folder, log }
    }

    /// Compiles the plugin's source, as it is or changed, and trusts it.
    fn build(&self, name: &str, source: &str, header: &str, more: &[&str]) -> String {
        let (source, library) =
            (self.folder.file(&format!("{name}.c"), source), self.folder.path(&format!("{name}.so")));
        let done = Command::new("cc")
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fPIC", "-shared", "-g"])
            .args(more)
            .arg("-I")
            .arg(root().join(header))
            .args(["-o", &library, &source])
            .output()
            .expect("a C compiler, `cc`: scripts/setup installs one");
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        let ran = self.run(&["plugins", "trust", &library], None);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        library
    }

    /// Runs the program, with a library loaded before all others.
    fn run(&self, args: &[&str], preload: Option<&str>) -> Ran {
        let mut command = command();
        command.env("RENOWN_TRUST", self.folder.path("trust.toml")).args(args);
        if let Some(preload) = preload {
            let options = format!("exitcode={CAUGHT}:detect_leaks=1");
            command.env("LD_PRELOAD", preload).env("ASAN_OPTIONS", &options).env("LSAN_OPTIONS", &options);
            command.env("UBSAN_OPTIONS", format!("{options}:print_stacktrace=1"));
        }
        Ran::of(&mut command)
    }

    fn score(&self, log: &str, plugin: &str, preload: Option<&str>) -> Ran {
        self.run(&["score", log, "--everyone", "--format", "csv", "--plugin", plugin], preload)
    }
}

fn source() -> String {
    std::fs::read_to_string(root().join("plugins/weblog-c/weblog.c")).expect("the plugin")
}

const HEADER: &str = "crates/renown-abi/include";
const FROZEN: &str = "tests/abi/v1";

/// What a plugin prints would stand among results; the check finds it, even what waits in C's buffers.
#[test]
fn what_it_prints_is_found() {
    let user = User::new();
    let greeting = "#include <stdio.h>\n__attribute__((constructor)) static void greet(void) { printf(\"weblog is here\"); }\n";
    let library = user.build("greets", &format!("{greeting}{}", source()), HEADER, &[]);
    let ran = user.run(&["plugins", "check", &library], None);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("weblog: it writes to standard output, where results go: \"weblog is here\""),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("1 findings\n"), "{}", ran.stdout);
}

/// A plugin that was built against the first header goes on being read, and as one that is built today.
#[test]
fn built_against_the_header_of_today_and_the_frozen_one_it_gives_the_same_bytes() {
    let user = User::new();
    let mut scores = Vec::new();
    for (name, header) in [("today", HEADER), ("frozen", FROZEN)] {
        let plugin = user.build(name, &source(), header, &["-O2"]);
        let checked = user.run(&["plugins", "check", &plugin], None);
        assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
        assert!(
            checked.stdout.contains("4 cases") && checked.stdout.contains(" 0 findings"),
            "{}",
            checked.stdout
        );
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&std::fs::read(&user.log).unwrap()).unwrap();
        let gz = user.folder.file("access.log.1.gz", gz.finish().unwrap());
        for log in [&user.log, &gz] {
            let ran = user.score(log, &plugin, None);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            for person in ["web:mara", "web:bo", "web:ida"] {
                assert!(ran.stdout.contains(person), "{person}: {}", ran.stdout);
            }
            assert!(
                ran.stderr.contains("view 2,000") && ran.stderr.contains("rejected     2"),
                "{}",
                ran.stderr
            );
            for private in ["192.0.2", "198.51.100", "secret"] {
                assert!(!ran.stdout.contains(private) && !ran.stderr.contains(private), "{private}");
            }
            scores.push(ran.stdout);
        }
    }
    assert!(scores.windows(2).all(|pair| pair[0] == pair[1]), "{scores:?}");
}

/// Loading, reading, broken input and what the host refuses, under the compiler's sanitizers: nothing is read or written
/// beyond its end, nothing is used after it was released, and nothing is left over at the end.
#[test]
fn its_memory_is_in_order_and_a_fault_in_it_would_be_caught() {
    const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];
    let user = User::new();
    let found = Command::new("cc").arg("-print-file-name=libasan.so").output().expect("a C compiler");
    let asan = String::from_utf8(found.stdout).unwrap().trim().to_owned();
    assert!(
        Path::new(&asan).is_absolute(),
        "libasan.so, which comes with gcc, is not there: run scripts/setup"
    );
    let build = |name: &str, source: &str| user.build(name, source, HEADER, &SANITIZERS);
    let clean = |ran: &Ran| {
        assert!(!ran.stderr.contains("Sanitizer") && !ran.stderr.contains("runtime error"), "{}", ran.stderr);
    };

    let good = build("good", &source());
    let ran = user.score(&user.log, &good, Some(&asan));
    clean(&ran);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = user.run(&["plugins", "check", &good], Some(&asan));
    clean(&ran);
    assert_eq!(ran.code, 0, "{}", ran.stdout);

    // A fault in what is said, not in memory: the host refuses the batch half way, and must still release all of it.
    for (name, from, to, said) in [
        ("undeclared", "view = 0;", "view = 7;", "kind or metric 7 is not declared"),
        (
            "no-schema",
            "  if (!fields) {",
            "  free(fields), fields = NULL;\n  if (!fields) {",
            "out of memory",
        ),
        ("no-batch", "  if (!arrays) {", "  free(arrays), arrays = NULL;\n  if (!arrays) {", "out of memory"),
        ("no-memory", "  batch->rows++;", "  if (batch->rows++ == 99) return 0;", "out of memory"),
    ] {
        let ran = user.score(&user.log, &build(name, &changed(from, to)), Some(&asan));
        clean(&ran);
        assert_eq!(ran.code, 4, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{name}: {}", ran.stderr);
    }

    // And faults in memory, each of which must be caught.
    for (name, from, to, said) in [
        ("leak", "  free(column->values.bytes);", "", "detected memory leaks"),
        (
            "overrun",
            "realloc(buffer->bytes, room)",
            "realloc(buffer->bytes, room - 1)",
            "heap-buffer-overflow",
        ),
        (
            "twice",
            "  free_batch(stream->private_data);",
            "  free_batch(stream->private_data);\n  free_batch(stream->private_data);",
            "heap-use-after-free",
        ),
        (
            "undefined",
            "days += days_in(y, 2) == 29 ? 366 : 365;",
            "days += INT64_MAX;",
            "signed integer overflow",
        ),
    ] {
        let ran = user.score(&user.log, &build(name, &changed(from, to)), Some(&asan));
        assert_eq!(ran.code, CAUGHT, "{name} was not caught: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{name}: {}", ran.stderr);
    }
}

/// The plugin's source with one place changed.
fn changed(from: &str, to: &str) -> String {
    let source = source();
    assert_eq!(source.matches(from).count(), 1, "`{from}` must stand in the source once");
    source.replace(from, to)
}
