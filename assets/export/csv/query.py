# The first word of each line of standard input with its tags, by Polars: python3 query.py < access.log
import ipaddress
import pathlib
import sys

import polars as pl

FOLDER = pathlib.Path(__file__).parent
TEXT = {"lo": pl.String, "hi": pl.String}


def digits(text):
    """An address as 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; nothing for any other text."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    return f"{int(ip) | (0xFFFF << 32 if ip.version == 4 else 0):032x}"


def as_digits(column):
    """With --hex they are digits already."""
    return [digits(text) or text for text in column]


words = [line.split(" ", 1)[0].rstrip("\n") for line in sys.stdin]
log = pl.DataFrame({"address": words, "ip": [digits(word) for word in words]}, schema_overrides={"ip": pl.String})
intervals = pl.read_csv(FOLDER / "intervals.csv", schema_overrides=TEXT)
intervals = intervals.with_columns(lo=pl.Series(as_digits(intervals["lo"])), hi=pl.Series(as_digits(intervals["hi"])))
found = log.sort("ip").join_asof(intervals.sort("lo"), left_on="ip", right_on="lo")
found = found.with_columns(set_id=pl.when(pl.col("ip") <= pl.col("hi")).then(pl.col("set_id")))
found = found.join(pl.read_csv(FOLDER / "sets.csv"), on="set_id", how="left")
found.select("address", pl.col("tag", "tags").fill_null("-")).write_csv(sys.stdout)
