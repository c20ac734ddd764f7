//! Plugins that run as processes of their own: programs in any language, and native plugins that are to be kept apart.
//!
//! A program is a file that begins with `#!`, or one whose sidecar says `program = true`. A native plugin runs apart if
//! its sidecar says `isolated = true` or its user asks for it; then this program is started anew as its child, and
//! [`serve`] answers for the library there. Both speak the protocol of `docs/plugin-protocol.md`, and what comes back
//! passes the guard that native plugins' records pass.
//!
//! What runs is what was hashed: a file in memory that nobody can change, which the child inherits.

mod adapter;
mod formula;
mod ipc;
mod pool;
mod process;
mod protocol;
mod sandbox;
mod serve;

use std::os::fd::AsRawFd;
use std::sync::Arc;

use renown_sdk::{Adapter, is_plain};

use crate::error::Loading;
use crate::formula::{Foreign, Promised};
use crate::library::{self, is_shown};
use crate::manifest;
use adapter::Remote;
use pool::Pool;
use process::Start;
use protocol::Offer;

pub use sandbox::Limits;
pub use serve::serve;

/// The arguments with which this program, whichever it is, is started to serve a native plugin; the plugin's path follows.
/// It is to hand that to [`serve`].
pub const SERVE: [&str; 2] = ["plugins", "serve"];

/// What a file of such a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A program.
    Program,
    /// A native plugin that is to run apart.
    Isolated,
}

/// A plugin that runs in children.
pub(crate) struct Remotes {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) license: String,
    pub(crate) adapters: Vec<&'static dyn Adapter>,
    pub(crate) formulas: Vec<Promised>,
    pub(crate) children: Children,
}

/// The children of a plugin, for whoever wants to know how they fare.
#[derive(Clone, Debug)]
pub struct Children(Arc<Pool>);

impl Children {
    /// Whether the system keeps them from the network, and from leaving what will be ended.
    pub fn are_confined(&self) -> bool {
        self.0.filtered
    }

    /// What those that failed had said on standard error. It may quote records, so it is for the plugin's author.
    pub fn said(&self) -> Vec<String> {
        self.0.said()
    }
}

/// Starts a plugin.
///
/// # Errors
/// What it did instead of saying who it is, or what it said that cannot be.
pub(crate) fn load(bytes: &[u8], sort: Sort, limits: Limits) -> Result<Remotes, Loading> {
    limits.check().map_err(Loading::Refused)?;
    let memory = match sort {
        Sort::Program => library::sealed(bytes)?,
        Sort::Isolated => library::sealed_library(bytes)?,
    };
    let file = format!("/proc/self/fd/{}", memory.as_raw_fd());
    let words = match sort {
        Sort::Isolated => {
            let own = "/proc/self/exe".to_owned();
            [own].into_iter().chain(SERVE.map(str::to_owned)).chain([file]).collect()
        }
        Sort::Program => interpreter(bytes)?.into_iter().chain([file]).collect(),
    };
    let pool = Arc::new(Pool::new(Start { words, bytes: memory, limits }).map_err(Loading::Refused)?);
    remotes(&pool).map_err(Loading::Tables)
}

/// What the line `#!` at the top of a script says: a program, and all that follows as one argument, as the system has it.
fn interpreter(bytes: &[u8]) -> Result<Vec<String>, Loading> {
    const LONGEST: usize = 255;
    let Some(rest) = bytes.strip_prefix(b"#!") else { return Ok(Vec::new()) };
    let line = rest[..rest.len().min(LONGEST)].split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = std::str::from_utf8(line).ok().map(str::trim).filter(|line| line.starts_with('/'));
    let words = words.ok_or_else(|| {
        let what =
            "its first line does not name an interpreter: expected a path, as in #!/usr/bin/env python3";
        Loading::Refused(what.into())
    })?;
    let (program, argument) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    Ok([program, argument.trim()].iter().filter(|word| !word.is_empty()).map(ToString::to_string).collect())
}

/// What a plugin says of itself, checked.
fn remotes(pool: &Arc<Pool>) -> Result<Remotes, String> {
    const MOST: usize = 1_000;
    let hello = pool.hello();
    is_shown(&hello.version, "version")?;
    is_shown(&hello.license, "license")?;
    if !is_plain(&hello.id) {
        return Err("its id is not made of lower case letters, digits, _ and -".into());
    }
    let manifests: Vec<serde_json::Value> = serde_json::from_slice(pool.manifests())
        .map_err(|error| format!("its list of manifests cannot be read: {error}"))?;
    let brings = manifests.len() + hello.formulas.len();
    if brings == 0 || brings > MOST {
        return Err(format!("it has {brings} adapters and formulas: expected 1 to {MOST}"));
    }
    let mut adapters: Vec<&'static dyn Adapter> = Vec::new();
    for (number, json) in manifests.into_iter().enumerate() {
        let (manifest, options) = manifest::parse(&json.to_string())?;
        let remote = Remote { pool: pool.clone(), number, manifest, options, labels: Arc::default() };
        adapters.push(Box::leak(Box::new(remote)));
    }
    let plugin: Arc<str> = pool.plugin().into();
    let load = |(number, offer): (usize, &Offer)| {
        let params = if offer.params.is_null() { String::new() } else { offer.params.to_string() };
        let home = formula::Remote { pool: pool.clone(), number, parts: offer.parts };
        let foreign = Foreign::leaked(plugin.clone(), &offer.name, &offer.docs, &params, Box::new(home))?;
        Ok((foreign, offer.monotone))
    };
    let formulas: Result<Vec<Promised>, String> = hello.formulas.iter().enumerate().map(load).collect();
    Ok(Remotes {
        id: hello.id.clone(),
        version: hello.version.clone(),
        license: hello.license.clone(),
        adapters,
        formulas: formulas?,
        children: Children(pool.clone()),
    })
}
