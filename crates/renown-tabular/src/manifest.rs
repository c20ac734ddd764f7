//! What the adapter says of itself.

use renown_sdk::{Case, FileKind, Manifest};

/// File kinds.
pub(crate) const CSV: &str = "csv";
pub(crate) const JSON: &str = "json";
pub(crate) const PARQUET: &str = "parquet";

/// The map by which the manifest's cases are read.
pub const EXAMPLE_MAP: &str = r#"network = "twitter"
missing = ["NULL"]

[columns]
at = "time"
actor = "actor"
target = "target"
object = { column = "post", optional = true }
id = { column = "id", optional = true }
amount = { column = "amount", optional = true }
community = { column = "group", optional = true }
kind = "kind"

[kinds]
RT = "repost"
MT = "mention"
RE = "reply"
"#;

pub(crate) static MANIFEST: Manifest = Manifest {
    name: "tabular",
    docs: "Any CSV, TSV, NDJSON, JSON or Parquet table, by a map that says which column is which field of a record.",
    networks: &[],
    files: &[
        FileKind {
            name: CSV,
            patterns: &["*.csv", "*.tsv", "*.tab"],
            docs: "A table as text: a line of column names, then a line for each row. Commas, semicolons, tabs or bars.",
            yields: "By the map: an act or a total for each row; a post with its totals; the numbers beside an account",
            passed_over: "Columns that the map does not name; rows in which every mapped value is empty",
        },
        FileKind {
            name: JSON,
            patterns: &["*.ndjson", "*.jsonl", "*.json"],
            docs: "A table as JSON objects: one a line, or in one array. Keys are columns; `user.id` looks inside `user`.",
            yields: "By the map, as for `csv`",
            passed_over: "Keys that the map does not name; rows in which every mapped value is empty",
        },
        FileKind {
            name: PARQUET,
            patterns: &["*.parquet"],
            docs: "A table in columns, as data frames are stored; folders such as `net=twitter/` give a column too.",
            yields: "By the map, as for `csv`",
            passed_over: "Columns that the map does not name; rows in which every mapped value is empty",
        },
    ],
    example: Case {
        name: "who repeats, mentions and answers whom",
        path: "activity.csv",
        input: "\
actor,target,time,kind
101,202,1341100972,RT
101,202,1341101000,mt
303,101,2012-07-01T00:10:00Z,RE
NULL,303,1341101400,Like
",
        siblings: &[],
        kind: CSV,
        records: "
            interaction twitter repost at=2012-07-01T00:02:52Z actor=101 target=202
            interaction twitter mention at=2012-07-01T00:03:20Z actor=101 target=202
            interaction twitter reply at=2012-07-01T00:10:00Z actor=303 target=101
            interaction twitter like at=2012-07-01T00:10:00Z target=303
        ",
    },
    cases: &[
        Case {
            name: "posts, totals, and what is wrong with a row",
            path: "log.csv",
            input: "\
id;kind;time;actor;target;post;amount;text
1;post;1341100972000;ann;;;;\"first; and
last\"
2;RT;1341100973000;bob;;1;;
;like;1341100974000;;ann;1;12;
;like;1341100974000;;;;12;nobody
;like;tomorrow;bob;ann;;;
;like;1341100974000;bob;ann;;-3;
;like;1341100974000;bob;ann;;1.5;
;see you there;;bob;ann;;;
;like;;bob;ann;;0;
;;;bob;ann;;;
;like;;bob
",
            siblings: &[],
            kind: CSV,
            records: "
                post twitter 1 author=ann at=2012-07-01T00:02:52Z
                interaction twitter repost at=2012-07-01T00:02:53Z actor=bob object=1 id=2
                interaction twitter like at=2012-07-01T00:02:54Z target=ann object=1 amount=12
                reject column `target`: empty, where the account or post that receives the act is expected
                reject column `time`: not a time: expected Unix seconds, milliseconds, microseconds, RFC 3339 or a `format` in the map
                reject column `amount`: a negative number: expected a whole number from 0 to 10^18
                reject column `amount`: a number with a fraction: expected a whole number from 0 to 10^18
                reject column `kind`: not a name (letters, digits, `_` and `-`): say under [kinds] what it stands for
                interaction twitter like actor=bob target=ann amount=0
                reject column `kind`: empty, where a kind is expected
                reject 4 fields, where the first line has 8
            ",
        },
        Case {
            name: "acts and posts in communities",
            path: "log.csv",
            input: "\
id;kind;time;actor;target;post;amount;group
1;post;1341100972000;ann;;;;bread
;RE;1341100973000;bob;ann;1;;bread
;like;1341100974000;;ann;1;12;swimmers
;like;1341100974000;bob;;1;;
;like;1341100975000;bob;;;;bread
;;;bob;ann;;;bread
",
            siblings: &[],
            kind: CSV,
            records: "
                membership twitter account=ann community=bread at=2012-07-01T00:02:52Z
                post twitter 1 author=ann at=2012-07-01T00:02:52Z
                membership twitter account=bob community=bread at=2012-07-01T00:02:53Z
                membership twitter account=ann community=bread at=2012-07-01T00:02:53Z
                interaction twitter reply at=2012-07-01T00:02:53Z actor=bob target=ann object=1
                membership twitter account=ann community=swimmers at=2012-07-01T00:02:54Z
                interaction twitter like at=2012-07-01T00:02:54Z target=ann object=1 amount=12
                interaction twitter like at=2012-07-01T00:02:54Z actor=bob object=1
                reject column `target`: empty, where the account or post that receives the act is expected
                reject column `kind`: empty, where a kind is expected
            ",
        },
        Case {
            name: "tabs, and quotation marks that are text",
            path: "activity.tsv",
            input: "\
time\tactor\ttarget\tkind\ttext
1341100972\t\"7\"\t-8\tRT\t\"he said
1341100973\t18446744073709551615\t340282366920938463463374607431768211456\tMT\t5\" pipe
",
            siblings: &[],
            kind: CSV,
            records: "
                interaction twitter repost at=2012-07-01T00:02:52Z actor=7 target=-8
                interaction twitter mention at=2012-07-01T00:02:53Z actor=18446744073709551615 target=340282366920938463463374607431768211456
            ",
        },
        Case {
            name: "lines of JSON",
            path: "activity.ndjson",
            input: "\
{\"actor\": \"101\", \"target\": 202, \"time\": 1341100972, \"kind\": \"RT\", \"tags\": [{\"actor\": 1}]}
{\"actor\": 340282366920938463463374607431768211456, \"target\": \"\\u00e5sa\", \"time\": \"2012-07-01T00:10:00Z\", \"kind\": \"MT\", \"amount\": 1e1}
{\"actor\": null, \"target\": 202, \"time\": 1341100972.5, \"kind\": \"like\", \"amount\": \"3\"}
{\"actor\": [], \"target\": 202, \"time\": 1341100972, \"kind\": \"like\"}
{\"actor\": 1, \"target\": 2, \"time\": 1341100972, \"kind\": \"like\", \"amount\": 1e30}
[1, 2]
",
            siblings: &[],
            kind: JSON,
            records: "
                interaction twitter repost at=2012-07-01T00:02:52Z actor=101 target=202
                interaction twitter mention at=2012-07-01T00:10:00Z actor=340282366920938463463374607431768211456 target=åsa amount=10
                interaction twitter like at=2012-07-01T00:02:52.5Z target=202 amount=3
                reject column `actor`: neither text nor a whole number: expected an id
                reject column `amount`: a number above 10^18: expected a whole number from 0 to 10^18
                reject line 1, column 1 of the document: expected an object, whose keys are columns
                reject line 1, column 1 of the document: expected an object, whose keys are columns
            ",
        },
        Case {
            name: "an array of JSON objects",
            path: "activity.json",
            input: "[{\"kind\": \"RE\", \"time\": null, \"actor\": 1, \"target\": 2},\n {\"kind\": \"RE\", \"actor\": 1, \"target\": 2}]",
            siblings: &[],
            kind: JSON,
            records: "
                interaction twitter reply actor=1 target=2
                interaction twitter reply actor=1 target=2
            ",
        },
    ],
};
