//! Insights: numbers that Meta shows to the owner of an account or post, by name and period.
//!
//! Lifetime numbers of a post are totals of that post. Daily numbers of an account are observations, dated by the end of
//! the day. Weekly and 28-day numbers count the same days again and again, and breakdowns (by city, by age) are of no
//! use to a score: both are passed over.

use renown_sdk::Word;
use renown_sdk::json::{Count, Text};

use super::{Value, is_object_id};
use crate::loose::{List, Loose, Scalar};
use crate::out::{Out, Totals};
use crate::words::{FacebookWords, InstagramWords, REACTION_TYPES};

/// An insight by itself, as an edge of a post or account holds it.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Insight<'a> {
    #[serde(borrow, default)]
    pub(crate) name: Scalar<'a>,
    #[serde(borrow, default)]
    pub(crate) period: Scalar<'a>,
    #[serde(borrow, default)]
    pub(crate) values: List<Point<'a>>,
    #[serde(borrow, default)]
    pub(crate) total_value: Loose<Point<'a>>,
}

/// A value and the day on which it ends.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Point<'a> {
    #[serde(borrow, default)]
    value: Value<'a>,
    #[serde(borrow, default)]
    end_time: Scalar<'a>,
}

/// What an insight is to Renown.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// A number beside an account, by day.
    Metric(Word),
    /// A total of a post.
    Total(Word),
    /// Totals of a post by reaction type.
    ReactionsByType,
}

/// What an insight of Facebook means.
pub(crate) fn on_facebook(words: &FacebookWords, name: &str, period: &str) -> Option<Meaning> {
    use Meaning::{Metric, ReactionsByType, Total};
    let meaning = match (name, period) {
        ("page_fans", "day" | "lifetime") => Metric(words.fans),
        ("page_follows", "day" | "lifetime") => Metric(words.followers),
        ("page_impressions" | "page_media_view", "day") => Metric(words.daily_impressions),
        ("page_impressions_unique" | "page_total_media_view_unique", "day") => Metric(words.daily_reach),
        ("page_views_total", "day") => Metric(words.daily_profile_views),
        (
            "post_impressions"
            | "post_media_view"
            | "post_video_views"
            | "total_video_views"
            | "blue_reels_play_count"
            | "fb_reels_total_plays",
            "lifetime",
        ) => Total(words.view),
        ("post_impressions_unique" | "post_total_media_view_unique", "lifetime") => Total(words.reach),
        ("post_reactions_by_type_total" | "total_video_reactions_by_type_total", "lifetime") => {
            ReactionsByType
        }
        ("post_reactions_like_total", "lifetime") => Total(words.react_like),
        ("post_reactions_love_total", "lifetime") => Total(words.react_love),
        ("post_reactions_wow_total", "lifetime") => Total(words.react_wow),
        ("post_reactions_haha_total", "lifetime") => Total(words.react_haha),
        ("post_reactions_sorry_total", "lifetime") => Total(words.react_sad),
        ("post_reactions_anger_total", "lifetime") => Total(words.react_angry),
        _ => return None,
    };
    Some(meaning)
}

/// What an insight of Instagram means.
pub(crate) fn on_instagram(words: &InstagramWords, name: &str, period: &str) -> Option<Meaning> {
    use Meaning::{Metric, Total};
    let meaning = match (name, period) {
        ("impressions" | "views", "day") => Metric(words.daily_impressions),
        ("reach", "day") => Metric(words.daily_reach),
        ("profile_views", "day") => Metric(words.daily_profile_views),
        (
            "impressions"
            | "views"
            | "plays"
            | "video_views"
            | "ig_reels_aggregated_all_plays_count"
            | "carousel_album_impressions"
            | "carousel_album_video_views",
            "lifetime",
        ) => Total(words.view),
        ("reach" | "carousel_album_reach", "lifetime") => Total(words.reach),
        ("likes", "lifetime") => Total(words.like),
        ("comments", "lifetime") => Total(words.comment),
        ("shares", "lifetime") => Total(words.share),
        ("saved" | "carousel_album_saved", "lifetime") => Total(words.save),
        ("replies", "lifetime") => Total(words.reply),
        _ => return None,
    };
    Some(meaning)
}

/// The object of an insight: the first part of `17846/insights/reach/lifetime`.
pub(crate) fn object_of(id: &str) -> Option<&str> {
    id.split('/').next().filter(|id| is_object_id(id))
}

/// The numbers of an insight, wherever it stands.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'i, 'a> {
    pub(crate) values: &'i List<Point<'a>>,
    pub(crate) total_value: &'i Loose<Point<'a>>,
}

impl<'a> Insight<'a> {
    pub(crate) fn numbers(&self) -> Numbers<'_, 'a> {
        Numbers { values: &self.values, total_value: &self.total_value }
    }
}

impl Numbers<'_, '_> {
    /// Hands daily numbers beside `account` over as observations; `false` if the insight has none.
    pub(crate) fn observe(self, meaning: Option<Meaning>, account: &str, out: &mut Out<'_>) -> bool {
        // A `total_value` alone covers a span that the document does not state.
        let (Some(Meaning::Metric(metric)), false) = (meaning, self.values.items.is_empty()) else {
            return false;
        };
        for point in &self.values.items {
            let at = out.time("end_time", &point.end_time);
            if let Some(value) = out.count("values[].value", point.count()) {
                out.observations(account, &[(metric, value)], at);
            }
        }
        true
    }

    /// Sets the totals of a post; `false` if the insight has none.
    pub(crate) fn total(
        self,
        meaning: Option<Meaning>,
        facebook: Option<&FacebookWords>,
        out: &mut Out<'_>,
        totals: &mut Totals,
    ) -> bool {
        let Some(point) = self.values.items.last().or(self.total_value.0.as_ref()) else { return false };
        match (meaning, &point.value, facebook) {
            (Some(Meaning::Total(kind)), _, _) => {
                totals.set(kind, out.count("values[].value", point.count()));
            }
            (Some(Meaning::ReactionsByType), Value::ByType(values), Some(words)) => {
                by_type(values, words, out, totals);
            }
            _ => return false,
        }
        true
    }
}

impl Point<'_> {
    fn count(&self) -> Option<Count> {
        match &self.value {
            Value::Absent => None,
            Value::Number(number) => number.count(),
            Value::ByType(_) => Some(Count::BAD),
        }
    }
}

/// Reactions by type, and their sum.
fn by_type(values: &[(Text<'_>, Scalar<'_>)], words: &FacebookWords, out: &mut Out<'_>, totals: &mut Totals) {
    let mut sum = 0_u64;
    for (name, value) in values {
        let Some(amount) = out.count("values[].value", value.count()) else { continue };
        sum = sum.saturating_add(amount);
        if let Some(kind) = words.reaction_type(name) {
            totals.set(kind, Some(amount));
        }
    }
    totals.set(words.reaction, Some(sum.min(renown_sdk::MAX_AMOUNT)));
}

impl FacebookWords {
    /// The kind of a type of reaction, in any case.
    pub(crate) fn reaction_type(&self, name: &str) -> Option<Word> {
        let (_, kind) = REACTION_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(match *kind {
            "react-like" => self.react_like,
            "react-love" => self.react_love,
            "react-wow" => self.react_wow,
            "react-haha" => self.react_haha,
            "react-sad" => self.react_sad,
            "react-angry" => self.react_angry,
            "react-care" => self.react_care,
            "react-thankful" => self.react_thankful,
            _ => self.react_pride,
        })
    }
}
