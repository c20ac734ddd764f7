//! The adapter over real responses of every network, read where they lie (`../shared/data/formats`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renown_sdk::conformance::{Outcome, run};
use renown_twitter::Twitter;

/// Files of Twitter's folders that the adapter leaves alone: nothing in them says that they are Twitter's.
const UNCLAIMED: [(&str, &str); 13] = [
    ("twitter-api-v1.1/account_activity_create_webhook.json", "{id, url, valid, created_at}: any webhook"),
    ("twitter-api-v1.1/already_posted.json", "{errors: text}: any API"),
    ("twitter-api-v1.1/already_retweeted.json", "{errors: text}: any API"),
    ("twitter-api-v1.1/count.json", "{count, url}: any counter"),
    ("twitter-api-v1.1/ids.json", "an array of numbers"),
    ("twitter-api-v1.1/ids_list_new_cursor2.json", "{ids: numbers}: any list"),
    ("twitter-api-v1.1/languages.json", "[{code, name, status}]: any list of languages"),
    ("twitter-api-v1.1/privacy.json", "one long text"),
    ("twitter-api-v1.1/suggestions.json", "[{name, size, slug}]: any list of categories"),
    ("twitter-api-v1.1/tos.json", "one long text"),
    ("twitter-api-v2/apis/lists/list_resp.json", "{data: {id, name}}: any API"),
    ("twitter-api-v2/models/meta.json", "{result_count, next_token}: any API"),
    ("twitter-api-v2/models/rule.json", "{id, tag, value}: any API"),
];

#[test]
fn every_file_of_twitter_is_claimed_and_none_of_others() {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/formats");
    if !formats.is_dir() {
        eprintln!("skipped: {} is missing", formats.display());
        return;
    }
    let mut wrong = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files_below(&formats) {
        let name = path.strip_prefix(&formats).unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let outcome = run(&Twitter, &name, &bytes, &(), 1 << 20);
        let unclaimed = UNCLAIMED.iter().any(|(unclaimed, _)| *unclaimed == name);
        match (&outcome, name.starts_with("twitter-"), unclaimed) {
            (Ok(outcome), true, false) => {
                *kinds.entry(outcome.kind).or_default() += 1;
                wrong.extend(objections(&name, outcome));
            }
            (Err(_), false, _) | (Err(_), true, true) => {}
            (Ok(outcome), ..) => wrong.push(format!("{name}: claimed as {}", outcome.kind)),
            (Err(error), true, false) => wrong.push(format!("{name}: {error}")),
        }
        for batch_bytes in [1, 4096] {
            let again = run(&Twitter, &name, &bytes, &(), batch_bytes);
            assert_eq!(
                again.map(|again| again.records).ok(),
                outcome.as_ref().map(|one| one.records.clone()).ok()
            );
        }
    }
    assert!(wrong.is_empty(), "{}\n{kinds:?}", wrong.join("\n"));
}

/// What is wrong with the outcome of a file that is read well.
fn objections(name: &str, outcome: &Outcome) -> Vec<String> {
    let yields = renown_sdk::Adapter::manifest(&Twitter)
        .files
        .iter()
        .any(|file| file.name == outcome.kind && !file.yields.is_empty());
    let rejects = outcome.records.iter().filter(|record| record.starts_with("reject ")).cloned();
    let mut wrong: Vec<_> = rejects.map(|reject| format!("{name}: {reject}")).collect();
    if yields && outcome.records.is_empty() {
        wrong.push(format!("{name}: read as {} and silent", outcome.kind));
    }
    wrong
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
