"""Asks engines for the tags of 100,000 addresses, as assets/guide/engines.md says it, and holds the answers
against those of `tagscope lookup -`. `.ci/engines` installs what it needs."""

import argparse
import csv
import glob
import ipaddress
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUIDE = ROOT / "assets/guide/engines.md"
WEEKS = ("embedded", "previous")


def tagscope(*words, text=None):
    """What it prints; 1 says that some address is in no tag."""
    done = subprocess.run(["tagscope", "-q", *words], text=True, stdout=subprocess.PIPE, input=text)
    if done.returncode > 1:
        raise SystemExit(f"tagscope {' '.join(words)} ended with {done.returncode}")
    return done.stdout


def prefixes(week="embedded"):
    lines = tagscope("--week", week, "tags", "prefixes", "*").splitlines()
    return [ipaddress.ip_network(line.split("\t")[0]) for line in lines]


def addresses(networks, count, chance):
    """Half of them in tags: at random, and the edges of prefixes; the others anywhere."""
    found = []
    while len(found) < count // 2:
        net = chance.choice(networks)
        found.append(net[chance.randrange(net.num_addresses)])
    while len(found) < count * 3 // 4:
        net = chance.choice(networks)
        for number in (int(net[0]) - 1, int(net[0]), int(net[-1]), int(net[-1]) + 1):
            if 0 < number < 2**net.max_prefixlen:
                found.append(type(net[0])(number))
    while len(found) < count:
        number = chance.getrandbits(32) or 1
        found.append(ipaddress.IPv4Address(number))
        # Near those that are there, or all would be far from any.
        high = int(chance.choice(networks)[0]) if chance.random() < 0.5 else 0x2603_1000 << 96
        found.append(ipaddress.IPv6Address(high & ~(2**88 - 1) | chance.getrandbits(88) | 1 << 120))
    chance.shuffle(found)
    return [spelt(address, chance) for address in found[:count]]


def spelt(address, chance):
    """An address as logs have it: now and then with all its groups, or in capitals."""
    if address.version == 6 and chance.random() < 0.02:
        return chance.choice([address.exploded, str(address).upper()])
    return str(address)


def lookup(texts, week="embedded"):
    """Each text with its most specific tag and all of them."""
    said = tagscope("--week", week, "lookup", "-", "--format", "jsonl", "--slim", text="\n".join(texts))
    answers = {}
    for text, line in zip(texts, said.splitlines(), strict=True):
        tags = list(dict.fromkeys(match["tag"] for match in json.loads(line)["matches"]))
        answers[text] = (tags[0] if tags else "-", ",".join(tags) or "-")
    return answers


def blocks():
    """The commands of the guide by engine: they begin with `tagscope export`, whose word names it."""
    text = GUIDE.read_text()
    found = {}
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        if kind := re.match(r"tagscope export ([a-z-]+)", block):
            found[kind[1]] = block
    return found


class Failed(Exception):
    pass


def tagged(folder):
    """What a block has written: tagged.csv, or a folder of them."""
    files = glob.glob(f"{folder}/tagged/part-*.csv") or [f"{folder}/tagged.csv"]
    answers = {}
    for name in files:
        with open(name, newline="") as file:
            for row in csv.reader(file):
                if row and row[0] != "address":
                    tag, tags = (cell or "-" for cell in row[1:3])
                    answers[row[0]] = (tag, tags)
    return answers


def ask_server(port, texts):
    """Asks a web server with the address in a header, many requests at once on one connection."""
    answers = {}
    for start in range(0, len(texts), 500):
        part = texts[start : start + 500]
        requests = "".join(f"GET / HTTP/1.1\r\nHost: a\r\nX-Real-IP: {text}\r\n\r\n" for text in part)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
            threading.Thread(target=link.sendall, args=(requests.encode(),), daemon=True).start()
            file = link.makefile("rb")
            for text in part:
                length = 0
                while (line := file.readline().strip().lower()):
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                tag = file.read(length).decode().strip() or "-"
                answers[text] = (tag, None)
    return answers


def compare(kind, wanted, found, seconds):
    if found.keys() != wanted.keys():
        missing = [text for text in wanted if text not in found][:3]
        raise Failed(f"{kind}: {len(found)} of {len(wanted)} addresses answered, none for {missing}")
    is_wrong = lambda text: any(o is not None and o != w for w, o in zip(wanted[text], found[text]))
    wrong = [text for text in wanted if is_wrong(text)]
    print(f"{kind:12} {len(wanted):>8} addresses, {len(wrong)} wrong, {seconds:6.1f} s", flush=True)
    for text in wrong[:5]:
        print(f"    {text}: {found[text]} instead of {wanted[text]}")
    if wrong:
        raise Failed(f"{kind}: {len(wrong)} wrong")


def check_block(kind, block, wanted):
    """Runs a block as it stands, where access.log lies, and compares what it has written."""
    with tempfile.TemporaryDirectory(prefix=f"engines-{kind}-") as folder:
        write_log(folder, wanted)
        start = time.monotonic()
        subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, check=True)
        if kind in SERVERS:
            port, stop = SERVERS[kind]
            try:
                found = ask_server(port, list(wanted))
            finally:
                subprocess.run(["bash", "-c", stop], cwd=folder, check=False)
        else:
            found = tagged(folder)
        compare(kind, wanted, found, time.monotonic() - start)


def check_mmdblookup(wanted, chance):
    """The program of libmaxminddb, an address at a time, and records in the clothes of AS numbers."""
    import maxminddb

    with tempfile.TemporaryDirectory(prefix="engines-mmdb-") as folder:
        start = time.monotonic()
        tagscope("--week", "embedded", "export", "mmdb", "--output", f"{folder}/tags")
        tagscope("--week", "embedded", "export", "mmdb", "--as", "asn", "--output", f"{folder}/asn")
        found, sample = {}, dict(chance.sample(sorted(wanted.items()), min(500, len(wanted))))
        for text in sample:
            words = ["mmdblookup", "--file", f"{folder}/tags/azure-tags.mmdb", "--ip", text]
            said = subprocess.run(words, text=True, capture_output=True).stdout
            tags = re.findall(r'"([^"]+)"', said.split('"tags":')[1].split("]")[0]) if said.strip() else []
            found[text] = (tags[0] if tags else "-", ",".join(tags) or "-")
        compare("mmdblookup", sample, found, time.monotonic() - start)
        start, found = time.monotonic(), {}
        with maxminddb.open_database(f"{folder}/asn/azure-tags.mmdb") as database:
            for text in wanted:
                record = database.get(text)
                found[text] = (record["autonomous_system_organization"] if record else "-", None)
        compare("mmdb asn", wanted, found, time.monotonic() - start)
        if shutil.which("goaccess"):
            inside = next(text for text, (tag, _) in wanted.items() if tag != "-")
            write_log(folder, [inside])
            words = ["goaccess", "access.log", "--log-format=COMBINED", "--geoip-database=asn/azure-tags.mmdb",
                     "-o", "out.json"]
            subprocess.run(words, cwd=folder, check=True, capture_output=True)
            if wanted[inside][0] not in json.dumps(json.loads(pathlib.Path(folder, "out.json").read_text())["asn"]):
                raise Failed(f"goaccess does not say {wanted[inside][0]} of {inside}")
            print("goaccess     reads it")


def check_spark_sql(wanted):
    with tempfile.TemporaryDirectory(prefix="engines-spark-") as folder:
        write_log(folder, wanted)
        tagscope("--week", "embedded", "export", "spark", "--output", f"{folder}/tagscope-spark")
        start = time.monotonic()
        done = subprocess.run(
            ["spark-sql", "--silent", "-f", "tagscope-spark/query.sql"],
            cwd=folder, text=True, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        rows = (line.split("\t") for line in done.stdout.splitlines())
        found = {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}
        compare("spark sql", wanted, found, time.monotonic() - start)


def check_documents():
    """What is only read: Kusto by Microsoft's parser, requests of Elasticsearch as JSON, scripts by bash."""
    with tempfile.TemporaryDirectory(prefix="engines-read-") as folder:
        tagscope("--week", "embedded", "export", "elastic", "--output", f"{folder}/elastic")
        for name in ("index", "policy", "pipeline"):
            json.loads(pathlib.Path(folder, "elastic", f"{name}.json").read_text())
        with open(f"{folder}/elastic/tags.ndjson") as file:
            documents = [json.loads(line) for line in file]
        subprocess.run(["bash", "-n", f"{folder}/elastic/load.sh"], check=True)
        print(f"elastic      {len(documents) // 2} documents read as JSON, 0 flaws")
        parser = os.environ.get("TAGSCOPE_KUSTO_PARSER")
        if not parser:
            return "kusto (no parser)"
        tagscope("--week", "embedded", "export", "kusto", "--output", f"{folder}/kusto")
        script = str(ROOT / ".ci/kusto.js")
        subprocess.run(["node", script, f"{folder}/kusto"], cwd=parser, check=True)
    return None


def check_refresh(kind, folder, load, ask, texts):
    """Loads one week and another in turn, while a reader asks for addresses whose tags differ: each answer is of
    one week."""
    weeks = {}
    for week in WEEKS:
        tagscope("--week", week, "export", kind, "--output", f"{folder}/{week}")
        weeks[week] = lookup(texts, week)
    load(f"{folder}/{WEEKS[0]}")
    seen, flaws, is_over = {week: 0 for week in WEEKS}, [], threading.Event()

    def read():
        while not is_over.is_set():
            try:
                answer = ask()
            except Exception as error:
                flaws.append(f"a reader failed: {error}")
                return
            of = [week for week in WEEKS if answer == weeks[week]]
            if of:
                seen[of[0]] += 1
            else:
                parts = {week: sum(answer.get(text) == weeks[week][text] for text in texts) for week in WEEKS}
                flaws.append(f"{parts} of {len(texts)}")

    reader = threading.Thread(target=read)
    reader.start()
    start = time.monotonic()
    for turn in range(1, 9):
        load(f"{folder}/{WEEKS[turn % 2]}")
    is_over.set()
    reader.join()
    seconds = (time.monotonic() - start) / 8
    print(f"{kind:12} 8 refreshes, {seconds:.1f} s each, {sum(seen.values())} reads, {len(flaws)} of half a week",
          flush=True)
    if flaws or not all(seen.values()):
        raise Failed(f"{kind} while it is refreshed: {seen}, {flaws[:3]}")


def refresh_clickhouse(texts):
    from chdb.session import Session

    with tempfile.TemporaryDirectory(prefix="engines-refresh-") as folder:
        session = Session(f"{folder}/db")

        def load(week):
            text = pathlib.Path(week, "load.sql").read_text()
            for name in ("lpm.csv", "sets.csv"):
                text = text.replace(f"'{name}'", f"'{week}/{name}'")
            text = re.sub(r"^--.*\n", "", text, flags=re.M)
            for statement in filter(str.strip, text.split(";\n")):
                session.query(statement)
                time.sleep(0.02)

        listed = ", ".join(f"'{text}'" for text in texts)

        def ask():
            said = session.query(
                f"SELECT arrayJoin([{listed}]) AS a, dictGet('tagscope', 'tag', toIPv6OrDefault(a)),"
                " dictGet('tagscope', 'tags', toIPv6OrDefault(a))", "CSV")
            return {row[0]: (row[1] or "-", row[2] or "-") for row in csv.reader(str(said).splitlines())}

        check_refresh("clickhouse", folder, load, ask, texts)


def refresh_by_shell(kind, texts, load_line, ask_line):
    with tempfile.TemporaryDirectory(prefix="engines-refresh-") as folder:
        write_log(folder, texts)

        def load(week):
            subprocess.run(load_line, shell=True, cwd=week, check=True, stdout=subprocess.DEVNULL)

        def ask():
            line = ask_line.format(folder=f"{folder}/{WEEKS[0]}")
            said = subprocess.run(line, shell=True, cwd=folder, check=True, text=True, stdout=subprocess.PIPE).stdout
            return {row[0]: (row[1], row[2]) for row in csv.reader(said.splitlines()) if row[0] != "address"}

        check_refresh(kind, folder, load, ask, texts)


def differing(count, chance):
    """Addresses whose tags are others in the other week, and some that are the same."""
    texts = list(dict.fromkeys(addresses(prefixes() + prefixes(WEEKS[1]), 20_000, chance)))
    one, other = lookup(texts, WEEKS[0]), lookup(texts, WEEKS[1])
    changed = [text for text in texts if one[text] != other[text]][: count // 2]
    if not changed:
        raise Failed("the two weeks do not differ")
    return changed + [text for text in texts if one[text] == other[text]][: count // 2]


SERVERS = {
    "nginx-geo": (18080, "kill $(cat nginx.pid)"),
    "haproxy-map": (18081, "kill $(cat haproxy.pid)"),
}


def write_log(folder, texts):
    line = ' - - [19/Oct/2026:05:04:03 +0000] "GET /index.html HTTP/1.1" 200 5120 "-" "curl/8.5.0"\n'
    (pathlib.Path(folder) / "access.log").write_text("".join(text + line for text in texts))


NEEDS = {
    "csv": "python3 polars",
    "mmdb": "python3 maxminddb",
    "duckdb": "duckdb",
    "clickhouse": "clickhouse chdb",
    "sqlite": "sqlite3",
    "postgres": "psql",
    "spark": "spark-submit",
    "nginx-geo": "nginx",
    "haproxy-map": "haproxy",
}
SLOW = ("postgres", "spark")


def lacks(kind):
    if kind == "nginx-geo" and os.geteuid():
        # Its folders are those of the package.
        return "root"
    for need in NEEDS[kind].split():
        is_module = need in ("polars", "maxminddb", "chdb")
        command = [sys.executable, "-c", f"import {need}"] if is_module else ["which", need]
        if subprocess.run(command, capture_output=True).returncode:
            return need
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="PostgreSQL and Spark too, and refreshes under load")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("kinds", nargs="*")
    args = parser.parse_args()
    chance = random.Random(20261019)
    networks = prefixes()
    texts = list(dict.fromkeys(addresses(networks, args.count, chance)))
    while len(texts) < args.count:
        texts = list(dict.fromkeys(texts + addresses(networks, args.count // 10 + 8, chance)))
    texts = texts[: args.count]
    wanted = lookup(texts)
    inside = sum(tag != "-" for tag, _ in wanted.values())
    print(f"{len(texts)} addresses, {inside} in tags, {sum(':' in text for text in texts)} of IPv6", flush=True)
    jobs, failed, skipped = [], [], []
    for kind, block in blocks().items():
        if kind not in NEEDS or args.kinds and kind not in args.kinds or kind in SLOW and not args.all:
            continue
        if need := lacks(kind):
            skipped.append(f"{kind} (no {need})")
            continue
        jobs.append((kind, lambda kind=kind, block=block: check_block(kind, block, wanted)))
    if not args.kinds:
        if shutil.which("mmdblookup") and not lacks("mmdb"):
            jobs.append(("mmdblookup", lambda: check_mmdblookup(wanted, chance)))
        else:
            skipped.append("mmdblookup")
        jobs.append(("documents", lambda: skipped.extend(filter(None, [check_documents()]))))
    if args.all and not args.kinds:
        texts = differing(400, chance)
        jobs += [
            ("spark sql", lambda: check_spark_sql(wanted)),
            ("clickhouse", lambda: refresh_clickhouse(texts)),
            ("postgres", lambda: refresh_by_shell(
                "postgres", texts, "psql -q -f load.sql 2>/dev/null", "psql -q -f {folder}/query.sql")),
            ("sqlite", lambda: refresh_by_shell(
                "sqlite", texts, "sqlite3 ../tags.sqlite < load.sql", "sqlite3 tags.sqlite < {folder}/query.sql")),
        ]
    for kind, job in jobs:
        try:
            job()
        except (Failed, subprocess.CalledProcessError, OSError) as error:
            failed.append(f"{kind}: {error}")
    if skipped:
        print(f"!!! NOT CHECKED, because it is not installed: {', '.join(skipped)}", file=sys.stderr)
    for text in failed:
        print(f"FAILED {text}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
