//! Errors as their reader sees them.

use std::fmt::Write as _;

use renown_core::words::Words;
use renown_formulas as _;
use renown_sdk::formulas;
use renown_weights::{SeenNetwork, Weights, WeightsError};

/// A small file without a fault; each case breaks a line of it.
const SOUND: &str = r#"version = 1
[time]
window_days = 90
fade_days = 30
half_life_days = 30
[standing]
rounds = 2
start = 40.0
floor = 0.5
[per_post]
exponent = 0.5
[combine]
power = 6.0
[scale]
version = "test"
knots = [
    [0, 0],
    [10, 0.5],
    [30, 1],
]
[networks.twitter]
weight = 1.0
formula = "weighted-sum"
[networks.twitter.features]
"repost.weighted" = 0.25
"followers.latest" = { weight = 1, curve = "log", cap = 1e6, missing = "ignored" }
[networks."*"]
weight = 1.0
formula = "weighted-mean"
"#;

/// Read and resolved, as a run does it.
fn read(text: &str, sets: &[&str]) -> Result<(), WeightsError> {
    let seen = [SeenNetwork { name: "twitter".into(), kinds: vec!["repost".into()], metrics: vec![] }];
    let weights = Weights::with_sets(text, "config/weights.toml", sets)?;
    weights.resolve(&seen, &Words::new(), &formulas()).map(drop)
}

/// The sound file with one text in it replaced.
fn broken(from: &str, to: &str) -> String {
    assert_eq!(SOUND.matches(from).count(), 1, "{from} must stand in the file once");
    SOUND.replace(from, to)
}

#[test]
fn the_sound_file_is_sound() {
    read(SOUND, &[]).unwrap();
}

#[test]
fn faults_in_a_file() {
    let cases = [
        ("an unknown key", "half_life_days = 30", "half_lif_days = 30"),
        ("an unknown table", "[per_post]", "[perpost]"),
        ("a key that is like none", "rounds = 2", "temperature = 2"),
        ("a missing key", "floor = 0.5\n", ""),
        ("a missing table", "[combine]\npower = 6.0\n", ""),
        ("another version", "version = 1\n", "version = 2\n"),
        ("no TOML", "window_days = 90", "window_days = = 90"),
        ("a key twice", "rounds = 2", "rounds = 2\nrounds = 3"),
        ("a text for a number", "exponent = 0.5", "exponent = \"half\""),
        ("a broken number for a whole one", "window_days = 90", "window_days = 90.5"),
        (
            "a date for a table",
            "[networks.\"*\"]",
            "[networks.x]\nweight = 1\nformula = 2026-11-01\n[networks.\"*\"]",
        ),
        ("too long a window", "window_days = 90", "window_days = 36500"),
        ("a fading longer than the window", "fade_days = 30", "fade_days = 91"),
        ("no half-life", "half_life_days = 30", "half_life_days = 0"),
        ("a negative weight", "\"repost.weighted\" = 0.25", "\"repost.weighted\" = -0.25"),
        ("an infinite weight", "\"repost.weighted\" = 0.25", "\"repost.weighted\" = inf"),
        ("a weight that is none", "\"repost.weighted\" = 0.25", "\"repost.weighted\" = nan"),
        ("too low a power", "power = 6.0", "power = 0.5"),
        ("a floor of nothing", "floor = 0.5", "floor = 0"),
        ("a start below the floor", "start = 40.0", "start = 0.99"),
        ("too many rounds", "rounds = 2", "rounds = 21"),
        ("a cap of nothing", "cap = 1e6", "cap = 0"),
        ("a misspelt stat", "\"repost.weighted\"", "\"repost.wieghted\""),
        ("no stat", "\"repost.weighted\"", "\"repost.most\""),
        ("no feature", "\"repost.weighted\"", "\"repost\""),
        ("a feature without quotes", "\"repost.weighted\"", "repost.weighted"),
        ("a kind that cannot be", "\"repost.weighted\"", "\"Repost.weighted\""),
        ("an unknown key of a feature", "cap = 1e6", "cpa = 1e6"),
        ("a feature without a weight", "weight = 1, curve", "curve"),
        ("a misspelt curve", "curve = \"log\"", "curve = \"lgo\""),
        ("a curve that is like none", "curve = \"log\"", "curve = \"sigmoid\""),
        ("a curve that falls", "curve = \"log\"", "curve = [[0, 0], [10, 2], [20, 1], [30, 3]]"),
        ("a curve of one knot", "curve = \"log\"", "curve = [[0, 0]]"),
        ("a curve that gives something for nothing", "curve = \"log\"", "curve = [[0, 1], [10, 2]]"),
        ("a knot of three", "curve = \"log\"", "curve = [[0, 0, 0], [10, 2]]"),
        ("a misspelt policy", "missing = \"ignored\"", "missing = \"ignore\""),
        ("a glob for a stand-in", "missing = \"ignored\"", "instead = \"*.actors\""),
        ("a stand-in of a standing", "missing = \"ignored\"", "instead = \"follow.weighted\""),
        ("a stand-in for itself", "missing = \"ignored\"", "instead = \"followers.latest\""),
        ("a stand-in of a misspelt stat", "missing = \"ignored\"", "instead = \"follow.acters\""),
        ("a half-life that changes nothing", "cap = 1e6", "half_life_days = 3"),
        ("a unit of nothing", "cap = 1e6", "unit = 0"),
        ("a unit of no log", "curve = \"log\"", "curve = \"sqrt\", unit = 10"),
        ("a scale that becomes steeper", "[10, 0.5]", "[10, 0.1]"),
        ("a scale that begins above", "[0, 0]", "[0, 0.1]"),
        ("a scale that goes beyond 100", "[30, 1]", "[30, 1.2]"),
        ("a scale without a name", "version = \"test\"", "version = \"\""),
        ("a misspelt formula", "\"weighted-sum\"", "\"wieghted-sum\""),
        ("a network that cannot be", "[networks.\"*\"]", "[networks.\"Masto*\"]"),
    ];
    let mut gallery = String::new();
    for (name, from, to) in cases {
        let error = read(&broken(from, to), &[]).expect_err(name);
        writeln!(gallery, "== {name}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!("faults_in_a_file", gallery);
}

#[test]
fn faults_in_formulas() {
    let expression = |score: &str| format!("formula = \"expression\"\nparams = {{ score = {score} }}\n");
    let cases = [
        ("a parameter of none", "formula = \"weighted-sum\"\nparams = { scale = 3 }\n".to_owned()),
        ("no parameter", "formula = \"expression\"\n".to_owned()),
        ("a misspelt parameter", "formula = \"noisy-or\"\nparams = { scael = 3 }\n".to_owned()),
        ("a parameter of another type", "formula = \"noisy-or\"\nparams = { scale = \"high\" }\n".to_owned()),
        (
            "a parameter of a type that is none",
            "formula = \"noisy-or\"\nparams = { scale = [3] }\n".to_owned(),
        ),
        ("an infinite parameter", "formula = \"noisy-or\"\nparams = { scale = inf }\n".to_owned()),
        (
            "a parameter that the formula refuses",
            "formula = \"noisy-or\"\nparams = { scale = -3 }\n".to_owned(),
        ),
        (
            "a file that is not there",
            "formula = \"percentile\"\nparams = { population = \"no.csv\" }\n".to_owned(),
        ),
        ("a misspelt function", expression("\"2 * sqr(repost.weighted)\"")),
        ("a misspelt feature", expression("\"log1p(\\u0072epost.wieghted) + 1\"")),
        ("a feature of many lines", expression("\"\"\"\n  log1p(repost.weighted)\n  + repost.count\n\"\"\"")),
        ("a bracket that stays open", expression("'2 * (repost.weighted + 1'")),
        ("points that fall", expression("'max(0, repost.weighted * (3 - repost.weighted))'")),
        ("points for nothing", expression("'1 + repost.weighted'")),
        ("a weight that is no chance", "formula = \"noisy-or\"\nhalf_life_days = 3\n".to_owned()),
    ];
    let mut gallery = String::new();
    for (name, network) in cases {
        let sound = broken("\"repost.weighted\" = 0.25", "\"repost.weighted\" = 1.25");
        let text = sound.replace("formula = \"weighted-sum\"\n", &network);
        let error = read(&text, &[]).expect_err(name).to_string();
        // What the system says of a missing file is its own.
        let error = error.replace(" (os error 2)", "");
        writeln!(gallery, "== {name}\n{error}\n").unwrap();
    }
    let set = "networks.twitter.params.score=\"repost.weighted + lgo(2)\"";
    let error = read(SOUND, &["networks.twitter.formula=expression", set]).unwrap_err();
    writeln!(gallery, "== set\n{error}\n").unwrap();
    insta::assert_snapshot!("faults_in_formulas", gallery);
}

#[test]
fn faults_in_graphs() {
    const GRAPH: &str = "[networks.twitter.graph]\nedges = { repost = 1, reply = 6 }\nrestart = 0.5\nrounds = 20\n\
                         tolerance = 1e-6\nnorm = \"sum\"\ndangling = \"prior\"\n\
                         last_penalty = { of = \"friends\", to = \"followers\", above = 500, from = 0.6, strength = 5 }\n";
    const RANK: &str = "\"graph.rank\" = 1\n";
    let with = |graph: &str, rank: &str| {
        broken("\"repost.weighted\" = 0.25\n", &format!("\"repost.weighted\" = 0.25\n{rank}")) + graph
    };
    read(&with(GRAPH, RANK), &[]).unwrap();
    let mut all = String::new();
    for text in [
        with(GRAPH, ""),
        with("", RANK),
        with(GRAPH, "\"graph.rank\" = 1\n\"repost.rank\" = 1\n"),
        with(&GRAPH.replace("{ repost = 1, reply = 6 }", "{}"), RANK),
        with(&GRAPH.replace("repost = 1", "repost = -1"), RANK),
        with(&GRAPH.replace("repost = 1", "\"repost.count\" = 1"), RANK),
        with(&GRAPH.replace("restart = 0.5", "restart = 0"), RANK),
        with(&GRAPH.replace("rounds = 20", "rounds = 0"), RANK),
        with(&GRAPH.replace("\"sum\"", "\"root\""), RANK),
        with(&GRAPH.replace("\"prior\"", "\"priors\""), RANK),
        with(&GRAPH.replace("strength = 5", "strength = 5, at_most = 0.5"), RANK),
        with(&GRAPH.replace("tolerance", "tolerence"), RANK),
    ] {
        let error = read(&text, &[]).expect_err(&text);
        writeln!(all, "{error}\n").unwrap();
    }
    insta::assert_snapshot!(all);
}

/// A network without a table of its own has the graph of `*`, and what a graph uses is not called unused.
#[test]
fn what_a_graph_walks_along_counts() {
    let text = SOUND.replace(
        "formula = \"weighted-mean\"\n",
        "formula = \"weighted-mean\"\n[networks.\"*\".features]\n\"graph.rank\" = 1\n[networks.\"*\".graph]\n\
         edges = { boost = 1 }\nrestart = 0.5\nrounds = 20\ntolerance = 0\nnorm = \"sum\"\ndangling = \"prior\"\n",
    );
    let seen =
        SeenNetwork { name: "notes".into(), kinds: vec!["boost".into(), "like".into()], metrics: vec![] };
    let words = Words::new();
    let weights = Weights::parse(&text, "w.toml").unwrap();
    let resolved = weights.resolve(&[seen], &words, &formulas()).unwrap();
    let network = &resolved.ruler.networks[0];
    assert_eq!(network.features[0].name, "graph.rank");
    assert_eq!(network.graph.as_ref().unwrap().edges, [(words.find("boost").unwrap(), 1.0)]);
    assert_eq!(resolved.unweighed, ["notes.like"]);
    // Each number of a graph is part of the stamp.
    for (from, to) in [
        ("boost = 1 ", "boost = 2 "),
        ("restart = 0.5", "restart = 0.4"),
        ("rounds = 20", "rounds = 21"),
        ("tolerance = 0", "tolerance = 1"),
        ("\"sum\"", "\"root-per-account\""),
        ("\"prior\"", "\"everybody\""),
    ] {
        let other = Weights::parse(&text.replace(from, to), "w.toml").unwrap();
        assert_ne!(other.stamp(&formulas()).unwrap(), resolved.stamp, "{to}");
    }
}

#[test]
fn faults_in_what_is_set() {
    let cases = [
        "networks.twitter.weight=-1",
        "networks.twitter.weight=0,5",
        "networks.twitter.weight=",
        "networks.twitter.weight",
        "networks.twitter.wieght=1",
        "networks.twiter.weight=1",
        "networks.mastodon.weight=1",
        "networks.twitter.features.\"repost.wieghted\"=1",
        "networks.twitter.features.repost.wieghted.weight=1",
        "networks.twitter.features.\"repost.weighted=1",
        "networks.twitter.features.\"repost.weighted\".curve=lgo",
        "networks.twitter.formula=weighted_mean",
        "networks.\"*\".features.x.count=1",
        "tiem.window_days=3",
        "time.window_days.x=3",
        "time.window_days=[1, {x = 2}]",
        "time={ window_days = 0, fade_days = 0, half_life_days = 1 }",
        "scale.knots=[[0, 0], [1, 0.5], [2, 2]]",
        "version=3",
        "a b=1",
        "=1",
        "",
    ];
    let mut gallery = String::new();
    for set in cases {
        let error = read(SOUND, &["combine.power=5", set]).expect_err(set);
        writeln!(gallery, "== {set}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!("faults_in_what_is_set", gallery);
}

#[test]
fn an_error_has_a_place_and_a_message_of_one_line() {
    let error = read(&broken("[10, 0.5]", "[ 5, 0.6], [10, -1]"), &[]).unwrap_err();
    assert_eq!(error.place(), Some((18, 16)));
    assert!(error.message().starts_with("the y of a knot must not be smaller"));
    let error = read(SOUND, &["time.window_days=0"]).unwrap_err();
    assert_eq!(error.place(), Some((1, 18)));
    assert!(error.to_string().contains("--set:1:18"));
}

#[test]
fn too_many_words_are_an_error() {
    let words = Words::new();
    while words.intern(&format!("w{}", words.texts().len())).is_ok() {}
    let seen = [SeenNetwork { name: "twitter".into(), ..SeenNetwork::default() }];
    let error = Weights::parse(SOUND, "w").unwrap().resolve(&seen, &words, &formulas()).unwrap_err();
    assert!(error.to_string().starts_with("error: more than 4096 different"), "{error}");
    assert_eq!(error.place(), None);
}

#[test]
fn two_formulas_of_one_name_are_an_error() {
    let twice = [formulas(), formulas()].concat();
    let error = Weights::parse(SOUND, "w").unwrap().resolve(&[], &Words::new(), &twice).unwrap_err();
    assert!(error.message().contains("several formulas"), "{error}");
}
