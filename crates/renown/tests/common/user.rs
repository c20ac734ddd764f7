//! Users with settings of their own.

use super::folder::Folder;
use super::run::{Ran, command};

/// Somebody's list of trusted plugins.
pub(crate) struct User {
    pub(crate) folder: Folder,
}

impl User {
    pub(crate) fn new() -> Self {
        Self { folder: Folder::new() }
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(command().env("RENOWN_TRUST", self.folder.path("trust.toml")).args(args))
    }

    pub(crate) fn trust(&self, plugin: &str) {
        let ran = self.run(&["plugins", "trust", plugin]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}
