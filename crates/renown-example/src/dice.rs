//! The one source of chance: `ChaCha8` streams, read as whole numbers only.
//!
//! The `ChaCha` stream is a published function of its key, so the same seed gives the same numbers on every
//! platform and in every version of `rand_chacha`. Nothing here goes through floating point or through
//! `rand`'s distributions, which may change between versions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream called `name` (at most 24 bytes count) under this seed. Each part of the town rolls its
    /// own, so that a change to one part leaves the others as they were.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        for (slot, byte) in key[8..].iter_mut().zip(name.bytes()) {
            *slot = byte;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// An index into something `len` long.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True in `percent` of a hundred rolls.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the choices.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    /// A rank in `0..n` where each doubling is as likely as the next: rank r comes up about as often as
    /// 1/(r+1), the heavy tail of who is followed and answered.
    pub fn near_top(&mut self, n: u64) -> u64 {
        let doublings = u64::from(u64::BITS - n.leading_zeros());
        loop {
            let start = 1 << self.below(doublings);
            let rank = start + self.below(start) - 1;
            if rank < n {
                return rank;
            }
        }
    }

    /// `len` letters and digits as they stand in the networks' opaque ids.
    pub fn token(&mut self, len: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        (0..len).map(|_| char::from(*self.pick(LETTERS))).collect()
    }
}
