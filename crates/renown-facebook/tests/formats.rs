//! The adapter over the sample files of every network: it claims those of its own, and none of another's.

use std::path::{Path, PathBuf};

use renown_facebook::Facebook;
use renown_sdk::{Adapter, File, conformance};

/// Samples of Meta's that are left unclaimed, and why.
const UNCLAIMED: [(&str, &str); 18] = [
    ("base/object_default.json", "only an id and a name: any network could have written it"),
    ("base/objects_default.json", "only ids and names"),
    (
        "facebook/apidata/applications/application_info.json",
        "id, name, link and category: nothing of Facebook's own",
    ),
    ("facebook/apidata/users/users_fields.json", "only ids and names"),
    ("instagram/apidata/hashtags/hashtag_info.json", "only an id and a name"),
    ("instagram/apidata/hashtags/hashtags_info.json", "only ids and names"),
    ("instagram/apidata/users/hashtag_search.json", "only ids and names"),
    ("instagram/models/ig_hashtag.json", "only an id and a name"),
    ("instagram/apidata/publish/create_photo.json", "only an id"),
    ("instagram/apidata/publish/create_video.json", "only an id"),
    ("instagram/apidata/publish/publish_container.json", "only an id"),
    ("instagram/apidata/publish/container_info.json", "an id and a status"),
    ("instagram/apidata/publish/containers_info.json", "ids and statuses"),
    ("instagram/models/ig_container.json", "an id and a status"),
    ("instagram/apidata/medias/product_tags.json", "a shop's catalogue: nothing in it names the network"),
    ("instagram/apidata/users/available_catalogs.json", "a shop's catalogue"),
    ("instagram/apidata/users/catalog_product_search.json", "a shop's catalogue"),
    ("instagram/apidata/users/product_appeal.json", "a shop's catalogue"),
];

/// Every file below the samples' folder; `None`, and a word to the reader, if the folder is not there.
fn samples() -> Option<Vec<(String, PathBuf)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/formats");
    if !root.is_dir() {
        eprintln!("skipped: {} is missing", root.display());
        return None;
    }
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/"), path));
            }
        }
    }
    files.sort();
    assert!(files.len() > 100, "the samples are not all there");
    Some(files)
}

#[test]
fn samples_of_meta_are_claimed_and_no_others() {
    let Some(files) = samples() else { return };
    let mut wrong = Vec::new();
    for (path, file) in &files {
        let bytes = std::fs::read(file).unwrap();
        let head = &bytes[..bytes.len().min(1 << 16)];
        let claim = Facebook.recognise(&File {
            path,
            head,
            disk: None,
            siblings: &(),
            options: &renown_sdk::NO_OPTIONS,
        });
        let expected = path.starts_with("facebook-")
            && !UNCLAIMED.iter().any(|(name, _)| path.strip_prefix("facebook-graph-api/") == Some(name));
        if claim.is_some() != expected {
            wrong.push(format!("{path}: {claim:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn samples_are_claimed_by_content_alone() {
    let Some(files) = samples() else { return };
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with("facebook-")) {
        let bytes = std::fs::read(file).unwrap();
        let claim = |path| {
            Facebook.recognise(&File {
                path,
                head: &bytes,
                disk: None,
                siblings: &(),
                options: &renown_sdk::NO_OPTIONS,
            })
        };
        assert_eq!(claim("x.json"), claim(path), "{path}");
    }
}

#[test]
fn samples_read_without_a_panic_and_in_pieces_of_any_size() {
    let Some(files) = samples() else { return };
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with("facebook-")) {
        let bytes = std::fs::read(file).unwrap();
        let Ok(whole) = conformance::run(&Facebook, path, &bytes, &(), 1 << 20) else { continue };
        let rejects: Vec<_> = whole.records.iter().filter(|record| record.starts_with("reject")).collect();
        assert!(rejects.is_empty(), "{path}: {rejects:?}");
        let pieces = conformance::run(&Facebook, path, &bytes, &(), 1).unwrap();
        assert_eq!(whole.records, pieces.records, "{path}");
    }
}
