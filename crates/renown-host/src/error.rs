//! What can be wrong with a plugin.

use std::path::PathBuf;

/// A plugin that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// It is not trusted, or not as it was when it was.
    #[error("plugin {plugin}: {why}")]
    Trust {
        /// The plugin's file.
        plugin: PathBuf,
        /// Why, and what to do.
        why: String,
    },
    /// What the user trusts cannot be read.
    #[error("{path}: {what}")]
    TrustFile {
        /// The file.
        path: PathBuf,
        /// Where in it, why, and what was expected.
        what: String,
    },
    /// A key cannot be trusted.
    #[error("{key}: {what}")]
    Key {
        /// The key, or the path of its file, as the user gave it.
        key: String,
        /// Why.
        what: String,
    },
    /// It cannot be loaded.
    #[error("plugin {plugin}: {what}")]
    Load {
        /// The plugin's file.
        plugin: PathBuf,
        /// Why.
        what: Loading,
    },
    /// Two plugins, or a plugin and a bundled crate, have the same name for something.
    #[error(
        "two owners of the {sort} `{name}`: {one} and {other}. Load only one of them, or rename it in its source"
    )]
    Twice {
        /// Adapter or formula.
        sort: &'static str,
        /// The name.
        name: String,
        /// One owner.
        one: String,
        /// The other.
        other: String,
    },
}

/// Why a file is no plugin that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Loading {
    /// No shared library.
    #[error("not a shared library of this system")]
    NotALibrary,
    /// For another processor.
    #[error("built for another processor (ELF machine {0}): build it for this one")]
    OtherMachine(u16),
    /// A library, but not a plugin.
    #[error(
        "not a Renown plugin: it exports no `renown_plugin_init_v1` (in Rust: `renown_sdk::export_plugin!();`)"
    )]
    NoSymbol,
    /// Of another major version of the interface.
    #[error("built for version {0} of the plugin interface: this program speaks version 1")]
    OtherVersion(u32),
    /// The system says no.
    #[error("the system cannot load it: {0}")]
    System(String),
    /// It says no itself.
    #[error("{0}")]
    Refused(String),
    /// What it handed over is not as it must be.
    #[error("{0}")]
    Tables(String),
}
