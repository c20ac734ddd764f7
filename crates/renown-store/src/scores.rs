//! Published scores: what was said of each day, which later days start from.

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::datatypes::Float64Type;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use renown_core::curve::Score;
use renown_core::published::Published;
use renown_core::record::Day;
use renown_core::tally::Tally;
use renown_engine::EngineError;

use crate::layout::scores_folder;
use crate::store::{Change, Store};
use crate::tallies::DayTally;

/// Scores as `renown score` writes them to Parquet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoresFile {
    /// The stamp of the ruler.
    pub ruler: String,
    /// As of which day they are.
    pub as_of: String,
    /// Who had which.
    pub scores: Published,
}

impl ScoresFile {
    /// From the bytes of a file; or what is wrong with it.
    ///
    /// # Errors
    /// A message, without the file's name.
    pub fn of_bytes(bytes: Bytes) -> Result<Self, String> {
        let text = |error: &dyn std::error::Error| format!("no Parquet file of scores: {error}");
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| text(&error))?;
        let pairs = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        let pairs: BTreeMap<String, String> =
            pairs.into_iter().filter_map(|pair| Some((pair.key, pair.value?))).collect();
        let stamp = |key: &str| {
            pairs.get(key).cloned().ok_or_else(|| {
                format!("its metadata has no `{key}`: expected scores as `renown score --format parquet` writes them")
            })
        };
        let (ruler, as_of) = (stamp("renown.ruler")?, stamp("renown.as_of")?);
        let mut scores = BTreeMap::new();
        for batch in builder.build().map_err(|error| text(&error))? {
            let batch = batch.map_err(|error| text(&error))?;
            let persons = batch.column_by_name("person").and_then(|column| column.as_string_opt::<i32>());
            let values =
                batch.column_by_name("score").and_then(|column| column.as_primitive_opt::<Float64Type>());
            let (Some(persons), Some(values)) = (persons, values) else {
                return Err("it has no columns `person` (text) and `score` (double)".into());
            };
            for (person, value) in persons.iter().zip(values) {
                let (Some(person), Some(value)) = (person, value) else {
                    return Err("a score is missing".into());
                };
                let score = Score((value * 10_000.0).round() as u32);
                if !(Score::FLOOR..=Score::TOP).contains(&score) {
                    return Err(format!("a score of {value}: expected 1 to 100"));
                }
                scores.insert(person.to_owned(), score);
            }
        }
        Ok(Self { ruler, as_of, scores: Published(scores) })
    }
}

impl Store {
    /// The newest published scores of a day before this one.
    ///
    /// # Errors
    /// [`EngineError::Data`] if the file is damaged.
    pub fn scores_before(&self, day: Day) -> Result<Option<ScoresFile>, EngineError> {
        let before = self.manifest.scores().filter(|(of, ..)| *of < day).max_by_key(|(of, ..)| *of);
        let Some((_, path, _)) = before else { return Ok(None) };
        let damaged = |why: String| EngineError::Data(self.damaged(path, &why));
        Ok(Some(ScoresFile::of_bytes(self.read(path)?).map_err(damaged)?))
    }

    /// Publishes the scores of a day, as Parquet, and keeps the tally that they were made from. Scores of the day that are
    /// there already may be of the same bytes; others take their place only if they are said `again`.
    ///
    /// # Errors
    /// [`EngineError::Usage`] if the day has other scores, or nothing can be written.
    pub fn publish(
        &mut self,
        day: Day,
        scores: &[u8],
        rows: u64,
        again: bool,
        from: Made,
    ) -> Result<(), EngineError> {
        let Made(mut change) = from;
        let staged = self
            .stage(&scores_folder(day), "parquet", scores, rows)
            .map_err(|error| self.cannot_write(&error))?;
        let there: Vec<String> = self
            .manifest
            .in_folder(&scores_folder(day))
            .filter(|path| *path != staged.path)
            .map(str::to_owned)
            .collect();
        if !there.is_empty() && !again {
            return Err(EngineError::Usage(format!(
                "{}: the scores of {day} were published, and would be others now: records came since, or the ruler, the people or \
                 the day before changed. Published scores stay unless you pass --again",
                self.root().display()
            )));
        }
        for path in &there {
            change.remove(path);
        }
        change.add(staged);
        self.commit(change)
    }

    /// The days of which scores are published.
    pub fn published(&self) -> Vec<Day> {
        self.manifest.scores().map(|(day, ..)| day).collect()
    }
}

/// A kept tally on its way into a store.
#[derive(Debug)]
pub struct Made(Change);

impl DayTally {
    /// The tally, and what the store is to keep of it.
    pub fn split(self, store: &Store) -> (Tally, Made) {
        let mut change = Change::of(store);
        let tally = self.keep(&mut change);
        (tally, Made(change))
    }
}
