# Adds the tags of an address to a DataFrame: spark-submit tags.py access.log OUTPUT
#
#   from tags import with_tags
#   with_tags(spark, logs, "client_ip", "tagscope-spark").groupBy("tag").count()
import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

# An address as 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL for any other text.
HEX = r"""
CASE
  WHEN {a} RLIKE '^(?i)(::ffff:)?([0-9]{{1,3}}[.]){{3}}[0-9]{{1,3}}$' THEN concat('00000000000000000000ffff', lower(lpad(hex(
    {bytes}[0] * 16777216L + {bytes}[1] * 65536L + {bytes}[2] * 256L + {bytes}[3] * 1L), 8, '0')))
  WHEN {a} RLIKE '^[0-9a-fA-F:]*:[0-9a-fA-F:]*$' THEN lower(concat(
    {head}, repeat('0', 32 - length({head}) - length({tail})), {tail}))
END
"""
BYTES = "split(regexp_replace({a}, '^(?i)::ffff:', ''), '[.]')"
# Each group of one side of :: filled up to four digits.
GROUPS = """
regexp_replace(regexp_replace({part}, '([0-9a-fA-F]+)', '000$1'), '[0-9a-fA-F]*([0-9a-fA-F]{{4}})(:|$)', '$1')
"""
# Both ends of an interval lie in buckets of the upper 16 bits of IPv4, the upper 48 of IPv6.
BUCKET = "cast(conv(IF({ip} LIKE '00000000000000000000ffff%', substr({ip}, 25, 4), substr({ip}, 1, 12)), 16, 10) AS bigint)"


def hexadecimal(column: str) -> str:
    head = GROUPS.format(part=f"split({column}, '::')[0]")
    tail = GROUPS.format(part=f"coalesce(get(split({column}, '::'), 1), '')")
    return HEX.format(a=column, bytes=BYTES.format(a=column), head=head, tail=tail)


def bucket(column: str) -> str:
    return BUCKET.format(ip=column)


def tables(spark: SparkSession, folder: str) -> DataFrame:
    read = lambda name: spark.read.csv(f"{folder}/{name}", header=True, emptyValue="")
    intervals = read("intervals.csv").join(read("sets.csv").na.fill(""), "set_id").drop("set_id")
    buckets = f"explode(sequence({bucket('lo')}, {bucket('hi')}))"
    return intervals.withColumn("bucket", F.expr(buckets))


def with_tags(spark: SparkSession, log: DataFrame, column: str, folder: str) -> DataFrame:
    """The log with tag, tags, region, service and system_service; NULL for an address in no tag."""
    keyed = log.withColumn("ip_hex", F.expr(hexadecimal(column))).withColumn("ip_bucket", F.expr(bucket("ip_hex")))
    found = F.broadcast(tables(spark, folder))
    # A left join keeps what is in no tag.
    joined = keyed.join(found, F.expr("ip_bucket = bucket AND ip_hex BETWEEN lo AND hi"), "left")
    return joined.drop("ip_hex", "ip_bucket", "bucket", "lo", "hi")


if __name__ == "__main__":
    import pathlib

    source, target = sys.argv[1:]
    spark = SparkSession.builder.appName("tagscope").getOrCreate()
    log = spark.read.text(source).select(F.split("value", " ")[0].alias("address"))
    tagged = with_tags(spark, log, "address", str(pathlib.Path(__file__).resolve().parent))
    tagged.select("address", F.coalesce("tag", F.lit("-")).alias("tag"), F.coalesce("tags", F.lit("-")).alias("tags")) \
        .write.csv(target, header=True, mode="overwrite")
