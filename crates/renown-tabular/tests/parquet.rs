//! Parquet of every type that a column may be of, of any layout, whole and broken.

mod common {
    pub(crate) mod read;
    pub(crate) mod write;
}

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    DictionaryArray, Float64Array, Int8Array, Int32Array, Int64Array, LargeStringArray, ListArray, NullArray,
    RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt32Array, UInt64Array,
};
use arrow::datatypes::{Field, Int8Type, Int32Type, i256};
use common::read::{adapter, read};
use common::write::write_parquet;
use proptest::prelude::*;
use renown_sdk::{Adapter as _, File, OpenError};

const ACTS: &str = "network = 'x'\n[columns]\nkind = { value = 'like' }\nactor = { column = 'from', optional = true }\ntarget = 'to'\n";

fn lines(map: &str, columns: Vec<(&str, ArrayRef)>) -> Vec<String> {
    lines_at(map, "a.parquet", columns, 3).unwrap_or_else(|error| panic!("{error}"))
}

fn lines_at(
    map: &str,
    path: &str,
    columns: Vec<(&str, ArrayRef)>,
    group: usize,
) -> Result<Vec<String>, OpenError> {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("file.parquet");
    write_parquet(&disk, &batch, group);
    read(&adapter(map), &disk, path)
}

#[test]
fn ids_of_every_type_are_exact() {
    let wide = i256::from_string("340282366920938463463374607431768211456").unwrap();
    let dictionary: DictionaryArray<Int8Type> = vec![Some("7"), None, Some("ann")].into_iter().collect();
    let cases: Vec<(ArrayRef, [&str; 3])> = vec![
        (Arc::new(Int64Array::from(vec![Some(7), None, Some(i64::MIN)])), ["7", "", "-9223372036854775808"]),
        (Arc::new(Int32Array::from(vec![Some(7), None, Some(-1)])), ["7", "", "-1"]),
        (Arc::new(Int8Array::from(vec![Some(7), None, Some(-1)])), ["7", "", "-1"]),
        (Arc::new(UInt32Array::from(vec![Some(7), None, Some(u32::MAX)])), ["7", "", "4294967295"]),
        (Arc::new(UInt64Array::from(vec![Some(7), None, Some(u64::MAX)])), ["7", "", "18446744073709551615"]),
        (
            Arc::new(
                Decimal128Array::from(vec![Some(700), None, Some(-1200)])
                    .with_precision_and_scale(20, 2)
                    .unwrap(),
            ),
            ["7", "", "-12"],
        ),
        (
            Arc::new(
                Decimal256Array::from(vec![Some(i256::from_i128(7)), None, Some(wide)])
                    .with_precision_and_scale(60, 0)
                    .unwrap(),
            ),
            ["7", "", "340282366920938463463374607431768211456"],
        ),
        (Arc::new(StringArray::from(vec![Some("7"), None, Some(" ann ")])), ["7", "", "ann"]),
        (Arc::new(LargeStringArray::from(vec![Some("7"), None, Some("ann")])), ["7", "", "ann"]),
        (Arc::new(StringViewArray::from(vec![Some("7"), Some(""), Some("ann")])), ["7", "", "ann"]),
        (Arc::new(BinaryArray::from_opt_vec(vec![Some(b"7"), None, Some(b"ann")])), ["7", "", "ann"]),
        (
            Arc::new(BinaryViewArray::from_iter(vec![Some(b"7".as_slice()), None, Some(b"ann")])),
            ["7", "", "ann"],
        ),
        (Arc::new(dictionary), ["7", "", "ann"]),
        (Arc::new(Float64Array::from(vec![Some(7.0), None, Some(-8.0)])), ["7", "", "-8"]),
        (Arc::new(NullArray::new(3)), ["", "", ""]),
    ];
    for (array, ids) in cases {
        let name = array.data_type().to_string();
        let expected: Vec<String> =
            ids.iter()
                .map(|id| {
                    if id.is_empty() {
                        "x like target=1".into()
                    } else {
                        format!("x like actor={id} target=1")
                    }
                })
                .collect();
        let to = Arc::new(Int64Array::from(vec![1, 1, 1]));
        assert_eq!(
            lines(ACTS, vec![("from", array), ("unread", to.clone()), ("to", to)]),
            expected,
            "{name}"
        );
    }
}

#[test]
fn what_is_no_id_is_rejected_by_row() {
    let to: ArrayRef = Arc::new(Int64Array::from(vec![1, 1, 1]));
    let list =
        ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), None, Some(vec![])]);
    let cases: Vec<(ArrayRef, [bool; 3])> = vec![
        (Arc::new(Float64Array::from(vec![Some(f64::NAN), None, Some(1e18)])), [false, true, false]),
        (Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])), [false, true, false]),
        (Arc::new(Date32Array::from(vec![Some(1), None, Some(2)])), [false, true, false]),
        (Arc::new(BinaryArray::from_opt_vec(vec![Some(b"\xff"), None, Some(b"\xfe")])), [false, true, false]),
    ];
    for (array, good) in cases {
        let name = array.data_type().to_string();
        let found = lines(ACTS, vec![("from", array), ("to", to.clone())]);
        for (row, (line, good)) in found.iter().zip(good).enumerate() {
            let reject = format!("reject row {row}: column `from`: ");
            assert!(
                if good { line == "x like target=1" } else { line.starts_with(&reject) },
                "{name}: {line}"
            );
        }
    }
    let error =
        lines_at(&ACTS.replace(", optional = true", ""), "", vec![("from", Arc::new(list)), ("to", to)], 3);
    assert!(matches!(error, Err(OpenError::Configuration(text)) if text.contains("`from.list.")));
}

#[test]
fn times_of_every_type_meet() {
    let micros = 1_341_100_972_250_000_i64;
    let noon = "x like at=2012-07-01T00:02:52.25Z target=1";
    let second = "x like at=2012-07-01T00:02:52Z target=1";
    let cases: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(TimestampMicrosecondArray::from(vec![micros]).with_timezone("UTC")), noon),
        (Arc::new(TimestampMicrosecondArray::from(vec![micros]).with_timezone("+02:00")), noon),
        (Arc::new(TimestampMillisecondArray::from(vec![micros / 1_000])), noon),
        (Arc::new(TimestampNanosecondArray::from(vec![micros * 1_000 + 7])), noon),
        (Arc::new(TimestampSecondArray::from(vec![micros / 1_000_000])), second),
        (Arc::new(Date32Array::from(vec![15_522])), "x like at=2012-07-01T00:00:00Z target=1"),
        (Arc::new(Int64Array::from(vec![micros / 1_000])), noon),
        (Arc::new(Int32Array::from(vec![1_341_100_972])), second),
        (Arc::new(Float64Array::from(vec![1_341_100_972.25])), noon),
        (Arc::new(StringArray::from(vec!["2012-07-01T00:02:52.250Z"])), noon),
        (Arc::new(Int64Array::from(vec![None])), "x like target=1"),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![-1])),
            "reject row 0: column `time`: a time outside the years 1970 to 2148",
        ),
        (
            Arc::new(BooleanArray::from(vec![true])),
            "reject row 0: column `time`: not a time: expected Unix seconds, milliseconds, microseconds, RFC 3339 or a `format` in the map",
        ),
    ];
    for (array, expected) in cases {
        let name = array.data_type().to_string();
        let to = Arc::new(Int64Array::from(vec![1]));
        let map = format!("{ACTS}at = 'time'");
        assert_eq!(lines(&map, vec![("time", array), ("to", to)]), [expected], "{name}");
    }
}

#[test]
fn amounts_of_every_type_are_counts() {
    let map = format!("{ACTS}amount = 'n'");
    let cases: Vec<(ArrayRef, [&str; 2])> = vec![
        (Arc::new(Int64Array::from(vec![5, -5])), ["5", "negative"]),
        (Arc::new(UInt64Array::from(vec![5, u64::MAX])), ["5", "above"]),
        (Arc::new(Float64Array::from(vec![5.0, f64::NAN])), ["5", "not a number"]),
        (Arc::new(Float64Array::from(vec![0.0, 1e30])), ["0", "above"]),
        (Arc::new(StringArray::from(vec!["5.0", "5.5"])), ["5", "fraction"]),
    ];
    for (array, [amount, problem]) in cases {
        let to = Arc::new(Int64Array::from(vec![1, 1]));
        let found = lines(&map, vec![("n", array), ("to", to)]);
        assert_eq!(found[0], format!("x like target=1 amount={amount}"));
        assert!(
            found[1].starts_with("reject row 1: column `n`: ") && found[1].contains(problem),
            "{}",
            found[1]
        );
    }
}

const WORDS: &str =
    "missing = ['?']\n[columns]\nnetwork = 'net'\nkind = 'kind'\ntarget = 'to'\n[kinds]\nRT = 'repost'";

#[test]
fn words_are_read_alike_from_text_dictionaries_and_folders() {
    let net = [Some("X"), Some("x"), Some("y"), None, Some(""), Some("y"), Some("A b")];
    let kind = [Some("RT"), Some("like"), Some("rt"), Some("like"), Some("like"), Some("?"), Some("like")];
    let expected = [
        "x repost target=1",
        "x like target=2",
        "y repost target=3",
        "reject row 3: column `net`: empty, where a network is expected",
        "reject row 4: column `net`: empty, where a network is expected",
        "reject row 5: column `kind`: empty, where a kind is expected",
        "reject row 6: column `net`: not the name of a network (letters, digits, `_` and `-`)",
    ];
    let to = || Arc::new(Int64Array::from((1..=7).collect::<Vec<_>>())) as ArrayRef;
    let dictionary = |words: &[Option<&str>]| -> ArrayRef {
        Arc::new(words.iter().copied().collect::<DictionaryArray<Int8Type>>())
    };
    let text = |words: &[Option<&str>]| -> ArrayRef { Arc::new(StringArray::from(words.to_vec())) };
    let binary = |words: &[Option<&str>]| -> ArrayRef {
        Arc::new(BinaryArray::from_opt_vec(words.iter().map(|word| word.map(str::as_bytes)).collect()))
    };
    for make in [&dictionary as &dyn Fn(&[Option<&str>]) -> ArrayRef, &text, &binary] {
        for group in [1, 2, 100] {
            let columns = vec![("net", make(&net)), ("to", to()), ("kind", make(&kind))];
            assert_eq!(lines_at(WORDS, "a.parquet", columns, group).unwrap(), expected);
        }
    }
    let one = Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let columns = vec![("to", one.clone()), ("kind", text(&[Some("RT")]))];
    assert_eq!(lines_at(WORDS, "d/net=x/part-0.parquet", columns, 1).unwrap(), ["x repost target=1"]);
    let columns = vec![("to", one)];
    assert_eq!(lines_at(WORDS, "net=x/kind=RT/0.parquet", columns, 1).unwrap(), ["x repost target=1"]);
}

#[test]
fn kinds_may_be_numbers_and_columns_may_lie_in_structs() {
    let map = "network = 'x'\n[columns]\nkind = 'kind'\nactor = 'user.id'\ntarget = 'to'\n[kinds]\n1 = 'like'\n2 = 'reply'";
    let id = Arc::new(Int64Array::from(vec![5, 6, 7])) as ArrayRef;
    let user = StructArray::new(
        vec![Field::new("id", id.data_type().clone(), false)].into(),
        vec![id.clone()],
        Some(vec![true, false, true].into()),
    );
    let kind = Arc::new(Int8Array::from(vec![1, 2, 3]));
    assert_eq!(
        lines(map, vec![("user", Arc::new(user)), ("kind", kind), ("to", id)]),
        [
            "x like actor=5 target=5",
            "x reply target=6",
            "reject row 2: column `kind`: not a name (letters, digits, `_` and `-`): say under [kinds] what it stands for"
        ]
    );
}

#[test]
fn a_table_of_constants_alone_has_as_many_records_as_rows() {
    let map = "network = 'x'\n[columns]\nkind = { value = 'like' }\ntarget = { value = 12 }";
    let one = Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef;
    assert_eq!(lines(map, vec![("unread", one)]), ["x like target=12"; 2]);
}

#[test]
fn large_row_groups_are_read_in_parts_without_loss() {
    let rows = 2_300_000_i64;
    let to = Arc::new(Int64Array::from((0..rows).collect::<Vec<_>>())) as ArrayRef;
    let words: Vec<String> = (0..rows).map(|row| format!("u{}", row % 1_000)).collect();
    let from = Arc::new(StringArray::from(words)) as ArrayRef;
    let found = lines_at(ACTS, "a.parquet", vec![("from", from), ("to", to)], usize::MAX >> 1).unwrap();
    assert_eq!(found.len(), rows as usize);
    for row in [0, 999_999, 1_000_000, 1_149_999, 1_150_000, 1_150_001, 2_299_999] {
        assert_eq!(found[row], format!("x like actor=u{} target={row}", row % 1_000));
    }
}

#[test]
fn broken_files_are_errors_or_rejects_and_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("a.parquet");
    let rows = 3_000_i64;
    let batch = RecordBatch::try_from_iter(vec![
        ("to", Arc::new(Int64Array::from((0..rows).collect::<Vec<_>>())) as ArrayRef),
        ("from", Arc::new(StringArray::from((0..rows).map(|row| format!("ann{row}")).collect::<Vec<_>>()))),
        (
            "kind",
            Arc::new(
                (0..rows).map(|row| ["a", "b"][row as usize % 2]).collect::<DictionaryArray<Int8Type>>(),
            ),
        ),
    ])
    .unwrap();
    write_parquet(&disk, &batch, 1_000);
    let adapter = adapter("network = 'x'\n[columns]\nkind = 'kind'\nactor = 'from'\ntarget = 'to'");
    let bytes = std::fs::read(&disk).unwrap();
    assert_eq!(read(&adapter, &disk, "a.parquet").unwrap().len(), 3_000);
    for cut in (0..bytes.len()).step_by(bytes.len() / 30) {
        std::fs::write(&disk, &bytes[..cut]).unwrap();
        assert!(matches!(read(&adapter, &disk, "a.parquet"), Err(OpenError::Data(_))), "{cut}");
    }
    let (mut errors, mut rejects) = (0, 0);
    for at in (0..bytes.len()).step_by(bytes.len() / 400).chain(bytes.len() - 900..bytes.len()) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&disk, &damaged).unwrap();
        match read(&adapter, &disk, "a.parquet") {
            Ok(lines) => rejects += usize::from(lines.iter().any(|line| line.starts_with("reject"))),
            Err(_) => errors += 1,
        }
    }
    assert!(errors > 0 && rejects > 0, "{errors} {rejects}");
}

#[test]
fn a_file_that_is_not_on_disk_or_not_parquet_is_an_error() {
    let adapter = adapter(ACTS);
    let vocabulary = renown_sdk::Vocabulary::new(Arc::new(renown_sdk::Words::new()), []);
    let file = File {
        path: "a.parquet",
        head: b"PAR1",
        disk: None,
        siblings: &(),
        options: &renown_sdk::NO_OPTIONS,
    };
    assert!(matches!(adapter.open(&file, "parquet", &vocabulary), Err(OpenError::Data(_))));
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("a.parquet");
    std::fs::write(&disk, "from,to\n").unwrap();
    let file = File { disk: Some(&disk), ..file };
    assert!(matches!(adapter.open(&file, "parquet", &vocabulary), Err(OpenError::Data(_))));
    assert!(!adapter.has_all_columns(&file));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn plain_tables_have_the_same_records_by_their_own_way(
        rows in prop::collection::vec(
            (
                prop::option::weighted(0.9, prop_oneof![9 => 0_i64..2_000_000_000_000_000, 1 => any::<i64>()]),
                prop::sample::select(vec![Some("x"), Some("y"), Some("Z"), Some("a b"), None]),
                prop::sample::select(vec![Some("like"), Some("RT"), Some("rt"), Some("post"), Some("?"), None]),
                prop::array::uniform4(prop::option::of(any::<i64>())),
            ),
            1..60,
        ),
        group in 1_usize..70,
    ) {
        let ids = |at: usize| Arc::new(rows.iter().map(|row| row.3[at]).collect::<Int64Array>()) as ArrayRef;
        let columns = || vec![
            ("time", Arc::new(rows.iter().map(|row| row.0).collect::<TimestampMicrosecondArray>()) as ArrayRef),
            ("net", Arc::new(rows.iter().map(|row| row.1).collect::<DictionaryArray<Int8Type>>())),
            ("kind", Arc::new(rows.iter().map(|row| row.2).collect::<DictionaryArray<Int8Type>>())),
            ("actor", ids(0)),
            ("target", ids(1)),
            ("post", ids(2)),
            ("id", ids(3)),
        ];
        for more in ["", "actor = 'actor'\nid = 'id'\nat = 'time'", "object = 'post'\nactor = 'actor'\nat = 'time'"] {
            let map = |amount| format!(
                "[columns]\nnetwork = 'net'\nkind = 'kind'\ntarget = 'target'\n{more}\n{amount}\n[kinds]\nRT = 'repost'"
            );
            let plain = lines_at(&map(""), "a.parquet", columns(), group).unwrap();
            // A map with an amount has no plain table.
            let general = lines_at(&map("amount = { value = 1 }"), "a.parquet", columns(), group).unwrap();
            prop_assert_eq!(plain, general);
        }
    }
}

/// A row of a table that every format can hold.
type Values = (Option<i64>, Option<String>, String, Option<u32>, Option<i64>);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_row_is_the_same_record_in_every_format(
        rows in prop::collection::vec(
            (
                prop::option::of(-5_i64..5_000_000_000),
                prop::option::of("[a-z0-9å]{0,4}"),
                "[a-zA-Z]{1,3}",
                prop::option::of(0_u32..50),
                prop::option::of(any::<i64>()),
            ),
            1..40,
        )
    ) {
        let map = "network = 'x'\n[columns]\nat = 'time'\nactor = 'from'\nkind = 'kind'\namount = 'n'\ntarget = 'to'";
        let adapter = adapter(map);
        let folder = tempfile::tempdir().unwrap();
        let read_as = |name: &str, bytes: Option<String>| {
            let disk = folder.path().join(name);
            if let Some(bytes) = bytes {
                std::fs::write(&disk, bytes).unwrap();
            }
            let lines = read(&adapter, &disk, name).unwrap();
            // Rows have a number in Parquet alone.
            lines.into_iter().map(|line| match line.split_once(": ") {
                Some((head, reason)) if head.starts_with("reject row") => format!("reject {reason}"),
                _ => line,
            }).collect::<Vec<_>>()
        };
        let csv = read_as("a.csv", Some(as_text(&rows, ',')));
        prop_assert_eq!(&csv, &read_as("a.tsv", Some(as_text(&rows, '\t'))));
        prop_assert_eq!(&csv, &read_as("a.ndjson", Some(as_json(&rows))));
        write_parquet(&folder.path().join("a.parquet"), &as_columns(&rows), 7);
        prop_assert_eq!(&csv, &read_as("a.parquet", None));
    }
}

fn as_text(rows: &[Values], delimiter: char) -> String {
    fn cell(value: Option<&impl ToString>) -> String {
        value.map(ToString::to_string).unwrap_or_default()
    }
    let lines = rows.iter().map(|(at, from, kind, n, to)| {
        [cell(at.as_ref()), cell(from.as_ref()), kind.clone(), cell(n.as_ref()), cell(to.as_ref())]
            .join(&delimiter.to_string())
    });
    let header = ["time", "from", "kind", "n", "to"].join(&delimiter.to_string());
    std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\n")
}

fn as_json(rows: &[Values]) -> String {
    fn cell(value: Option<&impl ToString>) -> String {
        value.map_or("null".to_owned(), ToString::to_string)
    }
    let lines = rows.iter().map(|(at, from, kind, n, to)| {
        let from = from.as_ref().map(|from| format!("\"{from}\""));
        let (at, from, n, to) = (cell(at.as_ref()), cell(from.as_ref()), cell(n.as_ref()), cell(to.as_ref()));
        format!("{{\"time\": {at}, \"from\": {from}, \"kind\": \"{kind}\", \"n\": {n}, \"to\": {to}}}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn as_columns(rows: &[Values]) -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("to", Arc::new(rows.iter().map(|row| row.4).collect::<Int64Array>())),
        ("time", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
        ("from", Arc::new(rows.iter().map(|row| row.1.as_deref()).collect::<StringArray>())),
        (
            "kind",
            Arc::new(rows.iter().map(|row| Some(row.2.as_str())).collect::<DictionaryArray<Int32Type>>()),
        ),
        ("n", Arc::new(rows.iter().map(|row| row.3).collect::<UInt32Array>())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}
