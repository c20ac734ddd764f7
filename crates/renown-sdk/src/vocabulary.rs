//! From the words in a file to the words of a run.

use std::sync::Arc;

use crate::{Interaction, Manifest, TooManyWords, Vocable, Word, Words};

/// The words of one run, with what the adapters' manifests say of synonyms: `retweet` on Twitter is `repost`.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    words: Arc<Words>,
    manifests: Arc<[&'static Manifest]>,
}

impl Vocabulary {
    /// Over a table of words and the manifests whose synonyms hold.
    pub fn new(words: Arc<Words>, manifests: impl IntoIterator<Item = &'static Manifest>) -> Self {
        Self { words, manifests: manifests.into_iter().collect() }
    }

    /// The table of words.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// A network by name.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table is full.
    pub fn network(&self, name: &str) -> Result<Word, TooManyWords> {
        self.words.intern(name)
    }

    /// A kind of interaction by its name or a synonym on that network.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table is full.
    pub fn kind(&self, network: &str, name: &str) -> Result<Word, TooManyWords> {
        self.words.intern(self.canonical(network, name, |spec| spec.kinds))
    }

    /// A metric by its name or a synonym on that network.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table is full.
    pub fn metric(&self, network: &str, name: &str) -> Result<Word, TooManyWords> {
        self.words.intern(self.canonical(network, name, |spec| spec.metrics))
    }

    /// An interaction of a kind on a network, by their names, with nothing else in it yet: what a reader completes.
    ///
    /// # Errors
    /// [`TooManyWords`] if the table is full.
    pub fn interaction(&self, network: &str, kind: &str) -> Result<Interaction<'static>, TooManyWords> {
        Ok(Interaction::new(self.network(network)?, self.kind(network, kind)?))
    }

    fn canonical<'n>(
        &self,
        network: &str,
        name: &'n str,
        vocables: impl Fn(&'static crate::NetworkSpec) -> &'static [Vocable],
    ) -> &'n str {
        self.manifests
            .iter()
            .flat_map(|manifest| manifest.networks)
            .filter(|spec| spec.name == network)
            .flat_map(vocables)
            .find(|vocable| vocable.also.contains(&name))
            .map_or(name, |vocable| vocable.name)
    }
}
