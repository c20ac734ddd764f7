//! A small network with rules of its own, so that what is shown of it does not change with the default weights.

use std::fmt::Write as _;

use super::folder::Folder;
use super::table::MAP;

/// All rules of the small network. Nobody quotes there.
pub(crate) const RULES: &str = r#"version = 1
[time]
window_days = 90
fade_days = 30
half_life_days = 30
[standing]
rounds = 1
start = 40.0
floor = 0.5
[per_post]
exponent = 0.5
[combine]
power = 6.0
[scale]
version = "small"
knots = [[0, 0], [10, 0.5], [30, 1]]
[networks.notes]
weight = 1.0
formula = "weighted-sum"
[networks.notes.features]
"like.recent" = 0.5
"like.weighted" = 0.4
"repost.weighted" = 1.0
"repost.days" = 0.2
"quote.actors" = 0.3
"#;

/// Who agreed at first.
const BEFORE: [(&str, &str); 4] = [("ana", "1"), ("ben", "2"), ("cleo", "3"), ("dov", "4")];
/// Who agrees now: Cleo left, Fay came, and Ben joined an account of his to another.
const AFTER: [(&str, &str); 4] = [("ana", "1"), ("ben", "2 6"), ("dov", "4"), ("fay", "7")];

/// The small network's files. 5 never agreed.
pub(crate) struct Notes {
    pub(crate) folder: Folder,
    pub(crate) map: String,
    /// The exports of November, and these with those of December.
    pub(crate) records: [String; 2],
    pub(crate) people: [String; 2],
    pub(crate) weights: String,
}

impl Notes {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let mut november = "at,actor,target,kind\n".to_owned();
        acts(&mut november, 2, "like", 1, 101..121);
        acts(&mut november, 14, "repost", 1, 101..106);
        acts(&mut november, 8, "like", 2, 108..116);
        acts(&mut november, 12, "repost", 3, 120..123);
        acts(&mut november, 15, "like", 4, 1..3);
        acts(&mut november, 15, "like", 5, 100..130);
        acts(&mut november, 16, "repost", 1, 5..6);
        acts(&mut november, 16, "repost", 6, 125..129);
        let mut december = november.clone();
        acts(&mut december, 31, "repost", 1, 110..120);
        acts(&mut december, 33, "like", 4, 103..107);
        acts(&mut december, 34, "repost", 7, 103..108);
        Self {
            map: folder.file("map.toml", MAP),
            records: [folder.file("november.csv", november), folder.file("december.csv", december)],
            people: [
                folder.file("people-before.toml", people(&BEFORE)),
                folder.file("people.toml", people(&AFTER)),
            ],
            weights: folder.file("weights.toml", RULES),
            folder,
        }
    }
}

/// What some actors do to one target on a day.
fn acts(table: &mut String, day: i64, kind: &str, target: i64, actors: std::ops::Range<i64>) {
    for actor in actors {
        // From the first of November 2023 on.
        let at = 1_698_796_800 + day * 86_400;
        let _ = writeln!(table, "{at},{actor},{target},{kind}");
    }
}

fn people(listed: &[(&str, &str)]) -> String {
    listed.iter().fold(String::new(), |mut text, (id, accounts)| {
        let accounts: Vec<String> =
            accounts.split(' ').map(|account| format!("\"notes:{account}\"")).collect();
        let accounts = accounts.join(", ");
        let _ = writeln!(text, "[[person]]\nid = \"{id}\"\nconsent = true\naccounts = [{accounts}]");
        text
    })
}
