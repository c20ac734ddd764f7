//! Fair parts where features do not simply add up.
//!
//! L. S. Shapley, "A Value for n-Person Games" (1953): what a feature gives is what it adds when it joins those that are
//! there already, in the mean over all orders in which they can join. It is the one division that adds up, gives the same
//! to those that do the same, nothing to those that do nothing, and is itself additive.

/// Up to this many features that give something, all orders are looked at, by way of all 2^n sets.
const EXACT: usize = 12;

/// What each value of a row gave, adding up to `worth` of the row to the last bit.
///
/// `worth` gives the points of a row that has only some of the values, the others being 0. Beyond twelve values that are
/// known and not 0, the mean is over 2n orders instead of all: the features in the order of their names, begun with each
/// of them in turn, and each of these orders backwards. In these, too, each stands in each place equally often.
pub fn shares(row: &[f64], mut worth: impl FnMut(&[f64]) -> f64, out: &mut [f64]) {
    out.fill(0.0);
    let players: Vec<usize> = (0..row.len()).filter(|&index| row[index] > 0.0).collect();
    let count = players.len();
    let mut some = vec![0.0; row.len()];
    if count <= EXACT {
        let worths: Vec<f64> = (0..1_usize << count)
            .map(|set| {
                for (bit, &player) in players.iter().enumerate() {
                    some[player] = if set >> bit & 1 == 1 { row[player] } else { 0.0 };
                }
                worth(&some)
            })
            .collect();
        for (bit, &player) in players.iter().enumerate() {
            let without = (0..worths.len()).filter(|set| set >> bit & 1 == 0);
            let added = without
                .map(|set| (worths[set | 1 << bit] - worths[set]) * chance(set.count_ones() as usize, count));
            out[player] = added.sum();
        }
    } else {
        let orders = players.iter().enumerate().flat_map(|(start, _)| {
            let forwards = (0..count).map(move |step| (start + step) % count);
            [forwards.clone().collect::<Vec<_>>(), forwards.rev().collect()]
        });
        let nothing = worth(&some);
        for order in orders {
            some.fill(0.0);
            let mut before = nothing;
            for player in order.into_iter().map(|place| players[place]) {
                some[player] = row[player];
                let after = worth(&some);
                out[player] += (after - before) / (2 * count) as f64;
                before = after;
            }
        }
    }
    let full: Vec<f64> = row.iter().map(|value| if *value > 0.0 { *value } else { 0.0 }).collect();
    settle(worth(&full), out);
}

/// In which fraction of all orders of `count` players exactly these `size` others come before one: `s! (n − s − 1)! / n!`.
fn chance(size: usize, count: usize) -> f64 {
    // 1 / (n · C(n − 1, s)).
    let choices =
        (0..size).fold(1.0, |choices, taken| choices * (count - 1 - taken) as f64 / (taken + 1) as f64);
    1.0 / (count as f64 * choices)
}

/// Takes rounding out of parts: none is negative, and they add up to the total exactly, in any order.
///
/// All become multiples of the total's last binary place. Sums of such, up to the total, are exact; so is what is left for
/// the largest.
pub fn settle(total: f64, parts: &mut [f64]) {
    let place = total.next_up() - total;
    let mut largest = 0;
    for index in 0..parts.len() {
        parts[index] = (parts[index].max(0.0) / place).round() * place;
        if parts[index] > parts[largest] {
            largest = index;
        }
    }
    if !parts.is_empty() {
        parts[largest] = 0.0;
        parts[largest] = (total - parts.iter().sum::<f64>()).max(0.0);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shares_of(row: &[f64], worth: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
        let mut out = vec![f64::NAN; row.len()];
        shares(row, worth, &mut out);
        out
    }

    #[test]
    fn worked_examples() {
        // Both are needed, and share; who is missing or does nothing has nothing.
        assert_eq!(shares_of(&[3.0, 4.0, f64::NAN, 0.0], |row| row[0] * row[1]), [6.0, 6.0, 0.0, 0.0]);
        // Shapley's glove market: the one with the rare glove has two thirds.
        let pairs = |row: &[f64]| row[0].min(row[1] + row[2]);
        let shares = shares_of(&[6.0, 6.0, 6.0], pairs);
        assert_eq!(shares.iter().map(|share| share.round()).collect::<Vec<_>>(), [4.0, 1.0, 1.0]);
        assert_eq!(shares.iter().sum::<f64>(), 6.0);
    }

    proptest! {
        /// What adds up is split as it adds up, however many there are; equals are equal.
        #[test]
        fn sums_are_split_into_their_terms(row in prop::collection::vec(0.0..50.0_f64, 0..30)) {
            let shares = shares_of(&row, |row| row.iter().sum());
            prop_assert!(shares.iter().zip(&row).all(|(share, value)| (share - value).abs() < 1e-9));
        }

        #[test]
        fn parts_are_exact_and_never_negative(row in prop::collection::vec(0.0..50.0_f64, 1..20)) {
            let worth = |row: &[f64]| row.iter().map(|value| value.sqrt()).product::<f64>() + row.iter().fold(0.0, |all, value| f64::max(all, *value));
            let (shares, total) = (shares_of(&row, worth), worth(&row));
            prop_assert!(shares.iter().all(|share| *share >= 0.0));
            prop_assert_eq!(shares.iter().fold(0.0, |sum, share| sum + share).to_bits(), total.to_bits());
        }
    }
}
