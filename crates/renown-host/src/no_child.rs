//! Plugins that run as processes of their own, on systems where there are none yet.

use renown_sdk::Adapter;
use serde::{Deserialize, Serialize};

use crate::error::Loading;

/// What a child may use: `[limits]` of its sidecar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Limits {
    /// Its address space, in MiB.
    pub memory_mib: u64,
    /// How long it may take to answer a call, in seconds.
    pub seconds: u64,
    /// Whether it may start processes of its own.
    pub processes: bool,
}

/// The arguments with which this program would be started to serve a native plugin.
pub const SERVE: [&str; 2] = ["plugins", "serve"];

pub(crate) enum Sort {
    Program,
    Isolated,
}

/// The children of a plugin: there are none.
#[derive(Clone, Copy, Debug)]
pub enum Children {}

impl Children {
    /// Whether the system confines them.
    pub fn are_confined(&self) -> bool {
        match *self {}
    }

    /// What those that had to be ended had said.
    pub fn said(&self) -> Vec<String> {
        match *self {}
    }
}

pub(crate) struct Remotes {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) license: String,
    pub(crate) adapters: Vec<&'static dyn Adapter>,
    pub(crate) formulas: Vec<crate::formula::Promised>,
    pub(crate) children: Children,
}

pub(crate) fn load(_: &[u8], _: Sort, _: Limits) -> Result<Remotes, Loading> {
    Err(Loading::System("plugins run in processes of their own on Linux only".into()))
}

/// Would speak the protocol for a native plugin.
///
/// # Errors
/// Always.
pub fn serve(_: &std::path::Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
