//! Damaged Parquet: whatever the bytes, reading ends without a panic, gives the same twice, and no message quotes a text.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, StructArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use renown_sdk::conformance::mutate::Mutator;
use renown_sdk::conformance::{Effort, files, keep, run_on_disk, shrunk};
use renown_tabular::{Map, Tabular};

const MAP: &str = "network = 'x'\n[columns]\nkind = 'kind'\nactor = 'from'\ntarget = 'in.to'\nat = 'at'\n";
/// Stands in every text of the files.
const SECRET: &str = "bystander";
/// Inputs, where no time is given.
const FEW: u64 = 3_000;

/// A hundred rows of every sort of column, with gaps.
fn batch() -> RecordBatch {
    let there = |row: i64| row % 7 != 3;
    let to: ArrayRef = Arc::new((0..100).map(|row| there(row).then_some(row % 9)).collect::<Int64Array>());
    let from = (0..100).map(|row| there(row + 1).then(|| format!("{SECRET}{}", row % 20)));
    let at = (0..100).map(|row| there(row + 2).then_some(1_700_000_000_000_000 + row * 1_000_000));
    let field = Arc::new(Field::new("to", DataType::Int64, true));
    let columns: [(&str, ArrayRef); 4] = [
        ("kind", Arc::new(StringArray::from_iter_values((0..100).map(|row| ["like", "reply"][row % 2])))),
        ("from", Arc::new(from.collect::<StringArray>())),
        ("in", Arc::new(StructArray::from(vec![(field, to)]))),
        ("at", Arc::new(at.collect::<TimestampMicrosecondArray>())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

/// The same table in several layouts.
fn samples() -> Vec<Vec<u8>> {
    let layout = |dictionary, compression, version| {
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(dictionary)
            .set_compression(compression)
            .set_writer_version(version)
            .set_max_row_group_row_count(Some(40))
            .build();
        let batch = batch();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    };
    let (one, two) = (WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0);
    vec![
        layout(true, Compression::UNCOMPRESSED, one),
        layout(false, Compression::UNCOMPRESSED, one),
        layout(true, Compression::SNAPPY, two),
        layout(false, Compression::ZSTD(ZstdLevel::default()), two),
    ]
}

/// What ends a file: the footer's length, and the mark of the format.
const TAIL: usize = 8;

/// A file damaged in its footer, in its pages, or anywhere. The length of what is in front stays, and the footer's length is
/// brought up to date, so that most of it is found where it should be.
fn damaged(mutator: &mut Mutator, file: &[u8], other: &[u8]) -> Vec<u8> {
    let (rest, tail) = file.split_at(file.len() - TAIL);
    let length = u32::from_le_bytes(*tail.first_chunk().expect("a tail")) as usize;
    let (pages, footer) = rest.split_at(rest.len() - length);
    let (mut pages, mut footer) = (pages.to_vec(), footer.to_vec());
    match mutator.random.below(8) {
        0 => return mutator.damage(file, other),
        1..=3 => footer = mutator.damage(&footer, other),
        _ => {
            let whole = pages.len();
            let from = mutator.random.below(whole);
            let run = (from + 1 + mutator.random.below(64)).min(whole);
            let new = mutator.damage(&pages[from..run], other);
            pages.splice(from..run, new);
            pages.resize(whole, 0);
        }
    }
    let length = (footer.len() as u32).to_le_bytes();
    [&pages[..], &footer, &length, b"PAR1"].concat()
}

/// What is wrong with how a file is read, and whether records came of it.
fn flaw(adapter: &Tabular, disk: &Path, bytes: &[u8]) -> (Option<String>, bool) {
    std::fs::write(disk, bytes).expect("a file");
    let read =
        || catch_unwind(AssertUnwindSafe(|| run_on_disk(adapter, disk).map(|outcome| outcome.records)));
    let (Ok(one), Ok(two)) = (read(), read()) else { return (Some("a panic".into()), false) };
    if one != two {
        return (Some("it gives other records when it is read again".into()), false);
    }
    let said = match &one {
        Ok(records) => records.iter().filter(|line| line.starts_with("reject ")).cloned().collect(),
        Err(error) => vec![error.clone()],
    };
    let quoting = said.into_iter().find(|line| line.contains(SECRET));
    let is_read = one.is_ok_and(|records| records.iter().any(|line| line.starts_with("interaction ")));
    (quoting.map(|line| format!("a message quotes the file: {line}")), is_read)
}

#[test]
fn damaged_files_do_no_harm() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/parquet"));
    let adapter = Tabular::new(Map::parse(MAP, "map.toml").unwrap());
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("a.parquet");
    let (samples, effort) = (samples(), Effort::of_environment());
    let mut findings = Vec::new();
    for sample in &samples {
        assert_eq!(flaw(&adapter, &disk, sample), (None, true), "a whole file");
    }
    for (name, bytes) in files(corpus) {
        findings.extend(flaw(&adapter, &disk, &bytes).0.map(|flaw| format!("{name}: {flaw}")));
    }
    let (mut mutator, mut done, mut read) = (Mutator::new(effort.seed), 0, 0);
    while effort.goes_on(done, FEW) && findings.len() < 20 {
        let [one, two] = [(); 2].map(|()| mutator.random.below(samples.len()));
        let bytes = damaged(&mut mutator, &samples[one], &samples[two]);
        done += 1;
        let (wrong, is_read) = flaw(&adapter, &disk, &bytes);
        read += u64::from(is_read);
        let Some(wrong) = wrong else { continue };
        if effort.time.is_some() {
            keep(corpus, &shrunk(bytes, |bytes| flaw(&adapter, &disk, bytes).0.is_some()));
        }
        findings.push(format!("input {done} of seed {}: {wrong}", effort.seed));
    }
    effort.report("parquet", done, findings.len());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    // Damage that always were refused at the door would try little.
    assert!(
        effort.time.is_some() || (read > done / 20 && read < done * 19 / 20),
        "{read} of {done} were read"
    );
}
