//! All that is held on one person, for them to have: as the API gives it, and `renown store people held`.

use std::collections::BTreeMap;

use renown_store::book::{Audited, Event, Held as InBook, Key, Look, Point, Purpose, Resident as Known};
use renown_store::{RecordOf, Table};
use serde::Serialize;
use utoipa::ToSchema;

/// A person of the book.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Resident {
    /// The person's id.
    id: String,
    /// What they are called, if that is known.
    name: Option<String>,
    /// `invited`, `agreed`, `withdrawn` or `objected`.
    consent: &'static str,
    /// Never scored.
    minor: bool,
    /// Not scored, and counts for nobody.
    exclude: bool,
    /// Their accounts, as `network:id` or `network:@handle`.
    accounts: Vec<String>,
    /// What the team sorts people by.
    tags: Vec<String>,
    /// The communities that they take part in, as `network:community`.
    communities: Vec<String>,
    /// Since when the book has them.
    since: String,
}

impl From<&Known> for Resident {
    fn from(known: &Known) -> Self {
        Self {
            id: known.id.clone(),
            name: known.name.clone(),
            consent: known.consent.name(),
            minor: known.minor,
            exclude: known.exclude,
            accounts: known.accounts.iter().map(|(network, id)| format!("{network}:{id}")).collect(),
            tags: known.tags.clone(),
            communities: known.communities.clone(),
            since: known.since.to_string(),
        }
    }
}

impl Resident {
    /// The headings of a table of people.
    pub(crate) const HEADINGS: [&'static str; 9] =
        ["id", "name", "consent", "minor", "exclude", "accounts", "tags", "communities", "since"];

    /// A row of such a table.
    pub(crate) fn row(self) -> [String; 9] {
        let (accounts, tags) = (self.accounts.join(" "), self.tags.join(" "));
        let (minor, exclude) = (self.minor.to_string(), self.exclude.to_string());
        [
            self.id,
            self.name.unwrap_or_default(),
            self.consent.into(),
            minor,
            exclude,
            accounts,
            tags,
            self.communities.join("; "),
            self.since,
        ]
    }
}

/// What one network gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Part {
    /// The network.
    pub(crate) network: String,
    /// In points.
    pub(crate) points: f64,
}

/// A score as it was published.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Published {
    /// As of which day.
    pub(crate) as_of: String,
    /// The number of the publication.
    publication: i64,
    /// 1 to 100.
    pub(crate) score: f64,
    /// The lower end of the interval, if that was published.
    low: Option<f64>,
    /// The upper end.
    high: Option<f64>,
    /// One more than the number of those who scored higher.
    pub(crate) rank: u32,
    /// Which share of all stood lower, in percent.
    percentile: f64,
    /// How much of what the weights ask for was there, 0 to 1.
    pub(crate) coverage: f64,
    /// What each network gave.
    parts: Vec<Part>,
    /// Why the score, or a network's part, is at the floor.
    reasons: Vec<String>,
}

impl From<&Point> for Published {
    fn from(point: &Point) -> Self {
        let line = &point.line;
        Self {
            as_of: point.as_of.to_string(),
            publication: point.publication,
            score: line.score.value(),
            low: line.interval.map(|interval| interval.low.value()),
            high: line.interval.map(|interval| interval.high.value()),
            rank: line.rank,
            percentile: points(line.percentile),
            coverage: points(line.coverage),
            parts: line
                .parts
                .iter()
                .map(|(network, part)| Part { network: network.to_string(), points: points(*part) })
                .collect(),
            reasons: line.reasons.clone(),
        }
    }
}

/// Ten-thousandths as the decimal number they stand for.
pub(crate) fn points(ten_thousandths: u32) -> f64 {
    f64::from(ten_thousandths) / 10_000.0
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Happened {
    /// When it was written down.
    at: String,
    /// Where it belongs on a chart.
    day: String,
    /// To whom; to everybody, if it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// `invited`, `agreed`, `withdrew`, `objected`, `linked`, `unlinked`, `corrected`, `ruler` or `memo`.
    kind: &'static str,
    /// More about it.
    detail: Option<String>,
    /// The publication that it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<i64>,
}

impl From<Event> for Happened {
    fn from(event: Event) -> Self {
        Self {
            at: event.at.to_string(),
            day: event.day.to_string(),
            person: event.person,
            kind: event.kind.name(),
            detail: event.detail,
            publication: event.publication,
        }
    }
}

impl Happened {
    /// The headings of a table of events.
    pub(crate) const HEADINGS: [&'static str; 6] = ["at", "day", "person", "kind", "detail", "publication"];

    /// A row of such a table.
    pub(crate) fn row(self) -> [String; 6] {
        let number = self.publication.map(|number| number.to_string()).unwrap_or_default();
        let (person, detail) = (self.person.unwrap_or_default(), self.detail.unwrap_or_default());
        [self.at, self.day, person, self.kind.into(), detail, number]
    }
}

/// A key, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyInfo {
    /// What it is called by; no secret.
    id: String,
    /// Whose it is, in words.
    name: String,
    /// `research`, `marketing` or `self`.
    purpose: &'static str,
    /// `read`, `self`, `ingest` and `admin`.
    scopes: Vec<&'static str>,
    /// Whose it is, of one with the scope `self`.
    person: Option<String>,
    /// When it was made.
    made_at: String,
    /// From when on it is good for nothing.
    expires: Option<String>,
    /// When it was taken back.
    revoked_at: Option<String>,
}

impl From<&Key> for KeyInfo {
    fn from(key: &Key) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            purpose: key.purpose.name(),
            scopes: key.scopes.iter().map(|scope| scope.name()).collect(),
            person: key.person.clone(),
            made_at: key.made_at.to_string(),
            expires: key.expires.map(|at| at.to_string()),
            revoked_at: key.revoked_at.map(|at| at.to_string()),
        }
    }
}

impl KeyInfo {
    /// The headings of a table of keys.
    pub(crate) const HEADINGS: [&'static str; 8] =
        ["id", "name", "purpose", "scopes", "person", "made_at", "expires", "revoked_at"];

    /// A row of such a table.
    pub(crate) fn row(self) -> [String; 8] {
        let scopes = self.scopes.join(" ");
        let (person, expires) = (self.person.unwrap_or_default(), self.expires.unwrap_or_default());
        let revoked_at = self.revoked_at.unwrap_or_default();
        [self.id, self.name, self.purpose.into(), scopes, person, self.made_at, expires, revoked_at]
    }
}

/// Something that was asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Asked {
    /// Later ones have larger numbers.
    number: i64,
    /// When.
    at: String,
    /// The id of the key; none at the command line.
    key: Option<String>,
    /// What the request is called in its answer's `x-request-id`.
    request: Option<String>,
    /// What was asked.
    action: String,
    /// About whom.
    person: Option<String>,
    /// What for.
    purpose: Option<&'static str>,
    /// What came of it.
    outcome: String,
}

impl From<&Audited> for Asked {
    fn from(audited: &Audited) -> Self {
        let entry = &audited.entry;
        Self {
            number: audited.number,
            at: entry.at.to_string(),
            key: entry.key.clone(),
            request: entry.request_id.clone(),
            action: entry.action.clone(),
            person: entry.person.clone(),
            purpose: entry.purpose.map(Purpose::name),
            outcome: entry.outcome.clone(),
        }
    }
}

impl Asked {
    /// The headings of a table of what was asked.
    pub(crate) const HEADINGS: [&'static str; 8] =
        ["number", "at", "key", "request", "action", "person", "purpose", "outcome"];

    /// A row of such a table.
    pub(crate) fn row(self) -> [String; 8] {
        [
            self.number.to_string(),
            self.at,
            self.key.unwrap_or_default(),
            self.request.unwrap_or_default(),
            self.action,
            self.person.unwrap_or_default(),
            self.purpose.unwrap_or_default().into(),
            self.outcome,
        ]
    }
}

/// Look-ups of a person with one key within an hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Looked {
    /// When the hour began.
    hour: String,
    /// When last.
    last: String,
    /// The id of the key.
    key: String,
    /// Whose key it is, in words.
    name: Option<String>,
    /// What for.
    purpose: Option<&'static str>,
    /// What was looked at.
    action: String,
    /// How often.
    times: u64,
}

impl Looked {
    /// A look-up, and what is known of the key.
    pub(crate) fn of(look: &Look, keys: &[Key]) -> Self {
        let key = keys.iter().find(|key| key.id == look.key);
        Self {
            hour: look.hour.to_string(),
            last: look.last.to_string(),
            key: look.key.clone(),
            name: key.map(|key| key.name.clone()),
            purpose: key.map(|key| key.purpose.name()),
            action: look.action.clone(),
            times: look.times,
        }
    }

    /// The headings of a table of look-ups.
    pub(crate) const HEADINGS: [&'static str; 7] =
        ["hour", "last", "key", "name", "purpose", "action", "times"];

    /// A row of such a table.
    pub(crate) fn row(self) -> [String; 7] {
        let (name, purpose) = (self.name.unwrap_or_default(), self.purpose.unwrap_or_default().into());
        [self.hour, self.last, self.key, name, purpose, self.action, self.times.to_string()]
    }
}

/// A record of a store that is about a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Record {
    /// The network that it is of.
    network: String,
    /// `interactions`, `posts`, `observations`, `handles`, `undos` or `memberships`.
    table: &'static str,
    /// The columns that have a value, by name; ids of others are left out.
    columns: BTreeMap<String, String>,
}

/// What the records of a store say of one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Records {
    /// By table, network and day.
    records: Vec<Record>,
}

impl Records {
    /// The headings of a table of records: the columns of all tables of a store.
    pub(crate) const HEADINGS: [&'static str; 17] = [
        "network",
        "table",
        "at",
        "kind",
        "actor",
        "target",
        "object",
        "id",
        "amount",
        "author",
        "observed_at",
        "account",
        "metric",
        "value",
        "handle",
        "what",
        "community",
    ];

    /// As they are told.
    pub fn of(records: Vec<RecordOf>) -> Self {
        let record = |RecordOf { network, table, cells }| Record {
            network,
            table: Table::name(table),
            columns: cells.into_iter().collect(),
        };
        Self { records: records.into_iter().map(record).collect() }
    }

    /// As rows of such a table.
    pub(crate) fn rows(self) -> impl Iterator<Item = [String; 17]> {
        self.records.into_iter().map(|mut record| {
            Self::HEADINGS.map(|heading| match heading {
                "network" => std::mem::take(&mut record.network),
                "table" => record.table.to_owned(),
                heading => record.columns.remove(heading).unwrap_or_default(),
            })
        })
    }
}

/// All that the book holds on one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Held {
    /// Who they are.
    person: Resident,
    /// All that was published of them, what was superseded, too.
    published: Vec<Published>,
    /// What happened to them.
    events: Vec<Happened>,
    /// The keys that are theirs.
    keys: Vec<KeyInfo>,
    /// What was asked about them, newest first.
    accesses: Vec<Asked>,
    /// Who looked them up, the newest hour first.
    looks: Vec<Looked>,
}

impl Held {
    /// What the book holds, and whose the keys are that were used.
    pub fn of(held: InBook, keys: &[Key]) -> Self {
        Self {
            person: (&held.resident).into(),
            published: held.history.iter().map(Published::from).collect(),
            events: held.events.into_iter().map(Happened::from).collect(),
            keys: held.keys.iter().map(KeyInfo::from).collect(),
            accesses: held.accesses.iter().map(Asked::from).collect(),
            looks: held.looks.iter().map(|look| Looked::of(look, keys)).collect(),
        }
    }

    /// All of it as rows of `what`, `at`, `name` and `value`.
    pub(crate) fn rows(self) -> Vec<[String; 4]> {
        let mut rows = Vec::new();
        let mut add = |what: &str, at: &str, cells: &mut dyn Iterator<Item = (&str, String)>| {
            for (name, value) in cells.filter(|(_, value)| !value.is_empty()) {
                rows.push([what.to_owned(), at.to_owned(), name.to_owned(), value]);
            }
        };
        let since = self.person.since.clone();
        add("person", &since, &mut Resident::HEADINGS.into_iter().zip(self.person.row()));
        for point in self.published {
            let cells = [
                ("score", point.score.to_string()),
                ("low", point.low.map(|low| low.to_string()).unwrap_or_default()),
                ("high", point.high.map(|high| high.to_string()).unwrap_or_default()),
                ("rank", point.rank.to_string()),
                ("percentile", point.percentile.to_string()),
                ("coverage", point.coverage.to_string()),
                ("reasons", point.reasons.join(" ")),
            ];
            let parts = point.parts.iter().map(|part| (part.network.as_str(), part.points.to_string()));
            add("published", &point.as_of, &mut cells.into_iter().chain(parts));
        }
        for event in self.events {
            let at = event.at.clone();
            add("event", &at, &mut Happened::HEADINGS.into_iter().zip(event.row()));
        }
        for key in self.keys {
            let at = key.made_at.clone();
            add("key", &at, &mut KeyInfo::HEADINGS.into_iter().zip(key.row()));
        }
        for asked in self.accesses {
            let at = asked.at.clone();
            add("access", &at, &mut Asked::HEADINGS.into_iter().zip(asked.row()));
        }
        for look in self.looks {
            let at = look.last.clone();
            add("look", &at, &mut Looked::HEADINGS.into_iter().zip(look.row()));
        }
        rows
    }
}
