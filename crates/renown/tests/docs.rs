//! The pages on reading a score and on tuning weights: their commands run as they stand, and print what is shown below them.
//!
//! Commands stand in blocks of `sh`, which are run in order in a folder that has the project's `examples` and `config`. A block of
//! `text` below a marker shows lines of what the last command before it printed, or the one that the marker gives:
//!
//! ```text
//! <!-- shown: 2 from "person"; …; 1 from "everybody" -->
//! <!-- shown of renown score examples/town --everyone: 1 from "warning:" -->
//! ```
//!
//! A pick such as `2 from "person"` is so many lines from the first one on that begins so, spaces aside; `…` stands for what is
//! left out. `RENOWN_UPDATE=1` writes what is printed today into the pages.
#![cfg(unix)]

mod common {
    pub(crate) mod place;
}

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use common::place::{at, root};
use tempfile::TempDir;

/// What commands gave.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs lines of a shell, in which `renown` is the binary under test.
fn shell(folder: &TempDir, lines: &str) -> Ran {
    let bin = folder.path().join("bin").display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-e", "-c", lines]).current_dir(folder.path()).stdin(Stdio::null());
    let output = command.env("PATH", path).env("NO_COLOR", "1").output().expect("a shell");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// A folder to run a page's commands in.
fn place() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["examples", "config"] {
        symlink(at(name), folder.path().join(name)).expect("a link");
    }
    std::fs::create_dir(folder.path().join("bin")).expect("a folder");
    symlink(env!("CARGO_BIN_EXE_renown"), folder.path().join("bin/renown")).expect("a link");
    folder
}

/// The lines that a marker picks of what was printed.
fn picked(picks: &str, ran: &Ran, page: &str) -> String {
    let mut shown = String::new();
    for pick in picks.split("; ") {
        if pick == "…" {
            shown.push_str("…\n");
            continue;
        }
        let (count, start) =
            pick.split_once(" from ").unwrap_or_else(|| panic!("{page}: not a pick: {pick}"));
        let (count, start) = (count.parse().expect("a number of lines"), start.trim_matches('"'));
        let begins = |line: &str| line.trim_start().starts_with(start);
        let printed = if ran.stdout.lines().any(begins) { &ran.stdout } else { &ran.stderr };
        assert!(
            printed.lines().any(begins),
            "{page}: no line begins with {start:?} in\n{}{printed}",
            ran.stdout
        );
        for line in printed.lines().skip_while(|line| !begins(line)).take(count) {
            shown.push_str(line.trim_end());
            shown.push('\n');
        }
    }
    shown
}

/// A page with what its commands print today.
fn renewed(page: &str, text: &str) -> String {
    let folder = place();
    let mut last = None;
    let mut picks = None;
    let mut renewed = String::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        renewed.push_str(line);
        if let Some(marker) =
            line.trim_end().strip_prefix("<!-- shown").and_then(|rest| rest.strip_suffix(" -->"))
        {
            let (of, marked) = marker.split_once(": ").expect("picks");
            if let Some(command) = of.strip_prefix(" of ") {
                last = Some(shell(&folder, command));
            }
            picks = Some(marked.to_owned());
        }
        let (is_shell, is_text) = (line == "```sh\n", line == "```text\n");
        if !is_shell && !is_text {
            continue;
        }
        let block: String = lines.by_ref().take_while(|line| *line != "```\n").collect();
        if is_shell {
            // It ends on Ctrl-C, and prints the same before that.
            let ran = shell(&folder, &block.replace(" --watch", ""));
            // A finding of `lint` is no failure.
            let fine = ran.code == Some(0) || (ran.code == Some(1) && block.contains("renown lint"));
            assert!(fine, "{page}: {:?}\n{block}{}", ran.code, ran.stderr);
            last = Some(ran);
        }
        match (picks.take(), &last) {
            (Some(picks), Some(ran)) if is_text => renewed.push_str(&picked(&picks, ran, page)),
            _ => renewed.push_str(&block),
        }
        renewed.push_str("```\n");
    }
    renewed
}

fn check(page: &str) {
    let path = root().join(page);
    let text = std::fs::read_to_string(&path).expect(page);
    let renewed = renewed(page, &text);
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        std::fs::write(Path::new(&path), renewed).expect("the page is written");
        return;
    }
    for (shown, today) in text.lines().zip(renewed.lines()) {
        assert_eq!(shown, today, "{page} is out of date: RENOWN_UPDATE=1 cargo test -p renown --test docs");
    }
    assert_eq!(
        text.len(),
        renewed.len(),
        "{page} is out of date: RENOWN_UPDATE=1 cargo test -p renown --test docs"
    );
}

#[test]
fn reading_a_score() {
    check("docs/reading-a-score.md");
}

#[test]
fn tuning_weights() {
    check("docs/tuning-weights.md");
}
