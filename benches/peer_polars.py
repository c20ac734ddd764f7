"""The same work as peer_duckdb.py, in Polars: peer_polars.py IN.parquet|IN.csv OUT.parquet"""
import sys

import polars as pl
from polars import col

IN, OUT = sys.argv[1], sys.argv[2]
table = pl.scan_csv(IN, try_parse_dates=True) if IN.endswith(".csv") else pl.scan_parquet(IN)
last = table.select(col("at").max()).collect().item()
acts = table.filter(col("actor") != col("target")).with_columns(day=col("at").dt.date())
busy = acts.group_by("actor", "day").agg(given=pl.len())
age = (pl.lit(last) - col("at")).dt.total_seconds() / 2_592_000
actors = acts.join(busy, on=["actor", "day"]).group_by("target", "network", "kind", "actor").agg(
    acts=pl.len(), newest=col("at").max(), weight=(pl.lit(0.5).pow(age) / (1 + col("given"))).sum())
kinds = actors.group_by("target", "network", "kind").agg(
    actors=pl.len(), acts=col("acts").sum(), weighted=col("weight").log1p().sum(),
    lately=(col("newest") >= pl.lit(last) - pl.duration(days=7)).sum())
points = (0.5 * col("weighted").log1p() + 0.3 * col("actors").log1p() + 0.1 * col("acts").log1p()
          + 0.1 * col("lately").log1p())
networks = kinds.group_by("target", "network").agg(points=points.sum())
score = 100 * (1 - (1 - 1 / (1 + ((10 - col("points")) / 5).exp())).product())
scores = networks.group_by("target").agg(score=score).sort("score", descending=True)
scores.collect(engine="streaming").write_parquet(OUT)
