//! People with a published score.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use renown_core::record::{Day, Timestamp};
use renown_store::book::Scope;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{self, Readable, Tabular};
use crate::app::{App, nobody};
use crate::desk::Trouble;
use crate::extract::{Path, Query};
use crate::guard::Caller;
use crate::held::{Part, Published, points};
use crate::leaderboard::{Leaderboard, Row, has};
use crate::problem::{Kind, Problem, fault};

/// How many rows a page has if it is not said, and at most.
const PAGE: usize = 50;
const MOST: usize = 1000;

/// What a score was made by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Said {
    /// As of which day.
    as_of: String,
    /// The stamp of the ruler. Scores of two stamps are not to be compared.
    ruler: String,
    /// The name of the scale.
    scale: String,
}

impl Said {
    pub(crate) fn of(board: &Leaderboard) -> Result<Self, Problem> {
        let publication = board.publication.as_ref().ok_or_else(unpublished)?;
        Ok(Self {
            as_of: publication.as_of.to_string(),
            ruler: publication.stamp.clone(),
            scale: publication.scale.clone(),
        })
    }
}

pub(crate) fn unpublished() -> Problem {
    Problem::new(Kind::NotFound, "nothing has been published yet: upload an export and score a day")
}

/// A person and their score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scored {
    /// The person's id.
    person: String,
    /// 1 to 100.
    score: f64,
    /// One more than the number of those who score higher.
    rank: u32,
    /// Which share of all scored people stands lower, in percent.
    percentile: f64,
    /// How much of what the weights ask for was there, 0 to 1.
    coverage: f64,
    /// Between which scores it probably lies, in nine of ten cases, if that was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<Between>,
    /// What each network gave; with the floor of 1 they add up to the score.
    parts: Vec<Part>,
    /// How it moved; none where there was no score then.
    change: Change,
    /// The groups that the person is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// The communities that the person takes part in, as `network:community`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    communities: Vec<String>,
}

/// Two ends.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Between {
    /// The lower.
    low: f64,
    /// The upper.
    high: f64,
}

/// How a score moved, by the newest publications of that long before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// Since the day before.
    day: Option<f64>,
    /// Since seven days before.
    week: Option<f64>,
    /// Since thirty days before.
    month: Option<f64>,
}

impl Scored {
    /// What is served of a row.
    pub(crate) fn of(board: &Leaderboard, row: &Row) -> Self {
        let change = |place: usize| row.moved[place].map(|moved| f64::from(moved) / 10_000.0);
        Self {
            person: row.person.to_string(),
            score: points(row.score.0),
            rank: row.rank,
            percentile: points(row.percentile),
            coverage: points(row.coverage),
            interval: row.interval.map(|(low, high)| Between { low: points(low.0), high: points(high.0) }),
            parts: row
                .parts
                .iter()
                .map(|(network, part)| Part {
                    network: board.networks[usize::from(*network)].to_string(),
                    points: points(*part),
                })
                .collect(),
            change: Change { day: change(0), week: change(1), month: change(2) },
            tags: row.tags.iter().map(ToString::to_string).collect(),
            communities: row.communities.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Which people, and how many of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    /// Only who is on this network.
    pub(crate) network: Option<String>,
    /// Only who takes part in this community, such as `mastodon:meadow.example`.
    pub(crate) community: Option<String>,
    /// Only scores of this band, such as `40-49`.
    #[param(pattern = "^[0-9]{1,3}-[0-9]{1,3}$")]
    pub(crate) band: Option<String>,
    /// Only who has this tag.
    pub(crate) tag: Option<String>,
    /// Only ids that contain this, whatever its case.
    pub(crate) q: Option<String>,
    /// The rows after this one: `next` of the page before.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 4_294_967_295_u64)]
    pub(crate) after: Option<u32>,
    /// How many rows, 50 if it is not said.
    #[param(minimum = 1, maximum = 1000)]
    pub(crate) limit: Option<u16>,
    /// In which form: `json`, unless `csv` is asked for here or in `Accept`.
    #[param(inline)]
    pub(crate) format: Option<Tabular>,
}

impl Filter {
    /// Whether any rows are left out.
    fn is_any(&self) -> bool {
        let texts = [&self.network, &self.community, &self.band, &self.tag, &self.q];
        texts.iter().any(|text| text.is_some())
    }
}

/// A page of people, best first.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
pub(crate) struct People {
    #[serde(flatten)]
    said: Said,
    /// How many people have a published score.
    of: usize,
    people: Vec<Scored>,
    /// Where the next page begins, if there is one: to be sent as `after`.
    next: Option<u32>,
}

/// The rows that a filter lets through, from where it says on, and where the next page begins.
pub(crate) fn page<'b>(
    app: &App,
    board: &'b Leaderboard,
    filter: &Filter,
) -> Result<(Vec<&'b Row>, Option<u32>), Problem> {
    let network = filter.network.as_deref().map(|network| {
        let place = board.networks.iter().position(|known| **known == *network);
        place.map(|place| place as u16)
    });
    let band = filter.band.as_deref().map(band).transpose()?;
    let wanted = filter.q.as_deref().map(str::to_lowercase);
    let limit = usize::from(filter.limit.unwrap_or(PAGE as u16));
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::new(Kind::BadRequest, format!("limit={limit}: expected 1 to {MOST}")));
    }
    let is_wanted = |row: &Row| {
        network.is_none_or(|on| on.is_some_and(|on| row.parts.iter().any(|part| part.0 == on)))
            && band.is_none_or(|(low, high)| (low..high).contains(&row.score.0))
            && filter.tag.as_deref().is_none_or(|tag| has(&row.tags, tag))
            && filter.community.as_deref().is_none_or(|community| has(&row.communities, community))
            && wanted.as_deref().is_none_or(|text| row.person.to_lowercase().contains(text))
            && !app.is_gone(&row.person)
    };
    let start = filter.after.unwrap_or(0) as usize;
    let rest = board.rows.iter().enumerate().skip(start);
    let mut found = rest.filter(|(_, row)| is_wanted(row));
    let rows: Vec<(usize, &Row)> = found.by_ref().take(limit).collect();
    let next = rows.last().filter(|_| found.next().is_some()).map(|(place, _)| *place as u32 + 1);
    Ok((rows.into_iter().map(|(_, row)| row).collect(), next))
}

/// The ends of a band, in ten-thousandths; the upper is not within.
fn band(text: &str) -> Result<(u32, u32), Problem> {
    let ends: Option<(u32, u32)> =
        text.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    match ends {
        Some((low, high)) if low <= high && high <= 100 => Ok((low * 10_000, (high + 1) * 10_000)),
        _ => Err(Problem::new(
            Kind::BadRequest,
            format!("band={text}: expected two whole numbers, as in 40-49"),
        )),
    }
}

/// The people with a published score, best first.
#[utoipa::path(
    get, path = "/api/v1/leaderboard", params(Filter), tag = "scores",
    security(("bearer" = ["read"]), ("header" = ["read"])),
    responses((status = 200, content(
        (People = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn leaderboard(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    if filter.is_any() {
        // A million rows may have to be looked at.
        let found = tokio::task::spawn_blocking(move || listed(&app, &caller, &headers, &filter)).await;
        return found.map_err(|_| fault())?;
    }
    listed(&app, &caller, &headers, &filter)
}

fn listed(app: &App, caller: &Caller, headers: &HeaderMap, filter: &Filter) -> Result<Response, Problem> {
    let board = app.board.load_full();
    let said = Said::of(&board)?;
    let (rows, next) = page(app, &board, filter)?;
    for row in &rows {
        app.note(&caller.0, &row.person, "listed")?;
    }
    if Tabular::is_csv(filter.format, headers) {
        let headings = ["rank", "person", "score", "percentile", "coverage", "as_of", "ruler"];
        let cells = rows.iter().map(|row| {
            [
                row.rank.to_string(),
                row.person.to_string(),
                points(row.score.0).to_string(),
                points(row.percentile).to_string(),
                points(row.coverage).to_string(),
                said.as_of.clone(),
                said.ruler.clone(),
            ]
        });
        return Ok(answer::csv(&headings, cells));
    }
    let people = rows.into_iter().map(|row| Scored::of(&board, row)).collect();
    Ok(answer::json(&People { said, of: board.rows.len(), people, next }))
}

/// One person, and by what they were scored.
#[derive(Debug, Serialize, ToSchema)]
struct One {
    #[serde(flatten)]
    said: Said,
    #[serde(flatten)]
    scored: Scored,
}

/// A person's published score.
#[utoipa::path(
    get, path = "/api/v1/people/{person}", tag = "scores",
    params(("person" = String, Path, description = "The person's id.")),
    security(("bearer" = ["read", "self"]), ("header" = ["read", "self"])),
    responses((status = 200, body = One))
)]
pub(super) async fn person(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    let board = app.board.load();
    let row = app.row(&board, &caller.0, &person, "score")?;
    Ok(answer::json(&One { said: Said::of(&board)?, scored: Scored::of(&board, row) }))
}

/// What each network gave to a score; with the floor of 1 they add up to it.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "named as the JSON has it")]
struct Parts {
    #[serde(flatten)]
    said: Said,
    /// The person's id.
    person: String,
    /// 1 to 100.
    score: f64,
    /// What everybody has.
    floor: f64,
    /// What each network gave.
    parts: Vec<Part>,
}

/// What each network gave to a person's published score.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/parts", tag = "scores",
    params(("person" = String, Path, description = "The person's id."), InTable),
    security(("bearer" = ["read", "self"]), ("header" = ["read", "self"])),
    responses((status = 200, content(
        (Parts = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn parts(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(form): Query<InTable>,
) -> Result<Response, Problem> {
    let board = app.board.load();
    let Scored { person, score, parts, .. } =
        Scored::of(&board, app.row(&board, &caller.0, &person, "parts")?);
    if Tabular::is_csv(form.format, &headers) {
        let cells = parts.into_iter().map(|part| [part.network, part.points.to_string()]);
        return Ok(answer::csv(&["network", "points"], cells));
    }
    Ok(answer::json(&Parts { said: Said::of(&board)?, person, score, floor: 1.0, parts }))
}

/// From when to when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    /// The first day [default: ninety days before `to`].
    #[param(format = Date, example = "2026-07-01")]
    from: Option<String>,
    /// The last day [default: that of the newest publication].
    #[param(format = Date, example = "2026-09-30")]
    to: Option<String>,
    /// In which form: `json`, unless `csv` is asked for here or in `Accept`.
    #[param(inline)]
    pub(super) format: Option<Tabular>,
}

/// A day as it is written in a request.
pub(crate) fn day(name: &str, text: &str) -> Result<Day, Problem> {
    let date: Option<jiff::civil::Date> = text.parse().ok();
    let parsed = date.and_then(|date| {
        let days = (date - jiff::civil::date(1970, 1, 1)).get_days();
        Some(Timestamp::from_seconds(i64::from(days) * 86_400)?.day()).filter(|day| day.is_dated())
    });
    parsed
        .ok_or_else(|| Problem::new(Kind::BadRequest, format!("{name}: expected a date such as 2026-09-30")))
}

impl Span {
    pub(crate) fn days(&self, newest: Day) -> Result<(Day, Day), Problem> {
        let to = self.to.as_deref().map_or(Ok(newest), |text| day("to", text))?;
        let before = Day::from_raw(to.raw().saturating_sub(89));
        let from = self.from.as_deref().map_or(Ok(before), |text| day("from", text))?;
        if from > to {
            return Err(Problem::new(Kind::BadRequest, "from is after to"));
        }
        Ok((from, to))
    }
}

/// A score as it was published, and by which ruler.
#[derive(Debug, Serialize, ToSchema)]
struct Entry {
    #[serde(flatten)]
    published: Published,
    /// The stamp of the ruler it is by.
    ruler: String,
}

/// What was published of a person, day by day: as it was said then.
#[derive(Debug, Serialize, ToSchema)]
struct History {
    /// The person's id.
    person: String,
    /// The first day first.
    points: Vec<Entry>,
}

/// What was published of a person, as it was said then.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/history", tag = "scores",
    params(("person" = String, Path, description = "The person's id."), Span),
    security(("bearer" = ["read", "self"]), ("header" = ["read", "self"])),
    responses((status = 200, content(
        (History = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(super) async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(span): Query<Span>,
) -> Result<Response, Problem> {
    let board = app.board.load_full();
    let person = app.row(&board, &caller.0, &person, "history")?.person.clone();
    let (from, to) = span.days(board.as_of().ok_or_else(unpublished)?)?;
    let of = person.clone();
    let found = app.with_book(move |book| Ok((book.history(&of, from, to)?, book.publications()?))).await?;
    let stamps: std::collections::BTreeMap<i64, String> =
        found.1.into_iter().map(|publication| (publication.number, publication.stamp)).collect();
    let entries = found.0.iter().map(|point| Entry {
        published: point.into(),
        ruler: stamps.get(&point.publication).cloned().unwrap_or_default(),
    });
    if Tabular::is_csv(span.format, &headers) {
        let cells = entries.map(|entry| {
            [
                entry.published.as_of,
                entry.published.score.to_string(),
                entry.published.rank.to_string(),
                entry.published.coverage.to_string(),
                entry.ruler,
            ]
        });
        return Ok(answer::csv(&["as_of", "score", "rank", "coverage", "ruler"], cells));
    }
    Ok(answer::json(&History { person: person.to_string(), points: entries.collect() }))
}

/// In which form a table is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct InTable {
    /// In which form: `json`, unless `csv` is asked for here or in `Accept`.
    #[param(inline)]
    pub(crate) format: Option<Tabular>,
}

/// In which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct InForm {
    /// In which form: `json`, unless it is said.
    #[param(inline)]
    format: Option<Readable>,
}

/// Why a person's score is what it is, adding up to the last digit. With one's own key nobody else is named in it.
#[utoipa::path(
    get, path = "/api/v1/people/{person}/explanation", tag = "scores",
    params(("person" = String, Path, description = "The person's id."), InForm),
    security(("bearer" = ["read", "self"]), ("header" = ["read", "self"])),
    responses((status = 200, content(
        (Object = "application/json"),
        (String = "text/html"),
        (String = "text/markdown"),
    )))
)]
pub(super) async fn explanation(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Query(form): Query<InForm>,
) -> Result<Response, Problem> {
    let form = form.format.unwrap_or_default().into();
    let board = app.board.load_full();
    let person = app.row(&board, &caller.0, &person, "explanation")?.person.clone();
    let (desk, is_alone) = (app.desk.clone(), caller.is_alone());
    let found =
        at_the_desk(
            move || {
                if is_alone { desk.explain_to_them(&person, form) } else { desk.explain(&person, form) }
            },
        );
    Ok(answer::of_desk(form, found.await?))
}

/// How many questions that take all records are answered at once, and how long one more waits for its turn.
static TURNS: Semaphore = Semaphore::const_new(3);
const TURN: Duration = Duration::from_secs(20);

/// Does something that may take long where it holds nobody else up, when it is its turn.
pub(crate) async fn at_the_desk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Problem> {
    let Ok(Ok(turn)) = tokio::time::timeout(TURN, TURNS.acquire()).await else {
        let why = "too many questions that take all records are being answered: try again in a moment";
        return Err(Problem::new(Kind::Unavailable, why).after(5));
    };
    let done = tokio::task::spawn_blocking(move || {
        // Held until it is done, also if whoever asked has gone away.
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| fault())?.map_err(|trouble| {
        // Whose it was is none of the log's business.
        if trouble == Trouble::Nobody { nobody() } else { trouble.into() }
    })
}
