//! From words to their places in the manifest, which is how they cross the boundary.

use renown_core::words::MAX_WORDS;

use crate::{Manifest, TooManyWords, Vocabulary, Word};

/// Places by word: of all words that there can be, so that a look-up needs no check.
#[derive(Clone, Debug)]
pub(super) struct Places(Box<[u16; MAX_WORDS]>);

impl Places {
    /// None.
    fn new() -> Self {
        Self(Box::new([UNDECLARED; MAX_WORDS]))
    }

    fn note(&mut self, word: Word, place: usize) {
        self.0[word.index() % MAX_WORDS] = place as u16;
    }

    /// The place of a word.
    #[inline]
    pub(super) fn of(&self, word: Word) -> u16 {
        self.0[word.index() % MAX_WORDS]
    }
}

/// The places of an adapter's networks, kinds and metrics, by word.
#[derive(Debug)]
pub(super) struct Codes {
    networks: Places,
    /// By place.
    words: Vec<Network>,
    undeclared: Network,
}

#[derive(Clone, Debug)]
struct Network {
    kinds: Places,
    metrics: Places,
}

/// What a word without a place becomes: the host refuses it, as something that was not declared.
const UNDECLARED: u16 = u16::MAX;

impl Default for Codes {
    /// Nothing is declared.
    fn default() -> Self {
        let undeclared = Network { kinds: Places::new(), metrics: Places::new() };
        Self { networks: Places::new(), words: Vec::new(), undeclared }
    }
}

impl Codes {
    pub(super) fn new(manifest: &Manifest, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let mut codes = Self::default();
        for (place, spec) in manifest.networks.iter().enumerate() {
            codes.networks.note(vocabulary.network(spec.name)?, place);
            let mut network = codes.undeclared.clone();
            for (place, kind) in spec.kinds.iter().enumerate() {
                network.kinds.note(vocabulary.kind(spec.name, kind.name)?, place);
            }
            for (place, metric) in spec.metrics.iter().enumerate() {
                network.metrics.note(vocabulary.metric(spec.name, metric.name)?, place);
            }
            codes.words.push(network);
        }
        Ok(codes)
    }

    /// Whether rows have to say which network is theirs.
    pub(super) fn has_many(&self) -> bool {
        self.words.len() > 1
    }

    #[inline]
    pub(super) fn network(&self, network: Word) -> u16 {
        self.networks.of(network)
    }

    #[inline]
    pub(super) fn kind(&self, network: Word, kind: Word) -> (u16, u16) {
        let network = self.network(network);
        (network, self.kinds(network).of(kind))
    }

    /// The places of a network's kinds.
    #[inline]
    pub(super) fn kinds(&self, network: u16) -> &Places {
        &self.words.get(usize::from(network)).unwrap_or(&self.undeclared).kinds
    }

    /// The places of a network's metrics.
    #[inline]
    pub(super) fn metrics(&self, network: u16) -> &Places {
        &self.words.get(usize::from(network)).unwrap_or(&self.undeclared).metrics
    }
}
