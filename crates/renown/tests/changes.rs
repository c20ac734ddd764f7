//! `renown diff`: what changed between two scorings adds up to the last digit, whatever differs, and names nobody who is not listed.

mod common {
    pub(crate) mod bystanders;
    pub(crate) mod exact;
    pub(crate) mod folder;
    pub(crate) mod notes;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
}

use common::bystanders::bystanders;
use common::exact::{document, of_people, units};
use common::folder::Folder;
use common::notes::{Notes, RULES};
use common::place::at;
use common::renown::renown;
use common::run::Ran;
use serde_json::Value;

const TOWN: &str = "examples/town";
const PEOPLE: [&str; 2] = ["--people", "examples/town/people.toml"];
const SEPTEMBER: [&str; 4] = ["--as-of-before", "2026-08-31", "--as-of", "2026-09-30"];

/// From a day of the town to a later one.
fn town(more: &[&str]) -> Ran {
    renown([&["diff", TOWN, TOWN, "-q"], &PEOPLE[..], &SEPTEMBER, more].concat())
}

/// From the small network's November to its December.
fn notes(notes: &Notes, more: &[&str]) -> Ran {
    let ([before, after], [old, new]) = (&notes.records, &notes.people);
    let files = ["--map", &notes.map, "--weights", &notes.weights, "--people-before", old, "--people", new];
    renown([&["diff", before, after, "-q"], &files[..], more].concat())
}

/// What a document says of one person's causes adds up to the change, and of each cause's features to the cause.
#[track_caller]
fn assert_adds_up(one: &Value) -> i64 {
    let change = units(&one["score_after"]) - units(&one["score_before"]);
    assert_eq!(units(&one["change"]), change);
    let causes = one["causes"].as_array().expect("causes");
    assert_eq!(causes.iter().map(|cause| units(&cause["change"])).sum::<i64>(), change, "{one:#}");
    for cause in causes {
        let features = cause["features"].as_object().expect("features").values();
        assert_eq!(features.map(units).sum::<i64>(), units(&cause["change"]), "{cause:#}");
    }
    change
}

/// The causes of everybody add up, and are what is told of each alone; before and after are what `score` says.
#[test]
fn everybodys_causes_add_up_whatever_differs() {
    let folder = Folder::new();
    let people = std::fs::read_to_string(at("examples/town/people.toml")).expect("people");
    let parted = people.replace(r#"["twitter:1015", "twitter:501015"]"#, r#"["twitter:1015"]"#);
    assert_ne!(parted, people);
    let parted = folder.file("people.toml", parted);
    let ruler = ["--weights-before", "preset:kred", "--people-before", &parted, "--bridge"];
    let all = document(&town(&[&["--format", "json"], &ruler[..]].concat()));
    let names = ["time", "data", "people", "weights", "standing"];
    let mut weights_moved = 0;
    let listed = all["people"].as_array().expect("people");
    assert!(listed.len() > 100);
    for one in listed {
        let causes = one["causes"].as_object().expect("causes");
        assert!(causes.len() == names.len() && names.iter().all(|name| causes.contains_key(*name)));
        let change = units(&one["after"]) - units(&one["before"]);
        assert_eq!(units(&one["change"]), change, "{one:#}");
        assert_eq!(causes.values().map(units).sum::<i64>(), change, "{one:#}");
        weights_moved += usize::from(units(&causes["weights"]) != 0);
    }
    assert!(weights_moved > 50, "another ruler moves most");
    let score = |more: &[&str]| {
        of_people(&document(&renown([&["score", TOWN, "-q", "--format", "json"], more].concat())), "score")
    };
    let old = score(&["--people", &parted, "--as-of", "2026-08-31", "--weights", "preset:kred"]);
    assert_eq!(of_people(&all, "before"), old);
    assert_eq!(of_people(&all, "after"), score(&[&PEOPLE[..], &["--as-of", "2026-09-30"]].concat()));

    for who in ["linnea-hartwhistle", "mara-lind"] {
        let one = document(&town(&[&[who, "--format", "json"], &ruler[..]].concat()));
        let change = assert_adds_up(&one);
        assert_eq!(of_people(&all, "change")[who], change);
        let among = listed.iter().find(|listed| listed["person"] == who).expect("listed");
        for cause in one["causes"].as_array().expect("causes") {
            assert_eq!(cause["change"], among["causes"][cause["cause"].as_str().expect("a name")]);
        }
    }
}

/// Of everybody on the small network, by feature.
#[test]
fn everybodys_features_add_up() {
    let small = Notes::new();
    let old = RULES.replace(r#""repost.weighted" = 1.0"#, r#""repost.weighted" = 0.2"#);
    let old = small.folder.file("old.toml", old);
    for more in [&[][..], &["--weights-before", &old, "--bridge"]] {
        let mut moved = 0;
        for who in ["ana", "ben", "dov"] {
            let one = document(&notes(&small, &[&[who, "--format", "json"], more].concat()));
            moved += usize::from(assert_adds_up(&one) != 0);
        }
        assert_eq!(moved, 3);
    }
}

#[test]
fn as_people_see_it() {
    let small = Notes::new();
    for format in ["table", "md", "json", "html"] {
        let all = notes(&small, &["--format", format]);
        assert_eq!((all.code, all.stderr.as_str()), (0, ""));
        insta::assert_snapshot!(format!("diff_{format}"), all.stdout);
        let one = notes(&small, &["ben", "--format", format]);
        assert_eq!((one.code, one.stderr.as_str()), (0, ""));
        insta::assert_snapshot!(format!("diff_person_{format}"), one.stdout);
    }
    // By the ending of a file, and only so many.
    let page = small.folder.path("page.html");
    assert_eq!(notes(&small, &["--out", &page]).code, 0);
    assert_eq!(std::fs::read_to_string(&page).expect("a page"), notes(&small, &["--format", "html"]).stdout);
    let first = document(&notes(&small, &["--format", "json", "--top", "1"]));
    assert_eq!(first["people"].as_array().expect("people").len(), 1);
    assert_eq!(first["moved"], 3);
}

#[test]
fn nothing_that_differs_is_no_change() {
    let args = [&["diff", TOWN, TOWN, "-q", "--format", "json"], &PEOPLE[..]].concat();
    let same = document(&renown(&args));
    assert_eq!((&same["moved"], &same["same_ruler"]), (&0.into(), &true.into()));
    assert!(
        same["people"].as_array().expect("people").iter().all(|one| one["causes"] == serde_json::json!({}))
    );
    let one = document(&renown(args.iter().chain(&["mara-lind"])));
    assert_eq!(assert_adds_up(&one), 0);
    assert_eq!(one["causes"], serde_json::json!([]));
}

/// Both days are told; what is later than the first is not yet there on it.
#[test]
fn the_day_before_is_the_one_given() {
    let all = document(&town(&["--format", "json"]));
    assert_eq!(all["before"]["as_of"], "2026-08-31");
    assert_eq!(all["after"]["as_of"], "2026-09-30");
    let causes = all["people"][0]["causes"].as_object().expect("causes");
    assert_eq!(causes.keys().collect::<Vec<_>>(), ["data", "standing", "time"]);
    // By the days alone, without anything new, nobody's part is a rise.
    for one in all["people"].as_array().expect("people") {
        assert!(units(&one["causes"]["time"]) <= 0, "{one:#}");
    }
    let given = renown([&["diff", TOWN, TOWN, "--as-of-before", "yesterday"], &PEOPLE[..]].concat());
    assert_eq!(given.code, 2);
    assert!(given.stderr.contains("yesterday"), "{}", given.stderr);
}

#[test]
fn other_rulers_are_not_compared_in_silence() {
    let stamp = |more: &[&str]| {
        let all =
            renown([&["score", TOWN, "-q", "--format", "json", "--top", "1"], &PEOPLE[..], more].concat());
        document(&all)["ruler"].as_str().expect("a stamp").to_owned()
    };
    let stamps = [stamp(&["--weights", "preset:kred"]), stamp(&[])];
    let refused = town(&["--weights-before", "preset:kred"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    for said in [&stamps[0], &stamps[1], "--bridge"] {
        assert!(refused.stderr.contains(said), "{said}: {}", refused.stderr);
    }
    let bridged = town(&["--weights-before", "preset:kred", "--bridge"]);
    assert_eq!(bridged.code, 0, "{}", bridged.stderr);
    assert!(bridged.stdout.contains("The rulers differ"), "{}", bridged.stdout);
    assert!(stamps.iter().all(|stamp| bridged.stdout.contains(stamp)), "{}", bridged.stdout);
    let json = document(&town(&["--weights-before", "preset:kred", "--bridge", "--format", "json"]));
    assert_eq!(json["same_ruler"], false);
    // One ruler needs no bridge, and is not marked.
    let same = town(&["--bridge"]);
    assert_eq!(same.code, 0, "{}", same.stderr);
    assert!(
        !same.stdout.contains("The rulers differ") && !same.stdout.contains("weights"),
        "{}",
        same.stdout
    );
}

/// Who came or went has no change: they are told apart, and so is somebody who is asked for by name.
#[test]
fn who_comes_and_goes_did_not_move() {
    let small = Notes::new();
    let all = document(&notes(&small, &["--format", "json"]));
    let names = |key: &str| -> Vec<String> {
        let alone = all[key].as_array().expect("a list");
        alone.iter().map(|one| one["person"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!((names("came"), names("went")), (vec!["fay".to_owned()], vec!["cleo".to_owned()]));
    assert_eq!(of_people(&all, "change").into_keys().collect::<Vec<_>>(), ["ana", "ben", "dov"]);
    for (who, why) in [
        ("fay", "`fay` scores"),
        ("cleo", "`cleo` scored"),
        // Not listed, though there are records; the same words as of somebody who does not exist.
        ("notes:5", "`notes:5` has no score on either side"),
        ("nobody", "`nobody` has no score on either side"),
    ] {
        let ran = notes(&small, &[who]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{who}");
        assert!(ran.stderr.contains(why), "{who}: {}", ran.stderr);
    }
}

#[test]
fn nobody_is_named_who_is_not_listed() {
    let mut hidden = bystanders();
    assert!(hidden.len() > 10, "{hidden:?}");
    let unlisted = ["tilda-wrenlow", "osk-varnholt", "una-grellish", "twitter:1013", "facebook:2018", "1019"];
    hidden.extend(unlisted.map(str::to_owned));
    for format in ["table", "md", "json", "html"] {
        let what_if = ["what-if", TOWN, "--set", "networks.twitter.weight=0.5", "--top", "500"];
        let rank_range = ["what-if", TOWN, "--rank-range", "--set", "networks.youtube.weight=0"];
        let explain = ["explain", "mara-lind", TOWN];
        let format = ["--format", format];
        let ran = [
            town(&[&format[..], &["--top", "500"]].concat()),
            town(&[&["mara-lind"], &format[..]].concat()),
            renown([&what_if[..], &PEOPLE, &format].concat()),
            renown([&explain[..], &PEOPLE, &format].concat()),
        ];
        let rank_range = (format[1] == "table").then(|| renown([&rank_range[..], &PEOPLE, &format].concat()));
        for ran in ran.iter().chain(&rank_range) {
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            for name in &hidden {
                let name = name.as_str();
                assert!(!ran.stdout.contains(name) && !ran.stderr.contains(name), "{name} in {format:?}");
            }
        }
    }
}

/// The same bytes with any number of threads, and from state files.
#[test]
fn the_same_bytes_however_it_is_read() {
    let folder = Folder::new();
    let (august, all) = (folder.path("august.tally"), folder.path("all.tally"));
    assert_eq!(renown(["tally", TOWN, "--as-of", "2026-08-31", "--out", &august, "-q"]).code, 0);
    assert_eq!(renown(["tally", TOWN, "--out", &all, "-q"]).code, 0);
    for more in [&["--format", "json"][..], &["mara-lind", "--format", "json"], &["--format", "html"]] {
        let one = town(&[more, &["--threads", "1"]].concat());
        assert_eq!(one.code, 0, "{}", one.stderr);
        let two = town(&[more, &["--threads", "2"]].concat());
        assert!(one.stdout == two.stdout, "{more:?}: one thread\n{}\ntwo\n{}", one.stdout, two.stdout);
        let of_states = renown([&["diff", &august, &all, "-q"], &PEOPLE[..], more].concat());
        assert_eq!(of_states.code, 0, "{}", of_states.stderr);
        assert!(
            of_states.stdout == one.stdout,
            "{more:?}: exports\n{}\nstates\n{}",
            one.stdout,
            of_states.stdout
        );
    }
}

/// What is read otherwise is a cause of its own, with any number of threads; what could not be read of AFTER is kept.
#[test]
fn other_reading_is_a_cause() {
    let folder = Folder::new();
    let weights = std::fs::read_to_string(at("config/weights.toml")).expect("weights");
    let mut old = weights.clone();
    old.push_str("\n[adapters.youtube]\nwatch_history = false\n");
    let old = folder.file("old.toml", old);
    let [first, second] = ["first.jsonl", "second.jsonl"].map(|name| {
        let page = std::fs::read_to_string(at("examples/town/twitter/search-2026-06.jsonl")).expect("a page");
        let page: Vec<&str> = page.lines().take(3).collect();
        let broken = &page[0][..page[0].len() / 2];
        folder.file(&format!("{name}/{name}"), [&page[..], &[broken]].concat().join("\n"))
    });
    let rejects = folder.path("rejects.ndjson");
    let ran = renown(
        [
            &["diff", &first, &second, "-q", "--weights-before", &old, "--bridge", "--format", "json"],
            &["--threads", "2", "--rejects", &rejects][..],
            &PEOPLE,
        ]
        .concat(),
    );
    let all = document(&ran);
    let causes = all["people"][0]["causes"].as_object().expect("causes");
    assert!(causes.contains_key("plugins"), "{causes:?}");
    let kept = std::fs::read_to_string(&rejects).expect("rejects");
    assert!(kept.contains("second.jsonl") && !kept.contains("first.jsonl"), "{kept}");
}
