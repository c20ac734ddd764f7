//! Fixed point: sums that do not depend on the order of their terms.
//!
//! Every sum over records is a sum of integers. Where a term is a fraction (a decayed share, a logarithm) it is first
//! rounded to a multiple of 2^-32 by a function of that term alone; the sum of such terms is then exact, and equal
//! whatever thread or hash table put them in whichever order.

use crate::record::Day;

/// One, in fixed point with 32 fractional bits.
pub const ONE: u64 = 1 << 32;

/// How many bits of the mantissa index the logarithm's table.
const TABLE_BITS: u32 = 12;

/// `log2(1 + x)` of a non-negative fixed-point number, in fixed point; exact at powers of two, elsewhere within 2^-24
/// and never decreasing.
///
/// A table of 4,096 steps with straight lines between: the kernel of scoring takes one logarithm for each
/// actor and target, and libm's would be half of its time.
#[derive(Debug)]
pub struct Log2 {
    table: Box<[u64]>,
}

impl Default for Log2 {
    fn default() -> Self {
        let steps = 1_u32 << TABLE_BITS;
        let table = (0..=steps)
            .map(|step| (libm::log2(1.0 + f64::from(step) / f64::from(steps)) * ONE as f64) as u64)
            .collect();
        Self { table }
    }
}

impl Log2 {
    /// `log2(1 + x)`.
    pub fn of_one_plus(&self, x: u64) -> u64 {
        let value = x.saturating_add(ONE);
        let exponent = value.ilog2();
        // The mantissa's bits below the leading one, moved to the top of a 64-bit word.
        let mantissa = if exponent == 0 { 0 } else { value << (64 - exponent) };
        let step = (mantissa >> (64 - TABLE_BITS)) as usize;
        let between = (mantissa << TABLE_BITS) >> 32;
        let (low, high) = (self.table[step], self.table[step + 1]);
        (u64::from(exponent - 32) << 32) + low + (((high - low) * between) >> 32)
    }
}

/// `a · b` of fixed-point numbers, rounded down, at most `u64::MAX`.
pub fn product(a: u64, b: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)) >> 32).unwrap_or(u64::MAX)
}

/// As a float, for formulas.
pub fn to_f64(x: u128) -> f64 {
    // Most fit into a word, for which the machine has an instruction.
    u64::try_from(x).map_or_else(|_| wide_to_f64(x), |x| x as f64) / ONE as f64
}

/// Apart, since otherwise the compiler makes one conversion of both.
#[cold]
#[inline(never)]
fn wide_to_f64(x: u128) -> f64 {
    x as f64
}

/// A number that is not negative, rounded half up. As `f64::round` does, which where the processor lacks it is a call, and takes as long
/// as to find what is to be rounded.
pub(crate) fn rounded(x: f64) -> u32 {
    let whole = x as u32;
    whole + u32::from(x - f64::from(whole) >= 0.5)
}

/// The days that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Nothing older than this many days counts.
    pub days: u16,
    /// Over this many days at the window's end, at most all of it, everything fades away.
    pub fade_days: u16,
}

impl Window {
    /// How often what fades is halved from the first to the last day of its fading: to a millionth. Under the curve `log`
    /// each day then takes the same off; without fading, a great post would leave the window from one day to the next.
    const HALVINGS: f64 = 20.0;

    /// The last age in days before the fading, as which undated records count.
    pub fn full_days(self) -> u16 {
        self.days.saturating_sub(self.fade_days)
    }

    /// The age in days, as of a day, of what happened on another; `None` outside the window. What is undated is as old as it
    /// can be without having faded.
    pub fn age(self, day: Day, as_of: Day) -> Option<u16> {
        if !day.is_dated() {
            return Some(self.full_days());
        }
        as_of.raw().checked_sub(day.raw()).filter(|&age| age <= self.days)
    }

    /// How often what is this old has been halved by fading.
    fn halvings(self, age: u16) -> f64 {
        let faded = f64::from(age.saturating_sub(self.full_days()));
        if faded == 0.0 { 0.0 } else { Self::HALVINGS * faded / f64::from(self.fade_days) }
    }
}

/// How much an act of each age in days still counts, from 0 to the window's last day: `2^(-age / half_life)`, less and
/// less of it as the window ends ([`Window`]), in fixed point. Beyond the window nothing counts.
#[derive(Clone, Debug)]
pub struct Decay {
    by_age: Box<[u64]>,
}

impl Decay {
    /// For a half-life in days (infinite for no decay) and a window.
    pub fn new(half_life_days: f64, window: Window) -> Self {
        let by_age = (0..=window.days)
            .map(|age| {
                let halvings = f64::from(age) / half_life_days + window.halvings(age);
                (libm::exp2(-halvings) * ONE as f64) as u64
            })
            .collect();
        Self { by_age }
    }

    /// At an age in days; `None` outside the window.
    pub fn at(&self, age: u16) -> Option<u64> {
        self.by_age.get(usize::from(age)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn powers_of_two_are_exact() {
        let log = Log2::default();
        for power in 0..31 {
            assert_eq!(log.of_one_plus(((1_u64 << power) - 1) << 32), power << 32);
        }
    }

    #[test]
    fn what_leaves_the_window_fades_by_the_same_each_day() {
        let decay = Decay::new(f64::INFINITY, Window { days: 90, fade_days: 20 });
        assert_eq!(
            [0, 70, 71, 72, 90, 91].map(|age| decay.at(age)),
            [Some(ONE), Some(ONE), Some(ONE / 2), Some(ONE / 4), Some(ONE >> 20), None]
        );
        let sudden = Decay::new(f64::INFINITY, Window { days: 9, fade_days: 0 });
        assert_eq!([9, 10].map(|age| sudden.at(age)), [Some(ONE), None]);
    }

    proptest! {
        #[test]
        fn numbers_are_rounded_half_up(x in 0.0..4e9_f64, whole in 0_u32..1 << 31) {
            prop_assert_eq!(rounded(x), x.round() as u32);
            let half = f64::from(whole) + 0.5;
            prop_assert_eq!([half.next_down(), half].map(rounded), [whole, whole + 1]);
        }

        #[test]
        fn the_logarithm_is_close_and_never_decreases(x in 0_u64..1 << 60, more in 0_u64..1 << 40) {
            let log = Log2::default();
            let exact = libm::log2(1.0 + to_f64(u128::from(x)));
            prop_assert!((to_f64(u128::from(log.of_one_plus(x))) - exact).abs() < 1e-7);
            prop_assert!(log.of_one_plus(x) <= log.of_one_plus(x + more));
        }
    }
}
