-- The first word of each line of access.log with its tags: spark-sql -f tagscope-spark/query.sql
-- Paths are seen from where it is started; on a cluster they name the folder of one week.
CREATE OR REPLACE TEMPORARY VIEW tagscope_intervals(lo STRING, hi STRING, set_id STRING)
    USING csv OPTIONS (path 'tagscope-spark/intervals.csv', header true);
CREATE OR REPLACE TEMPORARY VIEW tagscope_sets(set_id STRING, tag STRING, tags STRING, region STRING, service STRING, system_service STRING)
    USING csv OPTIONS (path 'tagscope-spark/sets.csv', header true);
CREATE OR REPLACE TEMPORARY VIEW log(line STRING) USING text OPTIONS (path 'access.log');
-- Both ends of an interval lie in buckets of the upper 16 bits of IPv4, the upper 48 of IPv6.
CREATE OR REPLACE TEMPORARY VIEW tagscope_buckets AS
    SELECT lo, hi, tag, tags, region, service, system_service, explode(sequence(
        CAST(conv(IF(lo LIKE '00000000000000000000ffff%', substr(lo, 25, 4), substr(lo, 1, 12)), 16, 10) AS BIGINT),
        CAST(conv(IF(hi LIKE '00000000000000000000ffff%', substr(hi, 25, 4), substr(hi, 1, 12)), 16, 10) AS BIGINT))) AS bucket
    FROM tagscope_intervals JOIN tagscope_sets USING (set_id);
WITH words AS (
    SELECT split(line, ' ')[0] AS address FROM log
), parts AS (
    -- IPv4 as a list of four numbers; IPv6 on both sides of its ::, each group filled up to four digits.
    SELECT address,
        IF(address LIKE '%.%', split(regexp_replace(address, '^(?i)::ffff:', ''), '[.]'), NULL) AS bytes,
        regexp_replace(regexp_replace(split(address, '::')[0], '([0-9a-fA-F]+)', '000$1'),
            '[0-9a-fA-F]*([0-9a-fA-F]{4})(:|$)', '$1') AS head,
        regexp_replace(regexp_replace(coalesce(get(split(address, '::'), 1), ''), '([0-9a-fA-F]+)', '000$1'),
            '[0-9a-fA-F]*([0-9a-fA-F]{4})(:|$)', '$1') AS tail
    FROM words
), keyed AS (
    -- An address as 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL for any other text.
    SELECT address, CASE
        WHEN address RLIKE '^(?i)(::ffff:)?([0-9]{1,3}[.]){3}[0-9]{1,3}$' THEN concat('00000000000000000000ffff', lower(lpad(hex(
            bytes[0] * 16777216L + bytes[1] * 65536L + bytes[2] * 256L + bytes[3] * 1L), 8, '0')))
        WHEN address RLIKE '^[0-9a-fA-F:]*:[0-9a-fA-F:]*$' THEN lower(concat(head, repeat('0', 32 - length(head) - length(tail)), tail))
        END AS ip
    FROM parts
)
SELECT /*+ BROADCAST(b) */ address, coalesce(tag, '-') AS tag, coalesce(tags, '-') AS tags
FROM keyed LEFT JOIN tagscope_buckets AS b
    ON b.bucket = CAST(conv(IF(ip LIKE '00000000000000000000ffff%', substr(ip, 25, 4), substr(ip, 1, 12)), 16, 10) AS BIGINT)
    AND ip BETWEEN lo AND hi;
