//! `renown tally` and `renown merge`: whatever was tallied apart and merged is, byte for byte, what one run gives.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
    pub(crate) mod with_input;
}

use std::fmt::Write as _;

use common::folder::Folder;
use common::renown::renown;
use common::run::{Ran, command};
use common::table::MAP;
use common::with_input::renown_with;

const TOWN: &str = "examples/town";
const PEOPLE: [&str; 4] = ["--people", "examples/town/people.toml", "--format", "json"];

#[track_caller]
fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

#[track_caller]
fn tally(inputs: &[&str], out: &str, more: &[&str]) -> Vec<u8> {
    ok(renown([&["tally"], inputs, &["--out", out, "-q"], more].concat()));
    std::fs::read(out).expect("a state file")
}

#[track_caller]
fn merge(states: &[&str], out: &str) -> Vec<u8> {
    ok(renown([&["merge"], states, &["--out", out, "-q"]].concat()));
    std::fs::read(out).expect("a state file")
}

#[track_caller]
fn town(inputs: &[&str], more: &[&str]) -> String {
    ok(renown([&["score"], inputs, &PEOPLE, &["-q"], more].concat())).stdout
}

#[test]
fn the_town_in_parts_is_the_town() {
    let folder = Folder::new();
    let at = |name: &str| folder.path(name);
    let parts = ["twitter", "facebook", "youtube"].map(|network| {
        let (input, out) = (format!("{TOWN}/{network}"), at(&format!("{network}.tally")));
        tally(&[&input], &out, &["--threads", "1"]);
        out
    });
    let [twitter, facebook, youtube] = parts.each_ref().map(String::as_str);
    let whole = tally(&[TOWN], &at("whole.tally"), &["--threads", "2"]);
    merge(&[youtube, twitter], &at("two.tally"));
    assert!(merge(&[facebook, &at("two.tally")], &at("merged.tally")) == whole);
    assert!(merge(&[twitter, youtube, facebook], &at("merged.tally")) == whole);
    assert!(merge(&[&at("whole.tally")], &at("whole.tally")) == whole);
    // A state among the inputs of `tally` is what it was made of.
    assert!(
        tally(&["examples/town/youtube", &at("twitter.tally"), facebook], &at("mixed.tally"), &[]) == whole
    );

    let expected = town(&[TOWN], &[]);
    assert_eq!(town(&[&at("merged.tally")], &[]), expected);
    assert_eq!(town(&[facebook, youtube, twitter], &["--threads", "3"]), expected);
    assert_eq!(town(&[youtube, "examples/town/facebook", twitter], &[]), expected);
    // Weights are applied when scoring.
    let set = ["--set", "networks.twitter.weight=0.5"];
    let other = town(&[TOWN], &set);
    assert_ne!(other, expected);
    assert_eq!(town(&[&at("merged.tally")], &set), other);
    let explain = |input: &str| {
        ok(renown(["explain", "mara-lind", input, "--people", "examples/town/people.toml", "-q"])).stdout
    };
    assert_eq!(explain(&at("merged.tally")), explain(TOWN));
}

/// A made-up log: actors, targets, kinds and days, with ties.
fn log(rows: u64) -> Vec<String> {
    (0..rows)
        .map(|row| {
            let mixed = row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let kind = ["like", "repost", "reply"][mixed as usize % 3];
            let at = 1_700_000_000 + mixed % 80 * 86_400;
            format!("{at},a{},{},{kind}", mixed / 7 % 900, mixed / 11 % 50)
        })
        .collect()
}

fn table(rows: &[String]) -> String {
    rows.iter().fold("at,actor,target,kind\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "{row}");
        text
    })
}

#[test]
fn one_table_divided_among_files_is_the_same_state() {
    let folder = Folder::new();
    let map = folder.file("map.toml", MAP);
    let map = ["--map", &map];
    let mut rows = log(3_000);
    let whole = folder.file("whole.csv", table(&rows));
    let whole = tally(&[&whole], &folder.path("whole.tally"), &map);
    rows.reverse();
    let parts: Vec<String> = (0..3)
        .map(|part| {
            let rows: Vec<String> = rows.iter().skip(part).step_by(3).cloned().collect();
            folder.file(&format!("{part}.csv"), table(&rows))
        })
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    assert!(tally(&parts, &folder.path("parts.tally"), &map) == whole);
}

/// What is later than the given day is left out when a state is made, or must not be there.
#[test]
fn the_day_as_of_which() {
    let folder = Folder::new();
    let at = |name: &str| folder.path(name);
    let day = |day| ["--as-of", day];
    for (name, more) in [("plain", &[][..]), ("cut", &day("2026-06-30")), ("late", &day("2027-01-31"))] {
        tally(&[TOWN], &at(name), more);
    }
    let (plain, cut, late) = (at("plain"), at("cut"), at("late"));
    assert_eq!(town(&[&cut], &[]), town(&[TOWN], &day("2026-06-30")));
    assert_eq!(town(&[&cut], &day("2026-06-30")), town(&[TOWN], &day("2026-06-30")));
    // Nothing in the whole state is later than this day.
    assert_eq!(town(&[&plain], &day("2027-01-31")), town(&[TOWN], &day("2027-01-31")));
    assert!(merge(&[&plain, &late], &at("one")) == merge(&[&late, &plain], &at("other")));
    let summary = ok(renown([&["score", &cut][..], &PEOPLE].concat())).stderr;
    assert!(summary.contains("later than --as-of"), "{summary}");

    let refused = |args: &[&str], words: &str| {
        let ran = renown([args, &["-q"]].concat());
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(words), "{}", ran.stderr);
    };
    let score = |inputs: &[&'static str], day: &'static str| {
        [&["score"], inputs, &PEOPLE, &["--as-of", day]].concat()
    };
    let (plain, cut) = (&*plain.leak(), &*cut.leak());
    refused(&score(&[plain], "2026-06-30"), "it has records up to 2026-09-30, and this is as of 2026-06-30");
    refused(&score(&[cut], "2026-09-30"), "made with --as-of 2026-06-30, and this is as of 2026-09-30");
    refused(
        &["merge", cut, &late, "--out", &at("no")],
        "made with --as-of 2027-01-31, and this is as of 2026-06-30",
    );
    refused(&["merge", cut, plain, "--out", &at("no")], "it has records up to 2026-09-30");
    assert!(!std::path::Path::new(&at("no")).exists());
}

/// The options of adapters decide what was read, and are part of the stamp.
#[test]
fn options_must_be_those_of_the_state() {
    let folder = Folder::new();
    let (with, without) = (folder.path("with"), folder.path("without"));
    let set = ["--set", "adapters.youtube.watch_history=false"];
    let youtube = "examples/town/youtube";
    tally(&[youtube], &with, &[]);
    tally(&[youtube], &without, &set);
    assert_eq!(town(&[&without], &set), town(&[youtube], &set));
    let refused = |args: &[&str]| {
        let ran = renown(args);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        ran.stderr.replace(&folder.path(""), "")
    };
    let said = [
        refused(&[&["score", &without], &PEOPLE[..], &["-q"]].concat()),
        refused(&[&["score", &with], &PEOPLE[..], &set, &["-q"]].concat()),
        refused(&["merge", &with, &without, "--out", &folder.path("no")]),
    ];
    insta::assert_snapshot!("states_of_other_options", said.concat());
}

#[test]
fn what_is_said() {
    insta::assert_snapshot!("tally_help", renown(["tally", "--help"]).stdout);
    insta::assert_snapshot!("merge_help", renown(["merge", "--help"]).stdout);
    let folder = Folder::new();
    let map = folder.file("map.toml", MAP);
    let steady = |ran: Ran| {
        assert_eq!((ran.code, &*ran.stdout), (0, ""), "{}", ran.stderr);
        let lines = ran.stderr.lines().filter(|line| !line.starts_with("took "));
        // Without the size of the file, which another version of the compressor may change.
        let lines = lines.map(|line| line.split_once(" kB of ").map_or(line, |parts| parts.1));
        lines.collect::<Vec<_>>().join("\n").replace(&folder.path(""), "")
    };
    let broken = folder.file("broken.csv", table(&log(30)) + "yesterday,1,2,like\n");
    let (one, other) = (folder.path("one.tally"), folder.path("other.tally"));
    let said = steady(renown(["tally", &broken, "--map", &map, "--out", &one]));
    insta::assert_snapshot!("tally_summary", said);
    tally(&["examples/town/twitter"], &other, &[]);
    let said = steady(renown(["merge", &other, &one, "--out", &folder.path("both.tally")]));
    insta::assert_snapshot!("merge_summary", said);
    let strict = renown(["score", &one, &other, "--strict", "--everyone", "-q"]);
    assert_eq!(strict.code, 3);
    assert!(
        strict.stderr.contains("one.tally: 1 of its records could not be read when it was made"),
        "{}",
        strict.stderr
    );
}

/// Nobody but its owner reads the file.
#[cfg(unix)]
#[test]
fn the_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path("town.tally");
    tally(&["examples/town/youtube"], &path, &[]);
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_cannot_be_read() {
    let folder = Folder::new();
    let path = folder.path("town.tally");
    let bytes = tally(&["examples/town/youtube"], &path, &[]);
    let out = folder.path("out.tally");
    let mut flipped = bytes.clone();
    let middle = bytes.len() / 2;
    flipped[middle] ^= 4;
    let zip = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("inside.tally", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let mut newer = bytes.clone();
    newer[7] = 9;
    folder.file("folder/a.tally", &bytes);
    let mut said = String::new();
    for (name, content) in [
        ("flipped.tally", flipped),
        ("cut.tally", bytes[..middle].to_vec()),
        ("newer.tally", newer),
        ("zipped.zip", zip),
        ("empty.tally", Vec::new()),
        ("wrong.tally", b"dear diary".to_vec()),
    ] {
        let file = folder.file(name, content);
        let merged = renown(["merge", &path, &file, "--out", &out]);
        let scored = renown(["score", &path, &file, "--everyone", "-q"]);
        for ran in [merged, scored] {
            assert_eq!((ran.code, &*ran.stdout), (3, ""), "{name}: {}", ran.stderr);
            said += &ran.stderr.replace(&folder.path(""), "");
        }
    }
    let ran = renown(["score", &folder.path("folder"), "--everyone", "-q"]);
    assert_eq!(ran.code, 3);
    said += &ran.stderr.replace(&folder.path(""), "");
    let ran = renown_with(&["score", "-", "--everyone", "-q"], &bytes);
    assert_eq!(ran.code, 3);
    said += &ran.stderr;
    // Where a block begins depends on how the ones before it were compressed.
    let mut steady = String::new();
    for part in said.split_inclusive("byte ") {
        steady += part.trim_start_matches(|char: char| char.is_ascii_digit());
    }
    insta::assert_snapshot!("unreadable_states", steady);
    assert!(!std::path::Path::new(&out).exists());
}

/// An interrupted run leaves nothing behind.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_leaves_nothing() {
    use std::io::Write as _;
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    let folder = Folder::new();
    let map = folder.file("map.toml", MAP);
    let out = folder.path("out/x.tally");
    std::fs::create_dir(folder.path("out")).unwrap();
    let mut run = command()
        .args(["tally", "-", "--map", &map, "--out", &out])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all(table(&log(50)).as_bytes()).unwrap();
    // Until it listens for the signal.
    let status = format!("/proc/{}/status", run.id());
    let listens = || {
        let status = std::fs::read_to_string(&status).expect("a running process");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("its signals");
        u64::from_str_radix(caught.trim(), 16).expect("a mask") & (1 << 1) != 0
    };
    let begun = Instant::now();
    while !listens() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never listens");
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_child(&run);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal");
    drop(stdin);
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert_eq!(std::fs::read_dir(folder.path("out")).unwrap().count(), 0);
}
