//! How many moved how far, as the bars of a histogram.

/// Upper ends of the bars, in ten-thousandths of a point; the bar that ends at 0 is of those who did not move, and falls are counted
/// likewise.
const ENDS: [i64; 7] = [0, 1_000, 10_000, 20_000, 50_000, 100_000, i64::MAX];

/// How many bars there are on either side of the one of those who did not move.
const SIDE: usize = ENDS.len() - 1;

/// A bar of a histogram of moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The lower end, in ten-thousandths of a point; `None` if there is none. The end that is nearer to 0 is not in the bar, the other is.
    pub low: Option<i64>,
    /// The upper end, likewise.
    pub high: Option<i64>,
    /// How many moved so.
    pub count: u64,
}

/// A histogram of moves that is being counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts([u64; 2 * SIDE + 1]);

impl Counts {
    /// Counts somebody whose score changed by so many ten-thousandths of a point.
    pub(crate) fn add(&mut self, change: i64) {
        let side = ENDS.partition_point(|end| *end < change.abs());
        // The bar of those who did not move stands in the midst.
        self.0[if change < 0 { SIDE - side } else { SIDE + side }] += 1;
    }

    /// Together with others.
    pub(crate) fn and(self, others: Self) -> Self {
        Self(std::array::from_fn(|bar| self.0[bar] + others.0[bar]))
    }

    /// How many moved at all.
    pub(crate) fn moved(&self) -> u64 {
        self.0.iter().sum::<u64>() - self.0[SIDE]
    }

    /// The bars, from the largest fall to the largest rise.
    pub(crate) fn bars(self) -> Vec<Bar> {
        let end = |end: i64| (end != i64::MAX).then_some(end);
        let bar = |(index, count): (usize, u64)| {
            let (low, high) = match index.checked_sub(SIDE) {
                Some(0) => (Some(0), Some(0)),
                Some(side) => (Some(ENDS[side - 1]), end(ENDS[side])),
                None => {
                    let side = SIDE - index;
                    (end(ENDS[side]).map(|end| -end), Some(-ENDS[side - 1]))
                }
            };
            Bar { low, high, count }
        };
        self.0.into_iter().enumerate().map(bar).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_move_stands_in_one_bar() {
        let mut counts = Counts::default();
        for change in [0, 1, 1_000, 1_001, 10_000, 20_000, 50_000, 100_000, 100_001, 500_000] {
            counts.add(change);
            counts.add(-change);
        }
        assert_eq!(counts.moved(), 18);
        let bars = counts.bars();
        let counts: Vec<u64> = bars.iter().map(|bar| bar.count).collect();
        assert_eq!(counts, [2, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 2]);
        assert_eq!(bars[0].low, None);
        assert_eq!(bars[0].high, Some(-100_000));
        assert_eq!(bars[12].high, None);
    }
}
