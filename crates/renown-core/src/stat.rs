//! Statistics of kinds and metrics: what a feature is called by after the dot.

use std::fmt;

/// A statistic of a kind or metric over the window.
///
/// Over the last days of the window everything fades away ([`crate::fixed::Window`]), so that nothing leaves it from one day to the next;
/// sums of ones below are sums of what is left of each. What is undated counts as if it happened on the last day before. Where both acts and the totals that posts
/// show are known, the larger of the two sums is taken: they are two views of the same reactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stat {
    /// How many.
    Count,
    /// How many different actors.
    Actors,
    /// `Σ over actors of log2(1 + Σ over days of share · 2^(−age / half-life) · standing(actor))`, where the share of
    /// a gift is `amount / (1 + amount + what its actor gave to others that day)`.
    Weighted,
    /// How many different actors, each fading since their newest act: `Σ over actors of 2^(−age / half-life)`; of
    /// totals, which have no actors, `Σ amount · 2^(−age / half-life)`.
    Recent,
    /// The count, divided by `posts^a`; missing if no posts are known.
    PerPost,
    /// On how many different days.
    Days,
    /// Hirsch's h (2005) of posts: the largest `h` so that `h` posts of the window show a total of `h` or more each.
    /// Missing if no post shows a total.
    H,
    /// A metric's newest value.
    Latest,
    /// A metric's newest value less its oldest in the window; 0 if it fell, missing if there is only one.
    Growth,
    /// The share of a walk along the graph of a network that ends at the account ([`crate::graph`]).
    Rank,
}

/// All stats, with the name and meaning that a tuner reads.
pub const STATS: [(Stat, &str, &str); 10] = [
    (Stat::Count, "count", "how many"),
    (Stat::Actors, "actors", "how many different people"),
    (Stat::Weighted, "weighted", "people, by how rare, recent and well regarded their acts are"),
    (Stat::Recent, "recent", "how many different people, fading since their newest act"),
    (Stat::PerPost, "per_post", "how many for each post made, in part"),
    (Stat::Days, "days", "on how many different days"),
    (Stat::H, "h", "how many posts show at least as many each"),
    (Stat::Latest, "latest", "the newest number seen"),
    (Stat::Growth, "growth", "how much the number grew in the window"),
    (Stat::Rank, "rank", "the share of a walk along who acts on whom that ends here"),
];

impl Stat {
    /// By name.
    pub fn named(name: &str) -> Option<Self> {
        STATS.iter().find(|stat| stat.1 == name).map(|stat| stat.0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        STATS.iter().find(|stat| stat.0 == self).map_or("", |stat| stat.1)
    }

    /// Whether it is a statistic of metrics.
    pub fn is_of_metric(self) -> bool {
        matches!(self, Self::Latest | Self::Growth)
    }

    /// Whether it is a statistic of kinds.
    pub fn is_of_kind(self) -> bool {
        !self.is_of_metric() && self != Self::Rank
    }
}

impl fmt::Display for Stat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
