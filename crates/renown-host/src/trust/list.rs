//! What a user trusts: a file of theirs.

use std::path::{Path, PathBuf};

use renown_sdk::suggest::{nearest, unknown};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{EVERYBODYS, Policy, is_everybodys, read, refused, signature};
use crate::error::HostError;

/// What a user trusts; changed by `renown plugins trust`, `distrust` and `policy`, or by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// The policy.
    #[serde(default)]
    pub policy: Policy,
    /// The plugins.
    #[serde(default, rename = "plugin", skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<Trusted>,
    /// The keys whose signatures count under [`Policy::Signed`].
    #[serde(default, rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<TrustedKey>,
}

/// A plugin that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    /// The digest of its file, in hexadecimal.
    #[serde(deserialize_with = "digest")]
    pub sha256: String,
    /// Where it lay when it was trusted, for people who read the file.
    pub path: PathBuf,
}

/// A key that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedKey {
    /// What the user calls it.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// The public key, as minisign writes it: one word.
    #[serde(deserialize_with = "key")]
    pub public_key: String,
}

const NO_DIGEST: &str = "expected a SHA-256, which is 64 hexadecimal digits";
const NO_KEY: &str = "expected a public key of minisign, which is 56 characters that begin with RW";
const NO_NAME: &str = "expected a name of 1 to 64 characters, none of them a control character";

/// Whether a text is a SHA-256 in hexadecimal.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a key can have this name, which is shown in messages and lists.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, is_digest, NO_DIGEST)
}

fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |text| signature::public_key(text).is_some(), NO_KEY)
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, is_name, NO_NAME)
}

fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
    is_right: impl Fn(&str) -> bool,
    expected: &str,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_right(&text) { Ok(text) } else { Err(D::Error::custom(expected)) }
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
    /// [`HostError::TrustFile`] if it is there and cannot be read, or everybody may write it.
    pub fn read() -> Result<Self, HostError> {
        let Some(path) = Self::path() else { return Ok(Self::default()) };
        let unreadable = |error: std::io::Error| fault(&path, format!("cannot be read: {error}"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(unreadable(error)),
        };
        if is_everybodys(&std::fs::metadata(&path).map_err(unreadable)?) {
            return Err(fault(&path, EVERYBODYS));
        }
        Self::parse(&text).map_err(|what| fault(&path, what))
    }

    /// Reads its text.
    fn parse(text: &str) -> Result<Self, String> {
        let trust: Self = toml::from_str(text).map_err(|error| explained(text, &error))?;
        let mut names: Vec<&str> = trust.keys.iter().map(|key| &*key.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("two keys are called `{}`: rename one", pair[0])),
            None => Ok(trust),
        }
    }

    /// Trusts a plugin's file as it is now. Returns its digest.
    ///
    /// # Errors
    /// [`HostError::Trust`] if it cannot be read.
    pub fn trust(&mut self, plugin: &Path) -> Result<String, HostError> {
        let found = read(plugin)?;
        let path = plugin.canonicalize().map_err(|error| refused(plugin, error.to_string()))?;
        self.plugins.retain(|trusted| trusted.path != path && trusted.sha256 != found.sha256);
        self.plugins.push(Trusted { sha256: found.sha256.clone(), path });
        self.plugins.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found.sha256)
    }

    /// Trusts a key, given as minisign writes it or as the path of a file that holds it. Returns its name: the one that
    /// is given, or the file's without its ending, or the beginning of the key.
    ///
    /// # Errors
    /// [`HostError::Key`] if it is no public key, or its name is taken.
    pub fn trust_key(&mut self, given: &str, name: Option<&str>) -> Result<String, HostError> {
        let fault = |what: &str| HostError::Key { key: given.to_owned(), what: what.to_owned() };
        let (public_key, of_itself) = if let Some(key) = signature::key_in(given) {
            (key.to_owned(), key.chars().take(12).collect())
        } else {
            let path = Path::new(given);
            let text = signature::short_text(path).map_err(|error| {
                fault(&format!("is neither a public key of minisign nor a file that can be read ({error})"))
            })?;
            let key = signature::key_in(&text);
            let key = key.ok_or_else(|| {
                fault("holds no public key as minisign writes it: a comment, and 56 characters that begin with RW")
            })?;
            (key.to_owned(), path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        };
        let name = name.map_or(of_itself, str::to_owned);
        if !is_name(&name) {
            return Err(fault(&format!("cannot be called {name:?}: {NO_NAME}")));
        }
        if self.keys.iter().any(|key| key.name == name && key.public_key != public_key) {
            return Err(fault(&format!(
                "cannot be called `{name}`, as another key is: choose a name with --name"
            )));
        }
        self.keys.retain(|key| key.public_key != public_key);
        self.keys.push(TrustedKey { name: name.clone(), public_key });
        self.keys.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(name)
    }

    /// Takes trust back: of plugins by their file, as it is or where it lay, or their digest; of a key by its name or by
    /// itself. Returns what was trusted and no longer is.
    pub fn distrust(&mut self, what: &str) -> Vec<String> {
        let path = Path::new(what);
        let place = path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_default();
        let digest = read(path).ok().map(|found| found.sha256);
        let is_plugin = |plugin: &Trusted| {
            plugin.path == place
                || plugin.sha256.eq_ignore_ascii_case(what)
                || digest.as_ref().is_some_and(|digest| plugin.sha256.eq_ignore_ascii_case(digest))
        };
        let is_key = |key: &TrustedKey| key.name == what || key.public_key == what;
        let plugins = self.plugins.extract_if(.., |plugin| is_plugin(plugin));
        let mut gone: Vec<String> =
            plugins.map(|plugin| format!("{} ({})", plugin.path.display(), plugin.sha256)).collect();
        let keys = self.keys.extract_if(.., |key| is_key(key));
        gone.extend(keys.map(|key| format!("the key `{}` ({})", key.name, key.public_key)));
        gone
    }

    /// The file's text.
    pub fn to_toml(&self) -> String {
        let head = "# Plugins that may be loaded: by the SHA-256 of their files, which `renown plugins trust FILE` adds, and, where the\n\
                    # policy is \"signed\", by the keys that sign them, which `renown plugins trust --key FILE.pub` adds.\n\n";
        // Texts and an enum: nothing in it that TOML could not hold.
        format!("{head}{}", toml::to_string(self).unwrap_or_default())
    }
}

fn fault(path: &Path, what: impl Into<String>) -> HostError {
    HostError::TrustFile { path: path.to_owned(), what: what.into() }
}

/// What the parser found, with its line, and what may have been meant.
fn explained(text: &str, error: &toml::de::Error) -> String {
    let message = error.message();
    let meant = unknown(message).and_then(|(wrong, known)| nearest(wrong, known));
    let meant = meant.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
    let Some(span) = error.span() else { return format!("{message}{meant}") };
    let start = text.floor_char_boundary(span.start);
    let number = text[..start].matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    format!("line {number}: {message}{meant}\n  {number} | {}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQHN289JE3hjeAmTVra/uDjG7zNtcfK72F8GaIlm/CBUiOSC9J1KGia";

    #[test]
    fn what_is_written_is_read_again() {
        let mut trust = TrustFile { policy: Policy::Signed, ..TrustFile::default() };
        trust.plugins.push(Trusted { sha256: "0a".repeat(32), path: "/a \"quoted\" place".into() });
        assert_eq!(trust.trust_key(KEY, Some("ada")).unwrap(), "ada");
        assert_eq!(TrustFile::parse(&trust.to_toml()).unwrap(), trust);
        assert_eq!(TrustFile::parse(&TrustFile::default().to_toml()).unwrap(), TrustFile::default());
    }

    #[test]
    fn faults_have_a_line_and_what_was_meant() {
        let trusted = |sha256: &str| format!("[[plugin]]\nsha256 = \"{sha256}\"\npath = \"/x.so\"\n");
        let key = |name: &str| format!("[[key]]\nname = \"{name}\"\npublic_key = \"{KEY}\"\n");
        for (text, expected) in [
            (
                "# é\nplicy = \"any\"\n".into(),
                "line 2: unknown field `plicy`, expected one of `policy`, `plugin`, `key`; did you mean `policy`?\n  2 | plicy = \"any\"",
            ),
            (
                "policy = \"sigend\"\n".into(),
                "line 1: unknown variant `sigend`, expected one of `any`, `signed`, `allow-list`; did you mean `signed`?\n  1 | policy = \"sigend\"",
            ),
            (
                trusted("0a"),
                "line 2: expected a SHA-256, which is 64 hexadecimal digits\n  2 | sha256 = \"0a\"",
            ),
            (
                "[[key]]\nname = \"ada\"\npublic_key = \"RWQ\"\n".into(),
                "line 3: expected a public key of minisign, which is 56 characters that begin with RW\n  3 | public_key = \"RWQ\"",
            ),
            (
                key(""),
                "line 2: expected a name of 1 to 64 characters, none of them a control character\n  2 | name = \"\"",
            ),
            (key("a") + &key("a"), "two keys are called `a`: rename one"),
        ] {
            assert_eq!(TrustFile::parse(&text).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_key_has_one_name_and_a_name_one_key() {
        let mut trust = TrustFile::default();
        assert_eq!(trust.trust_key(KEY, None).unwrap(), "RWQHN289JE3h");
        assert_eq!(trust.trust_key(KEY, Some("ada")).unwrap(), "ada");
        assert_eq!(trust.keys.len(), 1);
        let other = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
        let taken = trust.trust_key(other, Some("ada")).unwrap_err().to_string();
        assert!(taken.contains("as another key is: choose a name with --name"), "{taken}");
        let steering = trust.trust_key(other, Some("\u{1b}[2J")).unwrap_err().to_string();
        assert!(
            steering.contains("none of them a control character") && !steering.contains('\u{1b}'),
            "{steering}"
        );
        assert_eq!(trust.distrust("nobody"), [""; 0]);
        assert_eq!(trust.distrust("ada"), [format!("the key `ada` ({KEY})")]);
        assert!(trust.keys.is_empty());
    }
}
