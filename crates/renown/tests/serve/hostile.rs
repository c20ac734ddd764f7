//! What strangers send: texts that would be code elsewhere, archives that grow, floods, and clients that are slow. None of it ends the
//! server, and others are answered meanwhile.

#![cfg(unix)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::common::folder::Folder;
use crate::common::served::Served;
use crate::common::town::PEOPLE;
use serde_json::json;

const SCRIPT: &str = "<script>alert(1)</script>\"'\u{202e}";

fn server(folder: &Folder, more: &[&str]) -> (Served, String) {
    let store = folder.path("store");
    let server = Served::start(&store, &[&["--people", PEOPLE, "--rate", "0"], more].concat());
    let key = server.said.clone();
    (server, key)
}

/// Writes something to a connection and reads what comes back until it ends.
fn raw(server: &Served, bytes: &[u8]) -> String {
    let mut stream = server.connect();
    // The server may have heard enough before all is written.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn still_there(server: &Served) {
    server.get("/api/v1/health", "").with(200);
    let log = server.said_so_far();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn texts_that_would_be_code_elsewhere_are_texts() {
    let folder = Folder::new();
    let (server, key) = server(&folder, &[]);
    let invite = json!({ "id": SCRIPT, "name": SCRIPT, "accounts": [format!("twitter:@{SCRIPT}")] });
    let invited = server.send("POST", "/api/v1/people", &key, &invite).with(201);
    assert_eq!(invited.header("content-type"), "application/json");
    assert_eq!(invited.json()["name"], SCRIPT);
    let formula = json!({ "id": "=cmd|' /C calc'!A0", "name": "@SUM(1)" });
    server.send("POST", "/api/v1/people", &key, &formula).with(201);
    let csv = server.get("/api/v1/people?format=csv&limit=1000", &key).with(200).body;
    let cells: Vec<&str> = csv.lines().filter(|line| line.contains("cmd")).collect();
    assert!(cells[0].starts_with("'=cmd") && cells[0].contains("'@SUM(1)"), "{cells:?}");
    for control in ["a\u{1b}[31mb", "line\nbreak", "", "\u{0}"] {
        server.send("POST", "/api/v1/people", &key, &json!({ "id": control })).with(422);
    }
    let long = "x".repeat(10_000);
    server.send("POST", "/api/v1/people", &key, &json!({ "id": long })).with(422);
    let accounts: Vec<String> = (0..100_000).map(|number| format!("n:{number}")).collect();
    let answer = server.send("POST", "/api/v1/people", &key, &json!({ "id": "many", "accounts": accounts }));
    assert!([413, 422].contains(&answer.status), "{answer:?}");
    for body in [
        "",
        "{",
        "[]",
        "nul",
        "{\"id\":1}",
        "{\"id\":\"a\",\"id\":\"b\"}",
        &"[".repeat(200_000),
        "\u{feff}{}",
    ] {
        let answer = server.ask("POST", "/api/v1/people", &key, "application/json", body.as_bytes());
        assert!((400..500).contains(&answer.status), "{body}: {answer:?}");
    }
    server
        .ask(
            "POST",
            "/api/v1/people",
            &key,
            "text/xml",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
        )
        .with(415);
    for query in ["band=%ff", "q=%00%ff", "limit=-1", "after=99999999999999999999", "q=%F0%9F%98%80"] {
        let answer = server.get(&format!("/api/v1/leaderboard?{query}"), &key);
        assert!((200..500).contains(&answer.status), "{query}: {answer:?}");
    }
    // The weights name no file and load nothing.
    for toml in ["[[plugin]]\npath = \"/tmp/x.so\"", "a = \u{0}", "include = '/etc/passwd'"] {
        for path in ["/api/v1/weights/lint", "/api/v1/weights/attack"] {
            let answer = server.send("POST", path, &key, &json!({ "toml": toml }));
            assert!([422, 503].contains(&answer.status), "{toml}: {answer:?}");
        }
    }
    still_there(&server);
}

/// A zip archive with files of these names and contents.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn uploads_are_read_within_bounds_and_leave_nothing() {
    let folder = Folder::new();
    let (server, key) = server(&folder, &["--max-upload", "8MiB"]);
    let upload = |bytes: &[u8]| server.ask("POST", "/api/v1/ingest", &key, "application/octet-stream", bytes);
    // 4 GiB of zeros in 4 MiB, zipped and gzipped, and an archive in an archive.
    let zeros = vec![0_u8; 512 << 20];
    let bomb = zip(&[("tweets.js", &zeros), ("a.json", &zeros)]);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(&zeros).unwrap();
    let gz = gz.finish().unwrap();
    drop(zeros);
    let nested = zip(&[("inner.zip", &bomb)]);
    let begun = Instant::now();
    for (name, bytes) in [("zip", &bomb), ("gz", &gz), ("nested", &nested)] {
        let answer = upload(bytes);
        assert!([200, 409, 413, 422].contains(&answer.status), "{name}: {answer:?}");
        if answer.status == 200 {
            assert_eq!(answer.json()["rows"], 0, "{name}");
        }
    }
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    // Names that lead elsewhere lead nowhere.
    let names = [
        "../../../../tmp/renown-upload-was-here",
        "/tmp/renown-upload-was-here",
        "..\\..\\renown-upload-was-here",
    ];
    for name in names {
        let answer = upload(&zip(&[(name, b"{\"data\":[{\"id\":\"1\"}]}")]));
        assert!([200, 422].contains(&answer.status), "{name}: {answer:?}");
    }
    assert!(!std::fs::exists("/tmp/renown-upload-was-here").unwrap());
    let damaged = &bomb[..bomb.len() / 2];
    assert!([200, 422].contains(&upload(damaged).status));
    let xml = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>";
    let answer = upload(xml);
    assert!([200, 422].contains(&answer.status) && !answer.body.contains("root:"), "{answer:?}");
    assert_eq!(std::fs::read_dir(folder.path("store.uploads")).unwrap().count(), 0);
    // Somebody who hangs up in the middle leaves nothing either.
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/ingest HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {key}\r\ncontent-length: 1000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&[b'x'; 1000]).unwrap();
    server.wait_until("the upload has begun", |_| {
        std::fs::read_dir(folder.path("store.uploads")).unwrap().count() == 1
    });
    drop(stream);
    server
        .wait_until("it is gone", |_| std::fs::read_dir(folder.path("store.uploads")).unwrap().count() == 0);
    still_there(&server);
}

#[test]
fn floods_of_headers_bodies_and_paths_are_cut_off() {
    let folder = Folder::new();
    let (server, key) = server(&folder, &[]);
    let heads = [
        format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET /api/v1/leaderboard?q={} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(200_000)),
        format!("GET /api/v1/health HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET /api/v1/health HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(10_000)),
        "GET /api/v1/health HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello".to_owned(),
        "GET /api/v1/health HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nffffffffffffffffff\r\n".to_owned(),
        "\u{0}\u{1}\u{2}".repeat(1000),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
    ];
    for head in &heads {
        let answer = raw(&server, head.as_bytes());
        let status = answer.split(' ').nth(1).unwrap_or("");
        assert!(answer.is_empty() || status.starts_with('4') || status == "200", "{status} {}", &head[..60]);
        still_there(&server);
    }
    // A body that is longer than any may be, said and unsaid.
    let long = vec![b' '; 2 << 20];
    let answer = server.ask("POST", "/api/v1/keys", &key, "application/json", &long);
    assert_eq!(answer.status, 413, "{answer:?}");
    // The rest of it is not read, which is told, or the next question by the same connection would be lost.
    assert_eq!(answer.headers["connection"], "close");
    // Likewise where nobody looked at it, since who sent it may not: a short one here, which is sent before a refusal ends the connection.
    let answer = server.ask("POST", "/api/v1/keys", "renown_a_b", "application/json", b"[]");
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(answer.headers["connection"], "close");
    // And nothing of the kind where it was read, or where there is none.
    let answer = server.ask("POST", "/api/v1/keys", &key, "application/json", b"[]");
    assert_eq!(answer.status, 422, "{answer:?}");
    assert!(!answer.headers.contains_key("connection"), "{answer:?}");
    let answer = server.get("/api/v1/keys", "renown_a_b");
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(!answer.headers.contains_key("connection"), "{answer:?}");
    still_there(&server);
}

#[test]
fn slow_clients_are_not_waited_for_and_hold_nobody_up() {
    let folder = Folder::new();
    let (server, key) = server(&folder, &["--connections", "40"]);
    let begun = Instant::now();
    // Heads that never end, and bodies that stop.
    let mut slow: Vec<TcpStream> = Vec::new();
    for _ in 0..15 {
        let mut stream = server.connect();
        stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nhost: a\r\nx").unwrap();
        slow.push(stream);
        let mut stream = server.connect();
        let head = format!(
            "POST /api/v1/keys HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
             content-length: 100\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).unwrap();
        slow.push(stream);
    }
    // Questions of which nobody takes the answers: far more of these than the system's buffers hold.
    let mut deaf: Vec<TcpStream> = Vec::new();
    for _ in 0..5 {
        let mut stream = server.connect();
        for _ in 0..300 {
            stream.write_all(b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        }
        deaf.push(stream);
    }
    // Others are answered meanwhile, and soon.
    let asked = Instant::now();
    server.get("/api/v1/publications", &key).with(200);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    for stream in &mut slow {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    // They are not served to the end, either: whoever begins to take the answers once it is too late gets what the buffers held.
    std::thread::sleep(Duration::from_secs(25).saturating_sub(begun.elapsed()));
    for mut stream in deaf {
        let mut answers = Vec::new();
        let _ = stream.read_to_end(&mut answers);
        let whole = String::from_utf8_lossy(&answers).matches("HTTP/1.1 200").count();
        assert!((1..300).contains(&whole), "{whole} answers");
    }
    // More connections than there may be are closed at once, and there is room again afterwards.
    let many: Vec<TcpStream> = (0..60).map(|_| server.connect()).collect();
    drop(many);
    server.wait_until("there is room again", |server| server.get("/api/v1/health", "").status == 200);
    still_there(&server);
}

#[test]
fn other_sites_get_nothing_done() {
    let folder = Folder::new();
    let (server, key) = server(&folder, &[]);
    let key = format!("Bearer {key}");
    let from = |method: &str, site: &str, origin: &str| {
        let headers = [
            ("authorization", key.as_str()),
            ("content-type", "application/json"),
            ("sec-fetch-site", site),
            ("origin", origin),
        ];
        let body: &[u8] = if method == "POST" { b"{\"id\":\"csrf\"}" } else { b"" };
        server.ask_with(method, "/api/v1/people", &headers, body)
    };
    assert_eq!(from("POST", "cross-site", "https://elsewhere.example").status, 403);
    let preflight = from("OPTIONS", "cross-site", "https://elsewhere.example");
    assert!(preflight.status >= 400 && preflight.header("access-control-allow-origin").is_empty());
    let read = from("GET", "cross-site", "https://elsewhere.example").with(200);
    assert_eq!(read.header("access-control-allow-origin"), "");
    assert_eq!(read.header("cross-origin-resource-policy"), "same-origin");
}

/// Unless they are listed.
#[test]
fn a_site_that_is_listed_may_ask() {
    let folder = Folder::new();
    let site = "https://dashboard.example";
    let (server, key) = server(&folder, &["--allow-origin", site]);
    let key = format!("Bearer {key}");
    let asked = |method: &str, origin: &str, more: &[(&str, &str)]| {
        let headers =
            [("origin", origin), ("sec-fetch-site", "cross-site"), ("content-type", "application/json")];
        let body: &[u8] = if method == "POST" { b"{\"id\":\"from-a-page\"}" } else { b"" };
        server.ask_with(method, "/api/v1/people", &[&headers[..], more].concat(), body)
    };
    let preflight =
        [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
    let allowed = asked("OPTIONS", site, &preflight).with(200);
    assert_eq!(allowed.header("access-control-allow-origin"), site);
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));
    let done = asked("POST", site, &[("authorization", &key)]).with(201);
    assert_eq!(done.header("access-control-allow-origin"), site);
    let other = asked("OPTIONS", "https://elsewhere.example", &preflight);
    assert_eq!(other.header("access-control-allow-origin"), "");
    asked("POST", "https://elsewhere.example", &[("authorization", &key)]).with(403);
}
