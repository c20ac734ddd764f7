//! Plugins that run as processes of their own: they give what linked ones give, and whatever one of them does, it is
//! named, its file is left out, everything else is scored, and nothing of it keeps running.
//!
//! Python and its package pyarrow come from `target/python`, which `sh scripts/setup-tests` fills.
#![cfg(target_os = "linux")]

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod run;
    pub(crate) mod table;
}

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::folder::Folder;
use common::place::{at, root};
use common::run::{Ran, command};
use common::table::MAP;

/// Somebody with a list of trusted plugins, whose processes can be told from others by their environment.
struct User {
    folder: Folder,
}

impl User {
    fn new() -> Self {
        let python = root().join("target/python/bin/python3");
        assert!(python.exists(), "{} is not there: run `sh scripts/setup-tests`", python.display());
        Self { folder: Folder::new() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command();
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{}:{path}", at("target/python/bin"), self.folder.path("nothing"));
        command.env("RENOWN_TRUST", self.folder.path("trust.toml")).env("PATH", path).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(args))
    }

    fn trust(&self, plugin: &str) {
        let ran = self.run(&["plugins", "trust", plugin]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }

    /// The program that is hostile in one way, with so many seconds for an answer.
    fn hostile(&self, mode: &str, seconds: u32) -> String {
        let script =
            include_str!("children/hostile.py").replace("MODE = \"well\"", &format!("MODE = {mode:?}"));
        let file = self.folder.file("hostile.py", script);
        let processes = mode == "leaves a grandchild";
        let limits = format!("[limits]\nseconds = {seconds}\nmemory_mib = 512\nprocesses = {processes}\n");
        let sidecar = format!("id = \"hostile\"\nversion = \"1.0.0\"\nabi = 1\n{limits}");
        self.folder.file("hostile.py.toml", sidecar);
        self.trust(&file);
        file
    }

    /// Nothing that was started with this user's environment is left.
    fn assert_nothing_runs(&self) {
        let mark = self.folder.path("nothing");
        let until = Instant::now() + Duration::from_secs(3);
        loop {
            let left = running(&mark);
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "still running: {left:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The command lines of all processes in whose environment a text stands.
fn running(mark: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("processes");
    let of = |folder: PathBuf| {
        let environment = std::fs::read(folder.join("environ")).ok()?;
        String::from_utf8_lossy(&environment).contains(mark).then_some(())?;
        Some(String::from_utf8_lossy(&std::fs::read(folder.join("cmdline")).ok()?).replace('\0', " "))
    };
    processes.filter_map(|process| of(process.ok()?.path())).collect()
}

/// For what is to take too long; all else has time, however busy the machine is.
fn seconds(words: &str) -> u32 {
    if words.contains("did not answer") { 3 } else { 60 }
}

/// Scores a good table and a file that only the plugin reads. Returns what the table gives by itself, too.
fn score(user: &User, plugin: &str, name: &str, content: &str) -> (&'static str, Ran) {
    static ALONE: OnceLock<String> = OnceLock::new();
    let good = "at,actor,target,kind\n1700000000,1,2,like\n1700000100,3,2,like\n";
    let good = user.folder.file("good.csv", good);
    let map = user.folder.file("map.toml", MAP);
    let bad = user.folder.file(name, content);
    let args = ["score", "--everyone", "--format", "csv", "--map", &map];
    let alone = ALONE.get_or_init(|| {
        let alone = user.run(&[&args[..], &[&good]].concat());
        assert_eq!(alone.code, 0, "{}", alone.stderr);
        alone.stdout
    });
    (alone, user.run(&[&args[..], &["--plugin", plugin, "--isolate", &good, &bad]].concat()))
}

/// The plugin fails while a file is read: exit code 4, its file left out, the rest scored.
fn assert_fails_at_its_file(mode: &str, words: &str) {
    let user = User::new();
    let plugin = user.hostile(mode, seconds(words));
    let (alone, ran) = score(&user, &plugin, "x.hostile", "a line of some bystander\n");
    assert_eq!(ran.code, 4, "{mode}: {}", ran.stderr);
    assert_eq!(ran.stdout, alone, "{mode}");
    for word in [words, "x.hostile", "plugin hostile 1.0.0"] {
        assert!(ran.stderr.contains(word), "{mode}: `{word}` is not in {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("bystander") && !ran.stderr.contains('\x1b'), "{mode}: {}", ran.stderr);
    user.assert_nothing_runs();
}

/// The plugin cannot be used at all: exit code 4, and nothing is scored.
fn assert_is_not_let_in(mode: &str, words: &str) {
    let user = User::new();
    let plugin = user.hostile(mode, seconds(words));
    let (_, ran) = score(&user, &plugin, "x.hostile", "a line\n");
    assert_eq!(ran.code, 4, "{mode}: {}", ran.stderr);
    assert!(ran.stdout.is_empty(), "{mode}: {}", ran.stdout);
    for word in [words, &*plugin] {
        assert!(ran.stderr.contains(word), "{mode}: `{word}` is not in {}", ran.stderr);
    }
    user.assert_nothing_runs();
}

macro_rules! modes {
    ($check:ident: $($name:ident $mode:literal $words:literal)*) => {$(
        #[test]
        fn $name() {
            $check($mode, $words);
        }
    )*};
}

modes! {
    assert_is_not_let_in:
    hello_exits "hello exits" "no such module: kettle"
    hello_exits_with_a_code "hello exits" "ended with exit code 3"
    hello_silence "hello silence" "did not answer within 3 s"
    hello_early "hello early" "bytes to standard output that are no message"
    hello_endless_line "hello endless line" "without a message"
    hello_version "hello version" "speaks version 2 of the protocol: this program speaks version 1"
    hello_id "hello id" "its id is not made of lower case letters"
    hello_huge "hello huge" "announced 1099511627776 bytes"
    hello_manifest "hello manifest" "its list of manifests cannot be read"
    hello_nobody "hello nobody" "did not say who it is"
}

modes! {
    assert_fails_at_its_file:
    exits "exits" "ended with exit code 3"
    aborts "aborts" "was ended by signal 6"
    sleeps "sleeps" "did not answer within 3 s"
    rubbish "rubbish" "91 bytes to standard output that are no message"
    endless_line "endless line" "without a message"
    half "half" "closed its standard output before it had answered"
    huge "huge" "announced 1099511627776 bytes: expected at most"
    below_zero "below zero" "that are no message"
    too_much "too much" "wrote more to standard output than it announced"
    talks "talks" "did not answer within 3 s"
    eats_memory "eats memory" "ended with exit code 1"
    no_arrow "no arrow" "gave no Arrow IPC stream: "
    cut_arrow "cut arrow" "its message 1 breaks off"
    flipped_arrow "flipped arrow" "byte 0: plugin hostile 1.0.0: "
    arrow_of_lists "arrow of lists" "column 3 of its schema is of a type that records do not have"
    empty_batches "empty batches" "more than 1000 batches without a row"
    too_many_rows "too many rows" "rows for what it was to read"
    undeclared_error "undeclared error" "failed with a code that does not exist"
    asks_while_reading "asks while reading" "asked for a file beside it while it was to read"
    asks_without_end "asks without end" "asked for more than 1000 files"
    leaves_a_grandchild "leaves a grandchild" "ended with exit code 9"
    writes_a_file "writes a file" "ended with exit code 1"
    recognise_exits "recognise exits" "could not say whose file this is: it ended with exit code 3"
    undeclared_kind "undeclared kind" "a kind that its manifest does not declare"
    uncut "uncut" "did not say how the file is to be cut"
}

/// It is found out when the child is next spoken to; what it answered before that counts.
#[test]
fn a_program_that_closes_its_input_is_replaced() {
    let user = User::new();
    let plugin = user.hostile("closes its input", 60);
    let (_, ran) = score(&user, &plugin, "x.hostile", "a line\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("net:ben"), "{}", ran.stdout);
    user.assert_nothing_runs();
}

#[test]
fn a_program_has_no_network_and_no_hand_on_others() {
    let user = User::new();
    let plugin = user.hostile("confined", 60);
    let shown = user.run(&["plugins", "show", &plugin]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    if shown.stdout.contains("with the network: this system has no filter of system calls") {
        eprintln!("left out: this system cannot confine a child");
        return;
    }
    assert!(shown.stdout.contains("in processes of its own, without a network"), "{}", shown.stdout);
    let (_, ran) = score(&user, &plugin, "x.hostile", "a line\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("net:ben"), "{}", ran.stdout);
}

#[test]
fn a_program_that_changed_is_not_the_one_that_was_trusted() {
    let user = User::new();
    let plugin = user.hostile("well", 60);
    let mut script = std::fs::read(&plugin).expect("the program");
    script.push(b'\n');
    std::fs::write(&plugin, script).expect("a changed program");
    let ran = user.run(&["plugins", "show", &plugin]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("has changed since it was trusted"), "{}", ran.stderr);
    user.assert_nothing_runs();
}

#[test]
fn a_program_without_its_interpreter_says_so() {
    let user = User::new();
    for (line, words) in [
        ("#!/nowhere/kettle", "there is no /nowhere/kettle"),
        ("#!kettle", "its first line does not name an interpreter"),
        ("#!/bin/true", "ended with exit code 0 before it had answered"),
    ] {
        let file = user.folder.file("plugin", format!("{line}\n"));
        user.trust(&file);
        let ran = user.run(&["plugins", "show", &file]);
        assert_eq!(ran.code, 4, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{line}: {}", ran.stderr);
    }
}

#[test]
fn limits_have_a_ceiling() {
    let user = User::new();
    let plugin = user.hostile("well", 60);
    let sidecar = "id = \"hostile\"\nversion = \"1.0.0\"\nabi = 1\n[limits]\nseconds = 86400\n";
    user.folder.file("hostile.py.toml", sidecar);
    let ran = user.run(&["plugins", "show", &plugin]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("limits.seconds is 86400: expected 1 to 3600"), "{}", ran.stderr);
}

/// What no host survives in its own process.
#[test]
fn an_isolated_library_crashes_alone() {
    let user = User::new();
    let library = user.folder.path("crash.so");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-std=gnu99", "-Wall", "-Wextra", "-Werror", "-o", &library])
        .args(["-I", &at("crates/renown-abi/include"), &at("crates/renown/tests/children/crash.c")])
        .output()
        .expect("a C compiler, as `cc`");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let sidecar = "id = \"crash\"\nversion = \"2.3.4\"\nabi = 1\nisolated = true\n[limits]\nseconds = 2\n";
    user.folder.file("crash.so.toml", sidecar);
    user.trust(&library);
    for (word, words) in [
        ("segfault", "was ended by signal 11"),
        ("abort", "was ended by signal 6"),
        // The C library's own answer to a jump to where nobody is: it may notice, or not.
        ("longjmp", "crash 2.3.4: "),
        ("exit", "ended with exit code 5"),
        ("spin", "did not answer within 2 s"),
        // How this program takes that its pipes are gone is its own affair.
        ("close", "crash 2.3.4: "),
        ("kill", "failed: may not"),
        ("print", "failed: has printed"),
    ] {
        let (alone, ran) = score(&user, &library, "x.crash", word);
        assert_eq!(ran.code, 4, "{word}: {}", ran.stderr);
        assert_eq!(ran.stdout, alone, "{word}");
        for word in [words, "x.crash", "plugin crash 2.3.4"] {
            assert!(ran.stderr.contains(word), "`{word}` is not in {}", ran.stderr);
        }
    }
    user.assert_nothing_runs();
}

/// Builds a plugin of this workspace, as the binary under test was built.
fn built(package: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_renown")).parent().expect("a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", package, "--target-dir"]);
    cargo.arg(folder.parent().expect("the target folder")).current_dir(root());
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().expect("cargo").success(), "the plugin does not build");
    folder.join(format!("lib{}.so", package.replace('-', "_"))).display().to_string()
}

#[test]
fn an_isolated_adapter_gives_the_same_bytes_as_the_linked_one() {
    let user = User::new();
    let library = built("renown-twitter-plugin");
    user.trust(&library);
    let town = at("examples/town");
    let linked = user.run(&["score", &town, "--everyone", "--format", "json"]);
    // What was read, passed over and rejected is the same, too.
    let lines = |ran: &Ran| -> Vec<String> {
        ran.stderr.lines().filter(|line| !line.starts_with("took")).map(str::to_owned).collect()
    };
    for threads in ["1", "7"] {
        let args = ["score", &town, "--everyone", "--format", "json", "--without", "twitter"];
        let plugin = ["--plugin", &library, "--isolate", "--threads", threads];
        let isolated = user.run(&[&args[..], &plugin].concat());
        assert_eq!(isolated.code, 0, "{}", isolated.stderr);
        assert!(linked.stdout == isolated.stdout, "{threads} threads give other scores");
        assert_eq!(lines(&linked), lines(&isolated));
    }
    let checked = user.run(&["plugins", "check", "--isolate", &library]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    user.assert_nothing_runs();
}

/// Scores the town's Twitter by a formula, and explains somebody's score.
fn score_town(user: &User, formula: &str, more: &[&str]) -> String {
    let set = format!("networks.twitter.formula={formula}");
    let (town, people) = (at("examples/town"), at("examples/town/people.toml"));
    let all = [&[&*town, "--people", &people, "--format", "json", "-q", "--set", &set], more].concat();
    let run = |command: &[&str]| {
        let ran = user.run(&[command, &all].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    run(&["score"]) + &run(&["explain", "mara-lind"])
}

#[test]
fn an_isolated_formula_gives_the_same_bytes_as_a_loaded_one() {
    let library = built("renown-saturating");
    let user = User::new();
    user.trust(&library);
    let checked = user.run(&["plugins", "check", "--isolate", &library]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.contains("1 formulas, 0 findings"), "{}", checked.stdout);
    // Numbers that are no short fractions, since they cross as text.
    let params = ["--set", "networks.twitter.params.half=3.3333333333333335", "--plugin", &library];
    let loaded = score_town(&user, "saturating", &params);
    let isolated = score_town(&user, "saturating", &[&params[..], &["--isolate"]].concat());
    assert!(loaded == isolated, "isolated formulas give other scores");
    let refused = |more: &[&str]| {
        let town = at("examples/town");
        let set = ["--set", "networks.twitter.formula=saturating", "--set", "networks.twitter.params.half=0"];
        user.run(&[&["score", &town, "--everyone", "--plugin", &library], &set[..], more].concat())
    };
    let (loaded, isolated) = (refused(&[]), refused(&["--isolate"]));
    assert!(loaded.stderr.contains("`half` must be more than 0"), "{}", loaded.stderr);
    assert_eq!((loaded.code, loaded.stderr), (isolated.code, isolated.stderr));
    user.assert_nothing_runs();
}

/// From `renown new` to a score, as an author would.
#[test]
fn a_new_formula_in_python_passes_the_kit_and_scores() {
    let user = User::new();
    let mut new = user.command(&["new", "formula", "roots", "--language", "python"]);
    let wrote = new.current_dir(user.folder.path("")).output().expect("the binary runs");
    assert!(wrote.status.success(), "{}", String::from_utf8_lossy(&wrote.stderr));
    let script = user.folder.path("roots/roots.py");
    user.trust(&script);
    let ran = user.run(&["plugins", "check", &script]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("0 adapters, 0 cases, 1 formulas, 0 findings"), "{}", ran.stdout);
    let [one, four] =
        ["1", "4"].map(|threads| score_town(&user, "roots", &["--plugin", &script, "--threads", threads]));
    assert!(one == four, "other scores with more threads");
    let town = at("examples/town");
    let score = |script: &str, set: &str| {
        let formula = "networks.twitter.formula=roots";
        user.run(&["score", &town, "--everyone", "--plugin", script, "--set", formula, "--set", set])
    };
    let ran = score(&script, "networks.twitter.params.scale=-1");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("it must be more than 0"), "{}", ran.stderr);
    // One whose points fall is found, and one that fails is named.
    let source = std::fs::read_to_string(&script).expect("a script");
    let root = "weight * value ** 0.5";
    assert!(source.contains(root), "{source}");
    let lower = user
        .folder
        .file("falls.py", source.replace(root, "weight * max(0, 3 - value)").replace("roots", "falls"));
    user.trust(&lower);
    let ran = user.run(&["plugins", "check", &lower]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("points fall from"), "{}", ran.stdout);
    let failing = user.folder.file("fails.py", source.replace(root, "weight / 0"));
    user.trust(&failing);
    let ran = score(&failing, "networks.twitter.params.scale=2");
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    for word in ["plugin roots 0.1.0", "ZeroDivisionError at line"] {
        assert!(ran.stderr.contains(word), "`{word}` is not in {}", ran.stderr);
    }
    user.assert_nothing_runs();
}

#[test]
fn the_adapter_in_python_keeps_its_word() {
    let user = User::new();
    let script = at("plugins/hackernews/hackernews.py");
    let source = std::fs::read_to_string(&script).expect("the adapter");
    assert!(source.contains(include_str!("../src/new/renown_child.py")), "its copy of the protocol is old");
    user.trust(&script);
    let checked = user.run(&["plugins", "check", &script]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.contains("0 findings"), "{}", checked.stdout);
    // Many files and lines, so that several children work on them.
    for file in 0..9 {
        let line = |at: u32| {
            let (id, by, parent) = (file * 10_000 + at, at % 97, file * 10_000 + at / 7);
            format!(
                r#"{{"by": "u{by}", "id": {id}, "parent": {parent}, "time": {}, "type": "comment"}}"#,
                1_700_000_000 + id
            )
        };
        user.folder.file(&format!("items/{file}.jsonl"), (0..5_000).map(line).collect::<Vec<_>>().join("\n"));
    }
    let items = user.folder.path("items");
    let args = ["score", &items, "--everyone", "--format", "json", "--plugin", &script, "--threads"];
    let [one, seven] = ["1", "7"].map(|threads| user.run(&[&args[..], &[threads]].concat()));
    assert_eq!(one.code, 0, "{}", one.stderr);
    assert!(one.stdout.contains("hackernews:u96"), "{}", one.stdout);
    assert!(one.stdout == seven.stdout, "other scores with more children");
    user.assert_nothing_runs();
}

/// From `renown new` to a score, as an author would.
#[test]
fn a_new_script_passes_the_kit_and_scores() {
    let user = User::new();
    let mut new = user.command(&["new", "adapter", "my-notes", "--language", "python"]);
    let wrote = new.current_dir(user.folder.path("")).output().expect("the binary runs");
    assert!(wrote.status.success(), "{}", String::from_utf8_lossy(&wrote.stderr));
    let script = user.folder.path("my-notes/my-notes.py");
    let source = std::fs::read_to_string(&script).expect("a script");
    let own = source.lines().position(|line| line.starts_with("# ----")).expect("the line of dashes");
    assert!(own <= 60, "{own} lines of the author's own");
    user.trust(&script);
    let ran = user.run(&["plugins", "check", &script]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let line = |verb: &str| {
        format!(r#"{{"time": "2026-09-30T12:00:00Z", "from": "ada", "to": "ben", "verb": {verb}}}"#)
    };
    let lines = [line("\"like\""), line("\"wave\""), "{}".into()].join("\n");
    let day = user.folder.file("day.my-notes.jsonl", lines);
    let ran =
        user.run(&["score", &day, "--everyone", "--plugin", &script, "--set", "networks.\"*\".weight=1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("my-notes:ben"), "{}", ran.stdout);
    // What raised an error is a record that cannot be read, with its place in the script and no content.
    assert!(ran.stderr.contains("KeyError at line"), "{}", ran.stderr);
}

/// With SIGKILL nothing can be cleared up: it is the system that ends the children.
#[test]
fn children_end_with_their_host_and_with_ctrl_c() {
    for signal in [rustix::process::Signal::KILL, rustix::process::Signal::INT] {
        let user = User::new();
        let plugin = user.hostile("sleeps", 60);
        let file = user.folder.file("x.hostile", "a line\n");
        let mut host =
            user.command(&["score", "--everyone", "--plugin", &plugin, &file]).spawn().expect("it runs");
        let mark = user.folder.path("nothing");
        let until = Instant::now() + Duration::from_secs(10);
        while running(&mark).len() < 2 {
            assert!(Instant::now() < until, "no child was started");
            std::thread::sleep(Duration::from_millis(10));
        }
        // Until it is asked to read.
        std::thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        let pid = rustix::process::Pid::from_child(&host);
        rustix::process::kill_process(pid, signal).expect("a signal");
        let status = host.wait().expect("it ends");
        assert!(begun.elapsed() < Duration::from_secs(2), "it waited for its child");
        if signal == rustix::process::Signal::INT {
            assert_eq!(status.code(), Some(130));
        }
        user.assert_nothing_runs();
    }
}
