"""The least of what `renown score` does with interactions, in DuckDB: peer_duckdb.py IN.parquet OUT.parquet

What actors do to themselves is left out; each act is divided by one more than what its actor did that day, halves in
thirty days and is summed by actor; the logarithms of these sums, distinct actors of ninety and of seven days and plain counts
become a network's points, and these a score from 0 to 100.
"""
import sys

import duckdb

IN, OUT = sys.argv[1], sys.argv[2]
db = duckdb.connect()
db.execute("set threads = 2; set memory_limit = '18GB'; set TimeZone = 'UTC'")
db.execute(f"""set variable last = (select max("at") from '{IN}')""")
db.execute(f"""
    copy (
        with acts as (
            select target, network, kind, actor, "at" as moment, "at"::date as day from '{IN}' where actor <> target
        ), busy as (
            select actor, day, count(*) as given from acts group by actor, day
        ), actors as (
            select target, network, kind, actor, count(*) as acts, max(moment) as newest,
                sum(pow(0.5, epoch(getvariable('last') - moment) / 2592000) / (1 + given)) as weight
            from acts join busy using (actor, day) group by target, network, kind, actor
        ), kinds as (
            select target, network, kind, count(*) as actors, sum(acts) as acts, sum(ln(1 + weight)) as weighted,
                count(*) filter (newest >= getvariable('last') - interval 7 days) as lately
            from actors group by target, network, kind
        ), networks as (
            select target, network,
                sum(0.5 * ln(1 + weighted) + 0.3 * ln(1 + actors) + 0.1 * ln(1 + acts) + 0.1 * ln(1 + lately)) as points
            from kinds group by target, network
        )
        select target, 100 * (1 - product(1 - 1 / (1 + exp((10 - points) / 5)))) as score
        from networks group by target order by score desc
    ) to '{OUT}' (format parquet)
""")
