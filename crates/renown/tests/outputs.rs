//! What a user sees, kept as snapshots.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
}

use common::folder::Folder;
use common::place::at;
use common::renown::renown;
use common::run::Ran;
use common::table::MAP;
use std::collections::BTreeMap;

const TOWN: &str = "examples/town";

fn town(more: &[&str]) -> Ran {
    let mut args = vec!["score", TOWN, "--people", "examples/town/people.toml"];
    args.extend(more);
    renown(args)
}

/// Without what differs from run to run and from build to build.
fn steady(stderr: &str) -> String {
    stderr.lines().filter(|line| !line.starts_with("took ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_town() {
    let ran = town(&["--top", "25"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("town_table", ran.stdout);
    insta::assert_snapshot!("town_summary", steady(&ran.stderr));
    let took = ran.stderr.lines().find(|line| line.starts_with("took ")).expect("a last line");
    assert!(took.contains("records") && took.contains("MB/s"), "{took}");
}

#[test]
fn every_format() {
    insta::assert_snapshot!("town_csv", town(&["--top", "3", "--format", "csv"]).stdout);
    insta::assert_snapshot!("town_json", town(&["--top", "3", "--format", "json"]).stdout);
    insta::assert_snapshot!("town_ndjson", town(&["--top", "3", "--format", "ndjson"]).stdout);
    insta::assert_snapshot!("town_md", town(&["--top", "3", "--format", "md"]).stdout);
    let csv = town(&["--format", "csv"]).stdout;
    assert!(csv.starts_with("rank,person,score,percentile,coverage,network."), "{csv}");
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        assert!(fields[2].split_once('.').is_some_and(|(_, decimals)| decimals.len() == 4), "{line}");
        // The floor and the networks' parts add up to the score.
        let parts: f64 = fields[5..].iter().filter_map(|part| part.parse::<f64>().ok()).sum();
        assert!((1.0 + parts - fields[2].parse::<f64>().unwrap()).abs() < 1e-9, "{line}");
    }
}

/// A pipe and a device are written to, as a shell makes one of `>(gzip)`: to put a file in their place would break what uses them. Of a link
/// what it leads to is replaced.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_stays_what_it_is() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::new();
    let args = ["--top", "3", "--format", "csv", "-q", "--out"];
    let to = |path: &str| {
        let ran = town(&[&args[..], &[path]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    };
    let expected = town(&args[..5]).stdout;

    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|made| made.success()));
    let read = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe)
    });
    to(&pipe);
    assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo(), "the pipe is gone");
    assert_eq!(read.join().unwrap().unwrap(), expected);

    let (file, link) = (folder.file("scores.csv", "old"), folder.path("link.csv"));
    std::os::unix::fs::symlink(&file, &link).unwrap();
    to(&link);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink(), "the link is gone");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
}

/// An archive lists its owner's followers and does not say how many they are.
#[test]
fn the_followers_of_an_archive_are_its_audience() {
    let folder = Folder::new();
    let account = r#"window.YTD.account.part0 = [{"account":{"accountId":"7","username":"odile","createdAt":"2012-03-04T05:06:07.000Z"}}]"#;
    folder.file("twitter-odile/data/account.js", account);
    let followers: Vec<String> =
        (100..340).map(|id| format!(r#"{{"follower":{{"accountId":"{id}","userLink":"https://twitter.com/intent/user?user_id={id}"}}}}"#)).collect();
    folder.file(
        "twitter-odile/data/follower.js",
        format!("window.YTD.follower.part0 = [{}]", followers.join(",")),
    );
    let people = folder
        .file("people.toml", "[[person]]\nid = \"odile\"\nconsent = true\naccounts = [\"twitter:7\"]\n");
    let ran =
        renown(["explain", "odile", &folder.path("twitter-odile"), "--people", &people, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let explained: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let features = explained["accounts"][0]["features"].as_array().unwrap();
    let of = |name: &str| {
        features.iter().find(|feature| feature["name"].as_str().unwrap().ends_with(name)).unwrap()
    };
    assert_eq!(of("followers.latest")["value"], 240.0, "{}", ran.stdout);
    assert!(of("followers.latest")["points"].as_f64().unwrap() > 2.0, "{}", ran.stdout);
    assert_eq!(of("follow.actors")["points"], 0.0, "{}", ran.stdout);
}

#[test]
fn parquet_has_the_columns_of_csv() {
    use arrow::array::{Array, Float64Array, StringArray};
    let folder = Folder::new();
    let out = folder.path("scores.parquet");
    assert_eq!(town(&["--out", &out]).code, 0);
    // Of a table in Parquet all bytes count as read, though only its beginning was looked at to know what it is.
    let map = folder.file(
        "map.toml",
        "network = \"notes\"\n[columns]\naccount = \"person\"\n[observations]\nlikes = \"rank\"\n",
    );
    let summary = renown(["score", &out, "--map", &map, "--everyone"]).stderr;
    let size = std::fs::metadata(&out).unwrap().len() as f64 / 1000.0;
    assert!(summary.contains(&format!("for {size:.1} kB")), "{size} {summary}");
    let csv = town(&["--format", "csv"]).stdout;
    let file = std::fs::File::open(&out).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    let names: Vec<_> = batches[0].schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names.join(","), csv.lines().next().unwrap());
    let (mut rows, mut lines) = (0, csv.lines().skip(1));
    for batch in &batches {
        let persons = batch.column(1).as_any().downcast_ref::<StringArray>().unwrap();
        let scores = batch.column(2).as_any().downcast_ref::<Float64Array>().unwrap();
        for row in 0..batch.num_rows() {
            let line = lines.next().unwrap();
            assert!(line.contains(&format!(",{},{:.4},", persons.value(row), scores.value(row))), "{line}");
            rows += 1;
        }
    }
    assert_eq!(rows, csv.lines().count() - 1);
}

#[test]
fn explained() {
    let args = ["explain", "mara-lind", TOWN, "--people", "examples/town/people.toml", "-q"];
    let ran = renown(args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("explain_mara", ran.stdout);
    let json = renown(args.iter().chain(&["--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    // In ten-thousandths, so that adding up is exact.
    let units = |value: &serde_json::Value| (value.as_f64().unwrap() * 10_000.0).round() as i64;
    let accounts = json["accounts"].as_array().unwrap();
    let sum: i64 = accounts.iter().map(|account| units(&account["part"])).sum();
    assert_eq!(units(&json["floor"]) + sum, units(&json["score"]));
    for account in accounts {
        let sum: i64 =
            account["features"].as_array().unwrap().iter().map(|feature| units(&feature["part"])).sum();
        assert_eq!(sum, units(&account["part"]));
    }
}

#[test]
fn nobody_without_consent() {
    let ran = renown(["score", TOWN]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!("no_consent", ran.stderr);
    for (who, why) in [
        ("tilda-wrenlow", "minor"),
        ("una-grellish", "has not agreed"),
        ("osk-varnholt", "exclude"),
        ("nobody", "no id"),
    ] {
        let ran = renown(["explain", who, TOWN, "--people", "examples/town/people.toml"]);
        assert_eq!(ran.code, 2, "{who}");
        assert!(ran.stderr.contains(why), "{who}: {}", ran.stderr);
    }
    // A minor is never scored, whatever else is said.
    let ran = renown([
        "score",
        TOWN,
        "--people",
        "examples/town/people.toml",
        "--everyone",
        "--format",
        "csv",
        "-q",
    ]);
    for name in
        ["tilda-wrenlow", "twitter:1013", "facebook:2013", "osk-varnholt", "una-grellish", "twitter:1018"]
    {
        assert!(!ran.stdout.contains(&format!(",{name},")), "{name}");
    }
}

#[test]
fn everyone_is_warned_about_and_named_by_account() {
    let folder = Folder::new();
    let (map, table) = (
        folder.file("map.toml", MAP),
        folder.file("t.csv", "at,actor,target,kind\n1700000000,7,@Ana,like\n"),
    );
    let ran = renown(["score", &table, "--map", &map, "--everyone", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("1,notes:@Ana,"), "{}", ran.stdout);
    // Who only acted on others is counted, not listed.
    assert!(!ran.stdout.contains("notes:7"), "{}", ran.stdout);
    assert!(ran.stderr.contains("1 account only acted on others"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("warning:")).count(), 1, "{}", ran.stderr);
}

#[test]
fn the_other_commands() {
    let doctor =
        renown(["doctor", "--people", "examples/town/people.toml", "--weights", "config/weights.toml"]);
    assert_eq!(doctor.code, 0, "{}", doctor.stdout);
    assert!(doctor.stdout.lines().all(|line| line.starts_with("ok ")), "{}", doctor.stdout);
    assert!(
        doctor
            .stdout
            .contains("facebook (facebook, instagram), tabular, twitter (twitter), youtube (youtube)")
    );
    let folder = Folder::new();
    let broken = folder.file("w.toml", "version = 1\n[tiem]\n");
    let doctor = renown(["doctor", "--weights", &broken]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.stdout.contains("fail"), "{}", doctor.stdout);
    let schema = renown(["schema"]);
    let written = std::fs::read_to_string(at("config/weights.schema.json")).unwrap();
    assert!(
        schema.stdout == written,
        "config/weights.schema.json is of another version: see CONTRIBUTING.md"
    );
    insta::assert_snapshot!("help", renown(["score", "--help"]).stdout);
    assert_eq!(renown(["--version"]).code, 0);
    assert_eq!(renown(["scroe"]).code, 2);
}

#[test]
fn one_value_is_overridden() {
    let half = town(&["--set", "networks.twitter.weight=0.0", "--format", "csv"]);
    assert_eq!(half.code, 0, "{}", half.stderr);
    let full = town(&["--format", "csv"]);
    assert_ne!(half.stdout, full.stdout);
    let header: Vec<&str> = half.stdout.lines().next().unwrap().split(',').collect();
    let twitter = header.iter().position(|name| *name == "network.twitter").unwrap();
    assert!(
        half.stdout
            .lines()
            .skip(1)
            .all(|line| ["", "0.0000"].contains(&line.split(',').nth(twitter).unwrap()))
    );
    let wrong = town(&["--set", "networks.twitter.wieght=1"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("weight"), "{}", wrong.stderr);
}

/// The roles that the town's README promises come out as they should.
#[test]
fn the_cast_stands_where_it_should() {
    let csv = town(&["--format", "csv"]).stdout;
    let score = |who: &str| -> f64 {
        let line =
            csv.lines().find(|line| line.split(',').nth(1) == Some(who)).unwrap_or_else(|| panic!("{who}"));
        line.split(',').nth(2).unwrap().parse().unwrap()
    };
    assert!(score("isolde-marrowby") > score("mara-lind"), "{csv}");
    // Sixty thousand bought followers do not outweigh an expert with 2,400, today: they are worth about as much.
    assert!(
        score("velda-cronk") < score("mara-lind"),
        "bot {} expert {}",
        score("velda-cronk"),
        score("mara-lind")
    );
    for member in ["ansel-copperfold", "bettina-copperfold", "clovis-rushlight", "fenna-tallowby"] {
        assert!(score(member) < score("mara-lind"), "{member}");
    }
}

/// The town's scores on a day.
fn on(day: &str) -> BTreeMap<String, f64> {
    let csv = town(&["--format", "csv", "--as-of", day]).stdout;
    let cells = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    cells.map(|cells| (cells[1].to_owned(), cells[2].parse().unwrap())).collect()
}

/// Nobody's score jumps while what they did leaves the window, though nothing new is read: in October the fad's burst does,
/// in November and December nearly everything.
#[test]
fn nobody_falls_off_the_window() {
    for (month, days) in [("2026-10", 1..=9), ("2026-11", 20..=28), ("2026-12", 1..=6)] {
        let days: Vec<_> = days.map(|day| on(&format!("{month}-{day:02}"))).collect();
        for pair in days.windows(2) {
            for (person, score) in &pair[0] {
                let step = (pair[1].get(person).expect(person) - score).abs();
                assert!(step <= 5.0, "{person}: {step} in a day");
            }
        }
    }
}

/// A fad fades: as its burst leaves the window, the steady expert loses little.
#[test]
fn a_fad_is_no_standing() {
    let (before, after) = (on("2026-09-10"), on("2026-10-10"));
    let lost = |who| before[who] - after[who];
    assert!(lost("jory-pellwick") > 3.0, "{}", lost("jory-pellwick"));
    assert!(
        lost("jory-pellwick") > 2.0 * lost("mara-lind"),
        "{} {}",
        lost("jory-pellwick"),
        lost("mara-lind")
    );
}
