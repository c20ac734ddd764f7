//! Numbers about numbers.

/// Of fewer than this many nothing is concluded.
pub(super) const ENOUGH: usize = 20;

/// The value at a percentile: the least that so many percent do not exceed. Values are sorted.
pub(super) fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// The covariance, up to a factor that is the same for all columns of this length.
pub(super) fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let mean = |column: &[f64]| column.iter().sum::<f64>() / column.len() as f64;
    let (of_a, of_b) = (mean(a), mean(b));
    a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum()
}

/// Pearson's correlation; `None` if either is the same everywhere.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let both = covariance(a, a) * covariance(b, b);
    (both > 0.0).then(|| covariance(a, b) / both.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_are_there() {
        let sorted: Vec<f64> = (1..=20).map(f64::from).collect();
        let found = [1, 5, 50, 95, 99, 100].map(|percent| percentile(&sorted, percent) as u8);
        assert_eq!(found, [1, 1, 10, 19, 20, 20]);
        assert!(percentile(&[], 50).is_nan());
    }

    #[test]
    fn correlations_are_those_of_the_book() {
        let a = [1.0, 2.0, 3.0, 4.0];
        assert!((correlation(&a, &[2.0, 4.0, 6.0, 8.0]).unwrap() - 1.0).abs() < 1e-12);
        assert!((correlation(&a, &[4.0, 3.0, 2.0, 1.0]).unwrap() + 1.0).abs() < 1e-12);
        // (1, 3, 2, 4): 1 − 6 · 2 / (4 · 15)
        assert!((correlation(&a, &[1.0, 3.0, 2.0, 4.0]).unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(correlation(&a, &[5.0; 4]), None);
    }
}
