//! Plugins that break their word: each ends in an error that says what is wrong, and none takes the program with it.
//!
//! One good plugin in C is compiled once for each fault. What lies behind a pointer that is not null, and what a library
//! does when it aborts, no host can check; everything else is here.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use renown_host::trust::{Policy, Sidecar, TrustFile};
use renown_host::{Entry, HostError, Loading, Plugin, load};
use renown_sdk::{
    Failure, File, Handle, Interaction, Observation, OpenError, Piece, Post, Reject, Sink, Vocabulary, Words,
};

/// Counts interactions; nothing else comes from these plugins.
#[derive(Default)]
struct Counter(usize);

impl Sink for Counter {
    fn interaction(&mut self, _: &Interaction<'_>) {
        self.0 += 1;
    }
    fn post(&mut self, _: &Post<'_>) {}
    fn observation(&mut self, _: &Observation<'_>) {}
    fn handle(&mut self, _: &Handle<'_>) {}
    fn reject(&mut self, _: &Reject<'_>) {}
    fn pass_over(&mut self, _: &'static str) {}
}

/// Where a plugin was stopped, and by what.
#[derive(Debug)]
enum Stop {
    Load(HostError),
    Claim(Failure),
    Open(OpenError),
    Read(Failure),
}

impl Stop {
    fn stage(&self) -> &'static str {
        match self {
            Self::Load(HostError::Trust { .. } | HostError::TrustFile { .. } | HostError::Key { .. }) => {
                "trust"
            }
            Self::Load(HostError::Twice { .. }) => "twice",
            Self::Load(HostError::Load { what, .. }) => match what {
                Loading::Refused(_) => "refused",
                Loading::Tables(_) => "tables",
                Loading::NoSymbol => "no symbol",
                Loading::OtherVersion(_) => "other version",
                Loading::NotALibrary => "not a library",
                Loading::OtherMachine(_) => "other machine",
                Loading::System(_) => "system",
            },
            Self::Claim(_) => "claim",
            Self::Open(OpenError::Configuration(_)) => "open: configuration",
            Self::Open(OpenError::Data(_)) => "open: data",
            Self::Open(OpenError::Words(_)) => "open: words",
            Self::Open(OpenError::Plugin(_)) => "open: plugin",
            Self::Read(_) => "read",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Load(error) => error.to_string(),
            Self::Open(error) => error.to_string(),
            Self::Claim(failure) | Self::Read(failure) => failure.to_string(),
        }
    }
}

fn any() -> TrustFile {
    TrustFile { policy: Policy::Any, ..TrustFile::default() }
}

fn entry(path: &Path) -> Entry {
    Entry { path: path.to_owned(), sha256: None, isolated: false }
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Compiles the plugin with a definition more.
fn compile(folder: &Path, name: &str, define: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = folder.join(format!("{name}.so"));
    let done = Command::new("cc")
        .args(["-shared", "-fPIC", "-std=c99", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&library)
        .arg("-I")
        .arg(here.join("../renown-abi/include"))
        .arg(define)
        .arg(here.join("tests/hostile/plugin.c"))
        .output()
        .expect("a C compiler, as `cc`");
    assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
    library
}

fn good(folder: &Path) -> PathBuf {
    compile(folder, "good", "-DFAULT=\"\"")
}

fn use_it(path: &Path) -> Result<usize, Stop> {
    let plugins = load(&[entry(path)], &any(), &[], &[]).map_err(Stop::Load)?;
    read_with(&plugins[0])
}

/// Does with a plugin's adapter what the engine would.
fn read_with(plugin: &Plugin) -> Result<usize, Stop> {
    let adapter = plugin.adapters[0];
    let file =
        File { path: "lines.csv", head: b"x\n", disk: None, siblings: &(), options: &renown_sdk::NO_OPTIONS };
    let kind = adapter.claims(&file).map_err(Stop::Claim)?.expect("a kind of file");
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [adapter.manifest()]);
    let reader = adapter.open(&file, kind, &vocabulary).map_err(Stop::Open)?;
    let mut sink = Counter::default();
    reader.read_all(&[Piece::new(b"x\n", 0)], &mut sink).map_err(Stop::Read)?;
    Ok(sink.0)
}

/// The fault, where it is found, and what is said of it.
const FAULTS: &[(&str, &str, &str)] = &[
    ("init_fails", "refused", "does not support this: says no"),
    ("init_does_nothing", "tables", "its id is not made of"),
    ("plugin_small", "tables", "its plugin table has struct_size 4: expected"),
    ("id_bad", "tables", "its id is not made of lower case letters"),
    ("version_bad_utf8", "tables", "its version is not valid UTF-8"),
    ("version_control", "tables", "its version has control characters"),
    ("version_empty", "tables", "its version does not begin with a number"),
    ("nothing_inside", "tables", "neither adapters nor formulas"),
    ("adapters_many", "tables", "adapters and 0 formulas"),
    ("adapters_null", "tables", "a list of 1 tables that is not there"),
    ("adapter_null", "tables", "table 0 of 1 is not there"),
    ("adapter_small", "tables", "RenownAdapter 0 of 1 has struct_size 8: expected"),
    ("null_recognise", "tables", "an adapter without `recognise` or `open`"),
    ("null_open", "tables", "an adapter without `recognise` or `open`"),
    ("formula_empty", "tables", "a formula without `create`, `points` or `destroy`"),
    ("manifest_no_json", "tables", "its manifest cannot be read: expected"),
    ("manifest_bad_utf8", "tables", "its manifest is not valid UTF-8"),
    ("manifest_null", "tables", "its manifest is a null pointer"),
    ("manifest_huge", "tables", "its manifest has 18446744073709551615 bytes"),
    ("manifest_bad_name", "tables", "calls it \"Bad Name\""),
    ("manifest_bad_network", "tables", "declares \"../net\""),
    ("error_without_message", "claim", "failed (code 7, no message: the error's"),
    ("error_null_message", "claim", "failed (code 7, no message: the error's"),
    ("error_unknown_code", "claim", "failed with a code that does not exist: says no"),
    ("error_long", "claim", "failed: aaaa"),
    ("error_control_characters", "claim", "failed: red [31mline"),
    ("error_bad_utf8", "claim", "failed: caf\u{fffd} \u{fffd}"),
    ("kind_of_file_undeclared", "claim", "a kind that its manifest does not declare"),
    ("kind_of_file_bad_utf8", "claim", "its kind of file is not valid UTF-8"),
    ("kind_of_file_null", "claim", "its kind of file is a null pointer"),
    ("open_data", "open: data", "finds the input broken: says no"),
    ("open_invalid", "open: configuration", "refuses its arguments: says no"),
    ("open_unsupported", "open: plugin", "does not support this: says no"),
    ("reader_empty", "open: plugin", "its reader has no `read`"),
    ("reader_small", "open: plugin", "its reader has struct_size 4: expected 56"),
    ("reader_framing", "open: plugin", "its reader has framing 42: expected 0 to 3"),
    ("reader_parts", "open: plugin", "its reader has 18446744073709551615 parts"),
    ("read_fails", "read", "cannot read something outside: says no"),
    ("read_gives_no_stream", "read", "handed out no stream"),
    ("stream_no_get_schema", "read", "its stream has no `get_schema`"),
    ("stream_no_get_next", "read", "its stream has no `get_next`"),
    ("stream_endless", "read", "gave more than 10002 rows"),
    ("stream_empty", "read", "gave more than 1000 batches without a row"),
    ("schema_fails", "read", "its stream has no schema (code 22, no message: `get_last_error`"),
    ("schema_released", "read", "gave a released schema"),
    ("schema_no_struct", "read", "its schema is no struct"),
    ("schema_null_format", "read", "its schema is no struct"),
    ("schema_negative", "read", "its schema has -1 columns"),
    ("schema_many", "read", "its schema has 9223372036854775807 columns"),
    ("schema_null_children", "read", "its schema has 6 columns and no list of them"),
    ("schema_null_child", "read", "column 3 of its schema is null"),
    ("column_missing_word", "read", "no column `word`: it is required"),
    ("column_missing_record", "read", "no column `record`: it is required"),
    ("column_wrong_type", "read", "column `word` is uint64: expected uint16"),
    ("column_foreign_type", "read", "column `at` is of a type that records do not have"),
    ("column_foreign_type_required", "read", "column `word` is of a type that records do not have"),
    ("column_twice", "read", "column `word` comes twice"),
    ("column_no_name", "read", "column 3 of its schema has no name"),
    ("column_no_type", "read", "column 3 of its schema has no type"),
    ("column_type_mangled", "read", "column 3 of its schema has no type"),
    ("column_short", "read", "column `at`: 1 rows: its batch has 2"),
    ("column_negative", "read", "column `at`: -1 rows from row 0 on"),
    ("column_offset", "read", "column `at`: 2 rows from row -1 on"),
    ("column_buffers", "read", "column `at`: 1 buffers: expected 2"),
    ("column_null_buffers", "read", "column `at`: a list of 2 buffers that is not there"),
    ("column_nulls_without_bits", "read", "column `at`: 1 nulls and no validity bits"),
    ("batch_released", "read", "gave a batch of 2 rows without `release`"),
    ("batch_null_child", "read", "column `at` of a batch is null"),
    ("batch_more_columns", "read", "a batch of 7 columns: its schema has 6"),
    ("batch_null_children", "read", "a batch of 6 columns and no list of them"),
    ("rows_many", "read", "gave more than 10002 rows"),
    ("rows_2_to_40", "read", "a batch of 1099511627776 rows"),
    ("rows_negative", "read", "a batch of -1 rows"),
    ("rows_offset", "read", "a batch of 2 rows from row -1 on"),
    ("rows_null", "read", "rows that are null as a whole"),
    ("values_null", "read", "column `at`: no values: their buffer is null"),
    ("values_unaligned", "read", "column `at`: values that are not aligned to 8 bytes"),
    ("offsets_null", "read", "column `actor_text`: no values: their buffer is null"),
    ("offsets_falling", "read", "column `actor_text`: offsets that fall from 4 to 2"),
    ("offsets_negative", "read", "column `actor_text`: a text that begins at -2"),
    ("offsets_cutting", "read", "a text that begins or ends inside a character"),
    ("texts_null", "read", "column `actor_text`: texts without bytes: their buffer is null"),
    ("texts_null_huge", "read", "column `actor_text`: texts without bytes: their buffer is null"),
    ("texts_bad_utf8", "read", "column `actor_text`: not valid UTF-8 at byte 0"),
    ("record_unknown", "read", "row 1: `record` is 99: expected 0 to 10"),
    ("record_null", "read", "row 0: no `record`"),
    ("number_first", "read", "row 0: a further number that follows neither a post nor an observation"),
    ("number_below_act", "read", "row 1: a further number that follows neither a post nor an observation"),
    ("post_without_object", "read", "row 1: a post without `object`"),
    ("observation_without_metric", "read", "row 1: no `target`, which is the account"),
    ("handle_without_text", "read", "row 1: no `text`"),
    ("passed_over_without_text", "read", "row 1: no `text`"),
    ("kind_undeclared", "read", "row 1: kind or metric 7 is not declared"),
    ("word_null", "read", "row 0: no `word`"),
    ("network_undeclared", "read", "row 1: network 7 is not declared"),
    ("time_early", "read", "row 1: a time of -1 µs"),
    ("time_late", "read", "row 1: a time of 9223372036854775807 µs"),
    ("next_fails", "read", "its stream broke off: the disk is gone"),
    ("next_fails_silently", "read", "its stream broke off (code 5, no message: `get_last_error`"),
    ("next_fails_garbled", "read", "its stream broke off: red [31mdisk"),
];

#[test]
fn the_plugin_without_a_fault_is_read() {
    assert_eq!(use_it(&good(&folder("good"))).unwrap(), 2);
}

#[test]
fn every_fault_ends_in_an_error_that_names_it() {
    let folder = folder("faults");
    let mut wrong = Vec::new();
    for (fault, stage, text) in FAULTS {
        // Shown if the process dies of this one.
        eprintln!("{fault}");
        let library = compile(&folder, fault, &format!("-DFAULT=\"{fault}\""));
        match use_it(&library) {
            Ok(records) => wrong.push(format!("{fault}: no error, {records} records")),
            Err(stop) => {
                let said = stop.text();
                let plain = !said.chars().any(char::is_control) && said.chars().count() < 1_000;
                if stop.stage() != *stage || !said.contains(text) || !plain {
                    wrong.push(format!("{fault}: {}: {said}", stop.stage()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn assert_stopped(path: &Path, trust: &TrustFile, stage: &str, text: &str) {
    let stop = Stop::Load(load(&[entry(path)], trust, &[], &[]).expect_err("an error"));
    assert!(stop.stage() == stage && stop.text().contains(text), "{}: {}", stop.stage(), stop.text());
    assert!(stop.text().contains(&*path.to_string_lossy()), "{}", stop.text());
}

#[test]
fn files_that_are_no_plugins() {
    let folder = folder("files");
    let library = std::fs::read(good(&folder)).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let any = any();
    let mut other = library.clone();
    other[18..20].copy_from_slice(&243_u16.to_le_bytes());
    assert_stopped(&write("text.so", b"a text\n"), &any, "not a library", "not a shared library");
    assert_stopped(&write("empty.so", b""), &any, "not a library", "not a shared library");
    assert_stopped(&write("riscv.so", &other), &any, "other machine", "ELF machine 243");
    assert_stopped(&write("head.so", &library[..40]), &any, "system", "cannot load it");
    // A download that broke off: the system's loader would let the process die of it.
    for (name, len) in [("quarter.so", library.len() / 4), ("half.so", library.len() / 2)] {
        assert_stopped(&write(name, &library[..len]), &any, "system", "the file is cut short");
    }
    assert_stopped(&folder, &any, "trust", "is not a file");
    assert_stopped(&folder.join("none.so"), &any, "trust", "cannot be read");
    assert_stopped(&compile(&folder, "v2", "-DWRONG_VERSION"), &any, "other version", "version 2");
    assert_stopped(&compile(&folder, "alien", "-DNO_SYMBOL"), &any, "no symbol", "renown_plugin_init_v1");
    let open = write("open.so", &library);
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_stopped(&open, &any, "trust", "may be written by everybody");
}

#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let pipe = folder("pipe").join("pipe.so");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_stopped(&pipe, &any(), "trust", "is not a file");
}

#[test]
fn two_owners_of_one_name() {
    let folder = folder("twice");
    let (one, other) = (good(&folder), compile(&folder, "other", "-DFAULT=\"stream_empty\""));
    let error = load(&[entry(&one), entry(&other)], &any(), &[], &[]).unwrap_err();
    assert!(matches!(&error, HostError::Twice { sort: "adapter", name, .. } if name == "hostile"), "{error}");
    let error = error.to_string();
    assert!(error.contains("good.so") && error.contains("other.so"), "{error}");
}

#[test]
fn only_the_bytes_that_were_trusted() {
    let folder = folder("trusted");
    let (library, other) = (good(&folder), compile(&folder, "other", "-DFAULT=\"stream_empty\""));
    let link = folder.join("link.so");
    std::os::unix::fs::symlink(&library, &link).unwrap();
    let mut trust = TrustFile::default();
    assert_stopped(&library, &trust, "trust", "it is not trusted");
    let sha256 = trust.trust(&link).unwrap();
    assert!(load(&[entry(&link)], &trust, &[], &[]).is_ok());
    // A digest in the weights file holds even if everything is trusted.
    let pinned = Entry { path: other.clone(), sha256: Some(sha256), isolated: false };
    let error = load(&[pinned], &any(), &[], &[]).unwrap_err();
    assert!(error.to_string().contains("which is not what the weights file says"), "{error}");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&other, &link).unwrap();
    assert_stopped(&link, &trust, "trust", "it is not trusted");
    std::fs::copy(&other, &library).unwrap();
    assert_stopped(&library, &trust, "trust", "it has changed since it was trusted");
}

#[test]
fn sidecars_that_describe_something_else() {
    let folder = folder("sidecars");
    let library = good(&folder);
    let sidecar = Sidecar::path_of(&library);
    let sha256 = TrustFile::default().trust(&library).unwrap();
    let write = |abi: u32, sha256: &str| {
        let text = format!("id = \"hostile\"\nversion = \"1.0.0\"\nabi = {abi}\nsha256 = \"{sha256}\"\n");
        std::fs::write(&sidecar, text).unwrap();
    };
    write(1, &sha256);
    assert!(load(&[entry(&library)], &any(), &[], &[]).is_ok());
    write(1, &"0".repeat(64));
    assert_stopped(&library, &any(), "trust", "their sha256 differ");
    write(2, &sha256);
    assert_stopped(&library, &any(), "trust", "its sidecar says version 2");
    std::fs::write(&sidecar, "{}").unwrap();
    assert_stopped(&library, &any(), "trust", "good.so.toml");
}
