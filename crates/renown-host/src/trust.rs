//! Who is let in.
//!
//! A native plugin has all rights of the process once it is loaded. So before that, its file is read once, hashed, and
//! held against what the user trusts; and what is then loaded is exactly those bytes, not what the file has become in
//! the meantime. That gives integrity, not isolation.

mod list;
mod sidecar;
mod signature;

use std::fmt::{self, Write as _};
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::HostError;
pub use list::{TrustFile, Trusted, TrustedKey};
pub use sidecar::Sidecar;
pub use signature::Signed;

/// Which plugins are let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Every plugin that the user names, whatever its bytes.
    Any,
    /// Those that a trusted key signed, and those whose SHA-256 the user trusts.
    Signed,
    /// Those whose SHA-256 the user trusts.
    #[default]
    AllowList,
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Signed => "signed",
            Self::AllowList => "allow-list",
        })
    }
}

/// Why a plugin is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// Its digest is on the list.
    Listed,
    /// The trusted key of this name signed it, and the policy is that this is enough.
    SignedBy(String),
    /// The policy lets everybody in.
    Anybody,
}

impl fmt::Display for Grounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed => f.write_str("its sha256 is on the list"),
            Self::SignedBy(key) => write!(f, "the key `{key}` signed it"),
            Self::Anybody => f.write_str("the policy `any` lets in whatever is named"),
        }
    }
}

/// What can be said of a plugin's file without loading it.
#[derive(Debug)]
pub struct Examined {
    /// The digest of the file, in hexadecimal.
    pub sha256: String,
    /// What the signature beside it says.
    pub signed: Signed,
    /// Why it would be let in, or why not.
    pub admitted: Result<Grounds, HostError>,
}

/// Looks at a plugin's file, and loads nothing.
///
/// # Errors
/// [`HostError::Trust`] if it cannot be read.
pub fn examine(plugin: &Path, trust: &TrustFile) -> Result<Examined, HostError> {
    let found = read(plugin)?;
    let signed = Signed::of(plugin, &found.bytes, &trust.keys);
    let admitted = admit(plugin, &found, None, trust);
    Ok(Examined { sha256: found.sha256, signed, admitted })
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
    if is_everybodys(&meta) {
        return Err(refused(plugin, EVERYBODYS));
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

const EVERYBODYS: &str = "may be written by everybody: take that right away (chmod o-w)";

/// Whether everybody may write a file.
fn is_everybodys(meta: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        meta.mode() & 0o002 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        false
    }
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
) -> Result<Grounds, HostError> {
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
    check_pin(plugin, &found.sha256, pinned)?;
    if trust.plugins.iter().any(|trusted| trusted.sha256.eq_ignore_ascii_case(&found.sha256)) {
        return Ok(Grounds::Listed);
    }
    if trust.policy == Policy::Any {
        return Ok(Grounds::Anybody);
    }
    match (trust.policy, Signed::of(plugin, &found.bytes, &trust.keys)) {
        (Policy::Signed, Signed::By(key)) => Ok(Grounds::SignedBy(key)),
        (_, signed) => Err(refused(plugin, stranger(plugin, &signed, trust))),
    }
}

/// Whether a plugin's file is the one that a weights file means, if that says which.
pub(crate) fn check_pin(plugin: &Path, found: &str, pinned: Option<&str>) -> Result<(), HostError> {
    if pinned.is_none_or(|pinned| pinned.eq_ignore_ascii_case(found)) {
        return Ok(());
    }
    Err(refused(
        plugin,
        format!("its sha256 is {found}, which is not what the weights file says: look at what changed"),
    ))
}

/// What is said of a plugin that is not trusted, and what to do.
fn stranger(plugin: &Path, signed: &Signed, trust: &TrustFile) -> String {
    let (path, signature) = (plugin.display(), Signed::path_of(plugin));
    let signature = signature.display();
    let here = plugin.canonicalize().ok();
    let again = trust.plugins.iter().any(|trusted| Some(&trusted.path) == here.as_ref());
    let what = if again { "it has changed since it was trusted" } else { "it is not trusted" };
    let rights = "It would have all rights of this program";
    let by_digest = format!("If you know where it comes from: renown plugins trust {path}");
    match (trust.policy, signed) {
        (Policy::Signed, Signed::No) => {
            format!("{what}: no signature lies beside it ({signature}). {rights}. {by_digest}")
        }
        (Policy::Signed, Signed::ByStranger) => format!(
            "{what}: the key that signed it is none of those that are trusted. {rights}. If you know whose key it is: \
             renown plugins trust --key FILE.pub"
        ),
        (Policy::Signed, Signed::OfOtherBytes(key)) => format!(
            "{what}: {signature} bears the key `{key}`, which did not sign these bytes. Since it was signed, the plugin or the \
             signature was changed: get both anew from where they come"
        ),
        (Policy::Signed, Signed::Unreadable(why)) => format!("{what}: {signature} {why}"),
        (_, Signed::By(key)) => format!(
            "{what}. The key `{key}` signed it, but under the policy `{}` a signature is not enough. To let in these \
             bytes: renown plugins trust {path}; to let in all that trusted keys sign: renown plugins policy signed",
            trust.policy
        ),
        _ => format!("{what}. {rights}. {by_digest}"),
    }
}
