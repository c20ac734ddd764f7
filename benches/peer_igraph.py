"""PageRank of who acts on whom, by igraph: peer_igraph.py IN.parquet OUT.parquet"""
import sys

import igraph
import numpy
import polars as pl

IN, OUT = sys.argv[1], sys.argv[2]
KINDS = ["follow", "repost", "quote", "reply", "mention", "like"]
acts = pl.scan_parquet(IN).filter((pl.col("network") == "twitter") & pl.col("kind").is_in(KINDS))
pairs = acts.filter(pl.col("actor") != pl.col("target")).select("actor", "target").unique().collect(engine="streaming")
names = pl.concat([pairs["actor"], pairs["target"]]).unique().sort()
ends = [pairs[end].replace_strict(names, range(len(names))).to_numpy() for end in ("actor", "target")]
graph = igraph.Graph(n=len(names), edges=numpy.stack(ends, axis=1), directed=True)
pl.DataFrame({"name": names, "rank": graph.pagerank(damping=0.9)}).write_parquet(OUT)
