//! The words that stand in a file: networks and kinds, each resolved once and then found without a lock.

use std::sync::OnceLock;

use renown_sdk::{POST, TooManyWords, Vocabulary, Word, is_plain};

use crate::cell::{NOT_UTF8, Problem};
use crate::map::Map;

const NOT_PLAIN: Problem = "not a name (letters, digits, `_` and `-`): say under [kinds] what it stands for";
const NO_NETWORK: Problem = "not the name of a network (letters, digits, `_` and `-`)";
const TOO_MANY: Problem = "one network or kind too many: is a column of free text read as one of them?";

/// The networks of one file with their kinds and metrics, shared by the threads that read it.
#[derive(Debug)]
pub(crate) struct WordBook {
    vocabulary: Vocabulary,
    post: Word,
    kinds: Vec<(String, String)>,
    metrics: Vec<String>,
    totals: Vec<String>,
    networks: OnceList<(Box<[u8]>, Network)>,
}

/// A network and its words.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) word: Word,
    name: String,
    /// In the order of the map's [observations].
    pub(crate) metrics: Box<[Word]>,
    /// In the order of the map's [totals].
    pub(crate) totals: Box<[Word]>,
    kinds: OnceList<(Box<[u8]>, Word)>,
}

impl WordBook {
    pub(crate) fn new(map: &Map, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let names = |counts: &[(String, usize)]| counts.iter().map(|(name, _)| name.clone()).collect();
        Ok(Self {
            post: vocabulary.words().intern(POST)?,
            vocabulary: vocabulary.clone(),
            kinds: map.kinds.clone(),
            metrics: names(&map.fields.metrics),
            totals: names(&map.fields.totals),
            networks: OnceList::default(),
        })
    }

    /// The kind that is a post of one's own.
    pub(crate) fn post(&self) -> Word {
        self.post
    }

    /// The network that a file names so.
    pub(crate) fn network(&self, text: &[u8]) -> Result<&Network, Problem> {
        let entry = self.networks.find_or_add(|(known, _)| **known == *text, || self.make_network(text))?;
        Ok(&entry.1)
    }

    fn make_network(&self, text: &[u8]) -> Result<(Box<[u8]>, Network), Problem> {
        let name = std::str::from_utf8(text).map_err(|_| NOT_UTF8)?.to_lowercase();
        if !is_plain(&name) {
            return Err(NO_NETWORK);
        }
        let words = |names: &[String], of: &dyn Fn(&str) -> Result<Word, TooManyWords>| {
            names.iter().map(|name| of(name)).collect::<Result<_, _>>().map_err(|_| TOO_MANY)
        };
        let network = Network {
            word: self.vocabulary.network(&name).map_err(|_| TOO_MANY)?,
            metrics: words(&self.metrics, &|metric| self.vocabulary.metric(&name, metric))?,
            totals: words(&self.totals, &|kind| self.vocabulary.kind(&name, kind))?,
            name,
            kinds: OnceList::default(),
        };
        Ok((text.into(), network))
    }

    /// The kind that a file names so on this network: by the map's [kinds], else under its own word.
    pub(crate) fn kind(&self, network: &Network, text: &[u8]) -> Result<Word, Problem> {
        let entry = network.kinds.find_or_add(
            |(known, _)| **known == *text,
            || Ok((text.into(), self.make_kind(network, text)?)),
        )?;
        Ok(entry.1)
    }

    fn make_kind(&self, network: &Network, text: &[u8]) -> Result<Word, Problem> {
        let text = std::str::from_utf8(text).map_err(|_| NOT_UTF8)?;
        let lower = text.to_lowercase();
        let mapped = |same: &dyn Fn(&str) -> bool| {
            self.kinds.iter().find(|(value, _)| same(value)).map(|(_, kind)| kind.as_str())
        };
        let name = mapped(&|value| value == text)
            .or_else(|| mapped(&|value| value.to_lowercase() == lower))
            .unwrap_or(&lower);
        if !is_plain(name) {
            return Err(NOT_PLAIN);
        }
        self.vocabulary.kind(&network.name, name).map_err(|_| TOO_MANY)
    }
}

/// A short list that only grows, read by many threads without a lock. Files have a handful of words, so the search is
/// a walk.
#[derive(Debug)]
struct OnceList<T> {
    items: [OnceLock<T>; 8],
    more: OnceLock<Box<OnceList<T>>>,
}

impl<T> Default for OnceList<T> {
    fn default() -> Self {
        Self { items: [const { OnceLock::new() }; 8], more: OnceLock::new() }
    }
}

impl<T> OnceList<T> {
    fn find_or_add(
        &self,
        is_it: impl Fn(&T) -> bool,
        make: impl Fn() -> Result<T, Problem>,
    ) -> Result<&T, Problem> {
        let mut list = self;
        loop {
            for item in &list.items {
                let known = if let Some(known) = item.get() {
                    known
                } else {
                    // Another thread may be faster, with this word or with another.
                    let new = make()?;
                    item.get_or_init(|| new)
                };
                if is_it(known) {
                    return Ok(known);
                }
            }
            list = list.more.get_or_init(Box::default);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use renown_sdk::Words;

    use super::*;

    fn book(map: &str) -> (WordBook, Arc<Words>) {
        let words = Arc::new(Words::new());
        let vocabulary = Vocabulary::new(words.clone(), []);
        (WordBook::new(&Map::parse(map, "map").unwrap(), &vocabulary).unwrap(), words)
    }

    const MAP: &str =
        "network = 'x'\n[columns]\nkind = 'k'\ntarget = 't'\n[kinds]\nRT = 'repost'\n'+1' = 'like'";

    #[test]
    fn values_become_kinds_by_the_map_or_under_their_own_word() {
        let (book, words) = book(MAP);
        let network = book.network(b"Twitter").unwrap();
        assert_eq!(&*words.text(network.word), "twitter");
        for (value, kind) in
            [("RT", "repost"), ("rt", "repost"), ("+1", "like"), ("Reply", "reply"), ("post", "post")]
        {
            assert_eq!(&*words.text(book.kind(network, value.as_bytes()).unwrap()), kind, "{value}");
        }
        assert_eq!(book.kind(network, b"post"), Ok(book.post()));
        for text in ["Hello, it is me", "a.b", "1", "", "é", &"a".repeat(65)] {
            assert_eq!(book.kind(network, text.as_bytes()), Err(NOT_PLAIN), "{text}");
            assert!(book.network(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn free_text_ends_in_a_problem_not_in_all_memory() {
        let (book, _) = book(MAP);
        let network = book.network(b"x").unwrap();
        let last = (0..5_000).map(|number| book.kind(network, format!("w{number}").as_bytes())).last();
        assert_eq!(last, Some(Err(TOO_MANY)));
        assert!(book.kind(network, b"w1").is_ok());
    }

    #[test]
    fn threads_agree_on_every_word() {
        let (book, _) = book(MAP);
        let network = book.network(b"x").unwrap();
        let read = || {
            (0..100)
                .map(|number| book.kind(network, format!("w{number}").as_bytes()).unwrap())
                .collect::<Vec<_>>()
        };
        let both =
            std::thread::scope(|scope| [scope.spawn(read), scope.spawn(read)].map(|it| it.join().unwrap()));
        assert_eq!(both[0], both[1]);
    }
}
