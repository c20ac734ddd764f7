//! What lies in stores.

use std::collections::BTreeMap;
use std::path::Path;

/// All files of a store that are anybody's business, by path.
pub(crate) fn tree(store: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    walk(Path::new(store), Path::new(store), &mut files);
    files.remove("lock");
    files
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("inside").display().to_string();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

/// Fails with the names of files that differ.
#[track_caller]
pub(crate) fn assert_same(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let names: Vec<&String> = found.keys().chain(expected.keys()).collect();
    let differ: Vec<_> = names.into_iter().filter(|name| found.get(*name) != expected.get(*name)).collect();
    assert!(differ.is_empty(), "{} files differ, such as {}", differ.len(), differ[0]);
}

/// Copies a store.
pub(crate) fn copy(from: &str, to: &str) {
    let files = tree(from);
    for (name, bytes) in files {
        let path = Path::new(to).join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    std::fs::write(Path::new(to).join("lock"), "").expect("a file");
}
