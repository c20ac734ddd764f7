//! Klout's API v2, as its old clients call it: its shapes and traps, and two libraries that were written for it, with only the host changed.

#![cfg(unix)]

use std::process::Command;

use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::served::Served;
use crate::common::town::served;
use serde_json::{Value, json};

fn get(server: &Served, path: &str, key: &str) -> crate::common::served::Answer {
    let joined = if path.contains('?') { '&' } else { '?' };
    server.get(&format!("/v2/{path}{joined}key={key}"), "")
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn shapes_and_traps_are_as_they_were() {
    let folder = Folder::new();
    let (_, server, admin) = served(&folder, &[]);
    let new = json!({ "name": "an old tool", "purpose": "marketing", "scopes": ["read"] });
    let key = server.key(&admin, &new);
    let ok = |path: &str| get(&server, path, &key).with(200).json();

    let identity = ok("identity.json/twitter?screenName=mara_lind");
    let id = identity["id"].as_str().expect("ids are texts").to_owned();
    assert_eq!(identity, json!({ "id": id, "network": "ks" }));
    for path in
        ["identity.json/tw/1004", "identity.json/twitter?screenName=%40Mara_Lind", "identity.json/fb/2004"]
    {
        assert_eq!(ok(path)["id"], id, "{path}");
    }
    assert_eq!(ok("identity.json/yt/UCisoldemarrowby--000001")["network"], "ks");
    assert_eq!(ok(&format!("identity.json/klout/{id}/tw")), json!({ "id": "1004", "network": "tw" }));
    for path in [
        "identity.json/twitter?screenName=nobody_of_this_name",
        "identity.json/tw/999999",
        "identity.json/gp/1",
        "identity.json/ig/1",
        "identity.json/xx/1",
        &format!("identity.json/ks/{id}/tw"),
        &format!("identity.json/klout/{id}/yt"),
        // Who agreed to nothing is nobody, too, and so are minors.
        "identity.json/twitter?screenName=pascoe_thimble",
        "identity.json/tw/1018",
        "identity.json/tw/1013",
        "user.json/0",
        "user.json/10000000000000000000000",
        "user.json/x",
        "user.json/999999/score",
        "nothing.json",
    ] {
        get(&server, path, &key).with(404);
    }

    let user = ok(&format!("user.json/{id}"));
    assert_eq!(keys(&user), ["kloutId", "nick", "score", "scoreDeltas"]);
    assert_eq!((&user["kloutId"], &user["nick"]), (&json!(id), &json!("mara-lind")));
    let native = server.get("/api/v1/people/mara-lind", &key).with(200).json()["score"].clone();
    assert_eq!(user["score"], json!({ "score": native, "bucket": "40-49" }));
    assert_eq!(keys(&user["scoreDeltas"]), ["dayChange", "monthChange", "weekChange"]);
    let score = ok(&format!("user.json/{id}/score"));
    assert_eq!(keys(&score), ["bucket", "score", "scoreDelta"], "in the singular");
    assert_eq!((&score["score"], &score["scoreDelta"]), (&native, &user["scoreDeltas"]));
    let history = server.get("/api/v1/people/mara-lind/history", &key).with(200).json();
    let day =
        history["points"][1]["score"].as_f64().unwrap() - history["points"][0]["score"].as_f64().unwrap();
    assert!((score["scoreDelta"]["dayChange"].as_f64().unwrap() - day).abs() < 1e-9);
    assert!(ok(&format!("user.json/{id}/topics")).is_array());

    let influence = ok(&format!("user.json/{id}/influence"));
    assert_eq!(
        keys(&influence),
        ["myInfluencees", "myInfluenceesCount", "myInfluencers", "myInfluencersCount"]
    );
    let mut named = 0;
    for (list, count) in [("myInfluencers", "myInfluencersCount"), ("myInfluencees", "myInfluenceesCount")] {
        let list = influence[list].as_array().unwrap();
        assert!(list.len() <= 5 && influence[count].as_u64() >= Some(list.len() as u64), "{influence}");
        let scores: Vec<f64> =
            list.iter().map(|one| one["entity"]["payload"]["score"]["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        for one in list {
            assert_eq!(one["entity"]["id"], one["entity"]["payload"]["kloutId"]);
        }
        named += list.len();
    }
    assert!(named > 0, "{influence}");

    // Errors have the body of the first API, since that of the second is not known.
    let refused = get(&server, &format!("user.json/{id}"), "wrong").with(401).json();
    assert_eq!(refused["status"], 401);
    assert!(refused["body"]["error"].is_string(), "{refused}");
    get(&server, "identity.json/twitter", &key).with(403);
    server.get(&format!("/v2/user.json/{id}"), &key).with(401);

    // Pages of others ask with a callback, whose name is a name.
    let script = get(&server, &format!("user.json/{id}/score?callback=jQuery.cb_1"), &key).with(200);
    assert_eq!(script.header("content-type"), "application/javascript; charset=utf-8");
    let called = script.body.strip_prefix("/**/jQuery.cb_1(").and_then(|rest| rest.strip_suffix(");"));
    let given: Value = serde_json::from_str(called.expect("a call")).expect("JSON");
    assert_eq!(given, score);
    for name in ["alert(1)//", "a;b", "%3Cscript%3E", "", &"a".repeat(65), "a%0d%0ab"] {
        let answer = get(&server, &format!("user.json/{id}/score?callback={name}"), &key).with(403);
        assert_eq!(answer.header("content-type"), "application/json", "{name}");
    }

    // Who looked is told, and a key of one's own sees oneself.
    let own = json!({ "name": "own", "purpose": "self", "scopes": ["self"], "person": "mara-lind" });
    let own = server.key(&admin, &own);
    get(&server, &format!("user.json/{id}/score"), &own).with(200);
    let other = ok("identity.json/yt/UCisoldemarrowby--000001")["id"].as_str().unwrap().to_owned();
    get(&server, &format!("user.json/{other}/score"), &own).with(403);
    get(&server, "user.json/999999/score", &own).with(403);
    let looks = server.get("/api/v1/people/mara-lind/looks", &own).with(200).json();
    let actions: Vec<_> =
        looks["looks"].as_array().unwrap().iter().map(|look| look["action"].clone()).collect();
    for action in ["klout identity", "klout user", "klout score", "klout topics", "klout influence"] {
        assert!(actions.contains(&json!(action)), "{action} in {actions:?}");
    }
}

/// Runs a client; gives what it printed.
fn client(command: &mut Command) -> Value {
    let ran = command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}: run `sh scripts/setup-tests`");
    });
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{stderr}: run `sh scripts/setup-tests` if it is not there");
    serde_json::from_slice(&ran.stdout).expect("JSON")
}

/// The same with each number as a float: to JavaScript 0.0 is 0.
fn as_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(all) => all.iter().map(as_numbers).collect(),
        Value::Object(all) => all.iter().map(|(name, one)| (name.clone(), as_numbers(one))).collect(),
        other => other.clone(),
    }
}

fn assert_found(found: &Value, expected: &[(&str, &Value)]) {
    for (name, expected) in expected {
        assert_eq!(as_numbers(&found[*name]), as_numbers(expected), "{name}: {found}");
    }
}

#[test]
fn libraries_of_others_work_with_only_the_host_changed() {
    let folder = Folder::new();
    let (_, server, admin) = served(&folder, &[]);
    let new = json!({ "name": "an old tool", "purpose": "marketing", "scopes": ["read"] });
    let key = server.key(&admin, &new);
    let ok = |path: &str| get(&server, path, &key).with(200).json();
    let identity = ok("identity.json/twitter?screenName=mara_lind");
    let user = ok(&format!("user.json/{}", identity["id"].as_str().unwrap()));
    let of = |what: &str| ok(&format!("user.json/{}/{what}", identity["id"].as_str().unwrap()));
    let (score, topics, influence) = (of("score"), of("topics"), of("influence"));
    let same = [
        ("identity", &identity),
        ("by_id", &identity),
        ("score", &score),
        ("topics", &topics),
        ("influence", &influence),
    ];
    let address = server.address.to_string();

    let mut python = Command::new(at("target/python/bin/python3"));
    python.arg(at("crates/renown/tests/clients/python_klout.py")).args([&address, &key, "mara_lind", "1004"]);
    let found = client(&mut python);
    assert_found(&found, &same);
    assert_eq!((&found["nobody"], &found["wrong_key"]), (&json!(404), &json!(401)));

    let mut node = Command::new("node");
    let (host, port) = address.split_once(':').unwrap();
    node.env("NODE_PATH", at("target/node/node_modules"));
    node.arg(at("crates/renown/tests/clients/node_klout.cjs")).args([host, port, &key, "mara_lind", "1004"]);
    let found = client(&mut node);
    assert_found(&found, &same);
    assert_found(&found, &[("user", &user), ("handle", &json!({ "id": "1004", "network": "tw" }))]);
    assert_eq!(found["nobody"]["error"], "Resource or user not found.");
    assert_eq!(found["wrong_key"]["error"], "Invalid authentication credentials.");
}
