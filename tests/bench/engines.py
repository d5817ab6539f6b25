"""What engines take to join a text log with an export, and what that makes of a trillion lines.

Needs what `.ci/engines` installs, `tagscope` on the path and, for PostgreSQL, the usual PG variables. Each engine of SQL
runs the query of its export over access.log, but counts instead of writing each line; csv (Polars) and mmdb (Python)
write each line, and most of what they take is Python's.

    python3 tests/bench/engines.py [--lines 1000000,10000000] [KIND ...]
"""

import argparse
import importlib.util
import pathlib
import random
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("checks", ROOT / ".ci/engines.py")
engines = importlib.util.module_from_spec(spec)
spec.loader.exec_module(engines)

# A line of an nginx log, and what a disk or an object store gives a node.
LINE_BYTES, NODE_BYTES = 100, 1_000_000_000
NODES = (1, 10, 100, 1000)


def write_log(path, texts, lines):
    whole, rest = divmod(lines, len(texts))
    line = ' - - [19/Oct/2026:05:04:03 +0000] "GET /index.html HTTP/1.1" 200 5120 "-" "curl/8.5.0"\n'
    part = "".join(text + line for text in texts)
    with open(path, "w") as file:
        for _ in range(whole):
            file.write(part)
        file.writelines(text + line for text in texts[:rest])


def seconds(commands, folder):
    start = time.monotonic()
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def steps(block):
    """The lines of a block that export and load, and those that ask."""
    lines = block.splitlines()
    first = next(place for place, line in enumerate(lines) if "query." in line or "python3 -" in line
                 or "spark-submit" in line)
    return "\n".join(lines[:first]), "\n".join(lines[first:])


def count_only(query):
    """Turns the query of an export into one that counts the lines in tags."""
    text = query.read_text()
    text = re.sub(r"address, coalesce\(tag, '-'\) AS tag, coalesce\(tags, '-'\) AS tags", "count(*), count(tag)", text)
    text = re.sub(r"SELECT address,\s+(dictGet.*) AS tag,\s+dictGet.*AS tags", r"SELECT count(), countIf(\1 != '')", text)
    assert "count(" in text, query
    query.write_text(re.sub(r"\s+ORDER BY number\b", "", text))


def changed_lines(kind, folder):
    """What of an export differs from that of the week before, in files and in lines of its tables."""
    sides = []
    for week in engines.WEEKS:
        out = pathlib.Path(folder, f"{kind}-{week}")
        engines.tagscope("--week", week, "export", kind, "--output", str(out))
        tables = [path for path in out.iterdir() if path.suffix in (".csv", ".mmdb")]
        lines = set()
        for path in tables if kind != "mmdb" else []:
            # The numbers of lists are those of their week.
            lines |= {re.sub(rb",\d+$", b"", line) for line in path.read_bytes().splitlines()}
        sides.append((sum(path.stat().st_size for path in tables), lines))
    (size, new), (_, old) = sides
    return size, len(new - old), len(new)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", default="1000000,10000000")
    parser.add_argument("kinds", nargs="*")
    args = parser.parse_args()
    counts = [int(count) for count in args.lines.split(",")]
    chance = random.Random(1)
    texts = engines.addresses(engines.prefixes(), 200_000, chance)
    kinds = args.kinds or ["duckdb", "clickhouse", "csv", "sqlite", "mmdb", "postgres", "spark"]
    print(f"| engine | load | {' | '.join(f'{count:,} lines' for count in counts)} | a million more |"
          f" {' | '.join(f'1 T on {nodes}' for nodes in NODES)} | tables | new lines a week |")
    print("|---" * (len(counts) + len(NODES) + 5) + "|")
    with tempfile.TemporaryDirectory(prefix="bench-engines-") as folder:
        for kind in kinds:
            if need := engines.lacks(kind):
                print(f"| {kind} | not measured: no {need} |", flush=True)
                continue
            load, ask = steps(engines.blocks()[kind])
            loaded = seconds(load, folder)
            query = pathlib.Path(folder, f"tagscope-{kind}", "query.sql")
            if query.exists():
                count_only(query)
            if kind == "spark":
                ask = "spark-sql --silent -f tagscope-spark/query.sql"
            took = []
            for count in counts:
                write_log(f"{folder}/access.log", texts, count)
                took.append(seconds(ask, folder))
            # What it takes to start and to read the tables is in both.
            million = max(took[-1] - took[0], 0.001) / (counts[-1] - counts[0]) * 1e6 if len(counts) > 1 else took[0]
            reading = 1e12 * LINE_BYTES / NODE_BYTES
            cluster = [max(1e6 * million, reading) / nodes / 3600 for nodes in NODES]
            size, new, lines = changed_lines(kind, folder)
            cells = [kind, f"{loaded:.1f} s", *(f"{it:.1f} s" for it in took), f"{million:.2f} s",
                     *(f"{hours:,.1f} h" for hours in cluster), f"{size / 1e6:.1f} MB", f"{new:,} of {lines:,}" if lines else "the file"]
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
