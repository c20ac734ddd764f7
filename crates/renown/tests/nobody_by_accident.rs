//! Nobody by accident: no output, message or file names an account that the people file does not list.

mod common {
    pub(crate) mod bystanders;
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use common::bystanders::bystanders;
use common::folder::Folder;
use common::place::at;
use common::renown::renown;

#[test]
fn in_no_format_message_or_file() {
    let bystanders = bystanders();
    assert!(bystanders.len() > 10, "{bystanders:?}");
    let folder = Folder::new();
    // A broken line in the middle of a real page: its bytes must not be shown either.
    let page = std::fs::read_to_string(at("examples/town/twitter/search-2026-07.jsonl")).unwrap();
    let halves = page.lines().flat_map(|line| [&line[..line.len() / 2], line]);
    let broken = halves.collect::<Vec<_>>().join("\n");
    let broken = folder.file("search-2026-07.jsonl", broken);
    let rejects = folder.path("rejects.ndjson");
    for format in ["table", "csv", "json", "ndjson", "md"] {
        let ran = renown([
            "score",
            "examples/town",
            &broken,
            "--people",
            "examples/town/people.toml",
            "--format",
            format,
            "--rejects",
            &rejects,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("rejected"), "{}", ran.stderr);
        let kept = std::fs::read_to_string(&rejects).unwrap();
        assert!(kept.lines().count() > 1, "{kept}");
        for name in &bystanders {
            assert!(!ran.stdout.contains(name.as_str()), "{name} in {format}");
            assert!(!ran.stderr.contains(name.as_str()), "{name} in the summary");
            assert!(!kept.contains(name.as_str()), "{name} in the rejects");
        }
    }
    let rulers = ["--weights", "preset:default", "--weights", "preset:eigentrust"];
    for command in [&["explain", "mara-lind"][..], &[&["compare"][..], &rulers].concat()] {
        let town = ["examples/town", "--people", "examples/town/people.toml"];
        let ran = renown(command.iter().chain(&town));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for name in &bystanders {
            assert!(
                !ran.stdout.contains(name.as_str()) && !ran.stderr.contains(name.as_str()),
                "{name} in {}",
                command[0]
            );
        }
    }
}
