//! Plugins as their user meets them: built, trusted, loaded beside what is linked, and failing.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod run;
    pub(crate) mod table;
    pub(crate) mod user;
}

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use common::folder::Folder;
use common::place::{at, root};
use common::run::{Ran, command};
use common::table::MAP;
use common::user::User;

/// Builds the plugins once, as the binary under test was built, and says where they lie.
fn built() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_BIN_EXE_renown")).parent().expect("a folder").to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.arg("build").arg("--quiet").current_dir(root());
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.arg("--target-dir").arg(folder.parent().expect("the target folder"));
        for package in
            ["renown-twitter-plugin", "renown-facebook-plugin", "renown-youtube-plugin", "renown-bluesky"]
        {
            cargo.args(["-p", package]);
        }
        let status = cargo.args(["-p", "renown-faulty"]).status().expect("cargo");
        assert!(status.success(), "the plugins do not build");
        folder
    })
}

fn plugin(name: &str) -> String {
    let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    built().join(format!("{before}renown_{name}{after}")).display().to_string()
}

#[test]
fn loaded_adapters_give_the_same_bytes_as_linked_ones() {
    let user = User::new();
    let town = at("examples/town");
    let linked = user.run(&["score", &town, "--everyone", "--format", "json"]);
    let mut args = vec!["score", &town, "--everyone", "--format", "json"];
    let names = ["twitter", "facebook", "youtube"];
    let files: Vec<String> = names.iter().map(|name| plugin(&format!("{name}_plugin"))).collect();
    for (name, file) in names.iter().zip(&files) {
        user.trust(file);
        args.extend(["--without", name, "--plugin", file]);
    }
    let loaded = user.run(&args);
    assert_eq!(loaded.code, 0, "{}", loaded.stderr);
    assert!(linked.stdout == loaded.stdout, "loaded plugins give other scores");
    // What was read, passed over and rejected is the same, too.
    let lines = |ran: &Ran| -> Vec<String> {
        ran.stderr.lines().filter(|line| !line.starts_with("took")).map(str::to_owned).collect()
    };
    assert_eq!(lines(&linked), lines(&loaded));
}

#[test]
fn a_loaded_adapter_passes_the_conformance_kit() {
    let user = User::new();
    let file = plugin("bluesky");
    user.trust(&file);
    let ran = user.run(&["plugins", "check", &file]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("0 findings"), "{}", ran.stdout);
}

#[test]
fn nothing_is_loaded_that_is_not_trusted() {
    let user = User::new();
    let file = plugin("bluesky");
    let town = at("examples/town");
    let ran = user.run(&["score", &town, "--everyone", "--plugin", &file]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("is not trusted") && ran.stderr.contains("renown plugins trust"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.is_empty());
}

#[test]
fn a_plugin_that_changed_is_not_the_one_that_was_trusted() {
    let user = User::new();
    let copy = user.folder.file("plugin.so", std::fs::read(plugin("bluesky")).expect("the plugin"));
    user.trust(&copy);
    let mut bytes = std::fs::read(&copy).expect("the plugin");
    bytes.push(0);
    std::fs::write(&copy, bytes).expect("a changed plugin");
    let ran = user.run(&["plugins", "show", &copy]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("has changed since it was trusted"), "{}", ran.stderr);
}

#[test]
fn a_plugin_and_the_program_cannot_own_one_name() {
    let user = User::new();
    let file = plugin("twitter_plugin");
    user.trust(&file);
    let ran = user.run(&["score", &at("examples/town"), "--everyone", "--plugin", &file]);
    assert_eq!(ran.code, 4);
    for word in ["two owners of the adapter `twitter`", "this program", &file] {
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
}

/// From `renown new` to a score, as an author would.
#[test]
fn a_new_crate_builds_passes_its_tests_and_scores() {
    let user = User::new();
    let sdk = at("crates/renown-sdk");
    let folder = Folder::new();
    for sort in ["adapter", "formula"] {
        let name = format!("new-{sort}");
        let mut new = command();
        new.current_dir(folder.path("")).args(["new", sort, &name, "--sdk", &sdk]);
        assert!(new.status().expect("the binary runs").success());
        let lock = std::fs::read(root().join("Cargo.lock")).expect("the versions that are known to work");
        folder.file(&format!("{name}/Cargo.lock"), lock);
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("new");
        for step in ["test", "build"] {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args([step, "--quiet", "--target-dir"]).arg(&target).current_dir(folder.path(&name));
            let output = cargo.output().expect("cargo");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let file = target.join(format!("debug/{before}new_{sort}{after}")).display().to_string();
        user.trust(&file);
        let ran = user.run(&["plugins", "check", &file]);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        let like = r#"{"time": "2026-09-30T12:00:00Z", "from": "ada", "to": "ben", "verb": "like"}"#;
        let day = folder.file("day.new-adapter.jsonl", like);
        let town = at("examples/town");
        let (input, set) = match sort {
            "adapter" => (&day, "networks.\"*\".weight=1"),
            _ => (&town, "networks.twitter.formula=new-formula"),
        };
        let ran =
            user.run(&["score", input, "--everyone", "--plugin", &file, "--set", set, "--format", "csv"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.lines().count() > 1, "{}", ran.stdout);
    }
}

/// The others' work is not lost, and is what it would be without the plugin's files.
#[test]
fn a_plugin_that_fails_is_named_and_the_rest_is_scored() {
    let user = User::new();
    let file = plugin("faulty");
    user.trust(&file);
    let good =
        user.folder.file("good.csv", "at,actor,target,kind\n1700000000,1,2,like\n1700000100,3,2,like\n");
    let map = user.folder.file("map.toml", MAP);
    let run = |inputs: &[&str]| {
        let mut args = vec!["score", "--everyone", "--format", "csv", "--map", &map, "--plugin", &file];
        args.extend(inputs);
        user.run(&args)
    };
    let alone = run(&[&good]);
    assert_eq!(alone.code, 0, "{}", alone.stderr);
    for (content, words) in [
        ("panic in recognise", "panicked"),
        ("panic in open", "panicked"),
        ("well\npanic in read", "panicked"),
        ("a kind that is not declared", "not declared in the manifest"),
    ] {
        let bad = user.folder.file("some/x.faulty", content);
        let ran = run(&[&good, &bad]);
        assert_eq!(ran.code, 4, "{content}: {}", ran.stderr);
        assert_eq!(ran.stdout, alone.stdout, "{content}");
        for word in [words, "x.faulty", "plugin renown-faulty 0.1.0"] {
            assert!(ran.stderr.contains(word), "{content}: `{word}` is not in {}", ran.stderr);
        }
        assert!(!ran.stderr.contains("bystander"), "{}", ran.stderr);
    }
    let well = run(&[&good, &user.folder.file("some/x.faulty", "well\nwell\n")]);
    assert_eq!(well.code, 0, "{}", well.stderr);
    assert!(well.stdout.contains("faulty:two"), "{}", well.stdout);
}
