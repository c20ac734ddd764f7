//! Names of features, and globs that stand for many of them.

use std::cmp::Reverse;

use renown_core::stat::{STATS, Stat};
use renown_core::suggest::nearest;
use renown_core::words::is_plain;

use crate::graph::GRAPH;

/// What stands for any run of characters, for any stat, and for any network.
pub(crate) const ANY: &str = "*";

/// The rule behind [`is_plain`], for messages.
pub(crate) const PLAIN: &str = "names are lower case letters, digits, `_` and `-`, and begin with a letter";

/// What a key under `features` names: `<kind or metric>.<stat>`. Either may be `*`; a kind or metric may also have `*`
/// for a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The kind or metric.
    word: String,
    /// `None` for any.
    stat: Option<Stat>,
}

/// Why a key is no [`Pattern`]: what is wrong, and a hint.
pub(crate) type BadPattern = (String, String);

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, BadPattern> {
        let Some((word, stat)) = text.split_once('.').filter(|(_, stat)| !stat.contains('.')) else {
            return Err((
                format!("`{text}` is not the name of a feature"),
                "a feature is `<kind or metric>.<stat>`, such as `repost.actors` or `followers.latest`"
                    .into(),
            ));
        };
        if !is_plain(&word.replace(ANY, "a")) {
            return Err((
                format!("`{word}` is not the name of a kind or metric"),
                format!("{PLAIN}; `*` stands for any characters"),
            ));
        }
        if stat == ANY {
            return Ok(Self { word: word.to_owned(), stat: None });
        }
        let Some(stat) = Stat::named(stat) else {
            let names = STATS.map(|stat| stat.1);
            let help = nearest(stat, names).map_or_else(
                || {
                    format!(
                        "the stats are {}, and `*` for all of them",
                        names.map(|name| format!("`{name}`")).join(", ")
                    )
                },
                |meant| format!("did you mean `{word}.{meant}`?"),
            );
            return Err((format!("`{stat}` is not a stat"), help));
        };
        if stat == Stat::Rank && word != GRAPH {
            return Err((
                format!("`{word}` has no rank"),
                format!("accounts are ranked by the whole graph: write `{GRAPH}.{stat}`"),
            ));
        }
        Ok(Self { word: word.to_owned(), stat: Some(stat) })
    }

    /// Whether it is the rank in the network's graph.
    pub(crate) fn is_rank(&self) -> bool {
        self.stat == Some(Stat::Rank)
    }

    /// The kind or metric and the stat, if it is the name of one feature and no glob.
    pub(crate) fn exact(&self) -> Option<(&str, Stat)> {
        self.stat.filter(|_| !self.word.contains(ANY)).map(|stat| (self.word.as_str(), stat))
    }

    /// Whether it may stand for features of this stat.
    pub(crate) fn has(&self, stat: Stat) -> bool {
        self.stat.is_none_or(|own| own == stat)
    }

    pub(crate) fn matches(&self, word: &str, stat: Stat) -> bool {
        self.has(stat) && is_match(&self.word, word)
    }

    /// Of several that match, the one with the least rank counts: the name itself; then whichever says most of the
    /// kind or metric; then one that says the stat; then the first in the alphabet.
    pub(crate) fn rank(&self) -> impl Ord + '_ {
        let literal = self.word.bytes().filter(|&byte| byte != b'*').count();
        (self.exact().is_none(), Reverse(literal), self.stat.is_none(), &self.word)
    }
}

/// Whether a glob matches a name, `*` standing for any run of characters.
fn is_match(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The stats that apply to any metric, or to any kind.
pub(crate) fn stats_of(is_metric: bool) -> impl Iterator<Item = Stat> {
    let applies = move |stat: &Stat| if is_metric { stat.is_of_metric() } else { stat.is_of_kind() };
    STATS.into_iter().map(|stat| stat.0).filter(applies)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).unwrap_or_else(|bad| panic!("{text}: {bad:?}"))
    }

    #[test]
    fn names_and_globs_are_told_apart() {
        assert_eq!(pattern("repost.actors").exact(), Some(("repost", Stat::Actors)));
        for glob in ["*.actors", "repost.*", "re*.actors", "*.*", "**.count", "*-*-.days"] {
            assert_eq!(pattern(glob).exact(), None, "{glob}");
        }
    }

    #[test]
    fn what_is_no_feature_is_refused_with_a_hint() {
        for (text, message, hint) in [
            ("repost", "`repost` is not the name of a feature", "<kind or metric>.<stat>"),
            ("repost.wieghted", "`wieghted` is not a stat", "did you mean `repost.weighted`?"),
            ("*.lates", "`lates` is not a stat", "did you mean `*.latest`?"),
            ("repost.", "`` is not a stat", "the stats are `count`, `actors`"),
            ("repost.c*", "`c*` is not a stat", "`*` for all of them"),
            (".count", "`` is not the name of a kind", "lower case"),
            ("Repost.count", "`Repost` is not the name of a kind", "lower case"),
            ("9*.count", "`9*` is not the name of a kind", "begin with a letter"),
            ("re post*.count", "`re post*` is not the name of a kind", "lower case"),
            ("twitter.repost.count", "is not the name of a feature", "<kind or metric>.<stat>"),
        ] {
            let (found, help) = Pattern::new(text).expect_err(text);
            assert!(found.contains(message), "{text}: {found}");
            assert!(help.contains(hint), "{text}: {help}");
        }
    }

    #[test]
    fn the_more_that_is_said_of_a_kind_the_earlier() {
        let mut all =
            ["*.*", "*.count", "p*.*", "post.*", "post.count", "*t.count", "po*.count", "po*.*", "a*.*"]
                .map(|text| (text, pattern(text)));
        all.sort_by(|a, b| a.1.rank().cmp(&b.1.rank()));
        let sorted = all.map(|(text, _)| text);
        assert_eq!(
            sorted,
            ["post.count", "post.*", "po*.count", "po*.*", "*t.count", "a*.*", "p*.*", "*.count", "*.*"]
        );
    }

    #[test]
    fn globs_match_whole_names() {
        for (glob, name, matches) in [
            ("", "", true),
            ("*", "", true),
            ("*", "any", true),
            ("re*", "repost", true),
            ("re*", "are", false),
            ("*st", "repost", true),
            ("r*p*t", "repost", true),
            ("r*t*t", "rt", false),
            ("ab*ba", "aba", false),
            ("repost", "reposts", false),
            ("*-like", "react-like", true),
            ("a**b", "ab", true),
        ] {
            assert_eq!(is_match(glob, name), matches, "{glob} {name}");
        }
    }

    /// By trying every split, which is plain to see and slow.
    fn is_match_slowly(glob: &[u8], name: &[u8]) -> bool {
        match glob {
            [] => name.is_empty(),
            [b'*', rest @ ..] => (0..=name.len()).any(|at| is_match_slowly(rest, &name[at..])),
            [first, rest @ ..] => name.first() == Some(first) && is_match_slowly(rest, &name[1..]),
        }
    }

    proptest! {
        #[test]
        fn matching_is_what_trying_every_split_finds(glob in "[ab*]{0,6}", name in "[ab]{0,8}") {
            prop_assert_eq!(is_match(&glob, &name), is_match_slowly(glob.as_bytes(), name.as_bytes()));
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = Pattern::new(&text);
        }
    }
}
