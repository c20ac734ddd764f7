//! Archives and where in them their members are.

use std::collections::BTreeMap;

use zip::ZipArchive;

use crate::EngineError;
use crate::decode::Positioned;
use crate::tar::{self, Tar};

/// An opened archive, shared by its members.
#[derive(Debug)]
pub struct Archive {
    pub(crate) store: Store,
    /// Members by their path.
    pub(crate) members: BTreeMap<String, usize>,
}

/// The archive itself.
#[derive(Debug)]
pub(crate) enum Store {
    Zip(ZipArchive<Positioned>),
    Tar(Tar),
}

impl Archive {
    /// Opens a file as what its first bytes say it is; `None` if that is no archive.
    pub(crate) fn open(file: &Positioned, name: &str) -> Result<Option<Self>, EngineError> {
        if file.begins_with(b"PK\x03\x04") || file.begins_with(b"PK\x05\x06") {
            return Self::open_zip(file.clone(), name).map(Some);
        }
        let opened = tar::open(file).map_err(|error| EngineError::data(name, tar::reason(&error)))?;
        Ok(opened.map(|(tar, members)| Self { store: Store::Tar(tar), members }))
    }

    fn open_zip(file: Positioned, name: &str) -> Result<Self, EngineError> {
        let mut zip = ZipArchive::new(file).map_err(|error| {
            EngineError::data(name, format!("not a whole zip archive (is the download complete?): {error}"))
        })?;
        let mut members = BTreeMap::new();
        for index in 0..zip.len() {
            let member = zip.by_index_raw(index).map_err(|error| EngineError::data(name, error))?;
            let path = member.name().map_err(|error| EngineError::data(name, error))?;
            if let Some(path) = path_inside(&path).filter(|_| !member.is_dir()) {
                members.insert(path, index);
            }
        }
        Ok(Self { store: Store::Zip(zip), members })
    }

    /// The bytes that a member takes in the archive.
    pub(crate) fn size(&self, index: usize) -> u64 {
        match &self.store {
            Store::Zip(zip) => zip.clone().by_index_raw(index).map_or(0, |member| member.compressed_size()),
            Store::Tar(tar) => tar.size(index),
        }
    }
}

/// A member's path as inputs have it; `None` for what is hidden, for what macOS adds, and for paths that lead out of the
/// archive.
pub(crate) fn path_inside(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let left_out = parts.iter().any(|part| part.starts_with('.')) || parts.first() == Some(&"__MACOSX");
    (!left_out && !parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_its_archive() {
        for (path, inside) in [
            ("a/b.json", Some("a/b.json")),
            ("./a//b.json", Some("a/b.json")),
            ("/etc/passwd", Some("etc/passwd")),
            ("a\\b.json", Some("a/b.json")),
            ("../b.json", None),
            ("a/../../b.json", None),
            ("a/.hidden", None),
            ("__MACOSX/b.json", None),
            ("./", None),
            ("", None),
        ] {
            assert_eq!(path_inside(path).as_deref(), inside, "{path}");
        }
    }
}
