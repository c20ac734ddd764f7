//! Records that say again what was said a moment ago.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;

/// Which records were taken lately, of those that count once. An export says with every post how its author is called and how
/// many follow them: what was said before need not be written down, and looked up, again.
#[derive(Debug, Default)]
pub struct Lately {
    hasher: RandomState,
    /// Hashes, each in the slot that it falls in; empty until the first.
    hashes: Vec<u64>,
}

impl Lately {
    const SLOTS: usize = 1 << 16;

    /// Whether this was taken lately. (Two different ones pass for one with a chance of 2^-64.)
    pub fn again(&mut self, record: impl Hash) -> bool {
        if self.hashes.is_empty() {
            self.hashes.resize(Self::SLOTS, 0);
        }
        let hash = self.hasher.hash_one(record);
        let slot = &mut self.hashes[hash as usize % Self::SLOTS];
        std::mem::replace(slot, hash) == hash
    }
}
