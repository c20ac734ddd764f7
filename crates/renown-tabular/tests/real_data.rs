//! The maps that the project ships, on the files that they are for.

mod common {
    pub(crate) mod read;
    pub(crate) mod shipped;
}

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use common::read::{adapter, read};
use common::shipped::shipped;

/// Real data that the project does not ship.
fn real_data(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("{} is not here: nothing was tested", path.display());
    None
}

/// How many records there are of each sort: everything before the first `=`-field, ids left out.
fn sorts(lines: &[String]) -> BTreeMap<&str, usize> {
    let mut sorts = BTreeMap::new();
    for line in lines {
        let sort = line.split(" at=").next().unwrap_or(line);
        let sort = sort.split(" actor=").next().unwrap_or(sort);
        *sorts.entry(sort).or_default() += 1;
    }
    sorts
}

#[test]
fn higgs() {
    let Some(path) = real_data("higgs-twitter/activity.csv.gz") else { return };
    let mut csv = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut csv).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("activity.csv");
    std::fs::write(&disk, &csv).unwrap();
    let lines = read(&adapter(&shipped("higgs-twitter.toml")), &disk, "activity.csv").unwrap();
    assert_eq!(lines.len(), 262_390);
    assert_eq!(lines[0], "twitter mention at=2012-07-01T00:02:52Z actor=223789 target=213163");
    let text = String::from_utf8(csv).unwrap();
    let count = |word: &str| text.lines().filter(|line| line.ends_with(word)).count();
    let expected = [
        ("twitter mention", count(",MT")),
        ("twitter reply", count(",RE")),
        ("twitter repost", count(",RT")),
    ];
    assert_eq!(sorts(&lines).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn klout_reactions() {
    for (file, map, first) in [
        (
            "user_timestamp_open_set_tw.tsv",
            "klout-reactions-twitter.toml",
            "twitter repost at=2014-10-14T23:59:",
        ),
        (
            "user_timestamp_open_set_fb.tsv",
            "klout-reactions-facebook.toml",
            "facebook comment at=2014-10-15T00:14:01.998Z actor=-7382990669683041485 target=9206950102559792114 object=4038363805081732322",
        ),
    ] {
        let Some(path) = real_data(&format!("klout-opendata/{file}")) else { return };
        let lines = read(&adapter(&shipped(map)), &path, file).unwrap();
        let rows = std::fs::read_to_string(&path).unwrap().lines().count() - 1;
        assert_eq!(lines.len(), rows, "{file}");
        assert!(lines.iter().all(|line| !line.starts_with("reject")), "{file}");
        assert!(file.contains("_tw") || lines[0].starts_with(first), "{}", lines[0]);
    }
}

#[test]
fn spaces_after_commas_and_numbers_with_fractions() {
    let map = "network = 'twitter'\n[columns]\naccount = { column = 'screen_name', as = 'handle' }\n[observations]\nposts = 'user_tweeted'\nfavourites = 'user_favourited'";
    let Some(path) = real_data("gilani-2017-bots/humans.1k.csv") else { return };
    let lines = read(&adapter(map), &path, "humans.1k.csv").unwrap();
    assert_eq!(lines[..2], ["twitter @0104_man favourites=996", "twitter @0104_man posts=3"]);
    let rejects: Vec<_> = lines.iter().filter(|line| line.starts_with("reject")).collect();
    assert!(
        rejects.iter().all(|line| line.contains("`user_favourited`: a number with a fraction")),
        "{rejects:?}"
    );
}

#[test]
fn a_file_without_a_header() {
    let map = "network = 'twitter'\nheader = false\n[columns]\naccount = { column = 1, as = 'handle' }\n[observations]\nposts = 2";
    let Some(path) = real_data("gilani-2017-bots/userengagements_humans.csv") else { return };
    let lines = read(&adapter(map), &path, "userengagements_humans.csv").unwrap();
    assert_eq!(lines[0], "twitter @007bey posts=19");
    assert!(lines.iter().all(|line| !line.starts_with("reject")));
}

#[test]
fn latin_1_beside_the_point_costs_nothing() {
    let map = "network = 'youtube'\nmissing = ['nan']\n[columns]\naccount = { column = 'Youtuber', as = 'name' }\n[observations]\nsubscribers = 'subscribers'\nviews = 'video views'\nvideos = 'uploads'";
    let Some(path) = real_data("youtube-top-channels/Global_YouTube_Statistics.csv") else { return };
    let lines = read(&adapter(map), &path, "Global_YouTube_Statistics.csv").unwrap();
    assert_eq!(
        lines[..3],
        [
            "youtube name:T-Series subscribers=245000000",
            "youtube name:T-Series videos=20082",
            "youtube name:T-Series views=228000000000"
        ]
    );
    let subscribers = lines.iter().filter(|line| line.contains(" subscribers=")).count();
    let rejects: Vec<_> = lines.iter().filter(|line| line.starts_with("reject")).collect();
    assert!(subscribers + rejects.len() >= 995, "{subscribers} {rejects:?}");
    assert!(rejects.iter().all(|line| line.contains("`Youtuber`: text that is not UTF-8")), "{rejects:?}");
}

#[test]
fn tables_of_posts() {
    let Some(path) = real_data("fivethirtyeight-twitter-ratio/BarackObama.csv") else { return };
    let map = "network = 'twitter'\n[columns]\nobject = 'url'\nactor = { column = 'user', as = 'handle' }\nat = { column = 'created_at', format = '%m/%d/%y %H:%M' }\n[totals]\nreply = 'replies'\nrepost = 'retweets'\nlike = 'favorites'";
    let lines = read(&adapter(map), &path, "BarackObama.csv").unwrap();
    assert_eq!(
        lines[0],
        "post twitter https://twitter.com/BarackObama/status/920061541986250758 author=@barackobama \
         at=2017-10-16T22:59:00Z totals: like=641842 reply=17064 repost=89916"
    );
    assert!(lines.iter().all(|line| line.starts_with("post ")));
}
