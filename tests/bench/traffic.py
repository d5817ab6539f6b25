#!/usr/bin/env python3
"""annotate, grep and top on logs that are made here, beside grepcidr and ripgrep.

    python3 tests/bench/traffic.py [TAGSCOPE] [ROUNDS]

TAGSCOPE is a program of the profile `dist`. Every round runs each command in turn; medians are shown, in
MB/s, with the ratio to grepcidr on the same log in the same run. grepcidr and rg are left out where they are
not installed. Logs stand in a temporary folder, some 320 MB.
"""

import ipaddress
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TAGSCOPE = sys.argv[1] if len(sys.argv) > 1 else "target/dist/tagscope"
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
TAG = "Storage"
MB = 1_000_000
OFFLINE = ["--offline"]


def said(*words):
    return subprocess.run([TAGSCOPE, *OFFLINE, *words], check=True, capture_output=True, text=True).stdout


def addresses(dice):
    """Half of them in tags, a twentieth of them IPv6."""
    nets = [ipaddress.ip_network(line) for line in said("tags", "prefixes", "AzureCloud").split()]
    v4 = [net for net in nets if net.version == 4]
    v6 = [net for net in nets if net.version == 6]

    def one():
        if dice.random() < 0.05:
            net = dice.choice(v6)
            return str(net[dice.getrandbits(128 - net.prefixlen)])
        if dice.random() < 0.5:
            net = dice.choice(v4)
            return str(net[dice.getrandbits(32 - net.prefixlen)])
        return str(ipaddress.ip_address(dice.getrandbits(32)))

    return [one() for _ in range(200_000)]


def nginx(dice, pool):
    return (
        f'{dice.choice(pool)} - - [19/Oct/2026:05:{dice.randrange(60):02}:{dice.randrange(60):02} +0000] '
        f'"GET /assets/{dice.getrandbits(64):016x}/{dice.getrandbits(64):016x}.js?v={dice.randrange(99999)} HTTP/1.1" 200 '
        f'{dice.randrange(99999)} "https://www.example.com/{dice.getrandbits(64):016x}" '
        '"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0 Safari/537.36"\n'
    )


def firewall(dice, pool):
    action = dice.choice(["Allow", "Deny"])
    return (
        '{"time":"2026-10-19T05:%02d:03.25Z","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/'
        'MICROSOFT.NETWORK/AZUREFIREWALLS/FW","category":"AZFWNetworkRule","properties":{"Protocol":"TCP",'
        '"SourceIp":"10.0.%d.%d","SourcePort":%d,"DestinationIp":"%s","DestinationPort":443,"Action":"%s",'
        '"Policy":"p","RuleCollectionGroup":"g","RuleCollection":"c","Rule":"r%d"}}\n'
        % (dice.randrange(60), dice.randrange(4), dice.randrange(256), dice.randrange(65536), dice.choice(pool), action, dice.randrange(20))
    )


def tuple_of(dice, pool):
    return '"17923862%05d,10.0.%d.%d,%s,%d,443,6,O,E,NX,%d,%d,%d,%d"' % (
        dice.randrange(99999), dice.randrange(4), dice.randrange(256), dice.choice(pool), dice.randrange(65536),
        dice.randrange(99), dice.randrange(99999), dice.randrange(99), dice.randrange(99999),
    )


def write(path, size, lines, before="", between="", behind=""):
    """Lines of a pool in any order until the log is large enough."""
    with open(path, "w") as log:
        left = size - log.write(before)
        first = True
        while left > 0:
            block = between.join(random.choices(lines, k=2_000))
            left -= log.write(block if first else between + block)
            first = False
        log.write(behind)


def logs(folder):
    dice = random.Random(7)
    pool = addresses(dice)
    made = {name: os.path.join(folder, name) for name in ("nginx.log", "firewall.json", "flow.json", "addresses.txt")}
    write(made["nginx.log"], 97 * MB, [nginx(dice, pool) for _ in range(50_000)])
    write(made["firewall.json"], 179 * MB, [firewall(dice, pool) for _ in range(50_000)])
    head = '{"records":[{"time":"2026-10-19T05:05:00Z","category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"r","flowTuples":['
    write(made["flow.json"], 32 * MB, [tuple_of(dice, pool) for _ in range(50_000)], head, ",", "]}]}]}}]}")
    with open(made["addresses.txt"], "w") as log:
        for _ in range(50):
            log.write("\n".join(random.choices(pool, k=100_000)) + "\n")
    return made


def main():
    with tempfile.TemporaryDirectory() as folder:
        made = logs(folder)
        prefixes = os.path.join(folder, "prefixes.txt")
        with open(prefixes, "w") as file:
            file.write(said("tags", "prefixes", TAG))
        own = [TAGSCOPE, *OFFLINE, "-q"]
        tools = {
            "annotate": lambda log: [*own, "annotate", log],
            f"grep {TAG}": lambda log: [*own, "grep", TAG, log],
            "top": lambda log: [*own, "top", log],
        }
        if shutil.which("grepcidr"):
            tools["grepcidr"] = lambda log: ["grepcidr", "-f", prefixes, log]
        if shutil.which("rg"):
            tools["rg -c 10.0.1"] = lambda log: ["rg", "-cF", "10.0.1", log]
        took = {(name, log): [] for name in tools for log in made}
        for _ in range(ROUNDS):
            for log, path in made.items():
                for name, words in tools.items():
                    begun = time.perf_counter()
                    done = subprocess.run(words(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                    if done.returncode > 1:
                        sys.exit(f"{' '.join(words(path))} ended with {done.returncode}")
                    took[name, log].append(time.perf_counter() - begun)
        print(f"{'':16}" + "".join(f"{f'{log} {os.path.getsize(path) / MB:.0f} MB':>28}" for log, path in made.items()))
        for name in tools:
            row = f"{name:16}"
            for log, path in made.items():
                seconds = statistics.median(took[name, log])
                cell = f"{os.path.getsize(path) / MB / seconds:.0f} MB/s"
                if "grepcidr" in tools and name != "grepcidr":
                    cell += f" ({statistics.median(took['grepcidr', log]) / seconds:.1f}x)"
                row += f"{cell:>28}"
            print(row)


if __name__ == "__main__":
    main()
