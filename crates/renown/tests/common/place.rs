//! Where the workspace lies.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// A path below the root, as text.
pub(crate) fn at(path: &str) -> String {
    root().join(path).display().to_string()
}
