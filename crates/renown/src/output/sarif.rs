//! What a check of a weights file found, in SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>.

use std::fmt::Write as _;
use std::io::{self, Write};

use renown_weights::{Code, Finding, Report};
use serde_json::{Value, json};

/// One log of one run.
pub(super) fn sarif(path: &str, report: &Report, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let rules = Code::ALL.map(|code| {
        json!({ "id": code.name(), "shortDescription": { "text": code.docs() }, "defaultConfiguration": { "level": "warning" } })
    });
    let found = report.findings.iter().map(|finding| result(path, finding, None));
    let allowed = report.allowed.iter().map(|(finding, reason)| result(path, finding, Some(reason)));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "renown", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": found.chain(allowed).collect::<Vec<_>>(),
        }],
    });
    writeln!(out, "{log:#}")
}

/// A finding; one that is allowed is suppressed in the file.
fn result(path: &str, finding: &Finding, allowed: Option<&String>) -> Value {
    let mut location = json!({ "logicalLocations": [{ "fullyQualifiedName": finding.at }] });
    let excerpt = finding.excerpt.as_ref();
    // What stands in a `--set` has no place in the file.
    if excerpt.is_none_or(|excerpt| excerpt.in_file) {
        location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri(path) } });
    }
    if let Some(excerpt) = excerpt.filter(|excerpt| excerpt.in_file) {
        location["physicalLocation"]["region"] = json!({
            "startLine": excerpt.start.0,
            "startColumn": excerpt.start.1,
            "endLine": excerpt.end.0,
            "endColumn": excerpt.end.1,
            "byteOffset": excerpt.bytes.start,
            "byteLength": excerpt.bytes.len(),
        });
    }
    let mut result = json!({
        "ruleId": finding.code.name(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": "warning",
        "message": { "text": format!("{}. To mend it: {}.", finding.reason, finding.cure) },
        "locations": [location],
    });
    if let Some(reason) = allowed {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

/// A path as a relative or absolute reference: what a URI cannot have is encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_references() {
        assert_eq!(super::uri("config/my weights é.toml"), "config/my%20weights%20%C3%A9.toml");
    }
}
