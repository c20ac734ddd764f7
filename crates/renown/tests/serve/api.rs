//! `renown serve` as a whole program, on the example town, over real HTTP.

#![cfg(unix)]

use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::renown::renown;
use crate::common::served::{Answer, Served};
use crate::common::store::ok;
use crate::common::town::{PEOPLE, served, town};
use serde_json::{Value, json};

/// What `renown score --format json` or a store says of a person.
fn at_the_command_line(store: &str) -> Value {
    let day = ["day", "--store", store, "--as-of", "2026-09-30", "-q", "--format", "json"];
    serde_json::from_str(&ok(renown(day)).stdout).expect("JSON")
}

/// Mara's score, as the store has it.
fn mara_of(store: &str) -> Value {
    let day = at_the_command_line(store);
    let mara = day["people"].as_array().expect("people").iter().find(|one| one["person"] == "mara-lind");
    mara.expect("Mara")["score"].clone()
}

#[test]
fn a_first_start_tells_a_key_once_and_serves_what_was_published() {
    let folder = Folder::new();
    let store = town(&folder);
    let server = Served::start(&store, &[]).ready();
    let key = server.said.clone();
    assert!(key.starts_with("renown_"), "{key}");
    assert!(!server.said_so_far().contains(&key), "a key is no talk");
    let health = server.get("/api/v1/health", "").with(200).json();
    assert_eq!((&health["status"], &health["as_of"]), (&json!("ok"), &json!("2026-09-30")));

    let expected = at_the_command_line(&store);
    let people = expected["people"].as_array().expect("people");
    let page = server.get("/api/v1/leaderboard?limit=1000", &key).with(200).json();
    assert_eq!(page["ruler"], expected["ruler"], "{expected}");
    assert_eq!(page["people"].as_array().map(Vec::len), Some(people.len()));
    for (ours, theirs) in page["people"].as_array().unwrap().iter().zip(people) {
        for name in ["person", "score", "rank"] {
            assert_eq!(ours[name], theirs[name], "{ours} {theirs}");
        }
    }
    let mara = server.get("/api/v1/people/mara-lind", &key).with(200).json();
    assert_eq!(mara["score"], mara_of(&store));
    let parts = mara["parts"].as_array().unwrap().iter().map(|part| part["points"].as_f64().unwrap());
    assert!((parts.sum::<f64>() + 1.0 - mara["score"].as_f64().unwrap()).abs() < 1e-9, "{mara}");
    server.end();

    let again = Served::start(&store, &[]);
    assert_eq!(again.said, "");
    assert!(!again.said_so_far().contains("key"), "{}", again.said_so_far());
    again.get("/api/v1/people/mara-lind", &key).with(200);
    again.get("/api/v1/people/mara-lind", "").with(401);
    again.end();
    // Whoever lost it, and has the store, makes another.
    let other = Served::start(&store, &["--new-key"]);
    assert!(other.said.starts_with("renown_") && other.said != key);
    other.get("/api/v1/keys", &other.said).with(200);
    other.get("/api/v1/keys", &key).with(200);
}

#[test]
fn exports_people_and_a_store_from_one_line() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Served::start(&store, &["examples/town", "--people", PEOPLE]);
    let log = server.said_so_far();
    assert!(log.contains("published"), "{log}");
    let board = server.get("/api/v1/leaderboard", &server.said).with(200).json();
    assert_eq!(
        (board["people"][0]["person"].as_str(), board["of"].as_u64()),
        (Some("isolde-marrowby"), Some(151))
    );
    // A body, an answer's forms, and what is not said twice.
    let csv = server.get("/api/v1/leaderboard?format=csv&limit=2", &server.said).with(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    let tag = board_tag(&server);
    let key = format!("Bearer {}", server.said);
    let known = [("authorization", key.as_str()), ("if-none-match", tag.as_str())];
    let same = server.ask_with("GET", "/api/v1/leaderboard", &known, b"").with(304);
    assert_eq!((same.body.as_str(), same.header("etag")), ("", tag.as_str()));
    let log = server.end();
    assert!(!log.contains("panicked") && !log.contains("error"), "{log}");
}

fn board_tag(server: &Served) -> String {
    server.get("/api/v1/leaderboard", &server.said).with(200).header("etag").to_owned()
}

#[test]
fn a_leaderboard_is_filtered_and_goes_page_by_page() {
    let folder = Folder::new();
    let (_, server, key) = served(&folder, &[]);
    let get = |query: &str| server.get(&format!("/api/v1/leaderboard?{query}"), &key).with(200).json();
    let all = get("limit=1000");
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let page = get(&format!("limit=20&after={after}"));
        seen.extend(page["people"].as_array().unwrap().clone());
        match page["next"].as_u64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(Value::Array(seen), all["people"]);
    let band = get("band=50-59&limit=1000");
    let scores = band["people"].as_array().unwrap().iter().map(|one| one["score"].as_f64().unwrap());
    let scores: Vec<f64> = scores.collect();
    assert!(!scores.is_empty() && scores.iter().all(|score| (50.0..60.0).contains(score)), "{scores:?}");
    let on = get("network=youtube&limit=1000");
    assert!(
        on["people"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| { one["parts"].as_array().unwrap().iter().any(|part| part["network"] == "youtube") })
    );
    assert_eq!(get("network=myspace")["people"], json!([]));
    let takes_part = |one: &Value, community: &str| {
        one["communities"].as_array().is_some_and(|all| all.contains(&json!(community)))
    };
    for number in [101, 102, 103] {
        let community = format!("twitter:1490000000000000{number}");
        let in_it = get(&format!("community={community}&limit=1000"));
        let expected = all["people"].as_array().unwrap().iter().filter(|one| takes_part(one, &community));
        let expected: Vec<Value> = expected.cloned().collect();
        assert!(expected.len() > 3, "{community}: {expected:?}");
        let person = expected[0]["person"].as_str().unwrap().to_owned();
        assert_eq!(in_it["people"], Value::Array(expected));
        // It is among the records that are about them, in either form, whatever columns these have.
        let records =
            |form: &str| server.get(&format!("/api/v1/people/{person}/records{form}"), &key).with(200);
        let (told, csv) = (records("").json(), records("?format=csv").body);
        let headings: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        let columns = told["records"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one["columns"].as_object().unwrap().keys());
        for column in columns {
            assert!(headings.contains(&column.as_str()), "{column}");
        }
        let number = format!("1490000000000000{number}");
        assert!(csv.lines().any(|row| row.contains("memberships") && row.contains(&number)), "{csv}");
        // A community of another network is another one.
        assert_eq!(get(&format!("community=facebook:{number}"))["people"], json!([]));
    }
    assert_eq!(get("q=MARA-L")["people"].as_array().unwrap().len(), 1);
    server.send("PATCH", "/api/v1/people/mara-lind", &key, &json!({ "tags": ["soil"] })).with(200);
    let tagged = |server: &Served, tag: &str| {
        let path = format!("/api/v1/leaderboard?tag={tag}");
        let answer = server.get(&path, &key).with(200).json();
        answer["people"].as_array().unwrap().iter().map(|one| one["person"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(tagged(&server, "soil"), ["mara-lind"]);
    server.send("PATCH", "/api/v1/people/mara-lind", &key, &json!({ "tags": ["bread"] })).with(200);
    assert_eq!((tagged(&server, "soil"), tagged(&server, "bread")), (vec![], vec![json!("mara-lind")]));
    // And so it is when the server starts anew.
    server.end();
    let server = Served::start(&folder.path("store"), &[]);
    assert_eq!((tagged(&server, "soil"), tagged(&server, "bread")), (vec![], vec![json!("mara-lind")]));
    for wrong in ["band=x", "band=9-1", "limit=0", "limit=1001", "limit=99999", "format=xml", "communities=x"]
    {
        let answer = server.get(&format!("/api/v1/leaderboard?{wrong}"), &key).with(400);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[test]
fn a_person_is_explained_followed_over_time_and_compared() {
    let folder = Folder::new();
    let (store, server, key) = served(&folder, &[]);
    let hers = mara_of(&store);
    let get = |path: &str| server.get(&format!("/api/v1/people/mara-lind/{path}"), &key).with(200);
    let explanation = get("explanation").json();
    assert_eq!((&explanation["person"], &explanation["score"]), (&json!("mara-lind"), &hers));
    let html = get("explanation?format=html");
    assert!(html.header("content-type").starts_with("text/html") && html.body.contains("mara-lind"));
    assert!(html.header("content-security-policy").contains("sandbox"), "{:?}", html.headers);
    assert!(get("explanation?format=md").body.contains("mara-lind"));

    let history = get("history").json();
    let days: Vec<_> =
        history["points"].as_array().unwrap().iter().map(|point| point["as_of"].clone()).collect();
    assert_eq!(days, ["2026-09-29", "2026-09-30"]);
    assert_eq!(history["points"][1]["score"], hers);
    let csv = get("history?format=csv&from=2026-09-30").body;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let diff = get("diff?from=2026-09-29&to=2026-09-30").json();
    let causes = diff["causes"].as_array().unwrap().iter().map(|cause| cause["change"].as_f64().unwrap());
    assert!((causes.sum::<f64>() - diff["change"].as_f64().unwrap()).abs() < 1e-9, "{diff}");
    assert_eq!(diff["score_after"], hers);
    server.get("/api/v1/people/mara-lind/diff?from=2026-01-01&to=2026-09-30", &key).with(422);
    let everybody = server.get("/api/v1/diff?from=2026-09-29&to=2026-09-30", &key).with(200).json();
    assert!(everybody["people"].as_array().is_some_and(|people| people.len() > 100), "{everybody}");

    let publications = server.get("/api/v1/publications", &key).with(200).json();
    assert_eq!(publications["publications"].as_array().unwrap().len(), 2);
    assert!(publications["publications"][1]["moves"].is_array(), "{publications}");
    let parts = get("parts?format=csv").body;
    assert!(parts.starts_with("network,points\nfacebook,"), "{parts}");
    drop(server);
    assert_eq!(ok(renown(["store", "verify", &store])).stdout.lines().last(), Some("ok"));
}

#[test]
fn a_ruler_is_read_tried_edited_and_published() {
    let folder = Folder::new();
    let (store, server, key) = served(&folder, &[]);
    let hers = mara_of(&store);
    let send = |method: &str, path: &str, body: Value| server.send(method, path, &key, &body);
    let now = server.get("/api/v1/weights", &key).with(200).json();
    let toml = now["toml"].as_str().unwrap();
    assert!(toml.contains('#'), "comments stay");
    let sets = json!(["networks.twitter.weight=0.5"]);
    let edited = send("POST", "/api/v1/weights/edit", json!({ "toml": toml, "sets": sets })).with(200).json();
    let preview = send("POST", "/api/v1/what-if", json!({ "sets": sets, "top": 5 })).with(200).json();
    assert_eq!(preview["people"].as_array().unwrap().len(), 5);
    let stamp = preview["after"]["ruler"].as_str().expect("a stamp");
    assert_ne!(preview["before"]["ruler"], stamp);
    for (path, body) in [
        ("/api/v1/weights/lint", json!({ "toml": edited["toml"] })),
        ("/api/v1/weights/attack", json!({ "toml": edited["toml"] })),
    ] {
        send("POST", path, body).with(200).json();
        let wrong = send("POST", path, json!({ "toml": "[networks.twitter]\nwieght = 1" })).with(422);
        assert!(wrong.body.contains("wieght"), "{}", wrong.body);
    }
    let compared = server.get("/api/v1/compare?rulers=kred,eigentrust", &key).with(200).json();
    assert_eq!(compared["rulers"].as_array().unwrap().len(), 3);
    server.get("/api/v1/compare?rulers=../../etc/passwd", &key).with(422);

    let publish = |memo: &str, stamp: &str| {
        send("PUT", "/api/v1/weights", json!({ "toml": edited["toml"], "memo": memo, "ruler": stamp }))
    };
    publish("", stamp).with(422);
    publish("less of Twitter", "another").with(409);
    let published = publish("less of Twitter", stamp).with(200).json();
    assert_eq!(published["ruler"], stamp);
    server.wait_until("the records are bound to it", |server| {
        server.get("/api/v1/weights", &key).status == 200
    });
    let day = json!({ "as_of": "2026-09-30", "memo": "the new ruler" });
    send("POST", "/api/v1/days", day).with(409);
    // What was published stays as it was said; the change is an event of the next day that is.
    let history = server.get("/api/v1/people/mara-lind/history", &key).with(200).json();
    assert_eq!(history["points"][1]["score"], hers);
    let past = server.get("/api/v1/weights/history", &key).with(200).json();
    assert_eq!(past["weights"][0]["memo"], "less of Twitter");
    drop(server);
    let next = ["day", "--store", &store, "--as-of", "2026-10-01", "--memo", "the new ruler", "-q"];
    ok(renown(next));
    let server = Served::start(&store, &[]);
    let events = server.get("/api/v1/events", &key).with(200).json();
    let ruler = events["events"].as_array().unwrap().iter().find(|event| event["kind"] == "ruler");
    assert_eq!(ruler.expect("an event")["detail"], "the new ruler");
}

#[test]
fn exports_are_uploaded_and_a_day_is_scored() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Served::start(&store, &["--people", PEOPLE, "--max-upload", "4MiB"]);
    let key = server.said.clone();
    server.get("/api/v1/leaderboard", &key).with(404);
    server.send("POST", "/api/v1/days", &key, &json!({})).with(409);
    // There is nothing to wait for, and it is not said that there is.
    server.wait_until("it is said that nothing was published", |server| {
        let answer = server.get("/api/v1/weights", &key).with(503);
        answer.json()["detail"].as_str().unwrap().starts_with("nothing has been published yet: add an export")
            && answer.header("retry-after").is_empty()
    });
    let upload = |bytes: &[u8]| server.ask("POST", "/api/v1/ingest", &key, "application/octet-stream", bytes);
    let month = std::fs::read(at("examples/town/twitter/search-2026-09.jsonl")).unwrap();
    let taken = upload(&month).with(200).json();
    assert!(taken["rows"].as_u64() > Some(100), "{taken}");
    assert_eq!(upload(&month).with(200).json()["rows"], 0, "the same once more");
    let archive = std::fs::read_dir(at("examples/town/twitter")).unwrap().map(|entry| entry.unwrap().path());
    let mut archive = archive.filter(|path| path.extension().is_some_and(|ending| ending == "zip"));
    let archive = std::fs::read(archive.next().expect("an archive")).unwrap();
    assert!(upload(&archive).with(200).json()["rows"].as_u64() > Some(0));
    upload(b"").with(422);
    let nonsense = upload(b"neither this nor that");
    assert!([200, 422].contains(&nonsense.status), "{nonsense:?}");
    assert!(!nonsense.body.contains("upload-"), "it tells where uploads wait: {nonsense:?}");
    upload(&vec![b'x'; 5 << 20]).with(413);
    let scored = server.send("POST", "/api/v1/days", &key, &json!({})).with(200).json();
    assert!(scored["persons"].as_u64() > Some(20), "{scored}");
    // At once, without a restart.
    let board = server.get("/api/v1/leaderboard", &key).with(200).json();
    assert_eq!(board["as_of"], scored["as_of"]);
    assert_eq!(server.send("POST", "/api/v1/days", &key, &json!({})).with(200).json(), scored);
    let uploads = std::fs::read_dir(folder.path("store.uploads")).unwrap().count();
    assert_eq!(uploads, 0, "uploads are gone when they are read");
    let actions = server.get("/api/v1/audit", &key).with(200).json();
    let actions: Vec<_> =
        actions["entries"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert!(actions.contains(&json!("ingest")) && actions.contains(&json!("score a day")), "{actions:?}");
    server.end();
    assert!(!std::fs::exists(folder.path("store.uploads")).unwrap());
}

/// Every record of hers: what she did, and what was done to her; by whom is not said.
fn every_record(server: &Served, own: &str, admin: &str) {
    let records = server.get("/api/v1/people/mara-lind/records", own).with(200).json();
    let records = records["records"].as_array().unwrap();
    let theirs = ["1004", "2004"];
    for record in records {
        for column in ["actor", "target", "author", "account"] {
            let id = record["columns"][column].as_str();
            assert!(id.is_none_or(|id| theirs.contains(&id) || id.starts_with("@mara")), "{record}");
        }
    }
    let of = |table: &str| records.iter().filter(|record| record["table"] == table).count();
    assert!(of("interactions") > 50 && of("posts") > 5 && of("observations") > 0, "{}", records.len());
    let received =
        |record: &&Value| record["columns"]["target"] == "1004" && record["columns"]["actor"].is_null();
    assert!(records.iter().filter(received).count() > 20);
    let table = server.get("/api/v1/people/mara-lind/records?format=csv", own).with(200);
    assert!(table.body.starts_with("network,table,at,kind,actor,"), "{}", &table.body[..200]);
    assert_eq!(table.body.lines().count(), records.len() + 1);
    server.get("/api/v1/people/nobody-at-all/records", admin).with(404);
}

/// The cookie of who signs in to the studio with a key.
fn signed_in(server: &Served, key: &str) -> String {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = server.ask_with("POST", "/sign-in", &form, format!("key={key}").as_bytes()).with(303);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[test]
fn people_are_invited_agree_withdraw_and_are_forgotten_at_once() {
    let folder = Folder::new();
    let (store, server, admin) = served(&folder, &[]);
    let of = |name: &str, purpose: &str, scopes: Value, person: Option<&str>| {
        server.key(&admin, &json!({ "name": name, "purpose": purpose, "scopes": scopes, "person": person }))
    };
    let reader = of("a shop", "marketing", json!(["read"]), None);
    let own = of("Mara's telephone", "self", json!(["self"]), Some("mara-lind"));
    let shown = |path: &str| server.get(path, &reader);

    // She reads who looked her up, and with what for.
    shown("/api/v1/people/mara-lind").with(200);
    shown("/api/v1/people/mara-lind").with(200);
    let looks = server.get("/api/v1/people/mara-lind/looks", &own).with(200).json();
    let look = looks["looks"].as_array().unwrap().iter().find(|look| look["name"] == "a shop");
    let look = look.expect("the shop");
    assert_eq!(
        (&look["purpose"], &look["action"], &look["times"]),
        (&json!("marketing"), &json!("score"), &json!(2))
    );
    // All that is held on her, in two forms; nobody else is in it.
    let held = server.get("/api/v1/people/mara-lind/held", &own).with(200);
    assert_eq!(held.json()["published"].as_array().unwrap().len(), 2);
    let table = server.get("/api/v1/people/mara-lind/held?format=csv", &own).with(200);
    assert!(table.body.starts_with("what,at,name,value\nperson,"), "{}", table.body);
    assert!(table.body.contains("look,") && table.body.contains("a shop"), "{}", table.body);
    every_record(&server, &own, &admin);
    let explained = server.get("/api/v1/people/mara-lind/explanation", &own).with(200).json();
    assert!(explained["accounts"].as_array().unwrap().iter().all(|of| of["givers"] == json!([])));
    let named = server.get("/api/v1/people/mara-lind/explanation", &reader).with(200).json();
    assert!(named["accounts"].as_array().unwrap().iter().any(|of| of["givers"] != json!([])));

    // What she may correct herself, and what not.
    let correct = |key: &str, body: Value| server.send("PATCH", "/api/v1/people/mara-lind", key, &body);
    assert_eq!(
        correct(&own, json!({ "name": "Mara <b>Lind</b>" })).with(200).json()["name"],
        "Mara <b>Lind</b>"
    );
    correct(&own, json!({ "accounts": ["twitter:1001"] })).with(403);
    correct(&own, json!({ "tags": ["best"] })).with(403);
    correct(&admin, json!({ "accounts": ["twitter:1001"] })).with(409);
    correct(&admin, json!({ "accounts": ["twitter"] })).with(422);

    // Withdrawing is at once, everywhere; what is hers is still hers to see.
    server.ask("POST", "/api/v1/people/mara-lind/withdraw", &own, "", b"").with(200);
    let gone = |server: &Served, key: &str| {
        for path in ["", "/history", "/explanation", "/parts", "/diff?from=2026-09-29&to=2026-09-30"] {
            server.get(&format!("/api/v1/people/mara-lind{path}"), key).with(404);
        }
        let everybody = server.get("/api/v1/leaderboard?limit=1000", key).with(200);
        assert!(!everybody.body.contains("mara-lind"));
    };
    gone(&server, &reader);
    gone(&server, &admin);
    let found = server.get(&format!("/v2/identity.json/twitter?screenName=mara_lind&key={reader}"), "");
    assert!([404, 503].contains(&found.status), "{found:?}");
    server.wait_until("the records are read again", |server| {
        server.get("/api/v1/health", "").json()["records"] == true
    });
    server.get(&format!("/v2/identity.json/twitter?screenName=mara_lind&key={reader}"), "").with(404);
    for (path, body) in [
        ("/api/v1/what-if", json!({ "sets": ["networks.twitter.weight=0.5"], "top": 1000 })),
        ("/api/v1/selection", json!({ "limit": 1000 })),
    ] {
        assert!(!server.send("POST", path, &admin, &body).with(200).body.contains("mara-lind"), "{path}");
    }
    let held = server.get("/api/v1/people/mara-lind/held", &own).with(200).json();
    assert_eq!(
        (&held["person"]["consent"], held["published"].as_array().unwrap().len()),
        (&json!("withdrawn"), 2)
    );
    server.ask("POST", "/api/v1/people/mara-lind/agree", &own, "", b"").with(200);
    shown("/api/v1/people/mara-lind").with(200);

    // Forgetting is for good, and proven; her key is good for nothing then.
    server.ask("DELETE", "/api/v1/people/mara-lind", &reader, "", b"").with(403);
    let (hers, operators) = (signed_in(&server, &own), signed_in(&server, &admin));
    let page = |cookie: &str, path: &str| server.ask_with("GET", path, &[("cookie", cookie)], b"").status;
    assert_eq!((page(&hers, "/me"), page(&operators, "/keys")), (200, 200));
    server.ask("DELETE", "/api/v1/people/mara-lind", &admin, "", b"").with(204);
    // Whoever did it stays signed in, and she does not.
    assert_eq!((page(&hers, "/me"), page(&operators, "/keys")), (303, 200));
    gone(&server, &admin);
    server.get("/api/v1/people/mara-lind/held", &own).with(401);
    server.get("/api/v1/people/mara-lind/held", &admin).with(404);
    let invite = json!({ "id": "mara-lind", "accounts": ["twitter:1004"] });
    server.send("POST", "/api/v1/people", &admin, &invite).with(409);
    let verified = ok(renown(["store", "verify", &store])).stdout;
    assert!(verified.contains("forgotten  1 person") && verified.ends_with("ok\n"), "{verified}");
    server.end();
    for entry in walk(&store) {
        let bytes = std::fs::read(&entry).unwrap();
        assert!(!bytes.windows(9).any(|window| window == b"mara-lind"), "{}", entry.display());
    }

    // Somebody new is asked, agrees, and is scored from the next day on.
    let server = Served::start(&store, &[]).ready();
    let invite = json!({ "id": "pascoe-thimble", "name": "Pascoe", "accounts": ["twitter:1019"] });
    let invited = server.send("POST", "/api/v1/people", &admin, &invite).with(201).json();
    assert_eq!(invited["consent"], "invited");
    let list = server.get("/api/v1/people?consent=invited&limit=1000", &admin).with(200).json();
    assert_eq!(list["people"].as_array().unwrap().len(), 1, "{list}");
    server.ask("POST", "/api/v1/people/pascoe-thimble/agree", &admin, "", b"").with(200);
    server.get("/api/v1/people/pascoe-thimble", &admin).with(404);
    let day = json!({ "as_of": "2026-10-01" });
    server.send("POST", "/api/v1/days", &admin, &day).with(200);
    assert!(
        server.get("/api/v1/people/pascoe-thimble", &admin).with(200).json()["score"].as_f64() > Some(1.0)
    );
}

pub(crate) fn walk(folder: &str) -> Vec<std::path::PathBuf> {
    let mut open = vec![std::path::PathBuf::from(folder)];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn what_others_do_at_the_command_line_is_taken_up() {
    let folder = Folder::new();
    let (store, server, key) = served(&folder, &[]);
    let status = |server: &Served, person: &str| server.get(&format!("/api/v1/people/{person}"), &key).status;
    ok(renown(["store", "people", "withdraw", &store, "mara-lind"]));
    server.wait_until("she is gone", |server| status(server, "mara-lind") == 404);
    ok(renown(["day", "--store", &store, "--as-of", "2026-10-01", "-q"]));
    server.wait_until("the day is served", |server| {
        server.get("/api/v1/health", "").json()["as_of"] == "2026-10-01"
    });
    ok(renown(["store", "forget", "isolde-marrowby", &store]));
    server.wait_until("she is forgotten", |server| status(server, "isolde-marrowby") == 404);
    let copy = folder.path("copy");
    ok(renown(["store", "backup", &store, &copy]));
    let log = server.end();
    assert!(!log.contains("error"), "{log}");
}

#[test]
fn keys_are_made_rotated_revoked_and_have_a_purpose() {
    let folder = Folder::new();
    let store = folder.path("store");
    let server = Served::start(&store, &["--people", PEOPLE]);
    let admin = server.said.clone();
    let new = |body: Value| server.send("POST", "/api/v1/keys", &admin, &body);
    for purpose in ["employment", "credit"] {
        let refused = new(json!({ "name": "x", "purpose": purpose, "scopes": ["read"] })).with(403).json();
        assert_eq!(refused["type"], "/problems/purpose");
        assert!(refused["detail"].as_str().unwrap().contains("people react"), "{refused}");
    }
    for wrong in [
        json!({ "name": "x", "purpose": "fun", "scopes": ["read"] }),
        json!({ "name": "x", "purpose": "research", "scopes": [] }),
        json!({ "name": "x", "purpose": "research", "scopes": ["all"] }),
        json!({ "name": "", "purpose": "research", "scopes": ["read"] }),
        json!({ "name": "x", "purpose": "self", "scopes": ["self"] }),
        json!({ "name": "x", "purpose": "self", "scopes": ["read"], "person": "mara-lind" }),
        json!({ "name": "x", "purpose": "research", "scopes": ["read", "self"], "person": "mara-lind" }),
        json!({ "name": "x", "purpose": "research", "scopes": ["read"], "days": 0 }),
        json!({ "name": "x", "purpose": "research", "scopes": ["read"], "colour": 0 }),
    ] {
        new(wrong).with(422);
    }
    new(json!({ "name": "x", "purpose": "self", "scopes": ["self"], "person": "nobody" })).with(404);
    let made =
        new(json!({ "name": "lab", "purpose": "research", "scopes": ["read"], "days": 9 })).with(201).json();
    let (id, first) = (made["key"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let may = |secret: &str| server.get("/api/v1/publications", secret).status;
    assert_eq!(may(first), 200);
    let rotated = server.ask("POST", &format!("/api/v1/keys/{id}/rotate"), &admin, "", b"").with(200).json();
    let second = rotated["secret"].as_str().unwrap();
    assert_eq!((may(first), may(second)), (401, 200));
    server.ask("DELETE", &format!("/api/v1/keys/{id}"), &admin, "", b"").with(204);
    assert_eq!(may(second), 401);
    server.ask("DELETE", "/api/v1/keys/none", &admin, "", b"").with(404);
    let keys = server.get("/api/v1/keys", &admin).with(200);
    assert!(
        keys.json()["keys"].as_array().unwrap().len() == 2 && !keys.body.contains("argon2"),
        "{}",
        keys.body
    );
    // By the other header; and not by a cookie, a query or another scheme.
    let ask = |name: &str, value: &str| server.ask_with("GET", "/api/v1/keys", &[(name, value)], b"").status;
    assert_eq!(ask("x-api-key", &admin), 200);
    assert_eq!(
        (ask("authorization", &format!("Basic {admin}")), ask("cookie", &format!("renown_session={admin}"))),
        (401, 401)
    );
    let log = server.end();
    assert!(!log.contains(&admin) && !log.contains(second), "{log}");
}

#[test]
fn a_key_asks_no_more_often_than_it_may() {
    let folder = Folder::new();
    let server = Served::start(&folder.path("store"), &["--rate", "5"]);
    let answers: Vec<Answer> = (0..20).map(|_| server.get("/api/v1/publications", &server.said)).collect();
    let refused = answers.iter().filter(|answer| answer.status == 429).collect::<Vec<_>>();
    assert!(!refused.is_empty() && answers[0].status == 200, "{answers:?}");
    assert!(refused.iter().all(|answer| answer.header("retry-after") == "1"));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    server.get("/api/v1/publications", &server.said).with(200);
    let numbers: std::collections::BTreeSet<&str> =
        answers.iter().map(|answer| answer.header("x-request-id")).collect();
    assert_eq!(numbers.len(), answers.len());
}

/// With a certificate of nobody, which the client is told to trust.
#[test]
fn a_certificate_and_its_key_make_it_tls() {
    let folder = Folder::new();
    let store = folder.path("store");
    let (chain, key) = (at("crates/renown/tests/tls/certificate.pem"), at("crates/renown/tests/tls/key.pem"));
    let server = Served::start(&store, &["--tls-certificate", &chain, "--tls-key", &key]);
    assert!(server.said_so_far().contains("https://"), "{}", server.said_so_far());
    let script = "import ssl, sys, urllib.request as r\n\
                  context = ssl.create_default_context(cafile=sys.argv[2])\n\
                  with r.urlopen(sys.argv[1], context=context, timeout=20) as answer:\n    print(answer.status, answer.read().decode())";
    let url = format!("https://{}/api/v1/health", server.address);
    let mut python = std::process::Command::new(at("target/python/bin/python3"));
    let ran =
        python.args(["-c", script, &url, &chain]).output().expect("python: run `sh scripts/setup-tests`");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(told.starts_with("200 {\"status\":\"ok\""), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    server.end();
    let wrong = [
        "serve",
        "--store",
        &store,
        "--listen",
        "127.0.0.1:0",
        "--tls-certificate",
        &key,
        "--tls-key",
        &chain,
    ];
    let ran = renown(wrong);
    assert_eq!((ran.code, ran.stderr.contains("cannot use the certificate")), (2, true), "{}", ran.stderr);
}
