//! From words to their places in the manifest, which is how they cross the boundary.

use crate::{Manifest, TooManyWords, Vocabulary, Word};

/// The places of an adapter's networks, kinds and metrics, by word.
#[derive(Debug, Default)]
pub(super) struct Codes {
    networks: Vec<Network>,
}

#[derive(Debug)]
struct Network {
    word: Word,
    kinds: Vec<u16>,
    metrics: Vec<u16>,
}

/// What a word without a place becomes: the host refuses it, as something that was not declared.
const UNDECLARED: u16 = u16::MAX;

impl Codes {
    pub(super) fn new(manifest: &Manifest, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let mut networks = Vec::new();
        for spec in manifest.networks {
            let (mut kinds, mut metrics) = (Vec::new(), Vec::new());
            for (place, kind) in spec.kinds.iter().enumerate() {
                note(&mut kinds, vocabulary.kind(spec.name, kind.name)?, place);
            }
            for (place, metric) in spec.metrics.iter().enumerate() {
                note(&mut metrics, vocabulary.metric(spec.name, metric.name)?, place);
            }
            networks.push(Network { word: vocabulary.network(spec.name)?, kinds, metrics });
        }
        Ok(Self { networks })
    }

    pub(super) fn network(&self, network: Word) -> u16 {
        self.networks.iter().position(|known| known.word == network).map_or(UNDECLARED, |place| place as u16)
    }

    pub(super) fn kind(&self, network: Word, kind: Word) -> (u16, u16) {
        self.place(network, |network| &network.kinds, kind)
    }

    pub(super) fn metric(&self, network: Word, metric: Word) -> (u16, u16) {
        self.place(network, |network| &network.metrics, metric)
    }

    fn place(&self, network: Word, list: impl Fn(&Network) -> &Vec<u16>, word: Word) -> (u16, u16) {
        let network = self.network(network);
        let known = self.networks.get(usize::from(network));
        let place = known.and_then(|known| list(known).get(word.index())).copied();
        (network, place.unwrap_or(UNDECLARED))
    }
}

fn note(places: &mut Vec<u16>, word: Word, place: usize) {
    if places.len() <= word.index() {
        places.resize(word.index() + 1, UNDECLARED);
    }
    places[word.index()] = place as u16;
}
