//! `renown attack` as its user sees it.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use common::folder::Folder;
use common::place::{at, root};
use common::renown::renown;
use renown_weights::PRESETS;
use serde_json::Value;

/// The default weights with each of these in place of the other.
fn weights(folder: &Folder, name: &str, changes: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(at("config/weights.toml")).expect("the default weights");
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    folder.file(name, text)
}

/// What an attack brings on a network by a ruler: score before and afterwards, and whether the budget is kept.
fn brings(document: &Value, network: &str, attack: &str, ruler: usize) -> (f64, f64, bool) {
    let named = |list: &Value, key: &str, name: &str| {
        let list = list.as_array().expect("an array");
        list.iter().find(|entry| entry[key] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    let network = named(&document["networks"], "network", network);
    let by = &named(&network["attacks"], "name", attack)["by"][ruler];
    let number = |value: &Value| value.as_f64().expect("a number");
    (number(&network["before"][ruler]), number(&by["score"]), by["kept"] == true)
}

fn json(args: &[&str]) -> (i32, Value) {
    let ran = renown([&["attack", "--format", "json"], args].concat());
    assert_eq!(ran.stderr, "");
    (ran.code, serde_json::from_str(&ran.stdout).expect("JSON"))
}

#[test]
fn the_page_has_what_the_command_prints() {
    let rulers = PRESETS.map(|(name, _)| format!("preset:{name}"));
    let rulers = rulers.iter().flat_map(|ruler| ["--weights", ruler.as_str()]);
    let ran = renown(["attack", "--format", "md"].into_iter().chain(rulers));
    let path = root().join("docs/robustness.md");
    let page = std::fs::read_to_string(&path).expect("docs/robustness.md");
    let (head, rest) = page.split_once("<!-- attacks -->\n").expect("where the tables begin");
    let (shown, tail) = rest.split_once("<!-- end -->").expect("where the tables end");
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        let page = format!("{head}<!-- attacks -->\n{}<!-- end -->{tail}", ran.stdout);
        std::fs::write(&path, page).expect("the page is written");
        return;
    }
    assert_eq!(
        shown, ran.stdout,
        "docs/robustness.md is out of date: RENOWN_UPDATE=1 cargo test -p renown --test attack"
    );
    // The page says that the default weights keep their budget.
    assert_eq!(ran.code, 0);
}

/// The person stands where they are said to, whichever the network.
#[test]
fn the_person_is_at_fifty() {
    let (code, document) = json(&[]);
    assert_eq!(code, 0, "the default weights are to keep their budget");
    assert_eq!(document["kept"], true);
    let networks = document["networks"].as_array().expect("an array");
    assert_eq!(networks.len(), 4);
    for network in networks {
        let before = network["before"][0].as_f64().expect("a number");
        assert!((50.0..50.5).contains(&before), "{network}");
        assert_eq!(network["attacks"].as_array().map(Vec::len), Some(10));
    }
    // More of the same brings more, and what one takes from oneself brings nothing.
    let gain = |attack| {
        let (before, after, _) = brings(&document, "twitter", attack, 0);
        after - before
    };
    assert!(gain("followers-10000") > gain("followers-1000"));
    assert!(gain("aged-accounts") > gain("pod"));
    assert!(gain("deleting") <= 0.0, "{}", gain("deleting"));
}

/// A ruler under which everything adds up, so that what is bought counts in full.
const ALL_ADDS_UP: (&str, &str) = ("formula = \"audience-or-response\"", "formula = \"weighted-sum\"");

/// What is bought is found in the features that count it, and nowhere else.
#[test]
fn without_an_audience_followers_bring_nothing() {
    let folder = Folder::new();
    let changes = [
        ("\"followers.latest\" = { weight = 1.0", "\"followers.latest\" = { weight = 0"),
        ("\"followers.latest\" = { weight = 0.75", "\"followers.latest\" = { weight = 0"),
        ("\"subscribers.latest\" = { weight = 1.0", "\"subscribers.latest\" = { weight = 0"),
        ("pod = 2", "pod = 99"),
    ];
    let without = weights(&folder, "without.toml", &changes);
    // The person is sized by the first ruler, and stands well above 50 by the second, where followers bring less.
    let adding =
        weights(&folder, "adding.toml", &[ALL_ADDS_UP, ("followers-1000 = 0.5", "followers-1000 = 0.05")]);
    let (code, document) = json(&["--weights", &without, "--weights", &adding]);
    assert_eq!(code, 1, "the second ruler does not keep its budget");
    for network in ["facebook", "instagram", "twitter", "youtube"] {
        let (before, after, kept) = brings(&document, network, "followers-1000", 0);
        assert_eq!(before.to_bits(), after.to_bits(), "{network}");
        assert!(kept, "{network}");
        // The same person by the other ruler.
        let (before, after, _) = brings(&document, network, "followers-1000", 1);
        assert!(after > before, "{network}: {before} {after}");
    }
    let ran = renown(["attack", "--weights", &without]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.ends_with("every budget is kept\n"), "{}", ran.stdout);
}

const TOWN: [&str; 3] = ["examples/town", "--people", "examples/town/people.toml"];

/// The budget is kept by real records, too: of whoever of the town stands about where it is given for, few are reacted to by many.
#[test]
fn whoever_of_the_town_is_near_fifty_keeps_the_budget() {
    let mut tried = 0;
    for day in ["2026-07-31", "2026-08-31", "2026-09-10", "2026-09-15", "2026-09-20", "2026-09-30"] {
        let ran = renown([&["score", "-q", "--format", "csv", "--as-of", day], &TOWN[..]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let before = tried;
        for line in ran.stdout.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            if !(49.0..=51.0).contains(&cells[2].parse::<f64>().expect("a score")) {
                continue;
            }
            let ran = renown([&["attack", cells[1], "-q", "--as-of", day], &TOWN[..]].concat());
            assert_eq!(ran.code, 0, "{} on {day}: {}", cells[1], ran.stdout);
            tried += 1;
        }
        assert!(tried > before, "nobody is near fifty on {day}");
    }
    assert!(tried >= 12, "only {tried}");
}

/// A person's score before is the one that `score` gives, on each network, and no account is named.
#[test]
fn a_person_of_the_input() {
    let ran = renown([&["score", "-q", "--format", "csv"], &TOWN[..]].concat());
    let row = ran.stdout.lines().find(|row| row.contains(",ibeke-wrenlow,")).expect("a row");
    let score: f64 = row.split(',').nth(2).and_then(|score| score.parse().ok()).expect("a score");
    let ran = renown([&["attack", "ibeke-wrenlow", "-q", "--format", "json"], &TOWN[..]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(document["person"], "ibeke-wrenlow");
    let networks: Vec<_> = document["networks"].as_array().expect("an array").iter().collect();
    let names: Vec<_> = networks.iter().map(|network| &network["network"]).collect();
    assert_eq!(names, ["twitter", "youtube"]);
    for network in &networks {
        let name = network["network"].as_str().expect("a name");
        let (before, more, _) = brings(&document, name, "followers-10000", 0);
        assert_eq!(before.to_bits(), score.to_bits(), "{name}");
        let (_, some, _) = brings(&document, name, "followers-1000", 0);
        assert!(more > some && some > before, "{name}: {before} {some} {more}");
        assert_eq!(network["fans"], Value::Null);
    }
    // No post of theirs on YouTube was read: nothing can be deleted there. On Twitter there are some.
    let deleting = |network: &Value| network["attacks"][9]["by"][0]["score"].clone();
    assert!(deleting(networks[0]).is_number() && deleting(networks[1]).is_null());
    assert_eq!(document["networks"][0]["attacks"][9]["name"], "deleting");
    assert!(!ran.stdout.contains("renown attack"), "names of invented accounts");
}

/// Whoever is read from a state file gains the same, on one thread or two.
#[test]
fn the_same_from_a_state_file() {
    let folder = Folder::new();
    let state = folder.path("town.tally");
    let made = renown(["tally", "-q", "examples/town", "--out", &state]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let rest = ["--people", "examples/town/people.toml", "-q"];
    let attack = |input: &str, threads: &str| {
        renown([&["attack", "ibeke-wrenlow", input, "--threads", threads], &rest[..]].concat()).stdout
    };
    let once = attack("examples/town", "1");
    assert!(once.contains("Tried on ibeke-wrenlow on twitter, with an audience of 610:"), "{once}");
    assert_eq!(once, attack(&state, "2"));
}

#[test]
fn whom_it_cannot_be_tried_on() {
    let attack = |args: &[&str]| {
        let ran = renown([&["attack", "-q"], args].concat());
        assert_eq!(ran.stdout, "");
        (ran.code, ran.stderr)
    };
    let (code, why) = attack(&["ibeke-wrenlow"]);
    assert!(code == 2 && why.contains("nothing to read is named"), "{code} {why}");
    let (code, why) = attack(&["ibeke-wrenlow", "examples/town"]);
    assert!(code == 2 && why.contains("nobody is scored who did not agree"), "{code} {why}");
    let (code, why) = attack(&[&["twitter:1004"], &TOWN[..]].concat());
    assert!(code == 2 && why.contains("is no id in the people file"), "{code} {why}");
    let (code, why) = attack(&["twitter:none", "examples/town", "--everyone"]);
    assert!(code == 2 && why.contains("nor an account in the input"), "{code} {why}");
}

#[test]
fn a_budget_is_kept_up_to_its_last_point() {
    let folder = Folder::new();
    let with = |budget: &str| {
        let budget = format!("followers-1000 = {budget}\npod = 99");
        let path = weights(&folder, "w.toml", &[ALL_ADDS_UP, ("followers-1000 = 0.5\npod = 2", &budget)]);
        renown(["attack", "--weights", &path]).code
    };
    assert_eq!((with("99"), with("1"), with("0")), (0, 1, 1));
}

/// Budgets and names decide no score.
#[test]
fn they_are_not_part_of_the_stamp() {
    let folder = Folder::new();
    let path = weights(&folder, "w.toml", &[("followers-1000 = 0.5", "followers-1000 = 9")]);
    let (_, document) = json(&["--weights", &path, "--weights", "config/weights.toml"]);
    assert_eq!(document["rulers"][0]["ruler"], document["rulers"][1]["ruler"]);
}

#[test]
fn faults() {
    let folder = Folder::new();
    for (from, to, why) in [
        ("\npod = 2", "\nprod = 2", "did you mean `pod`?"),
        ("\npod = 2", "\npod = -2", "must be a number of points"),
        ("audience = \"followers\", follow", "audience = \"Followers\", follow", "is not the name of"),
        ("act = 0.02", "acts = 0.02", "did you mean `act`?"),
    ] {
        let path = weights(&folder, "w.toml", &[(from, to)]);
        let ran = renown(["attack", "--weights", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{to}");
        assert!(ran.stderr.contains(why), "{to}: {}", ran.stderr);
    }
    let text = std::fs::read_to_string(at("config/weights.toml")).expect("the default weights");
    let (head, rest) = text.split_once("[attack.networks]").expect("the table");
    let (_, tail) = rest.split_once("# ------").expect("the next section");
    let path = folder.file("none.toml", format!("{head}# ------{tail}"));
    let ran = renown(["attack", "--weights", &path]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("there is no network to try attacks on"), "{}", ran.stderr);
}
