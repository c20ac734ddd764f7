//! What is served of the newest publication, held in memory: a look-up touches no disk.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use renown_core::curve::Score;
use renown_core::record::Day;
use renown_store::book::{Book, BookError, Publication};

/// The people of a publication, best first.
#[derive(Debug, Default)]
pub struct Leaderboard {
    /// What was published; `None` before anything was.
    pub publication: Option<Publication>,
    /// Whether something was published so many days before, by the [`SPANS`].
    pub published_then: [bool; 3],
    /// The networks that give parts, in the order of their names.
    pub networks: Vec<Arc<str>>,
    /// Everybody, in the order of ranks.
    pub rows: Vec<Row>,
    /// How many there are of which kind.
    pub overview: Overview,
    by_person: Arc<HashMap<Arc<str>, u32>>,
    by_number: Arc<HashMap<u64, u32>>,
}

/// How many people a publication has, counted once when it is taken up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// By tens of their score: 1 to 9, 10 to 19, and so on; the last is of 100 alone.
    pub bands: [u32; 11],
    /// By tenths of their coverage; the last is of those of whom all is known.
    pub coverage: [u32; 11],
    /// On each network, by its place among [`Leaderboard::networks`].
    pub networks: Vec<u32>,
    /// With each tag, in the order of tags.
    pub tags: BTreeMap<Arc<str>, u32>,
    /// In the communities with the most people, in the order of how many. One in which nobody else takes part would name a person.
    pub communities: Vec<(Arc<str>, u32)>,
}

impl Overview {
    fn of(rows: &[Row], networks: usize) -> Self {
        let mut communities = BTreeMap::new();
        let mut overview = Self { networks: vec![0; networks], ..Self::default() };
        for row in rows {
            overview.bands[(row.score.0 / 100_000).min(10) as usize] += 1;
            overview.coverage[(row.coverage / 1_000).min(10) as usize] += 1;
            for (network, _) in &row.parts {
                overview.networks[usize::from(*network)] += 1;
            }
            row.tags.iter().for_each(|tag| count(&mut overview.tags, tag));
            row.communities.iter().for_each(|community| count(&mut communities, community));
        }
        overview.communities = communities.into_iter().filter(|(_, people)| *people > 1).collect();
        overview.communities.sort_by_key(|(_, people)| Reverse(*people));
        overview.communities.truncate(COMMUNITIES);
        overview
    }
}

/// As many communities as one would look through.
const COMMUNITIES: usize = 200;

/// Counts one more with this label.
fn count(labels: &mut BTreeMap<Arc<str>, u32>, label: &Arc<str>) {
    match labels.get_mut(label) {
        Some(count) => *count += 1,
        None => drop(labels.insert(label.clone(), 1)),
    }
}

/// One person of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person.
    pub person: Arc<str>,
    /// Their number in the book, which stays the same: the id that Klout's clients know.
    pub number: u64,
    /// The score.
    pub score: Score,
    /// Between which scores it probably lies, if that was published.
    pub interval: Option<(Score, Score)>,
    /// One more than the number of those who score higher.
    pub rank: u32,
    /// Which share of all stands lower, in ten-thousandths of a percent.
    pub percentile: u32,
    /// How much of what the weights ask for was there, in ten-thousandths.
    pub coverage: u32,
    /// What each network gave, by its place, in ten-thousandths of a point.
    pub parts: Box<[(u16, u32)]>,
    /// How the score moved in a day, a week and thirty days, in ten-thousandths; `None` where there was none then, by
    /// [`SPANS`].
    pub moved: [Option<i32>; 3],
    /// What people call groups that the person is in.
    pub tags: Labels,
    /// The communities that the person takes part in, as `network:community`.
    pub communities: Labels,
}

/// Whether a label is among these.
pub(crate) fn has(labels: &Labels, wanted: &str) -> bool {
    labels.iter().any(|label| **label == *wanted)
}

/// Texts that many people have, in order; each is kept once.
pub type Labels = Box<[Arc<str>]>;

/// After how many days the three moves are told.
pub const SPANS: [u16; 3] = [1, 7, 30];

impl Leaderboard {
    /// The newest publication of a book.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn newest(book: &Book) -> Result<Self, BookError> {
        let Some(publication) = book.latest()? else { return Ok(Self::default()) };
        let lines = book.lines(publication.number)?;
        let numbers: HashMap<String, u64> = book.numbers()?.into_iter().collect();
        let earlier = earlier(book, &publication)?;
        let (tags, communities) = (labels(book.tags()?), labels(book.communities()?));
        let all: BTreeSet<&str> =
            lines.iter().flat_map(|line| line.parts.iter().map(|part| &*part.0)).collect();
        let networks: Vec<Arc<str>> = all.into_iter().map(Arc::from).collect();
        let place =
            |network: &str| networks.binary_search_by(|known| (**known).cmp(network)).unwrap_or(0) as u16;
        let (mut by_person, mut by_number) =
            (HashMap::with_capacity(lines.len()), HashMap::with_capacity(lines.len()));
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let index = rows.len();
            // Who was forgotten since has no line; who has one has a number.
            let Some(&number) = numbers.get(&line.person) else { continue };
            let person: Arc<str> = line.person.into();
            by_person.insert(person.clone(), index as u32);
            by_number.insert(number, index as u32);
            let moved = |then: &Option<HashMap<u64, Score>>| {
                let before = then.as_ref()?.get(&number)?;
                Some(line.score.0 as i32 - before.0 as i32)
            };
            rows.push(Row {
                moved: [moved(&earlier[0]), moved(&earlier[1]), moved(&earlier[2])],
                tags: tags.get(&number).cloned().unwrap_or_default(),
                communities: communities.get(&number).cloned().unwrap_or_default(),
                person,
                number,
                score: line.score,
                interval: line.interval.map(|ends| (ends.low, ends.high)),
                rank: line.rank,
                percentile: line.percentile,
                coverage: line.coverage,
                parts: line.parts.iter().map(|(network, part)| (place(network), *part)).collect(),
            });
        }
        let overview = Overview::of(&rows, networks.len());
        let (by_person, by_number) = (Arc::new(by_person), Arc::new(by_number));
        let published_then = earlier.each_ref().map(Option::is_some);
        Ok(Self {
            publication: Some(publication),
            published_then,
            networks,
            rows,
            overview,
            by_person,
            by_number,
        })
    }

    /// The same, with other tags and communities of a person. They are no part of a publication, and are told as they are now.
    #[must_use]
    pub fn relabelled(&self, person: &str, tags: &[String], communities: &[String]) -> Self {
        let mut rows = self.rows.clone();
        if let Some(place) = self.find(person) {
            // Those that others have are kept once.
            let known = |tag: &String| {
                let known = self.overview.tags.get_key_value(tag.as_str());
                known.map_or_else(|| Arc::from(tag.as_str()), |(tag, _)| tag.clone())
            };
            let mut tags: Vec<Arc<str>> = tags.iter().map(known).collect();
            tags.sort_unstable();
            rows[place].tags = tags.into_boxed_slice();
            rows[place].communities = communities.iter().map(|one| Arc::from(one.as_str())).collect();
        }
        Self {
            publication: self.publication.clone(),
            published_then: self.published_then,
            networks: self.networks.clone(),
            overview: Overview::of(&rows, self.networks.len()),
            rows,
            by_person: self.by_person.clone(),
            by_number: self.by_number.clone(),
        }
    }

    /// As of which day the scores are.
    pub fn as_of(&self) -> Option<Day> {
        self.publication.as_ref().map(|publication| publication.as_of)
    }

    /// The place of a person among the rows.
    pub fn find(&self, person: &str) -> Option<usize> {
        self.by_person.get(person).map(|place| *place as usize)
    }

    /// The place of a person whose number is known.
    pub fn numbered(&self, number: u64) -> Option<usize> {
        self.by_number.get(&number).map(|place| *place as usize)
    }
}

/// The scores of the newest publications of so many days before, by the same ruler's scale.
fn earlier(book: &Book, now: &Publication) -> Result<[Option<HashMap<u64, Score>>; 3], BookError> {
    let all = book.publications()?;
    let mut found = [None, None, None];
    for (span, found) in SPANS.into_iter().zip(&mut found) {
        let last = Day::from_raw(now.as_of.raw().saturating_sub(span));
        let then =
            all.iter().filter(|publication| publication.as_of <= last && publication.superseded_by.is_none());
        // What is much older says nothing of a day.
        let first = Day::from_raw(last.raw().saturating_sub(span));
        let Some(then) = then.max_by_key(|then| then.as_of).filter(|then| then.as_of >= first) else {
            continue;
        };
        *found = Some(book.scores(then.number)?.into_iter().collect());
    }
    Ok(found)
}

/// Everybody's labels, by the numbers of the persons.
fn labels(all: Vec<(u64, String)>) -> HashMap<u64, Labels> {
    let mut names: HashMap<String, Arc<str>> = HashMap::new();
    let mut of: HashMap<u64, Vec<Arc<str>>> = HashMap::new();
    for (number, label) in all {
        let name = names.entry(label).or_insert_with_key(|label| Arc::from(label.as_str())).clone();
        of.entry(number).or_default().push(name);
    }
    of.into_iter().map(|(number, labels)| (number, labels.into_boxed_slice())).collect()
}
