-- The first word of each line of access.log with its tags: sqlite3 tags.sqlite < query.sql
.timeout 60000
CREATE TEMP TABLE log(line TEXT);
.mode ascii
.separator "\037" "\n"
.import --schema temp access.log log
.mode csv
.headers on
WITH words AS (
    SELECT rowid AS number, substr(line, 1, instr(line || ' ', ' ') - 1) AS address FROM log
), parts AS (
    -- IPv6 on both sides of its ::, each group a text in a list of JSON.
    SELECT number, address,
        CASE WHEN lower(address) LIKE '::ffff:%.%' THEN substr(address, 8) ELSE address END AS a,
        '["' || replace(substr(address || '::', 1, instr(address || '::', '::') - 1), ':', '","') || '"]' AS head,
        '["' || replace(substr(address, instr(address || '::', '::') + 2), ':', '","') || '"]' AS tail
    FROM words
), hex AS (
    -- An address as 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL for any other text.
    SELECT number, address, CASE
        WHEN a GLOB '*.*.*.*' AND a NOT GLOB '*[^0-9.]*' THEN '00000000000000000000ffff' || (
            SELECT group_concat(printf('%02x', value), '') FROM json_each('["' || replace(a, '.', '","') || '"]'))
        WHEN a GLOB '*:*' AND a NOT GLOB '*[^0-9a-fA-F:]*' THEN lower(
            coalesce((SELECT group_concat(substr('0000' || value, -4), '') FROM json_each(head) WHERE value <> ''), '')
            || substr('00000000000000000000000000000000', 1, 32
                - 4 * (SELECT count(*) FROM json_each(head) WHERE value <> '')
                - 4 * (SELECT count(*) FROM json_each(tail) WHERE value <> ''))
            || coalesce((SELECT group_concat(substr('0000' || value, -4), '') FROM json_each(tail) WHERE value <> ''), ''))
        END AS ip
    FROM parts
), found AS (
    SELECT number, address, ip,
        (SELECT lo FROM tagscope_intervals WHERE lo <= ip ORDER BY lo DESC LIMIT 1) AS lo
    FROM hex
)
SELECT address, coalesce(tag, '-') AS tag, coalesce(tags, '-') AS tags
FROM found
LEFT JOIN tagscope_intervals AS i ON i.lo = found.lo AND ip <= hi
LEFT JOIN tagscope_sets USING (set_id)
ORDER BY number;
