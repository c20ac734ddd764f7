"""What an adapter takes out of API v2 pages, in DuckDB: peer_duckdb_json.py FOLDER OUT.parquet

Of each post its id, author, time, references and totals, of each user the handle and totals, written as two tables.
"""
import sys

import duckdb

IN, OUT = sys.argv[1], sys.argv[2]
POST = ("struct(id varchar, author_id varchar, created_at varchar, in_reply_to_user_id varchar, "
        "referenced_tweets struct(\"type\" varchar, id varchar)[], public_metrics map(varchar, ubigint))")
USER = "struct(id varchar, username varchar, public_metrics map(varchar, ubigint))"
PAGE = f"{{data: '{POST}[]', includes: 'struct(tweets {POST}[], users {USER}[])'}}"

db = duckdb.connect()
db.execute("set threads = 2; set memory_limit = '18GB'; set preserve_insertion_order = false")
pages = f"read_json('{IN}/**/*.jsonl', format = 'newline_delimited', columns = {PAGE}, maximum_object_size = 67108864)"
db.execute(f"""
    copy (
        select unnest(post, recursive := true) from (
            select unnest(list_concat(data, includes.tweets)) as post from {pages}
        )
    ) to '{OUT}' (format parquet)
""")
db.execute(f"copy (select unnest(includes.users, recursive := true) from {pages}) to '{OUT}.users' (format parquet)")
