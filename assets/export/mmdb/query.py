# The first word of each line of standard input with its tags: python3 query.py < access.log
import csv
import pathlib
import sys

import maxminddb

database = maxminddb.open_database(str(pathlib.Path(__file__).with_name("azure-tags.mmdb")))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["address", "tag", "tags"])
for line in sys.stdin:
    address = line.split(" ", 1)[0].rstrip("\n")
    try:
        record = database.get(address)
    except ValueError:
        record = None
    out.writerow([address, record["tag"], ",".join(record["tags"])] if record else [address, "-", "-"])
