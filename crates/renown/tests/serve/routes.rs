//! Every operation that the description of the API has: without a key, with a wrong scope, with another person's id, of nobody, with
//! hostile texts; and that no answer names anybody who did not agree.

#![cfg(unix)]

use std::collections::BTreeSet;

use crate::common::bystanders::bystanders;
use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::served::{Answer, Served};
use crate::common::town::served;
use serde_json::{Value, json};

/// An operation of the API.
#[derive(Debug)]
struct Operation {
    method: String,
    path: String,
    id: String,
    /// The scopes of which one is enough, beside `admin`; none if no key is needed.
    scopes: Vec<String>,
}

fn operations(server: &Served) -> Vec<Operation> {
    let api = server.get("/api/v1/openapi.json", "").with(200).json();
    assert_eq!(api["openapi"], "3.1.0");
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let security = operation["security"].as_array().expect("security");
            let scopes = security.iter().filter_map(|one| one["bearer"].as_array()).flatten();
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                scopes: scopes.map(|scope| scope.as_str().expect("a scope").to_owned()).collect(),
            });
        }
    }
    all
}

/// What follows the path, and the body, of a request that is in order. Whoever adds an operation with parameters or a body adds it here.
fn sample(operation: &Operation, toml: &str) -> (&'static str, Value) {
    match (operation.method.as_str(), operation.path.as_str()) {
        ("GET", path) if path.ends_with("/diff") => ("?from=2026-09-29&to=2026-09-30", Value::Null),
        ("GET", "/api/v1/compare") => ("?rulers=kred", Value::Null),
        ("POST", "/api/v1/people") => ("", json!({ "id": "a-new-one", "accounts": ["twitter:1"] })),
        ("PATCH", "/api/v1/people/{person}") => ("", json!({ "name": "A name" })),
        ("POST", "/api/v1/weights/lint" | "/api/v1/weights/attack") => ("", json!({ "toml": toml })),
        ("POST", "/api/v1/weights/edit") => ("", json!({ "sets": ["networks.twitter.weight=0.5"] })),
        ("POST", "/api/v1/what-if") => ("", json!({ "sets": ["networks.twitter.weight=0.5"], "top": 1000 })),
        ("PUT", "/api/v1/weights") => ("", json!({ "toml": toml, "memo": "why" })),
        ("POST", "/api/v1/selection") => ("", json!({ "limit": 1000, "spread": true })),
        ("POST", "/api/v1/days") => ("", json!({ "as_of": "2026-09-30" })),
        ("POST", "/api/v1/keys") => ("", json!({ "name": "x", "purpose": "research", "scopes": ["read"] })),
        _ => ("", Value::Null),
    }
}

/// Something to carry it out on, and the key that does.
struct Asked<'s> {
    server: &'s Served,
    toml: String,
    key_id: String,
}

impl Asked<'_> {
    fn ask(&self, operation: &Operation, person: &str, key: &str) -> Answer {
        let (query, body) = sample(operation, &self.toml);
        let path = operation.path.replace("{person}", person).replace("{id}", &self.key_id);
        let path = format!("{path}{query}");
        if operation.path == "/api/v1/ingest" {
            // Short, so that it is sent before a refusal ends the connection.
            let export = json!({ "data": [{
                "id": "1500000000000000001", "author_id": "1004", "text": "soil", "created_at": "2026-09-29T08:00:00.000Z",
                "public_metrics": { "retweet_count": 1, "reply_count": 0, "like_count": 2, "quote_count": 0 },
            }] });
            return self.server.ask(
                "POST",
                &path,
                key,
                "application/octet-stream",
                export.to_string().as_bytes(),
            );
        }
        match body {
            Value::Null => self.server.ask(&operation.method, &path, key, "", b""),
            body => self.server.send(&operation.method, &path, key, &body),
        }
    }
}

fn assert_problem(answer: &Answer, operation: &Operation) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{operation:?} {answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
}

#[test]
fn every_operation_asks_for_its_scope_and_names_nobody_who_did_not_agree() {
    let folder = Folder::new();
    let (_, server, admin) = served(&folder, &[]);
    let all = operations(&server);
    assert!(all.len() > 30, "{all:?}");
    let make = |scopes: Value, purpose: &str, person: Option<&str>| {
        server.key(&admin, &json!({ "name": "t", "purpose": purpose, "scopes": scopes, "person": person }))
    };
    let keys = [
        ("read", make(json!(["read"]), "marketing", None)),
        ("ingest", make(json!(["ingest"]), "research", None)),
        ("self", make(json!(["self"]), "self", Some("mara-lind"))),
    ];
    let toml = server.get("/api/v1/weights", &admin).with(200).json()["toml"].as_str().unwrap().to_owned();
    let spare = json!({ "name": "spare", "purpose": "research", "scopes": ["read"] });
    let key_id = server.send("POST", "/api/v1/keys", &admin, &spare).with(201).json()["key"]["id"].clone();
    let asked = Asked { server: &server, toml, key_id: key_id.as_str().unwrap().to_owned() };

    let mut bodies: Vec<(String, String)> = Vec::new();
    for operation in &all {
        if operation.scopes.is_empty() {
            assert!(operation.path.ends_with("/health") || operation.path.ends_with("/openapi.json"));
            bodies.push((operation.id.clone(), asked.ask(operation, "mara-lind", "").with(200).body));
            continue;
        }
        let without = asked.ask(operation, "mara-lind", "").with(401);
        assert_problem(&without, operation);
        asked.ask(operation, "mara-lind", "renown_0_0").with(401);
        for (scope, key) in &keys {
            if operation.scopes.iter().any(|enough| enough == scope) {
                continue;
            }
            let refused = asked.ask(operation, "mara-lind", key).with(403);
            assert_problem(&refused, operation);
            bodies.push((operation.id.clone(), refused.body));
        }
        if operation.path.contains("{person}") {
            // Whether there is such a person is none of a stranger's business.
            for person in ["isolde-marrowby", "nobody-at-all", "tilda-wrenlow"] {
                assert_problem(&asked.ask(operation, person, &keys[2].1).with(403), operation);
            }
            for person in ["nobody-at-all", "%00", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1--"] {
                assert_problem(&asked.ask(operation, person, &admin).with(404), operation);
            }
        }
    }
    // What is asked for is given; those that end something come last.
    let mut rest: Vec<&Operation> = all.iter().collect();
    rest.sort_by_key(|operation| {
        let changes = operation.method != "GET";
        let ends = operation.method == "DELETE"
            || ["/withdraw", "/object"].iter().any(|end| operation.path.ends_with(end))
            || operation.method == "PUT";
        (changes, ends, operation.method == "DELETE")
    });
    for operation in rest {
        server.wait_until("the records are read", |server| {
            server.get("/api/v1/health", "").json()["records"] == true
        });
        if operation.scopes.iter().any(|scope| scope == "self") && operation.method == "GET" {
            let own = asked.ask(operation, "mara-lind", &keys[2].1).with(200);
            for other in ["isolde-marrowby", "ruben-quillfeather", "bastian-okonwold"] {
                assert!(!own.body.contains(other), "{other} in {operation:?}");
            }
        }
        if operation.scopes.iter().any(|scope| scope == "read") {
            let read = asked.ask(operation, "mara-lind", &keys[0].1);
            assert!([200, 201].contains(&read.status), "{operation:?} {read:?}");
            for hidden in ["tilda-wrenlow", "osk-varnholt", "una-grellish"] {
                assert!(!read.body.contains(hidden), "{hidden} in {operation:?}");
            }
            bodies.push((operation.id.clone(), read.body));
        }
        let answer = asked.ask(operation, "mara-lind", &admin);
        assert!([200, 201, 204].contains(&answer.status), "{operation:?} {answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.header("x-request-id").is_empty());
        assert_eq!(answer.header("access-control-allow-origin"), "");
        bodies.push((operation.id.clone(), answer.body));
    }
    let bystanders = bystanders();
    for (operation, body) in &bodies {
        for name in &bystanders {
            assert!(!body.contains(name.as_str()), "{name} in {operation}");
        }
    }
    let log = server.end();
    assert!(!log.contains("panicked") && !log.contains("fault"), "{log}");
    for name in &bystanders {
        assert!(!log.contains(name.as_str()), "{name} in the log");
    }
}

/// The description that is committed is the one that the code gives.
#[test]
fn the_description_is_kept() {
    let folder = Folder::new();
    let server = Served::start(&folder.path("store"), &[]);
    let api = server.get("/api/v1/openapi.json", "").with(200).body;
    let path = at("docs/openapi.json");
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        std::fs::write(&path, format!("{api}\n")).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept.trim_end() == api,
        "docs/openapi.json is not what the code gives: RENOWN_UPDATE=1 brings it up to date"
    );
    // Names of operations are those of functions that a client is made of: each once.
    let ids: Vec<String> = operations(&server).into_iter().map(|operation| operation.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
}
