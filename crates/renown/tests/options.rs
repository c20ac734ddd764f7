//! What the weights file says of plugins and adapters: entries that are loaded, options that arrive, linked or loaded.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod user;
}

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::place::{at, root};
use common::renown::renown;
use common::run::Ran;
use common::user::User;

/// Builds the plugins once, as the binary under test was built, and says where one lies.
fn plugin(name: &str) -> String {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_BIN_EXE_renown")).parent().expect("a folder").to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "-p", "renown-faulty", "-p", "renown-youtube-plugin"]);
        cargo.args(folder.ends_with("release").then_some("--release")).current_dir(root());
        cargo.arg("--target-dir").arg(folder.parent().expect("the target folder"));
        assert!(cargo.status().expect("cargo").success(), "the plugins do not build");
        folder
    });
    let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    folder.join(format!("{before}renown_{name}{after}")).display().to_string()
}

/// The default weights and more, as a file of the user's.
fn weights(user: &User, name: &str, more: &str) -> String {
    let default = std::fs::read_to_string(at("config/weights.toml")).expect("the default weights");
    user.folder.file(name, format!("{default}\n{more}"))
}

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

/// The ruler that stands in a JSON output.
fn stamp(ran: &Ran) -> String {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let stamp = json["ruler"].as_str().unwrap_or_else(|| panic!("no ruler in {}", ran.stdout));
    stamp.to_owned()
}

#[test]
fn a_plugin_that_the_weights_file_names_is_loaded_and_moves_no_stamp() {
    let user = User::new();
    let copy = user.folder.file("rules/faulty.so", std::fs::read(plugin("faulty")).expect("the plugin"));
    let input = user.folder.file("x.faulty", "well\n");
    let named = weights(&user, "rules/w.toml", "[[plugin]]\npath = 'faulty.so'\n");
    let plain = weights(&user, "rules/plain.toml", "");
    let score = |weights: &str, more: &[&str]| {
        let mut args = vec!["score", &input, "--everyone", "-q", "--format", "json", "--weights", weights];
        args.extend(more);
        user.run(&args)
    };
    // A weights file asks; only the user trusts.
    let ran = score(&named, &[]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("rules/faulty.so: it is not trusted"), "{}", ran.stderr);
    user.trust(&copy);
    let by_file = ok(score(&named, &[]));
    let by_user = ok(score(&plain, &["--plugin", &copy]));
    assert!(by_file.stdout == by_user.stdout, "{}\n{}", by_file.stdout, by_user.stdout);
    // Named both ways, by different paths, it is one plugin.
    let roundabout = user.folder.path("rules/../rules/faulty.so");
    assert!(ok(score(&named, &["--plugin", &roundabout])).stdout == by_file.stdout);
    // A pin must fit, and is not trust.
    let pin = |sha256: &str| {
        weights(&user, "rules/pin.toml", &format!("[[plugin]]\npath = 'faulty.so'\nsha256 = '{sha256}'\n"))
    };
    let ran = score(&pin(&"0".repeat(64)), &[]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("which is not what the weights file says"), "{}", ran.stderr);
    let listed = user.run(&["plugins", "list"]).stdout;
    let digest = listed.split_whitespace().find(|word| word.len() == 64).expect("a digest").to_owned();
    assert!(ok(score(&pin(&digest), &[])).stdout == by_file.stdout);
    ok(user.run(&["plugins", "distrust", &copy]));
    assert!(score(&pin(&digest), &[]).stderr.contains("is not trusted"));
}

#[test]
fn options_reach_a_loaded_adapter() {
    let user = User::new();
    let file = plugin("faulty");
    user.trust(&file);
    let input = user.folder.file("x.faulty", "well\n");
    user.folder.file("name.txt", "three\n");
    let run = |options: &str, sets: &[&str]| {
        let entry = format!("[[plugin]]\npath = '{file}'\n");
        let weights = weights(&user, "w.toml", &format!("{entry}{options}"));
        let mut args = vec!["score", &input, "--everyone", "-q", "--format", "json", "--weights", &weights];
        args.extend(["--set", "networks.\"*\".weight=1"]);
        args.extend(sets.iter().flat_map(|set| ["--set", set]));
        ok(user.run(&args))
    };
    let plain = run("", &[]);
    assert!(plain.stdout.contains("\"faulty:two\""), "{}", plain.stdout);
    for (options, person) in [
        ("[adapters.faulty]\ntarget = 'four'\n", "faulty:four"),
        ("[adapters.faulty]\nbackwards = true\n", "faulty:one"),
        ("[adapters.faulty]\nbackwards = true\nactor = 'name.txt'\n", "faulty:three"),
    ] {
        let ran = run(options, &[]);
        assert!(ran.stdout.contains(&format!("\"{person}\"")), "{options}: {}", ran.stdout);
        assert_ne!(stamp(&ran), stamp(&plain), "{options}");
    }
    let more = run("", &["adapters.faulty.amount=64"]);
    assert!(more.stdout.contains("\"faulty:two\"") && more.stdout != plain.stdout, "{}", more.stdout);
    assert_ne!(stamp(&more), stamp(&plain));
    // What is set to what it is anyway is no other ruler.
    assert!(run("[adapters.faulty]\namount = 1\n", &[]).stdout == plain.stdout);
    let shown = ok(user.run(&["plugins", "show", &file])).stdout;
    assert!(shown.contains("option amount (a number; default 1): How much each like is."), "{shown}");
    assert!(shown.contains("option actor (the path of a file, in quotes; no default)"), "{shown}");
    // The kit finds nothing wrong with the options; it does with the formula.
    let checked = user.run(&["plugins", "check", &file]).stdout;
    assert!(checked.starts_with("formula failing: ") && checked.ends_with(" 1 findings\n"), "{checked}");
}

/// Law 13: the same output from a linked adapter and a loaded one, options and stamp included.
#[test]
fn a_bundled_adapters_option_works_linked_and_loaded() {
    let user = User::new();
    let file = plugin("youtube_plugin");
    user.trust(&file);
    let entry = |title: &str, video: &str| {
        format!(
            r#"{{"header": "YouTube", "title": "{title}", "titleUrl": "https://www.youtube.com/watch?v={video}",
                "subtitles": [{{"name": "Mill", "url": "https://www.youtube.com/channel/UCmill"}}],
                "time": "2026-03-02T08:00:00.125Z"}}"#
        )
    };
    let history = format!("[{}, {}]", entry("Watched The mill", "v1"), entry("Liked The mill", "v1"));
    let folder = "in/Takeout/YouTube and YouTube Music";
    user.folder
        .file(&format!("{folder}/channels/channel.csv"), "Channel ID,Channel Title (Original)\nUCown,Ada\n");
    user.folder.file(&format!("{folder}/history/watch-history.json"), history);
    let input = user.folder.path("in");
    let run = |more: &[&str]| {
        let mut args = vec!["explain", "youtube:UCmill", &input, "--everyone", "--format", "json"];
        args.extend(more);
        ok(user.run(&args))
    };
    let with = run(&[]);
    let set = ["--set", "adapters.youtube.watch_history=false"];
    let loaded = ["--without", "youtube", "--plugin", &file];
    let linked = run(&set);
    assert_ne!(stamp(&with), stamp(&linked));
    assert_ne!(with.stdout, linked.stdout);
    let said = user.run(&[&["score", &input, "--everyone"][..], &set].concat()).stderr;
    assert!(said.contains("watch_history leaves out"), "{said}");
    assert!(linked.stdout == run(&[&set[..], &loaded[..]].concat()).stdout);
    assert!(with.stdout == run(&loaded).stdout);
}

#[test]
fn faults_are_found_before_anything_is_read() {
    let user = User::new();
    let score = |set: &str| user.run(&["score", "there/is/no/such/input", "--everyone", "-q", "--set", set]);
    for (set, words) in [
        ("adapters.youtube.watch_histroy=false", ["--> --set:1:18", "did you mean `watch_history`?"]),
        ("adapters.youtube.watch_history=0", ["must be true or false", "Whether what the owner"]),
        (
            "adapters.youtbue.watch_history=false",
            ["there is no adapter `youtbue`", "did you mean `youtube`?"],
        ),
        ("adapters.twitter.watch_history=false", ["the adapter `twitter` has no option", "it has none"]),
    ] {
        let ran = score(set);
        assert_eq!(ran.code, 2, "{set}: {}", ran.stderr);
        for word in words {
            assert!(ran.stderr.contains(word), "{set}: {}", ran.stderr);
        }
        // One `error:`, whoever says it.
        assert!(ran.stderr.starts_with("error: ") && !ran.stderr.contains("error: error"), "{}", ran.stderr);
    }
}

#[test]
fn a_formula_that_fails_as_it_is_made_ready_is_not_the_weights_fault() {
    let user = User::new();
    let file = plugin("faulty");
    user.trust(&file);
    let (town, set) = (at("examples/town"), "networks.twitter.formula=failing");
    let ran = user.run(&["score", &town, "--everyone", "-q", "--plugin", &file, "--set", set]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the formula `failing`: plugin renown-faulty 0.1.0: it panicked"),
        "{}",
        ran.stderr
    );
}

#[test]
fn doctor_and_schema_know_what_is_loaded() {
    let user = User::new();
    let copy = user.folder.file("faulty.so", std::fs::read(plugin("faulty")).expect("the plugin"));
    let weights = weights(&user, "w.toml", "[[plugin]]\npath = 'faulty.so'\n[adapters.faulty]\namount = 3\n");
    let doctor = || user.run(&["doctor", "--weights", &weights]);
    let ran = doctor();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains(&format!("fail  {copy}: plugin {copy}: it is not trusted")),
        "{}",
        ran.stdout
    );
    user.trust(&copy);
    let ran = ok(doctor());
    let found = format!("ok    {copy}: plugin renown-faulty 0.1.0, adapters faulty; formulas failing");
    assert!(ran.stdout.contains(&found), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("ok    {weights}: ruler ")), "{}", ran.stdout);
    let schema = ok(user.run(&["schema", "--weights", &weights])).stdout;
    assert!(ok(user.run(&["schema", "--plugin", &copy])).stdout == schema);
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(
        schema["properties"]["adapters"]["properties"]["faulty"]["properties"]["amount"]["default"],
        1.0
    );
    assert!(schema["$defs"]["Network"].to_string().contains("\"failing\""));
    // Without plugins it is the file beside the default weights.
    let committed =
        std::fs::read_to_string(Path::new(&at("config/weights.schema.json"))).expect("the schema");
    assert!(renown(["schema"]).stdout == committed);
}
