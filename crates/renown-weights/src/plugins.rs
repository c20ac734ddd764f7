//! The plugins that a weights file names.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::error::Fault;

/// A plugin that is loaded wherever this file is used, if the user trusts it: no file can say that for them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginEntry {
    /// Its file; relative to this file.
    #[schemars(with = "String", length(min = 1))]
    path: Spanned<String>,
    /// The SHA-256 that the file must have, in hexadecimal.
    #[serde(default)]
    #[schemars(with = "String", extend("pattern" = "^[0-9a-fA-F]{64}$"))]
    sha256: Option<Spanned<String>>,
}

/// A plugin that a weights file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlugin {
    /// Its file. What was relative to the weights file is relative to wherever that was read from.
    pub path: PathBuf,
    /// The SHA-256 that it must have, in hexadecimal, if the weights file says.
    pub sha256: Option<String>,
}

impl NamedPlugin {
    /// Checks an entry; its path is left as it is written.
    pub(crate) fn new(entry: PluginEntry) -> Result<Self, Fault> {
        if entry.path.get_ref().is_empty() {
            return Err(Fault::at(
                entry.path.span(),
                "expected the path of a plugin's file, relative to this one",
            ));
        }
        if let Some(sha256) = &entry.sha256
            && !(sha256.get_ref().len() == 64
                && sha256.get_ref().bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            let fault = Fault::at(sha256.span(), "expected a SHA-256, which is 64 hexadecimal digits");
            return Err(fault.help("`renown plugins show FILE` prints it"));
        }
        Ok(Self { path: entry.path.into_inner().into(), sha256: entry.sha256.map(Spanned::into_inner) })
    }
}
