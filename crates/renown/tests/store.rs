//! `renown ingest`, `day` and `store`: what is kept day by day scores as what it was made of, and is forgotten when told.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod store;
    pub(crate) mod table;
    pub(crate) mod tree;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::folder::Folder;
use common::renown::renown;
use common::run::command;
use common::store::{ingest, ok};
use common::table::MAP;
use common::tree::{assert_same, copy, tree};

const TOWN: &str = "examples/town";
const PEOPLE: [&str; 3] = ["--people", "examples/town/people.toml", "-q"];
const JSON: [&str; 2] = ["--format", "json"];

#[track_caller]
fn day(store: &str, as_of: &str, more: &[&str]) -> String {
    ok(renown([&["day", "--store", store, "--as-of", as_of], &PEOPLE[..], &JSON, more].concat())).stdout
}

#[track_caller]
fn score(inputs: &[&str], as_of: &str, more: &[&str]) -> String {
    ok(renown([&["score"], inputs, &["--as-of", as_of], &PEOPLE[..], &JSON, more].concat())).stdout
}

/// The file of a day's scores.
fn scores(store: &str, as_of: &str) -> String {
    let folder = format!("{store}/scores/as-of={as_of}");
    let mut files = std::fs::read_dir(folder).expect("the day's scores");
    files.next().expect("a file").expect("a file").path().display().to_string()
}

/// Scores of a store are those of the exports themselves, whatever was kept between one day and the next.
#[test]
fn a_day_of_the_store_is_a_day_of_the_exports() {
    let folder = Folder::new();
    let store = folder.path("store");
    let months = ["06", "07", "08", "09"].map(|month| format!("{TOWN}/twitter/search-2026-{month}.jsonl"));
    let months = months.each_ref().map(String::as_str);
    ingest(&store, &["examples/town/youtube", "examples/town/facebook"], &[]);
    ingest(&store, &months[..3], &[]);
    let august = ["examples/town/youtube", "examples/town/facebook", months[0], months[1], months[2]];
    assert_eq!(
        day(&store, "2026-08-30", &[]),
        score(&august, "2026-08-30", &[]),
        "the first day starts flat"
    );

    let second = score(&august, "2026-08-31", &["--standing", &scores(&store, "2026-08-30")]);
    assert_eq!(day(&store, "2026-08-31", &[]), second);
    assert_ne!(second, score(&august, "2026-08-31", &[]), "standing counts");

    ingest(&store, &[months[3]], &[]);
    let last = day(&store, "2026-09-01", &[]);
    let all = [&august[..], &[months[3]]].concat();
    assert_eq!(last, score(&all, "2026-09-01", &["--standing", &scores(&store, "2026-08-31")]));
    // From the rows alone, on one thread, and once more: the same bytes, so nothing is published again.
    let before = tree(&store);
    assert_eq!(day(&store, "2026-09-01", &["--anew", "--threads", "1"]), last);
    assert_eq!(day(&store, "2026-09-01", &[]), last);
    assert_same(&tree(&store), &before);

    // What was published stays, though September says more of August's posts.
    let ran = renown([&["day", "--store", &store, "--as-of", "2026-08-31"], &PEOPLE[..]].concat());
    assert_eq!((ran.code, &*ran.stdout), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("the scores of 2026-08-31 were published"), "{}", ran.stderr);
    assert_same(&tree(&store), &before);
    let again = day(&store, "2026-08-31", &["--again"]);
    assert_eq!(again, score(&all, "2026-08-31", &["--standing", &scores(&store, "2026-08-30")]));
    assert_eq!(ok(renown(["store", "verify", &store])).stdout.lines().last(), Some("ok"));

    // Another ruler's scores give nobody standing, and that is said.
    let set = ["--set", "networks.twitter.weight=0.5"];
    let ran =
        renown([&["day", "--store", &store, "--as-of", "2026-09-30"], &PEOPLE[..], &JSON, &set].concat());
    assert!(ran.stderr.contains("they give no standing, and everybody starts alike"), "{}", ran.stderr);
    assert_eq!(ran.stdout, score(&all, "2026-09-30", &set));
}

/// Rows of acts without ids, some of which are alike.
fn log(seed: u64, rows: u64) -> Vec<String> {
    (0..rows)
        .map(|row| {
            let mixed = (row + seed * 1_000).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let kind = ["like", "repost", "reply"][mixed as usize % 3];
            let at = 1_780_272_000 + mixed % 3 * 86_400 + mixed / 3 % 5;
            format!("{at},a{},{},{kind}", mixed / 17 % 7, mixed / 131 % 4)
        })
        .collect()
}

fn table(rows: &[String]) -> String {
    rows.iter().fold("at,actor,target,kind\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "{row}");
        text
    })
}

/// Each row as often as the export has it that has it most often.
fn union(exports: &[&[String]]) -> Vec<String> {
    let mut most: BTreeMap<&String, usize> = BTreeMap::new();
    for export in exports {
        let mut times: BTreeMap<&String, usize> = BTreeMap::new();
        for row in *export {
            *times.entry(row).or_default() += 1;
        }
        for (row, times) in times {
            let most = most.entry(row).or_default();
            *most = times.max(*most);
        }
    }
    most.into_iter().flat_map(|(row, times)| std::iter::repeat_n(row.clone(), times)).collect()
}

/// Exports overlap, and come twice, in any order: what is in several counts once, what one has twice counts twice.
#[test]
fn overlapping_exports_count_once_in_any_order() {
    let folder = Folder::new();
    let (one, two) = (log(0, 900), [log(1, 300), log(0, 400), log(0, 200)].concat());
    assert!(union(&[&one]).len() == one.len() && union(&[&one, &two]).len() < one.len() + 700);
    let map = folder.file("map.toml", MAP);
    let more = ["--map", &*map];
    let union = folder.file("union.csv", table(&union(&[&one, &two])));
    // The same export in two files of one folder.
    let (head, tail) = two.split_at(350);
    folder.file("two/b.csv", table(head));
    folder.file("two/a.csv", table(tail));
    let (one, two) = (folder.file("one.csv", table(&one)), folder.path("two"));
    let everyone = ["--as-of", "2026-06-04", "--everyone", "-q", "--format", "csv"];
    let expected = ok(renown([&["score", &union, "--map", &map], &everyone[..]].concat())).stdout;
    assert!(expected.lines().count() > 4, "{expected}");
    let orders: [&[&[&str]]; 4] = [
        &[&[&one], &[&two]],
        &[&[&two, &one]],
        &[&[&one, &one, &two], &[&one]],
        &[&[&union], &[&two], &[&one]],
    ];
    let mut compacted = Vec::new();
    for (index, order) in orders.into_iter().enumerate() {
        let store = folder.path(&format!("store{index}"));
        for inputs in order {
            ingest(&store, inputs, &more);
        }
        let scored = ok(renown([&["day", "--store", &store], &everyone[..]].concat())).stdout;
        assert_eq!(scored, expected, "order {index}");
        ok(renown(["store", "compact", &store]));
        let scored = ok(renown([&["day", "--store", &store], &everyone[..]].concat())).stdout;
        assert_eq!(scored, expected, "order {index}, compacted");
        ok(renown(["store", "compact", &store]));
        compacted.push(tree(&store));
    }
    for other in &compacted[1..] {
        assert_same(other, &compacted[0]);
    }
}

/// A second time nothing is added, and in another order the store is the same once it is compact.
#[test]
fn the_town_twice_is_the_town() {
    let folder = Folder::new();
    let (store, other) = (folder.path("store"), folder.path("other"));
    let [june, july] = ["06", "07"].map(|month| format!("{TOWN}/twitter/search-2026-{month}.jsonl"));
    let archive = format!("{TOWN}/twitter/twitter-archive-mara_lind.zip");
    ingest(&store, &[&june, &july, &archive], &["--threads", "1"]);
    let once = tree(&store);
    ingest(&store, &[&archive, &june], &[]);
    ingest(&store, &[&july], &["--threads", "3"]);
    assert_same(&tree(&store), &once);
    ingest(&other, &[&archive, &july, &june, &july], &[]);
    for store in [&store, &other] {
        ok(renown(["store", "compact", store]));
        assert_eq!(ok(renown(["store", "verify", store])).stdout.lines().last(), Some("ok"));
    }
    assert_same(&tree(&other), &tree(&store));
}

/// Whatever is wrong with a file is found, and named; nothing is scored then.
#[test]
fn damage_is_found_and_named() {
    let folder = Folder::new();
    let store = folder.path("store");
    ingest(&store, &["examples/town/youtube"], &[]);
    day(&store, "2026-09-29", &[]);
    let whole = tree(&store);
    let bad = folder.path("bad");
    let scored =
        || renown([&["day", "--store", &bad, "--as-of", "2026-09-30"], &PEOPLE[..], &["--anew"]].concat());
    let refused = |name: &str| {
        let verified = renown(["store", "verify", &bad]);
        assert_eq!(verified.code, 3, "{name}: {}", verified.stdout);
        let said = verified.stdout + &verified.stderr;
        assert!(said.contains(&format!("{bad}/{name}: ")), "{name}: {said}");
    };
    copy(&store, &bad);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, (name, bytes)) in whole.iter().enumerate() {
        let seen = kinds.entry(name.split('/').next().expect("a part")).or_default();
        *seen += 1;
        // A few of each kind: the other files are like them.
        if *seen > 4 {
            continue;
        }
        let path = format!("{bad}/{name}");
        let mut flipped = bytes.clone();
        let at = index * 7_919 % bytes.len();
        flipped[at] ^= 1 << (index % 8);
        std::fs::write(&path, flipped).expect("a file");
        refused(name);
        if !name.starts_with("tallies") {
            let ran = scored();
            assert_eq!((ran.code, &*ran.stdout), (3, ""), "{name}: {}", ran.stderr);
            assert!(ran.stderr.contains(&path), "{name}: {}", ran.stderr);
        }
        std::fs::write(&path, &bytes[..bytes.len() - 1]).expect("a file");
        refused(name);
        std::fs::remove_file(&path).expect("a file");
        refused(name);
        assert_eq!(scored().code, 3, "{name}");
        std::fs::create_dir_all(std::path::Path::new(&path).parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
    }
    assert!(kinds.len() > 4, "{kinds:?}");
    let stranger = format!("{bad}/interactions/notes.txt");
    std::fs::write(&stranger, "dear diary").expect("a file");
    refused("interactions/notes.txt");
    assert_eq!(scored().code, 3);
    std::fs::remove_file(&stranger).expect("a file");
    assert_eq!(ok(renown(["store", "verify", &bad])).stdout.lines().last(), Some("ok"));
    // A flipped bit of a kept tally is found before it is scored with.
    let tally = whole.keys().find(|name| name.starts_with("tallies")).expect("a kept tally");
    let mut flipped = whole[tally].clone();
    flipped[100] ^= 1;
    std::fs::write(format!("{bad}/{tally}"), flipped).expect("a file");
    let ran = renown([&["day", "--store", &bad, "--as-of", "2026-09-30"], &PEOPLE[..]].concat());
    assert_eq!((ran.code, ran.stderr.contains(tally)), (3, true), "{}", ran.stderr);
}

/// Everything that names a person is gone, stays gone, and comes back only when that is lifted.
#[test]
fn a_person_is_forgotten() {
    let folder = Folder::new();
    let store = folder.path("store");
    let inputs = ["examples/town/twitter", "examples/town/facebook"];
    ingest(&store, &inputs, &[]);
    assert!(day(&store, "2026-09-29", &[]).contains("mara-lind"));
    let forget = ["store", "forget", "mara-lind", &store, "--people", "examples/town/people.toml"];
    let said = ok(renown(forget)).stdout;
    assert!(said.starts_with("removed    ") && !said.starts_with("removed    0"), "{said}");
    let proven = |store: &str| {
        let said = ok(renown(["store", "verify", store])).stdout;
        assert!(said.contains("forgotten  1 person; "), "{said}");
        assert_eq!(said.lines().last(), Some("ok"), "{said}");
    };
    proven(&store);
    let today = day(&store, "2026-09-30", &[]);
    assert!(!today.contains("mara-lind") && today.contains("isolde-marrowby"));
    proven(&store);
    let forgotten = tree(&store);
    // The rows lie uncompressed in no file, so that a search for the bytes would prove nothing: the manifest has hashes alone.
    assert!(!String::from_utf8_lossy(&forgotten["store.json"]).contains("mara"));

    ingest(&store, &inputs, &[]);
    proven(&store);
    assert_eq!(day(&store, "2026-09-30", &["--anew"]), today, "the old exports bring nothing back");
    let lifted = ok(renown([&forget[..], &["--lift"]].concat())).stdout;
    assert!(lifted.starts_with("taken off the list"), "{lifted}");
    assert_eq!(renown([&forget[..], &["--lift"]].concat()).code, 2);
    ingest(&store, &inputs, &[]);
    assert!(day(&store, "2026-09-30", &["--again"]).contains("mara-lind"));
    let theirs = folder.path("theirs");
    ingest(&theirs, &inputs, &[]);
    let [back, never] = [&store, &theirs].map(|store| {
        ok(renown(["store", "compact", store]));
        let mut rows = tree(store);
        rows.retain(|name, _| !name.starts_with("scores") && name != "store.json");
        rows
    });
    assert_same(&back, &never);
}

/// Of two that write, the second is refused; whoever looks waits for nobody who looks.
#[cfg(unix)]
#[test]
fn one_writes_at_a_time() {
    let folder = Folder::new();
    let store = folder.path("store");
    ingest(&store, &["examples/town/youtube"], &[]);
    let lock = std::fs::File::open(format!("{store}/lock")).expect("the lock");
    lock.try_lock().expect("nobody has it");
    for args in [
        &["ingest", "examples/town/youtube", "--store", &store][..],
        &["day", "--store", &store, "--as-of", "2026-09-30", "--everyone"],
        &["store", "compact", &store],
        &["store", "verify", &store],
    ] {
        let ran = renown(args);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("run this again when that one is done"), "{}", ran.stderr);
    }
    lock.unlock().expect("ours");
    lock.try_lock_shared().expect("nobody has it");
    ok(renown(["store", "verify", &store]));
    assert_eq!(renown(["store", "compact", &store]).code, 2);
}

#[test]
fn what_is_said() {
    let folder = Folder::new();
    let store = folder.path("store");
    let mut said = String::new();
    for args in [
        &["ingest", "examples/town/youtube", "--store", &store][..],
        &["ingest", "examples/town/youtube", "--store", &store],
        &[
            "day",
            "--store",
            &store,
            "--as-of",
            "2026-09-29",
            "--people",
            "examples/town/people.toml",
            "--top",
            "1",
        ],
        &[
            "day",
            "--store",
            &store,
            "--as-of",
            "2026-09-30",
            "--people",
            "examples/town/people.toml",
            "--top",
            "1",
        ],
        &["store", "forget", "twitter:1", &store],
        &["store", "forget", "nobody", &store],
        &["store", "forget", "twitter:2", &store, "--lift"],
        &["store", "verify", &store],
        &["day", "--store", "examples/town", "--as-of", "2026-09-29", "--everyone"],
        &["ingest", "examples/town/youtube", "--store", "examples/town"],
        &[
            "ingest",
            "examples/town/youtube",
            "--store",
            &store,
            "--set",
            "adapters.youtube.watch_history=false",
        ],
    ] {
        let ran = renown(args);
        let _ = writeln!(said, "$ renown {}\n{}{}[{}]\n", args.join(" "), ran.stdout, ran.stderr, ran.code);
    }
    let said = said.lines().filter(|line| !line.starts_with("took ")).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("store", said.replace(&folder.path(""), ""));
    for command in [&["ingest"][..], &["day"], &["store"], &["store", "forget"]] {
        let help = renown([command, &["--help"]].concat()).stdout;
        insta::assert_snapshot!(format!("{}_help", command.join("_")), help);
    }
}

/// A store that was scored before it had a book: the newest day is published once there is one, and what is not there is said.
#[test]
fn what_was_scored_before_there_was_a_book_is_served() {
    let folder = Folder::new();
    let store = folder.path("store");
    ingest(&store, &["examples/town/youtube"], &[]);
    for as_of in ["2026-09-29", "2026-10-05"] {
        day(&store, as_of, &[]);
    }
    let mut serve = command();
    serve.args(["serve", "--store", &store, "--listen", "127.0.0.1:0"]);
    serve.args(["--people", "examples/town/people.toml"]);
    let mut child = serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut said = String::new();
    let mut lines = BufReader::new(child.stderr.take().expect("its talk")).lines();
    while !said.contains("http://") {
        let _ = writeln!(said, "{}", lines.next().expect("it serves").expect("text"));
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(said.contains("as of 2026-10-05"), "{said}");
    assert!(said.contains("1 day that was scored before there was a book"), "{said}");
    day(&store, "2026-09-29", &["--again"]);
    let held = ok(renown(["store", "people", "held", &store, "mara-lind"])).stdout;
    let held: serde_json::Value = serde_json::from_str(&held).unwrap();
    let days = held["published"].as_array().unwrap().iter().map(|one| one["as_of"].clone());
    assert_eq!(days.collect::<Vec<_>>(), ["2026-09-29", "2026-10-05"]);
}

/// Communities are those of the window, whoever tells of them first; they are the person's to have, and go with them.
#[test]
fn communities_are_kept_by_day_and_go_with_the_person() {
    let folder = Folder::new();
    let store = folder.path("store");
    let map = folder.file("map.toml", format!("{MAP}community = \"group\"\n"));
    let people = folder.file(
        "people.csv",
        "id,consent,accounts\nann,true,notes:a\nbob,true,notes:@bob\ncid,false,notes:c\n",
    );
    let first = folder.file(
        "first.csv",
        "at,actor,target,kind,group\n2026-05-01,a,b,like,old\n2026-07-01,a,@bob,like,edge\n2026-07-02,a,@bob,like,\"bread; & <b>\"\n",
    );
    let second = folder.file(
        "second.csv",
        "at,actor,target,kind,group\n2026-09-30,c,a,reply,new\n2026-10-01,c,a,reply,later\n2026-09-29,c,@bob,like,new\n",
    );
    ok(renown(["store", "people", "import", &store, &people]));
    for table in [&second, &first, &first] {
        ingest(&store, &[table], &["--map", &map]);
    }
    let day = |as_of: &str| ok(renown(["day", "--store", &store, "--as-of", as_of, "-q"]));
    let held = |person: &str| -> Vec<String> {
        let held = ok(renown(["store", "people", "held", &store, person])).stdout;
        let held: serde_json::Value = serde_json::from_str(&held).unwrap();
        serde_json::from_value(held["person"]["communities"].clone()).unwrap()
    };
    day("2026-09-30");
    // 2 July is ninety days before, the oldest that counts.
    assert_eq!(held("ann"), ["notes:bread; & <b>", "notes:new"]);
    assert_eq!(held("bob"), ["notes:bread; & <b>", "notes:new"]);
    // Who did not agree is in none, as they have no score.
    assert_eq!(held("cid"), [""; 0]);
    day("2026-10-01");
    assert_eq!(held("ann"), ["notes:later", "notes:new"]);
    let records = ok(renown(["store", "people", "records", &store, "ann"])).stdout;
    assert!(records.contains("memberships") && records.contains("later"), "{records}");
    assert!(!records.contains("\"c\""), "{records}");

    assert_eq!(ok(renown(["store", "compact", &store])).code, 0);
    ok(renown(["store", "forget", "ann", &store]));
    assert_eq!(ok(renown(["store", "verify", &store])).stdout.lines().last(), Some("ok"));
    assert_eq!(renown(["store", "people", "held", &store, "ann"]).code, 2);
    assert_eq!(held("bob"), ["notes:new"]);
}
