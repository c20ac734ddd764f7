//! Lists of rows that grow without being moved.

/// Rows one after the other, of which nobody knows beforehand how many there will be. A list that grows to gigabytes as one
/// piece is copied again and again, and its memory is touched anew each time, which costs more than filling it.
#[derive(Clone, Debug)]
pub(crate) struct Chunks<T>(Vec<Vec<T>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Chunks<T> {
    /// How many rows a chunk has at most: a mebibyte of them, which allocators take from and give back to everybody, and not only to
    /// lists of the same sort.
    const MOST: usize = (1 << 20) / size_of::<T>();

    pub(crate) fn extend_from_slice(&mut self, mut rows: &[T]) {
        while !rows.is_empty() {
            let left = self.0.last().map_or(0, |chunk| chunk.capacity() - chunk.len());
            let (fit, rest) = rows.split_at(rows.len().min(left));
            if let Some(chunk) = self.0.last_mut() {
                chunk.extend_from_slice(fit);
            }
            if !rest.is_empty() {
                // As many as there are, and so twice as many in all.
                self.0.push(Vec::with_capacity(self.len().max(rest.len()).min(Self::MOST)));
            }
            rows = rest;
        }
    }

    /// Adds rows of another list, and leaves it empty.
    pub(crate) fn append(&mut self, rows: &mut Vec<T>) {
        self.extend_from_slice(rows);
        rows.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.0.iter().flatten()
    }

    /// The rows, chunk by chunk, each of which gives back its memory when it is dropped.
    pub(crate) fn into_chunks(self) -> impl Iterator<Item = Vec<T>> {
        self.0.into_iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().flatten()
    }

    /// In one piece.
    pub(crate) fn into_vec(mut self) -> Vec<T> {
        if let [only] = &mut self.0[..] {
            return std::mem::take(only);
        }
        let mut rows = Vec::with_capacity(self.len());
        for chunk in self.0 {
            rows.extend(chunk);
        }
        rows
    }

    /// In one piece and in order.
    pub(crate) fn into_sorted(self) -> Vec<T>
    where
        T: Ord,
    {
        let mut rows = self.into_vec();
        rows.sort_unstable();
        rows
    }

    /// The memory that they take.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_stay_as_they_came(lists in proptest::collection::vec(0_usize..200_000, 0..5)) {
            let (mut chunks, mut all) = (Chunks::default(), Vec::new());
            for length in lists {
                let mut rows: Vec<u64> = (0..length as u64).map(|row| row + all.len() as u64).collect();
                all.extend(&rows);
                chunks.append(&mut rows);
                prop_assert!(rows.is_empty());
            }
            prop_assert_eq!((chunks.len(), chunks.is_empty()), (all.len(), all.is_empty()));
            prop_assert!(chunks.bytes() >= 8 * all.len());
            prop_assert!(chunks.iter().eq(&all));
            prop_assert_eq!(chunks.into_vec(), all);
        }
    }
}
