//! The adapter over real files of this and of other networks, kept outside the repository.

use std::fs;
use std::path::{Path, PathBuf};

use renown_sdk::{Adapter, File, conformance};
use renown_youtube::YouTube;

/// Files of this network that are not claimed, and why.
const UNCLAIMED: [(&str, &str); 34] = [
    ("apidata/user_profile.json", OF_GOOGLE),
    ("modeldata/users/user_profile.json", OF_GOOGLE),
    ("error_response_simple.json", "an error that is a bare text: any network's"),
    ("modeldata/activities/activity_contentDetails.json", PART),
    ("modeldata/activities/activity_snippet.json", PART),
    ("modeldata/captions/caption_snippet.json", PART),
    ("modeldata/channels/channel_branding_settings.json", PART),
    ("modeldata/channels/channel_content_details.json", PART),
    ("modeldata/channels/channel_snippet.json", PART),
    ("modeldata/channels/channel_statistics.json", PART),
    ("modeldata/channels/channel_status.json", PART),
    ("modeldata/channels/channel_topic_details.json", PART),
    ("modeldata/comments/comment_snippet.json", PART),
    ("modeldata/comments/comment_thread_replies.json", PART),
    ("modeldata/comments/comment_thread_snippet.json", PART),
    ("modeldata/common/thumbnail_info.json", PART),
    ("modeldata/common/thumbnails_info.json", PART),
    ("modeldata/playlist_items/playlist_item_content_details.json", PART),
    ("modeldata/playlist_items/playlist_item_snippet.json", PART),
    ("modeldata/playlist_items/playlist_item_status.json", PART),
    ("modeldata/playlists/playlist_content_details.json", PART),
    ("modeldata/playlists/playlist_snippet.json", PART),
    ("modeldata/playlists/playlist_status.json", PART),
    ("modeldata/search_result/search_result_snippet.json", PART),
    ("modeldata/subscriptions/contentDetails.json", PART),
    ("modeldata/subscriptions/snippet.json", PART),
    ("modeldata/subscriptions/subscriberSnippet.json", PART),
    ("modeldata/videos/video_content_details.json", PART),
    ("modeldata/videos/video_paid_product_placement_details.json", PART),
    ("modeldata/videos/video_recording_details.json", PART),
    ("modeldata/videos/video_snippet.json", PART),
    ("modeldata/videos/video_statistics.json", PART),
    ("modeldata/videos/video_status.json", PART),
    ("modeldata/videos/video_topic_details.json", PART),
];

const PART: &str = "a part cut out of a resource: it says neither what nor whose it is";
const OF_GOOGLE: &str = "a Google account, which is no channel";

fn formats() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/formats");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is missing", folder.display());
    None
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
    found.sort();
}

#[test]
fn every_file_of_this_network_is_claimed_or_listed_and_no_other() {
    let Some(formats) = formats() else { return };
    let mut found = Vec::new();
    files(&formats, &mut found);
    let (mut unclaimed, mut wrong) = (Vec::new(), Vec::new());
    for path in found {
        let bytes = fs::read(&path).unwrap();
        let name = path.strip_prefix(&formats).unwrap().to_str().unwrap().to_owned();
        let head = &bytes[..bytes.len().min(1 << 16)];
        let claimed = YouTube.recognise(&File {
            path: &name,
            head,
            disk: None,
            siblings: &(),
            options: &renown_sdk::NO_OPTIONS,
        });
        match (name.strip_prefix("youtube-data-api-v3/"), claimed) {
            (Some(own), None) => unclaimed.push(own.to_owned()),
            (None, Some(kind)) => wrong.push(format!("{name} as {kind}")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "claimed of other networks: {wrong:#?}");
    let mut listed: Vec<_> = UNCLAIMED.iter().map(|(name, _)| (*name).to_owned()).collect();
    listed.sort();
    assert_eq!(unclaimed, listed);
}

#[test]
fn real_files_give_records_and_no_rejects() {
    let Some(formats) = formats() else { return };
    let mut found = Vec::new();
    files(&formats.join("youtube-data-api-v3"), &mut found);
    let mut records = std::collections::BTreeMap::<String, usize>::new();
    for path in found {
        let bytes = fs::read(&path).unwrap();
        for batch_bytes in [1, 1 << 20] {
            let Ok(outcome) = conformance::run(&YouTube, path.to_str().unwrap(), &bytes, &(), batch_bytes)
            else {
                continue;
            };
            for record in outcome.records {
                assert!(!record.starts_with("reject"), "{}: {record}", path.display());
                let form = if record.starts_with("interaction") { 3 } else { 1 };
                *records.entry(record.split(' ').take(form).collect::<Vec<_>>().join(" ")).or_default() += 1;
            }
        }
    }
    let expected = ["post", "handle", "observation"].into_iter().map(str::to_owned);
    let kinds = ["comment", "reply", "like", "subscribe", "join"]
        .into_iter()
        .map(|kind| format!("interaction youtube {kind}"));
    for form in expected.chain(kinds) {
        assert!(records.contains_key(&form), "no {form}: {records:#?}");
    }
}
