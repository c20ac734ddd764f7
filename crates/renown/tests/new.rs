//! What `renown new` writes is short enough to be read at once. That it works is tested in `plugins.rs` and `child.rs`.

mod common {
    pub(crate) mod place;
    pub(crate) mod run;
}

use std::path::Path;
use std::process::Command;

use common::run::{Ran, command};

/// An author's own code for a simple format has fewer lines than this.
const LINES: usize = 60;

/// A new adapter for the network `notes`, as it is written into a folder.
fn new_adapter(folder: &Path, more: &[&str], file: &str) -> String {
    let ran = Ran::of(command().current_dir(folder).args(["new", "adapter", "notes"]).args(more));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    std::fs::read_to_string(folder.join(file)).expect("what was written")
}

/// How many lines there are that are neither empty nor begin as told.
fn lines(source: &str, comments: &[&str]) -> usize {
    let is_code = |line: &&str| !line.is_empty() && !comments.iter().any(|mark| line.starts_with(mark));
    source.lines().map(str::trim).filter(is_code).count()
}

#[test]
fn an_adapter_in_rust_is_short_and_formatted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = new_adapter(folder.path(), &[], "notes/src/lib.rs");
    let (code, test) = source.split_once("#[cfg(test)]").expect("a test");
    assert!(test.contains("conformance::check"), "{test}");
    let lines = lines(code, &["//"]);
    assert!(lines < LINES, "{lines} lines");
    // As cargo's formatter has it, without settings.
    let path = folder.path().join("notes/src/lib.rs");
    let ran = Ran::of(Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(path));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_adapter_in_python_is_short() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = new_adapter(folder.path(), &["--language", "python"], "notes/notes.py");
    let (code, protocol) = source.split_once("# ----").expect("a line of dashes");
    assert!(protocol.contains("def serve("), "the protocol is below the line");
    let lines = lines(code, &["#", "\"\"\""]);
    assert!(lines < LINES, "{lines} lines");
}
