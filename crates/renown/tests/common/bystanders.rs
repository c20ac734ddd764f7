//! Whom no output may name.

use std::collections::BTreeSet;

use super::place::at;

/// Handles and YouTube ids of the town, less those of people who agreed.
pub(crate) fn bystanders() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for folder in ["twitter", "youtube"] {
        for entry in std::fs::read_dir(at(&format!("examples/town/{folder}"))).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for key in ["\"username\":\"", "\"channelId\":\"", "\"username\": \"", "\"channelId\": \""] {
                all.extend(text.split(key).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    let people = std::fs::read_to_string(at("examples/town/people.toml")).unwrap();
    all.retain(|name| {
        name.len() > 6 && !people.contains(name.as_str()) && !people.contains(&name.replace('_', "-"))
    });
    all
}
