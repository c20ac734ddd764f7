//! Whether a manifest can be used: names are held to what the host takes.

use renown_core::stat::Stat;

use super::Findings;
use crate::{Manifest, is_plain};

pub(super) fn check(manifest: &Manifest, findings: &mut Findings) {
    let mut say = |text: String| findings.0.push(format!("{}: {text}", manifest.name));
    if !is_plain(manifest.name) {
        say("the adapter's name must be a plain one: at most 64 lower case letters, digits, _ and -".into());
    }
    if manifest.docs.is_empty() || manifest.files.is_empty() {
        say("a manifest needs docs and at least one kind of file".into());
    }
    let mut kinds = std::collections::BTreeSet::new();
    for file in manifest.files {
        if !is_plain(file.name) || file.docs.is_empty() || !kinds.insert(file.name) {
            say(format!("the kind of file `{}` needs a plain name that no other has, and docs", file.name));
        }
    }
    for case in std::iter::once(&manifest.example).chain(manifest.cases) {
        if !kinds.contains(case.kind) {
            say(format!(
                "case `{}` is of the kind of file `{}`, which is not declared",
                case.name, case.kind
            ));
        }
    }
    for network in manifest.networks {
        if !is_plain(network.name) {
            say(format!("network `{}` needs a plain name", network.name));
        }
        for (sort, vocables) in [("kind", network.kinds), ("metric", network.metrics)] {
            let mut seen = std::collections::BTreeSet::new();
            for vocable in vocables {
                if !is_plain(vocable.name) || vocable.docs.is_empty() {
                    say(format!("{sort} `{}` needs a plain name and docs", vocable.name));
                }
                if !is_plain(vocable.unit) {
                    say(format!(
                        "{sort} `{}` needs a unit of one word, such as acts, accounts, posts or views",
                        vocable.name
                    ));
                }
                let stat = vocable.default_weight.0;
                let fits = |stat: Stat| if sort == "kind" { stat.is_of_kind() } else { stat.is_of_metric() };
                if !Stat::named(stat).is_some_and(fits) {
                    say(format!(
                        "{sort} `{}` has a default weight on `{stat}`, which is no stat of a {sort}",
                        vocable.name
                    ));
                }
                if !(vocable.default_weight.1 >= 0.0 && vocable.default_weight.1.is_finite()) {
                    say(format!("{sort} `{}` has a weight below 0", vocable.name));
                }
                for name in std::iter::once(&vocable.name).chain(vocable.also) {
                    if !seen.insert(*name) {
                        say(format!("{sort} `{name}` is named twice on {}", network.name));
                    }
                }
            }
        }
    }
}
