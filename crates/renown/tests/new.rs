//! What `renown new` writes is short enough to be read at once. That it works is tested in `plugins.rs` and `child.rs`.

mod common {
    pub(crate) mod place;
    pub(crate) mod run;
}

use std::process::Command;

use common::run::{Ran, command};

/// An author's own code for a simple format has fewer lines than this.
const LINES: usize = 60;

#[test]
fn an_adapter_in_rust_is_short_and_formatted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ran = Ran::of(command().current_dir(folder.path()).args(["new", "adapter", "notes"]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let path = folder.path().join("notes/src/lib.rs");
    let source = std::fs::read_to_string(&path).expect("what was written");
    let (code, test) = source.split_once("#[cfg(test)]").expect("a test");
    assert!(test.contains("conformance::check"), "{test}");
    // Comments and empty lines do not count.
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with("//");
    let lines = code.lines().map(str::trim).filter(is_code).count();
    assert!(lines < LINES, "{lines} lines");
    // As cargo's formatter has it, without settings.
    let ran = Ran::of(Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(path));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
