//! Bundled rulers, held against numbers worked out by hand from the constants that their models published.
#![expect(clippy::float_cmp, reason = "numbers are read, or exact in binary")]

use renown_core::curve::Score;
use renown_core::graph::Dangling;
use renown_core::words::Words;
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{PRESETS, SeenNetwork, Weights, preset};

/// What a bundled ruler makes of an account of which these values are known.
struct Rated {
    points: f64,
    score: Score,
    /// What each feature gave, by name.
    parts: Vec<(String, f64)>,
}

fn rated(name: &str, network: &str, values: &[(&str, f64)]) -> Rated {
    let (metrics, kinds) = values
        .iter()
        .map(|(feature, _)| feature.split_once('.').unwrap())
        .partition::<Vec<_>, _>(|(_, stat)| ["latest", "growth"].contains(stat));
    let words = |of: Vec<(&str, &str)>| of.into_iter().map(|(word, _)| word.to_owned()).collect();
    let seen = SeenNetwork { name: network.into(), kinds: words(kinds), metrics: words(metrics) };
    let weights = Weights::parse(preset(name).unwrap(), name).unwrap();
    let resolved = weights.resolve(&[seen], &Words::new(), &formulas()).unwrap();
    let ruler = &resolved.ruler.networks[0];
    for (name, _) in values {
        assert!(ruler.features.iter().any(|feature| feature.name == *name), "no feature {name}");
    }
    let value = |name: &str| values.iter().find(|value| value.0 == name).map(|value| value.1);
    let row: Vec<f64> = (ruler.features.iter())
        .map(|feature| value(&feature.name).map_or(f64::NAN, |value| feature.curved(value)))
        .collect();
    let columns: Vec<Vec<f64>> = row.iter().map(|value| vec![*value]).collect();
    let (mut points, mut parts) = ([f64::NAN], vec![f64::NAN; row.len()]);
    ruler.formula.points(&columns, &mut points).unwrap();
    ruler.formula.parts(&row, &mut parts).unwrap();
    let names = ruler.features.iter().map(|feature| feature.name.clone());
    Rated {
        points: points[0],
        score: resolved.ruler.scale.score(ruler.weight * points[0]),
        parts: names.zip(parts).collect(),
    }
}

fn points(name: &str, network: &str, values: &[(&str, f64)]) -> f64 {
    rated(name, network, values).points
}

#[test]
fn every_preset_says_what_it_is_and_editors_find_its_schema() {
    for (name, text) in PRESETS.iter().filter(|preset| preset.0 != "default") {
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("#:schema ../weights.schema.json"), "{name}");
        assert!(lines.take_while(|line| line.starts_with('#')).count() >= 4, "{name}");
        Weights::parse(text, name).unwrap().resolve(&[], &Words::new(), &formulas()).unwrap();
    }
}

/// The signals of issue 404 of `ossf/criticality_score`, of which it reported 0.20436, and its complaint: 46 % of that is for
/// nine months without a change.
#[test]
fn pike_gives_issue_404_what_criticality_score_gave_it() {
    let signals = [
        ("closed_issues_count.latest", 2.0),
        ("commit_frequency.latest", 0.12),
        ("contributor_count.latest", 1.0),
        ("created_since.latest", 14.0),
        ("github_mention_count.latest", 0.0),
        ("issue_comment_frequency.latest", 0.0),
        ("org_count.latest", 1.0),
        ("recent_release_count.latest", 0.0),
        ("updated_issues_count.latest", 2.0),
        ("updated_since.latest", 9.0),
    ];
    let rated = rated("pike", "github", &signals);
    assert_eq!(format!("{:.5}", rated.points / 100.0), "0.20436");
    let idle = rated.parts.iter().find(|part| part.0 == "updated_since.latest").unwrap().1;
    assert_eq!(format!("{:.2}", idle / rated.points), "0.46");
    assert_eq!(rated.score, Score(212_315));
    // The mean of what is known: losing its worst signals makes the project look critical.
    let best = signals.map(|(name, value)| (name, if name == "updated_since.latest" { 0.0 } else { value }));
    let only_best: Vec<_> = best.into_iter().filter(|signal| signal.0 == "updated_since.latest").collect();
    assert!((points("pike", "github", &only_best) - 100.0).abs() < 1e-9);
}

/// Ten points each, and ln(1 + points) / ln(1 + 1,000,000).
#[test]
fn kred_counts_ten_a_reaction() {
    let two = points("kred", "twitter", &[("reply.count", 1.0), ("follow.count", 1.0)]);
    assert_eq!(format!("{two:.6}"), "22.036987");
    assert_eq!(points("kred", "twitter", &[("view.count", 9.0)]).to_bits(), 0.0_f64.to_bits());
    assert_eq!(rated("kred", "twitter", &[("repost.count", 1e5)]).score, Score::TOP);
    assert_eq!(rated("kred", "twitter", &[("repost.count", 1e9)]).score, Score::TOP);
}

/// 12 points a tenfold, and the two ranks of which Tweepcred's source says what they give.
#[test]
fn tweepcred_gives_twelve_points_for_ten_times_the_rank() {
    let of = |rank: f64| points("tweepcred", "twitter", &[("graph.rank", rank)]);
    assert_eq!([of(1.2e-3), of(2.6e-10)].map(f64::round), [95.0, 15.0]);
    assert!((of(1e-4) - of(1e-5) - 5.21 * 10.0_f64.ln()).abs() < 1e-9);
    assert_eq!([of(1.0), of(1e-20), of(0.0)], [100.0, 0.0, 0.0]);
}

/// Both cliffs: nothing up to 500 and 2,500 accounts followed, and then by how much is divided.
#[test]
fn tweepcreds_cliffs_stand_where_they_stood() {
    let weights = Weights::parse(preset("tweepcred").unwrap(), "tweepcred").unwrap();
    let seen = SeenNetwork { name: "twitter".into(), ..SeenNetwork::default() };
    let resolved = weights.resolve(&[seen], &Words::new(), &formulas()).unwrap();
    let graph = resolved.ruler.networks[0].graph.as_ref().unwrap();
    let near =
        |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
    let prior = graph.prior_penalty.as_ref().unwrap();
    for ((following, followers), divisor) in
        [((500, 500), 1.0), ((501, 501), 7.389), ((501, 250), 1096.6), ((501, 900), 1.0)]
    {
        near(prior.divisor(following, followers), divisor);
    }
    let last = graph.last_penalty.as_ref().unwrap();
    for ((following, followers), divisor) in
        [((2500, 2500), 1.0), ((2501, 2501), 11.806), ((5000, 2500), 50.0), ((2501, 9000), 1.0)]
    {
        near(last.divisor(following, followers), divisor);
    }
    // In points: 13 for the 2,501st follow, and never more than 20.
    assert_eq!([11.806_f64, 50.0].map(|divisor| (5.21 * divisor.ln()).round()), [13.0, 20.0]);
}

/// The settings of go-eigentrust and the edges of farcaster-graph's strategy 3. `renown-core` has the worked example.
#[test]
fn eigentrust_walks_as_it_did() {
    let weights = Weights::parse(preset("eigentrust").unwrap(), "eigentrust").unwrap();
    let seen = SeenNetwork { name: "notes".into(), ..SeenNetwork::default() };
    let words = Words::new();
    let resolved = weights.resolve(&[seen], &words, &formulas()).unwrap();
    let graph = resolved.ruler.networks[0].graph.as_ref().unwrap();
    let weight = |kind: &str| graph.edges.iter().find(|edge| Some(edge.0) == words.find(kind)).unwrap().1;
    assert_eq!(["like", "reply", "repost", "mention", "follow"].map(weight), [1.0, 6.0, 3.0, 12.0, 1.0]);
    assert_eq!((graph.restart, graph.tolerance, graph.dangling), (0.5, 1e-6, Dangling::Prior));
    let of = |rank: f64| points("eigentrust", "notes", &[("graph.rank", rank)]);
    assert!((of(1.0) - 100.0).abs() < 1e-12 && (of(0.01) - 76.0).abs() < 1e-12, "{}", of(0.01));
}

/// The median of everything is the centile 50; audience and activity weigh what was published.
#[test]
fn favikon_is_the_weighted_mean_of_centiles() {
    let medians = [
        ("followers.latest", 600.0),
        ("followers.growth", 6.0),
        ("post.days", 4.0),
        ("like.per_post", 4.0),
        ("repost.per_post", 1.0),
        ("view.count", 2000.0),
    ];
    assert!((points("favikon", "twitter", &medians) - 50.0).abs() < 1e-12);
    for (network, audience) in [
        ("twitter", "followers"),
        ("facebook", "followers"),
        ("instagram", "followers"),
        ("youtube", "subscribers"),
    ] {
        let of_audience = points("favikon", network, &[(&format!("{audience}.latest"), 1e9)]);
        assert!((of_audience - 9.23).abs() < 1e-12, "{network}: {of_audience}");
        let of_activity = points("favikon", network, &[("post.days", 31.0)]);
        assert!((of_activity - 4.61).abs() < 1e-12, "{network}: {of_activity}");
    }
}

#[test]
fn followerwonk_takes_nine_points_for_each_halving_of_the_rate() {
    for (rate, score) in [(1024.0, 1_000_000), (512.0, 910_000), (1.0, 100_000), (0.0, 10_000)] {
        assert_eq!(rated("followerwonk", "twitter", &[("repost.per_post", rate)]).score, Score(score));
    }
}

/// A third of each metric, half of it at the tier's median; and one follower more is another tier.
#[test]
fn hypeauditor_compares_with_those_of_the_same_size() {
    let of = |followers| {
        let values = [
            ("followers.latest", followers),
            ("like.per_post", 700.0),
            ("comment.per_post", 14.0),
            ("followers.growth", 250.0),
        ];
        points("hypeauditor", "instagram", &values)
    };
    assert!((of(20_000.0) - 50.0).abs() < 1e-12 && (of(99_999.0) - 50.0).abs() < 1e-12);
    let of_next = (700.0 / 4200.0 + 14.0 / 59.0 + 250.0 / 1750.0) / 3.0 * 100.0;
    assert!((of(100_000.0) - of_next).abs() < 1e-9, "{} {of_next}", of(100_000.0));
}

/// Standing is 0.5 + score / 100 but for a factor, and sorts of acts weigh 1, 3, 6 and 12.
#[test]
fn klout_2012_weighs_acts_and_who_does_them() {
    for (act, weight) in [("like", 1.0), ("repost", 3.0), ("reply", 6.0), ("mention", 12.0)] {
        let one = points("klout-2012", "twitter", &[(&format!("{act}.weighted"), 1.0)]);
        assert!((one - weight).abs() < 1e-12, "{act}: {one}");
    }
    let weights = Weights::parse(preset("klout-2012").unwrap(), "klout").unwrap();
    let standing = weights.resolve(&[], &Words::new(), &formulas()).unwrap().ruler.standing;
    for score in [1.0, 40.0, 100.0] {
        let ratio =
            f64::from(standing.of(Score((score * 10_000.0) as u32))) / f64::from(standing.of(Score::TOP));
        assert!((ratio - (0.5 + score / 100.0) / 1.5).abs() < 1e-9, "{score}: {ratio}");
    }
}

/// The graph in the page on rulers is one.
#[test]
fn the_page_on_rulers_shows_a_graph_that_can_be_read() {
    let page = include_str!("../../../docs/rulers.md");
    let shown = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let head = preset("kred").unwrap().split("[networks").next().unwrap();
    let text = format!("{head}[networks.twitter]\nweight = 1\nformula = \"weighted-sum\"\n{shown}");
    let weights = Weights::parse(&text, "docs/rulers.md").unwrap_or_else(|error| panic!("{error}"));
    let seen = SeenNetwork { name: "twitter".into(), ..SeenNetwork::default() };
    let resolved = weights.resolve(&[seen], &Words::new(), &formulas()).unwrap();
    assert_eq!(resolved.ruler.networks[0].graph.as_ref().map(|graph| graph.edges.len()), Some(3));
    // Every bundled ruler has its row.
    assert!(PRESETS.iter().all(|(name, _)| page.contains(&format!("| `{name}` | "))));
}
