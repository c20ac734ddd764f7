//! `renown what-if`: who would move under other weights, as if they had been scored by both, and while the file is edited.

mod common {
    pub(crate) mod exact;
    pub(crate) mod folder;
    pub(crate) mod notes;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
}

use std::collections::BTreeMap;

use common::exact::{document, of_people, units};
use common::folder::Folder;
use common::notes::{Notes, RULES};
use common::renown::renown;
use common::run::Ran;

const TOWN: [&str; 4] = ["examples/town", "--people", "examples/town/people.toml", "-q"];
const JSON: [&str; 2] = ["--format", "json"];

fn town(more: &[&str]) -> Ran {
    renown([&["what-if"], &TOWN[..], more].concat())
}

/// The town's scores.
#[track_caller]
fn score(more: &[&str]) -> BTreeMap<String, i64> {
    of_people(&document(&renown([&["score"], &TOWN[..], &JSON, more].concat())), "score")
}

fn notes(notes: &Notes, more: &[&str]) -> Ran {
    let files = ["--map", &notes.map, "--weights", &notes.weights, "--people", &notes.people[1]];
    renown([&["what-if", &notes.records[1], "-q"], &files[..], more].concat())
}

/// Before and after are what `score` says by the weights of each.
#[test]
fn it_is_what_scoring_twice_gives() {
    let half = ["--set", "networks.twitter.weight=0.5"];
    let cases: [(&[&str], &[&str], &[&str]); 4] = [
        (&half, &[], &half),
        (&["--weights", "preset:kred"], &[], &["--weights", "preset:kred"]),
        (
            &["--weights", "preset:kred", "--against", "preset:pike"],
            &["--weights", "preset:pike"],
            &["--weights", "preset:kred"],
        ),
        (
            &["--sunset", "facebook", "--sunset", "youtube"],
            &[],
            &["--set", "networks.facebook.weight=0", "--set", "networks.youtube.weight=0"],
        ),
    ];
    for (asked, before, after) in cases {
        let found = document(&town(&[asked, &JSON].concat()));
        assert_eq!(of_people(&found, "before"), score(before), "{asked:?}");
        assert_eq!(of_people(&found, "after"), score(after), "{asked:?}");
        assert_eq!(found["same_ruler"], false);
        let moved = of_people(&found, "change").values().filter(|change| **change != 0).count();
        assert_eq!(found["moved"], moved, "{asked:?}");
        assert!(moved > 20, "{asked:?} moves {moved}");
    }
    // A setting on a file is held against the file without it.
    let found =
        document(&town(&[&["--weights", "preset:kred", "--set", "combine.power=2"], &JSON[..]].concat()));
    assert_eq!(of_people(&found, "before"), score(&["--weights", "preset:kred"]));
}

/// Who crosses a line, and how many move how far, is what the list of people says.
#[test]
fn the_summary_is_that_of_the_list() {
    let found =
        document(&town(&[&["--set", "networks.twitter.weight=0.5", "--line", "40"], &JSON[..]].concat()));
    let (before, after) = (of_people(&found, "before"), of_people(&found, "after"));
    let crossed = |key: &str| -> Vec<String> {
        let names = found["crossed"][key].as_array().expect("names").iter();
        let mut names: Vec<String> = names.map(|name| name.as_str().expect("a name").to_owned()).collect();
        names.sort();
        names
    };
    let fell = |who: &&String| before[*who] >= 400_000 && after[*who] < 400_000;
    let fell: Vec<String> = before.keys().filter(fell).cloned().collect();
    assert_eq!((crossed("up"), crossed("down")), (Vec::new(), fell.clone()));
    assert!(!fell.is_empty());
    let mut counted = 0;
    for bar in found["histogram"].as_array().expect("bars") {
        let (low, high) = (&bar["low"], &bar["high"]);
        let end = |end: &serde_json::Value, none: i64| if end.is_null() { none } else { units(end) };
        let (low, high) = (end(low, i64::MIN), end(high, i64::MAX));
        let changes = of_people(&found, "change").into_values();
        // A rise ends where it is told to; a fall, likewise, at the end that is farther from none.
        let is_in = |change: &i64| match (low, high) {
            (0, 0) => *change == 0,
            (low, ..=0) => (low..high).contains(change),
            _ => *change > low && *change <= high,
        };
        let count = changes.filter(is_in).count();
        assert_eq!(bar["count"], count, "{bar}");
        counted += count;
    }
    assert_eq!(counted, before.len());
}

#[test]
fn as_people_see_it() {
    let small = Notes::new();
    for format in ["table", "md", "json", "html"] {
        let set = ["--set", "networks.notes.features.repost.weighted=2", "--format", format];
        let ran = notes(&small, &set);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        insta::assert_snapshot!(format!("what_if_{format}"), ran.stdout);
        let ran = notes(&small, &["--rank-range", "--format", format]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        insta::assert_snapshot!(format!("rank_range_{format}"), ran.stdout);
    }
}

#[test]
fn what_cannot_be_tried_is_said() {
    for (more, why) in [
        (&[][..], "nothing to try"),
        (&["--sunset", "orkut"], "--sunset orkut: the records are of facebook, twitter, youtube"),
        (&["--watch", "--set", "networks.twitter.weight=0.5"], "--watch: pass --weights"),
        (&["--watch", "--weights", "preset:kred"], "--watch: pass --weights"),
        (&["--set", "networks.twitter.wieght=1"], "weight"),
        (&["--weights", "preset:klout"], "preset:klout"),
        (&["--rank-range", "--sunset", "twitter"], "--sunset"),
    ] {
        let ran = town(more);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{more:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(why), "{more:?}: {}", ran.stderr);
    }
}

/// Each weight by itself, up and down: the ranks lie between, somebody's end is reached by the very change, and what moves nobody is told.
#[test]
fn ranks_lie_between_their_ends() {
    let small = Notes::new();
    let found = document(&notes(&small, &["--rank-range", "--format", "json"]));
    let idle: Vec<&str> =
        found["idle_weights"].as_array().expect("a list").iter().filter_map(|key| key.as_str()).collect();
    assert_eq!(idle, ["networks.\"notes\".features.\"quote.actors\".weight"]);
    let mut ends: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut rank_by = |sets: &[&str]| {
        let files = ["--map", &small.map, "--weights", &small.weights, "--people", &small.people[1]];
        let scored =
            renown([&["score", &small.records[1], "-q", "--format", "json"], &files[..], sets].concat());
        for of in document(&scored)["people"].as_array().expect("people") {
            let (who, rank) = (of["person"].as_str().expect("a name"), of["rank"].as_u64().expect("a rank"));
            let ends = ends.entry(who.to_owned()).or_insert([rank; 2]);
            *ends = [ends[0].min(rank), ends[1].max(rank)];
        }
    };
    rank_by(&[]);
    for (key, weight) in
        [("like.recent", 0.5), ("like.weighted", 0.4), ("repost.weighted", 1.0), ("repost.days", 0.2)]
    {
        for factor in [0.8, 1.2] {
            rank_by(&["--set", &format!("networks.notes.features.{key}={}", weight * factor)]);
        }
    }
    for of in found["people"].as_array().expect("people") {
        let told = [&of["best"], &of["worst"]].map(|rank| rank.as_u64().expect("a rank"));
        assert_eq!(ends[of["person"].as_str().expect("a name")], told, "{of}");
    }
    assert!(ends.values().any(|[best, worst]| best < worst), "{ends:?}");
}

/// The same bytes with any number of threads, and from a state file.
#[test]
fn the_same_bytes_however_it_is_read() {
    let folder = Folder::new();
    let state = folder.path("town.tally");
    assert_eq!(renown(["tally", "examples/town", "--out", &state, "-q"]).code, 0);
    let set = ["--set", "standing.floor=0.2", "--format", "json"];
    let one = town(&[&set[..], &["--threads", "1"]].concat());
    assert_eq!(one.code, 0, "{}", one.stderr);
    assert!(town(&[&set[..], &["--threads", "2"]].concat()).stdout == one.stdout);
    let of_state = renown([&["what-if", &state], &TOWN[1..], &set].concat());
    assert!(of_state.stdout == one.stdout, "exports\n{}\nstate\n{}", one.stdout, of_state.stdout);
}

/// Each save gives a result, a broken file a message and no end, Ctrl-C the end.
#[cfg(unix)]
#[test]
fn a_file_is_watched_until_ctrl_c() {
    let small = Notes::new();
    let save = |text: &str| {
        let new = small.folder.file("new.toml", text);
        std::fs::rename(new, &small.weights).expect("the file is replaced");
    };
    let mut watched = watch::Watched::start(&small);
    watched.wait_for("a first result, and word of watching", |out, err| {
        watch::results(out).len() == 1 && err.contains("watching")
    });
    save(&RULES.replace(r#""repost.weighted" = 1.0"#, r#""repost.weighted" = 3.0"#));
    watched.wait_for("a second result", |out, _| watch::results(out).len() == 2);
    save("version = 1\n[tiem]\n");
    watched.wait_for("what is wrong with the file", |_, err| err.contains("error: ") && err.contains("tiem"));
    save(RULES);
    watched.wait_for("a third result", |out, _| watch::results(out).len() == 3);
    let results = watch::results(&watched.end());
    assert_eq!(results[0], results[2], "the same file gives the same");
    assert_eq!((&results[0]["moved"], &results[0]["same_ruler"]), (&0.into(), &true.into()));
    assert!(results[1]["moved"].as_u64() > Some(1), "{:#}", results[1]);
}

#[cfg(unix)]
mod watch {
    use std::fs::File;
    use std::process::Child;
    use std::time::{Duration, Instant};

    use serde_json::Value;

    use super::common::notes::{Notes, RULES};
    use super::common::run::command;

    /// A program that watches.
    pub(super) struct Watched<'a> {
        small: &'a Notes,
        child: Child,
    }

    /// It is not left behind by a test that failed.
    impl Drop for Watched<'_> {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    impl<'a> Watched<'a> {
        pub(super) fn start(small: &'a Notes) -> Self {
            let against = small.folder.file("against.toml", RULES);
            let file = |name: &str| File::create(small.folder.path(name)).expect("a file");
            let child = command()
                .args(["what-if", &small.records[1], "--map", &small.map, "--people", &small.people[1], "-q"])
                .args(["--weights", &small.weights, "--against", &against, "--watch", "--format", "json"])
                .stdout(file("out"))
                .stderr(file("err"))
                .spawn()
                .expect("the binary runs");
            Self { small, child }
        }

        fn text(&self, name: &str) -> String {
            std::fs::read_to_string(self.small.folder.path(name)).expect("what it printed")
        }

        #[track_caller]
        pub(super) fn wait_for(&mut self, what: &str, is_there: impl Fn(&str, &str) -> bool) {
            let until = Instant::now() + Duration::from_mins(1);
            while !is_there(&self.text("out"), &self.text("err")) {
                let ended = self.child.try_wait().expect("a child");
                let late = Instant::now() > until;
                assert!(ended.is_none() && !late, "not {what}: {}{}", self.text("out"), self.text("err"));
                std::thread::sleep(Duration::from_millis(20));
            }
        }

        /// Ctrl-C, and all that was printed.
        pub(super) fn end(&mut self) -> String {
            let process = rustix::process::Pid::from_child(&self.child);
            rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it runs");
            let end = self.child.wait().expect("it ends");
            assert_eq!(end.code(), Some(0), "{}", self.text("err"));
            self.text("out")
        }
    }

    /// The results that are whole.
    pub(super) fn results(printed: &str) -> Vec<Value> {
        serde_json::Deserializer::from_str(printed).into_iter().map_while(Result::ok).collect()
    }
}
