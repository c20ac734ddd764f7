//! What an author may say of a plugin beside it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::refused;
use crate::error::HostError;

/// What stands beside a plugin's file, under the same name with `.toml` added: read before anything is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// The plugin's name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The major version of the interface.
    pub abi: u32,
    /// The digest of the plugin's file, in hexadecimal, if it is to be held against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Its licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whether the file is a program and not a library. A script that begins with `#!` is one without this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub program: bool,
    /// Whether the library is to run in a process of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub isolated: bool,
    /// What a program, or an isolated library, may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<crate::Limits>,
}

impl Sidecar {
    /// Where the sidecar of a plugin lies.
    pub fn path_of(plugin: &Path) -> PathBuf {
        let mut name = plugin.as_os_str().to_owned();
        name.push(".toml");
        PathBuf::from(name)
    }

    /// The sidecar of a plugin; `None` if it has none.
    ///
    /// # Errors
    /// [`HostError::Trust`] if it is there and cannot be read.
    pub fn of(plugin: &Path) -> Result<Option<Self>, HostError> {
        let path = Self::path_of(plugin);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refused(plugin, format!("cannot read {}: {error}", path.display()))),
        };
        let fault = |what: String| refused(plugin, format!("{}: {what}", path.display()));
        let sidecar: Self = toml::from_str(&text).map_err(|error| fault(error.message().to_owned()))?;
        // Both are shown before anybody trusts them: they must not steer a terminal.
        if sidecar.id.chars().chain(sidecar.version.chars()).any(char::is_control) {
            return Err(fault("its id or version has control characters".into()));
        }
        Ok(Some(sidecar))
    }
}
