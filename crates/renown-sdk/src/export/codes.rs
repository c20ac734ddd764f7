//! From words to their places in the manifest, which is how they cross the boundary.

use crate::{Manifest, TooManyWords, Vocabulary, Word};

/// The places of an adapter's networks, kinds and metrics, by word.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// By word.
    places: Vec<u16>,
    /// By place.
    networks: Vec<Network>,
}

#[derive(Debug)]
struct Network {
    kinds: Vec<u16>,
    metrics: Vec<u16>,
}

/// What a word without a place becomes: the host refuses it, as something that was not declared.
const UNDECLARED: u16 = u16::MAX;

impl Codes {
    pub(super) fn new(manifest: &Manifest, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let (mut places, mut networks) = (Vec::new(), Vec::new());
        for (place, spec) in manifest.networks.iter().enumerate() {
            note(&mut places, vocabulary.network(spec.name)?, place);
            let (mut kinds, mut metrics) = (Vec::new(), Vec::new());
            for (place, kind) in spec.kinds.iter().enumerate() {
                note(&mut kinds, vocabulary.kind(spec.name, kind.name)?, place);
            }
            for (place, metric) in spec.metrics.iter().enumerate() {
                note(&mut metrics, vocabulary.metric(spec.name, metric.name)?, place);
            }
            networks.push(Network { kinds, metrics });
        }
        Ok(Self { places, networks })
    }

    /// Whether rows have to say which network is theirs.
    pub(super) fn has_many(&self) -> bool {
        self.networks.len() > 1
    }

    #[inline]
    pub(super) fn network(&self, network: Word) -> u16 {
        Self::place(&self.places, network)
    }

    #[inline]
    pub(super) fn kind(&self, network: Word, kind: Word) -> (u16, u16) {
        let network = self.network(network);
        (network, Self::place(self.kinds(network), kind))
    }

    /// The places of a network's metrics, by word.
    #[inline]
    pub(super) fn metrics(&self, network: u16) -> &[u16] {
        self.networks.get(usize::from(network)).map_or(&[], |known| &known.metrics)
    }

    /// The places of a network's kinds, by word.
    #[inline]
    pub(super) fn kinds(&self, network: u16) -> &[u16] {
        self.networks.get(usize::from(network)).map_or(&[], |known| &known.kinds)
    }

    /// The place of a word.
    #[inline]
    pub(super) fn place(places: &[u16], word: Word) -> u16 {
        places.get(word.index()).copied().unwrap_or(UNDECLARED)
    }
}

fn note(places: &mut Vec<u16>, word: Word, place: usize) {
    if places.len() <= word.index() {
        places.resize(word.index() + 1, UNDECLARED);
    }
    places[word.index()] = place as u16;
}
