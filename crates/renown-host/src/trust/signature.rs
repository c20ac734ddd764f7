//! Signatures beside plugins, in the form of minisign, which rsign writes too: Ed25519 over a hash of the file.

use std::io::Read;
use std::path::{Path, PathBuf};

use minisign_verify::{Error, PublicKey, Signature};

use super::TrustedKey;

/// What the signature beside a plugin says, under the same name with `.minisig` added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    No,
    /// The trusted key of this name signed these very bytes.
    By(String),
    /// It names a key that is not trusted.
    ByStranger,
    /// It names the trusted key of this name, which did not sign these bytes.
    OfOtherBytes(String),
    /// It is no signature that can be checked; why.
    Unreadable(String),
}

impl Signed {
    /// Where the signature of a plugin lies.
    pub fn path_of(plugin: &Path) -> PathBuf {
        let mut name = plugin.as_os_str().to_owned();
        name.push(".minisig");
        PathBuf::from(name)
    }

    /// Holds the signature beside a plugin against the plugin's bytes.
    pub(super) fn of(plugin: &Path, bytes: &[u8], keys: &[TrustedKey]) -> Self {
        let path = Self::path_of(plugin);
        match short_text(&path) {
            Ok(text) => check(&text, bytes, keys),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::No,
            Err(error) => Self::Unreadable(format!("cannot be read: {error}")),
        }
    }
}

/// The text of a signature or a public key, of which no real one is longer than this.
pub(super) fn short_text(path: &Path) -> std::io::Result<String> {
    const LONGEST: u64 = 64 << 10;
    // Opening a pipe would wait until somebody writes into it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("is not a file"));
    }
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn check(text: &str, bytes: &[u8], keys: &[TrustedKey]) -> Signed {
    const FORM: &str = "is not a signature as `minisign -S` and `rsign sign` write it";
    let Ok(signature) = Signature::decode(text) else { return Signed::Unreadable(FORM.into()) };
    let mut found = Signed::ByStranger;
    for trusted in keys {
        let Some(key) = public_key(&trusted.public_key) else { continue };
        match key.verify(bytes, &signature, false) {
            Ok(()) => return Signed::By(trusted.name.clone()),
            Err(Error::UnexpectedKeyId) => {}
            Err(Error::UnexpectedAlgorithm) => {
                found = Signed::Unreadable("is in minisign's old form, without a hash: sign it anew".into());
            }
            // Somebody may give a key the id of another: the next one may still be the right one.
            Err(_) => found = Signed::OfOtherBytes(trusted.name.clone()),
        }
    }
    found
}

/// A public key in its short form, one word.
pub(super) fn public_key(word: &str) -> Option<PublicKey> {
    PublicKey::from_base64(word).ok()
}

/// The key in a file as `minisign -G` writes it, a comment and the key; or in a text that is the key alone.
pub(super) fn key_in(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let key = lines.find(|line| !line.starts_with("untrusted comment:"))?;
    (public_key(key).is_some() && lines.next().is_none()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by minisign 0.11: `minisign -G -W`, `minisign -S`, and `minisign -S -l` for the old form.
    const PUBLIC: &str = "untrusted comment: minisign public key 8DE14D243D6F3707\n\
        RWQHN289JE3hjeAmTVra/uDjG7zNtcfK72F8GaIlm/CBUiOSC9J1KGia\n";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
        RUQHN289JE3hjUKszt8KA8UmlahM7fYjq4XheEXtLQJq5gw7zlGTdeNO2XVMx8dNgdUQe9zoyaM8rEhYWFY5lFT1NhrG8ThPrgs=\n\
        trusted comment: p.so 1.0.0\n\
        JnQF7fM6gyhRSJcbwLsQjoZqCJwB6GovaqwiyccQ0O2svh+a8dHVNasZR499/5l2j2h76W+0CdS6pkFKvDnxBg==\n";
    const OLD: &str = "untrusted comment: signature from minisign secret key\n\
        RWQHN289JE3hjV80u46P7tnbHbaPm1tEZOG6g4Gx/H4LN0/tlLB3gvjsN854hGl1iQk/GtaF5tKcwaadBbq0TMSpjleCG7h0pAo=\n\
        trusted comment: p.so 1.0.0\n\
        OVDbOBBS+KiofCnfkVnsUBR7lei+5kp4jvSlwOs2H7dWW4mtWwLpdcuPIRTBXOSYKuRymjubOLDG70AFt7snCw==\n";
    const BYTES: &[u8] = b"the bytes of a plugin";

    fn ada() -> TrustedKey {
        TrustedKey { name: "ada".into(), public_key: key_in(PUBLIC).unwrap().into() }
    }

    fn stranger() -> TrustedKey {
        // The key in minisign-verify's own documentation.
        let public_key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".into();
        TrustedKey { name: "stranger".into(), public_key }
    }

    #[test]
    fn what_minisign_signed_is_signed() {
        assert_eq!(check(SIGNATURE, BYTES, &[stranger(), ada()]), Signed::By("ada".into()));
    }

    #[test]
    fn whatever_is_wrong_with_a_signature_is_told_apart() {
        assert_eq!(check(SIGNATURE, b"other bytes", &[ada()]), Signed::OfOtherBytes("ada".into()));
        assert_eq!(check(SIGNATURE, BYTES, &[stranger()]), Signed::ByStranger);
        assert_eq!(check(SIGNATURE, BYTES, &[]), Signed::ByStranger);
        let forged = SIGNATURE.replace("p.so 1.0.0", "p.so 1.0.1");
        assert_eq!(check(&forged, BYTES, &[ada()]), Signed::OfOtherBytes("ada".into()));
        assert!(matches!(check(OLD, BYTES, &[ada()]), Signed::Unreadable(why) if why.contains("old form")));
        for (cut, _) in SIGNATURE.char_indices().filter(|(at, _)| *at < SIGNATURE.len() - 4) {
            let found = check(&SIGNATURE[..cut], BYTES, &[ada()]);
            assert!(matches!(found, Signed::Unreadable(_)), "{cut}: {found:?}");
        }
    }

    /// One key may bear the id of another; each is tried.
    #[test]
    fn a_key_with_the_id_of_another_hides_nothing() {
        use minisign::KeyPair;
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let (ada, mut bytes) = (ada(), pair.pk.to_bytes());
        let id = minisign::PublicKey::from_base64(&ada.public_key).unwrap().to_bytes()[2..10].to_vec();
        bytes[2..10].copy_from_slice(&id);
        let twin = minisign::PublicKey::from_bytes(&bytes).unwrap().to_base64();
        let twin = TrustedKey { name: "twin".into(), public_key: twin };
        assert_eq!(check(SIGNATURE, BYTES, &[twin.clone(), ada]), Signed::By("ada".into()));
        assert_eq!(check(SIGNATURE, BYTES, &[twin]), Signed::OfOtherBytes("twin".into()));
    }

    #[test]
    fn keys_are_found_in_files_and_words() {
        let key = key_in(PUBLIC).unwrap();
        assert_eq!(key_in(key), Some(key));
        for none in ["", "RWQ", SIGNATURE, "untrusted comment: minisign encrypted secret key\nRWRTY0Iy"] {
            assert_eq!(key_in(none), None, "{none}");
        }
    }
}
