//! Sorting rows that are kept by account.

use crate::chunks::Chunks;

/// Rows below this number are simply sorted.
const FEW: usize = 1 << 10;

/// Rows in the order of a key. `bucket` is a small number that never falls as the key rises, such as an account's place in its
/// part: rows are first laid out by it, in one walk, and what is left to sort is short.
pub(crate) fn sorted<T: Copy, K: Ord>(
    rows: Chunks<T>,
    bucket: impl Fn(&T) -> usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let Some(&any) = rows.iter().next() else { return Vec::new() };
    let (length, buckets) = (rows.len(), rows.iter().map(|row| bucket(row) + 1).max().unwrap_or(0));
    if length < FEW || buckets / 8 > length || u32::try_from(length).is_err() {
        let mut rows = rows.into_vec();
        rows.sort_unstable_by_key(key);
        return rows;
    }
    // Where each bucket begins, and later where it ends.
    let mut places = vec![0_u32; buckets + 1];
    for row in rows.iter() {
        places[bucket(row) + 1] += 1;
    }
    for at in 1..places.len() {
        places[at] += places[at - 1];
    }
    let mut laid_out = vec![any; length];
    for row in rows.iter() {
        let place = &mut places[bucket(row)];
        laid_out[*place as usize] = *row;
        *place += 1;
    }
    drop(rows);
    let mut rest = &mut laid_out[..];
    let mut start = 0;
    for end in &places[..buckets] {
        let (of_bucket, after) = rest.split_at_mut((end - start) as usize);
        of_bucket.sort_unstable_by_key(&key);
        (rest, start) = (after, *end);
    }
    laid_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_as_any_sort_leaves_them(
            mut rows in proptest::collection::vec((0_u32..300, 0_u16..9), 0..4 * FEW),
            spread in prop_oneof![Just(1_u32), Just(1_000)],
        ) {
            for row in &mut rows {
                row.0 *= spread;
            }
            let mut expected = rows.clone();
            expected.sort_unstable();
            let mut chunks = Chunks::default();
            chunks.append(&mut rows);
            prop_assert_eq!(sorted(chunks, |row| row.0 as usize, |row| *row), expected);
        }
    }
}
