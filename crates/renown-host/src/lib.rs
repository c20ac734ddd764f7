//! The host's side of plugins.
//!
//! **What it is for.** Takes the files that a user named as plugins, lets in those that are trusted ([`trust`]), loads
//! exactly the bytes that were hashed, checks every pointer, text and batch that a plugin hands over, and makes adapters
//! of what is in it that behave like linked ones.
//!
//! **What it may depend on.** The interface, the SDK, the system's loader. **What it must not know.** Scoring, weights,
//! people, any network by name.
//!
//! A native plugin has all rights of the process. Trust gives integrity (what runs is what was trusted), not isolation.

mod adapter;
mod error;
mod guard;
mod library;
mod manifest;
mod rows;
pub mod trust;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use renown_sdk::Adapter;

pub use error::{HostError, Loading};
use trust::TrustFile;

/// Set this to tell plugins that work is to stop.
pub static CANCELLED: AtomicBool = AtomicBool::new(false);

/// A plugin that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its file; relative paths are already made absolute against the file that names them.
    pub path: PathBuf,
    /// The digest that it must have, if the file that names it says so.
    pub sha256: Option<String>,
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
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("id", &self.id).field("path", &self.path).finish_non_exhaustive()
    }
}

/// Loads plugins, and sees to it that nothing has two owners.
///
/// # Errors
/// [`HostError`] of the first that cannot be used.
pub fn load(
    entries: &[Entry],
    trust: &TrustFile,
    linked: &[&'static dyn Adapter],
) -> Result<Vec<Plugin>, HostError> {
    let mut owners: Vec<(String, String)> = linked
        .iter()
        .map(|adapter| (adapter.manifest().name.to_owned(), "this program".to_owned()))
        .collect();
    let mut plugins = Vec::new();
    for entry in entries {
        let plugin = load_one(entry, trust)?;
        for adapter in &plugin.adapters {
            let (name, owner) = (adapter.manifest().name, plugin.path.display().to_string());
            if let Some((_, other)) = owners.iter().find(|(known, _)| known == name) {
                let (name, one) = (name.to_owned(), other.clone());
                return Err(HostError::Twice { sort: "adapter", name, one, other: owner });
            }
            owners.push((name.to_owned(), owner));
        }
        plugins.push(plugin);
    }
    Ok(plugins)
}

fn load_one(entry: &Entry, trust: &TrustFile) -> Result<Plugin, HostError> {
    let found = trust::read(&entry.path)?;
    trust::admit(&entry.path, &found, entry.sha256.as_deref(), trust)?;
    let library = library::load_bytes(&found.bytes, &found.sha256, &entry.path)?;
    let adapters = adapter::all(&library)
        .map_err(|what| HostError::Load { plugin: entry.path.clone(), what: Loading::Tables(what) })?;
    Ok(Plugin {
        path: entry.path.clone(),
        id: library.id,
        version: library.version,
        license: library.license,
        sha256: found.sha256,
        adapters,
    })
}

/// A path of a plugin as somebody wrote it: relative to the folder of the file that names it.
pub fn path_in(folder: &Path, written: &str) -> PathBuf {
    folder.join(written)
}
