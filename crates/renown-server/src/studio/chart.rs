//! A person's score over some days, as a picture, and the same as a table.
//!
//! The picture is as wide as there is room: what it shows is stretched, and texts and marks stand at shares of the width, so that they
//! are as large on a phone as on a desk.

use maud::{Markup, html};
use renown_core::record::Day;
use renown_store::book::{Event, EventKind, Point};

use super::text::{grouped, percent, points};

/// The height of the picture, and the band in it that days and scores take, in CSS pixels.
const HEIGHT: f64 = 272.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 240.0;
/// With more days than this, single days have no dot.
const DOTTED: usize = 45;

/// What months are called.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a chart shows.
#[derive(Clone, Debug)]
pub(super) struct Chart<'a> {
    pub(super) days: (Day, Day),
    /// In the order of days, with the stamp of the ruler that each is by.
    pub(super) points: Vec<(&'a Point, &'a str)>,
    pub(super) events: &'a [Event],
}

/// What happened on a day.
#[derive(Clone, Debug)]
struct Mark {
    day: Day,
    told: Vec<String>,
    is_ruler: bool,
}

impl Chart<'_> {
    pub(super) fn draw(&self) -> Markup {
        let marks = self.marks();
        html! {
            figure.chart {
                (self.picture(&marks))
                figcaption.hidden { "The score day by day; the same stands in the table below." }
            }
            @if !marks.is_empty() {
                ol.events aria-label="What happened" {
                    @for mark in &marks { li { time { (mark.day) } " " (mark.told.join("; ")) } }
                }
            }
            (self.table())
        }
    }

    /// Where a day is, as a share of the width, 0 to 100.
    fn across(&self, day: Day) -> f64 {
        let (first, last) = (f64::from(self.days.0.raw()), f64::from(self.days.1.raw()));
        (f64::from(day.raw()) - first) / (last - first).max(1.0) * 100.0
    }

    /// The lowest and the highest line, in points, and how far lines are apart.
    fn lines(&self) -> (f64, f64, f64) {
        let lows = self
            .points
            .iter()
            .map(|(point, _)| point.line.interval.as_ref().map_or(point.line.score, |ends| ends.low));
        let highs = self
            .points
            .iter()
            .map(|(point, _)| point.line.interval.as_ref().map_or(point.line.score, |ends| ends.high));
        let low = lows.min().map_or(0.0, renown_core::curve::Score::value);
        let high = highs.max().map_or(100.0, renown_core::curve::Score::value);
        let step = if high - low < 12.0 {
            5.0
        } else if high - low < 45.0 {
            10.0
        } else {
            25.0
        };
        let low = (((low - 1.0) / step).floor() * step).max(0.0);
        let high = (((high + 1.0) / step).ceil() * step).min(100.0);
        (low, high, step)
    }

    fn picture(&self, marks: &[Mark]) -> Markup {
        let (low, high, step) = self.lines();
        let down = |score: f64| BOTTOM - (score - low) / (high - low).max(1.0) * (BOTTOM - TOP);
        let at = |(point, _): &(&Point, &str)| (self.across(point.as_of), down(point.line.score.value()));
        let ticks: Vec<f64> = (0..=20)
            .map(|place| low + f64::from(place) * step)
            .take_while(|tick| *tick <= high + 0.1)
            .collect();
        let dots = if self.points.len() > DOTTED {
            self.points.last().into_iter().collect()
        } else {
            self.points.iter().collect::<Vec<_>>()
        };
        html! {
            svg.history role="img" aria-label=(self.told()) height=(HEIGHT) {
                // What is stretched.
                svg x="0" y="0" width="100%" height=(HEIGHT) viewBox={ "0 0 100 " (HEIGHT) } preserveAspectRatio="none" {
                    @for tick in &ticks { line.axis x1="0" x2="100" y1=(px(down(*tick))) y2=(px(down(*tick))) {} }
                    @for mark in marks {
                        line class=(if mark.is_ruler { "event ruler" } else { "event" }) x1=(px(self.across(mark.day))) x2=(px(self.across(mark.day))) y1=(TOP - 8.0) y2=(BOTTOM) {}
                    }
                    // Scores of two rulers are not to be compared: no line leads from the one to the other.
                    @for run in self.points.chunk_by(|a, b| a.1 == b.1) {
                        @if let Some(band) = band(run, |day| self.across(day), down) { polygon.band points=(band) {} }
                        polyline.line points=(run.iter().map(at).map(|(x, y)| format!("{},{}", px(x), px(y))).collect::<Vec<_>>().join(" ")) {}
                    }
                }
                @for dot in dots { @let (x, y) = at(dot); circle.dot cx={ (px(x)) "%" } cy=(px(y)) r="3.5" {} }
                @for tick in &ticks { text.tick x="0" y=(px(down(*tick) - 4.0)) { (format!("{tick:.0}")) } }
                @for (day, text) in self.months() {
                    text.tick x={ (px(self.across(day))) "%" } y=(BOTTOM + 20.0) text-anchor=(anchor(self.across(day))) { (text) }
                }
                @for (number, mark) in (1..).zip(marks) {
                    circle class=(if mark.is_ruler { "badge ruler" } else { "badge" }) cx={ (px(self.across(mark.day))) "%" } cy="14" r="10" {}
                    text.number x={ (px(self.across(mark.day))) "%" } y="18.5" text-anchor="middle" { (number) }
                }
            }
        }
    }

    /// The picture in words.
    fn told(&self) -> String {
        let (from, to) = self.days;
        let scores = || self.points.iter().map(|(point, _)| point.line.score);
        match (self.points.first(), self.points.last(), scores().min(), scores().max()) {
            (Some((first, _)), Some((last, _)), Some(low), Some(high)) => format!(
                "The score from {from} to {to}: {:.2} on {}, {:.2} on {}; between {low:.2} and {high:.2}",
                first.line.score, first.as_of, last.line.score, last.as_of
            ),
            _ => format!("No score was published from {from} to {to}"),
        }
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for event in self.events.iter().filter(|event| event.day >= self.days.0 && event.day <= self.days.1) {
            let is_ruler = event.kind == EventKind::Ruler;
            match marks.last_mut().filter(|mark| mark.day == event.day) {
                Some(mark) => {
                    mark.told.push(told(event));
                    mark.is_ruler |= is_ruler;
                }
                None => marks.push(Mark { day: event.day, told: vec![told(event)], is_ruler }),
            }
        }
        marks
    }

    /// The first days of months, and what they are called.
    fn months(&self) -> Vec<(Day, String)> {
        let days = (self.days.0.raw()..=self.days.1.raw()).map(Day::from_raw);
        let firsts = days.filter_map(|day| {
            let text = day.to_string();
            let (month, of_month) = text.rsplit_once('-')?;
            let number: usize = month.rsplit_once('-')?.1.parse().ok()?;
            let name = MONTHS.get(number.checked_sub(1)?)?;
            (of_month == "01" || of_month == "15")
                .then(|| (day, format!("{} {name}", of_month.trim_start_matches('0'))))
        });
        firsts.collect()
    }

    fn table(&self) -> Markup {
        html! {
            details {
                summary { "The same as a table" }
                div.scroll { table {
                    thead { tr {
                        th.text scope="col" { "Day" }
                        @for title in ["Score", "Rank", "Coverage"] { th scope="col" { (title) } }
                        th.text.wide scope="col" { "Ruler" }
                    } }
                    tbody {
                        @for (point, stamp) in self.points.iter().rev() {
                            tr {
                                th scope="row" { time { (point.as_of) } }
                                td { (points(point.line.score.0)) }
                                td { (grouped(u64::from(point.line.rank))) }
                                td { (percent(point.line.coverage)) }
                                td.text.wide { code { (stamp) } }
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// The interval around a run of points, if each has one.
fn band(run: &[(&Point, &str)], across: impl Fn(Day) -> f64, down: impl Fn(f64) -> f64) -> Option<String> {
    let ends: Option<Vec<_>> =
        run.iter().map(|(point, _)| point.line.interval.as_ref().map(|ends| (point.as_of, ends))).collect();
    let ends = ends.filter(|ends| ends.len() > 1)?;
    let upper = ends.iter().map(|(day, ends)| (across(*day), down(ends.high.value())));
    let lower = ends.iter().rev().map(|(day, ends)| (across(*day), down(ends.low.value())));
    Some(upper.chain(lower).map(|(x, y)| format!("{},{}", px(x), px(y))).collect::<Vec<_>>().join(" "))
}

/// What happened, in words.
pub(super) fn told(event: &Event) -> String {
    let detail = event.detail.as_deref().unwrap_or_default();
    let (what, after) = match event.kind {
        EventKind::Invited => ("invited", ""),
        EventKind::Agreed => ("agreed to be scored", ""),
        EventKind::Withdrew => ("withdrew", ""),
        EventKind::Objected => ("said no", ""),
        EventKind::Linked => ("account linked: ", detail),
        EventKind::Unlinked => ("account unlinked: ", detail),
        EventKind::Corrected => ("corrected: ", detail),
        EventKind::Ruler if detail.is_empty() => ("the ruler changed", ""),
        EventKind::Ruler => ("the ruler changed: ", detail),
        EventKind::Memo => ("note: ", detail),
    };
    format!("{what}{after}")
}

/// So that a text at an edge stays within.
fn anchor(share: f64) -> &'static str {
    match share {
        share if share < 4.0 => "start",
        share if share > 96.0 => "end",
        _ => "middle",
    }
}

fn px(value: f64) -> String {
    format!("{value:.2}")
}

/// The ninety days up to a day.
pub(super) fn ninety(last: Day) -> (Day, Day) {
    (Day::from_raw(last.raw().saturating_sub(89)), last)
}
