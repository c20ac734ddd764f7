//! Which kinds posts show totals of, together.

use foldhash::fast::RandomState;
use indexmap::IndexSet;

use crate::words::Word;

/// The kinds of a post row's slots.
pub(crate) type Shape = Vec<Word>;

/// Shapes, numbered in the order in which they came. Most networks have a handful; a table with many columns, of which any may
/// be empty, has thousands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes(IndexSet<Shape, RandomState>);

impl Shapes {
    /// The number of a shape, which is added if it is new.
    pub(crate) fn number(&mut self, kinds: &[Word]) -> u32 {
        let place = self.0.get_index_of(kinds).unwrap_or_else(|| self.0.insert_full(kinds.to_vec()).0);
        place as u32
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// In the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.0.iter()
    }

    /// All of them by number.
    pub(crate) fn into_list(self) -> Vec<Shape> {
        self.0.into_iter().collect()
    }
}
