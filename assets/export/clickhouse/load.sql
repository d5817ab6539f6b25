-- In this folder: clickhouse-client --queries-file load.sql
-- Each week again: one dictionary holds all that a query reads, and it is exchanged whole.
CREATE OR REPLACE TABLE tagscope_lpm_new (cidr String, set_id UInt32) ENGINE = MergeTree ORDER BY cidr;
CREATE OR REPLACE TABLE tagscope_sets_new (set_id UInt32, tag String, tags String, region String, service String,
    system_service String) ENGINE = MergeTree ORDER BY set_id;
INSERT INTO tagscope_lpm_new FROM INFILE 'lpm.csv' FORMAT CSVWithNames;
INSERT INTO tagscope_sets_new FROM INFILE 'sets.csv' FORMAT CSVWithNames;
CREATE OR REPLACE TABLE tagscope_prefixes ENGINE = MergeTree ORDER BY cidr AS
    SELECT cidr, tag, tags, region, service, system_service, '{{hash}}' AS week_hash
    FROM tagscope_lpm_new AS p INNER JOIN tagscope_sets_new AS s ON p.set_id = s.set_id;
CREATE OR REPLACE TABLE tagscope_week (cloud String, week Nullable(Date), change_number Nullable(UInt32), content_hash String)
    ENGINE = MergeTree ORDER BY content_hash AS
    SELECT '{{cloud}}', CAST({{date or null}}, 'Nullable(Date)'), CAST({{number or null}}, 'Nullable(UInt32)'), '{{hash}}';
CREATE DICTIONARY IF NOT EXISTS tagscope (cidr String, tag String, tags String, region String, service String,
    system_service String, week_hash String)
    PRIMARY KEY cidr SOURCE(CLICKHOUSE(TABLE 'tagscope_prefixes')) LAYOUT(IP_TRIE) LIFETIME(0);
SYSTEM RELOAD DICTIONARY tagscope;
DROP TABLE tagscope_lpm_new;
DROP TABLE tagscope_sets_new;
