//! Weights as they apply to a run.
#![expect(clippy::float_cmp, reason = "numbers are read, not computed")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use renown_core::curve::Curve;
use renown_core::ruler::{Feature, NetworkRuler};
use renown_core::stat::Stat;
use renown_core::words::Words;
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{Resolved, SeenNetwork, Weights, WeightsError};

fn seen(name: &str, kinds: &[&str], metrics: &[&str]) -> SeenNetwork {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    SeenNetwork { name: name.to_owned(), kinds: owned(kinds), metrics: owned(metrics) }
}

fn resolve(weights: &Weights, seen: &[SeenNetwork]) -> Result<Resolved, WeightsError> {
    weights.resolve(seen, &Words::new(), &formulas())
}

fn default_with(sets: &[&str]) -> Weights {
    Weights::with_sets(Weights::default_text(), "config/weights.toml", sets)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A file whose `[networks]` are these.
fn with_networks(networks: &str) -> Weights {
    let text = format!(
        "version = 1\n[time]\nwindow_days = 90\nfade_days = 30\nhalf_life_days = 30\n[standing]\nrounds = 2\nstart = 40\nfloor = 0.5\n\
         [per_post]\nexponent = 0.5\n[combine]\npower = 6\n[scale]\nversion = 'x'\nknots = [[0, 0], [50, 1]]\n{networks}"
    );
    Weights::parse(&text, "w.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn network<'r>(resolved: &'r Resolved, name: &str) -> &'r NetworkRuler {
    resolved.ruler.networks.iter().find(|network| network.name == name).unwrap()
}

fn feature<'r>(network: &'r NetworkRuler, name: &str) -> &'r Feature {
    network
        .features
        .iter()
        .find(|feature| feature.name == name)
        .unwrap_or_else(|| panic!("{name}: {network:?}"))
}

/// Names and weights, in order.
fn weights(network: &NetworkRuler) -> Vec<(&str, f64)> {
    network.features.iter().map(|feature| (feature.name.as_str(), feature.weight)).collect()
}

#[test]
fn the_default_weights_apply_to_every_network_they_name() {
    let all = ["facebook", "instagram", "twitter", "youtube"]
        .map(|name| seen(name, &["like", "post"], &["followers"]));
    let resolved = resolve(&default_with(&[]), &all).unwrap();
    let names: Vec<&str> = resolved.ruler.networks.iter().map(|network| network.name.as_str()).collect();
    assert_eq!(names, ["facebook", "instagram", "twitter", "youtube"]);
    for network in &resolved.ruler.networks {
        assert_eq!(network.formula.name(), "audience-or-response");
        assert!(network.features.is_sorted_by(|a, b| a.name < b.name));
        assert!(network.features.iter().all(|feature| matches!(feature.curve, Curve::Log { .. })));
        // What one does oneself.
        assert!(
            network
                .features
                .iter()
                .all(|feature| !feature.name.starts_with("post.") || feature.weight == 0.0)
        );
    }
    let ruler = &resolved.ruler;
    assert_eq!((ruler.window.days, ruler.standing.rounds, ruler.scale.points().len()), (90, 1, 9));
    let repost = feature(network(&resolved, "twitter"), "repost.recent");
    assert_eq!((repost.weight, repost.half_life_days, repost.asked), (0.25, Some(4.0), true));
    assert!(!feature(network(&resolved, "facebook"), "fans.latest").asked);
    assert!(!feature(network(&resolved, "twitter"), "friends.latest").asked);
}

#[test]
fn a_new_network_scores_on_its_first_day() {
    let mastodon = seen("mastodon", &["boost", "post", "block"], &["followers", "following", "toots"]);
    let resolved = resolve(&default_with(&[]), &[mastodon]).unwrap();
    let counted: BTreeMap<&str, f64> =
        weights(network(&resolved, "mastodon")).into_iter().filter(|feature| feature.1 > 0.0).collect();
    let expected = [
        ("boost.actors", 0.5),
        ("boost.count", 0.2),
        ("boost.days", 0.1),
        ("boost.recent", 0.1),
        ("boost.weighted", 0.5),
        ("followers.latest", 1.0),
        ("toots.latest", 0.2),
    ];
    assert_eq!(counted, BTreeMap::from(expected));
    assert_eq!(resolved.unweighed, ["mastodon.block", "mastodon.following", "mastodon.post"]);
}

#[test]
fn what_a_named_network_does_not_mention_falls_to_any() {
    let weights_file = with_networks(
        r#"
        [networks.twitter]
        weight = 1
        formula = "weighted-sum"
        half_life_days = 5
        [networks.twitter.features]
        "like.count" = 1
        "re*.actors" = 2
        "unseen.count" = 3
        "hidden.days" = 0
        [networks."*"]
        weight = 7
        formula = "weighted-mean"
        half_life_days = 6
        [networks."*".features]
        "*.count" = 10
        "*.latest" = 11
        "quote.weighted" = { weight = 12, half_life_days = 9, missing = "ignored" }
        "absent.count" = 13
        "#,
    );
    let twitter = seen("twitter", &["like", "repost", "quote", "hidden"], &["followers", "like"]);
    let resolved = resolve(&weights_file, &[twitter]).unwrap();
    let ruler = network(&resolved, "twitter");
    assert_eq!(
        weights(ruler),
        [
            // Of a metric that goes by a kind's name, only the kind is mentioned.
            ("followers.latest", 11.0),
            ("hidden.days", 0.0),
            ("like.count", 1.0),
            ("like.latest", 11.0),
            ("quote.count", 10.0),
            ("quote.weighted", 12.0),
            ("repost.actors", 2.0),
            ("unseen.count", 3.0),
        ]
    );
    assert_eq!((ruler.weight, ruler.half_life_days, ruler.formula.name()), (1.0, 5.0, "weighted-sum"));
    let quote = feature(ruler, "quote.weighted");
    assert_eq!((quote.half_life_days, quote.asked), (Some(9.0), false));
    assert!(feature(ruler, "unseen.count").asked);
    assert_eq!(resolved.unweighed, ["twitter.hidden"]);
}

#[test]
fn what_stands_in_for_another_counts() {
    let weights_file = with_networks(
        r#"
        [networks.twitter]
        weight = 1
        formula = "weighted-sum"
        [networks.twitter.features]
        "followers.latest" = { weight = 1, instead = "follow.actors" }
        "#,
    );
    let resolved = resolve(&weights_file, &[seen("twitter", &["follow", "like"], &[])]).unwrap();
    let followers = feature(network(&resolved, "twitter"), "followers.latest");
    assert_eq!(followers.instead.map(|(_, stat)| stat), Some(Stat::Actors));
    assert!(followers.asked);
    assert_eq!(resolved.unweighed, ["twitter.like"]);
}

#[test]
fn of_several_that_fit_the_one_that_says_most_counts() {
    let weights_file = with_networks(
        r#"
        [networks.x]
        weight = 1
        formula = "weighted-sum"
        [networks.x.features]
        "*.*" = 1
        "*.count" = 2
        "re*.*" = 3
        "repost.*" = 4
        "repost.count" = 5
        "#,
    );
    let resolved =
        resolve(&weights_file, &[seen("x", &["like", "reply", "repost"], &["followers"])]).unwrap();
    let ruler = network(&resolved, "x");
    for (name, weight) in [
        ("like.actors", 1.0),
        ("like.count", 2.0),
        ("reply.count", 3.0),
        ("repost.days", 4.0),
        ("repost.count", 5.0),
        ("followers.growth", 1.0),
    ] {
        assert_eq!(feature(ruler, name).weight, weight, "{name}");
    }
    // Seven stats of each kind, two of a metric.
    assert_eq!(ruler.features.len(), 3 * 7 + 2);
}

#[test]
fn without_any_a_network_that_is_not_named_counts_nothing() {
    let weights_file =
        with_networks("[networks.x]\nweight = 0\nformula = 'weighted-sum'\nfeatures = {'a.count' = 1}");
    let both = [seen("y", &["b"], &["b", "c"]), seen("x", &["a"], &[])];
    let resolved = resolve(&weights_file, &both).unwrap();
    assert_eq!(resolved.ruler.networks.len(), 1);
    // A network of weight 0 counts nothing either.
    assert_eq!(resolved.unweighed, ["x.a", "y.b", "y.c"]);
}

#[test]
fn a_network_of_two_adapters_is_one() {
    let twice = [seen("twitter", &["like"], &[]), seen("twitter", &["clap"], &["followers"])];
    let resolved = resolve(&default_with(&[]), &twice).unwrap();
    assert_eq!(resolved.ruler.networks.len(), 1);
    assert_eq!(feature(network(&resolved, "twitter"), "clap.actors").weight, 0.5);
}

#[test]
fn the_words_are_those_of_the_run() {
    let words = Words::new();
    let like = words.intern("like").unwrap();
    let resolved =
        default_with(&[]).resolve(&[seen("twitter", &["like"], &[])], &words, &formulas()).unwrap();
    let ruler = network(&resolved, "twitter");
    assert_eq!(feature(ruler, "like.count").word, like);
    assert_eq!(words.find("twitter"), Some(ruler.network));
}

#[test]
fn what_is_set_is_put_over_the_file() {
    let weights_file = default_with(&[
        "networks.twitter.weight=0.5",
        "networks.twitter.features.\"repost.weighted\".weight=2",
        "networks.twitter.features.repost.actors=3",
        "networks.twitter.features.'like.count'.curve=sqrt",
        "networks.twitter.features.repost.recent=5",
        " networks . twitter . formula = weighted-mean",
        "networks.twitter.half_life_days=12",
        "networks.*.features.*.count=0.25",
        "time.window_days=60",
        "scale={version = 'mine', knots = [[0, 0], [40, 1]]}",
        "combine.power=2",
        "combine.power=3",
    ]);
    let resolved = resolve(&weights_file, &[seen("twitter", &["clap"], &[])]).unwrap();
    let twitter = network(&resolved, "twitter");
    assert_eq!(
        (twitter.weight, twitter.half_life_days, twitter.formula.name()),
        (0.5, 12.0, "weighted-mean")
    );
    assert_eq!(feature(twitter, "repost.weighted").weight, 2.0);
    assert_eq!(feature(twitter, "repost.actors").weight, 3.0);
    assert_eq!(
        (feature(twitter, "like.count").weight, &feature(twitter, "like.count").curve),
        (0.0, &Curve::Sqrt)
    );
    // The weight alone: the half-life of the file stays.
    assert_eq!(
        (feature(twitter, "repost.recent").weight, feature(twitter, "repost.recent").half_life_days),
        (5.0, Some(4.0))
    );
    assert_eq!(feature(twitter, "clap.count").weight, 0.25);
    assert_eq!((resolved.ruler.window.days, resolved.ruler.power), (60, 3.0));
    assert_eq!((weights_file.scale_version(), weights_file.path()), ("mine", "config/weights.toml"));
}

fn stamp_of(weights: &Weights) -> String {
    weights.stamp(&formulas()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_stamp_is_of_what_decides_scores() {
    let stamp = stamp_of(&default_with(&[]));
    assert!(stamp.len() == 16 && stamp.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(resolve(&default_with(&[]), &[seen("x", &["y"], &[])]).unwrap().stamp, stamp);
    let bare: String = Weights::default_text()
        .lines()
        .filter(|line| !line.trim_start().starts_with('#') && !line.is_empty())
        .flat_map(|line| [line, "  # a remark\r\n"])
        .collect();
    assert_eq!(stamp_of(&Weights::parse(&bare, "elsewhere.toml").unwrap()), stamp);
    for same in [
        "scale.version=renamed",
        "networks.twitter.half_life_days=30",
        "networks.twitter.features.repost.actors={weight = 0.5, curve = 'log', missing = 'uncovered'}",
        "networks.twitter.features.post.count=-0.0",
    ] {
        assert_eq!(stamp_of(&default_with(&[same])), stamp, "{same}");
    }
    for other in [
        "time.window_days=91",
        "time.fade_days=29",
        "time.half_life_days=30.5",
        "standing.rounds=3",
        "standing.start=41",
        "standing.floor=0.25",
        "per_post.exponent=0.4",
        "combine.power=5",
        "scale.knots=[[0, 0], [50, 1]]",
        "networks.twitter.weight=2",
        "networks.twitter.formula=weighted-mean",
        "networks.twitter.half_life_days=20",
        "networks.twitter.features.repost.actors=0.36",
        "networks.twitter.features.repost.actors.curve=sqrt",
        "networks.twitter.features.repost.actors.curve=[[0, 0], [1, 1]]",
        "networks.twitter.features.repost.actors.curve=[[0, 0], [1, 2]]",
        "networks.twitter.features.repost.actors.cap=9",
        "networks.twitter.features.repost.actors.missing=ignored",
        "networks.twitter.features.repost.recent.half_life_days=3",
        "networks.*.features.*.count=0.3",
    ] {
        assert_ne!(stamp_of(&default_with(&[other])), stamp, "{other}");
    }
}

/// A network `x` with a formula and parameters, which begin on the file's 19th line.
fn with_formula(formula: &str, params: &str) -> Result<Weights, WeightsError> {
    let text = format!(
        "version = 1\n[time]\nwindow_days = 90\nfade_days = 30\nhalf_life_days = 30\n[standing]\nrounds = 2\nstart = 40\nfloor = 0.5\n\
         [per_post]\nexponent = 0.5\n[combine]\npower = 6\n[scale]\nversion = 'x'\nknots = [[0, 0], [50, 1]]\n\
         [networks.x]\nweight = 1\nformula = '{formula}'\n{params}\n\
         [networks.x.features]\n'like.count' = 1\n'react-*.h' = 0.5\n'post.count' = 1\n\
         [networks.'*']\nweight = 1\nformula = 'weighted-sum'\nfeatures = {{'*.actors' = 1}}\n"
    );
    Weights::parse(&text, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/w.toml"))
}

#[test]
fn formulas_have_their_parameters_and_features() {
    let weights_file =
        with_formula("expression", "params = {score = '{react-love.h} + sqrt(like.count * clap.actors)'}")
            .unwrap();
    let resolved = resolve(&weights_file, &[seen("x", &["like", "clap", "post"], &[])]).unwrap();
    let ruler = network(&resolved, "x");
    assert_eq!(ruler.formula.name(), "expression");
    // What the expression does not name is neither counted nor asked for; nobody was loved in this run.
    assert!(!feature(ruler, "post.count").asked && feature(ruler, "like.count").asked);
    assert_eq!(resolved.unweighed, ["x.post"]);
    let names: Vec<&str> = ruler.features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(names, ["clap.actors", "like.count", "post.count"]);
    let mut points = [f64::NAN];
    ruler.formula.points(&[vec![4.0], vec![9.0], vec![7.0]], &mut points).unwrap();
    assert_eq!(points, [6.0]);
    // And where the network was not seen, the file is as sound.
    resolve(&weights_file, &[]).unwrap();
}

#[test]
fn the_stamp_has_parameters_and_what_is_in_files() {
    let stamp = |formula: &str, params: &str| stamp_of(&with_formula(formula, params).unwrap());
    assert_eq!(stamp("noisy-or", ""), stamp("noisy-or", "params = {scale = 50}"));
    assert_ne!(stamp("noisy-or", ""), stamp("noisy-or", "params = {scale = 51}"));
    assert_eq!(stamp("weighted-sum", ""), stamp("weighted-sum", "params = {}"));
    let folder = std::env::temp_dir().join(format!("renown-weights-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let population = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        stamp("percentile", &format!("params = {{population = '{}'}}", path.display()))
    };
    let first = population("a.csv", "like.count\n1\n");
    assert_eq!(population("b.csv", "like.count\n1\n"), first);
    assert_ne!(population("a.csv", "like.count\n2\n"), first);
    // A path is relative to the file that names it.
    std::fs::write(folder.join("w.toml"), "").unwrap();
    let text =
        Weights::default_text().replace("\"weighted-sum\"", "'percentile'\nparams = {population = 'a.csv'}");
    let beside = Weights::parse(&text, &folder.join("w.toml").display().to_string()).unwrap();
    assert_eq!(beside.stamp(&formulas()).unwrap().len(), 16);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The default text with something in it replaced: bytes, a line, or a value by one that is at some edge.
fn mutated() -> impl Strategy<Value = String> {
    let text = Weights::default_text();
    let edges = [
        "",
        "0",
        "-1",
        "nan",
        "inf",
        "1e999",
        "[]",
        "{}",
        "\"",
        "[[0,0]]",
        "2026-11-01",
        "é",
        "=",
        "\r",
        "\u{0}",
        "*",
    ];
    let edit = (any::<Index>(), 0_usize..12, prop::sample::select(edges.to_vec()));
    let cut = prop::collection::vec(edit, 1..4).prop_map(move |edits| {
        edits.into_iter().fold(text.to_owned(), |text, (at, length, edge)| {
            let start = text.floor_char_boundary(at.index(text.len().max(1)));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            [&text[..start], edge, &text[end..]].concat()
        })
    });
    let value = (any::<Index>(), prop::sample::select(edges.to_vec())).prop_map(move |(at, edge)| {
        let places: Vec<usize> = text.match_indices(" = ").map(|place| place.0 + 3).collect();
        let start = places[at.index(places.len())];
        let end = text[start..].find([' ', '\n', ',']).map_or(text.len(), |length| start + length);
        [&text[..start], edge, &text[end..]].concat()
    });
    let doubled = any::<Index>().prop_map(move |at| {
        let lines: Vec<&str> = text.lines().collect();
        let (before, after) = lines.split_at(at.index(lines.len()));
        [before, &after[..1], after].concat().join("\n")
    });
    prop_oneof![cut, value, doubled]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_answered(text in mutated()) {
        match Weights::parse(&text, "w.toml") {
            Err(error) => prop_assert!(error.to_string().starts_with("error: ")),
            Ok(weights) => {
                // What is accepted can be applied: only the formulas are not known before.
                let all = ["facebook", "twitter", "x"].map(|name| seen(name, &["like", "post", "re*"], &["followers"]));
                match resolve(&weights, &all) {
                    Err(error) => prop_assert!(error.message().contains("formula"), "{error}"),
                    Ok(resolved) => {
                        for feature in resolved.ruler.networks.iter().flat_map(|network| &network.features) {
                            let (nothing, most) = (feature.curved(0.0), feature.curved(1e18) * feature.weight);
                            prop_assert!(nothing == 0.0 && most >= 0.0 && most.is_finite());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn any_set_is_answered(set in r#"(networks|time|scale|version|.)(\.(twitter|features|"[a-z.]*"|weight|.*))*=?.*"#) {
        if let Err(error) = Weights::with_sets(Weights::default_text(), "w.toml", &["combine.power=5", &set]) {
            prop_assert!(error.to_string().contains("--set") || error.to_string().contains("w.toml"), "{error}");
        }
    }

    #[test]
    fn the_order_of_what_was_seen_does_not_matter(
        kinds in prop::collection::vec("[a-c]", 0..4),
        metrics in prop::collection::vec("[a-c]", 0..4),
        turn in any::<Index>(),
    ) {
        let mut networks = vec![
            SeenNetwork { name: "twitter".into(), kinds: kinds.clone(), metrics: vec![] },
            SeenNetwork { name: "x".into(), kinds, metrics },
            seen("twitter", &["like"], &["a"]),
        ];
        let shown = |networks: &[SeenNetwork]| {
            let resolved = resolve(&default_with(&[]), networks).unwrap();
            let of = |network: &NetworkRuler| {
                let names: Vec<String> = network.features.iter().map(|feature| feature.name.clone()).collect();
                (network.name.clone(), names)
            };
            (resolved.ruler.networks.iter().map(of).collect::<Vec<_>>(), resolved.unweighed)
        };
        let before = shown(&networks);
        networks.rotate_left(turn.index(3));
        for network in &mut networks {
            network.kinds.reverse();
        }
        prop_assert_eq!(before, shown(&networks));
    }
}
