-- The first word of each line of access.log with its tags; a table of yours goes in place of log.
CREATE TEMP TABLE log(number bigserial, line text);
\copy log(line) FROM 'access.log' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
COPY (
    WITH words AS (
        SELECT number, split_part(line, ' ', 1) AS address FROM log
    ), addresses AS (
        -- What is no address is in no tag. IPv4 in the form of IPv6 is taken as IPv4.
        SELECT number, address, CASE
            WHEN address ~* '^(::ffff:)?(\d{1,3}\.){3}\d{1,3}$' OR address ~ '^[0-9a-fA-F:]*:[0-9a-fA-F:]*$'
            THEN regexp_replace(address, '^::ffff:(?=\d+\.)', '', 'i')::inet END AS ip
        FROM words
    )
    SELECT address, coalesce(tag, '-') AS tag, coalesce(tags, '-') AS tags
    FROM addresses
    LEFT JOIN LATERAL (
        SELECT CASE WHEN ip <= hi AND family(ip) = family(hi) THEN set_id END AS set_id
        FROM tagscope_intervals WHERE lo <= ip ORDER BY lo DESC LIMIT 1
    ) AS interval ON true
    LEFT JOIN tagscope_sets USING (set_id)
    ORDER BY number
) TO STDOUT WITH (FORMAT csv, HEADER);
