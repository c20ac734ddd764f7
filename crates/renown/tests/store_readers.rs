//! DuckDB and Polars read a store's rows as they are.
//!
//! Python and its packages come from `target/python`, which `sh scripts/setup-tests` fills.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod store;
}

use std::process::Command;

use common::folder::Folder;
use common::place::at;
use common::store::ingest;

/// Rows by network and kind, of days and of none, and a look at types, by each of the two.
const SCRIPT: &str = r#"
import sys, duckdb, polars
root = sys.argv[1]
rows = f"{root}/interactions/**/*.parquet"
sql = f"""
    select network, kind, count(*), count(day), sum(amount)::bigint, count(distinct actor)
    from read_parquet('{rows}', hive_partitioning = true) group by all order by all
"""
duck = duckdb.sql(sql).fetchall()
frame = polars.scan_parquet(rows, hive_partitioning=True)
polar = (
    frame.group_by("network", "kind")
    .agg(polars.len(), polars.col("day").count().alias("days"), polars.col("amount").sum(),
         polars.col("actor").drop_nulls().n_unique().alias("actors"))
    .sort("network", "kind").collect().rows()
)
assert duck == polar, (duck, polar)
for row in duck:
    print(*row)
types = duckdb.sql(f"""select typeof(day), typeof("at"), typeof(actor), typeof(amount) from read_parquet('{rows}') limit 1""")
print(*types.fetchall()[0])
print(*[frame.collect_schema()[name] for name in ["day", "at", "actor", "amount"]])
wrong = f"""select count(*) from read_parquet('{rows}') where day is distinct from ("at" at time zone 'UTC')::date """
print(duckdb.sql(wrong).fetchall()[0][0], "rows of another day")
for table in ["posts", "observations", "handles", "undos", "memberships"]:
    files = f"{root}/{table}/**/*.parquet"
    try:
        one = duckdb.sql(f"select count(*) from read_parquet('{files}', hive_partitioning = true)").fetchall()[0][0]
    except duckdb.IOException:
        print(table, "none")
        continue
    assert one == polars.scan_parquet(files, hive_partitioning=True).select(polars.len()).collect().item()
    print(table, one)
"#;

#[test]
fn duckdb_and_polars_read_the_town() {
    let folder = Folder::new();
    let store = folder.path("store");
    ingest(&store, &["examples/town"], &[]);
    let python = at("target/python/bin/python3");
    let script = folder.file("read.py", SCRIPT);
    let ran = Command::new(&python).args([&script, &store]).output();
    let ran = ran.unwrap_or_else(|error| panic!("{python}: {error}: run `sh scripts/setup-tests`"));
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{stderr}\n(packages come with `sh scripts/setup-tests`)");
    insta::assert_snapshot!("store_readers", stdout);
}
