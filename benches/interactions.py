"""Writes interactions as Parquet: interactions.py ROWS OUT.parquet

A million targets and five million actors, few of them with most of the rows; three networks, eight kinds, ninety days. The
same ROWS give the same table.
"""
import sys

import duckdb

ROWS, OUT = int(sys.argv[1]), sys.argv[2]
END = 1_780_000_000


def chance(nth):
    """A number from 0 to 1 by the row."""
    return f"((hash(row * 8 + {nth}) >> 11) / 9007199254740992.0)"


def choice(nth, names):
    """One of some names, each with its share of the rows."""
    cases, below = "", 0.0
    for name, share in names:
        below += share
        cases += f" when {chance(nth)} < {below} then '{name}'"
    return f"case{cases} else '{names[-1][0]}' end"


NETWORKS = [("twitter", 0.5), ("facebook", 0.3), ("youtube", 0.2)]
KINDS = [("like", 0.45), ("repost", 0.12), ("reply", 0.1), ("mention", 0.08), ("follow", 0.05), ("view", 0.1),
         ("comment", 0.06), ("share", 0.04)]

duckdb.execute("set memory_limit = '4GB'; set TimeZone = 'UTC'")
duckdb.execute(f"""
    copy (
        select to_timestamp({END} - 7776000 + (row * 7776000) // {ROWS}) as "at",
            {choice(0, NETWORKS)} as network, {choice(1, KINDS)} as kind,
            floor(5000000 * {chance(2)} ** 1.5)::bigint as actor, floor(1000000 * {chance(3)} ** 3)::bigint as target
        from range({ROWS}) rows(row)
    ) to '{OUT}' (format parquet, compression zstd, row_group_size 1000000)
""")
