//! What a store holds, in numbers.

use std::collections::BTreeMap;

use renown_core::record::Day;
use renown_core::tally::newest_day;

use crate::forgotten::Forgotten;
use crate::layout::{Partition, Table};
use crate::store::Store;

/// One network's rows in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableStat {
    /// Files.
    pub files: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// The first and the last day, of rows that have one.
    pub days: Option<(Day, Day)>,
}

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// By table and network.
    pub tables: BTreeMap<(Table, String), TableStat>,
    /// Kept tallies, and their bytes.
    pub tallies: (u64, u64),
    /// Days with published scores, and their bytes.
    pub scores: (u64, u64),
    /// Persons whom the store forgot.
    pub forgotten: usize,
    /// Files that a killed run left behind.
    pub leftovers: usize,
}

impl Store {
    /// The newest day that is meant among those with rows, as [`renown_core::tally::Tally::newest_day`] finds it of records.
    pub fn newest_day(&self, window: u16) -> Option<Day> {
        let mut days = vec![0; usize::from(u16::MAX) + 1];
        // What somebody took part in has records of its own: its day dates nothing.
        let dating =
            |partition: &Partition| partition.day.is_dated() && partition.table != Table::Memberships;
        for (partition, _, entry) in self.manifest.data().filter(|(partition, ..)| dating(partition)) {
            days[usize::from(partition.day.raw())] += entry.rows;
        }
        newest_day(&days, window).0
    }

    /// How many rows each network has of each day, by the network's name.
    pub fn days(&self) -> BTreeMap<String, BTreeMap<Day, u64>> {
        let mut networks: BTreeMap<String, BTreeMap<Day, u64>> = BTreeMap::new();
        for (partition, _, entry) in self.manifest.data().filter(|(partition, ..)| partition.day.is_dated()) {
            *networks.entry(partition.network).or_default().entry(partition.day).or_default() += entry.rows;
        }
        networks
    }

    /// What it holds.
    pub fn stat(&self) -> Stat {
        let mut stat = Stat {
            forgotten: self.manifest.forgotten.as_ref().map_or(0, Forgotten::len),
            leftovers: self.leftovers.len(),
            ..Stat::default()
        };
        for (partition, _, entry) in self.manifest.data() {
            let table = stat.tables.entry((partition.table, partition.network)).or_default();
            table.files += 1;
            table.rows += entry.rows;
            table.bytes += entry.bytes;
            if partition.day.is_dated() {
                let (first, last) = table.days.unwrap_or((partition.day, partition.day));
                table.days = Some((first.min(partition.day), last.max(partition.day)));
            }
        }
        let sum = |sum: (u64, u64), bytes: u64| (sum.0 + 1, sum.1 + bytes);
        stat.tallies = self.manifest.tallies().fold((0, 0), |all, (_, entry)| sum(all, entry.bytes));
        stat.scores = self.manifest.scores().fold((0, 0), |all, (.., entry)| sum(all, entry.bytes));
        stat
    }
}
