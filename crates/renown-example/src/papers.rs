//! The two papers at the town's root that people read: the people file and the README.

use crate::cast::{Listing, NETWORKS, Role, Town};
use crate::folder::File;
use std::fmt::Write;

/// `people.toml`: who agreed to be scored, and under which accounts.
pub fn people(town: &Town) -> File {
    let mut text = "\
# Who lives in Tarrowick, and who agreed to be scored. Everything here is invented.
#
# A person stands in an output only with consent = true, and never with minor = true or exclude = true.
# Whoever is not in this file never agreed. An account is written network:id.
"
    .to_owned();
    for person in &town.people {
        let listing = match person.listing {
            Listing::Absent => continue,
            Listing::Agreed => "consent = true\n",
            Listing::Minor => "consent = true\nminor = true  # Not scored, whoever consents.\n",
            Listing::Excluded => "consent = true\nexclude = true  # Asked to be left out.\n",
            Listing::Refused => "consent = false\n",
        };
        let remark = match person.role {
            Role::Star => "# A star.\n",
            Role::Expert => "# The expert.\n",
            Role::Fad => "# The fad.\n",
            Role::Bot => "# The shop that bought its followers.\n",
            Role::Pod => "# One of the pod.\n",
            Role::Double => "# Two accounts on one network, one person.\n",
            _ => "",
        };
        let keys: Vec<_> =
            person.accounts.iter().map(|&i| format!("\"{}\"", town.accounts[i].key())).collect();
        let (id, name, keys) = (&person.id, &person.name, keys.join(", "));
        let _ = write!(
            text,
            "\n{remark}[[person]]\nid = \"{id}\"\nname = \"{name}\"\n{listing}accounts = [{keys}]\n"
        );
    }
    File { path: "people.toml".to_owned(), bytes: text.into_bytes() }
}

/// `README.md`: what the files are, who is who and what a sensible score would say of them.
pub fn readme(town: &Town, seed: u64) -> File {
    let size = town.people.len();
    let count = |listing| town.people.iter().filter(|person| person.listing == listing).count();
    let on = |network| town.on(network).len();
    let [twitter, facebook, youtube] = NETWORKS.map(on);
    let mut text = format!(
        "\
# Tarrowick, an invented town

{size} people who do not exist, and the exports their social networks would hand out. The days run from 2026-06-03 to
2026-09-30. Everything was written by `renown-example` (`--people {size} --seed {seed}`); do not edit it by hand.

| where | what | accounts |
|---|---|---|
| `people.toml` | who agreed to be scored, and under which accounts | |
| `twitter/search-*.jsonl` | API v2 recent search, a page a line, each month as it looked when it was over | {twitter} |
| `twitter/twitter-archive-*.zip` | one member's own archive; repeats tweets of the pages | |
| `facebook/*/page.json`, `posts-*.json` | Graph API: one public page each | {facebook} |
| `facebook/pages.jsonl`, `feeds.jsonl` | Graph API: everybody else, a document a line | |
| `facebook/download-*` | \"Download your information\" of one member | |
| `youtube/*.json`, `subscriptions.json.gz` | Data API v3 list responses | {youtube} |
| `youtube/takeout-*` | one member's own takeout; repeats comments of the responses | |

Totals hold reactions from outside the town too, as the networks' totals do. A tweet stands in the files as often as
it was seen: by itself, below those who answered it in later pages (with newer totals), and in the archive.

## Who never agreed

{} people said no (`consent = false`) and {} were never asked and are not in `people.toml`. They post and react as
others do; none of them may appear in any output.

## Who is who

| person | listing | accounts | what to expect |
|---|---|---|---|
",
        count(Listing::Refused),
        count(Listing::Absent),
    );
    for person in town.people.iter().filter(|person| !person.note.is_empty()) {
        let keys: Vec<_> = person.accounts.iter().map(|&i| format!("`{}`", town.accounts[i].key())).collect();
        let listing = match person.listing {
            Listing::Agreed => "agreed",
            Listing::Minor => "minor",
            Listing::Excluded => "excluded",
            Listing::Refused => "refused",
            Listing::Absent => "not listed",
        };
        let (id, name, note) = (&person.id, &person.name, person.note);
        let _ = writeln!(text, "| {name} (`{id}`) | {listing} | {} | {note} |", keys.join(" "));
    }
    text.push_str("\nEverybody else is a neighbour: a few are well known, most are not, as everywhere.\n");
    File { path: "README.md".to_owned(), bytes: text.into_bytes() }
}
