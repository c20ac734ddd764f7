//! Records with a ruler, ready to be scored.

use std::sync::Arc;

use renown_core::curve::{Curve, Scale};
use renown_core::fixed::Window;
use renown_core::ledger::Ledger;
use renown_core::people::Person;
use renown_core::record::Id;
use renown_core::ruler::{Feature, NetworkRuler, Ruler, Standing};
use renown_core::stat::Stat;
use renown_core::words::Words;

use super::records::{NETWORKS, Record, WINDOW, tally_of};
use super::sum::{Sum, bound};

pub(crate) fn ruler(words: &Words, rounds: u8) -> Ruler {
    let feature = |name: &str, weight: f64| {
        let (word, stat) = name.split_once('.').unwrap();
        Feature {
            word: words.intern(word).unwrap(),
            name: name.to_owned(),
            stat: Stat::named(stat).unwrap(),
            weight,
            curve: Curve::LOG,
            cap: None,
            half_life_days: None,
            asked: true,
            instead: None,
        }
    };
    let mut networks: Vec<NetworkRuler> = NETWORKS
        .iter()
        .map(|name| {
            let features = vec![
                feature("followers.latest", 0.5),
                feature("like.actors", 0.3),
                feature("like.count", 0.4),
                // The same response to fewer posts can make it fall, against the sixth law: never in a ruler by default.
                feature("like.h", 0.0),
                feature("like.per_post", 0.3),
                feature("like.recent", 0.3),
                feature("like.weighted", 0.5),
                feature("repost.days", 0.2),
                feature("repost.recent", 0.6),
                feature("repost.weighted", 1.0),
            ];
            NetworkRuler {
                network: words.intern(name).unwrap(),
                name: (*name).to_owned(),
                weight: 1.0,
                half_life_days: 30.0,
                graph: None,
                formula: bound(&Sum, &features),
                features,
            }
        })
        .collect();
    networks.sort_by(|a, b| a.name.cmp(&b.name));
    Ruler {
        window: Window { days: WINDOW as u16, fade_days: 30 },
        standing: Standing { rounds, start: 40.0, floor: 0.5 },
        per_post_exponent: 0.5,
        power: 6.0,
        scale: Scale::new(vec![[0.0, 0.0], [10.0, 0.4], [30.0, 0.8], [60.0, 1.0]]).unwrap(),
        networks,
    }
}

/// A ledger with its ruler.
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) ruler: Ruler,
}

impl World {
    pub(crate) fn new(records: &[Record], rounds: u8) -> Self {
        let words = Arc::new(Words::new());
        let tally = tally_of(&words, records);
        Self { ruler: ruler(&words, rounds), ledger: Ledger::settle(tally).expect("all rows are in memory") }
    }

    /// A person who has these accounts of the first network (or of both).
    pub(crate) fn person(&self, accounts: &[(usize, i64)]) -> Person {
        let words = self.ledger.words();
        let accounts = accounts
            .iter()
            .filter_map(|(network, id)| self.ledger.find(words.find(NETWORKS[*network])?, Id::Number(*id)))
            .collect();
        Person { id: "somebody".into(), consent: Some(true), accounts, ..Person::default() }
    }
}
