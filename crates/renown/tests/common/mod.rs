//! Runs the binary as its user would.
#![allow(dead_code, reason = "each test program uses some of it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// A path below the root, as text.
pub(crate) fn at(path: &str) -> String {
    root().join(path).display().to_string()
}

/// Real data beside the checkout, if this machine has it.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("left out: {} is not on this machine", path.display());
    None
}

/// The binary.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_renown"));
    command.env("NO_COLOR", "1").stdin(Stdio::null()).current_dir(root());
    command
}

/// Runs the binary.
pub(crate) fn renown<A: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = A>) -> Ran {
    ran(&command().args(args).output().expect("the binary runs"))
}

/// Runs the binary with bytes on standard input.
pub(crate) fn renown_with<A: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = A>, input: &[u8]) -> Ran {
    let mut child = command()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // A program that stops early closes the pipe.
        scope.spawn(move || drop(stdin.write_all(input)));
        ran(&child.wait_with_output().expect("it ends"))
    })
}

fn ran(output: &std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A folder that is gone after the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Writes a file and returns its path as text.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    /// A path inside, as text.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

/// A table of interactions with its map.
pub(crate) const MAP: &str =
    "network = \"notes\"\n[columns]\nat = \"at\"\nactor = \"actor\"\ntarget = \"target\"\nkind = \"kind\"\n";

/// Somebody's list of trusted plugins.
pub(crate) struct User {
    pub(crate) folder: Folder,
}

impl User {
    pub(crate) fn new() -> Self {
        Self { folder: Folder::new() }
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let mut command = command();
        command.env("RENOWN_TRUST", self.folder.path("trust.toml")).args(args);
        ran(&command.output().expect("the binary runs"))
    }

    pub(crate) fn trust(&self, plugin: &str) {
        let ran = self.run(&["plugins", "trust", plugin]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}
