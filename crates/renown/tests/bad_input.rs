//! What a person would try, and what goes wrong on its own: each gets a clear message and the right exit code, or is counted,
//! shown and kept. Nothing panics or hangs.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
    pub(crate) mod with_input;
}

use std::io::Write as _;
use std::process::Stdio;

use common::folder::Folder;
use common::renown::renown;
use common::run::{Ran, command};
use common::table::MAP;
use common::with_input::renown_with;

const HEADER: &str = "at,actor,target,kind\n";
const GOOD: &str = "1700000000,1,2,like\n1700000100,3,2,like\n";

/// Scores a table of interactions.
fn table(content: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let folder = Folder::new();
    let (map, path) = (folder.file("map.toml", MAP), folder.file("table.csv", content));
    let mut args = vec!["score", &path, "--map", &map, "--everyone", "--format", "csv"];
    args.extend(more);
    renown(args)
}

/// Scores a file of an adapter.
fn file(name: &str, content: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let folder = Folder::new();
    let path = folder.file(name, content);
    let mut args = vec!["score", &path, "--everyone", "--format", "csv"];
    args.extend(more);
    renown(args)
}

#[track_caller]
fn fails(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.stderr);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    says(ran, words);
}

#[track_caller]
fn says(ran: &Ran, words: &[&str]) {
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is not in: {}", ran.stderr);
    }
}

/// One reject among good rows.
#[track_caller]
fn one_reject(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(ran, &["rejected     1 record;"]);
    says(ran, words);
    assert!(ran.stdout.contains("notes:2"), "{}", ran.stdout);
}

/// A tweet, as a page of API v2.
fn page(text: &str) -> String {
    format!(
        "{{\"data\":[{{\"id\":\"1\",\"author_id\":\"2\",\"created_at\":\"2026-09-01T12:00:00Z\",\"text\":\"{text}\",\
         \"public_metrics\":{{\"like_count\":3,\"retweet_count\":1}}}}]}}\n"
    )
}

#[test]
fn nothing_there() {
    fails(&file("empty.json", "", &[]), 3, &["empty.json", "the file is empty"]);
    fails(&renown(["score", "no/such/file", "--everyone"]), 3, &["no/such/file", "no such file"]);
    fails(&file("notes.txt", "dear diary", &[]), 3, &["notes.txt", "not an export of a known kind"]);
    fails(&file("table.csv", "a,b\n1,2\n", &[]), 3, &["table.csv", "--map"]);
    let folder = Folder::new();
    folder.file("d/a.jpg", [0xff, 0xd8, 0xff]);
    folder.file("d/b.txt", "hello");
    fails(&renown(["score", &folder.path("d"), "--everyone"]), 3, &["no adapter recognises any of 2 files"]);
    fails(&renown_with(&["score", "-", "--everyone"], b""), 3, &["standard input", "empty"]);
    fails(&table(HEADER, &[]), 3, &["no records"]);
}

#[test]
fn cut_off_downloads() {
    let text = page("hello").repeat(500);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let ran = file("page.jsonl.gz", &gz[..gz.len() / 2], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["the rest of the file cannot be read", "page.jsonl.gz, byte "]);
    fails(
        &file("page.jsonl.gz", &gz[..gz.len() / 2], &["--strict"]),
        3,
        &["page.jsonl.gz, byte ", "and 1 more"],
    );

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("page.jsonl", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    fails(&file("a.zip", &zip[..zip.len() / 2], &[]), 3, &["a.zip", "not a whole zip archive"]);
    // A flipped byte inside a member is caught by its check sum, or by what it makes of the text.
    let mut damaged = zip.clone();
    damaged[60] ^= 0x40;
    says(&file("a.zip", &damaged, &[]), &["a.zip!page.jsonl"]);

    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    tar.append_data(&mut header, "page.jsonl", text.as_bytes()).unwrap();
    let tar = tar.into_inner().unwrap();
    fails(&file("a.tar", &tar[..tar.len() / 2], &[]), 3, &["a.tar", "not a whole tar archive"]);
    let mut tar_gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    tar_gz.write_all(&tar).unwrap();
    let tar_gz = tar_gz.finish().unwrap();
    let all_but_its_end = &tar_gz[..tar_gz.len() - 4];
    fails(&file("a.tar.gz", all_but_its_end, &[]), 3, &["a.tar.gz", "not a whole tar archive"]);

    let half = &text[..text.len() - 40];
    let ran = file("page.jsonl", half, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["is the download complete?"]);
}

/// A zip archive with these members.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_packed_otherwise_than_expected_is_told() {
    let inner = zipped(&[("page.json", page("hello").as_bytes())]);
    let ran = file("a.zip", zipped(&[("takeout-1.zip", &inner)]), &[]);
    fails(&ran, 3, &["a.zip!takeout-1.zip", "an archive in an archive", "unpack the outer one"]);
    let both = zipped(&[("takeout-1.zip", &inner), ("page.json", page("hello").as_bytes())]);
    let ran = file("a.zip", both, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["rejected     1 record", "an archive in an archive"]);

    let workbook = zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]);
    fails(&file("table.xlsx", &workbook, &[]), 3, &["table.xlsx", "an Excel workbook", "CSV UTF-8"]);
    // Among others it is one file that is not known, and no reason to stop.
    let folder = Folder::new();
    folder.file("d/table.xlsx", workbook);
    folder.file("d/page.json", page("hello"));
    let ran = renown(["score", &folder.path("d"), "--everyone", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["not recognised"]);

    let utf_16: Vec<u8> = "\u{feff}{\"data\":[]}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fails(&file("page.json", utf_16, &[]), 3, &["page.json", "UTF-16: expected UTF-8"]);
}

#[test]
fn a_table_of_as_many_kinds_as_rows_is_no_list() {
    let rows: Vec<String> = (0..500).map(|row| format!("1700000000,{row},2,kind{row}")).collect();
    let ran = table(format!("{HEADER}{}\n", rows.join("\n")), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["records      notes 500: kind0 1, ", " and 468 more"]);
    assert!(!ran.stderr.contains("kind99 1"), "{}", ran.stderr);
}

#[test]
fn a_bomb() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(page("hello").as_bytes()).unwrap();
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..600 {
        gz.write_all(&spaces).unwrap();
    }
    let ran = file("bomb.json.gz", gz.finish().unwrap(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["expands to more than 200 times its size"]);
}

#[test]
fn bytes_that_are_no_text() {
    let mut bytes = page("hello").into_bytes();
    bytes.extend(page("h\u{e4}llo").into_bytes().iter().map(|&byte| if byte == 0xa4 { 0xff } else { byte }));
    let ran = file("page.jsonl", &bytes, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("twitter:2"));
    let folder = Folder::new();
    let rejects = folder.path("rejects.ndjson");
    let row = b"1700000000,1,2,like\n1700000000,\xff\xfe,2,like\n1700000009,8,2,like\n";
    let ran = table([HEADER.as_bytes(), row].concat(), &["--rejects", &rejects]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let kept: Vec<serde_json::Value> = std::fs::read_to_string(&rejects)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0]["file"].as_str().unwrap().ends_with("table.csv"));
    assert!(kept[0]["record"].as_str().unwrap().contains("1700000000"));
}

/// What only shows once a record is taken is told with its row, too.
#[test]
fn a_record_that_cannot_be_taken_is_told_with_its_row() {
    let folder = Folder::new();
    let rejects = folder.path("rejects.ndjson");
    let rows = format!("{GOOD}1700000000,{},2,like\n{GOOD}", "x".repeat(3_000));
    let ran = table(format!("{HEADER}{rows}"), &["--rejects", &rejects]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let kept = std::fs::read_to_string(&rejects).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["byte"], HEADER.len() + GOOD.len(), "{kept}");
}

#[test]
fn deep_and_long_documents() {
    let deep = |levels: usize| {
        let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        page("hello").replace("\"text\"", &format!("\"x\":{nested},\"text\""))
    };
    let ran = file("page.json", deep(100), &[]);
    assert_eq!((ran.code, ran.stderr.contains("rejected")), (0, false), "{}", ran.stderr);
    let ran = file("page.jsonl", format!("{}{}", page("hello"), deep(100_000)), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["rejected     1 record", "nested more than 256 levels deep"]);

    // A line of 40 MB in a table, and one in JSON: rejected, and what follows is read.
    let long = "x".repeat(40 << 20);
    let ran = table(format!("{HEADER}1700000000,1,2,{long}\n{GOOD}"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["rejected", "16 MiB"]);
    assert!(ran.stdout.contains("notes:2"), "{}", ran.stdout);
    let ran = file("page.jsonl", format!("{}{}{}", page("hello"), page(&long), page("again")), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("twitter:2"));
}

#[test]
fn odd_numbers_and_dates() {
    for (row, words) in [
        ("NaN,1,2,like", &["at"][..]),
        ("yesterday,1,2,like", &["at"]),
        ("-1,1,2,like", &["at"]),
        ("1e30,1,2,like", &["at"]),
        ("1700000000,1,,like", &["target"]),
    ] {
        one_reject(&table(format!("{HEADER}{GOOD}{row}\n"), &[]), words);
    }
    let folder = Folder::new();
    let map = folder.file("map.toml", format!("{MAP}amount = \"n\"\n"));
    for amount in ["-5", "NaN", "1e30", "1000000000000000000000000000000", "1.5", "many"] {
        let rows = format!("at,actor,target,kind,n\n1700000000,1,2,like,1\n1700000000,,2,like,{amount}\n");
        let path = folder.file("amounts.csv", rows);
        let ran = renown(["score", &path, "--map", &map, "--everyone", "--format", "csv"]);
        one_reject(&ran, &["amount"]);
    }
    // 1970 is outside any window, and a date in 2099 does not make everybody else old.
    let many: Vec<String> = (0..2_000).map(|n| format!("17000{:05},{n},2,like", n * 10)).collect();
    let many = many.join("\n");
    let ran = table(format!("{HEADER}{many}\n0,1,2,like\n4070908800,1,3,like\n"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["as of        2023-11-1", "set aside    1 record dated far in the future"]);
    let two: f64 = ran
        .stdout
        .lines()
        .find(|line| line.contains("notes:2,"))
        .unwrap()
        .split(',')
        .nth(2)
        .unwrap()
        .parse()
        .unwrap();
    assert!(two > 5.0, "{two}");
}

#[test]
fn mistakes_in_what_the_user_wrote() {
    let folder = Folder::new();
    let path = folder.file("table.csv", format!("{HEADER}{GOOD}"));
    let map = folder.file("map.toml", MAP.replace("\"actor\"", "\"acter\""));
    let ran = renown(["score", &path, "--map", &map, "--everyone"]);
    fails(&ran, 2, &["table.csv", "acter", "actor"]);
    let map = folder.file("map.toml", MAP);
    let people = folder.file(
        "people.toml",
        "[[person]]\nid = \"a\"\nconsent = true\naccounts = [\"notes:2\"]\n[[person]]\nid = \"b\"\naccounts = [\"notes:2\"]\n",
    );
    fails(
        &renown(["score", &path, "--map", &map, "--people", &people]),
        2,
        &["people.toml:5", "notes:2", "`a`", "`b`"],
    );
    let twice = folder.file("twice.toml", "[[person]]\nid = \"a\"\n[[person]]\nid = \"a\"\n");
    fails(&renown(["score", &path, "--map", &map, "--people", &twice]), 2, &["twice.toml:3", "`a`"]);
    fails(&renown(["score", &path, "--map", &map, "--people", "missing.toml"]), 2, &["missing.toml"]);
    let weights = folder.file("weights.toml", "version = 1\n[time]\nwindow_dys = 90\n");
    let ran = renown(["score", &path, "--map", &map, "--everyone", "--weights", &weights]);
    fails(&ran, 2, &["weights.toml:3", "window_dys", "window_days"]);
    fails(
        &renown(["score", &path, "--map", &map, "--everyone", "--as-of", "soon"]),
        2,
        &["--as-of soon", "2026-09-30"],
    );
    let out = folder.path("no/such/folder/scores.csv");
    fails(&renown(["score", &path, "--map", &map, "--everyone", "-q", "--out", &out]), 2, &["cannot write"]);
}

#[test]
fn a_misspelt_network_in_a_people_file_is_told() {
    let folder = Folder::new();
    let (map, path) = (folder.file("map.toml", MAP), folder.file("table.csv", format!("{HEADER}{GOOD}")));
    let people = "[[person]]\nid = \"a\"\nconsent = true\naccounts = [\"nots:2\", \"twitter:1\"]\n";
    let people = folder.file("people.toml", people);
    let ran = renown(["score", &path, "--map", &map, "--people", &people]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran, &["accounts on `nots`, of which nothing was read; did you mean `notes`?"]);
    assert!(!ran.stderr.contains("`twitter`"), "{}", ran.stderr);
}

#[test]
fn limits_of_memory_that_cannot_be() {
    let rows = format!("{HEADER}{GOOD}");
    fails(&table(&rows, &["--memory", "lots"]), 2, &["--memory", "lots"]);
    fails(&table(&rows, &["--memory", "100MiB"]), 2, &["100.0 MiB", "at least 768.0 MiB"]);
    let nowhere = ["--memory", "1GiB", "--scratch", "no/such/folder"];
    fails(&table(&rows, &nowhere), 2, &["--scratch no/such/folder", "cannot write a temporary file there"]);
    fails(&table(&rows, &["--scratch", "."]), 2, &["--memory"]);
}

#[test]
fn the_same_post_twice_counts_once() {
    let folder = Folder::new();
    let one = folder.file("a.jsonl", page("hello"));
    let two = folder.file("b.jsonl", page("hello").replace("\"like_count\":3", "\"like_count\":5"));
    let score = |inputs: &[&str]| {
        let ran = renown(["score"].iter().chain(inputs).chain(&["--everyone", "-q", "--format", "csv"]));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    assert_eq!(score(&[&one, &two]), score(&[&two]));
    assert_eq!(score(&[&two, &one, &one]), score(&[&two]));
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_half_written() {
    let folder = Folder::new();
    let out = folder.path("scores.csv");
    let mut child = command()
        .args(["score", "-", "--everyone", "--out", &out])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Enough that it is reading, and no end of file.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(page("hello").repeat(20_000).as_bytes()).unwrap();
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    std::thread::sleep(std::time::Duration::from_millis(200));
    drop(stdin);
    let ran = child.wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(130), "{}", String::from_utf8_lossy(&ran.stderr));
    let left: Vec<_> = std::fs::read_dir(folder.path("")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
