//! README shows what its first command prints.

mod common {
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use common::place::root;
use common::renown::renown;

/// The text between the first `before` and the first `after` behind it, and what stands around it.
fn between<'t>(text: &'t str, before: &str, after: &str) -> (&'t str, &'t str, &'t str) {
    let start = text.find(before).unwrap_or_else(|| panic!("README has no {before:?}")) + before.len();
    let end = start + text[start..].find(after).unwrap_or_else(|| panic!("README has no {after:?}"));
    (&text[..start], &text[start..end], &text[end..])
}

#[test]
fn the_first_table_is_what_the_first_command_prints() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README");
    let (_, command, _) = between(&readme, "cargo run --release -- ", "\n");
    let ran = renown(command.split(' '));
    assert_eq!(ran.code, 0, "{command}: {}", ran.stderr);
    let (head, shown, rest) = between(&readme, "```text\n", "```");
    if std::env::var_os("RENOWN_UPDATE").is_some() {
        std::fs::write(&path, [head, &ran.stdout, rest].concat()).expect("README is written");
        return;
    }
    assert_eq!(
        shown, ran.stdout,
        "README's table is out of date: RENOWN_UPDATE=1 cargo test -p renown --test readme"
    );
}
