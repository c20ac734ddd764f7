//! What a server does when it is killed, when its book is held by another process, when its disk may not be written to, and when the clock
//! jumps: nothing that was published is lost, and it says what is wrong.

#![cfg(unix)]

use std::os::unix::process::CommandExt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::api::walk;
use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::renown::renown;
use crate::common::run::command;
use crate::common::served::Served;
use crate::common::store::ok;
use crate::common::town::{served, town};
use rusqlite::Connection;
use serde_json::json;

/// What a client asks again and again, and the status of the answer.
type Load<'a> = Box<dyn Fn(&ureq::Agent) -> Option<u16> + Send + Sync + 'a>;

/// Whoever starts it may end it as soon as it says that it serves: a supervisor that changes its mind, a script that only looks whether
/// it starts.
#[test]
fn a_server_that_is_ended_as_soon_as_it_serves_ends_in_good_order() {
    let folder = Folder::new();
    let store = town(&folder);
    for _ in 0..5 {
        Served::start(&store, &[]).end();
        assert!(!std::fs::exists(format!("{store}.uploads")).unwrap(), "uploads wait for nobody");
    }
}

/// What was published is served from the book; of what is asked of the records it is not said that they are on their way.
#[test]
fn records_that_cannot_be_read_are_no_records_to_wait_for() {
    let folder = Folder::new();
    let (store, first, key) = served(&folder, &[]);
    first.end();
    for file in walk(&format!("{store}/tallies")) {
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(file, bytes).unwrap();
    }
    let server = Served::start(&store, &[]);
    server.wait_until("it is said that the records cannot be read", |server| {
        let answer = server.get("/api/v1/weights", &key).with(503).json();
        answer["detail"] == "the records cannot be read: the server's log says why"
    });
    let log = server.said_so_far();
    assert!(
        log.contains("error: the records cannot be read: ") && log.contains(".tally: it was changed"),
        "{log}"
    );
    server.get("/api/v1/people/mara-lind", &key).with(200);
    server.end();
}

/// Killed in the midst of look-ups, uploads, scorings and people who change their mind, again and again.
#[test]
fn a_server_that_is_killed_loses_nothing_that_was_published() {
    let folder = Folder::new();
    let (store, server, key) = served(&folder, &[]);
    let history = |server: &Served| {
        server.get("/api/v1/people/mara-lind/history", &key).with(200).json()["points"].clone()
    };
    let published = history(&server);
    server.kill();
    let export = std::fs::read(at("examples/town/twitter/search-2026-06.jsonl")).unwrap();
    for round in 0_u64..4 {
        let server = Served::start(&store, &["--rate", "0"]);
        assert_eq!(server.said, "", "no second key");
        let before = history(&server);
        assert_eq!(before.as_array().unwrap()[..2], published.as_array().unwrap()[..]);
        let (ended, asked) = (AtomicBool::new(false), AtomicU64::new(0));
        let address = server.address;
        std::thread::scope(|scope| {
            let loads: [Load<'_>; 4] = [
                Box::new(|agent| {
                    ask(agent, "GET", &format!("http://{address}/api/v1/leaderboard"), &key, b"")
                }),
                Box::new(|agent| {
                    ask(agent, "POST", &format!("http://{address}/api/v1/ingest"), &key, &export)
                }),
                Box::new(|agent| {
                    let day = format!("{{\"as_of\":\"2026-10-0{}\"}}", round + 1);
                    ask(agent, "POST", &format!("http://{address}/api/v1/days"), &key, day.as_bytes())
                }),
                Box::new(|agent| {
                    ask(
                        agent,
                        "POST",
                        &format!("http://{address}/api/v1/people/velda-cronk/withdraw"),
                        &key,
                        b"",
                    );
                    ask(
                        agent,
                        "POST",
                        &format!("http://{address}/api/v1/people/velda-cronk/agree"),
                        &key,
                        b"",
                    )
                }),
            ];
            for load in loads {
                let (ended, asked) = (&ended, &asked);
                scope.spawn(move || {
                    let agent = ureq::Agent::new_with_config(
                        ureq::Agent::config_builder().http_status_as_error(false).build(),
                    );
                    while !ended.load(Ordering::Relaxed) {
                        match load(&agent) {
                            Some(status) => assert!(status < 500 || status == 503, "{status}"),
                            None => break,
                        }
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(700 + 350 * round));
            server.kill();
            ended.store(true, Ordering::Relaxed);
        });
        assert!(asked.load(Ordering::Relaxed) > 10);
        let verified = renown(["store", "verify", &store]).stdout;
        let damage = verified
            .lines()
            .filter(|line| line.starts_with("fail ") && !line.contains("left behind by a run"));
        assert_eq!(damage.count(), 0, "{verified}");
    }
    let server = Served::start(&store, &[]);
    assert_eq!(history(&server).as_array().unwrap()[..2], published.as_array().unwrap()[..]);
    assert_eq!(
        std::fs::read_dir(format!("{store}.uploads")).unwrap().count(),
        0,
        "half an upload is removed"
    );
}

fn ask(agent: &ureq::Agent, method: &str, url: &str, key: &str, body: &[u8]) -> Option<u16> {
    let request = ureq::http::Request::builder().method(method).uri(url);
    let request =
        request.header("authorization", format!("Bearer {key}")).header("content-type", "application/json");
    agent.run(request.body(body).expect("a request")).ok().map(|answer| answer.status().as_u16())
}

#[test]
fn while_another_process_holds_the_book_look_ups_are_answered_and_changes_asked_to_wait() {
    let folder = Folder::new();
    let (store, server, key) = served(&folder, &[]);
    let other = Connection::open(format!("{store}/book.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let refused = std::thread::scope(|scope| {
        let slow = scope.spawn(|| server.ask("POST", "/api/v1/people/mara-lind/withdraw", &key, "", b""));
        // Meanwhile, and more often than there are threads that could wait.
        for _ in 0..50 {
            server.get("/api/v1/people/mara-lind", &key).with(200);
            server.get("/api/v1/people/mara-lind/history", &key).with(200);
        }
        slow.join().unwrap()
    });
    let refused = refused.with(503);
    assert!(refused.json()["detail"].as_str().unwrap().contains("another process is writing"), "{refused:?}");
    assert!(!refused.header("retry-after").is_empty());
    assert!((4..20).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    server.wait_until("health says so", |server| {
        server.get("/api/v1/health", "").json()["status"] == "the book cannot be written to"
    });
    other.execute_batch("ROLLBACK").unwrap();
    server.wait_until("it is well again", |server| server.get("/api/v1/health", "").json()["status"] == "ok");
    server.ask("POST", "/api/v1/people/mara-lind/withdraw", &key, "", b"").with(200);
    // What was looked up meanwhile was not lost.
    let looks = server.get("/api/v1/people/mara-lind/looks", &key).with(200).json();
    let times = looks["looks"].as_array().unwrap().iter().filter(|look| look["action"] == "score");
    assert_eq!(times.map(|look| look["times"].as_u64().unwrap()).sum::<u64>(), 50, "{looks}");
}

/// As root, who may write anywhere, the server runs as somebody else.
#[test]
fn a_store_that_may_not_be_written_to_is_named_and_left_as_it_is() {
    const NOBODY: u32 = 65_534;
    let folder = Folder::new();
    let store = town(&folder);
    let (all, mine) = (folder.path(""), rustix::process::geteuid().is_root());
    let chmod = |mode: &str| {
        assert!(std::process::Command::new("chmod").args(["-R", mode, &all]).status().unwrap().success());
    };
    chmod("a+rX,a-w");
    let mut serve = command();
    serve.args(["serve", "--store", &store, "--listen", "127.0.0.1:0"]);
    if mine {
        serve.uid(NOBODY).gid(NOBODY);
    }
    let ran = crate::common::run::Ran::of(&mut serve);
    chmod("u+w");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(&store), "{ran:?}");
    assert!(!ran.stderr.contains("panicked"));
    assert_eq!(ok(renown(["store", "verify", &store])).stdout.lines().last(), Some("ok"));
}

/// A limit on the size of files is the nearest thing to a full disk that needs no rights: writing fails in the same places.
#[test]
fn a_disk_that_is_full_refuses_changes_and_goes_on_serving() {
    let folder = Folder::new();
    let store = town(&folder);
    let first = Served::start(&store, &[]);
    let key = first.said.clone();
    first.end();
    let size = std::fs::metadata(format!("{store}/book.sqlite")).unwrap().len();
    let mut limited = std::process::Command::new("sh");
    // In blocks of 512 bytes; whoever goes beyond gets an error instead of a signal.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", size / 512 + 8);
    limited.args(["-c", &script, env!("CARGO_BIN_EXE_renown")]);
    limited.args(["serve", "--store", &store, "--listen", "127.0.0.1:0", "--rate", "0"]);
    let server = Served::of(limited).ready();
    let history = server.get("/api/v1/people/mara-lind/history", &key).with(200).json();
    let many = "x".repeat(150);
    let mut refused = None;
    for number in 0..2000 {
        let invite = json!({ "id": format!("n{number}"), "name": many });
        let answer = server.send("POST", "/api/v1/people", &key, &invite);
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the disk is full").with(507);
    assert!(refused.json()["detail"].as_str().unwrap().contains("cannot be written"), "{refused:?}");
    assert_eq!(server.get("/api/v1/people/mara-lind/history", &key).with(200).json(), history);
    let upload = vec![b'x'; 4 << 20];
    server.ask("POST", "/api/v1/ingest", &key, "application/octet-stream", &upload).with(507);
    let log = server.end();
    assert!(log.contains("error: ") && !log.contains("panicked"), "{log}");
    assert_eq!(ok(renown(["store", "verify", &store])).stdout.lines().last(), Some("ok"));
    let again = Served::start(&store, &[]);
    assert_eq!(again.get("/api/v1/people/mara-lind/history", &key).with(200).json(), history);
}
