"""Makes inputs, runs Renown and its peers on them in turn, and writes what it took: called by `benches/run`."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import time

import duckdb
import igraph
import networkx
import polars

BENCHES = pathlib.Path(__file__).resolve().parent
ROOT = BENCHES.parent
FOLDER = ROOT / "target" / "benches"
RENOWN = ROOT / "target" / "release" / "renown"
PYTHON = [sys.executable]


def measure(command):
    """Runs a command to its end: seconds, seconds on processors, and the most memory it had, in bytes."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], cwd=FOLDER, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command}: ended with {os.waitstatus_to_exitcode(status)}:\n{errors}")
    return {"seconds": time.monotonic() - start, "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * 1024}


def interactions(rows):
    """The table of interactions, made once."""
    path = FOLDER / f"interactions-{rows}.parquet"
    if not path.exists():
        partial = path.with_suffix(".partial")
        subprocess.run([*PYTHON, BENCHES / "interactions.py", str(rows), partial], check=True)
        partial.rename(path)
    return path


def as_csv(path):
    """The same table as CSV, made once."""
    csv = path.with_suffix(".csv")
    if not csv.exists():
        polars.scan_parquet(path).sink_csv(csv.with_suffix(".partial"), datetime_format="%Y-%m-%dT%H:%M:%SZ")
        csv.with_suffix(".partial").rename(csv)
    return csv


def pages(megabytes):
    """Pages of API v2, made once."""
    path = FOLDER / f"pages-{megabytes}"
    if not path.exists():
        partial = FOLDER / "pages.partial"
        example = [ROOT / "target" / "release" / "renown-example", "--people", "100000", "--bytes", f"{megabytes}MB"]
        subprocess.run([*example, "--only", "twitter", "--force", "--out", partial], check=True)
        partial.rename(path)
    return path


def tasks(arguments):
    """Each task: its name, how much input it has, and who does it how."""
    out, limited = FOLDER / "out.parquet", FOLDER / "limited.parquet"
    for rows in arguments.rows:
        path = interactions(rows)
        score = [RENOWN, "score", path, "--map", ROOT / "config" / "maps" / "interactions.toml", "--everyone", "-q"]
        limit = ["--memory", arguments.memory, "--scratch", FOLDER]
        own = {
            "renown": [*score, "--format", "parquet", "--out", out],
            f"renown within {arguments.memory}": [*score, *limit, "--format", "parquet", "--out", limited],
        }
        peers = {
            f"polars {polars.__version__}": [*PYTHON, BENCHES / "peer_polars.py", path, FOLDER / "peer.parquet"],
            f"duckdb {duckdb.__version__}": [*PYTHON, BENCHES / "peer_duckdb.py", path, FOLDER / "peer.parquet"],
        }
        yield f"{rows // 1_000_000} million interactions, scored", rows, own if arguments.alone else own | peers
        if out.read_bytes() != limited.read_bytes():
            sys.exit(f"{rows} interactions: other scores within a limit of memory than without")
    for rows in arguments.csv:
        path = as_csv(interactions(rows))
        score = [RENOWN, "score", path, "--map", ROOT / "config" / "maps" / "interactions.toml", "--everyone", "-q"]
        yield f"{rows // 1_000_000} million interactions in CSV, scored", rows, {
            "renown": [*score, "--format", "parquet", "--out", out],
            f"polars {polars.__version__}": [*PYTHON, BENCHES / "peer_polars.py", path, FOLDER / "peer.parquet"],
        }
    for rows in arguments.ranked:
        path = interactions(rows)
        rank = [RENOWN, "score", path, "--map", ROOT / "config" / "maps" / "interactions.toml", "--everyone", "-q"]
        peers = {f"igraph {igraph.__version__}": "peer_igraph.py"}
        if rows <= 5_000_000:
            peers[f"networkx {networkx.__version__}"] = "peer_networkx.py"
        yield f"PageRank of {rows // 1_000_000} million interactions, those of one network", rows, {
            "renown": [*rank, "--weights", "preset:tweepcred", "--format", "parquet", "--out", out],
        } | {name: [*PYTHON, BENCHES / peer, path, FOLDER / "peer.parquet"] for name, peer in peers.items()}
    for megabytes in arguments.megabytes:
        path = pages(megabytes)
        size = sum(file.stat().st_size for file in path.rglob("*.jsonl"))
        score = [RENOWN, "score", path, "--everyone", "-q", "--format", "parquet", "--out", out]
        yield f"{size / 1e6:.0f} MB of API v2 pages, scored (DuckDB: taken apart)", size, {
            "renown": score,
            f"duckdb {duckdb.__version__}": [*PYTHON, BENCHES / "peer_duckdb_json.py", path, FOLDER / "peer.parquet"],
        }


def machine():
    """What it was measured on."""
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {"processor": cpu, "cores": len(os.sched_getaffinity(0)), "memory": memory,
            "system": platform.platform(terse=True), "commit": commit.stdout.strip()}


def table(run):
    """The run as Markdown."""
    facts = run["machine"]
    lines = [f"# {run['date']}", "",
             f"{facts['cores']} cores ({facts['processor']}), {facts['memory'] / 1e9:.0f} GB, {facts['system']}; commit "
             f"{facts['commit']}. Best of {run['rounds']} rounds, in turn; memory is the most of all rounds.", ""]
    for task in run["tasks"]:
        lines += [f"## {task['task']}", "", "| | time | on processors | memory | times Renown's time |", "|---|---|---|---|---|"]
        own = best(task["runs"]["renown"])["seconds"]
        for name, rounds in task["runs"].items():
            least = best(rounds)
            memory = max(round["memory"] for round in rounds)
            lines.append(f"| {name} | {least['seconds']:.1f} s | {least['cpu']:.1f} s | {memory / 1e9:.2f} GB "
                         f"| {least['seconds'] / own:.2f} |")
        lines.append("")
    return "\n".join(lines)


def best(rounds):
    return min(rounds, key=lambda round: round["seconds"])


def plot(run):
    """The run as bars, SVG."""
    rows, y = [], 30
    for task in run["tasks"]:
        rows.append(f'<text x="10" y="{y}" font-weight="bold">{task["task"]}</text>')
        longest = max(best(rounds)["seconds"] for rounds in task["runs"].values())
        for name, rounds in task["runs"].items():
            y += 24
            seconds = best(rounds)["seconds"]
            fill = "#b3541e" if name.startswith("renown") else "#8a8f98"
            rows.append(f'<text x="10" y="{y}">{name}</text><rect x="150" y="{y - 12}" height="16" '
                        f'width="{400 * seconds / longest:.1f}" fill="{fill}"/>'
                        f'<text x="{160 + 400 * seconds / longest:.1f}" y="{y}">{seconds:.1f} s</text>')
        y += 40
    body = "\n".join(rows)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="660" height="{y}" font-family="sans-serif" font-size="13">\n'
            f'<rect width="660" height="{y}" fill="white"/>\n{body}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(prog="benches/run", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000_000, 50_000_000], help="interactions")
    parser.add_argument("--csv", type=int, nargs="*", default=[10_000_000], help="interactions as CSV")
    parser.add_argument("--ranked", type=int, nargs="*", default=[2_000_000, 20_000_000], help="interactions, ranked by PageRank")
    parser.add_argument("--megabytes", type=int, nargs="*", default=[1000], help="of pages")
    parser.add_argument("--memory", default="2GiB", help="the limit for the run of Renown that has one")
    parser.add_argument("--alone", action="store_true", help="without peers, which may not have the memory")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    run = {"date": datetime.date.today().isoformat(), "machine": machine(), "rounds": arguments.rounds, "tasks": []}
    for task, amount, commands in tasks(arguments):
        runs = {name: [] for name in commands}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
                print(f"{task}: {name}: {runs[name][-1]['seconds']:.1f} s", file=sys.stderr)
        run["tasks"].append({"task": task, "amount": amount, "runs": runs})
    base = BENCHES / "runs" / run["date"]
    base.with_suffix(".json").write_text(json.dumps(run, indent=1) + "\n")
    base.with_suffix(".md").write_text(table(run))
    base.with_suffix(".svg").write_text(plot(run))
    print(table(run))


main()
