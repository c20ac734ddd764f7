//! The default weights spread ordinary people as usefully as the published scores that the design names were spread.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use std::fmt::Write as _;

use common::folder::Folder;
use common::place::at;
use common::renown::renown;

/// Numbers that look random and are always the same (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) as f64 / u64::MAX as f64
    }

    /// A number that is spread like a bell around 0, by 1.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A number of the size of `median`, whose logarithm is spread by so much around it.
fn size(median: f64, spread: f64, bell: f64) -> f64 {
    (median.ln() + spread * bell).exp().floor()
}

/// Profiles as research downloads have them: a few are known to millions, most to some hundreds, many to nearly nobody. Who posts
/// and takes part much has more followers than others, by a correlation of a half (0.45 was measured).
fn profiles(count: usize) -> String {
    let mut dice = Dice(7);
    let mut csv =
        "id,screen_name,followers_count,friends_count,listed_count,statuses_count,favourites_count\n"
            .to_owned();
    for id in 0..count {
        let known = dice.bell();
        let mut active = || 0.5 * known + 0.75_f64.sqrt() * dice.bell();
        let (posts, favourites) = (size(2500.0, 1.6, active()), size(500.0, 2.0, active()));
        let followers = size(700.0, 2.2, known);
        let listed = (followers / 100.0 * size(1000.0, 1.0, dice.bell()) / 1000.0).floor();
        let friends = size(400.0, 1.2, dice.bell());
        writeln!(csv, "{id},invented{id},{followers},{friends},{listed},{posts},{favourites}").unwrap();
    }
    csv
}

#[test]
fn ordinary_people_are_spread_usefully() {
    let map = at("config/maps/accounts.toml");
    let folder = Folder::new();
    let table = folder.file("profiles.txt", profiles(2_000));
    let ran =
        renown(["score", &table, "--map", &map, "--everyone", "--as-of", "2026-09-30", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let cells = ran.stdout.lines().skip(1).map(|line| line.split(',').nth(2).expect("a score"));
    let mut scores: Vec<f64> = cells.map(|cell| cell.parse().expect("a number")).collect();
    assert_eq!(scores.len(), 2_000);
    scores.sort_by(f64::total_cmp);
    let mean = scores.iter().sum::<f64>() / 2_000.0;
    let deviation = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 2_000.0).sqrt();
    let quantile = |share: f64| scores[(share * 1_999.0) as usize];
    // Published: mean 37.7, deviation 16.0, 5th percentile 13, quartiles 23, 41 and 50, 95th 61, 99th 67, maximum 87.
    for (what, found, near) in [
        ("mean", mean, 35.0..42.0),
        ("standard deviation", deviation, 12.5..17.0),
        ("5th percentile", quantile(0.05), 10.0..20.0),
        ("lower quartile", quantile(0.25), 20.0..31.0),
        ("median", quantile(0.5), 36.0..43.0),
        ("upper quartile", quantile(0.75), 45.0..53.0),
        ("95th percentile", quantile(0.95), 57.0..64.0),
        ("99th percentile", quantile(0.99), 64.0..71.0),
        ("maximum", quantile(1.0), 70.0..90.0),
    ] {
        assert!(near.contains(&found), "{what}: {found:.1}, expected {near:?}");
    }
}

/// Scores of those in a table, by the number that they are called.
fn scores(table: &str, map: &str) -> Vec<f64> {
    let ran =
        renown(["score", table, "--map", &at(map), "--everyone", "--as-of", "2026-09-30", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = ran.stdout.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let mut scores: Vec<(u32, f64)> = rows
        .map(|row| {
            (row[1].rsplit(':').next().unwrap().parse().expect("a number"), row[2].parse().expect("a score"))
        })
        .collect();
    scores.sort_by_key(|(id, _)| *id);
    scores.into_iter().map(|(_, score)| score).collect()
}

/// Every doubling adds, and less the higher one stands, by the default weights: of an audience, and of those who react.
#[test]
fn each_doubling_is_harder() {
    let folder = Folder::new();
    let mut audiences =
        "id,screen_name,followers_count,friends_count,listed_count,statuses_count,favourites_count\n"
            .to_owned();
    for power in 0..20 {
        writeln!(audiences, "{power},invented{power},{},0,0,0,0", 40_u64 << power).unwrap();
    }
    let mut reactions = "actor,target,time,kind\n".to_owned();
    for target in 0..13 {
        for actor in 0..4_u32 << target {
            writeln!(
                reactions,
                "{},{target},1790676000,{}",
                100 + actor,
                if actor % 2 == 0 { "RT" } else { "MT" }
            )
            .unwrap();
        }
    }
    for (what, scores) in [
        ("audiences", scores(&folder.file("a.csv", audiences), "config/maps/accounts.toml")),
        ("reactions", scores(&folder.file("r.csv", reactions), "config/maps/higgs-twitter.toml")),
    ] {
        let gains: Vec<f64> = scores.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gains.len() >= 12 && gains.iter().all(|gain| *gain > 0.0), "{what}: {gains:?}");
        // Stats of less than one are straight, and while those of reactions pass it one by one, gains may rise a little.
        let more = if what == "reactions" { 1.05 } else { 1.0 };
        for pair in gains.windows(2) {
            assert!(pair[1] <= pair[0] * more + 0.001, "{what}: {gains:?}");
        }
        assert!(gains[gains.len() - 1] < gains[0] * 0.75, "{what}: {gains:?}");
    }
}
