//! The studio, clicked through in a real browser: every page, wide and narrow, by day and by night; and what people do there.
//!
//! What is clicked, and what must hold, stands in `tests/studio/`. Node and Chromium are Debian's, and Playwright and axe come
//! from npm: `sh scripts/setup-tests` installs them. `RENOWN_SCREENS=docs/studio cargo test -p renown --test server studio` takes the pictures of
//! the documentation anew, and `RENOWN_STUDIO=slider` clicks through what is called so.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::renown::renown;
use crate::common::run::command;

/// The days that are published before anybody looks: thirteen weeks but for the last.
const DAYS: [&str; 13] = [
    "2026-07-08",
    "2026-07-15",
    "2026-07-22",
    "2026-07-29",
    "2026-08-05",
    "2026-08-12",
    "2026-08-19",
    "2026-08-26",
    "2026-09-02",
    "2026-09-09",
    "2026-09-16",
    "2026-09-23",
    "2026-09-27",
];

/// People whose names mean harm; they have accounts of the town whose owners were never asked.
const HOSTILE: &str = r#"
[[person]]
id = "<img src=x onerror=hacked=1>"
consent = true
accounts = ["twitter:1019"]

[[person]]
id = "');hacked=1;//<script>hacked=1</script>"
consent = true
accounts = ["youtube:UCpascoethimble---000019"]
"#;

/// A community whose name means harm, and who is always in it.
const MEMBERS: &str = "who,group\nmara_lind,\"\"\"><script>hacked=1</script>\"\n@Isolde_Marrowby,\"\"\"><script>hacked=1</script>\"\n";
const MAP: &str =
    "network = 'twitter'\n[columns]\naccount = { column = 'who', as = 'handle' }\ncommunity = 'group'\n";

/// A server that ends with the test.
struct Server {
    child: Child,
    key: String,
    url: String,
}

impl Server {
    fn new(store: &str) -> Self {
        let mut child = command()
            .args(["serve", "--store", store, "--listen", "127.0.0.1:0", "--rate", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut key = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut key).expect("the first key");
        let mut told = BufReader::new(child.stderr.take().expect("its talk"));
        let url = loop {
            let mut line = String::new();
            assert!(told.read_line(&mut line).expect("its talk") > 0, "it ended");
            if let Some((_, rest)) = line.split_once("http://") {
                break format!("http://{}", rest.split('/').next().expect("an address"));
            }
        };
        std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = told.read_to_string(&mut rest);
            eprint!("{rest}");
        });
        Self { child, key: key.trim().to_owned(), url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The town with some weeks published.
fn town(folder: &Folder) -> String {
    let store = folder.path("store");
    let known = std::fs::read_to_string(at("examples/town/people.toml")).expect("the town's people");
    // A picture is of the town as it is.
    let is_picture = std::env::var_os("RENOWN_SCREENS").is_some();
    let hostile = if is_picture { "" } else { HOSTILE };
    let (map, members) = (folder.file("map.toml", MAP), folder.file("members.csv", MEMBERS));
    let people = folder.file("people.toml", format!("{known}{hostile}"));
    for args in [
        vec!["ingest", "-q", "examples/town", "--store", &store],
        vec!["store", "people", "import", &store, &people],
    ] {
        let ran = renown(args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    if !is_picture {
        let ran = renown(["ingest", "-q", &members, "--map", &map, "--store", &store]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    for day in DAYS {
        let ran = renown(["day", "-q", "--store", &store, "--as-of", day]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    store
}

#[test]
fn everything_in_the_studio_works_for_everybody() {
    let folder = Folder::new();
    let server = Server::new(&town(&folder));
    let clicked = Command::new("node")
        .arg("run.mjs")
        .args([&server.url, &server.key])
        .args(std::env::var("RENOWN_STUDIO"))
        .current_dir(at("tests/studio"))
        .envs(
            std::env::var_os("RENOWN_SCREENS")
                .map(|screens| ("RENOWN_SCREENS", at(&screens.to_string_lossy()))),
        )
        .output()
        .expect("node is there: run `sh scripts/setup-tests`");
    let told = String::from_utf8_lossy(&clicked.stdout);
    println!("{told}");
    assert!(clicked.status.success(), "{told}{}", String::from_utf8_lossy(&clicked.stderr));
}
