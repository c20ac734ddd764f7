//! How firm a score is: between which scores it would probably lie, had others happened to react.
//!
//! The interval is a delete-a-group jackknife (J. Shao and C. F. J. Wu, "A General Theory for Jackknife Variance Estimation", 1989;
//! P. S. Kott, "Delete-A-Group Jackknife", 2001). Actors fall into twenty groups by a fixed hash of who they are. The score is computed
//! without each group in turn; with `s_g` those scores, the variance is `19/20 · Σ (s_g − mean)²`, and the interval reaches as far to
//! either side as Student's t with 19 degrees of freedom says for nine cases in ten. Nameless acts, of which only a total is known,
//! fall into groups as chance would have it, by a fixed hash as well. What is missing stretches it upwards.

use std::collections::HashMap;

use crate::accounts::Account;
use crate::curve::Score;
use crate::evidence::Evidence;
use crate::ledger::Posted;
use crate::score::{Scoring, ScoringError, Values};
use crate::tally::{Flow, WIDE, filled};

/// How many groups there are.
const GROUPS: u64 = 20;

/// The 95th percentile of Student's t with 19 degrees of freedom: nine in ten lie between it and its negative.
const T: f64 = 1.729_133;

/// The 90th percentile: nine in ten lie below it.
const T_ONE_SIDED: f64 = 1.327_728;

/// Up to this many nameless acts are put into groups one by one.
const ONE_BY_ONE: u64 = 64;

/// Between which scores a score probably lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub low: Score,
    /// The upper end.
    pub high: Score,
}

impl Interval {
    /// Around a score: downwards as far as chance reaches by what is known, upwards by what is missing and as far as chance reaches with that,
    /// and no less far than downwards.
    /// Where more is missing than that reach the lower end is beyond doubt, and the case in ten that the interval may miss is left to the
    /// upper end alone; in between it is so in part.
    pub(crate) fn around(score: Score, known: u32, missing: u32, with_missing: u32) -> Self {
        let share = f64::from(missing.min(with_missing)) / f64::from(with_missing.max(1));
        let upwards = (f64::from(with_missing) * (1.0 - share * (1.0 - T_ONE_SIDED / T))).round() as u32;
        // What is missing may as well be nothing.
        let upwards = missing.saturating_add(upwards).max(known);
        Self {
            low: Score(score.0.saturating_sub(known)).max(Score::FLOOR),
            high: Score(score.0.saturating_add(upwards)).min(Score::TOP),
        }
    }
}

impl Scoring<'_> {
    /// How far to either side a score of these accounts would lie in nine cases of ten, had others happened to react: by the values that
    /// `filled` makes of those of an account.
    ///
    /// # Errors
    /// [`ScoringError`], such as of a formula that fails on values a little lower.
    pub(crate) fn reach(
        &self,
        accounts: &[Account],
        filled: impl Fn(&Evidence<'_>, Account, Values) -> Values,
    ) -> Result<u32, ScoringError> {
        let mut without = vec![self.points_of(accounts); GROUPS as usize];
        for (index, &account) in accounts.iter().enumerate() {
            let Some(evidence) = Evidence::of(self, account, self.as_of)? else { continue };
            let groups = Groups::new(self, &evidence);
            for (group, points) in (0..GROUPS).zip(&mut without) {
                let values = filled(&evidence, account, groups.values_without(group));
                points[index].1 = evidence.points(&values)?;
            }
        }
        let scores: Vec<f64> = without.iter().map(|points| self.score(points).value()).collect();
        let mean = scores.iter().sum::<f64>() / GROUPS as f64;
        let sum: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
        let reach = T * (sum * (GROUPS - 1) as f64 / GROUPS as f64).sqrt();
        Ok((reach * 10_000.0).round() as u32)
    }
}

/// Which rows of an account are in which group.
struct Groups<'e, 's> {
    scoring: &'e Scoring<'s>,
    evidence: &'e Evidence<'e>,
    /// By actor.
    of_actors: HashMap<u32, u64>,
    /// For each slot of each post, and for each flow, a number that is drawn for it.
    of_posts: Vec<Vec<u64>>,
    of_flows: Vec<u64>,
}

impl<'e, 's> Groups<'e, 's> {
    fn new(scoring: &'e Scoring<'s>, evidence: &'e Evidence<'e>) -> Self {
        let accounts = &scoring.ledger.accounts;
        let mut of_actors = HashMap::new();
        for gift in evidence.gifts.iter() {
            of_actors.entry(gift.actor).or_insert_with(|| {
                let (network, id) = accounts.name(Account(gift.actor));
                let network = scoring.ledger.words.text(network);
                mix(hash(&[network.as_bytes(), id.as_bytes()])) % GROUPS
            });
        }
        // Numbers of words, and so the order of posts, depend on who was read first: what is drawn must not. So amounts are numbered
        // in the order of their days, kinds and sizes; which of two equal ones is which changes nothing.
        let mut amounts = Vec::new();
        for (row, post) in evidence.posts.iter().enumerate() {
            for (slot, kind, amount) in filled(post.shape, &post.totals, &scoring.ledger.shapes) {
                amounts.push((
                    post.day,
                    hash(&[scoring.ledger.words.text(kind).as_bytes()]),
                    amount,
                    row,
                    slot,
                ));
            }
        }
        amounts.sort_unstable();
        let mut of_posts: Vec<Vec<u64>> = Vec::new();
        of_posts.resize_with(evidence.posts.len(), Vec::new);
        for (number, (day, kind, amount, row, slot)) in (0_u64..).zip(amounts) {
            let slots = &mut of_posts[row];
            slots.resize(slots.len().max(slot + 1), 0);
            slots[slot] = mix(kind ^ mix(amount ^ u64::from(day.raw()) << 48 ^ number << 16));
        }
        let of_flows = evidence.flows.iter().map(|flow| {
            let kind = hash(&[scoring.ledger.words.text(flow.kind).as_bytes()]);
            mix(kind ^ mix(flow.amount ^ u64::from(flow.day.raw()) << 48))
        });
        Self { scoring, evidence, of_actors, of_posts, of_flows: of_flows.collect() }
    }

    /// The values of the features without one group.
    fn values_without(&self, group: u64) -> Values {
        let evidence = self.evidence;
        let kept = evidence.gifts.iter().zip(&evidence.standings);
        let kept = kept.filter(|(gift, _)| self.of_actors[&gift.actor] != group);
        let (gifts, standings): (Vec<_>, Vec<u32>) = kept.unzip();
        let posts = evidence.posts.iter().zip(&self.of_posts);
        let posts: Vec<Posted> = posts.map(|(post, drawn)| self.post_without(post, drawn, group)).collect();
        let flows = evidence.flows.iter().zip(&self.of_flows);
        let flows: Vec<Flow> =
            flows.map(|(flow, drawn)| Flow { amount: left(flow.amount, *drawn, group), ..*flow }).collect();
        evidence.values_of(&gifts, &standings, &posts, &flows)
    }

    fn post_without(&self, post: &Posted, drawn: &[u64], group: u64) -> Posted {
        let mut without = *post;
        for (slot, _, amount) in filled(post.shape, &post.totals, &self.scoring.ledger.shapes) {
            let amount = left(amount, drawn[slot], group);
            // It fitted before, and is no more now.
            without.totals[slot] = amount as u32;
            if post.shape & WIDE != 0 {
                without.totals[1] = (amount >> 32) as u32;
            }
        }
        without
    }
}

/// What is left of nameless acts without a group.
fn left(amount: u64, drawn: u64, group: u64) -> u64 {
    if amount <= ONE_BY_ONE {
        let of_group = (0..amount).filter(|act| mix(drawn ^ mix(*act)) % GROUPS == group).count();
        return amount - of_group as u64;
    }
    // As many as fall into one of twenty groups by chance: about normal, with this mean and deviation.
    let share = amount as f64 / GROUPS as f64;
    let deviation = (share * (1.0 - 1.0 / GROUPS as f64)).sqrt();
    let of_group = (share + deviation * normal(mix(drawn ^ mix(group)))).round();
    amount - (of_group.max(0.0) as u64).min(amount)
}

/// A number that is about normally distributed, with mean 0 and deviation 1, where the bits are evenly: the sum of twelve even ones.
fn normal(bits: u64) -> f64 {
    let mut sum = -6.0;
    let mut bits = bits;
    for _ in 0..12 {
        bits = mix(bits);
        sum += (bits >> 11) as f64 / 9_007_199_254_740_992.0;
    }
    sum
}

/// FNV-1a over texts, each ended.
fn hash(texts: &[&[u8]]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.iter().chain(&[0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Spreads what differs in some bits over all of them (the finaliser of `SplitMix64`, G. L. Steele and others, 2014).
fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
