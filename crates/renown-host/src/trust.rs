//! Who is let in.
//!
//! A native plugin has all rights of the process once it is loaded. So before that, its file is read once, hashed, and
//! held against what the user trusts; and what is then loaded is exactly those bytes, not what the file has become in
//! the meantime. That gives integrity, not isolation.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::HostError;

/// Which plugins are let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Every plugin that the user names, whatever its bytes.
    Any,
    /// Those whose SHA-256 the user trusts.
    #[default]
    AllowList,
}

/// What a user trusts: a file of theirs, changed by `renown plugins trust` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// The policy.
    #[serde(default)]
    pub policy: Policy,
    /// The plugins.
    #[serde(default, rename = "plugin", skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<Trusted>,
}

/// A plugin that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    /// The digest of its file, in hexadecimal.
    pub sha256: String,
    /// Where it lay when it was trusted, for people who read the file.
    pub path: PathBuf,
}

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
        let sidecar = toml::from_str(&text);
        sidecar.map(Some).map_err(|error| refused(plugin, format!("{}: {error}", path.display())))
    }
}

/// A plugin's bytes, and their digest.
#[derive(Debug)]
pub(crate) struct Bytes {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

pub(crate) fn refused(plugin: &Path, why: impl Into<String>) -> HostError {
    HostError::Trust { plugin: plugin.to_owned(), why: why.into() }
}

/// No plugin is larger.
const LARGEST: u64 = 1 << 30;

/// Reads a plugin's file, once, and hashes it.
pub(crate) fn read(plugin: &Path) -> Result<Bytes, HostError> {
    // Opening a pipe would wait until somebody writes into it.
    if std::fs::metadata(plugin).is_ok_and(|meta| !meta.is_file()) {
        return Err(refused(plugin, "is not a file"));
    }
    let file =
        std::fs::File::open(plugin).map_err(|error| refused(plugin, format!("cannot be read: {error}")))?;
    let meta = file.metadata().map_err(|error| refused(plugin, format!("cannot be read: {error}")))?;
    if !meta.is_file() {
        return Err(refused(plugin, "is not a file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if meta.mode() & 0o002 != 0 {
            return Err(refused(plugin, "may be written by everybody: take that right away (chmod o-w)"));
        }
    }
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| refused(plugin, format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(refused(plugin, "is larger than 1 GiB"));
    }
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(Bytes { bytes, sha256 })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a plugin is let in.
///
/// # Errors
/// Why not, and what to do.
pub(crate) fn admit(
    plugin: &Path,
    found: &Bytes,
    pinned: Option<&str>,
    trust: &TrustFile,
) -> Result<(), HostError> {
    if let Some(sidecar) = Sidecar::of(plugin)? {
        if sidecar.sha256.is_some_and(|sha256| !sha256.eq_ignore_ascii_case(&found.sha256)) {
            let name = Sidecar::path_of(plugin);
            let why = "the file is not the one that it describes (their sha256 differ): build both anew";
            return Err(refused(plugin, format!("{}: {why}", name.display())));
        }
        if sidecar.abi != renown_abi::ABI_MAJOR {
            let why = "this program speaks version 1 of the plugin interface";
            return Err(refused(plugin, format!("its sidecar says version {}: {why}", sidecar.abi)));
        }
    }
    if let Some(pinned) = pinned
        && !pinned.eq_ignore_ascii_case(&found.sha256)
    {
        let found = &found.sha256;
        return Err(refused(
            plugin,
            format!("its sha256 is {found}, which is not what the weights file says: look at what changed"),
        ));
    }
    let known = trust.plugins.iter().any(|trusted| trusted.sha256.eq_ignore_ascii_case(&found.sha256));
    if trust.policy == Policy::Any || known {
        return Ok(());
    }
    let again =
        trust.plugins.iter().any(|trusted| Some(&*trusted.path) == plugin.canonicalize().ok().as_deref());
    let what = if again { "has changed since it was trusted" } else { "is not trusted" };
    let path = plugin.display();
    Err(refused(
        plugin,
        format!(
            "it {what}. It would have all rights of this program. If you know where it comes from: renown plugins \
             trust {path}"
        ),
    ))
}

impl TrustFile {
    /// Where it lies: `$RENOWN_TRUST`, or `renown/trust.toml` in the user's configuration folder.
    pub fn path() -> Option<PathBuf> {
        let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        from("RENOWN_TRUST").or_else(|| {
            let config = from("XDG_CONFIG_HOME").or_else(|| from("HOME").map(|home| home.join(".config")));
            config.map(|config| config.join("renown/trust.toml"))
        })
    }

    /// Reads it; nobody is trusted if there is none.
    ///
    /// # Errors
    /// [`HostError::Trust`] if it is there and cannot be read.
    pub fn read() -> Result<Self, HostError> {
        let Some(path) = Self::path() else { return Ok(Self::default()) };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(refused(&path, format!("cannot be read: {error}"))),
        };
        toml::from_str(&text).map_err(|error| refused(&path, error.to_string()))
    }

    /// Trusts a plugin's file as it is now. Returns its digest.
    ///
    /// # Errors
    /// [`HostError::Trust`] if it, or the list, cannot be read.
    pub fn trust(&mut self, plugin: &Path) -> Result<String, HostError> {
        let found = read(plugin)?;
        let path = plugin.canonicalize().map_err(|error| refused(plugin, error.to_string()))?;
        self.plugins.retain(|trusted| trusted.path != path && trusted.sha256 != found.sha256);
        self.plugins.push(Trusted { sha256: found.sha256.clone(), path });
        self.plugins.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found.sha256)
    }

    /// The file's text.
    pub fn to_toml(&self) -> String {
        let head = "# Plugins that may be loaded, by the SHA-256 of their files. `renown plugins trust FILE` adds one.\n\n";
        // Texts and an enum: nothing in it that TOML could not hold.
        format!("{head}{}", toml::to_string(self).unwrap_or_default())
    }
}
