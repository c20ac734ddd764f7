//! Schemathesis holds the server against its own description: no answer is a failure of the server, and every one is as described.
//!
//! `RENOWN_SCHEMATHESIS_SECONDS=600 cargo test -p renown --test server schemathesis` goes on for longer.

#![cfg(unix)]

use std::process::Command;

use crate::common::folder::Folder;
use crate::common::place::at;
use crate::common::town::served;

/// How long it tries, unless `RENOWN_SCHEMATHESIS_SECONDS` says otherwise.
const SECONDS: &str = "75";

/// What is held against the description.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,ignored_auth,unsupported_method,allow_header_conformance";

#[test]
fn answers_are_as_described_whatever_is_asked() {
    let folder = Folder::new();
    let (_, server, key) = served(&folder, &["--max-upload", "1MiB"]);
    let seconds = std::env::var("RENOWN_SCHEMATHESIS_SECONDS").unwrap_or_else(|_| SECONDS.into());
    let ran = Command::new(at("target/python/bin/schemathesis"))
        .args(["run", &format!("http://{}/api/v1/openapi.json", server.address)])
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--checks", CHECKS, "--seed", "1", "--max-time", &seconds, "--workers", "2"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "40", "--request-timeout", "60"])
        .args(["--generation-database", "none", "--no-color"])
        .current_dir(folder.path(""))
        .output()
        .unwrap_or_else(|error| panic!("schemathesis: {error}: run `sh scripts/setup-tests`"));
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    eprintln!(
        "{}",
        told.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n")
    );
    let log = server.end();
    assert!(!log.contains("panicked") && !log.contains("fault of renown"), "{log}");
}
