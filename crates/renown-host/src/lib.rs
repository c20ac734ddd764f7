//! The host's side of plugins.
//!
//! **What it is for.** Takes the files that a user named as plugins, lets in those that are trusted ([`trust`]), loads
//! exactly the bytes that were hashed, checks every pointer, text and batch that a plugin hands over, and makes adapters
//! and formulas of what is in it that behave like linked ones.
//!
//! **What it may depend on.** The interface, the SDK, the system's loader. **What it must not know.** Scoring, weights,
//! people, any network by name.
//!
//! A native plugin has all rights of the process. Trust gives integrity (what runs is what was trusted), not isolation. A
//! program, or a native plugin that is isolated, runs as a child: its faults are its own.

mod adapter;
#[cfg(target_os = "linux")]
mod child;
#[cfg(not(target_os = "linux"))]
#[path = "no_child.rs"]
mod child;
mod error;
mod foreign;
mod formula;
#[cfg(test)]
mod fuzz;
mod guard;
mod library;
mod manifest;
mod options;
#[cfg(target_os = "linux")]
mod printed;
#[cfg(not(target_os = "linux"))]
#[path = "no_printed.rs"]
mod printed;
mod raw;
mod raw_formula;
mod rows;
pub mod trust;
mod wrong;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use renown_sdk::Adapter;
use renown_sdk::formula::Formula;

use child::Sort;
pub use child::{Children, Limits, SERVE, serve};
pub use error::{HostError, Loading};
pub use printed::Printed;
use trust::{Sidecar, TrustFile};

/// Set this to tell plugins that work is to stop.
pub static CANCELLED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// A plugin that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its file; relative paths are already made absolute against the file that names them.
    pub path: PathBuf,
    /// The digest that it must have, if the file that names it says so.
    pub sha256: Option<String>,
    /// Whether it is to run in a process of its own, even if it is a library.
    pub isolated: bool,
}

/// A plugin that was loaded.
pub struct Plugin {
    /// Its file.
    pub path: PathBuf,
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its licence.
    pub license: String,
    /// The digest of its file.
    pub sha256: String,
    /// Its adapters.
    pub adapters: Vec<&'static dyn Adapter>,
    /// Its formulas.
    pub formulas: Vec<&'static dyn Formula>,
    /// The names of those that promise that points never fall when a value rises.
    pub monotone: BTreeSet<&'static str>,
    /// The processes that it runs in; `None` if it runs in this one.
    pub children: Option<Children>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("id", &self.id).field("path", &self.path).finish_non_exhaustive()
    }
}

/// Loads plugins, and sees to it that nothing has two owners, of which linked adapters and formulas are one. A file that
/// is named twice is one plugin.
///
/// # Errors
/// [`HostError`] of the first that cannot be used.
pub fn load(
    entries: &[Entry],
    trust: &TrustFile,
    adapters: &[&'static dyn Adapter],
    formulas: &[&'static dyn Formula],
) -> Result<Vec<Plugin>, HostError> {
    let mut owners = Owners::default();
    for adapter in adapters {
        owners.add("adapter", adapter.manifest().name, "this program")?;
    }
    for formula in formulas {
        owners.add("formula", formula.name(), "this program")?;
    }
    let mut plugins: Vec<Plugin> = Vec::new();
    let mut places = Vec::new();
    for entry in entries {
        let place = entry.path.canonicalize().unwrap_or_else(|_| entry.path.clone());
        if let Some(known) = places.iter().position(|known| *known == place) {
            trust::check_pin(&entry.path, &plugins[known].sha256, entry.sha256.as_deref())?;
            continue;
        }
        places.push(place);
        let plugin = load_one(entry, trust)?;
        let owner = plugin.path.display().to_string();
        for adapter in &plugin.adapters {
            owners.add("adapter", adapter.manifest().name, &owner)?;
        }
        for formula in &plugin.formulas {
            owners.add("formula", formula.name(), &owner)?;
        }
        plugins.push(plugin);
    }
    Ok(plugins)
}

/// Whose is what.
#[derive(Default)]
struct Owners(Vec<(&'static str, String, String)>);

impl Owners {
    fn add(&mut self, sort: &'static str, name: &str, owner: &str) -> Result<(), HostError> {
        if let Some((.., one)) = self.0.iter().find(|known| known.0 == sort && known.1 == name) {
            let (name, one, other) = (name.to_owned(), one.clone(), owner.to_owned());
            return Err(HostError::Twice { sort, name, one, other });
        }
        self.0.push((sort, name.to_owned(), owner.to_owned()));
        Ok(())
    }
}

fn load_one(entry: &Entry, trust: &TrustFile) -> Result<Plugin, HostError> {
    let found = trust::read(&entry.path)?;
    trust::admit(&entry.path, &found, entry.sha256.as_deref(), trust)?;
    let sidecar = Sidecar::of(&entry.path)?;
    if let Some(sort) = sort(entry, &found.bytes, sidecar.as_ref()) {
        let limits = sidecar.and_then(|sidecar| sidecar.limits).unwrap_or_default();
        return remote(entry, found, sort, limits);
    }
    let library = library::load_bytes(&found.bytes, &found.sha256, &entry.path)?;
    let wrong = |what| HostError::Load { plugin: entry.path.clone(), what: Loading::Tables(what) };
    let adapters = adapter::all(&library).map_err(wrong)?;
    let formulas = formula::all(&library).map_err(wrong)?;
    let (formulas, monotone) = promised(formulas);
    Ok(Plugin {
        path: entry.path.clone(),
        id: library.id,
        version: library.version,
        license: library.license,
        sha256: found.sha256,
        adapters,
        formulas,
        monotone,
        children: None,
    })
}

/// As what a plugin runs in a process of its own; `None` if it is loaded into this one.
fn sort(entry: &Entry, bytes: &[u8], sidecar: Option<&Sidecar>) -> Option<Sort> {
    if bytes.starts_with(b"#!") || sidecar.is_some_and(|sidecar| sidecar.program) {
        return Some(Sort::Program);
    }
    (entry.isolated || sidecar.is_some_and(|sidecar| sidecar.isolated)).then_some(Sort::Isolated)
}

fn remote(entry: &Entry, found: trust::Bytes, sort: Sort, limits: Limits) -> Result<Plugin, HostError> {
    let fault = |what| HostError::Load { plugin: entry.path.clone(), what };
    let remotes = child::load(&found.bytes, sort, limits).map_err(fault)?;
    let (formulas, monotone) = promised(remotes.formulas);
    Ok(Plugin {
        path: entry.path.clone(),
        id: remotes.id,
        version: remotes.version,
        license: remotes.license,
        sha256: found.sha256,
        adapters: remotes.adapters,
        formulas,
        monotone,
        children: Some(remotes.children),
    })
}

/// The formulas, and the names of those that promise that their points never fall.
fn promised(formulas: Vec<formula::Promised>) -> (Vec<&'static dyn Formula>, BTreeSet<&'static str>) {
    let monotone = formulas.iter().filter(|(_, monotone)| *monotone).map(|(formula, _)| formula.name());
    let monotone = monotone.collect();
    (formulas.into_iter().map(|(formula, _)| formula).collect(), monotone)
}
