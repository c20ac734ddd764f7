//! Where what lies in a store: tables, and their partitions by network and day, named as Hive names them.

use std::fmt;

use renown_core::record::{Day, Timestamp};

/// What Hive calls the partition of rows that have no value to be divided by.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Acts and totals.
    Interactions,
    /// Posts and the totals that they show.
    Posts,
    /// Numbers beside accounts.
    Observations,
    /// Names under which accounts are addressed. Without a time.
    Handles,
    /// What was taken back.
    Undos,
    /// Who took part in which communities, a row a day.
    Memberships,
}

impl Table {
    /// All of them, in the order of their folders' use.
    pub const ALL: [Self; 6] =
        [Self::Interactions, Self::Posts, Self::Observations, Self::Handles, Self::Undos, Self::Memberships];

    /// The name of its folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactions => "interactions",
            Self::Posts => "posts",
            Self::Observations => "observations",
            Self::Handles => "handles",
            Self::Undos => "undos",
            Self::Memberships => "memberships",
        }
    }

    /// Whether its rows have a time, and so lie in folders of days.
    pub const fn has_days(self) -> bool {
        !matches!(self, Self::Handles)
    }
}

/// Rows of one table, network and day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    /// The table.
    pub table: Table,
    /// The network's name.
    pub network: String,
    /// The day; [`Day::UNDATED`] of rows without a time.
    pub day: Day,
}

impl Partition {
    /// The partition of a folder, as `Display` writes it.
    pub fn parse(folder: &str) -> Option<Self> {
        let mut parts = folder.split('/');
        let name = parts.next()?;
        let table = Table::ALL.into_iter().find(|table| table.name() == name)?;
        let network = unescaped(parts.next()?.strip_prefix("network=")?)?;
        let day = match (table.has_days(), parts.next()) {
            (false, None) => Day::UNDATED,
            (true, Some(text)) => day_of(text.strip_prefix("day=")?)?,
            _ => return None,
        };
        let partition = Self { table, network, day };
        // In the one form in which it is written.
        (partition.to_string() == folder).then_some(partition)
    }
}

impl fmt::Display for Partition {
    /// The folder, from that of the store.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/network={}", self.table.name(), escaped(&self.network))?;
        match (self.table.has_days(), self.day.is_dated()) {
            (false, _) => Ok(()),
            (true, true) => write!(f, "/day={}", self.day),
            (true, false) => write!(f, "/day={NO_VALUE}"),
        }
    }
}

/// The folder of a day's scores.
pub(crate) fn scores_folder(day: Day) -> String {
    format!("scores/as-of={day}")
}

/// The day of a folder of scores.
pub(crate) fn scored_day(folder: &str) -> Option<Day> {
    let day = day_of(folder.strip_prefix("scores/as-of=")?)?;
    (day.is_dated() && scores_folder(day) == folder).then_some(day)
}

fn day_of(text: &str) -> Option<Day> {
    if text == NO_VALUE {
        return Some(Day::UNDATED);
    }
    renown_sdk::time::parse(text).map(Timestamp::day)
}

/// A value as Hive writes it in a path: what paths, shells or Hive itself would take for something else is `%` and two
/// digits. What is not ASCII stays.
fn escaped(value: &str) -> String {
    use fmt::Write as _;
    if value.is_empty() {
        return NO_VALUE.to_owned();
    }
    let mut text = String::new();
    for char in value.chars() {
        // A space, a dot in front: no fault of Hive's, but of other systems.
        let is_special = char.is_ascii_control() || "\"#%'*/:=?\\{[]^<>| ".contains(char);
        if is_special || (char == '.' && text.is_empty()) {
            let _ = write!(text, "%{:02X}", char as u32);
        } else {
            text.push(char);
        }
    }
    text
}

fn unescaped(text: &str) -> Option<String> {
    if text == NO_VALUE {
        return Some(String::new());
    }
    let mut value = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        value.push(if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(table: Table, network: &str, day: u16) -> Partition {
        Partition { table, network: network.into(), day: Day::from_raw(day) }
    }

    #[test]
    fn folders_are_named_as_hive_names_them() {
        for (partition, folder) in [
            (
                partition(Table::Interactions, "twitter", 20_602),
                "interactions/network=twitter/day=2026-05-28",
            ),
            (
                partition(Table::Posts, "a/b: 100%", 0),
                "posts/network=a%2Fb%3A%20100%25/day=__HIVE_DEFAULT_PARTITION__",
            ),
            (partition(Table::Handles, "..", 0), "handles/network=%2E."),
            (partition(Table::Undos, "gemüse", 1), "undos/network=gemüse/day=1970-01-01"),
        ] {
            assert_eq!(partition.to_string(), folder);
            assert_eq!(Partition::parse(folder), Some(partition));
        }
    }

    #[test]
    fn other_folders_are_no_partitions() {
        for folder in [
            "",
            "interactions",
            "interactions/network=a",
            "interactions/network=a/day=2026-5-1",
            "interactions/network=a/day=2026-05-01/more",
            "interactions/network=%/day=2026-05-01",
            "interactions/network=%61/day=2026-05-01",
            "handles/network=a/day=2026-05-01",
            "others/network=a/day=2026-05-01",
            "interactions/network=../day=2026-05-01",
        ] {
            assert_eq!(Partition::parse(folder), None, "{folder}");
        }
        assert_eq!(scored_day("scores/as-of=__HIVE_DEFAULT_PARTITION__"), None);
        assert_eq!(scored_day("scores/as-of=1970-01-02"), Some(Day::from_raw(2)));
    }
}
