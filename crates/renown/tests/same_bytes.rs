//! The same records give the same bytes: in any order, in any number of files, on any number of threads.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod table;
}

use std::fmt::Write as _;

use common::folder::Folder;
use common::renown::renown;
use common::run::Ran;
use common::table::MAP;

/// A made-up log: many actors, few targets, kinds and days, with ties.
fn log() -> Vec<String> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |bound: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % bound
    };
    (0..20_000)
        .map(|_| {
            let target = next(40) * next(40);
            let kind = ["like", "repost", "reply"][next(3) as usize];
            format!("{},a{},{target},{kind}", 1_700_000_000 + next(80 * 86_400), next(3_000))
        })
        .collect()
}

fn shuffled(mut rows: Vec<String>) -> Vec<String> {
    for index in (1..rows.len()).rev() {
        rows.swap(index, index * 7_919 % (index + 1));
    }
    rows
}

fn table(rows: &[String]) -> String {
    rows.iter().fold("at,actor,target,kind\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "{row}");
        text
    })
}

fn score(folder: &Folder, inputs: &[String], threads: &str) -> Ran {
    let map = folder.file("map.toml", MAP);
    let mut args = vec!["score".to_owned()];
    args.extend_from_slice(inputs);
    args.extend(
        ["--map", &map, "--everyone", "-q", "--format", "csv", "--threads", threads].map(str::to_owned),
    );
    let ran = renown(args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

#[test]
fn shuffled_split_and_on_any_number_of_threads() {
    let folder = Folder::new();
    let rows = log();
    let whole = folder.file("whole.csv", table(&rows));
    let expected = score(&folder, &[whole], "1").stdout;
    assert!(expected.lines().count() > 300);
    let mixed = shuffled(rows);
    let one = folder.file("mixed.csv", table(&mixed));
    let ten: Vec<String> = mixed
        .chunks(2_000)
        .enumerate()
        .map(|(n, rows)| folder.file(&format!("part-{n}.csv"), table(rows)))
        .collect();
    for threads in ["1", "2", "7"] {
        assert_eq!(score(&folder, std::slice::from_ref(&one), threads).stdout, expected, "{threads} threads");
        assert_eq!(score(&folder, &ten, threads).stdout, expected, "ten files, {threads} threads");
    }
}

#[test]
fn with_and_without_a_limit_of_memory() {
    let folder = Folder::new();
    let (map, rows) = (folder.file("map.toml", MAP), folder.file("rows.csv", table(&log())));
    let run = |more: &[&str]| {
        let args = ["score", &rows, "--map", &map, "--everyone", "-q", "--format", "csv"];
        let ran = renown(args.into_iter().chain(more.iter().copied()));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let scratch = Folder::new();
    assert_eq!(run(&["--memory", "1GiB", "--scratch", &scratch.path("")]), run(&[]));
    assert_eq!(std::fs::read_dir(scratch.path("")).unwrap().count(), 0);
}

#[test]
fn the_town_on_any_number_of_threads_and_in_any_order() {
    let run = |inputs: &[&str], threads: &str| {
        let mut args = vec!["score"];
        args.extend(inputs);
        args.extend([
            "--people",
            "examples/town/people.toml",
            "-q",
            "--format",
            "json",
            "--threads",
            threads,
        ]);
        let ran = renown(args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let expected = run(&["examples/town"], "1");
    for threads in ["2", "7"] {
        assert_eq!(run(&["examples/town"], threads), expected, "{threads} threads");
    }
    let parts = ["examples/town/youtube", "examples/town/twitter", "examples/town/facebook"];
    assert_eq!(run(&parts, "2"), expected);
}

#[test]
fn plain_gz_zst_zip_and_tar_are_the_same() {
    use std::io::Write as _;
    let folder = Folder::new();
    let text = table(&log());
    let plain = folder.file("log.csv", &text);
    let expected = score(&folder, &[plain], "2").stdout;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = folder.file("a/log.csv.gz", gz.finish().unwrap());
    let zst = folder.file("b/log.csv.zst", zstd::encode_all(text.as_bytes(), 1).unwrap());
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("inside/log.csv", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    let zip = folder.file("c/log.zip", zip.finish().unwrap().into_inner());
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    tar.append_data(&mut header, "./inside/log.csv", text.as_bytes()).unwrap();
    let tar = tar.into_inner().unwrap();
    let tar_zst = folder.file("d/log.tar.zst", zstd::encode_all(&tar[..], 1).unwrap());
    let mut tar_gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    tar_gz.write_all(&tar).unwrap();
    let tar_gz = folder.file("e/log.tgz", tar_gz.finish().unwrap());
    let tar = folder.file("f/log.tar", tar);
    for packed in [gz, zst, zip, tar, tar_gz, tar_zst] {
        assert_eq!(score(&folder, std::slice::from_ref(&packed), "2").stdout, expected, "{packed}");
    }
}
