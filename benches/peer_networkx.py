"""PageRank of who acts on whom, by NetworkX: peer_networkx.py IN.parquet OUT.parquet"""
import sys

import networkx
import polars as pl

IN, OUT = sys.argv[1], sys.argv[2]
KINDS = ["follow", "repost", "quote", "reply", "mention", "like"]
acts = pl.scan_parquet(IN).filter((pl.col("network") == "twitter") & pl.col("kind").is_in(KINDS))
pairs = acts.filter(pl.col("actor") != pl.col("target")).select("actor", "target").unique().collect(engine="streaming")
graph = networkx.DiGraph(pairs.iter_rows())
ranks = networkx.pagerank(graph, alpha=0.9)
pl.DataFrame({"name": list(ranks), "rank": list(ranks.values())}).write_parquet(OUT)
