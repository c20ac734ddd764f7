//! Parquet: columns, read a batch at a time.
//!
//! What a column is, is settled once per batch; what a network or kind is, once per entry of the column's dictionary.
//! Per row there is nothing left but to pick numbers out of arrays.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::schema::types::SchemaDescriptor;
use renown_sdk::{File, Framing, OpenError, Piece, Reader, Reject, Sink, Vocabulary};

use self::batch::{Batch, BatchRow};
use self::plain::Plain;
use crate::map::Map;
use crate::places::{self, Place};
use crate::plan::Plan;
use crate::rows::{self, Scratch};

mod batch;
mod column;
mod plain;

/// Rows that are decoded at a time: enough to settle types seldom, few enough to stay in the cache.
const BATCH_ROWS: usize = 8_192;

/// Rows of a part, about: enough for opening a file not to show, few enough for all threads to have work.
const PART_ROWS: usize = 1_000_000;

/// The most parts that one row group is cut into: a damaged footer may promise any number of rows.
const MOST_PARTS: usize = 4_096;

/// A leaf column of a file: `time`, or `user.id` of a column of structs.
struct Leaf {
    name: String,
    path: Vec<String>,
}

fn leaves(schema: &SchemaDescriptor) -> Vec<Leaf> {
    let leaf = |path: &[String]| Leaf { name: path.join("."), path: path.to_vec() };
    schema.columns().iter().map(|column| leaf(column.path().parts())).collect()
}

fn metadata(path: &Path) -> Result<ArrowReaderMetadata, OpenError> {
    let broken = |what: String| OpenError::Data(format!("not a whole Parquet file: {what}"));
    let file = fs::File::open(path).map_err(|error| broken(error.to_string()))?;
    // The types are those of Parquet, not those of the program that wrote it: fewer to know.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    // The decoder is not meant to panic on a broken file, but it is large.
    catch_unwind(|| ArrowReaderMetadata::load(&file, options))
        .map_err(|_| broken("its footer cannot be read".to_owned()))?
        .map_err(|error| broken(error.to_string()))
}

/// Whether the file has every column that the map needs.
pub(crate) fn has_all_columns(map: &Map, file: &File<'_>) -> bool {
    let Some(Ok(metadata)) = file.disk.map(metadata) else { return false };
    let names: Vec<String> = leaves(metadata.parquet_schema()).into_iter().map(|leaf| leaf.name).collect();
    places::has_all(map, file.path, &names)
}

/// A reader for a file.
pub(crate) fn open(
    map: &Arc<Map>,
    file: &File<'_>,
    vocabulary: &Vocabulary,
) -> Result<Box<dyn Reader>, OpenError> {
    let Some(disk) = file.disk else {
        return Err(OpenError::Data(
            "Parquet is read from a file on disk, whose name ends in `.parquet`".into(),
        ));
    };
    let metadata = metadata(disk)?;
    let leaves = leaves(metadata.parquet_schema());
    let names: Vec<String> = leaves.iter().map(|leaf| leaf.name.clone()).collect();
    let mut places = places::find(map, file.path, &names)?;
    let mut chosen = Vec::new();
    for place in &mut places {
        if let Place::Column(leaf) = place {
            chosen.push(*leaf);
            *place = Place::Column(chosen.len() - 1);
        }
    }
    let plan = Plan::new(map, places, vocabulary)?;
    let word_leaf = |slot: usize| match plan.places[slot] {
        Place::Column(at) => Some(chosen[at]),
        _ => None,
    };
    let fields = plan.fields();
    let words: Vec<&str> = [word_leaf(fields.network), fields.kind.and_then(word_leaf)]
        .into_iter()
        .flatten()
        .map(|leaf| names[leaf].as_str())
        .collect();
    Ok(Box::new(ParquetReader {
        parts: parts(&metadata),
        projection: ProjectionMask::leaves(metadata.parquet_schema(), chosen.iter().copied()),
        columns: chosen.iter().map(|&leaf| leaves[leaf].path.clone()).collect(),
        metadata: with_dictionaries(metadata, &words),
        plan,
        disk: disk.to_owned(),
    }))
}

/// Has the columns of words read with their dictionary, so that each word is looked up once and not in every row, and
/// other text as views, which are not copied.
fn with_dictionaries(metadata: ArrowReaderMetadata, words: &[&str]) -> ArrowReaderMetadata {
    let hinted = |field: &Arc<Field>| match field.data_type() {
        text @ (DataType::Utf8 | DataType::Binary) if words.contains(&field.name().as_str()) => {
            let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(text.clone()));
            Arc::new(field.as_ref().clone().with_data_type(dictionary))
        }
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        DataType::Binary => Arc::new(field.as_ref().clone().with_data_type(DataType::BinaryView)),
        _ => field.clone(),
    };
    let fields: Vec<_> = metadata.schema().fields().iter().map(hinted).collect();
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata.schema().metadata().clone()));
    let options = ArrowReaderOptions::new().with_schema(schema);
    // Without the hint the same values come, only slower.
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).unwrap_or(metadata)
}

/// Rows that one thread reads in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    groups: std::ops::Range<usize>,
    /// How many rows of the groups come before.
    offset: usize,
    rows: usize,
}

/// Row groups are what writers make them: a hundred rows or a hundred million. Small ones are taken together, large
/// ones cut.
fn parts(metadata: &ArrowReaderMetadata) -> Vec<Part> {
    let groups = metadata.metadata().row_groups();
    cut(groups.iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)))
}

fn cut(groups: impl Iterator<Item = usize>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (at, rows) in groups.enumerate() {
        match parts.last_mut() {
            Some(last) if last.offset == 0 && last.rows.saturating_add(rows) <= PART_ROWS => {
                last.groups.end = at + 1;
                last.rows += rows;
            }
            _ => {
                // As many parts as there are whole part sizes, of even length.
                let count = (rows / PART_ROWS).clamp(1, MOST_PARTS);
                let ends = (1..=count).map(|part| rows / count * part + rows % count * part / count);
                let mut offset = 0;
                for end in ends {
                    parts.push(Part { groups: at..at + 1, offset, rows: end - offset });
                    offset = end;
                }
            }
        }
    }
    parts
}

struct ParquetReader {
    disk: PathBuf,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
    /// The path of each column that the plan's places count.
    columns: Vec<Vec<String>>,
    parts: Vec<Part>,
    plan: Plan,
}

impl Reader for ParquetReader {
    fn framing(&self) -> Framing {
        if self.parts.is_empty() { Framing::Nothing } else { Framing::Parts(self.parts.len()) }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let Some(part) = self.parts.get(piece.part) else { return };
        let mut row = 0;
        let mut reject = |row: usize, reason: &str, record: &str, sink: &mut dyn Sink| {
            let (row, record) = (Some(row as u64), record.as_bytes());
            sink.reject(&Reject { offset: 0, row, reason: reason.to_owned(), record });
        };
        let mut batches = match self.batches(part) {
            Ok(batches) => batches,
            Err(problem) => return reject(row, problem, "", sink),
        };
        let mut scratch = Scratch::default();
        loop {
            // As with the footer: a broken page is an error, and if it is a panic, it ends here.
            match catch_unwind(AssertUnwindSafe(|| batches.next())) {
                Ok(None) => return,
                Ok(Some(Ok(records))) => {
                    self.read_batch(&records, row, &mut scratch, sink, &mut reject);
                    row += records.num_rows();
                }
                // What the decoder says may quote content.
                Ok(Some(Err(_))) | Err(_) => return reject(row, BROKEN, "", sink),
            }
        }
    }
}

const BROKEN: &str = "the file is damaged: the rows from here to the end of the part cannot be decoded";
const GONE: &str = "the file cannot be opened again";

impl ParquetReader {
    fn batches(&self, part: &Part) -> Result<ParquetRecordBatchReader, &'static str> {
        let file = fs::File::open(&self.disk).map_err(|_| GONE)?;
        catch_unwind(AssertUnwindSafe(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(part.groups.clone().collect())
                .with_projection(self.projection.clone())
                .with_offset(part.offset)
                .with_limit(part.rows)
                .with_batch_size(BATCH_ROWS)
                .build()
        }))
        .map_err(|_| BROKEN)?
        .map_err(|_| BROKEN)
    }

    fn read_batch(
        &self,
        records: &RecordBatch,
        first: usize,
        scratch: &mut Scratch,
        sink: &mut dyn Sink,
        reject: &mut impl FnMut(usize, &str, &str, &mut dyn Sink),
    ) {
        let columns = batch::columns(records, &self.columns);
        let batch = Batch::new(&self.plan, &columns);
        let plain = Plain::of(&batch);
        for row in 0..records.num_rows() {
            if plain.as_ref().is_some_and(|plain| plain.give(row, sink)) {
                continue;
            }
            rows::give(&self.plan, &BatchRow { batch: &batch, row }, scratch, sink);
            if !scratch.faults.is_empty() {
                let record = batch::row_text(records, row);
                for fault in scratch.faults.drain(..) {
                    reject(first + row, &fault.reason(&self.plan), &record, sink);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_of_any_size_make_parts_of_about_one_size() {
        let part = |groups, offset, rows| Part { groups, offset, rows };
        assert_eq!(cut([].into_iter()), []);
        assert_eq!(cut([0].into_iter()), [part(0..1, 0, 0)]);
        assert_eq!(cut([400_000, 600_000, 1].into_iter()), [part(0..2, 0, 1_000_000), part(2..3, 0, 1)]);
        assert_eq!(
            cut([3_000_001, 10].into_iter()),
            [
                part(0..1, 0, 1_000_000),
                part(0..1, 1_000_000, 1_000_000),
                part(0..1, 2_000_000, 1_000_001),
                part(1..2, 0, 10)
            ]
        );
        assert_eq!(cut([1_000_000; 3].into_iter()).len(), 3);
        assert_eq!(cut([usize::MAX, usize::MAX].into_iter()).len(), 2 * MOST_PARTS);
        assert_eq!(cut([1_500_000].into_iter()), [part(0..1, 0, 1_500_000)]);
    }
}
