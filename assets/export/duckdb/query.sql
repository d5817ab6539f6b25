-- The first word of each line of access.log with its tags: duckdb -csv tags.duckdb < query.sql
-- Without this line, short logs are joined in a way that takes minutes.
SET asof_loop_join_threshold = 0;
WITH log AS (
    SELECT split_part(line, ' ', 1) AS address
    FROM read_csv('access.log', columns = {'line': 'VARCHAR'}, header = false, auto_detect = false,
                  delim = '\x01', quote = '', escape = '')
), joined AS (
    SELECT address, CASE WHEN ip <= hi THEN set_id END AS set_id
    FROM (SELECT address, tagscope_hex(address) AS ip FROM log)
    ASOF LEFT JOIN tagscope_intervals ON ip >= lo
)
SELECT address, coalesce(tag, '-') AS tag, coalesce(tags, '-') AS tags
FROM joined LEFT JOIN tagscope_sets USING (set_id);
