//! How far two orders of the same people agree.

use rayon::prelude::*;

/// Kendall's tau-b of two scores, or two ranks, of the same people in the same order: 1 where both order everybody
/// alike, -1 where one is the reverse of the other, 0 where they have nothing to do with each other.
///
/// Pairs are counted exactly, in the time that sorting takes (Knight 1966). Uses the current rayon thread pool. It is NaN where one of the two puts all
/// on a level, or there are fewer than two: there is no order to agree with. If one is longer, its rest is not looked
/// at.
pub fn kendall_tau_b(a: &[u32], b: &[u32]) -> f64 {
    // A pair as one number, first the one and then the other: one comparison instead of two.
    let mut pairs: Vec<u64> =
        a.par_iter().zip(b).map(|(a, b)| u64::from(*a) << u32::BITS | u64::from(*b)).collect();
    pairs.par_sort_unstable();
    let all = pairs_of(pairs.len());
    let tied_in_a = ties(&pairs, |x, y| x >> u32::BITS == y >> u32::BITS);
    let tied_in_both = ties(&pairs, |x, y| x == y);
    let mut of_b: Vec<u32> = pairs.par_iter().map(|pair| *pair as u32).collect();
    // Those level in `a` are in the order of `b` already, and give no swaps.
    let discordant = sort_counting(&mut of_b, &mut vec![0; pairs.len()]);
    let tied_in_b = ties(&of_b, |x, y| x == y);
    let concordant = (all - tied_in_a) - (tied_in_b - tied_in_both) - discordant;
    let product = u128::from(all - tied_in_a) * u128::from(all - tied_in_b);
    let tau = (i128::from(concordant) - i128::from(discordant)) as f64 / (product as f64).sqrt();
    // With more pairs than a float can tell apart, the last digit may be one too many.
    tau.clamp(-1.0, 1.0)
}

/// How many stand among the first in both of two orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// How many are among the first in both.
    pub both: usize,
    /// Of how many: those among the first in one of the two, whichever has more. It is not the number asked for where
    /// several share the last place, or there are fewer.
    pub of: usize,
}

/// The overlap of the first `k` by two lists of ranks of the same people in the same order. Whoever shares the last place is
/// among the first.
pub fn overlap(a: &[u32], b: &[u32], k: u32) -> Overlap {
    let first = |ranks: &[u32]| ranks.iter().filter(|rank| **rank <= k).count();
    Overlap {
        both: a.iter().zip(b).filter(|(a, b)| **a <= k && **b <= k).count(),
        of: first(a).max(first(b)),
    }
}

/// How many pairs so many make.
fn pairs_of(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

/// How many pairs are on a level, in a list where these stand side by side.
fn ties<T>(sorted: &[T], level: impl Fn(&T, &T) -> bool) -> u64 {
    sorted.chunk_by(level).map(|run| pairs_of(run.len())).sum()
}

/// So few are sorted by moving each to its place.
const FEW: usize = 16;

/// Fewer than this are sorted by one thread.
const WORTH_A_THREAD: usize = 1 << 14;

/// Sorts by merging, and tells how many pairs stood the wrong way round. `spare` is as long as the values.
fn sort_counting(values: &mut [u32], spare: &mut [u32]) -> u64 {
    let whole = values.len();
    if whole <= FEW {
        return insertion_sort_counting(values);
    }
    let half = whole / 2;
    let (left, right) = values.split_at_mut(half);
    let (spare_left, spare_right) = spare.split_at_mut(half);
    let mut wrong = if whole < WORTH_A_THREAD {
        sort_counting(left, spare_left) + sort_counting(right, spare_right)
    } else {
        let (left, right) =
            rayon::join(|| sort_counting(left, spare_left), || sort_counting(right, spare_right));
        left + right
    };
    let (mut l, mut r) = (0, 0);
    for place in spare.iter_mut() {
        if r == right.len() || (l < left.len() && left[l] <= right[r]) {
            *place = left[l];
            l += 1;
        } else {
            // It passes all that is left of the first half.
            wrong += (left.len() - l) as u64;
            *place = right[r];
            r += 1;
        }
    }
    values.copy_from_slice(spare);
    wrong
}

/// Sorts, and tells how many pairs stood the wrong way round.
fn insertion_sort_counting(values: &mut [u32]) -> u64 {
    let mut wrong = 0;
    for end in 1..values.len() {
        let mut at = end;
        while at > 0 && values[at - 1] > values[at] {
            values.swap(at - 1, at);
            at -= 1;
        }
        wrong += end - at;
    }
    wrong as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rank of each value: one more than how many are larger, so that equals have the same.
    fn ranks(values: &[u32]) -> Vec<u32> {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        values.iter().map(|value| 1 + sorted.partition_point(|other| other > value) as u32).collect()
    }

    /// By looking at every pair, as tau-b is defined.
    fn pair_by_pair(a: &[u32], b: &[u32]) -> f64 {
        let (mut balance, mut untied_a, mut untied_b) = (0_i64, 0_i64, 0_i64);
        for i in 0..a.len() {
            for j in 0..i {
                let x = i64::from(a[i] > a[j]) - i64::from(a[i] < a[j]);
                let y = i64::from(b[i] > b[j]) - i64::from(b[i] < b[j]);
                balance += x * y;
                untied_a += x.abs();
                untied_b += y.abs();
            }
        }
        balance as f64 / ((untied_a * untied_b) as f64).sqrt()
    }

    #[test]
    fn tau_is_what_others_compute() {
        // The example of scipy.stats.kendalltau.
        let tau = kendall_tau_b(&[12, 2, 1, 12, 2], &[1, 4, 7, 1, 0]);
        assert!((tau + 0.471_404_520_791_031_7).abs() < 1e-15, "{tau}");
        // Four of six pairs one way, two the other.
        let tau = kendall_tau_b(&[1, 2, 3, 4], &[3, 1, 2, 4]);
        assert!((tau - 1.0 / 3.0).abs() < 1e-15, "{tau}");
    }

    #[test]
    fn tau_needs_an_order() {
        assert!(kendall_tau_b(&[], &[]).is_nan());
        assert!(kendall_tau_b(&[1], &[2]).is_nan());
        assert!(kendall_tau_b(&[5, 5, 5], &[1, 2, 3]).is_nan());
    }

    #[test]
    fn equals_share_a_rank() {
        assert_eq!(ranks(&[30, 10, 30, 20]), [1, 4, 1, 3]);
        assert_eq!(ranks(&[]), [0; 0]);
    }

    #[test]
    fn whoever_shares_the_last_place_is_among_the_first() {
        let (a, b) = (ranks(&[9, 8, 7, 7, 1]), ranks(&[1, 9, 8, 2, 7]));
        assert_eq!(overlap(&a, &b, 1), Overlap { both: 0, of: 1 });
        assert_eq!(overlap(&a, &b, 3), Overlap { both: 2, of: 4 });
        assert_eq!(overlap(&a, &b, 10), Overlap { both: 5, of: 5 });
    }

    proptest! {
        #[test]
        fn tau_is_that_of_all_pairs(pairs in proptest::collection::vec((0_u32..12, 0_u32..12), 0..60)) {
            let (a, b): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
            let (tau, slow) = (kendall_tau_b(&a, &b), pair_by_pair(&a, &b));
            prop_assert!(tau.is_nan() && slow.is_nan() || (tau - slow).abs() < 1e-14, "{tau} {slow}");
            prop_assert_eq!(kendall_tau_b(&b, &a).to_bits(), tau.to_bits());
        }

        #[test]
        fn an_order_agrees_with_itself_and_not_with_its_reverse(values in proptest::collection::vec(any::<u32>(), 2..200)) {
            prop_assume!(values.iter().any(|value| *value != values[0]));
            let reverse: Vec<u32> = values.iter().map(|value| u32::MAX - value).collect();
            prop_assert_eq!(kendall_tau_b(&values, &values).to_bits(), 1_f64.to_bits());
            prop_assert_eq!(kendall_tau_b(&values, &reverse).to_bits(), (-1_f64).to_bits());
            prop_assert_eq!(kendall_tau_b(&values, &ranks(&values)).to_bits(), (-1_f64).to_bits());
        }
    }
}
