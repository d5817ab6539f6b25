-- In this folder: duckdb ../tags.duckdb < load.sql
-- Each week again: queries see the week before until COMMIT, and then this one.
BEGIN;
CREATE OR REPLACE TABLE tagscope_intervals AS
    SELECT lo, hi, set_id FROM read_csv('intervals.csv', header = true,
        columns = {'lo': 'VARCHAR', 'hi': 'VARCHAR', 'set_id': 'UINTEGER'});
CREATE OR REPLACE TABLE tagscope_sets AS
    SELECT * FROM read_csv('sets.csv', header = true, force_not_null = ['region', 'system_service'],
        columns = {'set_id': 'UINTEGER', 'tag': 'VARCHAR', 'tags': 'VARCHAR', 'region': 'VARCHAR',
                   'service': 'VARCHAR', 'system_service': 'VARCHAR'});
CREATE OR REPLACE TABLE tagscope_week AS
    SELECT '{{cloud}}' AS cloud, CAST({{date or null}} AS DATE) AS week,
           CAST({{number or null}} AS BIGINT) AS change_number, '{{hash}}' AS content_hash;

-- An address as 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL for any other text.
CREATE OR REPLACE MACRO tagscope_groups(part) AS
    [lpad(lower(g), 4, '0') for g in string_split(part, ':') if g <> ''];
CREATE OR REPLACE MACRO tagscope_hex(address) AS CASE
    WHEN regexp_full_match(address, '(::ffff:)?(\d{1,3}\.){3}\d{1,3}', 'i')
        THEN '00000000000000000000ffff' || array_to_string(
            [printf('%02x', CAST(o AS UTINYINT)) for o in
                string_split(regexp_replace(address, '^::ffff:', '', 'i'), '.')], '')
    WHEN regexp_full_match(address, '[0-9a-fA-F:]*:[0-9a-fA-F:]*') AND address NOT LIKE '%::%'
        THEN array_to_string(tagscope_groups(address), '')
    WHEN regexp_full_match(address, '[0-9a-fA-F:]*::[0-9a-fA-F:]*')
        THEN array_to_string(tagscope_groups(split_part(address, '::', 1)), '')
            || repeat('0000', 8 - len(tagscope_groups(split_part(address, '::', 1)))
                                - len(tagscope_groups(split_part(address, '::', 2))))
            || array_to_string(tagscope_groups(split_part(address, '::', 2)), '')
    END;
COMMIT;
